//! The loops of a worker: one fetches, stores and confirms; one hands out what the ledger leases; each application has a task.
//!
//! An application is in the ledger before its batch is confirmed, and open there until its handler has succeeded, so that a
//! process may end between any two steps. What a step did before is found again: an unconfirmed batch comes again and is
//! stored already, a lease runs out, a report is noted before it is sent.

use std::{
    error::Error as StdError,
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    task::Poll,
    thread,
    time::Duration,
};

use tokio::{
    sync::mpsc,
    task::{JoinError, JoinSet},
    time::{Instant, sleep, timeout, timeout_at},
};
use tokio_util::task::AbortOnDropHandle;

use super::{
    Commit, Job, Settings, Summary, WorkerError,
    job::Shared,
    ledger::{End, Leased, Ledger, LedgerError},
};
use crate::callback::Client;

/// What happened, as the tasks tell the loop.
pub(super) enum Event {
    /// Applications were stored.
    Stored { fetched: usize, new: usize },
    /// A batch was confirmed, or not.
    Committed(bool),
    /// There is nothing new at the platform.
    Empty,
    /// Fetching has ended.
    FetchFailed(WorkerError),
    /// The program wants the worker to end.
    Stop,
}

/// What the loop goes on for.
enum Next {
    /// What the tasks tell; `None` when none is left to tell anything.
    Event(Option<Event>),
    /// A job ended, and there is room for another.
    Ended(Joined),
}

/// What is left of the task of a job.
type Joined = Result<Result<Ended, LedgerError>, JoinError>;

/// How a job ended.
enum Ended {
    Done,
    Retried,
    SetAside,
    LeaseLost,
}

/// Fetches, stores and confirms, until an error that doesn't pass.
pub(super) async fn fetch(client: Client, ledger: Arc<dyn Ledger>, settings: Settings, events: mpsc::Sender<Event>) {
    let failed = loop {
        match fetch_once(&client, &*ledger, &settings, &events).await {
            // A full batch that is confirmed is probably not the last one.
            Ok(true) => {}
            Ok(false) => sleep(settings.every).await,
            Err(e) => break e,
        }
    };
    // In vain, when the worker is gone.
    let _ = events.send(Event::FetchFailed(failed)).await;
}

/// Carries one batch through, and returns whether the next one can be asked for at once.
async fn fetch_once(
    client: &Client,
    ledger: &dyn Ledger,
    settings: &Settings,
    events: &mpsc::Sender<Event>,
) -> Result<bool, WorkerError> {
    let batch = match client.fetch_applications().limit(settings.batch).send().await {
        Ok(batch) => batch.into_inner(),
        Err(e) if e.is_retryable() => return Ok(false),
        Err(e) => return Err(WorkerError::Fetch(Box::new(e))),
    };
    let new = ledger.store(&batch.applications).await.map_err(WorkerError::Ledger)?;
    let fetched = batch.applications.len();
    let _ = events.send(if fetched == 0 { Event::Empty } else { Event::Stored { fetched, new } }).await;
    let Some(code) = batch.commit.filter(|_| fetched > 0) else { return Ok(false) };
    if settings.commit == Commit::AfterHandled {
        let ids: Vec<String> = batch.applications.into_iter().map(|one| one.application_id).collect();
        while ledger.open(Some(&ids)).await.map_err(WorkerError::Ledger)? > 0 {
            sleep(settings.poll()).await;
        }
    }
    // Whatever the failure is, the next fetch shows whether the batch is confirmed: it comes again, and is stored already.
    let confirmed = client.commit_batch().code(code).send().await.is_ok();
    let _ = events.send(Event::Committed(confirmed)).await;
    Ok(confirmed)
}

/// Hands out what the ledger leases, until it is to end, and waits for what has begun.
pub(super) async fn handle<H, F, E>(
    client: Client,
    ledger: Arc<dyn Ledger>,
    settings: Settings,
    mut events: mpsc::Receiver<Event>,
    fetcher: AbortOnDropHandle<()>,
    handler: H,
) -> Result<Summary, WorkerError>
where
    H: Fn(Job) -> F,
    F: Future<Output = Result<(), E>> + Send + 'static,
    E: Into<Box<dyn StdError + Send + Sync>> + 'static,
{
    let mut summary = Summary::default();
    let mut jobs = JoinSet::new();
    let mut is_empty = false;
    let mut result = Ok(());
    'run: loop {
        while let Some(ended) = jobs.try_join_next() {
            if let Err(e) = summary.count(ended) {
                result = Err(WorkerError::Ledger(e));
                break 'run;
            }
        }
        let free = settings.concurrency - jobs.len();
        if free > 0 {
            match ledger.lease(free, settings.lease).await {
                Ok(leased) => {
                    for leased in leased {
                        let shared = Arc::new(Shared::new(client.clone(), Arc::clone(&ledger), leased));
                        let start = || catch_unwind(AssertUnwindSafe(|| handler(Job(Arc::clone(&shared)))));
                        let started = too_often(&shared, &settings).is_none().then(start);
                        jobs.spawn(carry_through(shared, settings.clone(), started));
                    }
                }
                Err(e) => {
                    result = Err(WorkerError::Ledger(e));
                    break;
                }
            }
        }
        if settings.once && is_empty && jobs.is_empty() {
            match ledger.open(None).await {
                Ok(0) => break,
                Ok(_) => {}
                Err(e) => {
                    result = Err(WorkerError::Ledger(e));
                    break;
                }
            }
        }
        match timeout(settings.poll(), next(&mut events, &mut jobs)).await {
            Ok(Next::Event(Some(Event::Stored { fetched, new }))) => {
                is_empty = false;
                summary.fetched += fetched;
                summary.stored += new;
            }
            Ok(Next::Event(Some(Event::Committed(true)))) => summary.committed += 1,
            Ok(Next::Event(Some(Event::Committed(false)))) => summary.commits_failed += 1,
            Ok(Next::Event(Some(Event::Empty))) => is_empty = true,
            Ok(Next::Event(Some(Event::FetchFailed(e)))) => {
                result = Err(e);
                break;
            }
            Ok(Next::Event(Some(Event::Stop) | None)) => break,
            Ok(Next::Ended(ended)) => {
                if let Err(e) = summary.count(ended) {
                    result = Err(WorkerError::Ledger(e));
                    break;
                }
            }
            Err(_) => {}
        }
    }
    // A batch that is being stored or confirmed comes again.
    drop(fetcher);
    let end = Instant::now() + settings.deadline;
    while let Ok(Some(ended)) = timeout_at(end, jobs.join_next()).await {
        if let Err(e) = summary.count(ended) {
            result = result.and(Err(WorkerError::Ledger(e)));
        }
    }
    // Their leases run out, and the applications are handled again.
    summary.abandoned = jobs.len();
    jobs.shutdown().await;
    result.map(|()| summary)
}

