//! A response with its body: read whole, up to a limit, or handed on as it comes. What generated code makes of it depends on
//! its status; how JSON is read is in `decode`.

use bytes::{Bytes, BytesMut};
use reqwest::{StatusCode, header::HeaderMap};
use serde::de::DeserializeOwned;
use tokio::time::Instant;

use super::{
    ByteStream, DecodeError, Error, ErrorResponse, Failure, Operation, ResponseValue, TransportError, UnexpectedStatus,
    decode::{Decoded, Defect, decode, from_json},
    elements::Elements,
    envelope::{Classification, Envelope},
    error::{Call, Outcome, Received, TimeLimit, TransportCause, is_attachment, without_bom},
    executor::Limits,
    failed::Failed,
    gate::Pass,
    sign_in_page,
    trace::Trace,
};

/// How much of a response with a failure status is read, in bytes, unless the limit for bodies is lower.
const FAILURE: usize = 1 << 20;
/// How much of a download is inspected that may not be the file, in bytes; and for no longer than a body that is read whole
/// may take.
const PEEK: usize = sign_in_page::LIMIT;

/// What the server sent back.
pub struct Response {
    call: Call,
    received: Received,
    body: Body,
    /// How long a body may be, and what decoded values may take in memory, both in bytes.
    max_body: usize,
    max_decoded: usize,
    /// The call that this is the response to.
    trace: Trace,
}

/// What became of the body. What was read of it is in `Received`.
enum Body {
    /// Read whole.
    Whole,
    /// Larger than this many bytes, or, for a download, too slow to be inspected as a whole.
    TooLarge(usize),
    /// The connection broke, or a limit was reached.
    Broken(TransportCause),
    /// A download, which the caller reads.
    Stream(Box<ByteStream>),
}

/// The limits within which a response is read.
pub(super) struct ReadLimits<'a> {
    pub(super) limits: &'a Limits,
    /// When a body that is read whole has to be there, and what set that.
    pub(super) end: Instant,
    pub(super) limit: TimeLimit,
    pub(super) pass: Pass,
}

/// What became of a body that was to be read.
pub(super) enum End {
    Whole,
    TooLarge(usize),
    Broken(TransportCause),
    /// The rest is the caller's to read.
    Streams,
}

/// What the HTTP client received, with none of its body yet. The headers are moved, not copied.
pub(super) fn received(response: &mut reqwest::Response) -> Received {
    let headers = std::mem::take(response.headers_mut());
    Received { status: response.status(), headers, body: Bytes::new(), sign_in_page: false }
}

/// Reads the body, which may pause no longer than the idle timeout. A successful download is not read, or only its beginning.
pub(super) async fn read(
    response: &mut reqwest::Response,
    received: &mut Received,
    call: &Call,
    limits: &ReadLimits<'_>,
) -> End {
    let ReadLimits { limits, end, limit, .. } = *limits;
    let status = received.status;
    let streams = call.streams && is_streamed(call.operation, status);
    let most = match streams {
        // What the caller's rule makes of headers alone counts for files, too.
        true if !may_be_no_file(received) && !limits.sign_in_pages.is_one(response.url(), received) => {
            return End::Streams;
        }
        true => PEEK,
        false if status.is_success() => limits.max_body,
        false => limits.max_body.min(FAILURE),
    };
    let mut read = Chunks::new(response.content_length(), most);
    let read_to = loop {
        let pause = Instant::now().checked_add(limits.idle).filter(|pause| *pause < end);
        let (until, limit) = match pause {
            Some(pause) => (pause, TimeLimit::idle(limits.idle)),
            None => (end, limit),
        };
        match tokio::time::timeout_at(until, response.chunk()).await {
            Ok(Ok(None)) => break End::Whole,
            Ok(Ok(Some(chunk))) if streams => {
                call.meter.receives(chunk.len() as u64);
                read.push(chunk);
                if read.len() > most || !begins_as_no_file(read.as_slice()) {
                    break End::TooLarge(most);
                }
            }
            Ok(Ok(Some(mut chunk))) => {
                call.meter.receives(chunk.len() as u64);
                let (length, room) = (chunk.len(), most - read.len());
                chunk.truncate(room);
                read.push(chunk);
                if length > room {
                    break End::TooLarge(most);
                }
            }
            Ok(Err(e)) => break End::Broken(TransportCause::Http(e)),
            // Only a pause ends a download.
            Err(_) if streams && pause.is_none() => break End::TooLarge(most),
            Err(_) => break End::Broken(TransportCause::Limit(limit)),
        }
    };
    received.body = match read.into_bytes() {
        body if status.is_success() => body,
        // Errors may be kept for long, and a chunk keeps all of the connection's buffer that it is a part of.
        body => Bytes::copy_from_slice(&body),
    };
    received.sign_in_page = limits.sign_in_pages.is_one(response.url(), received);
    match read_to {
        End::TooLarge(_) if streams && !received.sign_in_page => End::Streams,
        end => end,
    }
}

