//! Which failed calls are retried, and after how long: those that failed for a reason that may pass. An idempotent operation
//! is retried after a broken connection and after the status codes 408, 429, 502, 503 and 504; any other one only when the
//! server provably did not process it.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, SystemTime},
};

use backon::{BackoffBuilder, ExponentialBuilder};
use reqwest::{
    StatusCode,
    header::{HeaderMap, RETRY_AFTER},
};

use super::{ErrorKind, Operation, failed::Failed, response::Response};

/// How often a failed call is retried, and after which waits.
///
/// An operation that is [`idempotent`](Operation::idempotent) is retried after a broken connection and after the status codes
/// 408, 429, 502, 503 and 504 (RFC 9110, section 9.2.2). Any other one is retried only when the server provably did not
/// process it: it could not be connected to, or it said so, as it can over HTTP/2 (RFC 9113, section 8.7). A request that
/// timed out is not retried, nor is an upload whose content is a stream that was sent already.
///
/// This is the only policy at work: reqwest's own, which would send a request up to three times for each attempt of this one,
/// is off. Only a request of which nothing was written yet moves to another connection, when the server has closed the one
/// that was kept for it.
///
/// The waits grow by a factor of two, each lengthened at random by up to its own length, so that clients that failed
/// together don't come back together. `Retry-After`, in seconds or as a date (RFC 9110, section 10.2.3), lengthens a wait;
/// where it asks for more than the time that is left, the call fails at once with the response that has it.
///
/// Over all calls of a client and its clones, a [budget](Self::budget) bounds what is sent again, so that a server that is in
/// trouble doesn't get three times the load.
///
/// ```
/// use std::time::Duration;
/// use casewire::{Config, RetryPolicy};
///
/// let patient = RetryPolicy::default().attempts(6).total(Duration::from_secs(120));
/// let config = Config::new("https://desk.example")?.retry(patient);
/// let once = Config::new("https://desk.example")?.retry(RetryPolicy::never());
/// # let _ = (config, once);
/// # Ok::<(), casewire::ConfigError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    attempts: u32,
    first_wait: Duration,
    longest_wait: Duration,
    pub(super) total: Duration,
    budget: u32,
}

/// Three attempts within a minute, with waits of 200 to 400 milliseconds and twice that.
impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 3,
            first_wait: Duration::from_millis(200),
            longest_wait: Duration::from_secs(10),
            total: Duration::from_secs(60),
            budget: 500,
        }
    }
}

impl RetryPolicy {
    /// No retries. A credential that was refused is renewed nevertheless, and the request sent again with the new one.
    #[must_use]
    pub fn never() -> Self {
        Self::default().attempts(1)
    }

    /// How often a request is sent at most, the first time included. 3 unless set; 0 counts as 1.
    #[must_use]
    pub fn attempts(mut self, most: u32) -> Self {
        self.attempts = most;
        self
    }

    /// How long the first wait is, before its random share. 200 milliseconds unless set.
    #[must_use]
    pub fn first_wait(mut self, wait: Duration) -> Self {
        self.first_wait = wait;
        self
    }

    /// How long a wait becomes at most, before its random share and without regard to `Retry-After`. 10 seconds unless set.
    #[must_use]
    pub fn longest_wait(mut self, wait: Duration) -> Self {
        self.longest_wait = wait;
        self
    }

    /// How long a call may take with everything that belongs to it: signing in, waits, all attempts. 60 seconds unless
    /// set. An upload or a download is not cut off in the middle by it; there, no attempt begins later than this.
    #[must_use]
    pub fn total(mut self, limit: Duration) -> Self {
        self.total = limit;
        self
    }

    /// How many tokens the retry budget of a client holds, with all its clones. 500 unless set.
    ///
    /// Sending a request again takes 5 of them, and is left undone when there are not as many. A call that succeeds at once
    /// gives one back, one that succeeds after it was sent again gives back the 5; time gives none. So while everything
    /// fails, no more than 100 requests are sent again, and in the long run no more than one for every five calls that
    /// succeed. A request that is sent again with a renewed credential takes none. It is the token bucket of the AWS SDKs
    /// ("Retry behavior", standard mode).
    #[must_use]
    pub fn budget(mut self, tokens: u32) -> Self {
        self.budget = tokens;
        self
    }

    /// The waits between attempts.
    pub(super) fn waits(&self) -> impl Iterator<Item = Duration> + Send + 'static {
        let retries = usize::try_from(self.attempts).unwrap_or(usize::MAX).saturating_sub(1);
        // The builder bounds every wait but the first.
        let first = self.first_wait.min(self.longest_wait);
        let waits = ExponentialBuilder::new().with_min_delay(first).with_max_delay(self.longest_wait);
        waits.with_max_times(retries).with_jitter().build()
    }
}

/// What may still be sent again, over all calls of a client.
pub(super) struct Budget {
    most: u32,
    left: AtomicU32,
}

