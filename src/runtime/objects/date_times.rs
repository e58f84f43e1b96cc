//! Date-times that are repaired while they are read.

use std::fmt;

use serde::de::{Error, Visitor, value::StrDeserializer};

use super::reading::Reading;
use crate::runtime::datetime;

/// A visitor of date-times, between it and the string that was received; with `IF_ANY`, an empty one stands for none.
pub(super) struct DateTimes<'r, V, const IF_ANY: bool> {
    pub(super) inner: V,
    pub(super) reading: &'r Reading,
}

impl<'de, V: Visitor<'de>, const IF_ANY: bool> Visitor<'de> for DateTimes<'_, V, IF_ANY> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_unit()
    }

    #[inline]
    fn visit_str<E: Error>(self, text: &str) -> Result<V::Value, E> {
        if IF_ANY && text.is_empty() {
            self.reading.repair();
            return self.inner.visit_unit();
        }
        match datetime::with_nine_digits(text) {
            None => read::<V, E, IF_ANY>(self.inner, text),
            Some(cut) => {
                self.reading.repair();
                read::<V, E, IF_ANY>(self.inner, &cut)
            }
        }
    }
}

fn read<'de, V: Visitor<'de>, E: Error, const IF_ANY: bool>(visitor: V, text: &str) -> Result<V::Value, E> {
    if IF_ANY { visitor.visit_some(StrDeserializer::new(text)) } else { visitor.visit_str(text) }
}
