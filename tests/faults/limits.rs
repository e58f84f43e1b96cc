//! Limits of connecting, of a request and of a call, one by one, and what they are
//! called. A limit that is reached is told apart from a server that would answer much
//! later; nothing here measures how long something takes.

use std::{sync::Arc, time::Duration};

use casewire::{
    Config, Error, ErrorKind, Failure, Part, RetryPolicy,
    contractor::{Auth, Client},
};
use support::raw::{
    Play, Raw, Response,
    Step::{Body, Hang, Head, Meet, Send},
};
use tokio::{sync::Barrier, time::timeout};

use super::{
    calls::{CALL, SIGN_INS, TASK, desk, new_call},
    config, policy,
};

/// A limit that is meant to be reached.
pub const LIMIT: Duration = Duration::from_millis(700);
/// A limit that something keeps on a busy machine, with pauses of a quarter of it.
pub const IDLE: Duration = Duration::from_secs(2);
/// When a test has waited in vain.
pub const PATIENCE: Duration = Duration::from_secs(60);

pub fn good() -> Play {
    Play::response(&Response::new(200, r#"{"id":7,"name":"act.pdf","ok":true,"data":"/file/1"}"#).last())
}

pub async fn start() -> Raw {
    Raw::start(SIGN_INS, good()).await
}

pub fn connect(raw: &Raw, auth: Auth, change: impl FnOnce(Config) -> Config) -> Client {
    Client::connect(change(config(raw)), auth).unwrap()
}

/// A failure: its kind, what it says after the operation, and whether the call may be made again.
pub type Refused = (ErrorKind, String, bool);

pub fn told<T, E: Failure>(result: Result<T, Error<E>>) -> Result<(), Refused> {
    result.map(|_| ()).map_err(|error| {
        let text = format!("{error:#}");
        let (operation, what) = text.split_once(": ").unwrap();
        assert_eq!(operation, E::OPERATION.to_string());
        (error.kind(), what.to_owned(), error.is_retryable())
    })
}

/// The failure of a call that has to fail.
async fn refused<T, E: Failure>(call: impl Future<Output = Result<T, Error<E>>>) -> Refused {
    told(timeout(PATIENCE, call).await.expect("a limit")).unwrap_err()
}

pub fn reached(limit: &str, is_retryable: bool) -> Refused {
    (ErrorKind::Timeout, format!("gave up after {limit}"), is_retryable)
}

/// Nobody takes the connections that the system has made, so that those after them are
/// not made at all.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn connecting_takes_too_long() {
    let raw = start().await;
    let limit = Duration::from_millis(400);
    let client = connect(&raw, desk(), |config| config.connect_timeout(limit));
    raw.leave_in_the_queue(9).await;
    let probe = std::net::TcpStream::connect_timeout(&raw.address(), limit);
    if probe.is_ok() {
        eprintln!("skipped: this system makes connections for a queue that is full");
        return;
    }
    let in_vain = |(kind, text, is_retryable): Refused| {
        assert_eq!((kind, is_retryable), (ErrorKind::Timeout, true));
        assert!(text.starts_with("could not connect within Config::connect_timeout after 3 attempts in "), "{text}");
    };
    in_vain(refused(client.get_call().id(CALL).send()).await);
    assert_eq!(raw.tries(), 3);
    // The request never left, so that it doesn't matter what it is.
    in_vain(refused(client.create_call().body(new_call()).send()).await);
    assert_eq!(raw.tries(), 6);
    let limited = client.within(limit / 2);
    assert_eq!(refused(limited.create_call().body(new_call()).send()).await, reached("200 ms (Client::within)", false));
    assert_eq!((raw.tries(), raw.counts()), (7, (0, 0)));

    raw.leave_in_the_queue(2).await;
    client.create_call().body(new_call()).send().await.unwrap();
    assert_eq!((raw.tries(), raw.counts()), (3, (1, 1)));
}

/// What the limits are called when nothing is answered, and that nothing is sent again.
#[tokio::test]
async fn nothing_is_answered() {
    let raw = start().await;
    raw.arm([], Play::of([Head, Body, Hang]));
    let long = PATIENCE * 60;
    let client = |timeout, idle, policy: RetryPolicy| {
        connect(&raw, desk(), |config| config.timeout(timeout).idle_timeout(idle).retry(policy))
    };
    let requests = (client(LIMIT, long, policy()), "700 ms (Config::timeout)");
    let idle = (client(long, LIMIT, policy()), "700 ms (Config::idle_timeout)");
    // A request that is cut off by the end of the call says so.
    let total = (client(long, long, policy().total(LIMIT)), "700 ms (RetryPolicy::total)");
    let within = (client(long, long, policy()).within(LIMIT), "700 ms (Client::within)");
    let (idle, within) = (&idle, &within);
    let read = async |(client, limit): &(Client, &str)| {
        assert_eq!(refused(client.get_call().id(CALL).send()).await, reached(limit, true));
    };
    let write = async |(client, limit): &(Client, &str)| {
        assert_eq!(refused(client.create_call().body(new_call()).send()).await, reached(limit, false));
    };
    let download = async |(client, limit): &(Client, &str)| {
        let download = client.get_call_task_attachment().id(TASK).attachment_id(1);
        assert_eq!(refused(download.send()).await, reached(limit, true));
    };
    let upload = async |(client, limit): &(Client, &str)| {
        let part = Part::bytes(vec![7; 100_000]).file_name("act.pdf");
        let upload = client.upload_shared_attachment().id(TASK).token("t").attachment(part);
        assert_eq!(refused(upload.send()).await, reached(limit, false));
    };
    tokio::join!(read(&requests), read(idle), read(&total), read(within));
    tokio::join!(write(&requests), write(idle), write(&total), write(within));
    // What streams has no limit for a request, and isn't cut off by the total.
    tokio::join!(download(idle), download(within), upload(idle), upload(within));
    assert_eq!(raw.received().len(), 12);
}

/// The limit of a call is for all that belongs to it: signing in, renewing, and every attempt.
#[tokio::test]
async fn a_call_has_one_limit_for_everything() {
    let long = PATIENCE * 60;
    // A sign-in is not answered: this server takes it for any other request.
    let raw = Raw::start(&[], Play::of([Head, Body, Hang])).await;
    let client = connect(&raw, Auth::user("ivanov", "Passw0rd"), |config| config.timeout(long).idle_timeout(long));
    for limit in [LIMIT, LIMIT / 2] {
        let limited = client.within(limit);
        let expect = reached(&format!("{} ms (Client::within)", limit.as_millis()), true);
        assert_eq!(refused(limited.get_self().send()).await, expect);
    }
    // The sign-in that the first call began goes on, and is the second one's, too.
    assert_eq!(raw.received().iter().map(|one| one.target.as_str()).collect::<Vec<_>>(), ["/user/signin"]);

    // A renewal is answered when the call is over.
    let raw = start().await;
    let client = connect(&raw, Auth::user("ivanov", "Passw0rd"), |config| config.timeout(long).idle_timeout(long));
    client.get_self().send().await.unwrap();
    raw.arm([Play::response(&Response::new(401, "").last())], good());
    let over = Arc::new(Barrier::new(2));
    let (_, renewed) = SIGN_INS[1];
    raw.arm_sign_ins([Play::of([Meet(Arc::clone(&over)), Send(renewed(2).last().bytes())])]);
    assert_eq!(refused(client.within(LIMIT).get_self().send()).await, reached("700 ms (Client::within)", true));
    assert_eq!((raw.counts(), raw.signed_in().len()), ((1, 0), 1));
    over.wait().await;
    raw.arm([], good());
    client.get_self().send().await.unwrap();
    assert_eq!((raw.counts(), raw.signed_in().len()), ((1, 1), 0), "it has the renewed token, or waits for it");
    assert_eq!(raw.received()[0].header("authorization"), Some("x-user access-2"));

    // The second attempt is not answered.
    raw.arm([Play::response(&Response::new(503, "").last())], Play::of([Head, Body, Hang]));
    let expect = reached("700 ms (Client::within), in attempt 2", true);
    assert_eq!(refused(client.within(LIMIT).get_self().send()).await, expect);
    assert_eq!(raw.counts(), (2, 2));
}

/// A limit without end is none, and no reason to panic.
#[tokio::test]
async fn limits_without_end() {
    let raw = start().await;
    let max = Duration::MAX;
    let client = connect(&raw, desk(), |config| {
        let policy = policy().total(max).longest_wait(max);
        config.timeout(max).idle_timeout(max).connect_timeout(max).retry(policy)
    });
    raw.arm([Play::response(&Response::new(503, "").last())], good());
    client.get_call().id(CALL).send().await.unwrap();
    client.within(max).get_call().id(CALL).send().await.unwrap();
    let part = Part::bytes(vec![7; 100_000]).file_name("act.pdf");
    client.upload_shared_attachment().id(TASK).token("t").attachment(part).send().await.unwrap();
    let mut content = client.get_call_task_attachment().id(TASK).attachment_id(1).send().await.unwrap().into_inner();
    while content.chunk().await.unwrap().is_some() {}
    assert_eq!(raw.counts(), (5, 5));
}
