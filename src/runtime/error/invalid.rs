//! A request that was not sent.

use std::{error::Error as StdError, fmt};

use super::report::{Received, Report};
use crate::runtime::Operation;

/// A request that could not be built, or whose content broke off while it was sent, so that the server can't have taken it
/// for a complete one. A server that responded with a success all the same may have kept what it got: the outcome is
/// [`Unknown`](crate::Outcome::Unknown) then, and its response is in the error.
#[derive(Clone)]
#[non_exhaustive]
pub struct InvalidRequest {
    /// What is missing or wrong, naming the parameter, property or part.
    pub reason: String,
    /// The response of a server that did not wait for the rest of the request.
    pub(crate) received: Option<Box<Received>>,
    pub(crate) report: Report,
}

impl InvalidRequest {
    pub(crate) fn with(self, received: Received) -> Self {
        Self { received: Some(Box::new(received)), ..self }
    }

    /// The operation.
    #[must_use]
    pub fn operation(&self) -> &'static Operation {
        self.report.operation
    }
}

impl fmt::Display for InvalidRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.report.attempts == 0 { "nothing was sent" } else { "the request broke off" };
        self.report.head(f)?;
        write!(f, "{what}")?;
        self.report.tries(f)?;
        write!(f, ": {}", self.reason)
    }
}

impl fmt::Debug for InvalidRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InvalidRequest")
            .field("operation", &self.report.operation.id)
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}

impl StdError for InvalidRequest {}
