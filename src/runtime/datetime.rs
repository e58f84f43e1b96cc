//! Date-times as servers really send them: RFC 3339 with an offset, or without one, as .NET writes local times.
//! What was received is kept; the zone of a local time is the caller's to choose.

use std::fmt;

use jiff::{
    Timestamp, Zoned, civil,
    fmt::temporal::{Pieces, PiecesNumericOffset, PiecesOffset},
    tz::{Offset, TimeZone},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{parsed::parsed, repair};

/// A date-time with its offset from UTC, or a local one whose offset the server left out.
///
/// Reads RFC 3339 with up to 9 fractional digits of a second, and the same without an offset. Between date and time, which RFC
/// 3339 leaves open, stands `T`, `t` or a space; a leap second is read as the second before it. Other forms of ISO 8601 are not
/// read. Writes RFC 3339, with `T`; a local one is written without an offset. A request takes none that is local: its zone is
/// the caller's to choose.
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

/// A string that is not a date-time of RFC 3339, nor one without an offset.
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

    /// The instant; `None` for a local date-time and no other: its instant depends on a zone that only the caller knows (see
    /// [`in_zone`](Self::in_zone)).
    ///
    /// [`Timestamp`] ends at 9999-12-30T22:00:00.999999999Z. What is later, such as .NET's last date-time,
    /// `9999-12-31T23:59:59.9999999Z`, is that [last instant](Timestamp::MAX) here; [`civil`](Self::civil) and
    /// [`offset`](Self::offset) have it as it is.
    #[must_use]
    pub fn timestamp(&self) -> Option<Timestamp> {
        self.offset().map(|offset| offset.to_timestamp(self.civil).unwrap_or(Timestamp::MAX))
    }

    /// The date-time in `zone`: the same instant when an offset is known, the same clock reading when it is local.
    ///
    /// # Errors
    /// When the instant is later than the last [`Timestamp`].
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

/// An offset that RFC 3339 can't write, such as those of local mean times, which have seconds, becomes that of UTC.
impl From<&Zoned> for DateTime {
    fn from(zoned: &Zoned) -> Self {
        let seconds = zoned.offset().seconds();
        if seconds % 60 != 0 || seconds.abs() >= 24 * 60 * 60 {
            return zoned.timestamp().into();
        }
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
        read(text.as_bytes()).ok_or(InvalidDateTime)
    }
}

parsed!(DateTime: InvalidDateTime);

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
        deserializer.deserialize_newtype_struct(repair::DATE_TIME, DateTimeVisitor)
    }
}

/// RFC 3339, section 5.6, with or without the offset.
fn read(text: &[u8]) -> Option<DateTime> {
    let [y1, y2, y3, y4, b'-', mo1, mo2, b'-', d1, d2, b'T' | b't' | b' ', time @ ..] = text else { return None };
    let [h1, h2, b':', mi1, mi2, b':', s1, s2, rest @ ..] = time else { return None };
    let (fraction, offset) = match rest {
        [b'.', rest @ ..] => rest.split_at(rest.iter().take_while(|byte| byte.is_ascii_digit()).count()),
        rest => (&b"0"[..], rest),
    };
    if !(1..=9).contains(&fraction.len()) {
        return None;
    }
    let missing = u32::try_from(9 - fraction.len()).ok()?;
    let nanosecond = i32::try_from(number(fraction)? * 10_u32.pow(missing)).ok()?;
    let two = |tens: &u8, ones: &u8| i8::try_from(number(&[*tens, *ones])?).ok();
    let year = i16::try_from(number(&[*y1, *y2, *y3, *y4])?).ok()?;
    // A leap second.
    let second = two(s1, s2).map(|second| if second == 60 { 59 } else { second })?;
    let date = civil::Date::new(year, two(mo1, mo2)?, two(d1, d2)?).ok()?;
    let time = civil::Time::new(two(h1, h2)?, two(mi1, mi2)?, second, nanosecond).ok()?;
    let offset = match offset {
        [] => None,
        [b'Z' | b'z'] => Some(PiecesOffset::Zulu),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (two(h1, h2)?, two(m1, m2)?);
            let seconds = (hours < 24 && minutes < 60).then(|| i32::from(hours) * 3600 + i32::from(minutes) * 60)?;
            let offset = Offset::from_seconds(if *sign == b'-' { -seconds } else { seconds }).ok()?;
            let offset = PiecesNumericOffset::from(offset);
            Some(if *sign == b'-' { offset.with_negative_zero() } else { offset }.into())
        }
        _ => return None,
    };
    Some(DateTime { civil: date.to_datetime(time), offset })
}

/// At most nine digits as a number.
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0')))
}

/// The first nine digits of a fraction of a second, where there are more.
pub(super) fn with_nine_digits(text: &str) -> Option<String> {
    if text.len() > "2026-03-02T08:15:00.123456789".len() { cut(text) } else { None }
}

