//! The reader of YAML: from the events of saphyr to a JSON value, with the position of every part of it. What YAML allows
//! but not every tool reads alike (tags, aliases, merge keys, keys that are not strings) is refused.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span, StrInput};
use serde_json::{Map, Number, Value};

use super::located::entry;

/// A line and a column, both counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl Position {
    const START: Self = Self { line: 1, column: 1 };

    fn of(marker: &Marker) -> Self {
        Self { line: marker.line().max(1), column: marker.col() + 1 }
    }
}

/// Where each value stands: its key for an entry of a mapping, its first character for an item of a list.
#[derive(Debug, Default)]
pub(crate) struct Positions(BTreeMap<String, Position>);

impl Positions {
    /// The position of the value at a JSON pointer, or of the nearest value around it that has one.
    pub(crate) fn at(&self, pointer: &str) -> Position {
        let mut pointer = pointer;
        loop {
            if let Some(position) = self.0.get(pointer) {
                return *position;
            }
            match pointer.rfind('/') {
                Some(slash) => pointer = &pointer[..slash],
                None => return Position::START,
            }
        }
    }
}

pub(super) type Problem = (Position, String);

/// No OpenAPI document nests deeper than this; what does is a mistake, or made to exhaust the stack.
const DEEPEST: usize = 40;

/// Reads one YAML document.
pub(super) fn read(yaml: &str) -> Result<(Value, Positions), Vec<Problem>> {
    let yaml = yaml.strip_prefix('\u{FEFF}').unwrap_or(yaml);
    let mut composer =
        Composer { yaml, parser: Parser::new_from_str(yaml), positions: Positions::default(), problems: Vec::new() };
    let value = composer.document();
    let value = value.unwrap_or_else(|problem| {
        composer.problems.push(problem);
        Value::Null
    });
    if composer.problems.is_empty() { Ok((value, composer.positions)) } else { Err(composer.problems) }
}

/// Composes the value from the events, as the YAML specification calls it (section 3.1.2).
struct Composer<'y> {
    yaml: &'y str,
    parser: Parser<'y, StrInput<'y>>,
    positions: Positions,
    problems: Vec<Problem>,
}

impl<'y> Composer<'y> {
    /// The next event, or why there is none.
    fn next(&mut self) -> Result<(Event<'y>, Span), Problem> {
        match self.parser.next_event() {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => Err(syntax_problem(self.yaml, &error)),
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn document(&mut self) -> Result<Value, Problem> {
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => return Err(empty()),
                Event::Nothing | Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd => {}
                // What stands between two markers.
                Event::Scalar(text, ScalarStyle::Plain, ..) if text.is_empty() => return Err(empty()),
                event => {
                    let value = self.value(event, span, String::new(), 0)?;
                    self.end()?;
                    return Ok(value);
                }
            }
        }
    }

