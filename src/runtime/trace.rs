//! The span of a call, with the attribute names of OpenTelemetry's conventions for HTTP clients. Without the feature
//! `tracing` all of this is empty.
//!
//! The conventions: semantic-conventions, `docs/http/http-spans.md`. One span per call, with the number of its retries in
//! `http.request.resend_count`, is their second way of making spans; signing in is a call of its own, and its span lies in
//! that of the call which needed it. Where this departs from them:
//!
//! - `url.full` is required there and left out here. No body, header, query or path parameter is recorded, since any may be a
//!   secret; `url.template` is the path of the spec, below the base URL.
//! - `error.type` is the status code of a failed response as a string, and of any other failure the name of its
//!   [`ErrorKind`](super::ErrorKind), with `refused` for one under a status that says success; a call that was given up is
//!   `cancelled`.
//! - A download is over, for its span, when its content begins.

use std::time::Duration;

use reqwest::{StatusCode, Url};

use super::{ErrorKind, Operation, Outcome, repair::Repairs};

/// The span of one call; every attempt of it, signing in included, happens inside. It ends with the last clone.
#[derive(Clone)]
pub(super) struct Trace {
    #[cfg(feature = "tracing")]
    span: tracing::Span,
}

#[cfg(feature = "tracing")]
impl Trace {
    pub(super) fn of(operation: &'static Operation, url: &Url) -> Self {
        let span = tracing::info_span!(
            target: "casewire",
            "call",
            otel.kind = "client",
            otel.name = format_args!("{} {}", operation.method, operation.path),
            otel.status_code = tracing::field::Empty,
            casewire.operation = operation.id,
            http.request.method = operation.method,
            url.scheme = url.scheme(),
            url.template = operation.path,
            // Brackets belong to URLs, not to addresses of IPv6.
            server.address = url.host_str().map(|host| host.trim_matches(['[', ']'])),
            server.port = url.port_or_known_default(),
            http.request.resend_count = tracing::field::Empty,
            http.response.status_code = tracing::field::Empty,
            error.type = tracing::field::Empty,
        );
        Self { span }
    }

    /// Everything that `call` does happens in the span.
    pub(super) fn within<F: Future>(&self, call: F) -> impl Future<Output = F::Output> + use<F> {
        tracing::Instrument::instrument(call, self.span.clone())
    }

    /// Tells that the call was not carried through, unless it is told that it was.
    pub(super) fn unfinished(&self) -> Unfinished<'_> {
        Unfinished(Some(self))
    }

    /// A request is sent again; `number` is 1 for the first time.
    pub(super) fn resends(&self, number: u32, wait: Duration, reason: &str) {
        self.span.record("http.request.resend_count", number);
        let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        tracing::debug!(target: "casewire", parent: &self.span, number, wait_ms, reason, "sends again");
    }

    /// A file became longer than it was when its length was announced.
    pub(super) fn grown(&self, upload: &str, announced_bytes: u64) {
        tracing::warn!(
            target: "casewire",
            parent: &self.span,
            upload,
            announced_bytes,
            "the file has grown; only the bytes that were announced are sent"
        );
    }

    /// What the server sent was repaired.
    pub(super) fn repaired(&self, Repairs { count, places }: &Repairs) {
        if *count > 0 {
            let first = places.join(", ");
            tracing::warn!(target: "casewire", parent: &self.span, count, first, "read what the schema rules out");
        }
    }

    pub(super) fn succeeded(&self, status: StatusCode) {
        self.span.record("http.response.status_code", status.as_u16());
    }

    pub(super) fn failed(&self, kind: ErrorKind, outcome: Outcome, status: Option<StatusCode>, attempts: u32) {
        if let Some(status) = status {
            self.span.record("http.response.status_code", status.as_u16());
        }
        match status {
            Some(status) if !status.is_success() => self.error(status.as_str()),
            _ => self.error(kind.name()),
        }
        let (kind, outcome, status) = (kind.name(), outcome.name(), status.map(|status| status.as_u16()));
        tracing::warn!(target: "casewire", parent: &self.span, kind, outcome, status, attempts, "the call failed");
    }

    fn error(&self, of_type: &str) {
        self.span.record("error.type", of_type);
        self.span.record("otel.status_code", "ERROR");
    }
}

/// A call that was not carried through.
#[cfg(feature = "tracing")]
pub(super) struct Unfinished<'a>(Option<&'a Trace>);

#[cfg(feature = "tracing")]
impl Unfinished<'_> {
    /// It was.
    pub(super) fn finish(mut self) {
        self.0 = None;
    }
}

#[cfg(feature = "tracing")]
impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        if let Some(trace) = self.0 {
            trace.error("cancelled");
        }
    }
}

#[cfg(not(feature = "tracing"))]
#[allow(clippy::unused_self)]
impl Trace {
    pub(super) fn of(_: &'static Operation, _: &Url) -> Self {
        Self {}
    }

    pub(super) fn within<F: Future>(&self, call: F) -> F {
        call
    }

    pub(super) fn unfinished(&self) -> Unfinished {
        Unfinished
    }

    pub(super) fn resends(&self, _: u32, _: Duration, _: &str) {}

    pub(super) fn grown(&self, _: &str, _: u64) {}

    pub(super) fn repaired(&self, _: &Repairs) {}

    pub(super) fn succeeded(&self, _: StatusCode) {}

    pub(super) fn failed(&self, _: ErrorKind, _: Outcome, _: Option<StatusCode>, _: u32) {}
}

#[cfg(not(feature = "tracing"))]
pub(super) struct Unfinished;

#[cfg(not(feature = "tracing"))]
#[allow(clippy::unused_self)]
impl Unfinished {
    pub(super) fn finish(self) {}
}

/// The task as a part of the span in which it was begun.
#[cfg(feature = "tracing")]
pub(super) fn in_current_span<T>(task: impl Future<Output = T>) -> impl Future<Output = T> {
    tracing::Instrument::in_current_span(task)
}

#[cfg(not(feature = "tracing"))]
pub(super) fn in_current_span<T>(task: impl Future<Output = T>) -> impl Future<Output = T> {
    task
}
