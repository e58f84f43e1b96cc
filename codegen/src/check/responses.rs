//! Responses: explicit statuses, one success body, errors of named schemas.
//! A call has one kind of success, and a variant per documented status for all else.

use serde_json::Value;

use super::Report;
use crate::document::{Document, JSON, Located, OCTETS, is_binary};

// A variant is made for each status, and what is left over is an unexpected response. A `default` without a body only
// tells readers that there may be one.
pub(crate) fn statuses_are_explicit(document: &Document<'_>, report: &mut Report<'_>) {
    for operation in &document.operations {
        for (status, at) in operation.at.entries_of("responses") {
            if status == "default" {
                // A failure that may come under any status is a variant of its own.
                let has_content = document.resolve(&at).is_some_and(|at| at.has("content"));
                if has_content && document.default_failure(operation).is_none_or(|schema| schema.reference().is_none())
                {
                    let wrong = "`default` has a body that isn't a named failure";
                    report.add(&at.pointer, wrong, "give it the JSON body of a failure, by `$ref`, or none");
                }
            } else if status.to_ascii_uppercase().ends_with("XX") {
                let wrong = format!("`{status}` is a range of statuses");
                report.add(&at.pointer, wrong, "write the documented statuses, each with three digits");
            } else if status.len() == 3 && status.starts_with('2') && !matches!(status, "200" | "201" | "202" | "204") {
                let wrong = format!("{status} is not a success that clients read");
                report.add(&at.pointer, wrong, "write 200, 201, 202 or 204");
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
        for response in document.responses(operation).iter().filter(|response| response.is_success()) {
            for (media_type, content) in response.at.entries_of("content") {
                let body = content.value.get("schema").unwrap_or(&Value::Null);
                match bodies.first() {
                    Some((first, kind, schema))
                        if (*kind, *schema) != (media_type, body) && *first != response.status =>
                    {
                        let wrong = format!("{} has a different body from {first}", response.status);
                        let pointer = format!("{}/responses/{}", operation.at.pointer, response.status);
                        report.add(&pointer, wrong, "give one of them the body, and the other none");
                    }
                    _ => bodies.push((response.status, media_type, body)),
                }
            }
        }
    }
}

// `Option<T>` is for JSON as it stands: a stream is there or it isn't, and an envelope says by itself that it is empty.
pub(crate) fn only_plain_bodies_are_optional(document: &Document<'_>, report: &mut Report<'_>) {
    for operation in &document.operations {
        let responses = document.responses(operation);
        let empty = responses.iter().any(|response| response.is_success() && !response.at.has("content"));
        for response in responses.iter().filter(|response| empty && response.is_success()) {
            let stream = response.is_file();
            if stream || document.envelope(response).is_some() {
                let what = if stream { "a stream" } else { "an envelope" };
                let wrong = format!("{what} next to a success without a body");
                report.add(&response.at.pointer, wrong, "leave out the one without a body");
            }
        }
    }
}

// Whether a response is handed on as it comes or read has to be known before its status is looked up.
pub(crate) fn downloads_come_with_200(document: &Document<'_>, report: &mut Report<'_>) {
    for response in document.all_responses().iter().filter(|response| response.is_success() && response.status != 200) {
        if response.is_file() {
            report.add(&response.at.pointer, format!("a download under {}", response.status), "write 200");
        }
    }
}

// HTTP gives these no body (RFC 9110, sections 9.3.2, 15.3.5 and 15.3.6).
pub(crate) fn bodies_are_where_http_has_them(document: &Document<'_>, report: &mut Report<'_>) {
    for operation in &document.operations {
        for response in document.responses(operation) {
            let bodiless = operation.method == "head" || matches!(response.status, 204 | 205 | 304);
            if let Some(content) = response.at.get("content").filter(|_| bodiless) {
                report.add(&content.pointer, "a response that has no body in HTTP", "leave `content` out");
            }
        }
    }
}

// Which of several comes would be for the caller to find out.
pub(crate) fn contents_have_one_media_type(document: &Document<'_>, report: &mut Report<'_>) {
    for response in document.all_responses() {
        let Some(content) = response.at.get("content") else { continue };
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
    for response in document.all_responses().iter().filter(|response| response.is_success()) {
        for (media_type, content) in response.at.entries_of("content") {
            let Some(schema) = content.get("schema") else { continue };
            if media_type == OCTETS && !is_binary(&schema) {
                let wrong = "an octet stream whose schema is not binary";
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
    for choices in document.received().iter().filter_map(|schema| schema.get("oneOf")) {
        let instead = "write one object with the properties of all, none of them required that one may lack";
        report.add(&choices.pointer, "a response can't be a choice", instead);
    }
}

fn is_named(document: &Document<'_>, schema: &Located<'_>) -> bool {
    let plain = |schema: &Located<'_>| schema.reference().is_some() || document.is_scalar(schema);
    match schema.text("type") {
        Some("array") => schema.get("items").is_none_or(|items| plain(&items)),
        _ => plain(schema),
    }
}

// The variant of the error enum holds a type, and the documents give every error body a name.
pub(crate) fn error_bodies_are_named(document: &Document<'_>, report: &mut Report<'_>) {
    for response in document.all_responses().iter().filter(|response| !response.is_success()) {
        for (media_type, content) in response.at.entries_of("content") {
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
