//! Envelopes: one schema for the success and the failure of a response, marked `x-failure` where a body may be a failure,
//! and `x-unwrap` where one of its properties is the result. What only successes have, or never have, is marked `x-success`.

use std::collections::BTreeSet;

use super::Report;
use crate::{
    document::{Document, Located, ObjectKind, entry},
    nearest::nearest,
};

fn marked<'d, 'a>(document: &'d Document<'a>) -> impl Iterator<Item = &'d Located<'a>> {
    let schemas = document.all(ObjectKind::Schema).filter(|node| node.via == "schemas").map(|node| &node.at);
    schemas.filter(|at| at.has("x-failure") || at.has("x-unwrap"))
}

// Anywhere else the marks would do nothing.
pub(crate) fn envelopes_are_bodies_of_successes(document: &Document<'_>, report: &mut Report<'_>) {
    let mut bodies = BTreeSet::new();
    for response in document.all_responses() {
        bodies.extend(response.json().filter(|_| response.is_success()).map(|schema| schema.pointer));
    }
    for at in marked(document) {
        let places = document.references_to(&at.pointer);
        if places.is_empty() || !places.iter().all(|place| bodies.contains(place)) {
            let wrong = "an envelope that is not only the body of successes";
            report.add(&at.pointer, wrong, "refer to it from success responses only, or leave the marks out");
        }
    }
}

// A mark that no body has tells nothing.
pub(crate) fn envelopes_have_the_marks(document: &Document<'_>, report: &mut Report<'_>) {
    let expect = |report: &mut Report<'_>, place: &Located<'_>, key: &str, schema: &Located<'_>| {
        let Some(name) = place.text(key) else { return };
        let properties = schema.entries_of("properties");
        if !properties.iter().any(|(known, _)| *known == name) {
            let wrong = format!("`{name}` is not a property of the schema");
            let instead = match nearest(name, properties.iter().map(|(known, _)| *known)) {
                Some(meant) => format!("write `{meant}`"),
                None => "name one of its properties".to_owned(),
            };
            report.add(&entry(&place.pointer, key), wrong, instead);
        }
    };
    for at in marked(document) {
        expect(report, at, "x-unwrap", at);
        if let Some(when) = at.get("x-failure").and_then(|mark| mark.get("when")) {
            expect(report, &when, "property", at);
            expect(report, &when, "orFalse", at);
        }
    }
    // The failure under any other status is told in the same way; for a file, there is no other schema to look at.
    for operation in &document.operations {
        let failure = document.default_failure(operation).and_then(|schema| document.resolve(&schema));
        for response in document.responses(operation).iter().filter(|response| response.is_success()) {
            let Some(mark) = document.envelope(response).and_then(|at| at.get("x-failure")) else { continue };
            match (&failure, mark.get("when")) {
                (Some(failure), Some(when)) => {
                    expect(report, &when, "property", failure);
                    expect(report, &when, "orFalse", failure);
                }
                (None, _) if response.is_file() => {
                    let wrong = "the failure that may come in place of a file has no schema";
                    report.add(&mark.pointer, wrong, "add the response `default` with the body of the failure");
                }
                _ => {}
            }
        }
    }
}

// In Rust, what is marked is required, or not there: of a body that may be a failure, or of one that may be sent, it must
// not be.
pub(crate) fn successes_are_told_from_failures(document: &Document<'_>, report: &mut Report<'_>) {
    let mut told = BTreeSet::new();
    let mut untold = BTreeSet::new();
    for operation in &document.operations {
        let known = document.default_failure(operation).is_some();
        for response in document.responses(operation).iter().filter(|response| response.is_success()) {
            let at = document.envelope(response).filter(|at| at.has("x-failure"));
            if known { &mut told } else { &mut untold }.extend(at.map(|at| at.pointer));
        }
    }
    told.retain(|at| !untold.contains(at));
    for node in document.all(ObjectKind::Schema).filter(|node| node.via == "schemas") {
        let properties = node.at.entries_of("properties");
        if !properties.is_empty() && properties.iter().all(|(_, at)| at.text("x-success") == Some("never")) {
            report.add(&node.at.pointer, "an object without any property in a success", "leave it out of the success");
        }
    }
    // `/components/schemas/Envelope`, and `/properties` behind it.
    let within = |place: &str| {
        let end = place.match_indices('/').nth(3).map(|(end, _)| end);
        end.is_some_and(|end| place[end..].starts_with("/properties/") && told.contains(&place[..end]))
    };
    for node in document.all(ObjectKind::Schema).filter(|node| node.via == "properties" && node.at.has("x-success")) {
        let Some((schema, name)) = node.at.pointer.rsplit_once("/properties/") else { continue };
        let places = document.references_to(schema);
        let is_inner = !places.is_empty() && places.iter().all(|place| within(place));
        let at = entry(&node.at.pointer, "x-success");
        if !told.contains(schema) && !is_inner {
            let wrong = "`x-success` is not in an envelope with `x-failure`, whose failure `default` has";
            report.add(&at, wrong, "move it there, or to an object that only such envelopes have, or leave it out");
        }
        let object = document.target(&format!("#{schema}"));
        if object.is_some_and(|object| object.requires(name)) {
            report.add(&at, "`x-success` on a required property", "leave it out, or take the name from `required`");
        }
    }
}
