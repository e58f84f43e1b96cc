//! Notes what the spec demands of values that are sent and typify's types don't: bounds, numbers that JSON can hold,
//! date-times with an offset, at least one property. It is checked when a request is built; what is read is not.

use std::{
    borrow::Borrow,
    collections::{BTreeMap, BTreeSet},
};

use openapiv3::{
    AdditionalProperties, IntegerType, NumberType, OpenAPI, Parameter, ParameterSchemaOrContent, ReferenceOr, Schema,
    SchemaKind, StringFormat, Type, VariantOrUnknownOrEmpty,
};

use super::{is_marked, resolve};
use crate::{
    Error,
    model::{Check, CheckedType, Condition, Demand, TypeKind},
    names::{type_name, value_name},
};

/// The named schemas that demand something, of their own values or of those in them.
pub(super) fn types(api: &OpenAPI) -> Result<Vec<CheckedType>, Error> {
    let sent = sent(api)?;
    let mut demands: BTreeMap<&str, Vec<Check>> = BTreeMap::new();
    for (name, schema) in schemas(api) {
        // A local date-time is right in an answer, also in one that a test builds.
        let zoned = sent.contains(name);
        let own = parts(name, schema).into_iter().flat_map(|part| part.demands(zoned));
        demands.insert(name, not_empty(schema).into_iter().chain(own).collect());
    }
    // A type with another one in it that demands something has to ask that.
    let mut demanding: BTreeSet<&str> = BTreeSet::new();
    loop {
        let asks = |name: &str, schema| {
            let inner =
                parts(name, schema).into_iter().any(|part| part.named().is_some_and(|it| demanding.contains(it)));
            inner || demands.get(name).is_some_and(|own| !own.is_empty())
        };
        let found = schemas(api).filter(|(name, schema)| !demanding.contains(name) && asks(name, schema));
        let found: Vec<&str> = found.map(|(name, _)| name).collect();
        if found.is_empty() {
            break;
        }
        demanding.extend(found);
    }
    let types = schemas(api).filter(|(name, _)| demanding.contains(name)).map(|(name, schema)| {
        let inner =
            parts(name, schema).into_iter().filter(|part| part.named().is_some_and(|it| demanding.contains(it)));
        let inner = inner.map(|part| Check { field: part.field, demand: Demand::Own });
        let own = demands.remove(name).unwrap_or_default();
        CheckedType { name: type_name(name), kind: kind(schema), checks: own.into_iter().chain(inner).collect() }
    });
    Ok(types.collect())
}

/// What a parameter demands. `types` are the named schemas that demand something.
pub(super) fn parameter(name: &str, schema: &ReferenceOr<Schema>, types: &[CheckedType]) -> Vec<Check> {
    let part = Part::new(Some(value_name(name)), name, schema);
    let demanding = part.named().map(type_name).is_some_and(|inner| types.iter().any(|checked| checked.name == inner));
    let inner = demanding.then(|| Check { field: part.field.clone(), demand: Demand::Own });
    part.demands(true).into_iter().chain(inner).collect()
}

fn schemas(api: &OpenAPI) -> impl Iterator<Item = (&str, &Schema)> {
    let schemas = api.components.iter().flat_map(|components| &components.schemas);
    schemas.filter_map(|(name, schema)| Some((name.as_str(), schema.as_item()?)))
}

/// The named schemas that occur in a body or a parameter of a request.
fn sent(api: &OpenAPI) -> Result<BTreeSet<&str>, Error> {
    let mut sent = BTreeSet::new();
    let mut next: Vec<&str> = Vec::new();
    for (path, _, operation) in api.operations() {
        let body = operation.request_body.as_ref();
        let body = body.map(|body| resolve(body, path, |name| api.components.as_ref()?.request_bodies.get(name)));
        let contents = body.transpose()?.into_iter().flat_map(|body| body.content.values());
        next.extend(contents.filter_map(|content| Part::new(None, "", content.schema.as_ref()?).named()));
        let shared = api.paths.paths.get(path).and_then(|item| Some(&item.as_item()?.parameters));
        for parameter in shared.into_iter().flatten().chain(&operation.parameters) {
            let parameter = resolve(parameter, path, |name| api.components.as_ref()?.parameters.get(name))?;
            next.extend(schema(parameter).and_then(|schema| Part::new(None, "", schema).named()));
        }
    }
    while let Some(name) = next.pop() {
        let found = schemas(api).find(|(known, _)| *known == name);
        if let Some((_, schema)) = found.filter(|_| sent.insert(name)) {
            next.extend(parts(name, schema).iter().filter_map(Part::named));
        }
    }
    Ok(sent)
}

/// The schema of a parameter.
pub(super) fn schema(parameter: &Parameter) -> Option<&ReferenceOr<Schema>> {
    match &parameter.parameter_data_ref().format {
        ParameterSchemaOrContent::Schema(schema) => Some(schema),
        ParameterSchemaOrContent::Content(_) => None,
    }
}

fn kind(schema: &Schema) -> TypeKind {
    match &schema.schema_kind {
        SchemaKind::OneOf { .. } => TypeKind::Choice,
        SchemaKind::Type(Type::Object(object)) if !object.properties.is_empty() => TypeKind::Record,
        _ => TypeKind::Newtype,
    }
}

