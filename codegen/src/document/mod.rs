//! A spec as it stands in its file: values with positions ([`yaml`]), the objects and keywords of OpenAPI 3.0
//! ([`grammar`]), and what rules and [`read`](crate::read) ask of it ([`view`]).

mod conformance;
mod grammar;
mod located;
mod view;
mod yaml;

pub(crate) use self::{
    conformance::differences,
    grammar::{Node, ObjectKind},
    located::{Located, entry, keys},
    view::{Document, JSON, MULTIPART, OCTETS, OperationObject, is_binary, is_in_request, is_token, json},
};

use serde_json::Value;

use self::yaml::Positions;
use crate::violation::{Violation, Violations};

/// A spec as read: its value, and where each part of it stands in the file.
#[derive(Debug)]
pub struct Spec {
    file: String,
    raw: Value,
    positions: Positions,
}

/// Reads YAML. `file` is only used in messages.
///
/// # Errors
///
/// Everything that keeps the text from being one value of JSON, written in YAML: each with its line and column.
pub fn load(file: &str, yaml: &str) -> Result<Spec, Violations> {
    let (raw, positions) = yaml::read(yaml).map_err(|problems| {
        let violations = problems.into_iter().map(|(position, message)| Violation {
            file: file.to_owned(),
            line: position.line,
            column: position.column,
            operation: None,
            message,
        });
        Violations::new(violations.collect())
    })?;
    Ok(Spec { file: file.to_owned(), raw, positions })
}

impl Spec {
    /// The spec as rules and [`read`](crate::read) see it.
    pub(crate) fn document(&self) -> Document<'_> {
        Document::new(&self.file, &self.raw, &self.positions)
    }
}
