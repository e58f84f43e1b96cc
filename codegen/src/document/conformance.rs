//! Whether a JSON value is what a schema says: a small validator for the subset of schemas that the rules allow.
//! It is here for the examples of the spec, so it names places in the example and says what would be right.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    located::{Located, entry},
    view::Document,
};
use crate::{nearest::nearest, pattern::compile};

/// Where in a value something is wrong, what, and what to write instead.
#[derive(Clone)]
pub(crate) struct Difference {
    /// As JSON pointer, relative to the value.
    pub(crate) pointer: String,
    /// As `$.call.items[0].id`.
    pub(crate) path: String,
    pub(crate) wrong: String,
    pub(crate) instead: String,
}

/// Compares a value with a schema. In a request, read-only properties may be missing.
pub(crate) fn differences(
    document: &Document<'_>,
    schema: &Located<'_>,
    value: &Value,
    in_request: bool,
) -> Vec<Difference> {
    let mut comparison = Comparison { document, in_request, found: Vec::new(), tried: BTreeMap::new() };
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
    /// What came of each schema of a choice at each place: choices in choices would be compared again and again.
    tried: BTreeMap<(String, String), Vec<Difference>>,
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
        let Some(wanted) = schema.text("type") else { return };
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
                    _ => self.report(at, format!("is `{text}`, not a number"), "write a number"),
                }
            }
            ("array", Value::Array(items)) => self.array(&schema, items, at),
            ("object", Value::Object(entries)) => self.object(&schema, entries, at),
            (wanted @ ("string" | "integer" | "number" | "boolean" | "object" | "array"), _) => {
                let found = match value {
                    Value::Null => "null".to_owned(),
                    Value::Object(_) => "an object".to_owned(),
                    Value::Array(_) => "an array".to_owned(),
                    scalar => format!("{scalar}"),
                };
                self.report(at, format!("is {found}, not of the type {wanted}"), format!("write the type {wanted}"));
            }
            // The rules on schemas report an unknown type.
            _ => {}
        }
    }

    /// What is wrong with the choice that comes nearest.
    fn choice(&mut self, choices: &[Located<'_>], value: &Value, at: &At) {
        let mut attempts = Vec::new();
        for choice in choices {
            let key = (choice.reference().unwrap_or(&choice.pointer).to_owned(), at.pointer.clone());
            if !self.tried.contains_key(&key) {
                // A choice of itself, which the rules refuse, ends here.
                self.tried.insert(key.clone(), Vec::new());
                let found = std::mem::take(&mut self.found);
                self.value(choice, value, at);
                let attempt = std::mem::replace(&mut self.found, found);
                self.tried.insert(key.clone(), attempt);
            }
            attempts.extend(self.tried.get(&key).cloned());
        }
        if let Some(nearest) = attempts.into_iter().min_by_key(Vec::len) {
            self.found.extend(nearest);
        }
    }

    fn text(&mut self, schema: &Located<'_>, text: &str, at: &At) {
        let values = schema.items_of("enum");
        let values: Vec<&str> = values.iter().filter_map(|item| item.value.as_str()).collect();
        if !values.is_empty() && !values.contains(&text) {
            self.report(
                at,
                format!("is `{text}`, not a value of the enum"),
                format!("write one of {}", values.join(", ")),
            );
        }
        let length = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
        self.count(schema, ("minLength", "maxLength"), length, "characters", at);
        if let Some(format) = schema.text("format").filter(|format| !fits_format(format, text)) {
            self.report(at, format!("is `{text}`, not of the format {format}"), "write a value of this format");
        }
        if let Some(pattern) = schema.text("pattern")
            && compile(pattern).is_ok_and(|regex| !regex.is_match(text))
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
            let instead = format!("write a number from {} to {}", i32::MIN, i32::MAX);
            self.report(at, format!("is {number}, which int32 can't hold"), instead);
        }
    }

    fn array(&mut self, schema: &Located<'_>, items: &[Value], at: &At) {
        let Some(inner) = schema.get("items") else { return };
        for (index, item) in items.iter().enumerate() {
            self.value(&inner, item, &at.item(index));
        }
    }

    fn object(&mut self, schema: &Located<'_>, entries: &serde_json::Map<String, Value>, at: &At) {
        let length = u64::try_from(entries.len()).unwrap_or(u64::MAX);
        self.count(schema, ("minProperties", "maxProperties"), length, "properties", at);
        let properties = schema.get("properties");
        let map = schema.get("additionalProperties").filter(|map| map.value != &Value::Bool(false));
        for (name, value) in entries {
            match (properties.as_ref().and_then(|properties| properties.get(name)), &map) {
                (Some(property), _) => self.value(&property, value, &at.property(name)),
                (None, Some(map)) if map.value.is_object() => self.value(map, value, &at.property(name)),
                (None, Some(_)) => {}
                (None, None) => {
                    let known = properties.iter().flat_map(Located::entries);
                    let instead = match nearest(name, known.map(|(known, _)| known)) {
                        Some(meant) => format!("write `{meant}`"),
                        None => "leave it out".to_owned(),
                    };
                    self.report(&at.property(name), "is not a property of the schema", instead);
                }
            }
        }
        for required in schema.items_of("required").iter().filter_map(|item| item.value.as_str()) {
            let property = properties.as_ref().and_then(|properties| properties.get(required));
            let is_needed = !(self.in_request && property.is_some_and(|property| property.flag("readOnly")));
            if is_needed && !entries.contains_key(required) {
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

/// Whether a string has a format; one that isn't looked at, it has.
fn fits_format(format: &str, text: &str) -> bool {
    // A digit for each `0`, a hexadecimal one for each `f`.
    let has_form = |text: &str, form: &str| {
        text.len() == form.len()
            && text.bytes().zip(form.bytes()).all(|(byte, form)| match form {
                b'0' => byte.is_ascii_digit(),
                b'f' => byte.is_ascii_hexdigit(),
                other => byte == other,
            })
    };
    let is_below = |text: &str, end: u8| text.parse::<u8>().is_ok_and(|number| number < end);
    let is_date = |text: &str| {
        has_form(text, "0000-00-00")
            && is_below(&text[5..7], 13)
            && is_below(&text[8..], 32)
            && &text[5..7] != "00"
            && &text[8..] != "00"
    };
    match format {
        "uuid" => has_form(text, "ffffffff-ffff-ffff-ffff-ffffffffffff"),
        "date" => is_date(text),
        // RFC 3339, section 5.6.
        "date-time" => {
            text.is_ascii() && text.len() > 19 && {
                let (date, time, rest) = (&text[..10], &text[11..19], &text[19..]);
                let fraction =
                    rest.strip_prefix('.').map_or(0, |rest| rest.bytes().take_while(u8::is_ascii_digit).count() + 1);
                let offset = &rest[fraction..];
                let is_offset = offset.eq_ignore_ascii_case("z")
                    || (offset.starts_with(['+', '-'])
                        && has_form(&offset[1..], "00:00")
                        && is_below(&offset[1..3], 24)
                        && is_below(&offset[4..], 60));
                is_date(date)
                    && text[10..11].eq_ignore_ascii_case("t")
                    && has_form(time, "00:00:00")
                    && is_below(&time[..2], 24)
                    && is_below(&time[3..5], 60)
                    && is_below(&time[6..], 61)
                    && fraction != 1
                    && is_offset
            }
        }
        // RFC 4648, section 4.
        "byte" => {
            let content = text.trim_end_matches('=');
            text.len().is_multiple_of(4)
                && text.len() - content.len() < 3
                && content.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::fits_format;

    #[test]
    fn formats() {
        let check = |format: &str, fits: &[&str], misfits: &[&str]| {
            fits.iter().for_each(|text| assert!(fits_format(format, text), "{format}: {text}"));
            misfits.iter().for_each(|text| assert!(!fits_format(format, text), "{format}: {text}"));
        };
        check(
            "uuid",
            &["6b4c1d9e-8f0a-4c6e-9a57-2f1d3f0b7a11"],
            &["6b4c1d9e", "6b4c1d9e-8f0a-4c6e-9a57-2f1d3f0b7a1g", ""],
        );
        check("date", &["2026-11-27"], &["2026-13-01", "2026-00-01", "2026-1-1", "27.11.2026", "2026-11-27T00:00:00Z"]);
        check(
            "date-time",
            &["2026-11-27T05:12:29Z", "2026-11-27t05:12:29.123456+03:00", "9999-12-31T23:59:60Z"],
            &[
                "2026-11-27T05:12:29",
                "2026-11-27",
                "2026-11-27T24:00:00Z",
                "2026-11-27T05:12:29.Z",
                "2026-11-27T05:12:29+3",
            ],
        );
        check("byte", &["", "QQ==", "QUI=", "QUJD"], &["Q", "QQ=", "Q===", "Q-_=", "QUJ D"]);
        check("uri", &["anything"], &[]);
    }
}
