//! Why a call did not give its result: one error type for all interfaces, generic over the documented failures of an
//! operation. Every error names its operation; none shows a secret, a body or a query string.

use std::{error::Error as StdError, fmt, sync::Arc, time::Duration};

use progenitor_client::ResponseValue;
use reqwest::StatusCode;

use super::{
    Operation, SecurityScheme,
    decode::{Unreadable, redacted},
    retry, unprocessed,
};

/// Why a call failed. `E` is the operation's own enum of documented failures, for example
/// [`contractor::error::GetCallError`](crate::contractor::error::GetCallError).
///
/// [`kind`](Self::kind) puts every failure of every operation into one short list, for callers that don't need the
/// details.
#[non_exhaustive]
pub enum Error<E> {
    /// The request can't be built from what the caller gave. Nothing was sent.
    InvalidRequest(InvalidRequest),
    /// There is no usable credential: it was not configured, or signing in or renewing failed.
    Session(SessionError),
    /// The connection failed, broke or timed out.
    Transport(TransportError),
    /// The server answered with a failure that the spec documents.
    ErrorResponse(Box<ResponseValue<E>>),
    /// The server answered with a status that the spec doesn't document for this operation.
    UnexpectedStatus(UnexpectedStatus),
    /// The server answered with a documented status and a body that can't be read.
    Undecodable(DecodeError),
}

/// What sort of failure it is, over all operations and interfaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// No credential, or one that is not accepted (401).
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
    /// The answer can't be understood.
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
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A documented failure of one operation. Implemented by the generated error enums.
pub trait Failure: fmt::Debug {
    /// The operation whose failures these are.
    const OPERATION: &'static Operation;

    /// The HTTP status that is documented for this failure; `None` for one that the body alone tells.
    fn status(&self) -> Option<u16>;

    /// The documented error code, where the failure carries one: its number and, if documented, its meaning.
    fn code(&self) -> Option<(i64, Option<&'static str>)>;

    /// What the server says went wrong, where the spec marks a property as that.
    fn message(&self) -> Option<&str> {
        None
    }
}

impl<E> Error<E> {
    /// The operation that failed.
    pub fn operation(&self) -> &'static Operation
    where
        E: Failure,
    {
        match self {
            Self::InvalidRequest(e) => e.operation,
            Self::Session(e) => e.operation,
            Self::Transport(e) => e.operation,
            Self::ErrorResponse(_) => E::OPERATION,
            Self::UnexpectedStatus(e) => e.operation,
            Self::Undecodable(e) => e.operation(),
        }
    }

    /// The HTTP status of the answer; `None` when there was none.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::InvalidRequest(_) | Self::Session(_) | Self::Transport(_) => None,
            Self::ErrorResponse(response) => Some(response.status()),
            Self::UnexpectedStatus(e) => Some(e.status),
            Self::Undecodable(e) => Some(e.status()),
        }
    }

    /// What sort of failure it is.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::InvalidRequest(_) => ErrorKind::InvalidRequest,
            Self::Session(e) => e.kind(),
            Self::Transport(e) => e.kind(),
            Self::ErrorResponse(response) if response.status().is_success() => ErrorKind::Refused,
            Self::ErrorResponse(response) => ErrorKind::of_status(response.status()),
            Self::UnexpectedStatus(e) => ErrorKind::of_status(e.status),
            // A page of a gateway in place of a documented failure: the status says more than that it can't be read.
            Self::Undecodable(e) if !e.status().is_success() => ErrorKind::of_status(e.status()),
            Self::Undecodable(_) => ErrorKind::Undecodable,
        }
    }

    /// Whether the same call may succeed later, and can be made again without its effect happening twice: the operation is
    /// [`idempotent`](Operation::idempotent) and failed for a passing reason (a broken connection, a time limit, 408, 429,
    /// 502, 503, 504), or the server provably did not process it.
    ///
    /// A [`RetryPolicy`](crate::RetryPolicy) has repeated such a call already; this is for repetitions at a larger scale,
    /// such as a queue of work.
    pub fn is_retryable(&self) -> bool
    where
        E: Failure,
    {
        match self {
            Self::InvalidRequest(_) => false,
            // The operation itself was not sent, or refused with the credential.
            Self::Session(e) => {
                use ErrorKind::{RateLimited, Server, Timeout, Transport};
                matches!(e.kind(), RateLimited | Server | Timeout | Transport)
            }
            Self::Transport(e) => e.never_processed() || e.operation.idempotent,
            _ => self.operation().idempotent && self.status().is_some_and(retry::is_passing),
        }
    }

    /// The documented failure, if the server answered with one.
    pub fn failure(&self) -> Option<&E> {
        match self {
            Self::ErrorResponse(response) => Some(response),
            _ => None,
        }
    }

    /// The error code of a documented failure: its number and, if documented, its meaning.
    pub fn code(&self) -> Option<(i64, Option<&'static str>)>
    where
        E: Failure,
    {
        self.failure().and_then(Failure::code)
    }
}

