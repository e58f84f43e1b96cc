//! The state of a sandbox as its handlers hold it: shared by all requests, worked on by
//! one at a time; and what the states of all interfaces are made of.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{extract::FromRequestParts, http::request::Parts};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The state, shared by all requests.
#[derive(Debug)]
pub struct App<S>(Arc<Mutex<S>>);

impl<S> App<S> {
    pub(crate) fn new(state: S) -> Self {
        Self(Arc::new(Mutex::new(state)))
    }

    /// Works on the state, alone.
    pub(crate) fn with<R>(&self, work: impl FnOnce(&mut S) -> R) -> R {
        // A test that panics while it looks at the state has failed anyway; the rest may go on.
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<S> Clone for App<S> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<S: Send> FromRequestParts<Self> for App<S> {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, app: &Self) -> Result<Self, Infallible> {
        Ok(app.clone())
    }
}

/// Numbers in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sequence {
    /// The number that is taken next.
    pub next: i64,
}

impl Sequence {
    /// Takes a number.
    pub fn take(&mut self) -> i64 {
        let taken = self.next;
        self.next += 1;
        taken
    }
}

/// The object without its properties that are null.
pub(crate) fn lean(mut object: Value) -> Value {
    if let Value::Object(properties) = &mut object {
        properties.retain(|_, value| !value.is_null());
    }
    object
}
