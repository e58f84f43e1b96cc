//! Reads a reference as swagger2markup prints it and extraction leaves it: headings, heads and cells are lost, rows torn,
//! words broken. Rows are therefore known by their own first cell, not by the table that they stand in. A line that can't be
//! read is kept as such.

use std::collections::HashSet;

use regex_lite::Regex;

use super::{
    lines::{self, Gap, Headings, LOST, Row, fold, regex, squash},
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

    fn table(&mut self, row: &'r Row) {
        let mut cells: Vec<String> = row.cells().into_iter().map(str::to_owned).collect();
        let line = self.begun.map_or(row.number, |begun| begun.number);
        if let Some(begun) = self.begun.take() {
            cells[0] = format!("{}{}", begun.text, cells[0]);
            self.reference.continued.insert(row.number);
        }
        if self.patterns.head.is_match(&squash(&row.text)) {
            self.close();
            self.columns = cells.iter().filter(|cell| !cell.is_empty()).count();
            self.has_table = true;
            if squash(&row.text).to_lowercase().starts_with("name") {
                self.title(row.number);
            }
            return;
        }
        let is_complete = |pending: &Pending| self.is_complete(pending);
        let takes_more = self.pending.as_ref().is_some_and(|pending| !is_complete(pending));
        // `required` and `200` may be the end of a description.
        let ends_in_type = self.patterns.ty(&squash(&cells[cells.len() - 1])).is_some_and(|ty| self.is_known(&ty));
        let is_rest = takes_more && row.may_continue() && cells.len() < self.columns;
        let is_rest = |kind: &Kind| is_rest && (*kind != Kind::Response || ends_in_type);
        if let Some(kind) = self.kind(&cells[0]).filter(|kind| !is_rest(kind)) {
            self.close();
            self.has_table = true;
            if self.held.is_some() {
                self.reference.continued.insert(row.number);
            }
            if kind == Kind::Property {
                self.title(row.number);
            }
            self.pending = Some(Pending { kind, line, cells });
            return;
        }
        let filled: Vec<&String> = cells.iter().filter(|cell| !cell.is_empty()).collect();
        match &mut self.pending {
            // The rest of a cell, and what stands right of it.
            Some(pending) if !cells[0].is_empty() && takes_more => {
                if let Some(last) = pending.last() {
                    *last = format!("{last} {}", cells[0]);
                }
                pending.cells.extend_from_slice(&cells[1..]);
                self.reference.continued.insert(row.number);
            }
            // The lower half of a row.
            Some(pending) if takes_more => {
                pending.last();
                pending.cells.extend_from_slice(&cells[1..]);
                self.reference.continued.insert(row.number);
            }
            // The upper half of the next one, which can only be of its description.
            _ => match filled.as_slice() {
                [text] if cells[0].is_empty() && !self.patterns.is_name_cell(text) => {
                    self.end_table();
                    self.held = Some((row.number, (*text).clone()));
                }
                _ => {
                    self.close();
                    self.unread(row.number, &row.text, "a row without what it begins with");
                }
            },
        }
    }

    fn kind(&self, first: &str) -> Option<Kind> {
        let first = squash(first);
        let word = first.to_lowercase();
        let is_in_operation = matches!(self.at, At::Operation(_));
        let is_status = first.len() == 3 && first.starts_with(['1', '2', '3', '4', '5']) || word == "default";
        if is_status && (word == "default" || first.chars().all(|c| c.is_ascii_digit())) && is_in_operation {
            Some(Kind::Response)
        } else if ["path", "query", "header", "body", "formdata"].contains(&word.as_str()) && is_in_operation {
            Some(Kind::Parameter)
        } else if ["apikey", "unknown", "oauth2", "basic"].contains(&word.as_str()) && is_in_operation {
            Some(Kind::Security)
        } else {
            self.patterns.is_name_cell(&first).then_some(Kind::Property)
        }
    }

    /// The type in a row: the shortest end of its cells that is one.
    fn ty(&self, pending: &Pending) -> Option<(usize, Ty)> {
        let end = pending.cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |at| at + 1);
        // Behind a description, which could be a name.
        let least = match pending.kind {
            Kind::Parameter => self.columns.clamp(3, 4) - 1,
            _ => self.columns.clamp(2, 3) - 1,
        };
        (least..end).rev().find_map(|at| Some((at, self.patterns.ty(&squash(&pending.cells[at..end].concat()))?)))
    }

    fn is_complete(&self, pending: &Pending) -> bool {
        match pending.kind {
            Kind::Security => pending.cells.len() > 1,
            _ => self.ty(pending).is_some(),
        }
    }

    /// The table has come to its end.
    fn end_table(&mut self) {
        self.close();
        if let Some((line, text)) = self.held.take() {
            self.unread(line, text, "a part of a row that isn't there");
        }
        self.columns = 3;
    }

    /// Takes the row that has come to its end.
    fn close(&mut self) {
        let Some(pending) = self.pending.take() else { return };
        let held = self.held.take().map(|(_, text)| text).unwrap_or_default();
        if pending.kind == Kind::Security {
            self.security(&pending);
            return;
        }
        let found = self.ty(&pending);
        let end = found.as_ref().map_or(pending.cells.len(), |(at, _)| *at);
        let first = if pending.kind == Kind::Parameter { 2 } else { 1 };
        let description: Vec<&str> = pending.cells.iter().take(end).skip(first).map(String::as_str).collect();
        let description = format!("{held} {}", description.join(" "));
        let whole = pending.cells.join(" | ");
        if found.is_none() {
            self.unread(pending.line, &whole, "a row without a type");
        }
        let ty = found.map_or_else(|| Ty::named("unknown"), |(_, ty)| ty);
        if ty.is_restored {
            let why = format!("put together: {}", ty.values.join(", "));
            self.reference.restored.push(Unread { line: pending.line, text: whole.clone(), why });
        }
        match (pending.kind, &self.at) {
            (Kind::Response, At::Operation(operation)) => {
                let operation = operation.clone();
                self.response(&operation, &pending, ty, &description);
            }
            (Kind::Parameter, At::Operation(operation)) => {
                let operation = operation.clone();
                self.parameter(&operation, &pending, ty, &description);
            }
            (Kind::Property, At::Definition(definition)) if !definition.is_empty() => {
                let of = Thing::Property(definition.clone(), self.patterns.name(&pending.cells[0]).0);
                self.value(of, &pending, &pending.cells[0], ty, &description);
            }
            _ => self.unread(pending.line, whole, "a row where there is no table of its kind"),
        }
    }

    fn response(&mut self, operation: &str, pending: &Pending, ty: Ty, description: &str) {
        let status = squash(&pending.cells[0]).to_lowercase();
        let of = Thing::Response(operation.to_owned(), status.clone());
        self.add(Entry::new(of, pending.line).with(Aspect::Type, ty.name));
        for code in self.patterns.codes(description) {
            let of = Thing::Code(operation.to_owned(), status.clone(), code);
            self.add(Entry::new(of, pending.line));
        }
    }

    fn parameter(&mut self, operation: &str, pending: &Pending, ty: Ty, description: &str) {
        let location = squash(&pending.cells[0]).to_lowercase();
        let location = if location == "formdata" { "form" } else { &location };
        let cell = pending.cells.get(1).cloned().unwrap_or_default();
        let (name, _) = self.patterns.name(&cell);
        let of = |name: &str| Thing::Parameter(operation.to_owned(), location.to_owned(), name.to_owned());
        if location == "body" {
            self.value(of(""), pending, &cell, ty, description);
            self.say(&of(""), Aspect::Name, &name);
        } else {
            self.value(of(&name), pending, &cell, ty, description);
        }
    }

    /// A parameter or a property.
    fn value(&mut self, of: Thing, pending: &Pending, name_cell: &str, ty: Ty, description: &str) {
        let (name, words) = self.patterns.name(name_cell);
        if !is_name(&name) {
            self.unread(pending.line, name_cell, "not a name");
        }
        let mut entry = Entry::new(of.clone(), pending.line).with(Aspect::Type, ty.name.clone());
        match (words.contains(&"required"), words.contains(&"optional")) {
            (false, false) => self.unread(pending.line, name_cell, "neither required nor optional"),
            (required, _) => entry = entry.with(Aspect::Required, if required { "yes" } else { "no" }),
        }
        if words.contains(&"read-only") {
            entry = entry.with(Aspect::ReadOnly, "yes");
        }
        entry.says.extend(self.patterns.constraints(description));
        self.add(entry);
        self.values(&of, ty, pending.line);
    }

    fn values(&mut self, of: &Thing, ty: Ty, line: usize) {
        for value in ty.values {
            match of {
                Thing::Property(definition, name) => {
                    self.add(Entry::new(Thing::Value(definition.clone(), name.clone(), value), line));
                }
                Thing::Definition(name) => {
                    self.add(Entry::new(Thing::Value(name.clone(), String::new(), value), line));
                }
                _ => self.unread(line, value, "the value of an enum that is neither a property nor a definition"),
            }
        }
    }

    fn security(&mut self, pending: &Pending) {
        let At::Operation(operation) = &self.at else {
            let text = pending.cells.join(" | ");
            return self.unread(pending.line, text, "a security scheme outside of an operation");
        };
        let of = Thing::Operation(operation.clone());
        let name = squash(&pending.cells[1]);
        if !is_name(&name) {
            return self.unread(pending.line, pending.cells.join(" | "), "not the name of a security scheme");
        }
        let before = self.reference.entries.iter().find(|entry| entry.of == of);
        let before = before.and_then(|entry| entry.says.get(&Aspect::Security)).filter(|before| *before != "none");
        let all = before.map_or_else(|| name.clone(), |before| format!("{before}, {name}"));
        self.say(&of, Aspect::Security, &all);
        self.section.clear();
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

/// A type as a cell has it.
struct Ty {
    name: String,
    values: Vec<String>,
    /// Whether its parts were in another order.
    is_restored: bool,
}

impl Ty {
    /// The name of the definition in it.
    fn leaf(&self) -> &str {
        self.name.split('`').nth(1).unwrap_or_default()
    }

    fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), values: Vec::new(), is_restored: false }
    }
}

