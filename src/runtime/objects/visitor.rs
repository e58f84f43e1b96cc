//! The visitor and the seed between serde's readers and serde_json: they pass on what was found, and wrap what is inside.

use std::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Unexpected, Visitor,
    value::MapAccessDeserializer,
};

use super::{Objects, Of, elements::Elements, mismatch::Mismatch, properties::Properties};

macro_rules! forward_visit {
    ($($method:ident($ty:ty))*) => {$(
        fn $method<E: Error>(self, value: $ty) -> Result<V::Value, E> {
            self.inner.$method(value).map_err(|e: Mismatch| E::custom(e))
        }
    )*};
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Objects<'_, 'de, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    forward_visit! {
        visit_bool(bool) visit_char(char)
        visit_i8(i8) visit_i16(i16) visit_i32(i32) visit_i64(i64) visit_i128(i128)
        visit_u8(u8) visit_u16(u16) visit_u32(u32) visit_u64(u64) visit_u128(u128)
        visit_f32(f32) visit_f64(f64) visit_bytes(&[u8]) visit_borrowed_bytes(&'de [u8]) visit_byte_buf(Vec<u8>)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<V::Value, E> {
        self.reading.last.set("");
        self.reading.take_string(text, self.of)?;
        self.inner.visit_str(text).map_err(|e: Mismatch| E::custom(e))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<V::Value, E> {
        self.reading.last.set(text);
        self.reading.take_string(text, self.of)?;
        self.inner.visit_borrowed_str(text).map_err(|e: Mismatch| E::custom(e))
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_none().map_err(|e: Mismatch| E::custom(e))
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_unit().map_err(|e: Mismatch| E::custom(e))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        let deserializer = self.with(deserializer);
        self.inner.visit_some(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        let deserializer = self.with(deserializer);
        self.inner.visit_newtype_struct(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<V::Value, A::Error> {
        if matches!(self.of, Of::Record | Of::Envelope) {
            return Err(A::Error::custom(Mismatch::invalid_type(Unexpected::Seq, &self.inner)));
        }
        let skips_null = self.of == Of::List;
        self.inner.visit_seq(Elements::new(items, self.reading, self.is_root, skips_null))
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<V::Value, A::Error> {
        if self.of == Of::Number {
            // How a serde_json with `arbitrary_precision` hands out a number.
            return match serde_json::Number::deserialize(MapAccessDeserializer::new(entries)) {
                Ok(number) => number.deserialize_any(self.inner).map_err(A::Error::custom),
                Err(_) => Err(A::Error::custom(Mismatch::invalid_type(Unexpected::Map, &self.inner))),
            };
        }
        self.inner.visit_map(Properties::new(entries, self.reading, self.of, self.is_root))
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Objects<'_, 'de, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        let deserializer = self.with(deserializer);
        self.inner.deserialize(deserializer)
    }
}
