//! Reads the bodies of answers. What can't be read becomes an error that names the operation, the status and the place
//! in the body, and shows no value, since any value may be secret.

use bytes::{Bytes, BytesMut};
use progenitor_client::{ByteStream, ResponseValue};
use reqwest::{
    Response, StatusCode,
    header::{CONTENT_TYPE, HeaderMap},
};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};

use super::{DecodeError, Error, Operation, TransportError, UnexpectedStatus, failed::Failed, session::Session};

/// How much of an undocumented answer is kept, in bytes.
const EXCERPT: usize = 16 << 10;

impl Session {
    /// The JSON body.
    pub(crate) async fn json<T: DeserializeOwned>(
        &self,
        operation: &'static Operation,
        response: Response,
    ) -> Result<ResponseValue<T>, Failed> {
        Answer::read(operation, response, self.max_body()).await?.decode(from_json)
    }

    /// The JSON body, or `None` when there is none, or `null`.
    pub(crate) async fn json_if_any<T: DeserializeOwned>(
        &self,
        operation: &'static Operation,
        response: Response,
    ) -> Result<ResponseValue<Option<T>>, Failed> {
        let answer = Answer::read(operation, response, self.max_body()).await?;
        answer.decode(|bytes| if bytes.trim_ascii().is_empty() { Ok(None) } else { from_json(bytes) })
    }

    /// The JSON body of a failure whose body the document leaves open; `None` when there is none or another one.
    pub(crate) async fn json_if_readable<T: DeserializeOwned>(
        &self,
        operation: &'static Operation,
        response: Response,
    ) -> Result<ResponseValue<Option<T>>, Failed> {
        let answer = Answer::read_what_comes(operation, response, self.max_body()).await;
        if !answer.whole {
            return Ok(answer.with(None));
        }
        answer.decode(|bytes| Ok(from_json(bytes).ok()))
    }

    /// An answer whose status the spec doesn't document.
    pub(crate) async fn unexpected<E>(&self, operation: &'static Operation, response: Response) -> Error<E> {
        Answer::read_what_comes(operation, response, EXCERPT).await.unexpected()
    }
}

/// An answer without a body.
pub(crate) fn empty(response: &Response) -> ResponseValue<()> {
    ResponseValue::new((), response.status(), response.headers().clone())
}

/// An answer without the body that another answer to the same call has.
pub(crate) fn none<T>(response: &Response) -> ResponseValue<Option<T>> {
    ResponseValue::new(None, response.status(), response.headers().clone())
}

/// An answer whose body is handed on as it comes.
pub(crate) fn stream(response: Response) -> ResponseValue<ByteStream> {
    let (status, headers) = (response.status(), response.headers().clone());
    ResponseValue::new(ByteStream::new(Box::pin(response.bytes_stream())), status, headers)
}

/// A documented failure made of what was read.
pub(crate) fn failure<B, E>(answer: ResponseValue<B>, wrap: impl FnOnce(B) -> E) -> Error<E> {
    let (status, headers) = (answer.status(), answer.headers().clone());
    Error::ErrorResponse(Box::new(ResponseValue::new(wrap(answer.into_inner()), status, headers)))
}

/// An answer whose body was read up to a limit.
pub(super) struct Answer {
    operation: &'static Operation,
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    limit: usize,
    whole: bool,
}

impl Answer {
    /// The answer with its whole body, or as much of it as the limit allows.
    pub(super) async fn read(operation: &'static Operation, response: Response, limit: usize) -> Result<Self, Failed> {
        match Self::read_on(operation, response, limit).await {
            (answer, None) => Ok(answer),
            (_, Some(e)) => Err(Failed::Transport(TransportError::new(operation, e))),
        }
    }

    /// The answer with what came of its body before the connection broke: where the status alone says enough.
    pub(super) async fn read_what_comes(operation: &'static Operation, response: Response, limit: usize) -> Self {
        Self::read_on(operation, response, limit).await.0
    }

