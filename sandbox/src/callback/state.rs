//! Everything that the sandbox knows, open to a test.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    model::{Application, Batch, Token},
    operations,
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
    /// The passwords of the technical users, by login.
    pub users: BTreeMap<String, String>,
    /// The applications by id. Those that aren't delivered yet are handed out in the
    /// order of their ids.
    pub applications: BTreeMap<String, Application>,
    /// The batch that is handed out and not yet confirmed.
    pub batch: Option<Batch>,
    /// How many applications a batch has at most when no `limit` is asked for.
    pub batch_size: usize,
    /// The tokens that are accepted, as far as they haven't expired. Clearing them
    /// withdraws them all.
    pub tokens: Vec<Token>,
    /// How long a token issued from now on is valid, in milliseconds; `None` forever. A
    /// token is refused once the clock is *past* its end, so that one with a lifetime of
    /// 0 is accepted while the clock stands still.
    pub token_lifetime_ms: Option<i64>,
    /// The HTTP status that failures get, where it is to be another than the documented one: under 200, only the body says
    /// what they are.
    pub failure_status: Option<u16>,
    /// The `statusCode` in the body of failures, where it is to differ from the failure's own: the interface may send
    /// 400 in the body of a 401.
    pub status_code_in_body: Option<i64>,
    /// The `type` of a control error. The interface may send it with a space at the end.
    pub control_error: String,
    /// The paths of the operations that can be moved.
    pub paths: Paths,
    /// The number that the next token gets.
    pub next_token: Sequence,
    /// The number that the next batch gets.
    pub next_batch: Sequence,
}

/// The paths of the three operations that an installation may have elsewhere. A test may
/// move them, each to a path of its own, percent-encoded as in a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paths {
    /// The path of `authenticate`, which issues tokens.
    pub authenticate: String,
    /// The path of `fetchApplications`, which hands out a batch.
    pub fetch_applications: String,
    /// The path of `reportStatus`, which takes the status of an application.
    pub report_status: String,
}

impl Paths {
    /// Whether the operation is at this path; `None` for one whose path is certain.
    pub(super) fn is_at(&self, operation: &str, path: &str) -> Option<bool> {
        match operation {
            "authenticate" => Some(self.authenticate == path),
            "fetchApplications" => Some(self.fetch_applications == path),
            "reportStatus" => Some(self.report_status == path),
            _ => None,
        }
    }
}

impl Default for Paths {
    /// `/api/v1/auth/`, `/api/v1/applications/` and `/api/v1/applications/status/`.
    fn default() -> Self {
        Self {
            authenticate: operations::AUTHENTICATE.to_owned(),
            fetch_applications: operations::FETCH_APPLICATIONS.to_owned(),
            report_status: operations::REPORT_STATUS.to_owned(),
        }
    }
}

impl State {
    /// The batch in hand; a new one of at most `limit` applications, if there is none and
    /// anything is left to deliver.
    pub(super) fn hand_out(&mut self, limit: usize) -> Option<&Batch> {
        if self.batch.is_none() {
            let left = self.applications.values().filter(|one| !one.delivered).map(|one| one.id.clone());
            let applications: Vec<String> = left.take(limit).collect();
            if !applications.is_empty() {
                self.batch = Some(Batch { code: format!("batch-{}", self.next_batch.take()), applications });
            }
        }
        self.batch.as_ref()
    }
}
