//! Where rules put what they find.

use crate::{
    document::Document,
    violation::{Violation, Violations},
};

/// What the rules have found so far.
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
        let position = self.document.position(pointer);
        self.found.push(Violation {
            file: self.document.file.to_owned(),
            line: position.line,
            column: position.column,
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
