//! Paths and parameters: templates that match what is declared, in the one style that is sent.
//! What is declared and isn't sent would be silence.

use std::collections::BTreeMap;

use super::Report;
use crate::document::{Document, Located, ObjectKind, is_token};

/// The names in a template, or what is wrong with it.
fn template(path: &str) -> Result<Vec<&str>, &'static str> {
    let mut names = Vec::new();
    let mut rest = path;
    while let Some(brace) = rest.find(['{', '}']) {
        let Some(inner) = rest[brace..].strip_prefix('{') else { return Err("a `}` that no `{` opens") };
        let Some(end) = inner.find('}') else { return Err("a `{` that no `}` closes") };
        let name = &inner[..end];
        if name.is_empty() || name.contains(['/', '{']) {
            return Err("a `{` without a name and a closing `}`");
        }
        names.push(name);
        rest = &inner[end + 1..];
    }
    Ok(names)
}

// What isn't a parameter is sent as it stands.
pub(crate) fn paths_are_templates(document: &Document<'_>, report: &mut Report<'_>) {
    for (path, at) in document.root().entries_of("paths").into_iter().filter(|(path, _)| path.starts_with('/')) {
        if let Err(wrong) = template(path) {
            report.add(&at.pointer, format!("the path has {wrong}"), "write parameters as `{name}`");
        }
        if path.contains(['?', '#']) {
            let wrong = "the path has a query or a fragment";
            report.add(&at.pointer, wrong, "write only the path, and query parameters under `parameters`");
        }
        if path.contains('`') {
            report.add(&at.pointer, "the path has a backtick", "write another name of the parameter");
        }
        if path.contains("//") {
            report.add(&at.pointer, "the path has `//`", "write one slash");
        }
        // RFC 3986, section 3.3; what is escaped there already would be escaped again.
        let fixed = path.split('{').map(|part| part.split_once('}').map_or(part, |(_, fixed)| fixed));
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@/?#}".contains(c);
        if let Some(other) = fixed.flat_map(str::chars).find(|c| !is_plain(*c)) {
            let wrong = format!("the path has {other:?}, which is always escaped in a URL");
            report.add(&at.pointer, wrong, "write letters, digits and -._~ there, or a parameter");
        }
        if path.split('/').any(|segment| segment == "." || segment == "..") {
            report.add(&at.pointer, "the path has a `.` or `..` as a segment", "write the path that is meant");
        }
    }
}

// Two templates that match the same URL are one path for a server.
pub(crate) fn paths_differ(document: &Document<'_>, report: &mut Report<'_>) {
    let mut paths = document.root().entries_of("paths");
    paths.sort_by_key(|(_, at)| document.position(&at.pointer));
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

// A parameter that is only declared has no place, and one that is only in the template has no value.
pub(crate) fn path_parameters_match(document: &Document<'_>, report: &mut Report<'_>) {
    for operation in &document.operations {
        let Ok(names) = template(operation.path) else { continue };
        let declared: Vec<_> = document
            .parameters(operation)
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
                let wrong = format!("`{{{name}}}` appears twice in the path");
                report.add(&operation.at.pointer, wrong, "give the two different names");
            }
        }
        for (name, _) in declared.iter().filter(|(name, _)| !names.contains(name)) {
            let wrong = format!("the path has no `{{{name}}}`, but there is a path parameter of this name");
            report.add(&operation.at.pointer, wrong, "leave the parameter out, or put it into the path");
        }
    }
}

// One form for each place: what another one says would be sent in this one.
pub(crate) fn parameters_are_plain(document: &Document<'_>, report: &mut Report<'_>) {
    for node in document.all(ObjectKind::Parameter) {
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
                let wrong = format!("`in: {other}` is not a place for a parameter");
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
        let defaults = ["allowEmptyValue", "allowReserved"].map(|keyword| (keyword, !at.flag(keyword)));
        for (keyword, wanted) in defaults.into_iter().chain([("explode", spread)]) {
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
        document.is_scalar(&schema) || (location == "query" && items.is_some_and(|items| document.is_scalar(&items)));
    if !plain {
        let instead = if location == "query" { "write a scalar or an array of scalars" } else { "write a scalar" };
        report.add(&schema.pointer, format!("a {location} parameter can't hold this schema"), instead);
    }
}

/// Headers that say how the message is sent, or that OpenAPI says in another way.
const OWN_HEADERS: &[&str] = &[
    "accept",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "cookie",
    "host",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

// The standard says that some of these are ignored as parameters; the client sets them itself.
pub(crate) fn headers_are_free(document: &Document<'_>, report: &mut Report<'_>) {
    for node in document.all(ObjectKind::Parameter).filter(|node| node.at.text("in") == Some("header")) {
        let name = node.at.text("name").unwrap_or_default();
        if !is_token(name) {
            let wrong = format!("`{name}` can't be the name of a header");
            report.add(&node.at.pointer, wrong, "write letters, digits and hyphens");
        }
        if OWN_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
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
