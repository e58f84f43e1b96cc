//! How every operation is called, and what is sent for it.

use casewire::callback::types::{self, RegisteredOrRenderedStatus, RejectedStatus};

use super::Callback;
use crate::{
    outcome::call,
    row::{Row, Sent},
};

/// A status that needs no comment.
pub fn progress(status: RegisteredOrRenderedStatus) -> types::RegisteredOrRendered {
    types::RegisteredOrRendered::builder().application_id("111").status(status).build().unwrap()
}

fn with_comment(mut report: types::RegisteredOrRendered) -> types::RegisteredOrRendered {
    report.comment = Some("текст комментария".to_owned());
    report
}

fn rejected(comment: &str) -> types::Rejected {
    let report = types::Rejected::builder().application_id("111").status(RejectedStatus::Rejected);
    report.comment(comment).build().unwrap()
}

/// In the order of the spec.
pub const ROWS: &[Row<Callback>] = &[
    Row {
        id: "authenticate",
        request: "POST /api/v1/auth/",
        sent: Sent::Json(r#"{"login": "integration@oip.example", "password": "Petr0v-1"}"#),
        call: call!(client.authenticate().body_map(|body| body.login("integration@oip.example").password("Petr0v-1"))),
    },
    Row {
        id: "fetchApplications",
        request: "GET /api/v1/applications/?limit=10",
        sent: Sent::Nothing,
        call: call!(client.fetch_applications().limit(10)),
    },
    Row {
        id: "fetchApplications",
        request: "GET /api/v1/applications/",
        sent: Sent::Nothing,
        call: call!(client.fetch_applications()),
    },
    Row {
        id: "commitBatch",
        request: "GET /api/v1/commit/batch-111/",
        sent: Sent::Nothing,
        call: call!(client.commit_batch().code("batch-111")),
    },
    Row {
        id: "reportStatus",
        request: "POST /api/v1/applications/status/",
        sent: Sent::Json(r#"{"applicationId": "111", "status": "registered", "comment": "текст комментария"}"#),
        call: call!(client.report_status().body(with_comment(progress(RegisteredOrRenderedStatus::Registered)))),
    },
    Row {
        id: "reportStatus",
        request: "POST /api/v1/applications/status/",
        sent: Sent::Json(r#"{"applicationId": "111", "status": "rendered"}"#),
        call: call!(client.report_status().body(progress(RegisteredOrRenderedStatus::Rendered))),
    },
    Row {
        id: "reportStatus",
        request: "POST /api/v1/applications/status/",
        sent: Sent::Json(
            r#"{"applicationId": "111", "status": "rejected", "comment": "Заявитель трижды не ответил на звонок"}"#,
        ),
        call: call!(client.report_status().body(rejected("Заявитель трижды не ответил на звонок"))),
    },
    // The same as a value of the whole body's type.
    Row {
        id: "reportStatus",
        request: "POST /api/v1/applications/status/",
        sent: Sent::Json(r#"{"applicationId": "111", "status": "rejected", "comment": "x"}"#),
        call: call!(client.report_status().body(types::StatusReport::Rejected(rejected("x")))),
    },
];
