//! What is kept of a document in `specs/sources`: SHA-256, facts, and a hash of each line under its heading.

use std::{fmt::Write, fs, path::Path};

use serde::{Deserialize, Serialize};

use super::{Document, Entry, Line, Unread};

/// The version of what lines are compared by; hashes of another one compare to nothing.
const VERSION: u32 = 1;

#[derive(Deserialize)]
struct Record {
    version: u32,
    sha256: String,
    facts: Option<Vec<Entry>>,
    #[serde(default)]
    unread: Vec<Why>,
    lines: Vec<Group>,
}

/// A line that can't be read, without its text.
#[derive(Serialize, Deserialize)]
struct Why {
    line: usize,
    why: String,
}

#[derive(Deserialize)]
struct Group {
    heading: String,
    hashes: Vec<String>,
}

/// Writes what is kept of a document, and says what that is.
///
/// # Errors
/// When the document can't be read, or the record written.
pub(crate) fn record(root: &Path, document: &str, name: &str) -> Result<String, String> {
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
        return Err(format!("{name}: a name is of small letters, digits and hyphens"));
    }
    let document = Document::read(root, document)?;
    if document.lines.iter().any(|line| line.text.is_none()) {
        return Err(format!("{}: a record already", document.name));
    }
    let folder = root.join("specs/sources");
    let path = folder.join(format!("{name}.json"));
    let written = fs::create_dir_all(&folder).and_then(|()| fs::write(&path, print(&document)?));
    written.map_err(|e| format!("{}: {e}", path.display()))?;
    let facts = document.entries.as_ref().map_or(0, Vec::len);
    let mut report = format!("specs/sources/{name}.json: {} lines, {facts} things\n", document.lines.len());
    document.complaints().iter().for_each(|complaint| report += &format!("{complaint}\n"));
    Ok(report)
}

/// One small thing per line, so that a diff of it reads well.
pub(super) fn print(document: &Document) -> Result<String, serde_json::Error> {
    let list = |items: Vec<String>, indent: &str| match items.as_slice() {
        [] => "[]".to_owned(),
        items => format!("[\n{indent}  {}\n{indent}]", items.join(&format!(",\n{indent}  "))),
    };
    let mut out = format!("{{\n  \"version\": {VERSION},\n  \"sha256\": {:?},\n", document.sha256);
    if let Some(entries) = &document.entries {
        let facts = entries.iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>()?;
        let _ = writeln!(out, "  \"facts\": {},", list(facts, "  "));
    }
    if !document.unread.is_empty() {
        let unread = document.unread.iter().map(|unread| Why { line: unread.line, why: unread.why.clone() });
        let unread = unread.map(|why| serde_json::to_string(&why)).collect::<Result<Vec<_>, _>>()?;
        let _ = writeln!(out, "  \"unread\": {},", list(unread, "  "));
    }
    let mut groups: Vec<(&str, Vec<String>)> = Vec::new();
    for line in &document.lines {
        let hash = format!("{:?}", line.hash);
        match groups.last_mut() {
            Some((heading, hashes)) if *heading == line.heading => hashes.push(hash),
            _ => groups.push((&line.heading, vec![hash])),
        }
    }
    let group = |(heading, hashes): (&str, Vec<String>)| {
        let heading = serde_json::to_string(heading)?;
        Ok(format!("{{\"heading\": {heading}, \"hashes\": {}}}", list(hashes, "    ")))
    };
    let groups = groups.into_iter().map(group).collect::<Result<Vec<_>, serde_json::Error>>()?;
    let _ = writeln!(out, "  \"lines\": {}\n}}", list(groups, "  "));
    Ok(out)
}

/// A document of which only this is left.
pub(super) fn parse(name: &str, json: &str) -> Result<Document, String> {
    let record: Record = serde_json::from_str(json).map_err(|e| format!("{name}: {e}"))?;
    if record.version != VERSION {
        return Err(format!("{name}: recorded by another version of this tool; record the document again"));
    }
    let lines = record.lines.into_iter().flat_map(|Group { heading, hashes }| {
        hashes.into_iter().map(move |hash| Line { hash, heading: heading.clone(), text: None })
    });
    let unread = record.unread.into_iter().map(|Why { line, why }| Unread { line, why, text: String::new() });
    Ok(Document {
        name: name.to_owned(),
        sha256: record.sha256,
        entries: record.facts,
        unread: unread.collect(),
        restored: Vec::new(),
        lines: lines.collect(),
    })
}
