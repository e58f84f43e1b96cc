//! What a spec says, as the reference of its vendor would say it, and where.

use std::collections::HashMap;

use casewire_codegen::{Aspect as SpecAspect, Fact, Place, Places, Spec, Subject};

use super::{Aspect, Entry, Thing};

/// A spec with its facts.
pub(crate) struct Described<'s> {
    places: Places<'s>,
    facts: Vec<Fact>,
    /// `POST /call` to `createCall`.
    ids: HashMap<String, String>,
    /// `createCall` to `POST /call`.
    routes: HashMap<String, String>,
}

impl<'s> Described<'s> {
    /// # Errors
    /// When the spec can't be read.
    pub(crate) fn of(interface: &str, spec: &'s Spec) -> Result<Self, String> {
        let facts = casewire_codegen::facts(interface, spec).map_err(|e| e.to_string())?;
        let (mut ids, mut routes) = (HashMap::new(), HashMap::new());
        for fact in &facts {
            if let (Subject::Operation(id), SpecAspect::Route) = (&fact.of, fact.aspect) {
                ids.insert(fact.value.clone(), id.clone());
                routes.insert(id.clone(), fact.value.clone());
            }
        }
        Ok(Self { places: spec.places(), facts, ids, routes })
    }

    /// How many operations of a document it has.
    pub(crate) fn operations_of(&self, entries: &[Entry]) -> usize {
        let operation = |entry: &&Entry| matches!(&entry.of, Thing::Operation(name) if self.ids.contains_key(name));
        entries.iter().filter(operation).count()
    }

    pub(crate) fn id(&self, operation: &str) -> Option<&str> {
        self.ids.get(operation).map(String::as_str)
    }

    /// Its file, as messages name it.
    pub(crate) fn file(&self) -> String {
        self.places.of(&Subject::Interface).map(|place| place.file).unwrap_or_default()
    }

    /// Where a thing stands; when the spec doesn't have it, where what it is a part of does.
    pub(crate) fn place(&self, thing: &Thing) -> Option<Place> {
        let own = self.subjects(thing).iter().find_map(|subject| self.places.of(subject));
        own.or_else(|| self.place(&thing.parent()?))
    }

    /// Where the type of a property is defined that has its values.
    pub(crate) fn place_of_values(&self, definition: &str, property: &str) -> Option<Place> {
        self.places.of(&Subject::Type(self.enum_of(definition, property)?))
    }

    fn subjects(&self, thing: &Thing) -> Vec<Subject> {
        let with_id = |operation: &String, subject: &dyn Fn(String) -> Subject| {
            self.id(operation).map(|id| subject(id.to_owned())).into_iter().collect()
        };
        match thing {
            Thing::Interface => vec![Subject::Interface],
            Thing::Scheme(name) => vec![Subject::Scheme(name.clone())],
            Thing::Operation(operation) => with_id(operation, &Subject::Operation),
            Thing::Parameter(operation, location, name) => with_id(operation, &|operation| {
                let name = name.clone();
                match location.as_str() {
                    "form" => Subject::Part { operation, name },
                    "query" => Subject::Parameter { operation, location: "query", name },
                    "header" => Subject::Parameter { operation, location: "header", name },
                    "path" => Subject::Parameter { operation, location: "path", name },
                    _ => Subject::Operation(operation),
                }
            }),
            Thing::Response(operation, status) => {
                with_id(operation, &|operation| Subject::Response { operation, status: status.clone() })
            }
            Thing::Code(operation, status, code) => with_id(operation, &|operation| {
                let code = code.parse().unwrap_or_default();
                Subject::ErrorCode { operation, status: status.clone(), code }
            }),
            Thing::Definition(name) => vec![Subject::Type(name.clone())],
            Thing::Property(ty, name) => vec![Subject::Property { ty: ty.clone(), name: name.clone() }],
            Thing::Value(definition, property, value) => {
                let ty = self.enum_of(definition, property).unwrap_or_else(|| definition.clone());
                let value = Subject::Value { ty: ty.clone(), value: value.clone() };
                if property.is_empty() { vec![value] } else { vec![value, Subject::Type(ty)] }
            }
        }
    }

    fn fact(&self, of: &Subject, aspect: SpecAspect) -> Option<&str> {
        let mut facts = self.facts.iter().filter(|fact| fact.of == *of && fact.aspect == aspect);
        facts.next().map(|fact| fact.value.as_str())
    }

    /// The named enum that a property has, or that is in it.
    fn enum_of(&self, definition: &str, property: &str) -> Option<String> {
        let of = Subject::Property { ty: definition.to_owned(), name: property.to_owned() };
        let name = self.fact(&of, SpecAspect::Type)?.split('`').nth(1)?;
        self.is_enum(name).then(|| name.to_owned())
    }

    fn is_enum(&self, name: &str) -> bool {
        let kind = self.fact(&Subject::Type(name.to_owned()), SpecAspect::Kind);
        matches!(kind, Some("enum" | "known values"))
    }

    fn values(&self, name: &str) -> Vec<String> {
        let values = self.facts.iter().filter_map(|fact| match &fact.of {
            Subject::Value { ty, value } if ty == name && fact.aspect == SpecAspect::Exists => Some(value.clone()),
            _ => None,
        });
        values.collect()
    }

