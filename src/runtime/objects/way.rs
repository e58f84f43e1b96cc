//! The way to a place in a body, which is read again to find the names of the properties on it.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// The path to which these steps lead, such as `tasks[1].status`, or `.` for the body as a whole. A name that is not one of
/// `properties` is `*`, since it may be a secret.
pub(in crate::runtime) fn path(body: &[u8], steps: &[u32], properties: &[&str]) -> String {
    let path = walk(body, steps, properties, false).path;
    if path.is_empty() { ".".to_owned() } else { path }
}

/// The first names of the object to which these steps lead that are among `properties`.
pub(in crate::runtime) fn some_names<'a>(body: &[u8], steps: &'a [u32], properties: &'a [&'a str]) -> Vec<&'a str> {
    walk(body, steps, properties, true).names
}

/// How many names are shown.
const SHOWN: usize = 3;

fn walk<'a>(body: &[u8], steps: &'a [u32], properties: &'a [&'a str], enters: bool) -> Way<'a> {
    let mut way = Way { steps, properties, enters, path: String::new(), names: Vec::new() };
    // It is broken off at the place itself, or further on where the body is malformed.
    let _ = way.deserialize(&mut serde_json::Deserializer::from_slice(body));
    way
}

struct Way<'a> {
    /// What is ahead.
    steps: &'a [u32],
    properties: &'a [&'a str],
    /// Whether the object at the place is looked into. Nothing else is, since it may be long, and serde quotes it.
    enters: bool,
    /// The steps taken.
    path: String,
    /// The names at the place.
    names: Vec<&'a str>,
}

impl<'de> DeserializeSeed<'de> for &mut Way<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.steps.is_empty() && !self.enters { Ok(()) } else { deserializer.deserialize_any(self) }
    }
}

impl<'de> Visitor<'de> for &mut Way<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        let Some((number, ahead)) = self.steps.split_first() else { return Ok(()) };
        self.path += &format!("[{number}]");
        self.steps = ahead;
        for _ in 0..*number {
            elements.next_element::<IgnoredAny>()?;
        }
        elements.next_element_seed(self).map(Option::unwrap_or_default)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let Some((number, ahead)) = self.steps.split_first() else {
            while let Some(name) = entries.next_key_seed(Name(self.properties))?.filter(|_| self.names.len() < SHOWN) {
                entries.next_value::<IgnoredAny>()?;
                self.names.extend(name);
            }
            return Ok(());
        };
        for _ in 0..*number {
            entries.next_entry::<IgnoredAny, IgnoredAny>()?;
        }
        let name = entries.next_key_seed(Name(self.properties))?.flatten();
        self.path += if self.path.is_empty() { "" } else { "." };
        self.path += name.unwrap_or("*");
        self.steps = ahead;
        entries.next_value_seed(self)
    }
}

/// A name that is one of these. It is not copied, since any other may be long.
struct Name<'a>(&'a [&'a str]);

impl<'de, 'a> DeserializeSeed<'de> for Name<'a> {
    type Value = Option<&'a str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<'a> Visitor<'_> for Name<'a> {
    type Value = Option<&'a str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().find(|documented| **documented == name).copied())
    }
}
