//! What a server may send is read, written as the spec has it, and read again as the same value.

use proptest::{prelude::*, sample::select};
use serde_json::Value;
use support::dtos::DTOS;

use super::{
    runner::check,
    sample::{Sample, Samples},
    schemas,
};
use crate::validator::Document;

fn round_trips(interface: &str) {
    let schemas = &schemas(interface);
    let mut document = Document::new(schemas);
    for dto in DTOS.iter().filter(|dto| dto.interface == interface) {
        let validator = document.at(dto.schema);
        let samples = |strict| Samples { schemas, strict }.of(dto.schema).prop_map(move |s| (strict, s));
        let sent = (prop_oneof![samples(true), samples(false)], select(&STYLES[..]))
            .prop_map(|((strict, Sample { sent, written }), style)| (strict, style(&sent), written));
        check(dto.schema, sent, |(strict, sent, written)| {
            let value = dto.read(sent.as_bytes()).map_err(|e| format!("not read: {e:?}"))?;
            let text = value.write().map_err(|e| format!("not written: {e}"))?;
            let actual: Value = serde_json::from_str(&text).unwrap();
            if actual != written {
                return Err(format!("written as {actual}, not {written}"));
            }
            if strict && let Err(e) = validator.validate(&actual) {
                return Err(format!("against the spec: {e}"));
            }
            match dto.read(text.as_bytes()) {
                Ok(again) if again.equals(&*value) => Ok(()),
                other => Err(format!("read again as {other:?}, not {value:?}")),
            }
        });
    }
}

/// How a server may write the same JSON.
const STYLES: [fn(&Value) -> String; 3] = [Value::to_string, |value| format!(" {value:#}\r\n"), escaped];

/// With escapes in place of everything beyond ASCII, as .NET does it.
fn escaped(value: &Value) -> String {
    let escape = |c: char| match c.is_ascii() {
        true => c.to_string(),
        false => c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04X}")).collect(),
    };
    value.to_string().chars().map(escape).collect()
}

#[test]
fn callback() {
    round_trips("callback");
}

#[test]
fn contractor() {
    round_trips("contractor");
}

#[test]
fn crpt() {
    round_trips("crpt");
}

#[test]
fn legalcase() {
    round_trips("legalcase");
}
