//! Connections that fail.

use std::time::Duration;

use casewire::{
    Config, ErrorKind,
    contractor::{Auth, Client},
};
use support::{
    interfaces::contractor::rows::{ROWS, TOKEN},
    outcome::Seen,
    recorder::{Lane, Recorder, Response},
    row::row,
};

use super::{connect, connect_with, everyone};

/// Looks at a failed `getSharedCall`, whose token is in the query.
fn check(seen: &Seen, what: &str, kind: ErrorKind, origin: &str) {
    assert!(seen.display.starts_with(&format!("GET /shared/call (getSharedCall): {what}")), "{}", seen.display);
    assert_eq!((seen.kind, seen.operation, seen.status, seen.code), (kind, "getSharedCall", None, None));
    assert!(seen.sources.is_empty(), "the text has the cause: {:?}", seen.sources);
    for part in [TOKEN, "token=", "/api/v1", origin] {
        assert!(!seen.display.contains(part), "{part} is seen in {}", seen.display);
    }
}

#[tokio::test]
async fn nobody_listens() {
    // Bound and not listening, so that nobody else gets the port.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let origin = format!("http://{}", socket.local_addr().unwrap());
    let client = Client::connect(Config::new(&format!("{origin}/api/v1")).unwrap(), Auth::anonymous()).unwrap();
    let outcome = row(ROWS, "getSharedCall").outcome(&client).await;
    check(&outcome.error.unwrap(), "could not connect after 3 attempts in ", ErrorKind::Transport, &origin);
    let Err(casewire::Error::Transport(e)) = client.get_shared_call().token(TOKEN).send().await else { panic!() };
    assert!(e.is_connect() && !e.is_timeout());
}

#[tokio::test]
async fn the_connection_is_closed_before_a_response() {
    let recorder = Recorder::start().await;
    recorder.then(Lane::Operations, |_| Response::Close);
    let client = connect(&recorder, everyone());
    let outcome = row(ROWS, "getSharedCall").outcome(&client).await;
    check(&outcome.error.unwrap(), "the connection broke: ", ErrorKind::Transport, &recorder.origin());
    for row in ROWS.iter().filter(|row| !["signIn", "renewTokens"].contains(&row.id)) {
        let before = recorder.counts()[0];
        let outcome = row.outcome(&client).await;
        assert!(outcome.text.starts_with("Transport: "), "{}: {}", row.id, outcome.text);
        assert_eq!(outcome.error.unwrap().operation, row.id);
        // It may have had its effect: whether it is retried is the caller's to decide.
        assert_eq!(recorder.counts()[0], before + 1, "{} is sent once", row.id);
    }
}

#[tokio::test]
async fn no_response_in_time() {
    let recorder = Recorder::start().await;
    recorder.then(Lane::Operations, |_| Response::Silence);
    let client = connect_with(&recorder, everyone(), |config| config.timeout(Duration::from_millis(20)));
    let outcome = row(ROWS, "getSharedCall").outcome(&client).await;
    check(&outcome.error.unwrap(), "gave up after 20 ms (Config::timeout)", ErrorKind::Timeout, &recorder.origin());
    let Err(casewire::Error::Transport(e)) = client.get_shared_call().token(TOKEN).send().await else { panic!() };
    assert!(e.is_timeout());
    // For a download the idle timeout counts.
    let client = connect_with(&recorder, everyone(), |config| config.idle_timeout(Duration::from_millis(20)));
    let outcome = row(ROWS, "downloadSharedAttachment").outcome(&client).await;
    assert!(outcome.text.ends_with("gave up after 20 ms (Config::idle_timeout)"), "{}", outcome.text);
    assert_eq!(outcome.error.unwrap().kind, ErrorKind::Timeout);
}

#[tokio::test]
async fn no_limits_at_all() {
    let recorder = Recorder::start().await;
    recorder.then(Lane::Operations, |_| Response::json(200, "{}"));
    let endless = std::time::Duration::MAX;
    let client = connect_with(&recorder, everyone(), |config| {
        let retry = casewire::RetryPolicy::default().total(endless).first_wait(endless).longest_wait(endless);
        config.connect_timeout(endless).timeout(endless).idle_timeout(endless).retry(retry)
    });
    for id in ["getCall", "uploadSharedAttachment", "downloadSharedAttachment"] {
        let outcome = row(ROWS, id).outcome(&client).await;
        assert!(outcome.text.starts_with("Ok("), "{id}: {}", outcome.text);
    }
    assert!(client.within(endless).get_call().id(1).send().await.is_ok());
}

/// A sign-in that is not answered in time fails the call that needed it, and names both.
#[tokio::test]
async fn no_sign_in_in_time() {
    let recorder = Recorder::start().await;
    recorder.then(Lane::SignIns, |_| Response::Silence);
    let client = connect_with(&recorder, everyone(), |config| config.timeout(Duration::from_millis(20)));
    let outcome = row(ROWS, "getSelf").outcome(&client).await;
    let expect = "Session: GET /user/self (getSelf): no session: POST /user/signin (signIn): gave up after 20 ms (Config::timeout)";
    assert_eq!(outcome.text, expect);
    assert_eq!(outcome.error.unwrap().kind, ErrorKind::Timeout);
}
