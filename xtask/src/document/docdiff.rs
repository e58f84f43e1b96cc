//! Two texts of a document: the facts that changed, with the place in the spec to edit, and the lines that did.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write,
};

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::{Change, Described, Document, Line, Thing, compare, lines::hashes};

pub(super) fn docdiff(old: &Document, new: &Document, spec: Option<&Described<'_>>) -> String {
    let mut out = String::new();
    match (&old.entries, &new.entries) {
        (Some(before), Some(after)) => facts(&mut out, &compare(before, after), spec),
        (None, None) => {}
        (Some(_), None) => out.push_str("Facts: the new document isn't a reference any more.\n"),
        (None, Some(_)) => out.push_str("Facts: the old document wasn't a reference.\n"),
    }
    // Of the old side, only what the new one doesn't have as well.
    let olds = old.unread.iter().filter(|old| !new.unread.iter().any(|new| new.why == old.why && new.text == old.text));
    let complaints = new.complaints();
    if !complaints.is_empty() || olds.clone().count() > 0 {
        out.push('\n');
        for complaint in &complaints {
            let _ = writeln!(out, "{complaint}");
        }
        for unread in olds {
            let _ = writeln!(out, "{} line {}: couldn't be read ({})", old.name, unread.line, unread.why);
        }
    }
    lines(&mut out, &Lines::between(old, new));
    if out.is_empty() { "No difference.\n".to_owned() } else { out.trim_start().to_owned() }
}

fn facts(out: &mut String, changes: &[Change], spec: Option<&Described<'_>>) {
    if changes.is_empty() {
        return;
    }
    let _ = writeln!(out, "Facts: {} changed", changes.len());
    let mut owners: Vec<Thing> = Vec::new();
    for owner in changes.iter().map(|change| change.of().owner()) {
        if !owners.contains(&owner) {
            owners.push(owner);
        }
    }
    // A part that the spec doesn't have belongs to what it has.
    let place = |thing: &Thing| {
        let (spec, owner) = (spec?, thing.owner());
        let has_owner = owner == Thing::Interface || spec.place(&owner) != spec.place(&Thing::Interface);
        Some(if has_owner { spec.place(thing)?.to_string() } else { spec.file() })
    };
    for owner in owners {
        let id = match (&owner, spec) {
            (Thing::Operation(operation), Some(spec)) => spec.id(operation).map(|id| format!("`{id}`, ")),
            _ => None,
        };
        let at = place(&owner).map(|at| format!(" ({}{at})", id.unwrap_or_default())).unwrap_or_default();
        let _ = writeln!(out, "\n{owner}{at}");
        for change in changes.iter().filter(|change| change.of().owner() == owner) {
            let line = (change.line() > 0).then(|| format!("line {}", change.line()));
            let at: Vec<String> = place(change.of()).into_iter().chain(line).collect();
            let at = if at.is_empty() { String::new() } else { format!("  [{}]", at.join(", ")) };
            let _ = writeln!(out, "  {change}{at}");
        }
    }
}

/// The lines that changed.
#[derive(Default)]
struct Lines<'a> {
    gone: Vec<&'a Line>,
    come: Vec<&'a Line>,
    /// Single ones that stand elsewhere: before, and now.
    moved: Vec<(&'a Line, &'a Line)>,
    /// Lines that the document has more than twice, and that stand elsewhere.
    repeated: usize,
}

impl<'a> Lines<'a> {
    fn between(old: &'a Document, new: &'a Document) -> Self {
        let hashes = |lines: &'a [Line]| lines.iter().map(|line| line.hash.as_str()).collect::<Vec<&str>>();
        let (olds, news) = (hashes(&old.lines), hashes(&new.lines));
        let mut found = Self::default();
        for op in capture_diff_slices(Algorithm::Patience, &olds, &news) {
            if !matches!(op, DiffOp::Equal { .. }) {
                let (gone, come) = (&old.lines[op.old_range()], &new.lines[op.new_range()]);
                let (gone, come) = without_rewrapped(gone.iter().collect(), come.iter().collect());
                found.gone.extend(gone);
                found.come.extend(come);
            }
        }
        found.take_moved(&news);
        found
    }

