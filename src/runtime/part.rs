//! What is uploaded, as a part of a form or as a whole body: from memory, from a file, a reader or a stream, with a file
//! name and a media type. What comes from memory or a file can be sent again when a credential had to be renewed.

use std::{
    error::Error as StdError,
    fmt,
    path::{Path, PathBuf},
};

use bytes::Bytes;
use futures_core::Stream;
use reqwest::{Body, header::HeaderValue, multipart};
use tokio::io::AsyncRead;
use tokio_util::io::ReaderStream;

use super::{
    blocking::blocking,
    exact::{ByteSource, Exact, Upload, unreadable},
    progress::{Progress, Reporter},
    read_ahead::{self, ReadAhead},
};

/// How much of a reader is read at once, in bytes.
const CHUNK: usize = 64 << 10;

/// A file to upload: its content, its name and its media type. It is a part of a form, or a whole body, as the operation
/// has it; a whole body has no place for a file name.
///
/// ```no_run
/// use casewire::Part;
///
/// let photo = Part::file("photo.jpg"); // name, media type and length from the file
/// let note = Part::bytes("all done").file_name("note.pdf"); // application/pdf, by its name
/// let log = Part::file("a.log").media_type("text/plain").progress(|at| println!("{} of {:?}", at.bytes, at.total));
/// # let _ = (photo, note, log);
/// ```
///
/// The setters of requests take a path, or bytes, as they are. This program attaches a file to a task, says how far it is,
/// and needs no more memory for a large file than for a small one:
///
/// ```no_run
/// use casewire::{Part, contractor::{Auth, Client, Config}};
///
/// #[tokio::main]
/// async fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let client = Client::connect(Config::new("https://desk.example")?, Auth::user("ivanov", "Passw0rd"))?;
///     let act = Part::file("act.pdf").progress(|at| match (at.bytes, at.attempt) {
///         (0, 2..) => println!("once more, from its beginning"),
///         (sent, _) => println!("{sent} of {} bytes", at.total.unwrap_or_default()),
///     });
///     let stored = client.upload_call_task_attachment().id(91001).attachment(act).send().await?;
///     println!("stored as {:?}", stored.id);
///     Ok(())
/// }
/// ```
///
/// # Length
/// The length of a request is announced before its content is sent, and exactly as much is sent. Where that is not possible,
/// the call fails with [`Error::InvalidRequest`](crate::Error::InvalidRequest), which names the part and the numbers of bytes,
/// before the server has a complete body; it is not retried. This happens when a stream ends early, goes on after its announced
/// length, or fails; and when a file became shorter while it was sent, or can't be read. A file that isn't there, or is
/// not a regular one, is known before a user is signed in. Of a file that became longer, the
/// announced length is sent, and the feature `tracing` warns of it.
///
/// # Sent once or again
/// A call may have to send its content more than once: when the server refused the credential, and as the
/// [`RetryPolicy`](crate::RetryPolicy) allows. Bytes are sent again as they are. A file is opened again, and sent as it is by
/// then, with the length that it has by then; if it is gone, the outcome of the call is that of the attempt before. A stream
/// can be sent only once.
///
/// # Given up
/// A call whose future is dropped stops the transfer: the connection is closed, and nothing more is read.
pub struct Part {
    source: Source,
    file_name: Option<String>,
    /// The media type that goes with the file name.
    guessed: Option<&'static str>,
    media_type: Option<String>,
    reporter: Option<Reporter>,
}

enum Source {
    Bytes(Bytes),
    File(PathBuf),
    /// `None` once it was sent.
    Stream(Option<Body>, Option<u64>),
}

/// The content of a part, for one attempt.
pub(super) struct Opened {
    pub(super) body: Body,
    /// In bytes, if it is known.
    pub(super) length: Option<u64>,
}

impl Part {
    /// A part from memory.
    #[must_use]
    pub fn bytes(content: impl Into<Bytes>) -> Self {
        Self::new(Source::Bytes(content.into()))
    }