/// What was read of a body: a single chunk as it came, or several in one piece of memory.
struct Chunks {
    single: Bytes,
    several: BytesMut,
    /// How long the body is announced to be, in bytes, as far as that much is read.
    announced: usize,
}

impl Chunks {
    fn new(announced: Option<u64>, most: usize) -> Self {
        let announced = announced.map_or(0, |length| usize::try_from(length).unwrap_or(most).min(most));
        Self { single: Bytes::new(), several: BytesMut::new(), announced }
    }

    fn len(&self) -> usize {
        self.as_slice().len()
    }

    fn as_slice(&self) -> &[u8] {
        if self.several.is_empty() { &self.single } else { &self.several }
    }

    fn push(&mut self, chunk: Bytes) {
        if self.len() == 0 {
            self.single = chunk;
            return;
        }
        if self.several.is_empty() {
            self.several.reserve(self.announced.max(self.single.len() + chunk.len()));
            self.several.extend_from_slice(&std::mem::take(&mut self.single));
        }
        self.several.extend_from_slice(&chunk);
    }

    fn into_bytes(self) -> Bytes {
        if self.several.is_empty() { self.single } else { self.several.freeze() }
    }
}

impl Response {
    /// The response whose body was read to this end.
    pub(super) fn new(
        call: Call,
        response: reqwest::Response,
        mut received: Received,
        end: End,
        limits: ReadLimits<'_>,
        trace: Trace,
    ) -> Self {
        let ReadLimits { limits, pass, .. } = limits;
        let body = match end {
            End::Whole => Body::Whole,
            End::TooLarge(limit) => Body::TooLarge(limit),
            End::Broken(cause) => Body::Broken(cause),
            End::Streams => {
                let read = std::mem::take(&mut received.body);
                Body::Stream(Box::new(ByteStream::new(&call, read, response, limits.idle, pass)))
            }
        };
        Self { call, received, body, max_body: limits.max_body, max_decoded: limits.max_decoded, trace }
    }

    pub fn status(&self) -> StatusCode {
        self.received.status
    }

    pub fn headers(&self) -> &HeaderMap {
        &self.received.headers
    }

    /// An error that is made of it says what a person can do about it.
    pub(super) fn give_hint(&mut self, hint: Option<&'static str>) {
        self.call.hint = hint;
    }

    /// Status, headers and what was read of the body.
    pub(super) fn into_received(self) -> Received {
        self.received
    }

    /// Whether it is the sign-in page, or a redirect to it, in place of what was asked for.
    pub fn is_sign_in_page(&self) -> bool {
        self.received.sign_in_page
    }

    /// What the response says of the effect of its request, if nothing else is known of it.
    pub fn outcome(&self) -> Outcome {
        self.received.outcome()
    }

    /// Whether the connection broke while the body of a success was read, not because of a time limit.
    pub(super) fn is_broken(&self) -> bool {
        matches!(&self.body, Body::Broken(cause) if self.received.status.is_success() && !cause.is_timeout())
    }

    /// What was read of the body, without a byte order mark.
    pub fn text(&self) -> &[u8] {
        without_bom(&self.received.body)
    }

