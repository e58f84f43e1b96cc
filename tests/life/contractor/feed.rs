//! Feeds over the life of a call: what comes, once, in outages too; where a feed goes on
//! after a restart; and how it ends.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use casewire::{
    AnyError, ErrorKind, Secret,
    contractor::{
        Auth, Client,
        feed::{Change, Changes, Feed, Follow, Mark},
        types::CallStatus,
    },
};
use casewire_sandbox::{
    Fault,
    contractor::{self as model, EXTERNAL_SYSTEM_KEY, State},
};
use tokio::time::timeout;

use crate::life::common::{Staged, body};
use crate::life::contractor::stage::{CALL, CLOSED_CALL, Stage, call};

const EVERY: Duration = Duration::from_millis(1);
const FEEDS: [&str; 3] = ["listCallChanges", "listMessageChanges", "listJeopardyChanges"];

fn follow(client: &Client) -> Follow<Change> {
    client.follow_changes().every(EVERY)
}

/// `call 683913 Done`, `message Привет`, `jeopardy Нет принтера`.
fn told(changes: &Changes<Change>) -> Vec<String> {
    let tell = |change: &Change| match change {
        Change::Call(call) => format!("call {} {}", call.id.unwrap(), call.status.as_ref().unwrap().as_str()),
        Change::Message(message) => format!("message {}", message.message.as_deref().unwrap()),
        Change::Jeopardy(jeopardy) => format!("jeopardy {}", jeopardy.comment.as_deref().unwrap()),
        _ => "something else".to_owned(),
    };
    changes.items.iter().map(|item| tell(item.as_ref().unwrap())).collect()
}

async fn next(feed: &mut Feed<Change>) -> Option<Result<Changes<Change>, AnyError>> {
    timeout(Duration::from_secs(60), feed.next()).await.expect("a chunk in time")
}

/// Reads until so many items have come, and the mark after them.
async fn read(feed: &mut Feed<Change>, count: usize) -> (Vec<String>, Mark) {
    let mut items = Vec::new();
    loop {
        let changes = next(feed).await.unwrap().unwrap();
        items.extend(told(&changes));
        if items.len() >= count {
            return (items, changes.mark);
        }
    }
}

/// All that there is by now.
async fn drain(mut feed: Feed<Change>) -> (Vec<String>, Option<Mark>) {
    let (mut items, mut mark) = (Vec::new(), None);
    while let Some(changes) = next(&mut feed).await {
        let changes = changes.unwrap();
        items.extend(told(&changes));
        mark = Some(changes.mark);
    }
    (items, mark)
}

fn write(state: &mut State, text: &str, timestamp: i64) {
    let date = "2026-03-02T09:00:00".parse().unwrap();
    let message = model::Message { id: timestamp, date, text: text.to_owned(), owner: None, timestamp };
    call(state).messages.push(message);
}

