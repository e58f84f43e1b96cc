//! The builder of a feed.

use std::{fmt, time::Duration};

use super::{Feed, Mark, source::Source, stream::Engine};
use crate::{AnyError, contractor::Client};

/// A feed that is not begun yet: made by [`Client::follow_calls`] and the like, ended by [`stream`](Self::stream).
#[must_use = "nothing is followed until stream() is called"]
pub struct Follow<T> {
    pub(super) client: Client,
    pub(super) sources: Vec<Source<T>>,
    pub(super) mark: Mark,
    pub(super) every: Duration,
    pub(super) overlap: u64,
    pub(super) is_once: bool,
    pub(super) interrupted: Option<Interrupted>,
}

/// What the program does with an outage.
pub(super) type Interrupted = Box<dyn FnMut(&AnyError, Duration) + Send>;

impl<T: Send + 'static> Follow<T> {
    pub(super) fn new(client: &Client, sources: Vec<Source<T>>) -> Self {
        Self {
            client: client.clone(),
            sources,
            mark: Mark::default(),
            every: Duration::from_secs(30),
            overlap: 1,
            is_once: false,
            interrupted: None,
        }
    }

    /// Goes on where this mark was stored; from the beginning unless set, or with `None`.
    pub fn since(mut self, mark: impl Into<Option<Mark>>) -> Self {
        self.mark = mark.into().unwrap_or_default();
        self
    }

    /// How long to wait after a response was read to its end and before asking again. 30 seconds unless set; each wait is
    /// lengthened at random by up to a tenth, so that programs that began together don't ask together.
    pub fn every(mut self, interval: Duration) -> Self {
        self.every = interval;
        self
    }

    /// From how far before the mark to read again, in whatever the server counts `timestamp` in. 1 unless set, which is
    /// enough for items that get the same `timestamp`, whether or not the server includes the mark. Items that get a lower
    /// one later need more: as much as the server may be late. What was given out already is not given out again.
    pub fn overlap(mut self, timestamps: u64) -> Self {
        self.overlap = timestamps;
        self
    }

    /// Ends once all was read that there is by now, rather than asking again: what a program needs that runs from time to
    /// time, and keeps the mark in between. An outage is outlived before.
    pub fn once(mut self) -> Self {
        self.is_once = true;
        self
    }

    /// Calls `tell` whenever something failed and the feed goes on, with the error and how long it waits before it asks
    /// again. A failed request is also seen by [`Config::observe`](crate::Config::observe), and with the feature `tracing`
    /// it is a warning.
    pub fn interrupted(mut self, tell: impl FnMut(&AnyError, Duration) + Send + 'static) -> Self {
        self.interrupted = Some(Box::new(tell));
        self
    }

    /// The feed. Nothing is sent before it is read.
    pub fn stream(self) -> Feed<T> {
        Feed::of(Engine::new(self))
    }
}

impl<T> fmt::Debug for Follow<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Follow")
            .field("mark", &self.mark)
            .field("every", &self.every)
            .field("overlap", &self.overlap)
            .finish_non_exhaustive()
    }
}
