//! Sessions as a server sees them: when the client signs in, when it renews, what it
//! sends again, and when it gives up. A row of [`Stage::log`] is an operation and the status
//! it was answered with, in the order of arrival.

use std::{collections::HashSet, time::Duration};

use casewire::{
    ErrorKind, Part,
    contractor::{Auth, error::GetSelfError},
};
use casewire_sandbox::{
    Fault,
    contractor::{EXTERNAL_SYSTEM_KEY, SAMPLE_JPEG},
};
use futures_util::future::join_all;

use crate::life::common::{Staged, body, refused, sign_in_refused};
use crate::life::contractor::stage::{CALL, LINK, Stage, TASK, linked, task_done};
use crate::streams;

const SIGNED_IN: (&str, u16) = ("signIn", 200);
const RENEWED: (&str, u16) = ("renewTokens", 200);
const SELF: (&str, u16) = ("getSelf", 200);
const SELF_REFUSED: (&str, u16) = ("getSelf", 401);

#[tokio::test]
async fn the_first_call_signs_in_and_the_next_does_not() {
    let stage = Stage::start().await;
    assert_eq!(stage.log(), [], "connecting sends nothing");
    let clone = stage.ivanov.clone();
    assert_eq!(stage.ivanov.get_self().send().await.unwrap().name.as_deref(), Some("ivanov"));
    clone.get_self().send().await.unwrap();
    assert_eq!(stage.log(), [SIGNED_IN, SELF, SELF], "clones share the session");
    let words: Vec<_> = stage.sandbox.requests().into_iter().map(|request| request.scheme).collect();
    assert_eq!(words, [None, Some("x-user".to_owned()), Some("x-user".to_owned())]);
}

#[tokio::test]
async fn a_password_is_hashed_as_utf8() {
    let stage = Stage::start().await;
    assert_eq!(stage.petrova.get_self().send().await.unwrap().id, Some(8));
}

/// The name, the password, what the error says. Nothing but the sign-in is sent.
#[tokio::test]
async fn a_failed_sign_in_is_a_session_error() {
    for (name, password, expect) in [
        ("sidorov", "Locked99", "code 5: user locked"),
        ("ivanov", "Passw0rb", "code 1: invalid user name or password"),
        ("nobody", "Passw0rd", "code 1: invalid user name or password"),
    ] {
        let stage = Stage::start().await;
        let client = stage.connect(Auth::user(name, password));
        let text = sign_in_refused(client.get_self().send().await, password);
        let start = "GET /user/self (getSelf): no session: POST /user/signin (signIn): the server responded with 401";
        assert!(text.starts_with(start) && text.ends_with(expect), "{text}");
        assert_eq!(stage.log(), [("signIn", 401)], "{name}");
    }
}

/// Lets this much time go by for the client.
async fn later(seconds: u64) {
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(seconds)).await;
    tokio::time::resume();
}

/// A token that is nearly over is renewed next to the call, which goes on with the old
/// one; later calls have the new one.
#[tokio::test]
async fn a_token_is_renewed_before_it_ends() {
    let stage = Stage::start().await;
    stage.ivanov.get_self().send().await.unwrap();
    later(3_500).await;
    // So that the old token is good until the call is answered, on a busy machine too.
    stage.sandbox.fault("renewTokens", Fault::Delay(Duration::from_secs(2)));
    stage.ivanov.get_self().send().await.unwrap();
    assert_eq!(stage.log().iter().filter(|row| **row == SELF).count(), 2, "it did not wait");
    while !stage.log().contains(&RENEWED) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // The server has answered; the client still has to read that.
    tokio::time::sleep(Duration::from_millis(500)).await;
    stage.ivanov.get_self().send().await.unwrap();
    let requests = stage.sandbox.requests();
    let words: Vec<_> = requests.iter().map(|request| request.scheme.as_deref()).collect();
    assert_eq!(words.iter().filter(|word| **word == Some("x-user-service")).count(), 1);
    assert_eq!(words.iter().filter(|word| **word == Some("x-user")).count(), 3);
    assert_eq!((words[0], stage.sandbox.count("signIn")), (None, 1));
}

