//! Reads a spec: YAML into the OpenAPI model and the raw value, with the place of every value kept for messages.
//! What can't be read at all ends here, as located violations; what can be read but not used is for [`crate::check()`].

use std::collections::BTreeMap;

use saphyr::{LoadableYamlNode, MarkedYaml, Marker, Scalar, YamlData};
use serde_json::Value;

use crate::check::{self, Document, Violation, Violations, entry};

/// A spec as read: its value, and where each part of it stands in the file.
#[derive(Debug)]
pub struct Spec {
    pub(crate) file: String,
    pub(crate) raw: Value,
    pub(crate) places: Places,
}

/// Reads YAML. `file` is only used in messages.
///
/// # Errors
///
/// Everything that keeps the text from being an OpenAPI 3.0 document, each with its line and column.
pub fn load(file: &str, yaml: &str) -> Result<Spec, Violations> {
    // First the reader that limits how deep a text nests, then the one that knows places.
    let raw = raw_value(yaml).map_err(|problem| located(file, vec![problem]))?;
    let places = outline(yaml).map_err(|problems| located(file, problems))?;
    let spec = Spec { file: file.to_owned(), raw, places };
    check::is_openapi(&spec.document())?;
    Ok(spec)
}

impl Spec {
    /// The spec as rules and [`crate::read`] see it.
    pub(crate) fn document(&self) -> Document<'_> {
        Document::new(&self.file, &self.raw, &self.places)
    }
}

/// A line and a column, both counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl Place {
    const START: Self = Self { line: 1, column: 1 };

    fn of(marker: &Marker) -> Self {
        Self { line: marker.line().max(1), column: marker.col() + 1 }
    }
}

/// Where each value stands: its key for an entry of a mapping, its first character for an item of a list.
#[derive(Debug, Default)]
pub(crate) struct Places(BTreeMap<String, Place>);

impl Places {
    /// The place of the value at a JSON pointer, or of the nearest value around it that has one.
    pub(crate) fn at(&self, pointer: &str) -> Place {
        let mut pointer = pointer;
        loop {
            if let Some(place) = self.0.get(pointer) {
                return *place;
            }
            match pointer.rfind('/') {
                Some(slash) => pointer = &pointer[..slash],
                None => return Place::START,
            }
        }
    }
}

type Problem = (Place, String);

fn located(file: &str, problems: Vec<Problem>) -> Violations {
    let violations = problems.into_iter().map(|(place, message)| Violation {
        file: file.to_owned(),
        line: place.line,
        column: place.column,
        operation: None,
        message,
    });
    Violations::new(violations.collect())
}

/// Reads the places of all values, and collects what YAML allows but a spec must not have.
fn outline(yaml: &str) -> Result<Places, Vec<Problem>> {
    let documents = MarkedYaml::load_from_str(yaml).map_err(|error| {
        let place = Place::of(error.marker());
        if error.info().starts_with("duplicated key") {
            let text: String = yaml.chars().skip(error.marker().index()).take_while(|c| !":\n".contains(*c)).collect();
            return vec![(place, format!("the key `{text}` is twice in one mapping; keep one of the two"))];
        }
        let advice = format!("not YAML: {}; correct the syntax here or just above", error.info());
        vec![syntax_problem(yaml, place, advice)]
    })?;
    let mut outline = Outline { yaml, places: Places::default(), problems: Vec::new() };
    for document in &documents {
        outline.read(document, String::new());
    }
    if outline.problems.is_empty() { Ok(outline.places) } else { Err(outline.problems) }
}

// A tab in the indentation is the one mistake that can't be seen in an editor, so it gets its own advice.
fn syntax_problem(yaml: &str, place: Place, advice: String) -> Problem {
    let indentation = |line: &str| line.chars().take_while(|c| c.is_whitespace()).any(|c| c == '\t');
    for number in [place.line, place.line - 1] {
        if number > 0 && yaml.lines().nth(number - 1).is_some_and(indentation) {
            let place = Place { line: number, column: 1 };
            return (place, "not YAML: a tab in the indentation; indent with spaces".to_owned());
        }
    }
    (place, advice)
}

struct Outline<'y> {
    yaml: &'y str,
    places: Places,
    problems: Vec<Problem>,
}

