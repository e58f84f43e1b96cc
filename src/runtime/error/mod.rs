//! Why a call did not give its result: one error type for all interfaces, generic over the documented failures of an
//! operation, and one for all operations. Every error names its operation; none shows a secret, a body or a query string.

mod any;
mod download;
mod failure;
mod invalid;
mod kind;
mod made;
mod message;
mod outcome;
mod report;
mod response;
mod session;
mod transport;

use std::{error::Error as StdError, fmt, time::Duration};

use bytes::Bytes;
use reqwest::{StatusCode, header::HeaderMap};

use super::{Operation, retry};

pub(crate) use self::report::Call;
pub use self::{
    any::AnyError,
    download::DownloadError,
    failure::{ErrorCode, ErrorResponse, Failure},
    invalid::InvalidRequest,
    kind::ErrorKind,
    outcome::Outcome,
    response::{DecodeError, UnexpectedStatus},
    session::{SessionError, SessionFailure, SignInError},
    transport::TransportError,
};
pub(super) use self::{
    message::one_line,
    report::{Received, Report, is_attachment, without_bom},
    transport::{TimeLimit, TransportCause},
};

/// Why a call failed. `E` is the operation's own enum of documented failures, for example
/// `contractor::error::GetCallError`.
///
/// [`kind`](Self::kind) puts every failure of every operation into one short list, for callers that don't need the
/// details; [`outcome`](Self::outcome) says whether the call may have been executed. [`AnyError`] is the type for functions
/// that call several operations.
#[non_exhaustive]
pub enum Error<E> {
    /// The request can't be built from what the caller gave, or its content broke off.
    InvalidRequest(InvalidRequest),
    /// There is no usable credential: it was not configured, or signing in or renewing failed.
    Session(SessionError),
    /// The connection failed, broke or timed out.
    Transport(TransportError),
    /// The server responded with a failure that the spec documents: by its status, whatever the body is; or by its body.
    ErrorResponse(Box<ErrorResponse<E>>),
    /// The server responded with a status that the spec doesn't document for this operation.
    UnexpectedStatus(UnexpectedStatus),
    /// The server responded with a success whose body can't be read.
    Undecodable(DecodeError),
}