impl ErrorKind {
    /// The kind of an answer with this status.
    fn of_status(status: StatusCode) -> Self {
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
}

impl<E: Failure> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidRequest(e) => e.fmt(f),
            Self::Session(e) => e.fmt(f),
            Self::Transport(e) => e.fmt(f),
            Self::ErrorResponse(response) => {
                write!(f, "{}: the server answered {}", E::OPERATION, response.status())?;
                match response.code() {
                    Some((number, Some(meaning))) => write!(f, ", code {number}: {meaning}")?,
                    Some((number, None)) => write!(f, ", undocumented code {number}")?,
                    None => {}
                }
                match response.message() {
                    Some(message) => write!(f, ", saying: {}", excerpt(message)),
                    None => Ok(()),
                }
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
            Self::Transport(e) => e.source(),
            _ => None,
        }
    }
}

/// A message of a server on one line and of bearable length.
fn excerpt(message: &str) -> String {
    const MOST: usize = 200;
    let line: String = message.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MOST).collect();
    if message.chars().nth(MOST).is_some() { format!("{line}…") } else { line }
}

/// A request that could not be built. Nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{operation}: nothing was sent: {reason}")]
#[non_exhaustive]
pub struct InvalidRequest {
    /// The operation.
    pub operation: &'static Operation,
    /// What is missing or wrong, naming the parameter or property.
    pub reason: String,
}

/// A connection that failed, broke or timed out.
#[derive(Debug)]
#[non_exhaustive]
pub struct TransportError {
    /// The operation.
    pub operation: &'static Operation,
    cause: Cause,
    /// Whether the server provably did not process the request, although it may have seen it.
    never_processed: bool,
}

/// What broke.
#[derive(Debug)]
pub(crate) enum Cause {
    Http(reqwest::Error),
    /// A limit of the configuration, by its name there, and how long it is.
    Limit(&'static str, Duration),
}

impl Cause {
    pub(super) fn is_timeout(&self) -> bool {
        match self {
            Self::Http(e) => e.is_timeout(),
            Self::Limit(..) => true,
        }
    }
}

impl TransportError {
    pub(crate) fn new(operation: &'static Operation, cause: Cause) -> Self {
        let cause = match cause {
            // The URL may carry a token in its query.
            Cause::Http(e) => Cause::Http(e.without_url()),
            limit @ Cause::Limit(..) => limit,
        };
        Self { operation, cause, never_processed: false }
    }

    /// Of a request that got no response; `has_body` as [`unprocessed::has_body`] says.
    pub(super) fn unanswered(operation: &'static Operation, cause: Cause, has_body: bool) -> Self {
        let never_processed = matches!(&cause, Cause::Http(e) if unprocessed::never_processed(e, has_body));
        Self { never_processed, ..Self::new(operation, cause) }
    }

    /// Whether a time limit was reached.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.cause.is_timeout()
    }

