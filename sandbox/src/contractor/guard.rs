//! What every request of the interface passes before its handler: header, credential, query and superfluous body.
//! What the guard finds out, it leaves in the request's extensions for the extractors.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{
    auth::{self, Caller},
    extract::{App, LinkToken},
    operations::{self, Auth, Operation, Takes},
    refusal::{self, Answer, Refusal},
};
use crate::{read, server::Found};

/// Lets a request through to its handler, or refuses it; writes the body of any refusal.
pub(super) async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let found = request.extensions().get::<Found>();
    let Some(operation) = found.and_then(|Found(id)| operations::find(id)) else {
        return next.run(request).await;
    };
    let response = match admit(&app, operation, request).await {
        Ok(request) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    };
    refusal::write(operation, response, app.with(|state| state.omit_optional_error_bodies))
}

async fn admit(app: &App, operation: &Operation, mut request: Request) -> Answer<Request> {
    read::no_version(request.headers())?;
    if let Some(caller) = authenticate(app, operation, &request)? {
        request.extensions_mut().insert(caller);
    }
    if let Some(token) = link_token(operation, &request)? {
        request.extensions_mut().insert(token);
    }
    if operation.takes == Takes::Nothing {
        request = read::nothing(request).await?;
    }
    Ok(request)
}

/// The caller, who has the right kind of credential; `None` where no credential is asked for.
fn authenticate(app: &App, operation: &Operation, request: &Request) -> Answer<Option<Caller>> {
    if matches!(operation.auth, Auth::Link | Auth::Nobody) {
        return Ok(None);
    }
    let caller = app.with(|state| auth::caller(state, request.headers()))?;
    match (operation.auth, &caller) {
        (Auth::External, Caller::External) | (Auth::User, Caller::User(_)) | (Auth::Service, Caller::Service(..)) => {
            Ok(Some(caller))
        }
        _ => Err(Refusal::FORBIDDEN),
    }
}

/// The one query parameter that there is, `token`, of the operations that have it.
fn link_token(operation: &Operation, request: &Request) -> Answer<Option<LinkToken>> {
    let mut pairs = read::query(request.uri())?;
    match (operation.auth, pairs.pop()) {
        (Auth::Link, Some((name, token))) if name == "token" && pairs.is_empty() => {
            // Where 400 isn't documented, a blank token is just one that isn't known.
            if token.trim().is_empty() && operation.errors.contains(&400) {
                return Err(Refusal::BAD_REQUEST);
            }
            Ok(Some(LinkToken(token)))
        }
        (Auth::Link, _) | (_, Some(_)) => Err(Refusal::BAD_REQUEST),
        (_, None) => Ok(None),
    }
}
