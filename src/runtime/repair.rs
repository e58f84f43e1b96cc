//! Damage that costs nothing: what a server sends although its schema rules it out, and what can mean only one thing. It is
//! read as that, and counted.
//!
//! | received | read as |
//! |---|---|
//! | `""` for an optional date-time | absence |
//! | `null` in a list of objects that are never sent | nothing: the list is shorter |
//! | more than nine digits of a fraction of a second | the first nine |
//!
//! The readers here ask for a newtype struct with a name that only `Objects` knows. It repairs,
//! counts and knows the place, within the reading of one body. Every other deserializer, such as serde_json's own, hands
//! itself on, and reads as strictly as ever: where nobody counts, nothing is repaired. A counter of the thread would have to
//! be compared after every value, could not say where, and would be wrong once two readings are nested.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{SeqAccess, Visitor},
};

#[cfg(feature = "tracing")]
use super::objects::path;
use super::{DateTime, objects::Reading};

/// What was repaired in a body.
#[derive(Debug, Default)]
pub(super) struct Repairs {
    pub(super) count: usize,
    /// Where the first of it is, as paths such as `tasks[1]`.
    #[cfg(feature = "tracing")]
    pub(super) places: Vec<String>,
}

/// How many places are told of.
#[cfg(feature = "tracing")]
const TOLD: usize = 3;

impl Repairs {
    /// What was repaired while `body` was read.
    pub(super) fn of(reading: &Reading, _body: &[u8], _properties: &[&str]) -> Self {
        let (count, _ways) = reading.repairs();
        Self {
            count,
            #[cfg(feature = "tracing")]
            places: _ways.iter().map(|steps| path(_body, steps, _properties)).collect(),
        }
    }

    /// One of the value as a whole.
    pub(super) fn one() -> Self {
        Self {
            count: 1,
            #[cfg(feature = "tracing")]
            places: vec![".".to_owned()],
        }
    }

    /// Adds what was repaired in an element of a list.
    pub(super) fn add(&mut self, other: Self, _element: usize) {
        #[cfg(feature = "tracing")]
        let places = other.places.iter().map(|place| super::decode::within(place, _element)).collect();
        #[cfg(feature = "tracing")]
        let other = Self { places, ..other };
        self.append(other);
    }

    /// Adds what was repaired elsewhere.
    pub(super) fn append(&mut self, other: Self) {
        self.count += other.count;
        #[cfg(feature = "tracing")]
        self.places.extend(other.places.into_iter().take(TOLD - self.places.len()));
    }
}

/// A date-time, or an empty string.
pub(super) const DATE_TIME_IF_ANY: &str = "casewire: a date-time, if any";
/// A date-time, whose fraction may be too fine.
pub(super) const DATE_TIME: &str = "casewire: a date-time";
/// An element of a list, in which null may stand.
pub(super) const ELEMENT: &str = "casewire: an element";

/// An optional date-time.
pub fn optional_date_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime>, D::Error> {
    deserializer.deserialize_newtype_struct(DATE_TIME_IF_ANY, IfAny)
}

struct IfAny;

impl<'de> Visitor<'de> for IfAny {
    type Value = Option<DateTime>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        DateTime::deserialize(deserializer).map(Some)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        Option::deserialize(deserializer)
    }
}

/// A list of objects that are never sent, or such a list if there is one.
pub fn list<'de, D: Deserializer<'de>, L: List>(deserializer: D) -> Result<L, D::Error> {
    L::read(deserializer)
}

/// An optional list of objects that are never sent: `null` means none.
pub fn list_or_default<'de, D: Deserializer<'de>, L: List + Default>(deserializer: D) -> Result<L, D::Error> {
    list(deserializer).map(Option::unwrap_or_default)
}

/// What [`list`] reads.
pub trait List: Sized {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

impl<T: for<'de> Deserialize<'de>> List for Vec<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ListVisitor(PhantomData))
    }
}

impl<L: List> List for Option<L> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::<Records<L>>::deserialize(deserializer)?.map(|Records(list)| list))
    }
}

/// A [`list`] inside something else.
#[derive(Default)]
pub struct Records<L>(L);

impl<'de, L: List> Deserialize<'de> for Records<L> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        L::read(deserializer).map(Self)
    }
}

impl<T> From<Records<Self>> for Vec<T> {
    fn from(Records(list): Records<Self>) -> Self {
        list
    }
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Vec<T>, A::Error> {
        let mut list = Vec::new();
        while let Some(Element(element)) = elements.next_element()? {
            list.extend(element);
        }
        Ok(list)
    }
}

/// An element; or null, if somebody counts.
struct Element<T>(Option<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Element<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(ELEMENT, ElementVisitor(PhantomData))
    }
}

struct ElementVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ElementVisitor<T> {
    type Value = Element<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an element")
    }

    fn visit_none<E>(self) -> Result<Element<T>, E> {
        Ok(Element(None))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Element<T>, D::Error> {
        T::deserialize(deserializer).map(|element| Element(Some(element)))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Element<T>, D::Error> {
        self.visit_some(deserializer)
    }
}
