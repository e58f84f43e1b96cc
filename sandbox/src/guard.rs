//! What every request passes before its handler, the same for all interfaces: headers,
//! credential, query and superfluous body, in this order. The guard also writes whatever//! refusal comes of a request.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};

use super::{
    app::App,
    interface::{Found, Interface},
    read,
};

/// Lets a request through to its handler, or refuses it; writes any refusal.
pub(crate) async fn guard<S: Interface>(State(app): State<App<S>>, request: Request, next: Next) -> Response {
    let operation = request.extensions().get::<Found<S>>().copied();
    let admitted = match operation {
        Some(operation) => admit(&app, operation, request).await,
        None => Ok(request),
    };
    let refusal = match admitted {
        Err(refusal) => refusal,
        Ok(request) => {
            let response = next.run(request).await;
            match response.extensions().get::<S::Refusal>() {
                Some(refusal) => refusal.clone(),
                None => return response,
            }
        }
    };
    app.with(|state| state.write(operation, &refusal))
}

async fn admit<S: Interface>(app: &App<S>, operation: Found<S>, request: Request) -> Result<Request, S::Refusal> {
    let (mut parts, body) = request.into_parts();
    read::no_version(&parts.headers)?;
    app.with(|state| state.admit(operation, &mut parts))?;
    read::known_query(&parts.uri, operation.query)?;
    let request = Request::from_parts(parts, body);
    if operation.body { Ok(request) } else { Ok(read::nothing(request).await?) }
}
