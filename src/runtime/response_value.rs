//! What a successful call gives: the value with the status and the headers that it came with.

use std::{
    fmt,
    ops::{Deref, DerefMut},
};

use reqwest::{
    StatusCode,
    header::{CONTENT_LENGTH, HeaderMap},
};

/// The result of a call. It dereferences to the value; [`into_inner`](Self::into_inner) takes it out.
pub struct ResponseValue<T> {
    value: T,
    status: StatusCode,
    headers: HeaderMap,
}

impl<T> ResponseValue<T> {
    pub(super) fn new(value: T, status: StatusCode, headers: HeaderMap) -> Self {
        Self { value, status, headers }
    }

    /// The value.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The status of the response.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers of the response. They may hold secrets.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// How long the body is, in bytes, if the response says so: of a download, before it is read.
    pub fn content_length(&self) -> Option<u64> {
        self.headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
    }

    /// Another value in place of this one.
    pub fn map<U>(self, map: impl FnOnce(T) -> U) -> ResponseValue<U> {
        let Self { value, status, headers } = self;
        ResponseValue { value: map(value), status, headers }
    }
}

impl<T> Deref for ResponseValue<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for ResponseValue<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

/// The value alone: headers may hold secrets.
impl<T: fmt::Debug> fmt::Debug for ResponseValue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}
