//! Work on files, which has threads of its own.

use std::io;

/// Begins the work at once, and gives what becomes of it. It goes on when nobody waits any more.
pub(super) fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> impl Future<Output = io::Result<T>> + Send {
    let working = tokio::task::spawn_blocking(work);
    async { working.await.unwrap_or_else(|e| Err(io::Error::other(e))) }
}
