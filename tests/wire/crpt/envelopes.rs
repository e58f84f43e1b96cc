//! Envelopes: failures under any status, results alone, and bodies that are neither.

use casewire::{Error, ErrorKind, Operation, Outcome, crpt::error::GetCaseError};
use futures_util::future::join_all;
use support::{
    interfaces::crpt::rows::ROWS,
    recorder::{Recorder, Response},
    row::row,
};

use super::{OPERATIONS, connect, connect_with, portal};

/// The operations whose results come in an envelope.
const ENVELOPED: [&str; 6] = ["getCase", "createCase", "attachFile", "addMessage", "updateCase", "listCases"];

async fn check_failure(id: &str, status: u16, (body, ok): (&str, &str)) {
    let portal = portal().await;
    portal.responses([Response::json(status, body)]);
    let outcome = row(ROWS, id).outcome(&connect(&portal)).await;
    let expect = format!(r#"Refused(Failure {{ error: Some("case not found"){ok} }})"#);
    assert_eq!(outcome.text, expect, "{id} {status} {body}");
    let seen = outcome.error.unwrap();
    assert_eq!((seen.status, seen.message.as_deref()), (Some(status), Some("case not found")));
    assert_eq!(portal.counts(), [1, 1], "{id} {status} {body}");
}

/// A failure is a failure under any status but 401 and 403, which have variants of their own.
#[tokio::test]
async fn a_failure_is_known_by_its_body() {
    for (id, status) in pairs(&ENVELOPED, &[200, 201, 202, 307, 400, 404, 405, 409, 418, 422, 429, 500, 502, 503]) {
        let bodies = [
            (r#"{"error":"case not found","ok":false}"#, ", ok: Some(false)"),
            (r#"{"error":"case not found"}"#, ""),
            (r#"{"error":"case not found","ok":null,"data":null}"#, ""),
            // Contradictions: there is an error.
            (r#"{"error":"case not found","ok":true,"data":"SR00683913"}"#, ", ok: Some(true)"),
        ];
        join_all(bodies.map(|body| check_failure(id, status, body))).await;
    }
}

/// The documents' own successes have no `error`; one that is empty or null says nothing either.
#[tokio::test]
async fn an_error_that_says_nothing_is_none() {
    for body in [
        r#"{"error":"","ok":true,"data":"SR00683913"}"#,
        r#"{"error":null,"ok":true,"data":"SR00683913"}"#,
        r#"{"error":"","data":"SR00683913"}"#,
    ] {
        let portal = portal().await;
        portal.responses([Response::json(200, body)]);
        let outcome = row(ROWS, "createCase").outcome(&connect(&portal)).await;
        assert_eq!(outcome.text, r#"Ok("SR00683913")"#, "{body}");
    }
}

fn pairs<A: Copy, B: Copy>(all: &[A], with: &[B]) -> Vec<(A, B)> {
    all.iter().flat_map(|one| with.iter().map(|other| (*one, *other))).collect()
}

async fn check_neither(id: &str, (body, path, reason): (&str, &str, &str)) {
    let portal = portal().await;
    // A page may mean that the session has ended. What is safe to retry is retried.
    let is_retried = body.starts_with('<') && OPERATIONS.iter().any(|one| one.id == id && one.idempotent);
    let times = if is_retried { 2 } else { 1 };
    portal.responses(vec![Response::json(200, body); times]);
    let outcome = row(ROWS, id).outcome(&connect(&portal)).await;
    let expect = format!("Undecodable at {path}: {reason}");
    assert!(outcome.text.starts_with(&expect), "{id} {body}: {}", outcome.text);
    let seen = outcome.error.unwrap();
    assert_eq!((seen.kind, seen.operation, seen.status), (ErrorKind::Undecodable, id, Some(200)));
    assert_eq!(portal.counts(), [times, times], "{id} {body}");
}

/// Neither a result nor a failure; `data` is where a result should be.
#[tokio::test]
async fn a_200_that_is_neither_is_undecodable() {
    for id in ENVELOPED {
        let cases = [
            (r#"{"ok":true}"#, "data", "it is missing"),
            ("{}", "data", "it is missing"),
            ("[]", "data", "it is missing"),
            ("null", "data", "it is missing"),
            (r#""SR00683913""#, "data", "it is missing"),
            (r#"{"ok":true,"data":1}"#, "data", "invalid type: integer"),
            (r#"{"error":{"text":"case not found"}}"#, "error", "invalid type: map, expected a string"),
            (r#"{"error":5}"#, "error", "invalid type: integer"),
            (r#"{"error":"case not found","ok":"no"}"#, "ok", "invalid type: string, expected a boolean"),
            ("", ".", "it is empty"),
            ("<p>maintenance</p>", ".", "it looks like HTML or XML, not JSON"),
            ("Internal error", ".", "expected value at line 1 column 1"),
        ];
        join_all(cases.map(|case| check_neither(id, case))).await;
        if id != "listCases" {
            check_neither(id, (r#"{"ok":true,"data":null}"#, "data", "invalid type: null, expected ")).await;
        }
    }
}

#[tokio::test]
async fn a_list_that_is_null_is_empty() {
    for (response, expect) in [
        (Response::json(200, r#"{"ok":true,"data":null}"#), "Ok([])"),
        (Response::json(202, r#"{"data":null}"#), "Ok([])"),
        (Response::empty(204), "Ok([])"),
        (Response::empty(200), "Undecodable at .: it is empty"),
        (Response::json(200, "null"), "Undecodable at data: it is missing"),
        (Response::json(200, r#"{"ok":false,"data":null}"#), "Refused(Failure { ok: Some(false) })"),
    ] {
        let portal = portal().await;
        portal.responses([response]);
        assert_eq!(row(ROWS, "listCases").outcome(&connect(&portal)).await.text, expect);
    }
}

/// A refusal that gives no reason is one all the same.
#[tokio::test]
async fn a_failure_may_lack_its_error() {
    for (id, status) in pairs(&ENVELOPED, &[200, 202, 404, 500]) {
        for (body, expect) in [
            (r#"{"ok":false}"#, "Refused(Failure { ok: Some(false) })"),
            (r#"{"error":null,"ok":false}"#, "Refused(Failure { ok: Some(false) })"),
            (r#"{"error":"","ok":false}"#, r#"Refused(Failure { error: Some(""), ok: Some(false) })"#),
            (r#"{"ok":false,"data":"SR00683913"}"#, "Refused(Failure { ok: Some(false) })"),
        ] {
            let portal = portal().await;
            portal.responses([Response::json(status, body)]);
            let outcome = row(ROWS, id).outcome(&connect(&portal)).await;
            assert_eq!(outcome.text, expect, "{id} {status} {body}");
            let seen = outcome.error.unwrap();
            let known = if status == 500 { Outcome::Unknown } else { Outcome::Refused };
            assert_eq!((seen.outcome, seen.message.filter(|said| !said.is_empty())), (known, None), "{id} {body}");
        }
    }
}

/// The documentation of `DecodeError::path` knows paths and `.`, nothing else.
#[tokio::test]
async fn a_body_that_breaks_off_is_located() {
    for body in [r#"{"ok":true,"data":{"#, r#"{"ok":true"#, r#"{"ok":true,"da"#] {
        let portal = portal().await;
        portal.responses([Response::json(200, body)]);
        let outcome = row(ROWS, "getCase").outcome(&connect(&portal)).await;
        let (path, reason) = outcome.text.strip_prefix("Undecodable at ").unwrap().split_once(": ").unwrap();
        assert!([".", "data"].contains(&path), "{body}: {path}");
        assert!(reason.starts_with("EOF while parsing"), "{reason}");
    }
}

/// A body that can't be read at `path`, for a `reason` that is seen once all was read up
/// to `^`, which is not sent. The last byte that was read is named, as a column from 1
/// and as an offset from 0.
async fn check_located(id: &str, body: &str, path: &str, reason: &str) {
    let portal = portal().await;
    let (before, after) = body.split_once('^').unwrap();
    portal.responses([Response::json(200, &format!("{before}{after}"))]);
    let outcome = row(ROWS, id).outcome(&connect(&portal)).await;
    let at = before.len();
    assert_eq!(outcome.text, format!("Undecodable at {path}: {reason} at line 1 column {at}"), "{id} {body}");
    let display = outcome.error.unwrap().display;
    assert!(display.contains(&format!(" (byte {}, in text shaped like `", at - 1)), "{display}");
}

/// Where in a result, seen from the body as a whole.
#[tokio::test]
async fn what_cannot_be_read_is_located() {
    for (id, body, path, reason) in [
        (
            "getCase",
            r#"{"data":{"files":[],"messages":[{"contact":"И","createdon":"","files":[{"name":"a","size":35000^}]}]}}"#,
            "data.messages[0].files[0].size",
            "invalid type: integer, expected a string",
        ),
        ("getCase", r#"{"data":{"files":[],"messages":[]}^}"#, "data", "missing field `number`"),
        ("getCase", r#"{"data":{"priority":"4"^}}"#, "data.priority", "invalid type: string, expected i32"),
        ("listCases", r#"{"data":[{},{"number":5^}]}"#, "data[1].number", "invalid type: integer, expected a string"),
        ("listCases", r#"{"data":{^"cases":[]}}"#, "data", "invalid type: map, expected a sequence"),
        (
            "listCases",
            r#"{"data":[{"number":"SR1"},{"cases":[]}^]}"#,
            "data[1]",
            "it is another object, with none of the documented properties",
        ),
    ] {
        check_located(id, body, path, reason).await;
    }
}

async fn check_unexpected(operation: &Operation, status: u16, kind: ErrorKind, body: &str) {
    let portal = portal().await;
    let response = Response::bytes(status, body).header("content-type", "text/html; charset=utf-8");
    portal.responses([response.clone()]);
    portal.sign_ins((operation.id == "login").then_some(response));
    let outcome = row(ROWS, operation.id).outcome(&connect(&portal)).await;
    assert_eq!(outcome.text, format!("UnexpectedStatus({status})"), "{operation} {body}");
    let seen = outcome.error.unwrap();
    assert_eq!((seen.kind, seen.operation, seen.status), (kind, operation.id, Some(status)));
    let tail = format!("(text/html; charset=utf-8, {} bytes", body.len());
    assert!(seen.display.contains(&tail), "{}", seen.display);
    let counts = if operation.id == "login" { [0, 1] } else { [1, 1] };
    assert_eq!(portal.counts(), counts, "{operation}: {status} must not lead to another request");
}

/// Without a failure in it, a response under a status that the spec doesn't document is just that.
#[tokio::test]
async fn other_responses_are_unexpected() {
    for operation in OPERATIONS {
        for (status, kind) in [
            (206, ErrorKind::Undecodable),
            (307, ErrorKind::Undecodable),
            (400, ErrorKind::InvalidRequest),
            (404, ErrorKind::NotFound),
            (408, ErrorKind::Timeout),
            (409, ErrorKind::Conflict),
            (429, ErrorKind::RateLimited),
            (500, ErrorKind::Server),
            (503, ErrorKind::Server),
        ] {
            let bodies = ["<p>502 csrf-1</p>", "", "Internal error", r#"{"ok":true}"#, r#"{"message":"no"}"#, "{"];
            join_all(bodies.map(|body| check_unexpected(operation, status, kind, body))).await;
        }
    }
}

/// Neither with a session nor without one. One that leads to the sign-in page proves that
/// nothing was executed, and the operation is asked for twice; 302 and 303 to elsewhere
/// may say so, which is enough for what is safe to retry.
#[tokio::test]
async fn redirects_are_not_followed() {
    let other = Recorder::start().await;
    for (path, status) in pairs(&["/Login/NuiLogin.aspx", "/0/Shell/"], &[301, 302, 303, 307, 308]) {
        let response = Response::empty(status).header("location", &format!("{}{path}", other.origin()));
        for row in ROWS {
            let portal = portal().await;
            if row.id == "login" {
                portal.sign_ins([response.clone()]);
            } else {
                portal.responses(vec![response.clone(); 2]);
            }
            let outcome = row.outcome(&connect(&portal)).await;
            assert_eq!(outcome.text, format!("UnexpectedStatus({status})"), "{} {path}", row.id);
            let is_sign_in_page = path.starts_with("/Login/");
            let is_idempotent = OPERATIONS.iter().any(|one| one.id == row.id && one.idempotent);
            let counts = match status {
                _ if row.id == "login" => [0, 1],
                _ if is_sign_in_page => [2, 2],
                302 | 303 if is_idempotent => [2, 2],
                _ => [1, 1],
            };
            assert_eq!(portal.counts(), counts, "{} {status} {path}", row.id);
            let told = match is_sign_in_page {
                true => (ErrorKind::Authentication, Outcome::Refused),
                false => (ErrorKind::Undecodable, Outcome::Unknown),
            };
            let seen = outcome.error.unwrap();
            assert_eq!((seen.kind, seen.outcome), told, "{} {status} {path}", row.id);
        }
    }
    assert_eq!(other.counts(), [0, 0, 0]);
}

#[tokio::test]
async fn bodies_are_read_up_to_the_limit() {
    let body = r#"{"ok":true,"data":"SR00683913"}"#;
    let is_larger = format!("Undecodable at .: it is larger than the limit of {} bytes", body.len() - 1);
    for (limit, expect) in [(body.len(), r#"Ok("SR00683913")"#), (body.len() - 1, &is_larger)] {
        let portal = portal().await;
        // The sign-in is a response like others.
        portal.sign_ins([super::with_cookies(Response::json(200, r#"{"Code":0,"Exception":null}"#), 1)]);
        portal.responses([Response::json(200, body)]);
        let client = connect_with(&portal, |config| config.max_body(limit));
        assert_eq!(row(ROWS, "createCase").outcome(&client).await.text, expect);
    }
}

/// As a caller writes it.
#[tokio::test]
async fn a_refusal_can_be_matched_on() {
    let portal = portal().await;
    portal.responses([Response::json(200, r#"{"error":"case not found"}"#)]);
    let error = connect(&portal).get_case().number("SR1").send().await.unwrap_err();
    let expect = "GET /0/ssp/rest/PublicWebServices/case/{number} (getCase): the server responded with 200 OK, saying: case \
                  not found";
    assert_eq!(format!("{error:#}"), expect);
    assert!(
        matches!(error.failure(), Some(GetCaseError::Refused(failure)) if failure.error.as_deref() == Some("case not found"))
    );
    let Error::ErrorResponse(response) = error else { panic!() };
    assert_eq!(response.status(), 200);
}
