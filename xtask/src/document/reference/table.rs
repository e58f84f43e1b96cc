//! The rows of the tables of a reference: of responses, parameters, properties and security schemes.

use super::{
    super::{
        lines::{Row, squash},
        structure::{Aspect, Entry, Thing},
    },
    At, Kind, Pending, Reader, Unread,
    cells::Ty,
    is_name,
};

impl<'r> Reader<'r> {
    pub(super) fn table(&mut self, row: &'r Row) {
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

    pub(super) fn kind(&self, first: &str) -> Option<Kind> {
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
    pub(super) fn ty(&self, pending: &Pending) -> Option<(usize, Ty)> {
        let end = pending.cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |at| at + 1);
        // Behind a description, which could be a name.
        let least = match pending.kind {
            Kind::Parameter => self.columns.clamp(3, 4) - 1,
            _ => self.columns.clamp(2, 3) - 1,
        };
        (least..end).rev().find_map(|at| Some((at, self.patterns.ty(&squash(&pending.cells[at..end].concat()))?)))
    }

    pub(super) fn is_complete(&self, pending: &Pending) -> bool {
        match pending.kind {
            Kind::Security => pending.cells.len() > 1,
            _ => self.ty(pending).is_some(),
        }
    }

    /// The table has come to its end.
    pub(super) fn end_table(&mut self) {
        self.close();
        if let Some((line, text)) = self.held.take() {
            self.unread(line, text, "a part of a row that isn't there");
        }
        self.columns = 3;
    }

    /// Takes the row that has come to its end.
    pub(super) fn close(&mut self) {
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

    pub(super) fn response(&mut self, operation: &str, pending: &Pending, ty: Ty, description: &str) {
        let status = squash(&pending.cells[0]).to_lowercase();
        let of = Thing::Response(operation.to_owned(), status.clone());
        self.add(Entry::new(of, pending.line).with(Aspect::Type, ty.name));
        for code in self.patterns.codes(description) {
            let of = Thing::Code(operation.to_owned(), status.clone(), code);
            self.add(Entry::new(of, pending.line));
        }
    }

    pub(super) fn parameter(&mut self, operation: &str, pending: &Pending, ty: Ty, description: &str) {
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
    pub(super) fn value(&mut self, of: Thing, pending: &Pending, name_cell: &str, ty: Ty, description: &str) {
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

    pub(super) fn values(&mut self, of: &Thing, ty: Ty, line: usize) {
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

    pub(super) fn security(&mut self, pending: &Pending) {
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
}
