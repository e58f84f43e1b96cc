//! Reads a reference as swagger2markup prints it and extraction leaves it: headings, heads and cells are lost, rows torn,
//! words broken. Rows are therefore known by their own first cell, not by the table that they stand in. A line that can't be
//! read is kept as such.

mod cells;
mod table;

use std::collections::HashSet;

use self::cells::{Patterns, Ty};
use super::{
    lines::{self, Gap, Headings, Row, squash},
    structure::{Aspect, Entry, Thing},
};

/// What a reference says.
#[derive(Debug, Default)]
pub(crate) struct Reference {
    pub entries: Vec<Entry>,
    pub unread: Vec<Unread>,
    /// What was put together from pieces.
    pub restored: Vec<Unread>,
    /// Where its operations and definitions begin.
    pub headings: Headings,
    /// The lines that belong to the row above.
    pub continued: HashSet<usize>,
}

/// A line that can't be read, or not as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unread {
    pub line: usize,
    pub text: String,
    /// Has none of the text.
    pub why: String,
}

/// The reference in a document; nothing when it isn't one.
pub(crate) fn read(rows: &[Row]) -> Option<Reference> {
    let has_responses = rows.iter().any(|row| row.is_of_table() && squash(&row.text).starts_with("HTTPCode"));
    let has_operations = (0..rows.len()).any(|at| lines::operation(rows, at).is_some());
    (has_responses && has_operations).then(|| Reader::new(rows).read())
}

/// What a line of a table begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Response,
    Parameter,
    Property,
    Security,
}

/// A row of a table, as far as it has come.
struct Pending {
    kind: Kind,
    line: usize,
    cells: Vec<String>,
}

impl Pending {
    /// Its last cell, without the empty ones behind it.
    fn last(&mut self) -> Option<&mut String> {
        let filled = self.cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |at| at + 1);
        self.cells.truncate(filled);
        self.cells.last_mut()
    }
}

/// A part of the reference.
enum At {
    Overview,
    Operation(String),
    Definition(String),
}

struct Reader<'r> {
    rows: &'r [Row],
    patterns: Patterns,
    tags: HashSet<String>,
    /// What may be the name of a definition.
    titles: HashSet<String>,
    at: At,
    /// The word above, such as `responses`.
    section: String,
    /// Whether a table of the operation was there.
    has_table: bool,
    /// How many columns the table has.
    columns: usize,
    pending: Option<Pending>,
    /// A line of a row that was torn, above the rest.
    held: Option<(usize, String)>,
    /// How the first cell of the next row begins.
    begun: Option<&'r Row>,
    /// Lines of text whose meaning shows later, by paragraphs.
    loose: Vec<Vec<&'r Row>>,
    /// Security rows in pieces.
    fragments: Vec<(usize, String, Vec<String>)>,
    reference: Reference,
}

const SECTIONS: [&str; 16] = [
    "overview",
    "versioninformation",
    "contactinformation",
    "licenseinformation",
    "urischeme",
    "externaldocs",
    "paths",
    "resources",
    "security",
    "parameters",
    "responses",
    "consumes",
    "produces",
    "tags",
    "definitions",
    "description",
];

impl<'r> Reader<'r> {
    fn new(rows: &'r [Row]) -> Self {
        Self {
            rows,
            patterns: Patterns::new(),
            tags: tags(rows),
            titles: titles(rows),
            at: At::Overview,
            section: String::new(),
            has_table: false,
            columns: 3,
            pending: None,
            held: None,
            begun: None,
            loose: Vec::new(),
            fragments: Vec::new(),
            reference: Reference { entries: vec![Entry::new(Thing::Interface, 0)], ..Reference::default() },
        }
    }

    fn read(mut self) -> Reference {
        let mut at = 0;
        while at < self.rows.len() {
            let row = &self.rows[at];
            if let Some((operation, taken)) = lines::operation(self.rows, at) {
                self.operation(row, operation);
                at += taken;
                continue;
            }
            if row.is_of_table() {
                self.table(row)
            } else {
                self.text(row, self.rows.get(at + 1))
            }
            at += 1;
        }
        self.end_table();
        self.secure(0);
        self.leave(true);
        self.finish()
    }

