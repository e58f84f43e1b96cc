//! How the sandbox responds: what a request has to bring, and what becomes of a refusal.

use axum::{
    Json, Router,
    http::{StatusCode, request::Parts},
    response::{Html, IntoResponse, Response},
};
use serde_json::json;

use super::{
    operations::{self, Needs, OPERATIONS},
    refusal::{Refusal, Result},
    routes, session,
    state::{App, SessionEnd, State},
};
use crate::{
    clock::Clock,
    interface::{Found, Interface, Operation},
};

impl Interface for State {
    type Terms = Needs;
    type Refusal = Refusal;

    const OPERATIONS: &'static [Operation<Needs>] = OPERATIONS;
    const ENUMS: &'static [&'static str] = &["status"];

    const NAME: &'static str = "crpt";
    const CREDENTIALS: &'static [(&'static str, &'static str)] =
        &[("a user", "ivan.petrov, password Petr0v-1"), ("another", "anna.smirnova, password Пароль1")];

    fn initial() -> Self {
        Self::seeded()
    }

    fn clock(&mut self) -> &mut Clock {
        &mut self.clock
    }

    fn router() -> Router<App> {
        routes::router()
    }

    fn required(operation: &str) -> &'static [&'static str] {
        operations::required(operation)
    }

    fn admit(&mut self, operation: Found<Self>, parts: &mut Parts) -> Result<()> {
        match operation.terms {
            Needs::ForceUseSession => session::insist_on_session(&parts.headers),
            Needs::Session => {
                let caller = session::caller(self, &parts.headers)?;
                parts.extensions.insert(caller);
                Ok(())
            }
        }
    }

    fn write(&self, _: Option<Found<Self>>, refusal: &Refusal) -> Response {
        let failure_status = StatusCode::from_u16(self.failure_status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        match refusal {
            Refusal::Failure(error) => failure(failure_status, error, self),
            Refusal::Malformed(status, error) => failure(*status, error, self),
            Refusal::NoSession => match self.session_end {
                SessionEnd::Status401 => told_by_status(StatusCode::UNAUTHORIZED, "session not found", self),
                SessionEnd::Status403 => told_by_status(StatusCode::FORBIDDEN, "session not found", self),
                SessionEnd::LoginPage => Html(include_str!("login.html")).into_response(),
            },
            Refusal::Forbidden(error) => told_by_status(StatusCode::FORBIDDEN, error, self),
        }
    }
}

fn failure(status: StatusCode, error: &str, state: &State) -> Response {
    let body =
        if state.omit_ok_on_failure { json!({ "error": error }) } else { json!({ "error": error, "ok": false }) };
    (status, Json(body)).into_response()
}

/// A failure whose status says enough.
fn told_by_status(status: StatusCode, error: &str, state: &State) -> Response {
    if state.omit_refusal_bodies { status.into_response() } else { failure(status, error, state) }
}
