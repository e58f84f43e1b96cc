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
    repairs: usize,
}

impl<T> ResponseValue<T> {
    /// The result of a call that was never made, for tests of what a program does with one. Types that are only received have `new`
    /// or `Default`, and are read from JSON by serde.
    ///
    /// ```
    /// use casewire::{ResponseValue, contractor::types::CallDto, http::{HeaderMap, StatusCode}};
    ///
    /// let call: CallDto = serde_json::from_str(r#"{"id": 683913, "number": "C-683913", "status": "New"}"#)?;
    /// let call = ResponseValue::new(call, StatusCode::OK, HeaderMap::new());
    /// assert_eq!(call.number.as_deref(), Some("C-683913"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn new(value: T, status: StatusCode, headers: HeaderMap) -> Self {
        Self { value, status, headers, repairs: 0 }
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

    /// How many values the server sent that its schema rules out, and that were read as what they can only mean: an empty
    /// string for an optional date-time, `null` in a list of objects, a fraction of a second with more than nine digits. The
    /// documentation of the crate says [what is read, and how](crate#what-is-read-and-how). Anything else that can't be read is
    /// an error.
    pub fn repairs(&self) -> usize {
        self.repairs
    }

    /// Another value in place of this one.
    pub fn map<U>(self, map: impl FnOnce(T) -> U) -> ResponseValue<U> {
        let Self { value, status, headers, repairs } = self;
        ResponseValue { value: map(value), status, headers, repairs }
    }

    /// The same, of whose values so many were repaired.
    pub(super) fn repaired(self, repairs: usize) -> Self {
        Self { repairs, ..self }
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
