//! What becomes of applications when handlers and calls fail, and when the worker is to stop.

use std::{
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use casewire::{
    RetryPolicy,
    callback::{
        types::Application,
        worker::{
            Commit, End, Job, Lease, Leased, Ledger, LedgerFuture, MemoryLedger, ReportError, SetAside, Status, Worker,
            WorkerError,
        },
    },
};
use casewire_sandbox::{Callback, Fault, callback};
use tokio::sync::Semaphore;

use super::connect;

async fn stage() -> (Callback, MemoryLedger, Worker) {
    let (sandbox, ledger) = (Callback::start().await.unwrap(), MemoryLedger::new());
    let client = connect(sandbox.url(), |config| config.retry(RetryPolicy::never()));
    let worker = client.worker(ledger.clone()).batch(2).once().every(Duration::from_millis(10));
    (sandbox, ledger, worker.backoff(Duration::from_millis(1)))
}

fn statuses(sandbox: &Callback) -> Vec<Option<callback::Status>> {
    sandbox.state(|state| state.applications.values().map(|one| one.status).collect())
}

pub async fn render(job: Job) -> Result<(), ReportError> {
    job.register().await?.rendered(None).await
}

#[tokio::test]
async fn one_that_always_fails_is_set_aside_and_blocks_nobody() {
    for (commit, at_once) in [(Commit::AfterStored, true), (Commit::AfterHandled, false)] {
        let (sandbox, ledger, worker) = stage().await;
        let worker = worker.commit(commit).concurrency(1).attempts(NonZeroU32::new(3).unwrap());
        let summary = worker.run(|job| {
            assert!(!at_once || job.key() != "112", "a handler may panic before it returns its future");
            async move {
                assert!(job.key() != "112", "a handler may panic");
                if job.key() == "113" && job.attempt() == 1 {
                    return Err::<(), Box<dyn std::error::Error + Send + Sync>>("busy".into());
                }
                Ok(render(job).await?)
            }
        });
        let summary = summary.await.unwrap();
        assert_eq!((summary.stored, summary.committed), (4, 2));
        assert_eq!((summary.handled, summary.retried, summary.set_aside), (3, 3, 1));
        let rendered = Some(callback::Status::Rendered);
        assert_eq!(statuses(&sandbox), [rendered, None, rendered, rendered]);
        let aside = ledger.set_aside().await.unwrap();
        assert_eq!((aside[0].id.as_str(), aside[0].attempts), ("112", 3));
        assert_eq!(aside[0].reason, "the handler panicked");
    }
}

#[tokio::test]
async fn a_report_whose_response_is_lost_is_not_repeated() {
    let (sandbox, ledger, worker) = stage().await;
    sandbox.fault("reportStatus", Fault::Truncate);
    let summary = worker.concurrency(1).run(render).await.unwrap();
    assert_eq!((summary.handled, summary.retried, summary.set_aside), (3, 0, 1));
    // One lost, two for each of the others.
    assert_eq!(sandbox.count("reportStatus"), 7);
    let aside = ledger.set_aside().await.unwrap();
    assert_eq!(aside[0].progress.uncertain, Some(Status::Registered));
    assert!(aside[0].reason.contains("ask the operator"), "{}", aside[0].reason);
}

#[tokio::test]
async fn a_confirmation_whose_response_is_lost_shows_in_the_next_batch() {
    let (sandbox, _, worker) = stage().await;
    sandbox.fault("commitBatch", Fault::Truncate);
    let summary = worker.run(render).await.unwrap();
    assert_eq!((summary.stored, summary.handled, summary.commits_failed, summary.committed), (4, 4, 1, 1));
    assert!(statuses(&sandbox).iter().all(|status| *status == Some(callback::Status::Rendered)));
}

/// What a gateway says while the platform is down.
fn page() -> Fault {
    Fault::Body { status: 200, content_type: "text/html".to_owned(), bytes: b"<h1>Back soon</h1>".to_vec() }
}

/// What the platform says of itself, under 200.
fn reported(status: u16) -> Fault {
    let bytes = format!(r#"{{"statusCode":{status}}}"#).into_bytes();
    Fault::Body { status: 200, content_type: "application/json".to_owned(), bytes }
}

#[tokio::test]
async fn what_may_pass_is_waited_out() {
    for fault in [Fault::Status(500), Fault::Status(429), Fault::Drop, reported(503)] {
        let (sandbox, _, worker) = stage().await;
        sandbox.fault("fetchApplications", fault.clone());
        let summary = worker.run(render).await.unwrap();
        assert_eq!((summary.stored, summary.handled), (4, 4), "{fault:?}");
    }
}

#[tokio::test]
async fn a_page_passes_where_there_was_a_platform() {
    let (sandbox, _, worker) = stage().await;
    sandbox.fault("fetchApplications", page());
    assert!(matches!(worker.run(render).await, Err(WorkerError::Fetch(_))), "it is probably the wrong server");

    let (sandbox, _, worker) = stage().await;
    // Nothing is fetched while the first batch is handled.
    let summary = worker.commit(Commit::AfterHandled).run(|job| {
        if job.key() == "111" {
            sandbox.fault("fetchApplications", page());
        }
        render(job)
    });
    assert_eq!(summary.await.unwrap().handled, 4);
}

#[tokio::test]
async fn a_confirmation_that_is_refused_again_ends_it() {
    for fault in [Fault::Status(403), reported(400)] {
        let (sandbox, ledger, worker) = stage().await;
        // A 403 is sent again, with another token.
        sandbox.fault("commitBatch", fault.clone().times(4));
        let result = worker.run(render).await;
        assert!(matches!(result, Err(WorkerError::Commit(_))), "{fault:?}: {result:?}");
        assert_eq!(ledger.open(None).await.unwrap(), 0, "what is stored is handled");

        // Once, it may pass; and a failure of the server always may.
        let (sandbox, _, worker) = stage().await;
        sandbox.fault("commitBatch", fault);
        sandbox.fault("commitBatch", Fault::Status(503).times(3));
        assert_eq!(worker.run(render).await.unwrap().handled, 4);
    }
}

#[tokio::test]
async fn a_deadline_and_a_lease_may_be_endless() {
    let (sandbox, ledger, worker) = stage().await;
    let worker = worker.deadline(Duration::MAX).lease(Duration::MAX).stop_on(std::future::ready(()));
    worker.run(render).await.unwrap();
    let worker = connect(sandbox.url(), |config| config).worker(ledger).lease(Duration::MAX).once();
    assert_eq!(worker.every(Duration::from_millis(10)).run(render).await.unwrap().handled, 4);
}

/// A ledger that doesn't respond, or fails, when it is asked for work.
struct Stuck {
    panics: bool,
}

impl Ledger for Stuck {
    fn store<'a>(&'a self, _: &'a [Application]) -> LedgerFuture<'a, usize> {
        assert!(!self.panics, "a ledger may panic");
        Box::pin(std::future::ready(Ok(0)))
    }

    fn lease(&self, _: usize, _: Duration) -> LedgerFuture<'_, Vec<Leased>> {
        Box::pin(std::future::pending())
    }

    fn extend<'a>(&'a self, _: &'a Lease, _: Duration) -> LedgerFuture<'a, bool> {
        Box::pin(std::future::pending())
    }

    fn end<'a>(&'a self, _: &'a Lease, _: End) -> LedgerFuture<'a, bool> {
        Box::pin(std::future::pending())
    }

    fn reporting<'a>(&'a self, _: &'a Lease, _: Status) -> LedgerFuture<'a, bool> {
        Box::pin(std::future::pending())
    }

    fn reported<'a>(&'a self, _: &'a Lease, _: bool) -> LedgerFuture<'a, bool> {
        Box::pin(std::future::pending())
    }

    fn open<'a>(&'a self, _: Option<&'a [String]>) -> LedgerFuture<'a, usize> {
        Box::pin(std::future::pending())
    }

    fn set_aside(&self) -> LedgerFuture<'_, Vec<SetAside>> {
        Box::pin(std::future::pending())
    }

    fn put_back<'a>(&'a self, _: &'a str, _: Option<bool>) -> LedgerFuture<'a, bool> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn a_ledger_that_does_not_respond_is_not_waited_for_at_a_stop() {
    let sandbox = Callback::start().await.unwrap();
    let worker = connect(sandbox.url(), |config| config).worker(Stuck { panics: false });
    let stop = tokio::time::sleep(Duration::from_millis(100));
    let summary = worker.stop_on(stop).deadline(Duration::from_millis(10)).run(render);
    assert_eq!(summary.await.unwrap().handled, 0);
}

#[tokio::test]
async fn a_panic_of_the_ledger_is_one_of_the_worker() {
    let sandbox = Callback::start().await.unwrap();
    let worker = connect(sandbox.url(), |config| config).worker(Stuck { panics: true });
    let stopped = tokio::spawn(worker.stop_on(std::future::pending()).run(render)).await;
    assert!(stopped.is_err_and(|e| e.is_panic()));
}

#[tokio::test]
async fn rejections_come_from_the_program_and_have_a_comment() {
    let (sandbox, _, worker) = stage().await;
    let reject = |job: Job| async move {
        let registered = job.register().await?;
        let empty = registered.rejected("").await;
        assert!(matches!(empty, Err(ReportError::Invalid(_))), "{empty:?}");
        job.register().await?.rejected("Не ответил").await?;
        let contradiction = job.register().await?.rendered(None).await;
        assert!(matches!(contradiction, Err(ReportError::Contradiction { .. })), "{contradiction:?}");
        job.register().await?.rejected("Не ответил").await
    };
    worker.run(reject).await.unwrap();
    assert!(statuses(&sandbox).iter().all(|status| *status == Some(callback::Status::Rejected)));
    assert_eq!(sandbox.count("reportStatus"), 8, "none is sent twice");
}

#[tokio::test]
async fn a_stop_finishes_what_has_begun_up_to_a_deadline() {
    for is_in_time in [true, false] {
        let (_sandbox, ledger, worker) = stage().await;
        let (begun, go) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
        let both = Arc::clone(&begun);
        let worker = worker.concurrency(2).stop_on(async move {
            both.acquire_many(2).await.unwrap().forget();
        });
        let worker = worker.deadline(if is_in_time { Duration::from_secs(600) } else { Duration::from_millis(1) });
        let total = Arc::new(AtomicUsize::new(0));
        let (begins, goes, counts) = (Arc::clone(&begun), Arc::clone(&go), Arc::clone(&total));
        let running = tokio::spawn(worker.run(move |_| {
            let (begins, goes) = (Arc::clone(&begins), Arc::clone(&goes));
            counts.fetch_add(1, Ordering::Relaxed);
            async move {
                begins.add_permits(1);
                goes.acquire().await.unwrap().forget();
                Ok::<_, String>(())
            }
        }));
        if is_in_time {
            // Time for the stop to be heard, so that no other begins; what has begun ends in any case.
            tokio::time::sleep(Duration::from_millis(300)).await;
            go.add_permits(9);
        }
        let summary = running.await.unwrap().unwrap();
        let begun = total.load(Ordering::Relaxed);
        assert_eq!((summary.handled, summary.abandoned), if is_in_time { (begun, 0) } else { (0, 2) });
        assert_eq!(ledger.open(None).await.unwrap(), summary.stored - summary.handled);
    }
}
