//! Samples of what is neither an object nor an array: texts in all their formats, enums, numbers.

use base64::{Engine, engine::general_purpose::STANDARD};
use proptest::{collection::vec, prelude::*, sample::select, string::string_regex};
use serde_json::Value;

use super::{
    moment,
    sample::Sample,
    text::{integer, of_length, text},
};

pub fn string(schema: &Value, strict: bool) -> BoxedStrategy<Sample> {
    let has = |keyword: &str| schema.get(keyword).is_some();
    if let Some(values) = schema["enum"].as_array() {
        return one_of(schema, values, strict);
    }
    match schema["format"].as_str() {
        Some("date-time") => return moment::date_time(strict).boxed(),
        Some("byte") => return base64(schema).prop_map(Sample::same).boxed(),
        Some("uuid") => return matching("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        // It says how a value is shown, and nothing of what it is.
        Some("password") | None => {}
        Some(other) => panic!("a format that isn't made up here: {other}"),
    }
    if let Some(pattern) = schema["pattern"].as_str() {
        return matching(pattern);
    }
    if has("minLength") || has("maxLength") {
        let (least, most) = (limit(schema, "minLength", 0), limit(schema, "maxLength", 100));
        return of_length(prop_oneof![Just(least), Just(most), least..=most]).prop_map(Sample::same).boxed();
    }
    let noted = match () {
        () if has("x-local-date-time") => moment::local().boxed(),
        () if has("x-integer-string") => "[0-9]{1,20}".boxed(),
        () => text().boxed(),
    };
    // These formats are parsed in a separate step, so any string is accepted.
    if strict { noted } else { prop_oneof![noted, text()].boxed() }.prop_map(Sample::same).boxed()
}

/// Any number of the format; unless `strict`, limits don't matter.
pub fn whole(schema: &Value, strict: bool) -> BoxedStrategy<Sample> {
    let (least, most) = match schema["format"].as_str() {
        Some("int32") => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (i64::MIN, i64::MAX),
    };
    let limit = |name: &str, otherwise: i64| schema[name].as_i64().unwrap_or(otherwise);
    let within = integer(limit("minimum", least), limit("maximum", most));
    if strict { within.boxed() } else { prop_oneof![within, integer(least, most)].boxed() }
        .prop_map(Sample::same)
        .boxed()
}

/// Documented values, perhaps with whitespace that don't matter, and others where they are taken.
fn one_of(schema: &Value, values: &[Value], strict: bool) -> BoxedStrategy<Sample> {
    let values: Vec<_> = values.iter().map(|value| value.as_str().unwrap().to_owned()).collect();
    let trim = schema["x-trim"] == true;
    let whitespace = select(if trim { &["", " ", "\t\n"][..] } else { &[""] });
    let documented = (select(values.clone()), whitespace)
        .prop_map(|(value, space)| Sample { sent: format!("{space}{value}{space}").into(), written: value.into() });
    if strict || schema["x-closed"] == true {
        return documented.boxed();
    }
    let other = text().prop_map(move |text| {
        let known = values.iter().find(|value| trim && *value == text.trim()).cloned();
        Sample { written: known.unwrap_or_else(|| text.clone()).into(), sent: text.into() }
    });
    prop_oneof![documented, other].boxed()
}

/// Patterns of the specs are anchored at both ends; the generator takes no anchors.
fn matching(pattern: &str) -> BoxedStrategy<Sample> {
    string_regex(pattern.trim_matches(['^', '$'])).unwrap().prop_map(Sample::same).boxed()
}

/// Limits count the characters of the base64 text, four for three bytes.
fn base64(schema: &Value) -> impl Strategy<Value = String> + use<> {
    let (least, most) = (limit(schema, "minLength", 0), limit(schema, "maxLength", 100));
    let groups = least.div_ceil(4)..=most / 4;
    let bytes = (groups.start() * 3).saturating_sub(2)..=groups.end() * 3;
    vec(any::<u8>(), bytes).prop_map(|bytes| STANDARD.encode(bytes))
}

fn limit(schema: &Value, name: &str, otherwise: usize) -> usize {
    schema[name].as_u64().map_or(otherwise, |limit| usize::try_from(limit).unwrap())
}
