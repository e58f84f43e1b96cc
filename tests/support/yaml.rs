//! Reads the YAML that `specs/` is written in, and no more of it: block mappings and
//! lists, plain and quoted scalars on one line, folded and literal text. So the tables of the tests
//! can be held against the spec without the pipeline that the spec went through.

use serde_json::{Map, Value};

/// # Panics
/// At anything else.
pub fn parse(text: &str) -> Value {
    let mut reader = Reader { lines: text.lines().map(str::to_owned).collect(), at: 0 };
    let value = reader.block(0);
    assert_eq!(reader.peek(), None, "line {}", reader.at + 1);
    value
}

struct Reader {
    lines: Vec<String>,
    at: usize,
}

impl Reader {
    /// The next line that is not blank and no comment: its indentation and the rest.
    fn peek(&mut self) -> Option<(usize, String)> {
        loop {
            let line = self.lines.get(self.at)?;
            let text = line.trim_start();
            if !text.is_empty() && !text.starts_with('#') {
                return Some((line.len() - text.len(), text.to_owned()));
            }
            self.at += 1;
        }
    }

    fn block(&mut self, indent: usize) -> Value {
        match self.peek() {
            Some((_, text)) if text.starts_with("- ") => self.list(indent),
            _ => self.map(indent),
        }
    }

    fn list(&mut self, indent: usize) -> Value {
        let mut items = Vec::new();
        while let Some((at, text)) = self.peek().filter(|(at, _)| *at == indent) {
            let item = text.strip_prefix("- ").unwrap_or_else(|| panic!("line {}: no item", self.at + 1));
            if entry(item).is_some() {
                // A mapping that begins behind the dash.
                self.lines[self.at] = format!("{}{item}", " ".repeat(at + 2));
                items.push(self.map(at + 2));
            } else {
                self.at += 1;
                items.push(scalar(item));
            }
        }
        Value::Array(items)
    }

    fn map(&mut self, indent: usize) -> Value {
        let mut map = Map::new();
        while let Some((_, text)) = self.peek().filter(|(at, _)| *at == indent) {
            let (key, rest) = entry(&text).unwrap_or_else(|| panic!("line {}: no key", self.at + 1));
            self.at += 1;
            let value = match rest {
                "" => match self.peek() {
                    Some((deeper, _)) if deeper > indent => self.block(deeper),
                    _ => Value::Null,
                },
                ">-" => Value::String(self.folded(indent)),
                "|-" => Value::String(self.literal(indent)),
                _ => scalar(rest),
            };
            assert!(map.insert(key.to_owned(), value).is_none(), "line {}: {key} twice", self.at);
        }
        Value::Object(map)
    }

    fn folded(&mut self, indent: usize) -> String {
        let mut text = String::new();
        while let Some(line) = self.lines.get(self.at) {
            let words = line.trim_start();
            if !words.is_empty() && line.len() - words.len() <= indent {
                break;
            }
            if !text.is_empty() && !text.ends_with('\n') {
                text.push(if words.is_empty() { '\n' } else { ' ' });
            }
            text.push_str(words);
            self.at += 1;
        }
        text.trim_end().to_owned()
    }

    fn literal(&mut self, indent: usize) -> String {
        let mut text = String::new();
        while let Some(line) = self.lines.get(self.at) {
            let words = line.trim_start();
            if !words.is_empty() && line.len() - words.len() <= indent {
                break;
            }
            text.push_str(words);
            text.push('\n');
            self.at += 1;
        }
        text.trim_end().to_owned()
    }
}

/// The key of a line, and what is behind it.
fn entry(line: &str) -> Option<(&str, &str)> {
    let (key, rest) = match line.strip_prefix('\'') {
        Some(quoted) => quoted.split_once("':")?,
        None if line.contains(": ") => line.split_once(": ")?,
        None => (line.strip_suffix(':')?, ""),
    };
    Some((key, rest.trim_start()))
}

fn scalar(text: &str) -> Value {
    if let Some(quoted) = text.strip_prefix('\'') {
        return Value::String(quoted.strip_suffix('\'').expect(text).replace("''", "'"));
    }
    assert!(!text.starts_with(['"', '&', '*', '|', '>', '!', '%']), "a sort of scalar that is not read here: {text}");
    match text {
        "null" | "~" => Value::Null,
        "true" | "false" => Value::Bool(text == "true"),
        "[]" => Value::Array(Vec::new()),
        "{}" => Value::Object(Map::new()),
        _ => match (text.parse::<i64>(), decimal(text)) {
            (Ok(number), _) => number.into(),
            (_, Some(number)) => number.into(),
            _ => Value::String(text.to_owned()),
        },
    }
}

/// `55.7793`, but neither a date nor a version.
fn decimal(text: &str) -> Option<f64> {
    let (whole, fraction) = text.strip_prefix('-').unwrap_or(text).split_once('.')?;
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (are_digits(whole) && are_digits(fraction)).then(|| text.parse().ok())?
}
