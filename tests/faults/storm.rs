//! What a client does to a server when everything fails at once, and the limits of what it sends.

use std::{sync::Arc, time::Duration};

use casewire::{Config, contractor::Client};
use futures_util::future::join_all;
use support::raw::{
    Play, Raw, Response,
    Step::{Body, Close, Hang, Head, Meet, Send},
};
use tokio::{
    sync::Barrier,
    task::JoinSet,
    time::{Instant, sleep},
};

use super::{
    calls::{CALL, SIGN_INS, desk, told_error},
    config,
};

/// The call that everyone makes, and what came of it with its outcome.
async fn get(client: &Client) -> String {
    let told = client.get_call().id(CALL).send().await;
    told.map_or_else(|e| format!("{} {} {}", told_error(&e), e.outcome(), e.attempts()), |_| "ok".to_owned())
}

fn connect(raw: &Raw, change: impl FnOnce(Config) -> Config) -> Client {
    Client::connect(change(config(raw)), desk()).unwrap()
}

fn good() -> Response {
    Response::new(200, "{}").last()
}

/// Lets everything that can go on go on. Everything happens on this thread, which comes
/// to a timer only when no task is ready.
async fn settle() {
    for _ in 0..20 {
        sleep(Duration::from_millis(5)).await;
    }
}

/// While everything fails, a client and its clones send no more than a tenth again.
#[tokio::test]
async fn a_thousand_calls_that_fail() {
    const MANY: usize = 1000;
    let busy = Play::response(&Response::new(503, "").last());
    for (play, expect) in
        [(busy, "server/UnexpectedStatus* unknown"), (Play::of([Head, Body, Close]), "transport/Transport* unknown")]
    {
        let raw = Raw::start(SIGN_INS, play).await;
        let client = connect(&raw, |config| config);
        let clones: Vec<_> = (0..MANY).map(|_| client.clone()).collect();
        let told = join_all(clones.iter().map(get)).await;
        assert!(told.iter().all(|told| told.starts_with(expect)), "{told:?}");
        let requests = raw.received().len();
        assert!(requests <= MANY * 12 / 10, "{requests} requests");
        assert_eq!(requests, MANY + 100, "the budget of 500, of which each takes 5");
        // What is used up comes back with calls that succeed.
        raw.arm([], Play::response(&good()));
        for _ in 0..5 {
            assert_eq!(get(&client).await, "ok");
        }
        raw.arm([], Play::response(&Response::new(503, "").last()));
        assert_eq!(get(&client).await, "server/UnexpectedStatus* unknown 2");
        assert_eq!(get(&client).await, "server/UnexpectedStatus* unknown 1");
    }
}

#[tokio::test]
async fn no_more_requests_at_a_time_than_allowed() {
    const MANY: usize = 12;
    const MOST: usize = 3;
    let raw = Raw::start(SIGN_INS, Play::response(&good())).await;
    let client = connect(&raw, |config| config.max_in_flight(MOST));
    let barriers: Vec<_> = (0..MANY).map(|_| Arc::new(Barrier::new(2))).collect();
    let play = |barrier: &Arc<Barrier>| Play::of([Head, Body, Meet(Arc::clone(barrier)), Send(good().bytes()), Close]);
    raw.arm(barriers.iter().map(play), Play::response(&good()));
    let mut calls = JoinSet::new();
    for _ in 0..MANY {
        let client = client.clone();
        calls.spawn(async move { get(&client).await });
    }
    for (answered, barrier) in barriers.iter().enumerate() {
        let expect = MANY.min(answered + MOST);
        raw.until_received(expect).await;
        settle().await;
        assert_eq!(raw.received().len(), expect, "after {answered} responses");
        barrier.wait().await;
    }
    assert_eq!(calls.join_all().await, vec!["ok"; MANY]);
}

/// No ten requests but the first come before their time: what is measured is when the
/// server has them, which is later than when they begin.
#[tokio::test]
async fn no_more_requests_in_a_while_than_allowed() {
    const PER: Duration = Duration::from_millis(200);
    let raw = Raw::start(SIGN_INS, Play::response(&good())).await;
    let client = connect(&raw, |config| config.rate_limit(10, PER));
    let begun = Instant::now();
    let some = async |count: usize| {
        let told = join_all((0..count).map(|_| get(&client))).await;
        assert_eq!(told, vec!["ok"; count]);
    };
    let late = async {
        sleep(PER / 2).await;
        some(30).await;
    };
    tokio::join!(some(5), late);
    let received = raw.received();
    assert_eq!(received.len(), 35);
    for (number, request) in received.iter().enumerate() {
        // Five that began at once, and five after half the time, and so on.
        let earliest = PER / 2 * u32::try_from(number / 5).unwrap();
        assert!(request.at >= begun + earliest, "{number} came {:?} after the first", request.at - begun);
    }
}

/// A call whose turn doesn't come before it has to end was not sent, and takes nobody's place.
#[tokio::test]
async fn a_turn_that_does_not_come() {
    let limit = Duration::from_millis(100);
    let not_sent = "timeout/Transport* not_sent 0";
    let raw = Raw::start(SIGN_INS, Play::response(&good())).await;
    let client = connect(&raw, |config| config.rate_limit(1, Duration::from_secs(3600)));
    assert_eq!(get(&client).await, "ok");
    assert_eq!(get(&client.within(limit)).await, not_sent);
    let write = client.within(limit).create_call().body(crate::faults::calls::new_call()).send().await.unwrap_err();
    assert_eq!(format!("{} {} {}", told_error(&write), write.outcome(), write.attempts()), not_sent);
    assert_eq!(raw.received().len(), 1);

    let client = connect(&raw, |config| config.max_in_flight(1));
    raw.arm([Play::of([Head, Body, Hang])], Play::response(&good()));
    let hanging = tokio::spawn({
        let client = client.clone();
        async move { get(&client).await }
    });
    raw.until_received(1).await;
    assert_eq!(get(&client.within(limit)).await, not_sent);
    assert_eq!(raw.received().len(), 1);
    // A call that is dropped gives its place back.
    hanging.abort();
    assert!(hanging.await.unwrap_err().is_cancelled());
    assert_eq!(get(&client).await, "ok");
}

/// Calls that are given up before their turn take it from nobody.
#[tokio::test]
async fn the_turn_of_a_call_that_is_given_up() {
    let raw = Raw::start(SIGN_INS, Play::response(&good())).await;
    let client = connect(&raw, |config| config.rate_limit(1, Duration::from_secs(5)));
    assert_eq!(get(&client).await, "ok");
    for _ in 0..100 {
        assert!(tokio::time::timeout(Duration::from_millis(1), get(&client)).await.is_err());
    }
    // Otherwise it would come after 500 s, which is more than a call may take.
    assert_eq!(get(&client).await, "ok");
    assert_eq!(raw.received().len(), 2);
}