    fn unread(&mut self, line: usize, text: impl Into<String>, why: impl Into<String>) {
        self.reference.unread.push(Unread { line, text: text.into(), why: why.into() });
    }

    /// Adds a thing; one that is there already is an error of the document.
    fn add(&mut self, entry: Entry) {
        if self.reference.entries.iter().any(|other| other.of == entry.of) {
            self.unread(entry.line, entry.of.to_string(), "stands there a second time");
        } else {
            self.reference.entries.push(entry);
        }
    }

    fn say(&mut self, of: &Thing, aspect: Aspect, value: &str) {
        if let Some(entry) = self.reference.entries.iter_mut().find(|entry| entry.of == *of) {
            entry.says.insert(aspect, value.to_owned());
        }
    }

    fn operation(&mut self, row: &Row, operation: String) {
        self.end_table();
        self.secure(1);
        let summary = self.loose.pop().and_then(|paragraph| paragraph.first().map(|row| row.number));
        self.leave(false);
        self.reference.headings.insert(summary.unwrap_or(row.number), operation.clone());
        self.add(Entry::new(Thing::Operation(operation.clone()), row.number).with(Aspect::Security, "none"));
        self.at = At::Operation(operation);
        self.has_table = false;
        self.section.clear();
    }

    fn text(&mut self, row: &'r Row, next: Option<&Row>) {
        let squashed = squash(&row.text);
        let word = squashed.trim_end_matches(':').to_lowercase();
        if SECTIONS.contains(&word.as_str()) && !row.bullet {
            self.end_table();
            match (&self.at, word.as_str()) {
                (_, "definitions") => {
                    self.secure(0);
                    self.leave(true);
                    self.reference.headings.insert(row.number, "Definitions".to_owned());
                    self.at = At::Definition(String::new());
                }
                (At::Definition(_), _) => {
                    let why = "a section of an operation among the definitions";
                    self.unread(row.number, &row.text, why);
                }
                (At::Operation(_), _) if self.has_table => self.leave(false),
                _ => self.loose.clear(),
            }
            self.has_table |= word != "description";
            self.section = word;
            return;
        }
        if self.begins_row(row, next) {
            self.close();
            self.begun = Some(row);
            return;
        }
        if self.is_rest(row) {
            self.reference.continued.insert(row.number);
            if let Some(last) = self.pending.as_mut().and_then(Pending::last) {
                // A dash that begins a line looks like a bullet.
                let dash = if row.bullet { "- " } else { "" };
                *last = format!("{last} {dash}{}", row.text);
            }
            return;
        }
        self.end_table();
        if self.of_overview(row, &squashed) {
            return;
        }
        if self.loose.is_empty() || row.gap != Gap::None || row.bullet {
            self.loose.push(Vec::new());
        }
        if let Some(paragraph) = self.loose.last_mut() {
            paragraph.push(row);
        }
    }

    /// Whether a line is the upper half of a first cell, and not the rest of the last one.
    fn begins_row(&self, row: &Row, next: Option<&Row>) -> bool {
        let Some(next) = next.filter(|next| next.is_of_table() && next.may_continue() && row.may_continue()) else {
            return false;
        };
        let begins = self.kind(&format!("{}{}", row.text, next.cells()[0])).is_some() && !row.bullet;
        begins && self.pending.as_ref().is_none_or(|pending| self.is_complete(pending)) && !self.is_rest(row)
    }

    /// Whether a line is the rest of the last cell: of one that isn't complete, or with which it is a type.
    fn is_rest(&self, row: &Row) -> bool {
        let Some(pending) = self.pending.as_ref().filter(|_| row.may_continue()) else { return false };
        if !self.is_complete(pending) {
            return true;
        }
        let last = pending.cells.iter().rev().find(|cell| !cell.is_empty()).map(String::as_str).unwrap_or_default();
        let with = self.patterns.ty(&squash(&format!("{last}{}", row.text)));
        !row.bullet && with.is_some_and(|ty| self.is_known(&ty))
    }

