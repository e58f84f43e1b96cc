//! Serving: the desk in front, which every request passes, and listening until the
//! sandbox is dropped. The desk records a request, carries out the fault ordered for it,
//! and hands it on to the interface's routes.

use std::{
    future::IntoFuture,
    io,
    sync::{Arc, atomic::AtomicUsize},
};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{ConnectInfo, DefaultBodyLimit, Request, State},
    http::{HeaderValue, StatusCode, header, request::Parts},
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
    modes::{self, Modes, Switches},
    record::{self, Records},
    wire::{Cut, Leftover, Wires},
};

/// The desk, which knows an interface only by its state.
pub(crate) struct Desk<S> {
    pub(crate) app: App<S>,
    pub(crate) faults: Faults,
    pub(crate) records: Records,
    pub(crate) modes: Switches,
    /// How often the state was made anew.
    pub(crate) resets: AtomicUsize,
    /// The hosts that requests may be for; any if there are none.
    hosts: Vec<String>,
    /// Is told of every request when it was responded to.
    watch: Option<Watch>,
}

/// Is told of a request.
pub(crate) type Watch = Box<dyn Fn(&record::Request) + Send + Sync>;

impl<S: Interface> Desk<S> {
    pub(crate) fn new(hosts: Vec<String>, watch: Option<Watch>) -> Self {
        Self {
            app: App::new(S::initial()),
            faults: Faults::default(),
            records: Records::default(),
            modes: Switches::default(),
            resets: AtomicUsize::new(0),
            hosts,
            watch,
        }
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
    let is_welcome = is_welcome(&desk.hosts, &parts);
    let request = Request::from_parts(parts, body);
    let response = match operation {
        _ if !is_welcome => {
            Some((StatusCode::MISDIRECTED_REQUEST, "this host is not served here; see --host\n").into_response())
        }
        Some(found) => respond(&desk, found.id, request, next).await,
        // Said here, and not by the router, because that would serve HEAD wherever it serves GET.
        None if !here.is_empty() => Some(method_not_allowed(here.iter().map(|found| found.method).collect())),
        None => Some(next.run(request).await),
    };
    // A client that is still sending when it is refused would see a broken connection
    // instead of the refusal.
    desk.records.received(place, leftover.drain().await);

    let (response, refusal) = match response {
        Some(response) => {
            let (response, refusal) = refusal_of(response, operation.is_some()).await;
            (Some(response), refusal)
        }
        None => (None, None),
    };
    let status = response.as_ref().map(|response| response.status().as_u16());
    let request = desk.records.close(place, status, refusal);
    if let (Some(watch), Some(request)) = (&desk.watch, request) {
        watch(&request);
    }
    response.unwrap_or_else(|| {
        cut.cut();
        Response::default()
    })
}

/// Why a request was refused, for the record: the body of the response, or else what its status means here.
async fn refusal_of(response: Response, is_operation: bool) -> (Response, Option<String>) {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() || is_broken(&response) {
        return (response, None);
    }
    let (parts, body) = response.into_parts();
    let body = whole(body).await;
    let text = String::from_utf8_lossy(&body[..body.len().min(record::KEPT)]).into_owned();
    let why = match status.as_u16() {
        _ if !text.is_empty() => text,
        _ if parts.extensions.get::<Ordered>().is_some() => "a fault that was ordered".to_owned(),
        code => meaning(code, is_operation).to_owned(),
    };
    (Response::from_parts(parts, Body::from(body)), Some(why))
}

/// What the status of a refusal means when there is no body to tell.
fn meaning(status: u16, is_operation: bool) -> &'static str {
    match status {
        400 => "the query, the path or the body is not as the spec has it",
        401 => "the credential is missing, unknown or expired",
        403 => "the credential is of another kind, or somebody else's",
        404 if !is_operation => "no operation has this path",
        404 => "what it names does not exist",
        405 => "no operation at this path has this method",
        409 => "the state of what it names does not allow it",
        413 => "the body is too large",
        415 => "the media type of the body is not the documented one",
        422 => "the file can't be read",
        _ => "a failure",
    }
}

