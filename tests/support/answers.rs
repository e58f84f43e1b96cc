//! Tables of answers: what comes, and what becomes of it. That no operation, status or
//! example of the spec is forgotten is checked against the spec's text.

use serde_json::Value;

use crate::spec::Spec;

/// Operation, status, body, and the text of the outcome. Both texts may be folded.
pub type Answered = (&'static str, u16, &'static str, &'static str);

/// Every documented status of every operation and every payload of an answer in the spec
/// has a row, and no other operation has one. For `default`, a row with any status that
/// the operation doesn't document will do.
pub fn check_complete(rows: &[Answered], spec: &Spec) {
    let statuses = spec.statuses();
    let is = |row: &Answered, id: &str, status: &str| match status {
        "default" => row.0 == id && !statuses[id].contains(row.1.to_string().as_str()),
        _ => row.0 == id && row.1.to_string() == status,
    };
    for (id, documented) in &statuses {
        for status in documented {
            assert!(rows.iter().any(|row| is(row, id, status)), "{id} {status}: no row");
        }
    }
    for (id, status, payload) in spec.answers() {
        let mut rows = rows.iter().filter(|row| is(row, id, status));
        assert!(rows.any(|row| json(row.2).as_ref() == Some(payload)), "{id} {status}: no row answers {payload}");
    }
    for (id, ..) in rows {
        assert!(statuses.contains_key(id), "{id} is not an operation");
    }
}

fn json(body: &str) -> Option<Value> {
    serde_json::from_str(&flat(body)).ok()
}

/// A folded text on one line.
pub fn flat(text: &str) -> String {
    text.lines().map(str::trim_start).collect::<Vec<_>>().join(" ")
}