    /// Whether a type has no name, or that of a definition.
    fn is_known(&self, ty: &Ty) -> bool {
        !ty.name.contains('`') || self.titles.contains(ty.leaf())
    }

    /// `Version: v1` and the like.
    fn of_overview(&mut self, row: &Row, squashed: &str) -> bool {
        let Some((key, value)) = squashed.split_once(':') else { return false };
        if matches!(self.at, At::Definition(_)) && key == "Type" {
            let line = row.number;
            self.title(line);
            let At::Definition(name) = &self.at else { return false };
            let of = Thing::Definition(name.clone());
            match self.patterns.ty(value) {
                Some(ty) => {
                    self.say(&of, Aspect::Type, &ty.name);
                    self.values(&of, ty, line);
                }
                None => self.unread(line, &row.text, "the type of the definition"),
            }
            return true;
        }
        if !matches!(self.at, At::Overview) {
            return false;
        }
        let scheme = self.reference.entries.iter().rev().find_map(|entry| match &entry.of {
            Thing::Scheme(name) => Some(name.clone()),
            _ => None,
        });
        match key {
            "Version" => self.say(&Thing::Interface, Aspect::Version, value),
            "Host" => self.say(&Thing::Interface, Aspect::Host, value),
            "Type" => {
                let title = self.loose.first().map(|paragraph| squash(&joined(paragraph))).unwrap_or_default();
                self.loose.clear();
                if !is_name(&title) {
                    self.unread(row.number, &row.text, "a security scheme without a name");
                    return true;
                }
                let ty = if value.eq_ignore_ascii_case("apikey") { "apiKey" } else { value };
                self.add(Entry::new(Thing::Scheme(title), row.number).with(Aspect::Type, ty));
            }
            "Name" | "In" => {
                let Some(of) = scheme.map(Thing::Scheme) else { return false };
                match key {
                    "Name" => self.say(&of, Aspect::Header, value),
                    _ if value.eq_ignore_ascii_case("header") => {}
                    _ => self.unread(row.number, &row.text, "a credential that isn't in a header"),
                }
            }
            _ => return false,
        }
        true
    }

    /// What stands below `Security` and isn't a table is the rest of one.
    /// Not the last `others` paragraphs.
    fn secure(&mut self, others: usize) {
        let At::Operation(operation) = &self.at else { return };
        if self.section == "security" && self.loose.len() > others {
            let mut rows = self.loose.remove(0);
            while self.loose.len() > others && self.loose[0][0].gap == Gap::Page {
                rows.extend(self.loose.remove(0));
            }
            let pieces = rows.iter().map(|row| row.text.clone()).collect();
            self.fragments.push((rows[0].number, operation.clone(), pieces));
        }
    }

    /// What text was left that isn't a description: tags and media types, which have lost their heading.
    fn leave(&mut self, is_end: bool) {
        let paragraphs = std::mem::take(&mut self.loose);
        let is_in_operation = matches!(self.at, At::Operation(_)) && self.has_table;
        if let (At::Definition(_), Some(first), true) = (&self.at, paragraphs.first(), is_end) {
            // A definition that has no properties.
            let (line, name) = (first[0].number, squash(&joined(first)));
            if is_name(&name) && !first[0].text.contains(' ') {
                self.add(Entry::new(Thing::Definition(name), line));
            } else {
                self.unread(line, joined(first), "neither a definition nor a description");
            }
        }
        for paragraph in paragraphs.into_iter().filter(|_| is_in_operation) {
            let mut is_media = false;
            for row in paragraph {
                let squashed = squash(&row.text);
                is_media =
                    self.patterns.media.is_match(&squashed) || is_media && self.patterns.media_rest.is_match(&squashed);
                if !is_media && !self.tags.contains(&squashed) {
                    self.unread(row.number, &row.text, "neither a row, a tag nor a media type");
                }
            }
        }
    }

