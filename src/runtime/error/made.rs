//! Errors that a test of a program makes, without a server.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use reqwest::{StatusCode, header::HeaderMap};

use super::{
    Error, ErrorResponse, Failure, Outcome, TransportError, UnexpectedStatus,
    report::{Call, Received},
    transport::{TimeLimit, TransportCause},
};
use crate::runtime::meter::Meter;

/// For tests of what a program does about an error: as if the first attempt had failed so, at `localhost`. What the error
/// says follows from that as it does for a call, such as its [outcome](Self::outcome).
impl<E: Failure> Error<E> {
    /// A documented failure, for tests: a response with the status of the failure, or with 200 if only a body reports it, with these
    /// headers and without a body. One that only a body reports is [`Outcome::Refused`] here, whatever it says; for one that says
    /// that the server failed, nobody knows: test that with [`timed_out`](Self::timed_out).
    ///
    /// ```
    /// use casewire::{AnyError, Error, Outcome, contractor::error::GetCallError, http::HeaderMap};
    ///
    /// // What is tested.
    /// fn may_be_closed(looked: Result<bool, AnyError>) -> bool {
    ///     match looked {
    ///         Ok(is_done) => is_done,
    ///         Err(e) => matches!(e.failure(), Some(GetCallError::NotFound(_))),
    ///     }
    /// }
    ///
    /// let gone = Error::from_failure(GetCallError::NotFound(None), HeaderMap::new());
    /// assert_eq!(gone.outcome(), Outcome::Refused);
    /// assert!(may_be_closed(Err(gone.into())));
    /// let slow: Error<GetCallError> = Error::timed_out();
    /// assert!(slow.is_retryable() && !may_be_closed(Err(slow.into())));
    /// ```
    #[must_use]
    pub fn from_failure(failure: E, headers: HeaderMap) -> Self {
        // Statuses come from the spec, whose rules allow none that is not one.
        let status = failure.status().and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(StatusCode::OK);
        let received = received(status, headers);
        let outcome = if status.is_success() { Outcome::Refused } else { received.outcome() };
        Self::ErrorResponse(Box::new(ErrorResponse::new(failure, received, call::<E>().report(outcome))))
    }

    /// A status that isn't documented for the operation, for tests: a response with these headers and without a body. For one that
    /// is documented, [`from_failure`](Self::from_failure) makes what a call gives.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use casewire::{Error, contractor::error::CloseCallError, http::{HeaderMap, StatusCode, header::RETRY_AFTER}};
    ///
    /// let headers = HeaderMap::from_iter([(RETRY_AFTER, "30".parse()?)]);
    /// let busy = Error::<CloseCallError>::from_status(StatusCode::SERVICE_UNAVAILABLE, headers);
    /// assert_eq!(busy.retry_after(), Some(Duration::from_secs(30)));
    /// assert!(!busy.is_retryable(), "the call may be closed by now");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn from_status(status: StatusCode, headers: HeaderMap) -> Self {
        Self::UnexpectedStatus(UnexpectedStatus::new(&call::<E>(), received(status, headers)))
    }

    /// A request to which no response came in time, for tests. Nobody knows whether it was executed:
    /// [`Outcome::Unknown`].
    #[must_use]
    pub fn timed_out() -> Self {
        let limit = TimeLimit::new(Duration::from_secs(30), "Config::timeout");
        Self::Transport(TransportError::no_response(&call::<E>(), TransportCause::Limit(limit), false))
    }
}

fn call<E: Failure>() -> Call {
    let mut call = Call::new(E::OPERATION, Arc::from("http://localhost"), Meter::default());
    call.attempts = 1;
    call
}

fn received(status: StatusCode, headers: HeaderMap) -> Received {
    Received { status, headers, body: Bytes::new(), sign_in_page: false }
}
