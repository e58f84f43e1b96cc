//! Renewals that did not help. An operation that is refused with a renewed credential as it was with the one before is not
//! worth another renewal at once: it may be a permission that is missing, and each renewal is a sign-in.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use reqwest::StatusCode;

use super::{Operation, window::Window};

/// The renewals that have not been followed by a success of the operation that asked for them.
#[derive(Default)]
pub(super) struct Futile(Mutex<HashMap<(&'static str, StatusCode), Renewal>>);

/// The last renewal for one reason.
struct Renewal {
    /// The credential that was refused.
    generation: u64,
    /// Whether there was no other one to be had.
    failed: bool,
    window: Window,
}

impl Futile {
    /// Whether a credential that was refused so may be renewed; if so, it is taken note of.
    pub(super) fn may_renew(&self, operation: &'static Operation, status: StatusCode, generation: u64) -> bool {
        let mut renewals = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(renewal) = renewals.get_mut(&(operation.id, status)) else {
            renewals.insert((operation.id, status), Renewal { generation, failed: false, window: Window::first() });
            return true;
        };
        if generation < renewal.generation || generation == renewal.generation && !renewal.failed {
            // A call that was under way when the credential was renewed.
            return true;
        }
        if renewal.window.left().is_some() {
            return false;
        }
        *renewal = Renewal { generation, failed: false, window: renewal.window.next() };
        true
    }

    /// The credential could not be renewed.
    pub(super) fn failed(&self, operation: &'static Operation, status: StatusCode, generation: u64) {
        let mut renewals = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(renewal) = renewals.get_mut(&(operation.id, status)) {
            renewal.failed |= renewal.generation == generation;
        }
    }

    /// The operation was answered without a word on its credential, or the credential was not renewed after all.
    pub(super) fn forget(&self, operation: &'static Operation) {
        let mut renewals = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !renewals.is_empty() {
            renewals.retain(|(id, _), _| *id != operation.id);
        }
    }
}
