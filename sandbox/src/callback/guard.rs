//! What every call passes before its handler: headers, token, query and superfluous body.
//! The guard also writes whatever failure comes of the call.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{
    App,
    operations::{self, Operation},
    refusal::{self, Answer},
    token,
};
use crate::{read, server::Found};

/// Lets a request through to its handler, or refuses it; writes any failure.
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

async fn admit(app: &App, operation: &Operation, request: Request) -> Answer<Request> {
    read::no_version(request.headers())?;
    if operation.token {
        app.with(|state| token::check(state, request.headers()))?;
    }
    read::known_query(request.uri(), operation.query)?;
    if operation.body { Ok(request) } else { Ok(read::nothing(request).await?) }
}
