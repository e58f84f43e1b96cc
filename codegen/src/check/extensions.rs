//! Our own `x-` keywords: known, of the right type, and only where the pipeline or the readers of the spec look.
//! An extension in the wrong place does nothing, which is worse than an error.

use serde_json::Value;

use super::bodies::{JSON, OCTETS};
use super::document::{Document, Located, Report};
use super::grammar::{Kind, Node};
use super::names::is_camel_case;
use super::nearest::did_you_mean;
use super::responses::answers;
use super::schemas::is_scalar;

const KNOWN: [&str; 29] = [
    "x-any",
    "x-auth-scheme-word",
    "x-body-optional",
    "x-closed",
    "x-content-length",
    "x-error-code",
    "x-error-codes",
    "x-error-message",
    "x-failure",
    "x-idempotent",
    "x-incomplete",
    "x-integer-string",
    "x-internal",
    "x-known-values",
    "x-local-date-time",
    "x-numeric-string",
    "x-reconstructed",
    "x-secret",
    "x-source",
    "x-source-media-types",
    "x-source-path",
    "x-source-schema",
    "x-source-spelling",
    "x-status-map",
    "x-success",
    "x-trim",
    "x-undeclared-in-source",
    "x-unwrap",
    "x-webhooks",
];

/// All `x-` keys of all objects.
fn extensions<'d, 'a>(document: &'d Document<'a>) -> impl Iterator<Item = (&'d Node<'a>, &'a str, Located<'a>)> {
    let objects = document.nodes.iter().filter(|node| !node.is_reference);
    let entries = objects.flat_map(|node| node.at.entries().into_iter().map(move |(key, at)| (node, key, at)));
    entries.filter(|(_, key, _)| key.starts_with("x-"))
}

// A misspelt extension is silence: the case it marks would be treated like all others.
pub(crate) fn extensions_are_known(document: &Document<'_>, report: &mut Report<'_>) {
    for (_, key, at) in extensions(document) {
        if !KNOWN.contains(&key) {
            report.add(&at.pointer, format!("`{key}` is none of our extensions"), did_you_mean(key, KNOWN));
        }
    }
}

// Each extension is read with one type by `lower`, and shown with one type in specs/README.md.
pub(crate) fn extensions_have_their_type(document: &Document<'_>, report: &mut Report<'_>) {
    let filled = |value: Option<&Value>| value.and_then(Value::as_str).is_some_and(|text| !text.trim().is_empty());
    for (_, key, at) in extensions(document) {
        let (right, instead) = match key {
            "x-source" => {
                let both = filled(at.value.get("document")) && filled(at.value.get("heading"));
                (both, "write `{document: …, heading: …}`")
            }
            "x-reconstructed" => (filled(Some(at.value)), "say why, in a sentence"),
            "x-auth-scheme-word" => {
                let word = |text: &str| !text.is_empty() && !text.contains(char::is_whitespace);
                (at.value.as_str().is_some_and(word), "write one word")
            }
            "x-error-codes" => {
                let listed = at.value.as_object().is_some_and(|codes| !codes.is_empty());
                (listed, "write `{'1': clientNotFound, …}`")
            }
            "x-failure" => {
                let when = at.value.get("when");
                let property = filled(when.and_then(|when| when.get("property")));
                let present = when.and_then(|when| when.get("present")) == Some(&Value::Bool(true));
                let not = when.and_then(|when| when.get("not")).and_then(Value::as_array);
                let not = not.is_some_and(|not| !not.is_empty() && not.iter().all(Value::is_i64));
                let or_false = when.and_then(|when| when.get("orFalse"));
                let or_false = or_false.is_none() || (present && filled(or_false));
                let only = |value: Option<&Value>, known: &[&str]| {
                    let mut keys = value.and_then(Value::as_object).into_iter().flatten().map(|(key, _)| key.as_str());
                    keys.all(|key| known.contains(&key))
                };
                let known = only(Some(at.value), &["when"]) && only(when, &["property", "present", "orFalse", "not"]);
                let told = property && (present != not) && or_false && known;
                (told, "write `{when: {property: …, present: true}}`, or `not: [0]` for `present: true`")
            }
            "x-unwrap" => (filled(Some(at.value)), "write the name of the property that is the result"),
            "x-known-values" => {
                let texts = at.value.as_array().map(|values| values.iter().all(|value| filled(Some(value))));
                (texts == Some(true), "write a list of strings")
            }
            "x-success" => (at.value == "always" || at.value == "never", "write `always` or `never`"),
            "x-local-date-time" => (at.value == "dd.MM.yyyy HH:mm:ss", "write `dd.MM.yyyy HH:mm:ss`"),
            "x-status-map" => {
                let texts = |map: &serde_json::Map<String, Value>| map.values().all(Value::is_string);
                (at.value.as_object().is_some_and(texts), "write `{Value: status, …}`")
            }
            "x-any" => (at.value == &Value::Bool(true), "write `true`, or leave it out"),
            "x-body-optional" | "x-closed" | "x-content-length" | "x-error-code" | "x-error-message"
            | "x-idempotent" | "x-integer-string" | "x-numeric-string" | "x-secret" | "x-trim" => {
                (at.value.is_boolean(), "write true or false")
            }
            _ => (true, ""),
        };
        if !right {
            report.add(&at.pointer, format!("`{key}` has another value than it should"), instead);
        }
    }
}