    /// Whether no connection was made, so that the server can't have seen the request.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        matches!(&self.cause, Cause::Http(e) if e.is_connect())
    }

    /// Whether the server provably did not process the request.
    pub(super) fn never_processed(&self) -> bool {
        self.is_connect() || self.never_processed
    }

    pub(crate) fn kind(&self) -> ErrorKind {
        if self.is_timeout() { ErrorKind::Timeout } else { ErrorKind::Transport }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.operation)?;
        match &self.cause {
            Cause::Limit(name, limit) => write!(f, "the {name} of {limit:?} was reached"),
            Cause::Http(e) if e.is_connect() => write!(f, "no connection"),
            Cause::Http(e) if e.is_timeout() => write!(f, "a time limit was reached"),
            Cause::Http(_) => write!(f, "the connection broke"),
        }
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.cause {
            Cause::Http(e) => Some(e),
            Cause::Limit(..) => None,
        }
    }
}

/// An answer with a status that the spec doesn't document for the operation, a redirect included.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnexpectedStatus {
    /// The operation.
    pub operation: &'static Operation,
    /// The status.
    pub status: StatusCode,
    /// The `Content-Type` of the answer, as sent. `Debug` and `Display` show it if it is a usual one.
    pub content_type: Option<String>,
    /// The first bytes of the body, up to 16 KiB. May hold anything; neither `Debug` nor `Display` shows it.
    pub body: bytes::Bytes,
}

impl fmt::Display for UnexpectedStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: the server answered {}, which the spec doesn't document for this operation ({}, {} bytes",
            self.operation,
            self.status,
            shown(self.content_type.as_deref()),
            self.body.len(),
        )?;
        match redacted(&self.body, 0).as_str() {
            "" => write!(f, ")"),
            shape => write!(f, ", shaped like `{shape}`)"),
        }
    }
}

impl fmt::Debug for UnexpectedStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl StdError for UnexpectedStatus {}

/// What an error shows of a `Content-Type`: a media type and a character set that are well known, and of any other only the
/// shape, since a server may put anything there.
fn shown(content_type: Option<&str>) -> String {
    const MEDIA_TYPES: &[&str] = &[
        "application/json",
        "application/octet-stream",
        "application/pdf",
        "application/problem+json",
        "application/xml",
        "image/jpeg",
        "image/png",
        "text/html",
        "text/json",
        "text/plain",
        "text/xml",
    ];
    const CHARSETS: &[&str] = &["iso-8859-1", "koi8-r", "us-ascii", "utf-16", "utf-8", "windows-1251"];
    let known = |known: &[&'static str], text: &str| {
        let text = text.trim().trim_matches('"');
        known.iter().copied().find(|known| known.eq_ignore_ascii_case(text))
    };
    let Some(content_type) = content_type else { return "no content type".to_owned() };
    let mut parts = content_type.split(';');
    let Some(media_type) = parts.next().and_then(|text| known(MEDIA_TYPES, text)) else {
        return format!("a content type shaped like `{}`", redacted(content_type.as_bytes(), 0));
    };
    let mut parameters = parts.filter_map(|parameter| parameter.split_once('='));
    let charset = parameters.find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"));
    match charset.and_then(|(_, value)| known(CHARSETS, value)) {
        Some(charset) => format!("{media_type}; charset={charset}"),
        None => media_type.to_owned(),
    }
}

/// A body that can't be read as what the spec promises.
pub struct DecodeError(Box<Undecodable>);

struct Undecodable {
    operation: &'static Operation,
    status: StatusCode,
    content_type: Option<String>,
    unreadable: Unreadable,
}

impl DecodeError {
    pub(super) fn new(
        operation: &'static Operation,
        status: StatusCode,
        content_type: Option<String>,
        unreadable: Unreadable,
    ) -> Self {
        Self(Box::new(Undecodable { operation, status, content_type, unreadable }))
    }