    /// A part that streams the file at `path`, under the file's own name. It is opened when it is sent, for each attempt anew,
    /// and read in large chunks, ahead of the network.
    ///
    /// If it can't be opened, or is not a regular file, the call fails with
    /// [`Error::InvalidRequest`](crate::Error::InvalidRequest).
    #[must_use]
    pub fn file(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let part = Self::new(Source::File(path));
        match name {
            Some(name) => part.file_name(name),
            None => part,
        }
    }

    /// A part that is read from `content` as it is sent. It can be sent only once: when the server asks for a new credential
    /// after it was sent, the call fails with the documented 401.
    #[must_use]
    pub fn reader(content: impl AsyncRead + Send + 'static) -> Self {
        Self::stream(ReaderStream::with_capacity(content, CHUNK))
    }

    /// Like [`reader`](Self::reader), with a length in bytes that is known.
    #[must_use]
    pub fn reader_with_length(content: impl AsyncRead + Send + 'static, bytes: u64) -> Self {
        Self::stream_with_length(ReaderStream::with_capacity(content, CHUNK), bytes)
    }

    /// A part that is streamed as it comes. It can be sent only once, as what is read by [`reader`](Self::reader).
    #[must_use]
    pub fn stream<C, E>(content: impl Stream<Item = Result<C, E>> + Send + 'static) -> Self
    where
        Bytes: From<C>,
        C: 'static,
        E: Into<Box<dyn StdError + Send + Sync>> + 'static,
    {
        Self::new(Source::Stream(Some(Body::wrap_stream(content)), None))
    }

    /// Like [`stream`](Self::stream), with a length in bytes that is known, so that the request has a `Content-Length`. A
    /// stream of another length is not sent to its end, see [Length](Self#length).
    #[must_use]
    pub fn stream_with_length<C, E>(content: impl Stream<Item = Result<C, E>> + Send + 'static, bytes: u64) -> Self
    where
        Bytes: From<C>,
        C: 'static,
        E: Into<Box<dyn StdError + Send + Sync>> + 'static,
    {
        Self::new(Source::Stream(Some(Body::wrap_stream(content)), Some(bytes)))
    }

    /// The file name that the server sees in a form.
    #[must_use]
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        let name = name.into();
        // Not where a form is sent, which is in every program: one without files is linked without the table.
        self.guessed = mime_guess::from_path(&name).first_raw();
        self.file_name = Some(name);
        self
    }

    /// The media type, for example `image/jpeg`, in place of the one that goes with the file name: `application/pdf` for
    /// `act.pdf`, and `application/octet-stream` for a name that says nothing. A whole body, which has no name, is
    /// `application/octet-stream`.
    #[must_use]
    pub fn media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }

    /// Calls `report` whenever some of the content was handed over to be sent, and with 0 bytes before each attempt: when
    /// it is sent again, the number begins anew. It is called where the call runs, and should take no time.
    ///
    /// What was handed over may be on its way still; the call is done when the server has responded.
    #[must_use]
    pub fn progress(mut self, report: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.reporter = Some(Reporter::new(report));
        self
    }

    fn new(source: Source) -> Self {
        Self { source, file_name: None, guessed: None, media_type: None, reporter: None }
    }

    /// What can be said against it without looking at its content.
    pub(super) async fn check(&self, in_form: bool) -> Result<(), String> {
        // A line break in a name could be read as the end of the header that it stands in.
        if in_form && self.file_name.as_deref().is_some_and(|name| name.contains(char::is_control)) {
            return Err("the file name has control characters in it".to_owned());
        }
        match &self.source {
            Source::File(path) => {
                let there = path.clone();
                blocking(move || read_ahead::check(&there)).await.map_err(|e| unreadable(path, &e))?;
            }
            // No Content-Length is that large, and the length of the form around it would overflow.
            Source::Stream(_, Some(length)) if *length > i64::MAX as u64 => {
                return Err(format!("its stream can't be as long as {length} bytes"));
            }
            Source::Bytes(_) | Source::Stream(..) => {}
        }
        self.own_media_type().map(|_| ())
    }

