//! Failures that don't depend on the operation's own errors, so that the code that meets them is compiled once.
//! `?` turns them into the `Error<E>` of the operation at hand.

use super::{DecodeError, Error, ErrorKind, InvalidRequest, SessionError, TransportError, error::Outcome};

/// An [`Error`] without the documented failures of an operation.
pub enum Failed {
    InvalidRequest(InvalidRequest),
    Session(SessionError),
    Transport(TransportError),
    Undecodable(DecodeError),
}

impl Failed {
    pub(super) fn kind(&self) -> ErrorKind {
        match self {
            Self::InvalidRequest(_) => ErrorKind::InvalidRequest,
            Self::Session(e) => e.kind(),
            Self::Transport(e) => e.kind(),
            Self::Undecodable(e) => e.kind(),
        }
    }

    pub(super) fn outcome(&self) -> Outcome {
        match self {
            Self::InvalidRequest(e) => e.report.outcome,
            Self::Session(e) => e.report.outcome,
            Self::Transport(e) => e.report.outcome,
            Self::Undecodable(e) => e.report.outcome,
        }
    }
}

impl<E> From<Failed> for Error<E> {
    fn from(failure: Failed) -> Self {
        match failure {
            Failed::InvalidRequest(e) => Self::InvalidRequest(e),
            Failed::Session(e) => Self::Session(e),
            Failed::Transport(e) => Self::Transport(e),
            Failed::Undecodable(e) => Self::Undecodable(e),
        }
    }
}

impl<E> From<InvalidRequest> for Error<E> {
    fn from(invalid: InvalidRequest) -> Self {
        Self::InvalidRequest(invalid)
    }
}

impl From<InvalidRequest> for Failed {
    fn from(invalid: InvalidRequest) -> Self {
        Self::InvalidRequest(invalid)
    }
}
