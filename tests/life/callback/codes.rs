//! Every documented failure of every operation, provoked at the sandbox by the typed client.

use casewire::callback::{
    error::{AuthenticateError, CommitBatchError, FetchApplicationsError, ReportStatusError},
    types::{Failure, FailureDetail},
};
use casewire_sandbox::callback::{State, Status};
use support::interfaces::Callback;

use crate::life::{
    callback::stage::{Stage, authenticate, register, reject, render},
    common::{
        Staged, refused,
        rows::{self, by_default, call, row},
    },
};

type Row = rows::Row<Stage>;
type Call = rows::Call<Stage>;

const CONTROL: &str = "Format-logical control error";

fn failure(status_code: i32, kind: &str) -> Failure {
    let mut failure = Failure::new(status_code);
    failure.data = Some(FailureDetail::new(kind.to_owned()));
    failure
}

fn not_authorized() -> Failure {
    failure(401, "Not authorized")
}

fn fresh(_: &mut State) {}

/// Whatever token a client gets has expired already.
fn expired(state: &mut State) {
    state.token_lifetime_ms = Some(-1);
}

/// Failures come under 200.
fn silent(state: &mut State) {
    state.failure_status = Some(200);
}

/// Failures come under a status that isn't documented.
fn elsewhere(state: &mut State) {
    state.failure_status = Some(418);
}

fn elsewhere_and_expired(state: &mut State) {
    elsewhere(state);
    expired(state);
}

fn silent_and_expired(state: &mut State) {
    silent(state);
    expired(state);
}

fn rendered(state: &mut State) {
    state.applications.get_mut("111").unwrap().status = Some(Status::Rendered);
}

fn silent_and_rendered(state: &mut State) {
    silent(state);
    rendered(state);
}

fn table() -> Vec<Row> {
    let (no_application, control) = (failure(400, "Application not found"), failure(400, CONTROL));
    let (register_none, register_again): (Call, Call) =
        (call!(|s| register(&s.client, "999")), call!(|s| register(&s.client, "111")));
    vec![
        row(
            "401",
            fresh,
            call!(|s| authenticate(&s.client, "petr0v-1")),
            AuthenticateError::Unauthorized(Some(not_authorized())),
        ),
        row(
            "200",
            silent,
            call!(|s| authenticate(&s.client, "petr0v-1")),
            AuthenticateError::Refused(not_authorized()),
        ),
        by_default(
            418,
            elsewhere,
            call!(|s| authenticate(&s.client, "petr0v-1")),
            AuthenticateError::Refused(not_authorized()),
        ),
        row(
            "401",
            expired,
            call!(|s| s.client.fetch_applications()),
            FetchApplicationsError::Unauthorized(Some(not_authorized())),
        ),
        row(
            "200",
            silent_and_expired,
            call!(|s| s.client.fetch_applications()),
            FetchApplicationsError::Refused(not_authorized()),
        ),
        by_default(
            418,
            elsewhere_and_expired,
            call!(|s| s.client.fetch_applications()),
            FetchApplicationsError::Refused(not_authorized()),
        ),
        row(
            "401",
            expired,
            call!(|s| s.client.commit_batch().code("batch-111")),
            CommitBatchError::Unauthorized(Some(not_authorized())),
        ),
        row(
            "200",
            fresh,
            call!(|s| s.client.commit_batch().code("batch-111")),
            CommitBatchError::Refused(control.clone()),
        ),
        by_default(
            418,
            elsewhere,
            call!(|s| s.client.commit_batch().code("batch-111")),
            CommitBatchError::Refused(control.clone()),
        ),
        row(
            "401",
            expired,
            call!(|s| register(&s.client, "111")),
            ReportStatusError::Unauthorized(Some(not_authorized())),
        ),
        row("400", fresh, register_none, ReportStatusError::BadRequest(Some(no_application.clone()))),
        row("200", silent, register_none, ReportStatusError::Refused(no_application.clone())),
        by_default(418, elsewhere, register_none, ReportStatusError::Refused(no_application)),
        row("400", rendered, register_again, ReportStatusError::BadRequest(Some(control.clone()))),
        row("200", silent_and_rendered, register_again, ReportStatusError::Refused(control.clone())),
        row("400", fresh, call!(|s| render(&s.client, "111")), ReportStatusError::BadRequest(Some(control.clone()))),
        row(
            "400",
            fresh,
            call!(|s| reject(&s.client, "111", "Да")),
            ReportStatusError::BadRequest(Some(control.clone())),
        ),
        // A comment of spaces is none; the type can't know.
        row("400", fresh, call!(|s| reject(&s.client, "111", " ")), ReportStatusError::BadRequest(Some(control))),
    ]
}

#[tokio::test]
async fn every_documented_failure_is_typed() {
    rows::check::<Callback, _>(table()).await;
}

#[test]
fn the_table_holds_what_the_spec_documents() {
    rows::check_complete::<Callback, _>(&table(), 13);
}

/// The status in the body may differ from the one of HTTP: the latter decides which
/// failure it is, the former whether it is one, and what was sent is kept.
#[tokio::test]
async fn the_status_in_the_body_may_differ() {
    let stage =
        Stage::given(|state| (state.token_lifetime_ms, state.status_code_in_body) = (Some(-1), Some(400))).await;
    let got = refused(register(&stage.client, "111").send().await);
    let expect = ReportStatusError::Unauthorized(Some(failure(400, "Not authorized")));
    assert_eq!((got.status, got.failure), (Some(401), format!("{expect:?}")), "as the document prints it");

    for (status_code, in_body) in [(500, Some(500)), (0, Some(0)), (400, None)] {
        let stage =
            Stage::given(|state| (state.failure_status, state.status_code_in_body) = (Some(200), in_body)).await;
        let got = refused(register(&stage.client, "999").send().await);
        let expect = ReportStatusError::Refused(failure(status_code, "Application not found"));
        assert_eq!((got.status, got.failure), (Some(200), format!("{expect:?}")));
        assert_eq!(got.kind, casewire::ErrorKind::Refused);
    }
    // Under 400 it is a failure, whatever the body says.
    let stage = Stage::given(|state| state.status_code_in_body = Some(200)).await;
    let got = refused(register(&stage.client, "999").send().await);
    let expect = ReportStatusError::BadRequest(Some(failure(200, "Application not found")));
    assert_eq!((got.status, got.failure), (Some(400), format!("{expect:?}")));
}

/// The document prints a space behind one of the names; it is kept, like everything received.
#[tokio::test]
async fn the_name_of_a_failure_is_kept_as_received() {
    let stage = Stage::given(|state| state.control_error = format!("{CONTROL} ")).await;
    let got = refused(render(&stage.client, "111").send().await);
    let expect = ReportStatusError::BadRequest(Some(failure(400, &format!("{CONTROL} "))));
    assert_eq!(got.failure, format!("{expect:?}"));
}
