//! A document and its spec: what one has and the other lacks, and which of it the marks of the spec explain.

use std::{collections::BTreeMap, fmt::Write};

use super::{Aspect, Change, Described, Document, Entry, Thing, compare};

/// What differs; and whether nothing of it is left unexplained, and everything could be read.
pub(super) fn audit(document: &Document, entries: &[Entry], spec: &Described<'_>) -> (String, bool) {
    let entries: Vec<Entry> = entries.iter().cloned().map(comparable).collect();
    let changes = compare(&entries, &spec.entries());
    let (mut unexplained, mut explained): (Vec<&Change>, BTreeMap<String, Vec<&Change>>) = Default::default();
    for change in &changes {
        match explanation(change, spec) {
            Some(mark) => explained.entry(mark).or_default().push(change),
            None => unexplained.push(change),
        }
    }
    let complaints = document.complaints();
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{}: {} things; {} differences, {} of them unexplained, {} lines can't be read",
        document.name,
        entries.len(),
        changes.len(),
        unexplained.len(),
        complaints.len()
    );
    let place = |change: &Change| spec.place(change.of()).map(|place| place.to_string()).unwrap_or_default();
    if !unexplained.is_empty() {
        let _ = writeln!(out, "\nUnexplained");
    }
    for change in &unexplained {
        let _ = writeln!(out, "  {}  {}", place(change), told(change));
    }
    if !complaints.is_empty() {
        out.push('\n');
        for complaint in &complaints {
            let _ = writeln!(out, "{complaint}");
        }
    }
    if !document.restored.is_empty() {
        out.push('\n');
        let restored = document.restored.iter().map(|line| format!("line {}: {}: {}", line.line, line.why, line.text));
        for line in restored {
            let _ = writeln!(out, "{line}");
        }
    }
    if !explained.is_empty() {
        let _ = writeln!(out, "\nExplained");
    }
    for (mark, changes) in explained {
        let _ = writeln!(out, "  {mark}");
        for change in changes {
            let _ = writeln!(out, "    {}  {}", place(change), told(change));
        }
    }
    (out, unexplained.is_empty() && complaints.is_empty())
}

/// What a spec doesn't say: the name of a body, and the server, which isn't a fact of the interface.
fn comparable(mut entry: Entry) -> Entry {
    entry.says.retain(|aspect, _| !matches!(aspect, Aspect::Name | Aspect::Host));
    entry
}

fn told(change: &Change) -> String {
    let or_none = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
    let of = change.of();
    let owner = of.owner();
    let whose = if owner == *of { String::new() } else { format!("{owner}: ") };
    match change {
        Change::Added(entry) => format!("{whose}{of}: only the spec has it{}", entry.details()),
        Change::Removed(entry) => format!("{whose}{of}: only the document has it{}", entry.details()),
        Change::Changed { aspect, old, new, .. } => {
            format!("{whose}{of}: {aspect} is {} in the document, {} in the spec", or_none(old), or_none(new))
        }
    }
}

/// The mark that explains a difference: the nearest one, inside out.
fn explanation(change: &Change, spec: &Described<'_>) -> Option<String> {
    let of = change.of();
    // What holds for the whole file is said at its top.
    let is_body = matches!(of, Thing::Parameter(_, location, _) if location == "body");
    if is_body && matches!(change, Change::Changed { aspect: Aspect::Required, .. }) {
        return first(spec.place(&Thing::Interface)?.marks);
    }
    let own = own(of, spec);
    if matches!(change, Change::Removed(_)) {
        // What stands around it may be marked for something else.
        return own.filter(|mark| !of.name().is_empty() && mark.contains(&of.name()));
    }
    own.or_else(|| match of {
        Thing::Value(definition, property, _) => first(spec.place_of_values(definition, property)?.marks),
        _ => None,
    })
}

/// The mark of a thing itself, or of the nearest one around it that the spec has: what is said of an operation doesn't explain
/// its responses.
fn own(thing: &Thing, spec: &Described<'_>) -> Option<String> {
    let place = spec.place(thing)?;
    let mut around = thing.parent();
    while let Some(parent) = around {
        let outer = spec.place(&parent)?;
        if outer != place {
            return first(place.marks.into_iter().filter(|mark| !outer.marks.contains(mark)).collect());
        }
        around = parent.parent();
    }
    first(place.marks)
}

fn first(marks: Vec<String>) -> Option<String> {
    // The media types that the whole document lists explain no difference here.
    marks.into_iter().find(|mark| !mark.starts_with("x-source-media-types"))
}
