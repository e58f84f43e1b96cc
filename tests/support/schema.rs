//! Looks into the schemas of a spec: the one place that knows how OpenAPI says what a
//! value is. Whatever makes values up, or walks through one next to its schema, goes by
//! the [`Shape`].

use serde_json::{Map, Value, json};

/// What the values of a schema are.
#[derive(Clone, Copy)]
pub enum Shape<'a> {
    /// Properties by name.
    Object(&'a Map<String, Value>),
    /// Properties of any name, all of this schema.
    Map(&'a Value),
    /// Items of this schema.
    Array(&'a Value),
    OneOf(&'a [Value]),
    String,
    Integer,
    Number,
    Boolean,
    /// Any JSON (`x-any`).
    Any,
}

/// # Panics
/// At a reference, and at what no spec has.
pub fn shape(schema: &Value) -> Shape<'_> {
    match (schema["type"].as_str(), schema["oneOf"].as_array()) {
        (None, Some(branches)) => Shape::OneOf(branches),
        (Some("object"), None) => match schema["properties"].as_object() {
            Some(properties) => Shape::Object(properties),
            None => Shape::Map(&schema["additionalProperties"]),
        },
        (Some("array"), None) => Shape::Array(&schema["items"]),
        (Some("string"), None) => Shape::String,
        (Some("integer"), None) => Shape::Integer,
        (Some("number"), None) => Shape::Number,
        (Some("boolean"), None) => Shape::Boolean,
        (None, None) if schema["x-any"] == true => Shape::Any,
        _ => panic!("a sort of schema that is not known here: {schema}"),
    }
}

/// The schema that a `$ref`, or the only branch of an `allOf`, stands for. `schemas` are
/// `components.schemas`.
pub fn resolved<'a>(schemas: &'a Value, schema: &'a Value) -> &'a Value {
    if let Some(name) = reference(schema) {
        return resolved(schemas, &schemas[name]);
    }
    only_branch(schema).map_or(schema, |only| resolved(schemas, only))
}

/// The name of the schema that a `$ref` refers to.
pub fn reference(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str().map(|reference| reference.strip_prefix("#/components/schemas/").unwrap())
}

/// The branch of an `allOf`, by which a reference gets siblings.
pub fn only_branch(schema: &Value) -> Option<&Value> {
    match schema["allOf"].as_array().map(Vec::as_slice) {
        Some([only]) => Some(only),
        Some(_) => panic!("an allOf of several isn't read here: {schema}"),
        None => None,
    }
}

pub fn requires(schema: &Value, property: &str) -> bool {
    schema["required"].as_array().is_some_and(|required| required.iter().any(|name| name == property))
}

/// Makes an envelope what it is in Rust, where a failure has a type of its own: the properties are required that successes
/// always have (`x-success`), and those are not there that they never have. Gives the number of changes.
pub fn success(schema: &mut Map<String, Value>) -> usize {
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else { return 0 };
    let before = properties.len();
    properties.retain(|_, property| property["x-success"] != "never");
    let never = before - properties.len();
    let mut always = Vec::new();
    for (name, property) in properties {
        if let Some(property) = property.as_object_mut().filter(|property| property.contains_key("x-success")) {
            property.remove("x-success");
            property.remove("nullable");
            always.push(Value::from(name.as_str()));
        }
    }
    let changes = never + always.len();
    if !always.is_empty() {
        let required = schema.entry("required").or_insert_with(|| Value::Array(Vec::new()));
        required.as_array_mut().unwrap().extend(always);
    }
    changes
}

/// Takes null from a schema with a name: in Rust, it is a property that may be null, or not be there.
pub fn not_null(schema: &mut Map<String, Value>) {
    schema.remove("nullable");
    if let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut) {
        values.retain(|value| !value.is_null());
    }
}

/// `components.schemas` as they are in Rust: envelopes of successes, and open enums of strings with known values.
pub fn in_rust(schemas: &Value) -> Value {
    let mut schemas = schemas.clone();
    for schema in schemas.as_object_mut().unwrap().values_mut() {
        let schema = schema.as_object_mut().unwrap();
        success(schema);
        not_null(schema);
        if let Some(known) = schema.get("x-known-values").cloned() {
            schema.insert("enum".to_owned(), known);
        }
    }
    schemas
}

/// The same, of bodies that say that they are not a failure: the result is there (`x-unwrap`), and so is, or isn't, what tells
/// a failure (`x-failure`).
pub fn told_successes(schemas: &Value) -> Value {
    let mut schemas = in_rust(schemas);
    for schema in schemas.as_object_mut().unwrap().values_mut() {
        let when = schema["x-failure"]["when"].clone();
        let result = schema["x-unwrap"].clone();
        let marks = ["property", "orFalse"].map(|mark| when[mark].as_str());
        for mark in marks.into_iter().flatten() {
            match when["not"].get(0) {
                Some(value) => {
                    let property = &mut schema["properties"][mark];
                    (property["minimum"], property["maximum"]) = (value.clone(), value.clone());
                }
                None => drop(schema["properties"].as_object_mut().unwrap().remove(mark)),
            }
        }
        if let Some(name) = result.as_str() {
            let property = schema["properties"][name].as_object_mut().unwrap();
            // Null is the empty list.
            property.insert("nullable".to_owned(), (property["type"] == "array").into());
            schema["required"] = json!([name]);
        }
    }
    schemas
}

/// Keywords that OpenAPI 3.0 and JSON Schema 2020-12 have with the same meaning, and whose values hold no schemas.
pub const SAME: &[&str] = &[
    "description",
    "enum",
    "format",
    "maxLength",
    "maximum",
    "minLength",
    "minProperties",
    "minimum",
    "pattern",
    "readOnly",
    "required",
    "type",
    "writeOnly",
];

/// A schema of OpenAPI 3.0 as one of JSON Schema 2020-12, which finds the others in `$defs`.
///
/// `nullable` becomes a choice. Everything else means the same in both, or, as our
/// extensions, nothing to JSON Schema.
///
/// # Panics
/// At a keyword that isn't known here, and at what means nothing in OpenAPI 3.0: what stands next to a `$ref`, and `nullable`
/// without a `type`.
pub fn json_schema(schema: &Value) -> Value {
    if let Some(name) = reference(schema) {
        assert_eq!(schema.as_object().map(Map::len), Some(1), "a $ref has siblings: {schema}");
        return json!({ "$ref": format!("#/$defs/{name}") });
    }
    let mut converted = Map::new();
    for (keyword, value) in schema.as_object().unwrap() {
        let value = match keyword.as_str() {
            "nullable" => {
                assert_eq!((value, schema["type"].is_string()), (&json!(true), true), "{schema}");
                continue;
            }
            "type" if schema.get("nullable").is_some() => json!([value, "null"]),
            "items" | "additionalProperties" => json_schema(value),
            "properties" => json_schemas(value).into(),
            "allOf" | "anyOf" | "oneOf" => value.as_array().unwrap().iter().map(json_schema).collect(),
            _ => {
                assert!(SAME.contains(&keyword.as_str()) || keyword.starts_with("x-"), "no rule for `{keyword}`");
                value.clone()
            }
        };
        converted.insert(keyword.clone(), value);
    }
    converted.into()
}

/// The same of a mapping from names to schemas, such as `components.schemas`.
pub fn json_schemas(schemas: &Value) -> Map<String, Value> {
    schemas.as_object().unwrap().iter().map(|(name, schema)| (name.clone(), json_schema(schema))).collect()
}
