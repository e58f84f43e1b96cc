//! Every documented failure of every operation, provoked at the sandbox by the typed client.

use casewire::crpt::{
    builder,
    error::{
        AddMessageError, AttachFileError, CreateCaseError, DownloadFileError, GetCaseError, ListCasesError, LoginError,
        UpdateCaseError,
    },
    types::{CaseAction, Failure, LoginException, LoginResponse},
};
use casewire_sandbox::{
    Fault,
    crpt::{SessionEnd, State},
};
use support::interfaces::Crpt;

use crate::life::{
    common::{
        Staged, refused,
        rows::{self, by_default, call, row},
    },
    crpt::stage::{CASE, CLOSED_CASE, FILE, NO_CASE, Stage, UNSOLVED_CASE, attach, download, message, search, update},
};

type Row = rows::Row<Stage>;

/// What the document prints for a refused sign-in.
const WRONG: &str = "Вы ввели неправильный логин или пароль. Проверьте корректность введенных данных или обратитесь к \
                     системному администратору. Системный администратор может изменить пароль на странице пользователя";

fn said(error: &str) -> Failure {
    let mut failure = Failure::default();
    (failure.error, failure.ok) = (Some(error.to_owned()), Some(false));
    failure
}

/// As seeded, but for files, which can't be larger than 4 bytes.
fn fresh(state: &mut State) {
    state.max_file_bytes = 4;
}

/// Failures have a status of their own.
fn with_status(state: &mut State) {
    fresh(state);
    state.failure_status = 418;
}

/// Whatever session a client gets has ended already.
fn ended(state: &mut State) {
    state.session_minutes = -1;
}

fn ended_with_403(state: &mut State) {
    ended(state);
    state.session_end = SessionEnd::Status403;
}

/// The rows of an operation whose failures come under 200, 401, 403 or any other status.
macro_rules! rows {
    ($call:expr, $error:ident, $($failing:expr => $message:expr),+) => {
        {
            let rows: Vec<Row> = vec![
            $(
                row("200", fresh, $failing, $error::Refused(said($message))),
                by_default(418, with_status, $failing, $error::Refused(said($message))),
            )+
            row("401", ended, $call, $error::Unauthorized(Some(said("session not found")))),
            row("403", ended_with_403, $call, $error::Forbidden(Some(said("session not found")))),
            ];
            rows
        }
    };
}

fn table() -> Vec<Row> {
    [login(), cases(), files()].into_iter().flatten().collect()
}

fn login() -> Vec<Row> {
    let mut exception = LoginException::default();
    exception.message = Some(WRONG.to_owned());
    exception.stack_trace = Some(String::new());
    exception.type_ = Some("System.Security.SecurityException".to_owned());
    let mut failure = LoginResponse::new(1);
    failure.exception = Some(exception);
    failure.message = Some(WRONG.to_owned());
    vec![
        row("200", fresh, call!(|s| sign_in(s, "petr0v-1")), LoginError::Refused(failure)),
        // The sandbox refuses no sign-in with a status; a gateway in front of a real one may.
        row("403", fresh, call!(|s| behind_a_gateway(s)), LoginError::Forbidden),
    ]
}

