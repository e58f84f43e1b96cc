//! Responses: explicit statuses, one success body, errors of named schemas.
//! Progenitor asserts one kind of success; one variant per documented status is what `raise` makes of the rest.

use serde_json::Value;

use super::bodies::{JSON, OCTETS};
use super::document::{Document, Located, Operation, Report};
use super::schemas::{is_binary, is_scalar};

/// A response of an operation, behind its reference.
pub(super) struct Answer<'a> {
    pub(super) status: u16,
    pub(super) at: Located<'a>,
}

impl Answer<'_> {
    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

pub(super) fn answers<'a>(document: &Document<'a>, operation: &Operation<'a>) -> Vec<Answer<'a>> {
    let responses = operation.at.entries_of("responses").into_iter();
    responses
        .filter_map(|(status, at)| Some(Answer { status: status.parse().ok()?, at: document.resolve(&at)? }))
        .collect()
}

/// What says how a body under a success status is told to be a failure, and where the result stands in it: the named
/// schema of a JSON body, or the response that is a file.
pub(super) fn envelope<'a>(document: &Document<'a>, response: &Located<'a>) -> Option<Located<'a>> {
    let content = response.get("content")?;
    let marked = match content.get(JSON) {
        Some(json) => document.resolve(&json.get("schema")?)?,
        None => response.clone(),
    };
    (marked.has("x-failure") || marked.has("x-unwrap")).then_some(marked)
}

/// The schema of the failure that may come under any status.
pub(super) fn default_failure<'a>(document: &Document<'a>, operation: &Operation<'a>) -> Option<Located<'a>> {
    let default = document.resolve(&operation.at.get("responses")?.get("default")?)?;
    default.get("content")?.get(JSON)?.get("schema")
}

fn all_answers<'a>(document: &Document<'a>) -> Vec<Answer<'a>> {
    document.operations.iter().flat_map(|operation| answers(document, operation)).collect()
}

// A variant is made for each status, and what is left over is an unexpected response: no catch-all is needed.
pub(crate) fn statuses_are_explicit(document: &Document<'_>, report: &mut Report<'_>) {
    for operation in &document.operations {
        for (status, at) in operation.at.entries_of("responses") {
            if status == "default" {
                // A failure that may come under any status is a variant of its own.
                let content = document.resolve(&at).and_then(|at| at.get("content")?.get(JSON)?.get("schema"));
                if content.is_none_or(|schema| schema.reference().is_none()) {
                    let wrong = "`default` says nothing about the status";
                    let instead = "write the documented statuses, or give it the JSON body of a failure, by `$ref`";
                    report.add(&at.pointer, wrong, instead);
                }
            } else if status.to_ascii_uppercase().ends_with("XX") {
                let wrong = format!("`{status}` is a range of statuses");
                report.add(&at.pointer, wrong, "write the documented statuses, each with three digits");
            } else if status.starts_with('1') || status.starts_with('3') {
                let wrong = format!("{status} is handled below the client and never reaches the caller");
                report.add(&at.pointer, wrong, "leave it out");
            }
        }
    }
}

// A call that can't succeed has no type to return.
pub(crate) fn there_is_a_success(document: &Document<'_>, report: &mut Report<'_>) {
    for operation in &document.operations {
        if let Some(responses) = operation.at.get("responses")
            && !responses.entries().iter().any(|(status, _)| status.starts_with('2'))
        {
            report.add(&responses.pointer, "no response is a success", "add one of the 2xx statuses");
        }
    }
}

// The success is `T`, `Option<T>` or `()`; two bodies would have to be told apart by the caller.
pub(crate) fn there_is_one_success_body(document: &Document<'_>, report: &mut Report<'_>) {
    for operation in &document.operations {
        let mut bodies: Vec<(u16, &str, &Value)> = Vec::new();
        for answer in answers(document, operation).iter().filter(|answer| answer.is_success()) {
            for (media_type, content) in answer.at.entries_of("content") {
                let body = content.value.get("schema").unwrap_or(&Value::Null);
                match bodies.first() {
                    Some((first, kind, schema))
                        if (*kind, *schema) != (media_type, body) && *first != answer.status =>
                    {
                        let wrong = format!("{} has another body than {first}", answer.status);
                        let pointer = format!("{}/responses/{}", operation.at.pointer, answer.status);
                        report.add(&pointer, wrong, "give one of them the body, and the other none");
                    }
                    _ => bodies.push((answer.status, media_type, body)),
                }
            }
        }
    }
}

// `Option<T>` is for JSON as it stands: a stream is there or it isn't, and an envelope says by itself that it is empty.
pub(crate) fn only_plain_bodies_are_optional(document: &Document<'_>, report: &mut Report<'_>) {
    for operation in &document.operations {
        let answers = answers(document, operation);
        let empty = answers.iter().any(|answer| answer.is_success() && !answer.at.has("content"));
        for answer in answers.iter().filter(|answer| empty && answer.is_success()) {
            let stream = answer.at.get("content").is_some_and(|content| content.has(OCTETS));
            if stream || envelope(document, &answer.at).is_some() {
                let what = if stream { "a stream" } else { "an envelope" };
                let wrong = format!("{what} beside a success without a body");
                report.add(&answer.at.pointer, wrong, "leave out the one without a body");
            }
        }
    }
}

