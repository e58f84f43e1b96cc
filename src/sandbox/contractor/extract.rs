//! What handlers take: the state, path ids, the caller, the link's token and the JSON body.
//! They stand in for axum's own extractors, whose refusals have bodies that the interface doesn't know.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    body::to_bytes,
    extract::{FromRequest, FromRequestParts, Path, Request},
    http::{HeaderMap, header::CONTENT_TYPE, request::Parts},
};
use serde::de::DeserializeOwned;

use super::{
    auth::Caller,
    refusal::{Answer, Refusal},
    state::State,
};

/// More than any JSON body of the interface needs.
const JSON_LIMIT: usize = 1024 * 1024;

/// The state, shared by all requests.
#[derive(Debug, Clone)]
pub(super) struct App(Arc<Mutex<State>>);

impl App {
    pub(super) fn new(state: State) -> Self {
        Self(Arc::new(Mutex::new(state)))
    }

    /// Works on the state, alone.
    pub(super) fn with<R>(&self, work: impl FnOnce(&mut State) -> R) -> R {
        // A test that panics while it looks at the state has failed anyway; the rest may go on.
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl FromRequestParts<App> for App {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, app: &App) -> Result<Self, Infallible> {
        Ok(app.clone())
    }
}

/// The only id, or number, in the path.
pub(super) struct Id(pub(super) i64);

impl FromRequestParts<App> for Id {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Answer<Self> {
        let Path(id) = Path::from_request_parts(parts, app).await.map_err(|_| Refusal::BAD_REQUEST)?;
        Ok(Self(id))
    }
}

/// The two ids in the path, from left to right.
pub(super) struct Ids(pub(super) i64, pub(super) i64);

impl FromRequestParts<App> for Ids {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Answer<Self> {
        let Path((first, second)) = Path::from_request_parts(parts, app).await.map_err(|_| Refusal::BAD_REQUEST)?;
        Ok(Self(first, second))
    }
}

/// The user who calls, known from the access token.
pub(super) struct UserId(pub(super) i64);

impl FromRequestParts<App> for UserId {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Answer<Self> {
        match parts.extensions.get() {
            Some(Caller::User(id)) => Ok(Self(*id)),
            _ => Err(Refusal::UNAUTHORIZED),
        }
    }
}

/// The service token that renews, and its user.
pub(super) struct ServiceToken {
    pub(super) user: i64,
    pub(super) token: String,
}

impl FromRequestParts<App> for ServiceToken {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Answer<Self> {
        match parts.extensions.get() {
            Some(Caller::Service(user, token)) => Ok(Self { user: *user, token: token.clone() }),
            _ => Err(Refusal::UNAUTHORIZED),
        }
    }
}

/// The temporary link's token, from the query.
#[derive(Debug, Clone)]
pub(super) struct LinkToken(pub(super) String);

impl FromRequestParts<App> for LinkToken {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Answer<Self> {
        parts.extensions.get().cloned().ok_or(Refusal::BAD_REQUEST)
    }
}

/// The JSON body.
pub(super) struct Input<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<App> for Input<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &App) -> Answer<Self> {
        if media_type(request.headers()).is_none_or(|media_type| !media_type.eq_ignore_ascii_case("application/json")) {
            return Err(Refusal::MEDIA_TYPE);
        }
        let body = to_bytes(request.into_body(), JSON_LIMIT).await.map_err(|_| Refusal::TOO_LARGE)?;
        serde_json::from_slice(&body).map(Self).map_err(|_| Refusal::BAD_REQUEST)
    }
}

/// The media type of a body, without its parameters.
pub(super) fn media_type(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    value.split(';').next().map(str::trim)
}
