//! JSON that is broken in one place, and what has to be said about it.

use proptest::{
    prelude::*,
    sample::{Index, select},
};
use serde_json::{Value, json};

use super::{
    garbage::{GARBLED, INSERTED, TORN, nested, other},
    place::Place,
};

/// What is done to a value. An [`Index`] chooses the place, or the byte.
#[derive(Debug, Clone)]
pub enum Damage {
    /// A required property is missing.
    Removed(Index),
    /// What can't be null is.
    Null(Index),
    /// A rule of the schema is violated.
    Forbidden(Index),
    /// Other JSON than the schema has.
    Replaced(Index, Value),
    /// This text in place of JSON, which a reader can't take for anything else.
    Garbled(Index, Vec<u8>),
    /// This text in place of JSON, which may swallow what follows.
    Torn(Index, Vec<u8>),
    /// A property twice, the second time with this value.
    Twice(Index, Value),
    CutOff(Index),
    Inserted(Index, &'static [u8]),
    Dropped(Index),
}

/// What reading has to lead to.
#[derive(Debug, Clone, PartialEq)]
pub enum Expect {
    /// A value, or an error wherever.
    Anything,
    /// A value.
    Value,
    /// An error wherever.
    Error,
    /// An error of the object at this path, which names this property.
    Missing(String, String),
    /// An error at this path.
    At(String),
    /// An error at this path or below it.
    In(String),
    /// A value, or an error at this path or below it.
    ValueOrIn(String),
}

impl Damage {
    pub fn any() -> impl Strategy<Value = Self> {
        let place = any::<Index>;
        prop_oneof![
            2 => place().prop_map(Self::Removed),
            2 => place().prop_map(Self::Null),
            2 => place().prop_map(Self::Forbidden),
            3 => (place(), other()).prop_map(|(place, value)| Self::Replaced(place, value)),
            3 => (place(), select(GARBLED)).prop_map(|(place, text)| Self::Garbled(place, text.to_vec())),
            1 => (place(), nested()).prop_map(|(place, text)| Self::Torn(place, text)),
            1 => (place(), select(TORN)).prop_map(|(place, text)| Self::Torn(place, text.to_vec())),
            1 => (place(), other()).prop_map(|(place, value)| Self::Twice(place, value)),
            1 => place().prop_map(Self::CutOff),
            1 => (place(), select(INSERTED)).prop_map(|(at, bytes)| Self::Inserted(at, bytes)),
            1 => place().prop_map(Self::Dropped),
        ]
    }

    /// The broken text, and what has to be said about it.
    pub fn apply(&self, mut value: Value, places: &[Place]) -> (Vec<u8>, Expect) {
        match self {
            Self::Removed(index) => {
                let required: Vec<_> =
                    places.iter().filter_map(|place| Some((place, place.required.as_ref()?))).collect();
                if required.is_empty() {
                    return Self::Null(*index).apply(value, places);
                }
                let (place, (around, name)) = index.get(&required);
                place.remove(&mut value);
                (text(&value), Expect::Missing(around.clone(), name.clone()))
            }
            Self::Null(index) => {
                let is_refused = |place: &&Place| !place.nullable && (place.required.is_some() || place.path == ".");
                let refused: Vec<_> = places.iter().filter(is_refused).collect();
                let place = index.get(&refused);
                *place.of(&mut value) = Value::Null;
                (text(&value), Expect::At(place.path.clone()))
            }
            Self::Forbidden(index) => {
                let ruled: Vec<_> =
                    places.iter().filter_map(|place| Some((place, place.forbidden.as_ref()?))).collect();
                if ruled.is_empty() {
                    return Self::Null(*index).apply(value, places);
                }
                let (place, forbidden) = index.get(&ruled);
                *place.of(&mut value) = (*forbidden).clone();
                (text(&value), Expect::At(place.path.clone()))
            }
            Self::Replaced(index, other) => {
                let place = index.get(places);
                *place.of(&mut value) = other.clone();
                (text(&value), Expect::ValueOrIn(place.path.clone()))
            }
            Self::Garbled(index, garbage) => {
                let place = index.get(places);
                let must = serde_json::from_slice::<Value>(garbage).is_err();
                let expect = if must { Expect::In } else { Expect::ValueOrIn };
                (with(value, place, garbage), expect(place.path.clone()))
            }
            Self::Torn(index, garbage) => (with(value, index.get(places), garbage), Expect::Anything),
            Self::Twice(index, other) => {
                let properties: Vec<_> = places.iter().filter(|place| place.name().is_some()).collect();
                if properties.is_empty() {
                    return Self::Dropped(*index).apply(value, places);
                }
                let place = index.get(&properties);
                let twice = format!("{},{}:{other}", place.of(&mut value), json!(place.name()));
                (with(value, place, twice.as_bytes()), Expect::Anything)
            }
            Self::CutOff(index) => {
                let mut text = text(&value);
                text.truncate(index.index(text.len()));
                (text, Expect::Error)
            }
            Self::Inserted(index, bytes) => {
                let mut text = text(&value);
                let at = index.index(text.len() + 1);
                text.splice(at..at, bytes.iter().copied());
                (text, Expect::Anything)
            }
            Self::Dropped(index) => {
                let mut text = text(&value);
                text.remove(index.index(text.len()));
                (text, Expect::Anything)
            }
        }
    }
}

impl Expect {
    /// Compares with where the error was, if any, and its reason.
    pub fn check(&self, error: Option<(&str, &str)>) -> Result<(), String> {
        let is_in = |around: &str, path: &str| {
            let rest = path.strip_prefix(around);
            around == "." || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        let fits = match (self, error) {
            (Self::Anything | Self::Value | Self::ValueOrIn(_), None) | (Self::Anything | Self::Error, Some(_)) => true,
            (Self::Value, Some(_)) | (_, None) => false,
            (Self::Missing(around, name), Some((path, reason))) => {
                path == around && reason.starts_with(&format!("missing field `{name}`"))
            }
            (Self::At(expect), Some((path, _))) => path == expect,
            (Self::In(around) | Self::ValueOrIn(around), Some((path, _))) => is_in(around, path),
        };
        if fits { Ok(()) } else { Err(format!("expected {self:?}, not {error:?}")) }
    }
}

fn text(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}

/// The value with this text in one place.
fn with(mut value: Value, place: &Place, text: &[u8]) -> Vec<u8> {
    const HERE: &str = "@the damage goes here@";
    *place.of(&mut value) = HERE.into();
    let whole = value.to_string();
    let (before, after) = whole.split_once(&format!("{HERE:?}")).unwrap();
    [before.as_bytes(), text, after.as_bytes()].concat()
}
