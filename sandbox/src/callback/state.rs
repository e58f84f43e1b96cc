//! Everything that the sandbox knows, open to a test.

use std::collections::BTreeMap;

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
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// The clock, which stands still until it is moved.
    pub clock: Clock,
    /// The passwords of the technical users, by login.
    pub users: BTreeMap<String, String>,
    /// The applications by id. Those that aren't delivered yet are handed out in the order of their ids.
    pub applications: BTreeMap<String, Application>,
    /// The batch that is handed out and not yet confirmed.
    pub batch: Option<Batch>,
    /// How many applications a batch has at most when no `limit` is asked for.
    pub batch_size: usize,
    /// The tokens that are accepted, as far as they haven't expired. Clearing them withdraws them all.
    pub tokens: Vec<Token>,
    /// How long a token issued from now on is valid, in milliseconds; `None` for ever. A token is refused once the clock
    /// is *past* its end, so that one with a lifetime of 0 is accepted as long as the clock stands.
    pub token_lifetime_ms: Option<i64>,
    /// Answers failures under HTTP status 200; only the body says what they are.
    pub http_200_for_failures: bool,
    /// The `statusCode` in the body of failures, where it is to differ from the HTTP status: the document has 400 in a 401.
    pub status_code_in_body: Option<i64>,
    /// How a control error is called. The document has a blank behind it in one place.
    pub control_error: String,
    /// Where the operations are whose paths are reconstructed.
    pub paths: Paths,
    /// The number that the next token gets.
    pub next_token: Sequence,
    /// The number that the next batch gets.
    pub next_batch: Sequence,
}

/// The paths that the document has lost parts of. A test may move the operations elsewhere, each to a path of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of the operations")]
pub struct Paths {
    pub authenticate: String,
    pub fetch_applications: String,
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
    /// The paths of the spec.
    fn default() -> Self {
        Self {
            authenticate: operations::AUTHENTICATE.to_owned(),
            fetch_applications: operations::FETCH_APPLICATIONS.to_owned(),
            report_status: operations::REPORT_STATUS.to_owned(),
        }
    }
}

impl State {
    /// The batch in hand; a new one of at most `limit` applications, if there is none and anything is left to deliver.
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
