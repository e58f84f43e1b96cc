//! What holds for every DTO of every interface, whatever its value is.

mod clients;
mod damage;
mod garbage;
mod moment;
mod mutilated;
mod place;
mod responses;
mod round_trip;
mod runner;
mod sample;
mod scalar;
mod text;

use serde_json::Value;
use support::{dtos, interfaces::SPECS, schema};

/// `components.schemas` of an interface's spec, as they are in Rust.
fn schemas(interface: &str) -> Value {
    schema::in_rust(SPECS[interface].schemas())
}

#[test]
fn reading_writing_and_comparing() {
    let token = dtos::DTOS.iter().find(|dto| dto.schema == "Token").unwrap();
    let read = |json: &str| token.read(json.as_bytes());
    let value = read(r#"{"token":"a"}"#).unwrap();
    assert_eq!(value.write().unwrap(), r#"{"token":"a"}"#);
    assert!(value.equals(&*read(r#"{"token":"a","b":null}"#).unwrap()));
    assert!(!value.equals(&*read(r#"{"token":"b"}"#).unwrap()));
    let error = read(r#"{"token":1}"#).unwrap_err();
    assert_eq!((error.path.as_str(), error.reason.split(',').next()), ("token", Some("invalid type: integer `1`")));
    assert_eq!(read(r#"{"token":"a"}}"#).unwrap_err().path, ".");
}

/// Another crate may turn the feature on for the tests, so that reading numbers can't show
/// whether users have it.
#[test]
fn numbers_are_read_to_the_last_digit() {
    let manifest = include_str!("../../Cargo.toml");
    let line = manifest.lines().find(|line| line.starts_with("serde_json = ")).unwrap();
    assert!(line.contains(r#""float_roundtrip""#), "{line}");
}
