//! Connections that the server ends while nothing is going on, or before anything was
//! sent; and responses that are not what they say.

use support::raw::{
    Play, Response,
    Step::{Body, Close, Head, Reset, Send},
};

use super::{
    calls::{CALL, Column, TASK, desk},
    plays::{bomb, gzip},
    retries::{connect, create, get, start},
};

/// The server ends a connection while nothing is going on, and the client may come to
/// know only when it has sent the next request: such a request is executed at most once,
/// and a read is answered whatever happens.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_go_stale() {
    let response = Send(Response::new(200, r#"{"id":683914}"#).bytes());
    let closed = |end| Play::of([Head, Body, response.clone(), end]);
    for (what, then, next) in [
        ("closed", closed(Close), None),
        ("reset", closed(Reset), None),
        ("closed when the next one comes", Play::of([Head, Body, response.clone()]), Some(Play::of([Head, Close]))),
        ("reset when the next one comes", Play::of([Head, Body, response.clone()]), Some(Play::of([Head, Reset]))),
    ] {
        let raw = start().await;
        let client = connect(&raw, desk(), |config| config);
        for number in 0..60 {
            // A connection is kept, as far as the client knows.
            raw.arm([], then.clone());
            let what = format!("{what}, {number}");
            assert_eq!(get(&client).await, "ok", "{what}");
            if number % 2 == 1 {
                raw.arm(next.clone(), then.clone());
                assert_eq!(get(&client).await, "ok", "{what}: a read");
                continue;
            }
            raw.arm(next.clone(), then.clone());
            let outcome = create(&client, &what).await;
            let (received, executed) = raw.counts();
            match outcome.as_str() {
                "ok" => assert_eq!(executed, 1, "{what}"),
                "transport/Transport" => assert!(executed <= 1 && received <= 1, "{what}: {received} {executed}"),
                other => panic!("{what}: {other}"),
            }
            if next.is_some() {
                assert_eq!((outcome.as_str(), received, executed), ("transport/Transport", 1, 0), "{what}");
            }
        }
    }
}

/// A connection that ends before anything was sent over it: whether the client has sent
/// the request by then is a matter of chance, whether it is executed is not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_end_at_once() {
    for number in 0..60 {
        let raw = start().await;
        raw.arm([Play::of([Reset])], Play::response(&Response::new(200, r#"{"id":683914}"#).last()));
        let client = connect(&raw, desk(), |config| config);
        let outcome = create(&client, "once").await;
        let expect = match outcome.as_str() {
            "ok" => (1, 1),
            "transport/Transport" => (0, 0),
            other => panic!("{other}"),
        };
        assert_eq!(raw.counts(), expect, "{number}: {outcome}");
        assert_eq!(get(&client).await, "ok");
    }
}

/// Ten kilobytes that could be ten megabytes stay as they are.
#[tokio::test]
async fn nothing_is_unpacked() {
    let raw = start().await;
    let client = connect(&raw, desk(), |config| config.max_body(1 << 20));
    raw.arm([], bomb(&Column::Read.response()));
    let error = client.get_call().id(CALL).send().await.unwrap_err();
    let casewire::Error::Undecodable(e) = &error else { panic!("{error}") };
    assert_eq!((e.path(), e.offset()), (".", Some(0)), "{e}");
    assert!(e.reason().starts_with("expected value"), "{e}");
    let mut content = client.get_call_task_attachment().id(TASK).attachment_id(1).send().await.unwrap().into_inner();
    let mut all = Vec::new();
    while let Some(chunk) = content.chunk().await.unwrap() {
        all.extend_from_slice(&chunk);
    }
    assert!(all == gzip(), "{} bytes", all.len());
    assert!(raw.received().iter().all(|one| one.header("accept-encoding").is_none()), "it was not asked for");
}
