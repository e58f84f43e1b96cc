//! What every request of the interface passes before its handler: header, credential, query and superfluous body.
//! What the guard finds out, it leaves in the request's extensions for the extractors.

use axum::{
    body::{Body, to_bytes},
    extract::{MatchedPath, Query, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{
    auth::{self, Caller},
    extract::{App, LinkToken},
    operations::{self, Auth, Operation, Takes},
    refusal::{self, Answer, Refusal},
};

/// Lets a request through to its handler, or refuses it; writes the body of any refusal.
pub(super) async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>();
    let Some(operation) = path.and_then(|path| operations::find(request.method().as_str(), path.as_str())) else {
        return next.run(request).await;
    };
    let response = match admit(&app, operation, request).await {
        Ok(request) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    };
    refusal::write(operation, response, app.with(|state| state.omit_optional_error_bodies))
}

async fn admit(app: &App, operation: &Operation, mut request: Request) -> Answer<Request> {
    // Generators tend to send the version of the document, which the interface doesn't know.
    if request.headers().contains_key("api-version") {
        return Err(Refusal::BAD_REQUEST);
    }
    if let Some(caller) = authenticate(app, operation, &request)? {
        request.extensions_mut().insert(caller);
    }
    if let Some(token) = link_token(operation, &request)? {
        request.extensions_mut().insert(token);
    }
    if operation.takes == Takes::Nothing {
        let (parts, body) = request.into_parts();
        // A limit of 0 fails with the first byte.
        to_bytes(body, 0).await.map_err(|_| Refusal::BAD_REQUEST)?;
        request = Request::from_parts(parts, Body::empty());
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
    let Query(mut pairs) =
        Query::<Vec<(String, String)>>::try_from_uri(request.uri()).map_err(|_| Refusal::BAD_REQUEST)?;
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
