//! Date-times as servers really send them: RFC 3339 with an offset, or without one, as .NET writes local times.
//! What was received is kept; the zone of a local time is the caller's to choose.

use std::fmt;

use jiff::{
    Timestamp, Zoned, civil,
    fmt::temporal::{Pieces, PiecesOffset},
    tz::{Offset, TimeZone},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::repair;

/// A date-time with its offset from UTC, or a local one whose offset the server left out.
///
/// Reads RFC 3339 with `Z` or a numeric offset and 0 to 9 fractional digits of a second, and the same without an offset.
/// Writes RFC 3339; a local one is written as it was read, without an offset. A request takes none that is local: its
/// zone is the caller's to choose.
///
/// ```
/// use casewire::DateTime;
/// use jiff::tz::TimeZone;
///
/// let sent: DateTime = "2026-03-02T11:15:00.1234567+03:00".parse()?;
/// assert_eq!(sent.timestamp().unwrap().to_string(), "2026-03-02T08:15:00.1234567Z");
///
/// let local: DateTime = "2026-03-02T11:15:00".parse()?;
/// assert_eq!(local.timestamp(), None); // never guessed
/// let moscow = TimeZone::fixed(jiff::tz::offset(3));
/// assert_eq!(local.in_zone(moscow)?.timestamp().to_string(), "2026-03-02T08:15:00Z");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct DateTime {
    civil: civil::DateTime,
    offset: Option<PiecesOffset>,
}

/// A text that is not a date-time of RFC 3339, nor one without an offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an RFC 3339 date-time such as 2026-03-02T08:15:00Z")]
#[non_exhaustive]
pub struct InvalidDateTime;

impl DateTime {
    /// The date and time on the clock, without the offset.
    #[must_use]
    pub fn civil(&self) -> civil::DateTime {
        self.civil
    }

    /// The offset from UTC; `None` for a local date-time.
    #[must_use]
    pub fn offset(&self) -> Option<Offset> {
        self.offset.map(|offset| offset.to_numeric_offset())
    }

    /// The instant; `None` for a local date-time, whose instant depends on a zone that only the caller knows
    /// (see [`in_zone`](Self::in_zone)).
    #[must_use]
    pub fn timestamp(&self) -> Option<Timestamp> {
        self.offset().and_then(|offset| offset.to_timestamp(self.civil).ok())
    }

    /// The date-time in `zone`: the same instant when an offset is known, the same clock reading when it is local.
    ///
    /// # Errors
    /// When the result lies outside the years -9999 to 9999.
    pub fn in_zone(&self, zone: TimeZone) -> Result<Zoned, jiff::Error> {
        match self.offset() {
            Some(offset) => Ok(offset.to_timestamp(self.civil)?.to_zoned(zone)),
            None => self.civil.to_zoned(zone),
        }
    }
}

impl From<Timestamp> for DateTime {
    fn from(instant: Timestamp) -> Self {
        Self { civil: Offset::UTC.to_datetime(instant), offset: Some(PiecesOffset::Zulu) }
    }
}

impl From<&Zoned> for DateTime {
    fn from(zoned: &Zoned) -> Self {
        Self { civil: zoned.datetime(), offset: Some(zoned.offset().into()) }
    }
}

/// A local date-time, without an offset.
impl From<civil::DateTime> for DateTime {
    fn from(civil: civil::DateTime) -> Self {
        Self { civil, offset: None }
    }
}

impl std::str::FromStr for DateTime {
    type Err = InvalidDateTime;

    fn from_str(text: &str) -> Result<Self, InvalidDateTime> {
        // Pieces also accepts a date alone, other separators and zone annotations, none of which RFC 3339 has.
        let separator = text.as_bytes().get(10).copied();
        if !matches!(separator, Some(b'T' | b't' | b' ')) || text.contains('[') {
            return Err(InvalidDateTime);
        }
        let pieces = Pieces::parse(text).map_err(|_| InvalidDateTime)?;
        let time = pieces.time().ok_or(InvalidDateTime)?;
        Ok(Self { civil: pieces.date().to_datetime(time), offset: pieces.offset() })
    }
}

impl TryFrom<&str> for DateTime {
    type Error = InvalidDateTime;

    fn try_from(text: &str) -> Result<Self, InvalidDateTime> {
        text.parse()
    }
}

impl TryFrom<String> for DateTime {
    type Error = InvalidDateTime;

    fn try_from(text: String) -> Result<Self, InvalidDateTime> {
        text.parse()
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pieces = Pieces::from(self.civil);
        let pieces = match self.offset {
            Some(offset) => pieces.with_offset(offset),
            None => pieces,
        };
        fmt::Display::fmt(&pieces, f)
    }
}

impl fmt::Debug for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for DateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DateTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(repair::DATE_TIME, Text)
    }
}

/// The first nine digits of a fraction of a second, where there are more.
pub(super) fn with_nine_digits(text: &str) -> Option<String> {
    let (seconds, fraction) = text.split_at_checked("2026-03-02T08:15:00.".len())?;
    let (kept, rest) = fraction.split_at_checked(9)?;
    let is_digits = kept.bytes().all(|byte| byte.is_ascii_digit());
    let end = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    (seconds.ends_with('.') && is_digits && end.len() < rest.len()).then(|| format!("{seconds}{kept}{end}"))
}

/// Reads the text where it stands.
struct Text;

impl<'de> de::Visitor<'de> for Text {
    type Value = DateTime;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<DateTime, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<DateTime, D::Error> {
        deserializer.deserialize_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::DateTime;

    fn check(text: &str, written: &str, instant: Option<&str>) {
        let read: DateTime = text.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(read.to_string(), written, "{text}");
        assert_eq!(read.timestamp().map(|t| t.to_string()).as_deref(), instant, "{text}");
    }

    #[test]
    fn reads_what_servers_send() {
        check("2026-03-02T08:15:00Z", "2026-03-02T08:15:00Z", Some("2026-03-02T08:15:00Z"));
        check("2026-03-02T11:15:00+03:00", "2026-03-02T11:15:00+03:00", Some("2026-03-02T08:15:00Z"));
        check("2026-03-02T08:15:00.1234567Z", "2026-03-02T08:15:00.1234567Z", Some("2026-03-02T08:15:00.1234567Z"));
        check(
            "2026-03-02T08:15:00.123456789Z",
            "2026-03-02T08:15:00.123456789Z",
            Some("2026-03-02T08:15:00.123456789Z"),
        );
        check("2026-03-02T08:15:00", "2026-03-02T08:15:00", None);
        check("2026-03-02T08:15:00.5", "2026-03-02T08:15:00.5", None);
        check("2026-03-02t08:15:00z", "2026-03-02T08:15:00Z", Some("2026-03-02T08:15:00Z"));
    }

    #[test]
    fn refuses_what_is_not_a_date_time() {
        for text in
            ["", "2026-03-02", "02.03.2026 08:15:00", "2026-02-30T00:00:00Z", "2026-03-02T08:15:00[UTC]", "тест"]
        {
            assert!(text.parse::<DateTime>().is_err(), "{text}");
        }
    }
}