    /// What was read of the body, if it reads as this.
    pub fn read_as<T: DeserializeOwned>(&self) -> Option<T> {
        from_json(self.text(), &[], self.max_decoded).ok()
    }

    /// The JSON body.
    pub fn json<T: DeserializeOwned>(self) -> Result<ResponseValue<T>, Failed> {
        let (decoded, received, _) = self.decoded(decode, Envelope::NONE)?;
        Ok(success(decoded, received))
    }

    /// The list in the JSON body, where `null` is the empty one.
    pub fn list<L, T>(self) -> Result<ResponseValue<Vec<T>>, Failed>
    where
        L: DeserializeOwned + Default + Into<Vec<T>>,
    {
        self.json().map(or_empty::<L, T>)
    }

    /// The JSON body, or `None` when there is none, or `null`.
    pub fn json_if_any<T: DeserializeOwned>(self) -> Result<ResponseValue<Option<T>>, Failed> {
        let read = |bytes: &[u8], properties: &[&str], most| {
            if bytes.trim_ascii().is_empty() { Ok(None.into()) } else { decode(bytes, properties, most) }
        };
        let (decoded, received, _) = self.decoded(read, Envelope::NONE)?;
        Ok(success(decoded, received))
    }

    /// A documented failure without a body.
    pub fn failure<E>(self, failure: E) -> Error<E> {
        let outcome = self.received.outcome();
        documented(failure, self.received, &self.call, outcome)
    }

    /// A documented failure with its JSON body; or without it, when there is none, or not the documented one: the status
    /// code says enough.
    pub fn failure_of<B: DeserializeOwned, E>(self, wrap: impl FnOnce(Option<B>) -> E) -> Error<E> {
        let read = match self.body {
            Body::Whole => decode(self.text(), self.call.operation.properties, self.max_decoded).ok(),
            _ => None,
        };
        let read = read.map(|Decoded { value, repairs }| {
            self.trace.repaired(&repairs);
            value
        });
        let is_foreign = read.is_none() && !self.text().trim_ascii().is_empty();
        let outcome = self.received.outcome();
        let mut response = ErrorResponse::new(wrap(read), self.received, self.call.report(outcome));
        response.is_foreign = is_foreign;
        Error::ErrorResponse(Box::new(response))
    }

    /// A response without a body: nothing, no result, or an empty list. A body that comes all the same is ignored, even if it
    /// breaks off; but an HTML page is never a response of the interface.
    pub fn empty<T: Default>(self) -> Result<ResponseValue<T>, Failed> {
        if !self.received.sign_in_page && !is_html(self.text()) {
            return Ok(success(T::default().into(), self.received));
        }
        let refuse =
            |_: &[u8], _: &[&str], _| Err(Defect::whole("it is an HTML page, and no body is documented".to_owned()));
        let (nothing, received, _) = self.decoded(refuse, Envelope::NONE)?;
        Ok(success(nothing, received))
    }

    /// A response whose body is handed on as it comes. The specs have downloads under 200 only.
    pub fn stream(self) -> Result<ResponseValue<ByteStream>, Failed> {
        if self.received.sign_in_page {
            return Err(self.undecodable(Defect::whole(SIGN_IN_PAGE.to_owned()), Outcome::Refused));
        }
        let Self { call, mut received, body, .. } = self;
        let stream = body.into_stream(&call, &mut received);
        Ok(success(stream.named(&received.headers).into(), received))
    }

    /// The elements of the list in the JSON body, read one by one as they come.
    pub fn elements(self) -> Result<ResponseValue<Elements>, Failed> {
        if self.received.sign_in_page {
            return Err(self.undecodable(Defect::whole(SIGN_IN_PAGE.to_owned()), Outcome::Refused));
        }
        let Self { call, mut received, body, max_body, max_decoded, trace } = self;
        let content = body.into_stream(&call, &mut received);
        let elements = Elements::new(call, received.clone(), content, max_body, max_decoded, trace);
        Ok(success(elements.into(), received))
    }