/// Marks a response that was ordered.
#[derive(Clone)]
struct Ordered;

/// Whether a response is meant to break off.
fn is_broken(response: &Response) -> bool {
    response.extensions().get::<Broken>().is_some()
}

/// Marks a response that breaks off.
#[derive(Clone)]
struct Broken;

/// Whether a request is for a host that may be asked for: a page of another site, whose name was made to lead here, may not.
fn is_welcome(hosts: &[String], parts: &Parts) -> bool {
    let named = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    hosts.is_empty() || hosts.iter().any(|host| host.eq_ignore_ascii_case(without_port(named)))
}

/// The host of `host:port`.
pub(crate) fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

/// Responds to a request of an operation, with its fault if one was ordered; `None` is no
/// response at all.
async fn respond<S: Interface>(desk: &Desk<S>, operation: &str, request: Request, next: Next) -> Option<Response> {
    let proper = async {
        let response = next.run(request).await;
        let modes = *desk.modes.lock();
        in_modes::<S>(modes, operation, response).await
    };
    let Some(order) = desk.faults.take(operation) else { return Some(proper.await) };
    let mut response = match order.fault().clone() {
        Fault::Status(status) => status_of(status).into_response(),
        Fault::Unauthorized => StatusCode::UNAUTHORIZED.into_response(),
        Fault::Body { status, content_type, bytes } => {
            let mut response = (status_of(status), bytes).into_response();
            response.headers_mut().remove(header::CONTENT_TYPE);
            if let Ok(value) = HeaderValue::from_str(&content_type) {
                response.headers_mut().insert(header::CONTENT_TYPE, value);
            }
            response
        }
        Fault::Drop => return None,
        Fault::Delay(time) => {
            tokio::time::sleep(time).await;
            proper.await
        }
        Fault::Truncate => broken(proper.await, |length| length / 2).await?,
        Fault::DropAfter(bytes) => broken(proper.await, |_| bytes).await?,
        Fault::Nulls => {
            let required = S::required(operation);
            let edit = |value: &mut Value| fault::nulls(value, required);
            edited(proper.await, edit).await
        }
        Fault::UnknownEnum => {
            let edit = |value: &mut Value| fault::unknown_enums(value, S::ENUMS);
            edited(proper.await, edit).await
        }
    };
    response.extensions_mut().insert(Ordered);
    for (name, value) in order.headers() {
        response.headers_mut().insert(name, value);
    }
    Some(response)
}

/// The response as the modes have it.
async fn in_modes<S: Interface>(modes: Modes, operation: &str, response: Response) -> Response {
    let status = response.status();
    if modes.empty_failures && (status.is_client_error() || status.is_server_error()) {
        return status.into_response();
    }
    if !modes.edit() {
        return response;
    }
    let edit = |value: &mut Value| {
        if modes.nulls {
            fault::nulls(value, S::required(operation));
        }
        if modes.unknown_enum_values {
            fault::unknown_enums(value, S::ENUMS);
        }
        if modes.no_offsets {
            modes::no_offsets(value);
        }
    };
    edited(response, edit).await
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

/// Announces the whole body and sends as much of it as `part` makes of its length.
async fn broken(response: Response, part: impl FnOnce(usize) -> usize) -> Option<Response> {
    let (mut parts, body) = response.into_parts();
    let bytes = whole(body).await;
    if bytes.is_empty() {
        return None;
    }
    let sent = part(bytes.len());
    if sent >= bytes.len() {
        return Some(Response::from_parts(parts, Body::from(bytes)));
    }
    parts.headers.insert(header::CONTENT_LENGTH, bytes.len().into());
    parts.extensions.insert(Broken);
    let first = bytes.slice(..sent);
    let broken = stream::once(async {
        // Gives the server a turn to send the first part before the connection goes.
        tokio::task::yield_now().await;
        Err(io::Error::from(io::ErrorKind::ConnectionAborted))
    });
    Some(Response::from_parts(parts, Body::from_stream(stream::iter([Ok(first)]).chain(broken))))
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
