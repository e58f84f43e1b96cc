//! What the client makes of an interface that breaks, for a read, a write, an upload and
//! a download: the kind of the error, the operation in its text, and that the client
//! sends nothing twice of its own accord.

use std::fmt::Debug;

use casewire::{
    Part,
    contractor::{Auth, Client, types},
};
use casewire_sandbox::{
    Fault,
    contractor::{CallStatus, EXTERNAL_SYSTEM_KEY, SAMPLE_JPEG, State},
};
use futures_util::future::join_all;

use crate::life::common::{Staged, body, impatient, never, read, told};
use crate::life::contractor::stage::{CALL, FILE, LINK, Stage, TASK, call, linked, linked_and_done, report, with_file};

const READ: &str = "getCall";
const WRITE: &str = "completeSharedCall";
const UPLOAD: &str = "uploadSharedAttachment";
const DOWNLOAD: &str = "getCallTaskAttachment";
const ALL: [&str; 4] = [READ, WRITE, UPLOAD, DOWNLOAD];

/// The state in which the operation succeeds.
fn given(operation: &str, state: &mut State) {
    match operation {
        READ | WRITE => linked(state),
        UPLOAD => linked_and_done(state),
        _ => with_file(state),
    }
}

/// Calls the operation, and writes down what came of it.
async fn outcome(operation: &str, client: &Client) -> String {
    match operation {
        READ => told(client.get_call().id(CALL).send().await, |call| told_call(&call)),
        WRITE => {
            let report = client.complete_shared_call().token(LINK).body(report("Готово", &[]));
            told(report.send().await, |call| (*call).as_ref().map_or("nothing".to_owned(), told_call))
        }
        UPLOAD => {
            let photo = Part::bytes(SAMPLE_JPEG).file_name("a.jpg");
            let upload = client.upload_shared_attachment().id(TASK).token(LINK).attachment(photo);
            told(upload.send().await, |file| format!("{} {}", or_dash(&file.type_), or_dash(&file.name)))
        }
        _ => match client.get_call_task_attachment().id(TASK).attachment_id(FILE).send().await {
            Ok(download) => match read(download).await {
                Ok(bytes) if bytes == SAMPLE_JPEG => "the photo".to_owned(),
                Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
                Err(e) if e.is_timeout() => "a stream that timed out".to_owned(),
                Err(_) => "a broken stream".to_owned(),
            },
            failed => told(failed, |_| String::new()),
        },
    }
}

fn told_call(call: &types::CallDto) -> String {
    format!("{} {}", or_dash(&call.status), or_dash(&call.number))
}

fn or_dash<T: Debug>(value: &Option<T>) -> String {
    value.as_ref().map_or("-".to_owned(), |value| format!("{value:?}"))
}

/// Orders the fault for each of the four operations, and compares what comes of them and
/// whether the write took effect.
async fn check(fault: Fault, expect: [&str; 4], effect: bool) {
    for (operation, expect) in ALL.into_iter().zip(expect) {
        let stage = Stage::given(|state| given(operation, state)).await;
        let client = stage.connect(Auth::external_system(EXTERNAL_SYSTEM_KEY));
        stage.sandbox.fault(operation, fault.clone());
        assert_eq!(outcome(operation, &client).await, expect, "{operation}, {fault:?}");
        assert_eq!(stage.sandbox.requests().len(), 1, "{operation}, {fault:?}: sent once");
        if operation == WRITE {
            let status = stage.sandbox.state(|state| call(state).status);
            assert_eq!(status == CallStatus::Done, effect, "{fault:?}: the write's effect");
        }
        // The fault was for one request: the next one succeeds, on a connection that works.
        if operation != WRITE || !effect {
            assert_eq!(outcome(operation, &client).await, good(operation), "{operation} after {fault:?}");
        }
    }
}

fn good(operation: &str) -> &'static str {
    match operation {
        READ => r#"Committed "C-683913""#,
        WRITE => r#"Done "C-683913""#,
        UPLOAD => r#"Jpeg "a.jpg""#,
        _ => "the photo",
    }
}

#[tokio::test]
async fn statuses_of_a_broken_server() {
    for status in [500, 502, 503, 504] {
        check(Fault::Status(status), ["Server, undocumented"; 4], false).await;
    }
    // A proxy's page is not read as JSON, whatever it claims to be.
    for content_type in ["text/html", "application/json"] {
        check(body(502, content_type, "<html>"), ["Server, undocumented"; 4], false).await;
    }
}

#[tokio::test]
async fn a_refused_credential() {
    // The operations of a link document no 401.
    let (documented, not) = ("Authentication, documented", "Authentication, undocumented");
    check(Fault::Unauthorized, [documented, not, not, documented], false).await;
}

#[tokio::test]
async fn connections_that_break() {
    let broken = "Transport, transport";
    check(Fault::Drop, [broken; 4], false).await;
    check(Fault::Truncate, [broken, broken, broken, "a broken stream"], true).await;
}

#[tokio::test]
async fn a_page_in_place_of_a_response() {
    let undecodable = "Undecodable, undecodable";
    // A download is handed on as it comes, and its media type with it.
    check(body(200, "text/html", "<html>"), [undecodable, undecodable, undecodable, "<html>"], false).await;
}

#[tokio::test]
async fn nulls_read_as_absent() {
    check(Fault::Nulls, ["- -", "- -", "- -", "the photo"], true).await;
    let stage = Stage::given(with_file).await;
    stage.sandbox.fault("getCall", Fault::Nulls);
    stage.sandbox.fault("listCallTasks", Fault::Nulls);
    assert_eq!(*stage.desk.get_call().id(CALL).send().await.unwrap(), types::CallDto::default());
    let tasks = stage.desk.list_call_tasks().send().await.unwrap().into_inner();
    assert_eq!(tasks, vec![types::CallTasktOutputDto::default(); 3]);
    // A sign-in with nothing but tokens is a sign-in: they just have no end.
    stage.sandbox.fault("signIn", Fault::Nulls);
    stage.ivanov.get_self().send().await.unwrap();
}

#[tokio::test]
async fn unknown_enum_values_are_kept() {
    let call = r#"Unknown("Frobnicated") "C-683913""#;
    check(Fault::UnknownEnum, [call, call, r#"Unknown("Frobnicated") "a.jpg""#, "the photo"], true).await;
}

#[tokio::test]
async fn a_response_that_does_not_come() {
    let give_up = |operation: &'static str| async move {
        let stage = Stage::given(|state| given(operation, state)).await;
        stage.sandbox.fault(operation, never());
        let client = Client::connect(impatient(&stage.sandbox), Auth::external_system(EXTERNAL_SYSTEM_KEY)).unwrap();
        assert_eq!(outcome(operation, &client).await, "Timeout, transport", "{operation}");
        assert_eq!(stage.log(), [(operation, 0)], "sent once, and never answered");
    };
    join_all(ALL.map(give_up)).await;
}
