//! The deserializer between serde's readers and serde_json's: for what is asked for, it passes on the visitor that watches.

use serde::de::{DeserializeSeed, Deserializer, Visitor};

use super::{
    Objects,
    composite::{Element, Entries, List, Record},
    date_times::DateTimes,
    reading::block,
    scalar::{Any, Plain, Text},
};
use crate::runtime::repair;

/// Asks serde_json to find out what is there: asked for a certain type, it puts a string in its place into the message of the
/// error, however long it is.
macro_rules! deserialize_any {
    (|$inner:ident, $reading:pat_param| $visitor:expr => $($method:ident($($argument:ident: $ty:ty),*))*) => {$(
        fn $method<V: Visitor<'de>>(self, $($argument: $ty,)* $inner: V) -> Result<V::Value, D::Error> {
            let $reading = self.reading;
            self.inner.deserialize_any($visitor)
        }
    )*};
}

macro_rules! forward {
    ($($method:ident($($argument:ident: $ty:ty),*))*) => {$(
        fn $method<V: Visitor<'de>>(self, $($argument: $ty,)* visitor: V) -> Result<V::Value, D::Error> {
            self.inner.$method($($argument,)* visitor)
        }
    )*};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Objects<'_, D> {
    type Error = D::Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let Self { inner, reading } = self;
        let size = size_of::<V::Value>();
        if size > reading.slot() {
            reading.take(block(size))?;
        }
        inner.deserialize_any(Record { inner: visitor, reading, is_envelope: fields.is_empty() })
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.inner.deserialize_option(Objects { inner: visitor, reading: self.reading })
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, D::Error> {
        let Self { inner, reading } = self;
        match name {
            repair::DATE_TIME => inner.deserialize_any(DateTimes::<_, false> { inner: visitor, reading }),
            repair::DATE_TIME_IF_ANY => inner.deserialize_any(DateTimes::<_, true> { inner: visitor, reading }),
            repair::ELEMENT => inner.deserialize_option(Element { inner: visitor, reading }),
            _ => visitor.visit_newtype_struct(Objects { inner, reading }),
        }
    }

    /// For what is parsed rather than kept; as the key of a map it may be kept.
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        if self.reading.is_key.get() { self.deserialize_string(visitor) } else { self.inner.deserialize_any(visitor) }
    }

    deserialize_any! {
        |inner, reading| Any { inner, reading } =>
        deserialize_any() deserialize_char() deserialize_unit() deserialize_bytes() deserialize_byte_buf()
        deserialize_unit_struct(_name: &'static str)
        deserialize_tuple(_len: usize)
        deserialize_tuple_struct(_name: &'static str, _len: usize)
    }

    deserialize_any! { |inner, reading| Entries { inner, reading } => deserialize_map() }

    deserialize_any! { |inner, reading| Text { inner, reading } => deserialize_string() }

    deserialize_any! { |inner, reading| List { inner, reading } => deserialize_seq() }

    deserialize_any! {
        |inner, _| Plain(inner) =>
        deserialize_bool()
        deserialize_i8() deserialize_i16() deserialize_i32() deserialize_i64() deserialize_i128()
        deserialize_u8() deserialize_u16() deserialize_u32() deserialize_u64() deserialize_u128()
        deserialize_f32() deserialize_f64()
    }

    forward! {
        deserialize_identifier() deserialize_ignored_any()
        deserialize_enum(name: &'static str, variants: &'static [&'static str])
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Objects<'_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        self.inner.deserialize(Objects { inner: deserializer, reading: self.reading })
    }
}
