//! Who is calling, on the wire: signing in, renewing, and what a refused credential leads to.

use std::{collections::HashSet, sync::Arc};

use casewire::{
    Base64, ErrorKind,
    contractor::{Auth, OPERATIONS},
};
use sha2::{Digest, Sha256};
use support::{
    interfaces::contractor::rows::ROWS,
    outcome::outcome,
    recorder::{Lane, Recorder, Request, Response},
    row::row,
};
use tokio::{sync::Notify, task::JoinSet};

use super::{authorization, connect, everyone};

const SELF: &str = r#"{"id":7,"name":"ivanov"}"#;
const IVANOV: &str = r#"Ok(UserDto { id: Some(7), name: Some("ivanov") })"#;

/// A recorder that knows the user by any access token.
async fn start() -> Recorder {
    let recorder = Recorder::start().await;
    recorder.then(Lane::Operations, |_| Response::json(200, SELF));
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
            let outcome = row.outcome(&connect(&recorder, auth.clone())).await;
            // The same file, for the other ones.
            let instead = match (row.id, has) {
                ("getCallTaskAttachment", Some("user")) => {
                    "; the client's credential is good for GET /calltask/{id}/attachment/{attachmentId}/download \
                     (downloadCallTaskAttachment)"
                }
                ("downloadCallTaskAttachment", Some("ExternalSystemAuth")) => {
                    "; the client's credential is good for GET /calltask/{id}/attachment/{attachmentId} \
                     (getCallTaskAttachment)"
                }
                _ => "",
            };
            let expect = format!(
                "Session: {operation}: nothing was sent: it needs {}, and the client was connected without it{instead}",
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
    recorder.script(Lane::Operations, [Response::empty(401)]);
    let client = connect(&recorder, everyone());
    check(&client, 2, IVANOV).await;
    assert_eq!(recorder.counts(), [3, 1, 1]);
    assert_eq!(credentials(&recorder), ["x-user access-1", "x-user access-2", "x-user access-2"]);
    let renewal = recorder.requests(Lane::Renewals).pop().unwrap();
    assert_eq!((renewal.method.as_str(), renewal.target.as_str()), ("POST", "/api/v1/user/token"));
    assert_eq!((renewal.header("authorization"), renewal.text()), (Some("x-user-service service-1"), ""));
    // The next renewal uses the new service token.
    recorder.script(Lane::Operations, [Response::empty(401)]);
    check(&client, 1, IVANOV).await;
    assert_eq!(recorder.requests(Lane::Renewals)[1].header("authorization"), Some("x-user-service service-2"));
}

#[tokio::test]
async fn a_second_401_is_the_response() {
    let recorder = start().await;
    // Four are asked for; a client that didn't give up would come to a 200.
    recorder.script(Lane::Operations, vec![Response::empty(401); 6]);
    let client = connect(&recorder, everyone());
    let outcome = outcome(client.get_self().send().await);
    assert_eq!(outcome.text, "Unauthorized");
    assert_eq!(outcome.error.unwrap().kind, ErrorKind::Authentication);
    assert_eq!(recorder.counts(), [2, 1, 1]);
    // The body is the same when it is sent again.
    let message = client.add_user_message().id(1).body_map(|b| b.message("да")).send().await;
    assert_eq!(support::outcome::outcome(message).text, "Unauthorized");
    let requests = recorder.requests(Lane::Operations);
    assert_eq!(requests.len(), 4);
    assert_eq!((requests[2].text(), requests[3].text()), (r#"{"message":"да"}"#, r#"{"message":"да"}"#));
}

/// A renewal that did not help is not made again for half a minute, unless the operation
/// succeeds in between.
#[tokio::test]
async fn a_steady_401_costs_one_renewal() {
    let recorder = start().await;
    recorder.script(Lane::Operations, vec![Response::empty(401); 5]);
    let client = connect(&recorder, everyone());
    check(&client, 3, "Unauthorized").await;
    assert_eq!(recorder.counts(), [4, 1, 1], "the first call was sent twice, the others once");
    later(31).await;
    check(&client, 1, IVANOV).await;
    assert_eq!(recorder.counts(), [6, 1, 2]);
    recorder.script(Lane::Operations, [Response::empty(401)]);
    check(&client, 1, IVANOV).await;
    assert_eq!(recorder.counts(), [8, 1, 3]);
}

#[tokio::test]
async fn a_403_renews_nothing() {
    let recorder = start().await;
    recorder.script(Lane::Operations, [Response::empty(403)]);
    check(&connect(&recorder, everyone()), 1, "Forbidden").await;
    assert_eq!(recorder.counts(), [1, 1, 0]);
}

#[tokio::test]
async fn an_external_system_has_nothing_to_renew() {
    let recorder = start().await;
    let client = connect(&recorder, everyone());
    for row in ROWS.iter().filter(|row| authorization(row.id) == Some("x-external-system desk-key")) {
        let before = recorder.counts()[0];
        recorder.script(Lane::Operations, [Response::empty(401)]);
        let outcome = row.outcome(&client).await;
        assert!(outcome.text.starts_with("Unauthorized"), "{}: {}", row.id, outcome.text);
        assert_eq!(recorder.counts(), [before + 1, 0, 0], "{}", row.id);
    }
}

/// What may be the end of a session, and leaves open whether the operation was executed:
/// one that must not be executed twice fails, and the next call renews first; any other
/// is sent again at once.
#[tokio::test]
async fn what_may_be_the_end_of_a_session() {
    for status in [302, 303, 419, 440, 498] {
        let recorder = start().await;
        recorder
            .script(Lane::Operations, [Response::json(200, SELF), Response::empty(status), Response::empty(status)]);
        let client = connect(&recorder, everyone());
        check(&client, 1, IVANOV).await;
        let message = client.add_user_message().id(1).body_map(|b| b.message("да")).send().await;
        assert_eq!(outcome(message).text, format!("UnexpectedStatus({status})"));
        assert_eq!(recorder.counts(), [2, 1, 0], "{status}");
        check(&client, 1, IVANOV).await;
        assert_eq!(recorder.counts(), [4, 1, 2], "{status}");
        let sent = credentials(&recorder);
        assert_eq!(sent, [1, 1, 2, 3].map(|number| format!("x-user access-{number}")), "{status}");
    }
}

/// When the renewal is refused, the user signs in again, with another salt, and the call
/// is sent again.
#[tokio::test]
async fn a_refused_renewal_leads_to_a_new_sign_in() {
    let responses = [401, 403, 404, 400, 302].map(Response::empty).into_iter().chain([Response::json(200, "{}")]);
    for response in responses {
        let recorder = start().await;
        recorder.script(Lane::Operations, [Response::empty(401)]);
        recorder.script(Lane::Renewals, [response]);
        check(&connect(&recorder, everyone()), 1, IVANOV).await;
        assert_eq!(recorder.counts(), [2, 2, 1]);
        assert_eq!(credentials(&recorder), ["x-user access-1", "x-user access-2"]);
        let salts: HashSet<_> = recorder.requests(Lane::SignIns).iter().map(salt).collect();
        assert_eq!(salts.len(), 2);
    }
}

/// A sign-in with these responses makes `getSelf` fail: with an error of this kind that
/// says this, and is remembered or not.
async fn check_refused(responses: &[Response], kind: ErrorKind, says: &str, is_remembered: bool) {
    let recorder = start().await;
    recorder.script(Lane::SignIns, responses.iter().cloned());
    let client = connect(&recorder, everyone());
    let outcome = outcome(client.get_self().send().await);
    let no_session = "Session: GET /user/self (getSelf): no session: ";
    let why = outcome.text.strip_prefix(no_session).unwrap().to_owned();
    let seen = outcome.error.unwrap();
    assert_eq!((seen.kind, seen.operation, seen.status), (kind, "getSelf", None));
    assert!(why.contains(says), "{why}");
    assert_eq!(recorder.counts(), [0, responses.len(), 0]);
    // What was sent to sign in shows nowhere.
    for request in recorder.requests(Lane::SignIns) {
        for secret in [salt(&request), request.json()["hashedPassword"].as_str().unwrap().to_owned()] {
            assert!(!format!("{} {:?}", outcome.text, seen.sources).contains(&secret));
        }
    }
    if is_remembered {
        // The next call sends nothing, and says the same.
        let text = support::outcome::outcome(client.get_self().send().await).text;
        let begin = format!("{no_session}the sign-in was refused 0 s ago");
        assert!(text.starts_with(&begin) && text.ends_with(&format!(", next try in 30 s: {why}")), "{text}");
        assert_eq!(recorder.counts(), [0, responses.len(), 0]);
        client.sign_in_now().await.unwrap();
    }
    // Otherwise the next call tries anew.
    check(&client, 1, IVANOV).await;
    assert_eq!(recorder.counts(), [1, responses.len() + 1, 0]);
}

#[tokio::test]
async fn refused_sign_ins() {
    let error = |code: i64| Response::json(401, &format!(r#"{{"errorCode":{code}}}"#));
    use ErrorKind::{Authentication, Permission, RateLimited, Server, Transport, Undecodable};
    let names =
        "POST /user/signin (signIn): the server responded with 401 Unauthorized, code 1: invalid user name or password";
    check_refused(&[error(1)], Authentication, names, true).await;
    check_refused(&[error(5)], Authentication, "code 5: user locked", true).await;
    check_refused(&[error(77)], Authentication, "undocumented code 77", true).await;
    // A used salt is answered with another one, once.
    check_refused(&[error(2), error(1)], Authentication, "code 1: invalid user name or password", true).await;
    check_refused(&[error(2), error(2)], Authentication, "code 2: salt already used", true).await;
    check_refused(
        &[Response::empty(401)],
        Authentication,
        "(signIn): the server responded with 401 Unauthorized",
        true,
    )
    .await;
    check_refused(&[Response::empty(403)], Permission, "the server responded with 403", true).await;
    check_refused(&[Response::json(200, "{}")], Undecodable, "missing field `access`", false).await;
    check_refused(&[Response::empty(500)], Server, "the server responded with 500", false).await;
    check_refused(&[Response::empty(429)], RateLimited, "the server responded with 429", false).await;
    check_refused(&[Response::Close], Transport, "POST /user/signin (signIn): the connection broke", false).await;
}

#[tokio::test]
async fn a_used_salt_is_replaced() {
    let recorder = start().await;
    recorder.script(Lane::SignIns, [Response::json(401, r#"{"errorCode":2}"#)]);
    check(&connect(&recorder, everyone()), 1, IVANOV).await;
    let salts: HashSet<_> = recorder.requests(Lane::SignIns).iter().map(salt).collect();
    assert_eq!((recorder.counts(), salts.len()), ([1, 2, 0], 2));
}

/// The token is dead, and its renewal fails for another reason than a refusal: the password is
/// at hand. Only when that doesn't help either does the call fail, with the reason of the
/// sign-in.
#[tokio::test]
async fn a_failed_renewal_of_a_dead_token_leads_to_a_sign_in() {
    for failed in [Response::empty(500), Response::empty(503), Response::empty(429), Response::Close] {
        let recorder = start().await;
        recorder.script(Lane::SignIns, [1, 2].map(|number| Response::tokens(number, "100000")));
        recorder.script(Lane::SignIns, [Response::empty(500)]);
        recorder.script(Lane::Renewals, [failed.clone(), failed]);
        let client = connect(&recorder, everyone());
        check(&client, 1, IVANOV).await;
        later(101).await;
        check(&client, 1, IVANOV).await;
        assert_eq!(recorder.counts(), [2, 2, 1]);
        assert_eq!(credentials(&recorder), ["x-user access-1", "x-user access-2"]);
        later(101).await;
        let outcome = outcome(client.get_self().send().await);
        let seen = outcome.error.unwrap();
        assert_eq!((seen.kind, seen.operation), (ErrorKind::Server, "getSelf"));
        assert!(outcome.text.contains("POST /user/signin (signIn): the server responded with 500"), "{}", outcome.text);
        assert_eq!(recorder.counts(), [2, 3, 2]);
        check(&client, 1, IVANOV).await;
        assert_eq!(recorder.counts(), [3, 3, 3], "a renewal, which works again");
    }
}

/// A token is renewed when nine tenths of its life are over, next to the calls. While that
/// fails, it is good until its end, and renewing is tried again after ten seconds.
#[tokio::test]
async fn a_token_that_cannot_be_renewed_in_good_time_is_used_until_its_end() {
    let recorder = start().await;
    recorder.script(Lane::SignIns, [Response::tokens(1, "1000000")]);
    recorder.script(Lane::Renewals, [Response::empty(500), Response::Close, Response::tokens(4, "1000000")]);
    let client = connect(&recorder, everyone());
    check(&client, 1, IVANOV).await;
    later(950).await;
    check(&client, 1, IVANOV).await;
    settle(&recorder, 1).await;
    check(&client, 2, IVANOV).await;
    assert_eq!(recorder.counts(), [4, 1, 1], "not again at once");
    later(11).await;
    check(&client, 1, IVANOV).await;
    settle(&recorder, 2).await;
    assert_eq!(recorder.counts(), [5, 1, 2]);
    assert_eq!(credentials(&recorder), ["x-user access-1"; 5]);
    later(50).await;
    check(&client, 1, IVANOV).await;
    assert_eq!(recorder.counts(), [6, 1, 3]);
    assert_eq!(credentials(&recorder)[5], "x-user access-4");
}

/// Waits until so many renewals came, and were answered.
async fn settle(recorder: &Recorder, renewals: usize) {
    while recorder.counts()[2] < renewals {
        tokio::task::yield_now().await;
    }
    // Everything is on this thread, which comes to a timer only when no task is ready.
    for _ in 0..20 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

/// Moves the clock of the client.
async fn later(seconds: u64) {
    tokio::time::pause();
    tokio::time::advance(std::time::Duration::from_secs(seconds)).await;
    tokio::time::resume();
}

/// A life that is none, or can't be read, ends when the server says so.
#[tokio::test]
async fn a_token_without_a_life_is_used_until_it_is_refused() {
    for life in ["0", "-1", "-9223372036854775808", r#""3600000""#, "1.5", "{}"] {
        let recorder = start().await;
        recorder.script(Lane::SignIns, [Response::tokens(1, life)]);
        recorder.script(Lane::Renewals, (2..9).map(|number| Response::tokens(number, life)));
        let client = connect(&recorder, everyone());
        check(&client, 4, IVANOV).await;
        assert_eq!(recorder.counts(), [4, 1, 0], "{life}");
        recorder.script(Lane::Operations, [Response::empty(401)]);
        check(&client, 2, IVANOV).await;
        assert_eq!(recorder.counts(), [7, 1, 1], "{life}");
        let [first, second] = ["x-user access-1", "x-user access-2"];
        assert_eq!(credentials(&recorder), [first, first, first, first, first, second, second], "{life}");
    }
}

#[tokio::test]
async fn a_token_without_an_end_is_never_renewed() {
    for life in ["null", "9223372036854775807"] {
        let recorder = start().await;
        recorder.script(Lane::SignIns, [Response::tokens(1, life)]);
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
    recorder.script(Lane::SignIns, [Response::tokens(0, "1000")]);
    let client = connect(&recorder, everyone());
    check(&client, 1, IVANOV).await;
    tokio::time::sleep(std::time::Duration::from_millis(1_005)).await;
    at_once(&client).await;
    assert_eq!(recorder.counts(), [201, 1, 1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_refused_calls_at_once_renew_once() {
    let recorder = start().await;
    let client = connect(&recorder, everyone());
    check(&client, 1, IVANOV).await;
    recorder.then(Lane::Operations, |request| match request.header("authorization") {
        Some("x-user access-2") => Response::json(200, SELF),
        _ => Response::empty(401),
    });
    at_once(&client).await;
    let [operations, sign_ins, renewals] = recorder.counts();
    assert_eq!((sign_ins, renewals), (1, 1));
    // A call that began after the renewal was not refused.
    assert!((202..=401).contains(&operations), "{operations}");
}

/// A call that is dropped while it signs in doesn't take the sign-in with it: the others
/// get what it comes to.
#[tokio::test]
async fn a_dropped_call_harms_no_other() {
    let recorder = start().await;
    let gate = Arc::new(Notify::new());
    let Response::Reply { headers, body, .. } = Response::tokens(1, "3600000") else { panic!() };
    recorder.script(Lane::SignIns, [Response::Late(Arc::clone(&gate), headers, body)]);
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
    gate.notify_one();
    check(&client, 2, IVANOV).await;
    assert_eq!(recorder.counts(), [2, 1, 0]);
}

/// `renewTokens` is also an operation that a caller may call; the session's own tokens
/// don't come into it.
#[tokio::test]
async fn renewing_by_hand() {
    let recorder = start().await;
    recorder.script(Lane::Renewals, [Response::empty(401)]);
    let client = connect(&recorder, everyone());
    let outcome = row(ROWS, "renewTokens").outcome(&client).await;
    assert!(outcome.text.starts_with("Ok(AccessServiceTokensDto"), "{}", outcome.text);
    let services: Vec<_> =
        recorder.requests(Lane::Renewals).iter().map(|r| r.header("authorization").unwrap().to_owned()).collect();
    // Refused; the session's renewal; the retry.
    assert_eq!(services, ["x-user-service service-1", "x-user-service service-1", "x-user-service service-2"]);
    assert_eq!(recorder.counts(), [0, 1, 3]);
}
