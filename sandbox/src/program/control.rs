//! The control endpoint and the page. What a page of another site could send is refused: the host must be ours, the origin
//! too where there is one, and a body has to be declared as JSON.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Path, Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::any::{AnySandbox, FaultOrder};
use crate::{Modes, server::without_port};

type Sandboxes = Arc<Vec<Arc<dyn AnySandbox>>>;

/// What `control.yaml` describes, and the page.
pub(super) fn router(sandboxes: Vec<Arc<dyn AnySandbox>>, hosts: Vec<String>) -> Router {
    let file = ([(header::CONTENT_TYPE, "application/yaml")], include_str!("../../control.yaml"));
    Router::new()
        .route("/", get(Html(include_str!("page.html"))))
        .route("/control/openapi.yaml", get(file))
        .route("/control/interfaces", get(interfaces))
        .route("/control/reset", post(reset))
        .route("/control/clock", get(clock).put(set_clock))
        .route("/control/clock/advance", post(advance))
        .route("/control/{interface}/reset", post(async |one: One| after(|| one.0.reset())))
        .route(
            "/control/{interface}/modes",
            get(async |one: One| Json(one.0.modes()))
                .put(async |one: One, Json(modes): Json<Modes>| after(|| one.0.set_modes(modes))),
        )
        .route(
            "/control/{interface}/faults",
            get(async |one: One| Json(one.0.faults()))
                .post(async |one: One, Json(fault): Json<FaultOrder>| done(one.0.order(fault)))
                .delete(async |one: One| after(|| one.0.clear_faults())),
        )
        .route(
            "/control/{interface}/requests",
            get(async |one: One| Json(one.0.requests())).delete(async |one: One| after(|| one.0.clear_requests())),
        )
        .route(
            "/control/{interface}/state",
            get(state).put(async |one: One, Json(state): Json<Value>| done(one.0.set_state(state))),
        )
        // A state has the files in it.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(Arc::new(hosts), refuse_other_sites))
        .with_state(Arc::new(sandboxes))
}

async fn state(One(one): One) -> Response {
    match one.state() {
        Ok(state) => Json(state).into_response(),
        Err(e) => (StatusCode::INTERNAL_SERVER_ERROR, e).into_response(),
    }
}

/// The sandbox that a path names.
struct One(Arc<dyn AnySandbox>);

impl axum::extract::FromRequestParts<Sandboxes> for One {
    type Rejection = (StatusCode, String);

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        sandboxes: &Sandboxes,
    ) -> Result<Self, Self::Rejection> {
        let name =
            Path::<String>::from_request_parts(parts, sandboxes).await.map(|Path(name)| name).unwrap_or_default();
        let one = sandboxes.iter().find(|one| one.name() == name);
        one.map(|one| Self(Arc::clone(one)))
            .ok_or_else(|| (StatusCode::NOT_FOUND, format!("`{name}` is not served here\n")))
    }
}

/// 204, after this was done.
fn after(work: impl FnOnce()) -> StatusCode {
    work();
    StatusCode::NO_CONTENT
}

/// 204, or 400 with what is wrong.
fn done(result: Result<(), String>) -> Response {
    match result {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(e) => (StatusCode::BAD_REQUEST, format!("{e}\n")).into_response(),
    }
}

async fn interfaces(State(sandboxes): State<Sandboxes>) -> Json<Value> {
    let shown = sandboxes.iter().map(|one| {
        let credentials: serde_json::Map<_, _> =
            one.credentials().iter().map(|(who, what)| ((*who).to_owned(), (*what).into())).collect();
        json!({
            "name": one.name(), "baseUrl": one.url(), "credentials": credentials, "operations": one.operations(),
        })
    });
    Json(shown.collect())
}

async fn reset(State(sandboxes): State<Sandboxes>) -> StatusCode {
    sandboxes.iter().for_each(|one| one.reset());
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Now {
    now: Timestamp,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seconds {
    seconds: i64,
}

async fn clock(State(sandboxes): State<Sandboxes>) -> Json<Value> {
    let clocks: serde_json::Map<_, _> =
        sandboxes.iter().map(|one| (one.name().to_owned(), one.clock().to_string().into())).collect();
    // All are set together, and each can be moved by its state.
    Json(json!({ "now": sandboxes.iter().map(|one| one.clock()).max().map(|now| now.to_string()), "clocks": clocks }))
}

async fn set_clock(State(sandboxes): State<Sandboxes>, Json(Now { now }): Json<Now>) -> StatusCode {
    sandboxes.iter().for_each(|one| one.change_clock(&|clock| clock.set(now)));
    StatusCode::NO_CONTENT
}

async fn advance(State(sandboxes): State<Sandboxes>, Json(Seconds { seconds }): Json<Seconds>) -> StatusCode {
    let ms = seconds.saturating_mul(1_000);
    sandboxes.iter().for_each(|one| one.change_clock(&|clock| clock.advance(ms)));
    StatusCode::NO_CONTENT
}

async fn refuse_other_sites(State(hosts): State<Arc<Vec<String>>>, request: Request, next: Next) -> Response {
    let named = |name: header::HeaderName, headers: &HeaderMap| {
        headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
    };
    let host = named(header::HOST, request.headers());
    if !hosts.iter().any(|one| one.eq_ignore_ascii_case(without_port(&host))) {
        return (StatusCode::MISDIRECTED_REQUEST, "this host is not served here; see --host\n").into_response();
    }
    let origin = named(header::ORIGIN, request.headers());
    if !origin.is_empty() && origin != format!("http://{host}") {
        return (StatusCode::FORBIDDEN, "pages of other sites may not control the sandbox\n").into_response();
    }
    next.run(request).await
}
