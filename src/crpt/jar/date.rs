//! The dates of cookies (RFC 6265, section 5.1.1).

use std::ops::RangeInclusive;

use jiff::civil;

/// A date by the grammar of RFC 6265, section 5.1.1, in seconds since 1970.
pub(super) fn date(text: &str) -> Option<i64> {
    const MONTHS: [&[u8]; 12] =
        [b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"];
    let is_delimiter = |b: &u8| matches!(b, b'\t' | 0x20..=0x2f | 0x3b..=0x40 | 0x5b..=0x60 | 0x7b..=0x7e);
    let month_of = |token: &[u8]| {
        MONTHS.iter().zip(1_i8..).find(|(m, _)| token.get(..3).is_some_and(|t| t.eq_ignore_ascii_case(m)))
    };
    let (mut time, mut day, mut month, mut year) = (None, None, None, None);
    for token in text.as_bytes().split(is_delimiter) {
        if let (None, Some(found)) = (time, time_of_day(token)) {
            time = Some(found);
        } else if let (None, Some(found)) = (day, number(token, 1..=2)) {
            day = Some(found);
        } else if let (None, Some((_, found))) = (month, month_of(token)) {
            month = Some(found);
        } else if let (None, Some(found)) = (year, year_of(token)) {
            year = Some(found);
        }
    }
    let (hour, minute, second) = time?;
    let year = year?;
    let small = |number: i16| i8::try_from(number).ok();
    let date =
        civil::DateTime::new(year, month?, small(day?)?, small(hour)?, small(minute)?, small(second)?, 0).ok()?;
    (year >= 1601).then(|| date.duration_since(civil::date(1970, 1, 1).at(0, 0, 0, 0)).as_secs())
}

/// `9:05:00` and whatever follows that is not a digit.
fn time_of_day(token: &[u8]) -> Option<(i16, i16, i16)> {
    let mut fields = token.splitn(3, |b| *b == b':');
    let (hour, minute, second) = (fields.next()?, fields.next()?, fields.next()?);
    let is_number = |field: &[u8]| field.iter().all(u8::is_ascii_digit);
    let valid = is_number(hour) && is_number(minute);
    valid.then_some((number(hour, 1..=2)?, number(minute, 1..=2)?, number(second, 1..=2)?))
}

/// Two digits are from 1970 to 2069. More are the year itself, where RFC 6265 would take `0001` for 2001.
fn year_of(token: &[u8]) -> Option<i16> {
    let short = number(token, 2..=2).map(|year| if year < 70 { year + 2000 } else { year + 1900 });
    short.or_else(|| number(token, 3..=4))
}

/// The number of so many digits that a token begins with.
fn number(token: &[u8], digits: RangeInclusive<usize>) -> Option<i16> {
    let count = token.iter().take_while(|b| b.is_ascii_digit()).count();
    digits.contains(&count).then(|| token[..count].iter().fold(0, |number, b| number * 10 + i16::from(b - b'0')))
}