    /// The operation.
    #[must_use]
    pub fn operation(&self) -> &'static Operation {
        self.0.operation
    }

    /// The status of the answer.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The `Content-Type` of the answer, as sent. `Debug` and `Display` show it if it is a usual one.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.0.content_type.as_deref()
    }

    /// Where in the body: a path such as `tasks[1].status`, or `.` for the body as a whole.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0.unreadable.path
    }

    /// Where in the body, in bytes from its beginning, as far as that is known.
    #[must_use]
    pub fn offset(&self) -> Option<usize> {
        self.0.unreadable.place.as_ref().map(|(offset, _)| *offset)
    }

    /// What stands around [`offset`](Self::offset), with `x` for every letter and `0` for every digit, since any of it may
    /// be secret.
    #[must_use]
    pub fn excerpt(&self) -> Option<&str> {
        self.0.unreadable.place.as_ref().map(|(_, excerpt)| excerpt.as_str())
    }

    /// What is wrong there. Values are left out, since they may be secret.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.0.unreadable.reason
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Undecodable { operation, status, content_type, unreadable } = &*self.0;
        let content_type = shown(content_type.as_deref());
        let Unreadable { path, place, reason } = unreadable;
        write!(f, "{operation}: can't read the body of the {status} answer ({content_type}) at {path}: {reason}")?;
        match place {
            Some((offset, excerpt)) => write!(f, " (byte {offset}, in text shaped like `{excerpt}`)"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl StdError for DecodeError {}

/// There is no usable credential for an operation.
///
/// Cheap to clone: calls that waited for the same sign-in all get the same reason.
#[derive(Debug, Clone)]
pub struct SessionError {
    pub(crate) operation: &'static Operation,
    pub(crate) reason: SessionFailure,
}

/// Why there is no usable credential.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum SessionFailure {
    /// No credential was configured for the scheme that the operation asks for. Nothing was sent.
    Missing(&'static SecurityScheme),
    /// The credential can't be sent in a header, since it has control characters in it. Nothing was sent.
    Unsendable(&'static SecurityScheme),
    /// Signing in or renewing failed; the source says why.
    Failed(ErrorKind, Arc<dyn StdError + Send + Sync>),
}

impl SessionError {
    /// The operation that needed the credential.
    #[must_use]
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Why there is none.
    #[must_use]
    pub fn reason(&self) -> &SessionFailure {
        &self.reason
    }

    pub(crate) fn kind(&self) -> ErrorKind {
        match &self.reason {
            SessionFailure::Missing(_) | SessionFailure::Unsendable(_) => ErrorKind::Authentication,
            SessionFailure::Failed(kind, _) => *kind,
        }
    }
}

impl fmt::Display for SessionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.operation)?;
        match &self.reason {
            SessionFailure::Missing(scheme) => {
                write!(f, "nothing was sent: it needs {}, and the client was connected without it", scheme.name)
            }
            SessionFailure::Unsendable(scheme) => {
                write!(f, "nothing was sent: the credential for {} is not a legal header value", scheme.name)
            }
            SessionFailure::Failed(_, source) => write!(f, "no session: {source}"),
        }
    }
}

impl StdError for SessionError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.reason {
            SessionFailure::Failed(_, source) => Some(&**source),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn usual_content_types_are_shown_and_others_are_shapes() {
        let check = |content_type, expect: &str| assert_eq!(shown(content_type), expect);
        check(None, "no content type");
        check(Some("application/json; charset=utf-8"), "application/json; charset=utf-8");
        check(Some("Text/HTML;Charset=\"UTF-8\""), "text/html; charset=utf-8");
        check(Some("application/json;odata.metadata=none"), "application/json");
        check(Some("text/plain; charset=hunter2"), "text/plain");
        check(Some("text/hunter2; charset=utf-8"), "a content type shaped like `xxxx/xxxxxx0; xxxxxxx=xxx-0`");
        check(Some(""), "a content type shaped like ``");
    }
}
