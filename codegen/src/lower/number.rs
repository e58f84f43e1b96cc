//! Notes which values are read by `runtime::number`: whole numbers, and numbers that may come as text.
//! `x-numeric-string: true` marks the latter, for documents that show a number in both forms; no spec has one now.

use openapiv3::{AdditionalProperties, ReferenceOr, Schema, SchemaKind, Type};

use super::is_marked;

/// Whether a value is a number that needs it, or a list or map of such, and if so, whether it may come as text. Of what
/// stands behind a reference, the named schema is noted.
pub(super) fn text(schema: &Schema) -> Option<bool> {
    let marked = is_marked(schema, "x-numeric-string");
    match &schema.schema_kind {
        SchemaKind::Type(Type::Integer(_)) => Some(marked),
        SchemaKind::Type(Type::Number(_)) => marked.then_some(true),
        SchemaKind::Type(Type::Array(array)) => match &array.items {
            Some(ReferenceOr::Item(items)) => text(items),
            _ => None,
        },
        SchemaKind::Type(Type::Object(object)) => match &object.additional_properties {
            Some(AdditionalProperties::Schema(values)) => text(values.as_item()?),
            _ => None,
        },
        _ => None,
    }
}
