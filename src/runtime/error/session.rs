//! No usable credential: none was configured, its provider failed, or signing in did.

use std::{
    error::Error as StdError,
    fmt::{self, Write as _},
    sync::Arc,
    time::Duration,
};

use reqwest::StatusCode;

use super::{AnyError, Error, ErrorKind, Failure, Outcome, message, report::Report};
use crate::runtime::{Operation, SecurityScheme};

/// There is no usable credential for an operation.
///
/// Cheap to clone: calls that waited for the same sign-in all get the same reason.
#[derive(Clone)]
pub struct SessionError {
    pub(crate) report: Report,
    pub(crate) reason: SessionFailure,
    pub(crate) instead: Option<&'static Operation>,
}

/// Why there is no usable credential.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum SessionFailure {
    /// No credential was configured for the scheme that the operation asks for. Nothing was sent.
    Missing(&'static SecurityScheme),
    /// The credential can't be sent in a header, since it has characters in it that a header can't have.
    /// Nothing was sent.
    Unsendable(&'static SecurityScheme),
    /// Signing in or renewing failed, or was refused a short while ago.
    Failed(SignInError),
}

/// Why signing in or renewing failed. Cheap to clone.
#[derive(Clone)]
pub struct SignInError {
    cause: Arc<SignInCause>,
    remembered: Option<Remembered>,
}

enum SignInCause {
    /// A request failed.
    Call { kind: ErrorKind, documented: bool, may_pass: bool, error: AnyError },
    /// Something else did.
    Other { kind: ErrorKind, may_pass: bool, error: Box<dyn StdError + Send + Sync> },
}

/// A refusal that is not asked for again yet.
#[derive(Clone, Copy)]
struct Remembered {
    ago: Duration,
    next: Duration,
}

impl SignInError {
    /// A request for a credential that failed. A documented failure means that the user is not let in, whatever its status
    /// is, unless it may pass.
    #[doc(hidden)]
    pub fn of<E: Failure>(error: Error<E>) -> Self {
        let kind = match error.kind() {
            kind if error.failure().is_some() && !kind.may_pass() => ErrorKind::Authentication,
            kind => kind,
        };
        Self::of_kind(kind, error)
    }

    /// A request for a credential that failed in this way.
    #[doc(hidden)]
    pub fn of_kind<E: Failure>(kind: ErrorKind, error: Error<E>) -> Self {
        let documented = error.failure().is_some();
        let may_pass = match &error {
            Error::Transport(e) => e.may_pass(),
            _ => kind.may_pass(),
        };
        let cause = SignInCause::Call { kind, documented, may_pass, error: error.into() };
        Self { cause: Arc::new(cause), remembered: None }
    }

    /// A credential that could not be had for another reason, which may pass by itself.
    pub(crate) fn passing(kind: ErrorKind, error: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { cause: Arc::new(SignInCause::Other { kind, may_pass: true, error: error.into() }), remembered: None }
    }

    /// A credential that could not be had for another reason, which is there the next time, too.
    pub(crate) fn lasting(kind: ErrorKind, error: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { cause: Arc::new(SignInCause::Other { kind, may_pass: false, error: error.into() }), remembered: None }
    }

    /// The same, remembered from a while ago, with the time until the next try.
    pub(crate) fn remembered(&self, ago: Duration, next: Duration) -> Self {
        Self { cause: Arc::clone(&self.cause), remembered: Some(Remembered { ago, next }) }
    }

    /// Whether asking again with the same credential would be refused again.
    pub(crate) fn is_definitive(&self) -> bool {
        match &*self.cause {
            // Of what isn't documented, such as a page of a gateway, only these may be about the user.
            SignInCause::Call { kind, documented, error, .. } => {
                let is_about_the_user = matches!(
                    error.status(),
                    Some(StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::LOCKED)
                );
                error.outcome() == Outcome::Refused
                    && (is_about_the_user || *documented && *kind == ErrorKind::Authentication)
            }
            SignInCause::Other { may_pass, .. } => !may_pass,
        }
    }

    /// Whether the reason may pass by itself.
    pub(crate) fn may_pass(&self) -> bool {
        match &*self.cause {
            SignInCause::Call { may_pass, .. } | SignInCause::Other { may_pass, .. } => *may_pass,
        }
    }

    /// What sort of failure it is. A sign-in that is refused is [`ErrorKind::Authentication`], under whatever status.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match &*self.cause {
            SignInCause::Call { kind, .. } | SignInCause::Other { kind, .. } => *kind,
        }
    }

    /// The failure of the request that asked for a credential, with its status, code and body; `None` when it was not a
    /// request that failed.
    #[must_use]
    pub fn error(&self) -> Option<&AnyError> {
        match &*self.cause {
            SignInCause::Call { error, .. } => Some(error),
            SignInCause::Other { .. } => None,
        }
    }

    /// How long ago the sign-in was refused, if this call did not try but went by what was said then.
    #[must_use]
    pub fn refused_ago(&self) -> Option<Duration> {
        self.remembered.map(|remembered| remembered.ago)
    }

    /// After how long the next call tries to sign in again, if this call did not.
    #[must_use]
    pub fn next_try_in(&self) -> Option<Duration> {
        self.remembered.map(|remembered| remembered.next)
    }
}

