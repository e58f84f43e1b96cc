//! The faults that a sandbox can be told, for every column, as a table that is kept. What
//! was executed is seen in the sandbox's state: a request that was executed twice would
//! show there, whoever sent it.

use std::time::Duration;

use casewire::{
    Outcome,
    callback::{Client, Endpoints},
};
use casewire_sandbox::{
    Callback, Contractor, Crpt, Fault, Sandbox, callback,
    contractor::{Attachment, AttachmentKind, CallStatus, SAMPLE_JPEG, State, TaskStatus},
    crpt,
};
use futures_util::future::join_all;
use tokio::time::timeout;

use super::{
    calls::{BATCH, CALL, CASE, Caller, Column, FILE, TASK, organisation},
    config_of,
    plays::SHORT,
    table::draw,
};

/// What is uploaded.
const CONTENT: &[u8] = b"%PDF-1.7";

const LEGEND: &str = "\
kind/variant of the error, * when the same call may be made again, its outcome; how many requests reached the sandbox, and
how often the effect of the call is found in its state, `-` for a call without one. At most three attempts.";

/// A row: its name, the fault, for how many requests, and whether the client waits for
/// seconds only.
type Row = (&'static str, fn() -> Fault, usize, bool);

const ROWS: &[Row] = &[
    ("nothing", || Fault::Drop, 0, false),
    ("dropped, once", || Fault::Drop, 1, false),
    ("dropped", || Fault::Drop, 9, false),
    ("executed and cut off, once", || Fault::Truncate, 1, false),
    ("executed and cut off", || Fault::Truncate, 9, false),
    ("401, once", || Fault::Unauthorized, 1, false),
    ("401", || Fault::Unauthorized, 9, false),
    ("408, once", || Fault::Status(408), 1, false),
    ("429, once", || Fault::Status(429), 1, false),
    ("500, once", || Fault::Status(500), 1, false),
    ("502, once", || Fault::Status(502), 1, false),
    ("503, twice", || Fault::Status(503), 2, false),
    ("503", || Fault::Status(503), 9, false),
    ("504, once", || Fault::Status(504), 1, false),
    ("answered late, once", || Fault::Delay(Duration::from_secs(3600)), 1, true),
];

#[tokio::test]
async fn every_fault_of_the_sandboxes() {
    let rows = ROWS.iter().map(|row| async move {
        let cells = join_all(Column::ALL.map(|column| cell(row, column))).await;
        (row.0.to_owned(), cells.try_into().unwrap())
    });
    insta::assert_snapshot!("sandboxes", draw(LEGEND, &join_all(rows).await));
}

async fn cell(row: &Row, column: Column) -> String {
    match column {
        Column::Attach => {
            let messages = |state: &mut crpt::State| state.cases[CASE].messages.len() - 2;
            play(row, column, &Crpt::start().await.unwrap(), messages).await
        }
        Column::Commit => {
            let sandbox = Callback::start().await.unwrap();
            fetch(&sandbox).await;
            let delivered = |state: &mut callback::State| {
                let mut applications = state.applications.values();
                usize::from(applications.any(|one| one.delivered))
            };
            play(row, column, &sandbox, delivered).await
        }
        _ => {
            let sandbox = Contractor::start().await.unwrap();
            sandbox.state(prepare);
            let calls = sandbox.state(|state| state.calls.len());
            let effects = move |state: &mut State| match column {
                Column::Write => state.calls.len() - calls,
                _ => state.task(TASK).unwrap().attachments.len() - 1,
            };
            play(row, column, &sandbox, effects).await
        }
    }
}

/// Fetches the batch that is to be committed.
async fn fetch(sandbox: &Callback) {
    let config = config_of(sandbox.url());
    let client = Client::connect(config, organisation(), Endpoints::default()).unwrap();
    let batch = client.fetch_applications().limit(2).send().await.unwrap();
    assert!(batch.commit.as_deref().is_some_and(|commit| commit.contains(BATCH)), "{:?}", batch.commit);
}

/// Lets [`TASK`] have a file and take another one.
fn prepare(state: &mut State) {
    let uploaded = state.clock.now();
    let call = state.calls.get_mut(&CALL).unwrap();
    call.status = CallStatus::Done;
    call.finished = Some(uploaded);
    call.link = Some(Caller::LINK.to_owned());
    let task = state.task_mut(TASK).unwrap();
    task.status = TaskStatus::Done;
    task.attachments.push(Attachment {
        id: FILE,
        name: "photo.jpg".to_owned(),
        blob_name: "blob".to_owned(),
        uploaded,
        kind: AttachmentKind::Jpeg,
        data: SAMPLE_JPEG.into(),
    });
}

/// Orders the fault, makes the call, and makes it once more when the fault is used up.
async fn play<S>(row: &Row, column: Column, sandbox: &Sandbox<S>, effects: impl Fn(&mut S) -> usize) -> String {
    let (name, fault, times, is_short) = row;
    let what = format!("{name}, {column:?}");
    let config = config_of(sandbox.url());
    let config = if *is_short { config.timeout(SHORT).idle_timeout(SHORT) } else { config };
    let caller = column.connect(config);
    sandbox.fault(column.operation(), fault().times(*times));
    let call = timeout(Duration::from_secs(60), caller.call(CONTENT));
    let (told, outcome) = call.await.unwrap_or_else(|_| panic!("{what}: hangs"));
    let requests = sandbox.count(column.operation());
    let seen = sandbox.state(&effects);
    if column.is_idempotent() {
        assert_eq!(seen, 0, "{what}: reads");
        return format!("{told} {requests}/-");
    }
    assert!(seen <= 1, "{what}: executed {seen} times");
    let is_true = match outcome {
        None | Some(Outcome::Done) => seen == 1,
        Some(Outcome::NotSent | Outcome::Refused) => seen == 0,
        Some(Outcome::Unknown) => true,
    };
    assert!(is_true, "{what}: `{told}` and executed {seen} times");
    format!("{told} {requests}/{seen}")
}
