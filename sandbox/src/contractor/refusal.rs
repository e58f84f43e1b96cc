//! Responses other than success: a status, perhaps an error code, and the body that is
//! documented for them. A rule only names status and code; what is written is decided in
//! one place, by the operation.

use axum::{
    Extension, Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::operations::Terms;
use crate::read::Unfit;

/// What a handler gives back.
pub(super) type Result<T = Response, E = Refusal> = std::result::Result<T, E>;

/// A refusal, not yet written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    status: StatusCode,
    code: Option<i32>,
}

impl Refusal {
    pub(super) const BAD_REQUEST: Self = Self::status(StatusCode::BAD_REQUEST);
    pub(super) const UNAUTHORIZED: Self = Self::status(StatusCode::UNAUTHORIZED);
    pub(super) const FORBIDDEN: Self = Self::status(StatusCode::FORBIDDEN);
    pub(super) const NOT_FOUND: Self = Self::status(StatusCode::NOT_FOUND);
    pub(super) const CONFLICT: Self = Self::status(StatusCode::CONFLICT);
    pub(super) const TOO_LARGE: Self = Self::status(StatusCode::PAYLOAD_TOO_LARGE);
    pub(super) const MEDIA_TYPE: Self = Self::status(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    pub(super) const BAD_FILE: Self = Self::status(StatusCode::UNPROCESSABLE_ENTITY);

    const fn status(status: StatusCode) -> Self {
        Self { status, code: None }
    }

    /// The same refusal with an error code.
    pub(super) const fn code(self, code: i32) -> Self {
        Self { code: Some(code), ..self }
    }

    fn body(self, documented: &Terms, omit_optional: bool) -> Option<i32> {
        let status = self.status.as_u16();
        if documented.errors.contains(&status) {
            Some(self.code.unwrap_or(0))
        } else if documented.codes.contains(&status) && !omit_optional {
            self.code
        } else {
            None
        }
    }

    /// The refusal with the body that is documented for it, if any is.
    pub(super) fn write(self, documented: &Terms, omit_optional: bool) -> Response {
        match self.body(documented, omit_optional) {
            Some(code) => (self.status, Json(json!({ "errorCode": code }))).into_response(),
            None => self.status.into_response(),
        }
    }
}

impl From<Unfit> for Refusal {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::MediaType => Self::MEDIA_TYPE,
            Unfit::TooLarge => Self::TOO_LARGE,
            Unfit::Malformed(_) => Self::BAD_REQUEST,
        }
    }
}

impl IntoResponse for Refusal {
    /// The status alone; the guard adds the body.
    fn into_response(self) -> Response {
        (self.status, Extension(self)).into_response()
    }
}