/// What cells are known by. All of it is applied to squashed texts.
struct Patterns {
    head: Regex,
    media: Regex,
    media_rest: Regex,
    scalar: Regex,
    list: Regex,
    map: Regex,
    values: Regex,
    /// `enum InProgress, Processed)` and `(Draft,` in the next cell.
    scrambled: Regex,
    /// What stands before a list of error codes.
    markers: [String; 2],
    code: Regex,
    constraints: Vec<(Regex, &'static [Aspect])>,
}

impl Patterns {
    fn new() -> Self {
        // Folded, as the text is.
        let limits = format!(r"(?:{}|(?i:numberfrom|valuefrom))(\d+)(?:{}|(?i:to))(\d+)", fold("числоот"), fold("до"));
        Self {
            head: regex(r"^(?i)(httpcode|type|name|description|schema|default|scopes|links|headers){2,}$"),
            media: regex(r"^(?i)[a-z*]+/[a-z0-9;.=+*/_-]+$"),
            media_rest: regex(r"^(?i)[a-z0-9;.=+_-]+$"),
            scalar: regex(r"^(string|integer|number|boolean|object|file)(?:\((.*)\))?$"),
            list: regex(r"^<(.+)>array(?:\(.*\))?$"),
            map: regex(r"^<string,(.+)>map$"),
            values: regex(r"^enum\(([^()]+)\)$"),
            scrambled: regex(r"^enum([^()]+)\)\(([^()]+,)$"),
            markers: [fold("кодыошибок"), "errorcodes".to_owned()],
            code: regex(r"(\d{1,6})-"),
            constraints: vec![
                (regex(r"Minimumlength:(\d+)"), &[Aspect::MinLength]),
                (regex(r"Maxim(?:al|um)length:(\d+)"), &[Aspect::MaxLength]),
                (regex(r"Length:(\d+)-(\d+)"), &[Aspect::MinLength, Aspect::MaxLength]),
                (regex(r"Minimumvalue:(-?[\d.]+\d|-?\d)"), &[Aspect::Minimum]),
                (regex(r"Maxim(?:al|um)value:(-?[\d.]+\d|-?\d)"), &[Aspect::Maximum]),
                (regex(&limits), &[Aspect::Minimum, Aspect::Maximum]),
                (regex(r#"Pattern:"(.*)""#), &[Aspect::Pattern]),
            ],
        }
    }

    /// A name, and what stands behind it.
    fn name(&self, cell: &str) -> (String, Vec<&'static str>) {
        let (mut name, mut words) = (squash(cell), Vec::new());
        while let Some((word, rest)) =
            ["required", "optional", "read-only"].into_iter().find_map(|word| Some((word, name.strip_suffix(word)?)))
        {
            words.push(word);
            name = rest.to_owned();
        }
        (name, words)
    }

    fn is_name_cell(&self, cell: &str) -> bool {
        let (name, words) = self.name(cell);
        !words.is_empty() && is_name(&name)
    }

    /// A type; nothing of what isn't one.
    fn ty(&self, squashed: &str) -> Option<Ty> {
        if !squashed.is_empty() && squashed.chars().all(|c| c == LOST) {
            return Some(Ty::named("unknown"));
        }
        if squashed.eq_ignore_ascii_case("nocontent") {
            return Some(Ty::named("none"));
        }
        for (pattern, of) in [(&self.list, "list of"), (&self.map, "map of")] {
            if let Some(found) = pattern.captures(squashed) {
                let inner = self.ty(&found[1])?;
                return Some(Ty { name: format!("{of} {}", inner.name), ..inner });
            }
        }
        if let Some(found) = self.values.captures(squashed).or_else(|| self.scrambled.captures(squashed)) {
            let is_restored = found.len() > 2;
            let values = format!("{}{}", found.get(2).map_or("", |begin| begin.as_str()), &found[1]);
            let values = values.split(',').filter(|value| !value.is_empty()).map(str::to_owned).collect();
            return Some(Ty { name: "enum".to_owned(), values, is_restored });
        }
        if let Some(found) = self.scalar.captures(squashed) {
            let name = match (&found[1], found.get(2).map(|format| format.as_str())) {
                ("string", Some("byte")) => "Base64".to_owned(),
                ("string", Some(format @ ("date" | "date-time"))) => format.to_owned(),
                ("integer", Some(format @ ("int32" | "int64"))) => format.to_owned(),
                ("number", Some(format @ ("float" | "double"))) => format.to_owned(),
                ("file", None) => "bytes".to_owned(),
                ("object", None) => "any JSON".to_owned(),
                (ty, None) => ty.to_owned(),
                (ty, Some(format)) => format!("{ty} ({format})"),
            };
            return Some(Ty::named(name));
        }
        is_name(squashed).then(|| Ty::named(format!("`{squashed}`")))
    }

    /// The error codes that a description lists.
    fn codes(&self, description: &str) -> Vec<String> {
        let squashed = squash(&description.to_lowercase());
        let list = self.markers.iter().find_map(|marker| Some(squashed.split_once(marker.as_str())?.1));
        list.map(|list| self.code.captures_iter(list).map(|found| found[1].to_owned()).collect()).unwrap_or_default()
    }

    fn constraints(&self, description: &str) -> Vec<(Aspect, String)> {
        let squashed = squash(description);
        let found =
            self.constraints.iter().filter_map(|(pattern, aspects)| Some((pattern.captures(&squashed)?, aspects)));
        let values = found.flat_map(|(found, aspects)| {
            aspects
                .iter()
                .enumerate()
                .map(move |(at, aspect)| (*aspect, found[at + 1].replace("\\$", "$").replace("\\\\", "\\")))
        });
        values.collect()
    }
}
