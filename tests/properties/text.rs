//! Texts, numbers and JSON of no particular schema, with what lies at the edges: quotes,
//! control characters, combining and astral ones, the ends of the ranges.

use proptest::{collection::vec, num, prelude::*, sample::select};
use serde_json::{Value, json};

/// Characters that readers and writers trip over, and ordinary ones.
const CHARACTERS: &str = "aZ0 \"\\/'<>&{}[],:\0\u{1}\u{8}\t\n\r\u{1f}\u{7f}\u{85}\u{a0}ёЯъé\u{301}\u{200b}\u{200f}\u{2028}\
                          \u{2029}\u{d7ff}\u{e000}\u{feff}\u{fffd}\u{ffff}😀👩🏽\u{10ffff}";

/// A text of so many characters.
pub fn of_length(length: impl Strategy<Value = usize>) -> impl Strategy<Value = String> {
    let character = prop_oneof![4 => select(CHARACTERS.chars().collect::<Vec<_>>()), 1 => any::<char>()];
    let text = |(characters, length): (Vec<char>, usize)| characters.into_iter().cycle().take(length).collect();
    (vec(character, 1..8), length).prop_map(text)
}

pub fn text() -> impl Strategy<Value = String> {
    let length = prop_oneof![1 => Just(0usize), 8 => 1..16usize, 1 => Just(300usize)];
    let words = select(&["Иванов «Ромашка»", " legalEntity ", "null", "1", "\u{feff}"][..]);
    prop_oneof![3 => of_length(length), 1 => words.prop_map(str::to_owned)]
}

/// An integer in a range, often at its ends.
pub fn integer(least: i64, most: i64) -> impl Strategy<Value = i64> {
    let special = [least, most, 0, -1, 1, i64::from(i32::MAX) + 1, (1 << 53) + 1].into_iter();
    let special: Vec<_> = special.filter(|value| (least..=most).contains(value)).collect();
    prop_oneof![select(special), least..=most]
}

/// Any number that JSON has, as servers write it, and as this client does.
pub fn number() -> impl Strategy<Value = (Value, Value)> {
    let floats = num::f64::NORMAL | num::f64::SUBNORMAL | num::f64::ZERO | num::f64::POSITIVE | num::f64::NEGATIVE;
    let ends = select(&[f64::MAX, f64::MIN, f64::MIN_POSITIVE, 5e-324, 0.1, -0.0, 1e21][..]);
    let degrees = (-180_000_000..=180_000_000).prop_map(|n| f64::from(n) / 1e6);
    prop_oneof![
        4 => prop_oneof![floats, ends, degrees].prop_map(|n| (json!(n), json!(n))),
        // Without a point.
        1 => any::<i64>().prop_map(|n| (json!(n), json!(n as f64))),
    ]
}

/// Any JSON.
pub fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        number().prop_map(|(sent, _)| sent),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((text(), inner), 0..4).prop_map(|entries| entries.into_iter().collect()),
        ]
    })
}
