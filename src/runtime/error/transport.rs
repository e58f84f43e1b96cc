//! A connection that failed, broke or timed out.

use std::{error::Error as StdError, fmt, time::Duration};

use super::{
    ErrorKind, Outcome,
    report::{Call, Received, Report},
};
use crate::runtime::{Operation, unprocessed};

/// A connection that failed, broke or timed out.
pub struct TransportError {
    cause: Cause,
    /// What came of the response before.
    pub(crate) received: Option<Box<Received>>,
    not_sent: bool,
    pub(crate) report: Report,
}

/// What broke.
#[derive(Debug)]
pub(crate) enum Cause {
    Http(reqwest::Error),
    /// A limit of the configuration, by its name there, and how long it is.
    Limit(&'static str, Duration),
    /// The limit of the call, while it waited for its turn.
    Turn(Duration),
}

impl Cause {
    pub(crate) fn is_timeout(&self) -> bool {
        match self {
            Self::Http(e) => e.is_timeout(),
            Self::Limit(..) | Self::Turn(_) => true,
        }
    }

    fn is_connect(&self) -> bool {
        matches!(self, Self::Http(e) if e.is_connect())
    }
}

impl TransportError {
    /// A request that got no response; `has_body` as [`unprocessed::has_body`] says.
    pub(crate) fn unanswered(call: &Call, cause: Cause, has_body: bool) -> Self {
        let never_processed = match &cause {
            Cause::Http(e) => e.is_connect() || unprocessed::never_processed(e, has_body),
            Cause::Limit(..) | Cause::Turn(_) => false,
        };
        Self::with_outcome(call, cause, if never_processed { Outcome::NotSent } else { Outcome::Unknown })
    }

    /// A download that broke off.
    pub(crate) fn cut_off(call: &Call, cause: Cause) -> Self {
        Self::with_outcome(call, cause, Outcome::Unknown)
    }

    /// A limit that was reached before an attempt began.
    pub(crate) fn unsent(call: &Call, cause: Cause) -> Self {
        Self::with_outcome(call, cause, Outcome::NotSent)
    }

    /// A response that broke off.
    pub(crate) fn broken(call: &Call, cause: Cause, received: Received) -> Self {
        let outcome = received.outcome();
        Self { received: Some(Box::new(received)), ..Self::with_outcome(call, cause, outcome) }
    }

    fn with_outcome(call: &Call, cause: Cause, outcome: Outcome) -> Self {
        let cause = match cause {
            // The URL may carry a token in its query.
            Cause::Http(e) => Cause::Http(e.without_url()),
            limit => limit,
        };
        Self { cause, received: None, not_sent: outcome == Outcome::NotSent, report: call.report(outcome) }
    }

    /// The operation.
    #[must_use]
    pub fn operation(&self) -> &'static Operation {
        self.report.operation
    }

    /// Whether a time limit was reached.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.cause.is_timeout()
    }

    /// Whether no connection was made, so that the server can't have seen the request.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        self.cause.is_connect()
    }

    /// Whether this attempt provably was not processed, whatever became of those before it.
    pub(crate) fn was_not_sent(&self) -> bool {
        self.not_sent
    }

    pub(crate) fn kind(&self) -> ErrorKind {
        if self.is_timeout() { ErrorKind::Timeout } else { ErrorKind::Transport }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.report.operation)?;
        match &self.cause {
            Cause::Limit(name, limit) => write!(f, "the {name} of {limit:?} was reached"),
            Cause::Turn(limit) => write!(f, "it got no turn within {limit:?} (max_in_flight, rate_limit)"),
            Cause::Http(e) if e.is_connect() => write!(f, "no connection"),
            Cause::Http(e) if e.is_timeout() => write!(f, "a time limit was reached"),
            Cause::Http(_) => write!(f, "the connection broke"),
        }
    }
}

impl fmt::Debug for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransportError")
            .field("operation", &self.report.operation.id)
            .field("cause", &self.cause)
            .finish_non_exhaustive()
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.cause {
            Cause::Http(e) => Some(e),
            Cause::Limit(..) | Cause::Turn(_) => None,
        }
    }
}
