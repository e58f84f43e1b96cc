//! Failures. A rule only names what is wrong; which status and body that gets is up to
//! the state, see `interface`.

use axum::{
    Extension,
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::read::Unfit;

/// What a handler gives back.
pub(super) type Result<T = Response, E = Refusal> = std::result::Result<T, E>;

/// A failure, not yet written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The credentials or the token aren't valid.
    NotAuthorized,
    /// There is no such application.
    NoApplication,
    /// A rule of form or content is violated.
    Control(String),
    /// The code for confirming a batch is not the one in hand.
    Code(&'static str),
    /// The body has another media type than the operation takes, or is larger than any may be.
    Unreadable(StatusCode),
}

impl Refusal {
    pub(super) fn control(details: impl Into<String>) -> Self {
        Self::Control(details.into())
    }
}

impl From<Unfit> for Refusal {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::MediaType => Self::Unreadable(StatusCode::UNSUPPORTED_MEDIA_TYPE),
            Unfit::TooLarge => Self::Unreadable(StatusCode::PAYLOAD_TOO_LARGE),
            Unfit::Malformed(details) => Self::Control(details),
        }
    }
}

impl IntoResponse for Refusal {
    /// A stand-in, which the guard replaces.
    fn into_response(self) -> Response {
        (StatusCode::INTERNAL_SERVER_ERROR, Extension(self)).into_response()
    }
}