    fn end(&mut self) -> Result<(), Problem> {
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => return Ok(()),
                Event::Nothing | Event::DocumentEnd => {}
                _ => {
                    let message = "a second YAML document starts here; keep one document per file";
                    return Err((Position::of(&span.start), message.to_owned()));
                }
            }
        }
    }

    fn value(&mut self, event: Event<'y>, span: Span, pointer: String, depth: usize) -> Result<Value, Problem> {
        let position = Position::of(&span.start);
        self.positions.0.entry(pointer.clone()).or_insert(position);
        if depth > DEEPEST {
            return Err((position, format!("nested deeper than {DEEPEST} levels; name the inner schemas")));
        }
        Ok(match event {
            Event::Scalar(text, style, _, tag) => {
                self.no_tag(position, tag.is_some());
                match scalar(&text, style) {
                    Ok(value) => value,
                    Err(message) => {
                        self.problems.push((position, message));
                        Value::Null
                    }
                }
            }
            Event::SequenceStart(_, tag) => {
                self.no_tag(position, tag.is_some());
                let mut items = Vec::new();
                loop {
                    match self.next()? {
                        (Event::SequenceEnd, _) => break,
                        (event, span) => {
                            let inner = entry(&pointer, &items.len().to_string());
                            items.push(self.value(event, span, inner, depth + 1)?);
                        }
                    }
                }
                Value::Array(items)
            }
            Event::MappingStart(_, tag) => {
                self.no_tag(position, tag.is_some());
                let mut entries = Map::new();
                let mut lines = BTreeMap::new();
                loop {
                    let (event, span) = self.next()?;
                    if event == Event::MappingEnd {
                        break;
                    }
                    let position = Position::of(&span.start);
                    let key = self.key(event, span, &pointer, depth)?;
                    let (event, span) = self.next()?;
                    let Some(key) = key else {
                        self.value(event, span, entry(&pointer, ""), depth + 1)?;
                        continue;
                    };
                    if let Some(first) = lines.insert(key.clone(), position.line) {
                        let message =
                            format!("duplicate key `{key}`, which is already in line {first}; keep one of the two");
                        self.problems.push((position, message));
                    }
                    let inner = entry(&pointer, &key);
                    self.positions.0.insert(inner.clone(), position);
                    let value = self.value(event, span, inner, depth + 1)?;
                    entries.insert(key, value);
                }
                Value::Object(entries)
            }
            Event::Alias(_) => {
                let message = "a YAML alias, which hides from the reader what stands here; write the value out";
                self.problems.push((position, message.to_owned()));
                Value::Null
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd
            | Event::SequenceEnd
            | Event::MappingEnd => return Err((position, "not YAML: a value is missing; write one".to_owned())),
        })
    }

    /// A tag changes what a value is, and only for some readers.
    fn no_tag(&mut self, position: Position, is_tagged: bool) {
        if is_tagged {
            let message = "a YAML tag, which not every tool reads; write the value without it";
            self.problems.push((position, message.to_owned()));
        }
    }

    /// The text of a key, if it is one.
    fn key(&mut self, event: Event<'y>, span: Span, pointer: &str, depth: usize) -> Result<Option<String>, Problem> {
        let position = Position::of(&span.start);
        let Event::Scalar(text, style, _, tag) = event else {
            self.problems.push((position, "a key that is not a string; write a string".to_owned()));
            // To its end, so that what follows is read as it stands.
            self.value(event, span, entry(pointer, ""), depth + 1)?;
            return Ok(None);
        };
        self.no_tag(position, tag.is_some());
        if style == ScalarStyle::Plain {
            if text == "<<" {
                let message = "a merge key, which not every YAML tool reads; write the keys out";
                self.problems.push((position, message.to_owned()));
            }
            // Status codes are read either way, and often written without quotes.
            let is_string = matches!(scalar(&text, style), Ok(Value::String(_)));
            if !is_string && !pointer.ends_with("/responses") {
                let message = format!("the key {text} is not a string in YAML; write it in quotes: '{text}'");
                self.problems.push((position, message));
            }
        }
        Ok(Some(text.into_owned()))
    }
}

fn empty() -> Problem {
    let message = "the file is empty; write an OpenAPI 3.0 document, starting with `openapi: 3.0.3`";
    (Position::START, message.to_owned())
}

/// A scalar by the core schema of YAML 1.2.2, section 10.3.2, as far as JSON has a value for it.
fn scalar(text: &str, style: ScalarStyle) -> Result<Value, String> {
    if style != ScalarStyle::Plain {
        return Ok(Value::String(text.to_owned()));
    }
    let (sign, digits) = match text.strip_prefix(['-', '+']) {
        Some(digits) => (&text[..1], digits),
        None => ("", text),
    };
    let is_decimal = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let in_base = |prefix: &str, base| text.strip_prefix(prefix).and_then(|text| u64::from_str_radix(text, base).ok());
    Ok(match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        ".nan" | ".NaN" | ".NAN" => return Err("not a number, which JSON doesn't have; write a number".to_owned()),
        _ if matches!(digits, ".inf" | ".Inf" | ".INF") => {
            return Err("infinity, which JSON doesn't have; write a number".to_owned());
        }
        _ if is_decimal => {
            let positive = digits.parse::<u64>().ok().filter(|_| sign != "-").map(Number::from);
            match positive.or_else(|| text.parse::<i64>().ok().map(Number::from)) {
                Some(number) => Value::Number(number),
                None => return Err("a number beyond 64 bits, which tools round; write a smaller one".to_owned()),
            }
        }
        _ => match in_base("0x", 16).or_else(|| in_base("0o", 8)) {
            Some(number) => Value::from(number),
            None if is_fraction(digits) => match text.parse::<f64>().ok().and_then(Number::from_f64) {
                Some(number) => Value::Number(number),
                None => return Err("a number beyond 64 bits, which tools round; write a smaller one".to_owned()),
            },
            None => Value::String(text.to_owned()),
        },
    })
}

