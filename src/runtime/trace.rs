//! The span of a call, with the attribute names of OpenTelemetry's conventions for HTTP clients. Without the feature
//! `tracing` all of this is empty. No body, header, query or path parameter is recorded, since any may be a secret.

use std::time::Duration;

use reqwest::{StatusCode, Url};

use super::{ErrorKind, Operation};

/// The span of one call; every attempt of it, signing in included, happens inside.
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
            casewire.operation = operation.id,
            http.request.method = operation.method,
            url.scheme = url.scheme(),
            url.template = operation.path,
            server.address = url.host_str(),
            server.port = url.port_or_known_default(),
            http.request.resend_count = tracing::field::Empty,
            http.response.status_code = tracing::field::Empty,
            error.type = tracing::field::Empty,
        );
        Self { span }
    }

    /// Everything that `call` does happens in the span.
    pub(super) async fn within<T>(&self, call: impl Future<Output = T>) -> T {
        tracing::Instrument::instrument(call, self.span.clone()).await
    }

    /// A request goes out once more; `number` is 1 for the first time that it does.
    pub(super) fn resends(&self, number: u32, wait: Duration) {
        self.span.record("http.request.resend_count", number);
        tracing::debug!(target: "casewire", parent: &self.span, number, wait_ms = wait.as_millis(), "sends again");
    }

    pub(super) fn answered(&self, status: StatusCode) {
        self.span.record("http.response.status_code", status.as_u16());
        if status.is_client_error() || status.is_server_error() {
            self.span.record("error.type", status.as_str());
        }
    }

    pub(super) fn failed(&self, kind: ErrorKind) {
        self.span.record("error.type", kind.name());
    }
}

#[cfg(not(feature = "tracing"))]
#[allow(clippy::unused_self)]
impl Trace {
    pub(super) fn of(_: &'static Operation, _: &Url) -> Self {
        Self {}
    }

    pub(super) async fn within<T>(&self, call: impl Future<Output = T>) -> T {
        call.await
    }

    pub(super) fn resends(&self, _: u32, _: Duration) {}

    pub(super) fn answered(&self, _: StatusCode) {}

    pub(super) fn failed(&self, _: ErrorKind) {}
}
