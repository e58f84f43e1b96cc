//! What handlers take: the state, path ids, the caller, the link's token and the JSON
//! body. They stand in for axum's own extractors, whose refusals have bodies that the
//! interface doesn't know.

use axum::{
    extract::{FromRequest, FromRequestParts, Path, Request},
    http::request::Parts,
};
use serde::de::DeserializeOwned;

use super::{
    auth::Caller,
    refusal::{Refusal, Result},
    state::State,
};
use crate::{app, read};

/// The state, shared by all requests.
pub(super) type App = app::App<State>;

/// The only id, or number, in the path.
pub(super) struct Id(pub(super) i64);

impl FromRequestParts<App> for Id {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let Path(id) = Path::<String>::from_request_parts(parts, app).await.map_err(|_| Refusal::BAD_REQUEST)?;
        Ok(Self(integer(&id)?))
    }
}

fn integer(text: &str) -> Result<i64> {
    read::integer(text).ok_or(Refusal::BAD_REQUEST)
}

/// The two ids in the path, from left to right.
pub(super) struct Ids(pub(super) i64, pub(super) i64);

impl FromRequestParts<App> for Ids {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let ids = Path::<(String, String)>::from_request_parts(parts, app).await;
        let Path((first, second)) = ids.map_err(|_| Refusal::BAD_REQUEST)?;
        Ok(Self(integer(&first)?, integer(&second)?))
    }
}

/// The user who calls, known from the access token.
pub(super) struct UserId(pub(super) i64);

impl FromRequestParts<App> for UserId {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self> {
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

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self> {
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

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self> {
        parts.extensions.get().cloned().ok_or(Refusal::BAD_REQUEST)
    }
}

/// The JSON body.
pub(super) struct Input<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<App> for Input<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &App) -> Result<Self> {
        Ok(Self(read::json(request).await?))
    }
}
