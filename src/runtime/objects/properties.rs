//! The properties of an object, or the entries of a map, while they are read.

use serde::de::{DeserializeSeed, MapAccess};

use super::{
    Objects, Of,
    reading::{Reading, Step, block},
};

/// The properties of an object, which go into a struct or a map.
pub(super) struct Properties<'r, 'de, A> {
    inner: A,
    reading: &'r Reading<'de>,
    /// Of the property that is being read, and the size of what it is read as, in bytes.
    name: &'de str,
    key: usize,
    read: usize,
    is_record: bool,
    /// Whether it is known to be the documented object, or doesn't have to be.
    is_known: bool,
    /// Whether the result is in it.
    holds_root: bool,
}

impl<'r, 'de, A> Properties<'r, 'de, A> {
    /// The properties of what is read as `of`, which is the result or an element of it when `is_root`.
    pub(super) fn new(inner: A, reading: &'r Reading<'de>, of: Of, is_root: bool) -> Self {
        Self {
            inner,
            reading,
            name: "",
            key: 0,
            read: 0,
            is_record: matches!(of, Of::Record | Of::Envelope),
            is_known: !(is_root && of == Of::Record),
            holds_root: is_root && of == Of::Envelope,
        }
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Properties<'_, 'de, A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        let of = if self.is_record { Of::Parsed } else { Of::Key };
        let seed = Objects { inner: seed, reading: self.reading, slot: 0, of, is_root: false };
        let key = self.inner.next_key_seed(seed)?;
        if key.is_none() && !self.is_known && self.read > 0 {
            return Err(self.reading.other());
        }
        (self.name, self.key) = (self.reading.last.get(), size_of::<S::Value>());
        Ok(key)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        let size = size_of::<S::Value>();
        // A node of a `BTreeMap` has room for 11 entries, 6 of which are taken if they come in order; above them are nodes.
        if !self.is_record && size > 0 && self.read.is_multiple_of(4) {
            self.reading.take(block(11 * (self.key + size) + 16))?;
        }
        if !self.is_known {
            self.is_known = size > 0;
            self.reading.unknown(self.read, self.name);
        }
        self.read += 1;
        let seed = Objects { inner: seed, reading: self.reading, slot: size, of: Of::Value, is_root: self.holds_root };
        let before = self.reading.repairs.get();
        let value =
            self.inner.next_value_seed(seed).inspect_err(|_| self.reading.failed_at(Step::Property(self.name)))?;
        self.reading.repaired_at(before, Step::Property(self.name));
        Ok(value)
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}
