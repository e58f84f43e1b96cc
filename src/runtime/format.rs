//! Strings in a format of their own. What was received is kept and written back unchanged; parsing it is a step of its own,
//! since a server may send anything.

use std::fmt;

use jiff::civil;
use serde::{Deserialize, Serialize};

/// A local date-time as `dd.MM.yyyy HH:mm:ss`, without a zone.
///
/// ```
/// use casewire::LocalDateTime;
///
/// let written: LocalDateTime = "13.11.2020 11:59:06".into();
/// assert_eq!(written.civil()?.to_string(), "2020-11-13T11:59:06");
/// assert_eq!(written.as_str(), "13.11.2020 11:59:06");
/// # Ok::<(), casewire::InvalidLocalDateTime>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LocalDateTime(String);

/// A string that is not a date and time as `dd.MM.yyyy HH:mm:ss`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a date and time as dd.MM.yyyy HH:mm:ss")]
pub struct InvalidLocalDateTime(String);

impl LocalDateTime {
    /// The string as received.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The date and time on the clock. The zone is not in it: choose one with [`jiff::civil::DateTime::to_zoned`].
    ///
    /// # Errors
    /// When the string is not such a date and time.
    pub fn civil(&self) -> Result<civil::DateTime, InvalidLocalDateTime> {
        civil::DateTime::strptime("%d.%m.%Y %H:%M:%S", &self.0).map_err(|_| InvalidLocalDateTime(self.0.clone()))
    }
}

impl From<civil::DateTime> for LocalDateTime {
    fn from(civil: civil::DateTime) -> Self {
        Self(civil.strftime("%d.%m.%Y %H:%M:%S").to_string())
    }
}

/// An integer that is written as a string of digits, such as a size in bytes.
///
/// ```
/// use casewire::IntegerString;
///
/// assert_eq!(IntegerString::from("35000").value(), Some(35_000));
/// assert_eq!(IntegerString::from("35 kB").value(), None);
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IntegerString(String);

impl IntegerString {
    /// The string as received.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number; `None` when the string is not a number, or one larger than a `u64`.
    #[must_use]
    pub fn value(&self) -> Option<u64> {
        self.0.parse().ok()
    }
}

impl From<u64> for IntegerString {
    fn from(number: u64) -> Self {
        Self(number.to_string())
    }
}

/// Conversions and printing that every type of this module has.
macro_rules! string {
    ($name:ident) => {
        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(text.into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

string!(LocalDateTime);
string!(IntegerString);

#[cfg(test)]
mod tests {
    use super::LocalDateTime;

    #[test]
    fn only_the_documented_format_is_read() {
        let read = |text: &str| LocalDateTime::from(text).civil().map(|civil| civil.to_string()).ok();
        assert_eq!(read("13.11.2020 11:59:06").as_deref(), Some("2020-11-13T11:59:06"));
        for text in ["", "2020-11-13T11:59:06", "31.02.2020 11:59:06", "13.11.2020", "13.11.2020 11:59:06 UTC"] {
            assert_eq!(read(text), None, "{text}");
        }
        let civil = jiff::civil::date(2020, 11, 3).at(1, 2, 3, 0);
        assert_eq!(LocalDateTime::from(civil).as_str(), "03.11.2020 01:02:03");
    }
}
