//! The header that an installation may ask for, no response in time, many calls.

use std::{collections::BTreeSet, time::Duration};

use casewire::{
    Config, ErrorKind,
    legalcase::{AcceptSpelling, Client},
};
use support::{
    interfaces::Legalcase,
    interfaces::legalcase::rows::ROWS,
    outcome::assert_no_secrets,
    recorder::{Lane, Recorder, Response},
    row::row,
};

use super::{connect, connect_with, requests};

/// Without a configured header, there is none of any kind: the rows are compared with all
/// of their headers.
#[tokio::test]
async fn a_configured_header_is_sent_with_every_request() {
    for (name, value) in [
        ("Authorization", "Bearer key-417"),
        ("x-api-key", "key-417"),
        ("Cookie", "key-417=1"),
        ("X-Empty", ""),
        ("User-Agent", "key-417"),
    ] {
        let partner = Recorder::start().await;
        let client = connect_with(&partner, AcceptSpelling::Cyrillic, |config| config.header(name, value).unwrap());
        for row in ROWS {
            row.outcome(&client).await;
        }
        let requests = requests(&partner);
        assert_eq!(requests.len(), ROWS.len());
        for request in requests {
            assert_eq!(request.header(&name.to_ascii_lowercase()), Some(value), "{}", request.target);
            let names: BTreeSet<_> = request.headers.iter().map(|(name, _)| name).collect();
            assert_eq!(names.len(), request.headers.len(), "a header twice: {:?}", request.headers);
        }
        assert_no_secrets::<Legalcase>(&format!("{client:?} {client:#?}"));
    }
}

#[tokio::test]
async fn several_headers_and_the_last_of_one_name() {
    let partner = Recorder::start().await;
    let client = connect_with(&partner, AcceptSpelling::Latin, |config| {
        let config = config.header("x-api-key", "old").unwrap().header("X-Api-Key", "key-417").unwrap();
        config.header("x-partner", "ппо24").unwrap().user_agent("desk/1")
    });
    row(ROWS, "deleteClient").outcome(&client).await;
    let request = requests(&partner).remove(0);
    assert_eq!((request.header("x-api-key"), request.header("user-agent")), (Some("key-417"), Some("desk/1")));
    assert_eq!(request.header("x-partner"), Some("ппо24"));
}

#[test]
fn headers_that_cannot_be_sent() {
    for (name, value) in [("x api", "key-417"), ("", "key-417"), ("x-api", "key-417\r\nX-Injected: 1"), ("x-api", "\0")]
    {
        let error = Config::new("https://partner.example").unwrap().header(name, value).unwrap_err();
        let says = format!("the header `{name}` has a name or a value that is not legal in HTTP");
        assert_eq!(error.to_string(), says);
        assert_no_secrets::<Legalcase>(&format!("{error:?} {error}"));
    }
    let config = Config::new("https://partner.example").unwrap().header("x-api-key", "key-417").unwrap();
    assert_no_secrets::<Legalcase>(&format!("{config:?} {config:#?}"));
    assert_no_secrets::<Legalcase>(&format!("{:?}", Client::connect(config, AcceptSpelling::Latin).unwrap()));
}

#[tokio::test]
async fn no_response_in_time() {
    let partner = Recorder::start().await;
    partner.then(Lane::Operations, |_| Response::Silence);
    let limits = |config: Config| config.timeout(Duration::from_millis(20)).idle_timeout(Duration::from_millis(20));
    let client = connect_with(&partner, AcceptSpelling::Latin, limits);
    for row in ROWS {
        let outcome = row.outcome(&client).await;
        let limits = ["timeout", "idle_timeout"].map(|limit| format!("gave up after 20 ms (Config::{limit})"));
        assert!(limits.iter().any(|limit| outcome.text.ends_with(limit)), "{}: {}", row.id, outcome.text);
        assert_eq!(outcome.error.unwrap().kind, ErrorKind::Timeout);
    }
}

/// Clones share what there is; many calls at once are many requests.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_calls_at_once() {
    let partner = Recorder::start().await;
    partner.then(Lane::Operations, |_| Response::empty(204));
    let client = connect(&partner);
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..200 {
        let client = client.clone();
        calls.spawn(async move { row(ROWS, "deleteClient").outcome(&client).await.text });
    }
    assert_eq!(calls.join_all().await, vec!["Ok(())"; 200]);
    assert_eq!(requests(&partner).len(), 200);
}
