//! Reads JSON as every response is read. Objects are read from JSON objects alone: serde's derived readers also take an
//! array, with the values of the properties in the order of the spec, which no server means; unnoticed, it would put values
//! into wrong properties. What is read may take only so much memory. And what can't be read is located, without its value.
//!
//! The result itself, or an element of a list that is the result, has to be the object that is documented: one that has
//! properties and none of the documented ones is something else, such as `{"Message": …}`, which would be read as an object
//! without properties where all are optional. serde's derived readers tell which is which: they take the value of a property
//! that they don't know as an [`IgnoredAny`](serde::de::IgnoredAny), which has no size.

mod date_times;
mod deserializer;
mod elements;
mod mismatch;
mod properties;
mod reading;
#[cfg(test)]
mod tests;
mod visitor;

pub(super) use self::reading::Reading;

/// A deserializer that takes no array for an object, at any depth; likewise what passes between it and a reader.
///
/// The contents of serde's own enums are out of reach; no response has one.
pub(super) struct Objects<'r, 'de, T> {
    inner: T,
    reading: &'r Reading<'de>,
    /// The size of the place where the value goes, in bytes. A larger one is in a box.
    slot: usize,
    of: Of,
    /// Whether it is the result, or an element of a list that is.
    is_root: bool,
}

/// What is being read.
#[derive(Clone, Copy, PartialEq)]
enum Of {
    Value,
    /// An object whose properties have places in a struct.
    Record,
    /// An object that is looked at for one property, which is the result.
    Envelope,
    Number,
    /// The key of a map, which keeps it.
    Key,
    /// A string whose text is not kept: the name of a property in a struct, and what is parsed.
    Parsed,
    /// A list in which null is passed over.
    List,
}

impl<'r, 'de, T> Objects<'r, 'de, T> {
    fn with<U>(&self, inner: U) -> Objects<'r, 'de, U> {
        Objects { inner, reading: self.reading, slot: self.slot, of: self.of, is_root: self.is_root }
    }

    fn split<U>(self, of: Of, inner: U) -> (T, Objects<'r, 'de, U>) {
        (self.inner, Objects { inner, reading: self.reading, slot: self.slot, of, is_root: self.is_root })
    }
}