fn cases() -> Vec<Row> {
    [
        rows!(
            call!(|s| s.ivan.get_case().number(CASE)),
            GetCaseError,
            call!(|s| s.ivan.get_case().number(NO_CASE)) => "case not found"
        ),
        rows!(
            call!(|s| create(s, "УПД", "Не приходит")),
            CreateCaseError,
            call!(|s| create(s, "", "Не приходит")) => "subject data is required",
            call!(|s| create(s, "УПД", " ")) => "symptoms data is required"
        ),
        rows!(
            call!(|s| message(&s.ivan, CASE, "Да")),
            AddMessageError,
            call!(|s| message(&s.ivan, NO_CASE, "Да")) => "case not found",
            call!(|s| message(&s.ivan, "", "Да")) => "number data is required",
            call!(|s| message(&s.ivan, CASE, "")) => "message data is required"
        ),
        rows!(
            call!(|s| update(&s.ivan, CASE, CaseAction::Close)),
            UpdateCaseError,
            call!(|s| update(&s.ivan, NO_CASE, CaseAction::Close)) => "case not found",
            call!(|s| update(&s.ivan, "", CaseAction::Close)) => "number data is required",
            call!(|s| update(&s.ivan, CLOSED_CASE, CaseAction::Close)) => "case is closed already",
            call!(|s| update(&s.ivan, CASE, CaseAction::Reopen)) => "case can not be reopened",
            call!(|s| update(&s.ivan, UNSOLVED_CASE, CaseAction::Reopen)) => "case can not be reopened"
        ),
        rows!(
            call!(|s| s.ivan.list_cases().body(search("number", CASE))),
            ListCasesError,
            call!(|s| s.ivan.list_cases().body(search("priority", 4))) => "unknown parameter priority",
            call!(|s| s.ivan.list_cases().body(search("number", ""))) => "number data is required"
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn files() -> Vec<Row> {
    let attaching = rows!(
        call!(|s| attach(&s.ivan, CASE, "a.txt", b"a")),
        AttachFileError,
        call!(|s| attach(&s.ivan, NO_CASE, "a.txt", b"a")) => "case not found",
        call!(|s| attach(&s.ivan, "", "a.txt", b"a")) => "number data is required",
        call!(|s| attach(&s.ivan, CASE, "", b"a")) => "filename data is required",
        call!(|s| attach(&s.ivan, CASE, "a.txt", b"abcde")) => "file is too large",
        call!(|s| attach(&s.ivan, CASE, "a.txt", b"a").totallength(2)) => "totallength data is wrong"
    );
    let (ended_session, no_file) = (said("session not found"), said("file not found"));
    let downloading: Vec<Row> = vec![
        row(
            "401",
            ended,
            call!(|s| download(&s.ivan, FILE)),
            DownloadFileError::Unauthorized(Some(ended_session.clone())),
        ),
        row(
            "403",
            ended_with_403,
            call!(|s| download(&s.ivan, FILE)),
            DownloadFileError::Forbidden(Some(ended_session)),
        ),
        row("200", fresh, call!(|s| download(&s.ivan, CASE)), DownloadFileError::Refused(no_file.clone())),
        by_default(418, with_status, call!(|s| download(&s.ivan, CASE)), DownloadFileError::Refused(no_file)),
    ];
    [attaching, downloading].into_iter().flatten().collect()
}

fn sign_in(stage: &Stage, password: &str) -> builder::Login {
    let login = stage.ivan.login().force_use_session("true");
    login.body_map(|body| body.user_name("ivan.petrov").user_password(password))
}

fn behind_a_gateway(stage: &Stage) -> builder::Login {
    stage.sandbox.fault("login", Fault::Status(403));
    sign_in(stage, "Petr0v-1")
}

fn create(stage: &Stage, subject: &str, symptoms: &str) -> builder::CreateCase {
    stage.ivan.create_case().body_map(|body| body.subject(subject).symptoms(symptoms))
}

#[tokio::test]
async fn every_documented_failure_is_typed() {
    rows::check::<Crpt, _>(table()).await;
}

#[test]
fn the_table_holds_what_the_spec_documents() {
    rows::check_complete::<Crpt, _>(&table(), 30);
}

/// 401 and 403 say enough without a body, and `ok` may be missing anywhere.
#[tokio::test]
async fn failures_may_be_poorer_than_documented() {
    for (change, expect) in [(ended as fn(&mut State), "Unauthorized(None)"), (ended_with_403, "Forbidden(None)")] {
        let stage = Stage::given(change).await;
        stage.sandbox.state(|state| state.omit_refusal_bodies = true);
        assert_eq!(refused(stage.ivan.get_case().number(CASE).send().await).failure, expect);
        assert_eq!(refused(message(&stage.ivan, CASE, "Да").send().await).failure, expect);
        assert_eq!(refused(download(&stage.ivan, FILE).send().await).failure, expect);
    }
    for status in [200, 400, 500] {
        let stage = Stage::given(|state| (state.omit_ok_on_failure, state.failure_status) = (true, status)).await;
        let got = refused(stage.ivan.get_case().number(NO_CASE).send().await);
        let mut bare = said("case not found");
        bare.ok = None;
        assert_eq!(got.failure, format!("{:?}", GetCaseError::Refused(bare)));
        assert_eq!(got.status, Some(status));
    }
}
