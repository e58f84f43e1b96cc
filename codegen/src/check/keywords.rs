//! The form of a document: known keywords, values of the right type, nothing missing that the standard requires.
//! Without these rules a typo would go unnoticed, since `read` ignores what it doesn't know.

use super::Report;
use crate::{
    document::{Document, ObjectKind, entry, keys},
    nearest::did_you_mean,
};

// Only 3.0: 2.0 and 3.1 say the same things differently.
pub(crate) fn version_is_supported(document: &Document<'_>, report: &mut Report<'_>) {
    let root = document.root();
    if !root.value.is_object() {
        report.add("", "not an OpenAPI document: there is no mapping at the top", "start with `openapi: 3.0.3`");
    } else if root.has("swagger") {
        report.add("/swagger", "this is Swagger 2.0", "convert it, and write `openapi: 3.0.3`");
    } else if !root.has("openapi") {
        report.add("", "not an OpenAPI document: `openapi` is missing", "start with `openapi: 3.0.3`");
    } else {
        let version = root.text("openapi").unwrap_or_default();
        let patch = version.strip_prefix("3.0.").unwrap_or_default();
        if patch.is_empty() || !patch.bytes().all(|b| b.is_ascii_digit()) {
            report.add("/openapi", "`openapi` is not a version 3.0.x as a string", "write `openapi: 3.0.3`");
        }
    }
}

// A number where a string belongs is read as a string by some tools and refused by others.
pub(crate) fn values_have_their_type(document: &Document<'_>, report: &mut Report<'_>) {
    for mismatch in &document.mismatches {
        let key = keys(&mismatch.pointer).pop().unwrap_or_default();
        let is_item = mismatch.via != key && key.bytes().all(|b| b.is_ascii_digit());
        let what = if is_item { format!("an item of `{}`", mismatch.via) } else { format!("`{key}`") };
        let wrong = format!("{what} is {} instead of {}", mismatch.found, mismatch.expected);
        let instead = match (mismatch.expected, mismatch.found) {
            (_, "nothing") => "write a value, or leave the key out".to_owned(),
            ("a string", "a number" | "true or false") => "put the value in quotes".to_owned(),
            (expected, _) => format!("write {expected}"),
        };
        report.add(&mismatch.pointer, wrong, instead);
    }
}

// `read` would take a default for them, silently.
pub(crate) fn required_keywords_are_there(document: &Document<'_>, report: &mut Report<'_>) {
    for node in document.nodes.iter().filter(|node| !node.is_reference) {
        for keyword in node.kind.required().iter().filter(|keyword| !node.at.has(keyword)) {
            let wrong = format!("{} lacks `{keyword}`", node.kind.name());
            report.add(&node.at.pointer, wrong, format!("add `{keyword}`"));
        }
    }
}

// `read` ignores unknown keywords, so `requried` would make every property optional.
pub(crate) fn keywords_are_known(document: &Document<'_>, report: &mut Report<'_>) {
    for node in document.nodes.iter().filter(|node| !node.is_reference && node.kind.entries().is_none()) {
        let known = || node.kind.keywords().iter().map(|(keyword, _)| *keyword);
        for (key, at) in node.at.entries() {
            if !key.starts_with("x-") && !known().any(|keyword| keyword == key) {
                let wrong = format!("`{key}` is not a keyword of {}", node.kind.name());
                report.add(&at.pointer, wrong, did_you_mean(key, known()));
            }
        }
    }
}

// `read` ignores a path without its slash and a response without a status.
pub(crate) fn paths_and_statuses_are_keys(document: &Document<'_>, report: &mut Report<'_>) {
    for paths in document.all(ObjectKind::Paths) {
        for (path, at) in paths.at.entries() {
            if !path.starts_with('/') && !path.starts_with("x-") {
                report.add(&at.pointer, format!("the path `{path}` has no `/` in front"), format!("write `/{path}`"));
            }
        }
    }
    for responses in document.all(ObjectKind::Responses) {
        for (status, _) in responses.at.entries() {
            if !is_status(status) && status != "default" && !status.starts_with("x-") {
                let at = entry(&responses.at.pointer, status);
                report.add(&at, format!("`{status}` is not a status code"), "write three digits in quotes, as '200'");
            }
        }
    }
}

/// Whether it is a status or, in upper or lower case, a range of them.
fn is_status(key: &str) -> bool {
    match key.as_bytes() {
        [b'1'..=b'5', b, c] => {
            (b.is_ascii_digit() && c.is_ascii_digit())
                || (b.eq_ignore_ascii_case(&b'X') && c.eq_ignore_ascii_case(&b'X'))
        }
        _ => false,
    }
}
