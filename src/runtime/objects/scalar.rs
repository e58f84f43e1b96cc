//! The visitors of strings that are kept, of numbers, and of whatever comes.

use std::fmt;

use serde::de::{
    Deserialize, Deserializer, Error, MapAccess, SeqAccess, Unexpected, Visitor, value::MapAccessDeserializer,
};

use super::{
    composite::{Entries, List},
    reading::{Reading, block},
};

/// A visitor of a string that is kept.
pub(super) struct Text<'r, V> {
    pub(super) inner: V,
    pub(super) reading: &'r Reading,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Text<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<V::Value, E> {
        self.reading.take(block(text.len()))?;
        self.inner.visit_str(text)
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<V::Value, E> {
        self.reading.take(block(text.len()))?;
        self.inner.visit_borrowed_str(text)
    }
}

/// Passes what was found on to the visitor inside.
macro_rules! forward_visit {
    ($inner:tt: $($method:ident($($value:ident: $ty:ty)?))*) => {$(
        fn $method<E: Error>(self, $($value: $ty)?) -> Result<V::Value, E> {
            self.$inner.$method($($value)?)
        }
    )*};
}

/// A visitor of a number or a boolean.
pub(super) struct Plain<V>(pub(super) V);

impl<'de, V: Visitor<'de>> Visitor<'de> for Plain<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    forward_visit! { 0: visit_bool(value: bool) visit_i64(value: i64) visit_u64(value: u64) visit_f64(value: f64) }

    fn visit_str<E: Error>(self, _: &str) -> Result<V::Value, E> {
        Err(E::invalid_type(STRING, &self))
    }

    /// How a serde_json with `arbitrary_precision` hands out a number.
    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<V::Value, A::Error> {
        match serde_json::Number::deserialize(MapAccessDeserializer::new(entries)) {
            Ok(number) => number.deserialize_any(self.0).map_err(A::Error::custom),
            Err(_) => Err(A::Error::invalid_type(Unexpected::Map, &self)),
        }
    }
}

/// A visitor of whatever comes.
pub(super) struct Any<'r, V> {
    pub(super) inner: V,
    pub(super) reading: &'r Reading,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Any<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    forward_visit! {
        inner: visit_unit() visit_bool(value: bool) visit_i64(value: i64) visit_u64(value: u64) visit_f64(value: f64)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<V::Value, E> {
        Text { inner: self.inner, reading: self.reading }.visit_str(text)
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<V::Value, E> {
        Text { inner: self.inner, reading: self.reading }.visit_borrowed_str(text)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<V::Value, A::Error> {
        List { inner: self.inner, reading: self.reading }.visit_seq(elements)
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<V::Value, A::Error> {
        Entries { inner: self.inner, reading: self.reading }.visit_map(entries)
    }
}

/// A string of the wrong type, without the string.
pub(super) const STRING: Unexpected<'_> = Unexpected::Other("string");
