//! Signing in next to the calls: what outlives the call that began it, what a refusal
//! costs, what ends with the client; and responses that drip, which no limit of a transfer
//! holds up.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use casewire::{
    Error, ErrorKind, Failure, Part, SessionFailure, UserPassword,
    callback::{self, Endpoints},
    contractor::{Auth, Client},
    crpt,
};
use futures_util::future::{BoxFuture, join_all};
use support::raw::{
    Play, Raw, Response,
    Step::{Body, Drip, Hang, Head, Meet, Pause, Send},
};
use tokio::{
    sync::Barrier,
    time::{Instant, sleep, timeout},
};

use super::{
    calls::{CASE, SIGN_INS, TASK, desk, organisation, participant, told_error},
    config,
    limits::{LIMIT, PATIENCE},
    policy,
};

/// What any of the calls here takes.
fn good() -> Play {
    let body = r#"{"id":7,"ok":true,"data":"03c6a743","statusCode":200,"applications":[]}"#;
    Play::response(&Response::new(200, body).last())
}

async fn start() -> Raw {
    Raw::start(SIGN_INS, good()).await
}

/// A sign-in that is answered so.
fn answered(status: u16, body: &'static str) -> Play {
    let response = Response::new(status, body).header("content-type", "application/json");
    Play::of([Send(response.last().bytes())])
}

/// What a call came to, and what it says.
fn told<T, E: Failure>(result: Result<T, Error<E>>) -> (String, String) {
    match result {
        Ok(_) => ("ok".to_owned(), String::new()),
        Err(e) => (format!("{} {}", told_error(&e), e.outcome()), e.to_string()),
    }
}

type Signed = Result<(), SessionFailure>;
type Calling = dyn Fn(Option<Duration>) -> BoxFuture<'static, (String, String)>;

/// A client of an interface that signs in: a call, the same within a limit, and what
/// signs in at once.
struct Signing {
    name: &'static str,
    call: Box<Calling>,
    now: Box<dyn Fn() -> BoxFuture<'static, Signed>>,
    shutdown: Box<dyn Fn(Duration) -> BoxFuture<'static, ()>>,
    /// How a sign-in is refused.
    refused: Play,
    /// As in [`SIGN_INS`].
    sign_in: usize,
}

macro_rules! signing {
    ($name:literal, $client:expr, $sign_in:literal, $refused:expr, |$c:ident| $call:expr) => {{
        let client = $client.unwrap();
        let (one, two) = (client.clone(), client.clone());
        Signing {
            name: $name,
            call: Box::new(move |limit| {
                let $c = limit.map_or_else(|| client.clone(), |limit| client.within(limit));
                Box::pin(async move { told($call.send().await) })
            }),
            now: Box::new(move || {
                let client = one.clone();
                Box::pin(async move { client.sign_in_now().await })
            }),
            shutdown: Box::new(move |deadline| {
                let client = two.clone();
                Box::pin(async move { client.shutdown(deadline).await })
            }),
            refused: $refused,
            sign_in: $sign_in,
        }
    }};
}

