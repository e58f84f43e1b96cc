//! Who is calling, on the wire: signing in, renewing, and what a refused credential leads to.

use std::{collections::HashSet, sync::Arc};

use casewire::{
    Base64, ErrorKind,
    contractor::{Auth, OPERATIONS},
};
use sha2::{Digest, Sha256};
use tokio::task::JoinSet;

use super::{
    connect, everyone,
    outcome::outcome,
    rows::{ROWS, row},
    support::recorder::{Answer, Lane, Recorder, Request},
};

const SELF: &str = r#"{"id":7,"name":"ivanov"}"#;
const IVANOV: &str = r#"Ok(UserDto { id: Some(7), name: Some("ivanov") })"#;

/// A recorder that knows the user by any access token.
async fn start() -> Recorder {
    let recorder = Recorder::start().await;
    recorder.then(Lane::Operations, |_| Answer::json(200, SELF));
    recorder
}

/// What `getSelf` comes to, time after time.
async fn check(client: &casewire::contractor::Client, times: usize, expect: &str) {
    for _ in 0..times {
        assert_eq!(outcome(client.get_self().send().await).text, expect);
    }
}

/// The `Authorization` of each operation that came.
fn credentials(recorder: &Recorder) -> Vec<String> {
    let authorization = |request: &Request| request.header("authorization").unwrap_or("-").to_owned();
    recorder.requests(Lane::Operations).iter().map(authorization).collect()
}

/// Checks a sign-in of `Passw0rd` against the formula of the document, and gives the salt.
fn salt(request: &Request) -> String {
    let body = request.json();
    assert_eq!(body.as_object().unwrap().len(), 3);
    assert_eq!(body["userName"], "ivanov");
    let salt = body["salt"].as_str().unwrap();
    assert!((16..=32).contains(&salt.len()), "{salt} has the documented number of characters");
    let bytes: Base64 = salt.parse().unwrap();
    assert!((16..=32).contains(&bytes.as_bytes().len()), "{salt} has the documented number of bytes");
    let mut salted = Sha256::digest("Passw0rd").to_vec();
    salted.extend(bytes.as_bytes());
    assert_eq!(body["hashedPassword"], Base64::from(Sha256::digest(salted).to_vec()).encoded());
    assert_eq!(request.header("authorization"), None);
    salt.to_owned()
}

#[tokio::test]
async fn many_calls_sign_in_once() {
    let recorder = start().await;
    let client = connect(&recorder, everyone());
    assert_eq!(recorder.counts(), [0, 0, 0], "connecting sends nothing");
    check(&client, 3, IVANOV).await;
    check(&client.clone(), 2, IVANOV).await;
    assert_eq!(recorder.counts(), [5, 1, 0]);
    assert_eq!(credentials(&recorder), ["x-user access-1"; 5]);
    salt(&recorder.requests(Lane::SignIns)[0]);
    assert_eq!(recorder.requests(Lane::SignIns)[0].target, "/api/v1/user/signin");
}

#[tokio::test]
async fn every_session_has_a_salt_of_its_own() {
    let recorder = start().await;
    for _ in 0..20 {
        check(&connect(&recorder, everyone()), 1, IVANOV).await;
    }
    let salts: HashSet<_> = recorder.requests(Lane::SignIns).iter().map(salt).collect();
    assert_eq!(salts.len(), 20);
}

#[tokio::test]
async fn what_is_not_configured_is_not_sent() {
    for (auth, has) in [
        (Auth::anonymous(), None),
        (Auth::external_system("desk-key"), Some("ExternalSystemAuth")),
        (Auth::user("ivanov", "Passw0rd"), Some("user")),
    ] {
        for row in ROWS {
            let recorder = Recorder::start().await;
            let operation = *OPERATIONS.iter().find(|operation| operation.id == row.id).unwrap();
            let Some(scheme) = operation.security else { continue };
            if has == Some(scheme.name) || has == Some("user") && scheme.name != "ExternalSystemAuth" {
                continue;
            }
            let outcome = (row.call)(&connect(&recorder, auth.clone())).await;
            let expect = format!(
                "Session: {operation}: nothing was sent: it needs {}, and the client was connected without it",
                scheme.name,
            );
            assert_eq!(outcome.text, expect);
            let seen = outcome.error.unwrap();
            assert_eq!((seen.kind, seen.status), (ErrorKind::Authentication, None));
            assert_eq!(recorder.counts(), [0, 0, 0], "{}", row.id);
        }
    }
}