/// One that is over is renewed before the call.
#[tokio::test]
async fn a_token_that_is_over_is_renewed_first() {
    let stage = Stage::start().await;
    for _ in 0..3 {
        stage.ivanov.get_self().send().await.unwrap();
        later(3_601).await;
    }
    assert_eq!(stage.log(), [SIGNED_IN, SELF, RENEWED, SELF, RENEWED, SELF]);
    let requests = stage.sandbox.requests();
    let words: Vec<_> = requests.iter().map(|request| request.scheme.as_deref()).collect();
    let (access, service) = (Some("x-user"), Some("x-user-service"));
    assert_eq!(words, [None, access, service, access, service, access]);
}

/// A token that is said to live no time at all is used until it is refused: until the
/// sandbox's clock moves.
#[tokio::test]
async fn a_token_without_a_life_is_used_until_it_is_refused() {
    let stage = Stage::given(|state| state.access_lifetime_ms = Some(0)).await;
    for _ in 0..3 {
        stage.ivanov.get_self().send().await.unwrap();
    }
    stage.sandbox.state(|state| state.clock.advance(1));
    stage.ivanov.get_self().send().await.unwrap();
    assert_eq!(stage.log(), [SIGNED_IN, SELF, SELF, SELF, SELF_REFUSED, RENEWED, SELF]);
}

