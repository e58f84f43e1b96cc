//! The visitors of objects, maps, lists and optional values, and what is in these while they are read.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{
    Objects,
    reading::{Reading, block},
    scalar::STRING,
};

macro_rules! expecting {
    () => {
        type Value = V::Value;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.inner.expecting(f)
        }

        fn visit_str<E: Error>(self, _: &str) -> Result<V::Value, E> {
            Err(E::invalid_type(STRING, &self))
        }
    };
}

/// A visitor of an object whose properties have places in a struct.
pub(super) struct Record<'r, V> {
    pub(super) inner: V,
    pub(super) reading: &'r Reading,
    /// Whether it is looked at for one property, which is the result.
    pub(super) is_envelope: bool,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Record<'_, V> {
    expecting!();

    fn visit_map<A: MapAccess<'de>>(self, properties: A) -> Result<V::Value, A::Error> {
        let Self { inner, reading, is_envelope } = self;
        let depth = reading.begin();
        let is_known = is_envelope || !reading.is_result(depth);
        if is_envelope {
            reading.pass_result(depth);
        }
        inner.visit_map(Properties { inner: properties, reading, depth, is_known })
    }
}

/// The properties of an object.
struct Properties<'r, A> {
    inner: A,
    reading: &'r Reading,
    depth: u8,
    /// Whether it is known to be the documented object, or doesn't have to be.
    is_known: bool,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Properties<'_, A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.reading.leave_to(self.depth);
        let key = self.inner.next_key_seed(seed);
        if matches!(key, Ok(None)) && !self.is_known && self.reading.count(self.depth) > 0 {
            return Err(self.reading.other());
        }
        key
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        if size_of::<S::Value>() > 0 {
            self.is_known = true;
        }
        self.reading.enter::<S::Value>(self.depth);
        self.inner.next_value_seed(Objects { inner: seed, reading: self.reading })
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

/// A visitor of a map.
pub(super) struct Entries<'r, V> {
    pub(super) inner: V,
    pub(super) reading: &'r Reading,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Entries<'_, V> {
    expecting!();

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<V::Value, A::Error> {
        let Self { inner, reading } = self;
        inner.visit_map(Nodes { inner: entries, reading, depth: reading.begin(), key: 0 })
    }
}

/// The entries of a map, which go into a `BTreeMap`.
struct Nodes<'r, A> {
    inner: A,
    reading: &'r Reading,
    depth: u8,
    /// The size of what a key is read as, in bytes.
    key: usize,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Nodes<'_, A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.key = size_of::<S::Value>();
        self.reading.leave_to(self.depth);
        self.reading.is_key.set(true);
        let key = self.inner.next_key_seed(Objects { inner: seed, reading: self.reading });
        self.reading.is_key.set(false);
        key
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        let size = size_of::<S::Value>();
        // A node has room for 11 entries, 6 of which are taken if they come in order; above them are nodes.
        if size > 0 && self.reading.count(self.depth).is_multiple_of(4) {
            self.reading.take(block(11 * (self.key + size) + 16))?;
        }
        self.reading.enter::<S::Value>(self.depth);
        self.inner.next_value_seed(Objects { inner: seed, reading: self.reading })
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

/// A visitor of a list.
pub(super) struct List<'r, V> {
    pub(super) inner: V,
    pub(super) reading: &'r Reading,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for List<'_, V> {
    expecting!();

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<V::Value, A::Error> {
        let Self { inner, reading } = self;
        let depth = reading.begin();
        reading.pass_result(depth);
        inner.visit_seq(Elements { inner: elements, reading, depth, kept: 0, room: 0 })
    }
}

/// The elements of a list, which goes into a `Vec`.
struct Elements<'r, A> {
    inner: A,
    reading: &'r Reading,
    depth: u8,
    /// How many are in the list, and for how many memory was taken.
    kept: usize,
    room: usize,
}

/// Of a larger allocation, in bytes, what wasn't written to yet takes no memory.
const LARGE: usize = 128 << 10;

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Elements<'_, A> {
    type Error = A::Error;

    #[inline]
    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.reading.enter::<S::Value>(self.depth);
        let element = self.inner.next_element_seed(Objects { inner: seed, reading: self.reading });
        match element {
            Ok(Some(_)) if self.reading.is_skipped.take() => {}
            Ok(Some(_)) => self.make_room(size_of::<S::Value>())?,
            Ok(None) => self.reading.leave_to(self.depth),
            Err(_) => {}
        }
        element
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

impl<A> Elements<'_, A> {
    /// Takes the memory for one more element of this size, as a `Vec` grows.
    fn make_room<E: Error>(&mut self, size: usize) -> Result<(), E> {
        if self.kept == self.room {
            let least = if size > 1024 { 1 } else { 4 };
            let room = (2 * self.room).max(least);
            let room = if room * size > LARGE { self.room + 1 } else { room };
            self.reading.take((room - self.room) * size + if self.room == 0 { 16 } else { 0 })?;
            self.room = room;
        }
        self.kept += 1;
        Ok(())
    }
}

/// The visitor of an optional value.
impl<'de, V: Visitor<'de>> Visitor<'de> for Objects<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_none()
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.inner.visit_some(Objects { inner: deserializer, reading: self.reading })
    }
}

/// A visitor of an element of a list in which null is passed over.
pub(super) struct Element<'r, V> {
    pub(super) inner: V,
    pub(super) reading: &'r Reading,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Element<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.reading.repair();
        self.reading.is_skipped.set(true);
        self.inner.visit_none()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.inner.visit_some(Objects { inner: deserializer, reading: self.reading })
    }
}
