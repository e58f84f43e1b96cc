//! Reads JSON. What can't be read becomes an error that names the place in the body, and shows no value, since any value
//! may be secret.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, DeserializeSeed},
};

use super::{
    error::without_bom,
    objects::{OTHER, Reading, path, some_names, without_value},
    repair::Repairs,
};

/// How much of a body is shown, in characters, around the place where it stops making sense.
const EXCERPT: usize = 60;

/// The path of a body as a whole.
const WHOLE: &str = ".";

/// Where a body stops making sense, and why.
#[derive(Debug)]
pub struct Defect {
    pub(crate) path: String,
    /// In bytes from the beginning of the body, and what stands around it, redacted.
    pub(super) place: Option<(usize, String)>,
    pub(crate) reason: String,
    /// Whether it is not the documented object, so that another server may have sent it.
    pub(super) is_other: bool,
}

impl Defect {
    pub(super) fn whole(reason: String) -> Self {
        Self { path: WHOLE.to_owned(), place: None, reason, is_other: false }
    }

    /// The same of an element of a list.
    pub(super) fn within(self, element: usize) -> Self {
        Self { path: within(&self.path, element), ..self }
    }

    /// What serde_json says of the place with this path.
    fn at(body: &[u8], path: String, e: &serde_json::Error) -> Self {
        let offset = offset(body, e.line(), e.column());
        let place = (e.line() > 0).then(|| (offset, redacted(body, offset)));
        Self { path, place, reason: without_value(&e.to_string()), is_other: false }
    }

    /// Where a reading ended, and why.
    #[cold]
    fn of(reading: &Reading, body: &[u8], properties: &[&str], e: &serde_json::Error) -> Self {
        let steps = reading.steps();
        let defect = Self::at(body, path(body, &steps, properties), e);
        if !reading.is_other() {
            return defect;
        }
        let reason = match some_names(body, &steps, properties) {
            names if names.is_empty() => defect.reason,
            names => defect.reason.replace(OTHER, &format!("{OTHER}, but {names:?}")),
        };
        Self { reason, is_other: true, ..defect }
    }
}

/// Writes ` at tasks[1].status: …`, or only the reason for a body as a whole.
impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, place, reason, .. } = self;
        if path != WHOLE {
            write!(f, " at {path}")?;
        }
        write!(f, ": {reason}")?;
        match place {
            Some((offset, excerpt)) => write!(f, " (byte {offset}, in text shaped like `{excerpt}`)"),
            None => Ok(()),
        }
    }
}

/// The path of a place in an element of a list.
pub(super) fn within(path: &str, element: usize) -> String {
    match path {
        WHOLE => format!("[{element}]"),
        path if path.starts_with('[') => format!("[{element}]{path}"),
        path => format!("[{element}].{path}"),
    }
}

/// What a body was read as.
pub(super) struct Decoded<T> {
    pub(super) value: T,
    pub(super) repairs: Repairs,
}

impl<T> Decoded<T> {
    pub(super) fn map<U>(self, map: impl FnOnce(T) -> U) -> Decoded<U> {
        Decoded { value: map(self.value), repairs: self.repairs }
    }
}

/// Without a body.
impl<T> From<T> for Decoded<T> {
    fn from(value: T) -> Self {
        Self { value, repairs: Repairs::default() }
    }
}

/// Reads a body; `properties` are the names that may be shown, and `most` is how much memory the value may take, in bytes.
pub(super) fn from_json<T: DeserializeOwned>(body: &[u8], properties: &[&str], most: usize) -> Result<T, Defect> {
    decode(body, properties, most).map(|decoded| decoded.value)
}

/// As [`from_json`], with what was repaired.
pub(super) fn decode<T: DeserializeOwned>(body: &[u8], properties: &[&str], most: usize) -> Result<Decoded<T>, Defect> {
    decode_as(PhantomData, body, properties, most)
}

/// Reads a body that is no response.
pub fn read_json<T: DeserializeOwned>(body: &[u8], properties: &[&str]) -> Result<T, Defect> {
    from_json(without_bom(body), properties, usize::MAX)
}

