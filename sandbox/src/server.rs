//! What the sandboxes have in common: listening, stopping, and the desk in front, which every request passes.
//! The desk records a request, carries out the fault ordered for it, and hands it on to the interface's routes.

use std::{fmt, future::IntoFuture, io, net::SocketAddr, sync::Arc};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{ConnectInfo, MatchedPath, Request, State},
    http::{HeaderValue, StatusCode, header, request::Parts},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
};
use futures_util::{StreamExt, stream};
use serde_json::Value;
use tokio::{net::TcpListener, sync::oneshot};

use super::{
    fault::{self, Fault, Faults, Order},
    record::Records,
    wire::{Cut, Leftover, Wires},
};

/// An operation's name and where it is found.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Route {
    pub(crate) id: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
}

/// The operation that a request was found to be for. The desk leaves it in the request's extensions.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found(pub(crate) &'static str);

/// Tells whether a request's path is that of a route; its method is looked at afterwards.
pub(crate) type At = Box<dyn Fn(&Parts, &Route) -> bool + Send + Sync>;

/// What the desk has to know of an interface.
pub(crate) struct Interface {
    pub(crate) routes: Vec<Route>,
    pub(crate) at: At,
    /// Properties of answers that hold an enum value.
    pub(crate) enums: &'static [&'static str],
    /// Properties of the answers of an operation that are never left out.
    pub(crate) required: fn(&str) -> &'static [&'static str],
}

/// [`At`] for an interface whose paths are all in its router.
pub(crate) fn by_template(parts: &Parts, route: &Route) -> bool {
    parts.extensions.get::<MatchedPath>().is_some_and(|path| path.as_str() == route.path)
}

/// A server that runs until it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    url: String,
    desk: Arc<Desk>,
    /// Dropping the sender is the sign to stop.
    _stop: oneshot::Sender<()>,
}

impl Server {
    /// Listens at `address` and answers with `routes`.
    pub(crate) async fn start(address: SocketAddr, interface: Interface, routes: Router) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let desk = Arc::new(Desk { interface, faults: Faults::default(), records: Records::default() });
        let app = routes.layer(from_fn_with_state(desk.clone(), receive));
        let (stop, stopped) = oneshot::channel::<()>();
        let serve = axum::serve(Wires(listener), app.into_make_service_with_connect_info::<Cut>())
            .with_graceful_shutdown(async {
                // Nothing is ever sent: the sign is that the sender is gone.
                let _ = stopped.await;
            });
        tokio::spawn(serve.into_future());
        Ok(Self { url, desk, _stop: stop })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn records(&self) -> &Records {
        &self.desk.records
    }

    pub(crate) fn operations(&self) -> impl Iterator<Item = &'static str> {
        self.desk.interface.routes.iter().map(|route| route.id)
    }

    /// How many requests there were of an operation. An id that the interface doesn't have panics.
    pub(crate) fn count(&self, operation: &str) -> usize {
        self.insist(operation);
        self.desk.records.count(operation)
    }

    /// Orders a fault. An operation or a status that there isn't panics, where a test would otherwise wait in vain.
    pub(crate) fn fault(&self, operation: &str, order: Order) {
        self.insist(operation);
        let status = order.fault().status();
        assert!(status.is_none_or(|status| (200..600).contains(&status)), "{status:?} can't be answered");
        self.desk.faults.order(operation, order);
    }

    fn insist(&self, operation: &str) {
        assert!(self.operations().any(|id| id == operation), "the interface has no operation `{operation}`");
    }
}

struct Desk {
    interface: Interface,
    faults: Faults,
    records: Records,
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk").field("faults", &self.faults).field("records", &self.records).finish_non_exhaustive()
    }
}

/// Receives every request.
async fn receive(
    State(desk): State<Arc<Desk>>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let here: Vec<&Route> = desk.interface.routes.iter().filter(|route| (desk.interface.at)(&parts, route)).collect();
    let operation = here.iter().find(|route| parts.method.as_str() == route.method).map(|route| route.id);
    let place = desk.records.open(&parts, operation);
    if let Some(id) = operation {
        parts.extensions.insert(Found(id));
    }

    let (body, leftover) = Leftover::split(body);
    let request = Request::from_parts(parts, body);
    let response = match operation {
        Some(id) => answer(&desk, id, request, next).await,
        // Said here, and not by the router, because that would answer HEAD wherever it answers GET.
        None if !here.is_empty() => Some(method_not_allowed(&here)),
        None => Some(next.run(request).await),
    };
    // A client that is still sending when it is refused would see a broken connection instead of the refusal.
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

/// Answers a request of an operation, with its fault if one was ordered; `None` is no answer at all.
async fn answer(desk: &Desk, operation: &str, request: Request, next: Next) -> Option<Response> {
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
            let required = (desk.interface.required)(operation);
            let edit = |value: &mut Value| fault::nulls(value, required);
            Some(edited(next.run(request).await, edit).await)
        }
        Some(Fault::UnknownEnum) => {
            let edit = |value: &mut Value| fault::unknown_enums(value, desk.interface.enums);
            Some(edited(next.run(request).await, edit).await)
        }
    }
}

/// The status that a fault names; it was looked at when the fault was ordered.
fn status_of(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn method_not_allowed(here: &[&Route]) -> Response {
    let methods: Vec<&str> = here.iter().map(|route| route.method).collect();
    (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, methods.join(", "))]).into_response()
}

/// The whole body of an answer of our own.
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

/// Changes the body of a JSON answer.
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
