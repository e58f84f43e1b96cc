//! The loops of a worker: one fetches, stores and confirms; one hands out what the ledger leases; each application has a task.
//!
//! An application is in the ledger before its batch is confirmed, and open there until its handler has succeeded, so that a
//! process may end between any two steps. What a step did before is found again: an unconfirmed batch comes again and is
//! stored already, a lease runs out, a report is noted before it is sent.

use std::{
    error::Error as StdError,
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    pin::Pin,
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
    ledger::{End, Leased, Ledger, LedgerError, LedgerFuture},
};
use crate::{
    Error, ErrorKind, Outcome,
    callback::Client,
    runtime::{Failure, after, read_may_succeed_later},
};

/// What happened, as the tasks tell the loop.
pub(super) enum Event {
    /// Applications were stored.
    Stored { fetched: usize, new: usize },
    /// A batch was confirmed, or not.
    Committed(bool),
    /// There is nothing new at the platform.
    Empty,
    /// The program wants the worker to end.
    Stop,
}

/// What the loop goes on for.
enum Next {
    /// What the tasks tell.
    Event(Event),
    /// What the ledger was asked for.
    Asked(Result<Asked, LedgerError>),
    /// A job ended, and there is room for another.
    Ended(Joined),
    /// Fetching has ended.
    FetchEnded(Result<WorkerError, JoinError>),
}

/// What the ledger was asked for.
enum Asked {
    /// What to handle.
    Leased(Vec<Leased>),
    /// How many are open.
    Open(usize),
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

/// Fetches, stores and confirms.
pub(super) struct Fetcher {
    pub(super) client: Client,
    pub(super) ledger: Arc<dyn Ledger>,
    pub(super) settings: Settings,
    pub(super) events: mpsc::Sender<Event>,
}

/// What the fetches so far have shown.
#[derive(Default)]
struct Shown {
    /// That there is a platform at the other end.
    has_fetched: bool,
    /// The code of the last batch, if its confirmation was refused.
    refused: Option<String>,
}

impl Fetcher {
    /// Goes on until an error that doesn't pass.
    pub(super) async fn run(self) -> WorkerError {
        let mut shown = Shown::default();
        loop {
            match self.fetch(&mut shown).await {
                Ok(pause) => sleep(pause).await,
                Err(e) => return e,
            }
        }
    }

