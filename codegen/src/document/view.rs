//! What rules and [`read`](crate::read) ask of a document: its objects with their kind, its operations, and what stands
//! behind references. Rules read the raw value, since only that has positions and every keyword.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    grammar::{self, Mismatch, Node, ObjectKind},
    located::{Located, keys},
    yaml::{Position, Positions},
};

pub(crate) const JSON: &str = "application/json";
pub(crate) const OCTETS: &str = "application/octet-stream";
pub(crate) const MULTIPART: &str = "multipart/form-data";

/// One operation of the spec.
pub(crate) struct OperationObject<'a> {
    /// As the keyword: `get`.
    pub(crate) method: &'static str,
    pub(crate) path: &'a str,
    pub(crate) item: Located<'a>,
    pub(crate) at: Located<'a>,
}

/// A response of an operation under a status code, behind its reference.
pub(crate) struct Response<'a> {
    pub(crate) status: u16,
    pub(crate) at: Located<'a>,
}

impl<'a> Response<'a> {
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The schema of its JSON body.
    pub(crate) fn json(&self) -> Option<Located<'a>> {
        json(&self.at)
    }

    pub(crate) fn is_file(&self) -> bool {
        self.at.get("content").is_some_and(|content| content.has(OCTETS))
    }
}

/// The schema of the JSON body of a response or a request.
pub(crate) fn json<'a>(at: &Located<'a>) -> Option<Located<'a>> {
    at.get("content")?.get(JSON)?.get("schema")
}

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// A spec, walked once.
pub(crate) struct Document<'a> {
    pub(crate) file: &'a str,
    raw: &'a Value,
    positions: &'a Positions,
    pub(crate) nodes: Vec<Node<'a>>,
    pub(crate) mismatches: Vec<Mismatch>,
    /// Where each object is referred to, by its pointer.
    references: BTreeMap<&'a str, Vec<String>>,
    /// In the order of the file.
    pub(crate) operations: Vec<OperationObject<'a>>,
}

impl<'a> Document<'a> {
    pub(crate) fn new(file: &'a str, raw: &'a Value, positions: &'a Positions) -> Self {
        let (nodes, mismatches) = grammar::walk(raw);
        let mut references: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for node in nodes.iter().filter(|node| node.is_reference) {
            if let Some(target) = node.at.reference().and_then(|reference| reference.strip_prefix('#')) {
                references.entry(target).or_default().push(node.at.pointer.clone());
            }
        }
        let mut document = Self { file, raw, positions, nodes, mismatches, references, operations: Vec::new() };
        let mut operations: Vec<_> = document
            .root()
            .entries_of("paths")
            .into_iter()
            .flat_map(|(path, item)| {
                METHODS.into_iter().filter_map(move |method| {
                    let at = item.get(method)?;
                    Some(OperationObject { method, path, item: item.clone(), at })
                })
            })
            .collect();
        operations.sort_by_key(|operation| document.position(&operation.at.pointer));
        document.operations = operations;
        document
    }