/// Reads a body as `seed` does.
pub(super) fn decode_as<'de, S: DeserializeSeed<'de>>(
    seed: S,
    body: &'de [u8],
    properties: &[&str],
    most: usize,
) -> Result<Decoded<S::Value>, Defect> {
    refuse_other_formats(body)?;
    let (mut json, reading) = (serde_json::Deserializer::from_slice(body), Reading::new(most));
    let value = match seed.deserialize(reading.objects(&mut json)) {
        Ok(value) => value,
        Err(e) => {
            // Its buffer may be as large as the body.
            drop(json);
            return Err(Defect::of(&reading, body, properties, &e));
        }
    };
    json.end().map_err(|e| Defect::at(body, WHOLE.to_owned(), &e))?;
    Ok(Decoded { value, repairs: Repairs::of(&reading, body, properties) })
}

fn refuse_other_formats(body: &[u8]) -> Result<(), Defect> {
    match body.trim_ascii_start().first() {
        None => Err(Defect::whole("it is empty".to_owned())),
        Some(b'<') => {
            let place = Some((0, redacted(body, 0)));
            let reason = "it looks like HTML or XML, not JSON".to_owned();
            Err(Defect { place, ..Defect::whole(reason) })
        }
        Some(_) => Ok(()),
    }
}

/// The place that serde_json names as a line and a column, both from 1, in bytes from the beginning.
fn offset(body: &[u8], line: usize, column: usize) -> usize {
    let breaks = body.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
    let start = std::iter::once(0).chain(breaks).nth(line.saturating_sub(1)).unwrap_or(0);
    (start + column.saturating_sub(1)).min(body.len())
}

/// What stands around `offset`, with `x` for every letter and `0` for every digit: enough to see a page, a body that was
/// cut off or a list in place of an object, and nothing that could be a secret.
pub(super) fn redacted(body: &[u8], offset: usize) -> String {
    // Four bytes are the most that a character has.
    let most = EXCERPT / 2 * 4;
    let (before, after) = body.split_at(offset.min(body.len()));
    let before = String::from_utf8_lossy(&before[before.len().saturating_sub(most)..]);
    let after = String::from_utf8_lossy(&after[..after.len().min(most)]);
    let skipped = before.chars().count().saturating_sub(EXCERPT / 2);
    let shown = before.chars().skip(skipped).chain(after.chars().take(EXCERPT / 2));
    shown
        .map(|c| match c {
            c if c.is_numeric() => '0',
            c if c.is_alphabetic() => 'x',
            c if c.is_ascii_graphic() => c,
            _ => ' ',
        })
        .collect()
}

/// For optional arrays and maps: `null` means what absence means, none.
pub fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

#[cfg(test)]
mod tests {
    use super::{from_json, redacted};

    #[test]
    fn an_unreadable_body_is_located() {
        let body = "{\n  \"token\": \"hunter2\",\n  \"id\": [1, x]}";
        let e = from_json::<serde_json::Value>(body.as_bytes(), &["id"], usize::MAX).unwrap_err();
        let (offset, around) = e.place.unwrap();
        assert_eq!(body.get(offset..=offset), Some("x"));
        assert_eq!(around, "    \"xxxxx\": \"xxxxxx0\",   \"xx\": [0, x]}".split_at(6).1);
        assert_eq!(e.path, "id[1]");
    }

    #[test]
    fn only_documented_names_are_shown() {
        let check = |body: &str, expect: &str| {
            let e = from_json::<serde_json::Value>(body.as_bytes(), &["id", "name"], usize::MAX).unwrap_err();
            assert_eq!(e.path, expect, "{body}");
        };
        check(r#"{"id":{"hunter2":[0,{"name":x"#, "id.*[1].name");
        check(r#"{"hunter2":x"#, "*");
        check(r#"[{"hunter2"#, "[0]");
        check("x", ".");
    }

    #[test]
    fn an_excerpt_shows_shapes_only() {
        assert_eq!(redacted("<p>Иванов 42\u{7}</p>".as_bytes(), 0), "<x>xxxxxx 00 </x>");
        assert_eq!(redacted(b"", 0), "");
        assert_eq!(redacted(&[0xff; 400], 200).chars().count(), 60);
    }
}
