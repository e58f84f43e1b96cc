//! Where a thing stands in its file.

use super::Subject;
use crate::document::{Document, Located, MULTIPART, OperationObject, Spec, entry, keys};

/// Where a thing stands, and what its spec says about where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file, as it was given to [`load`](crate::load()).
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The marks that say that its source says something else, or nothing: `x-reconstructed` and those that begin with
    /// `x-source-` or `x-undeclared-`, of the thing itself and of what it is a part of, inside out.
    pub marks: Vec<String>,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

impl Spec {
    /// The places of its things.
    #[must_use]
    pub fn places(&self) -> Places<'_> {
        Places(self.document())
    }
}

/// Where the things of a spec stand. Making it walks the whole spec.
pub struct Places<'a>(Document<'a>);

impl<'a> Places<'a> {
    /// Where a thing stands; nothing when the spec doesn't have it.
    #[must_use]
    pub fn of(&self, of: &Subject) -> Option<Place> {
        let Self(document) = self;
        let pointer = find(document, of)?.pointer;
        let line = document.position(&pointer).line;
        Some(Place { file: document.file.to_owned(), line, marks: marks(document, &pointer) })
    }

    /// The value of a keyword of a thing that no fact tells, such as `readOnly`.
    #[must_use]
    pub fn keyword(&self, of: &Subject, keyword: &str) -> Option<&'a serde_json::Value> {
        find(&self.0, of)?.value.get(keyword)
    }
}

fn find<'a>(document: &Document<'a>, of: &Subject) -> Option<Located<'a>> {
    let component = |section: &str, name: &str| document.root().get("components")?.get(section)?.get(name);
    let operation =
        |id: &str| document.operations.iter().find(|operation| operation.at.text("operationId") == Some(id));
    match of {
        Subject::Interface => document.root().get("info"),
        Subject::Scheme(name) => component("securitySchemes", name),
        Subject::Webhook { name, method } => document.root().get("x-webhooks")?.get(name)?.get(&method.to_lowercase()),
        Subject::Operation(id) => Some(operation(id)?.at.clone()),
        Subject::Parameter { operation: id, location, name } => {
            let parameters = document.parameters(operation(id)?).into_iter();
            parameters.into_iter().find(|at| at.text("in") == Some(location) && at.text("name") == Some(name))
        }
        Subject::Part { operation: id, name } => {
            let body = document.resolve(&operation(id)?.at.get("requestBody")?)?;
            let schema = body.get("content")?.get(MULTIPART)?.get("schema")?;
            document.resolve(&schema)?.get("properties")?.get(name)
        }
        Subject::Response { operation: id, status } => response(document, operation(id)?, status),
        Subject::ErrorCode { operation: id, status, code } => {
            response(document, operation(id)?, status)?.get("x-error-codes")?.get(&code.to_string())
        }
        Subject::Header { operation: id, name } => {
            let responses = operation(id)?.at.entries_of("responses").into_iter();
            responses.filter_map(|(_, at)| document.resolve(&at)?.get("headers")?.get(name)).next()
        }
        Subject::Type(name) => component("schemas", name),
        Subject::Property { ty, name } => component("schemas", ty)?.get("properties")?.get(name),
        Subject::Value { ty, value } => {
            let ty = component("schemas", ty)?;
            let values = ["enum", "x-known-values"].into_iter().flat_map(|key| ty.items_of(key));
            values.into_iter().find(|item| item.value == value)
        }
        Subject::Alternative { ty, name } => {
            let reference = format!("#/components/schemas/{name}");
            component("schemas", ty)?.items_of("oneOf").into_iter().find(|one| one.reference() == Some(&reference))
        }
    }
}

fn response<'a>(document: &Document<'a>, operation: &OperationObject<'a>, status: &str) -> Option<Located<'a>> {
    document.resolve(&operation.at.get("responses")?.get(status)?)
}

fn marks(document: &Document<'_>, pointer: &str) -> Vec<String> {
    let mut pointers = vec![String::new()];
    for key in keys(pointer) {
        let last = pointers.last().map(String::as_str).unwrap_or_default();
        pointers.push(entry(last, &key));
    }
    let is_mark =
        |key: &str| key == "x-reconstructed" || key.starts_with("x-source-") || key.starts_with("x-undeclared-");
    let of = |pointer: &String| document.target(&format!("#{pointer}"));
    let entries = pointers.iter().rev().filter_map(of).flat_map(|at| at.entries());
    let marks = entries.filter(|(key, _)| is_mark(key));
    marks.map(|(key, at)| format!("{key}: {}", at.value.as_str().unwrap_or("true"))).collect()
}