    /// What it says in the terms of a reference. Secrets, null and what is idempotent are in none.
    pub(crate) fn entries(&self) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::new();
        for fact in &self.facts {
            let Some(thing) = self.thing(&fact.of) else { continue };
            if fact.aspect == SpecAspect::Exists {
                entries.push(Entry::new(thing, 0));
                self.begin(&mut entries, &fact.of);
                continue;
            }
            let (aspect, value) = match fact.aspect {
                SpecAspect::Version => (Aspect::Version, fact.value.clone()),
                SpecAspect::Credential => (Aspect::Header, fact.value.split(':').next().unwrap_or_default().to_owned()),
                SpecAspect::Security => (Aspect::Security, fact.value.clone()),
                SpecAspect::Required | SpecAspect::Always => (Aspect::Required, "yes".to_owned()),
                SpecAspect::Access if fact.value == "readOnly" => (Aspect::ReadOnly, "yes".to_owned()),
                SpecAspect::Type => (Aspect::Type, self.ty(&fact.of, &fact.value)),
                SpecAspect::MinLength => (Aspect::MinLength, fact.value.clone()),
                SpecAspect::MaxLength => (Aspect::MaxLength, fact.value.clone()),
                SpecAspect::AtLeast => (Aspect::Minimum, fact.value.clone()),
                SpecAspect::AtMost => (Aspect::Maximum, fact.value.clone()),
                SpecAspect::Pattern => (Aspect::Pattern, fact.value.clone()),
                SpecAspect::Body if matches!(fact.of, Subject::Operation(_)) => {
                    if fact.value != "parts" {
                        let Thing::Operation(operation) = &thing else { continue };
                        let body = Thing::Parameter(operation.clone(), "body".to_owned(), String::new());
                        let body = Entry::new(body, 0).with(Aspect::Type, fact.value.clone());
                        entries.push(body.with(Aspect::Required, "yes"));
                    }
                    continue;
                }
                SpecAspect::Body => (Aspect::Type, self.body(&fact.of, &fact.value)),
                _ => continue,
            };
            if let Some(entry) = entries.iter_mut().find(|entry| entry.of == thing) {
                entry.says.insert(aspect, value);
            }
        }
        entries
    }

    /// What is so where no fact says otherwise.
    fn begin(&self, entries: &mut Vec<Entry>, of: &Subject) {
        let Some(entry) = entries.last_mut() else { return };
        let says = &mut entry.says;
        match of {
            Subject::Scheme(_) => drop(says.insert(Aspect::Type, "apiKey".to_owned())),
            Subject::Response { .. } => drop(says.insert(Aspect::Type, "none".to_owned())),
            Subject::Part { .. } => {
                says.insert(Aspect::Type, "bytes".to_owned());
                says.insert(Aspect::Required, "no".to_owned());
            }
            Subject::Parameter { .. } => drop(says.insert(Aspect::Required, "no".to_owned())),
            Subject::Property { ty, name } => {
                says.insert(Aspect::Required, "no".to_owned());
                if let Some(choice) = self.enum_of(ty, name) {
                    let value = |value| Entry::new(Thing::Value(ty.clone(), name.clone(), value), 0);
                    entries.extend(self.values(&choice).into_iter().map(value));
                }
            }
            _ => {}
        }
    }

    fn thing(&self, of: &Subject) -> Option<Thing> {
        let route = |id: &String| self.routes.get(id).cloned().unwrap_or_else(|| id.clone());
        Some(match of {
            Subject::Interface => Thing::Interface,
            Subject::Scheme(name) => Thing::Scheme(name.clone()),
            Subject::Operation(id) => Thing::Operation(route(id)),
            Subject::Parameter { operation, location, name } => {
                Thing::Parameter(route(operation), (*location).to_owned(), name.clone())
            }
            Subject::Part { operation, name } => Thing::Parameter(route(operation), "form".to_owned(), name.clone()),
            Subject::Response { operation, status } => Thing::Response(route(operation), status.clone()),
            Subject::ErrorCode { operation, status, code } => {
                Thing::Code(route(operation), status.clone(), code.to_string())
            }
            Subject::Type(name) => Thing::Definition(name.clone()),
            Subject::Property { ty, name } => Thing::Property(ty.clone(), name.clone()),
            Subject::Value { ty, value } => Thing::Value(ty.clone(), String::new(), value.clone()),
            Subject::Header { .. } | Subject::Alternative { .. } | Subject::Webhook { .. } => return None,
        })
    }

    fn ty(&self, of: &Subject, ty: &str) -> String {
        if let Some(name) = ty.split('`').nth(1).filter(|name| self.is_enum(name)) {
            return ty.replace(&format!("`{name}`"), "enum");
        }
        match self.places.keyword(of, "format").and_then(serde_json::Value::as_str) {
            Some("byte") if ty == "string" => "Base64".to_owned(),
            Some(format) if ty == "string" => format!("string ({format})"),
            _ => ty.to_owned(),
        }
    }

    fn body(&self, of: &Subject, body: &str) -> String {
        let Subject::Response { operation, .. } = of else { return body.to_owned() };
        if body != "the result" {
            return body.to_owned();
        }
        let result = self.fact(&Subject::Operation(operation.clone()), SpecAspect::Result).unwrap_or_default();
        let result = result.strip_suffix(" or nothing").unwrap_or(result);
        // Without its constraints.
        result.split(" (").next().unwrap_or(result).to_owned()
    }
}
