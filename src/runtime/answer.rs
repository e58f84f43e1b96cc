//! An answer with its body: read whole, up to a limit, or handed on as it comes. What generated code makes of it depends on
//! its status; how JSON is read is in `decode`.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use progenitor_client::ResponseValue;
use reqwest::{
    Response, StatusCode,
    header::{CONTENT_TYPE, HeaderMap},
};
use serde::de::DeserializeOwned;

use super::{
    ByteStream, DecodeError, Error, ErrorKind, Operation, TransportError, UnexpectedStatus,
    decode::{MAX_DECODED, Unreadable, from_json},
    error::Cause,
    failed::Failed,
    trace::Trace,
};

/// How much of an undocumented answer is kept, in bytes.
const EXCERPT: usize = 16 << 10;
/// How much of an answer with a failure status is read, in bytes, unless the limit for bodies is lower.
const FAILURE: usize = 1 << 20;

/// What the server answered.
pub(crate) struct Answer {
    pub(super) operation: &'static Operation,
    status: StatusCode,
    headers: HeaderMap,
    body: Body,
    /// The call that this is the answer to, which may fail still because of the body.
    pub(super) trace: Trace,
}

enum Body {
    /// Read whole.
    Whole(Bytes),
    /// Larger than this many bytes, which were read.
    TooLarge(Bytes, usize),
    /// What came before the connection broke.
    Broken(Bytes, Cause),
    /// A download, which the caller reads.
    Stream(ByteStream),
}

impl Answer {
    /// The answer with its body, of which no more than `limit` bytes are read, and which may pause no longer than `idle`. A
    /// successful download is not read.
    pub(super) async fn read(
        operation: &'static Operation,
        mut response: Response,
        limit: usize,
        idle: Duration,
        trace: Trace,
    ) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        if operation.downloads && status == StatusCode::OK {
            let body = Body::Stream(ByteStream::new(operation, response, idle));
            return Self { operation, status, headers, body, trace };
        }
        let limit = if status.is_success() { limit } else { limit.min(FAILURE) };
        let mut read = BytesMut::new();
        let body = loop {
            match tokio::time::timeout(idle, response.chunk()).await {
                Ok(Ok(None)) => break Body::Whole(read.freeze()),
                Ok(Ok(Some(chunk))) => {
                    let room = limit - read.len();
                    read.extend_from_slice(&chunk[..chunk.len().min(room)]);
                    if chunk.len() > room {
                        break Body::TooLarge(read.freeze(), limit);
                    }
                }
                Ok(Err(e)) => break Body::Broken(read.freeze(), Cause::Http(e)),
                Err(_) => break Body::Broken(read.freeze(), Cause::Limit("idle_timeout", idle)),
            }
        };
        Self { operation, status, headers, body, trace }
    }

    /// The status, for the match of generated code.
    pub(crate) fn status(&self) -> u16 {
        self.status.as_u16()
    }

    pub(crate) fn status_code(&self) -> StatusCode {
        self.status
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Whether the connection broke while the body of a success was read, not because of a time limit.
    pub(super) fn is_broken(&self) -> bool {
        matches!(&self.body, Body::Broken(_, cause) if self.status.is_success() && !cause.is_timeout())
    }

    /// What was read of the body, without a byte order mark.
    pub(crate) fn text(&self) -> &[u8] {
        let (Body::Whole(read) | Body::TooLarge(read, _) | Body::Broken(read, _)) = &self.body else { return &[] };
        read.strip_prefix("\u{feff}".as_bytes()).unwrap_or(read)
    }

    /// The JSON body.
    pub(crate) fn json<T: DeserializeOwned>(self) -> Result<ResponseValue<T>, Failed> {
        let properties = self.operation.properties;
        self.decode(|bytes| from_json(bytes, properties, MAX_DECODED))
    }

    /// The JSON body, or `None` when there is none, or `null`.
    pub(crate) fn json_if_any<T: DeserializeOwned>(self) -> Result<ResponseValue<Option<T>>, Failed> {
        let properties = self.operation.properties;
        self.decode(
            |bytes| if bytes.trim_ascii().is_empty() { Ok(None) } else { from_json(bytes, properties, MAX_DECODED) },
        )
    }

    /// The JSON body of a failure whose body the document leaves open; `None` when there is none or another one.
    pub(crate) fn json_if_readable<T: DeserializeOwned>(self) -> ResponseValue<Option<T>> {
        let read = match self.body {
            Body::Whole(_) => from_json(self.text(), self.operation.properties, MAX_DECODED).ok(),
            _ => None,
        };
        self.with(read)
    }

    /// An answer without a body.
    pub(crate) fn empty(self) -> ResponseValue<()> {
        self.with(())
    }

    /// An answer without the body that another answer to the same call has.
    pub(crate) fn none<T>(self) -> ResponseValue<Option<T>> {
        self.with(None)
    }

    /// An answer whose body is handed on as it comes. The specs have downloads under 200 only, which are not read before.
    pub(crate) fn stream(self) -> Result<ResponseValue<ByteStream>, Failed> {
        match self.body {
            Body::Stream(stream) => Ok(ResponseValue::new(stream, self.status, self.headers)),
            _ => self.decode(|_| Err(Unreadable::whole("it was read already".to_owned()))),
        }
    }

    /// An answer that the spec doesn't document.
    pub(crate) fn unexpected<E>(self) -> Error<E> {
        self.trace.failed_after(self.status, ErrorKind::Undecodable);
        let body = match self.body {
            Body::Whole(read) | Body::TooLarge(read, _) | Body::Broken(read, _) => {
                read.slice(..read.len().min(EXCERPT))
            }
            Body::Stream(_) => Bytes::new(),
        };
        let (operation, status, content_type) = (self.operation, self.status, content_type(&self.headers));
        Error::UnexpectedStatus(UnexpectedStatus { operation, status, content_type, body })
    }

    /// The status and headers with a value that was read from the body.
    pub(super) fn with<T>(self, value: T) -> ResponseValue<T> {
        ResponseValue::new(value, self.status, self.headers)
    }

    pub(super) fn decode<T>(
        self,
        read: impl FnOnce(&[u8]) -> Result<T, Unreadable>,
    ) -> Result<ResponseValue<T>, Failed> {
        let (trace, status) = (self.trace.clone(), self.status);
        let value = match self.body {
            Body::Broken(_, cause) => Err(Failed::Transport(TransportError::new(self.operation, cause))),
            Body::TooLarge(_, limit) => {
                let reason = format!("it is larger than the limit of {limit} bytes");
                Err(self.undecodable(Unreadable::whole(reason)))
            }
            Body::Whole(_) | Body::Stream(_) => match read(self.text()) {
                Ok(value) => Ok(self.with(value)),
                Err(unreadable) => Err(self.undecodable(unreadable)),
            },
        };
        if let Err(failed) = &value {
            trace.failed_after(status, failed.kind());
        }
        value
    }

    fn undecodable(&self, unreadable: Unreadable) -> Failed {
        let content_type = content_type(&self.headers);
        Failed::Undecodable(DecodeError::new(self.operation, self.status, content_type, unreadable))
    }
}

/// A documented failure made of what was read.
pub(crate) fn failure<B, E>(answer: ResponseValue<B>, wrap: impl FnOnce(B) -> E) -> Error<E> {
    let (status, headers) = (answer.status(), answer.headers().clone());
    Error::ErrorResponse(Box::new(ResponseValue::new(wrap(answer.into_inner()), status, headers)))
}

fn content_type(headers: &HeaderMap) -> Option<String> {
    headers.get(CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}
