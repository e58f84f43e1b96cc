//! Reads JSON as every answer is read. Objects are read from JSON objects alone: serde's derived readers also take an
//! array, with the values of the properties in the order of the spec, which no server means; unnoticed, it would put values
//! into wrong properties. What is read may take only so much memory. And what can't be read is located, without its value.
//!
//! The result itself, or an element of a list that is the result, has to be the object that is documented: one that has
//! properties and none of the documented ones is something else, such as `{"Message": …}`, which would be read as an object
//! without properties where all are optional. serde's derived readers tell which is which: they take the value of a property
//! that they don't know as an [`IgnoredAny`](serde::de::IgnoredAny), which has no size.

use std::{
    cell::{Cell, RefCell},
    fmt,
};

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, Expected, MapAccess, SeqAccess, Unexpected, Visitor,
    value::{MapAccessDeserializer, StrDeserializer},
};

use super::{
    datetime,
    repair::{self, Repairs},
};

/// The reading of one body.
pub(super) struct Reading<'de> {
    /// The names that may be shown.
    properties: &'de [&'de str],
    /// How much memory the values may take, in bytes, and how much of it is left.
    most: usize,
    left: Cell<usize>,
    /// The string that was met last, in case it is a name; empty if its text isn't in the body as it stands.
    last: Cell<&'de str>,
    /// The way to what can't be read, from there to the beginning.
    steps: RefCell<Vec<Step<'de>>>,
    /// The names of the properties of an object that none is documented for so far.
    unknown: RefCell<Vec<&'de str>>,
    /// Whether it can't be read because it is another object.
    is_other: Cell<bool>,
    /// How much was repaired, and the ways to the first of it, each from there to the value that is being read.
    repairs: Cell<usize>,
    repaired: RefCell<Vec<Vec<Step<'de>>>>,
}

/// How many names are kept, and how many of these are shown.
const KEPT: usize = 16;
const SHOWN: usize = 3;

/// A step of the way to a place in a body.
#[derive(Clone, Copy)]
enum Step<'de> {
    Element(usize),
    Property(&'de str),
}

impl<'de> Reading<'de> {
    pub(super) fn new(properties: &'de [&'de str], most: usize) -> Self {
        Self {
            properties,
            most,
            left: Cell::new(most),
            last: Cell::new(""),
            steps: RefCell::default(),
            unknown: RefCell::default(),
            is_other: Cell::new(false),
            repairs: Cell::new(0),
            repaired: RefCell::default(),
        }
    }

    /// The deserializer for the body as a whole.
    pub(super) fn objects<T>(&self, inner: T) -> Objects<'_, 'de, T> {
        Objects { inner, reading: self, slot: usize::MAX, of: Of::Value, is_root: true }
    }

    /// Where the reading failed: a path such as `tasks[1].status`, or `.` for the body as a whole. A name that is not one of
    /// `properties` is `*`, since it may be a secret.
    pub(super) fn path(&self) -> String {
        self.path_of(&self.steps.borrow())
    }

    fn path_of(&self, steps: &[Step<'de>]) -> String {
        let mut path = String::new();
        for step in steps.iter().rev() {
            match step {
                Step::Element(index) => path += &format!("[{index}]"),
                Step::Property(name) => {
                    path += if path.is_empty() { "" } else { "." };
                    path += if self.properties.contains(name) { name } else { "*" };
                }
            }
        }
        if path.is_empty() { ".".to_owned() } else { path }
    }

    /// What was repaired so far.
    pub(super) fn repairs(&self) -> Repairs {
        Repairs {
            count: self.repairs.get(),
            #[cfg(feature = "tracing")]
            places: self.repaired.borrow().iter().map(|steps| self.path_of(steps)).collect(),
        }
    }

    /// Something was repaired in the value that is being read.
    fn repaired(&self) {
        self.repairs.set(self.repairs.get() + 1);
        let mut repaired = self.repaired.borrow_mut();
        if repaired.len() < SHOWN {
            repaired.push(Vec::new());
        }
    }

    /// What was repaired after the first `before` repairs is in the value to which this step leads.
    fn repaired_at(&self, before: usize, step: Step<'de>) {
        if self.repairs.get() != before {
            self.repaired.borrow_mut().iter_mut().skip(before).for_each(|steps| steps.push(step));
        }
    }

    /// Whether the reading failed because the result is another object than is documented.
    pub(super) fn is_other(&self) -> bool {
        self.is_other.get()
    }

    /// The name of a property of an object that none is documented for so far.
    fn unknown(&self, number: usize, name: &'de str) {
        if number < KEPT {
            let mut unknown = self.unknown.borrow_mut();
            unknown.truncate(number);
            unknown.push(name);
        }
    }

    /// An object that has none of the documented properties.
    fn other<E: Error>(&self) -> E {
        self.is_other.set(true);
        let unknown = self.unknown.borrow();
        let known: Vec<_> = unknown.iter().filter(|name| self.properties.contains(name)).take(SHOWN).collect();
        match known.as_slice() {
            [] => E::custom("it is another object, with none of the documented properties"),
            known => {
                E::custom(format_args!("it is another object, with none of the documented properties, but {known:?}"))
            }
        }
    }

    /// Takes the memory for something of this size.
    fn take<E: Error>(&self, bytes: usize) -> Result<(), E> {
        let left = self.left.get().checked_sub(bytes);
        let exceeded = || E::custom(format_args!("it exceeds the limit max_decoded of {} bytes", self.most));
        self.left.set(left.ok_or_else(exceeded)?);
        Ok(())
    }

    fn take_string<E: Error>(&self, text: &str, of: Of) -> Result<(), E> {
        if of == Of::Parsed { Ok(()) } else { self.take(block(text.len())) }
    }

    fn failed_at(&self, step: Step<'de>) {
        self.steps.borrow_mut().push(step);
    }
}

