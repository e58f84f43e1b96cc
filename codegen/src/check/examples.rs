//! Examples: there for every body that a reader has to write or will get, and true to the schema next to them.
//! They are what other teams copy, and what the sandbox and the wire tests start from.

use serde_json::Value;

use super::Report;
use crate::document::{Document, JSON, Located, ObjectKind, differences, is_in_request, keys};

// The specs are shared with teams that work in other languages, and an example says more than a schema.
pub(crate) fn bodies_have_examples(document: &Document<'_>, report: &mut Report<'_>) {
    let successes = document.all_responses().into_iter().filter(|response| response.is_success());
    let successes = successes.flat_map(|response| response.at.entries_of("content"));
    for (name, content) in document.request_contents().into_iter().chain(successes) {
        let has_example = content.has("example") || !content.entries_of("examples").is_empty();
        // What a bare number or string means, only its description can tell.
        let is_bare = content.get("schema").is_some_and(|schema| document.is_scalar(&schema));
        if name == JSON && !has_example && !is_bare {
            report.add(&content.pointer, "the body has no example", "add `example` or `examples`");
        }
    }
}

// A wrong example is believed.
pub(crate) fn examples_conform(document: &Document<'_>, report: &mut Report<'_>) {
    let media_types = document.all(ObjectKind::MediaType);
    let media_types = media_types.filter(|node| keys(&node.at.pointer).last().is_some_and(|name| name == JSON));
    for node in media_types.chain(document.all(ObjectKind::Parameter)) {
        let (single, several) = (node.at.get("example"), node.at.get("examples"));
        if let (Some(_), Some(several)) = (&single, &several) {
            report.add(&several.pointer, "`examples` next to `example`", "keep one of the two");
        }
        let mut values: Vec<Located<'_>> = single.into_iter().collect();
        for (name, example) in node.at.entries_of("examples") {
            let Some(resolved) = document.resolve(&example) else { continue };
            match resolved.get("value") {
                Some(value) => values.push(value),
                None => {
                    report.add(&resolved.pointer, format!("the example `{name}` has no `value`"), "add `value`");
                }
            }
        }
        let Some(schema) = node.at.get("schema") else { continue };
        for value in values {
            let in_request = node.kind == ObjectKind::Parameter || is_in_request(&node.at.pointer);
            compare(document, &schema, &value, in_request, "the example", report);
        }
    }
}

// Typify refuses a default that doesn't fit its schema, without saying which.
pub(crate) fn schema_values_conform(document: &Document<'_>, report: &mut Report<'_>) {
    for node in document.all(ObjectKind::Schema) {
        for (keyword, what) in [("example", "the example of the schema"), ("default", "the default")] {
            if let Some(value) = node.at.get(keyword) {
                compare(document, &node.at, &value, true, what, report);
            }
        }
    }
}

fn compare(
    document: &Document<'_>,
    schema: &Located<'_>,
    value: &Located<'_>,
    in_request: bool,
    what: &str,
    report: &mut Report<'_>,
) {
    for difference in differences(document, schema, value.value, in_request) {
        let pointer = format!("{}{}", value.pointer, difference.pointer);
        let shown = if matches!(value.value, Value::Object(_) | Value::Array(_)) {
            format!("{what}: `{}` {}", difference.path, difference.wrong)
        } else {
            format!("{what} {}", difference.wrong)
        };
        report.add(&pointer, shown, difference.instead);
    }
}