#[tokio::test]
async fn a_credential_that_is_not_a_header_value_is_not_sent() {
    let recorder = start().await;
    let client = connect(&recorder, Auth::external_system("desk-key\r\nX-Injected: 1"));
    let outcome = outcome(client.get_call().id(1).send().await);
    let expect = "Session: GET /call/{id} (getCall): nothing was sent: the credential for ExternalSystemAuth is not a legal \
                  header value";
    assert_eq!(outcome.text, expect);
    assert_eq!(recorder.counts(), [0, 0, 0]);
}

#[tokio::test]
async fn a_401_renews_once_and_repeats_once() {
    let recorder = start().await;
    recorder.script(Lane::Operations, [Answer::empty(401)]);
    let client = connect(&recorder, everyone());
    check(&client, 2, IVANOV).await;
    assert_eq!(recorder.counts(), [3, 1, 1]);
    assert_eq!(credentials(&recorder), ["x-user access-1", "x-user access-2", "x-user access-2"]);
    let renewal = recorder.requests(Lane::Renewals).pop().unwrap();
    assert_eq!((renewal.method.as_str(), renewal.target.as_str()), ("POST", "/api/v1/user/token"));
    assert_eq!((renewal.header("authorization"), renewal.text()), (Some("x-user-service service-1"), ""));
    // The next renewal uses the new service token.
    recorder.script(Lane::Operations, [Answer::empty(401)]);
    check(&client, 1, IVANOV).await;
    assert_eq!(recorder.requests(Lane::Renewals)[1].header("authorization"), Some("x-user-service service-2"));
}

