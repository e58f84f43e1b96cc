//! A download that was not saved or collected.

use std::{error::Error as StdError, fmt, io, path::PathBuf};

use super::{TransportError, message};
use crate::runtime::Operation;

/// Why a download was not saved or collected. Whatever it is, a file that was to be replaced is as it was.
#[derive(Debug)]
#[non_exhaustive]
pub enum DownloadError {
    /// The connection broke, or nothing came for the idle timeout.
    Transport(TransportError),
    /// It is longer than the limit that the caller set.
    #[non_exhaustive]
    TooLarge {
        /// The operation.
        operation: &'static Operation,
        /// The limit in bytes.
        limit: u64,
    },
    /// The file can't be written: its folder is missing, it is read-only, the disk is full.
    #[non_exhaustive]
    File {
        /// The operation.
        operation: &'static Operation,
        /// The file, as the caller named it.
        path: PathBuf,
        /// Why it can't be written.
        error: io::Error,
    },
}

impl DownloadError {
    /// The operation.
    #[must_use]
    pub fn operation(&self) -> &'static Operation {
        match self {
            Self::Transport(e) => e.operation(),
            Self::TooLarge { operation, .. } | Self::File { operation, .. } => operation,
        }
    }
}

impl fmt::Display for DownloadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(e) => e.fmt(f),
            Self::TooLarge { operation, limit } => {
                write!(f, "{operation}: the content is longer than the limit of {limit} bytes")
            }
            Self::File { operation, path, error } => {
                let reason = format!("can't save {}: {error}", path.display());
                write!(f, "{operation}: {}", message::one_line(&reason).collect::<String>())
            }
        }
    }
}

/// The source of the reason: the reason itself is in the message.
impl StdError for DownloadError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Transport(e) => e.source(),
            Self::TooLarge { .. } => None,
            Self::File { error, .. } => error.source(),
        }
    }
}

impl From<TransportError> for DownloadError {
    fn from(e: TransportError) -> Self {
        Self::Transport(e)
    }
}

/// For readers: [`ByteStream::into_async_read`](crate::ByteStream::into_async_read).
impl From<TransportError> for io::Error {
    fn from(e: TransportError) -> Self {
        let kind = if e.is_timeout() { io::ErrorKind::TimedOut } else { io::ErrorKind::ConnectionAborted };
        Self::new(kind, e)
    }
}