// Whether an answer is handed on as it comes or read has to be known before its status is looked up.
pub(crate) fn downloads_come_with_200(document: &Document<'_>, report: &mut Report<'_>) {
    for answer in all_answers(document).iter().filter(|answer| answer.is_success() && answer.status != 200) {
        if answer.at.get("content").is_some_and(|content| content.has(OCTETS)) {
            report.add(&answer.at.pointer, format!("a download under {}", answer.status), "write 200");
        }
    }
}

// Progenitor reads the first that it knows, and ignores the rest.
pub(crate) fn contents_have_one_media_type(document: &Document<'_>, report: &mut Report<'_>) {
    for answer in all_answers(document) {
        let Some(content) = answer.at.get("content") else { continue };
        let types = content.entries();
        match types.len() {
            0 => report.add(&content.pointer, "`content` is empty", "leave it out when there is no body"),
            1 => {}
            count => {
                let wrong = format!("the response has {count} media types");
                report.add(&content.pointer, wrong, format!("keep one of {JSON}, {OCTETS}"));
            }
        }
        for (name, at) in types {
            if name != JSON && name != OCTETS {
                let wrong = format!("responses of `{name}` are not supported");
                report.add(&at.pointer, wrong, format!("write {JSON} or {OCTETS}"));
            } else if !at.has("schema") {
                report.add(&at.pointer, format!("`{name}` has no schema"), "add `schema`");
            }
            if let Some(encoding) = at.get("encoding") {
                report.add(&encoding.pointer, "`encoding` means nothing in a response", "leave it out");
            }
        }
    }
}

// What comes back is named in the spec, so that its name is the same in every language.
pub(crate) fn success_bodies_are_named(document: &Document<'_>, report: &mut Report<'_>) {
    for answer in all_answers(document).iter().filter(|answer| answer.is_success()) {
        for (media_type, content) in answer.at.entries_of("content") {
            let Some(schema) = content.get("schema") else { continue };
            if media_type == OCTETS && !is_binary(&schema) {
                let wrong = "an octet stream has another schema";
                report.add(&schema.pointer, wrong, "write `{type: string, format: binary}`");
            } else if media_type == JSON && is_binary(&schema) {
                report.add(&schema.pointer, "JSON can't hold a file", format!("write {OCTETS}"));
            } else if media_type == JSON && !is_named(document, &schema) {
                let wrong = "the body is neither a named schema, nor an array of one, nor a scalar";
                report.add(&schema.pointer, wrong, "name it under components/schemas, and refer to it");
            }
        }
    }
}

// Clients in other languages try the branches of a choice one by one, and many take a failure for a success so.
pub(crate) fn responses_are_no_choices(document: &Document<'_>, report: &mut Report<'_>) {
    let responses = document.operations.iter().flat_map(|operation| operation.at.entries_of("responses"));
    let bodies = responses.filter_map(|(_, at)| document.resolve(&at)?.get("content")?.get(JSON)?.get("schema"));
    let mut left: Vec<_> = bodies.collect();
    let mut seen = Vec::new();
    while let Some((schema, _)) = left.pop().and_then(|schema| document.schema(&schema)) {
        if seen.contains(&schema.pointer) {
            continue;
        }
        if let Some(choices) = schema.get("oneOf") {
            let instead = "write one object with the properties of all, none of them required that one may lack";
            report.add(&choices.pointer, "a response can't be a choice", instead);
        }
        left.extend(schema.entries_of("properties").into_iter().map(|(_, property)| property));
        left.extend(["items", "additionalProperties"].into_iter().filter_map(|key| schema.get(key)));
        seen.push(schema.pointer);
    }
}

fn is_named(document: &Document<'_>, schema: &Located<'_>) -> bool {
    let plain = |schema: &Located<'_>| schema.reference().is_some() || is_scalar(document, schema);
    match schema.text("type") {
        Some("array") => schema.get("items").is_none_or(|items| plain(&items)),
        _ => plain(schema),
    }
}

// The variant of the error enum holds a type, and the documents give every error body a name.
pub(crate) fn error_bodies_are_named(document: &Document<'_>, report: &mut Report<'_>) {
    for answer in all_answers(document).iter().filter(|answer| !answer.is_success()) {
        for (media_type, content) in answer.at.entries_of("content") {
            if media_type == OCTETS {
                report.add(&content.pointer, "an error is never a stream", format!("write {JSON}, or no content"));
            } else if let (JSON, Some(schema)) = (media_type, content.get("schema"))
                && schema.reference().is_none()
            {
                let wrong = "the error body is not a reference to a named schema";
                report.add(&schema.pointer, wrong, "name it under components/schemas, and refer to it");
            }
        }
    }
}
