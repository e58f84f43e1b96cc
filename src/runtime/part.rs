//! The parts of a multipart upload: from memory, from a file or from a stream, with a file name and a media type.
//! What comes from memory or a file can be sent again when a credential had to be renewed.

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use bytes::Bytes;
use reqwest::{Body, multipart};

/// A file to upload: its content, its name and its media type.
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

impl Part {
    /// A part from memory.
    #[must_use]
    pub fn bytes(content: impl Into<Bytes>) -> Self {
        Self::new(Source::Bytes(content.into()))
    }

    /// A part that streams the file at `path` when it is sent, under the file's own name.
    ///
    /// # Errors
    /// When the file can't be opened. It is opened once more for sending; if that fails, the call fails with
    /// [`Error::InvalidRequest`](crate::Error::InvalidRequest).
    pub async fn file(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref().to_owned();
        tokio::fs::File::open(&path).await?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        Ok(Self { file_name: name, ..Self::new(Source::File(path)) })
    }

    /// A part that is streamed as it comes. It can be sent only once: when the server asks for a new credential after
    /// it was sent, the call fails with the documented 401.
    #[must_use]
    pub fn stream(content: impl Into<Body>) -> Self {
        Self::new(Source::Stream(Some(content.into()), None))
    }

    /// Like [`stream`](Self::stream), with a length in bytes that is known, so that the request has a `Content-Length`.
    #[must_use]
    pub fn stream_with_length(content: impl Into<Body>, bytes: u64) -> Self {
        Self::new(Source::Stream(Some(content.into()), Some(bytes)))
    }

    /// The file name that the server sees.
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

    /// The part to send; `None` when it was a stream and is used up.
    async fn prepare(&mut self) -> Result<Option<multipart::Part>, String> {
        // A line break in a name could be read as the end of the header that it stands in.
        if self.file_name.as_deref().is_some_and(|name| name.contains(char::is_control)) {
            return Err("the file name has control characters in it".to_owned());
        }
        let part = match &mut self.source {
            Source::Bytes(content) => {
                let length = content.len() as u64;
                multipart::Part::stream_with_length(content.clone(), length)
            }
            Source::File(path) => {
                let unreadable = |e: io::Error| format!("can't read {}: {e}", path.display());
                let file = tokio::fs::File::open(&path).await.map_err(unreadable)?;
                let length = file.metadata().await.map_err(unreadable)?.len();
                multipart::Part::stream_with_length(file, length)
            }
            Source::Stream(content, length) => match (content.take(), length) {
                (None, _) => return Ok(None),
                (Some(content), Some(length)) => multipart::Part::stream_with_length(content, *length),
                (Some(content), None) => multipart::Part::stream(content),
            },
        };
        let media_type = self.media_type.as_deref().unwrap_or("application/octet-stream");
        let part = part.mime_str(media_type).map_err(|_| format!("`{media_type}` is not a media type"))?;
        Ok(Some(match &self.file_name {
            Some(name) => part.file_name(name.clone()),
            None => part,
        }))
    }
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

/// The parts of one upload, each under the name that the spec gives it.
pub(crate) type Parts = Vec<(&'static str, Part)>;

/// The form to send; `None` when a part was a stream and is used up.
pub(crate) async fn form(parts: &mut Parts) -> Result<Option<multipart::Form>, String> {
    let mut form = multipart::Form::new();
    for (name, part) in parts {
        match part.prepare().await {
            Ok(Some(part)) => form = form.part(*name, part),
            Ok(None) => return Ok(None),
            Err(reason) => return Err(format!("part {name}: {reason}")),
        }
    }
    Ok(Some(form))
}
