//! Renewals that did not help. An operation that is refused with a renewed credential as it was with the one before is not
//! worth another renewal at once: it may be a permission that is missing, and each renewal is a sign-in.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use reqwest::StatusCode;
use tokio::time::Instant;

use super::Operation;

/// For how long there is no renewal for the same reason, at first and at most.
const FIRST: Duration = Duration::from_secs(30);
const LONGEST: Duration = Duration::from_secs(600);

/// The renewals that have not been followed by a success of the operation that asked for them.
#[derive(Default)]
pub(super) struct Futile(Mutex<HashMap<(&'static str, StatusCode), Renewal>>);

/// The last renewal for one reason.
struct Renewal {
    /// The credential that was refused.
    generation: u64,
    until: Instant,
    window: Duration,
}

impl Futile {
    /// Whether a credential that was refused so may be renewed; if so, it is taken note of.
    pub(super) fn may_renew(&self, operation: &'static Operation, status: StatusCode, generation: u64) -> bool {
        let mut renewals = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let Some(renewal) = renewals.get_mut(&(operation.id, status)) else {
            renewals.insert((operation.id, status), Renewal { generation, until: now + FIRST, window: FIRST });
            return true;
        };
        if generation <= renewal.generation {
            // A call that was under way when the credential was renewed.
            return true;
        }
        if now < renewal.until {
            return false;
        }
        renewal.window = (renewal.window * 2).min(LONGEST);
        (renewal.generation, renewal.until) = (generation, now + renewal.window);
        true
    }

    /// The operation was answered without a word on its credential, or the credential was not renewed after all.
    pub(super) fn forget(&self, operation: &'static Operation) {
        let mut renewals = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !renewals.is_empty() {
            renewals.retain(|(id, _), _| *id != operation.id);
        }
    }
}