    /// A table of properties begins: the text above is the title of the definition, and its description.
    fn title(&mut self, line: usize) {
        let paragraphs = std::mem::take(&mut self.loose);
        let Some(title) = paragraphs.first() else { return };
        let (line, name) = (title.first().map_or(line, |row| row.number), squash(&joined(title)));
        // Two of these would be a title and its description.
        let is_title = |extra: &&Vec<&Row>| extra[0].gap == Gap::Blank && is_name(&joined(extra));
        for extra in paragraphs.iter().skip(2).filter(is_title) {
            self.unread(extra[0].number, joined(extra), "a title without a table, or a part of a description");
        }
        if !is_name(&name) {
            self.unread(line, joined(title), "not the name of a definition");
        }
        self.reference.headings.insert(line, name.clone());
        self.add(Entry::new(Thing::Definition(name.clone()), line));
        self.at = At::Definition(name);
    }

    /// What can only be told when everything was read.
    fn finish(mut self) -> Reference {
        let declared = self.reference.entries.iter().filter_map(|entry| match &entry.of {
            Thing::Scheme(name) => Some(name.clone()),
            Thing::Operation(_) => entry.says.get(&Aspect::Security).cloned(),
            _ => None,
        });
        let schemes: HashSet<String> =
            declared.flat_map(|names| names.split(", ").map(str::to_owned).collect::<Vec<_>>()).collect();
        for (line, operation, pieces) in std::mem::take(&mut self.fragments) {
            let text = pieces.join(" / ");
            let longest = pieces.iter().map(|piece| squash(piece)).max_by_key(String::len).unwrap_or_default();
            let mut fits: Vec<(usize, &String)> =
                schemes.iter().map(|scheme| (common(&longest, scheme), scheme)).collect();
            fits.sort();
            match fits.as_slice() {
                [.., (second, _), (first, scheme)] if first > second && first * 2 >= scheme.len() => {
                    let why = format!("read as the security scheme {scheme}");
                    self.reference.restored.push(Unread { line, text, why });
                    self.say(&Thing::Operation(operation), Aspect::Security, scheme);
                }
                _ => self.unread(line, text, "the security scheme"),
            }
        }
        let definitions: HashSet<&String> = self
            .reference
            .entries
            .iter()
            .filter_map(|entry| match &entry.of {
                Thing::Definition(name) => Some(name),
                _ => None,
            })
            .collect();
        let unknown = |ty: &String| ty.split('`').nth(1).is_some_and(|name| !definitions.contains(&name.to_owned()));
        let dangling: Vec<Unread> = self
            .reference
            .entries
            .iter()
            .filter_map(|entry| {
                let ty = entry.says.get(&Aspect::Type).filter(|ty| unknown(ty))?;
                let why = format!("{}: {ty} isn't defined", entry.of);
                Some(Unread { line: entry.line, text: ty.clone(), why })
            })
            .collect();
        self.reference.unread.extend(dangling);
        self.reference.unread.sort_by_key(|unread| unread.line);
        self.reference
    }
}

fn joined(paragraph: &[&Row]) -> String {
    paragraph.iter().map(|row| row.text.as_str()).collect::<Vec<_>>().join(" ")
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
}

/// The tags of a reference: what stands below `Tags`, and single words with a bullet.
fn tags(rows: &[Row]) -> HashSet<String> {
    let below = rows.windows(2).filter(|pair| squash(&pair[0].text) == "Tags").map(|pair| &pair[1]);
    let tags = below.chain(rows.iter().filter(|row| row.bullet)).map(|row| squash(&row.text));
    tags.filter(|tag| is_name(tag)).collect()
}

/// What may be the name of a definition: single lines.
fn titles(rows: &[Row]) -> HashSet<String> {
    let alone = rows.iter().filter(|row| row.gap != Gap::None && !row.is_of_table());
    alone.map(|row| squash(&row.text)).filter(|title| is_name(title)).collect()
}

/// How many characters the longest text has that both have.
fn common(one: &str, other: &str) -> usize {
    let one: Vec<char> = one.chars().collect();
    let longest = |from: usize| {
        (from + 1..=one.len())
            .rev()
            .find(|to| other.contains(&one[from..*to].iter().collect::<String>()))
            .map_or(0, |to| to - from)
    };
    (0..one.len()).map(longest).max().unwrap_or_default()
}
