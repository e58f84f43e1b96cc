//! Paths and parameters: templates that match what is declared, in the one style that progenitor writes.
//! Progenitor asserts that path parameters are required, and keeps one of two parameters with the same name.

use std::collections::BTreeMap;

use super::document::{Document, Located, Operation, Report};
use super::grammar::Kind;
use super::schemas::is_scalar;
use crate::names::value_name;

/// The parameters of an operation behind their references: those of its path, then its own.
fn parameters<'a>(document: &Document<'a>, operation: &Operation<'a>) -> Vec<Located<'a>> {
    let shared = operation.item.items_of("parameters").into_iter();
    shared.chain(operation.at.items_of("parameters")).filter_map(|item| document.resolve(&item)).collect()
}

/// Names that a generated builder has already: its variables, and its methods.
const TAKEN: [&str; 11] =
    ["bodyMap", "client", "headerMap", "new", "operation", "request", "response", "result", "send", "session", "url"];

/// The names in a template, or what is wrong with it.
fn template(path: &str) -> Result<Vec<&str>, &'static str> {
    let mut names = Vec::new();
    let mut rest = path;
    while let Some(brace) = rest.find(['{', '}']) {
        let Some(inner) = rest[brace..].strip_prefix('{') else { return Err("a `}` that no `{` opens") };
        let Some(end) = inner.find('}') else { return Err("a `{` that no `}` closes") };
        let name = &inner[..end];
        if name.is_empty() || name.contains(['/', '{']) {
            return Err("a `{` without a name and a `}` behind it");
        }
        names.push(name);
        rest = &inner[end + 1..];
    }
    Ok(names)
}

// Progenitor parses the template, and drops doubled slashes; a query in it would be escaped.
pub(crate) fn paths_are_templates(document: &Document<'_>, report: &mut Report<'_>) {
    for (path, at) in document.root().entries_of("paths").into_iter().filter(|(path, _)| path.starts_with('/')) {
        if let Err(wrong) = template(path) {
            report.add(&at.pointer, format!("the path has {wrong}"), "write parameters as `{name}`");
        }
        if path.contains(['?', '#']) || path.contains(char::is_whitespace) {
            let wrong = "the path has a query, a fragment or a blank";
            report.add(&at.pointer, wrong, "write only the path, and query parameters under `parameters`");
        }
        if path.contains("//") {
            report.add(&at.pointer, "the path has `//`", "write one slash");
        }
    }
}

// Two templates that match the same URL are one path for a server.
pub(crate) fn paths_differ(document: &Document<'_>, report: &mut Report<'_>) {
    let mut paths = document.root().entries_of("paths");
    paths.sort_by_key(|(_, at)| document.place(&at.pointer));
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for (path, at) in paths {
        let Ok(names) = template(path) else { continue };
        let shape = names.iter().fold(path.to_owned(), |path, name| path.replacen(&format!("{{{name}}}"), "{}", 1));
        if let Some(first) = seen.insert(shape, path) {
            let wrong = format!("the path differs from {first} only in the names of parameters");
            report.add(&at.pointer, wrong, "put the operations under one path");
        }
    }
}

// Progenitor panics when a declared path parameter is not in the template, or one in the template is not declared.
pub(crate) fn path_parameters_match(document: &Document<'_>, report: &mut Report<'_>) {
    for operation in &document.operations {
        let Ok(names) = template(operation.path) else { continue };
        let declared: Vec<_> = parameters(document, operation)
            .into_iter()
            .filter(|parameter| parameter.text("in") == Some("path"))
            .filter_map(|parameter| Some((parameter.text("name")?, parameter)))
            .collect();
        for (index, name) in names.iter().enumerate() {
            if !declared.iter().any(|(declared, _)| declared == name) {
                let wrong = format!("the path parameter `{name}` is not declared");
                report.add(&operation.at.pointer, wrong, format!("add it to `parameters`, `name: {name}`, `in: path`"));
            }
            if names[..index].contains(name) {
                let wrong = format!("`{{{name}}}` is twice in the path");
                report.add(&operation.at.pointer, wrong, "give the two different names");
            }
        }
        for (name, _) in declared.iter().filter(|(name, _)| !names.contains(name)) {
            let wrong = format!("the path has no `{{{name}}}`, but there is a path parameter of this name");
            report.add(&operation.at.pointer, wrong, "leave the parameter out, or put it into the path");
        }
    }
}

