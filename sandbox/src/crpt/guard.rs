//! What every call passes before its handler: headers, session, query and superfluous body.
//! The guard leaves the caller in the request's extensions, and writes whatever refusal comes of the call.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{
    App,
    operations::{self, Operation},
    refusal::{self, Answer},
    session,
};
use crate::{read, server::Found};

/// Lets a request through to its handler, or refuses it; writes any refusal.
pub(super) async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let operation = request.extensions().get::<Found>().and_then(|Found(id)| operations::find(id));
    let admitted = match operation {
        Some(operation) => admit(&app, operation, request).await,
        None => Ok(request),
    };
    let response = match admitted {
        Ok(request) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    };
    app.with(|state| refusal::write(response, state))
}

async fn admit(app: &App, operation: &Operation, mut request: Request) -> Answer<Request> {
    read::no_version(request.headers())?;
    if operation.session {
        let caller = app.with(|state| session::caller(state, request.headers()))?;
        request.extensions_mut().insert(caller);
    } else {
        session::insist_on_session(request.headers())?;
    }
    read::known_query(request.uri(), operation.query)?;
    if !operation.body {
        request = read::nothing(request).await?;
    }
    Ok(request)
}
