//! Names that become Rust names, and the strings that become their documentation.
//! Two names that Rust would spell alike have to differ in the spec, or one would replace the other.

use std::collections::BTreeMap;

use super::Report;
use crate::{
    document::{Document, Located, MULTIPART, Node, ObjectKind, OperationObject},
    names::{
        const_name, is_camel_case, is_name, is_taken_by_requests, is_taken_by_types, parameter_name, type_name,
        value_name, variant_name,
    },
    nearest::nearest,
};

/// What a client has in addition to the operations, and what would hide a method that every type has.
const TAKEN_OPERATIONS: &[&str] = &[
    "borrow",
    "clone",
    "cloneFrom",
    "connect",
    "downloadLink",
    "drop",
    "eq",
    "fmt",
    "from",
    "inner",
    "into",
    "new",
    "over",
    "shutdown",
    "signInNow",
    "toOwned",
    "tryFrom",
    "tryInto",
    "typeId",
    "within",
];

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
            report.add(&at, wrong, "write letters and digits, a lowercase letter first, as `getCall`");
        } else if TAKEN_OPERATIONS.contains(&id) || is_taken_by_requests(&type_name(id)) {
            let wrong = format!("the operationId `{id}` is taken by the generated code");
            report.add(&at, wrong, "be more specific, as in `getClient`");
        }
    }
}

// What has no letter and no digit has no name in Rust.
pub(crate) fn names_are_names_in_rust(document: &Document<'_>, report: &mut Report<'_>) {
    type InRust = fn(&str) -> String;
    let mut names: Vec<(&str, Located<'_>, InRust)> = Vec::new();
    names.extend(document.components("schemas").into_iter().map(|(name, at)| (name, at, type_name as InRust)));
    names.extend(document.components("securitySchemes").into_iter().map(|(name, at)| (name, at, const_name as InRust)));
    for schema in document.all(ObjectKind::Schema) {
        names.extend(schema.at.entries_of("properties").into_iter().map(|(name, at)| (name, at, value_name as InRust)));
        names
            .extend(values(schema).into_iter().filter_map(|at| Some((at.value.as_str()?, at, variant_name as InRust))));
    }
    for parameter in document.all(ObjectKind::Parameter) {
        names.extend(parameter.at.text("name").map(|name| (name, parameter.at.clone(), parameter_name as InRust)));
    }
    for (name, at, in_rust) in names {
        let rust = in_rust(name);
        if !is_name(&rust) || rust == "Self" || in_rust(&rust) != rust {
            let wrong = format!("`{name}` has no name in Rust");
            report.add(&at.pointer, wrong, "write a name with letters, or leave it out and say it in a description");
        }
    }
    let codes = document.all(ObjectKind::Response).flat_map(|response| response.at.entries_of("x-error-codes"));
    let ids = document.operations.iter().filter_map(|operation| operation.at.get("operationId"));
    for at in ids.chain(codes.map(|(_, name)| name)) {
        if at.value.as_str().is_some_and(|name| type_name(name) == "Self") {
            report.add(&at.pointer, "`self` has no name in Rust", "write another name");
        }
    }
}

// The generated code would mean the schema where it means something else.
pub(crate) fn schema_names_are_free(document: &Document<'_>, report: &mut Report<'_>) {
    let schemas = document.components("schemas");
    let names: BTreeMap<String, &str> = schemas.iter().map(|(name, _)| (type_name(name), *name)).collect();
    for (name, at) in &schemas {
        let rust = type_name(name);
        if is_taken_by_types(&rust) {
            let wrong = format!("the schema name `{name}` is taken by the generated code");
            report.add(&at.pointer, wrong, format!("be more specific, as in `{name}Data`"));
        }
        if let Some(of) = rust.strip_suffix("Builder").and_then(|built| names.get(built)) {
            let wrong = format!("the schema name `{name}` is that of the builder of `{of}`");
            report.add(&at.pointer, wrong, "write another name");
        }
    }
}

// Ids that differ in case only would be one method.
pub(crate) fn operation_ids_are_unique(document: &Document<'_>, report: &mut Report<'_>) {
    let ids = document.operations.iter().filter_map(|operation| {
        let id = operation.at.text("operationId")?;
        Some((id, Located { pointer: format!("{}/operationId", operation.at.pointer), value: operation.at.value }))
    });
    collisions(document, report, ids.collect(), "operationId", RENAME, type_name);
}

// A component's name is the last segment of a `$ref`, without escapes.
pub(crate) fn component_names_are_plain(document: &Document<'_>, report: &mut Report<'_>) {
    for components in document.all(ObjectKind::Components) {
        let sections = components.at.entries().into_iter().filter(|(section, _)| !section.starts_with("x-"));
        for (name, at) in sections.flat_map(|(_, section)| section.entries()) {
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
            if name.is_empty() || !name.chars().all(plain) {
                let wrong = format!("the name `{name}` has characters other than A-Z a-z 0-9 . _ -");
                report.add(&at.pointer, wrong, "rename the component");
            }
        }
    }
}

// `CallDTO` and `CallDto` would be one type.
pub(crate) fn schema_names_are_unique(document: &Document<'_>, report: &mut Report<'_>) {
    collisions(document, report, document.components("schemas"), "schema", RENAME, type_name);
}

// `userId` and `user_id` would be one field. Both names go over the wire, so that neither can be another one.
pub(crate) fn property_names_are_unique(document: &Document<'_>, report: &mut Report<'_>) {
    for schema in document.all(ObjectKind::Schema) {
        let instead = "leave one of the two out, or write `x-any: true` for the object";
        collisions(document, report, schema.at.entries_of("properties"), "property", instead, value_name);
    }
}

// `in-progress` and `InProgress` would be one variant.
pub(crate) fn enum_values_are_unique(document: &Document<'_>, report: &mut Report<'_>) {
    for schema in document.all(ObjectKind::Schema) {
        let values = values(schema).into_iter();
        let values = values.filter_map(|at| Some((at.value.as_str().filter(|value| !value.is_empty())?, at)));
        let instead = "write a string without a list of values, and name them in the description";
        collisions(document, report, values.collect(), "enum value", instead, variant_name);
    }
}

// `user-key` and `user_key` would be one constant.
pub(crate) fn schemes_are_unique(document: &Document<'_>, report: &mut Report<'_>) {
    collisions(document, report, document.components("securitySchemes"), "security scheme", RENAME, const_name);
}

// The builder of a request has one setter for each: that an operation may override a parameter of its path is more than
// any of the sources needs. HTTP takes the names of headers for the same whatever their case.
pub(crate) fn parameters_have_one_name_each(document: &Document<'_>, report: &mut Report<'_>) {
    for operation in &document.operations {
        let mut seen: BTreeMap<String, String> = BTreeMap::new();
        if let Some((scheme, header)) = credential(document, operation) {
            seen.insert(as_header(header), format!("the header of the security scheme `{scheme}`"));
        }
        for (name, what, at) in setters(document, operation) {
            let this = format!("the {what} `{name}`");
            let mut others = vec![seen.insert(parameter_name(name), this.clone())];
            if what == "header parameter" {
                others.push(seen.insert(as_header(name), this.clone()));
            }
            if let Some(other) = others.into_iter().flatten().next() {
                let is_renamable = this.starts_with("the path") || other.starts_with("the path");
                let (wrong, instead) = match this == other {
                    true => (format!("{this} appears twice"), "keep one of the two"),
                    false if is_renamable => {
                        (format!("{this} has the name of {other}"), "keep one of the two, or rename the path parameter")
                    }
                    false => (format!("{this} has the name of {other}"), "keep one of the two"),
                };
                report.add(&at, wrong, instead);
            }
        }
    }
}

/// The name of a header as HTTP compares it, which is not a name in Rust.
fn as_header(name: &str) -> String {
    format!("{}:", name.to_ascii_lowercase())
}

/// The security scheme of an operation, and the header that carries its credential.
fn credential<'a>(document: &Document<'a>, operation: &OperationObject<'a>) -> Option<(&'a str, &'a str)> {
    let requirements = operation.at.items_of("security");
    let (scheme, _) = requirements.first()?.entries().into_iter().next()?;
    let declared = document.root().get("components")?.get("securitySchemes")?.get(scheme)?;
    Some((scheme, declared.text("name")?))
}

