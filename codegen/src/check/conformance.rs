//! Whether a JSON value is what a schema says: a small validator for the subset of schemas that the rules allow.
//! It is here for the examples of the spec, so it names places in the example and says what would be right.

use serde_json::Value;

use super::document::{Document, Located, entry};
use super::nearest::nearest;
use super::schemas::is_type;

/// Where in a value something is wrong, what, and what to write instead.
pub(super) struct Difference {
    /// As JSON pointer, relative to the value.
    pub(super) pointer: String,
    /// As `$.call.items[0].id`.
    pub(super) path: String,
    pub(super) wrong: String,
    pub(super) instead: String,
}

/// Compares a value with a schema. In a request, read-only properties may be missing.
pub(super) fn differences(
    document: &Document<'_>,
    schema: &Located<'_>,
    value: &Value,
    in_request: bool,
) -> Vec<Difference> {
    let mut comparison = Comparison { document, in_request, found: Vec::new() };
    comparison.value(schema, value, &At { pointer: String::new(), path: "$".to_owned() });
    comparison.found
}

struct At {
    pointer: String,
    path: String,
}

impl At {
    fn property(&self, name: &str) -> Self {
        let plain = name.chars().all(|c| c.is_alphanumeric() || c == '_');
        let step = if plain { format!(".{name}") } else { format!("['{name}']") };
        Self { pointer: entry(&self.pointer, name), path: format!("{}{step}", self.path) }
    }

    fn item(&self, index: usize) -> Self {
        Self { pointer: entry(&self.pointer, &index.to_string()), path: format!("{}[{index}]", self.path) }
    }
}

struct Comparison<'d, 'a> {
    document: &'d Document<'a>,
    in_request: bool,
    found: Vec<Difference>,
}

impl Comparison<'_, '_> {
    fn report(&mut self, at: &At, wrong: impl Into<String>, instead: impl Into<String>) {
        self.found.push(Difference {
            pointer: at.pointer.clone(),
            path: at.path.clone(),
            wrong: wrong.into(),
            instead: instead.into(),
        });
    }

    fn value(&mut self, schema: &Located<'_>, value: &Value, at: &At) {
        // What doesn't resolve, and what has no type, is reported or allowed by the rules on schemas.
        let Some((schema, nullable)) = self.document.schema(schema) else { return };
        let choices = schema.items_of("oneOf");
        if !choices.is_empty() {
            return self.choice(&choices, value, at);
        }
        let Some(wanted) = schema.text("type").filter(|own| is_type(own)) else { return };
        match (wanted, value) {
            (_, Value::Null) if nullable => {}
            ("string", Value::String(text)) => self.text(&schema, text, at),
            ("boolean", Value::Bool(_)) => {}
            ("integer", Value::Number(number)) if number.is_i64() || number.is_u64() => {
                self.number(&schema, number, at);
            }
            ("number", Value::Number(number)) => self.number(&schema, number, at),
            ("integer" | "number", Value::String(text)) if schema.flag("x-numeric-string") => {
                match serde_json::from_str::<Value>(text) {
                    Ok(number @ Value::Number(_)) => self.value(&schema, &number, at),
                    _ => self.report(at, format!("is `{text}`, no number"), "write a number"),
                }
            }
            ("array", Value::Array(items)) => self.array(&schema, items, at),
            ("object", Value::Object(entries)) => self.object(&schema, entries, at),
            (wanted, _) => {
                let found = match value {
                    Value::Null => "null".to_owned(),
                    Value::Object(_) => "an object".to_owned(),
                    Value::Array(_) => "an array".to_owned(),
                    scalar => format!("{scalar}"),
                };
                self.report(at, format!("is {found}, not of the type {wanted}"), format!("write the type {wanted}"));
            }
        }
    }

