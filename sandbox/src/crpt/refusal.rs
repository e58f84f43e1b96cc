//! Answers other than success. A rule only names what is wrong; which status and body that gets is up to the state.

use std::borrow::Cow;

use axum::{
    Extension, Json,
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use serde_json::json;

use super::state::{SessionEnd, State};
use crate::read::Unfit;

/// What a handler gives back.
pub(super) type Answer<T = Response> = Result<T, Refusal>;

/// A refusal, not yet written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// A rule of the interface is broken.
    Failure(Cow<'static, str>),
    /// There is no such file.
    NoFile,
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

    fn write(&self, state: &State) -> Response {
        let failure_status = StatusCode::from_u16(state.failure_status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        match self {
            Self::Failure(error) => failure(failure_status, error, state),
            Self::NoFile if failure_status.is_success() => failure(StatusCode::NOT_FOUND, "file not found", state),
            Self::NoFile => failure(failure_status, "file not found", state),
            Self::Malformed(status, error) => failure(*status, error, state),
            Self::NoSession => match state.session_end {
                SessionEnd::Status401 => refusal(StatusCode::UNAUTHORIZED, "session not found", state),
                SessionEnd::Status403 => refusal(StatusCode::FORBIDDEN, "session not found", state),
                SessionEnd::LoginPage => Html(include_str!("login.html")).into_response(),
            },
            Self::Forbidden(error) => refusal(StatusCode::FORBIDDEN, error, state),
        }
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
    /// A stand-in; [`write()`] makes the answer of it.
    fn into_response(self) -> Response {
        (StatusCode::INTERNAL_SERVER_ERROR, Extension(self)).into_response()
    }
}

/// Writes a refusal, and leaves any other answer as it is.
pub(super) fn write(response: Response, state: &State) -> Response {
    match response.extensions().get::<Refusal>() {
        Some(refusal) => refusal.write(state),
        None => response,
    }
}

fn failure(status: StatusCode, error: &str, state: &State) -> Response {
    let body =
        if state.omit_ok_on_failure { json!({ "error": error }) } else { json!({ "error": error, "ok": false }) };
    (status, Json(body)).into_response()
}

/// A failure whose status says enough.
fn refusal(status: StatusCode, error: &str, state: &State) -> Response {
    if state.omit_refusal_bodies { status.into_response() } else { failure(status, error, state) }
}
