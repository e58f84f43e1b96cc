//! What the client makes of a portal that breaks, for a read, a write, an upload and a
//! download: the kind of the error, the operation in its text, and that the client sends
//! nothing twice but for a session that has ended.

use casewire::crpt::{Auth, Client, types::CaseSummary};
use casewire_sandbox::Fault;
use futures_util::future::join_all;

use crate::life::{
    common::{Staged, body, drop_when_arrived, impatient, never, told, told_download},
    crpt::stage::{CASE, FILE, SIGNED_IN, Stage, attach, download, message, search},
};

const READ: &str = "getCase";
const WRITE: &str = "addMessage";
const UPLOAD: &str = "attachFile";
const DOWNLOAD: &str = "downloadFile";
const ALL: [&str; 4] = [READ, WRITE, UPLOAD, DOWNLOAD];
const GOOD: [&str; 4] = ["Открыто", "written", "attached", "35000 bytes"];

/// Calls the operation, and tells what came of it.
async fn outcome(operation: &str, client: &Client) -> String {
    match operation {
        READ => told(client.get_case().number(CASE).send().await, |case| case.status.clone()),
        WRITE => told(message(client, CASE, "Да").send().await, |_| "written".to_owned()),
        UPLOAD => told(attach(client, CASE, "a.txt", b"a").send().await, |_| "attached".to_owned()),
        _ => told_download(download(client, FILE).send().await).await,
    }
}

/// Orders the fault for each of the four operations, and compares what comes of them,
/// whether a write and an upload took effect, and what arrived: statuses of the
/// operation, among them 0 for none, with a sign-in between two.
async fn check(fault: Fault, times: usize, expect: [&str; 4], arrived: &[u16], effect: bool) {
    check_each(fault, times, expect, [arrived; 4], effect, [false; 4]).await;
}

/// The same where what arrives depends on the operation, and so does whether the next
/// call signs in first.
async fn check_each(
    fault: Fault,
    times: usize,
    expect: [&str; 4],
    arrived: [&[u16]; 4],
    effect: bool,
    ended: [bool; 4],
) {
    for (index, operation) in ALL.into_iter().enumerate() {
        let stage = Stage::signed_in().await;
        stage.sandbox.fault(operation, fault.clone().times(times));
        assert_eq!(outcome(operation, &stage.ivan).await, expect[index], "{operation}, {fault:?}");
        let arrived: Vec<_> = arrived[index].iter().map(|status| [(operation, *status)]).collect();
        let arrived = arrived.join(&SIGNED_IN);
        assert_eq!(stage.log()[2..], arrived, "{operation}, {fault:?}");
        let written = usize::from(effect && [WRITE, UPLOAD].contains(&operation));
        assert_eq!(stage.case(CASE).messages.len(), 2 + written, "{operation}, {fault:?}: the effect");
        // The fault is used up: the next call succeeds, on a connection that works.
        assert_eq!(outcome(operation, &stage.ivan).await, GOOD[index], "{operation} after {fault:?}");
        let next = if ended[index] { &[SIGNED_IN, (operation, 200)][..] } else { &[(operation, 200)] };
        assert_eq!(stage.log()[2 + arrived.len()..], *next, "{operation} after {fault:?}");
    }
}

