//! Every fault of [`FAULTS`] for every column, against a raw server, as a table that is kept.

use std::{sync::Arc, time::Duration};

use casewire::Outcome;
use support::raw::{Play, Raw};
use tokio::{sync::Semaphore, task::JoinSet, time::timeout};

use super::{
    calls::{Column, SIGN_INS},
    config,
    plays::{FAULTS, Fault, Goes, Limits, SHORT, Times},
    table::draw,
};

/// What is uploaded: too much to be sent at once.
static FILE: &[u8] = &[b'x'; 512 << 10];

const LEGEND: &str = "\
kind/variant of the error, * when the same call may be made again, its outcome; how many requests reached the server, and
how many of these it read whole and did not refuse with a 4xx, so that it may have executed them. At most three attempts.";

/// How many cells are in work at the same time.
const AT_ONCE: usize = 48;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_of_every_call() {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let mut cells = JoinSet::new();
    for (row, fault) in FAULTS.iter().enumerate() {
        for (at, column) in Column::ALL.into_iter().enumerate() {
            let places = Arc::clone(&places);
            cells.spawn(async move {
                let _place = places.acquire().await.unwrap();
                (row, at, cell(fault, column).await)
            });
        }
    }
    let mut rows: Vec<_> = FAULTS.iter().map(|fault| (fault.name.to_owned(), <[String; 6]>::default())).collect();
    while let Some(cell) = cells.join_next().await {
        let (row, at, text) = cell.unwrap();
        rows[row].1[at] = text;
    }
    insta::assert_snapshot!("raw", draw(LEGEND, &rows));
}

async fn cell(fault: &Fault, column: Column) -> String {
    let what = format!("{}, {column:?}", fault.name);
    let good = column.response();
    let healthy = Play::response(&good.clone().last());
    let raw = Raw::start(SIGN_INS, healthy.clone()).await;
    let config = match fault.limits {
        Limits::Wide => config(&raw),
        Limits::Short => config(&raw).timeout(SHORT).idle_timeout(SHORT),
        Limits::ShortRequest => config(&raw).timeout(SHORT),
    };
    let caller = column.connect(config);
    assert_eq!(caller.call(FILE).await.0, "ok", "{what}: before");

    match (fault.goes, fault.times) {
        (Goes::Refused, times) => {
            raw.arm([], healthy.clone());
            raw.refuse(match times {
                Times::Once => Some(1),
                Times::Twice => Some(2),
                Times::Always => None,
            })
            .await;
        }
        (goes, times) => {
            let play = goes.play(&good.clone().last()).unwrap();
            match times {
                Times::Once => raw.arm([play], healthy.clone()),
                Times::Twice => raw.arm([play.clone(), play], healthy.clone()),
                Times::Always => raw.arm([], play),
            }
        }
    }
    let call = timeout(Duration::from_secs(60), caller.call(FILE));
    let (told, outcome) = call.await.unwrap_or_else(|_| panic!("{what}: hangs"));
    let (requests, executed) = raw.counts();
    assert!(column.is_idempotent() || executed <= 1, "{what}: executed {executed} times");
    let is_true = match outcome {
        None | Some(Outcome::Done) => executed >= 1,
        Some(Outcome::NotSent | Outcome::Refused) => executed == 0,
        Some(Outcome::Unknown) => true,
    };
    assert!(is_true, "{what}: `{told}` and executed {executed} times");

    // What broke doesn't outlive the call.
    raw.arm([], healthy);
    raw.listen();
    assert_eq!(caller.call(FILE).await.0, "ok", "{what}: afterwards");
    assert_eq!(raw.counts(), (1, 1), "{what}: afterwards");
    format!("{told} {requests}/{executed}")
}
