//! Working through batches: fetch, store, confirm, handle, and report what became of every application.

mod job;
mod ledger;
mod memory_ledger;
#[cfg(feature = "ledger-postgres")]
mod postgres_ledger;
mod run;
#[cfg(feature = "ledger-sqlite")]
mod sqlite_ledger;
mod status;

use std::{error::Error as StdError, fmt, num::NonZeroU32, sync::Arc, time::Duration};

use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;

use self::run::{Event, Fetcher};
use super::{
    Client, Error,
    error::{CommitBatchError, FetchApplicationsError},
};

#[cfg(feature = "ledger-postgres")]
pub use self::postgres_ledger::PostgresLedger;
#[cfg(feature = "ledger-sqlite")]
pub use self::sqlite_ledger::SqliteLedger;
pub use self::{
    job::Job,
    ledger::{End, Lease, Leased, Ledger, LedgerError, LedgerFuture, Progress, SetAside},
    memory_ledger::MemoryLedger,
    status::{Registered, ReportError, Status},
};

impl Client {
    /// A worker, which fetches batches, stores them in the ledger, confirms them, and runs a handler for every application.
    ///
    /// An application is handled **at least once**: a process may end between the success of a handler and the note of it in
    /// the ledger, and a lease may run out. [`Job::key`] is what the handler has to deduplicate by. A handler that fails is run
    /// again after a pause; after some attempts the application is *set aside*, where it is in nobody's way, until it is
    /// [put back](Ledger::put_back). Only the handler sends statuses; see [`Job::register`].
    ///
    /// ```no_run
    /// use casewire::callback::{Auth, Client, Config, Endpoints, worker::{Job, MemoryLedger, ReportError}};
    ///
    /// #[tokio::main]
    /// async fn main() -> Result<(), Box<dyn std::error::Error>> {
    ///     let auth = Auth::user("integration@oip.example", "Petr0v-1");
    ///     let client = Client::connect(Config::new("https://lkmsp.smbn.ru")?, auth, Endpoints::default())?;
    ///     // For tests; `SqliteLedger` and `PostgresLedger` outlive the process.
    ///     let ledger = MemoryLedger::new();
    ///     let worker = client.worker(ledger).batch(100).concurrency(8);
    ///     let summary = worker.run(call_back).await?;
    ///     println!("{} handled", summary.handled);
    ///     Ok(())
    /// }
    ///
    /// async fn call_back(job: Job) -> Result<(), ReportError> {
    ///     let registered = job.register().await?;
    ///     match job.application().phone.as_deref() {
    ///         Some(_phone) => registered.rendered(None).await,
    ///         None => registered.rejected("Заявитель не оставил телефона").await,
    ///     }
    /// }
    /// ```
    pub fn worker(&self, ledger: impl Ledger) -> Worker {
        Worker { client: self.clone(), ledger: Arc::new(ledger), settings: Settings::default(), stop: None }
    }
}

/// When a batch is confirmed. The interface speaks of confirming its receipt in one place, and its processing in another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Commit {
    /// Once it is in the ledger.
    #[default]
    AfterStored,
    /// Once each of its applications is done or set aside. The platform hands out no other batch before.
    AfterHandled,
}

/// What a worker is told.
#[derive(Debug, Clone)]
struct Settings {
    batch: i32,
    concurrency: usize,
    commit: Commit,
    every: Duration,
    lease: Duration,
    attempts: u32,
    backoff: Duration,
    deadline: Duration,
    once: bool,
}

impl Settings {
    /// How often to look at the ledger for what is due without anybody telling.
    fn poll(&self) -> Duration {
        self.every.min(Duration::from_millis(200))
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            batch: 100,
            concurrency: 8,
            commit: Commit::default(),
            every: Duration::from_secs(30),
            lease: Duration::from_secs(5 * 60),
            attempts: 5,
            backoff: Duration::from_secs(10),
            deadline: Duration::from_secs(30),
            once: false,
        }
    }
}

