//! What every call passes before its handler: headers, query and superfluous body.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{
    App,
    operations::{self, Operation},
    refusal::{Answer, Refusal},
};
use crate::{read, server::Found};

/// Lets a request through to its handler, or refuses it.
pub(super) async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let operation = request.extensions().get::<Found>().and_then(|Found(id)| operations::find(id));
    let admitted = match operation {
        Some(operation) => admit(&app, operation, request).await,
        None => Ok(request),
    };
    match admitted {
        Ok(request) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}

async fn admit(app: &App, operation: &Operation, request: Request) -> Answer<Request> {
    read::no_version(request.headers())?;
    let authorized = app.with(|state| match &state.required_header {
        Some((name, value)) => request.headers().get(name).is_some_and(|sent| sent == value),
        None => true,
    });
    if !authorized {
        return Err(Refusal::UNAUTHORIZED);
    }
    read::known_query(request.uri(), &[])?;
    if operation.body { Ok(request) } else { Ok(read::nothing(request).await?) }
}
