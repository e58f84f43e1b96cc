//! What the client makes of a partner that breaks, for writes with and without a response,
//! an upload and a download (there is nothing else to read): the kind of the error, the
//! operation in its text, and that the client sends nothing twice.

use casewire::legalcase::{AcceptSpelling, Client};
use casewire_sandbox::Fault;
use futures_util::future::join_all;

use crate::life::{
    common::{Staged, body, drop_when_arrived, impatient, never, told, told_download},
    legalcase::stage::{CASE, COMMENT, DOCUMENT, Stage, accept, comment, connect, download, file, upload},
};

const WRITE: &str = "updateLegalCase";
const CREATE: &str = "addComment";
const UPLOAD: &str = "addDocument";
const DOWNLOAD: &str = "downloadDocument";
const ALL: [&str; 4] = [WRITE, CREATE, UPLOAD, DOWNLOAD];
const PDF: &str = "%PDF-1.4\n% Договор № 12\n";
/// What comes of them when nothing breaks, before and after an effect.
const GOOD: [&str; 4] = ["done", "cm-3004", "d-4002", PDF];
const GOOD_AGAIN: [&str; 4] = ["done", "cm-3005", "d-4003", PDF];

/// Calls the operation, and tells what came of it.
async fn outcome(operation: &str, bank: &Client) -> String {
    match operation {
        WRITE => told(accept(bank, CASE).send().await, |_| "done".to_owned()),
        CREATE => told(comment(bank, CASE).send().await, |created| created.into_inner().id),
        UPLOAD => told(upload(bank, COMMENT, file()).send().await, |created| created.into_inner().id),
        _ => told_download(download(bank, COMMENT, DOCUMENT).send().await).await,
    }
}

/// Orders the fault for each of the four operations, and compares what comes of them and
/// whether they took effect, once.
async fn check(fault: Fault, expect: [&str; 4], arrived: u16, effect: bool) {
    for (at, (operation, expect)) in ALL.into_iter().zip(expect).enumerate() {
        let stage = Stage::start().await;
        stage.sandbox.fault(operation, fault.clone());
        assert_eq!(outcome(operation, &stage.bank).await, expect, "{operation}, {fault:?}");
        let arrived = if arrived == 0 { 0 } else { answered(operation, arrived) };
        assert_eq!(stage.log(), [(operation, arrived)], "{operation}, {fault:?}: sent once");
        let events: &[&str] = match operation {
            WRITE => &["Accepted lc-2001", "TookToWork lc-2001"],
            CREATE => &["CommentAdded lc-2001"],
            UPLOAD => &["DocumentAdded lc-2001"],
            _ => &[],
        };
        assert_eq!(stage.events(), if effect { events } else { &[] }, "{operation}, {fault:?}: the effect");
        // The fault was for one request: the next one succeeds, on a connection that works.
        let next = if effect { GOOD_AGAIN } else { GOOD }[at];
        assert_eq!(outcome(operation, &stage.bank).await, next, "{operation} after {fault:?}");
    }
}

/// The status that arrives of an operation: a fault's own, or the usual one for [`USUAL`].
fn answered(operation: &str, status: u16) -> u16 {
    match (status, operation) {
        (USUAL, WRITE) => 204,
        (USUAL, CREATE | UPLOAD) => 201,
        (USUAL, _) => 200,
        (status, _) => status,
    }
}

const USUAL: u16 = 1;

#[tokio::test]
async fn statuses_of_a_broken_server() {
    for (status, kind) in [(403, "Permission"), (429, "RateLimited"), (500, "Server"), (502, "Server"), (503, "Server")]
    {
        let expect = format!("{kind}, undocumented");
        check(Fault::Status(status), [&expect; 4], status, false).await;
    }
    // A proxy's page is not read as JSON, whatever it claims to be.
    for content_type in ["text/html", "application/json"] {
        check(body(502, content_type, "<html>"), ["Server, undocumented"; 4], 502, false).await;
    }
}

/// There is no credential that the client could renew.
#[tokio::test]
async fn a_refusal_is_final() {
    check(Fault::Unauthorized, ["Authentication, documented"; 4], 401, false).await;
    check(body(401, "text/html", "<html>"), ["Authentication, documented"; 4], 401, false).await;
    check(body(404, "text/html", "<html>"), ["NotFound, documented"; 4], 404, false).await;
}

#[tokio::test]
async fn connections_that_break() {
    let broken = "Transport, transport";
    check(Fault::Drop, [broken; 4], 0, false).await;
    // A response without a body is not sent at all.
    let stage = Stage::start().await;
    for (operation, expect, status) in
        [(WRITE, broken, 0), (CREATE, broken, 201), (UPLOAD, broken, 201), (DOWNLOAD, "a broken stream", 200)]
    {
        stage.sandbox.fault(operation, Fault::Truncate);
        assert_eq!(outcome(operation, &stage.bank).await, expect, "{operation}");
        assert_eq!(stage.log().pop(), Some((operation, status)));
    }
    assert_eq!(stage.log().len(), 4, "each was sent once");
    let expect = ["Accepted", "TookToWork", "CommentAdded", "DocumentAdded"].map(|code| format!("{code} {CASE}"));
    assert_eq!(stage.events(), expect, "and took effect once");
}

/// Where there is nothing to tell, a status of success is one, unless a page comes with it.
#[tokio::test]
async fn responses_that_can_not_be_read() {
    let undecodable = "Undecodable, undecodable";
    for text in ["<html>", "{}", r#"{"id":null}"#, r#"{"id":7}"#] {
        for content_type in ["text/html", "application/json"] {
            let done = if text.starts_with('<') { undecodable } else { "done" };
            let expect = [done, undecodable, undecodable, text];
            check(body(200, content_type, text), expect, 200, false).await;
        }
    }
    check(Fault::Status(200), ["done", undecodable, undecodable, ""], 200, false).await;
    check(
        Fault::Status(204),
        ["done", "Undecodable, undocumented", "Undecodable, undocumented", "Undecodable, undocumented"],
        204,
        false,
    )
    .await;
}

/// All that responses have is required.
#[tokio::test]
async fn nulls_and_unknown_values_find_nothing_to_spoil() {
    check(Fault::Nulls, GOOD, USUAL, true).await;
    check(Fault::UnknownEnum, GOOD, USUAL, true).await;
}

#[tokio::test]
async fn a_response_that_does_not_come() {
    let give_up = |operation: &'static str| async move {
        let stage = Stage::start().await;
        stage.sandbox.fault(operation, never());
        let bank = connect(impatient(&stage.sandbox), AcceptSpelling::Latin);
        assert_eq!(outcome(operation, &bank).await, "Timeout, transport", "{operation}");
        assert_eq!(stage.log(), [(operation, 0)], "sent once, and never answered");
    };
    join_all([WRITE, CREATE, DOWNLOAD].map(give_up)).await;
}

#[tokio::test]
async fn an_upload_ends_when_it_is_dropped() {
    let stage = Stage::start().await;
    stage.sandbox.fault(UPLOAD, never());
    drop_when_arrived(&stage.sandbox, outcome(UPLOAD, &stage.bank)).await;
    assert_eq!(outcome(UPLOAD, &stage.bank).await, "d-4002");
    assert_eq!(stage.log(), [(UPLOAD, 0), (UPLOAD, 201)]);
    assert_eq!(stage.events(), ["DocumentAdded lc-2001"]);
}
