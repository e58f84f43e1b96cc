//! What is uploaded, as a part of a form or as a whole body: from memory, from a file or from a stream, with a file name
//! and a media type. What comes from memory or a file can be sent again when a credential had to be renewed.

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use bytes::Bytes;
use http_body::Body as HttpBody;
use reqwest::{Body, header::HeaderValue, multipart};
use tokio::fs::File;

use super::exact::{ByteSource, Exact, Upload, unreadable};

/// A file to upload: its content, its name and its media type. It is a part of a form, or a whole body, as the operation
/// has it; a whole body has no place for a file name.
///
/// ```no_run
/// use casewire::Part;
///
/// # async fn example() -> std::io::Result<()> {
/// let photo = Part::file("photo.jpg").await?; // name and length from the file, streamed
/// let note = Part::bytes("all done").file_name("note.pdf").media_type("application/pdf");
/// # let _ = (photo, note);
/// # Ok(())
/// # }
/// ```
///
/// # Length
/// The length of a request is announced before its content is sent, and exactly as much is sent. Where that is not possible,
/// the call fails with [`Error::InvalidRequest`](crate::Error::InvalidRequest), which names the part and the numbers of bytes,
/// before the server has a complete body; it is not retried. This happens when a stream ends early, goes on after its announced
/// length, or fails; and when a file became shorter while it was sent, or can't be read. Of a file that became longer, the
/// announced length is sent, and the feature `tracing` warns of it.
///
/// # Sent once or again
/// A call may have to send its content more than once: when the server refused the credential, and as the
/// [`RetryPolicy`](crate::RetryPolicy) allows. Bytes are sent again as they are. A file is opened again, and sent as it is by
/// then, with the length that it has by then; if it is gone, the outcome of the call is that of the attempt before. A stream
/// can be sent only once.
pub struct Part {
    source: Source,
    file_name: Option<String>,
    media_type: Option<String>,
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

    /// A part that streams the file at `path` when it is sent, under the file's own name.
    ///
    /// # Errors
    /// When it can't be opened, or is not a regular file: a folder, a pipe. It is opened again for each attempt to send it;
    /// if that fails, the call fails with [`Error::InvalidRequest`](crate::Error::InvalidRequest).
    pub async fn file(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref().to_owned();
        open(&path).await?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        Ok(Self { file_name: name, ..Self::new(Source::File(path)) })
    }

    /// A part that is streamed as it comes. It can be sent only once: when the server asks for a new credential after
    /// it was sent, the call fails with the documented 401.
    #[must_use]
    pub fn stream(content: impl Into<Body>) -> Self {
        let content = content.into();
        let length = content.size_hint().exact();
        Self::new(Source::Stream(Some(content), length))
    }

    /// Like [`stream`](Self::stream), with a length in bytes that is known, so that the request has a `Content-Length`. A
    /// stream of another length is not sent to its end, see [Length](Self#length).
    #[must_use]
    pub fn stream_with_length(content: impl Into<Body>, bytes: u64) -> Self {
        Self::new(Source::Stream(Some(content.into()), Some(bytes)))
    }

    /// The file name that the server sees in a form.
    #[must_use]
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    /// The media type, for example `image/jpeg`. `application/octet-stream` unless set.
    #[must_use]
    pub fn media_type(mut self, media_type: impl Into<String>) -> Self {
        self.media_type = Some(media_type.into());
        self
    }

    fn new(source: Source) -> Self {
        Self { source, file_name: None, media_type: None }
    }

    /// What can be said against it without looking at its content.
    pub(super) fn check(&self, in_form: bool) -> Result<(), String> {
        // A line break in a name could be read as the end of the header that it stands in.
        if in_form && self.file_name.as_deref().is_some_and(|name| name.contains(char::is_control)) {
            return Err("the file name has control characters in it".to_owned());
        }
        match self.source {
            // No Content-Length is that large, and the length of the form around it would overflow.
            Source::Stream(_, Some(length)) if length > i64::MAX as u64 => {
                Err(format!("its stream can't be as long as {length} bytes"))
            }
            _ => self.own_media_type().map(|_| ()),
        }
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
        let (source, length) = match &mut self.source {
            Source::Bytes(content) => {
                let length = Some(content.len() as u64);
                return Ok(Some(Opened { body: Body::from(content.clone()), length }));
            }
            Source::File(path) => {
                let (file, length) = open(path).await.map_err(|e| unreadable(path, &e))?;
                (ByteSource::File(file, path.clone()), Some(length))
            }
            Source::Stream(content, length) => match content.take() {
                Some(content) => (ByteSource::Stream(content), *length),
                None => return Ok(None),
            },
        };
        Ok(Some(Opened { body: Body::wrap(Exact::new(source, length, upload)), length }))
    }

    /// The part of a form that has this content.
    pub(super) fn of_form(&self, Opened { body, length }: Opened) -> Result<multipart::Part, String> {
        let part = match length {
            Some(length) => multipart::Part::stream_with_length(body, length),
            None => multipart::Part::stream(body),
        };
        let part = typed(part, self.media_type.as_deref().unwrap_or("application/octet-stream"))?;
        Ok(match &self.file_name {
            Some(name) => part.file_name(name.clone()),
            None => part,
        })
    }
}

/// The file at a path, and its length in bytes.
async fn open(path: &Path) -> io::Result<(File, u64)> {
    // Whoever opens a pipe waits for someone to write into it.
    if !tokio::fs::metadata(path).await?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
    }
    let file = File::open(path).await?;
    let length = file.metadata().await?.len();
    Ok((file, length))
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

impl From<Bytes> for Part {
    fn from(content: Bytes) -> Self {
        Self::bytes(content)
    }
}

impl From<String> for Part {
    fn from(content: String) -> Self {
        Self::bytes(content)
    }
}

impl From<&'static str> for Part {
    fn from(content: &'static str) -> Self {
        Self::bytes(content)
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
