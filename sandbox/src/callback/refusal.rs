//! Failures. A rule only names what is wrong; which status and body that gets is up to the state.

use axum::{
    Extension, Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::state::State;
use crate::{app::lean, read::Unfit};

/// What a handler gives back.
pub(super) type Answer<T = Response> = Result<T, Refusal>;

/// A failure, not yet written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The credentials or the token aren't valid.
    NotAuthorized,
    /// There is no such application.
    NoApplication,
    /// A rule of form or content is broken.
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

    fn write(&self, state: &State) -> Response {
        let control = state.control_error.as_str();
        let (status, kind, details) = match self {
            Self::NotAuthorized => (StatusCode::UNAUTHORIZED, "Not authorized", None),
            Self::NoApplication => (StatusCode::BAD_REQUEST, "Application not found", None),
            Self::Control(details) => (StatusCode::BAD_REQUEST, control, Some(details.as_str())),
            Self::Code(details) => (StatusCode::BAD_REQUEST, control, Some(*details)),
            Self::Unreadable(status) => (*status, control, status.canonical_reason()),
        };
        let in_body = state.status_code_in_body.unwrap_or(status.as_u16().into());
        let data: Value = lean(json!({ "type": kind, "details": details }));
        let silent = state.http_200_for_failures || matches!(self, Self::Code(_));
        let status = if silent { StatusCode::OK } else { status };
        (status, Json(json!({ "statusCode": in_body, "data": data }))).into_response()
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
    /// A stand-in; [`write()`] makes the answer of it.
    fn into_response(self) -> Response {
        (StatusCode::INTERNAL_SERVER_ERROR, Extension(self)).into_response()
    }
}

/// Writes a failure, and leaves any other answer as it is.
pub(super) fn write(response: Response, state: &State) -> Response {
    match response.extensions().get::<Refusal>() {
        Some(refusal) => refusal.write(state),
        None => response,
    }
}
