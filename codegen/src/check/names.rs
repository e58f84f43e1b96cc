//! Names that become Rust names, and the texts that become its documentation.
//! Two names that Rust would spell alike have to differ in the spec, or one would replace the other.

use std::collections::BTreeMap;

use super::document::{Document, Located, Report};
use super::grammar::{Kind, Node};
use super::nearest::nearest;
use crate::names::{type_name, value_name};

/// Methods that the client has besides the operations.
const TAKEN: [&str; 7] = ["apiVersion", "baseurl", "client", "connect", "inner", "new", "newWithClient"];

// An operationId names a function in every language, so it has the one form that all of them can convert.
pub(crate) fn operation_ids_are_camel_case(document: &Document<'_>, report: &mut Report<'_>) {
    for operation in &document.operations {
        let Some(id) = operation.at.text("operationId") else {
            report.add(&operation.at.pointer, "`operationId` is missing", "add a verb in camelCase, as `getCall`");
            continue;
        };
        let at = format!("{}/operationId", operation.at.pointer);
        if !is_camel_case(id) {
            let wrong = format!("the operationId `{id}` is not camelCase");
            report.add(&at, wrong, "write letters and digits, a small letter first, as `getCall`");
        } else if TAKEN.contains(&id) {
            let wrong = format!("the operationId `{id}` is taken by the client itself");
            report.add(&at, wrong, "say more, as `getClient`");
        }
    }
}

pub(crate) fn is_camel_case(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(|c| c.is_ascii_alphanumeric())
}

// The one word that can't name a type or a variant, not even as a raw identifier.
pub(crate) fn names_are_not_self(document: &Document<'_>, report: &mut Report<'_>) {
    let ids = document.operations.iter().filter_map(|operation| operation.at.get("operationId"));
    let values = document.all(Kind::Schema).flat_map(values);
    let codes = document.all(Kind::Response).flat_map(|response| response.at.entries_of("x-error-codes"));
    let codes = codes.map(|(_, name)| name);
    let texts = ids.chain(values).chain(codes).filter_map(|at| Some((at.value.as_str()?, at)));
    for (name, at) in texts.chain(document.components("schemas")) {
        if type_name(name) == "Self" {
            report.add(&at.pointer, format!("`{name}` would be `Self` in Rust"), "write another name");
        }
    }
}

// Progenitor refuses the same id twice, and makes two functions of the same name of ids that differ in case.
pub(crate) fn operation_ids_are_unique(document: &Document<'_>, report: &mut Report<'_>) {
    let ids = document.operations.iter().filter_map(|operation| {
        let id = operation.at.text("operationId")?;
        Some((id, Located { pointer: format!("{}/operationId", operation.at.pointer), value: operation.at.value }))
    });
    collisions(document, report, ids.collect(), "operationId", value_name);
}

// A `$ref` ends at the next `/` for progenitor, and escapes mean nothing to it.
pub(crate) fn component_names_are_plain(document: &Document<'_>, report: &mut Report<'_>) {
    for components in document.all(Kind::Components) {
        let sections = components.at.entries().into_iter().filter(|(section, _)| !section.starts_with("x-"));
        for (name, at) in sections.flat_map(|(_, section)| section.entries()) {
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
            if name.is_empty() || !name.chars().all(plain) {
                let wrong = format!("the name `{name}` has other characters than A-Z a-z 0-9 . _ -");
                report.add(&at.pointer, wrong, "rename the component");
            }
        }
    }
    for (name, at) in document.components("schemas") {
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let wrong = format!("the schema name `{name}` can't name a type");
            report.add(&at.pointer, wrong, "start it with a letter");
        }
    }
}

// `CallDTO` and `CallDto` would be one type.
pub(crate) fn schema_names_are_unique(document: &Document<'_>, report: &mut Report<'_>) {
    collisions(document, report, document.components("schemas"), "schema", type_name);
}

