//! Everything that the sandbox knows, open to a test.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    model::{Case, Session, User},
    refusal::{Refusal, Result},
};
use crate::{
    app::{self, Sequence},
    clock::Clock,
};

/// The state, shared by all requests.
pub(super) type App = app::App<State>;

/// The state of the sandbox. Whatever is changed in it, the next request sees.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct State {
    /// The clock, which stands still until it is moved.
    pub clock: Clock,
    /// The users by the name for signing in.
    pub users: BTreeMap<String, User>,
    /// The cases by number.
    pub cases: BTreeMap<String, Case>,
    /// The sessions that are accepted. Clearing them ends them all.
    pub sessions: Vec<Session>,
    /// How many minutes a session lasts after it was last used. It is refused once the
    /// clock is *past* its end.
    pub session_minutes: i64,
    /// The response to a call with a session that has ended, or without one.
    pub session_end: SessionEnd,
    /// Requires the cookie `BPMSESSIONID` in addition to the three that make a session.
    pub needs_session_id: bool,
    /// The `Code` of a successful sign-in. The interface may send 0 or 200.
    pub code_on_success: i64,
    /// The HTTP status of failures.
    pub failure_status: u16,
    /// Leaves `ok` out of failures.
    pub omit_ok_on_failure: bool,
    /// Responds with an empty body in place of a failure under 401 and 403.
    pub omit_refusal_bodies: bool,
    /// The host in links to files.
    pub file_host: String,
    /// The most bytes that a file may have.
    pub max_file_bytes: usize,
    /// The numbers that new things get.
    pub ids: Ids,
}

/// The response to a call without a living session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub enum SessionEnd {
    /// 401.
    #[default]
    Status401,
    /// 200 with the page for signing in, as a browser would get it.
    LoginPage,
    /// 403.
    Status403,
}

/// The numbers that new things get.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Ids {
    /// In the number of a case: 684155 makes `SR00684155`.
    pub case: Sequence,
    /// At the front of a message's UUID, as eight hexadecimal digits.
    pub message: Sequence,
    /// At the front of a file's UUID, likewise.
    pub file: Sequence,
    /// At the end of a session's cookies, such as `loader-1`.
    pub session: Sequence,
}

impl Ids {
    /// The id of a new message.
    pub(super) fn message(&mut self) -> String {
        format!("{:08x}-3a0e-4f0b-9a57-000000000000", self.message.take())
    }

    /// The id of a new file.
    pub(super) fn file(&mut self) -> String {
        format!("{:08x}-ee50-4376-baab-000000000000", self.file.take())
    }
}

/// The case with that number. A function of the cases alone, so that clock and ids stay
/// free to use.
pub(super) fn case<'a>(cases: &'a mut BTreeMap<String, Case>, number: &str) -> Result<&'a mut Case> {
    cases.get_mut(number).ok_or(Refusal::failure("case not found"))
}
