//! Envelopes: failures under any status, results alone, and bodies that are neither.

use casewire::{Error, ErrorKind, crpt::error::GetCaseError};
use futures_util::future::join_all;

use super::{connect, connect_sharing, connect_with, http, portal, row::row, rows::ROWS, support::recorder::Answer};

/// The operations whose results come in an envelope.
const ENVELOPED: [&str; 6] = ["getCase", "createCase", "attachFile", "addMessage", "updateCase", "listCases"];

async fn check_neither(http: &reqwest::Client, id: &str, (body, path, reason): (&str, &str, &str)) {
    let portal = portal().await;
    portal.answers([Answer::json(200, body)]);
    let outcome = (row(ROWS, id).call)(&connect_sharing(http, &portal)).await;
    let expect = format!("Undecodable at {path}: {reason}");
    assert!(outcome.text.starts_with(&expect), "{id} {body}: {}", outcome.text);
    let seen = outcome.error.unwrap();
    assert_eq!((seen.kind, seen.operation, seen.status), (ErrorKind::Undecodable, id, Some(200)));
    assert_eq!(portal.counts(), [1, 1], "{id} {body}");
}

/// Neither a result nor a failure; `data` is where a result should be.
#[tokio::test]
async fn a_200_that_is_neither_is_undecodable() {
    let http = http();
    for id in ENVELOPED {
        let cases = [
            (r#"{"ok":true}"#, "data", "it is missing"),
            ("{}", "data", "it is missing"),
            ("[]", "data", "it is missing"),
            ("null", "data", "it is missing"),
            (r#""SR00683913""#, "data", "it is missing"),
            (r#"{"ok":true,"data":null}"#, "data", "invalid type: null, expected "),
            (r#"{"ok":true,"data":1}"#, "data", "invalid type: integer"),
            (r#"{"error":{"text":"case not found"}}"#, "error", "invalid type: map, expected a string"),
            (r#"{"error":5}"#, "error", "invalid type: integer"),
            (r#"{"error":"case not found","ok":"no"}"#, "ok", "invalid type: string, expected a boolean"),
            ("", ".", "it is empty"),
            ("<p>maintenance</p>", ".", "it looks like HTML or XML, not JSON"),
            ("Internal error", ".", "expected value at line 1 column 1"),
        ];
        join_all(cases.map(|case| check_neither(&http, id, case))).await;
    }
}

/// Whatever it is read as, it is no success.
#[tokio::test]
async fn a_body_that_says_it_is_no_success_is_none() {
    let http = http();
    for id in ENVELOPED {
        for body in [r#"{"ok":false}"#, r#"{"error":null,"ok":false}"#, r#"{"ok":false,"data":"SR00683913"}"#] {
            let portal = portal().await;
            portal.answers([Answer::json(200, body)]);
            let outcome = (row(ROWS, id).call)(&connect_sharing(&http, &portal)).await;
            let kind = outcome.error.map(|seen| seen.kind);
            let told = matches!(kind, Some(ErrorKind::Refused | ErrorKind::Undecodable));
            assert!(told, "{id} {body}: {}", outcome.text);
        }
    }
}

/// The documentation of `DecodeError::path` knows paths and `.`, nothing else.
#[tokio::test]
async fn a_body_that_breaks_off_is_located() {
    let http = http();
    for body in [r#"{"ok":true,"data":{"#, r#"{"ok":true"#, r#"{"ok":true,"da"#] {
        let portal = portal().await;
        portal.answers([Answer::json(200, body)]);
        let outcome = (row(ROWS, "getCase").call)(&connect_sharing(&http, &portal)).await;
        let (path, reason) = outcome.text.strip_prefix("Undecodable at ").unwrap().split_once(": ").unwrap();
        assert!([".", "data"].contains(&path), "{body}: {path}");
        assert!(reason.starts_with("EOF while parsing"), "{reason}");
    }
}

/// Where in a result, seen from the body as a whole.
#[tokio::test]
async fn what_cannot_be_read_is_located() {
    for (id, body, expect) in [
        (
            "getCase",
            r#"{"data":{"files":[],"messages":[{"contact":"И","createdon":"","files":[{"name":"a","size":35000}]}]}}"#,
            "data.messages[0].files[0].size: invalid type: integer, expected a string",
        ),
        ("getCase", r#"{"data":{"files":[],"messages":[]}}"#, "data: missing field `number`"),
        ("getCase", r#"{"data":{"priority":"4"}}"#, "data.priority: invalid type: string, expected i32"),
        ("listCases", r#"{"data":[{},{"number":5}]}"#, "data[1].number: invalid type: integer, expected a string"),
        ("listCases", r#"{"data":{"cases":[]}}"#, "data: invalid type: map, expected a sequence"),
    ] {
        let portal = portal().await;
        portal.answers([Answer::json(200, body)]);
        let outcome = (row(ROWS, id).call)(&connect(&portal)).await;
        assert_eq!(outcome.text, format!("Undecodable at {expect}"), "{id} {body}");
    }
}

#[tokio::test]
async fn bodies_are_read_up_to_the_limit() {
    let body = r#"{"ok":true,"data":"SR00683913"}"#;
    let is_larger = format!("Undecodable at .: it is larger than the limit of {} bytes", body.len() - 1);
    for (limit, expect) in [(body.len(), r#"Ok("SR00683913")"#), (body.len() - 1, &is_larger)] {
        let portal = portal().await;
        // The sign-in is an answer like others.
        portal.sign_ins([super::with_cookies(Answer::json(200, r#"{"Code":0,"Exception":null}"#), 1)]);
        portal.answers([Answer::json(200, body)]);
        let client = connect_with(&portal, |config| config.max_body(limit));
        assert_eq!((row(ROWS, "createCase").call)(&client).await.text, expect);
    }
}

/// As a caller writes it.
#[tokio::test]
async fn a_refusal_can_be_matched_on() {
    let portal = portal().await;
    portal.answers([Answer::json(200, r#"{"error":"case not found"}"#)]);
    let error = connect(&portal).get_case().number("SR1").send().await.unwrap_err();
    let expect = "GET /0/ssp/rest/PublicWebServices/case/{number} (getCase): the server answered 200 OK, saying: case \
                  not found";
    assert_eq!(error.to_string(), expect);
    assert!(matches!(error.failure(), Some(GetCaseError::Refused(failure)) if failure.error == "case not found"));
    let Error::ErrorResponse(answer) = error else { panic!() };
    assert_eq!(answer.status(), 200);
}
