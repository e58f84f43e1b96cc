//! The documented failures of an operation, and a response that is one.

use std::{fmt, ops::Deref};

use bytes::Bytes;
use reqwest::{StatusCode, header::HeaderMap};

use super::report::{Received, Report};
use crate::runtime::Operation;

/// A documented failure of one operation. Implemented by the generated error enums.
pub trait Failure: fmt::Debug + Send + Sync + 'static {
    /// The operation whose failures these are.
    const OPERATION: &'static Operation;

    /// The HTTP status that is documented for this failure; `None` for one that only the body reports.
    fn status(&self) -> Option<u16>;

    /// The documented error code, where the failure carries one.
    fn code(&self) -> Option<ErrorCode> {
        None
    }

    /// What the server says went wrong, where the spec marks a property as that.
    fn message(&self) -> Option<&str> {
        None
    }
}

/// An error code of an interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ErrorCode {
    /// The number that the server sent.
    pub number: i64,
    /// What it means in words, for example `user is locked`; `None` for a code that the spec doesn't list.
    pub name: Option<&'static str>,
}

impl ErrorCode {
    /// One without documented meanings.
    #[doc(hidden)]
    pub fn unnamed(number: impl Into<i64>) -> Self {
        Self { number: number.into(), name: None }
    }
}

/// `5 (user is locked)`, or `5` for a code that the spec doesn't list.
impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name {
            Some(name) => write!(f, "{} ({name})", self.number),
            None => self.number.fmt(f),
        }
    }
}

/// A response that is a documented failure. It dereferences to the failure; [`into_inner`](Self::into_inner) takes it out.
pub struct ErrorResponse<E> {
    failure: E,
    pub(crate) received: Received,
    /// Whether the body is not the documented one.
    pub(crate) is_foreign: bool,
    pub(crate) report: Report,
}

impl<E> ErrorResponse<E> {
    pub(crate) fn new(failure: E, received: Received, report: Report) -> Self {
        Self { failure, received, is_foreign: false, report }
    }

    /// The failure.
    pub fn into_inner(self) -> E {
        self.failure
    }

    /// The status of the response.
    pub fn status(&self) -> StatusCode {
        self.received.status
    }

    /// The headers of the response.
    pub fn headers(&self) -> &HeaderMap {
        &self.received.headers
    }

    /// The body of the response, as it came.
    pub fn body(&self) -> &Bytes {
        &self.received.body
    }
}

impl<E> Deref for ErrorResponse<E> {
    type Target = E;

    fn deref(&self) -> &E {
        &self.failure
    }
}

/// The failure alone: headers and body may hold secrets.
impl<E: fmt::Debug> fmt::Debug for ErrorResponse<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.failure.fmt(f)
    }
}