/// What an allocation takes of the heap, in bytes, in glibc and about as much elsewhere.
fn block(bytes: usize) -> usize {
    if bytes == 0 { 0 } else { (bytes.saturating_add(8 + 15) & !15).max(32) }
}

/// A deserializer that takes no array for an object, at any depth; likewise what passes between it and a reader.
///
/// The contents of serde's own enums are out of reach; no answer has one.
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

/// Why a value is none that was expected, without the value.
#[derive(Debug)]
struct Mismatch(String);

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Mismatch {}

impl Error for Mismatch {
    fn custom<T: fmt::Display>(reason: T) -> Self {
        Self(reason.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self(format!("invalid type: {}, expected {expected}", sort(&found)))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self(format!("invalid value: {}, expected {expected}", sort(&found)))
    }
}

/// serde's own words for what was found.
fn sort(found: &Unexpected<'_>) -> String {
    match found {
        Unexpected::Bool(_) => "boolean".to_owned(),
        Unexpected::Unsigned(_) | Unexpected::Signed(_) => "integer".to_owned(),
        Unexpected::Float(_) => "floating point".to_owned(),
        Unexpected::Char(_) => "character".to_owned(),
        Unexpected::Str(_) => "string".to_owned(),
        Unexpected::Unit => "null".to_owned(),
        other => other.to_string(),
    }
}

macro_rules! forward_visit {
    ($($method:ident($ty:ty))*) => {$(
        fn $method<E: Error>(self, value: $ty) -> Result<V::Value, E> {
            self.inner.$method(value).map_err(|e: Mismatch| E::custom(e))
        }
    )*};
}

/// What a visitor of date-times sees of a string.
struct DateTimes<'r, 'de, V> {
    inner: V,
    reading: &'r Reading<'de>,
    /// Whether an empty string stands for none.
    if_any: bool,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for DateTimes<'_, 'de, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_unit()
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<V::Value, E> {
        let cut = datetime::with_nine_digits(text);
        if cut.is_some() || (self.if_any && text.is_empty()) {
            self.reading.repaired();
        }
        match cut.as_deref().unwrap_or(text) {
            text if !self.if_any => self.inner.visit_str(text),
            "" => self.inner.visit_unit(),
            text => self.inner.visit_some(StrDeserializer::new(text)),
        }
    }
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
        let elements = Elements {
            inner: items,
            reading: self.reading,
            at: 0,
            kept: 0,
            room: 0,
            is_root: self.is_root,
            skips_null: self.of == Of::List,
        };
        self.inner.visit_seq(elements)
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<V::Value, A::Error> {
        if self.of == Of::Number {
            // How a serde_json with `arbitrary_precision` hands out a number.
            return match serde_json::Number::deserialize(MapAccessDeserializer::new(entries)) {
                Ok(number) => number.deserialize_any(self.inner).map_err(A::Error::custom),
                Err(_) => Err(A::Error::custom(Mismatch::invalid_type(Unexpected::Map, &self.inner))),
            };
        }
        let is_record = matches!(self.of, Of::Record | Of::Envelope);
        let properties = Properties {
            inner: entries,
            reading: self.reading,
            name: "",
            key: 0,
            read: 0,
            is_record,
            is_known: !(self.is_root && self.of == Of::Record),
            holds_root: self.is_root && self.of == Of::Envelope,
        };
        self.inner.visit_map(properties)
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Objects<'_, 'de, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        let deserializer = self.with(deserializer);
        self.inner.deserialize(deserializer)
    }
}

/// The elements of a list, which goes into a `Vec`.
struct Elements<'r, 'de, A> {
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

/// The properties of an object, which go into a struct or a map.
struct Properties<'r, 'de, A> {
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;
    use serde_json::{Value, json};

