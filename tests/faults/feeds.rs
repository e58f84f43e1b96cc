//! Feeds, from a server that sends what no document rules out, and that breaks off
//! anywhere: every item is given out once, in the order in which it was sent, and the mark
//! advances with complete responses only. What is told of a chunk: the ids of its items,
//! `!` and the place of one that can't be read, and the mark.

use std::{
    future::poll_fn,
    pin::pin,
    sync::{Arc, Mutex},
    task::Poll,
    time::Duration,
};

use bytes::Bytes;
use casewire::{
    AnyError, CallResult, Config, Error, ErrorKind, RetryPolicy,
    contractor::{
        error::ListCallChangesError,
        feed::{Changes, Feed, Follow, Mark},
        types::CallDto,
    },
};
use futures_util::future::join_all;
use support::raw::{
    Play, Raw, Response,
    Step::{Body, Close, Hang, Head, Meet, Pause, Reset, Send},
};
use tokio::{
    sync::Barrier,
    time::{sleep, timeout},
};

use super::{
    calls::desk,
    limits::{PATIENCE, connect, start},
};

const EVERY: Duration = Duration::from_millis(1);

fn list(body: impl Into<Bytes>) -> Response {
    Response::new(200, body).header("content-type", "application/json").last()
}

fn play(body: &str) -> Play {
    Play::response(&list(body.to_owned()))
}

/// A feed of calls from the server.
fn follow(raw: &Raw, change: impl FnOnce(Config) -> Config) -> Follow<CallDto> {
    connect(raw, desk(), change).follow_calls().every(EVERY)
}

fn told(changes: &Changes<CallDto>) -> String {
    let mut words: Vec<_> = changes
        .items
        .iter()
        .map(|item| match item {
            Ok(call) => call.id.map_or("-".to_owned(), |id| id.to_string()),
            Err(unreadable) => format!("!{}", unreadable.error.path()),
        })
        .collect();
    words.push("|".to_owned());
    words.push(timestamp(changes.mark));
    words.join(" ")
}

/// The number of calls in a mark.
fn timestamp(mark: Mark) -> String {
    let text = mark.to_string();
    text.strip_prefix("calls:").unwrap().split(',').next().unwrap().to_owned()
}

async fn next(feed: &mut Feed<CallDto>) -> Option<Result<Changes<CallDto>, AnyError>> {
    timeout(PATIENCE, feed.next()).await.expect("a chunk in time")
}

/// What the responses one after the other make of a feed, with `[]` from then on, and the
/// timestamps that it asked from.
async fn read(responses: &[Response], overlap: u64) -> (Vec<String>, Vec<String>) {
    let raw = start().await;
    raw.arm(responses.iter().map(Play::response), play("[]"));
    let mut feed = follow(&raw, |config| config).overlap(overlap).stream();
    let mut told_so_far = Vec::new();
    let reading = async {
        while let Some(changes) = feed.next().await {
            told_so_far.push(changes.map_or_else(|e| format!("{:?}", e.kind()), |changes| told(&changes)));
        }
    };
    let enough = raw.until_received(responses.len() + 2);
    tokio::select! {
        () = reading => {}
        waited = timeout(PATIENCE, enough) => waited.expect("the feed goes on"),
    }
    let asked = raw.received().iter().map(|request| request.target.rsplit_once('/').unwrap().1.to_owned()).collect();
    (told_so_far, asked)
}

async fn check(bodies: &[&str], overlap: u64, expect: &[&str]) {
    let responses: Vec<_> = bodies.iter().map(|body| list(body.to_string())).collect();
    assert_eq!(read(&responses, overlap).await.0, expect, "{bodies:?}");
}

