//! Which cases `listCases` returns: a search whose parameters no source lists.

use serde_json::{Map, Value};

use super::types::CasesRequest;

/// Parameters for `listCases`, of which at least one has to be given.
///
/// The documents say that there are parameters, and have lost their names. What has a method here is named like a property of
/// [`Case`](super::types::Case), which is a guess: a server may ignore it, and then returns more cases than were asked for, or
/// refuse it. Compare what comes back, or ask the operator and use [`with`](Self::with).
///
/// ```no_run
/// use casewire::crpt::{CaseFilter, Client, case_status};
///
/// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
/// let waiting = client.list_cases().body(CaseFilter::new().status(case_status::NEEDS_ATTENTION)).send().await?;
/// for case in waiting.iter().filter(|case| case.status.as_deref() == Some(case_status::NEEDS_ATTENTION)) {
///     println!("{:?} {:?}", case.number, case.subject);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CaseFilter(Map<String, Value>);

impl CaseFilter {
    /// No parameter yet, which is refused before anything is sent.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// By number: `number`, a guess.
    #[must_use]
    pub fn number(self, number: impl Into<String>) -> Self {
        self.with("number", number.into())
    }

    /// By status: `status`, a guess. [`case_status`](super::case_status) has those that are known.
    #[must_use]
    pub fn status(self, status: impl Into<String>) -> Self {
        self.with("status", status.into())
    }

    /// By what they are about: `subject`, a guess. Whether a part of it is enough isn't known either.
    #[must_use]
    pub fn subject(self, subject: impl Into<String>) -> Self {
        self.with("subject", subject.into())
    }

    /// By priority, from 1 to 4: `priority`, a guess.
    #[must_use]
    pub fn priority(self, priority: i32) -> Self {
        self.with("priority", priority)
    }

    /// By a parameter that the operator has named. In place of one of the same name that was given before.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.0.insert(name.into(), value.into());
        self
    }
}

impl From<CaseFilter> for CasesRequest {
    fn from(filter: CaseFilter) -> Self {
        filter.0.into()
    }
}
