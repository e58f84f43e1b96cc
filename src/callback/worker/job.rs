//! What a handler gets: an application, and the means to report its status.

use std::{
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use super::{
    Registered,
    ledger::{Leased, Ledger, Progress},
    status::{self, ReportError},
};
use crate::callback::{Client, types::Application};

/// An application to handle, which is leased to this worker while the handler runs.
pub struct Job(pub(super) Arc<Shared>);

impl Job {
    /// The application.
    #[must_use]
    pub fn application(&self) -> &Application {
        &self.0.leased.application
    }

    /// The key to deduplicate by: the `applicationId`, the same each time that the application is handled, by any worker.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.0.leased.lease.id
    }

    /// How often the handling of the application was begun, this time included: 1 at first, and again once it was put back.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.0.leased.attempts
    }

    /// What was reported of the application.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.0.progress()
    }

    /// The client of the worker.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.0.client
    }

    /// Reports that the application is registered, unless the ledger knows that this is reported, and returns what can be
    /// reported next.
    ///
    /// # Errors
    /// [`ReportError::Call`] when the platform refuses it or isn't reached; [`ReportError::Uncertain`] when the response is
    /// lost, or was; [`ReportError::LeaseLost`] and [`ReportError::Ledger`].
    pub async fn register(&self) -> Result<Registered, ReportError> {
        status::register(&self.0).await
    }
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The application is about a person.
        f.debug_struct("Job").field("key", &self.key()).field("attempt", &self.attempt()).finish_non_exhaustive()
    }
}

/// What a job and its reports have in common.
pub(super) struct Shared {
    pub(super) client: Client,
    pub(super) ledger: Arc<dyn Ledger>,
    pub(super) leased: Leased,
    progress: Mutex<Progress>,
    uncertain: AtomicBool,
}

impl Shared {
    pub(super) fn new(client: Client, ledger: Arc<dyn Ledger>, leased: Leased) -> Self {
        let progress = Mutex::new(leased.progress);
        Self { client, ledger, leased, progress, uncertain: AtomicBool::new(false) }
    }

    pub(super) fn progress(&self) -> Progress {
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn change(&self, change: impl FnOnce(&mut Progress)) {
        change(&mut self.progress.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Notes that a report was not made, as it may have been made before.
    pub(super) fn is_uncertain(&self) {
        self.uncertain.store(true, Ordering::Relaxed);
    }

    /// Whether a report may or may not have been made, so that the handler can't be run again.
    pub(super) fn was_uncertain(&self) -> bool {
        self.uncertain.load(Ordering::Relaxed)
    }
}