/// What a named schema consists of: its properties, its choices, or else the only value in it.
fn parts<'a>(name: &str, schema: &'a Schema) -> Vec<Part<'a>> {
    match &schema.schema_kind {
        SchemaKind::OneOf { one_of } => one_of.iter().map(|choice| Part::new(None, name, choice)).collect(),
        SchemaKind::Type(Type::Object(object)) if !object.properties.is_empty() => {
            let properties = object.properties.iter();
            properties.map(|(name, property)| Part::new(Some(value_name(name)), name, property)).collect()
        }
        _ => vec![Part::in_place(None, name.to_owned(), schema)],
    }
}

/// A value somewhere, or the values of a list or map there.
struct Part<'a> {
    /// Rust name of the field or parameter; `None` for what has no name.
    field: Option<String>,
    /// What it is called in messages.
    label: String,
    leaf: Leaf<'a>,
}

/// The schema that decides.
enum Leaf<'a> {
    Named(&'a str),
    InPlace(&'a Schema),
}

impl<'a> Part<'a> {
    fn new(field: Option<String>, label: &str, schema: &'a ReferenceOr<impl Borrow<Schema>>) -> Self {
        match schema {
            ReferenceOr::Item(schema) => Self::in_place(field, label.to_owned(), schema.borrow()),
            ReferenceOr::Reference { reference } => {
                let name = reference.rsplit('/').next().unwrap_or_default();
                Self { field, label: label.to_owned(), leaf: Leaf::Named(name) }
            }
        }
    }

    fn in_place(field: Option<String>, label: String, schema: &'a Schema) -> Self {
        let within = if label.starts_with("a value of ") { label.clone() } else { format!("a value of {label}") };
        match &schema.schema_kind {
            // How 3.0 says "this, and nullable".
            SchemaKind::AllOf { all_of } if all_of.len() == 1 => Self::new(field, &label, &all_of[0]),
            SchemaKind::Type(Type::Array(openapiv3::ArrayType { items: Some(items), .. })) => {
                Self::new(field, &within, items)
            }
            SchemaKind::Type(Type::Object(object)) => match &object.additional_properties {
                Some(AdditionalProperties::Schema(values)) => Self::new(field, &within, values),
                _ => Self { field, label, leaf: Leaf::InPlace(schema) },
            },
            _ => Self { field, label, leaf: Leaf::InPlace(schema) },
        }
    }

    fn named(&self) -> Option<&'a str> {
        match self.leaf {
            Leaf::Named(name) => Some(name),
            Leaf::InPlace(_) => None,
        }
    }

    /// What a schema in place demands.
    fn demands(&self, zoned: bool) -> Vec<Check> {
        let Leaf::InPlace(schema) = self.leaf else { return Vec::new() };
        let SchemaKind::Type(kind) = &schema.schema_kind else { return Vec::new() };
        let date_time = VariantOrUnknownOrEmpty::Item(StringFormat::DateTime);
        let demands = match kind {
            Type::Integer(integer) => range(integer).into_iter().collect(),
            Type::Number(number) => bounds(number),
            Type::String(string) if zoned && string.format == date_time && !is_marked(schema, "x-secret") => {
                let broken = "has no offset from UTC; choose a zone with DateTime::in_zone";
                vec![(Condition::Zoned, broken.to_owned())]
            }
            _ => Vec::new(),
        };
        let checks = demands.into_iter().map(|(condition, broken)| Check {
            field: self.field.clone(),
            demand: Demand::That(condition, format!("{} {broken}", self.label)),
        });
        checks.collect()
    }
}

/// An object without required properties, but not without any.
fn not_empty(schema: &Schema) -> Option<Check> {
    let SchemaKind::Type(Type::Object(object)) = &schema.schema_kind else { return None };
    let names: Vec<&str> = object.properties.keys().map(String::as_str).collect();
    if object.min_properties.unwrap_or(0) == 0 || !object.required.is_empty() || names.is_empty() {
        return None;
    }
    let broken = format!("at least one of {} is needed", names.join(", "));
    Some(Check { field: None, demand: Demand::That(Condition::NotEmpty, broken) })
}

/// The bounds of a whole number, which `lower_integer` takes away, and what is wrong outside them.
fn range(integer: &IntegerType) -> Option<(Condition, String)> {
    if integer.minimum.is_none() && integer.maximum.is_none() {
        return None;
    }
    let least = integer.minimum.map(|least| least.saturating_add(integer.exclusive_minimum.into()));
    let most = integer.maximum.map(|most| most.saturating_sub(integer.exclusive_maximum.into()));
    let broken = match (least, most) {
        (Some(least), Some(most)) => format!("is not within {least} and {most}"),
        (Some(least), None) => format!("is less than {least}"),
        (None, most) => format!("is more than {}", most.unwrap_or(i64::MAX)),
    };
    Some((Condition::Within(least.unwrap_or(i64::MIN), most.unwrap_or(i64::MAX)), broken))
}

/// JSON has neither NaN nor infinity: they would be written as null. Typify ignores the bounds.
fn bounds(number: &NumberType) -> Vec<(Condition, String)> {
    let mut demands = vec![(Condition::Finite, "is not a finite number".to_owned())];
    demands.extend(number.minimum.map(|least| match number.exclusive_minimum {
        true => (Condition::MoreThan(least), format!("is not more than {least}")),
        false => (Condition::AtLeast(least), format!("is less than {least}")),
    }));
    demands.extend(number.maximum.map(|most| match number.exclusive_maximum {
        true => (Condition::LessThan(most), format!("is not less than {most}")),
        false => (Condition::AtMost(most), format!("is more than {most}")),
    }));
    demands
}
