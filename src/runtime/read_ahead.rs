//! A file that is read in large chunks, one ahead of what is done with them: each read is a round trip to another thread,
//! and the network need not wait for it.

use std::{
    fs::{self, File},
    io::{self, Read as _},
    path::{Path, PathBuf},
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use tokio::task::{JoinHandle, spawn_blocking};

use super::blocking::blocking;

/// How much is read at once, in bytes.
const CHUNK: u64 = 512 << 10;

/// A file that is being read.
pub(super) struct ReadAhead {
    /// For messages.
    pub(super) path: PathBuf,
    /// Before the first poll: a request that waits for its turn takes no memory.
    unread: Option<Rest>,
    /// `None` at the end.
    reading: Option<JoinHandle<(io::Result<Bytes>, Rest)>>,
}

/// What was not read yet.
struct Rest {
    file: File,
    /// The length that the file had, and one byte more, which tells whether it has grown.
    length: u64,
}

impl ReadAhead {
    /// The file at `path`, and its length in bytes.
    pub(super) async fn open(path: &Path) -> io::Result<(Self, u64)> {
        let path = path.to_owned();
        let open = move || {
            check(&path)?;
            let file = File::open(&path)?;
            let length = file.metadata()?.len();
            Ok((path, Rest { file, length: length.saturating_add(1) }, length))
        };
        let (path, rest, length) = blocking(open).await?;
        Ok((Self { path, unread: Some(rest), reading: None }, length))
    }

    /// The next chunk; `None` at the end.
    pub(super) fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Option<Bytes>>> {
        if let Some(rest) = self.unread.take() {
            self.reading = Some(spawn_blocking(|| rest.read()));
        }
        let Some(reading) = &mut self.reading else { return Poll::Ready(Ok(None)) };
        let read = ready!(Pin::new(reading).poll(context));
        self.reading = None;
        let (chunk, rest) = read.map_err(io::Error::other)?;
        let chunk = chunk?;
        if chunk.is_empty() {
            return Poll::Ready(Ok(None));
        }
        self.reading = Some(spawn_blocking(|| rest.read()));
        Poll::Ready(Ok(Some(chunk)))
    }
}

impl Rest {
    fn read(mut self) -> (io::Result<Bytes>, Self) {
        let length = self.length.min(CHUNK);
        let mut chunk = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
        let read = (&self.file).take(length).read_to_end(&mut chunk);
        self.length -= chunk.len() as u64;
        (read.map(|_| chunk.into()), self)
    }
}

/// Refuses what is not a regular file: opening a pipe would wait for a writer.
pub(super) fn check(path: &Path) -> io::Result<()> {
    if fs::metadata(path)?.is_file() {
        return Ok(());
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"))
}