#[tokio::test]
async fn statuses_of_a_broken_server() {
    for status in [500, 502, 503, 504] {
        check(Fault::Status(status), 1, ["Server, undocumented"; 4], &[status], false).await;
    }
    // Any status can be that of a failure, if it has the body of one.
    check(body(503, "application/json", r#"{"error":"maintenance"}"#), 1, ["Server, documented"; 4], &[503], false)
        .await;
    check(body(502, "application/json", r#"{"ok":false}"#), 1, ["Server, documented"; 4], &[502], false).await;
    // A proxy's page is not read as JSON, whatever it claims to be.
    for content_type in ["text/html", "application/json"] {
        check(body(502, content_type, "<html>"), 1, ["Server, undocumented"; 4], &[502], false).await;
    }
}

#[tokio::test]
async fn a_refused_session() {
    let sign_in_page = r#"<!doctype html><html><form action="/Login/NuiLogin.aspx"></form></html>"#;
    for (fault, status, expect) in [
        (Fault::Unauthorized, 401, "Authentication, documented"),
        (Fault::Status(403), 403, "Permission, documented"),
        (body(401, "text/html", "<html>"), 401, "Authentication, documented"),
        // The page for signing in, as a browser would be shown it; whatever it is called,
        // and not taken for the file.
        (body(200, "text/html; charset=utf-8", sign_in_page), 200, "Authentication, undecodable"),
        (body(200, "application/json", sign_in_page), 200, "Authentication, undecodable"),
    ] {
        check(fault.clone(), 1, GOOD, &[status, 200], true).await;
        check(fault, 2, [expect; 4], &[status, status], false).await;
    }
}

/// A redirect that leads nowhere, and a page that is not the one for signing in: a read
/// is sent again with a new session. A write may have been executed, so it is not; the
/// next call signs in. A page that is downloaded is the file.
#[tokio::test]
async fn what_may_be_a_refused_session() {
    let [read, _, _, file] = GOOD;
    let writes = [false, true, true, false];
    let (again, once): (&[u16], &[u16]) = (&[302, 200], &[302]);
    let failed = "Undecodable, undocumented";
    check_each(Fault::Status(302), 1, [read, failed, failed, file], [again, once, once, again], false, writes).await;
    // With a new session, too.
    for operation in [READ, DOWNLOAD] {
        let stage = Stage::signed_in().await;
        stage.sandbox.fault(operation, Fault::Status(302).times(2));
        assert_eq!(outcome(operation, &stage.ivan).await, failed);
        assert_eq!(stage.log()[2..], [(operation, 302), SIGNED_IN, (operation, 302)]);
    }

    let (again, once): (&[u16], &[u16]) = (&[200, 200], &[200]);
    let failed = "Undecodable, undecodable";
    for content_type in ["text/html; charset=utf-8", "application/json"] {
        let page = body(200, content_type, "<html>");
        let arrived = [again, once, once, once];
        check_each(page.clone(), 1, [read, failed, failed, "<html>"], arrived, false, writes).await;
        // With a new session, too.
        let stage = Stage::signed_in().await;
        stage.sandbox.fault(READ, page.times(2));
        assert_eq!(outcome(READ, &stage.ivan).await, failed);
        assert_eq!(stage.log()[2..], [(READ, 200), SIGNED_IN, (READ, 200)]);
    }
}

#[tokio::test]
async fn connections_that_break() {
    let broken = "Transport, transport";
    check(Fault::Drop, 1, [broken; 4], &[0], false).await;
    check(Fault::Truncate, 1, [broken, broken, broken, "a broken stream"], &[200], true).await;
}

/// JSON that isn't: neither a result nor a failure. Downloaded, it is the file.
#[tokio::test]
async fn responses_that_can_not_be_read() {
    let undecodable = "Undecodable, undecodable";
    // It is told to be a failure, and can't be read as one.
    check(body(200, "application/json", r#"{"error":5}"#), 1, [undecodable; 4], &[200], false).await;
    for text in [r#"{"ok":true}"#, r#"{"ok":true,"data":null}"#, "[]"] {
        let expect = [undecodable, undecodable, undecodable, text];
        check(body(200, "application/json", text), 1, expect, &[200], false).await;
    }
    // A failure in place of a file is one, unless it comes as any file does.
    let failure = r#"{"error":"maintenance"}"#;
    let refused = "Refused, documented";
    for failure in [failure, r#"{"ok":false}"#] {
        check(body(200, "application/json", failure), 1, [refused; 4], &[200], false).await;
    }
    let octets = body(200, "application/octet-stream", failure);
    check(octets, 1, [refused, refused, refused, failure], &[200], false).await;
}

#[tokio::test]
async fn nulls_read_as_absent() {
    check(Fault::Nulls, 1, GOOD, &[200], true).await;
    let stage = Stage::signed_in().await;
    stage.sandbox.fault("listCases", Fault::Nulls);
    let cases = stage.ivan.list_cases().body(search("status", "Открыто")).send().await.unwrap();
    assert_eq!(*cases, [CaseSummary::default()]);
    // A sign-in with nothing but its code is a sign-in.
    let stage = Stage::start().await;
    stage.sandbox.fault("login", Fault::Nulls);
    assert_eq!(outcome(READ, &stage.ivan).await, "Открыто");
}

#[tokio::test]
async fn an_unknown_status_is_text_like_any_other() {
    check(Fault::UnknownEnum, 1, ["Frobnicated", "written", "attached", "35000 bytes"], &[200], true).await;
}

#[tokio::test]
async fn a_response_that_does_not_come() {
    let give_up = |operation: &'static str| async move {
        let stage = Stage::start().await;
        stage.sandbox.fault(operation, never());
        let client = Client::connect(impatient(&stage.sandbox), Auth::user("ivan.petrov", "Petr0v-1")).unwrap();
        assert_eq!(outcome(operation, &client).await, "Timeout, transport", "{operation}");
        assert_eq!(stage.log(), [SIGNED_IN, (operation, 0)], "sent once, and never answered");
    };
    join_all([READ, WRITE, DOWNLOAD].map(give_up)).await;
}

#[tokio::test]
async fn an_upload_ends_when_it_is_dropped() {
    let stage = Stage::signed_in().await;
    stage.sandbox.fault(UPLOAD, never());
    drop_when_arrived(&stage.sandbox, outcome(UPLOAD, &stage.ivan)).await;
    assert_eq!(outcome(UPLOAD, &stage.ivan).await, "attached");
    assert_eq!(stage.log()[2..], [(UPLOAD, 0), (UPLOAD, 200)]);
    assert_eq!(stage.case(CASE).messages.len(), 3);
}
