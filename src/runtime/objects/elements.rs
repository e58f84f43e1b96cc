//! The elements of a list while they are read.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};

use super::{
    Objects, Of,
    reading::{Reading, Step},
};

/// The elements of a list, which goes into a `Vec`.
pub(super) struct Elements<'r, 'de, A> {
    inner: A,
    reading: &'r Reading<'de>,
    /// Of the next element.
    at: usize,
    kept: usize,
    /// For how many elements memory was taken.
    room: usize,
    is_root: bool,
    skips_null: bool,
}

impl<'r, 'de, A> Elements<'r, 'de, A> {
    pub(super) fn new(inner: A, reading: &'r Reading<'de>, is_root: bool, skips_null: bool) -> Self {
        Self { inner, reading, at: 0, kept: 0, room: 0, is_root, skips_null }
    }
}

/// Of a larger allocation, in bytes, what wasn't written to yet takes no memory.
const LARGE: usize = 128 << 10;

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Elements<'_, 'de, A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        let size = size_of::<S::Value>();
        let seed = Objects { inner: seed, reading: self.reading, slot: size, of: Of::Value, is_root: self.is_root };
        let element = self.next(seed).and_then(|element| {
            if element.is_some() && self.kept == self.room {
                // As a `Vec` grows.
                let least = if size > 1024 { 1 } else { 4 };
                let room = (2 * self.room).max(least);
                let room = if room * size > LARGE { self.room + 1 } else { room };
                self.reading.take((room - self.room) * size + if self.room == 0 { 16 } else { 0 })?;
                self.room = room;
            }
            Ok(element)
        });
        let element = element.inspect_err(|_| self.reading.failed_at(Step::Element(self.at)))?;
        self.at += 1;
        self.kept += 1;
        Ok(element)
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

impl<'de, A: SeqAccess<'de>> Elements<'_, 'de, A> {
    /// The next element that is not null, where null is passed over.
    fn next<S: DeserializeSeed<'de>>(&mut self, mut seed: S) -> Result<Option<S::Value>, A::Error> {
        loop {
            let before = self.reading.repairs.get();
            let next = match self.skips_null {
                true => self.inner.next_element_seed(OrNull(seed))?,
                false => self.inner.next_element_seed(seed)?.map(Ok),
            };
            if let Some(Err(_)) = next {
                self.reading.repaired();
            }
            self.reading.repaired_at(before, Step::Element(self.at));
            match next {
                Some(Err(unused)) => seed = unused,
                next => return Ok(next.and_then(Result::ok)),
            }
            self.at += 1;
        }
    }
}

/// An element; or its seed, unused, if it is null.
struct OrNull<S>(S);

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for OrNull<S> {
    type Value = Result<S::Value, S>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de, S: DeserializeSeed<'de>> Visitor<'de> for OrNull<S> {
    type Value = Result<S::Value, S>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an element or null")
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(Err(self.0))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Err(self.0))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        self.0.deserialize(deserializer).map(Ok)
    }
}
