//! What the feature `tracing` records of a call: one span, with the names and values of
//! OpenTelemetry's conventions for HTTP clients (semantic-conventions,
//! `docs/http/http-spans.md`), and an event for each retry. Fields are compared as a
//! whole, so that nothing of a request or a response gets in among them. Real HTTP to a
//! recording server on loopback.

mod attributes;
mod errors;
mod nesting;
mod repairs;
mod retries;
mod uploads;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use casewire::Operation;
use support::logged::{Happened, Logged, Span, field};

/// The fields of a span that must be there from the beginning, and no more.
fn fields_of(operation: &Operation, origin: &str) -> BTreeMap<&'static str, Value> {
    let (address, port) = origin.strip_prefix("http://").unwrap().rsplit_once(':').unwrap();
    BTreeMap::from([
        ("otel.kind", json!("client")),
        ("otel.name", json!(format!("{} {}", operation.method, operation.path))),
        ("casewire.operation", json!(operation.id)),
        ("http.request.method", json!(operation.method)),
        ("url.scheme", json!("http")),
        ("url.template", json!(operation.path)),
        ("server.address", json!(address)),
        ("server.port", json!(port.parse::<u16>().unwrap())),
    ])
}

/// The latest value of each field.
fn fields(span: &Span) -> BTreeMap<&'static str, Value> {
    span.fields.iter().cloned().collect()
}

/// Our events with this message.
fn events(logged: &Logged, message: &str) -> Vec<Happened> {
    let mut events = logged.events();
    events.retain(|event| event.target == "casewire" && field(&event.fields, "message") == Some(&json!(message)));
    events
}

/// What the one warning of a failed call says: kind, outcome, status, attempts, and nothing else.
#[track_caller]
fn failure(logged: &Logged) -> [Option<Value>; 4] {
    let [event] = &events(logged, "the call failed")[..] else { panic!("{:?}", logged.events()) };
    assert_eq!((event.level, event.span), (tracing::Level::WARN, Some(0)));
    let values = ["kind", "outcome", "status", "attempts"].map(|name| field(&event.fields, name).cloned());
    assert_eq!(event.fields.len(), 1 + values.iter().flatten().count(), "{event:?}");
    values
}

/// The spans of calls, all of them closed.
#[track_caller]
fn closed(logged: &Logged) -> Vec<Span> {
    let spans = logged.spans();
    for span in &spans {
        assert_eq!((span.target, span.name), ("casewire", "call"));
        assert!(span.closed, "{span:?}");
    }
    spans
}

/// The fields that are added when a call failed.
fn failed(fields: &mut BTreeMap<&'static str, Value>, error: &str) {
    fields.insert("error.type", json!(error));
    fields.insert("otel.status_code", json!("ERROR"));
}
