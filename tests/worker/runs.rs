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
    callback::worker::{Commit, Job, Ledger, MemoryLedger, ReportError, Status, Worker},
};
use casewire_sandbox::{Callback, Fault, callback};
use tokio::sync::Notify;

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

async fn render(job: Job) -> Result<(), ReportError> {
    job.register().await?.rendered(None).await
}

#[tokio::test]
async fn one_that_always_fails_is_set_aside_and_blocks_nobody() {
    for commit in [Commit::AfterStored, Commit::AfterHandled] {
        let (sandbox, ledger, worker) = stage().await;
        let worker = worker.commit(commit).concurrency(1).attempts(NonZeroU32::new(3).unwrap());
        let summary = worker.run(|job| async move {
            assert!(job.key() != "112", "a handler may panic");
            if job.key() == "113" && job.attempt() == 1 {
                return Err::<(), Box<dyn std::error::Error + Send + Sync>>("busy".into());
            }
            Ok(render(job).await?)
        });
        let summary = summary.await.unwrap();
        assert_eq!((summary.stored, summary.committed), (4, 2));
        assert_eq!((summary.handled, summary.retried, summary.set_aside), (3, 3, 1));
        let rendered = Some(callback::Status::Rendered);
        assert_eq!(statuses(&sandbox), [rendered, None, rendered, rendered]);
        let aside = ledger.set_aside().await.unwrap();
        assert_eq!((aside[0].application.application_id.as_str(), aside[0].attempts), ("112", 3));
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
    for (deadline, handled, abandoned) in [(Duration::from_secs(60), 2, 0), (Duration::from_millis(1), 0, 2)] {
        let (_sandbox, ledger, worker) = stage().await;
        let (stop, go, begun) = (Arc::new(Notify::new()), Arc::new(Notify::new()), Arc::new(AtomicUsize::new(0)));
        let stopped = Arc::clone(&stop);
        let worker = worker.concurrency(2).deadline(deadline).stop_on(async move { stopped.notified().await });
        let waiting = Arc::clone(&go);
        let running = tokio::spawn(worker.run(move |_| {
            let (go, stop) = (Arc::clone(&waiting), Arc::clone(&stop));
            let is_last = begun.fetch_add(1, Ordering::Relaxed) == 1;
            async move {
                if is_last {
                    stop.notify_one();
                }
                go.notified().await;
                Ok::<_, String>(())
            }
        }));
        if handled > 0 {
            // Both are told after the stop, or before; nothing else is begun by the time that they end.
            tokio::time::sleep(Duration::from_millis(300)).await;
            go.notify_waiters();
        }
        let summary = running.await.unwrap().unwrap();
        assert_eq!((summary.handled, summary.abandoned), (handled, abandoned));
        assert_eq!(ledger.open(None).await.unwrap(), summary.stored - handled);
    }
}
