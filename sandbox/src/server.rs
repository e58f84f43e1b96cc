//! Serving: the desk in front, which every request passes, and listening until the
//! sandbox is dropped. The desk records a request, carries out the fault ordered for it,
//! and hands it on to the interface's routes.

use std::{future::IntoFuture, io, sync::Arc};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{ConnectInfo, DefaultBodyLimit, Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
};
use futures_util::{StreamExt, stream};
use serde_json::Value;
use tokio::{net::TcpListener, sync::oneshot};

use super::{
    app::App,
    fault::{self, Fault, Faults},
    guard::guard,
    interface::{Found, Interface},
    record::Records,
    wire::{Cut, Leftover, Wires},
};

/// The desk, which knows an interface only by its state.
#[derive(Debug)]
pub(crate) struct Desk<S> {
    pub(crate) app: App<S>,
    pub(crate) faults: Faults,
    pub(crate) records: Records,
}

impl<S: Interface> Desk<S> {
    pub(crate) fn new() -> Self {
        Self { app: App::new(S::initial()), faults: Faults::default(), records: Records::default() }
    }

    /// The interface's routes behind the guard, behind the desk.
    fn routes(self: Arc<Self>) -> Router {
        S::router()
            // Whoever reads a body has a limit of its own.
            .layer(DefaultBodyLimit::disable())
            .layer(from_fn_with_state(self.app.clone(), guard::<S>))
            .with_state(self.app.clone())
            .layer(from_fn_with_state(self, receive))
    }
}

/// Serves what comes to `listener`, until the other end of `stopped` is dropped.
pub(crate) fn serve<S: Interface>(listener: TcpListener, desk: Arc<Desk<S>>, stopped: oneshot::Receiver<()>) {
    let app = desk.routes().into_make_service_with_connect_info::<Cut>();
    let serve = axum::serve(Wires(listener), app).with_graceful_shutdown(async {
        // Nothing is ever sent: the sign is that the sender is gone.
        let _ = stopped.await;
    });
    tokio::spawn(serve.into_future());
}

/// Receives every request.
async fn receive<S: Interface>(
    State(desk): State<Arc<Desk<S>>>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let here: Vec<Found<S>> = S::OPERATIONS.iter().filter(|found| S::is_at(&desk.app, found, &parts)).collect();
    let operation = here.iter().copied().find(|found| parts.method.as_str() == found.method);
    let place = desk.records.open(&parts, operation.map(|found| found.id));
    if let Some(found) = operation {
        parts.extensions.insert(found);
    }

    let (body, leftover) = Leftover::split(body);
    let request = Request::from_parts(parts, body);
    let response = match operation {
        Some(found) => respond(&desk, found.id, request, next).await,
        // Said here, and not by the router, because that would serve HEAD wherever it serves GET.
        None if !here.is_empty() => Some(method_not_allowed(here.iter().map(|found| found.method).collect())),
        None => Some(next.run(request).await),
    };
    // A client that is still sending when it is refused would see a broken connection
    // instead of the refusal.
    leftover.drain().await;

    match response {
        Some(response) => {
            desk.records.close(place, response.status().as_u16());
            response
        }
        None => {
            cut.cut();
            Response::default()
        }
    }
}

/// Responds to a request of an operation, with its fault if one was ordered; `None` is no
/// response at all.
async fn respond<S: Interface>(desk: &Desk<S>, operation: &str, request: Request, next: Next) -> Option<Response> {
    match desk.faults.take(operation) {
        None => Some(next.run(request).await),
        Some(Fault::Status(status)) => Some(status_of(status).into_response()),
        Some(Fault::Unauthorized) => Some(StatusCode::UNAUTHORIZED.into_response()),
        Some(Fault::Body { status, content_type, bytes }) => {
            let mut response = (status_of(status), bytes).into_response();
            response.headers_mut().remove(header::CONTENT_TYPE);
            if let Ok(value) = HeaderValue::from_str(&content_type) {
                response.headers_mut().insert(header::CONTENT_TYPE, value);
            }
            Some(response)
        }
        Some(Fault::Drop) => None,
        Some(Fault::Delay(time)) => {
            tokio::time::sleep(time).await;
            Some(next.run(request).await)
        }
        Some(Fault::Truncate) => truncated(next.run(request).await).await,
        Some(Fault::Nulls) => {
            let required = S::required(operation);
            let edit = |value: &mut Value| fault::nulls(value, required);
            Some(edited(next.run(request).await, edit).await)
        }
        Some(Fault::UnknownEnum) => {
            let edit = |value: &mut Value| fault::unknown_enums(value, S::ENUMS);
            Some(edited(next.run(request).await, edit).await)
        }
    }
}

/// The status that a fault names; it was looked at when the fault was ordered.
fn status_of(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn method_not_allowed(methods: Vec<&str>) -> Response {
    (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, methods.join(", "))]).into_response()
}

/// The whole body of a response of our own.
async fn whole(body: Body) -> Bytes {
    // The body comes from memory, so that collecting it can't fail.
    to_bytes(body, usize::MAX).await.unwrap_or_default()
}

/// Announces the whole body and sends half of it.
async fn truncated(response: Response) -> Option<Response> {
    let (mut parts, body) = response.into_parts();
    let bytes = whole(body).await;
    if bytes.is_empty() {
        return None;
    }
    parts.headers.insert(header::CONTENT_LENGTH, bytes.len().into());
    let half = bytes.slice(..bytes.len() / 2);
    let broken = stream::once(async {
        // Gives the server a turn to send the first half before the connection goes.
        tokio::task::yield_now().await;
        Err(io::Error::from(io::ErrorKind::ConnectionAborted))
    });
    Some(Response::from_parts(parts, Body::from_stream(stream::iter([Ok(half)]).chain(broken))))
}

/// Changes the body of a JSON response.
async fn edited(response: Response, edit: impl FnOnce(&mut Value)) -> Response {
    let (mut parts, body) = response.into_parts();
    if parts.headers.get(header::CONTENT_TYPE).is_none_or(|value| value != "application/json") {
        return Response::from_parts(parts, body);
    }
    let bytes = whole(body).await;
    let body = match serde_json::from_slice(&bytes) {
        Ok(mut value) => {
            edit(&mut value);
            value.to_string().into()
        }
        Err(_) => bytes,
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(body))
}
