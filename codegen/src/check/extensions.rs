//! Our own `x-` keywords: known, of the right type, and only where the pipeline or the readers of the spec look.
//! An extension in the wrong place does nothing, which is worse than an error.

use std::collections::BTreeSet;

use super::Report;
use crate::{
    document::{Document, Located, Node, OCTETS, ObjectKind, entry, json},
    extension::{EXTENSIONS, extension},
    names::{is_camel_case, variant_name},
    nearest::did_you_mean,
};

/// All `x-` keys of all objects.
fn extensions<'d, 'a>(document: &'d Document<'a>) -> impl Iterator<Item = (&'d Node<'a>, &'a str, Located<'a>)> {
    let objects = document.nodes.iter().filter(|node| !node.is_reference);
    let entries = objects.flat_map(|node| node.at.entries().into_iter().map(move |(key, at)| (node, key, at)));
    entries.filter(|(_, key, _)| key.starts_with("x-"))
}

// A misspelt extension is silence: the case it marks would be treated like all others.
pub(crate) fn extensions_are_known(document: &Document<'_>, report: &mut Report<'_>) {
    for (_, key, at) in extensions(document) {
        if extension(key).is_none() {
            let known = EXTENSIONS.iter().map(|extension| extension.name);
            report.add(&at.pointer, format!("unknown extension `{key}`"), did_you_mean(key, known));
        }
    }
}

// Each extension is read with one type, and shown with one type in specs/README.md.
pub(crate) fn extensions_have_their_type(document: &Document<'_>, report: &mut Report<'_>) {
    for (_, key, at) in extensions(document) {
        if let Some(extension) = extension(key).filter(|extension| !extension.value.fits(at.value)) {
            let instead = format!("write {}", extension.value.instead());
            report.add(&at.pointer, format!("`{key}` has an invalid value"), instead);
        }
    }
}

// Each extension is read in one place.
pub(crate) fn extensions_are_in_place(document: &Document<'_>, report: &mut Report<'_>) {
    for (node, key, at) in extensions(document) {
        if let Some(extension) = extension(key).filter(|extension| !extension.on.holds(document, node)) {
            let wrong = format!("`{key}` belongs to {}", extension.on.name());
            report.add(&at.pointer, wrong, "move it there, or leave it out");
        }
    }
    for operation in &document.operations {
        for response in document.responses(operation) {
            let (misplaced, on, instead) = match response.is_success() {
                true => ("x-error-codes", "success", "move it to an error, or leave it out"),
                false => ("x-failure", "failure", "move it to a success, or leave it out"),
            };
            if let Some(at) = response.at.get(misplaced) {
                report.add(&at.pointer, format!("`{misplaced}` on a {on}"), instead);
            }
        }
    }
}

// A value that a server adds would make the whole body undecodable.
pub(crate) fn closed_enums_are_only_sent(document: &Document<'_>, report: &mut Report<'_>) {
    for schema in document.received().iter().filter(|schema| schema.has("enum") && schema.flag("x-closed")) {
        let wrong = "`x-closed` on an enum that a response has";
        report.add(&entry(&schema.pointer, "x-closed"), wrong, "leave it out: a server may add values");
    }
}

// A value that nobody sends has no status.
pub(crate) fn status_maps_have_values(document: &Document<'_>, report: &mut Report<'_>) {
    for node in document.all(ObjectKind::Schema) {
        let values = node.at.items_of("enum");
        for (key, at) in node.at.entries_of("x-status-map") {
            if !values.iter().any(|value| value.value == key) {
                report.add(&at.pointer, format!("`{key}` is not a value of the enum"), "write one of its values");
            }
        }
    }
}

// Only a body that is sent as it stands has a length to give, and a shared parameter can't know of it.
pub(crate) fn content_lengths_have_a_body(document: &Document<'_>, report: &mut Report<'_>) {
    for operation in &document.operations {
        let body = operation.at.get("requestBody").and_then(|body| document.resolve(&body)?.get("content"));
        let is_raw = body.is_some_and(|content| content.has(OCTETS));
        let own = operation.at.items_of("parameters").into_iter();
        let own = own.filter_map(|item| Some((item.clone(), document.resolve(&item)?)));
        let marked: Vec<_> = own.filter(|(_, parameter)| parameter.flag("x-content-length")).collect();
        for (index, (at, _)) in marked.iter().enumerate() {
            if !is_raw || index > 0 {
                let wrong = match is_raw {
                    true => "a second `x-content-length`".to_owned(),
                    false => format!("`x-content-length` without a body of {OCTETS}"),
                };
                report.add(&at.pointer, wrong, "leave it out");
            }
        }
        for item in operation.item.items_of("parameters") {
            if document.resolve(&item).is_some_and(|parameter| parameter.flag("x-content-length")) {
                report.add(
                    &item.pointer,
                    "`x-content-length` for all operations of a path",
                    "move it to the operation",
                );
            }
        }
    }
}

// Whoever doubts an operation or a schema finds the document that states it.
pub(crate) fn sources_are_given(document: &Document<'_>, report: &mut Report<'_>) {
    let operations = document.all(ObjectKind::Operation);
    let schemas = document.all(ObjectKind::Schema).filter(|node| node.via == "schemas");
    for node in operations.chain(schemas).filter(|node| !node.at.has("x-source")) {
        let instead = "add `x-source: {document: …, heading: …}`";
        report.add(&node.at.pointer, format!("{} doesn't say where it is documented", node.kind.name()), instead);
    }
}

// The codes become an enum, and `raise` reads the code from one property of the body.
pub(crate) fn error_codes_have_a_carrier(document: &Document<'_>, report: &mut Report<'_>) {
    for node in document.all(ObjectKind::Response) {
        let codes = node.at.entries_of("x-error-codes");
        let mut seen = BTreeSet::new();
        for (code, at) in &codes {
            // The shortest form, so that `1` and `01` are not two codes.
            if code.parse::<i64>().map(|number| number.to_string()).as_deref() != Ok(*code) {
                report.add(
                    &at.pointer,
                    format!("the error code `{code}` is not an integer"),
                    "write an integer in quotes",
                );
            }
            let name = at.value.as_str().unwrap_or_default();
            if !is_camel_case(name) {
                let wrong = format!("the name of the error code {code} is not camelCase");
                report.add(&at.pointer, wrong, "write letters and digits, as clientNotFound");
            } else if !seen.insert(variant_name(name)) {
                report.add(&at.pointer, format!("the name `{name}` is given to two codes"), "rename one of the two");
            }
        }
        let Some(schema) = json(&node.at) else { continue };
        let Some((schema, _)) = document.schema(&schema).filter(|_| !codes.is_empty()) else { continue };
        let properties = schema.entries_of("properties").into_iter();
        let carriers = properties.filter(|(_, property)| property.flag("x-error-code")).count();
        if carriers != 1 {
            let wrong = format!("{carriers} properties of the body carry the error code");
            let at = format!("{}/x-error-codes", node.at.pointer);
            report.add(&at, wrong, "mark one integer property of the schema with `x-error-code: true`");
        }
    }
}
