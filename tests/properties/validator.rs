//! The schemas of a spec as JSON Schema, for a validator that knows nothing of OpenAPI.

use base64::{Engine, engine::general_purpose::STANDARD};
use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

/// A validator of the schema with this name. It also insists on formats.
pub fn validator(schemas: &Value, name: &str) -> Validator {
    let converted: Map<_, _> = entries(schemas).map(|(name, schema)| (name.to_owned(), json_schema(schema))).collect();
    let document = json!({ "$ref": format!("#/components/schemas/{name}"), "components": { "schemas": converted } });
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .should_ignore_unknown_formats(false)
        .with_format("byte", |text: &str| STANDARD.decode(text).is_ok())
        .build(&document)
        .unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// A schema of OpenAPI 3.0 as one of JSON Schema 2020-12.
///
/// `nullable` becomes a choice, formats of numbers become limits, and what stands beside a `$ref` goes, as it means
/// nothing. Everything else that constrains values means the same in both, and is kept. `readOnly` says nothing about
/// values of answers, and no DTO is only a request's or only an answer's. Our own extensions are left out: `x-trim` and
/// the like say how to read, not what to write. A keyword that isn't known here is an error.
fn json_schema(schema: &Value) -> Value {
    if let Some(reference) = schema.get("$ref") {
        return json!({ "$ref": reference });
    }
    let mut out = Map::new();
    for (keyword, value) in entries(schema) {
        let converted = match keyword {
            "description" | "nullable" | "readOnly" => continue,
            _ if keyword.starts_with("x-") => continue,
            "format" if matches!(value.as_str(), Some("int32" | "int64" | "double")) => continue,
            "type" | "enum" | "required" | "pattern" | "format" | "minLength" | "maxLength" | "minimum" | "maximum"
            | "minProperties" => value.clone(),
            "items" | "additionalProperties" => json_schema(value),
            "properties" => entries(value).map(|(name, property)| (name, json_schema(property))).collect(),
            "allOf" | "oneOf" => value.as_array().into_iter().flatten().map(json_schema).collect(),
            _ => panic!("a keyword that isn't converted: {keyword}"),
        };
        out.insert(keyword.to_owned(), converted);
    }
    let limits = match schema["format"].as_str() {
        Some("int32") => Some((json!(i32::MIN), json!(i32::MAX))),
        Some("int64") => Some((json!(i64::MIN), json!(i64::MAX))),
        _ => None,
    };
    if let Some((least, most)) = limits {
        out.entry("minimum").or_insert(least);
        out.entry("maximum").or_insert(most);
    }
    if schema["nullable"] == true { json!({ "anyOf": [{ "type": "null" }, out] }) } else { out.into() }
}

fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(key, value)| (key.as_str(), value))
}
