//! One row per operation: how it is called, with the values of the spec's examples, and
//! what must be sent for it.

use std::collections::BTreeMap;

use casewire::Operation;
use serde_json::Value;

use crate::{
    complete,
    interfaces::{self, Interface},
    multipart,
    outcome::{Call, Outcome},
    recorder::Request,
    spec::Spec,
};

pub struct Row<I: Interface> {
    /// The `operationId`.
    pub id: &'static str,
    /// Method and target, below the base path.
    pub request: &'static str,
    pub sent: Sent,
    pub call: Call<I::Client>,
}

impl<I: Interface> Row<I> {
    /// Calls the operation; what became of it.
    pub async fn outcome(&self, client: &I::Client) -> Outcome {
        (self.call)(client).await.outcome().await
    }

    pub fn operation(&self) -> &'static Operation {
        I::OPERATIONS.iter().find(|operation| operation.id == self.id).unwrap()
    }

    /// Whether this is the request that the call is about, and not a sign-in on the way to it.
    pub fn is_it(&self, request: &Request) -> bool {
        format!("{} {}", request.method, request.target) == self.request
    }
}

/// What the body of the request is.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sent {
    Nothing,
    Json(&'static str),
    /// These bytes and nothing around them.
    Bytes(&'static [u8]),
    /// One part of a form: its two headers after their names, and its content.
    Part(&'static str, &'static str, &'static [u8]),
}

/// The rows of one operation.
pub fn rows_of<'a, I: Interface>(rows: &'a [Row<I>], id: &str) -> impl Iterator<Item = &'a Row<I>> {
    rows.iter().filter(move |row| row.id == id)
}

/// The first row of an operation.
pub fn row<'a, I: Interface>(rows: &'a [Row<I>], id: &str) -> &'a Row<I> {
    rows_of(rows, id).next().unwrap_or_else(|| panic!("no row for {id}"))
}

/// The rows of the interface have every operation and every payload of a request in the
/// spec.
#[track_caller]
pub fn check_complete<I: Interface>() {
    let (rows, spec) = (I::ROWS, interfaces::spec::<I>());
    let ids = || spec.statuses().into_keys();
    complete::check_complete(I::OPERATIONS.iter().map(|operation| (operation.id, ())), ids());
    complete::check_complete(rows.iter().map(|row| (row.id, (row.request, &row.sent))), ids());
    for (id, payload) in spec.requests() {
        let sent = |row: &Row<I>| match row.sent {
            Sent::Json(json) => same(&serde_json::from_str(json).unwrap(), payload),
            Sent::Part(disposition, _, content) => payload.as_object().unwrap().iter().all(|(name, value)| {
                disposition.contains(&format!("name={name:?}")) && value.as_str().map(str::as_bytes) == Some(content)
            }),
            Sent::Nothing | Sent::Bytes(_) => false,
        };
        assert!(rows_of(rows, id).any(sent), "{id}: no row sends {payload}");
    }
}

/// Whether it is the same JSON. A `double` is written with a fraction: to serde_json 1.0
/// and 1 are not the same number.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, one)| other.get(name).is_some_and(|other| same(one, other)))
        }
        _ => one == other,
    }
}

/// Compares what arrived with the row, down to the set of headers. `own` are the headers
/// of the session; `base` is the origin with the path of the base URL.
pub fn check_sent<I: Interface>(
    row: &Row<I>,
    arrived: &Request,
    base: (&str, &str),
    own: &[(&str, &str)],
    spec: &Spec,
) {
    let Row { id, request, sent, .. } = row;
    let (method, target) = request.split_once(' ').unwrap();
    assert_eq!((arrived.method.as_str(), arrived.target.as_str()), (method, format!("{}{target}", base.1).as_str()));
    let operation = row.operation();
    assert_eq!(method, operation.method, "{id}");
    let whole = spec.integer_parameters(id);
    let path = target.split('?').next().unwrap();
    assert!(fits(operation.path, path, &whole), "{id}: {target} is not {}", operation.path);

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
            let has_null = expected.to_string().contains("null");
            assert_eq!(
                arrived.text().contains("null"),
                has_null,
                "{id}: an absent property is null in {}",
                arrived.text()
            );
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

/// Whether a path is an instance of a template, with a number for each of the parameters
/// that are `whole`.
fn fits(template: &str, path: &str, whole: &[&str]) -> bool {
    let (template, path): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    let same = |(part, value): (&&str, &&str)| match part.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
        Some(name) if whole.contains(&name) => value.parse::<i64>().is_ok(),
        Some(_) => !value.is_empty(),
        None => part == value,
    };
    template.len() == path.len() && template.iter().zip(&path).all(same)
}
