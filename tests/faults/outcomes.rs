//! What is known of the effect of a call that failed: a row for each cell of the table in
//! the documentation of [`Outcome`](casewire::Outcome), for operations of different kinds
//! and after attempts that came to something else.

use std::time::Duration;

use bytes::Bytes;
use casewire::{
    Error, Failure, Part,
    contractor::{self, Auth},
    crpt,
};
use futures_util::{future::join_all, stream};
use support::raw::{
    Play, Raw, Response,
    Step::{Body, Close, Head, Send},
};

use super::{
    calls::{CALL, CASE, SIGN_INS, TASK, new_call, participant, told_error},
    config,
};

/// An operation of each kind.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    /// `getCall` of contractor: idempotent, never a failure under 2xx. A session can't end.
    Read,
    /// `removeExpense` of contractor: idempotent, and changes something.
    Delete,
    /// `createCall` of contractor: not idempotent, never a failure under 2xx.
    Write,
    /// `getCase` of crpt: idempotent, and may fail under 2xx.
    Case,
    /// `addMessage` of crpt: not idempotent, and may fail under 2xx.
    Message,
}

use Kind::{Case, Delete, Message, Read, Write};

/// The clients of one server.
struct Clients {
    desk: contractor::Client,
    portal: crpt::Client,
}

impl Clients {
    fn of(raw: &Raw) -> Self {
        let auth = Auth::user("ivanov", "Passw0rd").and_external_system("desk-key");
        let desk = contractor::Client::connect(config(raw), auth).unwrap();
        Self { desk, portal: crpt::Client::connect(config(raw), participant()).unwrap() }
    }

    async fn call(&self, kind: Kind) -> String {
        match kind {
            Read => told(self.desk.get_call().id(CALL).send().await),
            Delete => told(self.desk.remove_expense().call_id(CALL).expense_id(3001).send().await),
            Write => told(self.desk.create_call().body(new_call()).send().await),
            Case => told(self.portal.get_case().number(CASE).send().await),
            Message => told(self.portal.add_message().body_map(|body| body.number(CASE).message("да")).send().await),
        }
    }
}

/// Kind of the error, variant, whether the call may be made again, outcome, attempts,
/// status, and the body in reach.
fn told<T, E: Failure>(result: Result<T, Error<E>>) -> String {
    let Err(error) = result else { return "ok".to_owned() };
    let status = error.status().map_or("-".to_owned(), |status| status.as_u16().to_string());
    let body = error.body().map_or("-".into(), |body| String::from_utf8_lossy(body));
    format!("{} {} {} {status} {body}", told_error(&error), error.outcome(), error.attempts())
}

fn json(status: u16, body: &'static str) -> Play {
    Play::response(&Response::new(status, body).header("content-type", "application/json").last())
}

fn html(status: u16, body: &'static str) -> Play {
    Play::response(&Response::new(status, body).header("content-type", "text/html").last())
}

fn empty(status: u16) -> Play {
    Play::response(&Response::new(status, "").last())
}

fn to(status: u16, location: &str) -> Play {
    Play::response(&Response::new(status, "").header("location", location).last())
}

/// Executed, and the connection cut.
fn cut() -> Play {
    Play::of([Head, Body, Close])
}

/// Of a response to what was executed, the half.
fn half(body: &'static str) -> Play {
    half_of(200, body)
}

fn half_of(status: u16, body: &'static str) -> Play {
    let head = Response::new(status, "").header("content-type", "application/json").head(2 * body.len());
    Play::of([Head, Body, Send(head), Send(Bytes::from_static(body.as_bytes())), Close])
}

