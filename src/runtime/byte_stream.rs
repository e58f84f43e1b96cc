//! The content of a download as it comes: a stream that can be sent to another task, and that says which operation broke.

use std::{
    fmt,
    path::PathBuf,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use reqwest::header::HeaderMap;
use tokio::{io::AsyncBufRead, time::Sleep};
use tokio_util::io::StreamReader;

use super::{
    CallResult, DownloadError, Operation, Outcome, Save, TransportError,
    error::{Call, TimeLimit, TransportCause},
    file_name,
    gate::Pass,
};

/// The content of a download, in chunks as they come.
///
/// [`save`](Self::save) makes a file of it, [`collect`](Self::collect) bytes, [`into_async_read`](Self::into_async_read) a
/// reader. It is a [`Stream`] of the crate `futures-core`; [`chunk`](Self::chunk) needs no such crate. The end of the stream is the end of
/// the content: when the connection breaks before, or pauses for longer than
/// [`Config::idle_timeout`](crate::Config::idle_timeout), the last item is an error.
///
/// ```no_run
/// use casewire::contractor::{Auth, Client, Config};
///
/// #[tokio::main]
/// async fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let client = Client::connect(Config::new("https://desk.example")?, Auth::external_system("desk-key"))?;
///     let photo = client.get_call_task_attachment().id(91001).attachment_id(5001).send().await?;
///     let name = photo.file_name().unwrap_or("photo").to_owned();
///     let saved = photo.save(std::path::Path::new("photos").join(&name)).limit(100 << 20).await?;
///     println!("{name}: {saved} bytes");
///     Ok(())
/// }
/// ```
pub struct ByteStream {
    call: Call,
    file_name: Option<String>,
    /// Of what was not given out yet, in bytes, if it is known.
    length: Option<u64>,
    /// What was read already.
    read: Option<Bytes>,
    rest: Rest,
    idle: Duration,
    /// Runs while a chunk is waited for.
    waiting: Option<Pin<Box<Sleep>>>,
    /// The request is under way until everything was read.
    pass: Option<Pass>,
    /// Whether its end is the end of the call, and not its reader's to judge.
    is_all: bool,
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
        let length = response.content_length().map(|rest| rest + read.len() as u64);
        let rest = Rest::Coming(Box::pin(response.bytes_stream()));
        Self { length, rest, idle, pass: Some(pass), ..Self::ended(call, read, None) }
    }

    /// Content that was read, and what it broke off with, if it did.
    pub(super) fn ended(call: &Call, read: Bytes, broken: Option<TransportCause>) -> Self {
        let length = broken.is_none().then_some(read.len() as u64);
        let rest = broken.map_or(Rest::Nothing, Rest::Broken);
        let read = (!read.is_empty()).then_some(read);
        let call = call.clone();
        Self { call, file_name: None, length, read, rest, idle: Duration::MAX, waiting: None, pass: None, is_all: true }
    }

    /// The same under the name that these headers suggest.
    pub(super) fn named(self, headers: &HeaderMap) -> Self {
        Self { file_name: file_name::suggested(headers), ..self }
    }

    /// The same for a reader that says itself how the call ends, unless it breaks.
    pub(super) fn judged_by_its_reader(self) -> Self {
        Self { is_all: false, ..self }
    }

    /// Whoever reads does something else: what doesn't come meanwhile is not missed.
    pub(super) fn pause(&mut self) {
        self.waiting = None;
    }

    pub(super) fn operation(&self) -> &'static Operation {
        self.call.operation
    }

    /// How long the rest of the content is, in bytes, if that is known before it is read.
    pub(super) fn length(&self) -> Option<u64> {
        self.length
    }

    /// The name that the server suggests for the file, by the header `Content-Disposition` (RFC 6266, and what servers write
    /// in place of it); `None` when there is none, or nothing usable.
    ///
    /// It is not a path: it has no separators, no control characters, no characters that change the text direction, and nothing
    /// that Windows doesn't allow; it doesn't begin with a dot, and is at most 255 bytes long. It still comes from somebody
    /// else: it may say `.exe`, and be the name of a file that is there.
    #[must_use]
    pub fn file_name(&self) -> Option<&str> {
        self.file_name.as_deref()
    }

    /// Saves the content as the file at `path`, all of it or nothing: it is written to a temporary file in the same folder,
    /// which takes the place of an older file when it is complete and on the disk. When the connection breaks or the disk is
    /// full, the older file stays as it was, and the temporary one is removed. So it is when the future is dropped, unless all of
    /// the content has come: then the new file may still take its place. A process that is killed may leave a file
    /// `.casewire-….part`. What [`chunk`](Self::chunk) gave before is not part of the file.
    ///
    /// The new file has the permissions of the older one, but not its owner or its hard links. Where `path` is a symbolic
    /// link, the file that it leads to is replaced. Folders are not made, and a file that is read-only is not replaced.
    ///
    /// The result is the length in bytes; [`Save::limit`] and [`Save::progress`] can be set before. The end of a response
    /// that has no length, over http, is not told from a connection that broke.
    ///
    /// ```no_run
    /// # async fn example(client: casewire::contractor::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let photo = client.get_call_task_attachment().id(91001).attachment_id(5001).send().await?;
    /// let save = photo.save("photo.jpg").progress(|at| println!("{} of {:?} bytes", at.bytes, at.total));
    /// println!("{} bytes", save.await?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn save(self, path: impl Into<PathBuf>) -> Save {
        Save::new(self, path.into())
    }

    /// All of the content in memory.
    ///
    /// # Errors
    /// When the connection breaks, or the content is longer than `limit` bytes.
    pub async fn collect(mut self, limit: usize) -> Result<Bytes, DownloadError> {
        let too_large = DownloadError::TooLarge { operation: self.operation(), limit: limit as u64 };
        let Some(first) = self.chunk().await? else { return Ok(Bytes::new()) };
        let mut all = BytesMut::from(first);
        while all.len() <= limit {
            match self.chunk().await? {
                Some(chunk) => all.extend_from_slice(&chunk),
                None => return Ok(all.freeze()),
            }
        }
        Err(too_large)
    }

    /// The content as a reader, for what takes one: a parser, a decompressor, `tokio::io::copy`. An error of it has the
    /// [`TransportError`] inside.
    ///
    /// ```no_run
    /// # async fn example(client: casewire::contractor::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use tokio::io::AsyncBufReadExt;
    ///
    /// let log = client.get_call_task_attachment().id(91001).attachment_id(5001).send().await?;
    /// let mut lines = log.into_inner().into_async_read().lines();
    /// while let Some(line) = lines.next_line().await? {
    ///     println!("{line}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn into_async_read(self) -> impl AsyncBufRead + Send + Sync + Unpin + 'static {
        StreamReader::new(self)
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
        if self.is_all || result != CallResult::Success {
            self.call.meter.ends(result, outcome);
        }
    }
}

impl Stream for ByteStream {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(read) = self.read.take() {
            self.length = self.length.map(|left| left.saturating_sub(read.len() as u64));
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
            let length = chunk.len() as u64;
            self.length = self.length.map(|left| left.saturating_sub(length));
            self.call.meter.receives(length);
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
