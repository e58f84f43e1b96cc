//! How the sandbox responds: what a request has to bring, and what becomes of a failure.

use axum::{
    Json, Router,
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{
    operations::{Needs, OPERATIONS},
    refusal::{Refusal, Result},
    routes,
    state::{App, State},
    token,
};
use crate::{
    app::lean,
    clock::Clock,
    interface::{self, Found, Interface, Operation},
};

impl Interface for State {
    type Terms = Needs;
    type Refusal = Refusal;

    const OPERATIONS: &'static [Operation<Needs>] = OPERATIONS;
    const ENUMS: &'static [&'static str] = &["opf"];

    const NAME: &'static str = "callback";
    const CREDENTIALS: &'static [(&'static str, &'static str)] =
        &[("a technical user", "integration@oip.example, password Petr0v-1")];

    fn initial() -> Self {
        Self::seeded()
    }

    fn clock(&mut self) -> &mut Clock {
        &mut self.clock
    }

    fn router() -> Router<App> {
        routes::router()
    }

    fn required(_: &str) -> &'static [&'static str] {
        &["statusCode", "data", "token", "type", "applications", "applicationId"]
    }

    fn is_at(app: &App, operation: Found<Self>, parts: &Parts) -> bool {
        let elsewhere = app.with(|state| state.paths.is_at(operation.id, parts.uri.path()));
        elsewhere.unwrap_or_else(|| interface::by_template(operation.path, parts))
    }

    fn admit(&mut self, operation: Found<Self>, parts: &mut Parts) -> Result<()> {
        match operation.terms {
            Needs::Token => token::check(self, &parts.headers),
            Needs::Nothing => Ok(()),
        }
    }

    fn write(&self, _: Option<Found<Self>>, refusal: &Refusal) -> Response {
        let control = self.control_error.as_str();
        let (status, kind, details) = match refusal {
            Refusal::NotAuthorized => (StatusCode::UNAUTHORIZED, "Not authorized", None),
            Refusal::NoApplication => (StatusCode::BAD_REQUEST, "Application not found", None),
            Refusal::Control(details) => (StatusCode::BAD_REQUEST, control, Some(details.as_str())),
            Refusal::Code(details) => (StatusCode::BAD_REQUEST, control, Some(*details)),
            Refusal::Unreadable(status) => (*status, control, status.canonical_reason()),
        };
        let in_body = self.status_code_in_body.unwrap_or(status.as_u16().into());
        let data: Value = lean(json!({ "type": kind, "details": details }));
        let usual = if matches!(refusal, Refusal::Code(_)) { StatusCode::OK } else { status };
        let ordered = self.failure_status.and_then(|status| StatusCode::from_u16(status).ok());
        let status = ordered.unwrap_or(usual);
        (status, Json(json!({ "statusCode": in_body, "data": data }))).into_response()
    }
}