#[tokio::test]
async fn orders_ties_and_late_commits() {
    let one = r#"[{"id":1,"timestamp":5}]"#;
    // In no order.
    let mixed = r#"[{"id":1,"timestamp":7},{"id":2,"timestamp":3},{"id":3,"timestamp":9},{"id":4,"timestamp":1}]"#;
    check(&[mixed], 0, &["1 2 3 4 | 9"]).await;
    // Whether the server includes the mark, or doesn't, or now and then.
    check(&[one, one, one], 1, &["1 | 5"]).await;
    check(&[one, "[]", "[]"], 0, &["1 | 5"]).await;
    // A tie that is committed later.
    let tie = r#"[{"id":1,"timestamp":5},{"id":2,"timestamp":5}]"#;
    check(&[one, tie, tie], 1, &["1 | 5", "2 | 5"]).await;
    // The same id, and something has changed, even without a new timestamp.
    let changed = r#"[{"id":1,"timestamp":5,"status":"Done"}]"#;
    check(&[one, changed, changed], 1, &["1 | 5", "1 | 5"]).await;
    check(&[one, changed, one], 1, &["1 | 5", "1 | 5", "1 | 5"]).await;
    // A lower timestamp that is committed later; the mark never goes back.
    let late = r#"[{"id":8,"timestamp":2},{"id":1,"timestamp":5}]"#;
    check(&[one, late, late], 4, &["1 | 5", "8 | 5"]).await;
    // Twice in one response.
    check(&[r#"[{"id":1,"timestamp":5},{"id":1,"timestamp":5}]"#], 1, &["1 | 5"]).await;
    // Without timestamps, the mark stays.
    check(&[r#"[{"id":1},{"id":2}]"#, r#"[{"id":2},{"id":3}]"#], 1, &["1 2 | 0", "3 | 0"]).await;
    // The greatest that there is.
    check(&[r#"[{"id":1,"timestamp":9223372036854775807}]"#], 1, &["1 | 9223372036854775807"]).await;
    check(&[r#"[{"id":1,"timestamp":-7}]"#], 1, &["1 | 0"]).await;
}

/// From where is asked: the overlap before the mark, but not before the beginning.
#[tokio::test]
async fn the_overlap_is_read_again() {
    let bodies = [r#"[{"id":1,"timestamp":3}]"#, r#"[{"id":2,"timestamp":100}]"#];
    for (overlap, expect) in [(0, ["0", "3", "100"]), (1, ["0", "2", "99"]), (10, ["0", "0", "90"])] {
        let (_, asked) = read(&bodies.map(list), overlap).await;
        assert_eq!(asked[..3], expect, "{overlap}");
    }
    let (_, asked) = read(&bodies.map(list), u64::MAX).await;
    assert_eq!(asked[..3], ["0", "0", "0"]);
}

#[tokio::test]
async fn empty_responses() {
    for body in ["[]", " [ ] ", "null", "\u{feff}[]", "\u{feff}null\r\n"] {
        check(&[body, r#"[{"id":1,"timestamp":5}]"#], 1, &["1 | 5"]).await;
    }
    let (one, nothing) = (r#"[{"id":1,"timestamp":5}]"#, Response::new(204, "").last());
    assert_eq!(read(&[nothing, list(one)], 1).await.0, ["1 | 5"]);
    for status in [201, 202] {
        assert_eq!(read(&[Response::new(status, one).last()], 1).await.0, ["1 | 5"]);
    }
    // Any media type, and none.
    assert_eq!(read(&[Response::new(200, one).header("content-type", "text/plain").last()], 1).await.0, ["1 | 5"]);
    assert_eq!(read(&[Response::new(200, one).last()], 1).await.0, ["1 | 5"]);
}

#[tokio::test]
async fn items_that_can_not_be_read() {
    let good = r#"{"id":2,"timestamp":2}"#;
    for (bad, place) in [
        (r#"{"id":"x"}"#, "[0].id"),
        (r#"{"id":[1,2]}"#, "[0].id"),
        (r#"{"jeopardies":[{"id":1},{"id":true}]}"#, "[0].jeopardies[1].id"),
        (r#"{"id":x}"#, "[0].id"),
        (r#"{"id":1,"id":2}"#, "[0]"),
        (r#"{"Message":"the database is down"}"#, "[0]"),
        ("5", "[0]"),
        (r#""text""#, "[0]"),
        ("[1]", "[0]"),
    ] {
        let body = format!("[{bad},{good}]");
        check(&[&body, &body], 1, &[&format!("!{place} 2 | 2")]).await;
        let body = format!("[{good},{bad}]");
        let place = place.replacen("[0]", "[1]", 1);
        check(&[&body, &body], 1, &[&format!("2 !{place} | 2")]).await;
    }
    // Its timestamp counts, if it has one.
    check(&[r#"[{"id":"x","timestamp":9},{"id":2,"timestamp":2}]"#], 1, &["![0].id 2 | 9"]).await;
    check(&[r#"[{"id":"x","timestamp":"9"},{"id":2,"timestamp":2}]"#], 1, &["![0].id 2 | 2"]).await;
    check(&[r#"[[1,9],{"id":2,"timestamp":2}]"#], 1, &["![0] 2 | 2"]).await;
}

#[tokio::test]
async fn repairs_are_counted() {
    let raw = start().await;
    raw.arm([], play(r#"[null,{"id":1,"created":"","tasks":[null],"timestamp":5},null]"#));
    let mut feed = follow(&raw, |config| config).stream();
    let changes = next(&mut feed).await.unwrap().unwrap();
    assert_eq!((told(&changes).as_str(), changes.repairs), ("1 | 5", 4));
    // Of those that come again, nothing counts.
    raw.arm([], play(r#"[{"id":1,"created":"","tasks":[null],"timestamp":5},{"id":2,"timestamp":6}]"#));
    let changes = next(&mut feed).await.unwrap().unwrap();
    assert_eq!((told(&changes).as_str(), changes.repairs), ("2 | 6", 0));
}

/// What can't be read is handed over, and shown nowhere.
#[tokio::test]
async fn what_can_not_be_read_is_not_shown() {
    let raw = start().await;
    let secret = r#"{"hunter2":"hunter2","id":"hunter2"}"#;
    raw.arm([], play(&format!(r#"[{{"id":1}},{secret}]"#)));
    let changes = next(&mut follow(&raw, |config| config).stream()).await.unwrap().unwrap();
    let unreadable = changes.items[1].as_ref().unwrap_err();
    assert_eq!((&unreadable.raw[..], &unreadable.error.body()[..]), (secret.as_bytes(), secret.as_bytes()));
    assert_eq!(unreadable.operation().id, "listCallChanges");
    let text = unreadable.to_string();
    assert!(
        text.contains("(listCallChanges) at http://")
            && text.contains(": can't read")
            && text.contains("at [1].id: invalid type: string"),
        "{text}"
    );
    for shown in [text, format!("{unreadable:?}"), format!("{changes:?}")] {
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}

/// How a body is sent, and where it ends.
#[derive(Debug, Clone, Copy)]
enum Framing {
    Length,
    Chunks,
    /// Until the connection is closed.
    Open,
}

impl Framing {
    /// So much of the response to the body.
    fn bytes(self, body: &str, length: usize) -> Bytes {
        let response = list(body.to_owned());
        let sent = &body[..length];
        match self {
            Self::Length => [&response.head(body.len())[..], sent.as_bytes()].concat().into(),
            Self::Open => format!("{}\r\n{sent}", response.open_head()).into(),
            Self::Chunks => {
                let chunk = |byte: char| format!("1\r\n{byte}\r\n");
                let chunks: String = sent.chars().map(chunk).collect();
                format!("{}transfer-encoding: chunked\r\n\r\n{chunks}", response.open_head()).into()
            }
        }
    }
}

/// The items are given out once all the same, and the mark advances at the end.
#[tokio::test]
async fn a_connection_that_is_cut_at_every_byte() {
    let body = r#"[{"id":1,"timestamp":9},null,{"id":"]","timestamp":7} ,{"id":3}]"#;
    let cases = [Framing::Length, Framing::Chunks, Framing::Open]
        .into_iter()
        .flat_map(|framing| (0..body.len()).flat_map(move |length| [Close, Reset].map(|end| (framing, length, end))));
    let cut = async |(framing, length, end): (Framing, usize, support::raw::Step)| {
        let case = format!("{framing:?} {length}");
        let raw = start().await;
        let cut = Play::of([Head, Body, Send(framing.bytes(body, length)), end]);
        raw.arm([cut], play(body));
        let mut feed = follow(&raw, |config| config).stream();
        let mut items = Vec::new();
        loop {
            let changes = next(&mut feed).await.unwrap().unwrap_or_else(|e| panic!("{case}: {e}"));
            let text = told(&changes);
            let (chunk, mark) = text.split_once("| ").unwrap();
            items.extend(chunk.split_whitespace().map(str::to_owned));
            if mark == "9" {
                break;
            }
            assert_eq!(mark, "0", "{case}");
        }
        assert_eq!(items, ["1", "![2].id", "3"], "{case}");
        assert!(raw.received().iter().all(|request| request.target.ends_with("/modifications/0")), "{case}");
    };
    for some in cases.collect::<Vec<_>>().chunks(100) {
        join_all(some.iter().cloned().map(cut)).await;
    }
}

/// A response that is longer than a chunk, cut at every element.
#[tokio::test]
async fn a_connection_that_is_cut_at_every_element() {
    let count = 600;
    let body = |length: usize| {
        let element = |id: usize| format!(r#"{{"id":{id},"timestamp":{}}}"#, 10_000 + id * 7 % count);
        (0..length).map(element).collect::<Vec<_>>().join(",")
    };
    let whole = format!("[{}]", body(count));
    let cut = async |length: usize| {
        let raw = start().await;
        let begin = [&list("").head(whole.len())[..], b"[", body(length).as_bytes()].concat();
        raw.arm([Play::of([Head, Body, Send(begin.into()), Close])], play(&whole));
        let mut feed = follow(&raw, |config| config).stream();
        let (mut ids, mut marks) = (Vec::new(), Vec::new());
        while marks.last().is_none_or(|mark| mark == "0") {
            let changes = next(&mut feed).await.unwrap().unwrap();
            assert!(changes.items.len() <= 256);
            ids.extend(changes.items.into_iter().map(|item| item.unwrap().id.unwrap()));
            marks.push(timestamp(changes.mark));
        }
        assert_eq!(ids, (0..count as i64).collect::<Vec<_>>(), "{length}");
        assert_eq!(marks.pop().unwrap(), "10599", "{length}");
    };
    for lengths in (0..count).step_by(7).collect::<Vec<_>>().chunks(100) {
        join_all(lengths.iter().copied().map(cut)).await;
    }
}

/// Each end: the kinds of the errors that the feed outlived, and what it then came to.
#[tokio::test]
async fn what_a_feed_outlives() {
    let check = async |first: Response, responses: &[Response], outlived: &[ErrorKind], end: &str| {
        let raw = start().await;
        let plays = std::iter::once(&first).chain(responses).map(Play::response);
        raw.arm(plays, play(r#"[{"id":7,"timestamp":7}]"#));
        let kinds = Arc::new(Mutex::new(Vec::new()));
        let keep = Arc::clone(&kinds);
        let feed = follow(&raw, |config| config.retry(RetryPolicy::never()));
        let mut feed = feed.interrupted(move |e, _| keep.lock().unwrap().push(e.kind())).stream();
        let last = loop {
            match next(&mut feed).await {
                Some(Ok(changes)) if told(&changes) == "7 | 7" => break "goes on".to_owned(),
                Some(Ok(_)) => {}
                Some(Err(e)) => {
                    assert!(next(&mut feed).await.is_none(), "an error is the last item");
                    break format!("{e:#}").split_once("(listCallChanges): ").unwrap().1.to_owned();
                }
                None => break "nothing".to_owned(),
            }
        };
        assert!(last.starts_with(end), "{last}");
        assert_eq!(*kinds.lock().unwrap(), outlived, "{last}");
    };
    let status = |status: u16| Response::new(status, "").last();
    let html =
        || Response::new(200, "<html><body>maintenance</body></html>").header("content-type", "text/html").last();
    for code in [500, 502, 503, 504, 520] {
        check(status(code), &[status(code)], &[ErrorKind::Server; 2], "goes on").await;
    }
    check(status(429), &[], &[ErrorKind::RateLimited], "goes on").await;
    check(status(408), &[], &[ErrorKind::Timeout], "goes on").await;
    // It may have been cut off.
    check(list(""), &[], &[ErrorKind::Undecodable], "goes on").await;
    check(list(r#"[{"id":1}"#), &[], &[ErrorKind::Undecodable], "goes on").await;

    check(html(), &[], &[], "can't read the body of the 200 OK response (text/html): it looks like HTML").await;
    let other = list(r#"{"Message":"no"}"#);
    check(other.clone(), &[], &[], "can't read the body of the 200 OK response (application/json): it is not a list")
        .await;
    // What has worked may work again.
    check(list("[]"), &[html(), other], &[ErrorKind::Undecodable; 2], "goes on").await;
    for body in ["[1,]", "[{}{}]", "[] []"] {
        check(list("[]"), &[list(body)], &[], "can't read the body of the 200 OK response").await;
    }
    for code in [401, 403, 404, 400, 301, 203] {
        check(status(code), &[], &[], "the server responded with").await;
        check(list("[]"), &[status(code)], &[], "the server responded with").await;
    }
}

/// The error is that of the operation.
#[tokio::test]
async fn a_feed_ends_with_the_error_of_its_operation() {
    let raw = start().await;
    raw.arm([], Play::response(&Response::new(403, "").last()));
    let error = next(&mut follow(&raw, |config| config).stream()).await.unwrap().unwrap_err();
    assert_eq!(error.failure(), Some(&ListCallChangesError::Forbidden));
    raw.arm([], play("[,]"));
    let error = next(&mut follow(&raw, |config| config).stream()).await.unwrap().unwrap_err();
    let Some(Error::<ListCallChangesError>::Undecodable(e)) = error.error() else { panic!("{error}") };
    assert_eq!((e.path(), e.offset(), e.excerpt()), ("[0]", Some(1), Some(",]")));
}

/// `Retry-After` lengthens a wait, by what the program is told.
#[tokio::test]
async fn a_server_that_asks_to_wait() {
    let raw = start().await;
    let busy = |seconds: &str| Response::new(503, "").header("retry-after", seconds).last();
    let waits = Arc::new(Mutex::new(Vec::new()));
    for (seconds, expect) in [("7", 7), ("99999999", 3600)] {
        raw.arm([], Play::response(&busy(seconds)));
        let keep = Arc::clone(&waits);
        let feed = follow(&raw, |config| config.retry(RetryPolicy::never()));
        let mut feed = feed.interrupted(move |_, wait| keep.lock().unwrap().push(wait)).stream();
        let waiting = async {
            while waits.lock().unwrap().is_empty() {
                sleep(EVERY).await;
            }
        };
        tokio::select! {
            _ = next(&mut feed) => panic!("it waits"),
            () = waiting => {}
        }
        assert_eq!(waits.lock().unwrap().drain(..).collect::<Vec<_>>(), [Duration::from_secs(expect)]);
    }
}

/// A record is limited, and the response isn't.
#[tokio::test]
async fn a_huge_record() {
    let raw = start().await;
    let record =
        |id: i64, length: usize| format!(r#"{{"id":{id},"timestamp":{id},"comments":"{}"}}"#, "я".repeat(length / 2));
    let ids = 1..=20_i64;
    let records = ids.clone().map(|id| record(id, if id == 5 { 30_000 } else { 9_000 })).collect::<Vec<_>>();
    raw.arm([], play(&format!("[{}]", records.join(","))));
    let mut feed = follow(&raw, |config| config.max_body(10_000).max_decoded(9_500)).stream();
    let mut items = Vec::new();
    let mark = loop {
        let changes = next(&mut feed).await.unwrap().unwrap();
        items.extend(changes.items);
        if changes.mark != Mark::default() {
            break changes.mark;
        }
    };
    assert_eq!((items.len(), timestamp(mark).as_str()), (20, "20"));
    for (id, item) in ids.zip(items) {
        match item {
            Ok(call) => assert!(call.id == Some(id) && id != 5, "{id}"),
            Err(unreadable) => {
                assert_eq!((id, unreadable.error.path()), (5, "[4]"));
                assert_eq!(unreadable.error.reason(), "it is larger than the limit max_body of 10000 bytes");
                assert_eq!(unreadable.raw, records[4].as_bytes()[..10_000]);
            }
        }
    }
    // The other limit.
    let mut feed = follow(&raw, |config| config.max_decoded(5_000)).stream();
    let changes = next(&mut feed).await.unwrap().unwrap();
    let reason = changes.items[0].as_ref().unwrap_err().error.reason().to_owned();
    assert!(reason.starts_with("it exceeds the limit max_decoded of 5000 bytes"), "{reason}");
}

/// Items are given out while the rest is still to come.
#[tokio::test]
async fn items_come_as_they_arrive() {
    let raw = start().await;
    let body = r#"[{"id":1,"timestamp":1},{"id":2,"timestamp":2}]"#;
    let (head, met) = (list("").head(body.len()), Arc::new(Barrier::new(2)));
    let (first, rest) = body.split_at(24);
    let first = Send([&head[..], first.as_bytes()].concat().into());
    raw.arm([Play::of([Head, Body, first, Meet(Arc::clone(&met)), Send(rest.to_owned().into()), Close])], play("[]"));
    let mut feed = follow(&raw, |config| config).stream();
    assert_eq!(told(&next(&mut feed).await.unwrap().unwrap()), "1 | 0");
    met.wait().await;
    assert_eq!(told(&next(&mut feed).await.unwrap().unwrap()), "2 | 2");
}

/// The time that the program takes is no idle time; a server that sends nothing has its
/// response read again.
#[tokio::test]
async fn a_slow_program_and_a_slow_server() {
    let raw = start().await;
    let count = 30_000;
    let element = |id: usize| format!(r#"{{"id":{id},"timestamp":{id},"comments":"{}"}}"#, "a".repeat(200));
    let body = format!("[{}]", (1..=count).map(element).collect::<Vec<_>>().join(","));
    let idle = Duration::from_millis(700);
    raw.arm([play(&body)], play("[]"));
    let interruptions = Arc::new(Mutex::new(Vec::new()));
    let keep = Arc::clone(&interruptions);
    let feed = follow(&raw, |config| config.idle_timeout(idle).timeout(idle));
    let mut feed = feed.interrupted(move |e, _| keep.lock().unwrap().push(e.kind())).stream();
    let (mut items, mut chunks) = (0, 0);
    loop {
        let changes = next(&mut feed).await.unwrap().unwrap();
        items += changes.items.len();
        if chunks < 2 {
            // Without a poll, and without a moment for the connection.
            if chunks == 0 { sleep(idle * 2).await } else { std::thread::sleep(idle * 2) }
        }
        chunks += 1;
        if changes.mark != Mark::default() {
            break;
        }
    }
    assert_eq!((items, interruptions.lock().unwrap().len()), (count, 0));
    drop(feed);

    let half = [&list("").head(100)[..], br#"[{"id":1,"timestamp":1},"#].concat();
    raw.arm([Play::of([Head, Body, Send(half.into()), Hang])], play(r#"[{"id":1,"timestamp":1}]"#));
    let keep = Arc::clone(&interruptions);
    let feed = follow(&raw, |config| config.idle_timeout(idle));
    let mut feed = feed.interrupted(move |e, _| keep.lock().unwrap().push(e.kind())).stream();
    assert_eq!(told(&next(&mut feed).await.unwrap().unwrap()), "1 | 0");
    assert_eq!(told(&next(&mut feed).await.unwrap().unwrap()), "| 1");
    assert_eq!(*interruptions.lock().unwrap(), [ErrorKind::Timeout]);
}

/// A future of a chunk that is dropped, wherever that is.
#[tokio::test]
async fn a_dropped_future_loses_nothing() {
    let raw = start().await;
    let body = r#"[{"id":1,"timestamp":1},{"id":2,"timestamp":2},{"id":3,"timestamp":3}]"#;
    let steps = body.as_bytes().chunks(5).flat_map(|part| [Send(part.to_vec().into()), Pause(EVERY)]);
    let steps = [Head, Body, Send(list("").head(body.len()))].into_iter().chain(steps).chain([Close]);
    raw.arm([Play::of(steps.collect::<Vec<_>>())], play("[]"));
    let mut feed = follow(&raw, |config| config).stream();
    let mut items = Vec::new();
    while items.len() < 3 {
        let polled = poll_fn(|context| match pin!(feed.next()).poll(context) {
            Poll::Ready(changes) => Poll::Ready(Some(changes)),
            Poll::Pending => Poll::Ready(None),
        });
        match polled.await {
            Some(changes) => items.extend(changes.unwrap().unwrap().items.into_iter().map(|item| item.unwrap().id)),
            None => sleep(EVERY / 4).await,
        }
    }
    assert_eq!(items, [1, 2, 3].map(Some));
    assert_eq!(raw.counts().0, 1);
}

/// A feed ends with its client, whatever it does just then, and begins nothing.
#[tokio::test]
async fn shut_down() {
    let raw = start().await;
    let half = [&list("").head(100)[..], br#"[{"id":1,"timestamp":1},"#].concat();
    let open = Play::of([Head, Body, Send(half.into()), Hang]);
    let unanswered = Play::of([Head, Body, Hang]);
    let busy = Play::response(&Response::new(503, "").header("retry-after", "3000").last());
    for (play, chunks) in [(open, 1), (unanswered, 0), (busy, 0), (play(r#"[{"id":1,"timestamp":1}]"#), 1)] {
        raw.arm([], play);
        let client = connect(&raw, desk(), |config| config);
        let mut feed = client.follow_calls().every(Duration::MAX).stream();
        for _ in 0..chunks {
            next(&mut feed).await.unwrap().unwrap();
        }
        let ends = tokio::spawn(async move { feed.next().await.is_none() });
        raw.until_received(1).await;
        sleep(Duration::from_millis(20)).await;
        client.shutdown(Duration::ZERO).await;
        assert!(timeout(PATIENCE, ends).await.expect("it ends").unwrap());
        let requests = raw.received().len();
        assert!(next(&mut client.follow_calls().stream()).await.is_none());
        assert_eq!(raw.received().len(), requests);
    }
}

/// What is told of the calls of a feed, one for each response: also of one that is dropped.
#[tokio::test]
async fn the_calls_of_a_feed_are_observed() {
    let raw = start().await;
    let whole = r#"[{"id":1,"timestamp":1}]"#;
    let cut = [&list("").head(100)[..], whole.as_bytes()].concat();
    let cut = Play::of([Head, Body, Send(cut.into()), Close]);
    let half = [&list("").head(100)[..], br#"[{"id":2,"timestamp":2},"#].concat();
    let open = Play::of([Head, Body, Send(half.into()), Hang]);
    let nothing = Play::response(&Response::new(204, "").last());
    raw.arm([cut, play(whole), nothing, play(&whole[..9]), open], play("[,"));
    let ends = Arc::new(Mutex::new(Vec::new()));
    let keep = Arc::clone(&ends);
    let feed = follow(&raw, move |config| {
        config.observe(move |end| keep.lock().unwrap().push((end.result, end.status.map(|status| status.as_u16()))))
    });
    let mut feed = feed.stream();
    while next(&mut feed).await.unwrap().unwrap().items.iter().all(|item| item.as_ref().unwrap().id != Some(2)) {}
    drop(feed);
    let mut feed = follow(&raw, {
        let keep = Arc::clone(&ends);
        move |config| {
            config.observe(move |end| keep.lock().unwrap().push((end.result, end.status.map(|status| status.as_u16()))))
        }
    })
    .stream();
    next(&mut feed).await.unwrap().unwrap_err();
    let results: Vec<_> = ends.lock().unwrap().iter().map(|(result, status)| (*result, status.unwrap())).collect();
    let undecodable = CallResult::Failure(ErrorKind::Undecodable);
    assert_eq!(
        results,
        [
            (CallResult::Failure(ErrorKind::Transport), 200),
            (CallResult::Success, 200),
            (CallResult::Success, 204),
            (undecodable, 200),
            (CallResult::Cancelled, 200),
            (undecodable, 200),
        ]
    );
}

/// A request of a feed has its turn until its response was read to the end.
#[tokio::test]
async fn only_so_many_in_flight() {
    let raw = start().await;
    raw.arm([], play(r#"[{"id":1,"timestamp":1}]"#));
    let client = connect(&raw, desk(), |config| config.max_in_flight(1));
    let mut feed = client.follow_calls().every(Duration::MAX).stream();
    next(&mut feed).await.unwrap().unwrap();
    timeout(PATIENCE, client.list_call_changes().timestamp(0).send()).await.unwrap().unwrap();
}