    /// A download in place of which a failure may come.
    pub fn stream_enveloped<F, E>(
        self,
        envelope: &Envelope,
        refused: impl FnOnce(F) -> E,
    ) -> Result<ResponseValue<ByteStream>, Error<E>>
    where
        F: DeserializeOwned,
        E: Failure,
    {
        let is_whole = matches!(self.body, Body::Whole) && !self.received.sign_in_page;
        if !is_whole || !envelope.has_mark(self.text()) {
            return Ok(self.stream()?);
        }
        let read = |bytes: &[u8], properties: &[&str], most| {
            decode(bytes, properties, most).map(|Decoded { value, repairs }| Decoded { value: Err(value), repairs })
        };
        self.result(read, envelope, refused)
    }

    /// The result in the body of a documented success, or the failure that the body is.
    pub fn enveloped<T, F, E>(
        self,
        envelope: &Envelope,
        refused: impl FnOnce(F) -> E,
    ) -> Result<ResponseValue<T>, Error<E>>
    where
        T: DeserializeOwned,
        F: DeserializeOwned,
    {
        let read = |bytes: &[u8], properties: &[&str], most| envelope.read(bytes, properties, most);
        self.result(read, envelope, refused)
    }

    /// What `read` makes of the body: the result, or the failure that the body is.
    fn result<T, F, E>(
        self,
        read: impl FnOnce(&[u8], &[&str], usize) -> Result<Decoded<Result<T, F>>, Defect>,
        envelope: &Envelope,
        refused: impl FnOnce(F) -> E,
    ) -> Result<ResponseValue<T>, Error<E>> {
        let (Decoded { value, repairs }, received, call) = self.decoded(read, envelope)?;
        match value {
            Ok(value) => Ok(success(Decoded { value, repairs }, received)),
            Err(refusal) => {
                let outcome = envelope.outcome(without_bom(&received.body));
                Err(documented(refused(refusal), received, &call, outcome))
            }
        }
    }

    /// A list in the body of a documented success, where `null` is the empty one; or the failure that the body is.
    pub fn enveloped_list<L, T, F, E>(
        self,
        envelope: &Envelope,
        refused: impl FnOnce(F) -> E,
    ) -> Result<ResponseValue<Vec<T>>, Error<E>>
    where
        L: DeserializeOwned + Default + Into<Vec<T>>,
        F: DeserializeOwned,
    {
        self.enveloped(envelope, refused).map(or_empty::<L, T>)
    }

    /// A response with a status that the spec documents only as "any other": the failure that its body is, or else an
    /// undocumented response.
    pub fn refusal<F: DeserializeOwned, E>(self, envelope: &Envelope, refused: impl FnOnce(F) -> E) -> Error<E> {
        match envelope.failure(self.text(), self.call.operation.properties, self.max_decoded) {
            Some(Decoded { value, repairs }) => {
                self.trace.repaired(&repairs);
                let outcome = envelope.outcome(self.text());
                self.refused(refused(value), outcome)
            }
            None => self.unexpected(),
        }
    }

    /// A response that the spec doesn't document.
    pub fn unexpected<E>(self) -> Error<E> {
        Error::UnexpectedStatus(UnexpectedStatus::new(&self.call, self.received))
    }

    /// A failure that the body reports, with what it says of the effect. The status has a say in it too, even a gateway's.
    fn refused<E>(self, failure: E, reported: Outcome) -> Error<E> {
        let outcome = match reported {
            Outcome::Refused => Outcome::of_reported_failure(self.status().as_u16().into()),
            other => other,
        };
        documented(failure, self.received, &self.call, outcome)
    }

