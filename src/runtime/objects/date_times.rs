//! Date-times that are repaired while they are read.

use std::fmt;

use serde::de::{Error, Visitor, value::StrDeserializer};

use super::reading::Reading;
use crate::runtime::datetime;

/// A visitor of date-times, between it and the string that was received.
pub(super) struct DateTimes<'r, V> {
    pub(super) inner: V,
    pub(super) reading: &'r Reading,
    /// Whether an empty string stands for none.
    pub(super) if_any: bool,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for DateTimes<'_, V> {
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
            self.reading.repair();
        }
        match cut.as_deref().unwrap_or(text) {
            text if !self.if_any => self.inner.visit_str(text),
            "" => self.inner.visit_unit(),
            text => self.inner.visit_some(StrDeserializer::new(text)),
        }
    }
}
