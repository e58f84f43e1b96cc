//! The body of an upload: exactly as long as it was announced, or an error before the server can take it for complete.
//!
//! A file or a stream may turn out longer or shorter than it was announced, as logs grow and producers miscount. Sent as it
//! comes, a longer one is cut off silently: in a form, the end of the form with it.

use std::{
    error::Error as StdError,
    io, iter,
    path::Path,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use reqwest::Body;

use super::{read_ahead::ReadAhead, trace::Trace};

/// Where the bytes come from.
pub(super) enum ByteSource {
    File(ReadAhead),
    Stream(Body),
}

/// A body that checks what comes from its source. What completes the announced length is held back until the source has
/// ended, so that the server never has the whole of a body that turns out to be wrong.
pub(super) struct Exact {
    source: ByteSource,
    announced: Option<u64>,
    /// How many bytes came from the source.
    read: u64,
    /// The last of these, and not handed on yet.
    held: Bytes,
    ended: bool,
    upload: Upload,
}

/// What an upload is called in messages, and where they go.
#[derive(Clone)]
pub(super) struct Upload {
    /// `part Attachment`, or `body`.
    pub(super) name: String,
    pub(super) broken: Broken,
    pub(super) trace: Trace,
}

/// Why the content of a request could not be sent, once that is so. It is kept apart from the error of the HTTP client, which
/// loses it with HTTP/2.
#[derive(Clone, Default)]
pub(super) struct Broken(Arc<Mutex<Option<String>>>);

impl Broken {
    pub(super) fn reason(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Exact {
    pub(super) fn new(source: ByteSource, announced: Option<u64>, upload: Upload) -> Self {
        Self { source, announced, read: 0, held: Bytes::new(), ended: false, upload }
    }

    /// What comes next from the source; nothing at its end.
    fn poll_source(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Bytes>, String>> {
        match &mut self.source {
            ByteSource::File(file) => file.poll_chunk(context).map_err(|e| unreadable(&file.path, &e)),
            ByteSource::Stream(body) => match std::task::ready!(Pin::new(body).poll_frame(context)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) if !data.is_empty() => Poll::Ready(Ok(Some(data))),
                    // Neither an empty chunk nor a trailer is content. Others get their turn, as there may be no end of it.
                    _ => {
                        context.waker().wake_by_ref();
                        Poll::Pending
                    }
                },
                Some(Err(e)) => Poll::Ready(Err(format!("its stream failed after {} bytes: {}", self.read, cause(&e)))),
                None => Poll::Ready(Ok(None)),
            },
        }
    }

    /// Notes what came from the source, and returns what may be handed on; `None` when more has to come first.
    fn take(&mut self, chunk: Option<Bytes>) -> Result<Option<Bytes>, String> {
        let (is_file, before) = (matches!(self.source, ByteSource::File(..)), self.read);
        let Some(mut chunk) = chunk else {
            self.ended = true;
            return match self.announced {
                Some(announced) if before < announced => {
                    let what = if is_file { "file" } else { "stream" };
                    Err(format!("its {what} ended after {before} of {announced} announced bytes"))
                }
                _ => Ok(Some(std::mem::take(&mut self.held))),
            };
        };
        self.read += chunk.len() as u64;
        match self.announced {
            Some(announced) if self.read > announced && is_file => {
                self.ended = true;
                self.upload.trace.grown(&self.upload.name, announced);
                chunk.truncate(usize::try_from(announced - before).unwrap_or(usize::MAX));
                // Either all of the chunk is too much, or nothing was complete before it.
                let held = std::mem::take(&mut self.held);
                Ok(Some(if held.is_empty() { chunk } else { held }))
            }
            Some(announced) if self.read > announced => {
                Err(format!("its stream goes on after {announced} announced bytes"))
            }
            Some(announced) if self.read == announced => {
                self.held = chunk;
                Ok(None)
            }
            _ => Ok(Some(chunk)),
        }
    }
}

impl HttpBody for Exact {
    type Data = Bytes;
    /// Ends a body without completing it.
    type Error = String;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, String>>> {
        while !self.ended {
            let came = match self.poll_source(context) {
                Poll::Ready(came) => came,
                // One byte is enough to hold back.
                Poll::Pending if self.held.len() > 1 => {
                    let most = self.held.len() - 1;
                    return Poll::Ready(Some(Ok(Frame::data(self.held.split_to(most)))));
                }
                Poll::Pending => return Poll::Pending,
            };
            match came.and_then(|chunk| self.take(chunk)) {
                Ok(Some(chunk)) if chunk.is_empty() => {}
                Ok(Some(chunk)) => return Poll::Ready(Some(Ok(Frame::data(chunk)))),
                Ok(None) => {}
                Err(reason) => {
                    self.ended = true;
                    let reason = format!("{}: {reason}", self.upload.name);
                    let mut broken = self.upload.broken.0.lock().unwrap_or_else(PoisonError::into_inner);
                    let reason = broken.get_or_insert(reason).clone();
                    drop(broken);
                    return Poll::Ready(Some(Err(reason)));
                }
            }
        }
        Poll::Ready(None)
    }

    fn is_end_stream(&self) -> bool {
        self.ended
    }

    fn size_hint(&self) -> SizeHint {
        let sent = self.read - self.held.len() as u64;
        // What is read over that is not sent.
        self.announced.map_or_else(SizeHint::new, |announced| SizeHint::with_exact(announced.saturating_sub(sent)))
    }
}

pub(super) fn unreadable(path: &Path, e: &io::Error) -> String {
    format!("can't read {}: {e}", path.display())
}

/// The innermost cause that is not the HTTP client's, whose own text may have a URL with a token in it.
fn cause(e: &(dyn StdError + 'static)) -> String {
    let causes = iter::successors(Some(e), |&e| e.source());
    causes.filter(|e| !e.is::<reqwest::Error>()).last().map_or_else(|| "it broke off".to_owned(), ToString::to_string)
}