// Progenitor tells parameters apart by name alone; ours adds the body and the parts of a multipart body. That an
// operation may override a parameter of its path is more than any of the documents needs.
pub(crate) fn parameters_have_one_name_each(document: &Document<'_>, report: &mut Report<'_>) {
    for operation in &document.operations {
        let body = operation.at.get("requestBody").and_then(|body| document.resolve(&body));
        let ours = TAKEN.iter().map(|name| (value_name(name), format!("`{name}`, which is taken")));
        let mut seen: BTreeMap<String, String> = ours.collect();
        for (media_type, content) in body.iter().flat_map(|body| body.entries_of("content")) {
            let schema = content.get("schema").and_then(|schema| document.resolve(&schema));
            let parts = schema.map(|schema| schema.entries_of("properties")).unwrap_or_default();
            if media_type == super::bodies::MULTIPART {
                seen.extend(parts.iter().map(|(part, _)| (value_name(part), format!("the part `{part}`"))));
            } else {
                seen.insert("body".to_owned(), "the request body".to_owned());
            }
        }
        for parameter in parameters(document, operation) {
            let (Some(name), Some(location)) = (parameter.text("name"), parameter.text("in")) else { continue };
            let this = format!("the {location} parameter `{name}`");
            if let Some(other) = seen.insert(value_name(name), this.clone()) {
                let wrong =
                    if this == other { format!("{this} is twice") } else { format!("{this} has the name of {other}") };
                report.add(&operation.at.pointer, wrong, "keep one of the two, or rename it");
            }
        }
    }
}

// What progenitor can write into a URL or a header, and what it would assert, refuse or silently write otherwise.
pub(crate) fn parameters_are_plain(document: &Document<'_>, report: &mut Report<'_>) {
    for node in document.all(Kind::Parameter) {
        let at = &node.at;
        let location = at.text("in").unwrap_or_default();
        if at.text("name").is_some_and(|name| name.trim().is_empty()) {
            report.add(&at.pointer, "the parameter has no name", "write the name that goes over the wire");
        }
        let style = match location {
            "path" | "header" => "simple",
            "query" => "form",
            "cookie" => {
                let wrong = "cookie parameters are not supported";
                report.add(&at.pointer, wrong, "leave it out: cookies are the session's");
                continue;
            }
            other => {
                let wrong = format!("`in: {other}` is no place for a parameter");
                report.add(&format!("{}/in", at.pointer), wrong, "write path, query or header");
                continue;
            }
        };
        if location == "path" && !at.flag("required") {
            report.add(&at.pointer, "a path parameter is not required", "add `required: true`");
        }
        if at.text("style").is_some_and(|own| own != style) {
            let pointer = format!("{}/style", at.pointer);
            report.add(&pointer, format!("only the style {style} is supported in {location}"), "leave `style` out");
        }
        let spread = at.get("explode").is_none_or(|explode| explode.value.as_bool() == Some(location == "query"));
        for (keyword, wanted) in [("explode", spread), ("allowReserved", !at.flag("allowReserved"))] {
            if !wanted {
                let pointer = format!("{}/{keyword}", at.pointer);
                report.add(&pointer, format!("only the default of `{keyword}` is supported"), "leave it out");
            }
        }
        parameter_has_plain_schema(document, at, location, report);
    }
}

fn parameter_has_plain_schema(document: &Document<'_>, at: &Located<'_>, location: &str, report: &mut Report<'_>) {
    if let Some(content) = at.get("content") {
        report.add(&content.pointer, "parameters with `content` are not supported", "write `schema`");
        return;
    }
    let Some(schema) = at.get("schema") else {
        report.add(&at.pointer, "the parameter has no schema", "add `schema`");
        return;
    };
    let items = schema.get("items").filter(|_| schema.text("type") == Some("array"));
    let plain =
        is_scalar(document, &schema) || (location == "query" && items.is_some_and(|items| is_scalar(document, &items)));
    if !plain {
        let instead = if location == "query" { "write a scalar or an array of scalars" } else { "write a scalar" };
        report.add(&schema.pointer, format!("a {location} parameter can't hold this schema"), instead);
    }
}

// The standard says that these are ignored as parameters; the client sets them itself.
pub(crate) fn headers_are_free(document: &Document<'_>, report: &mut Report<'_>) {
    for node in document.all(Kind::Parameter).filter(|node| node.at.text("in") == Some("header")) {
        let name = node.at.text("name").unwrap_or_default();
        if ["accept", "content-type", "authorization"].contains(&name.to_ascii_lowercase().as_str()) {
            let wrong = format!("the header {name} can't be a parameter");
            report.add(&node.at.pointer, wrong, "say it with media types or a security scheme");
        }
    }
}

// One client has one base URL, and calls nobody who calls back; to drop these silently would be worse than to refuse.
pub(crate) fn servers_and_callbacks_are_not_overridden(document: &Document<'_>, report: &mut Report<'_>) {
    for operation in &document.operations {
        for (keyword, at) in [("servers", &operation.item), ("servers", &operation.at), ("callbacks", &operation.at)] {
            if let Some(at) = at.get(keyword) {
                let wrong = format!("`{keyword}` of a path or an operation are not supported");
                report.add(&at.pointer, wrong, "leave them out");
            }
        }
    }
}
