//! Sessions that end: one new sign-in and one retry, however the end shows and
//! however many calls meet it.

use std::sync::Arc;

use casewire::{ErrorKind, Outcome, crpt::Client};
use support::{
    interfaces::Crpt,
    interfaces::crpt::rows::{FILE, ROWS},
    recorder::Response,
    row::{Row, row},
};
use tokio::{sync::Notify, task::JoinSet};

use super::{OPERATIONS, connect, cookies, portal};
use crate::streams;

const CREATED: &str = r#"{"ok":true,"data":"SR00683913"}"#;
const OK: &str = r#"Ok("SR00683913")"#;
/// Any page, and one with a field for a password.
const PAGE: &str = "<!DOCTYPE html><html>csrf-1</html>";
const SIGN_IN_PAGE: &str = "<!DOCTYPE html><html>csrf-1<input type=password></html>";

/// How the end of a session shows that proves that the operation was not executed.
fn ends() -> Vec<Response> {
    vec![
        Response::empty(401),
        Response::json(401, r#"{"error":"Authentication failed","ok":false}"#),
        Response::html(401, PAGE),
        Response::empty(403),
        Response::html(403, PAGE),
        Response::html(200, SIGN_IN_PAGE),
        Response::bytes(200, SIGN_IN_PAGE).header("content-type", "text/html; charset=utf-8"),
        Response::html(401, SIGN_IN_PAGE),
        Response::empty(302).header("location", "/Login/NuiLogin.aspx"),
        Response::html(303, PAGE).header("location", "/Login/NuiLogin.aspx"),
    ]
}

/// What only may be the end of a session.
fn doubtful_ends() -> Vec<Response> {
    vec![
        Response::html(200, PAGE),
        Response::empty(302),
        Response::html(303, SIGN_IN_PAGE).header("location", "/0/Shell/"),
        Response::empty(419),
        Response::empty(440),
        Response::empty(498),
    ]
}

#[tokio::test]
async fn an_ended_session_is_opened_anew_once() {
    for end in ends() {
        let portal = portal().await;
        portal.responses([end.clone()]);
        portal.then(|_| Response::json(200, CREATED));
        let client = connect(&portal);
        assert_eq!(row(ROWS, "createCase").outcome(&client).await.text, OK, "{end:?}");
        let requests = portal.requests();
        assert_eq!(portal.counts(), [2, 2], "{end:?}");
        assert_eq!((&requests[0].target, requests[0].text()), (&requests[1].target, requests[1].text()));
        let tokens: Vec<_> = requests.iter().map(|request| request.header("bpmcsrf")).collect();
        assert_eq!(tokens, [Some("csrf-1"), Some("csrf-2")]);
        // The next call goes on with the new session.
        assert_eq!(row(ROWS, "createCase").outcome(&client).await.text, OK);
        assert_eq!((portal.counts(), portal.requests()[2].header("bpmcsrf")), ([3, 2], Some("csrf-2")));
    }
}

/// A call with this row in a session that ends like this; it is sent so often.
async fn check_repeated(row: &Row<Crpt>, end: Response, times: usize) {
    let portal = portal().await;
    portal.responses([end.clone()]);
    portal.then(|_| Response::json(404, r#"{"error":"case not found"}"#));
    let client = connect(&portal);
    let outcome = row.outcome(&client).await;
    assert_eq!(portal.counts(), [times, times], "{} {end:?}", row.id);
    let not_found = r#"Refused(Failure { error: Some("case not found") })"#;
    if times == 1 {
        assert!(outcome.error.is_some() && outcome.text != not_found, "{} {end:?}: {}", row.id, outcome.text);
        // The next call signs in first.
        assert_eq!(row.outcome(&client).await.text, not_found, "{} {end:?}", row.id);
    } else {
        assert_eq!(outcome.text, not_found, "{} {end:?}", row.id);
    }
    let requests = portal.requests();
    assert_eq!(portal.counts(), [2, 2], "{} {end:?}", row.id);
    assert_eq!((&requests[0].method, &requests[0].target), (&requests[1].method, &requests[1].target));
    assert_eq!(requests[0].body, requests[1].body, "{}", row.id);
    assert_eq!(requests[1].header("bpmcsrf"), Some("csrf-2"), "{} {end:?}", row.id);
}

/// Every operation with a session. What may have been executed is not sent again unless
/// that does no harm.
#[tokio::test]
async fn every_operation_is_repeated_once_or_not_at_all() {
    for row in ROWS.iter().filter(|row| row.id != "login") {
        let operation = OPERATIONS.iter().find(|one| one.id == row.id).unwrap();
        for end in ends() {
            check_repeated(row, end, 2).await;
        }
        for end in doubtful_ends() {
            // Any page may be the file.
            if !(operation.downloads && matches!(end, Response::Reply { status: 200, .. })) {
                check_repeated(row, end, if operation.idempotent { 2 } else { 1 }).await;
            }
        }
    }
}

/// A file may be a page of its own.
#[tokio::test]
async fn a_page_can_be_downloaded() {
    let portal = portal().await;
    portal.then(|_| Response::html(200, PAGE));
    let outcome = row(ROWS, "downloadFile").outcome(&connect(&portal)).await;
    assert_eq!(outcome.text, format!("Ok(b{PAGE:?})"));
    assert_eq!(portal.counts(), [1, 1]);
}

/// A second end in a row is the response: a documented failure, or one that can be read.
/// Further ones cost no sign-in.
#[tokio::test]
async fn a_second_end_is_the_response() {
    use ErrorKind::{Authentication, InvalidRequest, Permission, Undecodable};
    let unreadable = "Undecodable at .: it looks like HTML or XML, not JSON";
    let failure = r#"{"error":"no session","ok":false}"#;
    let read = r#"(Some(Failure { error: Some("no session"), ok: Some(false) }))"#;
    let login = Response::empty(302).header("location", "/Login/NuiLogin.aspx");
    let refused = |text: &str, kind| (text.to_owned(), kind, Outcome::Refused);
    let unknown = |text: &str| (text.to_owned(), Undecodable, Outcome::Unknown);
    for (end, told, is_proof) in [
        (Response::empty(401), refused("Unauthorized(None)", Authentication), true),
        (Response::json(401, failure), refused(&format!("Unauthorized{read}"), Authentication), true),
        (Response::empty(403), refused("Forbidden(None)", Permission), true),
        (Response::json(403, failure), refused(&format!("Forbidden{read}"), Permission), true),
        (login, refused("UnexpectedStatus(302)", Authentication), true),
        (Response::html(200, SIGN_IN_PAGE), refused("Undecodable at .: it is the sign-in page", Authentication), true),
        (Response::html(200, PAGE), unknown(unreadable), false),
        (Response::empty(302), unknown("UnexpectedStatus(302)"), false),
        // Any 4xx says that the operation was not executed; only that it is the session's
        // end is open.
        (Response::empty(419), refused("UnexpectedStatus(419)", InvalidRequest), false),
    ] {
        for (id, is_sent_again) in [("createCase", is_proof), ("getCase", true)] {
            let portal = portal().await;
            let response = end.clone();
            portal.then(move |_| response.clone());
            let client = connect(&portal);
            let counts = if is_sent_again { [[2, 2], [3, 2], [4, 2]] } else { [[1, 1], [2, 2], [3, 2]] };
            for counts in counts {
                let outcome = row(ROWS, id).outcome(&client).await;
                let seen = outcome.error.unwrap();
                assert_eq!((outcome.text, seen.kind, seen.outcome), told, "{id} {end:?}");
                assert_eq!(portal.counts(), counts, "no loop: {id} {end:?}");
            }
        }
    }
}

/// Whether a permission is missing or the session has ended, 403 doesn't tell: the client
/// signs in again once for each operation, and then believes it.
#[tokio::test]
async fn a_steady_403_costs_one_sign_in_for_each_operation() {
    let portal = portal().await;
    portal.then(|_| Response::empty(403));
    let client = connect(&portal);
    for (id, counts) in [("getCase", [21, 2]), ("createCase", [42, 3]), ("getCase", [62, 3])] {
        for _ in 0..20 {
            assert_eq!(row(ROWS, id).outcome(&client).await.text, "Forbidden(None)");
        }
        assert_eq!(portal.counts(), counts, "{id}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_403_for_many_calls_at_once_costs_one_sign_in() {
    let portal = portal().await;
    portal.then(|_| Response::empty(403));
    let client = connect(&portal);
    let mut calls = JoinSet::new();
    for _ in 0..20 {
        let client = client.clone();
        calls.spawn(async move { row(ROWS, "createCase").outcome(&client).await.text });
    }
    assert_eq!(calls.join_all().await, vec!["Forbidden(None)"; 20]);
    let [operations, sign_ins] = portal.counts();
    assert_eq!(sign_ins, 2);
    // A call that began after the new sign-in was not sent again.
    assert!((21..=40).contains(&operations), "{operations}");
}

/// What is forbidden for some calls and allowed for others costs no sign-in whenever it
/// alternates; a new session that has helped is as good a reason for the next one as any.
#[tokio::test]
async fn a_success_between_two_403() {
    let portal = portal().await;
    let (forbidden, created) = (Response::empty(403), Response::json(200, CREATED));
    portal.responses([&forbidden, &created, &forbidden, &forbidden, &created, &forbidden, &created].map(Clone::clone));
    let client = connect(&portal);
    for (expect, counts) in
        [(OK, [2, 2]), ("Forbidden(None)", [4, 3]), (OK, [5, 3]), ("Forbidden(None)", [6, 3]), (OK, [7, 3])]
    {
        assert_eq!(row(ROWS, "createCase").outcome(&client).await.text, expect);
        assert_eq!(portal.counts(), counts);
    }
}

/// When the server ends sessions and then refuses the sign-in, the refusal is what is told.
#[tokio::test]
async fn a_sign_in_that_is_refused_later() {
    let portal = portal().await;
    portal.responses([Response::empty(401)]);
    portal.sign_ins([super::signed_in(1), Response::json(200, r#"{"Code":1,"Message":"заперт","Exception":null}"#)]);
    let outcome = row(ROWS, "createCase").outcome(&connect(&portal)).await;
    assert!(outcome.text.starts_with("Session: ") && outcome.text.ends_with("saying: заперт"), "{}", outcome.text);
    assert_eq!(outcome.error.unwrap().kind, ErrorKind::Authentication);
    assert_eq!(portal.counts(), [1, 2]);
}

/// Other failures say nothing about the session.
#[tokio::test]
async fn nothing_else_is_repeated() {
    for response in [
        Response::json(400, r#"{"error":"number data is required","ok":false}"#),
        Response::html(404, PAGE),
        Response::html(500, PAGE),
        Response::empty(307).header("location", "/0/ssp/rest/PublicWebServices/case/SR1"),
        Response::json(200, r#"{"error":"case not found"}"#),
        Response::html(200, r#"{"error":"case not found"}"#),
        Response::Close,
    ] {
        let portal = portal().await;
        portal.responses([response.clone()]);
        row(ROWS, "createCase").outcome(&connect(&portal)).await.error.unwrap();
        assert_eq!(portal.counts(), [1, 1], "{response:?}");
    }
}

/// A body in memory is uploaded again; a stream can't, so the refusal of the session is the response.
#[tokio::test]
async fn uploads_are_repeated_if_they_can_be() {
    let portal = portal().await;
    portal.responses([
        Response::empty(401),
        Response::json(200, CREATED),
        Response::empty(401),
        Response::json(200, CREATED),
    ]);
    let client = connect(&portal);
    assert_eq!(row(ROWS, "attachFile").outcome(&client).await.text, OK);
    assert_eq!(portal.counts(), [2, 2]);
    assert!(portal.requests().iter().all(|request| request.body == FILE));

    let stream = casewire::Part::stream_with_length(streams::body(["con", "tent"]), 7);
    let upload = client.attach_file().filename("a.txt").number("SR1").body(stream);
    assert_eq!(support::outcome::outcome(upload.send().await).text, "Unauthorized(None)");
    assert_eq!(portal.counts(), [3, 2]);
    // The next call begins with a new session.
    assert_eq!(row(ROWS, "attachFile").outcome(&client).await.text, OK);
    assert_eq!((portal.counts(), portal.requests()[3].header("bpmcsrf")), ([4, 3], Some("csrf-3")));
}

/// Makes 200 calls at the same time, all of which must succeed.
async fn at_once(client: &Client) {
    let mut calls = JoinSet::new();
    for _ in 0..200 {
        let client = client.clone();
        calls.spawn(async move { row(ROWS, "createCase").outcome(&client).await.text });
    }
    assert_eq!(calls.join_all().await, vec![OK; 200]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_calls_at_once_sign_in_once() {
    let portal = portal().await;
    portal.then(|_| Response::json(200, CREATED));
    at_once(&connect(&portal)).await;
    assert_eq!(portal.counts(), [200, 1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_refused_calls_at_once_sign_in_once() {
    for end in [Response::empty(403), Response::html(200, SIGN_IN_PAGE)] {
        let portal = portal().await;
        portal.responses([Response::json(200, CREATED)]);
        let client = connect(&portal);
        assert_eq!(row(ROWS, "createCase").outcome(&client).await.text, OK);
        portal.then(move |request| match request.header("bpmcsrf") {
            Some("csrf-2") => Response::json(200, CREATED),
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
    let refusal = Response::json(200, r#"{"Code":1,"Message":"заперт","Exception":null}"#);
    portal.sign_ins(vec![refusal; 200]);
    let client = connect(&portal);
    let mut calls = JoinSet::new();
    for _ in 0..200 {
        let client = client.clone();
        calls.spawn(async move { row(ROWS, "createCase").outcome(&client).await.error.unwrap().kind });
    }
    assert_eq!(calls.join_all().await, vec![ErrorKind::Authentication; 200]);
    // A wrong password that is tried 200 times locks the user; those that come later are
    // told what was said before.
    assert_eq!(portal.counts(), [0, 1]);
}

/// A call that is dropped while it signs in doesn't take the sign-in with it: others go
/// on with what comes of it.
#[tokio::test]
async fn a_dropped_call_harms_no_other() {
    let portal = portal().await;
    let gate = Arc::new(Notify::new());
    let set = cookies(1).into_iter().map(|cookie| ("set-cookie".to_owned(), format!("{cookie}; path=/"))).collect();
    portal.sign_ins([Response::Late(Arc::clone(&gate), set, super::SIGNED_IN.into())]);
    portal.then(|_| Response::json(200, CREATED));
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
    let create = row(ROWS, "createCase");
    let (created, ()) = tokio::join!(create.outcome(&client), async { gate.notify_one() });
    assert_eq!(created.text, OK);
    assert_eq!(portal.counts(), [1, 1], "one sign-in, which the dropped call began");
}