/// Waits for an event, or else the end of a job. An event goes first, so that nothing is begun after a stop.
async fn next(events: &mut mpsc::Receiver<Event>, jobs: &mut JoinSet<Result<Ended, LedgerError>>) -> Next {
    poll_fn(|context| {
        if let Poll::Ready(event) = events.poll_recv(context) {
            return Poll::Ready(Next::Event(event));
        }
        match jobs.poll_join_next(context) {
            Poll::Ready(Some(ended)) => Poll::Ready(Next::Ended(ended)),
            // An empty set is ready at any time.
            Poll::Ready(None) | Poll::Pending => Poll::Pending,
        }
    })
    .await
}

impl Summary {
    fn count(&mut self, ended: Joined) -> Result<(), LedgerError> {
        match ended {
            Ok(Ok(Ended::Done)) => self.handled += 1,
            Ok(Ok(Ended::Retried)) => self.retried += 1,
            Ok(Ok(Ended::SetAside)) => self.set_aside += 1,
            Ok(Ok(Ended::LeaseLost)) => self.leases_lost += 1,
            Ok(Err(e)) => return Err(e),
            // Only a ledger can panic in it; a handler has a task of its own.
            Err(e) => return Err(LedgerError::new(e)),
        }
        Ok(())
    }
}

/// Why an application that was begun that often isn't handled again: the handler may have ended the process each time.
fn too_often(shared: &Shared, settings: &Settings) -> Option<String> {
    let Leased { attempts, .. } = shared.leased;
    (attempts > settings.attempts).then(|| format!("begun {} times and never finished", attempts - 1))
}

/// Runs what the handler returned, unless it panicked, holding the lease, and tells the ledger how it ended.
async fn carry_through<F, E>(
    shared: Arc<Shared>,
    settings: Settings,
    handler: Option<thread::Result<F>>,
) -> Result<Ended, LedgerError>
where
    F: Future<Output = Result<(), E>> + Send + 'static,
    E: Into<Box<dyn StdError + Send + Sync>> + 'static,
{
    let lease = &shared.leased.lease;
    let failure = match handler {
        None => too_often(&shared, &settings),
        Some(Err(_)) => Some(PANICKED.to_owned()),
        Some(Ok(handler)) => {
            // The error becomes a text in the task, as it need not be `Send` by itself.
            let task = async move { handler.await.map_err(|e| e.into().to_string()) };
            let mut task = AbortOnDropHandle::new(tokio::spawn(task));
            let mut until = Instant::now() + settings.lease;
            loop {
                match timeout(settings.lease / 3, &mut task).await {
                    Ok(Ok(result)) => break result.err(),
                    Ok(Err(_)) => break Some(PANICKED.to_owned()),
                    Err(_) => match shared.ledger.extend(lease, settings.lease).await {
                        Ok(true) => until = Instant::now() + settings.lease,
                        Ok(false) => return Ok(Ended::LeaseLost),
                        // It may work the next time.
                        Err(e) if Instant::now() >= until => return Err(e),
                        Err(_) => {}
                    },
                }
            }
        }
    };
    let (end, ended) = match failure {
        None => (End::Done, Ended::Done),
        Some(reason) if shared.was_uncertain() || shared.leased.attempts >= settings.attempts => {
            (End::SetAside { reason }, Ended::SetAside)
        }
        Some(reason) => (End::Retry { after: backoff(&settings, shared.leased.attempts), reason }, Ended::Retried),
    };
    Ok(if shared.ledger.end(lease, end).await? { ended } else { Ended::LeaseLost })
}

const PANICKED: &str = "the handler panicked";

/// The pause after this many attempts: twice as long each time, up to an hour.
fn backoff(settings: &Settings, attempts: u32) -> Duration {
    const MOST: Duration = Duration::from_secs(60 * 60);
    settings.backoff.saturating_mul(2_u32.saturating_pow(attempts.saturating_sub(1))).min(MOST)
}
