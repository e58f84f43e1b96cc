//! A download that is saved as a file.

use std::{fmt, future::ready, io, path::PathBuf, pin::Pin};

use bytes::Bytes;

use super::{
    ByteStream, DownloadError, Progress, ResponseValue, blocking::blocking, executor::BoxFuture,
    replacement::Replacement,
};

/// How much is written to the disk at once, in bytes, while more of it comes.
const BATCH: usize = 512 << 10;

/// A download that is saved as a file once this is awaited; see [`ByteStream::save`].
#[must_use = "nothing is saved until it is awaited"]
pub struct Save {
    content: ByteStream,
    path: PathBuf,
    limit: u64,
    report: Option<Box<dyn FnMut(Progress) + Send>>,
}

impl Save {
    pub(super) fn new(content: ByteStream, path: PathBuf) -> Self {
        Self { content, path, limit: u64::MAX, report: None }
    }

    /// Saves no content that is longer: the outcome is [`DownloadError::TooLarge`], as soon as the length is known.
    pub fn limit(mut self, bytes: u64) -> Self {
        self.limit = bytes;
        self
    }

    /// Calls `report` whenever some of the content has come. It is called where the download runs, and should take no time.
    ///
    /// That all of it has come doesn't mean that it is saved yet.
    pub fn progress(mut self, report: impl FnMut(Progress) + Send + 'static) -> Self {
        self.report = Some(Box::new(report));
        self
    }

    async fn run(self) -> Result<u64, DownloadError> {
        let Self { mut content, path, limit, mut report } = self;
        let (operation, total) = (content.operation(), content.length());
        let check = |bytes: u64| match bytes > limit {
            true => Err(DownloadError::TooLarge { operation, limit }),
            false => Ok(()),
        };
        let failed = |error| DownloadError::File { operation, path: path.clone(), error };
        check(total.unwrap_or_default())?;
        let target = path.clone();
        let file = blocking(move || Replacement::create(&target)).await.map_err(failed)?;

        let mut writer = Writer { writing: Box::pin(ready(Ok(file))), batch: Vec::new(), length: 0 };
        let mut progress = Progress { bytes: 0, total, attempt: 1 };
        let receive = async {
            while let Some(chunk) = content.chunk().await? {
                progress.bytes += chunk.len() as u64;
                check(progress.bytes)?;
                if let Some(report) = &mut report {
                    report(progress);
                }
                writer.push(chunk).await.map_err(failed)?;
            }
            Ok(progress.bytes)
        };
        match receive.await {
            Ok(bytes) => writer.finish().await.map_err(failed).map(|()| bytes),
            Err(e) => {
                // What is being written is gone before this is over.
                drop(writer.written().await);
                Err(e)
            }
        }
    }
}

/// Writes to the disk while more comes.
struct Writer {
    writing: BoxFuture<'static, io::Result<Replacement>>,
    /// What comes next, and how much that is.
    batch: Vec<Bytes>,
    length: usize,
}

impl Writer {
    async fn push(&mut self, chunk: Bytes) -> io::Result<()> {
        self.length += chunk.len();
        self.batch.push(chunk);
        if self.length >= BATCH {
            let file = self.written().await?;
            let batch = std::mem::take(&mut self.batch);
            self.length = 0;
            self.writing = Box::pin(blocking(move || file.write(batch)));
        }
        Ok(())
    }

    /// The file, once everything but the batch is written.
    async fn written(&mut self) -> io::Result<Replacement> {
        let failed = Box::pin(ready(Err(io::ErrorKind::Other.into())));
        std::mem::replace(&mut self.writing, failed).await
    }

    async fn finish(mut self) -> io::Result<()> {
        let file = self.written().await?;
        blocking(move || file.write(self.batch)?.replace()).await
    }
}

impl IntoFuture for Save {
    /// The length of the content in bytes.
    type Output = Result<u64, DownloadError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for Save {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Save").field("content", &self.content).field("path", &self.path).finish_non_exhaustive()
    }
}

impl ResponseValue<ByteStream> {
    /// See [`ByteStream::save`].
    pub fn save(self, path: impl Into<PathBuf>) -> Save {
        self.into_inner().save(path)
    }

    /// See [`ByteStream::collect`].
    ///
    /// # Errors
    /// When the connection breaks, or the content is longer than `limit` bytes.
    pub async fn collect(self, limit: usize) -> Result<Bytes, DownloadError> {
        self.into_inner().collect(limit).await
    }
}
