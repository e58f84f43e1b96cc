//! Tables of responses: what comes, and what becomes of it. That no operation, status or
//! example of the spec is forgotten is checked against the spec's text.

use casewire::ErrorKind;
use serde_json::Value;

use crate::{complete, spec::Spec};

/// Operation, status, body, and the text of the outcome. Both texts may be folded.
pub type Decoded = (&'static str, u16, &'static str, &'static str);

/// The rows have every documented status of every operation and every payload of a
/// response in the spec. Under `default` is any status that the operation doesn't document.
#[track_caller]
pub fn check_complete<'a>(rows: impl IntoIterator<Item = &'a Decoded>, spec: &Spec) {
    let rows: Vec<_> = rows.into_iter().collect();
    let statuses = spec.statuses();
    let key = |(id, status, ..): &Decoded| {
        let (all, status) = (statuses.get(id), status.to_string());
        let has = |status: &str| all.is_some_and(|all| all.contains(status));
        (*id, if !has(&status) && has("default") { "default".to_owned() } else { status })
    };
    let documented = statuses.iter().flat_map(|(id, all)| all.iter().map(|status| (*id, (*status).to_owned())));
    complete::check_complete(rows.iter().map(|row| (key(row), (row.1, row.2))), documented);
    for (id, status, payload) in spec.response_payloads() {
        let mut rows = rows.iter().filter(|row| key(row) == (id, status.to_owned()));
        assert!(
            rows.any(|row| json(row.2).as_ref() == Some(payload)),
            "{id} {status}: no row has the response {payload}"
        );
    }
}

/// The kind of a failure with this status: of one under a success, that its body tells.
pub fn kind(status: u16) -> ErrorKind {
    match status {
        200 => ErrorKind::Refused,
        302 => ErrorKind::Undecodable,
        401 => ErrorKind::Authentication,
        403 => ErrorKind::Permission,
        404 => ErrorKind::NotFound,
        409 => ErrorKind::Conflict,
        500.. => ErrorKind::Server,
        _ => ErrorKind::InvalidRequest,
    }
}

fn json(body: &str) -> Option<Value> {
    serde_json::from_str(&flat(body)).ok()
}

/// A folded text on one line.
pub fn flat(text: &str) -> String {
    text.lines().map(str::trim_start).collect::<Vec<_>>().join(" ")
}