#[tokio::test]
async fn all_three_as_one_and_after_a_restart() {
    let stage = Stage::start().await;
    let mut feed = follow(&stage.desk).stream();
    let (items, _) = read(&mut feed, 2).await;
    assert_eq!(items, [format!("call {CLOSED_CALL} Closed"), format!("call {CALL} New")]);

    stage.ivanov.set_call_status().id(CALL).body_map(|b| b.status(CallStatus::Committed)).send().await.unwrap();
    stage.ivanov.add_user_message().id(CALL).body_map(|b| b.message("Выезжаю".to_owned())).send().await.unwrap();
    stage.ivanov.raise_jeopardy().id(CALL).body_map(|b| b.comment("Нет принтера".to_owned())).send().await.unwrap();
    let (mut items, _) = read(&mut feed, 3).await;
    items.sort();
    let expect = [&format!("call {CALL} Committed"), "jeopardy Нет принтера", "message Выезжаю"];
    assert_eq!(items, expect);
    stage.desk.clear_jeopardy().id(CALL).body_map(|b| b.answer_comment("Привезут".to_owned())).send().await.unwrap();
    let (items, mark) = read(&mut feed, 1).await;
    assert_eq!(items, ["jeopardy Нет принтера"]);

    // The program ends, and is started again with what it has stored.
    drop(feed);
    stage
        .ivanov
        .set_call_status()
        .id(CALL)
        .body_map(|b| b.status(CallStatus::Done).comments("Заменён".to_owned()))
        .send()
        .await
        .unwrap();
    let stored = serde_json::to_string(&mark).unwrap();
    let again = Stage::connect(&stage, Auth::external_system(EXTERNAL_SYSTEM_KEY));
    let mark: Mark = serde_json::from_str(&stored).unwrap();
    let (items, end) = drain(follow(&again).since(mark).once().stream()).await;
    // What has the mark itself comes once more, and nothing that is older.
    let edge = ["message Выезжаю", "jeopardy Нет принтера"].map(str::to_owned);
    assert_eq!(items, [&[format!("call {CALL} Done")], &edge[..]].concat());
    let (items, _) = drain(follow(&again).since(end).overlap(0).once().stream()).await;
    assert_eq!(items, [""; 0]);
    // The mark of all three, in one of them, and back.
    let mut calls = again.follow_calls().since(Mark::default()).once().stream();
    let of_calls = calls.next().await.unwrap().unwrap();
    assert_eq!((of_calls.items.len(), calls.next().await.is_none()), (2, true));
    let (items, _) = drain(follow(&again).since(of_calls.mark).overlap(0).once().stream()).await;
    assert_eq!(items, edge);
}

/// What is asked for, and with which credential.
#[tokio::test]
async fn each_feed_calls_its_operation() {
    let stage = Stage::start().await;
    stage.sandbox.state(|state| write(state, "Привет", 40));
    stage.ivanov.raise_jeopardy().id(CALL).body_map(|b| b.comment("Нет принтера".to_owned())).send().await.unwrap();
    let before = stage.log().len();
    let messages = stage.desk.follow_messages().once().stream().next().await.unwrap().unwrap();
    assert_eq!(messages.items[0].as_ref().unwrap().message.as_deref(), Some("Привет"));
    let jeopardies = stage.desk.follow_jeopardies().once().stream().next().await.unwrap().unwrap();
    assert_eq!(jeopardies.items[0].as_ref().unwrap().comment.as_deref(), Some("Нет принтера"));
    let calls = stage.desk.follow_calls().once().stream().next().await.unwrap().unwrap();
    assert_eq!(calls.items.len(), 2);
    assert_eq!(stage.log()[before..], [(FEEDS[1], 200), (FEEDS[2], 200), (FEEDS[0], 200)]);
    // A user can't follow anything.
    let error = next(&mut stage.ivanov.follow_changes().stream()).await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Authentication, "{error}");
}

/// Faults one after the other, while something changes: each change comes once.
#[tokio::test]
async fn outages_lose_nothing() {
    let stage = Stage::start().await;
    let outages = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&outages);
    let mut feed = follow(&stage.desk).interrupted(move |_, _| _ = seen.fetch_add(1, Ordering::Relaxed)).stream();
    read(&mut feed, 2).await;
    let faults: [fn() -> Fault; 6] = [
        || Fault::Status(503),
        || Fault::Drop,
        || Fault::Truncate,
        || Fault::Status(500),
        || body(200, "text/html", "<html>maintenance</html>"),
        || body(200, "application/json", r#"[{"id":1,"#),
    ];
    for (number, fault) in faults.into_iter().enumerate() {
        FEEDS.iter().for_each(|operation| stage.sandbox.fault(operation, fault().times(2)));
        let text = number.to_string();
        stage.sandbox.state(|state| {
            let mark = 100 + number as i64;
            write(state, &text, mark);
            call(state).timestamp = mark;
        });
        let (mut items, _) = read(&mut feed, 2).await;
        items.sort();
        assert_eq!(items, [format!("call {CALL} New"), format!("message {text}")]);
    }
    // Those of the feed of jeopardies, where nothing happened, may not have been come to yet.
    let outages = outages.load(Ordering::Relaxed);
    assert!((6 * 2 * 2..=6 * 3 * 2).contains(&outages), "{outages}");
}