    /// What `read` makes of the body; `envelope` tells whether a body that it can't read may be a failure.
    fn decoded<T>(
        self,
        read: impl FnOnce(&[u8], &[&str], usize) -> Result<Decoded<T>, Defect>,
        envelope: &Envelope,
    ) -> Result<(Decoded<T>, Received, Call), Failed> {
        match self.body {
            _ if self.received.sign_in_page => {
                Err(self.undecodable(Defect::whole(SIGN_IN_PAGE.to_owned()), Outcome::Refused))
            }
            Body::Broken(cause) => Err(Failed::Transport(TransportError::broken(&self.call, cause, self.received))),
            Body::TooLarge(limit) => {
                let reason = format!("it is larger than the limit of {limit} bytes");
                let outcome = self.unread(envelope);
                Err(self.undecodable(Defect::whole(reason), outcome))
            }
            Body::Whole | Body::Stream(_) => {
                match read(self.text(), self.call.operation.properties, self.max_decoded) {
                    Ok(decoded) => {
                        self.trace.repaired(&decoded.repairs);
                        Ok((decoded, self.received, self.call))
                    }
                    Err(defect) => {
                        let outcome = if defect.is_other { Outcome::Unknown } else { self.unread(envelope) };
                        Err(self.undecodable(defect, outcome))
                    }
                }
            }
        }
    }

    /// The outcome of a success that can't be read. Under 202, it may still be to come.
    fn unread(&self, envelope: &Envelope) -> Outcome {
        let is_documented = self.received.status != StatusCode::ACCEPTED
            && self.received.media_type().is_some_and(|media_type| media_type == "application/json")
            && !is_page(self.text());
        match envelope.classify(self.text()) {
            Classification::NotFailure if is_documented => Outcome::Done,
            Classification::Failure => envelope.outcome(self.text()),
            Classification::NotFailure | Classification::Unclear => Outcome::Unknown,
        }
    }

    fn undecodable(self, defect: Defect, outcome: Outcome) -> Failed {
        Failed::Undecodable(DecodeError::new(&self.call, self.received, defect, outcome))
    }
}

impl Body {
    /// The body as it comes, or came already.
    fn into_stream(self, call: &Call, received: &mut Received) -> ByteStream {
        match self {
            Self::Stream(stream) => *stream,
            Self::Whole | Self::TooLarge(_) => ByteStream::ended(call, std::mem::take(&mut received.body), None),
            Self::Broken(cause) => ByteStream::ended(call, std::mem::take(&mut received.body), Some(cause)),
        }
    }
}

/// Whether a response with this status to a call that streams is what was asked for: the specs have downloads under 200 only.
fn is_streamed(operation: &Operation, status: StatusCode) -> bool {
    match status {
        StatusCode::OK => true,
        StatusCode::CREATED | StatusCode::ACCEPTED => !operation.downloads,
        _ => false,
    }
}

/// Whether a body is HTML or XML rather than JSON, whatever its media type says.
fn is_page(body: &[u8]) -> bool {
    body.trim_ascii_start().starts_with(b"<")
}

/// Whether a body is an HTML document, not a fragment of one.
fn is_html(body: &[u8]) -> bool {
    let begin = body.trim_ascii_start();
    let begins_with = |tag: &[u8]| begin.get(..tag.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(tag));
    begins_with(b"<!doctype html") || begins_with(b"<html")
}

const SIGN_IN_PAGE: &str = "it is the sign-in page";

fn documented<E>(failure: E, received: Received, call: &Call, outcome: Outcome) -> Error<E> {
    Error::ErrorResponse(Box::new(ErrorResponse::new(failure, received, call.report(outcome))))
}

/// A list, which is empty where there is none.
fn or_empty<L: Default + Into<Vec<T>>, T>(list: ResponseValue<Option<L>>) -> ResponseValue<Vec<T>> {
    list.map(|list| list.unwrap_or_default().into())
}

fn success<T>(Decoded { value, repairs }: Decoded<T>, received: Received) -> ResponseValue<T> {
    ResponseValue::new(value, received.status, received.headers).repaired(repairs.count)
}

/// Whether what was read so far may be the beginning of a page or of an object.
fn begins_as_no_file(read: &[u8]) -> bool {
    without_bom(read).trim_ascii_start().first().is_none_or(|first| matches!(first, b'<' | b'{'))
}

/// Whether the body of a successful download may be a failure or a sign-in page, by its media type; it is not when it is
/// declared to be a file (RFC 6266).
fn may_be_no_file(received: &Received) -> bool {
    let media_type = received.media_type();
    !is_attachment(&received.headers)
        && matches!(
            media_type.as_deref(),
            None | Some("text/html" | "application/xhtml+xml" | "application/json" | "text/json")
        )
}