/// Works through batches; see [`Client::worker`].
#[must_use = "nothing happens before `run`"]
pub struct Worker {
    client: Client,
    ledger: Arc<dyn Ledger>,
    settings: Settings,
    stop: Option<std::pin::Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl Worker {
    /// How many applications to ask for at a time; 100 unless set, and at least 1.
    pub fn batch(mut self, applications: u32) -> Self {
        self.settings.batch = i32::try_from(applications.max(1)).unwrap_or(i32::MAX);
        self
    }

    /// How many applications to handle at the same time; 8 unless set, and at least 1.
    pub fn concurrency(mut self, handlers: usize) -> Self {
        self.settings.concurrency = handlers.max(1);
        self
    }

    /// When to confirm a batch; once it is stored unless set.
    pub fn commit(mut self, commit: Commit) -> Self {
        self.settings.commit = commit;
        self
    }

    /// How long to wait before asking for applications again when there were none, or when a call failed; 30 seconds unless
    /// set, and at least 10 milliseconds.
    pub fn every(mut self, pause: Duration) -> Self {
        self.settings.every = pause.max(Duration::from_millis(10));
        self
    }

    /// How long an application belongs to this worker without a sign of life; 5 minutes unless set, and at least 100
    /// milliseconds. A running handler renews it. After a process was killed, its applications are handled again that much
    /// later.
    pub fn lease(mut self, duration: Duration) -> Self {
        self.settings.lease = duration.max(Duration::from_millis(100));
        self
    }

    /// How often to begin with an application before it is set aside; 5 times unless set.
    pub fn attempts(mut self, attempts: NonZeroU32) -> Self {
        self.settings.attempts = attempts.get();
        self
    }

    /// How long to pause after a handler has failed for the first time; 10 seconds unless set. The pause doubles with each
    /// attempt, up to an hour.
    pub fn backoff(mut self, first: Duration) -> Self {
        self.settings.backoff = first;
        self
    }

    /// When to stop: no more is begun once the worker hears that this future is ready, for example that of `tokio::signal::ctrl_c`. Unless set,
    /// the worker runs until it fails, or is dropped.
    pub fn stop_on(mut self, stop: impl Future<Output = ()> + Send + 'static) -> Self {
        self.stop = Some(Box::pin(stop));
        self
    }

    /// How long handlers that have begun may go on once the worker is to stop, and how long it waits for its ledger then; 30
    /// seconds unless set. The others are dropped
    /// then, and their applications are handled again when the leases have run out.
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.settings.deadline = limit;
        self
    }

    /// Ends by itself, once the platform has nothing new and nothing in the ledger is open.
    pub fn once(mut self) -> Self {
        self.settings.once = true;
        self
    }

    /// Fetches and handles until it is to stop, and returns what was done. Handlers run as tasks of their own; one that panics
    /// has failed. Failures that may pass are waited out, those of the server among them and, once a batch was fetched, a page
    /// in its place; `Retry-After` is heeded up to an hour. What comes of single calls is told by
    /// [`Config::observe`](crate::Config::observe).
    ///
    /// # Errors
    /// [`WorkerError::Fetch`] and [`WorkerError::Commit`] when fetching or confirming fails for a reason that doesn't pass by
    /// itself; [`WorkerError::Ledger`]. Handlers that have begun are waited for before, as in a stop.
    pub async fn run<H, F, E>(self, handler: H) -> Result<Summary, WorkerError>
    where
        H: Fn(Job) -> F,
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<Box<dyn StdError + Send + Sync>> + 'static,
    {
        let Self { client, ledger, settings, stop } = self;
        let (sender, events) = mpsc::channel(16);
        let _stopper = stop.map(|stop| {
            let sender = sender.clone();
            AbortOnDropHandle::new(tokio::spawn(async move {
                stop.await;
                // In vain, when the worker has ended.
                let _ = sender.send(Event::Stop).await;
            }))
        });
        let fetcher =
            Fetcher { client: client.clone(), ledger: Arc::clone(&ledger), settings: settings.clone(), events: sender };
        let fetcher = AbortOnDropHandle::new(tokio::spawn(fetcher.run()));
        run::handle(client, ledger, settings, events, fetcher, handler).await
    }
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// What a worker has done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// Applications in the batches that were fetched; those of a batch that came again count again.
    pub fetched: usize,
    /// Applications that the ledger didn't have.
    pub stored: usize,
    /// Batches that were confirmed.
    pub committed: usize,
    /// Confirmations that failed; the batch came again, or was confirmed nevertheless.
    pub commits_failed: usize,
    /// Applications whose handler succeeded.
    pub handled: usize,
    /// Handlers that failed and were to run again.
    pub retried: usize,
    /// Applications that were set aside.
    pub set_aside: usize,
    /// Handlers whose lease ran out: another worker had the application.
    pub leases_lost: usize,
    /// Handlers that were dropped at the deadline.
    pub abandoned: usize,
}

/// Why a worker ended.
#[derive(Debug)]
#[non_exhaustive]
pub enum WorkerError {
    /// No batch can be fetched, for a reason that doesn't pass by itself. One is an application that can't be read, such as one
    /// without an id: nothing of its batch is stored then, and nothing confirmed.
    Fetch(Box<Error<FetchApplicationsError>>),
    /// A batch was refused to be confirmed, and refused again when it came again: there would never be another one.
    Commit(Box<Error<CommitBatchError>>),
    /// The ledger can't be read or written.
    Ledger(LedgerError),
}

impl fmt::Display for WorkerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fetch(e) => e.fmt(f),
            Self::Commit(e) => e.fmt(f),
            Self::Ledger(e) => e.fmt(f),
        }
    }
}

impl StdError for WorkerError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Fetch(e) => e.source(),
            Self::Commit(e) => e.source(),
            Self::Ledger(e) => e.source(),
        }
    }
}
