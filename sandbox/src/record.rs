//! The requests that a sandbox has received, for a test to count and to read.
//! They stand in the order in which they arrived, whichever response was sent first.

use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::{HeaderMap, header::AUTHORIZATION, request::Parts};

/// A request that the sandbox received.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Request {
    /// The method, such as `GET`.
    pub method: String,
    /// The path with its query, as sent.
    pub path: String,
    /// The operation's id; `None` for a path or method that the interface doesn't have.
    pub operation: Option<&'static str>,
    /// The first word of the `Authorization` header, never the credential itself.
    pub scheme: Option<String>,
    /// The status of the response; `None` until there is one, and when the
    /// connection was closed without one.
    pub status: Option<u16>,
}

/// The list of requests, to which the server adds.
#[derive(Debug, Default)]
pub(crate) struct Records(Mutex<Vec<Request>>);

impl Records {
    /// Notes a request that has arrived, and gives its place in the list.
    pub(crate) fn open(&self, parts: &Parts, operation: Option<&'static str>) -> usize {
        let mut list = self.list();
        list.push(Request {
            method: parts.method.to_string(),
            path: parts.uri.path_and_query().map_or_else(|| parts.uri.path().to_owned(), ToString::to_string),
            operation,
            scheme: scheme(&parts.headers),
            status: None,
        });
        list.len() - 1
    }

    /// Notes the status of the response to the request at that place.
    pub(crate) fn close(&self, place: usize, status: u16) {
        if let Some(request) = self.list().get_mut(place) {
            request.status = Some(status);
        }
    }

    /// A copy of the list.
    pub(crate) fn all(&self) -> Vec<Request> {
        self.list().clone()
    }

    /// How many requests there were of an operation.
    pub(crate) fn count(&self, operation: &str) -> usize {
        self.list().iter().filter(|request| request.operation == Some(operation)).count()
    }

    fn list(&self) -> MutexGuard<'_, Vec<Request>> {
        // The list is whole at any moment, so a panic elsewhere doesn't spoil it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn scheme(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    value.split_once(' ').map(|(word, _)| word.to_owned())
}