    pub(crate) fn root(&self) -> Located<'a> {
        Located { pointer: String::new(), value: self.raw }
    }

    pub(crate) fn position(&self, pointer: &str) -> Position {
        self.positions.at(pointer)
    }

    /// Every object of a kind that is written out.
    pub(crate) fn all(&self, kind: ObjectKind) -> impl Iterator<Item = &Node<'a>> {
        self.nodes.iter().filter(move |node| node.kind == kind && !node.is_reference)
    }

    /// The entries of a section of `components`.
    pub(crate) fn components(&self, section: &str) -> Vec<(&'a str, Located<'a>)> {
        self.root().get("components").map(|components| components.entries_of(section)).unwrap_or_default()
    }

    /// Whether a section of `components` has an entry of this name.
    pub(crate) fn has_component(&self, section: &str, name: &str) -> bool {
        self.root().get("components").and_then(|components| components.get(section)).is_some_and(|at| at.has(name))
    }

    /// What a local reference points at.
    pub(crate) fn target(&self, reference: &str) -> Option<Located<'a>> {
        let pointer = reference.strip_prefix('#')?;
        Some(Located { pointer: pointer.to_owned(), value: self.raw.pointer(pointer)? })
    }

    /// The object itself, behind any number of references; nothing when they lead nowhere or in a circle.
    pub(crate) fn resolve(&self, object: &Located<'a>) -> Option<Located<'a>> {
        let mut object = object.clone();
        for _ in 0..16 {
            match object.reference() {
                Some(reference) => object = self.target(reference)?,
                None => return Some(object),
            }
        }
        None
    }

    /// The schema that decides, behind references and `allOf` wrappers, and whether null is allowed all the way.
    pub(crate) fn schema(&self, schema: &Located<'a>) -> Option<(Located<'a>, bool)> {
        let mut schema = self.resolve(schema)?;
        let mut nullable = schema.flag("nullable");
        for _ in 0..16 {
            match schema.items_of("allOf").as_slice() {
                [only] => {
                    schema = self.resolve(only)?;
                    nullable &= schema.flag("nullable");
                }
                _ => return Some((schema, nullable)),
            }
        }
        None
    }

    /// `POST /call (createCall)` for a pointer into an operation.
    pub(crate) fn operation_of(&self, pointer: &str) -> Option<String> {
        // `/paths/~1call/post`, and whatever stands in it.
        let end = pointer.match_indices('/').nth(3).map_or(pointer.len(), |(end, _)| end);
        let operation = self.operations.iter().find(|operation| operation.at.pointer == pointer[..end])?;
        let name = format!("{} {}", operation.method.to_uppercase(), operation.path);
        match operation.at.text("operationId") {
            Some(id) if !id.is_empty() => Some(format!("{name} ({id})")),
            _ => Some(name),
        }
    }

    /// The places that refer to the object at a pointer.
    pub(crate) fn references_to(&self, pointer: &str) -> &[String] {
        self.references.get(pointer).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Requests and responses.
impl<'a> Document<'a> {
    /// The parameters of an operation behind their references: those of its path, then its own.
    pub(crate) fn parameters(&self, operation: &OperationObject<'a>) -> Vec<Located<'a>> {
        let shared = operation.item.items_of("parameters").into_iter();
        shared.chain(operation.at.items_of("parameters")).filter_map(|item| self.resolve(&item)).collect()
    }

    /// The request bodies, each with its operation.
    pub(crate) fn request_bodies(&self) -> impl Iterator<Item = (&OperationObject<'a>, Located<'a>)> {
        let bodies = self.operations.iter();
        bodies.filter_map(|operation| Some((operation, self.resolve(&operation.at.get("requestBody")?)?)))
    }

    /// The media types of all request bodies.
    pub(crate) fn request_contents(&self) -> Vec<(&'a str, Located<'a>)> {
        self.request_bodies().flat_map(|(_, body)| body.entries_of("content")).collect()
    }

    /// The responses of an operation that have a status code.
    pub(crate) fn responses(&self, operation: &OperationObject<'a>) -> Vec<Response<'a>> {
        let responses = operation.at.entries_of("responses").into_iter();
        responses
            .filter_map(|(status, at)| Some(Response { status: status.parse().ok()?, at: self.resolve(&at)? }))
            .collect()
    }

    /// The responses of all operations that have a status code.
    pub(crate) fn all_responses(&self) -> Vec<Response<'a>> {
        self.operations.iter().flat_map(|operation| self.responses(operation)).collect()
    }

    /// The schema of the failure that may come under any status.
    pub(crate) fn default_failure(&self, operation: &OperationObject<'a>) -> Option<Located<'a>> {
        json(&self.resolve(&operation.at.get("responses")?.get("default")?)?)
    }

    /// The schemas that a response of any status may have, each once: those of the bodies, and all in them.
    pub(crate) fn received(&self) -> Vec<Located<'a>> {
        let responses = self.operations.iter().flat_map(|operation| operation.at.entries_of("responses"));
        let mut left: Vec<_> = responses.filter_map(|(_, at)| json(&self.resolve(&at)?)).collect();
        let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
        while let Some(next) = left.pop() {
            let Some((schema, _)) = self.schema(&next) else { continue };
            if seen.insert(schema.pointer.clone()) {
                left.extend(schema.entries_of("properties").into_iter().map(|(_, property)| property));
                left.extend(["items", "additionalProperties"].into_iter().filter_map(|key| schema.get(key)));
                found.push(schema);
            }
        }
        found
    }

    /// What says how a failure under a success status is recognized, and where the result is in the body: the named
    /// schema of a JSON body, or the response that is a file.
    pub(crate) fn envelope(&self, response: &Response<'a>) -> Option<Located<'a>> {
        let marked = match response.json() {
            Some(schema) => self.resolve(&schema)?,
            None => response.at.clone(),
        };
        (marked.has("x-failure") || marked.has("x-unwrap")).then_some(marked)
    }
}

/// Schemas.
impl<'a> Document<'a> {
    /// A string, number or boolean, in place or by reference.
    pub(crate) fn is_scalar(&self, schema: &Located<'a>) -> bool {
        self.schema(schema).is_some_and(|(schema, _)| {
            matches!(schema.text("type"), Some("string" | "integer" | "number" | "boolean")) && !is_binary(&schema)
        })
    }

    /// A named object.
    pub(crate) fn is_reference_to_object(&self, schema: &Located<'a>) -> bool {
        let is_object = |schema: Located<'_>| schema.text("type") == Some("object") && !schema.has("oneOf");
        schema.reference().is_some() && self.resolve(schema).is_none_or(is_object)
    }

    /// Whether `oneOf` of a schema lists named objects, and more than one.
    pub(crate) fn is_choice(&self, schema: &Located<'a>) -> bool {
        let choices = schema.items_of("oneOf");
        let is_record = |choice: &Located<'a>| {
            self.is_reference_to_object(choice) && self.resolve(choice).is_none_or(|record| record.has("properties"))
        };
        let differ = choices.iter().all(|one| choices.iter().filter(|other| other.value == one.value).count() == 1);
        choices.len() > 1 && differ && choices.iter().all(is_record)
    }

    /// A named object, or a named choice of such.
    pub(crate) fn is_reference_to_object_or_choice(&self, schema: &Located<'a>) -> bool {
        self.is_reference_to_object(schema)
            || (schema.reference().is_some() && self.resolve(schema).is_some_and(|schema| self.is_choice(&schema)))
    }
}

/// Whether a string is a token of HTTP (RFC 9110, section 5.6.2), as the names of headers are.
pub(crate) fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}

/// A file, written in place.
pub(crate) fn is_binary(schema: &Located<'_>) -> bool {
    schema.text("type") == Some("string") && schema.text("format") == Some("binary")
}

/// Whether a pointer leads into a request.
pub(crate) fn is_in_request(pointer: &str) -> bool {
    let keys = keys(pointer);
    keys.iter().any(|key| key == "requestBody") || keys.get(1).is_some_and(|key| key == "requestBodies")
}
