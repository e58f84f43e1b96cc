//! Schemas: records, maps, arrays, scalars and named string enums, and nothing that generators disagree about.
//! What typify would guess at, panic on or name by itself is refused here, with what to write instead.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Report;
use crate::{
    document::{Document, Located, MULTIPART, OCTETS, ObjectKind, is_binary, keys},
    nearest::nearest,
    pattern::compile,
};

/// Keywords that any schema may have.
const COMMON: &[&str] =
    &["title", "description", "nullable", "readOnly", "writeOnly", "deprecated", "example", "default", "externalDocs"];

/// The types with the keywords that mean something for each, and the formats that generators agree about.
const TYPES: &[(&str, &[&str], &[&str])] = &[
    (
        "string",
        &["format", "enum", "pattern", "minLength", "maxLength"],
        &["binary", "byte", "date", "date-time", "email", "password", "uri", "uuid"],
    ),
    ("integer", NUMERIC, &["int32", "int64"]),
    ("number", NUMERIC, &["double", "float"]),
    ("boolean", &[], &[]),
    ("object", &["properties", "required", "additionalProperties", "minProperties"], &[]),
    ("array", &["items"], &[]),
];

const NUMERIC: &[&str] = &["format", "enum", "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"];

/// Keywords that say something to which nothing in the client corresponds.
const UNSUPPORTED: &[&str] =
    &["discriminator", "maxItems", "maxProperties", "minItems", "multipleOf", "uniqueItems", "xml"];

const COMPOSITIONS: [&str; 4] = ["allOf", "oneOf", "anyOf", "not"];

fn is_type(name: &str) -> bool {
    TYPES.iter().any(|(known, ..)| *known == name)
}