impl fmt::Display for SignInError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(Remembered { ago, next }) = self.remembered {
            write!(f, "the sign-in was refused {} s ago", ago.as_secs())?;
            if let Some(code) = self.error().and_then(AnyError::code) {
                write!(f, " (code {})", code.number)?;
            }
            // Rounded up, so that it is never said to be now.
            write!(f, ", next try in {} s: ", (next + Duration::from_millis(999)).as_secs())?;
        }
        match &*self.cause {
            SignInCause::Call { error, .. } => write!(f, "{error:#}"),
            SignInCause::Other { error, .. } => message::one_line(&error.to_string()).try_for_each(|c| f.write_char(c)),
        }
    }
}

impl fmt::Debug for SignInError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("SignInError");
        match &*self.cause {
            SignInCause::Call { kind, error, .. } => shown.field("kind", kind).field("error", error),
            SignInCause::Other { kind, error, .. } => shown.field("kind", kind).field("error", error),
        };
        shown.finish_non_exhaustive()
    }
}

/// The source of the cause: the cause itself is in the message.
impl StdError for SignInError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &*self.cause {
            SignInCause::Call { error, .. } => error.source(),
            SignInCause::Other { error, .. } => error.source(),
        }
    }
}

impl SessionError {
    /// The operation that needed the credential.
    #[must_use]
    pub fn operation(&self) -> &'static Operation {
        self.report.operation
    }

    /// The operation that does the same for callers with the credential that the client has, if the one that this operation
    /// needs is [missing](SessionFailure::Missing): `getCallTaskAttachment` and `downloadCallTaskAttachment`, for example,
    /// return the same file to a dispatch system and to a user.
    #[must_use]
    pub fn instead(&self) -> Option<&'static Operation> {
        self.instead.filter(|_| matches!(self.reason, SessionFailure::Missing(_)))
    }

    /// Why there is none.
    #[must_use]
    pub fn reason(&self) -> &SessionFailure {
        &self.reason
    }

    /// The failure of the request that asked for a credential, with its status, code and body; `None` when it was not a
    /// request that failed.
    #[must_use]
    pub fn sign_in(&self) -> Option<&AnyError> {
        match &self.reason {
            SessionFailure::Failed(e) => e.error(),
            SessionFailure::Missing(_) | SessionFailure::Unsendable(_) => None,
        }
    }

    pub(crate) fn kind(&self) -> ErrorKind {
        match &self.reason {
            SessionFailure::Missing(_) | SessionFailure::Unsendable(_) => ErrorKind::Authentication,
            SessionFailure::Failed(e) => e.kind(),
        }
    }

    pub(crate) fn may_pass(&self) -> bool {
        matches!(&self.reason, SessionFailure::Failed(e) if e.may_pass())
    }
}

impl fmt::Display for SessionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.report.head(f)?;
        self.reason.fmt(f)?;
        self.instead().map_or(Ok(()), |operation| write!(f, "; the client's credential is good for {operation}"))
    }
}

impl fmt::Display for SessionFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(scheme) => {
                write!(f, "nothing was sent: it needs {}, and the client was connected without it", scheme.name)
            }
            Self::Unsendable(scheme) => {
                write!(f, "nothing was sent: the credential for {} is not a legal header value", scheme.name)
            }
            Self::Failed(e) => write!(f, "no session: {e}"),
        }
    }
}

impl StdError for SessionFailure {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Failed(e) => e.source(),
            Self::Missing(_) | Self::Unsendable(_) => None,
        }
    }
}

impl fmt::Debug for SessionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionError")
            .field("operation", &self.report.operation.id)
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}

impl StdError for SessionError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.reason.source()
    }
}
