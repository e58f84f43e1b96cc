//! The token: fetched on first use, kept for all calls, replaced once when it is refused.

use std::sync::Arc;

use casewire::{
    Error, ErrorKind, Outcome, SessionFailure,
    callback::{Auth, Client, Config, Endpoints, error},
};
use support::{interfaces::callback::rows::ROWS, outcome::outcome, recorder::Response, row::row};
use tokio::{sync::Notify, task::JoinSet};

use super::{connect, connect_with, platform, token};

const DONE: &str = r#"{"statusCode":200}"#;
const OK: &str = "Ok(Acknowledgement { status_code: 200 })";
const REFUSED: &str = r#"{"statusCode":401,"data":{"type":"Not authorized"}}"#;
const IS_REFUSED: &str =
    r#"Unauthorized(Some(Failure { data: Some(FailureDetail { type_: "Not authorized" }), status_code: 401 }))"#;

async fn commit(client: &Client) -> String {
    row(ROWS, "commitBatch").outcome(client).await.text
}

#[tokio::test]
async fn many_calls_fetch_one_token() {
    let platform = platform().await;
    platform.then(|_| Response::json(200, DONE));
    let client = connect(&platform);
    assert_eq!(platform.counts(), [0, 0], "connecting sends nothing");
    for client in [&client, &client, &client.clone()] {
        assert_eq!(commit(client).await, OK);
    }
    assert_eq!(platform.counts(), [3, 1]);
    let tokens: Vec<_> = platform.requests().iter().map(|r| r.header("x-auth-jwt-token").unwrap().to_owned()).collect();
    assert_eq!(tokens, ["tkn-1"; 3]);
    // A client of its own has a token of its own.
    assert_eq!(commit(&connect(&platform)).await, OK);
    assert_eq!((platform.counts(), platform.requests()[3].header("x-auth-jwt-token")), ([4, 2], Some("tkn-2")));
}

