//! Responses other than success. A rule only names what is wrong; which status and body
//! that gets is up to the state, see `interface`.

use std::borrow::Cow;

use axum::{
    Extension,
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::read::Unfit;

/// What a handler gives back.
pub(super) type Result<T = Response, E = Refusal> = std::result::Result<T, E>;

/// A refusal, not yet written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// A rule of the interface is violated.
    Failure(Cow<'static, str>),
    /// The request isn't one that the interface has.
    Malformed(StatusCode, Cow<'static, str>),
    /// There is no session, or it has ended.
    NoSession,
    /// The session is not enough.
    Forbidden(&'static str),
}

impl Refusal {
    pub(super) fn failure(error: impl Into<Cow<'static, str>>) -> Self {
        Self::Failure(error.into())
    }

    pub(super) fn malformed(error: impl Into<Cow<'static, str>>) -> Self {
        Self::Malformed(StatusCode::BAD_REQUEST, error.into())
    }
}

impl From<Unfit> for Refusal {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::MediaType => Self::Malformed(StatusCode::UNSUPPORTED_MEDIA_TYPE, "wrong Content-Type".into()),
            Unfit::TooLarge => Self::Malformed(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large".into()),
            Unfit::Malformed(error) => Self::malformed(error),
        }
    }
}

impl IntoResponse for Refusal {
    /// A stand-in, which the guard replaces.
    fn into_response(self) -> Response {
        (StatusCode::INTERNAL_SERVER_ERROR, Extension(self)).into_response()
    }
}
