//! Sessions that end: one new sign-in and one repetition, however the end shows and however many calls meet it.

use std::sync::Arc;

use casewire::{ErrorKind, crpt::Client};
use tokio::task::JoinSet;

use super::{
    connect, portal,
    row::row,
    rows::{FILE, ROWS},
    support::recorder::Answer,
};

const CREATED: &str = r#"{"ok":true,"data":"SR00683913"}"#;
const OK: &str = r#"Ok("SR00683913")"#;
const PAGE: &str = "<!DOCTYPE html><html>csrf-1</html>";

/// How the end of a session shows.
fn ends() -> Vec<Answer> {
    vec![
        Answer::empty(401),
        Answer::json(401, r#"{"error":"Authentication failed","ok":false}"#),
        Answer::html(401, PAGE),
        Answer::empty(403),
        Answer::html(403, PAGE),
        Answer::html(200, PAGE),
        Answer::bytes(200, PAGE).header("content-type", "text/html; charset=utf-8"),
        Answer::empty(302).header("location", "/Login/NuiLogin.aspx"),
        Answer::html(303, PAGE).header("location", "/Login/NuiLogin.aspx"),
    ]
}

/// RFC 9110, section 8.3.1: the case of a media type means nothing.
#[tokio::test]
async fn a_page_is_known_by_its_media_type() {
    for media_type in ["TEXT/HTML", "Text/Html;charset=UTF-8", "text/html ; charset=utf-8"] {
        let portal = portal().await;
        portal.answers([Answer::bytes(200, PAGE).header("content-type", media_type)]);
        portal.then(|_| Answer::json(200, CREATED));
        assert_eq!((row(ROWS, "createCase").call)(&connect(&portal)).await.text, OK, "{media_type}");
        assert_eq!(portal.counts(), [2, 2]);
    }
}

#[tokio::test]
async fn an_ended_session_is_opened_anew_once() {
    for end in ends() {
        let portal = portal().await;
        portal.answers([end.clone()]);
        portal.then(|_| Answer::json(200, CREATED));
        let client = connect(&portal);
        assert_eq!((row(ROWS, "createCase").call)(&client).await.text, OK, "{end:?}");
        let requests = portal.requests();
        assert_eq!(portal.counts(), [2, 2], "{end:?}");
        assert_eq!((&requests[0].target, requests[0].text()), (&requests[1].target, requests[1].text()));
        let tokens: Vec<_> = requests.iter().map(|request| request.header("bpmcsrf")).collect();
        assert_eq!(tokens, [Some("csrf-1"), Some("csrf-2")]);
        // The next call goes on with the new session.
        assert_eq!((row(ROWS, "createCase").call)(&client).await.text, OK);
        assert_eq!((portal.counts(), portal.requests()[2].header("bpmcsrf")), ([3, 2], Some("csrf-2")));
    }
}

/// Every operation with a session.
#[tokio::test]
async fn every_operation_is_repeated_once() {
    for row in ROWS.iter().filter(|row| row.id != "login") {
        for end in [Answer::empty(401), Answer::empty(403), Answer::empty(302), Answer::html(200, PAGE)] {
            let portal = portal().await;
            portal.answers([end]);
            portal.then(|_| Answer::json(404, r#"{"error":"case not found"}"#));
            let outcome = (row.call)(&connect(&portal)).await;
            assert_eq!(outcome.text, r#"Refused(Failure { error: "case not found" })"#, "{}", row.id);
            let requests = portal.requests();
            assert_eq!(portal.counts(), [2, 2], "{}", row.id);
            assert_eq!((&requests[0].method, &requests[0].target), (&requests[1].method, &requests[1].target));
            assert_eq!(requests[0].body, requests[1].body, "{}", row.id);
        }
    }
}

/// A file may be a page of its own: it is taken for one when it comes again.
#[tokio::test]
async fn a_page_can_be_downloaded() {
    let portal = portal().await;
    portal.then(|_| Answer::html(200, PAGE));
    let outcome = (row(ROWS, "downloadFile").call)(&connect(&portal)).await;
    assert_eq!(outcome.text, format!("Ok(b{PAGE:?})"));
    assert_eq!(portal.counts(), [2, 2]);
}

/// A second end in a row is the answer: a documented failure, or one that can be read.
#[tokio::test]
async fn a_second_end_is_the_answer() {
    let unreadable = "Undecodable at .: it looks like HTML or XML, not JSON";
    let failure = r#"{"error":"no session","ok":false}"#;
    let read = r#"(Some(Failure { error: "no session", ok: Some(false) }))"#;
    for (end, expect, kind) in [
        (Answer::empty(401), "Unauthorized(None)".to_owned(), ErrorKind::Authentication),
        (Answer::json(401, failure), format!("Unauthorized{read}"), ErrorKind::Authentication),
        (Answer::empty(403), "Forbidden(None)".to_owned(), ErrorKind::Permission),
        (Answer::json(403, failure), format!("Forbidden{read}"), ErrorKind::Permission),
        (Answer::html(200, PAGE), unreadable.to_owned(), ErrorKind::Undecodable),
        (Answer::empty(302), "UnexpectedStatus(302)".to_owned(), ErrorKind::Undecodable),
    ] {
        let portal = portal().await;
        portal.then(move |_| end.clone());
        let client = connect(&portal);
        for round in 1..=2 {
            let outcome = (row(ROWS, "createCase").call)(&client).await;
            assert_eq!(outcome.text, expect);
            assert_eq!(outcome.error.unwrap().kind, kind);
            assert_eq!(portal.counts(), [2 * round, 1 + round], "no loop");
        }
    }
}

/// When the server ends sessions and then refuses the sign-in, the refusal is what is told.
#[tokio::test]
async fn a_sign_in_that_is_refused_later() {
    let portal = portal().await;
    portal.answers([Answer::empty(401)]);
    portal.sign_ins([super::signed_in(1), Answer::json(200, r#"{"Code":1,"Message":"заперт","Exception":null}"#)]);
    let outcome = (row(ROWS, "createCase").call)(&connect(&portal)).await;
    assert!(outcome.text.starts_with("Session: ") && outcome.text.ends_with("saying: заперт"), "{}", outcome.text);
    assert_eq!(outcome.error.unwrap().kind, ErrorKind::Authentication);
    assert_eq!(portal.counts(), [1, 2]);
}

/// Other failures say nothing about the session.
#[tokio::test]
async fn nothing_else_is_repeated() {
    for answer in [
        Answer::json(400, r#"{"error":"number data is required","ok":false}"#),
        Answer::html(404, PAGE),
        Answer::html(500, PAGE),
        Answer::empty(307).header("location", "/0/ssp/rest/PublicWebServices/case/SR1"),
        Answer::json(200, r#"{"error":"case not found"}"#),
        Answer::bytes(200, PAGE).header("content-type", "application/json"),
        Answer::Close,
    ] {
        let portal = portal().await;
        portal.answers([answer.clone()]);
        (row(ROWS, "createCase").call)(&connect(&portal)).await.error.unwrap();
        assert_eq!(portal.counts(), [1, 1], "{answer:?}");
    }
}

/// A body in memory goes up again; a stream can't, so the refusal of the session is the answer.
#[tokio::test]
async fn uploads_are_repeated_if_they_can_be() {
    let portal = portal().await;
    portal.answers([Answer::empty(401), Answer::json(200, CREATED), Answer::empty(401), Answer::json(200, CREATED)]);
    let client = connect(&portal);
    assert_eq!((row(ROWS, "attachFile").call)(&client).await.text, OK);
    assert_eq!(portal.counts(), [2, 2]);
    assert!(portal.requests().iter().all(|request| request.body == FILE));

    let pieces = futures_util::stream::iter([Ok::<_, std::io::Error>("con"), Ok("tent")]);
    let stream = casewire::Part::stream_with_length(reqwest::Body::wrap_stream(pieces), 7);
    let upload = client.attach_file().filename("a.txt").number("SR1").body(stream);
    assert_eq!(super::outcome::outcome(upload.send().await).text, "Unauthorized(None)");
    assert_eq!(portal.counts(), [3, 3]);
    // The next call has a good session at once.
    assert_eq!((row(ROWS, "attachFile").call)(&client).await.text, OK);
    assert_eq!((portal.counts(), portal.requests()[3].header("bpmcsrf")), ([4, 3], Some("csrf-3")));
}

/// Makes 200 calls at the same time, all of which must succeed.
async fn at_once(client: &Client) {
    let mut calls = JoinSet::new();
    for _ in 0..200 {
        let client = client.clone();
        calls.spawn(async move { (row(ROWS, "createCase").call)(&client).await.text });
    }
    assert_eq!(calls.join_all().await, vec![OK; 200]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_calls_at_once_sign_in_once() {
    let portal = portal().await;
    portal.then(|_| Answer::json(200, CREATED));
    at_once(&connect(&portal)).await;
    assert_eq!(portal.counts(), [200, 1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_refused_calls_at_once_sign_in_once() {
    for end in [Answer::empty(403), Answer::html(200, PAGE)] {
        let portal = portal().await;
        portal.answers([Answer::json(200, CREATED)]);
        let client = connect(&portal);
        assert_eq!((row(ROWS, "createCase").call)(&client).await.text, OK);
        portal.then(move |request| match request.header("bpmcsrf") {
            Some("csrf-2") => Answer::json(200, CREATED),
            _ => end.clone(),
        });
        at_once(&client).await;
        let [operations, sign_ins] = portal.counts();
        assert_eq!(sign_ins, 2);
        // A call that began after the new sign-in was not refused.
        assert!((202..=401).contains(&operations), "{operations}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_calls_at_once_share_one_refusal() {
    let portal = portal().await;
    let refusal = Answer::json(200, r#"{"Code":1,"Message":"заперт","Exception":null}"#);
    portal.sign_ins(vec![refusal; 200]);
    let client = connect(&portal);
    let mut calls = JoinSet::new();
    for _ in 0..200 {
        let client = client.clone();
        calls.spawn(async move { (row(ROWS, "createCase").call)(&client).await.error.unwrap().kind });
    }
    assert_eq!(calls.join_all().await, vec![ErrorKind::Authentication; 200]);
    assert_eq!(portal.counts()[0], 0);
    // A wrong password that is tried 200 times locks the user; those that wait get the answer of the one that asked.
    assert!(portal.counts()[1] < 100, "{}", portal.counts()[1]);
}

/// A call that is dropped while it signs in doesn't take the session with it.
#[tokio::test]
async fn a_dropped_call_harms_no_other() {
    let portal = portal().await;
    portal.sign_ins([Answer::Silence]);
    portal.then(|_| Answer::json(200, CREATED));
    let client = Arc::new(connect(&portal));
    let first = tokio::spawn({
        let client = Arc::clone(&client);
        async move { client.get_case().number("SR1").send().await.map(|_| ()) }
    });
    while portal.counts() != [0, 1] {
        tokio::task::yield_now().await;
    }
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    assert_eq!((row(ROWS, "createCase").call)(&client).await.text, OK);
    assert_eq!(portal.counts(), [1, 2]);
}
