//! The deserializer between serde's readers and serde_json's: it notes what is asked for, and lets serde_json find out what
//! is there.

use serde::de::{Deserializer, Visitor};

use super::{Objects, Of, date_times::DateTimes, reading::block};
use crate::runtime::repair;

/// serde_json would put a value of the wrong type into its message, however long it is; the visitors leave it out.
macro_rules! deserialize_any {
    ($of:ident: $($method:ident($($argument:ident: $ty:ty),*))*) => {$(
        fn $method<V: Visitor<'de>>(self, $($argument: $ty,)* visitor: V) -> Result<V::Value, D::Error> {
            let (inner, visitor) = self.split(Of::$of, visitor);
            inner.deserialize_any(visitor)
        }
    )*};
}

macro_rules! forward_deserialize {
    ($of:ident: $($method:ident($($argument:ident: $ty:ty),*))*) => {$(
        fn $method<V: Visitor<'de>>(self, $($argument: $ty,)* visitor: V) -> Result<V::Value, D::Error> {
            let (inner, visitor) = self.split(Of::$of, visitor);
            inner.$method($($argument,)* visitor)
        }
    )*};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Objects<'_, 'de, D> {
    type Error = D::Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let size = size_of::<V::Value>();
        if size > self.slot {
            self.reading.take(block(size))?;
        }
        let of = if fields.is_empty() { Of::Envelope } else { Of::Record };
        let (inner, visitor) = self.split(of, visitor);
        inner.deserialize_any(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let of = if self.of == Of::Key { Of::Key } else { Of::Parsed };
        let (inner, visitor) = self.split(of, visitor);
        inner.deserialize_any(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        match self.of {
            Of::Key | Of::Parsed => self.deserialize_identifier(visitor),
            _ => self.inner.deserialize_ignored_any(visitor),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, D::Error> {
        let reading = self.reading;
        match name {
            repair::DATE_TIME | repair::DATE_TIME_IF_ANY => {
                let visitor = DateTimes { inner: visitor, reading, if_any: name == repair::DATE_TIME_IF_ANY };
                let (inner, visitor) = self.split(Of::Parsed, visitor);
                inner.deserialize_any(visitor)
            }
            repair::LIST => {
                let (inner, visitor) = self.split(Of::List, visitor);
                inner.deserialize_any(visitor)
            }
            _ => {
                let (inner, visitor) = self.split(Of::Value, visitor);
                inner.deserialize_newtype_struct(name, visitor)
            }
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.inner.deserialize_enum(name, variants, visitor)
    }

    deserialize_any! {
        Value: deserialize_any() deserialize_bool() deserialize_char() deserialize_string()
        deserialize_unit() deserialize_seq() deserialize_map()
        deserialize_unit_struct(_name: &'static str)
        deserialize_tuple(_len: usize)
        deserialize_tuple_struct(_name: &'static str, _len: usize)
    }

    deserialize_any! {
        Number: deserialize_i8() deserialize_i16() deserialize_i32() deserialize_i64() deserialize_i128()
        deserialize_u8() deserialize_u16() deserialize_u32() deserialize_u64() deserialize_u128()
        deserialize_f32() deserialize_f64()
    }

    forward_deserialize! {
        Value: deserialize_bytes() deserialize_byte_buf() deserialize_option()
    }

    forward_deserialize! { Parsed: deserialize_identifier() }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}
