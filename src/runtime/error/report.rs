//! What every error says of its call and of the response to it.

use std::{fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use reqwest::{
    StatusCode,
    header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderMap},
};
use tokio::time::Instant;

use super::{ErrorKind, InvalidRequest, Outcome, message};
use crate::runtime::{Operation, meter::Meter};

/// A call that is under way.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) operation: &'static Operation,
    /// Scheme, host and port of the server.
    origin: Arc<str>,
    started: Instant,
    /// How many requests were made for it, those for a credential not among them.
    pub(crate) attempts: u32,
    /// Whether an attempt before the last one may have been executed.
    pub(crate) unknown: bool,
    /// What a person can do about it, if it fails.
    pub(crate) hint: Option<&'static str>,
    pub(crate) meter: Meter,
}

impl Call {
    pub(crate) fn new(operation: &'static Operation, origin: Arc<str>, meter: Meter) -> Self {
        Self { operation, origin, started: Instant::now(), attempts: 0, unknown: false, hint: None, meter }
    }

    /// What an error says whose last attempt has this outcome.
    pub(crate) fn report(&self, outcome: Outcome) -> Report {
        Report(Box::new(Facts {
            operation: self.operation,
            origin: Arc::clone(&self.origin),
            attempts: self.attempts,
            elapsed: self.started.elapsed(),
            outcome: outcome.after(self.unknown),
            hint: self.hint,
        }))
    }

    /// A request that can't be built.
    pub(crate) fn invalid(&self, reason: String) -> InvalidRequest {
        let reason = message::one_line(&reason).collect();
        InvalidRequest { reason, received: None, report: self.report(Outcome::NotSent) }
    }
}

/// What every error says of its call.
#[derive(Clone)]
pub(crate) struct Report(Box<Facts>);

#[derive(Clone)]
pub(crate) struct Facts {
    pub(crate) operation: &'static Operation,
    pub(crate) origin: Arc<str>,
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
    pub(crate) outcome: Outcome,
    hint: Option<&'static str>,
}

impl Facts {
    /// Host and port of the server.
    pub(crate) fn server(&self) -> &str {
        self.origin.split_once("://").map_or(&*self.origin, |(_, server)| server)
    }

    /// Writes what the text of every error begins with: `GET /call/{id} (getCall) at https://desk.example:443: `. The alternate
    /// form, for an error within the text of another, leaves the server out.
    pub(crate) fn head(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match f.alternate() {
            true => write!(f, "{}: ", self.operation),
            false => write!(f, "{} at {}: ", self.operation, self.origin),
        }
    }

    /// Writes ` after 3 attempts in 0.9 s`; nothing for the first attempt.
    pub(crate) fn tries(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.attempts, self.elapsed) {
            (0 | 1, _) => Ok(()),
            (attempts, elapsed) if elapsed < Duration::from_millis(100) => {
                write!(f, " after {attempts} attempts in {} ms", elapsed.as_millis())
            }
            (attempts, elapsed) => write!(f, " after {attempts} attempts in {:.1} s", elapsed.as_secs_f64()),
        }
    }

    /// Writes what a person can do about it, behind a semicolon, where that is known.
    pub(crate) fn advice(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.hint.map_or(Ok(()), |hint| write!(f, "; {hint}"))
    }
}

impl std::ops::Deref for Report {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        &self.0
    }
}

/// A response, or as much of it as came.
#[derive(Clone)]
pub(crate) struct Received {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Whether it is the sign-in page, or a redirect to it.
    pub(crate) sign_in_page: bool,
}

impl Received {
    /// The kind of a failure that this response is.
    pub(crate) fn kind(&self) -> ErrorKind {
        if self.sign_in_page { ErrorKind::Authentication } else { ErrorKind::of_status(self.status) }
    }

    /// The outcome that it stands for if nothing else is known of it.
    pub(crate) fn outcome(&self) -> Outcome {
        if self.sign_in_page { Outcome::Refused } else { Outcome::of_status(self.status) }
    }

    /// The media type, in lower case and without parameters (RFC 9110, section 8.3.1).
    pub(crate) fn media_type(&self) -> Option<String> {
        self.content_type()?.split(';').next().map(|media_type| media_type.trim().to_ascii_lowercase())
    }

    /// The header `Content-Type` as it was sent.
    pub(crate) fn content_type(&self) -> Option<&str> {
        self.headers.get(CONTENT_TYPE).and_then(|value| std::str::from_utf8(value.as_bytes()).ok())
    }
}

/// Whether a response is declared to be a file (RFC 6266, section 4.2).
pub(crate) fn is_attachment(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_DISPOSITION).is_some_and(|value| {
        // Where the semicolon is missing, too.
        let kind = value.as_bytes().trim_ascii_start().split(|byte| b"; \t".contains(byte)).next();
        kind.is_some_and(|kind| kind.eq_ignore_ascii_case(b"attachment"))
    })
}

/// A body without its byte order mark.
pub(crate) fn without_bom(text: &[u8]) -> &[u8] {
    text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text)
}