    async fn read_on(
        operation: &'static Operation,
        mut response: Response,
        limit: usize,
    ) -> (Self, Option<reqwest::Error>) {
        let mut body = BytesMut::new();
        let mut broken = None;
        let whole = loop {
            match response.chunk().await {
                Ok(None) => break true,
                Ok(Some(chunk)) => {
                    let room = limit - body.len();
                    body.extend_from_slice(&chunk[..chunk.len().min(room)]);
                    if chunk.len() > room {
                        break false;
                    }
                }
                Err(e) => {
                    broken = Some(e);
                    break false;
                }
            }
        };
        let (status, headers) = (response.status(), response.headers().clone());
        (Self { operation, status, headers, body: body.freeze(), limit, whole }, broken)
    }

    /// This answer as one that the spec doesn't document.
    pub(super) fn unexpected<E>(self) -> Error<E> {
        let Self { operation, status, headers, body, .. } = self;
        let body = body.slice(..body.len().min(EXCERPT));
        Error::UnexpectedStatus(UnexpectedStatus { operation, status, content_type: content_type(&headers), body })
    }

    /// The status and headers with a value that was read from the body.
    pub(super) fn with<T>(self, value: T) -> ResponseValue<T> {
        ResponseValue::new(value, self.status, self.headers)
    }

    /// The body without a byte order mark.
    pub(super) fn text(&self) -> &[u8] {
        self.body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&self.body)
    }

    pub(super) fn decode<T>(
        self,
        read: impl FnOnce(&[u8]) -> Result<T, Unreadable>,
    ) -> Result<ResponseValue<T>, Failed> {
        let value = if self.whole {
            read(self.text())
        } else {
            Err(Unreadable::whole(format!("it is larger than the limit of {} bytes", self.limit)))
        };
        match value {
            Ok(value) => Ok(self.with(value)),
            Err(Unreadable { path, reason }) => {
                let content_type = content_type(&self.headers);
                Err(Failed::Undecodable(DecodeError::new(self.operation, self.status, content_type, path, reason)))
            }
        }
    }
}

/// Where a body stops making sense, and why.
pub(super) struct Unreadable {
    pub(super) path: String,
    pub(super) reason: String,
}

impl Unreadable {
    fn whole(reason: String) -> Self {
        Self { path: ".".to_owned(), reason }
    }
}

pub(super) fn from_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Unreadable> {
    match bytes.trim_ascii_start().first() {
        None => return Err(Unreadable::whole("it is empty".to_owned())),
        Some(b'<') => return Err(Unreadable::whole("it looks like HTML or XML, not JSON".to_owned())),
        Some(_) => {}
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|e| Unreadable {
        path: known(&e.path().to_string()),
        reason: without_values(&e.inner().to_string()),
    })?;
    json.end().map_err(|e| Unreadable::whole(without_values(&e.to_string())))?;
    Ok(value)
}

/// Where a body breaks off, the path ends with steps that aren't known, written `?`.
pub(super) fn known(path: &str) -> String {
    let known = path.trim_end_matches(['?', '.']);
    if known.is_empty() { ".".to_owned() } else { known.to_owned() }
}

/// serde's messages quote the value that they found; this leaves it out, and keeps what was expected and where.
pub(super) fn without_values(message: &str) -> String {
    for start in ["invalid type: ", "invalid value: "] {
        if let Some(rest) = message.strip_prefix(start)
            && let Some((found, expected)) = rest.rsplit_once(", expected ")
        {
            let sort: Vec<_> = found.split(' ').take_while(|word| !word.starts_with(['"', '`'])).collect();
            return format!("{start}{}, expected {expected}", sort.join(" "));
        }
    }
    message.to_owned()
}

fn content_type(headers: &HeaderMap) -> Option<String> {
    headers.get(CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// For optional arrays and maps: `null` means what absence means, none.
pub(crate) fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

#[cfg(test)]
mod tests {
    use super::without_values;

    #[track_caller]
    fn check(message: &str, expect: &str) {
        assert_eq!(without_values(message), expect);
    }

    #[test]
    fn messages_lose_their_values() {
        check(
            "invalid type: string \"hunter2, expected x\", expected i64 at line 1 column 9",
            "invalid type: string, expected i64 at line 1 column 9",
        );
        check("invalid type: integer `12345`, expected a string", "invalid type: integer, expected a string");
        check("invalid type: null, expected a string", "invalid type: null, expected a string");
        check("missing field `token` at line 1 column 2", "missing field `token` at line 1 column 2");
    }
}
