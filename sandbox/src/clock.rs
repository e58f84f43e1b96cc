//! The sandbox's clock, which moves only when it is told to, and the reading of
//! date-times in requests. Both work in UTC, so that no time-zone database is needed.

use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};
use serde::{Deserialize, Serialize};

/// A clock that stands still until a test moves it.
///
/// ```
/// use casewire_sandbox::Clock;
///
/// let mut clock = Clock::default();
/// clock.advance(90_000);
/// assert_eq!(clock.now().to_string(), "2026-03-02T09:01:30Z");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Clock {
    now: Timestamp,
}

impl Clock {
    /// Where every sandbox's clock starts: 2026-03-02T09:00:00Z, a Monday.
    pub const START: Timestamp = Timestamp::constant(1_772_442_000, 0);

    /// The present moment of the sandbox.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The present day of the sandbox, in UTC.
    #[must_use]
    pub fn today(&self) -> Date {
        day(self.now)
    }

    /// Moves the clock to a moment, forwards or backwards.
    pub fn set(&mut self, now: Timestamp) {
        self.now = now;
    }

    /// Moves the clock on by so many milliseconds; a negative number moves it back.
    pub fn advance(&mut self, ms: i64) {
        self.now = shift(self.now, ms);
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self { now: Self::START }
    }
}

/// The moment so many milliseconds later, at most the last one that a timestamp can hold.
pub(crate) fn shift(moment: Timestamp, ms: i64) -> Timestamp {
    let limit = if ms < 0 { Timestamp::MIN } else { Timestamp::MAX };
    moment.checked_add(SignedDuration::from_millis(ms)).unwrap_or(limit)
}

/// The day of a moment, in UTC.
pub(crate) fn day(moment: Timestamp) -> Date {
    utc(moment).date()
}

/// A moment as a date and a time in UTC.
pub(crate) fn utc(moment: Timestamp) -> DateTime {
    TimeZone::UTC.to_datetime(moment)
}

/// Reads an RFC 3339 date-time, whose offset is required, in UTC. Other spellings that jiff
/// knows are refused. A timestamp would end a day before the last that the format has.
pub(crate) fn rfc3339(text: &str) -> Option<DateTime> {
    let (date_time, rest) = text.split_at_checked("2026-03-02T09:00:00".len())?;
    let shaped = date_time.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        10 => matches!(byte, b'T' | b't'),
        13 | 16 => byte == b':',
        _ => byte.is_ascii_digit(),
    });
    let offset = match rest.strip_prefix('.') {
        Some(fraction) if fraction.starts_with(|c: char| c.is_ascii_digit()) => {
            fraction.trim_start_matches(|c: char| c.is_ascii_digit())
        }
        Some(_) => return None,
        None => rest,
    };
    let offset_minutes = match offset.as_bytes() {
        [b'Z' | b'z'] => 0,
        [sign @ (b'+' | b'-'), hour @ .., b':', m1, m2] if hour.len() == 2 => {
            let number =
                |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<i64>().ok())?;
            let (hours, minutes) = (number(&offset[1..3])?, number(&offset[4..])?);
            if hours > 23 || minutes > 59 {
                return None;
            }
            (if *sign == b'-' { -1 } else { 1 }) * (60 * hours + minutes)
        }
        _ => return None,
    };
    let local: DateTime = shaped.then(|| text[..text.len() - offset.len()].parse().ok())??;
    local.checked_sub(SignedDuration::from_mins(offset_minutes)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn date_times_need_an_offset() {
        for (text, expect) in [
            ("2026-03-02T09:00:00Z", Some("2026-03-02T09:00:00")),
            ("2026-03-02t09:00:00z", Some("2026-03-02T09:00:00")),
            ("2026-03-02T12:00:00+03:00", Some("2026-03-02T09:00:00")),
            ("2026-03-02T01:30:00.5-07:30", Some("2026-03-02T09:00:00.5")),
            ("2026-03-02T09:00:00.25Z", Some("2026-03-02T09:00:00.25")),
            ("9999-12-31T23:59:59Z", Some("9999-12-31T23:59:59")),
            ("9999-12-31T23:59:59-00:01", None),
            ("2026-03-02T09:00:00+24:00", None),
            ("2026-03-02T09:00:00+03:60", None),
            ("2026-03-02T09:00:00+0ж:00", None),
            ("2026-03-02T09:00:00", None),
            ("2026-03-02 09:00:00Z", None),
            ("2026-03-02T09:00Z", None),
            ("2026-03-02T09:00:00.Z", None),
            ("2026-03-02T09:00:00+03", None),
            ("2026-03-02T09:00:00Z[Europe/Moscow]", None),
            ("2026-02-30T09:00:00Z", None),
            ("Обращение № 683913", None),
            ("", None),
        ] {
            assert_eq!(rfc3339(text).map(|moment| moment.to_string()).as_deref(), expect, "{text}");
        }
    }
}
