//! One row an operation: how it is called, with the values of the spec's examples, and what must be sent for it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{
    OPERATIONS,
    outcome::Call,
    spec::Spec,
    support::{multipart, recorder::Request},
};

pub struct Row<C: 'static> {
    /// The `operationId`.
    pub id: &'static str,
    /// Method and target, below the base path.
    pub request: &'static str,
    pub sent: Sent,
    pub call: Call<C>,
}

/// What the body of the request is.
pub enum Sent {
    Nothing,
    Json(&'static str),
    /// These bytes and nothing around them.
    Bytes(&'static [u8]),
    /// One part of a form: its two headers after their names, and its content.
    Part(&'static str, &'static str, &'static [u8]),
}

/// The rows of one operation.
pub fn rows_of<'a, C>(rows: &'a [Row<C>], id: &str) -> impl Iterator<Item = &'a Row<C>> {
    rows.iter().filter(move |row| row.id == id)
}

/// The first row of an operation.
pub fn row<'a, C>(rows: &'a [Row<C>], id: &str) -> &'a Row<C> {
    rows_of(rows, id).next().unwrap_or_else(|| panic!("no row for {id}"))
}

/// Every operation of the interface has a row, and every payload of a request in the spec has one.
pub fn check_complete<C>(rows: &[Row<C>], spec: &Spec) {
    let ids: BTreeSet<_> = rows.iter().map(|row| row.id).collect();
    assert_eq!(ids, OPERATIONS.iter().map(|operation| operation.id).collect());
    assert_eq!(ids, spec.statuses().into_keys().collect());
    for (id, payload) in spec.requests() {
        let sent = |row: &Row<C>| match row.sent {
            Sent::Json(json) => serde_json::from_str::<Value>(json).unwrap() == *payload,
            Sent::Part(_, _, content) => payload["file"].as_str().map(str::as_bytes) == Some(content),
            Sent::Nothing | Sent::Bytes(_) => false,
        };
        assert!(rows_of(rows, id).any(sent), "{id}: no row sends {payload}");
    }
}

/// Compares what arrived with the row, down to the set of headers. `own` are the headers of the session; `base` is the
/// origin with the path of the base URL.
pub fn check_sent<C>(row: &Row<C>, arrived: &Request, base: (&str, &str), own: &[(&str, &str)], spec: &Spec) {
    let Row { id, request, sent, .. } = row;
    let (method, target) = request.split_once(' ').unwrap();
    assert_eq!((arrived.method.as_str(), arrived.target.as_str()), (method, format!("{}{target}", base.1).as_str()));
    let operation = OPERATIONS.iter().find(|operation| operation.id == *id).unwrap();
    assert_eq!(method, operation.method, "{id}");
    assert!(fits(operation.path, target.split('?').next().unwrap()), "{id}: {target} is not {}", operation.path);

    let mut headers: BTreeMap<&str, &str> = arrived.headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    assert_eq!(headers.len(), arrived.headers.len(), "{id}: a header twice in {:?}", arrived.headers);
    assert_eq!(headers.remove("host"), base.0.strip_prefix("http://"), "{id}");
    assert_eq!(headers.remove("user-agent"), Some(concat!("casewire/", env!("CARGO_PKG_VERSION"))), "{id}");
    let accept = if spec.succeeds_with_json(id) { "application/json" } else { "*/*" };
    assert_eq!(headers.remove("accept"), Some(accept), "{id}");
    let length = headers.remove("content-length").map(|length| length.parse().unwrap());
    let content_type = headers.remove("content-type");
    assert_eq!(headers, own.iter().copied().collect(), "{id}: headers that the spec doesn't name");

    if !matches!(sent, Sent::Nothing) {
        assert_eq!(length, Some(arrived.body.len()), "{id}");
    }
    match sent {
        Sent::Nothing => {
            // A method that is for content says that there is none: RFC 9110, section 8.6.
            let announced = matches!(method, "POST" | "PUT" | "PATCH").then_some(0);
            assert_eq!((content_type, length, arrived.body.len()), (None, announced, 0), "{id}");
        }
        Sent::Json(expected) => {
            assert_eq!(content_type, Some("application/json"), "{id}");
            let expected: Value = serde_json::from_str(expected).unwrap();
            assert_eq!(arrived.json(), expected, "{id}");
            assert_eq!(arrived.text().len(), expected.to_string().len(), "{id}: a property twice");
        }
        Sent::Bytes(expected) => {
            assert_eq!((content_type, &*arrived.body), (Some("application/octet-stream"), *expected), "{id}");
        }
        Sent::Part(disposition, media_type, expected) => {
            let headers = vec![format!("Content-Disposition: {disposition}"), format!("Content-Type: {media_type}")];
            let fields = multipart::parse(content_type.unwrap(), &arrived.body);
            assert_eq!(fields, [multipart::Field { headers, content: expected.to_vec() }], "{id}");
        }
    }
}

/// Whether a path is an instance of a template.
fn fits(template: &str, path: &str) -> bool {
    let (template, path): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    let same = |(part, value): (&&str, &&str)| if part.starts_with('{') { !value.is_empty() } else { part == value };
    template.len() == path.len() && template.iter().zip(&path).all(same)
}
