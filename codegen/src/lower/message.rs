//! Finds the message for people in a failure: the property marked `x-error-message`, of the body or of an object in it.

use openapiv3::{OpenAPI, ReferenceOr, Schema, SchemaKind, Type};

use super::is_marked;
use crate::{model::Step, names::value_name};

/// The way to the marked property; `None` when there is none.
pub(super) fn path(api: &OpenAPI, failure: &Schema) -> Option<Vec<Step>> {
    search(api, failure, &mut Vec::new())
}

/// `seen` are the named schemas on the way: one that is in itself is looked into once.
fn search<'a>(api: &'a OpenAPI, schema: &'a Schema, seen: &mut Vec<&'a str>) -> Option<Vec<Step>> {
    let SchemaKind::Type(Type::Object(object)) = &schema.schema_kind else { return None };
    let step = |name: &str, nullable: bool| {
        let optional = nullable || !object.required.iter().any(|required| required == name);
        Step { field: value_name(name), optional }
    };
    let own = object.properties.iter().find_map(|(name, property)| match property {
        ReferenceOr::Item(property) if is_marked(property, "x-error-message") => {
            Some(vec![step(name, property.schema_data.nullable)])
        }
        _ => None,
    });
    own.or_else(|| {
        object.properties.iter().find_map(|(name, property)| {
            let (inner, nullable) = match property {
                ReferenceOr::Reference { reference } => (named(api, reference, seen)?, false),
                ReferenceOr::Item(property) => match &property.schema_kind {
                    // How 3.0 says "this, and nullable".
                    SchemaKind::AllOf { all_of } => match all_of.as_slice() {
                        [ReferenceOr::Reference { reference }] => {
                            (named(api, reference, seen)?, property.schema_data.nullable)
                        }
                        _ => return None,
                    },
                    _ => (&**property, property.schema_data.nullable),
                },
            };
            let rest = search(api, inner, seen)?;
            Some([vec![step(name, nullable)], rest].concat())
        })
    })
}

/// A named schema that was not looked into yet.
fn named<'a>(api: &'a OpenAPI, reference: &'a str, seen: &mut Vec<&'a str>) -> Option<&'a Schema> {
    let name = reference.rsplit('/').next()?;
    if seen.contains(&name) {
        return None;
    }
    seen.push(name);
    api.components.as_ref()?.schemas.get(name)?.as_item()
}