#[tokio::test]
async fn a_second_401_is_the_answer() {
    let recorder = start().await;
    // Four are asked for; a client that didn't give up would come to a 200.
    recorder.script(Lane::Operations, vec![Answer::empty(401); 6]);
    let client = connect(&recorder, everyone());
    let outcome = outcome(client.get_self().send().await);
    assert_eq!(outcome.text, "Unauthorized");
    assert_eq!(outcome.error.unwrap().kind, ErrorKind::Authentication);
    assert_eq!(recorder.counts(), [2, 1, 1]);
    // A repeated body is the same body.
    let message = client.add_user_message().id(1).body_map(|b| b.message("да")).send().await;
    assert_eq!(super::outcome::outcome(message).text, "Unauthorized");
    let requests = recorder.requests(Lane::Operations);
    assert_eq!(requests.len(), 4);
    assert_eq!((requests[2].text(), requests[3].text()), (r#"{"message":"да"}"#, r#"{"message":"да"}"#));
}

#[tokio::test]
async fn a_403_renews_nothing() {
    let recorder = start().await;
    recorder.script(Lane::Operations, [Answer::empty(403)]);
    check(&connect(&recorder, everyone()), 1, "Forbidden").await;
    assert_eq!(recorder.counts(), [1, 1, 0]);
}

#[tokio::test]
async fn an_external_system_has_nothing_to_renew() {
    let recorder = start().await;
    let client = connect(&recorder, everyone());
    for row in ROWS.iter().filter(|row| row.authorization == Some("x-external-system desk-key")) {
        let before = recorder.counts()[0];
        recorder.script(Lane::Operations, [Answer::empty(401)]);
        let outcome = (row.call)(&client).await;
        assert!(outcome.text.starts_with("Unauthorized"), "{}: {}", row.id, outcome.text);
        assert_eq!(recorder.counts(), [before + 1, 0, 0], "{}", row.id);
    }
}

/// When the renewal is refused, the user signs in again, with another salt, and the call is repeated.
#[tokio::test]
async fn a_refused_renewal_leads_to_a_new_sign_in() {
    let answers = [401, 403, 404, 400, 302].map(Answer::empty).into_iter().chain([Answer::json(200, "{}")]);
    for answer in answers {
        let recorder = start().await;
        recorder.script(Lane::Operations, [Answer::empty(401)]);
        recorder.script(Lane::Renewals, [answer]);
        check(&connect(&recorder, everyone()), 1, IVANOV).await;
        assert_eq!(recorder.counts(), [2, 2, 1]);
        assert_eq!(credentials(&recorder), ["x-user access-1", "x-user access-2"]);
        let salts: HashSet<_> = recorder.requests(Lane::SignIns).iter().map(salt).collect();
        assert_eq!(salts.len(), 2);
    }
}

/// A sign-in with these answers makes `getSelf` fail: with an error of this kind, above these.
async fn check_refused(answers: &[Answer], kind: ErrorKind, source: &str) {
    let recorder = start().await;
    recorder.script(Lane::SignIns, answers.iter().cloned());
    let client = connect(&recorder, everyone());
    let outcome = outcome(client.get_self().send().await);
    assert!(outcome.text.starts_with("Session: GET /user/self (getSelf): no session: "), "{}", outcome.text);
    let seen = outcome.error.unwrap();
    assert_eq!((seen.kind, seen.operation, seen.status), (kind, "getSelf", None));
    assert!(seen.sources[0].contains(source), "{:?}", seen.sources);
    assert_eq!(recorder.counts(), [0, answers.len(), 0]);
    // What was sent to sign in shows nowhere.
    for request in recorder.requests(Lane::SignIns) {
        for secret in [salt(&request), request.json()["hashedPassword"].as_str().unwrap().to_owned()] {
            assert!(!format!("{} {:?}", outcome.text, seen.sources).contains(&secret));
        }
    }
    // The next call tries anew.
    check(&client, 1, IVANOV).await;
}

#[tokio::test]
async fn refused_sign_ins() {
    let error = |code: i64| Answer::json(401, &format!(r#"{{"errorCode":{code}}}"#));
    use ErrorKind::{Authentication, Permission, Server, Transport, Undecodable};
    let names =
        "POST /user/signin (signIn): the server answered 401 Unauthorized, code 1: invalid user name or password";
    check_refused(&[error(1)], Authentication, names).await;
    check_refused(&[error(5)], Authentication, "code 5: user locked").await;
    check_refused(&[error(77)], Authentication, "undocumented code 77").await;
    // A used salt is answered with another one, once.
    check_refused(&[error(2), error(1)], Authentication, "code 1: invalid user name or password").await;
    check_refused(&[error(2), error(2)], Authentication, "code 2: salt already used").await;
    check_refused(&[Answer::empty(401)], Authentication, "401 Unauthorized answer (no content type) at .: it is empty")
        .await;
    check_refused(&[Answer::json(200, "{}")], Undecodable, "missing field `access`").await;
    check_refused(&[Answer::empty(500)], Server, "the server answered 500").await;
    check_refused(&[Answer::empty(403)], Permission, "the server answered 403").await;
    check_refused(&[Answer::Close], Transport, "POST /user/signin (signIn): the connection broke").await;
}

#[tokio::test]
async fn a_used_salt_is_replaced() {
    let recorder = start().await;
    recorder.script(Lane::SignIns, [Answer::json(401, r#"{"errorCode":2}"#)]);
    check(&connect(&recorder, everyone()), 1, IVANOV).await;
    let salts: HashSet<_> = recorder.requests(Lane::SignIns).iter().map(salt).collect();
    assert_eq!((recorder.counts(), salts.len()), ([1, 2, 0], 2));
}

/// A renewal that fails otherwise than by a refusal doesn't sign in: the server is ill, not the token.
#[tokio::test]
async fn a_failed_renewal_is_an_error() {
    let recorder = start().await;
    recorder.script(Lane::SignIns, [Answer::tokens(1, "0")]);
    recorder.script(Lane::Renewals, [Answer::empty(500)]);
    let client = connect(&recorder, everyone());
    check(&client, 1, IVANOV).await;
    let outcome = outcome(client.get_self().send().await);
    let seen = outcome.error.unwrap();
    assert_eq!((seen.kind, seen.operation), (ErrorKind::Server, "getSelf"));
    assert!(seen.sources[0].contains("POST /user/token (renewTokens): the server answered 500"), "{:?}", seen.sources);
    assert_eq!(recorder.counts(), [1, 1, 1]);
    check(&client, 1, IVANOV).await;
}

/// A token is renewed when nine tenths of its life are over. While that fails it is good until its end.
#[tokio::test]
async fn a_token_that_cannot_be_renewed_in_good_time_is_used_until_its_end() {
    let recorder = start().await;
    recorder.script(Lane::SignIns, [Answer::tokens(1, "100000")]);
    recorder
        .script(Lane::Renewals, [Answer::empty(500), Answer::Close, Answer::empty(500), Answer::tokens(4, "100000")]);
    let client = connect(&recorder, everyone());
    check(&client, 1, IVANOV).await;
    later(95).await;
    check(&client, 2, IVANOV).await;
    assert_eq!(recorder.counts(), [3, 1, 2]);
    assert_eq!(credentials(&recorder), ["x-user access-1"; 3]);
    later(10).await;
    let seen = outcome(client.get_self().send().await).error.unwrap();
    assert_eq!((seen.kind, recorder.counts()), (ErrorKind::Server, [3, 1, 3]));
    check(&client, 1, IVANOV).await;
    assert_eq!(credentials(&recorder)[3], "x-user access-4");
}

/// Moves the clock of the client.
async fn later(seconds: u64) {
    tokio::time::pause();
    tokio::time::advance(std::time::Duration::from_secs(seconds)).await;
    tokio::time::resume();
}

#[tokio::test]
async fn a_token_that_is_stale_at_once_is_renewed_before_each_further_call() {
    for life in ["0", "-1"] {
        let recorder = start().await;
        recorder.script(Lane::SignIns, [Answer::tokens(1, life)]);
        recorder.script(Lane::Renewals, (2..9).map(|number| Answer::tokens(number, life)));
        check(&connect(&recorder, everyone()), 4, IVANOV).await;
        assert_eq!(recorder.counts(), [4, 1, 3]);
        assert_eq!(
            credentials(&recorder),
            ["x-user access-1", "x-user access-2", "x-user access-3", "x-user access-4"]
        );
    }
}

#[tokio::test]
async fn a_token_without_an_end_is_never_renewed() {
    for life in ["null", "9223372036854775807"] {
        let recorder = start().await;
        recorder.script(Lane::SignIns, [Answer::tokens(1, life)]);
        check(&connect(&recorder, everyone()), 20, IVANOV).await;
        assert_eq!(recorder.counts(), [20, 1, 0]);
    }
}

/// Makes 200 calls at the same time, all of which must succeed.
async fn at_once(client: &casewire::contractor::Client) {
    let mut calls = JoinSet::new();
    for _ in 0..200 {
        let client = client.clone();
        calls.spawn(async move { outcome(client.get_self().send().await).text });
    }
    assert_eq!(calls.join_all().await, vec![IVANOV; 200]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_calls_at_once_sign_in_once() {
    let recorder = start().await;
    at_once(&connect(&recorder, everyone())).await;
    assert_eq!(recorder.counts(), [200, 1, 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_calls_at_once_renew_an_expired_session_once() {
    let recorder = start().await;
    recorder.script(Lane::SignIns, [Answer::tokens(0, "0")]);
    let client = connect(&recorder, everyone());
    check(&client, 1, IVANOV).await;
    at_once(&client).await;
    assert_eq!(recorder.counts(), [201, 1, 1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_refused_calls_at_once_renew_once() {
    let recorder = start().await;
    let client = connect(&recorder, everyone());
    check(&client, 1, IVANOV).await;
    recorder.then(Lane::Operations, |request| match request.header("authorization") {
        Some("x-user access-2") => Answer::json(200, SELF),
        _ => Answer::empty(401),
    });
    at_once(&client).await;
    let [operations, sign_ins, renewals] = recorder.counts();
    assert_eq!((sign_ins, renewals), (1, 1));
    // A call that began after the renewal was not refused.
    assert!((202..=401).contains(&operations), "{operations}");
}

/// A call that is dropped while it signs in doesn't take the session with it.
#[tokio::test]
async fn a_dropped_call_harms_no_other() {
    let recorder = start().await;
    recorder.script(Lane::SignIns, [Answer::Silence]);
    let client = Arc::new(connect(&recorder, everyone()));
    let first = tokio::spawn({
        let client = Arc::clone(&client);
        async move { client.get_self().send().await.map(|_| ()) }
    });
    while recorder.counts() != [0, 1, 0] {
        tokio::task::yield_now().await;
    }
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    check(&client, 2, IVANOV).await;
    assert_eq!(recorder.counts(), [2, 2, 0]);
}

/// `renewTokens` is also an operation that a caller may call; the session's own tokens don't come into it.
#[tokio::test]
async fn renewing_by_hand() {
    let recorder = start().await;
    recorder.script(Lane::Renewals, [Answer::empty(401)]);
    let client = connect(&recorder, everyone());
    let outcome = (row("renewTokens").call)(&client).await;
    assert!(outcome.text.starts_with("Ok(AccessServiceTokensDto"), "{}", outcome.text);
    let services: Vec<_> =
        recorder.requests(Lane::Renewals).iter().map(|r| r.header("authorization").unwrap().to_owned()).collect();
    // Refused; the session's renewal; the repetition.
    assert_eq!(services, ["x-user-service service-1", "x-user-service service-1", "x-user-service service-2"]);
    assert_eq!(recorder.counts(), [0, 1, 3]);
}