/// One that fails doesn't hold up the others.
#[tokio::test]
async fn each_has_its_own_waits() {
    let stage = Stage::start().await;
    stage.sandbox.fault("listCallChanges", Fault::Status(503).times(usize::MAX));
    stage.sandbox.state(|state| write(state, "Привет", 40));
    let mut feed = follow(&stage.desk).stream();
    assert_eq!(read(&mut feed, 1).await.0, ["message Привет"]);
    stage.sandbox.state(|state| write(state, "Пока", 41));
    assert_eq!(read(&mut feed, 1).await.0, ["message Пока"]);
    // And one that ends, ends all.
    stage.sandbox.fault("listJeopardyChanges", Fault::Status(403).times(1));
    let error = next(&mut feed).await.unwrap().unwrap_err();
    assert_eq!((error.operation().id, error.kind()), ("listJeopardyChanges", ErrorKind::Permission));
    assert!(next(&mut feed).await.is_none());
}

/// The key is replaced while a feed runs: it asks for the new one. Without one, it ends.
#[tokio::test]
async fn a_key_that_expires_amid() {
    let stage = Stage::start().await;
    let key = Arc::new(Mutex::new(EXTERNAL_SYSTEM_KEY.to_owned()));
    let current = Arc::clone(&key);
    let auth = Auth::anonymous().and_external_system_from(move || {
        let key = current.lock().unwrap().clone();
        async move { Ok(Secret::from(key)) }
    });
    let mut feed = follow(&stage.connect(auth)).stream();
    read(&mut feed, 2).await;
    *key.lock().unwrap() = "another-key".to_owned();
    stage.sandbox.state(|state| {
        state.external_system_key = "another-key".to_owned();
        write(state, "Привет", 40);
    });
    assert_eq!(read(&mut feed, 1).await.0, ["message Привет"]);
    stage.sandbox.state(|state| state.external_system_key = "a third".to_owned());
    let error = next(&mut feed).await.unwrap().unwrap_err();
    assert_eq!((error.kind(), error.status().map(|status| status.as_u16())), (ErrorKind::Authentication, Some(401)));
    assert!(next(&mut feed).await.is_none());
}

/// A late commit, with a lower mark than what has been read.
#[tokio::test]
async fn a_late_commit() {
    let stage = Stage::given(|state| write(state, "later", 50)).await;
    let mut feed = follow(&stage.desk).overlap(10).stream();
    assert_eq!(read(&mut feed, 3).await.0.len(), 3);
    stage.sandbox.state(|state| write(state, "earlier", 41));
    let (items, mark) = read(&mut feed, 1).await;
    assert_eq!((items, mark.to_string().contains("messages:50,")), (vec!["message earlier".to_owned()], true));
}

/// A feed that nobody reads sends nothing, and one that is dropped sends nothing more.
#[tokio::test]
async fn a_feed_is_lazy_and_ends_when_dropped() {
    let stage = Stage::start().await;
    let mut feed = follow(&stage.desk).stream();
    assert_eq!(stage.log(), []);
    read(&mut feed, 2).await;
    drop(feed);
    let requests = stage.log().len();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(stage.log().len(), requests);
    // By the client, while it waits.
    let mut feed = stage.desk.follow_calls().every(Duration::from_secs(3600)).stream();
    feed.next().await.unwrap().unwrap();
    let (end, ()) = tokio::join!(feed.next(), stage.desk.shutdown(Duration::ZERO));
    assert!(end.is_none() && feed.next().await.is_none());
}