fn cut(text: &str) -> Option<String> {
    let (seconds, fraction) = text.split_at_checked("2026-03-02T08:15:00.".len())?;
    let (kept, rest) = fraction.split_at_checked(9)?;
    let is_digits = kept.bytes().all(|byte| byte.is_ascii_digit());
    let end = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    (seconds.ends_with('.') && is_digits && end.len() < rest.len()).then(|| format!("{seconds}{kept}{end}"))
}

/// Parses the string in place.
struct DateTimeVisitor;

impl<'de> de::Visitor<'de> for DateTimeVisitor {
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
        check("2026-03-02 08:15:00Z", "2026-03-02T08:15:00Z", Some("2026-03-02T08:15:00Z"));
        check("2026-03-02T08:15:00-00:00", "2026-03-02T08:15:00-00:00", Some("2026-03-02T08:15:00Z"));
        check("2026-03-02T08:15:00+23:59", "2026-03-02T08:15:00+23:59", Some("2026-03-01T08:16:00Z"));
        check("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z", Some("2016-12-31T23:59:59Z"));
        check("0000-01-01T00:00:00+23:59", "0000-01-01T00:00:00+23:59", Some("-000001-12-31T00:01:00Z"));
    }

    /// Whatever is written can be read.
    #[test]
    fn offsets_are_in_hours_and_minutes() {
        let instant: jiff::Timestamp = "1880-01-01T00:00:00Z".parse().unwrap();
        for (seconds, expect) in [
            (0, "1880-01-01T00:00:00+00:00"),
            (3 * 3600, "1880-01-01T03:00:00+03:00"),
            (9017, "1880-01-01T00:00:00Z"),
            (-86_340, "1879-12-31T00:01:00-23:59"),
            (86_400, "1880-01-01T00:00:00Z"),
        ] {
            let zone = jiff::tz::TimeZone::fixed(jiff::tz::Offset::from_seconds(seconds).unwrap());
            let written = DateTime::from(&instant.to_zoned(zone));
            assert_eq!(written.to_string(), expect);
            assert_eq!(expect.parse::<DateTime>().unwrap().timestamp(), Some(instant));
        }
    }

    /// With an offset, it is never a local one.
    #[test]
    fn the_end_of_time_is_an_instant() {
        let last = "9999-12-30T22:00:00.999999999Z";
        check("9999-12-30T22:00:00.999999999Z", "9999-12-30T22:00:00.999999999Z", Some(last));
        check("9999-12-30T22:00:01Z", "9999-12-30T22:00:01Z", Some(last));
        check("9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999999Z", Some(last));
        check("9999-12-31T23:59:59.9999999-12:00", "9999-12-31T23:59:59.9999999-12:00", Some(last));
        check("9999-12-31T23:59:59.9999999", "9999-12-31T23:59:59.9999999", None);
        let never: DateTime = "9999-12-31T23:59:59.9999999Z".parse().unwrap();
        assert_eq!((never.civil().year(), never.offset()), (9999, Some(jiff::tz::Offset::UTC)));
        assert!(never.in_zone(jiff::tz::TimeZone::UTC).is_err());
    }

    #[test]
    fn refuses_what_is_not_a_date_time() {
        for text in [
            "",
            "тест",
            "2026-03-02",
            "02.03.2026 08:15:00",
            "2026-02-30T00:00:00Z",
            "2026-03-02T24:00:00Z",
            "2026-03-02T08:60:00Z",
            "2026-03-02T08:15:61Z",
            // Without seconds, separators or digits that RFC 3339 requires.
            "2026-03-02 08:15Z",
            "2026-03-02T08:15",
            "2026-03-02T08Z",
            "20260302T081500Z",
            "2026-03-02T081500Z",
            "20260302T08:15:00Z",
            "2026-3-2T8:15:00Z",
            "2026-W10-1T08:15:00Z",
            "2026-061T08:15:00Z",
            "+002026-03-02T08:15:00Z",
            "-002026-03-02T08:15:00Z",
            "2026-03-02_08:15:00Z",
            "2026-03-02T08:15:00 Z",
            " 2026-03-02T08:15:00Z",
            "2026-03-02T08:15:00Z ",
            "2026-03-02T08:15:00,5Z",
            "2026-03-02T08:15:00.Z",
            "2026-03-02T08:15:00.1234567890Z",
            // An offset that isn't in hours and minutes.
            "2026-03-02T08:15:00+03",
            "2026-03-02T08:15:00+0300",
            "2026-03-02T08:15:00+03:00:30",
            "2026-03-02T08:15:00+03:60",
            "2026-03-02T08:15:00+24:00",
            "2026-03-02T08:15:00+25:00",
            "2026-03-02T08:15:00\u{2212}03:00",
            "2026-03-02T08:15:00UTC",
            "2026-03-02T08:15:00[UTC]",
            "2026-03-02T08:15:00+03:00[Europe/Moscow]",
            "2026-03-02T08:15:00Z[u-ca=iso8601]",
        ] {
            assert!(text.parse::<DateTime>().is_err(), "{text}");
        }
    }
}