/// What sending a request again costs.
const COST: u32 = 5;

impl Budget {
    pub(super) fn new(policy: &RetryPolicy) -> Self {
        Self { most: policy.budget, left: AtomicU32::new(policy.budget) }
    }

    /// What sending a request again costs; `None` when there is not as much left. It is given back unless it is spent.
    pub(super) fn take(&self) -> Option<Taken<'_>> {
        let taken = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(COST));
        taken.is_ok().then(|| Taken(self))
    }

    /// A call succeeded, at once or after it was sent again.
    pub(super) fn give_back(&self, was_sent_again: bool) {
        let tokens = if was_sent_again { COST } else { 1 };
        let given = |left: u32| (left < self.most).then(|| left.saturating_add(tokens).min(self.most));
        // Full already.
        let _ = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, given);
    }
}

/// Tokens for sending a request again.
pub(super) struct Taken<'a>(&'a Budget);

impl Taken<'_> {
    /// The request is sent again.
    pub(super) fn spend(self) {
        std::mem::forget(self);
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.0.give_back(true);
    }
}

/// Whether the attempt failed for a reason that may pass, and the request may be sent again.
pub(super) fn may_retry(operation: &'static Operation, outcome: &Result<Response, Failed>) -> bool {
    match outcome {
        Ok(response) => operation.idempotent && (is_passing(response.status()) || response.is_broken()),
        Err(Failed::Transport(e)) if e.is_connect() => e.may_pass(),
        Err(Failed::Transport(e)) => !e.is_timeout() && (operation.idempotent || e.was_not_sent()),
        Err(_) => false,
    }
}

/// Whether a status says that the same request may succeed later.
pub(super) fn is_passing(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 429 | 502 | 503 | 504)
}

/// Whether a call that only reads may succeed later: after any failure of the server too, since it does no harm.
pub fn read_may_succeed_later(is_retryable: bool, kind: ErrorKind) -> bool {
    is_retryable || kind == ErrorKind::Server
}

/// How long the server asks to wait; `None` when it doesn't, or not in a way that can be read.
pub(super) fn asked_to_wait(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        // More digits than a number of seconds can have are longer than any limit.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};

    use super::{Budget, RetryPolicy, Taken, asked_to_wait};

    fn asked(value: &str) -> Option<u64> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_str(value).unwrap());
        asked_to_wait(&headers).map(|wait| wait.as_secs())
    }

    #[test]
    fn retry_after_in_seconds_and_as_a_date() {
        assert_eq!(asked("0"), Some(0));
        assert_eq!(asked(" 120 "), Some(120));
        assert_eq!(asked("99999999999999999999999"), Some(u64::MAX));
        assert_eq!(asked("Wed, 21 Oct 2015 07:28:00 GMT"), Some(0));
        let later = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(3600));
        assert!((3590..=3600).contains(&asked(&later).unwrap()), "{later}");
        for text in ["", "-1", "1.5", "soon", "2026-03-02T08:15:00Z"] {
            assert_eq!(asked(text), None, "{text}");
        }
        assert_eq!(asked_to_wait(&HeaderMap::new()), None);
    }

    #[test]
    fn a_budget_is_taken_and_given_back() {
        let budget = Budget::new(&RetryPolicy::default().budget(12));
        let spend = || budget.take().map(Taken::spend).is_some();
        assert_eq!([(); 3].map(|()| spend()), [true, true, false]);
        (0..3).for_each(|_| budget.give_back(false));
        assert_eq!([(); 2].map(|()| spend()), [true, false]);
        (0..9).for_each(|_| budget.give_back(true));
        (0..9).for_each(|_| drop(budget.take().expect("what was not spent is given back")));
        assert_eq!([(); 3].map(|()| spend()), [true, true, false], "never more than it holds");
        assert!(Budget::new(&RetryPolicy::default().budget(0)).take().is_none());
    }

    #[test]
    fn waits_double_up_to_the_longest_with_a_random_share() {
        let policy = RetryPolicy::default().attempts(5).first_wait(Duration::from_millis(100));
        let waits: Vec<_> = policy.longest_wait(Duration::from_millis(300)).waits().map(|w| w.as_millis()).collect();
        let expected = [100..=200, 200..=400, 300..=600, 300..=600];
        assert_eq!(waits.len(), expected.len());
        assert!(waits.iter().zip(&expected).all(|(wait, within)| within.contains(wait)), "{waits:?}");
        let mut bounded = policy.longest_wait(Duration::from_millis(10)).waits();
        assert!(bounded.all(|wait| (10..=20).contains(&wait.as_millis())), "the first wait is bounded, too");
        assert_ne!(waits, policy.waits().map(|w| w.as_millis()).collect::<Vec<_>>(), "by chance once in a million");
        for attempts in [0, 1] {
            assert_eq!(RetryPolicy::default().attempts(attempts).waits().count(), 0);
        }
    }
}
