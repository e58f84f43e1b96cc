//! JSON Schemas of the types that generated code takes from here, and a correction that it asks for.
//! A schema says what the crate writes and the spec documents; it doesn't mention what is read in addition to that.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;

use super::{Base64, Date, DateTime, IntegerString, LocalDateTime, Secret};

/// Strings, whose schemas are inlined: as a definition of its own, `{"type": "string"}` would say less.
macro_rules! string {
    ($name:ident $schema:tt) => {
        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn schema_id() -> Cow<'static, str> {
                concat!("casewire::", stringify!($name)).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    };
}

string!(Date { "type": "string", "format": "date" });
string!(DateTime { "type": "string", "format": "date-time" });
string!(Base64 {
    "type": "string",
    "format": "byte",
    "pattern": "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
});
string!(Secret { "type": "string" });
string!(LocalDateTime { "type": "string" });
string!(IntegerString { "type": "string" });

/// The transform that takes `null` from the schemas of all properties but these. schemars allows it wherever there is an
/// `Option`, while an absent value is left out when it is written.
#[doc(hidden)]
#[macro_export]
macro_rules! null_only_in {
    ($($property:literal),*) => {
        |schema: &mut ::schemars::Schema| $crate::runtime::take_null(schema, &[$($property),*])
    };
}

pub use crate::null_only_in;

/// Called by `null_only_in!`.
pub fn take_null(schema: &mut Schema, nullable: &[&str]) {
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    for (name, property) in properties.into_iter().flatten() {
        if !nullable.contains(&name.as_str()) {
            without_null(property);
        }
    }
}

/// schemars writes a nullable type as `{"type": [T, "null"]}`, or as `{"anyOf": [T, {"type": "null"}]}`.
fn without_null(schema: &mut Value) {
    let Some(schema) = schema.as_object_mut() else { return };
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = &types[..] {
            let only = only.clone();
            schema.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(choices)) = schema.get_mut("anyOf") {
        choices.retain(|choice| choice.get("type").is_none_or(|name| name != "null"));
        if let [Value::Object(only)] = &choices[..] {
            let only = only.clone();
            schema.remove("anyOf");
            schema.extend(only);
        }
    }
}
