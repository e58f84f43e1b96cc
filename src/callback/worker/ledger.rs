//! Where a worker keeps applications between their confirmation and their end.

use std::{error::Error as StdError, fmt, pin::Pin, time::Duration};

use super::Status;
use crate::callback::types::Application;

/// What a method of a [`Ledger`] returns.
pub type LedgerFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, LedgerError>> + Send + 'a>>;

/// Where a worker keeps applications, so that none is lost between the confirmation of its batch and the end of its handling.
///
/// An application is known by its `applicationId`, once and forever: one that is stored again, whatever has become of it, stays
/// as it is. It is *open*, *done* or *set aside*; an open one is leased to one worker at a time. A lease that ran out is over:
/// every method that takes a [`Lease`] does nothing and returns `false` then. Of one that is done, the ledgers here keep the id
/// and what was reported, and delete the rest, which is about people.
///
/// What a method has done is durable when it returns. Several workers may use one ledger at once.
pub trait Ledger: Send + Sync + 'static {
    /// Stores those of the applications that aren't there yet, all or none, and returns how many these are.
    fn store<'a>(&'a self, applications: &'a [Application]) -> LedgerFuture<'a, usize>;

    /// Leases up to `limit` open applications that are due and not leased, oldest first, and counts an attempt of each.
    fn lease(&self, limit: usize, duration: Duration) -> LedgerFuture<'_, Vec<Leased>>;

    /// Makes the lease end `duration` from now.
    fn extend<'a>(&'a self, lease: &'a Lease, duration: Duration) -> LedgerFuture<'a, bool>;

    /// Ends the lease: the application is done, due again after a while, or set aside.
    fn end<'a>(&'a self, lease: &'a Lease, end: End) -> LedgerFuture<'a, bool>;

    /// Notes that this status is about to be reported.
    fn reporting<'a>(&'a self, lease: &'a Lease, status: Status) -> LedgerFuture<'a, bool>;

    /// Notes whether the status that was about to be reported was.
    fn reported<'a>(&'a self, lease: &'a Lease, reported: bool) -> LedgerFuture<'a, bool>;

    /// How many applications are open; of those with these ids, where they are given.
    fn open<'a>(&'a self, ids: Option<&'a [String]>) -> LedgerFuture<'a, usize>;

    /// The applications that are set aside, oldest first.
    fn set_aside(&self) -> LedgerFuture<'_, Vec<SetAside>>;

    /// Makes an application that is set aside open again, with no attempts counted. `was_reported` settles an
    /// [uncertain](Progress::uncertain) report: whether the operator says that the status is set; with `None` it stays
    /// uncertain. Returns `false` when no application of this id is set aside.
    fn put_back<'a>(&'a self, id: &'a str, was_reported: Option<bool>) -> LedgerFuture<'a, bool>;
}

/// The right of one worker to an application, until it runs out.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lease {
    /// The `applicationId`.
    pub id: String,
    /// The number of the lease, another one each time that the application is leased.
    pub number: i64,
}

impl Lease {
    /// The lease of this number.
    pub fn new(id: impl Into<String>, number: i64) -> Self {
        Self { id: id.into(), number }
    }
}

/// An application that is leased.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Leased {
    /// The lease.
    pub lease: Lease,
    /// The application.
    pub application: Application,
    /// How often it was leased since it was stored or put back, this time included.
    pub attempts: u32,
    /// What was reported of it.
    pub progress: Progress,
}

impl Leased {
    /// A leased application.
    pub fn new(lease: Lease, application: Application, attempts: u32, progress: Progress) -> Self {
        Self { lease, application, attempts, progress }
    }
}

/// Which statuses of an application were reported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// The last status that was reported for certain.
    pub reported: Option<Status>,
    /// The status that was about to be reported when the worker ended, or the response was lost. Nobody but the operator of the
    /// platform knows whether it is set.
    pub uncertain: Option<Status>,
}

/// How a lease ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// The application is done.
    Done,
    /// It is to be handled again, after this time at the earliest.
    Retry {
        /// How long to wait.
        after: Duration,
        /// Why.
        reason: String,
    },
    /// It is handled no more until it is put back.
    SetAside {
        /// Why.
        reason: String,
    },
}

#[cfg(any(feature = "ledger-postgres", feature = "ledger-sqlite"))]
impl End {
    /// The state that it leads to, for how many milliseconds to pause, and why, as a database keeps them.
    pub(super) fn columns(self) -> (&'static str, i64, Option<String>) {
        match self {
            Self::Done => ("done", 0, None),
            Self::Retry { after, reason } => ("open", millis(after), Some(reason)),
            Self::SetAside { reason } => ("set aside", 0, Some(reason)),
        }
    }
}

/// An application that is set aside.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SetAside {
    /// The application.
    pub application: Application,
    /// How often it was leased.
    pub attempts: u32,
    /// What was reported of it.
    pub progress: Progress,
    /// Why it was set aside.
    pub reason: String,
}

impl SetAside {
    /// An application that is set aside.
    pub fn new(application: Application, attempts: u32, progress: Progress, reason: String) -> Self {
        Self { application, attempts, progress, reason }
    }
}

/// A ledger can't be read or written.
#[derive(Debug)]
pub struct LedgerError(Box<dyn StdError + Send + Sync>);

impl LedgerError {
    /// A failure of a ledger, with its cause.
    pub fn new(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self(cause.into())
    }
}

impl fmt::Display for LedgerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the ledger failed: {}", self.0)
    }
}

impl StdError for LedgerError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source()
    }
}

/// Milliseconds, as ledgers count time.
pub(super) fn millis(duration: Duration) -> i64 {
    // A thousand years, so that it can be added to the time of day.
    const MOST: i64 = 31_556_952_000_000;
    i64::try_from(duration.as_millis()).unwrap_or(MOST).min(MOST)
}

/// The time of day on this machine, in milliseconds.
pub(super) fn now() -> i64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, millis)
}
