//! The content of a download as it comes: a stream that can be sent to another task, and that says which operation broke.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use futures_core::Stream;
use reqwest::StatusCode;
use tokio::time::Sleep;

use super::{
    CallResult, Outcome, TransportError,
    error::{Call, TimeLimit, TransportCause},
    gate::Pass,
};

/// The content of a download, in chunks as they come.
///
/// A [`Stream`] of the crate `futures-core`; [`chunk`](Self::chunk) needs no such crate. The end of the stream is the end of
/// the content: when the connection breaks before, or pauses for longer than
/// [`Config::idle_timeout`](crate::Config::idle_timeout), the last item is an error.
///
/// ```no_run
/// # async fn example(client: casewire::contractor::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use tokio::io::AsyncWriteExt;
///
/// let photo = client.get_call_task_attachment().id(91001).attachment_id(5001).send().await?;
/// let mut content = photo.into_inner();
/// let mut file = tokio::fs::File::create("photo.jpg").await?;
/// while let Some(chunk) = content.chunk().await? {
///     file.write_all(&chunk).await?;
/// }
/// # Ok(())
/// # }
/// ```
pub struct ByteStream {
    call: Call,
    /// What was read already.
    read: Option<Bytes>,
    rest: Rest,
    idle: Duration,
    /// Runs while a chunk is waited for.
    waiting: Option<Pin<Box<Sleep>>>,
    /// The request is under way until everything was read.
    pass: Option<Pass>,
}

/// What was not read yet.
enum Rest {
    Coming(Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send + Sync>>),
    Broken(TransportCause),
    /// After the last chunk or an error.
    Nothing,
}

impl ByteStream {
    pub(super) fn new(call: &Call, read: Bytes, response: reqwest::Response, idle: Duration, pass: Pass) -> Self {
        let rest = Rest::Coming(Box::pin(response.bytes_stream()));
        Self { rest, idle, pass: Some(pass), ..Self::ended(call, read, None) }
    }

    /// Content that was read, and what it broke off with, if it did.
    pub(super) fn ended(call: &Call, read: Bytes, broken: Option<TransportCause>) -> Self {
        let rest = broken.map_or(Rest::Nothing, Rest::Broken);
        let read = (!read.is_empty()).then_some(read);
        Self { call: call.clone(), read, rest, idle: Duration::MAX, waiting: None, pass: None }
    }

    /// The next chunk; `None` at the end.
    ///
    /// # Errors
    /// When the connection breaks before the end of the content, or nothing comes for the idle timeout.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, TransportError> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await.transpose()
    }
}

impl ByteStream {
    /// Nothing after the first time.
    fn ends(&self, result: CallResult, outcome: Outcome) {
        self.call.watch.ends(result, outcome, Some(StatusCode::OK));
    }
}

impl Stream for ByteStream {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(read) = self.read.take() {
            return Poll::Ready(Some(Ok(read)));
        }
        let idle = self.idle;
        let next = match &mut self.rest {
            Rest::Nothing => {
                self.ends(CallResult::Success, Outcome::Done);
                return Poll::Ready(None);
            }
            Rest::Broken(_) => match std::mem::replace(&mut self.rest, Rest::Nothing) {
                Rest::Broken(cause) => Some(Err(cause)),
                _ => None,
            },
            Rest::Coming(chunks) => match chunks.as_mut().poll_next(context) {
                Poll::Ready(chunk) => chunk.map(|chunk| chunk.map_err(TransportCause::Http)),
                Poll::Pending => {
                    let waiting = self.waiting.get_or_insert_with(|| Box::pin(tokio::time::sleep(idle)));
                    ready!(waiting.as_mut().poll(context));
                    Some(Err(TransportCause::Limit(TimeLimit::idle(idle))))
                }
            },
        };
        self.waiting = None;
        if let Some(Ok(chunk)) = &next {
            self.call.watch.receives(chunk.len());
        }
        if !matches!(next, Some(Ok(_))) {
            // What may still come is not wanted, and neither is the connection.
            self.rest = Rest::Nothing;
            self.pass = None;
        }
        let next = next.map(|chunk| chunk.map_err(|cause| TransportError::cut_off(&self.call, cause)));
        match &next {
            Some(Ok(_)) => {}
            Some(Err(e)) => self.ends(CallResult::Failure(e.kind()), e.report.outcome),
            None => self.ends(CallResult::Success, Outcome::Done),
        }
        Poll::Ready(next)
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream").field("operation", &self.call.operation.id).finish_non_exhaustive()
    }
}