    /// Carries one batch through, and returns how long to wait before the next one is asked for.
    async fn fetch(&self, shown: &mut Shown) -> Result<Duration, WorkerError> {
        let Self { client, ledger, settings, events } = self;
        let batch = match client.fetch_applications().limit(settings.batch).send().await {
            Ok(batch) => batch.into_inner(),
            Err(e) if passes(&e, shown.has_fetched) => return Ok(pause_after(&e, settings.every)),
            Err(e) => return Err(WorkerError::Fetch(Box::new(e))),
        };
        shown.has_fetched = true;
        let new = ledger.store(&batch.applications).await.map_err(WorkerError::Ledger)?;
        let fetched = batch.applications.len();
        // In vain, when the worker is gone; likewise below.
        let _ = events.send(if fetched == 0 { Event::Empty } else { Event::Stored { fetched, new } }).await;
        let Some(code) = batch.commit.filter(|_| fetched > 0) else { return Ok(settings.every) };
        if settings.commit == Commit::AfterHandled {
            let ids: Vec<String> = batch.applications.into_iter().map(|one| one.application_id).collect();
            while ledger.open(Some(&ids)).await.map_err(WorkerError::Ledger)? > 0 {
                sleep(settings.poll()).await;
            }
        }
        let confirmed = client.commit_batch().code(code.as_str()).send().await;
        let _ = events.send(Event::Committed(confirmed.is_ok())).await;
        match confirmed {
            // A full batch that is confirmed is probably not the last one.
            Ok(_) => {
                shown.refused = None;
                Ok(Duration::ZERO)
            }
            // It is the same batch again, and nothing new would ever come.
            Err(e) if is_final(&e) && shown.refused.as_ref() == Some(&code) => Err(WorkerError::Commit(Box::new(e))),
            // The next fetch shows whether the batch is confirmed: if not, it comes again, and is stored already.
            Err(e) => {
                shown.refused = is_final(&e).then_some(code);
                Ok(pause_after(&e, settings.every))
            }
        }
    }
}

/// Whether a fetch that failed may succeed the next time. Once there was a platform, a page in its place passes too.
fn passes<E: Failure>(e: &Error<E>, has_fetched: bool) -> bool {
    let is_unclear = e.outcome() == Outcome::Unknown && (has_fetched || e.kind() == ErrorKind::Refused);
    read_may_succeed_later(e.is_retryable(), e.kind()) || is_unclear
}

/// Whether a confirmation will fail the next time too.
fn is_final<E: Failure>(e: &Error<E>) -> bool {
    e.outcome() != Outcome::Unknown && !e.kind().may_pass()
}

/// How long to wait after a failure: as long as the server asks for, up to an hour.
fn pause_after<E: Failure>(e: &Error<E>, every: Duration) -> Duration {
    every.max(e.retry_after().unwrap_or_default().min(HOUR))
}

/// Hands out what the ledger leases, until it is to end, and waits for what has begun. Whatever it waits for, it hears of a stop:
/// a ledger may take long, or not respond at all.
pub(super) async fn handle<H, F, E>(
    client: Client,
    ledger: Arc<dyn Ledger>,
    settings: Settings,
    mut events: mpsc::Receiver<Event>,
    mut fetcher: AbortOnDropHandle<WorkerError>,
    handler: H,
) -> Result<Summary, WorkerError>
where
    H: Fn(Job) -> F,
    F: Future<Output = Result<(), E>> + Send + 'static,
    E: Into<Box<dyn StdError + Send + Sync>> + 'static,
{
    let mut summary = Summary::default();
    let mut jobs = JoinSet::new();
    let (mut is_empty, mut is_due) = (false, true);
    let mut asking: Option<LedgerFuture<'_, Asked>> = None;
    let result = loop {
        let free = settings.concurrency - jobs.len();
        if is_due && asking.is_none() && free > 0 {
            let leasing = ledger.lease(free, settings.lease);
            asking = Some(Box::pin(async { leasing.await.map(Asked::Leased) }));
            is_due = false;
        }
        let Ok(next) = timeout(settings.poll(), next(&mut events, &mut asking, &mut jobs, &mut fetcher)).await else {
            is_due = true;
            continue;
        };
        match next {
            Next::Event(Event::Stored { fetched, new }) => {
                (is_empty, is_due) = (false, true);
                summary.fetched += fetched;
                summary.stored += new;
            }
            Next::Event(Event::Committed(true)) => summary.committed += 1,
            Next::Event(Event::Committed(false)) => summary.commits_failed += 1,
            Next::Event(Event::Empty) => is_empty = true,
            Next::Event(Event::Stop) => break Ok(()),
            Next::Asked(Ok(Asked::Leased(leased))) => {
                if settings.once && is_empty && jobs.is_empty() && leased.is_empty() {
                    let open = ledger.open(None);
                    asking = Some(Box::pin(async { open.await.map(Asked::Open) }));
                }
                for leased in leased {
                    let shared = Arc::new(Shared::new(client.clone(), Arc::clone(&ledger), leased));
                    let start = || catch_unwind(AssertUnwindSafe(|| handler(Job(Arc::clone(&shared)))));
                    let started = too_often(&shared, &settings).is_none().then(start);
                    jobs.spawn(carry_through(shared, settings.clone(), started));
                }
            }
            Next::Asked(Ok(Asked::Open(0))) => break Ok(()),
            Next::Asked(Ok(Asked::Open(_))) => {}
            Next::Asked(Err(e)) => break Err(WorkerError::Ledger(e)),
            Next::Ended(ended) => {
                is_due = true;
                if let Err(e) = summary.count(ended) {
                    break Err(WorkerError::Ledger(e));
                }
            }
            Next::FetchEnded(Ok(e)) => break Err(e),
            // What the program has given the client or the ledger panicked.
            Next::FetchEnded(Err(e)) => match e.try_into_panic() {
                Ok(panic) => resume_unwind(panic),
                Err(_) => break Ok(()),
            },
        }
    };
    // A batch that is being stored or confirmed comes again.
    drop(fetcher);
    let end = after(Instant::now(), settings.deadline);
    let mut failed = None;
    // Whatever the ledger still leases is not begun.
    if let Some(asking) = asking
        && let Ok(Ok(Asked::Leased(leased))) = timeout_at(end, asking).await
    {
        for Leased { lease, .. } in leased {
            let reason = "the worker was stopped before it began".to_owned();
            // If it fails, the lease runs out.
            let _ = timeout_at(end, ledger.end(&lease, End::Retry { after: Duration::ZERO, reason })).await;
        }
    }
    while let Ok(Some(ended)) = timeout_at(end, jobs.join_next()).await {
        failed = failed.or(summary.count(ended).err());
    }
    // Their leases run out, and the applications are handled again.
    summary.abandoned = jobs.len();
    jobs.shutdown().await;
    result?;
    failed.map_or(Ok(summary), |e| Err(WorkerError::Ledger(e)))
}

/// Waits for what comes first; of several, for an event, so that nothing is begun after a stop.
async fn next(
    events: &mut mpsc::Receiver<Event>,
    asking: &mut Option<LedgerFuture<'_, Asked>>,
    jobs: &mut JoinSet<Result<Ended, LedgerError>>,
    fetcher: &mut AbortOnDropHandle<WorkerError>,
) -> Next {
    poll_fn(|context| {
        // When none is left to tell anything, fetching has ended, which is seen below.
        if let Poll::Ready(Some(event)) = events.poll_recv(context) {
            return Poll::Ready(Next::Event(event));
        }
        if let Some(asked) = asking
            && let Poll::Ready(asked) = asked.as_mut().poll(context)
        {
            *asking = None;
            return Poll::Ready(Next::Asked(asked));
        }
        // An empty set is ready at any time.
        if let Poll::Ready(Some(ended)) = jobs.poll_join_next(context) {
            return Poll::Ready(Next::Ended(ended));
        }
        Pin::new(&mut *fetcher).poll(context).map(Next::FetchEnded)
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
    let mut until = after(Instant::now(), settings.lease);
    let failure = match handler {
        None => too_often(&shared, &settings),
        Some(Err(_)) => Some(PANICKED.to_owned()),
        Some(Ok(handler)) => {
            // The error becomes a text in the task, as it need not be `Send` by itself.
            let task = async move { handler.await.map_err(|e| e.into().to_string()) };
            let mut task = AbortOnDropHandle::new(tokio::spawn(task));
            loop {
                match timeout(settings.lease / 3, &mut task).await {
                    Ok(Ok(result)) => break result.err(),
                    Ok(Err(_)) => break Some(PANICKED.to_owned()),
                    Err(_) => match timeout_at(until, shared.ledger.extend(lease, settings.lease)).await {
                        Ok(Ok(true)) => until = after(Instant::now(), settings.lease),
                        // The ledger says so, or doesn't say anything for so long.
                        Ok(Ok(false)) | Err(_) => return Ok(Ended::LeaseLost),
                        // It may work the next time.
                        Ok(Err(e)) if Instant::now() >= until => return Err(e),
                        Ok(Err(_)) => {}
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
    match timeout_at(until, shared.ledger.end(lease, end)).await {
        Ok(is_noted) => Ok(if is_noted? { ended } else { Ended::LeaseLost }),
        Err(_) => Ok(Ended::LeaseLost),
    }
}

const PANICKED: &str = "the handler panicked";
const HOUR: Duration = Duration::from_secs(60 * 60);

/// The pause after this many attempts: twice as long each time, up to an hour.
fn backoff(settings: &Settings, attempts: u32) -> Duration {
    settings.backoff.saturating_mul(2_u32.saturating_pow(attempts.saturating_sub(1))).min(HOUR)
}
