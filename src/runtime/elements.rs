//! The elements of a list while it arrives: each is read by itself, as every response is, so that one that can't be read
//! spoils no other, and none but the one at hand takes memory.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_core::Stream;
use reqwest::StatusCode;
use serde::de::DeserializeOwned;

use super::{
    ByteStream, CallResult, DecodeError, Error, ErrorKind, Operation, Outcome, TransportError,
    decode::{Decoded, Defect, decode, redacted},
    error::{Call, Received},
    repair::Repairs,
    splitter::{Split, Splitter, Unsplit},
    trace::Trace,
};

/// A list that arrives.
pub struct Elements {
    call: Call,
    /// The response, without its body.
    received: Received,
    content: ByteStream,
    /// What came and was not looked at yet.
    chunk: Bytes,
    splitter: Splitter,
    max_body: usize,
    max_decoded: usize,
    /// What was repaired and not told of yet.
    repairs: Repairs,
    /// What was repaired in the element that was decoded last.
    latest: Repairs,
    trace: Trace,
}

/// Why a list can't be read to its end.
pub enum Broken {
    /// The connection broke.
    Transport(TransportError),
    /// It ended before the list did.
    CutOff(DecodeError),
    /// It is something else, such as a page.
    Other(DecodeError),
    /// It is a list, but not one of JSON.
    Malformed(DecodeError),
}

/// An element of a list that can't be read, while those around it can.
///
/// `Debug` and `Display` show why, and nothing of what was received.
pub struct Unreadable {
    /// What was received of it: all of it, or the first [`Config::max_body`](crate::Config::max_body) bytes of what is
    /// longer. It may hold secrets.
    pub raw: Bytes,
    /// Why it can't be read. [`path`](DecodeError::path) begins with its place in the list, as in `[17].status`;
    /// [`body`](DecodeError::body) and [`offset`](DecodeError::offset) are about the element alone.
    pub error: DecodeError,
}

impl Elements {
    pub(super) fn new(
        call: Call,
        received: Received,
        content: ByteStream,
        max_body: usize,
        max_decoded: usize,
        trace: Trace,
    ) -> Self {
        let is_nothing = received.status == StatusCode::NO_CONTENT;
        let splitter = if is_nothing { Splitter::of_nothing() } else { Splitter::new(max_body) };
        let (content, chunk) = (content.judged_by_its_reader(), Bytes::new());
        let (repairs, latest) = (Repairs::default(), Repairs::default());
        Self { call, received, content, chunk, splitter, max_body, max_decoded, repairs, latest, trace }
    }

    /// Whether there is another element, which [`decode`](Self::decode) reads; after the last, whether all of the response
    /// came.
    pub fn poll_element(&mut self, context: &mut Context<'_>) -> Poll<Result<bool, Broken>> {
        loop {
            match self.splitter.take(&mut self.chunk) {
                Ok(Split::Element) => return Poll::Ready(Ok(true)),
                Ok(Split::Nothing) => {}
                Err(unsplit) => return Poll::Ready(Err(self.unsplit(&unsplit))),
            }
            match Pin::new(&mut self.content).poll_next(context) {
                Poll::Ready(Some(Ok(chunk))) => self.chunk = chunk,
                Poll::Ready(Some(Err(e))) => {
                    self.failed(e.kind(), e.report.outcome);
                    return Poll::Ready(Err(Broken::Transport(e)));
                }
                Poll::Ready(None) if self.splitter.is_over() => {
                    self.call.meter.ends(CallResult::Success, Outcome::Done);
                    return Poll::Ready(Ok(false));
                }
                Poll::Ready(None) => return Poll::Ready(Err(self.cut_off())),
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    /// The element as it was received.
    pub fn raw(&self) -> &[u8] {
        self.splitter.element()
    }

    /// The element; nothing for a `null`, which is passed over, and counted.
    pub fn decode<T: DeserializeOwned>(&mut self) -> Result<Option<T>, Box<Unreadable>> {
        self.keep_repairs();
        let raw = self.splitter.element();
        if raw == b"null" {
            self.latest.add(Repairs::one(), self.splitter.count() - 1);
            return Ok(None);
        }
        let decoded = match self.splitter.length() > raw.len() {
            true => Err(Defect::whole(format!("it is larger than the limit max_body of {} bytes", self.max_body))),
            false => decode(raw, self.call.operation.properties, self.max_decoded),
        };
        match decoded {
            Ok(Decoded { value, repairs }) => {
                self.latest.add(repairs, self.splitter.count() - 1);
                Ok(Some(value))
            }
            Err(reason) => {
                let raw = Bytes::copy_from_slice(raw);
                let reason = reason.within(self.splitter.count() - 1);
                let received = Received { body: raw.clone(), ..self.received.clone() };
                Err(Box::new(Unreadable { raw, error: DecodeError::new(&self.call, received, reason, Outcome::Done) }))
            }
        }
    }

    /// The element that was decoded last is not handed on, so that what was repaired in it doesn't count.
    pub fn discard(&mut self) {
        self.latest = Repairs::default();
    }

    fn keep_repairs(&mut self) {
        self.repairs.append(std::mem::take(&mut self.latest));
    }

    /// How much was repaired since this was asked for last.
    pub fn take_repairs(&mut self) -> usize {
        self.keep_repairs();
        let repairs = std::mem::take(&mut self.repairs);
        self.trace.repaired(&repairs);
        repairs.count
    }

    /// Whoever reads does something else: what doesn't come meanwhile is not missed.
    pub fn pause(&mut self) {
        self.content.pause();
    }

    fn cut_off(&self) -> Broken {
        let reason = if self.splitter.is_blank() { "it is empty" } else { "it ends before the list does" };
        Broken::CutOff(self.undecodable(reason, Outcome::Unknown))
    }

    fn unsplit(&self, unsplit: &Unsplit) -> Broken {
        match unsplit {
            Unsplit::Other(reason) => Broken::Other(self.undecodable(reason, Outcome::Unknown)),
            Unsplit::Malformed(reason) => Broken::Malformed(self.undecodable(reason, Outcome::Done)),
        }
    }

    /// The error for the place that was reached.
    fn undecodable(&self, reason: &str, outcome: Outcome) -> DecodeError {
        let path = match self.splitter.is_array() {
            true => format!("[{}]", self.splitter.count()),
            false => ".".to_owned(),
        };
        let place = (self.splitter.taken(), redacted(&self.chunk, 0));
        let reason = Defect { path, place: Some(place), reason: reason.to_owned(), is_other: false };
        let received = Received { body: self.chunk.clone(), ..self.received.clone() };
        let error = DecodeError::new(&self.call, received, reason, outcome);
        self.failed(error.kind(), error.report.outcome);
        error
    }

    fn failed(&self, kind: ErrorKind, outcome: Outcome) {
        self.trace.failed(kind, outcome, Some(self.received.status), self.call.attempts);
        self.call.meter.ends(CallResult::Failure(kind), outcome);
    }
}

impl<E> From<Broken> for Error<E> {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::Transport(e) => Self::Transport(e),
            Broken::CutOff(e) | Broken::Other(e) | Broken::Malformed(e) => Self::Undecodable(e),
        }
    }
}

impl Unreadable {
    /// The operation whose response has it.
    #[must_use]
    pub fn operation(&self) -> &'static Operation {
        self.error.operation()
    }
}

impl fmt::Debug for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unreadable").field("bytes", &self.raw.len()).field("error", &self.error).finish()
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

/// The reason itself is in the message.
impl std::error::Error for Unreadable {}
