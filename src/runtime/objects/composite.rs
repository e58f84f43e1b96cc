//! The visitors of objects, maps and lists, and what is in these while they are read.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{
    Objects, Place, Role,
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
    pub(super) role: Role,
    /// Whether it is looked at for one property, which is the result.
    pub(super) is_envelope: bool,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Record<'_, V> {
    expecting!();

    fn visit_map<A: MapAccess<'de>>(self, properties: A) -> Result<V::Value, A::Error> {
        let Self { inner, reading, role, is_envelope } = self;
        let is_known = is_envelope || role != Role::Result;
        let role = if is_envelope { role } else { Role::Part };
        inner.visit_map(Properties { inner: properties, reading, role, is_known, count: 0 })
    }
}

/// The properties of an object.
struct Properties<'r, A> {
    inner: A,
    reading: &'r Reading,
    /// Of their values.
    role: Role,
    /// Whether it is known to be the documented object, or doesn't have to be.
    is_known: bool,
    /// How many were read.
    count: u32,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Properties<'_, A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        let key = self.inner.next_key_seed(seed)?;
        if key.is_none() && !self.is_known && self.count > 0 {
            return Err(self.reading.other());
        }
        Ok(key)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        let slot = size_of::<S::Value>();
        self.is_known |= slot > 0;
        self.reading.enter(self.count);
        self.count += 1;
        let place = Place { reading: self.reading, slot, role: self.role };
        let value = self.inner.next_value_seed(Objects { inner: seed, place })?;
        self.reading.leave();
        Ok(value)
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

/// A visitor of a map.
pub(super) struct Entries<'r, V> {
    pub(super) inner: V,
    pub(super) place: Place<'r>,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Entries<'_, V> {
    expecting!();

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<V::Value, A::Error> {
        self.inner.visit_map(Nodes { inner: entries, reading: self.place.reading, key: 0, count: 0 })
    }
}

/// The entries of a map, which go into a `BTreeMap`.
struct Nodes<'r, A> {
    inner: A,
    reading: &'r Reading,
    /// The size of what a key is read as, in bytes.
    key: usize,
    /// How many were read.
    count: u32,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Nodes<'_, A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.key = size_of::<S::Value>();
        let place = Place { reading: self.reading, slot: self.key, role: Role::Key };
        self.inner.next_key_seed(Objects { inner: seed, place })
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        let slot = size_of::<S::Value>();
        // A node has room for 11 entries, 6 of which are taken if they come in order; above them are nodes.
        if slot > 0 && self.count.is_multiple_of(4) {
            self.reading.take(block(11 * (self.key + slot) + 16))?;
        }
        self.reading.enter(self.count);
        self.count += 1;
        let place = Place { reading: self.reading, slot, role: Role::Part };
        let value = self.inner.next_value_seed(Objects { inner: seed, place })?;
        self.reading.leave();
        Ok(value)
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

/// A visitor of a list; with `SKIPS_NULL`, of one in which null is passed over.
pub(super) struct List<'r, V, const SKIPS_NULL: bool> {
    pub(super) inner: V,
    pub(super) place: Place<'r>,
}

impl<'de, V: Visitor<'de>, const SKIPS_NULL: bool> Visitor<'de> for List<'_, V, SKIPS_NULL> {
    expecting!();

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<V::Value, A::Error> {
        let Place { reading, role, .. } = self.place;
        self.inner.visit_seq(Elements::<_, SKIPS_NULL> { inner: elements, reading, role, count: 0, kept: 0, room: 0 })
    }
}

/// The elements of a list, which goes into a `Vec`.
struct Elements<'r, A, const SKIPS_NULL: bool> {
    inner: A,
    reading: &'r Reading,
    /// Of each.
    role: Role,
    /// How many were read, and how many of these are in the list.
    count: u32,
    kept: usize,
    /// For how many elements memory was taken.
    room: usize,
}

/// Of a larger allocation, in bytes, what wasn't written to yet takes no memory.
const LARGE: usize = 128 << 10;

impl<'de, A: SeqAccess<'de>, const SKIPS_NULL: bool> SeqAccess<'de> for Elements<'_, A, SKIPS_NULL> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        let slot = size_of::<S::Value>();
        let mut seed = Objects { inner: seed, place: Place { reading: self.reading, slot, role: self.role } };
        let element = loop {
            self.reading.enter(self.count);
            self.count += 1;
            let next = match SKIPS_NULL {
                true => self.inner.next_element_seed(OrNull(seed))?,
                false => self.inner.next_element_seed(seed)?.map(Ok),
            };
            match next {
                None => break None,
                Some(Ok(element)) => break Some(element),
                Some(Err(unused)) => seed = unused,
            }
            self.reading.repair();
            self.reading.leave();
        };
        if element.is_some() {
            self.make_room(slot)?;
        }
        self.reading.leave();
        Ok(element)
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

impl<A, const SKIPS_NULL: bool> Elements<'_, A, SKIPS_NULL> {
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
