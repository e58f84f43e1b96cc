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

    /// Leases up to `limit` open applications that are due and not leased, oldest first, and counts an attempt of each. One that
    /// can't be read any more is set aside instead.
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
#[derive(Clone)]
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

/// Leaves out the application, which is about a person.
impl fmt::Debug for Leased {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { lease, attempts, progress, .. } = self;
        let mut leased = f.debug_struct("Leased");
        leased.field("lease", lease).field("attempts", attempts).field("progress", progress).finish_non_exhaustive()
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
            Self::Retry { after, reason } => ("open", millis(after), Some(kept(reason))),
            Self::SetAside { reason } => ("set aside", 0, Some(kept(reason))),
        }
    }
}

/// What is kept of a reason: not all of a long one, and no NUL, which PostgreSQL doesn't store.
#[cfg(any(feature = "ledger-postgres", feature = "ledger-sqlite"))]
fn kept(reason: String) -> String {
    const MOST: usize = 4096;
    let end = (0..=MOST.min(reason.len())).rev().find(|at| reason.is_char_boundary(*at)).unwrap_or_default();
    let more = if end < reason.len() { "…" } else { "" };
    format!("{}{more}", reason[..end].replace('\0', "\u{fffd}"))
}

/// Why an application is set aside whose text a ledger has, but which isn't of the type any more.
#[cfg(any(feature = "ledger-postgres", feature = "ledger-sqlite"))]
pub(super) fn unreadable(e: &serde_json::Error) -> End {
    End::SetAside { reason: format!("it was stored and can't be read any more: {e}") }
}

/// An application that is set aside.
#[derive(Clone)]
#[non_exhaustive]
pub struct SetAside {
    /// The `applicationId`.
    pub id: String,
    /// The application; `None` when what was stored can't be read, such as after its schema was corrected.
    pub application: Option<Application>,
    /// How often it was leased.
    pub attempts: u32,
    /// What was reported of it.
    pub progress: Progress,
    /// Why it was set aside.
    pub reason: String,
}

impl SetAside {
    /// An application that is set aside.
    pub fn new(
        id: impl Into<String>,
        application: Option<Application>,
        attempts: u32,
        progress: Progress,
        reason: String,
    ) -> Self {
        Self { id: id.into(), application, attempts, progress, reason }
    }
}

/// Leaves out the application, which is about a person.
impl fmt::Debug for SetAside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, attempts, progress, reason, .. } = self;
        let mut aside = f.debug_struct("SetAside");
        aside.field("id", id).field("attempts", attempts).field("progress", progress).field("reason", reason);
        aside.finish_non_exhaustive()
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
