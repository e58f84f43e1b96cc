//! Responses that repeat every secret, as an error page of a gateway may do: none is seen
//! in an error. `outcome` looks for them.

use futures_util::future::join_all;
use support::{
    interfaces::{Callback, Contractor, Crpt, Interface, Legalcase, Server, answering},
    quick::quick,
    recorder::Response,
    row::Row,
};

/// A status, and a body with the secrets, as strings of JSON, in place of `ECHO`.
type Body = (u16, &'static str);

/// Every operation gets every body, and so does the sign-in before it.
async fn check<I: Interface>(bodies: &[Body]) {
    let echo = I::SECRETS.iter().map(|secret| format!("{secret:?}")).collect::<Vec<_>>().join(",");
    for (status, body) in bodies {
        let response = Response::json(*status, &body.replace("ECHO", &echo)).header("x-echo", &echo);
        let rows = I::ROWS.iter().filter(|row| *status >= 300 || !row.operation().downloads);
        join_all(rows.map(|row| check_row(row, &response))).await;
    }
}

async fn check_row<I: Interface>(row: &'static Row<I>, response: &Response) {
    let connect = |server: &Server| I::connect(quick(&server.origin()).header("x-gateway", I::SECRETS[0]).unwrap());
    let (one, all) = (response.clone(), response.clone());
    let server = answering::<I>(row, move |_| one.clone()).await;
    row.outcome(&connect(&server)).await;
    assert!(!server.requests().is_empty(), "{}", row.id);
    let server = Server::start(move |_| all.clone()).await;
    let outcome = row.outcome(&connect(&server)).await;
    assert!(outcome.error.is_some() || Some(row.id) != I::NEEDS_SIGN_IN, "{response:?}");
}

#[tokio::test]
async fn callback() {
    check::<Callback>(&[
        (200, "[ECHO]"),
        (200, r#"{"statusCode":"tkn-1","data":[ECHO]}"#),
        (200, r#"{"statusCode":200,"data":{"token":[ECHO]},"applications":[ECHO]}"#),
        (401, r#"{"statusCode":401,"data":{"type":[ECHO]}}"#),
        (401, "ECHO"),
        (500, "ECHO"),
    ])
    .await;
}

#[tokio::test]
async fn contractor() {
    check::<Contractor>(&[
        (200, "[ECHO]"),
        (200, r#"{"id":"desk-key","tasks":[ECHO]}"#),
        (400, r#"{"errorCode":"access-1"}"#),
        (404, r#"{"errorCode":[ECHO]}"#),
        (500, "ECHO"),
    ])
    .await;
}

#[tokio::test]
async fn crpt() {
    check::<Crpt>(&[
        (200, "[ECHO]"),
        (200, r#"{"ok":"csrf-1","data":[ECHO]}"#),
        (200, r#"{"data":{"number":"SR1","priority":"session-1","files":[ECHO]}}"#),
        (200, r#"{"error":[ECHO]}"#),
        (200, "<html>ECHO"),
        (401, "ECHO"),
        (403, r#"{"error":[ECHO]}"#),
        (404, r#"{"error":[ECHO]}"#),
        (500, "ECHO"),
    ])
    .await;
}

#[tokio::test]
async fn legalcase() {
    check::<Legalcase>(&[
        (200, r#"{"id":[ECHO]}"#),
        (201, "[[ECHO]]"),
        (400, "key-417"),
        (401, r#"{"error":ECHO}"#),
        (500, "key-417"),
    ])
    .await;
}
