//! One short list for the failures of all operations.

use std::fmt;

use reqwest::StatusCode;

/// What sort of failure it is, over all operations and interfaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// No credential, or one that is not accepted (401, or the sign-in page in place of a response).
    Authentication,
    /// The credential is good, but not for this (403).
    Permission,
    /// What the call is about does not exist (404, 410).
    NotFound,
    /// The state of what the call is about does not allow it (409, 412).
    Conflict,
    /// The request is not acceptable: built wrongly (nothing was sent), or refused with 400, 413, 415, 422 or another 4xx.
    InvalidRequest,
    /// Refused by what the body says, under a status that says success.
    Refused,
    /// Too many requests (429).
    RateLimited,
    /// The server failed (5xx).
    Server,
    /// The connection failed or broke.
    Transport,
    /// A time limit was reached.
    Timeout,
    /// The response can't be understood.
    Undecodable,
}

impl ErrorKind {
    /// A word for logs and metrics, for example `rate_limited`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Authentication => "authentication",
            Self::Permission => "permission",
            Self::NotFound => "not_found",
            Self::Conflict => "conflict",
            Self::InvalidRequest => "invalid_request",
            Self::Refused => "refused",
            Self::RateLimited => "rate_limited",
            Self::Server => "server",
            Self::Transport => "transport",
            Self::Timeout => "timeout",
            Self::Undecodable => "undecodable",
        }
    }

    /// The kind of a failed response with this status.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        match status.as_u16() {
            401 => Self::Authentication,
            403 => Self::Permission,
            404 | 410 => Self::NotFound,
            408 => Self::Timeout,
            409 | 412 => Self::Conflict,
            429 => Self::RateLimited,
            400..=499 => Self::InvalidRequest,
            500..=599 => Self::Server,
            _ => Self::Undecodable,
        }
    }

    /// Whether the reason may pass by itself.
    pub(crate) fn may_pass(self) -> bool {
        matches!(self, Self::RateLimited | Self::Server | Self::Timeout | Self::Transport)
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
