//! Responses that are not what the spec promises: by their status, or by a body that can't be read.

use std::{error::Error as StdError, fmt};

use bytes::Bytes;
use reqwest::{StatusCode, header::HeaderMap};

use super::{
    ErrorKind, Outcome,
    report::{Call, Received, Report},
    without_bom,
};
use crate::runtime::{
    Operation,
    decode::{Unreadable, from_json, redacted},
    retry,
};

/// A response with a status that the spec doesn't document for the operation, a redirect included.
#[derive(Clone)]
pub struct UnexpectedStatus {
    pub(crate) received: Box<Received>,
    pub(crate) report: Report,
}

impl UnexpectedStatus {
    pub(crate) fn new(call: &Call, received: Received) -> Self {
        let outcome = received.outcome();
        Self { received: Box::new(received), report: call.report(outcome) }
    }

    /// The operation.
    #[must_use]
    pub fn operation(&self) -> &'static Operation {
        self.report.operation
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.received.status
    }

    /// The headers of the response.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.received.headers
    }

    /// The `Content-Type` of the response, as sent. `Debug` and `Display` show it if it is a usual one.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.received.content_type()
    }

    /// The body of the response; of a failure, no more than 1 MiB is read. May hold anything; neither `Debug` nor `Display`
    /// shows it.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.received.body
    }
}

impl fmt::Display for UnexpectedStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Received { status, body, .. } = &*self.received;
        self.report.head(f)?;
        write!(f, "the server responded with {status}")?;
        self.report.tries(f)?;
        // That a server may be overloaded or fail goes without saying.
        if !status.is_server_error() && !retry::is_passing(*status) {
            write!(f, ", which the spec doesn't document for this operation")?;
        }
        write!(f, " ({}, {} bytes", shown(self.received.content_type()), body.len())?;
        match redacted(body, 0).as_str() {
            "" => write!(f, ")")?,
            shape => write!(f, ", shaped like `{shape}`)")?,
        }
        self.report.advice(f)
    }
}

impl fmt::Debug for UnexpectedStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl StdError for UnexpectedStatus {}

/// The body of a success that can't be read as what the spec promises.
pub struct DecodeError {
    unreadable: Box<Unreadable>,
    pub(crate) received: Box<Received>,
    pub(crate) report: Report,
}

impl DecodeError {
    pub(crate) fn new(call: &Call, received: Received, unreadable: Unreadable, outcome: Outcome) -> Self {
        Self { unreadable: Box::new(unreadable), received: Box::new(received), report: call.report(outcome) }
    }

    /// What the body is if it is read as something else.
    #[doc(hidden)]
    #[must_use]
    pub fn read_as<T: serde::de::DeserializeOwned>(&self) -> Option<T> {
        from_json(without_bom(&self.received.body), &[], usize::MAX).ok()
    }

    /// The operation.
    #[must_use]
    pub fn operation(&self) -> &'static Operation {
        self.report.operation
    }

    /// The status of the response.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.received.status
    }

    /// The headers of the response.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.received.headers
    }

    /// The `Content-Type` of the response, as sent. `Debug` and `Display` show it if it is a usual one.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.received.content_type()
    }

    /// The body of the response, as far as it was read. May hold anything; neither `Debug` nor `Display` shows it.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.received.body
    }

    /// Where in the body: a path such as `tasks[1].status`, or `.` for the body as a whole.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.unreadable.path
    }

    /// Where in the body, in bytes from its beginning, as far as that is known.
    #[must_use]
    pub fn offset(&self) -> Option<usize> {
        self.unreadable.place.as_ref().map(|(offset, _)| *offset)
    }

    /// What stands around [`offset`](Self::offset), with `x` for every letter and `0` for every digit, since any of it may
    /// be secret.
    #[must_use]
    pub fn excerpt(&self) -> Option<&str> {
        self.unreadable.place.as_ref().map(|(_, excerpt)| excerpt.as_str())
    }

    /// What is wrong there. Values are left out, since they may be secret.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.unreadable.reason
    }

    pub(crate) fn kind(&self) -> ErrorKind {
        if self.received.sign_in_page { ErrorKind::Authentication } else { ErrorKind::Undecodable }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.report.head(f)?;
        let content_type = shown(self.content_type());
        write!(f, "can't read the body of the {} response ({content_type})", self.received.status)?;
        self.unreadable.fmt(f)?;
        self.report.advice(f)
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl StdError for DecodeError {}

/// What an error shows of a `Content-Type`: a media type and a character set that are well known, and of any other only the
/// shape, since a server may put anything there.
pub(super) fn shown(content_type: Option<&str>) -> String {
    const MEDIA_TYPES: &[&str] = &[
        "application/json",
        "application/octet-stream",
        "application/pdf",
        "application/problem+json",
        "application/xml",
        "image/jpeg",
        "image/png",
        "text/html",
        "text/json",
        "text/plain",
        "text/xml",
    ];
    const CHARSETS: &[&str] = &["iso-8859-1", "koi8-r", "us-ascii", "utf-16", "utf-8", "windows-1251"];
    let known = |known: &[&'static str], text: &str| {
        let text = text.trim().trim_matches('"');
        known.iter().copied().find(|known| known.eq_ignore_ascii_case(text))
    };
    let Some(content_type) = content_type else { return "no content type".to_owned() };
    let mut parts = content_type.split(';');
    let Some(media_type) = parts.next().and_then(|text| known(MEDIA_TYPES, text)) else {
        return format!("a content type shaped like `{}`", redacted(content_type.as_bytes(), 0));
    };
    let mut parameters = parts.filter_map(|parameter| parameter.split_once('='));
    let charset = parameters.find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"));
    match charset.and_then(|(_, value)| known(CHARSETS, value)) {
        Some(charset) => format!("{media_type}; charset={charset}"),
        None => media_type.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn usual_content_types_are_shown_and_others_are_shapes() {
        let check = |content_type, expect: &str| assert_eq!(shown(content_type), expect);
        check(None, "no content type");
        check(Some("application/json; charset=utf-8"), "application/json; charset=utf-8");
        check(Some("Text/HTML;Charset=\"UTF-8\""), "text/html; charset=utf-8");
        check(Some("application/json;odata.metadata=none"), "application/json");
        check(Some("text/plain; charset=hunter2"), "text/plain");
        check(Some("text/hunter2; charset=utf-8"), "a content type shaped like `xxxx/xxxxxx0; xxxxxxx=xxx-0`");
        check(Some(""), "a content type shaped like ``");
    }
}
