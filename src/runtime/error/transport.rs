//! A connection that failed, broke or timed out.

use std::{error::Error as StdError, fmt, iter::successors, time::Duration};

use super::{
    ErrorKind, Outcome, message,
    report::{Call, Received, Report},
};
use crate::runtime::{
    Operation,
    tls::failure::{TlsFailure, inner},
    unprocessed,
};

/// A connection that failed, broke or timed out.
pub struct TransportError {
    cause: TransportCause,
    /// What came of the response before.
    pub(crate) received: Option<Box<Received>>,
    not_sent: bool,
    pub(crate) report: Report,
}

/// Why a request got no response, or only a part of one.
#[derive(Debug)]
pub(crate) enum TransportCause {
    Http(reqwest::Error),
    Limit(TimeLimit),
    /// The limit of the call, while it waited for its turn.
    Turn(TimeLimit),
}

/// A time limit: how long it is, and the setting that it comes from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TimeLimit {
    pub(crate) length: Duration,
    pub(crate) setting: &'static str,
}

impl TimeLimit {
    pub(crate) const fn new(length: Duration, setting: &'static str) -> Self {
        Self { length, setting }
    }

    /// The limit of the time in which nothing moves.
    pub(crate) const fn idle(length: Duration) -> Self {
        Self::new(length, "Config::idle_timeout")
    }
}

/// Writes `gave up after 60 s (RetryPolicy::total)`.
impl fmt::Display for TimeLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length = format!("{:?}", self.length);
        let (number, unit) = length.split_at(length.find(char::is_alphabetic).unwrap_or(length.len()));
        write!(f, "gave up after {number} {unit} ({})", self.setting)
    }
}

impl TransportCause {
    pub(crate) fn is_timeout(&self) -> bool {
        match self {
            Self::Http(e) => e.is_timeout(),
            Self::Limit(_) | Self::Turn(_) => true,
        }
    }

    fn is_connect(&self) -> bool {
        matches!(self, Self::Http(e) if e.is_connect())
    }
}

impl TransportError {
    /// A request that got no response; `has_body` as [`unprocessed::has_body`] says.
    pub(crate) fn no_response(call: &Call, cause: TransportCause, has_body: bool) -> Self {
        let never_processed = match &cause {
            TransportCause::Http(e) => e.is_connect() || unprocessed::never_processed(e, has_body),
            TransportCause::Limit(_) | TransportCause::Turn(_) => false,
        };
        Self::with_outcome(call, cause, if never_processed { Outcome::NotSent } else { Outcome::Unknown })
    }

    /// A download that broke off.
    pub(crate) fn cut_off(call: &Call, cause: TransportCause) -> Self {
        Self::with_outcome(call, cause, Outcome::Unknown)
    }

    /// A limit that was reached before an attempt began.
    pub(crate) fn unsent(call: &Call, cause: TransportCause) -> Self {
        Self::with_outcome(call, cause, Outcome::NotSent)
    }

    /// A response that broke off.
    pub(crate) fn broken(call: &Call, cause: TransportCause, received: Received) -> Self {
        let outcome = received.outcome();
        Self { received: Some(Box::new(received)), ..Self::with_outcome(call, cause, outcome) }
    }

    fn with_outcome(call: &Call, cause: TransportCause, outcome: Outcome) -> Self {
        let cause = match cause {
            // The URL may carry a token in its query.
            TransportCause::Http(e) => TransportCause::Http(e.without_url()),
            limit => limit,
        };
        Self { cause, received: None, not_sent: outcome == Outcome::NotSent, report: call.report(outcome) }
    }

    /// The operation.
    #[must_use]
    pub fn operation(&self) -> &'static Operation {
        self.report.operation
    }

    /// What the HTTP client reported, with its own sources, where a program looks for an [`io::Error`](std::io::Error), say;
    /// `None` for a time limit.
    #[must_use]
    pub fn cause(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.cause {
            TransportCause::Http(e) => Some(e),
            TransportCause::Limit(_) | TransportCause::Turn(_) => None,
        }
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

    /// Why the connection could not be secured, which the next attempt doesn't change.
    fn tls(&self) -> Option<TlsFailure> {
        match &self.cause {
            TransportCause::Http(e) if e.is_connect() => TlsFailure::of(e),
            _ => None,
        }
    }

    /// Whether the reason may pass by itself.
    pub(crate) fn may_pass(&self) -> bool {
        self.tls().is_none()
    }

    pub(crate) fn kind(&self) -> ErrorKind {
        if self.is_timeout() { ErrorKind::Timeout } else { ErrorKind::Transport }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.report.head(f)?;
        let e = match &self.cause {
            TransportCause::Turn(limit) => {
                return write!(f, "{limit}, waiting for its turn (Config::max_in_flight, Config::rate_limit)");
            }
            TransportCause::Limit(limit) if self.report.attempts > 1 => {
                return write!(f, "{limit}, in attempt {}", self.report.attempts);
            }
            TransportCause::Limit(limit) => return limit.fmt(f),
            TransportCause::Http(e) => e,
        };
        f.write_str(match (e.is_connect(), e.is_timeout()) {
            (true, true) => "could not connect within Config::connect_timeout",
            (true, false) => "could not connect",
            (false, true) => "the HTTP client timed out",
            (false, false) => "the connection broke",
        })?;
        self.report.tries(f)?;
        let root = message::one_line(&root(e)).collect::<String>();
        match self.tls() {
            _ if e.is_timeout() => Ok(()),
            Some(failure) => write!(f, ": {} ({root})", failure.hint()),
            None => write!(f, ": {root}"),
        }
    }
}

/// What is at the end of the sources of an error: `Connection refused (os error 111)`, for example.
fn root(e: &reqwest::Error) -> String {
    successors(Some(e as &dyn StdError), |&e| inner(e)).last().map(ToString::to_string).unwrap_or_default()
}

impl fmt::Debug for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransportError")
            .field("operation", &self.report.operation.id)
            .field("cause", &self.cause)
            .finish_non_exhaustive()
    }
}

/// Without a source: its text says what is at the end of them, and [`cause`](TransportError::cause) has it.
impl StdError for TransportError {}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::TimeLimit;

    #[test]
    fn limits_name_their_setting() {
        let check = |length, expect: &str| assert_eq!(TimeLimit::new(length, "Config::timeout").to_string(), expect);
        check(Duration::from_secs(60), "gave up after 60 s (Config::timeout)");
        check(Duration::from_millis(1_500), "gave up after 1.5 s (Config::timeout)");
        check(Duration::from_millis(20), "gave up after 20 ms (Config::timeout)");
        check(Duration::ZERO, "gave up after 0 ns (Config::timeout)");
    }
}