    /// Sorts out what is gone here and comes there.
    fn take_moved(&mut self, news: &[&str]) {
        let mut come = std::mem::take(&mut self.come);
        let mut gone = Vec::new();
        for line in std::mem::take(&mut self.gone) {
            match come.iter().position(|other| other.hash == line.hash) {
                Some(_) if news.iter().filter(|hash| **hash == line.hash).count() > 2 => {
                    self.repeated += 1;
                    let at = come.iter().position(|other| other.hash == line.hash).unwrap_or_default();
                    come.remove(at);
                }
                Some(at) => self.moved.push((line, come.remove(at))),
                None => gone.push(line),
            }
        }
        (self.gone, self.come) = (gone, come);
    }
}

/// Takes out lines that only were wrapped in another way: some new ones together are some old ones together. Of old lines
/// the hashes are known.
fn without_rewrapped<'a>(mut old: Vec<&'a Line>, mut new: Vec<&'a Line>) -> (Vec<&'a Line>, Vec<&'a Line>) {
    let mut from = 0;
    while from < new.len() {
        match rewrapped(&old, &new[from..]) {
            Some((at, olds, news)) => {
                old.drain(at..at + olds);
                new.drain(from..from + news);
            }
            None => from += 1,
        }
    }
    (old, new)
}

/// From which old line on how many of them are the same as how many of the new ones.
fn rewrapped(old: &[&Line], new: &[&Line]) -> Option<(usize, usize, usize)> {
    // More than a paragraph.
    const MOST: usize = 3000;
    let (mut text, mut ends) = (String::new(), Vec::new());
    for line in new.iter().filter(|_| !old.is_empty()) {
        text.push_str(&line.text.as_ref()?.key);
        ends.push(text.len());
        if text.len() > MOST {
            break;
        }
    }
    let by_hash: HashMap<&str, usize> =
        old.iter().enumerate().rev().map(|(at, line)| (line.hash.as_str(), at)).collect();
    for (hash, mut end) in hashes(&text) {
        let Some(at) = by_hash.get(hash.as_str()) else { continue };
        let mut olds = 1;
        loop {
            if let Some(news) = ends.iter().position(|other| *other == end) {
                return Some((*at, olds, news + 1));
            }
            let Some(next) = old.get(at + olds) else { break };
            match hashes(&text[end..]).into_iter().find(|(hash, _)| *hash == next.hash) {
                Some((_, length)) => (olds, end) = (olds + 1, end + length),
                None => break,
            }
        }
    }
    None
}

fn lines(out: &mut String, found: &Lines<'_>) {
    let Lines { gone, come, moved, repeated } = found;
    if gone.is_empty() && come.is_empty() && moved.is_empty() && *repeated == 0 {
        return;
    }
    let _ = writeln!(out, "\nLines: {} new, {} gone, {} moved", come.len(), gone.len(), moved.len());
    if *repeated > 0 {
        let _ = writeln!(
            out,
            "({repeated} more, of those that the document has more than twice, are gone here and new there)"
        );
    }
    let mut headings: Vec<&str> = Vec::new();
    let all = come.iter().copied().chain(gone.iter().copied()).chain(moved.iter().map(|(_, to)| *to));
    for line in all {
        if !headings.contains(&line.heading.as_str()) {
            headings.push(&line.heading);
        }
    }
    for heading in headings {
        let _ = writeln!(out, "\n{}", if heading.is_empty() { "(no heading)" } else { heading });
        let (mut told, mut counted) = (BTreeMap::new(), 0);
        for line in gone.iter().filter(|line| line.heading == heading) {
            match &line.text {
                Some(text) => {
                    let _ = writeln!(out, "  -{:5}  {}", text.number, text.shown);
                }
                None => counted += 1,
            }
        }
        if counted > 0 {
            let _ = writeln!(out, "  -       {}", lines_of(counted));
        }
        counted = 0;
        for line in come.iter().filter(|line| line.heading == heading) {
            match &line.text {
                Some(text) => {
                    told.insert(text.number, format!("  +{:5}  {}", text.number, text.shown));
                }
                None => counted += 1,
            }
        }
        for (from, to) in moved.iter().filter(|(_, to)| to.heading == heading) {
            match &to.text {
                Some(text) => {
                    let from = if from.heading == heading { "here" } else { from.heading.as_str() };
                    told.insert(text.number, format!("  >{:5}  {}  (was: {from})", text.number, text.shown));
                }
                None => counted += 1,
            }
        }
        for line in told.values() {
            let _ = writeln!(out, "{line}");
        }
        if counted > 0 {
            let _ = writeln!(out, "  +       {}", lines_of(counted));
        }
    }
}

fn lines_of(count: usize) -> String {
    format!("{count} {}", if count == 1 { "line" } else { "lines" })
}