    /// Whether the length is known before the content is sent.
    pub(super) fn has_length(&self) -> bool {
        !matches!(self.source, Source::Stream(_, None))
    }

    /// Whether it was a stream, which can't be sent again.
    pub(super) fn is_used_up(&self) -> bool {
        matches!(self.source, Source::Stream(None, _))
    }

    /// The media type of the caller.
    pub(super) fn own_media_type(&self) -> Result<Option<HeaderValue>, String> {
        let Some(media_type) = &self.media_type else { return Ok(None) };
        typed(multipart::Part::text(""), media_type)?;
        HeaderValue::from_str(media_type).map(Some).map_err(|_| not_a_media_type(media_type))
    }

    /// The content to send; `None` when it was a stream and is used up.
    pub(super) async fn open(&mut self, upload: Upload) -> Result<Option<Opened>, String> {
        let (body, length) = match &mut self.source {
            Source::Bytes(content) => (Body::from(content.clone()), Some(content.len() as u64)),
            Source::File(path) => {
                let (file, length) = ReadAhead::open(path).await.map_err(|e| unreadable(path, &e))?;
                (Body::wrap(Exact::new(ByteSource::File(file), Some(length), upload)), Some(length))
            }
            Source::Stream(content, length) => match content.take() {
                Some(content) => (Body::wrap(Exact::new(ByteSource::Stream(content), *length, upload)), *length),
                None => return Ok(None),
            },
        };
        let body = match &self.reporter {
            Some(reporter) => reporter.meter(body, length),
            None => body,
        };
        Ok(Some(Opened { body, length }))
    }

    /// The part of a form that has this content.
    pub(super) fn of_form(&self, Opened { body, length }: Opened) -> Result<multipart::Part, String> {
        let part = match length {
            Some(length) => multipart::Part::stream_with_length(body, length),
            None => multipart::Part::stream(body),
        };
        let media_type = self.media_type.as_deref().or(self.guessed);
        let part = typed(part, media_type.unwrap_or("application/octet-stream"))?;
        Ok(match &self.file_name {
            Some(name) => part.file_name(name.clone()),
            None => part,
        })
    }
}

fn typed(part: multipart::Part, media_type: &str) -> Result<multipart::Part, String> {
    part.mime_str(media_type).map_err(|_| not_a_media_type(media_type))
}

fn not_a_media_type(media_type: &str) -> String {
    format!("`{media_type}` is not a media type")
}

impl From<Vec<u8>> for Part {
    fn from(content: Vec<u8>) -> Self {
        Self::bytes(content)
    }
}

impl From<&'static [u8]> for Part {
    fn from(content: &'static [u8]) -> Self {
        Self::bytes(content)
    }
}

impl<const N: usize> From<&'static [u8; N]> for Part {
    fn from(content: &'static [u8; N]) -> Self {
        Self::bytes(content.as_slice())
    }
}

impl From<Bytes> for Part {
    fn from(content: Bytes) -> Self {
        Self::bytes(content)
    }
}

impl From<&Path> for Part {
    fn from(path: &Path) -> Self {
        Self::file(path)
    }
}

impl From<&PathBuf> for Part {
    fn from(path: &PathBuf) -> Self {
        Self::file(path)
    }
}

impl From<PathBuf> for Part {
    fn from(path: PathBuf) -> Self {
        Self::file(path)
    }
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let content = match &self.source {
            Source::Bytes(content) => format!("{} bytes", content.len()),
            Source::File(path) => path.display().to_string(),
            Source::Stream(..) => "stream".to_owned(),
        };
        f.debug_struct("Part")
            .field("content", &content)
            .field("file_name", &self.file_name)
            .field("media_type", &self.media_type)
            .finish()
    }
}
