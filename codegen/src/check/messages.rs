//! `x-error-message`: one string in a failure, in its body or in an object in it, where `read` looks for it.
//! Anywhere else the mark would do nothing, and a second one would never be read.

use std::collections::BTreeSet;

use super::Report;
use crate::document::{Document, Located, ObjectKind};

const MARK: &str = "x-error-message";

// A message that nobody reads is silence where an error should say why.
pub(crate) fn messages_are_in_failures(document: &Document<'_>, report: &mut Report<'_>) {
    let mut found: BTreeSet<String> = BTreeSet::new();
    for failure in failures(document) {
        let messages = messages(document, failure);
        for second in messages.iter().skip(1) {
            let at = format!("{second}/{MARK}");
            report.add(&at, "a second message of the same failure", "mark one property");
        }
        found.extend(messages);
    }
    let is_text = |at: &Located<'_>| at.text("type") == Some("string");
    for node in document.all(ObjectKind::Schema).filter(|node| node.at.flag(MARK) && is_text(&node.at)) {
        if !found.contains(&node.at.pointer) {
            let at = format!("{}/{MARK}", node.at.pointer);
            let wrong = format!("`{MARK}` is not in a failure");
            report.add(&at, wrong, "mark a property of a failure's body, or of an object in it, or leave it out");
        }
    }
}

/// The schemas of the bodies that are failures, under whatever status.
fn failures<'a>(document: &Document<'a>) -> Vec<Located<'a>> {
    let mut found = Vec::new();
    for operation in &document.operations {
        let default = document.default_failure(operation);
        for response in document.responses(operation) {
            found.extend(match response.is_success() {
                // Without a `default`, the envelope is the failure as well.
                true => document.envelope(&response).filter(|marked| marked.has("x-failure") && default.is_none()),
                false => response.json(),
            });
        }
        found.extend(default);
    }
    found
}

/// The marked properties in a schema, then those in the objects in it, each object once.
fn messages(document: &Document<'_>, schema: Located<'_>) -> Vec<String> {
    let (mut messages, mut seen, mut left) = (Vec::new(), BTreeSet::new(), vec![schema]);
    while let Some(next) = left.pop() {
        let Some((object, _)) = document.schema(&next) else { continue };
        if seen.insert(object.pointer.clone()) {
            let properties = object.entries_of("properties").into_iter().map(|(_, property)| property);
            let (own, others): (Vec<_>, Vec<_>) = properties.partition(|one| one.flag(MARK));
            messages.extend(own.into_iter().map(|property| property.pointer));
            left.extend(others.into_iter().rev());
        }
    }
    messages
}
