//! Notes what the schemas say that no Rust type tells: lengths, patterns, bounds, formats, and where `null` is allowed.
//! Typify turns some of it into code and drops the rest; `raise` writes all of it into the JSON Schemas of the types.

use openapiv3::{Components, ReferenceOr, Schema, SchemaKind, StringFormat, StringType, Type, VariantOrUnknownOrEmpty};
use serde_json::Value;

use super::{has_limits, is_marked};
use crate::{
    model::{Keywords, SchemaNotes},
    names::{type_name, value_name},
};

/// From the schemas as the spec has them, before any is lowered.
pub(super) fn note(components: Option<&Components>) -> SchemaNotes {
    let mut notes = SchemaNotes::default();
    for (name, schema) in components.into_iter().flat_map(|components| &components.schemas) {
        let ReferenceOr::Item(schema) = schema else { continue };
        let rust_name = type_name(name);
        match &schema.schema_kind {
            SchemaKind::Type(Type::String(string)) => {
                add(&mut notes.keywords, &rust_name, None, limits(string));
            }
            SchemaKind::Type(Type::Object(object)) => {
                let least = object.min_properties.map(|least| ("minProperties", Value::from(least)));
                add(&mut notes.keywords, &rust_name, None, least.into_iter().collect());
                for (property_name, property) in &object.properties {
                    if let ReferenceOr::Item(property) = property {
                        note_property(&mut notes, name, property_name, property);
                    }
                }
            }
            _ => {}
        }
    }
    notes
}

fn note_property(notes: &mut SchemaNotes, schema_name: &str, property_name: &str, property: &Schema) {
    let rust_name = type_name(schema_name);
    let mut keywords = Vec::new();
    if property.schema_data.read_only {
        keywords.push(("readOnly", Value::Bool(true)));
    }
    if property.schema_data.nullable {
        notes.nullable.push((rust_name.clone(), property_name.to_owned()));
    }
    match &property.schema_kind {
        SchemaKind::Type(Type::String(string)) if !is_said_by_type(string) => {
            if is_newtype(property, string) {
                let newtype = type_name(&format!("{schema_name}-{property_name}"));
                add(&mut notes.keywords, &newtype, None, limits(string));
                notes.in_place.push(newtype);
            } else {
                keywords.extend(limits(string));
            }
        }
        SchemaKind::Type(Type::Integer(integer)) => {
            let least = integer.minimum.map(|least| least.saturating_add(integer.exclusive_minimum.into()));
            let most = integer.maximum.map(|most| most.saturating_sub(integer.exclusive_maximum.into()));
            keywords.extend(least.map(|least| ("minimum", Value::from(least))));
            keywords.extend(most.map(|most| ("maximum", Value::from(most))));
        }
        SchemaKind::Type(Type::Number(number)) => {
            let least = if number.exclusive_minimum { "exclusiveMinimum" } else { "minimum" };
            let most = if number.exclusive_maximum { "exclusiveMaximum" } else { "maximum" };
            keywords.extend(number.minimum.map(|bound| (least, Value::from(bound))));
            keywords.extend(number.maximum.map(|bound| (most, Value::from(bound))));
        }
        _ => {}
    }
    add(&mut notes.keywords, &rust_name, Some(value_name(property_name)), keywords);
}

/// Whether the type of the runtime that stands for the string knows its form: `DateTime`, and `Base64`, which it is unless
/// its characters are counted.
fn is_said_by_type(string: &StringType) -> bool {
    match &string.format {
        VariantOrUnknownOrEmpty::Item(StringFormat::Byte) => string.min_length.is_none() && string.max_length.is_none(),
        VariantOrUnknownOrEmpty::Item(StringFormat::DateTime) => !has_limits(string),
        _ => false,
    }
}

/// Whether typify gives the string a type of its own.
fn is_newtype(schema: &Schema, string: &StringType) -> bool {
    let has_notation =
        schema.schema_data.extensions.contains_key("x-local-date-time") || is_marked(schema, "x-integer-string");
    has_limits(string) && !has_notation
}

fn limits(string: &StringType) -> Vec<(&'static str, Value)> {
    let format = match &string.format {
        VariantOrUnknownOrEmpty::Item(format) => serde_json::to_value(format).ok(),
        VariantOrUnknownOrEmpty::Unknown(format) => Some(Value::from(format.as_str())),
        VariantOrUnknownOrEmpty::Empty => None,
    };
    let keywords = [
        ("format", format),
        ("minLength", string.min_length.map(Value::from)),
        ("maxLength", string.max_length.map(Value::from)),
        ("pattern", string.pattern.as_deref().map(Value::from)),
    ];
    keywords.into_iter().filter_map(|(keyword, value)| Some((keyword, value?))).collect()
}

fn add(notes: &mut Vec<Keywords>, type_name: &str, field: Option<String>, keywords: Vec<(&'static str, Value)>) {
    if !keywords.is_empty() {
        notes.push(Keywords { type_name: type_name.to_owned(), field, keywords });
    }
}
