//! What a failed call may have done at the server.

use std::fmt;

use reqwest::StatusCode;

/// What is known of the effect of a call that failed: of the *whole* call, not of its last attempt.
///
/// | the last attempt | outcome |
/// |---|---|
/// | an invalid request, no credential, a failed sign-in | [`NotSent`](Self::NotSent) |
/// | a connection that could not be made; HTTP/2's proof that the request was not processed (RFC 9113, section 8.7) | `NotSent` |
/// | an upload that broke off because its own content did, without a success in response | `NotSent`: no server takes half a body for a whole one |
/// | 4xx except 408, whatever the body is | [`Refused`](Self::Refused) |
/// | a failure that the body reports, under a status that is neither 408 nor 5xx, of HTTP or in the body | `Refused` |
/// | the sign-in page, or a redirect to it | `Refused` |
/// | 200 or 201 that can't be read, of the documented media type and not another object, of an operation that never fails under 2xx | [`Done`](Self::Done) |
/// | the same of an operation that may fail under 2xx, with a complete JSON body that has no mark of a failure | `Done` |
/// | any other 2xx that can't be read: 202, of another media type, cut off, or with a status that is not a success of the operation | [`Unknown`](Self::Unknown) |
/// | 1xx, any other redirect, 408, 5xx | `Unknown` |
/// | a connection that broke, a time limit other than that of connecting that was reached once the attempt had begun | `Unknown` |
///
/// Once the outcome of an attempt is `Unknown`, no later one can make it `NotSent` or `Refused`: a `DELETE` may have been executed and
/// its response lost, so that the retry gets a 404. `Done` stays `Done`.
///
/// A call whose future is dropped before it is ready may have been executed, as after `Unknown`. A sign-in that it began goes
/// on.
///
/// What follows from it depends on the kind of operation. An [idempotent](crate::Operation::idempotent) one may be called
/// again after any of these. Any other one may be called again after `NotSent` and `Refused`; after `Unknown`, find out first
/// whether it was executed: the documentation of each such operation says how.
/// [`Error::is_retryable`](crate::Error::is_retryable) is that rule, together with whether the reason may pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The server can't have executed it, since it never had the whole request.
    NotSent,
    /// The server says that it did not execute it.
    Refused,
    /// The server executed it; only its response can't be read.
    Done,
    /// It may have been executed or not.
    Unknown,
}

impl Outcome {
    /// A word for logs and metrics, for example `not_sent`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotSent => "not_sent",
            Self::Refused => "refused",
            Self::Done => "done",
            Self::Unknown => "unknown",
        }
    }

    /// What a response with this status says if nothing else is known of it.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        if status.is_client_error() && status != StatusCode::REQUEST_TIMEOUT { Self::Refused } else { Self::Unknown }
    }

    /// The outcome of a failure that the body reports, under a status of HTTP or one in the body.
    pub(crate) fn of_reported_failure(status: i64) -> Self {
        if matches!(status, 408 | 500..=599) { Self::Unknown } else { Self::Refused }
    }

    /// The outcome of a call whose last attempt has the outcome `self`, after attempts that may have been executed.
    pub(crate) fn after(self, an_earlier_one_unknown: bool) -> Self {
        match self {
            Self::NotSent | Self::Refused if an_earlier_one_unknown => Self::Unknown,
            outcome => outcome,
        }
    }

    /// Whether the call was not executed.
    pub(crate) fn is_without_effect(self) -> bool {
        matches!(self, Self::NotSent | Self::Refused)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
