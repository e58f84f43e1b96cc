//! Everything that the sandbox knows, open to a test, and the rules for finding things in it.
//! Calls hold their tasks, messages, jeopardies and estimate.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    model::{Call, Notification, Session, Task, User},
    refusal::{Refusal, Result},
};
use crate::{app::Sequence, clock::Clock};

/// The word in front of an external system's key in the header `Authorization`. The
/// interface leaves both of them open; these are the sandbox's.
pub const EXTERNAL_SYSTEM_WORD: &str = "x-external-system";
/// The external system's key.
pub const EXTERNAL_SYSTEM_KEY: &str = "desk-key";

/// The state of the sandbox. Whatever is changed in it, the next request sees.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct State {
    /// The clock, which stands still until it is moved.
    pub clock: Clock,
    /// The users by id.
    pub users: BTreeMap<i64, User>,
    /// The calls by id, with all that belongs to them.
    pub calls: BTreeMap<i64, Call>,
    /// The notifications by id.
    pub notifications: BTreeMap<i64, Notification>,
    /// The tokens that are accepted, as far as they haven't expired.
    pub sessions: Vec<Session>,
    /// The names of clients that a new call may have.
    pub known_clients: Vec<String>,
    /// The names of service objects that a new call may have.
    pub known_service_objects: Vec<String>,
    /// The word in front of the external system's key.
    pub external_system_word: String,
    /// The external system's key.
    pub external_system_key: String,
    /// How long an access token issued from now on is valid, in milliseconds; `None` for
    /// ever. A token is refused once the clock is *past* its end, so that one with a
    /// lifetime of 0 is accepted while the clock stands still.
    pub access_lifetime_ms: Option<i64>,
    /// The same for service tokens.
    pub service_lifetime_ms: Option<i64>,
    /// The system's settings.
    pub settings: Settings,
    /// Makes a change of the settings a conflict.
    pub settings_locked: bool,
    /// Makes `completeSharedCall` respond with 204 instead of the call.
    pub shared_done_empty: bool,
    /// Leaves the body empty for refusals that have an error code, but no schema that
    /// could hold it.
    pub omit_optional_error_bodies: bool,
    /// The most bytes that an attached file may have.
    pub max_attachment_bytes: usize,
    /// The ids that new things get.
    pub ids: Ids,
    /// The marks of modification.
    pub marks: Sequence,
}

/// The system's settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Settings {
    /// The day of the month after a call was finished up to which its estimate can be
    /// edited and submitted.
    pub call_cost_deadline_day: i8,
    /// How many times the settings were changed.
    pub changes: i64,
}

/// The ids that new things get.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Ids {
    /// For a user who registers.
    pub user: Sequence,
    /// For an expenditure item of a new call.
    pub expenditure_item: Sequence,
    /// For a message, whoever writes it.
    pub message: Sequence,
    /// For a jeopardy.
    pub jeopardy: Sequence,
    /// For an expense of any estimate.
    pub expense: Sequence,
    /// For a material of any estimate.
    pub material: Sequence,
    /// For an uploaded file.
    pub attachment: Sequence,
    /// For a task of a new call.
    pub task: Sequence,
    /// For a call, whose number is `SR` and the id.
    pub call: Sequence,
}

impl State {
    /// The task with that id.
    #[must_use]
    pub fn task(&self, id: i64) -> Option<&Task> {
        self.calls.values().find_map(|call| call.task(id))
    }

    /// The task with that id, to change.
    pub fn task_mut(&mut self, id: i64) -> Option<&mut Task> {
        self.calls.values_mut().find_map(|call| call.task_mut(id))
    }

    /// The user with that name.
    #[must_use]
    pub fn user_named(&self, name: &str) -> Option<&User> {
        self.users.values().find(|user| user.name == name)
    }

    /// The call that a temporary link leads to.
    pub(super) fn linked(&mut self, token: &str) -> Result<&mut Call> {
        self.calls.values_mut().find(|call| call.link.as_deref() == Some(token)).ok_or(Refusal::NOT_FOUND)
    }
}

// Functions of the calls alone, so that clock and ids stay free to use while a call is borrowed.

/// The call with that id.
pub(super) fn call(calls: &mut BTreeMap<i64, Call>, id: i64) -> Result<&mut Call> {
    calls.get_mut(&id).ok_or(Refusal::NOT_FOUND)
}

/// The call with that id, which has to be the user's.
pub(super) fn own_call(calls: &mut BTreeMap<i64, Call>, user: i64, id: i64) -> Result<&mut Call> {
    let call = call(calls, id)?;
    if call.owner == user { Ok(call) } else { Err(Refusal::FORBIDDEN) }
}

/// The call that the task belongs to.
pub(super) fn call_with_task(calls: &mut BTreeMap<i64, Call>, task: i64) -> Result<&mut Call> {
    calls.values_mut().find(|call| call.task(task).is_some()).ok_or(Refusal::NOT_FOUND)
}

/// The call that the task belongs to, which has to be the user's.
pub(super) fn own_call_with_task(calls: &mut BTreeMap<i64, Call>, user: i64, task: i64) -> Result<&mut Call> {
    let call = call_with_task(calls, task)?;
    if call.owner == user { Ok(call) } else { Err(Refusal::FORBIDDEN) }
}
