//! The spec as the rules see it: every value with its JSON pointer, every object with its kind, every operation.
//! Rules read the raw value, not the model, since only the raw value has places and keeps what the model drops.

use serde_json::Value;

use super::grammar::{self, Kind, Mismatch, Node};
use super::{Violation, Violations};
use crate::load::{Place, Places};

/// Appends a key to a JSON pointer.
pub(crate) fn entry(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// The keys of a JSON pointer, unescaped.
pub(crate) fn keys(pointer: &str) -> Vec<String> {
    pointer.split('/').skip(1).map(|key| key.replace("~1", "/").replace("~0", "~")).collect()
}

/// A value and where it is.
#[derive(Debug, Clone)]
pub(crate) struct Located<'a> {
    pub(crate) pointer: String,
    pub(crate) value: &'a Value,
}

impl<'a> Located<'a> {
    pub(crate) fn get(&self, key: &str) -> Option<Self> {
        Some(Self { pointer: entry(&self.pointer, key), value: self.value.as_object()?.get(key)? })
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.value.get(key).is_some()
    }

    pub(crate) fn text(&self, key: &str) -> Option<&'a str> {
        self.value.get(key)?.as_str()
    }

    /// Whether a boolean keyword is there and true; everything in OpenAPI that may be left out defaults to false.
    pub(crate) fn flag(&self, key: &str) -> bool {
        self.value.get(key).and_then(Value::as_bool).unwrap_or(false)
    }

    /// The entries of a mapping with their keys; none when it is something else.
    pub(crate) fn entries(&self) -> Vec<(&'a str, Self)> {
        let entries = self.value.as_object().into_iter().flatten();
        entries.map(|(key, value)| (key.as_str(), Self { pointer: entry(&self.pointer, key), value })).collect()
    }

    /// The entries below a key that holds a mapping.
    pub(crate) fn entries_of(&self, key: &str) -> Vec<(&'a str, Self)> {
        self.get(key).map(|inner| inner.entries()).unwrap_or_default()
    }

    /// The items of a list below a key.
    pub(crate) fn items_of(&self, key: &str) -> Vec<Self> {
        let Some(list) = self.get(key) else { return Vec::new() };
        let items = list.value.as_array().into_iter().flatten().enumerate();
        items.map(|(index, value)| Self { pointer: entry(&list.pointer, &index.to_string()), value }).collect()
    }

    pub(crate) fn reference(&self) -> Option<&'a str> {
        self.text("$ref")
    }
}

/// One operation of the spec.
pub(crate) struct Operation<'a> {
    pub(crate) method: &'static str,
    pub(crate) path: &'a str,
    pub(crate) item: Located<'a>,
    pub(crate) at: Located<'a>,
}

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// A spec, walked once, for all rules.
pub(crate) struct Document<'a> {
    file: &'a str,
    raw: &'a Value,
    places: &'a Places,
    pub(crate) nodes: Vec<Node<'a>>,
    pub(crate) mismatches: Vec<Mismatch>,
    pub(crate) operations: Vec<Operation<'a>>,
}

impl<'a> Document<'a> {
    pub(crate) fn new(file: &'a str, raw: &'a Value, places: &'a Places) -> Self {
        let (nodes, mismatches) = grammar::walk(raw);
        let mut document = Self { file, raw, places, nodes, mismatches, operations: Vec::new() };
        let mut operations: Vec<_> = document
            .root()
            .entries_of("paths")
            .into_iter()
            .flat_map(|(path, item)| {
                METHODS.into_iter().filter_map(move |method| {
                    let at = item.get(method)?;
                    Some(Operation { method, path, item: item.clone(), at })
                })
            })
            .collect();
        operations.sort_by_key(|operation| document.place(&operation.at.pointer));
        document.operations = operations;
        document
    }

    pub(crate) fn root(&self) -> Located<'a> {
        Located { pointer: String::new(), value: self.raw }
    }

    pub(crate) fn place(&self, pointer: &str) -> Place {
        self.places.at(pointer)
    }

    /// Every object of a kind that is written out, in the order of the file.
    pub(crate) fn all(&self, kind: Kind) -> impl Iterator<Item = &Node<'a>> {
        self.nodes.iter().filter(move |node| node.kind == kind && !node.is_reference)
    }

    /// The entries of a section of `components`.
    pub(crate) fn components(&self, section: &str) -> Vec<(&'a str, Located<'a>)> {
        self.root().get("components").map(|components| components.entries_of(section)).unwrap_or_default()
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
        let within = |operation: &&Operation<'_>| {
            let own = operation.at.pointer.as_str();
            pointer.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let operation = self.operations.iter().find(within)?;
        let name = format!("{} {}", operation.method.to_uppercase(), operation.path);
        match operation.at.text("operationId") {
            Some(id) if !id.is_empty() => Some(format!("{name} ({id})")),
            _ => Some(name),
        }
    }
}

/// Where rules put what they find.
pub(crate) struct Report<'a> {
    document: &'a Document<'a>,
    found: Vec<Violation>,
}

impl<'a> Report<'a> {
    pub(crate) fn new(document: &'a Document<'a>) -> Self {
        Self { document, found: Vec::new() }
    }

    /// Reports what is wrong with the value at a pointer, and what to write instead.
    pub(crate) fn add(&mut self, pointer: &str, wrong: impl AsRef<str>, instead: impl AsRef<str>) {
        let place = self.document.place(pointer);
        self.found.push(Violation {
            file: self.document.file.to_owned(),
            line: place.line,
            column: place.column,
            operation: self.document.operation_of(pointer),
            message: format!("{}; {}", wrong.as_ref(), instead.as_ref()),
        });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    pub(crate) fn finish(self) -> Result<(), Violations> {
        if self.found.is_empty() { Ok(()) } else { Err(Violations::new(self.found)) }
    }
}