#[tokio::test]
async fn a_refused_token_is_replaced_once() {
    for row in ROWS.iter().filter(|row| row.id != "authenticate") {
        for body in [REFUSED, r#"{"statusCode":400,"data":{"type":"Not authorized"}}"#, "<p>", ""] {
            let platform = platform().await;
            platform.responses([Response::json(401, body)]);
            platform.then(|_| Response::json(200, r#"{"statusCode":200,"applications":[]}"#));
            let client = connect(&platform);
            let outcome = row.outcome(&client).await;
            assert!(outcome.text.starts_with("Ok("), "{}: {}", row.id, outcome.text);
            let requests = platform.requests();
            assert_eq!(platform.counts(), [2, 2], "{}", row.id);
            let tokens: Vec<_> = requests.iter().map(|request| request.header("x-auth-jwt-token")).collect();
            assert_eq!(tokens, [Some("tkn-1"), Some("tkn-2")]);
            assert_eq!((&requests[0].target, &requests[0].body), (&requests[1].target, &requests[1].body));
            row.outcome(&client).await;
            assert_eq!(platform.counts(), [3, 2], "the new token is kept");
        }
    }
}

/// A second token that is refused like the first does not lead to a third.
#[tokio::test]
async fn a_second_401_is_the_response() {
    let platform = platform().await;
    platform.then(|_| Response::json(401, REFUSED));
    let client = connect(&platform);
    for round in 1..=3 {
        let outcome = row(ROWS, "commitBatch").outcome(&client).await;
        assert_eq!(outcome.text, IS_REFUSED);
        assert_eq!(outcome.error.unwrap().kind, ErrorKind::Authentication);
        assert_eq!(platform.counts(), [1 + round, 2], "no loop, and one new token for all calls");
    }
    // Another operation may have another reason.
    row(ROWS, "reportStatus").outcome(&client).await.error.unwrap();
    assert_eq!(platform.counts(), [6, 3]);
}

const WORKS: &str = r#"{"statusCode":200,"applications":[]}"#;

/// What the first call came to, and how many requests and sign-ins came after it and
/// after another call, which works.
async fn check_renewed(id: &str, response: &Response, first: &str, expect: [[usize; 2]; 2]) {
    let platform = platform().await;
    platform.responses([response.clone()]);
    platform.then(|_| Response::json(200, WORKS));
    let client = connect(&platform);
    let text = row(ROWS, id).outcome(&client).await.text;
    assert!(text.starts_with(first), "{id} {response:?}: {text}");
    assert_eq!(platform.counts(), expect[0], "{id} {response:?}");
    assert!(row(ROWS, id).outcome(&client).await.text.starts_with("Ok("), "{id} {response:?}");
    assert_eq!(platform.counts(), expect[1], "{id} {response:?}");
    let requests = platform.requests();
    let tokens: Vec<_> = requests.iter().map(|request| request.header("x-auth-jwt-token").unwrap()).collect();
    assert_eq!((tokens[0], tokens[1]), ("tkn-1", "tkn-2"), "{id} {response:?}");
    assert!(tokens[2..].iter().all(|token| *token == "tkn-2"), "{id} {response:?}: it is kept");
}

const SIGN_IN_PAGE: &str = "<!DOCTYPE html><html><body><form><input name=password type=password></form></body></html>";

/// These prove that nothing was done, so that every operation is sent again.
#[tokio::test]
async fn a_token_that_ended() {
    for response in [
        Response::json(403, r#"{"message":"Token expired"}"#),
        Response::empty(403),
        Response::html(200, SIGN_IN_PAGE),
        Response::html(403, SIGN_IN_PAGE),
        Response::empty(302).header("location", "/Login/?ReturnUrl=%2Fapi"),
        Response::empty(307).header("location", "https://lkmsp.example/login/index.php"),
    ] {
        for id in ["commitBatch", "reportStatus", "fetchApplications"] {
            check_renewed(id, &response, "Ok(", [[2, 2], [3, 2]]).await;
        }
    }
}

/// These don't: what isn't idempotent fails, and the next call gets a token first.
#[tokio::test]
async fn a_token_that_may_have_ended() {
    for (status, location) in [(302, Some("/sso/start")), (303, None), (419, None), (440, None), (498, None)] {
        let response = match location {
            Some(location) => Response::empty(status).header("location", location),
            None => Response::empty(status),
        };
        check_renewed("fetchApplications", &response, "Ok(", [[2, 2], [3, 2]]).await;
        for id in ["commitBatch", "reportStatus"] {
            check_renewed(id, &response, &format!("UnexpectedStatus({status})"), [[1, 1], [2, 2]]).await;
        }
    }
}

/// However long it goes on, one more token is all that is fetched.
#[tokio::test]
async fn a_new_token_that_does_not_help() {
    for (status, id, first) in
        [(403, "commitBatch", 2), (403, "fetchApplications", 2), (419, "commitBatch", 1), (419, "fetchApplications", 2)]
    {
        let platform = platform().await;
        platform.then(move |_| Response::empty(status));
        let client = connect(&platform);
        for round in 0..4 {
            let text = row(ROWS, id).outcome(&client).await.text;
            assert_eq!(text, format!("UnexpectedStatus({status})"));
            let sign_ins = if (first, round) == (1, 0) { 1 } else { 2 };
            assert_eq!(platform.counts(), [first + round, sign_ins], "{id} {status}");
        }
    }
}

/// A call that failed for another reason than a refused token may have had its effect.
#[tokio::test]
async fn nothing_else_is_repeated() {
    for response in [
        Response::json(200, r#"{"statusCode":400,"data":{"type":"Application not found"}}"#),
        Response::json(400, r#"{"statusCode":200,"data":{"type":"Not authorized"}}"#),
        Response::json(418, r#"{"data":{"type":"Unauthorized"}}"#),
        Response::empty(301).header("location", "/Login"),
        Response::empty(404),
        Response::empty(500),
        Response::empty(503).header("retry-after", "0"),
        Response::html(200, "<p>"),
        Response::Close,
        Response::CutOff(br#"{"statusCode""#.to_vec()),
    ] {
        for id in ["commitBatch", "reportStatus", "fetchApplications"] {
            let platform = platform().await;
            platform.responses([response.clone()]);
            row(ROWS, id).outcome(&connect(&platform)).await.error.unwrap();
            assert_eq!(platform.counts(), [1, 1], "{id} {response:?}");
        }
    }
}

/// A body that says success is one, whatever word goes with it.
#[tokio::test]
async fn a_word_beside_success_refuses_nothing() {
    let body = r#"{"statusCode":200,"applications":[],"data":{"type":"Not authorized"}}"#;
    for id in ["commitBatch", "reportStatus", "fetchApplications"] {
        let platform = platform().await;
        platform.responses([Response::json(200, body)]);
        let text = row(ROWS, id).outcome(&connect(&platform)).await.text;
        assert!(text.starts_with("Ok("), "{id}: {text}");
        assert_eq!(platform.counts(), [1, 1], "{id}");
    }
}

/// That the token was refused, the body may say under another status, and with another
/// number: the document does both. Nothing was done then, so the call is sent again once
/// with another token.
#[tokio::test]
async fn a_body_that_refuses_the_token() {
    for response in [
        Response::json(200, REFUSED),
        Response::json(200, r#"{"statusCode":401}"#),
        Response::json(200, r#"{"statusCode":400,"data":{"type":"Not authorized"}}"#),
        Response::json(400, r#"{"statusCode":400,"data":{"type":" Not authorized "}}"#),
        Response::json(403, REFUSED),
        Response::json(200, r#"{"data":{"type":"Not authorized"}}"#),
    ] {
        for id in ["commitBatch", "reportStatus", "fetchApplications"] {
            let platform = platform().await;
            platform.responses([response.clone(), response.clone()]);
            row(ROWS, id).outcome(&connect(&platform)).await.error.unwrap();
            assert_eq!(platform.counts(), [2, 2], "{id} {response:?}: once, and not again");
            assert_eq!(platform.requests()[1].header("x-auth-jwt-token"), Some("tkn-2"));
        }
    }
}

/// … unless the server fails, or gives up, at the same time: then it isn't known what was
/// done. What may be sent again is, and the next call has another token.
#[tokio::test]
async fn a_failing_server_that_refuses_the_token() {
    for status in [408, 500, 502, 503, 504] {
        for (id, first) in [("commitBatch", [1, 1]), ("reportStatus", [1, 1]), ("fetchApplications", [2, 2])] {
            let platform = platform().await;
            platform.responses([Response::json(status, REFUSED)]);
            let client = connect(&platform);
            let outcome = row(ROWS, id).outcome(&client).await;
            assert_eq!(platform.counts(), first, "{id} {status}");
            if let Some(seen) = outcome.error {
                assert_eq!(seen.outcome, Outcome::Unknown, "{id} {status}");
            }
            let _ = row(ROWS, id).outcome(&client).await;
            assert_eq!(platform.counts(), [first[0] + 1, 2], "{id} {status}");
        }
    }
}

/// A sign-in with this response makes `commitBatch` fail: with an error of this kind, which
/// says this. If it is definitive, the next call is told so, and nothing is sent until
/// somebody asks for it.
async fn check_refused(response: Response, kind: ErrorKind, says: &str, is_definitive: bool) {
    let platform = platform().await;
    platform.sign_ins([response]);
    platform.then(|_| Response::json(200, DONE));
    let client = connect(&platform);
    let outcome = row(ROWS, "commitBatch").outcome(&client).await;
    let begin = "Session: GET /api/v1/commit/{code}/ (commitBatch): no session: ";
    let reason = "POST /api/v1/auth/ (authenticate): ";
    assert!(outcome.text.starts_with(&format!("{begin}{reason}")) && outcome.text.contains(says), "{}", outcome.text);
    let seen = outcome.error.unwrap();
    assert_eq!((seen.kind, seen.operation, seen.status), (kind, "commitBatch", None), "{}", outcome.text);
    assert!(!seen.sources.iter().any(|source| source.contains(says)), "twice: {:?}", seen.sources);
    assert_eq!(platform.counts(), [0, 1]);
    if is_definitive {
        for _ in 0..2 {
            let text = commit(&client).await;
            let told = format!("{begin}the sign-in was refused 0 s ago, next try in 30 s: {reason}");
            assert!(text.starts_with(&told) && text.contains(says), "{text}");
        }
        assert_eq!(platform.counts(), [0, 1]);
        client.sign_in_now().await.unwrap();
        assert_eq!(platform.counts(), [0, 2]);
    }
    assert_eq!(commit(&client).await, OK);
    assert_eq!(platform.counts(), [1, 2]);
}

#[tokio::test]
async fn refused_sign_ins() {
    use ErrorKind::{Authentication, Permission, RateLimited, Server, Transport, Undecodable};
    check_refused(Response::json(401, REFUSED), Authentication, "the server responded with 401 Unauthorized", true)
        .await;
    check_refused(Response::json(401, r#"{"statusCode":400}"#), Authentication, "the server responded with 401", true)
        .await;
    check_refused(Response::empty(403), Permission, "the server responded with 403", true).await;
    // Under a status that says success.
    check_refused(Response::json(200, REFUSED), Authentication, "the server responded with 200 OK", true).await;
    check_refused(
        Response::json(200, r#"{"statusCode":400}"#),
        Authentication,
        "the server responded with 200 OK",
        true,
    )
    .await;
    check_refused(Response::json(200, DONE), Undecodable, ": missing field `data`", false).await;
    let no_token = r#"{"statusCode":200,"data":{}}"#;
    check_refused(Response::json(200, no_token), Undecodable, "at data: missing field `token`", false).await;
    check_refused(Response::html(200, "<p>tkn-1"), Undecodable, "it looks like HTML or XML", false).await;
    check_refused(Response::empty(401), Authentication, "the server responded with 401", true).await;
    check_refused(Response::empty(429), RateLimited, "the server responded with 429", false).await;
    check_refused(Response::empty(500), Server, "the server responded with 500", false).await;
    check_refused(Response::Close, Transport, "the connection broke", false).await;
}

/// A status in the body that may stand for the end of the token, however it is written:
/// what may have been executed isn't sent again, and the next call has another token.
#[tokio::test]
async fn a_body_that_may_say_that_the_token_ended() {
    for body in [r#"{"statusCode":403}"#, r#"{"statusCode":"419","data":"Token expired"}"#, r#"{"statusCode":498}"#] {
        for id in ["commitBatch", "reportStatus"] {
            let platform = platform().await;
            platform.responses([Response::json(200, body), Response::json(200, DONE)]);
            let client = connect(&platform);
            row(ROWS, id).outcome(&client).await.error.unwrap();
            assert_eq!(platform.counts(), [1, 1], "{id} {body}");
            assert_eq!(commit(&client).await, OK, "{id} {body}");
            assert_eq!(platform.counts(), [2, 2], "{id} {body}");
        }
    }
    let platform = platform().await;
    platform
        .responses([Response::json(200, r#"{"statusCode":"401","data":"Not authorized"}"#), Response::json(200, DONE)]);
    assert_eq!(commit(&connect(&platform)).await, OK);
    assert_eq!(platform.counts(), [2, 2]);
}

/// A sign-in that fails for a reason that may pass, in the body, is made again by the next call.
#[tokio::test]
async fn a_sign_in_that_may_succeed_later() {
    let platform = platform().await;
    platform.sign_ins([Response::json(200, r#"{"statusCode":503}"#)]);
    platform.responses([Response::json(200, DONE)]);
    let client = connect(&platform);
    assert!(commit(&client).await.starts_with("Session: "));
    assert_eq!(commit(&client).await, OK);
    assert_eq!(platform.counts(), [1, 2]);
}

/// A caller finds the server's refusal by type.
#[tokio::test]
async fn a_refused_sign_in_can_be_looked_into() {
    let platform = platform().await;
    platform.sign_ins([Response::json(401, REFUSED)]);
    let Err(Error::Session(error)) = connect(&platform).commit_batch().code("b").send().await else { panic!() };
    let SessionFailure::Failed(sign_in) = error.reason() else { panic!("{error:?}") };
    assert_eq!(sign_in.kind(), ErrorKind::Authentication);
    let refused = error.sign_in().unwrap();
    assert_eq!((refused.status().unwrap().as_u16(), refused.body().unwrap().as_ref()), (401, REFUSED.as_bytes()));
    let Some(error::AuthenticateError::Unauthorized(Some(failure))) = refused.failure() else { panic!("{refused:?}") };
    assert_eq!(failure.data.as_ref().unwrap().type_, "Not authorized");
}

/// When the new token can't be had, that is what is told.
#[tokio::test]
async fn a_sign_in_that_is_refused_later() {
    let platform = platform().await;
    platform.sign_ins([token(1), Response::json(401, REFUSED)]);
    platform.responses([Response::json(401, REFUSED)]);
    let text = commit(&connect(&platform)).await;
    assert!(text.starts_with("Session: ") && text.contains("(authenticate): the server responded with 401"), "{text}");
    assert_eq!(platform.counts(), [1, 2]);
}

/// A token that no header can carry is an error, not another header.
#[tokio::test]
async fn a_token_that_cannot_be_sent() {
    let platform = platform().await;
    platform.sign_ins([Response::json(200, r#"{"statusCode":200,"data":{"token":"tkn-1\r\nX-Injected: 1"}}"#)]);
    let outcome = row(ROWS, "commitBatch").outcome(&connect(&platform)).await;
    let expect = "Session: GET /api/v1/commit/{code}/ (commitBatch): nothing was sent: the credential for JwtToken is not a \
                  legal header value";
    assert_eq!(outcome.text, expect);
    assert_eq!(platform.counts(), [0, 1]);
}

/// `authenticate` by hand gives a token; the session's own doesn't come into it.
#[tokio::test]
async fn signing_in_by_hand() {
    let platform = platform().await;
    platform.then(|_| Response::json(200, DONE));
    let client = connect(&platform);
    assert_eq!(commit(&client).await, OK);
    let response = client.authenticate().body_map(|b| b.login("other").password("pw")).send().await.unwrap();
    assert_eq!(response.data.token.expose(), "tkn-2");
    assert_eq!(platform.signed_in()[1].header("x-auth-jwt-token"), None);
    assert_eq!(commit(&client).await, OK);
    assert_eq!(platform.requests()[1].header("x-auth-jwt-token"), Some("tkn-1"));
}

#[tokio::test]
async fn credentials_arrive_as_data() {
    for (login, password) in [("иван@ромашка", "пароль \"\\\u{1f511}\r\n"), ("", ""), ("<a>", "{}")] {
        let platform = platform().await;
        let config = Config::new(&platform.origin()).unwrap();
        let client = Client::connect(config, Auth::user(login, password), Endpoints::default()).unwrap();
        outcome(client.commit_batch().code("b").send().await);
        assert_eq!(platform.signed_in()[0].json(), serde_json::json!({"login": login, "password": password}));
    }
}

#[tokio::test]
async fn no_sign_in_in_time() {
    let platform = platform().await;
    platform.sign_ins([Response::Silence]);
    let client = connect_with(&platform, |config| config.timeout(std::time::Duration::from_millis(20)));
    let outcome = row(ROWS, "commitBatch").outcome(&client).await;
    assert!(outcome.text.ends_with("(authenticate): gave up after 20 ms (Config::timeout)"), "{}", outcome.text);
    assert_eq!(outcome.error.unwrap().kind, ErrorKind::Timeout);
}

/// Makes 200 calls at the same time, all of which must succeed.
async fn at_once(client: &Client) {
    let mut calls = JoinSet::new();
    for _ in 0..200 {
        let client = client.clone();
        calls.spawn(async move { commit(&client).await });
    }
    assert_eq!(calls.join_all().await, vec![OK; 200]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_calls_at_once_sign_in_once() {
    let platform = platform().await;
    platform.then(|_| Response::json(200, DONE));
    at_once(&connect(&platform)).await;
    assert_eq!(platform.counts(), [200, 1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_refused_calls_at_once_sign_in_once() {
    let platform = platform().await;
    platform.responses([Response::json(200, DONE)]);
    let client = connect(&platform);
    assert_eq!(commit(&client).await, OK);
    platform.then(|request| match request.header("x-auth-jwt-token") {
        Some("tkn-2") => Response::json(200, DONE),
        _ => Response::json(401, REFUSED),
    });
    at_once(&client).await;
    let [operations, sign_ins] = platform.counts();
    assert_eq!(sign_ins, 2);
    // A call that began after the new sign-in was not refused.
    assert!((202..=401).contains(&operations), "{operations}");
}

/// A call that is dropped while it signs in doesn't take the sign-in with it: the next
/// call gets what it comes to.
#[tokio::test]
async fn a_dropped_call_harms_no_other() {
    let platform = platform().await;
    let arrived = Arc::new(Notify::new());
    let body = br#"{"statusCode":200,"data":{"token":"tkn-7"}}"#;
    platform.sign_ins([Response::Late(Arc::clone(&arrived), Vec::new(), body.to_vec())]);
    platform.then(|_| Response::json(200, DONE));
    let client = Arc::new(connect(&platform));
    let first = tokio::spawn({
        let client = Arc::clone(&client);
        async move { commit(&client).await }
    });
    while platform.counts() != [0, 1] {
        tokio::task::yield_now().await;
    }
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    arrived.notify_one();
    assert_eq!(commit(&client).await, OK);
    assert_eq!(platform.counts(), [1, 1]);
    assert_eq!(platform.requests()[0].header("x-auth-jwt-token"), Some("tkn-7"));
}
