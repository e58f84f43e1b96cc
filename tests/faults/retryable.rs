//! Which failures say of themselves that the same call may be made again: every variant
//! of the error, for a call that is idempotent and for one that isn't.

use casewire::{
    Part,
    contractor::{Auth, Client},
    crpt,
};
use support::raw::{
    Play, Raw, Response,
    Step::{Body, Close, Head},
};

use super::{
    calls::{CALL, CASE, SIGN_INS, TASK, desk, new_call, participant, told_error},
    config,
};

/// A server that plays this, whatever it is asked but for a credential.
async fn always(play: Play) -> Raw {
    Raw::start(SIGN_INS, play).await
}

fn response(status: u16, body: &'static str) -> Play {
    Play::response(&Response::new(status, body).header("content-type", "application/json").last())
}

/// What `getCall` and `createCall` come to.
async fn read_and_write(client: &Client) -> [String; 2] {
    let read = client.get_call().id(CALL).send().await.map_or_else(|e| told_error(&e), |_| "ok".to_owned());
    let write = client.create_call().body(new_call()).send().await.map_or_else(|e| told_error(&e), |_| "ok".to_owned());
    [read, write]
}

#[tokio::test]
async fn responses_and_broken_connections() {
    for (play, read, write) in [
        (response(400, "{}"), "invalid_request/UnexpectedStatus", "invalid_request/ErrorResponse"),
        (response(400, r#"{"errorCode":1}"#), "invalid_request/UnexpectedStatus", "invalid_request/ErrorResponse"),
        (response(401, ""), "authentication/ErrorResponse", "authentication/ErrorResponse"),
        (response(403, ""), "permission/ErrorResponse", "permission/ErrorResponse"),
        (response(404, r#"{"errorCode":6}"#), "not_found/ErrorResponse", "not_found/ErrorResponse"),
        (response(404, "<html>"), "not_found/ErrorResponse", "not_found/ErrorResponse"),
        (response(408, ""), "timeout/UnexpectedStatus*", "timeout/UnexpectedStatus"),
        (response(409, ""), "conflict/UnexpectedStatus", "conflict/UnexpectedStatus"),
        (response(425, ""), "invalid_request/UnexpectedStatus", "invalid_request/UnexpectedStatus"),
        (response(429, ""), "rate_limited/UnexpectedStatus*", "rate_limited/UnexpectedStatus*"),
        (response(500, ""), "server/UnexpectedStatus", "server/UnexpectedStatus"),
        (response(501, ""), "server/UnexpectedStatus", "server/UnexpectedStatus"),
        (response(502, ""), "server/UnexpectedStatus*", "server/UnexpectedStatus"),
        (response(503, ""), "server/UnexpectedStatus*", "server/UnexpectedStatus"),
        (response(504, ""), "server/UnexpectedStatus*", "server/UnexpectedStatus"),
        (response(200, "<html>"), "undecodable/Undecodable", "undecodable/Undecodable"),
        (Play::of([Head, Body, Close]), "transport/Transport*", "transport/Transport"),
    ] {
        let raw = always(play).await;
        let client = Client::connect(config(&raw), desk()).unwrap();
        assert_eq!(read_and_write(&client).await, [read, write]);
    }
    // Nobody listens: it doesn't matter what the call is.
    let raw = always(response(200, "{}")).await;
    raw.refuse(None).await;
    let client = Client::connect(config(&raw), desk()).unwrap();
    assert_eq!(read_and_write(&client).await, ["transport/Transport*"; 2]);
}

/// A documented failure that may come under any status, such as a passing one.
#[tokio::test]
async fn a_documented_failure_with_a_passing_status() {
    let raw = always(response(503, r#"{"error":"maintenance"}"#)).await;
    let client = crpt::Client::connect(config(&raw), participant()).unwrap();
    let read = client.get_case().number(CASE).send().await.unwrap_err();
    assert_eq!(told_error(&read), "server/ErrorResponse*");
    assert_eq!(raw.received().len(), 3);
    let write = client.add_message().body_map(|body| body.number(CASE).message("да")).send().await.unwrap_err();
    assert_eq!(told_error(&write), "server/ErrorResponse");
    assert_eq!(raw.received().len(), 4);
}

#[tokio::test]
async fn what_was_not_sent() {
    let raw = always(response(200, "{}")).await;
    let nobody = Client::connect(config(&raw), Auth::anonymous()).unwrap();
    assert_eq!(read_and_write(&nobody).await, ["authentication/Session"; 2]);
    let client = Client::connect(config(&raw), desk()).unwrap();
    let missing = client.get_call().send().await.unwrap_err();
    assert_eq!(told_error(&missing), "invalid_request/InvalidRequest");
    let part = Part::bytes("x").media_type("no media type");
    let unfit = client.upload_shared_attachment().id(TASK).token("t").attachment(part).send().await.unwrap_err();
    assert_eq!(told_error(&unfit), "invalid_request/InvalidRequest");
    assert_eq!(raw.counts(), (0, 0));
}

/// Without a credential, the operation itself was not sent, whatever it is. The sign-in
/// is not idempotent, and sent once for each call, or for both where it is refused for
/// good.
#[tokio::test]
async fn sign_ins_that_fail() {
    for (play, expect, sign_ins) in [
        (response(401, r#"{"errorCode":1}"#), "authentication/Session", 1),
        (response(403, ""), "permission/Session", 1),
        (response(429, ""), "rate_limited/Session*", 2),
        (response(500, ""), "server/Session*", 2),
        (response(503, ""), "server/Session*", 2),
        (response(200, "{}"), "undecodable/Session", 2),
        (Play::of([Head, Body, Close]), "transport/Session*", 2),
    ] {
        // This server knows no sign-ins, and takes them for any other request.
        let raw = Raw::start(&[], play).await;
        let client = Client::connect(config(&raw), Auth::user("ivanov", "Passw0rd")).unwrap();
        let read = client.get_self().send().await.unwrap_err();
        assert_eq!(told_error(&read), expect);
        let write = client.add_user_message().id(CALL).body_map(|body| body.message("да")).send().await.unwrap_err();
        assert_eq!(told_error(&write), expect);
        let targets: Vec<_> = raw.received().into_iter().map(|one| one.target).collect();
        assert_eq!(targets, vec!["/user/signin"; sign_ins], "{expect}");
    }
}