impl Outline<'_> {
    fn read(&mut self, node: &MarkedYaml<'_>, pointer: String) {
        let place = Place::of(&node.span.start);
        match &node.data {
            YamlData::Mapping(entries) => {
                let mut seen = BTreeMap::new();
                for (key, value) in entries {
                    let inner = self.key(key, &pointer, &mut seen);
                    self.read(value, inner);
                }
            }
            YamlData::Sequence(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.read(item, entry(&pointer, &index.to_string()));
                }
            }
            // A tag changes what a value is, and only for some readers.
            YamlData::Tagged(..) | YamlData::BadValue => {
                let message = "a YAML tag, which not every tool reads; write the value without it";
                self.problems.push((place, message.to_owned()));
            }
            YamlData::Value(_) | YamlData::Representation(..) | YamlData::Alias(_) => {}
        }
        self.places.0.entry(pointer).or_insert(place);
    }

    /// Notes a key, and returns the pointer of what stands behind it.
    fn key(&mut self, key: &MarkedYaml<'_>, pointer: &str, seen: &mut BTreeMap<String, Place>) -> String {
        let place = Place::of(&key.span.start);
        let mut refuse = |message: String| self.problems.push((place, message));
        let text = match &key.data {
            YamlData::Value(Scalar::String(text)) => {
                if text == "<<" {
                    refuse("a merge key, which not every YAML tool reads; write the keys out".to_owned());
                }
                text.to_string()
            }
            YamlData::Value(_) => {
                // The text as it stands there, since 0x10 and 16 are the same number.
                let (start, end) = (key.span.start.index(), key.span.end.index());
                let text: String = self.yaml.chars().skip(start).take(end.saturating_sub(start)).collect();
                // The model reads statuses either way, and they are often written without quotes.
                if !pointer.ends_with("/responses") {
                    refuse(format!("the key {text} is not a text in YAML; write it in quotes: '{text}'"));
                }
                text
            }
            _ => {
                refuse("a key that is not a plain text; write the key out".to_owned());
                String::new()
            }
        };
        if let Some(first) = seen.insert(text.clone(), place) {
            refuse(format!("the key `{text}` is already in line {}; keep one of the two", first.line));
        }
        let inner = entry(pointer, &text);
        self.places.0.insert(inner.clone(), place);
        inner
    }
}

/// No OpenAPI document nests deeper than this; what does is a mistake, or made to exhaust the stack.
const DEEPEST: usize = 40;

fn raw_value(yaml: &str) -> Result<Value, Problem> {
    let content = |line: &&str| !line.trim().is_empty() && !line.starts_with(['#', '%']);
    if yaml.lines().filter(content).all(|line| line.starts_with("---")) {
        let message = "the file is empty; write an OpenAPI 3.0 document, starting with `openapi: 3.0.3`";
        return Err((Place::START, message.to_owned()));
    }
    // A marker with something before it; in the first column, it is one wherever it stands.
    let markers = yaml.lines().enumerate().filter(|(_, line)| content(line)).skip(1);
    if let Some((index, _)) = markers.into_iter().find(|(_, line)| line.starts_with("---")) {
        let message = "a second YAML document starts here; keep one document a file";
        return Err((Place { line: index + 1, column: 1 }, message.to_owned()));
    }
    let raw: Value = yaml_serde::from_str(yaml).map_err(|error| {
        let place =
            error.location().map_or(Place::START, |at| Place { line: at.line().max(1), column: at.column().max(1) });
        let message = error.to_string();
        // It ends in the place, which we say in front.
        let message = message.split(" at line ").next().unwrap_or_default();
        syntax_problem(yaml, place, format!("not YAML: {message}; correct the syntax here or just above"))
    })?;
    if deeper_than(&raw, DEEPEST) {
        return Err((Place::START, format!("nested deeper than {DEEPEST} levels; name the inner schemas")));
    }
    Ok(raw)
}

fn deeper_than(value: &Value, levels: usize) -> bool {
    match value {
        Value::Array(items) => levels == 0 || items.iter().any(|item| deeper_than(item, levels - 1)),
        Value::Object(entries) => levels == 0 || entries.values().any(|entry| deeper_than(entry, levels - 1)),
        _ => false,
    }
}
