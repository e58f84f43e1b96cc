//! How the sandbox responds: what a request has to bring, and what becomes of a refusal.

use axum::{
    Router,
    http::{Uri, request::Parts},
    response::{IntoResponse, Response},
};

use super::{
    auth::{self, Caller},
    extract::{App, LinkToken},
    operations::{Auth, OPERATIONS, Terms},
    refusal::{Refusal, Result},
    routes,
    state::State,
};
use crate::{
    clock::Clock,
    interface::{Found, Interface, Operation},
    read,
};

impl Interface for State {
    type Terms = Terms;
    type Refusal = Refusal;

    const OPERATIONS: &'static [Operation<Terms>] = OPERATIONS;
    const ENUMS: &'static [&'static str] = &["status", "type", "ownerType"];

    const NAME: &'static str = "contractor";
    const CREDENTIALS: &'static [(&'static str, &'static str)] = &[
        ("a dispatch system", "Authorization: x-external-system desk-key"),
        ("user 7", "ivanov, password Passw0rd"),
        ("user 8", "petrova, password Пароль1"),
        ("user 9, locked", "sidorov, password Locked99"),
    ];

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
        &["access", "service", "token", "errorCode"]
    }

    fn admit(&mut self, operation: Found<Self>, parts: &mut Parts) -> Result<()> {
        match operation.terms.auth {
            Auth::Nobody => {}
            Auth::Link => {
                let token = link_token(operation, &parts.uri)?;
                parts.extensions.insert(token);
            }
            kind => {
                let caller = auth::caller(self, &parts.headers)?;
                if !has(kind, &caller) {
                    return Err(Refusal::FORBIDDEN);
                }
                parts.extensions.insert(caller);
            }
        }
        Ok(())
    }

    fn write(&self, operation: Option<Found<Self>>, refusal: &Refusal) -> Response {
        match operation {
            Some(operation) => refusal.write(&operation.terms, self.omit_optional_error_bodies),
            None => refusal.into_response(),
        }
    }
}

/// Whether a caller has the kind of credential that is asked for.
fn has(kind: Auth, caller: &Caller) -> bool {
    matches!(
        (kind, caller),
        (Auth::External, Caller::External) | (Auth::User, Caller::User(_)) | (Auth::Service, Caller::Service(..))
    )
}

/// The token of a temporary link, which has to be the only query parameter.
fn link_token(operation: &Operation<Terms>, uri: &Uri) -> Result<LinkToken> {
    let mut pairs = read::query(uri)?;
    match pairs.pop() {
        Some((name, token)) if name == "token" && pairs.is_empty() => {
            // Where 400 isn't documented, an empty token is just one that isn't known.
            if token.trim().is_empty() && operation.terms.errors.contains(&400) {
                return Err(Refusal::BAD_REQUEST);
            }
            Ok(LinkToken(token))
        }
        _ => Err(Refusal::BAD_REQUEST),
    }
}