// `lower` reads each extension in one place.
pub(crate) fn extensions_are_in_place(document: &Document<'_>, report: &mut Report<'_>) {
    for (node, key, at) in extensions(document) {
        let own_type = node.at.text("type");
        let (right, place) = match key {
            "x-error-codes" | "x-body-optional" => {
                let has_json = node.at.entries_of("content").iter().any(|(name, _)| *name == JSON);
                (node.kind == Kind::Response && has_json, "an error response with a JSON body")
            }
            "x-secret" => {
                let schema = match node.kind {
                    Kind::Parameter => node.at.get("schema").and_then(|schema| document.resolve(&schema)),
                    Kind::Schema => Some(node.at.clone()),
                    _ => None,
                };
                let is_text =
                    schema.is_some_and(|schema| schema.text("type") == Some("string") && is_scalar(document, &schema));
                (is_text, "a string schema or a parameter that has one")
            }
            "x-content-length" => {
                let is_integer = node.at.get("schema").and_then(|schema| schema.text("type")) == Some("integer");
                (is_integer && node.at.text("in") == Some("query"), "an integer query parameter")
            }
            "x-error-code" => {
                let is_integer = node.kind == Kind::Schema && own_type == Some("integer");
                (is_integer && node.via == "properties", "an integer property")
            }
            "x-failure" => {
                let is_file = node.at.entries_of("content").iter().any(|(name, _)| *name == OCTETS);
                let is_object = node.via == "schemas" && node.at.has("properties");
                (is_object || (node.kind == Kind::Response && is_file), "a named object, or a response that is a file")
            }
            "x-unwrap" => (node.via == "schemas" && node.at.has("properties"), "a named object"),
            "x-success" => (node.kind == Kind::Schema && node.via == "properties", "a property"),
            "x-error-message" => {
                let is_text = node.kind == Kind::Schema && own_type == Some("string") && !node.at.has("format");
                (is_text && node.via == "properties", "a string property without a format")
            }
            "x-known-values" => {
                let is_text = node.kind == Kind::Schema && own_type == Some("string");
                (is_text && !node.at.has("enum") && !node.at.has("format"), "a string without an enum or a format")
            }
            "x-closed" | "x-status-map" => (node.kind == Kind::Schema && node.at.has("enum"), "a named enum"),
            "x-integer-string" | "x-local-date-time" | "x-trim" => {
                (node.kind == Kind::Schema && own_type == Some("string"), "a string")
            }
            // What isn't in a named schema is read as it stands.
            "x-numeric-string" => {
                let is_number = node.kind == Kind::Schema && matches!(own_type, Some("integer" | "number"));
                let is_named = node.at.pointer.starts_with("/components/schemas/");
                (is_number && is_named, "an integer or a number in a named schema")
            }
            "x-webhooks" => (node.kind == Kind::Root, "the root"),
            "x-any" => (node.kind == Kind::Schema && own_type.is_none(), "a schema without a type"),
            "x-idempotent" => (node.kind == Kind::Operation, "an operation"),
            "x-auth-scheme-word" => (node.kind == Kind::SecurityScheme, "a security scheme"),
            _ => (true, ""),
        };
        if !right {
            report.add(&at.pointer, format!("`{key}` belongs to {place}"), "move it there, or leave it out");
        }
    }
    for operation in &document.operations {
        for answer in answers(document, operation) {
            let (misplaced, on, instead): (&[&str], _, _) = match answer.is_success() {
                true => (&["x-error-codes", "x-body-optional"], "success", "move it to an error, or leave it out"),
                false => (&["x-failure"], "failure", "move it to a success, or leave it out"),
            };
            for key in misplaced {
                if let Some(at) = answer.at.get(key) {
                    report.add(&at.pointer, format!("`{key}` on a {on}"), instead);
                }
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
    let operations = document.all(Kind::Operation);
    let schemas = document.all(Kind::Schema).filter(|node| node.via == "schemas");
    for node in operations.chain(schemas).filter(|node| !node.at.has("x-source")) {
        let instead = "add `x-source: {document: …, heading: …}`";
        report.add(&node.at.pointer, format!("{} doesn't say where it is documented", node.kind.name()), instead);
    }
}

// The codes become an enum, and `raise` reads the code from one property of the body.
pub(crate) fn error_codes_have_a_carrier(document: &Document<'_>, report: &mut Report<'_>) {
    for node in document.all(Kind::Response) {
        let codes = node.at.entries_of("x-error-codes");
        let mut seen: Vec<&str> = Vec::new();
        for (code, at) in &codes {
            // The shortest form, so that `1` and `01` are not two codes.
            if code.parse::<i64>().map(|number| number.to_string()).as_deref() != Ok(*code) {
                report.add(
                    &at.pointer,
                    format!("the error code `{code}` is no number"),
                    "write a whole number in quotes",
                );
            }
            let name = at.value.as_str().unwrap_or_default();
            if !is_camel_case(name) {
                let wrong = format!("the name of the error code {code} is not camelCase");
                report.add(&at.pointer, wrong, "write letters and digits, as clientNotFound");
            } else if seen.iter().any(|other| crate::names::type_name(other) == crate::names::type_name(name)) {
                report.add(&at.pointer, format!("the name `{name}` is given to two codes"), "rename one of the two");
            }
            seen.push(name);
        }
        let Some(schema) = node.at.get("content").and_then(|content| content.get(JSON)?.get("schema")) else {
            continue;
        };
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