type Row = (Kind, Vec<Play>, &'static str);

const SIGN_IN: &str = r#"<!DOCTYPE html><html><body><form><input type="password" name="p"></form></body></html>"#;
const CREATED: &str = r#"{"id":683913,"created":"?","tasks":[]}"#;

#[rustfmt::skip]
fn rows() -> Vec<Row> {
    vec![
        // 4xx except 408, whatever the body is.
        (Read, vec![empty(400)], "invalid_request/UnexpectedStatus refused 1 400 "),
        (Read, vec![html(404, "<p>")], "not_found/ErrorResponse refused 1 404 <p>"),
        (Write, vec![html(400, "<p>")], "invalid_request/ErrorResponse refused 1 400 <p>"),
        (Write, vec![empty(404)], "not_found/ErrorResponse refused 1 404 "),
        (Read, vec![json(404, r#"{"message":"no"}"#)], r#"not_found/ErrorResponse refused 1 404 {"message":"no"}"#),
        (Read, vec![half_of(404, r#"{"err"#)], r#"not_found/ErrorResponse refused 1 404 {"err"#),
        (Write, vec![empty(409)], "conflict/UnexpectedStatus refused 1 409 "),
        (Write, vec![empty(429)], "rate_limited/UnexpectedStatus* refused 1 429 "),
        (Read, vec![empty(429)], "rate_limited/UnexpectedStatus* refused 3 429 "),
        (Message, vec![html(404, "<p>")], "not_found/UnexpectedStatus refused 1 404 <p>"),
        (Message, vec![empty(499)], "invalid_request/UnexpectedStatus refused 1 499 "),
        // A failure that the body tells.
        (Case, vec![json(200, r#"{"error":"no"}"#)], r#"refused/ErrorResponse refused 1 200 {"error":"no"}"#),
        (Message, vec![json(200, r#"{"error":"no"}"#)], r#"refused/ErrorResponse refused 1 200 {"error":"no"}"#),
        (Message, vec![json(409, r#"{"error":"no"}"#)], r#"conflict/ErrorResponse refused 1 409 {"error":"no"}"#),
        (Message, vec![json(408, r#"{"error":"no"}"#)], r#"timeout/ErrorResponse unknown 1 408 {"error":"no"}"#),
        (Message, vec![json(503, r#"{"error":"no"}"#)], r#"server/ErrorResponse unknown 1 503 {"error":"no"}"#),
        (Case, vec![json(503, r#"{"error":"no"}"#)], r#"server/ErrorResponse* unknown 3 503 {"error":"no"}"#),
        // The sign-in page, or a redirect to it, again after the renewal.
        (Delete, vec![to(302, "/Login/NuiLogin.aspx")], "authentication/UnexpectedStatus refused 2 302 "),
        (Message, vec![to(302, "/Login/NuiLogin.aspx")], "authentication/UnexpectedStatus refused 2 302 "),
        (Message, vec![html(200, SIGN_IN)], lasting(&["authentication/Undecodable refused 2 200 ", SIGN_IN])),
        (Read, vec![html(200, SIGN_IN)], lasting(&["authentication/Undecodable refused 1 200 ", SIGN_IN])),
        // A success that can't be read, of the documented media type.
        (Write, vec![json(200, CREATED)], lasting(&["undecodable/Undecodable done 1 200 ", CREATED])),
        (Read, vec![json(200, "[]")], "undecodable/Undecodable done 1 200 []"),
        (Write, vec![json(200, r#"{"id":6"#)], r#"undecodable/Undecodable done 1 200 {"id":6"#),
        (Message, vec![json(200, r#"{"ok":true,"data":{}}"#)], r#"undecodable/Undecodable done 1 200 {"ok":true,"data":{}}"#),
        // … but for what means nothing else.
        (Write, vec![json(200, r#"{"id":683913,"created":""}"#)], "ok"),
        (Write, vec![json(200, r#"{"id":683913,"tasks":[null]}"#)], "ok"),
        // … by somebody else.
        (Write, vec![json(200, r#"{"Message":"no"}"#)], r#"undecodable/Undecodable unknown 1 200 {"Message":"no"}"#),
        // … whose body breaks off before the mark of a failure may come.
        (Message, vec![json(200, r#"{"data":7,"er"#)], r#"undecodable/Undecodable unknown 1 200 {"data":7,"er"#),
        // … that has the mark of a failure, and is none that can be read.
        (Message, vec![json(200, r#"{"error":5}"#)], r#"undecodable/Undecodable refused 1 200 {"error":5}"#),
        // … and nothing else.
        (Message, vec![json(200, r#"{"ok":false}"#)], r#"refused/ErrorResponse refused 1 200 {"ok":false}"#),
        // … that says neither, or says it otherwise.
        (Message, vec![json(200, r#"{"ok":"false","data":null}"#)], r#"undecodable/Undecodable unknown 1 200 {"ok":"false","data":null}"#),
        (Message, vec![json(200, r#"{"OK":false}"#)], r#"undecodable/Undecodable unknown 1 200 {"OK":false}"#),
        (Message, vec![json(200, "[]")], "undecodable/Undecodable unknown 1 200 []"),
        // … of another media type, such as the page of a captive portal; cut off; with
        // another status.
        (Write, vec![html(200, "<html><h1>Wi-Fi")], "undecodable/Undecodable unknown 1 200 <html><h1>Wi-Fi"),
        (Read, vec![html(200, "<html><h1>Wi-Fi")], "undecodable/Undecodable unknown 1 200 <html><h1>Wi-Fi"),
        (Message, vec![html(200, "<html><h1>Wi-Fi")], "undecodable/Undecodable unknown 1 200 <html><h1>Wi-Fi"),
        (Write, vec![json(200, "<html><h1>Wi-Fi")], "undecodable/Undecodable unknown 1 200 <html><h1>Wi-Fi"),
        // … where no body is documented, a page is none of the server's.
        (Delete, vec![html(200, "<html><h1>Wi-Fi")], "undecodable/Undecodable unknown 1 200 <html><h1>Wi-Fi"),
        (Delete, vec![html(200, " <!doctype html>")], "undecodable/Undecodable unknown 1 200  <!doctype html>"),
        (Delete, vec![html(200, SIGN_IN)], lasting(&["authentication/Undecodable refused 2 200 ", SIGN_IN])),
        (Delete, vec![half(r#"{"id":"#)], "ok"),
        (Delete, vec![half("<html>")], "transport/Transport* unknown 3 200 <html>"),
        (Delete, vec![html(200, "<p>done</p>")], "ok"),
        (Delete, vec![json(200, "{}")], "ok"),
        (Delete, vec![html(200, "done")], "ok"),
        (Write, vec![half(r#"{"id":"#)], r#"transport/Transport unknown 1 200 {"id":"#),
        (Read, vec![half(r#"{"id":"#)], r#"transport/Transport* unknown 3 200 {"id":"#),
        (Message, vec![half(r#"{"data""#)], r#"transport/Transport unknown 1 200 {"data""#),
        (Write, vec![json(206, "{}")], "undecodable/UnexpectedStatus unknown 1 206 {}"),
        (Write, vec![empty(204)], "undecodable/UnexpectedStatus unknown 1 204 "),
        (Delete, vec![empty(205)], "undecodable/UnexpectedStatus unknown 1 205 "),
        // 201 is as good as 200; under 202, it may still be to come.
        (Write, vec![json(201, "{}")], "ok"),
        (Write, vec![json(201, "[]")], "undecodable/Undecodable done 1 201 []"),
        (Write, vec![json(202, "{}")], "ok"),
        (Write, vec![json(202, "[]")], "undecodable/Undecodable unknown 1 202 []"),
        (Message, vec![json(202, r#"{"error":"no"}"#)], r#"refused/ErrorResponse refused 1 202 {"error":"no"}"#),
        (Delete, vec![empty(201)], "ok"),
        (Delete, vec![empty(202)], "ok"),
        // Any other redirect, 408, 5xx.
        (Read, vec![to(302, "/elsewhere")], "undecodable/UnexpectedStatus unknown 1 302 "),
        (Delete, vec![to(302, "/elsewhere")], "undecodable/UnexpectedStatus unknown 2 302 "),
        (Message, vec![to(302, "/elsewhere")], "undecodable/UnexpectedStatus unknown 1 302 "),
        (Write, vec![to(307, "/elsewhere")], "undecodable/UnexpectedStatus unknown 1 307 "),
        (Write, vec![empty(408)], "timeout/UnexpectedStatus unknown 1 408 "),
        (Read, vec![empty(408)], "timeout/UnexpectedStatus* unknown 3 408 "),
        (Write, vec![empty(500)], "server/UnexpectedStatus unknown 1 500 "),
        (Read, vec![empty(500)], "server/UnexpectedStatus unknown 1 500 "),
        (Write, vec![empty(503)], "server/UnexpectedStatus unknown 1 503 "),
        (Read, vec![empty(503)], "server/UnexpectedStatus* unknown 3 503 "),
        // A connection that broke.
        (Write, vec![cut()], "transport/Transport unknown 1 - -"),
        (Read, vec![cut()], "transport/Transport* unknown 3 - -"),
        (Message, vec![cut()], "transport/Transport unknown 1 - -"),
        // After an attempt that may have been executed, nothing proves that the call was not.
        (Delete, vec![cut(), empty(404)], "not_found/ErrorResponse unknown 2 404 "),
        (Delete, vec![cut(), empty(429), empty(429)], "rate_limited/UnexpectedStatus* unknown 3 429 "),
        (Delete, vec![empty(503), json(404, r#"{"errorCode":6}"#)], r#"not_found/ErrorResponse unknown 2 404 {"errorCode":6}"#),
        (Delete, vec![half("{"), empty(409)], "conflict/ErrorResponse unknown 2 409 "),
        (Delete, vec![cut(), empty(401), empty(401)], "authentication/ErrorResponse unknown 3 401 "),
        (Delete, vec![to(302, "/elsewhere"), empty(404)], "not_found/ErrorResponse unknown 2 404 "),
        (Case, vec![cut(), json(200, r#"{"error":"no"}"#)], r#"refused/ErrorResponse unknown 2 200 {"error":"no"}"#),
        (Case, vec![cut(), to(302, "/Login/"), to(302, "/Login/")], "authentication/UnexpectedStatus unknown 3 302 "),
        // Done stays done.
        (Read, vec![cut(), json(200, "[]")], "undecodable/Undecodable done 2 200 []"),
        // After an attempt that was refused, it is the last one that counts.
        (Delete, vec![empty(429), empty(404)], "not_found/ErrorResponse refused 2 404 "),
        (Delete, vec![empty(401), empty(404)], "not_found/ErrorResponse refused 2 404 "),
        (Delete, vec![empty(440), empty(404)], "not_found/ErrorResponse refused 2 404 "),
        (Delete, vec![empty(429), cut(), cut()], "transport/Transport* unknown 3 - -"),
        (Message, vec![empty(401), json(200, r#"{"error":"no"}"#)], r#"refused/ErrorResponse refused 2 200 {"error":"no"}"#),
        (Message, vec![empty(401), cut()], "transport/Transport unknown 2 - -"),
        (Message, vec![empty(440)], "invalid_request/UnexpectedStatus refused 1 440 "),
    ]
}

/// A text that lasts as long as the tests.
fn lasting(chunks: &[&str]) -> &'static str {
    chunks.concat().leak()
}

#[tokio::test]
async fn what_is_known_of_a_call_that_failed() {
    let wrong = join_all(rows().into_iter().enumerate().map(|(at, (kind, mut plays, expect))| async move {
        let then = plays.pop().unwrap();
        let raw = Raw::start(SIGN_INS, then.clone()).await;
        raw.arm(plays, then);
        let told = Clients::of(&raw).call(kind).await;
        (told != expect).then(|| format!("row {at}, {kind:?}:\n  is {told}\n not {expect}"))
    }));
    let wrong: Vec<_> = wrong.await.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Nothing was sent, for whatever reason, and whatever the operation is.
#[tokio::test]
async fn what_was_not_sent() {
    let raw = Raw::start(SIGN_INS, json(200, "{}")).await;
    let clients = Clients::of(&raw);
    assert_eq!(
        told(clients.desk.get_call().send().await),
        "invalid_request/InvalidRequest not_sent 0 - -",
        "a request that can't be built"
    );
    let nobody = contractor::Client::connect(config(&raw), Auth::anonymous()).unwrap();
    assert_eq!(
        told(nobody.create_call().body(new_call()).send().await),
        "authentication/Session not_sent 0 - -",
        "no credential"
    );
    let at_once = |response: Response| Play::of([Send(response.last().bytes())]);
    let refused = Response::new(401, r#"{"errorCode":1}"#).header("content-type", "application/json");
    raw.arm_sign_ins([at_once(refused), at_once(Response::new(503, ""))]);
    assert_eq!(clients.call(Delete).await, "authentication/Session not_sent 0 - -", "a sign-in that is refused");
    assert_eq!(clients.call(Message).await, "server/Session* not_sent 0 - -", "a sign-in that fails");
    assert_eq!(raw.counts(), (0, 0));

    // No server takes half a body for a whole one.
    let chunks = || stream::iter([Ok(Bytes::from_static(b"half")), Err(std::io::Error::other("the disk is gone"))]);
    let part = Part::stream(chunks()).file_name("act.pdf");
    let upload = clients.desk.upload_shared_attachment().id(TASK).token("t").attachment(part).send().await;
    assert_eq!(told(upload), "invalid_request/InvalidRequest not_sent 1 - -");
    assert_eq!(raw.counts().1, 0);

    raw.refuse(None).await;
    for kind in [Read, Write] {
        assert_eq!(clients.call(kind).await, "transport/Transport* not_sent 3 - -", "nobody listens");
    }
}

/// A second attempt whose turn doesn't come, after a first one that may have been
/// executed, or was refused.
#[tokio::test]
async fn an_attempt_that_is_not_sent_after_another() {
    for (status, outcome) in [(503, "unknown"), (429, "not_sent")] {
        let raw = Raw::start(SIGN_INS, empty(status)).await;
        let config = config(&raw).rate_limit(1, Duration::from_secs(3600));
        let client = contractor::Client::connect(config, Auth::external_system("desk-key")).unwrap();
        let expect = format!("timeout/Transport* {outcome} 1 - -");
        assert_eq!(told(client.get_call().id(CALL).send().await), expect);
        assert_eq!(raw.received().len(), 1);
    }
}

/// What a server says went wrong is for the caller, and nowhere in the text of the error.
#[tokio::test]
async fn the_message_of_a_problem() {
    let problem = r#"{"title":"One or more validation errors occurred.","status":400,"errors":{"ClientName":["It is too long."]}}"#;
    let response = Response::new(400, problem).header("content-type", "application/problem+json; charset=utf-8");
    let raw = Raw::start(SIGN_INS, Play::response(&response.last())).await;
    let error = Clients::of(&raw).desk.create_call().body(new_call()).send().await.unwrap_err();
    assert_eq!(error.message().unwrap(), "One or more validation errors occurred.; ClientName: It is too long.");
    assert_eq!(error.body().unwrap(), problem);
    for shown in [error.to_string(), format!("{error:?}")] {
        assert!(!shown.contains("validation") && !shown.contains("too long"), "{shown}");
    }
    assert_eq!((error.outcome().name(), error.status().unwrap().as_u16()), ("refused", 400));
}

#[tokio::test]
async fn the_headers_are_in_reach() {
    let response = Response::new(503, "maintenance").header("retry-after", "120").header("x-request-id", "17");
    let raw = Raw::start(SIGN_INS, Play::response(&response.last())).await;
    let error = Clients::of(&raw).desk.create_call().body(new_call()).send().await.unwrap_err();
    let headers = error.headers().unwrap();
    assert_eq!((&headers["retry-after"], &headers["x-request-id"]), (&"120".parse().unwrap(), &"17".parse().unwrap()));
    assert_eq!((error.outcome().name(), error.is_retryable()), ("unknown", false));
    assert_eq!(error.server(), raw.origin().strip_prefix("http://").unwrap());
}