fn composition(schema: &Located<'_>) -> Option<&'static str> {
    COMPOSITIONS.into_iter().find(|keyword| schema.has(keyword))
}

// Without a type, a schema is any JSON, which is rarely meant.
pub(crate) fn types_are_known(document: &Document<'_>, report: &mut Report<'_>) {
    for node in document.all(ObjectKind::Schema) {
        match node.at.text("type") {
            Some(own) if !is_type(own) => {
                let meant = nearest(own, TYPES.iter().map(|(known, ..)| *known));
                let instead = match meant {
                    Some(meant) => format!("write `type: {meant}`"),
                    None => "write string, integer, number, boolean, object or array".to_owned(),
                };
                report.add(&format!("{}/type", node.at.pointer), format!("`{own}` is not a type"), instead);
            }
            None if composition(&node.at).is_none() && !node.at.flag("x-any") => {
                let instead = "add `type`, or `x-any: true` when it really may be anything";
                report.add(&node.at.pointer, "the schema has no type", instead);
            }
            _ => {}
        }
    }
}

// What doesn't fit the type would be ignored.
pub(crate) fn keywords_fit_the_type(document: &Document<'_>, report: &mut Report<'_>) {
    for node in document.all(ObjectKind::Schema) {
        let own = node.at.text("type");
        let (what, fitting, formats): (String, &[&str], &[&str]) = match (composition(&node.at), own) {
            // `type` is what makes `nullable` count, by the letter of 3.0.3.
            (Some("allOf"), _) => ("`allOf`".to_owned(), &["allOf", "type"], &[]),
            (Some("oneOf"), _) if document.is_choice(&node.at) => ("`oneOf`".to_owned(), &["oneOf"], &[]),
            // Refused as a whole by another rule.
            (Some(_), _) => continue,
            (None, None) => ("`x-any`".to_owned(), &[], &[]),
            (None, Some(own)) => match TYPES.iter().find(|(known, ..)| *known == own) {
                Some((_, keywords, formats)) => (format!("`type: {own}`"), keywords, formats),
                None => continue,
            },
        };
        let known = |key: &str| node.kind.keywords().iter().any(|(keyword, _)| *keyword == key);
        for (key, at) in node.at.entries() {
            if UNSUPPORTED.contains(&key) {
                let instead = "leave it out, and say it in the description";
                report.add(&at.pointer, format!("`{key}` is not supported"), instead);
                continue;
            }
            let fits = COMMON.contains(&key) || fitting.contains(&key) || (key == "type" && what.contains("type"));
            if known(key) && !fits && (own.is_some() || composition(&node.at).is_some() || node.at.flag("x-any")) {
                report.add(&at.pointer, format!("`{key}` means nothing next to {what}"), "leave it out");
            }
        }
        if let Some(format) = node.at.text("format").filter(|_| fitting.contains(&"format"))
            && !formats.contains(&format)
        {
            let wrong = format!("the format `{format}` is not known for {what}");
            report.add(&format!("{}/format", node.at.pointer), wrong, format!("write one of {}", formats.join(", ")));
        }
    }
}

// One reference in `allOf` gives it siblings, such as a description; anything more is a type that nobody has named. Null has
// to be allowed by all that a value is compared with.
pub(crate) fn compositions_are_nullable_wrappers(document: &Document<'_>, report: &mut Report<'_>) {
    for node in document.all(ObjectKind::Schema) {
        for keyword in ["oneOf", "anyOf", "not"] {
            if let Some(at) = node
                .at
                .get(keyword)
                .filter(|_| keyword != "oneOf" || !(node.via == "schemas" && document.is_choice(&node.at)))
            {
                let instead = "write one object with optional properties, or `x-any: true`";
                let wrong = match keyword {
                    "oneOf" => "`oneOf` is not supported here".to_owned(),
                    keyword => format!("`{keyword}` is not supported"),
                };
                report.add(&at.pointer, wrong, instead);
            }
        }
        if let Some(all) = node.at.get("allOf") {
            match node.at.items_of("allOf").as_slice() {
                [only] if only.reference().is_some() => {
                    let target = document.schema(only).and_then(|(schema, _)| schema.text("type"));
                    let own = node.at.text("type");
                    if let (Some(own), Some(target)) = (own, target)
                        && own != target
                    {
                        let wrong = format!("`type: {own}` around a reference to `type: {target}`");
                        report.add(&format!("{}/type", node.at.pointer), wrong, format!("write `type: {target}`"));
                    }
                    if node.at.flag("nullable") && document.schema(only).is_some_and(|(_, nullable)| !nullable) {
                        let wrong = "`nullable` around a schema that doesn't allow null";
                        let instead = "write `nullable: true` in the schema that it refers to as well";
                        report.add(&format!("{}/nullable", node.at.pointer), wrong, instead);
                    }
                }
                _ => {
                    let wrong = "`allOf` is not exactly one `$ref`";
                    let instead = "write the properties into one named schema, or keep one `$ref`";
                    report.add(&all.pointer, wrong, instead);
                }
            }
        }
    }
}

// Each string enum becomes one open Rust enum under its own name; unnamed ones would be named after where they stand.
pub(crate) fn enums_are_named_strings(document: &Document<'_>, report: &mut Report<'_>) {
    for node in document.all(ObjectKind::Schema) {
        let Some(values) = node.at.get("enum") else { continue };
        if node.via != "schemas" {
            let instead = "name it under components/schemas, and refer to it";
            report.add(&values.pointer, "the enum has no name", instead);
        }
        if node.at.text("type").is_some_and(|own| own != "string") {
            report.add(&values.pointer, "the enum is not of strings", "describe the values, or write `type: string`");
        }
        let items = node.at.items_of("enum");
        if items.iter().all(|item| item.value.is_null()) {
            report.add(&values.pointer, "the enum has no values", "list them");
        }
        if node.at.flag("nullable") && !items.iter().any(|item| item.value.is_null()) {
            let pointer = format!("{}/nullable", node.at.pointer);
            report.add(&pointer, "a nullable enum that does not list null", "add `null` to `enum`, or leave it out");
        }
        for item in items {
            match item.value {
                Value::String(text) if text.trim().is_empty() => {
                    report.add(&item.pointer, "an empty enum value", "leave it out");
                }
                Value::String(_) => {}
                Value::Null if node.at.flag("nullable") => {}
                Value::Null => {
                    let instead = "leave it out, or write `nullable: true`";
                    report.add(&item.pointer, "null among the values of an enum that is not nullable", instead);
                }
                other => {
                    report.add(&item.pointer, format!("the enum value {other} is not a string"), "put it in quotes");
                }
            }
        }
    }
}

// An object in place would be named after its place, differently by every generator. Maps need no name.
pub(crate) fn objects_are_named(document: &Document<'_>, report: &mut Report<'_>) {
    for node in document.all(ObjectKind::Schema) {
        let inner = matches!(node.via, "properties" | "items" | "additionalProperties");
        let is_map = node.at.has("additionalProperties") && !node.at.has("properties");
        if inner && node.at.text("type") == Some("object") && !is_map && composition(&node.at).is_none() {
            let instead = "name it under components/schemas, and refer to it";
            report.add(&node.at.pointer, "an object without a name", instead);
        }
    }
}

// Typify flattens a map into a record, and refuses unknown fields where `additionalProperties` is false.
pub(crate) fn objects_are_records_or_maps(document: &Document<'_>, report: &mut Report<'_>) {
    let objects = document.all(ObjectKind::Schema).filter(|node| node.at.text("type") == Some("object"));
    for node in objects.filter(|node| composition(&node.at).is_none()) {
        let has_properties = !node.at.entries_of("properties").is_empty();
        match (node.at.get("additionalProperties"), has_properties) {
            (Some(at), true) => {
                let wrong = "`additionalProperties` next to `properties`";
                report.add(&at.pointer, wrong, "leave it out: unknown properties are ignored");
            }
            (Some(at), _) if at.value == &Value::Bool(false) => {
                report.add(&at.pointer, "an object that can't have any property", "write `properties`");
            }
            (None, false) => {
                let instead = "write `properties`, or `additionalProperties` for a map";
                report.add(&node.at.pointer, "an object without properties", instead);
            }
            _ => {}
        }
    }
}

// A component that only wraps another one is the same type for typify, which then has two names.
pub(crate) fn named_schemas_are_not_wrappers(document: &Document<'_>, report: &mut Report<'_>) {
    for node in document.all(ObjectKind::Schema).filter(|node| node.via == "schemas" && node.at.has("allOf")) {
        let instead = "refer to the other one where this one is used";
        report.add(&node.at.pointer, "a named schema that only wraps another one", instead);
    }
}

// JSON has no bytes; generators make a string of them or a stream, as they please.
pub(crate) fn files_are_not_in_json(document: &Document<'_>, report: &mut Report<'_>) {
    let multipart = document.request_contents().into_iter().filter(|(name, _)| *name == MULTIPART);
    let multipart: Vec<String> = multipart
        .filter_map(|(_, content)| document.resolve(&content.get("schema")?))
        .map(|schema| format!("{}/properties/", schema.pointer))
        .collect();
    // What stands directly in a media type or a parameter is looked at there.
    for node in document.all(ObjectKind::Schema).filter(|node| node.via != "schema" && is_binary(&node.at)) {
        if !multipart.iter().any(|parts| node.at.pointer.starts_with(parts)) {
            report.add(&node.at.pointer, "JSON can't hold a file", format!("write `format: byte`, or send {OCTETS}"));
        }
    }
}

// A missing or null collection is read as an empty one.
pub(crate) fn collections_are_plain(document: &Document<'_>, report: &mut Report<'_>) {
    for node in document.all(ObjectKind::Schema).filter(|node| composition(&node.at).is_none()) {
        let at = &node.at;
        if !matches!(at.text("type"), Some("array")) && !at.has("additionalProperties") {
            continue;
        }
        let is_required = || {
            let (schema, _) = at.pointer.rsplit_once("/properties/").unwrap_or_default();
            let name = keys(&at.pointer).pop().unwrap_or_default();
            document.target(&format!("#{schema}")).is_some_and(|schema| schema.requires(&name))
        };
        for key in ["items", "additionalProperties"] {
            let inner = at.get(key).filter(|inner| inner.flag("nullable"));
            if let Some(inner) = inner {
                report.add(&inner.pointer, "null in a list or a map", "leave `nullable` out");
            }
        }
        if at.flag("nullable") && node.via == "properties" && is_required() {
            let pointer = format!("{}/nullable", at.pointer);
            let instead = "leave it out, or take its name from `required`";
            report.add(&pointer, "a required collection that may be null", instead);
        }
    }
}

// A name in `required` that no property has is a typo, and makes another property optional.
pub(crate) fn required_names_exist(document: &Document<'_>, report: &mut Report<'_>) {
    for node in document.all(ObjectKind::Schema) {
        let properties = node.at.get("properties");
        let mut seen = BTreeSet::new();
        for item in node.at.items_of("required") {
            let name = item.value.as_str().unwrap_or_default();
            if !properties.as_ref().is_some_and(|properties| properties.has(name)) {
                let properties = node.at.entries_of("properties");
                let instead = match nearest(name, properties.iter().map(|(known, _)| *known)) {
                    Some(meant) => format!("write `{meant}`"),
                    None => "add the property, or leave it out here".to_owned(),
                };
                report.add(&item.pointer, format!("`{name}` is required, but not a property"), instead);
            }
            if !seen.insert(name) {
                report.add(&item.pointer, format!("`{name}` is required twice"), "keep one of the two");
            }
        }
    }
}

// An array of nothing in particular is typed by nobody.
pub(crate) fn arrays_have_items(document: &Document<'_>, report: &mut Report<'_>) {
    for node in document.all(ObjectKind::Schema) {
        let is_array = node.at.text("type") == Some("array") && composition(&node.at).is_none();
        if is_array && !node.at.has("items") {
            report.add(&node.at.pointer, "an array without `items`", "add `items`");
        }
    }
}

// No value satisfies a minimum above its maximum, and an exclusive bound without the bound says nothing.
pub(crate) fn bounds_are_consistent(document: &Document<'_>, report: &mut Report<'_>) {
    let pairs = [("minimum", "maximum"), ("minLength", "maxLength")];
    for node in document.all(ObjectKind::Schema) {
        let at = &node.at;
        let number = |key: &str| at.value.get(key).and_then(Value::as_f64);
        for (least, most) in pairs {
            if let (Some(low), Some(high)) = (number(least), number(most))
                && low > high
            {
                let wrong = format!("`{least}` is greater than `{most}`");
                report.add(&format!("{}/{least}", at.pointer), wrong, "correct one of the two");
            }
        }
        if at.value.get("minProperties").and_then(Value::as_u64).is_some_and(|least| least != 1) {
            let pointer = format!("{}/minProperties", at.pointer);
            report.add(&pointer, "a `minProperties` other than 1", "write 1, or say it in the description");
        }
        for (exclusive, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
            if at.has(exclusive) && !at.has(bound) {
                let pointer = format!("{}/{exclusive}", at.pointer);
                report.add(&pointer, format!("`{exclusive}` without `{bound}`"), format!("add `{bound}`"));
            }
        }
        bounds_leave_values(at, report);
        for key in ["minimum", "maximum"] {
            let whole = at.value.get(key).and_then(Value::as_number).is_none_or(serde_json::Number::is_i64);
            if at.text("type") == Some("integer") && !whole {
                let wrong = format!("`{key}` of an integer is not an integer of 64 bits");
                report.add(&format!("{}/{key}", at.pointer), wrong, "write one");
            }
        }
    }
}

fn bounds_leave_values(at: &Located<'_>, report: &mut Report<'_>) {
    let exclusive = |key: &str| i64::from(at.flag(key));
    let bound = |key: &str| at.value.get(key).and_then(Value::as_i64);
    if at.text("type") == Some("integer") {
        let (low, high) = match at.text("format") {
            Some("int32") => (i64::from(i32::MIN), i64::from(i32::MAX)),
            _ => (i64::MIN, i64::MAX),
        };
        let least = bound("minimum").map_or(Some(low), |least| least.checked_add(exclusive("exclusiveMinimum")));
        let most = bound("maximum").map_or(Some(high), |most| most.checked_sub(exclusive("exclusiveMaximum")));
        let is_wide = |bound: Option<i64>| bound.is_some_and(|bound| (low..=high).contains(&bound));
        if !is_wide(least) || !is_wide(most) || least > most {
            report.add(&at.pointer, "no integer of this format is within the bounds", "correct one of them");
        }
    } else if at.flag("exclusiveMinimum") || at.flag("exclusiveMaximum") {
        let number = |key: &str| at.value.get(key).and_then(Value::as_f64);
        if number("minimum").is_some_and(|least| Some(least) == number("maximum")) {
            report.add(&at.pointer, "no number is within the bounds", "correct one of them");
        }
    }
}

// A pattern that only a backtracking engine can match may take forever, and many languages have no such engine.
pub(crate) fn patterns_compile(document: &Document<'_>, report: &mut Report<'_>) {
    for node in document.all(ObjectKind::Schema) {
        if let Some(Err(error)) = node.at.text("pattern").map(compile) {
            let wrong = format!("the pattern can't be used: {error}");
            let instead = "write what all engines read alike: no look-around, no back references, no needless escapes";
            report.add(&format!("{}/pattern", node.at.pointer), wrong, instead);
        }
    }
}
