//! What the client makes of a platform that breaks, for a read, a confirmation and a
//! report: the kind of the error, the operation in its text, and that the client sends
//! nothing twice of its own accord. The confirmation is a GET with an effect, which makes
//! it the one to watch.

use casewire::callback::{Auth, Client, Endpoints};
use casewire_sandbox::Fault;
use futures_util::future::join_all;

use crate::life::{
    callback::stage::{AUTHENTICATED, LOGIN, PASSWORD, Stage, ids, register},
    common::{Staged, body, impatient, never, told},
};

const READ: &str = "fetchApplications";
const COMMIT: &str = "commitBatch";
const REPORT: &str = "reportStatus";
const ALL: [&str; 3] = [READ, COMMIT, REPORT];
const GOOD: [&str; 3] = ["111 112", "200", "200"];

/// Calls the operation, and tells what came of it.
async fn outcome(operation: &str, client: &Client) -> String {
    match operation {
        READ => told(client.fetch_applications().limit(2).send().await, |batch| ids(&batch).join(" ")),
        COMMIT => told(client.commit_batch().code("batch-111").send().await, |done| done.status_code.to_string()),
        _ => told(register(client, "111").send().await, |done| done.status_code.to_string()),
    }
}

/// Orders the fault for each of the three operations, and compares what comes of them,
/// what arrived (the statuses of the operation, 0 for none, with a new token between
/// two), and whether the writes took effect.
async fn check(fault: Fault, times: usize, expect: [&str; 3], arrived: &[u16], effect: bool) {
    for ((operation, expect), good) in ALL.into_iter().zip(expect).zip(GOOD) {
        let stage = Stage::start().await;
        stage.fetch().await;
        stage.sandbox.fault(operation, fault.clone().times(times));
        assert_eq!(outcome(operation, &stage.client).await, expect, "{operation}, {fault:?}");
        let arrived: Vec<_> = arrived.iter().map(|status| [(operation, *status)]).collect();
        assert_eq!(stage.log()[2..], arrived.join(&AUTHENTICATED), "{operation}, {fault:?}");
        assert_eq!(!stage.delivered().is_empty(), effect && operation == COMMIT, "{operation}, {fault:?}: the effect");
        let reported = stage.reported("111").0.is_some();
        assert_eq!(reported, effect && operation == REPORT, "{operation}, {fault:?}: the effect");
        // The fault is used up: what has had no effect succeeds now, and what has had one
        // is refused.
        let next = match operation {
            READ => good,
            COMMIT if effect => "Refused, documented",
            REPORT if effect => "InvalidRequest, documented",
            _ => good,
        };
        assert_eq!(outcome(operation, &stage.client).await, next, "{operation} after {fault:?}");
    }
}

#[tokio::test]
async fn statuses_of_a_broken_server() {
    for (status, kind) in [
        (404, "NotFound"),
        (408, "Timeout"),
        (429, "RateLimited"),
        (500, "Server"),
        (502, "Server"),
        (503, "Server"),
        (504, "Server"),
    ] {
        let expect = format!("{kind}, undocumented");
        check(Fault::Status(status), 1, [&expect; 3], &[status], false).await;
    }
    check(body(502, "text/html", "<html>"), 1, ["Server, undocumented"; 3], &[502], false).await;
}

#[tokio::test]
async fn a_refused_token() {
    let documented = r#"{"statusCode":400,"data":{"type":"Not authorized"}}"#;
    for (fault, expect) in [
        (body(401, "application/json", documented), "Authentication, documented"),
        // The body is documented, and not as optional.
        (Fault::Unauthorized, "Authentication, documented"),
    ] {
        check(fault.clone(), 1, GOOD, &[401, 200], true).await;
        check(fault, 2, [expect; 3], &[401, 401], false).await;
    }
    // No operation documents a 403, so that it is about the token too.
    for fault in [Fault::Status(403), body(403, "application/json", r#"{"message":"Token expired"}"#)] {
        check(fault.clone(), 1, GOOD, &[403, 200], true).await;
        check(fault, 2, ["Permission, undocumented"; 3], &[403, 403], false).await;
    }
}

/// Of what may be a refused token and may be anything else, a read is sent again at once. A
/// write is not: it fails, and the next call gets a token first.
#[tokio::test]
async fn what_may_be_a_refused_token() {
    for status in [302, 419, 440, 498] {
        for (operation, good) in ALL.into_iter().zip(GOOD) {
            let stage = Stage::start().await;
            stage.fetch().await;
            stage.sandbox.fault(operation, Fault::Status(status).times(1));
            if operation != READ {
                let told = outcome(operation, &stage.client).await;
                let kind = if status == 302 { "Undecodable" } else { "InvalidRequest" };
                assert_eq!(told, format!("{kind}, undocumented"), "{operation} {status}");
                assert_eq!(stage.log()[2..], [(operation, status)]);
            }
            assert_eq!(outcome(operation, &stage.client).await, good, "{operation} {status}");
            assert_eq!(stage.log()[2..], [(operation, status), AUTHENTICATED, (operation, 200)]);
        }
    }
}

#[tokio::test]
async fn connections_that_break() {
    check(Fault::Drop, 1, ["Transport, transport"; 3], &[0], false).await;
    check(Fault::Truncate, 1, ["Transport, transport"; 3], &[200], true).await;
}

#[tokio::test]
async fn responses_that_can_not_be_read() {
    for text in ["<html>", "[]", "{}", r#"{"statusCode":null}"#, r#"{"statusCode":"OK"}"#, ""] {
        for content_type in ["text/html", "application/json"] {
            check(body(200, content_type, text), 1, ["Undecodable, undecodable"; 3], &[200], false).await;
        }
    }
    // A failure under 200, with as little as can be.
    for text in [r#"{"statusCode":500}"#, r#"{"statusCode":500,"data":{"type":"?","details":[]},"x":1}"#] {
        check(body(200, "application/json", text), 1, ["Refused, documented"; 3], &[200], false).await;
    }
}

#[tokio::test]
async fn nulls_read_as_absent() {
    check(Fault::Nulls, 1, GOOD, &[200], true).await;
    let stage = Stage::start().await;
    stage.sandbox.fault(READ, Fault::Nulls);
    let batch = stage.fetch().await;
    assert_eq!((batch.commit, ids(&stage.fetch().await)), (None, vec!["111", "112"]));
}

#[tokio::test]
async fn an_unknown_legal_form_is_kept() {
    check(Fault::UnknownEnum, 1, GOOD, &[200], true).await;
    let stage = Stage::start().await;
    stage.sandbox.fault(READ, Fault::UnknownEnum);
    let forms: Vec<_> = stage.fetch().await.applications.into_iter().map(|one| one.opf.unwrap().to_string()).collect();
    assert_eq!(forms, ["Frobnicated", "Frobnicated"]);
}

#[tokio::test]
async fn a_response_that_does_not_come() {
    let give_up = |operation: &'static str| async move {
        let stage = Stage::start().await;
        stage.fetch().await;
        stage.sandbox.fault(operation, never());
        let client =
            Client::connect(impatient(&stage.sandbox), Auth::user(LOGIN, PASSWORD), Endpoints::default()).unwrap();
        assert_eq!(outcome(operation, &client).await, "Timeout, transport", "{operation}");
        assert_eq!(stage.log()[2..], [AUTHENTICATED, (operation, 0)], "sent once, and never answered");
    };
    join_all(ALL.map(give_up)).await;
}