// `userId` and `user_id` would be one field.
pub(crate) fn property_names_are_unique(document: &Document<'_>, report: &mut Report<'_>) {
    for schema in document.all(Kind::Schema) {
        collisions(document, report, schema.at.entries_of("properties"), "property", value_name);
        for (name, at) in schema.at.entries_of("properties") {
            if !name.starts_with(|c: char| c.is_alphabetic() || c == '_') {
                let wrong = format!("the property name `{name}` can't name a field");
                report.add(&at.pointer, wrong, "start it with a letter");
            }
        }
    }
}

// `in-progress` and `InProgress` would be one variant.
pub(crate) fn enum_values_are_unique(document: &Document<'_>, report: &mut Report<'_>) {
    for schema in document.all(Kind::Schema) {
        let values = values(schema).into_iter();
        let values = values.filter_map(|at| Some((at.value.as_str().filter(|value| !value.is_empty())?, at)));
        collisions(document, report, values.collect(), "enum value", type_name);
    }
}

/// The values that name variants: those of an enum, and the known ones of a string with a name.
fn values<'a>(schema: &Node<'a>) -> Vec<Located<'a>> {
    let known = if schema.via == "schemas" { schema.at.items_of("x-known-values") } else { Vec::new() };
    [schema.at.items_of("enum"), known].concat()
}

fn collisions(
    document: &Document<'_>,
    report: &mut Report<'_>,
    mut named: Vec<(&str, Located<'_>)>,
    what: &str,
    in_rust: fn(&str) -> String,
) {
    named.sort_by_key(|(_, at)| document.place(&at.pointer));
    let mut seen: BTreeMap<String, (&str, usize)> = BTreeMap::new();
    for (name, at) in named {
        let line = document.place(&at.pointer).line;
        let rust = in_rust(name);
        match seen.get(&rust) {
            Some((first, line)) if *first == name => {
                report.add(
                    &at.pointer,
                    format!("the {what} `{name}` is already in line {line}"),
                    "keep one of the two",
                );
            }
            Some((first, line)) => {
                let wrong = format!("the {what} `{name}` is `{rust}` in Rust, and so is `{first}` in line {line}");
                report.add(&at.pointer, wrong, "rename one of the two");
            }
            None => {
                seen.insert(rust, (name, line));
            }
        }
    }
}

// The tag groups the operations for readers, summary and description become the documentation of the method.
pub(crate) fn operations_have_tag_and_text(document: &Document<'_>, report: &mut Report<'_>) {
    let declared: Vec<&str> = document.root().items_of("tags").iter().filter_map(|tag| tag.text("name")).collect();
    for operation in &document.operations {
        for keyword in ["summary", "description"] {
            if operation.at.text(keyword).is_none_or(|text| text.trim().is_empty()) {
                report.add(&operation.at.pointer, format!("there is no `{keyword}`"), format!("add `{keyword}`"));
            }
        }
        let tags = operation.at.items_of("tags");
        if tags.is_empty() {
            report.add(&operation.at.pointer, "there is no tag", "add `tags` with one of the tags at the root");
        }
        for tag in tags {
            let name = tag.value.as_str().unwrap_or_default();
            if !declared.contains(&name) {
                let instead = match nearest(name, declared.iter().copied()) {
                    Some(meant) => format!("write `{meant}`, or declare it under `tags`"),
                    None => "declare it under `tags`".to_owned(),
                };
                report.add(&tag.pointer, format!("the tag `{name}` is not declared at the root"), instead);
            }
        }
    }
}

// A tag declared twice has two descriptions, and tools show one of them.
pub(crate) fn tags_are_unique(document: &Document<'_>, report: &mut Report<'_>) {
    let tags = document.root().items_of("tags").into_iter();
    let tags = tags.filter_map(|tag| Some((tag.text("name")?, tag)));
    collisions(document, report, tags.collect(), "tag", str::to_owned);
}
