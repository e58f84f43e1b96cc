//! Bodies that are neither a documented success nor a documented failure, and statuses
//! that aren't documented.

use casewire::ErrorKind;
use futures_util::future::join_all;
use support::{
    interfaces::callback::rows::ROWS,
    recorder::{Recorder, Response},
    row::row,
};

use super::{OPERATIONS, connect, connect_with, platform};

/// An operation answered so, once or as often as it asks.
async fn answered(id: &str, response: Response) -> support::outcome::Outcome {
    let platform = platform().await;
    platform.responses([response.clone(), response.clone()]);
    platform.sign_ins((id == "authenticate").then_some(response));
    row(ROWS, id).outcome(&connect(&platform)).await
}

async fn check(id: &'static str, status: u16, (body, expect): (&str, &str)) {
    let outcome = answered(id, Response::json(status, body)).await;
    assert!(outcome.text.starts_with(expect), "{id} {status} {body}: {}", outcome.text);
    let seen = outcome.error.unwrap();
    let kind = if status == 401 { ErrorKind::Authentication } else { ErrorKind::Undecodable };
    assert_eq!((seen.kind, seen.operation, seen.status), (kind, id, Some(status)));
}

async fn check_unreadable(id: &'static str, (body, expect): (&str, &str)) {
    check(id, 200, (body, &format!("Undecodable at {expect}"))).await;
}