/// What the builder of a request has setters for, each with its name, what it is, and where to report it.
fn setters<'a>(document: &Document<'a>, operation: &OperationObject<'a>) -> Vec<(&'a str, String, String)> {
    let mut setters = Vec::new();
    for parameter in document.parameters(operation) {
        let (Some(name), Some(location)) = (parameter.text("name"), parameter.text("in")) else { continue };
        setters.push((name, format!("{location} parameter"), operation.at.pointer.clone()));
    }
    let body = operation.at.get("requestBody").and_then(|body| document.resolve(&body));
    let content = body.and_then(|body| body.get("content")?.get(MULTIPART)?.get("schema"));
    let parts = content.and_then(|schema| document.resolve(&schema));
    let parts = parts.into_iter().flat_map(|schema| schema.entries_of("properties"));
    setters.extend(parts.map(|(name, at)| (name, "part".to_owned(), at.pointer)));
    setters
}

/// The values that name variants: those of an enum, and the known ones of a string with a name.
fn values<'a>(schema: &Node<'a>) -> Vec<Located<'a>> {
    let known = if schema.via == "schemas" { schema.at.items_of("x-known-values") } else { Vec::new() };
    [schema.at.items_of("enum"), known].concat()
}

/// What to do about names that no server knows.
const RENAME: &str = "rename one of the two";

fn collisions(
    document: &Document<'_>,
    report: &mut Report<'_>,
    mut named: Vec<(&str, Located<'_>)>,
    what: &str,
    instead: &str,
    in_rust: fn(&str) -> String,
) {
    named.sort_by_key(|(_, at)| document.position(&at.pointer));
    let mut seen: BTreeMap<String, (&str, usize)> = BTreeMap::new();
    for (name, at) in named {
        let line = document.position(&at.pointer).line;
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
                report.add(&at.pointer, wrong, instead);
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
                report.add(&operation.at.pointer, format!("`{keyword}` is missing"), format!("add `{keyword}`"));
            }
        }
        let tags = operation.at.items_of("tags");
        if tags.is_empty() {
            report.add(&operation.at.pointer, "`tags` is missing", "add `tags` with one of the tags at the root");
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
    collisions(document, report, tags.collect(), "tag", RENAME, str::to_owned);
}