    use super::Reading;
    use crate::runtime::{DateTime, decode::from_json, null_as_default, number, repair};

    /// As generated code has them.
    #[derive(Deserialize, Debug, PartialEq)]
    struct Visit {
        #[serde(deserialize_with = "number::strict")]
        id: i64,
        #[serde(default, deserialize_with = "repair::optional_date_time")]
        at: Option<DateTime>,
        guide: Option<Box<Person>>,
        #[serde(default, deserialize_with = "repair::list_or_default")]
        people: Vec<Person>,
        #[serde(default, deserialize_with = "null_as_default")]
        rooms: BTreeMap<String, Person>,
        code: Option<Code>,
        extra: Option<Value>,
    }

    #[derive(Deserialize, Debug, PartialEq)]
    struct Person {
        name: String,
        #[serde(default, deserialize_with = "repair::optional_date_time")]
        born: Option<DateTime>,
    }

    /// With optional properties only.
    #[derive(Deserialize, Debug, PartialEq)]
    struct Open {
        at: Option<DateTime>,
        guide: Option<Box<Open>>,
        code: Option<Code>,
    }

    #[derive(Deserialize, Debug, PartialEq)]
    #[serde(transparent)]
    struct Code(String);

    const PROPERTIES: &[&str] = &["id", "guide", "people", "rooms", "name", "extra"];

    fn read(body: &str, most: usize) -> Result<Visit, String> {
        from_json(body.as_bytes(), PROPERTIES, most).map_err(|e| {
            let reason = e.reason.split(" at line").next().unwrap_or_default();
            format!("{}: {reason}", e.path)
        })
    }

