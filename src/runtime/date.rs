//! A date without a time, as `format: date` has it.

use std::{fmt, ops::Deref, str::FromStr};

use jiff::civil;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::parsed::parsed;

/// A date as `YYYY-MM-DD` (RFC 3339, section 5.6, `full-date`).
///
/// ```
/// use casewire::{Date, jiff::civil};
///
/// let day: Date = "2026-11-27".parse()?;
/// assert_eq!(day.year(), 2026);
/// assert_eq!(day, Date::from(civil::date(2026, 11, 27)));
/// # Ok::<(), casewire::InvalidDate>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date(civil::Date);

/// A string that is not a date as `YYYY-MM-DD`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a date as YYYY-MM-DD")]
pub struct InvalidDate(());

impl From<civil::Date> for Date {
    fn from(date: civil::Date) -> Self {
        Self(date)
    }
}

impl From<Date> for civil::Date {
    fn from(date: Date) -> Self {
        date.0
    }
}

impl Deref for Date {
    type Target = civil::Date;

    fn deref(&self) -> &civil::Date {
        &self.0
    }
}

impl FromStr for Date {
    type Err = InvalidDate;

    fn from_str(text: &str) -> Result<Self, InvalidDate> {
        // jiff reads other forms of ISO 8601 as well.
        match text.parse::<civil::Date>() {
            Ok(date) if text.len() == 10 && text == date.to_string() => Ok(Self(date)),
            _ => Err(InvalidDate(())),
        }
    }
}

parsed!(Date: InvalidDate);

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::Date;

    #[test]
    fn dates() {
        let read = |text: &str| text.parse::<Date>().map(|date| date.to_string()).ok();
        assert_eq!(read("2026-11-27").as_deref(), Some("2026-11-27"));
        for other in [
            "",
            "2026-11-31",
            "2026-1-1",
            "20261127",
            "2026-11-27T00:00:00",
            "27.11.2026",
            "+002026-11-27",
            "2026-W48-5",
            "-000001-01-01",
        ] {
            assert_eq!(read(other), None, "{other}");
        }
        assert_eq!(serde_json::from_str::<Date>("\"2026-11-27\"").unwrap().to_string(), "2026-11-27");
        assert!(serde_json::from_str::<Date>("\"\"").is_err());
    }
}
