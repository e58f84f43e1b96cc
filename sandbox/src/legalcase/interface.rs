//! How the sandbox responds: what a request has to bring.

use axum::{Router, http::request::Parts};

use super::{
    operations::OPERATIONS,
    refusal::{Refusal, Result},
    routes,
    state::{App, State},
};
use crate::{
    clock::Clock,
    interface::{Found, Interface, Operation},
};

impl Interface for State {
    type Terms = ();
    type Refusal = Refusal;

    const OPERATIONS: &'static [Operation<()>] = OPERATIONS;
    const ENUMS: &'static [&'static str] = &[];

    const NAME: &'static str = "legalcase";
    const CREDENTIALS: &'static [(&'static str, &'static str)] = &[];

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
        &["id"]
    }

    fn admit(&mut self, _: Found<Self>, parts: &mut Parts) -> Result<()> {
        match &self.required_header {
            Some((name, value)) if parts.headers.get(name).is_none_or(|sent| sent != value) => {
                Err(Refusal::UNAUTHORIZED)
            }
            _ => Ok(()),
        }
    }
}