    #[test]
    fn objects_are_read_as_ever() {
        let person = |name: &str| Person { name: name.to_owned(), born: None };
        let visit = Visit {
            id: 5,
            at: Some("2026-03-02T08:15:00Z".parse().unwrap()),
            guide: Some(Box::new(person("a"))),
            people: vec![person("b"), person("c")],
            rooms: BTreeMap::from([("1".to_owned(), person("d"))]),
            code: Some(Code("f".to_owned())),
            extra: Some(json!([1, 2.5, [null, true], { "g": [] }])),
        };
        let body = json!({
            "id": 5.0, "at": "2026-03-02T08:15:00Z", "guide": { "name": "a", "age": 7 },
            "people": [{ "name": "b" }, { "name": "c" }], "rooms": { "1": { "name": "d" } },
            "code": "f", "extra": [1, 2.5, [null, true], { "g": [] }], "later": [1],
        });
        assert_eq!(read(&body.to_string(), usize::MAX), Ok(visit));
        let least = read(r#"{ "id": 5, "people": null, "guide": null }"#, usize::MAX).unwrap();
        assert_eq!((least.people, least.guide), (Vec::new(), None));
    }

    #[track_caller]
    fn check(body: &str, expect: &str) {
        assert_eq!(read(body, usize::MAX), Err(expect.to_owned()), "{body}");
    }

    #[test]
    fn arrays_are_no_objects() {
        let person = |path: &str| format!("{path}: invalid type: sequence, expected struct Person");
        check("[5]", ".: invalid type: sequence, expected struct Visit");
        check("[]", ".: invalid type: sequence, expected struct Visit");
        check(r#"{"id":5,"guide":["a"]}"#, &person("guide"));
        check(r#"{"id":5,"people":[{"name":"b"},["c"]]}"#, &person("people[1]"));
        check(r#"{"id":5,"rooms":{"1":["d"]}}"#, &person("rooms.*"));
        check(r#"{"id":5,"people":{"name":"b"}}"#, "people: invalid type: map, expected a sequence");
    }

    /// What is repaired, how often, and where; and that it isn't where nobody counts.
    #[test]
    fn repairs() {
        #[track_caller]
        fn repaired(rest: &str, people: usize, count: usize, places: &[&str]) -> Visit {
            let body = format!(r#"{{"id":5,{rest}}}"#);
            let mut json = serde_json::Deserializer::from_slice(body.as_bytes());
            let reading = Reading::new(PROPERTIES, usize::MAX);
            let visit = Visit::deserialize(reading.objects(&mut json)).unwrap();
            let found: Vec<_> = reading.repaired.borrow().iter().map(|steps| reading.path_of(steps)).collect();
            assert_eq!((visit.people.len(), reading.repairs.get()), (people, count), "{body}");
            assert_eq!(found, places, "{body}");
            assert_eq!(serde_json::from_str::<Visit>(&body).is_err(), count > 0, "{body}");
            visit
        }
        assert_eq!(repaired(r#""at":null"#, 0, 0, &[]).at, None);
        assert_eq!(repaired(r#""at":"""#, 0, 1, &["*"]).at, None);
        let late = repaired(r#""at":"2026-03-02T08:15:00.1234567899+03:00""#, 0, 1, &["*"]).at.unwrap();
        assert_eq!(late.to_string(), "2026-03-02T08:15:00.123456789+03:00");
        repaired(r#""people":null"#, 0, 0, &[]);
        repaired(r#""people":[{"name":"a"}]"#, 1, 0, &[]);
        repaired(r#""people":[null]"#, 0, 1, &["people[0]"]);
        let people = r#""people":[{"name":"a"},null,{"name":"b"},null,{"name":"c"},null,null],"at":"""#;
        repaired(people, 3, 5, &["people[1]", "people[3]", "people[5]"]);
        let people = r#""people":[{"name":"a","born":""},{"name":"b","born":""}]"#;
        repaired(people, 2, 2, &["people[0].*", "people[1].*"]);
        repaired(r#""rooms":{"hunter2":{"name":"","born":""}}"#, 0, 1, &["rooms.*.*"]);
        repaired(r#""extra":[null,""]"#, 0, 0, &[]);
        check(r#"{"id":5,"at":" "}"#, "*: not an RFC 3339 date-time such as 2026-03-02T08:15:00Z");
        check(r#"{"id":5,"at":5}"#, "*: invalid type: integer, expected a string");
        check(r#"{"id":5,"at":[]}"#, "*: invalid type: sequence, expected a string");
        check(r#"{"id":5,"rooms":{"1":null}}"#, "rooms.*: invalid type: null, expected struct Person");
        check(
            r#"{"id":5,"people":[null,{"name":"b"},null,5]}"#,
            "people[3]: invalid type: integer, expected struct Person",
        );
        // What is left out takes no memory.
        let two = |most| read(r#"{"id":5,"people":[null,{"name":""},null,{"name":""},null]}"#, most);
        let room = 4 * size_of::<Person>() + 16;
        assert_eq!((two(room).is_ok(), two(room - 1).is_ok()), (true, false));
    }

    /// Of the result, or of an element of a list that is, at least one property has to be documented; deeper, none.
    #[test]
    fn other_objects_are_no_results() {
        fn check<T: serde::de::DeserializeOwned>(body: &str, expect: Result<(), &str>) {
            let read = from_json::<T>(body.as_bytes(), PROPERTIES, usize::MAX).map(|_| ());
            let told = read.map_err(|e| {
                assert!(e.is_other, "{body}");
                format!("{}: {}", e.path, e.reason.split(" at line").next().unwrap_or_default())
            });
            assert_eq!(told.as_ref().copied().map_err(String::as_str), expect, "{body}");
        }
        let other = "it is another object, with none of the documented properties";
        for body in ["{}", r#"{"at":null}"#, r#"{"hunter2":1,"more":{"a":1},"code":"f"}"#, r#"{"guide":{"hunter2":1}}"#]
        {
            check::<Open>(body, Ok(()));
            check::<Option<Box<Open>>>(body, Ok(()));
            check::<Vec<Open>>(&format!("[{{}},{body}]"), Ok(()));
            check::<BTreeMap<String, Open>>(&format!(r#"{{"id":{body}}}"#), Ok(()));
        }
        check::<Open>(r#"{"hunter2":1}"#, Err(&format!(".: {other}")));
        check::<Option<Box<Open>>>(r#"{"hunter2":{"at":null}}"#, Err(&format!(".: {other}")));
        check::<Open>(
            r#"{"hunter2":1,"name":2,"\u0069d":3,"id":4}"#,
            Err(&format!(r#".: {other}, but ["name", "id"]"#)),
        );
        check::<Vec<Open>>(r#"[{"at":null},{"extra":1},{"name":2}]"#, Err(&format!(r#"[1]: {other}, but ["extra"]"#)));
        check::<BTreeMap<String, Open>>(r#"{"id":{"hunter2":1}}"#, Ok(()));
    }

    /// Whatever of a wrong type stands where: where it is, and no value.
    #[test]
    fn values_of_a_wrong_type() {
        for (value, sort) in
            [(r#""hunter2, expected x""#, "string"), ("12345", "integer"), ("-1", "integer"), ("true", "boolean")]
        {
            check(
                &format!(r#"{{"id":5,"guide":{value}}}"#),
                &format!("guide: invalid type: {sort}, expected struct Person"),
            );
            check(
                &format!(r#"{{"id":5,"people":{value}}}"#),
                &format!("people: invalid type: {sort}, expected a sequence"),
            );
            check(&format!(r#"{{"id":5,"rooms":{value}}}"#), &format!("rooms: invalid type: {sort}, expected a map"));
        }
        check(r#"{"id":"hunter2"}"#, "id: invalid type: string, expected i64");
        check(r#"{"id":{"hunter2":1}}"#, "id: invalid type: map, expected i64");
        check(r#"{"id":5,"guide":{"name":12.5}}"#, "guide.name: invalid type: floating point, expected a string");
        check(r#"{"id":5,"guide":{"name":null}}"#, "guide.name: invalid type: null, expected a string");
        check(r#"{"id":5,"id":5}"#, ".: duplicate field `id`");
    }

    /// What the values of a body take, which is the least limit with which it can be read.
    #[test]
    fn memory() {
        #[track_caller]
        fn check(rest: &str, expect: usize) {
            let body = format!(r#"{{"id":5{rest}}}"#);
            let least = (0..10_000).find(|most| read(&body, *most).is_ok());
            assert_eq!(least, Some(expect), "{body}");
            let Some(less) = expect.checked_sub(1) else { return };
            let reason = format!("it exceeds the limit max_decoded of {less} bytes");
            let e = read(&body, less).unwrap_err();
            assert!(e.ends_with(&reason), "{e}");
        }
        let person = size_of::<Person>();
        check("", 0);
        // What is ignored takes nothing.
        check(r#","later":[[],{},"abc",5],"more":{"name":"b"}"#, 0);
        check(r#","code":"""#, 0);
        check(r#","code":"f""#, 32);
        check(r#","code":"0123456789012345678901234567890123456789""#, 48);
        // In a box.
        check(r#","guide":{"name":""}"#, super::block(person));
        check(r#","people":[]"#, 0);
        check(r#","people":[{"name":""}]"#, 4 * person + 16);
        check(r#","people":[{"name":"b"},{"name":""},{"name":""},{"name":""}]"#, 4 * person + 16 + 32);
        let five = format!(r#","people":[{}]"#, [r#"{"name":""}"#; 5].join(","));
        check(&five, 8 * person + 16);
        let room = super::block(11 * (size_of::<String>() + person) + 16);
        check(r#","rooms":{"":{"name":""}}"#, room);
        check(r#","rooms":{"1":{"name":"d"}}"#, room + 2 * 32);
        check(r#","extra":[[],[]]"#, 4 * size_of::<Value>() + 16);
    }
}
