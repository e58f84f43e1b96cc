//! What every documented response becomes, and what becomes of others.

use casewire::ErrorKind;
use futures_util::future::join_all;
use support::{
    interfaces::legalcase::rows::ROWS,
    recorder::{Lane, Recorder, Response},
    responses::{Decoded, check_complete, flat, kind},
    row::row,
};

use super::{OPERATIONS, connect, connect_with, documented, requests};

/// Successes with an id, and the failures of operations that create something.
macro_rules! created {
    ($id:literal, $created:literal) => {
        &[
            (
                $id,
                200,
                concat!(r#"{"id": ""#, $created, r#""}"#),
                concat!(r#"Ok(Created { id: ""#, $created, r#"" })"#),
            ),
            (
                $id,
                201,
                concat!(r#"{"id": ""#, $created, r#""}"#),
                concat!(r#"Ok(Created { id: ""#, $created, r#"" })"#),
            ),
            ($id, 201, r#"{"id": "", "later": [1]}"#, r#"Ok(Created { id: "" })"#),
            ($id, 400, "", "BadRequest"),
            ($id, 401, "", "Unauthorized"),
        ]
    };
}

/// Successes without a body, whatever comes, and the 401 that all have.
macro_rules! done {
    ($id:literal) => {
        &[
            ($id, 200, "", "Ok(())"),
            ($id, 200, "<p>done</p>", "Ok(())"),
            ($id, 200, r#"{"id": 1}"#, "Ok(())"),
            ($id, 204, "", "Ok(())"),
            ($id, 401, "", "Unauthorized"),
            ($id, 401, r#"{"error": "key-417"}"#, "Unauthorized"),
        ]
    };
}

const RESPONSES: &[&[Decoded]] = &[
    created!("registerClient", "c-1001"),
    done!("updateClient"),
    &[("updateClient", 400, "", "BadRequest"), ("updateClient", 404, "<p>", "NotFound")],
    done!("deleteClient"),
    &[("deleteClient", 404, "", "NotFound")],
    created!("createLegalCase", "lc-2001"),
    &[("createLegalCase", 404, "", "NotFound")],
    done!("updateLegalCase"),
    &[("updateLegalCase", 400, "{}", "BadRequest"), ("updateLegalCase", 404, "", "NotFound")],
    done!("deleteLegalCase"),
    &[("deleteLegalCase", 404, "", "NotFound")],
    created!("addComment", "cm-3001"),
    &[("addComment", 404, "", "NotFound")],
    done!("updateComment"),
    &[("updateComment", 400, "", "BadRequest"), ("updateComment", 404, "", "NotFound")],
    done!("deleteComment"),
    &[
        ("deleteComment", 404, "", "NotFound"),
        ("deleteComment", 409, "", "Conflict"),
        ("deleteComment", 409, r#"{"error": "read"}"#, "Conflict"),
    ],
    created!("addDocument", "d-4001"),
    &[("addDocument", 404, "", "NotFound")],
    &[
        ("downloadDocument", 200, "bytes of dogovor-12.pdf", r#"Ok(b"bytes of dogovor-12.pdf")"#),
        ("downloadDocument", 200, r#"{"error": 1}"#, r#"Ok(b"{\"error\": 1}")"#),
        ("downloadDocument", 200, "", r#"Ok(b"")"#),
        ("downloadDocument", 401, "", "Unauthorized"),
        ("downloadDocument", 404, "", "NotFound"),
    ],
];

async fn check((id, status, body, expect): &Decoded) {
    let partner = Recorder::start().await;
    partner.script(
        Lane::Operations,
        [match *body {
            "" => Response::empty(*status),
            _ => Response::json(*status, &flat(body)),
        }],
    );
    let outcome = row(ROWS, id).outcome(&connect(&partner)).await;
    assert_eq!(outcome.text, *expect, "{id} {status} {body}");
    // Nothing can be renewed, so nothing is sent again.
    assert_eq!(requests(&partner).len(), 1, "{id} {status} {body}");
    let Some(seen) = outcome.error else { return };
    assert_eq!((seen.kind, seen.operation, seen.status), (kind(*status), *id, Some(*status)));
    assert_eq!((seen.code, seen.message), (None, None));
    let operation = OPERATIONS.iter().find(|operation| operation.id == *id).unwrap();
    assert!(seen.display.starts_with(&format!("{operation}: the server responded with {status} ")), "{}", seen.display);
}

#[tokio::test]
async fn every_documented_response_is_decoded() {
    join_all(RESPONSES.iter().copied().flatten().map(check)).await;
}

#[test]
fn no_status_and_no_example_is_forgotten() {
    check_complete(RESPONSES.iter().copied().flatten(), documented());
}

#[tokio::test]
async fn ids_that_cannot_be_read_are_located() {
    for id in ["registerClient", "createLegalCase", "addComment", "addDocument"] {
        for status in [200, 201] {
            for (body, expect) in [
                ("", ".: it is empty"),
                ("<p>", ".: it looks like HTML or XML, not JSON"),
                ("{}", ".: missing field `id` at line 1 column 2"),
                (r#"{"id":17}"#, "id: invalid type: integer, expected a string at line 1 column 8"),
                (r#"{"id":null}"#, "id: invalid type: null, expected a string at line 1 column 10"),
                (r#"{"id":["key-417"]}"#, "id: invalid type: sequence, expected a string at line 1 column 7"),
                (r#"{"id":"c-1"#, "id: EOF while parsing a string at line 1 column 10"),
                (r#""c-1001""#, ".: invalid type: string, expected struct Created at line 1 column 8"),
            ] {
                let partner = Recorder::start().await;
                partner.script(Lane::Operations, [Response::json(status, body)]);
                let outcome = row(ROWS, id).outcome(&connect(&partner)).await;
                assert_eq!(outcome.text, format!("Undecodable at {expect}"), "{id} {status} {body}");
                let seen = outcome.error.unwrap();
                assert_eq!((seen.kind, seen.operation, seen.status), (ErrorKind::Undecodable, id, Some(status)));
            }
        }
    }
}

async fn check_unexpected(id: &'static str, status: u16, kind: ErrorKind) {
    let partner = Recorder::start().await;
    let elsewhere = format!("{}/elsewhere", partner.origin());
    partner.script(Lane::Operations, [Response::html(status, "<p>key-417</p>").header("location", &elsewhere)]);
    let outcome = row(ROWS, id).outcome(&connect(&partner)).await;
    assert_eq!(outcome.text, format!("UnexpectedStatus({status})"), "{id}");
    let seen = outcome.error.unwrap();
    assert_eq!((seen.operation, seen.status, seen.kind), (id, Some(status), kind));
    assert!(seen.display.ends_with("(text/html, 14 bytes, shaped like `<x>xxx-000</x>`)"), "{}", seen.display);
    assert_eq!(requests(&partner).len(), 1, "{id}: {status} must not lead to another request");
}

/// A 403 is not documented, since no authentication is; a 409 only where a comment is deleted.
#[tokio::test]
async fn undocumented_statuses() {
    let statuses = documented().statuses();
    for operation in OPERATIONS {
        let all = [
            (206, ErrorKind::Undecodable),
            (302, ErrorKind::Undecodable),
            (307, ErrorKind::Undecodable),
            (403, ErrorKind::Permission),
            (408, ErrorKind::Timeout),
            (409, ErrorKind::Conflict),
            (410, ErrorKind::NotFound),
            (413, ErrorKind::InvalidRequest),
            (429, ErrorKind::RateLimited),
            (500, ErrorKind::Server),
            (503, ErrorKind::Server),
        ];
        let all = all.into_iter().filter(|(status, _)| !statuses[operation.id].contains(status.to_string().as_str()));
        join_all(all.map(|(status, kind)| check_unexpected(operation.id, status, kind))).await;
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let (partner, other) = (Recorder::start().await, Recorder::start().await);
    let client = connect(&partner);
    for row in ROWS {
        partner.script(Lane::Operations, [Response::empty(307).header("location", &other.origin())]);
        assert_eq!(row.outcome(&client).await.text, "UnexpectedStatus(307)", "{}", row.id);
    }
    assert_eq!(other.counts(), [0, 0, 0]);
}

#[tokio::test]
async fn bodies_are_read_up_to_the_limit() {
    for (limit, expect) in
        [(10, r#"Ok(Created { id: "c" })"#), (9, "Undecodable at .: it is larger than the limit of 9 bytes")]
    {
        let partner = Recorder::start().await;
        partner.script(Lane::Operations, [Response::json(201, r#"{"id":"c"}"#)]);
        let client = connect_with(&partner, super::AcceptSpelling::Latin, |config| config.max_body(limit));
        assert_eq!(row(ROWS, "registerClient").outcome(&client).await.text, expect);
    }
}
