//! What a reference says, as a flat list in its order: things, and what is said of each. No sentences.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
};

use serde::{Deserialize, Serialize};

/// A thing that a reference describes. An operation is `POST /call`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Thing {
    Interface,
    Scheme(String),
    Operation(String),
    /// Operation, location (`path`, `query`, `header`, `form`, `body`), name; a body has none.
    Parameter(String, String, String),
    /// Operation, status.
    Response(String, String),
    /// Operation, status, code.
    Code(String, String, String),
    Definition(String),
    /// Definition, property.
    Property(String, String),
    /// Definition, property (none of a definition that is an enum), value.
    Value(String, String, String),
}

impl Thing {
    /// What it is a part of.
    pub(crate) fn parent(&self) -> Option<Self> {
        match self {
            Self::Interface => None,
            Self::Scheme(_) | Self::Operation(_) | Self::Definition(_) => Some(Self::Interface),
            Self::Parameter(operation, ..) | Self::Response(operation, _) => Some(Self::Operation(operation.clone())),
            Self::Code(operation, status, _) => Some(Self::Response(operation.clone(), status.clone())),
            Self::Property(definition, _) => Some(Self::Definition(definition.clone())),
            Self::Value(definition, property, _) if property.is_empty() => Some(Self::Definition(definition.clone())),
            Self::Value(definition, property, _) => Some(Self::Property(definition.clone(), property.clone())),
        }
    }

    /// Its own name: that of a property, without the definition.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Interface => String::new(),
            Self::Scheme(name) | Self::Operation(name) | Self::Definition(name) => name.clone(),
            Self::Parameter(.., name) | Self::Response(_, name) | Self::Property(_, name) => name.clone(),
            Self::Code(.., name) | Self::Value(.., name) => name.clone(),
        }
    }

    /// The operation, definition or scheme that it belongs to.
    pub(crate) fn owner(&self) -> Self {
        match self.parent() {
            None | Some(Self::Interface) => self.clone(),
            Some(parent) => parent.owner(),
        }
    }
}

impl fmt::Display for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Interface => f.write_str("the interface"),
            Self::Scheme(name) => write!(f, "security scheme `{name}`"),
            Self::Operation(name) => f.write_str(name),
            Self::Parameter(_, location, _) if location == "body" => f.write_str("request body"),
            Self::Parameter(_, location, name) => write!(f, "{location} parameter `{name}`"),
            Self::Response(_, status) => write!(f, "response {status}"),
            Self::Code(_, status, code) => write!(f, "error code {code} of {status}"),
            Self::Definition(name) => write!(f, "definition `{name}`"),
            Self::Property(_, name) => write!(f, "property `{name}`"),
            Self::Value(_, property, value) if property.is_empty() => write!(f, "value `{value}`"),
            Self::Value(_, property, value) => write!(f, "value `{value}` of `{property}`"),
        }
    }
}

/// In which respect something is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Aspect {
    Version,
    Host,
    /// The header of a credential.
    Header,
    Security,
    /// In the words of the facts of a spec: `int64`, ``list of `Call` ``; `enum` has its values; `none`; `unknown`.
    Type,
    Required,
    ReadOnly,
    MinLength,
    MaxLength,
    Minimum,
    Maximum,
    Pattern,
    /// The name of a body, which nothing sends.
    Name,
}

impl fmt::Display for Aspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Version => "version",
            Self::Host => "host",
            Self::Header => "header",
            Self::Security => "security",
            Self::Type => "type",
            Self::Required => "required",
            Self::ReadOnly => "read-only",
            Self::MinLength => "minimum length",
            Self::MaxLength => "maximum length",
            Self::Minimum => "minimum",
            Self::Maximum => "maximum",
            Self::Pattern => "pattern",
            Self::Name => "name",
        })
    }
}

/// A thing and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub of: Thing,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub says: BTreeMap<Aspect, String>,
    /// In the file, counted from 1; 0 where it isn't known.
    #[serde(skip)]
    pub line: usize,
}