#[tokio::test]
async fn a_token_without_an_end_is_not_renewed() {
    let stage = Stage::given(|state| state.access_lifetime_ms = None).await;
    for _ in 0..3 {
        stage.ivanov.get_self().send().await.unwrap();
        stage.sandbox.state(|state| state.clock.advance(1_000_000_000));
    }
    assert_eq!(stage.log(), [SIGNED_IN, SELF, SELF, SELF]);
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_and_the_call_repeated() {
    let stage = Stage::start().await;
    stage.ivanov.get_self().send().await.unwrap();
    stage.sandbox.state(|state| state.clock.advance(3_600_001));
    stage.ivanov.get_self().send().await.unwrap();
    stage.ivanov.get_self().send().await.unwrap();
    assert_eq!(stage.log(), [SIGNED_IN, SELF, SELF_REFUSED, RENEWED, SELF, SELF]);
}

#[tokio::test]
async fn a_refused_service_token_is_followed_by_a_sign_in() {
    let stage = Stage::start().await;
    stage.ivanov.get_self().send().await.unwrap();
    stage.sandbox.state(|state| state.sessions.clear());
    stage.ivanov.get_self().send().await.unwrap();
    assert_eq!(stage.log(), [SIGNED_IN, SELF, SELF_REFUSED, ("renewTokens", 401), SIGNED_IN, SELF]);
}

/// The caller's own renewal takes the session's tokens away; the session finds its way back.
#[tokio::test]
async fn a_renewal_by_hand_does_no_harm() {
    let stage = Stage::start().await;
    let tokens = stage.ivanov.renew_tokens().send().await.unwrap();
    assert_eq!((tokens.access.token.expose(), tokens.access.expires_in), ("access-7-2", Some(3_600_000)));
    assert_eq!((tokens.service.token.expose(), tokens.service.expires_in), ("service-7-2", None));
    stage.ivanov.get_self().send().await.unwrap();
    assert_eq!(stage.log(), [SIGNED_IN, RENEWED, SELF_REFUSED, ("renewTokens", 401), SIGNED_IN, SELF]);
}

#[tokio::test]
async fn a_call_that_is_refused_twice_is_not_sent_a_third_time() {
    let stage = Stage::start().await;
    stage.sandbox.fault("getSelf", Fault::Unauthorized.times(9));
    let error = stage.ivanov.get_self().send().await.unwrap_err();
    assert!(matches!(error.failure(), Some(GetSelfError::Unauthorized)), "{error:?}");
    assert_eq!(error.kind(), ErrorKind::Authentication);
    assert_eq!(stage.log(), [SIGNED_IN, SELF_REFUSED, RENEWED, SELF_REFUSED]);
}

#[tokio::test]
async fn an_external_key_that_is_refused_is_not_sent_again() {
    let stage = Stage::start().await;
    let desk = stage.connect(Auth::external_system("another key"));
    assert_eq!(refused(desk.get_call().id(CALL).send().await).failure, "Unauthorized");
    assert_eq!(stage.log(), [("getCall", 401)]);
}

/// An upload from memory is sent again; a stream is used up, its call ends with the 401,
/// and the next one renews first.
#[tokio::test]
async fn an_upload_is_repeated_as_far_as_its_source_allows() {
    let upload = ("uploadCallTaskAttachment", 200);
    let refused_upload = ("uploadCallTaskAttachment", 401);
    let next = ("getSelf", 200);
    for (part, expect, log, later) in [
        (Part::bytes(SAMPLE_JPEG), None, vec![SIGNED_IN, refused_upload, RENEWED, upload], vec![next]),
        (
            Part::stream(streams::body([SAMPLE_JPEG])),
            Some("Unauthorized"),
            vec![SIGNED_IN, refused_upload],
            vec![RENEWED, next],
        ),
    ] {
        let stage = Stage::given(task_done).await;
        stage.sandbox.fault("uploadCallTaskAttachment", Fault::Unauthorized);
        let sent = stage.ivanov.upload_call_task_attachment().id(TASK).attachment(part.file_name("a.jpg")).send().await;
        match expect {
            None => assert_eq!(sent.unwrap().name.as_deref(), Some("a.jpg")),
            Some(failure) => assert_eq!(refused(sent).failure, failure),
        }
        assert_eq!(stage.log(), log);
        let stored = stage.sandbox.state(|state| state.task(TASK).unwrap().attachments.len());
        assert_eq!(stored, usize::from(expect.is_none()));
        stage.ivanov.get_self().send().await.unwrap();
        assert_eq!(stage.log(), [log, later].concat());
    }
}

#[tokio::test]
async fn both_credentials_go_where_they_belong() {
    let stage = Stage::given(linked).await;
    let both = stage.connect(Auth::user("ivanov", "Passw0rd").and_external_system(EXTERNAL_SYSTEM_KEY));
    both.get_call().id(CALL).send().await.unwrap();
    both.get_self().send().await.unwrap();
    both.get_shared_call().token(LINK).send().await.unwrap();
    let requests = stage.sandbox.requests();
    let sent: Vec<_> = requests.iter().map(|one| (one.operation.unwrap(), one.scheme.as_deref())).collect();
    let expect = [
        ("getCall", Some("x-external-system")),
        ("signIn", None),
        ("getSelf", Some("x-user")),
        ("getSharedCall", None),
    ];
    assert_eq!(sent, expect);
}

#[tokio::test]
async fn the_external_word_can_be_chosen() {
    let stage = Stage::given(|state| state.external_system_word = "x-desk".to_owned()).await;
    let auth = || Auth::external_system(EXTERNAL_SYSTEM_KEY);
    assert_eq!(refused(stage.connect(auth()).get_call().id(CALL).send().await).failure, "Unauthorized");
    stage.connect(auth().external_system_word("x-desk")).get_call().id(CALL).send().await.unwrap();
}

#[tokio::test]
async fn a_salt_is_never_used_twice() {
    let stage = Stage::start().await;
    for _ in 0..25 {
        // Once more by a client that is new, and by one whose session was taken away.
        stage.connect(Auth::user("ivanov", "Passw0rd")).get_self().send().await.unwrap();
        stage.sandbox.state(|state| state.sessions.clear());
        stage.ivanov.get_self().send().await.unwrap();
    }
    let sign_ins: HashSet<_> = stage.log().into_iter().filter(|(operation, _)| *operation == "signIn").collect();
    assert_eq!((sign_ins, stage.sandbox.count("signIn")), (HashSet::from([SIGNED_IN]), 50));
    let salts = stage.sandbox.state(|state| state.users[&7].salts.clone());
    assert_eq!(salts.len(), 50);
    assert!(salts.iter().all(|salt| (16..=24).contains(&salt.len())));
}

/// A salt that someone else has used, as the sandbox says it: another one is tried, once.
#[tokio::test]
async fn a_used_salt_is_replaced_once() {
    let used = || body(401, "application/json", r#"{"errorCode":2}"#);
    let stage = Stage::start().await;
    stage.sandbox.fault("signIn", used());
    stage.ivanov.get_self().send().await.unwrap();
    assert_eq!(stage.log(), [("signIn", 401), SIGNED_IN, SELF]);

    let stage = Stage::start().await;
    stage.sandbox.fault("signIn", used().times(9));
    let got = refused(stage.ivanov.get_self().send().await);
    assert!(got.text.ends_with("code 2: salt already used"), "{}", got.text);
    assert_eq!(stage.log(), [("signIn", 401), ("signIn", 401)]);
}

#[tokio::test]
async fn two_hundred_calls_sign_in_once_and_renew_once() {
    let stage = Stage::start().await;
    let calls = || join_all((0..200).map(|_| stage.ivanov.get_self().send()));
    for response in calls().await {
        assert_eq!(response.unwrap().id, Some(7));
    }
    assert_eq!((stage.sandbox.count("signIn"), stage.sandbox.count("getSelf")), (1, 200));

    stage.sandbox.state(|state| state.clock.advance(3_600_001));
    for response in calls().await {
        assert_eq!(response.unwrap().id, Some(7));
    }
    assert_eq!((stage.sandbox.count("signIn"), stage.sandbox.count("renewTokens")), (1, 1));
    let good = stage.log().into_iter().filter(|row| *row == SELF).count();
    assert_eq!(good, 400, "every call was answered once");
}

#[tokio::test]
async fn calls_that_wait_for_a_failing_sign_in_fail_with_it() {
    let stage = Stage::start().await;
    let sidorov = stage.connect(Auth::user("sidorov", "Locked99"));
    for response in join_all((0..50).map(|_| sidorov.get_self().send())).await {
        assert!(refused(response).text.ends_with("code 5: user locked"));
    }
    assert_eq!(stage.log(), [("signIn", 401)]);
    // The user was unlocked; but the refusal is remembered, so that no account is locked
    // by calls that keep coming.
    stage.sandbox.state(|state| state.users.get_mut(&9).unwrap().locked = false);
    let text = refused(sidorov.get_self().send().await).text;
    assert!(text.contains("no session: the sign-in was refused 0 s ago (code 5), next try in 30 s: "), "{text}");
    assert_eq!(stage.log(), [("signIn", 401)]);
    // Whoever knows better says so, or waits.
    sidorov.sign_in_now().await.unwrap();
    assert_eq!(sidorov.get_self().send().await.unwrap().id, Some(9));
    assert_eq!(stage.log(), [("signIn", 401), SIGNED_IN, SELF]);
}

#[tokio::test]
async fn a_refusal_is_forgotten_after_half_a_minute() {
    let stage = Stage::start().await;
    let sidorov = stage.connect(Auth::user("sidorov", "Locked99"));
    for (waited, sign_ins) in [(0, 1), (29, 1), (1, 2), (59, 2), (1, 3)] {
        later(waited).await;
        assert!(refused(sidorov.get_self().send().await).text.ends_with("code 5: user locked"));
        assert_eq!(stage.sandbox.count("signIn"), sign_ins);
    }
    stage.sandbox.state(|state| state.users.get_mut(&9).unwrap().locked = false);
    later(121).await;
    assert_eq!(sidorov.get_self().send().await.unwrap().id, Some(9));
}

#[tokio::test]
async fn a_lock_while_working_is_a_matter_of_permission() {
    let stage = Stage::start().await;
    stage.ivanov.get_self().send().await.unwrap();
    stage.desk.lock_user().id(7).send().await.unwrap();
    let got = refused(stage.ivanov.get_self().send().await);
    assert_eq!((got.kind, got.failure.as_str()), (ErrorKind::Permission, "Forbidden"));
    assert_eq!(stage.log(), [SIGNED_IN, SELF, ("lockUser", 204), ("getSelf", 403)], "403 is not renewed");
}

/// What goes wrong with the renewal of a token that is over leads to a sign-in; when that
/// goes wrong, too, the call fails with its reason, and the next one tries again with
/// what it has.
#[tokio::test]
async fn a_renewal_that_breaks_is_followed_by_a_sign_in() {
    for (fault, kind, status) in [
        (Fault::Drop, ErrorKind::Transport, 0),
        (Fault::Status(503), ErrorKind::Server, 503),
        (Fault::Truncate, ErrorKind::Transport, 200),
    ] {
        let stage = Stage::start().await;
        stage.ivanov.get_self().send().await.unwrap();
        later(3_601).await;
        stage.sandbox.fault("renewTokens", fault.clone());
        stage.ivanov.get_self().send().await.unwrap();
        let renewed = [SIGNED_IN, SELF, ("renewTokens", status), SIGNED_IN, SELF];
        assert_eq!(stage.log(), renewed, "{fault:?}");

        later(3_601).await;
        stage.sandbox.fault("renewTokens", fault.clone());
        stage.sandbox.fault("signIn", fault.clone());
        let got = refused(stage.ivanov.get_self().send().await);
        assert_eq!((got.operation, got.kind, got.status), ("getSelf", kind, None), "{fault:?}");
        assert!(got.text.contains("no session: POST /user/signin (signIn)"), "{}", got.text);
        assert_eq!(stage.log()[5..], [("renewTokens", status), ("signIn", status)], "{fault:?}");
        stage.ivanov.get_self().send().await.unwrap();
    }
}
