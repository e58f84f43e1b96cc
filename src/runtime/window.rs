//! For how long something that failed is not tried again: 30 seconds, and twice as long after each further time, up to
//! ten minutes.

use std::time::Duration;

use tokio::time::Instant;

const FIRST: Duration = Duration::from_secs(30);
const LONGEST: Duration = Duration::from_secs(600);

/// The time after a try in which there is no other.
pub(super) struct Window {
    began: Instant,
    length: Duration,
}

impl Window {
    /// After the first try.
    pub(super) fn first() -> Self {
        Self { began: Instant::now(), length: FIRST }
    }

    /// After another try.
    pub(super) fn next(&self) -> Self {
        Self { began: Instant::now(), length: (self.length * 2).min(LONGEST) }
    }

    /// As after the first try, though there were more.
    pub(super) fn shorten(&mut self) {
        self.length = FIRST;
    }

    /// How long ago the try was.
    pub(super) fn ago(&self) -> Duration {
        self.began.elapsed()
    }

    /// How long it is until the next try; `None` when it may be made.
    pub(super) fn left(&self) -> Option<Duration> {
        self.length.checked_sub(self.ago()).filter(|left| !left.is_zero())
    }
}