#[tokio::test]
async fn bodies_that_are_neither() {
    for operation in OPERATIONS {
        let cases = [
            ("", ".: it is empty"),
            ("<p>", ".: it looks like HTML or XML, not JSON"),
            ("null", ".: invalid type: null"),
            (r#"{"statusCode":"401"}"#, "statusCode: invalid type: string, expected i32"),
            (r#"{"statusCode":401.5}"#, "statusCode: invalid type: floating point, expected i32"),
            (r#"{"statusCode":99999999999}"#, "statusCode: invalid value: integer, expected i32"),
            (r#"{"statusCode":401,"data":"Not authorized"}"#, "data: invalid type: string"),
            (r#"{"statusCode":401,"data":{}}"#, "data: missing field `type`"),
            (r#"{"statusCode":401,"data":{"type":7}}"#, "data.type: invalid type: integer, expected a string"),
            (r#"{"statusCode":401,"data":{"type":null}}"#, "data.type: invalid type: null, expected a string"),
        ];
        let bodies = cases.map(|(body, _)| body).into_iter().chain([
            "{}",
            r#"{"data":{"type":"Not authorized"}}"#,
            r#"{"statusCode":null}"#,
        ]);
        join_all(bodies.map(|body| check(operation.id, 401, (body, "Unauthorized(None)")))).await;
        join_all(cases.map(|(body, expect)| check_unreadable(operation.id, (body, expect)))).await;
    }
    // Without a status in the body, only the schema of the success is left.
    for (id, body, expect) in [
        ("commitBatch", "{}", ".: missing field `statusCode`"),
        ("commitBatch", r#"{"statusCode":null}"#, "statusCode: invalid type: null, expected i32"),
        ("reportStatus", r#"{"data":{"type":"Not authorized"}}"#, ".: it is another object"),
        ("authenticate", r#"{"statusCode":200}"#, ".: missing field `data`"),
        ("authenticate", r#"{"statusCode":200,"data":{"token":null}}"#, "data.token: invalid type: null"),
        ("authenticate", r#"{"data":{"token":"tkn-1"}}"#, ".: missing field `statusCode`"),
        ("fetchApplications", r#"{"statusCode":200,"commit":"b"}"#, ".: missing field `applications`"),
        (
            "fetchApplications",
            r#"{"statusCode":200,"applications":[{}]}"#,
            "applications[0]: missing field `applicationId`",
        ),
        (
            "fetchApplications",
            r#"{"statusCode":200,"applications":[{"applicationId":"1"},{"applicationId":111}]}"#,
            "applications[1].applicationId: invalid type: integer, expected a string",
        ),
    ] {
        check_unreadable(id, (body, expect)).await;
    }
}

/// A failure is a failure under any status, by what it says: but 400 and 401 may have variants of their own.
#[tokio::test]
async fn undocumented_statuses() {
    for operation in OPERATIONS {
        for (status, kind) in [
            (201, ErrorKind::Refused),
            (202, ErrorKind::Refused),
            (206, ErrorKind::Refused),
            (302, ErrorKind::Undecodable),
            (400, ErrorKind::InvalidRequest),
            (403, ErrorKind::Permission),
            (404, ErrorKind::NotFound),
            (429, ErrorKind::RateLimited),
            (500, ErrorKind::Server),
            (503, ErrorKind::Server),
        ] {
            if (operation.id, status) == ("reportStatus", 400) {
                continue;
            }
            let body = r#"{"statusCode":400,"data":{"type":"Format-logical control error"}}"#;
            let outcome = answered(operation.id, Response::json(status, body)).await;
            let failure =
                r#"Failure { data: Some(FailureDetail { type_: "Format-logical control error" }), status_code: 400 }"#;
            assert_eq!(outcome.text, format!("Refused({failure})"), "{operation} {status}");
            let seen = outcome.error.unwrap();
            assert_eq!((seen.kind, seen.operation, seen.status), (kind, operation.id, Some(status)));
            assert_eq!(seen.message.as_deref(), Some("Format-logical control error"), "{operation} {status}");
        }
    }
}

/// Without a failure in it, a response under a status that the spec doesn't document is just that.
#[tokio::test]
async fn other_responses_are_unexpected() {
    let bodies = [
        "",
        "<p>tkn-1</p>",
        "{",
        "[]",
        "{}",
        r#"{"statusCode":200}"#,
        r#"{"statusCode":null}"#,
        r#"{"statusCode":"4xx"}"#,
        r#"{"statusCode":400,"data":"tkn-1"}"#,
        r#"{"data":{"type":"tkn-1"}}"#,
    ];
    for operation in OPERATIONS {
        for (status, kind) in [
            (204, ErrorKind::Undecodable),
            (302, ErrorKind::Undecodable),
            (404, ErrorKind::NotFound),
            (422, ErrorKind::InvalidRequest),
            (503, ErrorKind::Server),
        ] {
            for body in bodies {
                if (status == 204) != body.is_empty() {
                    continue;
                }
                let outcome = answered(operation.id, Response::json(status, body)).await;
                assert_eq!(outcome.text, format!("UnexpectedStatus({status})"), "{operation} {body}");
                let seen = outcome.error.unwrap();
                assert_eq!((seen.kind, seen.operation, seen.status), (kind, operation.id, Some(status)));
            }
        }
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let (platform, other) = (platform().await, Recorder::start().await);
    let client = connect(&platform);
    for row in ROWS {
        let response = Response::empty(307).header("location", &other.origin());
        if row.id == "authenticate" {
            platform.sign_ins([response]);
        } else {
            platform.responses([response]);
        }
        assert_eq!(row.outcome(&client).await.text, "UnexpectedStatus(307)", "{}", row.id);
    }
    assert_eq!(other.counts(), [0, 0, 0]);
}

#[tokio::test]
async fn bodies_are_read_up_to_the_limit() {
    let body = r#"{"statusCode":200,"applications":[{"applicationId":"111"},{"applicationId":"112"}]}"#;
    for (limit, expect) in [
        (body.len(), "Ok(BatchResponse {".to_owned()),
        (body.len() - 1, format!("Undecodable at .: it is larger than the limit of {} bytes", body.len() - 1)),
    ] {
        let platform = platform().await;
        platform.responses([Response::json(200, body)]);
        let client = connect_with(&platform, |config| config.max_body(limit));
        let outcome = row(ROWS, "fetchApplications").outcome(&client).await;
        assert!(outcome.text.starts_with(&expect), "{}", outcome.text);
    }
}

/// The server's reason is in the error that a person reads.
#[tokio::test]
async fn a_failure_says_its_reason() {
    for (id, status, reason) in [
        ("reportStatus", 400, "Application not found"),
        ("reportStatus", 200, "Format-logical control error"),
        ("fetchApplications", 400, "Format-logical control error"),
        ("commitBatch", 401, "Not authorized"),
        ("authenticate", 200, "Not authorized"),
    ] {
        let body = format!(r#"{{"statusCode":400,"data":{{"type":"{reason}"}}}}"#);
        let seen = answered(id, Response::json(status, &body)).await.error.unwrap();
        assert!(seen.display.contains(reason), "{} doesn't say {reason}", seen.display);
        assert_eq!(seen.message.as_deref(), Some(reason));
    }
}
