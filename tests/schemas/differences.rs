//! What the JSON Schemas of the Rust types say differently from the specs, on purpose,
//! each with the reason.

use serde_json::{Map, Value};
use support::schema;

/// A deliberate difference.
pub struct Difference {
    pub name: &'static str,
    pub why: &'static str,
    /// Makes the schema of the spec what Rust says, and counts the changes.
    pub apply: fn(&Difference, &mut Map<String, Value>) -> usize,
}

pub const DIFFERENCES: &[Difference] = &[
    Difference { name: "x-any", why: "a schema without a type says that anything goes", apply: extension },
    Difference {
        name: "x-closed",
        why: "the schema of an open enum lists its documented values too",
        apply: extension,
    },
    Difference { name: "x-error-code", why: "how a failure is reported is not part of its JSON", apply: extension },
    Difference { name: "x-error-message", why: "how a failure is reported is not part of its JSON", apply: extension },
    Difference { name: "x-integer-string", why: "what was received is kept, digits or not", apply: extension },
    Difference {
        name: "x-failure",
        why: "what a body with this schema means is not part of its JSON",
        apply: extension,
    },
    Difference { name: "x-known-values", why: "the values are in the description", apply: extension },
    Difference {
        name: "x-local-date-time",
        why: "JSON Schema has no format for a date-time without an offset",
        apply: extension,
    },
    Difference { name: "x-reconstructed", why: "where a part comes from concerns the spec alone", apply: extension },
    Difference { name: "x-secret", why: "what may be printed is not part of the JSON", apply: extension },
    Difference { name: "x-source", why: "where a part comes from concerns the spec alone", apply: extension },
    Difference { name: "x-source-spelling", why: "where a part comes from concerns the spec alone", apply: extension },
    Difference {
        name: "x-status-map",
        why: "a schema has no place for it; in Rust it is `status()`",
        apply: extension,
    },
    Difference {
        name: "x-success",
        why: "a failure has a type of its own, so that the type of an envelope says what a success is",
        apply: |_, schema| schema::success(schema),
    },
    Difference { name: "x-trim", why: "spaces are taken off when reading, and never written", apply: extension },
    Difference { name: "x-unwrap", why: "where the result is found is not part of its JSON", apply: extension },
    Difference {
        name: "a choice is anyOf",
        why: "serde takes the first that fits; the statuses keep the two of `StatusReport` apart in either case",
        apply: |_, schema| match schema.remove("oneOf") {
            Some(choices) => {
                schema.insert("anyOf".to_owned(), choices);
                1
            }
            None => 0,
        },
    },
    Difference {
        name: "a list or a map is never null",
        why: "null is read as an empty one, and not written",
        apply: |_, schema| {
            let is_collection = schema.contains_key("items") || schema.contains_key("additionalProperties");
            usize::from(is_collection && schema.remove("nullable").is_some())
        },
    },
    Difference {
        name: "the values of a map have no description",
        why: "they are plain `serde_json::Value`s, which have none",
        apply: |_, schema| {
            let values = schema.get_mut("additionalProperties").and_then(Value::as_object_mut);
            usize::from(values.and_then(|values| values.remove("description")).is_some())
        },
    },
];

/// The extension that gives the difference its name is not in a JSON Schema.
fn extension(difference: &Difference, schema: &mut Map<String, Value>) -> usize {
    usize::from(schema.remove(difference.name).is_some())
}

/// Applies a difference to a schema and all schemas in it.
pub fn apply(difference: &Difference, schema: &mut Value) -> usize {
    let Some(schema) = schema.as_object_mut() else { return 0 };
    let mut uses = (difference.apply)(difference, schema);
    for (keyword, value) in schema {
        uses += match (keyword.as_str(), value) {
            ("items" | "additionalProperties", nested) => apply(difference, nested),
            ("allOf" | "anyOf" | "oneOf", Value::Array(nested)) => {
                nested.iter_mut().map(|nested| apply(difference, nested)).sum()
            }
            ("properties", Value::Object(nested)) => {
                nested.values_mut().map(|nested| apply(difference, nested)).sum::<usize>()
            }
            _ => 0,
        };
    }
    uses
}
