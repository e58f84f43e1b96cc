//! One form for the two dialects of schemas, OpenAPI 3.0 and JSON Schema 2020-12, so that they can be compared. Only ways
//! of writing the same thing are made equal here; a keyword that isn't known is a panic, never left out.

use serde_json::{Map, Value};

/// Keywords that both dialects have, with the same meaning, and whose values hold no schemas.
const SAME: &[&str] = &[
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
    "type",
];

/// A schema of OpenAPI 3.0, without extensions.
pub fn openapi(schema: &Value) -> Value {
    let mut canonical = Map::new();
    for (keyword, value) in schema.as_object().unwrap() {
        match keyword.as_str() {
            "$ref" => refer(&mut canonical, value, "#/components/schemas/"),
            "nullable" => drop(canonical.insert("nullable".to_owned(), value.clone())),
            // A reference has no siblings in 3.0; with `allOf` around it, it has. Its type is then said twice.
            "allOf" => canonical.extend(openapi(only(value)).as_object().unwrap().clone()),
            "type" if schema.get("allOf").is_some() => {}
            _ => shared(&mut canonical, keyword, value, openapi),
        }
    }
    Value::Object(canonical)
}

/// A JSON Schema, as schemars writes it. Definitions stand elsewhere, and a title repeats the name.
pub fn json_schema(schema: &Value) -> Value {
    // Anything goes.
    if *schema == Value::Bool(true) {
        return Value::Object(Map::new());
    }
    let mut canonical = Map::new();
    for (keyword, value) in schema.as_object().unwrap() {
        match (keyword.as_str(), value) {
            ("$schema" | "$defs" | "title", _) => {}
            ("$ref", _) => refer(&mut canonical, value, "#/$defs/"),
            ("type", Value::Array(types)) => {
                let others: Vec<_> = types.iter().filter(|name| *name != "null").collect();
                let [only] = others[..] else { panic!("types {types:?}") };
                canonical.insert("type".to_owned(), only.clone());
                if types.len() > 1 {
                    canonical.insert("nullable".to_owned(), true.into());
                }
            }
            ("anyOf", Value::Array(choices)) if choices.iter().any(is_null) => {
                let [only, _] = &choices[..] else { panic!("anyOf {choices:?}") };
                canonical.extend(json_schema(only).as_object().unwrap().clone());
                canonical.insert("nullable".to_owned(), true.into());
            }
            _ => shared(&mut canonical, keyword, value, json_schema),
        }
    }
    Value::Object(canonical)
}

/// A keyword that both dialects have, with the schemas in it by `nested`.
fn shared(canonical: &mut Map<String, Value>, keyword: &str, value: &Value, nested: fn(&Value) -> Value) {
    let value = match keyword {
        "items" | "additionalProperties" => nested(value),
        "anyOf" | "oneOf" => value.as_array().unwrap().iter().map(nested).collect(),
        "properties" => {
            let properties = value.as_object().unwrap().iter().map(|(name, schema)| (name.clone(), nested(schema)));
            Value::Object(properties.collect())
        }
        // A set.
        "required" => {
            let mut names = value.as_array().unwrap().clone();
            names.sort_by_key(Value::to_string);
            if names.is_empty() {
                return;
            }
            Value::Array(names)
        }
        _ => {
            assert!(SAME.contains(&keyword), "no rule for `{keyword}`");
            value.clone()
        }
    };
    let twice = canonical.insert(keyword.to_owned(), value);
    assert_eq!(twice, None, "`{keyword}` twice");
}

/// References by name. `CallDTO` is `CallDto` in Rust.
fn refer(canonical: &mut Map<String, Value>, reference: &Value, to: &str) {
    let name = reference.as_str().unwrap().strip_prefix(to).unwrap();
    canonical.insert("$ref".to_owned(), name.to_lowercase().into());
}

fn only(list: &Value) -> &Value {
    let [only] = &list.as_array().unwrap()[..] else { panic!("not one alone: {list}") };
    only
}

fn is_null(schema: &Value) -> bool {
    schema.get("type").is_some_and(|name| name == "null")
}

#[test]
fn ways_of_writing_the_same() {
    let check = |spec: &str, rust: &str| {
        let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        assert_eq!(openapi(&read(spec)), json_schema(&read(rust)), "{spec} and {rust}");
    };
    check(r#"{"type":"string","nullable":true}"#, r#"{"type":["string","null"]}"#);
    check(
        r##"{"type":"object","nullable":true,"description":"d","allOf":[{"$ref":"#/components/schemas/UserDTO"}]}"##,
        r##"{"description":"d","anyOf":[{"$ref":"#/$defs/UserDto"},{"type":"null"}]}"##,
    );
    check(r#"{"type":"array","items":{}}"#, r#"{"title":"Things","type":"array","items":true}"#);
    check(
        r#"{"type":"object","properties":{"a":{},"b":{}},"required":["b","a"]}"#,
        r#"{"type":"object","properties":{"b":true,"a":true},"required":["a","b"]}"#,
    );
}