impl Entry {
    pub(crate) fn new(of: Thing, line: usize) -> Self {
        Self { of, says: BTreeMap::new(), line }
    }

    pub(crate) fn with(mut self, aspect: Aspect, value: impl Into<String>) -> Self {
        self.says.insert(aspect, value.into());
        self
    }

    /// `: string, required`
    pub(crate) fn details(&self) -> String {
        let details: Vec<String> = self
            .says
            .iter()
            .filter_map(|(aspect, value)| match (aspect, value.as_str()) {
                (Aspect::Type, ty) => Some(ty.to_owned()),
                (Aspect::Required | Aspect::ReadOnly, "yes") => Some(aspect.to_string()),
                (Aspect::Required | Aspect::ReadOnly, _) => None,
                (aspect, value) => Some(format!("{aspect} {value}")),
            })
            .collect();
        if details.is_empty() { String::new() } else { format!(": {}", details.join(", ")) }
    }
}

/// What one side says and the other doesn't.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Change {
    Added(Entry),
    Removed(Entry),
    Changed { of: Thing, aspect: Aspect, old: Option<String>, new: Option<String>, lines: (usize, usize) },
}

impl Change {
    pub(crate) fn of(&self) -> &Thing {
        match self {
            Self::Added(entry) | Self::Removed(entry) => &entry.of,
            Self::Changed { of, .. } => of,
        }
    }

    /// The line of the new side, 0 where there is none.
    pub(crate) fn line(&self) -> usize {
        match self {
            Self::Added(entry) => entry.line,
            Self::Removed(_) => 0,
            Self::Changed { lines: (_, new), .. } => *new,
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or_none = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
        // Below its owner.
        let of = match self.of() {
            of if *of == of.owner() => String::new(),
            of => of.to_string(),
        };
        match self {
            Self::Added(entry) if of.is_empty() => write!(f, "+ new{}", entry.details()),
            Self::Removed(entry) if of.is_empty() => write!(f, "- gone{}", entry.details()),
            Self::Added(entry) => write!(f, "+ {of}{}", entry.details()),
            Self::Removed(entry) => write!(f, "- {of}{}", entry.details()),
            Self::Changed { aspect, old, new, .. } => {
                let whose = if of.is_empty() { of } else { of + ": " };
                write!(f, "~ {whose}{aspect} {} -> {}", or_none(old), or_none(new))
            }
        }
    }
}

/// The differences, in the order of the new side, those that are gone last. Of what is new or gone as a whole, its parts are
/// not told.
pub(crate) fn compare(old: &[Entry], new: &[Entry]) -> Vec<Change> {
    let by_thing = |entries: &[Entry]| -> HashMap<Thing, Entry> {
        entries.iter().map(|entry| (entry.of.clone(), entry.clone())).collect()
    };
    let (olds, news) = (by_thing(old), by_thing(new));
    let mut changes = Vec::new();
    for entry in new {
        let Some(before) = olds.get(&entry.of) else {
            if entry.of.parent().is_none_or(|parent| olds.contains_key(&parent) || !news.contains_key(&parent)) {
                changes.push(Change::Added(entry.clone()));
            }
            continue;
        };
        let mut aspects: Vec<Aspect> = before.says.keys().chain(entry.says.keys()).copied().collect();
        aspects.sort();
        aspects.dedup();
        for aspect in aspects {
            let (old, new) = (before.says.get(&aspect).cloned(), entry.says.get(&aspect).cloned());
            if old != new {
                let lines = (before.line, entry.line);
                changes.push(Change::Changed { of: entry.of.clone(), aspect, old, new, lines });
            }
        }
    }
    for entry in old.iter().filter(|entry| !news.contains_key(&entry.of)) {
        if entry.of.parent().is_none_or(|parent| news.contains_key(&parent) || !olds.contains_key(&parent)) {
            changes.push(Change::Removed(entry.clone()));
        }
    }
    changes
}
