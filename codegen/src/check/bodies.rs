//! Request bodies: one media type of three, and a schema that a builder can be made for.
//! The builder of a request has one body.

use super::Report;
use crate::document::{Document, JSON, Located, MULTIPART, OCTETS, is_binary, is_token};

/// The schemas of all request bodies of one media type, with the pointer of the media type.
fn schemas<'a>(document: &Document<'a>, media_type: &str) -> Vec<(String, Option<Located<'a>>)> {
    let contents = document.request_contents().into_iter().filter(|(name, _)| *name == media_type);
    contents.map(|(_, content)| (content.pointer.clone(), content.get("schema"))).collect()
}

// HTTP gives a body no meaning there, and proxies drop it.
pub(crate) fn bodies_are_where_http_has_them(document: &Document<'_>, report: &mut Report<'_>) {
    for operation in &document.operations {
        let bodiless = matches!(operation.method, "get" | "head" | "delete" | "trace");
        if let (true, Some(body)) = (bodiless, operation.at.get("requestBody")) {
            let method = operation.method.to_uppercase();
            report.add(&body.pointer, format!("a {method} has no body"), "write parameters, or another method");
        }
    }
}

// The generated builder has no call without a body; an optional one is a second operation in disguise.
pub(crate) fn bodies_are_required(document: &Document<'_>, report: &mut Report<'_>) {
    for (_, body) in document.request_bodies() {
        if !body.flag("required") {
            report.add(&body.pointer, "the body may be left out", "add `required: true`");
        }
    }
}

// A second media type would be a second way to say the same.
pub(crate) fn bodies_have_one_media_type(document: &Document<'_>, report: &mut Report<'_>) {
    for (_, body) in document.request_bodies() {
        let Some(content) = body.get("content") else { continue };
        let types: Vec<_> = content.entries();
        if types.len() != 1 {
            let names = types.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
            let wrong = match types.len() {
                0 => "the request body has no media type".to_owned(),
                count => format!("the request body has {count} media types ({names})"),
            };
            report.add(&content.pointer, wrong, format!("keep one of {JSON}, {MULTIPART}, {OCTETS}"));
        }
        for (name, at) in types {
            if ![JSON, MULTIPART, OCTETS].contains(&name) {
                let wrong = format!("request bodies of `{name}` are not supported");
                report.add(&at.pointer, wrong, format!("write {JSON}, {MULTIPART} or {OCTETS}"));
            } else if !at.has("schema") {
                report.add(&at.pointer, format!("`{name}` has no schema"), "add `schema`");
            }
        }
    }
}

// What is sent has a name, so that its builder, or its type, is called the same in every language.
pub(crate) fn json_bodies_are_named(document: &Document<'_>, report: &mut Report<'_>) {
    for (_, schema) in schemas(document, JSON) {
        let Some(schema) = schema else { continue };
        let is_list = schema.reference().is_some()
            && document.resolve(&schema).is_some_and(|schema| schema.text("type") == Some("array"));
        if !is_list && !document.is_reference_to_object_or_choice(&schema) {
            let wrong = "the JSON body is not a reference to a named object or array";
            report.add(&schema.pointer, wrong, "name one under components/schemas, and refer to it");
        }
    }
}

// A raw body has nothing else to say.
pub(crate) fn octet_streams_are_binary(document: &Document<'_>, report: &mut Report<'_>) {
    for (_, schema) in schemas(document, OCTETS) {
        let Some(schema) = schema else { continue };
        let bare = schema.value.as_object().is_some_and(|keywords| {
            keywords.keys().all(|key| matches!(key.as_str(), "type" | "format" | "description" | "title"))
        });
        if !is_binary(&schema) || !bare {
            report.add(
                &schema.pointer,
                "an octet stream whose schema is not binary",
                "write `{type: string, format: binary}`",
            );
        }
    }
}

// A part is a file or a string; what else it could be, multipart leaves to conventions that servers don't share.
pub(crate) fn multipart_bodies_have_plain_parts(document: &Document<'_>, report: &mut Report<'_>) {
    for (_, schema) in schemas(document, MULTIPART) {
        let Some(schema) = schema else { continue };
        let Some(schema) = document.resolve(&schema) else { continue };
        let parts = schema.entries_of("properties");
        if schema.text("type") != Some("object") || parts.is_empty() {
            let instead = "write `type: object` with a property for each part";
            report.add(&schema.pointer, "the multipart body has no parts", instead);
        }
        for (name, part) in parts {
            for key in ["minLength", "maxLength", "pattern", "minimum", "maximum", "deprecated"] {
                if let Some(at) = part.get(key) {
                    let instead = "leave it out, and say it in the description";
                    report.add(&at.pointer, format!("`{key}` of a part is not supported"), instead);
                }
            }
            let plain = document.resolve(&part).is_some_and(|part| is_binary(&part) || document.is_scalar(&part));
            if !plain {
                let wrong = format!("the part `{name}` is neither a file nor a scalar");
                report.add(&part.pointer, wrong, "write `{type: string, format: binary}` or a scalar");
            }
        }
    }
}

// An encoding is of a part, so it has to name one.
pub(crate) fn encodings_are_of_parts(document: &Document<'_>, report: &mut Report<'_>) {
    for (name, content) in document.request_contents() {
        let Some(encoding) = content.get("encoding") else { continue };
        if name != MULTIPART {
            report.add(&encoding.pointer, format!("`encoding` means nothing for {name}"), "leave it out");
            continue;
        }
        let parts = content.get("schema").and_then(|schema| document.resolve(&schema));
        let parts = parts.map(|schema| schema.entries_of("properties")).unwrap_or_default();
        for (part, at) in encoding.entries() {
            for keyword in ["style", "explode", "allowReserved", "headers"] {
                if let Some(at) = at.get(keyword) {
                    report.add(&at.pointer, format!("`{keyword}` of a part is not supported"), "leave it out");
                }
            }
            let is_media_type = |text: &str| {
                let parts = text.trim().split_once('/');
                parts.is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype))
            };
            if let Some(types) = at.text("contentType").filter(|types| !types.split(',').all(is_media_type)) {
                let pointer = format!("{}/contentType", at.pointer);
                report.add(&pointer, format!("`{types}` is not a media type"), "write one, or several with commas");
            }
            if !parts.iter().any(|(known, _)| *known == part) {
                let wrong = format!("`encoding` is for a part `{part}` that isn't there");
                report.add(&at.pointer, wrong, "write the name of a property of the schema");
            }
        }
    }
}