fn everyone(raw: &Raw) -> [Signing; 3] {
    let code = r#"{"Code":1,"Message":"Invalid","Exception":null,"PasswordChangeUrl":null,"RedirectUrl":null}"#;
    [
        signing!(
            "contractor",
            Client::connect(config(raw), Auth::user("ivanov", "Passw0rd")),
            0,
            answered(401, r#"{"errorCode":5}"#),
            |client| client.get_self()
        ),
        signing!("crpt", crpt::Client::connect(config(raw), participant()), 2, answered(200, code), |client| {
            client.add_message().body_map(|body| body.number(CASE).message("да"))
        }),
        signing!(
            "callback",
            callback::Client::connect(config(raw), organisation(), Endpoints::default()),
            3,
            answered(401, r#"{"statusCode":401,"message":"Invalid"}"#),
            |client| client.fetch_applications()
        ),
    ]
}

/// A sign-in that takes longer than the call that began it has: a later call has what it comes to.
#[tokio::test]
async fn a_sign_in_outlives_its_call() {
    let raw = start().await;
    for one in everyone(&raw) {
        raw.arm([], good());
        let response = (SIGN_INS[one.sign_in].1)(7).last().bytes();
        raw.arm_sign_ins([Play::of([Pause(Duration::from_millis(300)), Send(response)])]);
        let limit = Some(Duration::from_millis(200));
        let (out_of_time, text) = (one.call)(limit).await;
        assert_eq!(out_of_time, "timeout/Transport* not_sent", "{}", one.name);
        assert!(text.ends_with("gave up after 200 ms (Client::within)"), "{text}");
        assert_eq!((one.call)(None).await.0, "ok", "{}", one.name);
        assert_eq!((raw.received().len(), raw.signed_in().len()), (1, 1), "{}", one.name);
    }
}

/// A refusal is remembered, whatever else is called; who asks for it signs in at once.
#[tokio::test]
async fn a_refusal_is_remembered() {
    let raw = start().await;
    for one in everyone(&raw) {
        raw.arm([], good());
        raw.arm_sign_ins([one.refused.clone(), one.refused.clone()]);
        let (refused, why) = (one.call)(None).await;
        assert_eq!(refused, "authentication/Session not_sent", "{}", one.name);
        assert!(!why.contains("next try in"), "{why}");
        for _ in 0..5 {
            let (again, text) = (one.call)(None).await;
            assert_eq!(again, refused);
            assert!(text.contains("no session: the sign-in was refused ") && text.contains(", next try in "), "{text}");
            let (_, reason) = why.split_once("no session: ").unwrap();
            assert!(text.ends_with(reason), "{text} ends with {reason}");
        }
        assert_eq!((raw.received().len(), raw.signed_in().len()), (0, 1), "{}", one.name);

        // Refused once more, which is remembered for longer.
        let SessionFailure::Failed(again) = (one.now)().await.unwrap_err() else { panic!() };
        assert_eq!((again.kind(), again.next_try_in()), (ErrorKind::Authentication, None));
        assert_eq!(raw.signed_in().len(), 2, "{}", one.name);
        let (_, text) = (one.call)(None).await;
        let (_, next) = text.split_once("next try in ").unwrap();
        let seconds: u32 = next.split(' ').next().unwrap().parse().unwrap();
        assert!((40..=60).contains(&seconds), "{text}");

        (one.now)().await.unwrap();
        assert_eq!((one.call)(None).await.0, "ok", "{}", one.name);
        assert_eq!((raw.received().len(), raw.signed_in().len()), (1, 3), "{}", one.name);
    }
}

/// What may pass is not remembered: every call tries.
#[tokio::test]
async fn a_sign_in_that_fails_is_not_a_refusal() {
    let raw = start().await;
    for one in everyone(&raw) {
        for (status, kind) in [(500, "server"), (503, "server"), (429, "rate_limited")] {
            raw.arm([], good());
            raw.arm_sign_ins([answered(status, ""), answered(status, "")]);
            for sign_ins in 1..=2 {
                let (told, text) = (one.call)(None).await;
                assert_eq!(told, format!("{kind}/Session* not_sent"), "{}: {text}", one.name);
                assert!(!text.contains("next try in"), "{text}");
                assert_eq!(raw.signed_in().len(), sign_ins, "{}", one.name);
            }
        }
        assert_eq!((one.call)(None).await.0, "ok", "{}", one.name);
    }
}

/// A provider that has another secret now ends the memory of the refusal; one that has
/// the same doesn't.
#[tokio::test]
async fn another_secret_is_tried_at_once() {
    let raw = start().await;
    let password = Arc::new(Mutex::new("Passw0rd"));
    let auth = Auth::user_from({
        let password = Arc::clone(&password);
        move || {
            let user = UserPassword::new("ivanov", *password.lock().unwrap());
            async move { Ok(user) }
        }
    });
    let client = Client::connect(config(&raw), auth).unwrap();
    raw.arm_sign_ins([answered(401, r#"{"errorCode":1}"#), answered(401, r#"{"errorCode":1}"#)]);
    let get = async || told(client.get_self().send().await);
    for _ in 0..3 {
        assert_eq!(get().await.0, "authentication/Session not_sent");
    }
    assert_eq!(raw.signed_in().len(), 1);
    *password.lock().unwrap() = "Passw0rd-2";
    assert!(!get().await.1.contains("next try in"), "it was tried");
    assert!(get().await.1.contains("next try in"), "and is remembered, too");
    assert_eq!(raw.signed_in().len(), 2);
    *password.lock().unwrap() = "Passw0rd-3";
    assert_eq!(get().await.0, "ok");
    assert_eq!((raw.received().len(), raw.signed_in().len()), (1, 3));
}

/// The sign-in that nobody waits for ends, and whoever waits for one is told; later calls
/// send nothing.
#[tokio::test]
async fn shutting_down() {
    let raw = start().await;
    for one in everyone(&raw) {
        raw.arm([], good());
        raw.arm_sign_ins([Play::of([Hang])]);
        assert_eq!((one.call)(Some(Duration::from_millis(100))).await.0, "timeout/Transport* not_sent", "{}", one.name);
        let waiting = tokio::spawn((one.call)(None));
        sleep(Duration::from_millis(20)).await;
        let begun = Instant::now();
        timeout(PATIENCE, (one.shutdown)(LIMIT)).await.expect("the deadline");
        assert!(begun.elapsed() >= LIMIT, "the sign-in has until then");
        let (told, text) = timeout(PATIENCE, waiting).await.expect("an end").unwrap();
        assert_eq!(told, "authentication/Session not_sent", "{}: {text}", one.name);
        let (told, text) = (one.call)(None).await;
        assert_eq!(told, "invalid_request/InvalidRequest not_sent", "{}", one.name);
        assert!(text.ends_with("the client was shut down"), "{text}");
        assert_eq!((raw.received().len(), raw.signed_in().len()), (0, 1), "{}", one.name);
    }
}

/// Tokens as `POST /user/signin` and `POST /user/token` give them, with this life in JSON.
fn tokens(life: &str) -> Play {
    let body = format!(r#"{{"access":{{"expiresIn":{life},"token":"access"}},"service":{{"token":"service"}}}}"#);
    Play::of([Send(Response::new(200, body).last().bytes())])
}

/// The password is at hand when the token is dead and can't be renewed.
#[tokio::test]
async fn a_dead_token_whose_renewal_fails() {
    let raw = start().await;
    let client = Client::connect(config(&raw), Auth::user("ivanov", "Passw0rd")).unwrap();
    raw.arm_sign_ins([tokens("1000"), answered(503, "")]);
    for _ in 0..2 {
        client.get_self().send().await.unwrap();
        sleep(Duration::from_millis(1_100)).await;
    }
    let targets: Vec<_> = raw.signed_in().into_iter().map(|one| one.target).collect();
    assert_eq!(targets, ["/user/signin", "/user/token", "/user/signin"]);
    assert_eq!(raw.counts(), (2, 2));
}

/// A renewal that hangs leaves time for the password.
#[tokio::test]
async fn a_dead_token_whose_renewal_hangs() {
    let raw = start().await;
    let limited = config(&raw).sign_in_timeout(Duration::from_secs(3));
    let client = Client::connect(limited, Auth::user("ivanov", "Passw0rd")).unwrap();
    raw.arm_sign_ins([tokens("1000"), Play::of([Hang])]);
    client.get_self().send().await.unwrap();
    sleep(Duration::from_millis(1_100)).await;
    client.get_self().send().await.unwrap();
    let targets: Vec<_> = raw.signed_in().into_iter().map(|one| one.target).collect();
    assert_eq!(targets, ["/user/signin", "/user/token", "/user/signin"]);
}

/// Who asks to be signed in doesn't wait for a renewal that is under way.
#[tokio::test]
async fn signing_in_at_once_beside_a_renewal() {
    let raw = start().await;
    let client = Client::connect(config(&raw), Auth::user("ivanov", "Passw0rd")).unwrap();
    raw.arm_sign_ins([tokens("1000"), Play::of([Hang])]);
    client.get_self().send().await.unwrap();
    sleep(Duration::from_millis(950)).await;
    client.get_self().send().await.unwrap();
    raw.until_signed_in(2).await;
    client.sign_in_now().await.unwrap();
    client.get_self().send().await.unwrap();
    let targets: Vec<_> = raw.signed_in().into_iter().map(|one| one.target).collect();
    assert_eq!(targets, ["/user/signin", "/user/token", "/user/signin"]);
}

/// … nor for a sign-in that began before, which may have had another password.
#[tokio::test]
async fn signing_in_at_once_beside_a_sign_in() {
    let raw = start().await;
    for one in everyone(&raw) {
        raw.arm([], good());
        raw.arm_sign_ins([Play::of([Hang])]);
        let waiting = tokio::spawn((one.call)(Some(PATIENCE)));
        raw.until_signed_in(1).await;
        timeout(PATIENCE, (one.now)()).await.expect("no wait").unwrap();
        assert_eq!((one.call)(None).await.0, "ok", "{}", one.name);
        assert_eq!((raw.received().len(), raw.signed_in().len()), (1, 2), "{}", one.name);
        waiting.abort();
    }
}

/// However little time a call has, a sign-in has its own.
#[tokio::test]
async fn a_sign_in_takes_longer_than_any_call_may() {
    let raw = start().await;
    let policy = policy().total(Duration::from_millis(200));
    let client = Client::connect(config(&raw).retry(policy), Auth::user("ivanov", "Passw0rd")).unwrap();
    let response = (SIGN_INS[0].1)(7).last().bytes();
    raw.arm_sign_ins([Play::of([Pause(Duration::from_millis(300)), Send(response)])]);
    let (out_of_time, text) = told(client.get_self().send().await);
    assert_eq!(out_of_time, "timeout/Transport* not_sent", "{text}");
    assert_eq!(told(client.get_self().send().await).0, "ok");
    assert_eq!((raw.received().len(), raw.signed_in().len()), (1, 1));
}

/// … and that is no longer than configured.
#[tokio::test]
async fn a_sign_in_has_a_limit() {
    let raw = start().await;
    let client = Client::connect(config(&raw).sign_in_timeout(LIMIT), Auth::user("ivanov", "Passw0rd")).unwrap();
    raw.arm_sign_ins([Play::of([Hang])]);
    let (told, text) = timeout(PATIENCE, async { told(client.get_self().send().await) }).await.expect("a limit");
    assert_eq!(told, "timeout/Session* not_sent", "{text}");
}

/// What a session may not do stays that when signing in doesn't work, and costs no
/// sign-in per call.
#[tokio::test]
async fn a_permission_that_is_missing_while_nobody_can_sign_in() {
    let raw = start().await;
    for one in everyone(&raw).into_iter().skip(1) {
        raw.arm([], good());
        assert_eq!((one.call)(None).await.0, "ok", "{}", one.name);
        raw.arm([], Play::response(&Response::new(403, "").last()));
        raw.arm_sign_ins([answered(503, "")]);
        for _ in 0..3 {
            let (told, text) = (one.call)(None).await;
            assert!(told.starts_with("permission/") && told.ends_with(" refused"), "{}: {told}: {text}", one.name);
        }
        assert_eq!((raw.received().len(), raw.signed_in().len()), (3, 1), "{}", one.name);
    }
}

/// A key that is refused is not sent again by any of the calls that find that out at the same time.
#[tokio::test]
async fn a_refused_key_is_sent_once_per_call() {
    let raw = start().await;
    let client = Client::connect(config(&raw), desk()).unwrap();
    raw.arm([], Play::response(&Response::new(401, "").last()));
    for told in join_all((0..20).map(|_| async { told(client.get_call().id(1).send().await) })).await {
        assert_eq!(told.0, "authentication/ErrorResponse refused");
    }
    assert_eq!(raw.received().len(), 20);
}

/// An array is not a pair of tokens, even where their lifetime can't be read.
#[tokio::test]
async fn tokens_are_objects() {
    let raw = start().await;
    let client = Client::connect(config(&raw), Auth::user("ivanov", "Passw0rd")).unwrap();
    for body in [r#"[["access"],["service"]]"#, r#"{"access":["access"],"service":["service"]}"#] {
        raw.arm_sign_ins([answered(200, body)]);
        assert_eq!(told(client.get_self().send().await).0, "undecodable/Session not_sent", "{body}");
    }
    assert_eq!(raw.received().len(), 0);
}

/// While requests wait for their turn, a token ends: they wait for another one and don't
/// use up what may be sent.
#[tokio::test]
async fn a_token_that_ends_while_calls_wait_for_their_turn() {
    let raw = start().await;
    let limited = config(&raw).rate_limit(2, Duration::from_millis(500));
    let client = Client::connect(limited, Auth::user("ivanov", "Passw0rd")).unwrap();
    client.get_self().send().await.unwrap();
    raw.arm([Play::response(&Response::new(401, "").last())], good());
    for told in join_all((0..10).map(|_| async { told(client.get_self().send().await) })).await {
        assert_eq!(told.0, "ok", "{}", told.1);
    }
    let dead = raw.received().iter().filter(|one| one.header("authorization") == Some("x-user access-1")).count();
    assert!(dead <= 4, "{dead} requests with the dead token");
    assert_eq!(raw.signed_in().len(), 1);
}

/// Once a renewal is refused, a credential that is dead isn't sent any more.
#[tokio::test]
async fn a_dead_credential_is_not_sent_again() {
    let raw = start().await;
    for one in everyone(&raw) {
        raw.arm([], good());
        assert_eq!((one.call)(None).await.0, "ok", "{}", one.name);
        raw.arm([], Play::response(&Response::new(401, "").last()));
        // contractor tries to renew, and then the password.
        let sign_ins = if one.name == "contractor" { 2 } else { 1 };
        raw.arm_sign_ins(vec![one.refused.clone(); sign_ins]);
        for _ in 0..3 {
            let (told, text) = (one.call)(None).await;
            assert_eq!(told, "authentication/Session not_sent", "{}: {text}", one.name);
        }
        assert_eq!((raw.received().len(), raw.signed_in().len()), (1, sign_ins), "{}", one.name);
    }
}

/// A vault that is down may be up again; nothing was sent.
#[tokio::test]
async fn a_provider_that_fails_may_be_asked_again() {
    let raw = start().await;
    let asked = Arc::new(Mutex::new(0));
    let auth = Auth::user_from({
        let asked = Arc::clone(&asked);
        move || {
            *asked.lock().unwrap() += 1;
            async { Err("the vault is sealed".into()) }
        }
    });
    let client = Client::connect(config(&raw), auth).unwrap();
    for count in 1..=2 {
        let (told, text) = told(client.get_self().send().await);
        assert_eq!(told, "authentication/Session* not_sent");
        assert!(text.ends_with("no session: the provider of the credential failed: the vault is sealed"), "{text}");
        assert_eq!(*asked.lock().unwrap(), count);
    }
    assert_eq!(raw.signed_in().len(), 0);
}

/// A portal whose cookies can't be used sets such cookies the next time, too.
#[tokio::test]
async fn a_sign_in_without_its_cookie_is_remembered() {
    let raw = start().await;
    let [_, portal, _] = everyone(&raw);
    let code = r#"{"Code":0,"Message":"","Exception":null,"PasswordChangeUrl":null,"RedirectUrl":null}"#;
    raw.arm_sign_ins([answered(200, code)]);
    for _ in 0..3 {
        let (told, text) = (portal.call)(None).await;
        assert_eq!(told, "authentication/Session not_sent", "{text}");
        assert!(text.contains("set no cookie BPMCSRF"), "{text}");
    }
    assert_eq!((raw.received().len(), raw.signed_in().len()), (0, 1));
    (portal.now)().await.unwrap();
    assert_eq!((portal.call)(None).await.0, "ok");
}

/// A token whose life can't be read, or is none, is used until it is refused, by however
/// many calls.
#[tokio::test]
async fn a_life_that_makes_no_sense() {
    for life in [r#""3600000""#, r#""PT1H""#, "0", "-1", "1", "999", "1e300", "[]"] {
        let raw = start().await;
        let client = Client::connect(config(&raw), Auth::user("ivanov", "Passw0rd")).unwrap();
        raw.arm_sign_ins([tokens(life)]);
        for _ in 0..2 {
            for told in join_all((0..50).map(|_| async { told(client.get_self().send().await) })).await {
                assert_eq!(told.0, "ok", "{life}: {}", told.1);
            }
        }
        assert_eq!((raw.received().len(), raw.signed_in().len()), (100, 1), "{life}");
    }
}

/// What comes after an upload, or in place of a download, has the time that any other
/// request has, however it drips.
#[tokio::test]
async fn responses_that_drip() {
    let dripping = |status| {
        let response = Response::new(status, "").header("content-type", "application/json").head(10_000);
        let drip = Drip(vec![b' '; 10_000].into(), Duration::from_millis(300));
        Play::of([Head, Body, Send(response), drip])
    };
    let out_of_time = "timeout/Transport unknown";
    for (status, upload, attach, download) in [
        (200, out_of_time, out_of_time, "-"),
        (500, "server/UnexpectedStatus unknown", "server/UnexpectedStatus unknown", "server/UnexpectedStatus unknown"),
        (
            404,
            "not_found/ErrorResponse refused",
            "not_found/UnexpectedStatus refused",
            "not_found/ErrorResponse refused",
        ),
    ] {
        let raw = start().await;
        let limits = |raw: &Raw| config(raw).timeout(LIMIT).idle_timeout(PATIENCE);
        let client = Client::connect(limits(&raw), desk()).unwrap();
        let portal = crpt::Client::connect(limits(&raw), participant()).unwrap();
        raw.arm([], dripping(status));
        let begun = Instant::now();
        let uploads = async {
            let part = Part::bytes("x").file_name("act.pdf");
            told(client.upload_shared_attachment().id(TASK).token("t").attachment(part).send().await)
        };
        let attaches = async { told(portal.attach_file().number(CASE).filename("act.pdf").body(b"x").send().await) };
        let downloads = async {
            match download {
                // A success is a file, and a file may take its time.
                "-" => ("-".to_owned(), String::new()),
                _ => told(client.get_call_task_attachment().id(TASK).attachment_id(1).send().await),
            }
        };
        let all = async { tokio::join!(uploads, attaches, downloads) };
        let came: [_; 3] = timeout(PATIENCE, all).await.expect("the timeout").into();
        for ((told, text), expect) in came.into_iter().zip([upload, attach, download]) {
            assert_eq!(told, expect, "{status}: {text}");
            if told.starts_with("timeout") {
                assert!(text.ends_with("gave up after 700 ms (Config::timeout)"), "{text}");
            }
        }
        assert!(begun.elapsed() >= LIMIT);
    }
}

/// What is forbidden for some calls of an operation and allowed for others costs no
/// sign-in per call.
#[tokio::test]
async fn a_permission_that_is_missing_for_some_calls() {
    let raw = start().await;
    for one in everyone(&raw) {
        raw.arm([], good());
        let status = if one.name == "contractor" { 401 } else { 403 };
        for _ in 0..10 {
            raw.then(Play::response(&Response::new(status, "").last()));
            let (told, text) = (one.call)(None).await;
            assert!(told.ends_with(" refused"), "{}: {told}: {text}", one.name);
            raw.then(good());
            assert_eq!((one.call)(None).await.0, "ok", "{}", one.name);
        }
        assert_eq!(raw.signed_in().len(), 2, "{}", one.name);
    }
}

/// Nor does a refusal that takes the cookie back, or replaces it by one that can't be sent.
#[tokio::test]
async fn a_refusal_that_takes_the_cookie_back() {
    let raw = start().await;
    for (status, location) in [(403, None), (401, None), (302, Some("/Login/NuiLogin.aspx"))] {
        for cookie in ["BPMCSRF=; path=/; Max-Age=0", "BPMCSRF=x; path=/; Secure"] {
            let refusal = Response::new(status, "").header("set-cookie", cookie).last();
            let refusal = location.into_iter().fold(refusal, |response, to| response.header("location", to));
            raw.arm([], Play::response(&refusal));
            let [_, portal, _] = everyone(&raw);
            for _ in 0..10 {
                let (told, text) = (portal.call)(None).await;
                assert!(told.ends_with(" refused"), "{told}: {text}");
            }
            assert_eq!((raw.received().len(), raw.signed_in().len()), (11, 2), "{status} {cookie}");
        }
    }
}

/// Documented or not, 423 says that the account is locked (RFC 4918, section 11.3).
#[tokio::test]
async fn a_locked_account_is_remembered() {
    let raw = start().await;
    for one in everyone(&raw) {
        for body in ["", "{}", r#"{"errorCode":5}"#, "<html>locked</html>"] {
            raw.arm([], good());
            raw.arm_sign_ins([answered(423, body)]);
            (one.now)().await.unwrap_err();
            for _ in 0..2 {
                let (told, text) = (one.call)(None).await;
                assert!(told.ends_with("/Session not_sent") && text.contains(", next try in "), "{told}: {text}");
            }
            assert_eq!((raw.received().len(), raw.signed_in().len()), (0, 1), "{}", one.name);
        }
    }
}

/// A late word on a session that ended long ago doesn't bring back the one after it.
#[tokio::test]
async fn a_session_that_has_ended_stays_ended() {
    let raw = start().await;
    let portal = crpt::Client::connect(config(&raw), participant()).unwrap();
    let write = |portal: crpt::Client| async move {
        told(portal.add_message().body_map(|body| body.number(CASE).message("да")).send().await).0
    };
    let attach = || async { told(portal.attach_file().number(CASE).filename("act.pdf").body(b"x").send().await).0 };
    let elsewhere = || Response::new(302, "").header("location", "/0/Shell/").last();
    let late = Arc::new(Barrier::new(2));
    let slow = Play::of([Head, Body, Meet(Arc::clone(&late)), Send(elsewhere().bytes())]);
    raw.arm([slow], Play::response(&elsewhere()));
    let waiting = tokio::spawn(write(portal.clone()));
    raw.until_received(1).await;
    // The first session ends, and then the second.
    let doubtful = "undecodable/UnexpectedStatus unknown";
    assert_eq!([write(portal.clone()).await, attach().await], [doubtful; 2]);
    late.wait().await;
    assert_eq!(waiting.await.unwrap(), doubtful);
    raw.then(good());
    assert_eq!(attach().await, "ok");
    let sessions: Vec<_> = raw.received().iter().map(|one| one.header("bpmcsrf").unwrap().to_owned()).collect();
    assert_eq!(sessions, ["csrf-1", "csrf-1", "csrf-2", "csrf-3"]);
}