impl<E> Error<E> {
    /// The operation that failed.
    pub fn operation(&self) -> &'static Operation {
        self.report().operation
    }

    /// Host and port of the server, for example `desk.example:443`.
    pub fn server(&self) -> &str {
        self.report().server()
    }

    /// Whether the call may have been executed. See [`Outcome`] for how that is known.
    pub fn outcome(&self) -> Outcome {
        self.report().outcome
    }

    /// How many requests were made for the call, not counting those that signed in: 0 when there was no credential.
    pub fn attempts(&self) -> u32 {
        self.report().attempts
    }

    /// How long the call took, with everything that belongs to it: signing in, waits, all attempts.
    pub fn elapsed(&self) -> Duration {
        self.report().elapsed
    }

    /// The HTTP status of the last response; `None` when there was none. It is that of a response to this call's own requests,
    /// as are [`headers`](Self::headers), [`body`](Self::body), [`code`](Self::code) and [`message`](Self::message): the
    /// response to a sign-in that failed is in [`SessionError::sign_in`], by way of [`session`](Self::session).
    pub fn status(&self) -> Option<StatusCode> {
        self.received().map(|received| received.status)
    }

    /// The headers of the last response; `None` when there was none. They may hold secrets.
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.received().map(|received| &received.headers)
    }

    /// The body of the last response as it came, or what was read of it; `None` when there was no response. It may hold
    /// secrets, and no error prints it. Of a failure, no more than 1 MiB is read.
    pub fn body(&self) -> Option<&Bytes> {
        self.received().map(|received| &received.body)
    }

    /// How long the server asks to wait before the call is made again (`Retry-After`, in seconds or as a date: RFC 9110,
    /// section 10.2.3); `None` when it doesn't. Where a [`RetryPolicy`](crate::RetryPolicy) had the time, it has waited already.
    pub fn retry_after(&self) -> Option<Duration> {
        self.headers().and_then(retry::asked_to_wait)
    }

    /// What sort of failure it is.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::InvalidRequest(_) => ErrorKind::InvalidRequest,
            Self::Session(e) => e.kind(),
            Self::Transport(e) => e.kind(),
            Self::ErrorResponse(response) if response.status().is_success() => ErrorKind::Refused,
            Self::ErrorResponse(response) => response.received.kind(),
            Self::UnexpectedStatus(e) => e.received.kind(),
            Self::Undecodable(e) => e.kind(),
        }
    }

    /// Whether the same call may succeed later, and can be made again without its effect happening twice: it failed for a
    /// reason that may pass (a connection that failed or broke, but not for want of TLS or of a certificate that is trusted; a
    /// timeout, 408, 429, 502, 503, 504; for a sign-in, also any other 5xx and a provider that failed), and the operation is
    /// [`idempotent`](Operation::idempotent), or was not executed by its [`outcome`](Self::outcome).
    ///
    /// A [`RetryPolicy`](crate::RetryPolicy) has retried such a call already where that is safe; this is for retries at a
    /// larger scale, such as those of a job queue.
    pub fn is_retryable(&self) -> bool {
        let may_pass = match self {
            Self::InvalidRequest(_) => false,
            Self::Session(e) => e.may_pass(),
            Self::Transport(e) => {
                e.may_pass() && self.status().is_none_or(|status| status.is_success() || retry::is_passing(status))
            }
            _ => self.status().is_some_and(retry::is_passing),
        };
        may_pass && (self.operation().idempotent || self.outcome().is_without_effect())
    }

    /// The documented failure, if the server responded with one.
    pub fn failure(&self) -> Option<&E> {
        match self {
            Self::ErrorResponse(response) => Some(response),
            _ => None,
        }
    }

    /// Why there is no credential, if that is why the call failed.
    pub fn session(&self) -> Option<&SessionError> {
        match self {
            Self::Session(e) => Some(e),
            _ => None,
        }
    }

    /// The error code of a documented failure.
    pub fn code(&self) -> Option<ErrorCode>
    where
        E: Failure,
    {
        self.failure().and_then(Failure::code)
    }

    /// What the server says went wrong, for people: the property that the spec marks as that, or else the strings of a problem
    /// (RFC 9457, and the `errors` of ASP.NET Core) in place of the documented body. On one line, and otherwise as the
    /// server wrote it: it may quote what was sent.
    pub fn message(&self) -> Option<String>
    where
        E: Failure,
    {
        match self.failure().and_then(Failure::message) {
            Some(message) => Some(message::one_line(message).collect()),
            None => message::of_problem(self.body()?),
        }
    }

    fn report(&self) -> &Report {
        match self {
            Self::InvalidRequest(e) => &e.report,
            Self::Session(e) => &e.report,
            Self::Transport(e) => &e.report,
            Self::ErrorResponse(response) => &response.report,
            Self::UnexpectedStatus(e) => &e.report,
            Self::Undecodable(e) => &e.report,
        }
    }

    fn received(&self) -> Option<&Received> {
        match self {
            Self::InvalidRequest(e) => e.received.as_deref(),
            Self::Session(_) => None,
            Self::Transport(e) => e.received.as_deref(),
            Self::ErrorResponse(response) => Some(&response.received),
            Self::UnexpectedStatus(e) => Some(&e.received),
            Self::Undecodable(e) => Some(&e.received),
        }
    }
}

impl<E: Failure> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidRequest(e) => e.fmt(f),
            Self::Session(e) => e.fmt(f),
            Self::Transport(e) => e.fmt(f),
            Self::ErrorResponse(response) => {
                response.report.head(f)?;
                write!(f, "the server responded with {}", response.status())?;
                response.report.tries(f)?;
                match Failure::code(&***response) {
                    Some(ErrorCode { number, name: Some(name) }) => write!(f, ", code {number}: {name}")?,
                    // 0 is how many servers write that there is none.
                    Some(ErrorCode { number: 0, name: None }) | None => {}
                    Some(ErrorCode { number, name: None }) => write!(f, ", undocumented code {number}")?,
                }
                if response.is_foreign {
                    let Received { body, .. } = &response.received;
                    let content_type = response::shown(response.received.content_type());
                    write!(f, ", with a body that can't be read as documented ({content_type}, {} bytes)", body.len())?;
                }
                if let Some(message) = response.message() {
                    write!(f, ", saying: {}", message::excerpt(message))?;
                }
                // A code says why.
                if Failure::code(&***response).is_none() { response.report.advice(f) } else { Ok(()) }
            }
            Self::UnexpectedStatus(e) => e.fmt(f),
            Self::Undecodable(e) => e.fmt(f),
        }
    }
}

impl<E: Failure> fmt::Debug for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidRequest(e) => f.debug_tuple("InvalidRequest").field(e).finish(),
            Self::Session(e) => f.debug_tuple("Session").field(e).finish(),
            Self::Transport(e) => f.debug_tuple("Transport").field(e).finish(),
            Self::ErrorResponse(response) => f.debug_tuple("ErrorResponse").field(response).finish(),
            Self::UnexpectedStatus(e) => f.debug_tuple("UnexpectedStatus").field(e).finish(),
            Self::Undecodable(e) => f.debug_tuple("Undecodable").field(e).finish(),
        }
    }
}

impl<E: Failure> StdError for Error<E> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Session(e) => e.source(),
            _ => None,
        }
    }
}
