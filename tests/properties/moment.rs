//! Date-times in every form of RFC 3339, and the local ones of .NET, each with the
//! text that has to be written for it.

use proptest::{prelude::*, sample::select};

use super::sample::Sample;

const OFFSETS: &[&str] =
    &["Z", "+00:00", "-00:00", "+03:00", "+05:45", "-09:30", "+14:00", "-12:00", "+23:59", "-23:59", "z", ""];

/// With an offset, or, unless `strict`, perhaps without one.
pub fn date_time(strict: bool) -> impl Strategy<Value = Sample> {
    let day = prop_oneof![
        (0..=9999u16, 1..=12u8, 1..=28u8),
        select(&[(0, 1, 1), (9999, 12, 31), (2024, 2, 29), (1970, 1, 1), (2026, 10, 31)][..]),
    ];
    // Nanoseconds, and how many digits of them are sent.
    let fraction = prop_oneof![
        (0..1_000_000_000u32, 0..=9usize),
        select(&[(0, 7), (999_999_999, 9), (123_456_700, 7), (1, 9), (500_000_000, 1)][..]),
    ];
    let separator = select(&['T', 'T', 'T', 't', ' '][..]);
    let offset = select(&OFFSETS[..OFFSETS.len() - usize::from(strict)]);
    (day, separator, (0..24u8, 0..60u8, 0..60u8), fraction, offset).prop_map(
        |((year, month, day), separator, (hour, minute, second), (nanoseconds, digits), offset)| {
            let (date, time) = (format!("{year:04}-{month:02}-{day:02}"), format!("{hour:02}:{minute:02}:{second:02}"));
            let fraction = &format!("{nanoseconds:09}")[..digits];
            let shortest = fraction.trim_end_matches('0');
            Sample {
                sent: format!("{date}{separator}{time}{}{fraction}{offset}", point(fraction)).into(),
                written: format!("{date}T{time}{}{shortest}{}", point(shortest), offset.to_uppercase()).into(),
            }
        },
    )
}

fn point(fraction: &str) -> &str {
    if fraction.is_empty() { "" } else { "." }
}

/// A date and a time as `dd.MM.yyyy HH:mm:ss`.
pub fn local() -> impl Strategy<Value = String> {
    let time = (0..24u8, 0..60u8, 0..60u8);
    (1..=28u8, 1..=12u8, 0..=9999u16, time).prop_map(|(day, month, year, (hour, minute, second))| {
        format!("{day:02}.{month:02}.{year:04} {hour:02}:{minute:02}:{second:02}")
    })
}
