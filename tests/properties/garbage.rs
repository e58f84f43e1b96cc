//! What damage is made of: JSON where other JSON belongs, and texts that are none.

use proptest::{prelude::*, sample::select};
use serde_json::{Value, json};

use super::text;

/// Is in texts that stand where they don't belong; no error may show it.
pub const SECRET: &str = "hunter2-7f3a";
/// The same for numbers.
pub const SECRET_NUMBER: i64 = 733_173_317_331_733;

/// How deep nests are: far beyond what a call stack holds.
const DEPTH: usize = 10_000;

/// JSON of any type.
pub fn other() -> impl Strategy<Value = Value> {
    let tricky = format!("{SECRET}\", expected i64 `{SECRET}`\n, expected {SECRET}");
    let fixed = vec![
        Value::Null,
        json!(true),
        json!(0),
        json!(1.5),
        json!(SECRET_NUMBER),
        json!(SECRET_NUMBER as f64 + 0.5),
        json!(u64::MAX),
        json!(""),
        json!(SECRET),
        json!(tricky),
        json!([]),
        json!({}),
        json!([SECRET]),
        json!([[SECRET_NUMBER]]),
        json!({ "a": SECRET }),
    ];
    prop_oneof![3 => select(fixed), 1 => text::json()]
}

/// Arrays or objects in each other, closed or not.
pub fn nested() -> impl Strategy<Value = Vec<u8>> {
    const NESTS: &[(&str, &str)] = &[("[", "]"), ("{\"a\":", "}"), ("[{\"data\":", "}]")];
    (select(NESTS), any::<bool>()).prop_map(|((open, close), closed)| {
        let end = if closed { format!("1{}", close.repeat(DEPTH)) } else { String::new() };
        (open.repeat(DEPTH) + &end).into_bytes()
    })
}

/// Texts that are not JSON, or only for some readers, and that can't be taken for a part
/// of what follows.
pub const GARBLED: &[&[u8]] = &[
    // Numbers too large, too small, or not of JSON.
    b"1e400",
    b"-1e400",
    b"1e-400",
    b"99999999999999999999",
    b"-99999999999999999999",
    b"1.0",
    b"-0",
    b"0123",
    b"1.",
    b".5",
    b"+1",
    b"1e",
    b"-",
    b"NaN",
    b"-Infinity",
    // Texts: lone surrogates, bad escapes, a bare control character, no UTF-8.
    br#""\ud800""#,
    br#""\udc00\ud800""#,
    br#""\ud83d!""#,
    br#""\u12""#,
    br#""\q""#,
    b"\"\n\"",
    b"\"\xff\"",
    b"\"\xc0\xaf\"",
    b"\"\xed\xa0\x80\"",
    b"'a'",
    // Words.
    b"nul",
    b"True",
    b"undefined",
    b"/**/1",
];

/// Texts that change what follows.
pub const TORN: &[&[u8]] =
    &[b"", b",", b"]", b"}", b"[", b"{", b"\"", b"\"\\", b"1,2", b"1:2", b"0x10", b"{\"a\":", b"[1,", b"\xff", b"\0"];

/// What gets into a text by accident.
pub const INSERTED: &[&[u8]] = &[
    b"\xef\xbb\xbf",
    b"\0",
    b"\xff",
    b"\x80",
    b"\"",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"<html>",
    b"7",
    b" ",
    b"\n",
    b"\x1f",
    b"\xe2\x80\xa8",
    b"{}",
    b"null",
];
