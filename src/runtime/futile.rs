//! Renewals that did not help. An operation that is refused with a renewed credential as it was with the one before is not
//! worth another renewal at once: it may be a permission that is missing, and each renewal is a sign-in.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use reqwest::StatusCode;

use super::{Operation, window::Window};

/// The renewals of which it isn't known that they helped, by what asked for them.
#[derive(Default)]
pub(super) struct Futile(Mutex<HashMap<(&'static str, StatusCode), Renewal>>);

/// The last renewal for one reason.
struct Renewal {
    /// The credential that was refused.
    generation: u64,
    came_to: CameTo,
    window: Window,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum CameTo {
    /// It isn't known yet.
    Open,
    /// There was no other credential to be had.
    Nothing,
    /// Another credential, which was refused in the same way.
    TheSame,
}

impl Futile {
    /// Whether a credential that was refused in this way may be renewed; if so, the renewal is noted.
    pub(super) fn may_renew(&self, operation: &'static Operation, status: StatusCode, generation: u64) -> bool {
        let mut renewals = self.renewals();
        let new = |window| Renewal { generation, came_to: CameTo::Open, window };
        let Some(renewal) = renewals.get_mut(&(operation.id, status)) else {
            renewals.insert((operation.id, status), new(Window::first()));
            return true;
        };
        if generation < renewal.generation || generation == renewal.generation && renewal.came_to != CameTo::Nothing {
            // A call that was under way when the credential was renewed.
            return true;
        }
        if generation > renewal.generation {
            renewal.came_to = CameTo::TheSame;
        }
        if renewal.window.left().is_some() {
            return false;
        }
        *renewal = new(renewal.window.next());
        true
    }

    /// The credential could not be renewed.
    pub(super) fn failed(&self, operation: &'static Operation, status: StatusCode, generation: u64) {
        if let Some(renewal) = self.renewals().get_mut(&(operation.id, status))
            && renewal.generation == generation
        {
            renewal.came_to = CameTo::Nothing;
        }
    }

    /// The credential was good for the operation: renewals have helped, except for those that did not. The latter are now
    /// known not to be about the credential, but, say, about a permission that is missing for some calls; so they are
    /// remembered, for the shortest time.
    pub(super) fn accepted(&self, operation: &'static Operation) {
        let mut renewals = self.renewals();
        if !renewals.is_empty() {
            renewals.retain(|(id, _), renewal| {
                let is_other = *id != operation.id;
                if !is_other {
                    renewal.window.shorten();
                }
                is_other || renewal.came_to == CameTo::TheSame
            });
        }
    }

    /// The credential was not renewed after all.
    pub(super) fn forget(&self, operation: &'static Operation, status: StatusCode) {
        self.renewals().remove(&(operation.id, status));
    }

    fn renewals(&self) -> MutexGuard<'_, HashMap<(&'static str, StatusCode), Renewal>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
