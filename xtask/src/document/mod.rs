//! `cargo xtask docdiff`, `record` and `audit`: what changed in the document of a vendor, what is kept of it, and whether its
//! spec says the same. The documents are not ours to publish: `specs/sources` has facts and hashes, and no sentences.

mod audit;
mod docdiff;
mod lines;
mod record;
mod reference;
mod spec;
mod structure;
#[cfg(test)]
mod tests;

use std::{collections::HashSet, fs, path::Path};

use casewire_codegen::{Spec, interfaces};

pub(crate) use self::{lines::digest, record::record};
use self::{
    reference::Unread,
    spec::Described,
    structure::{Aspect, Change, Entry, Thing, compare},
};

/// A document as far as it is known: its text, or what was recorded of one.
#[derive(Debug)]
pub(crate) struct Document {
    /// As it was given.
    pub name: String,
    pub sha256: String,
    /// What it says, when it is a reference.
    pub entries: Option<Vec<Entry>>,
    pub unread: Vec<Unread>,
    pub restored: Vec<Unread>,
    pub lines: Vec<Line>,
}

/// A line of a document.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub hash: String,
    pub heading: String,
    /// Nothing of a recorded one.
    pub text: Option<Text>,
}

/// What a line is.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    /// In the file, counted from 1.
    pub number: usize,
    pub shown: String,
    pub key: String,
}

impl Document {
    pub(crate) fn of_text(name: &str, text: &str) -> Self {
        let rows = lines::rows(text);
        let reference = reference::read(&rows);
        let (headings, continued) = match &reference {
            Some(reference) => (reference.headings.clone(), reference.continued.clone()),
            None => (lines::headings(&rows), HashSet::new()),
        };
        let lines = lines::lines(&rows, &headings, &continued).into_iter().map(|line| Line {
            hash: lines::hash(&line.key),
            heading: line.heading,
            text: Some(Text { number: line.number, shown: line.text, key: line.key }),
        });
        let lines = lines.collect();
        let (name, sha256) = (name.to_owned(), lines::digest(text.as_bytes()));
        match reference {
            Some(reference) => Self {
                name,
                sha256,
                entries: Some(reference.entries),
                unread: reference.unread,
                restored: reference.restored,
                lines,
            },
            None => Self { name, sha256, entries: None, unread: Vec::new(), restored: Vec::new(), lines },
        }
    }

    /// A text, a record, or the name of one in `specs/sources`.
    ///
    /// # Errors
    /// When there is no such file, or it is neither.
    pub(crate) fn read(root: &Path, argument: &str) -> Result<Self, String> {
        let own = root.join("specs/sources").join(format!("{argument}.json"));
        let given = Path::new(argument);
        let path = if given.is_file() || !own.is_file() { given } else { own.as_path() };
        let bytes = fs::read(path).map_err(|e| format!("{argument}: {e}"))?;
        let text = String::from_utf8(bytes).map_err(|_| format!("{argument}: not a text in UTF-8"))?;
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("json") => record::parse(argument, &text),
            _ => Ok(Self::of_text(argument, &text)),
        }
    }

    /// The lines that can't be read, as they are reported.
    fn complaints(&self) -> Vec<String> {
        let complaint = |Unread { line, text, why }: &Unread| {
            let text = if text.is_empty() { String::new() } else { format!(": {text}") };
            format!("{} line {line} can't be read ({why}){text}", self.name)
        };
        self.unread.iter().map(complaint).collect()
    }
}

/// What changed from one document to the other.
///
/// # Errors
/// When one of them, or a spec, can't be read.
pub(crate) fn docdiff(root: &Path, old: &str, new: &str, interface: Option<&str>) -> Result<String, String> {
    let (old, new) = (Document::read(root, old)?, Document::read(root, new)?);
    let found = match new.entries.as_ref().or(old.entries.as_ref()) {
        Some(entries) => spec_of(root, entries, interface)?,
        None => None,
    };
    let spec = found.as_ref().map(|(interface, spec)| Described::of(interface, spec)).transpose()?;
    Ok(docdiff::docdiff(&old, &new, spec.as_ref()))
}

/// Holds a document against a spec; and whether all differences are explained.
///
/// # Errors
/// When the document is not a reference, or one of them can't be read.
pub(crate) fn audit(root: &Path, document: &str, interface: Option<&str>) -> Result<(String, bool), String> {
    let document = Document::read(root, document)?;
    let fail = |why: &str| format!("{}: {why}", document.name);
    let entries = document.entries.as_ref();
    let entries = entries.ok_or_else(|| fail("has no tables of operations to hold against a spec"))?;
    let found = spec_of(root, entries, interface)?;
    let (interface, spec) = found.ok_or_else(|| fail("no spec has an operation of it; name one with --spec"))?;
    Ok(audit::audit(&document, entries, &Described::of(&interface, &spec)?))
}

/// The spec of an interface; without one, the spec that has most of the operations.
fn spec_of(root: &Path, entries: &[Entry], interface: Option<&str>) -> Result<Option<(String, Spec)>, String> {
    let folder = root.join("specs");
    let read = |interface: &str| casewire_codegen::read_spec(&folder, interface).map_err(|e| e.to_string());
    if let Some(interface) = interface {
        return Ok(Some((interface.to_owned(), read(interface)?)));
    }
    let mut best = None;
    for interface in interfaces(&folder).map_err(|e| e.to_string())? {
        let spec = read(&interface)?;
        let shared = Described::of(&interface, &spec)?.operations_of(entries);
        if shared > best.as_ref().map_or(0, |(most, _)| *most) {
            best = Some((shared, (interface, spec)));
        }
    }
    Ok(best.map(|(_, found)| found))
}
