//! A ledger in memory.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use super::{
    Status,
    ledger::{End, Lease, Leased, Ledger, LedgerFuture, Progress, SetAside, millis, now},
};
use crate::callback::types::Application;

/// A ledger in memory, for tests: whatever is open when the process ends is lost. Its clones are the same ledger.
#[derive(Clone, Default)]
pub struct MemoryLedger {
    entries: Arc<Mutex<Entries>>,
}

#[derive(Default)]
struct Entries {
    /// In the order in which they were stored.
    by_age: Vec<Entry>,
    /// The places in it.
    places: BTreeMap<String, usize>,
}

struct Entry {
    application: Application,
    state: State,
    /// The number of the last lease.
    lease: i64,
    attempts: u32,
    /// When it may be leased: it is due, and no lease is running.
    due: i64,
    /// Whether it is leased, until `due`.
    leased: bool,
    progress: Progress,
}

#[derive(PartialEq)]
enum State {
    Open,
    Done,
    SetAside(String),
}

impl MemoryLedger {
    /// An empty ledger.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Nothing waits, so the future is ready.
    fn with<'a, T: Send + 'a>(&self, work: impl FnOnce(&mut Entries) -> T) -> LedgerFuture<'a, T> {
        // Nothing that holds the lock leaves an entry half changed.
        let result = work(&mut self.entries.lock().unwrap_or_else(PoisonError::into_inner));
        Box::pin(std::future::ready(Ok(result)))
    }

    /// Changes the entry if the lease is running.
    fn leased<'a>(&self, lease: &Lease, change: impl FnOnce(&mut Entry)) -> LedgerFuture<'a, bool> {
        self.with(|entries| {
            let entry = entries.get(&lease.id);
            let entry = entry.filter(|one| one.leased && one.lease == lease.number && one.due > now());
            entry.map(change).is_some()
        })
    }
}

/// Leaves out the applications, which are about people.
impl fmt::Debug for MemoryLedger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryLedger").finish_non_exhaustive()
    }
}

impl Entries {
    fn get(&mut self, id: &str) -> Option<&mut Entry> {
        self.places.get(id).and_then(|place| self.by_age.get_mut(*place))
    }
}

impl Ledger for MemoryLedger {
    fn store<'a>(&'a self, applications: &'a [Application]) -> LedgerFuture<'a, usize> {
        self.with(|entries| {
            let before = entries.by_age.len();
            for application in applications {
                let place = entries.by_age.len();
                let known = *entries.places.entry(application.application_id.clone()).or_insert(place);
                if known == place {
                    entries.by_age.push(Entry {
                        application: application.clone(),
                        state: State::Open,
                        lease: 0,
                        attempts: 0,
                        due: 0,
                        leased: false,
                        progress: Progress::default(),
                    });
                }
            }
            entries.by_age.len() - before
        })
    }

    fn lease(&self, limit: usize, duration: Duration) -> LedgerFuture<'_, Vec<Leased>> {
        self.with(|entries| {
            let now = now();
            let free = entries.by_age.iter_mut().filter(|one| one.state == State::Open && one.due <= now);
            free.take(limit)
                .map(|entry| {
                    entry.lease += 1;
                    entry.attempts += 1;
                    entry.leased = true;
                    entry.due = now + millis(duration);
                    let lease = Lease::new(entry.application.application_id.clone(), entry.lease);
                    Leased::new(lease, entry.application.clone(), entry.attempts, entry.progress)
                })
                .collect()
        })
    }

    fn extend<'a>(&'a self, lease: &'a Lease, duration: Duration) -> LedgerFuture<'a, bool> {
        self.leased(lease, |entry| entry.due = now() + millis(duration))
    }

    fn end<'a>(&'a self, lease: &'a Lease, end: End) -> LedgerFuture<'a, bool> {
        self.leased(lease, |entry| {
            entry.leased = false;
            entry.due = now();
            match end {
                End::Done => {
                    entry.state = State::Done;
                    entry.application = Application::new(lease.id.clone());
                }
                End::Retry { after, .. } => entry.due += millis(after),
                End::SetAside { reason } => entry.state = State::SetAside(reason),
            }
        })
    }

    fn reporting<'a>(&'a self, lease: &'a Lease, status: Status) -> LedgerFuture<'a, bool> {
        self.leased(lease, |entry| entry.progress.uncertain = Some(status))
    }

    fn reported<'a>(&'a self, lease: &'a Lease, reported: bool) -> LedgerFuture<'a, bool> {
        self.leased(lease, |entry| entry.progress.settle(reported))
    }

    fn open<'a>(&'a self, ids: Option<&'a [String]>) -> LedgerFuture<'a, usize> {
        self.with(|entries| match ids {
            None => entries.by_age.iter().filter(|one| one.state == State::Open).count(),
            Some(ids) => ids.iter().filter(|id| entries.get(id).is_some_and(|one| one.state == State::Open)).count(),
        })
    }

    fn set_aside(&self) -> LedgerFuture<'_, Vec<SetAside>> {
        self.with(|entries| {
            let aside = entries.by_age.iter().filter_map(|one| match &one.state {
                State::SetAside(reason) => {
                    let application = one.application.clone();
                    let id = application.application_id.clone();
                    Some(SetAside::new(id, Some(application), one.attempts, one.progress, reason.clone()))
                }
                _ => None,
            });
            aside.collect()
        })
    }

    fn put_back<'a>(&'a self, id: &'a str, was_reported: Option<bool>) -> LedgerFuture<'a, bool> {
        self.with(|entries| {
            let entry = entries.get(id).filter(|one| matches!(one.state, State::SetAside(_)));
            let change = |entry: &mut Entry| {
                (entry.state, entry.attempts, entry.due) = (State::Open, 0, 0);
                if let Some(reported) = was_reported {
                    entry.progress.settle(reported);
                }
            };
            entry.map(change).is_some()
        })
    }
}