/// `(\. [0-9]+ | [0-9]+ (\. [0-9]*)?) ([eE] [-+]? [0-9]+)?`, by the same section.
fn is_fraction(digits: &str) -> bool {
    let (number, exponent) = match digits.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, Some(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))),
        None => (digits, None),
    };
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let is_number = all_digits(whole) && all_digits(fraction) && !(whole.is_empty() && fraction.is_empty());
    is_number && exponent.is_none_or(|exponent| !exponent.is_empty() && all_digits(exponent))
}

fn syntax_problem(yaml: &str, error: &ScanError) -> Problem {
    let position = Position::of(error.marker());
    // A tab in the indentation can't be seen in an editor, so it gets its own advice.
    let indentation = |line: &str| line.chars().take_while(|c| c.is_whitespace()).any(|c| c == '\t');
    for number in [position.line, position.line - 1] {
        if number > 0 && yaml.lines().nth(number - 1).is_some_and(indentation) {
            let position = Position { line: number, column: 1 };
            return (position, "not YAML: a tab in the indentation; indent with spaces".to_owned());
        }
    }
    let line = yaml.lines().nth(position.line - 1).unwrap_or_default();
    let is_surrogate = |escape: &str| matches!(escape.get(..1), Some("d" | "D")) && escape.get(1..2) > Some("7");
    if error.info().contains("invalid Unicode character") && line.split("\\u").skip(1).any(is_surrogate) {
        let message = "not YAML: half of a UTF-16 surrogate pair as an escape; write the character itself";
        return (position, message.to_owned());
    }
    (position, format!("not YAML: {}; correct the syntax here or just above", error.info()))
}

#[cfg(test)]
mod tests {
    use saphyr_parser::ScalarStyle;
    use serde_json::{Value, json};

    #[test]
    fn scalars() {
        let check = |text: &str, value: Value| {
            assert_eq!(super::scalar(text, ScalarStyle::Plain), Ok(value), "{text}");
        };
        check("", Value::Null);
        check("~", Value::Null);
        check("NULL", Value::Null);
        check("nULL", json!("nULL"));
        check("True", json!(true));
        check("yes", json!("yes"));
        check("12", json!(12));
        check("-12", json!(-12));
        check("+12", json!(12));
        check("012", json!(12));
        check("0x1F", json!(31));
        check("0o17", json!(15));
        check("18446744073709551615", json!(u64::MAX));
        check("-9223372036854775808", json!(i64::MIN));
        check("1.", json!(1.0));
        check(".5", json!(0.5));
        check("-1.5e3", json!(-1500.0));
        check("1e", json!("1e"));
        check(".", json!("."));
        check("-", json!("-"));
        check("+", json!("+"));
        check("e5", json!("e5"));
        check("3.0.3", json!("3.0.3"));
        check("1_000", json!("1_000"));
        check("2026-01-02", json!("2026-01-02"));
        for text in [".nan", "-.inf", ".INF", "18446744073709551616", "-9223372036854775809", "1e999"] {
            assert!(super::scalar(text, ScalarStyle::Plain).is_err(), "{text}");
        }
        assert_eq!(super::scalar("12", ScalarStyle::SingleQuoted), Ok(json!("12")));
    }
}
