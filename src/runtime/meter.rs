//! What a program is told of each call that ends, for its metrics.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU16, AtomicU32, AtomicU64, Ordering},
    },
    time::Duration,
};

use reqwest::StatusCode;
use tokio::time::Instant;

use super::{ErrorKind, Operation, Outcome};

/// How a call ended: what [`Config::observe`](crate::Config::observe) tells.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CallEnd {
    /// The operation.
    pub operation: &'static Operation,
    /// Whether it succeeded.
    pub result: CallResult,
    /// Whether the call was executed.
    pub outcome: Outcome,
    /// The status of the response to the last attempt; `None` when it got none.
    pub status: Option<StatusCode>,
    /// How many requests were made for it. Those that signed in are calls of their own.
    pub attempts: u32,
    /// How long it took, with everything that belongs to it: signing in, waits, all attempts; of a download, with its content.
    pub elapsed: Duration,
    /// How much was sent in bodies, in bytes, over all attempts, as far as the HTTP client had taken it; a body in memory counts
    /// once its request begins.
    pub sent: u64,
    /// How much was received in bodies, in bytes, over all attempts.
    pub received: u64,
}

/// Whether a call succeeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CallResult {
    /// It gave its result.
    Success,
    /// It gave an error.
    Failure(ErrorKind),
    /// Its future was dropped, or a download or a feed before its end: also one whose saving failed, or exceeded its limit.
    Cancelled,
}

impl CallResult {
    /// A word for logs and metrics: `success`, `cancelled` or the [name](ErrorKind::name) of the kind of failure.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure(kind) => kind.name(),
            Self::Cancelled => "cancelled",
        }
    }
}

impl fmt::Display for CallResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What the program does with the end of a call.
pub(super) type Observer = Arc<dyn Fn(&CallEnd) + Send + Sync>;

/// Counts what one call does, and tells its end: once, or that it was cancelled when the last clone is dropped before.
/// Empty where nobody observes.
#[derive(Clone, Default)]
pub(crate) struct Meter(Option<Arc<Metered>>);

struct Metered {
    observer: Observer,
    operation: &'static Operation,
    started: Instant,
    attempts: AtomicU32,
    sent: Arc<AtomicU64>,
    received: AtomicU64,
    /// Of the response to the last attempt; 0 while there is none.
    status: AtomicU16,
    has_ended: AtomicBool,
}

impl Meter {
    pub(super) fn of(operation: &'static Operation, observer: Option<&Observer>) -> Self {
        Self(observer.map(|observer| {
            Arc::new(Metered {
                observer: Arc::clone(observer),
                operation,
                started: Instant::now(),
                attempts: AtomicU32::new(0),
                sent: Arc::default(),
                received: AtomicU64::new(0),
                status: AtomicU16::new(0),
                has_ended: AtomicBool::new(false),
            })
        }))
    }

    /// A request is sent.
    pub(super) fn attempt(&self) {
        if let Some(metered) = &self.0 {
            metered.attempts.fetch_add(1, Ordering::Relaxed);
            metered.status.store(0, Ordering::Relaxed);
        }
    }

    /// The response to it begins.
    pub(super) fn responds(&self, status: StatusCode) {
        if let Some(metered) = &self.0 {
            metered.status.store(status.as_u16(), Ordering::Relaxed);
        }
    }

    /// Counts what is sent of a body. It holds the counter alone: the HTTP client may keep a body for longer than the call lasts.
    pub(super) fn sending(&self) -> impl Fn(u64) + Send + Sync + use<> {
        let sent = self.0.as_ref().map(|metered| Arc::clone(&metered.sent));
        move |bytes| {
            if let Some(sent) = &sent {
                sent.fetch_add(bytes, Ordering::Relaxed);
            }
        }
    }

    pub(super) fn receives(&self, bytes: u64) {
        if let Some(metered) = &self.0 {
            metered.received.fetch_add(bytes, Ordering::Relaxed);
        }
    }

    pub(super) fn ends(&self, result: CallResult, outcome: Outcome) {
        if let Some(metered) = &self.0 {
            metered.ends(result, outcome);
        }
    }
}

impl Metered {
    fn ends(&self, result: CallResult, outcome: Outcome) {
        if self.has_ended.swap(true, Ordering::Relaxed) {
            return;
        }
        (self.observer)(&CallEnd {
            operation: self.operation,
            result,
            outcome,
            status: StatusCode::from_u16(self.status.load(Ordering::Relaxed)).ok(),
            attempts: self.attempts.load(Ordering::Relaxed),
            elapsed: self.started.elapsed(),
            sent: self.sent.load(Ordering::Relaxed),
            received: self.received.load(Ordering::Relaxed),
        });
    }
}

impl Drop for Metered {
    fn drop(&mut self) {
        let is_sent = self.attempts.load(Ordering::Relaxed) > 0;
        self.ends(CallResult::Cancelled, if is_sent { Outcome::Unknown } else { Outcome::NotSent });
    }
}
