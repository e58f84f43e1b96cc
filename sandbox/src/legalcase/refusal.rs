//! Responses other than success, which are a status and nothing else.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::read::Unfit;

/// What a handler gives back.
pub(super) type Result<T = Response, E = Refusal> = std::result::Result<T, E>;

/// A refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal(StatusCode);

impl Refusal {
    pub(super) const BAD_REQUEST: Self = Self(StatusCode::BAD_REQUEST);
    pub(super) const UNAUTHORIZED: Self = Self(StatusCode::UNAUTHORIZED);
    pub(super) const NOT_FOUND: Self = Self(StatusCode::NOT_FOUND);
    pub(super) const CONFLICT: Self = Self(StatusCode::CONFLICT);
}

impl From<Unfit> for Refusal {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::MediaType => Self(StatusCode::UNSUPPORTED_MEDIA_TYPE),
            Unfit::TooLarge => Self(StatusCode::PAYLOAD_TOO_LARGE),
            Unfit::Malformed(_) => Self::BAD_REQUEST,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}
