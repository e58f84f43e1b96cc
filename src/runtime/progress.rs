//! How far the transfer of a file is.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use reqwest::Body;

use super::watched::Watched;

/// How far the transfer of a file is: what [`Part::progress`](crate::Part::progress) and
/// [`Save::progress`](crate::Save::progress) tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// How many bytes were handed over to be sent, or were received. Within one attempt it only grows, up to the total.
    pub bytes: u64,
    /// How many there are, if that is known.
    pub total: Option<u64>,
    /// 1, and one more each time that the content is sent again, from its beginning. A download has only one.
    pub attempt: u32,
}

/// What the caller wants to know of an upload.
#[derive(Clone)]
pub(super) struct Reporter {
    report: Arc<dyn Fn(Progress) + Send + Sync>,
    /// The latest attempt. One before it may still be under way, and is nobody's business any more.
    attempt: Arc<AtomicU32>,
}

impl Reporter {
    pub(super) fn new(report: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        Self { report: Arc::new(report), attempt: Arc::default() }
    }

    /// The body of the next attempt, which tells how much of it was taken.
    pub(super) fn meter(&self, body: Body, total: Option<u64>) -> Body {
        let attempt = self.attempt.fetch_add(1, Ordering::Relaxed) + 1;
        let mut progress = Progress { bytes: 0, total, attempt };
        (self.report)(progress);
        let Self { report, attempt: latest } = self.clone();
        Body::wrap(Watched::new(body, move |taken| {
            progress.bytes += taken;
            if taken > 0 && latest.load(Ordering::Relaxed) == attempt {
                report(progress);
            }
        }))
    }
}
