//! Why there is no client.

use std::fmt;

use crate::violation::Violations;

/// Why there is no client.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The spec breaks rules; all of them are listed.
    Spec(Violations),
    /// A file or folder can't be read or written.
    Io(String, std::io::Error),
    /// The files in a folder of specs are not those that are needed.
    Folder(String),
    /// The pipeline met something that it doesn't understand. With a spec that passes [`check`](crate::check()), this is a defect of
    /// the pipeline, or progenitor's output has changed.
    Pipeline {
        /// The operation, schema or part of the output.
        at: String,
        /// What was expected and what was found.
        reason: String,
    },
}

impl Error {
    pub(crate) fn internal(at: &str, reason: &str) -> Self {
        Self::Pipeline { at: at.to_owned(), reason: reason.to_owned() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Spec(violations) => violations.fmt(f),
            Self::Io(path, e) => write!(f, "{path}: {e}"),
            Self::Folder(reason) => f.write_str(reason),
            Self::Pipeline { at, reason } => write!(f, "{at}: {reason}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Spec(violations) => Some(violations),
            Self::Io(_, e) => Some(e),
            Self::Folder(_) | Self::Pipeline { .. } => None,
        }
    }
}

impl From<Violations> for Error {
    fn from(violations: Violations) -> Self {
        Self::Spec(violations)
    }
}
