//! A validator of what clients write, which knows nothing of OpenAPI.

use base64::{Engine, engine::general_purpose::STANDARD};
use jsonschema::{Draft, Validator};
use serde_json::{Value, json};
use support::schema::json_schemas;

/// A validator of the schema with this name. It also insists on formats.
///
/// `readOnly` says nothing about values of answers, and no DTO is only a request's or
/// only an answer's. `x-trim` and the like say how to read, not what to write.
pub fn validator(schemas: &Value, name: &str) -> Validator {
    let mut document = json!({ "$ref": format!("#/$defs/{name}"), "$defs": json_schemas(schemas) });
    limit_numbers(&mut document);
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .should_ignore_unknown_formats(false)
        .with_format("byte", |text: &str| STANDARD.decode(text).is_ok())
        .build(&document)
        .unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// Formats of numbers become limits: JSON Schema has none of them.
fn limit_numbers(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(limit_numbers),
        Value::Object(schema) => {
            schema.values_mut().for_each(limit_numbers);
            let limits = match schema.get("format").and_then(Value::as_str) {
                Some("int32") => Some((json!(i32::MIN), json!(i32::MAX))),
                Some("int64") => Some((json!(i64::MIN), json!(i64::MAX))),
                Some("double") => None,
                _ => return,
            };
            schema.remove("format");
            if let Some((least, most)) = limits {
                schema.entry("minimum").or_insert(least);
                schema.entry("maximum").or_insert(most);
            }
        }
        _ => {}
    }
}