    /// What is wrong with the choice that comes nearest.
    fn choice(&mut self, choices: &[Located<'_>], value: &Value, at: &At) {
        let attempts = choices.iter().map(|choice| {
            let mut attempt = Comparison { document: self.document, in_request: self.in_request, found: Vec::new() };
            attempt.value(choice, value, at);
            attempt.found
        });
        if let Some(nearest) = attempts.min_by_key(Vec::len) {
            self.found.extend(nearest);
        }
    }

    fn text(&mut self, schema: &Located<'_>, text: &str, at: &At) {
        let values = schema.items_of("enum");
        let values: Vec<&str> = values.iter().filter_map(|item| item.value.as_str()).collect();
        if !values.is_empty() && !values.contains(&text) {
            self.report(
                at,
                format!("is `{text}`, no value of the enum"),
                format!("write one of {}", values.join(", ")),
            );
        }
        let length = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
        self.count(schema, ("minLength", "maxLength"), length, "characters", at);
        if let Some(pattern) = schema.text("pattern")
            && regress::Regex::new(pattern).is_ok_and(|regex| regex.find(text).is_none())
        {
            self.report(at, "doesn't match the pattern", format!("write what matches {pattern}"));
        }
    }

    fn number(&mut self, schema: &Located<'_>, number: &serde_json::Number, at: &At) {
        let bound = |key: &str| schema.value.get(key).and_then(Value::as_f64);
        let Some(value) = number.as_f64() else { return };
        if let Some(least) = bound("minimum")
            && (value < least || (value == least && schema.flag("exclusiveMinimum")))
        {
            let instead = if schema.flag("exclusiveMinimum") { "above" } else { "not below" };
            self.report(at, format!("is {number}, too small"), format!("write a number {instead} {least}"));
        }
        if let Some(most) = bound("maximum")
            && (value > most || (value == most && schema.flag("exclusiveMaximum")))
        {
            let instead = if schema.flag("exclusiveMaximum") { "below" } else { "not above" };
            self.report(at, format!("is {number}, too large"), format!("write a number {instead} {most}"));
        }
        let fits = schema.text("format") != Some("int32")
            || number.as_i64().is_some_and(|number| i32::try_from(number).is_ok());
        if !fits {
            self.report(at, format!("is {number}, too large for int32"), "write a smaller number");
        }
    }

    fn array(&mut self, schema: &Located<'_>, items: &[Value], at: &At) {
        let length = u64::try_from(items.len()).unwrap_or(u64::MAX);
        self.count(schema, ("minItems", "maxItems"), length, "items", at);
        let Some(inner) = schema.get("items") else { return };
        for (index, item) in items.iter().enumerate() {
            self.value(&inner, item, &at.item(index));
        }
    }

    fn object(&mut self, schema: &Located<'_>, entries: &serde_json::Map<String, Value>, at: &At) {
        let length = u64::try_from(entries.len()).unwrap_or(u64::MAX);
        self.count(schema, ("minProperties", "maxProperties"), length, "properties", at);
        let properties = schema.entries_of("properties");
        let map = schema.get("additionalProperties").filter(|map| map.value != &Value::Bool(false));
        for (name, value) in entries {
            match (properties.iter().find(|(known, _)| known == name), &map) {
                (Some((_, property)), _) => self.value(property, value, &at.property(name)),
                (None, Some(map)) if map.value.is_object() => self.value(map, value, &at.property(name)),
                (None, Some(_)) => {}
                (None, None) => {
                    let instead = match nearest(name, properties.iter().map(|(known, _)| *known)) {
                        Some(meant) => format!("write `{meant}`"),
                        None => "leave it out".to_owned(),
                    };
                    self.report(&at.property(name), "is no property of the schema", instead);
                }
            }
        }
        for required in schema.items_of("required").iter().filter_map(|item| item.value.as_str()) {
            let property = schema.get("properties").and_then(|properties| properties.get(required));
            let demanded = !(self.in_request && property.is_some_and(|property| property.flag("readOnly")));
            if demanded && !entries.contains_key(required) {
                self.report(at, format!("lacks the required `{required}`"), "add it");
            }
        }
    }

    fn count(&mut self, schema: &Located<'_>, (least, most): (&str, &str), count: u64, what: &str, at: &At) {
        let bound = |key: &str| schema.value.get(key).and_then(Value::as_u64);
        if let Some(least) = bound(least).filter(|least| count < *least) {
            self.report(at, format!("has {count} {what}"), format!("write at least {least}"));
        }
        if let Some(most) = bound(most).filter(|most| count > *most) {
            self.report(at, format!("has {count} {what}"), format!("write at most {most}"));
        }
    }
}
