//! A validator of JSON, which knows nothing of OpenAPI.

use base64::{Engine, engine::general_purpose::STANDARD};
use boon::{Compiler, Draft, Format, SchemaIndex, Schemas};
use serde_json::{Value, json};
use support::schema::json_schemas;

/// Formats that strings of the specs have. The validator insists on all but `password`, which any string has.
const FORMATS: [&str; 5] = ["byte", "date", "date-time", "password", "uuid"];

/// The schemas of a spec, as JSON Schema.
pub struct Document {
    compiler: Compiler,
}

/// What a value has to be.
pub struct Validator {
    schemas: Schemas,
    schema: SchemaIndex,
}

const LOCATION: &str = "mem:///schemas.json";

impl Document {
    /// Of `components.schemas`.
    ///
    /// `readOnly` says nothing about values of responses, and no DTO is only a request's or
    /// only a response's. `x-trim` and the like say how to read, not what to write.
    pub fn new(schemas: &Value) -> Self {
        let mut document = json!({ "$defs": json_schemas(schemas) });
        limit_numbers(&mut document);
        assert_formats(&document);
        let mut compiler = Compiler::new();
        compiler.set_default_draft(Draft::V2020_12);
        compiler.enable_format_assertions();
        compiler.register_format(Format { name: "byte", func: is_base64 });
        compiler.add_resource(LOCATION, document).unwrap();
        Self { compiler }
    }

    /// The schema at a pointer below the names of the schemas, such as `CallDTO/properties/id`.
    pub fn at(&mut self, pointer: &str) -> Validator {
        let mut schemas = Schemas::new();
        let place = format!("{LOCATION}#/$defs/{pointer}");
        let schema = self.compiler.compile(&place, &mut schemas).unwrap_or_else(|e| panic!("{pointer}: {e}"));
        Validator { schemas, schema }
    }
}

impl Validator {
    /// What is wrong, and where.
    pub fn validate(&self, value: &Value) -> Result<(), String> {
        self.schemas.validate(value, self.schema).map_err(|e| e.to_string())
    }
}

fn is_base64(value: &Value) -> Result<(), Box<dyn std::error::Error>> {
    match value.as_str() {
        Some(text) => Ok(STANDARD.decode(text).map(drop)?),
        None => Ok(()),
    }
}

/// One that the validator doesn't know, it would read over.
fn assert_formats(schema: &Value) {
    match schema {
        Value::Array(items) => items.iter().for_each(assert_formats),
        Value::Object(schema) => {
            if let Some(format) = schema.get("format").and_then(Value::as_str) {
                assert!(FORMATS.contains(&format), "{format}");
            }
            schema.values().for_each(assert_formats);
        }
        _ => {}
    }
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
