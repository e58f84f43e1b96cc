//! The requests that a sandbox has received, for a test to count and to read.
//! They stand in the order in which they arrived, whichever response was sent first.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use axum::http::{HeaderMap, HeaderValue, header::AUTHORIZATION, request::Parts};
use bytes::Bytes;
use jiff::Timestamp;
use serde_json::Value;

/// How many requests are kept, and how much of their content in all, in bytes: older ones are forgotten, so that a sandbox
/// takes no more memory however long it runs.
const MOST: usize = 10_000;
const MOST_BYTES: usize = 16 << 20;
/// How much of a body is kept, in bytes.
pub(crate) const KEPT: usize = 64 << 10;

/// A request that the sandbox received.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Request {
    /// When it arrived, by the clock of this machine, not by the sandbox's.
    pub at: Timestamp,
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
    /// Why it was refused, if the status of the response is a failure: the body of that, or else what the status means.
    pub refusal: Option<String>,
    headers: HeaderMap,
    body: Bytes,
}

impl Request {
    /// The value of a header; the first if there are several, and `None` if it isn't a string.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// All headers, names in lower case. They have the credential in them.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
    }

    /// The body, as far as it was received, and no more than its first 64 KiB.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body as JSON; `None` if it isn't JSON, or longer than 64 KiB.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// How much of the content is kept, in bytes.
    fn size(&self) -> usize {
        let headers: usize = self.headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
        self.path.len() + headers + self.body.len() + self.refusal.as_ref().map_or(0, String::len)
    }
}

/// The list of requests, to which the server adds.
#[derive(Debug, Default)]
pub(crate) struct Records(Mutex<List>);

#[derive(Debug, Default)]
struct List {
    requests: VecDeque<Request>,
    /// The number of the first request that is kept.
    first: usize,
    /// The length of what is kept of them.
    bytes: usize,
    counts: HashMap<&'static str, usize>,
}

impl List {
    fn get(&mut self, number: usize) -> Option<&mut Request> {
        self.requests.get_mut(number.checked_sub(self.first)?)
    }

    fn forget_the_oldest(&mut self) {
        while self.requests.len() > MOST || self.bytes > MOST_BYTES {
            let Some(oldest) = self.requests.pop_front() else { return };
            self.bytes -= oldest.size();
            self.first += 1;
        }
    }
}

impl Records {
    /// Notes a request that has arrived, and gives its number.
    pub(crate) fn open(&self, parts: &Parts, operation: Option<&'static str>) -> usize {
        let mut list = self.list();
        let request = Request {
            at: Timestamp::now(),
            method: parts.method.to_string(),
            path: parts.uri.path_and_query().map_or_else(|| parts.uri.path().to_owned(), ToString::to_string),
            operation,
            scheme: scheme(&parts.headers),
            status: None,
            refusal: None,
            headers: copied(&parts.headers),
            body: Bytes::new(),
        };
        list.bytes += request.size();
        list.requests.push_back(request);
        if let Some(operation) = operation {
            *list.counts.entry(operation).or_default() += 1;
        }
        list.forget_the_oldest();
        list.first + list.requests.len() - 1
    }

    /// Notes what was received of the body of a request.
    pub(crate) fn received(&self, number: usize, body: Bytes) {
        let mut list = self.list();
        let length = body.len();
        let Some(request) = list.get(number) else { return };
        request.body = body;
        list.bytes += length;
        list.forget_the_oldest();
    }

    /// Notes the status of the response to a request, and the body of a refusal; gives the request if it is still there.
    pub(crate) fn close(&self, number: usize, status: Option<u16>, refusal: Option<String>) -> Option<Request> {
        let mut list = self.list();
        let length = refusal.as_ref().map_or(0, String::len);
        let request = list.get(number)?;
        (request.status, request.refusal) = (status, refusal);
        let request = request.clone();
        list.bytes += length;
        list.forget_the_oldest();
        Some(request)
    }

    /// A copy of the list.
    pub(crate) fn all(&self) -> Vec<Request> {
        self.list().requests.iter().cloned().collect()
    }

    /// How many requests there were of an operation.
    pub(crate) fn count(&self, operation: &str) -> usize {
        self.list().counts.get(operation).copied().unwrap_or_default()
    }

    /// Forgets all requests and how many there were.
    pub(crate) fn clear(&self) {
        let mut list = self.list();
        let first = list.first + list.requests.len();
        *list = List { first, ..List::default() };
    }

    fn list(&self) -> MutexGuard<'_, List> {
        // The list is whole at any moment, so a panic elsewhere doesn't spoil it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Headers that stand in memory of their own: as received, the values are parts of a buffer of several KiB, all of which would
/// be kept with them.
fn copied(headers: &HeaderMap) -> HeaderMap {
    let copied = |value: &HeaderValue| HeaderValue::from_bytes(value.as_bytes()).ok();
    headers.iter().filter_map(|(name, value)| Some((name.clone(), copied(value)?))).collect()
}

fn scheme(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    value.split_once(' ').map(|(word, _)| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// hyper hands over headers as parts of what it has read.
    #[test]
    fn what_was_read_is_not_kept() {
        let records = Records::default();
        let read = Bytes::from("application/json\r\n".repeat(400));
        let accept = HeaderValue::from_maybe_shared(read.slice(..16)).unwrap();
        let (parts, ()) = axum::http::Request::get("/call/1").header("accept", accept).body(()).unwrap().into_parts();
        records.open(&parts, Some("getCall"));
        drop(parts);
        assert_eq!(records.all()[0].header("accept"), Some("application/json"));
        assert!(read.is_unique(), "a record keeps the buffer");
    }

    #[test]
    fn the_oldest_are_forgotten() {
        let records = Records::default();
        let (parts, ()) = axum::http::Request::get("/call/1").body(()).unwrap().into_parts();
        let last = (0..=MOST).map(|_| records.open(&parts, Some("getCall"))).last().unwrap();
        assert_eq!((records.all().len(), records.count("getCall"), last), (MOST, MOST + 1, MOST));
        assert_eq!(records.close(0, Some(200), None), None, "it is forgotten");
        assert_eq!(records.close(last, Some(404), Some("{}".to_owned())).unwrap().status, Some(404));
        for number in 0..=MOST {
            records.received(number, vec![b' '; KEPT].into());
        }
        // Paths count too, so that it is one less.
        assert_eq!(records.all().len(), MOST_BYTES / KEPT - 1);
        records.clear();
        let long = "n".repeat(KEPT);
        let (parts, ()) = axum::http::Request::get("/").header("long", &long).body(()).unwrap().into_parts();
        for _ in 0..MOST_BYTES / KEPT {
            let number = records.open(&parts, None);
            records.close(number, Some(404), Some(long.clone()));
        }
        assert_eq!(records.all().len(), MOST_BYTES / (2 * KEPT) - 1);
        records.clear();
        assert_eq!((records.all().len(), records.count("getCall")), (0, 0));
        assert_eq!(records.open(&parts, None), MOST + 1 + MOST_BYTES / KEPT);
    }
}
