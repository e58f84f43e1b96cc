//! Retries one by one: how long a call waits, where it stops, what is sent again, and
//! under which credential. None measures how long something takes; where a wait is the
//! point, it is that a request did not come before its time.

use std::time::{Duration, SystemTime};

use casewire::{
    Config, RetryPolicy,
    contractor::{Auth, Client},
};
use support::raw::{
    Play, Raw, Response,
    Step::{Body, Close, Head},
};
use tokio::time::{Instant, timeout};

use super::{
    calls::{CALL, SIGN_INS, desk, new_call, told_error},
    config, policy,
};

/// Longer than any wait that is meant to be made here.
const LONG: Duration = Duration::from_secs(3600);

/// A server whose response to everything is a user, who is also a call and a file.
pub async fn start() -> Raw {
    let known = Response::new(200, r#"{"id":7,"name":"act.pdf"}"#);
    Raw::start(SIGN_INS, Play::response(&known.last())).await
}

pub fn connect(raw: &Raw, auth: Auth, change: impl FnOnce(Config) -> Config) -> Client {
    Client::connect(change(config(raw)), auth).unwrap()
}

fn ivanov(raw: &Raw) -> Client {
    connect(raw, Auth::user("ivanov", "Passw0rd"), |config| config)
}

pub fn status(status: u16) -> Play {
    Play::response(&Response::new(status, "").last())
}

fn asks_to_wait(how_long: &str) -> Play {
    Play::response(&Response::new(429, "").last().header("retry-after", how_long))
}

/// What comes of `getCall`, long before a wait that must not be made would be over.
pub async fn get(client: &Client) -> String {
    match timeout(LONG / 60, client.get_call().id(CALL).send()).await.expect("no such wait") {
        Ok(_) => "ok".to_owned(),
        Err(e) => told_error(&e),
    }
}

#[tokio::test]
async fn a_wait_is_as_long_as_the_server_asks() {
    let raw = start().await;
    let client = connect(&raw, desk(), |config| config);
    for is_date in [false, true] {
        let (wait, now) = (Duration::from_secs(2), Instant::now());
        // A date has no fractions of seconds: this one is two to three seconds off.
        let date = httpdate::fmt_http_date(SystemTime::now() + wait + Duration::from_secs(1));
        let asks = if is_date { date } else { wait.as_secs().to_string() };
        raw.arm([asks_to_wait(&asks)], Play::response(&Response::new(200, "{}").last()));
        assert_eq!(get(&client).await, "ok");
        let received = raw.received();
        assert_eq!(received.len(), 2, "{asks}");
        assert!(received[1].at >= now + wait, "asked to wait for {asks}");
    }
}

/// How often a server that is always busy hears of one call.
#[tokio::test]
async fn a_call_ends_with_its_attempts_or_its_time() {
    let hour = |policy: RetryPolicy| policy.first_wait(LONG).longest_wait(LONG);
    let in_vain = "rate_limited/UnexpectedStatus*";
    type Case = (&'static str, RetryPolicy, Option<Duration>, Play, usize);
    let second = Duration::from_secs(1);
    let cases: Vec<Case> = vec![
        ("never", RetryPolicy::never(), None, asks_to_wait("0"), 1),
        ("no attempt", policy().attempts(0), None, asks_to_wait("0"), 1),
        ("one attempt", policy().attempts(1), None, asks_to_wait("0"), 1),
        ("two attempts", policy().attempts(2), None, status(429), 2),
        ("seven attempts", policy().attempts(7).longest_wait(second / 100), None, status(429), 7),
        ("a wait beyond the total", hour(policy()), None, status(429), 1),
        ("an hour is asked for", policy(), None, asks_to_wait("3600"), 1),
        (
            "an hour is asked for, and there are two",
            policy().total(LONG * 2).attempts(1),
            None,
            asks_to_wait("3600"),
            1,
        ),
        ("the total is less than is asked for", policy().total(second * 9), None, asks_to_wait("10"), 1),
        ("the call's limit is less than is asked for", policy(), Some(second * 9), asks_to_wait("10"), 1),
        ("the call's limit is less than the wait", hour(policy()).total(LONG * 9), Some(second * 9), status(429), 1),
        ("the call's limit takes the total's place", policy().total(Duration::ZERO), Some(LONG), status(429), 3),
        ("a wait without end", policy().first_wait(Duration::MAX).longest_wait(Duration::MAX), None, status(429), 1),
        ("a long wait that is bounded", hour(policy()).longest_wait(second / 100), None, status(429), 3),
    ];
    for (what, policy, within, play, expect) in cases {
        let raw = start().await;
        raw.arm([], play);
        let client = connect(&raw, desk(), |config| config.retry(policy));
        let client = match within {
            Some(limit) => client.within(limit),
            None => client,
        };
        assert_eq!(get(&client).await, in_vain, "{what}");
        assert_eq!(raw.received().len(), expect, "{what}");
    }
}

/// With attempts without number, the time is what ends a call: with the last response, not
/// with a timeout.
#[tokio::test]
async fn a_call_with_many_attempts_ends_with_its_time() {
    for within in [false, true] {
        let raw = start().await;
        raw.arm([], status(503));
        // The last wait that fits leaves time for an attempt, however slow the machine is.
        let (limit, wait) = (Duration::from_secs(5), Duration::from_millis(1500));
        let total = if within { LONG } else { limit };
        let policy = RetryPolicy::default().attempts(u32::MAX).first_wait(wait).longest_wait(wait).total(total);
        let client = connect(&raw, desk(), |config| config.retry(policy));
        let client = if within { client.within(limit) } else { client };
        assert_eq!(get(&client).await, "server/UnexpectedStatus*");
        let sent = raw.received().len();
        assert!((2..=4).contains(&sent), "{sent} attempts");
    }
}

/// Nobody listens: every attempt is a try to connect, and no more are made than the policy says.
#[tokio::test]
async fn tries_to_connect_are_attempts() {
    for (attempts, refusals, expect, tries) in
        [(3, None, "transport/Transport*", 3), (1, None, "transport/Transport*", 1), (5, Some(4), "ok", 5)]
    {
        for is_write in [false, true] {
            let raw = start().await;
            raw.refuse(refusals).await;
            let client = connect(&raw, desk(), |config| config.retry(policy().attempts(attempts)));
            let outcome = if is_write { create(&client, "once").await } else { get(&client).await };
            assert_eq!((outcome.as_str(), raw.tries()), (expect, tries), "{attempts} attempts, a write: {is_write}");
            assert_eq!(raw.counts(), (usize::from(expect == "ok"), usize::from(expect == "ok")));
        }
    }
}

/// What comes of `createCall` for a client of this name.
pub async fn create(client: &Client, name: &str) -> String {
    let mut call = new_call();
    name.clone_into(&mut call.client_name);
    match client.create_call().body(call).send().await {
        Ok(_) => "ok".to_owned(),
        Err(e) => told_error(&e),
    }
}

pub fn credentials(raw: &Raw) -> Vec<String> {
    raw.received().iter().map(|one| one.header("authorization").unwrap().to_owned()).collect()
}

/// What `getSelf` comes to after these plays, under which credentials it was sent, and
/// how many were asked for.
async fn check_credentials(plays: &[Play], expect: &str, sent: &[&str], asked: usize) {
    let raw = start().await;
    let client = ivanov(&raw);
    client.get_self().send().await.unwrap();
    raw.arm(plays.iter().cloned(), Play::response(&Response::new(200, "{}").last()));
    let outcome = client.get_self().send().await.map_or_else(|e| told_error(&e), |_| "ok".to_owned());
    assert_eq!(outcome, expect);
    let sent: Vec<_> = sent.iter().map(|number| format!("x-user access-{number}")).collect();
    assert_eq!((credentials(&raw), raw.signed_in().len()), (sent, asked));
}

#[tokio::test]
async fn a_refused_credential_is_renewed_among_the_attempts() {
    let refused = "authentication/ErrorResponse";
    check_credentials(&[status(503), status(401)], "ok", &["1", "1", "2"], 1).await;
    check_credentials(&[status(401), status(503)], "ok", &["1", "2", "2"], 1).await;
    // The renewal is not an attempt, and there is only one.
    check_credentials(&[status(503), status(401), status(503)], "ok", &["1", "1", "2", "2"], 1).await;
    check_credentials(&[status(401), status(503), status(401)], refused, &["1", "2", "2"], 1).await;
    let busy = [503, 401, 503, 503].map(status);
    check_credentials(&busy, "server/UnexpectedStatus*", &["1", "1", "2", "2"], 1).await;
    let closed = || Play::of([Head, Body, Close]);
    check_credentials(&[closed(), status(401), closed()], "ok", &["1", "1", "2", "2"], 1).await;
}

/// A call that waits goes on with the credential that another call has renewed meanwhile.
#[tokio::test]
async fn a_retry_uses_the_credential_of_its_time() {
    let raw = start().await;
    let client = ivanov(&raw);
    client.get_self().send().await.unwrap();
    raw.arm([asks_to_wait("3"), status(401)], Play::response(&Response::new(200, "{}").last()));
    let waiting = tokio::spawn({
        let client = client.clone();
        async move { client.get_self().send().await.map(|_| ()) }
    });
    raw.until_received(1).await;
    client.get_self().send().await.unwrap();
    assert_eq!(raw.received().len(), 3, "the other call still waits");
    waiting.await.unwrap().unwrap();
    assert_eq!(credentials(&raw), [1, 1, 2, 2].map(|number| format!("x-user access-{number}")));
}
