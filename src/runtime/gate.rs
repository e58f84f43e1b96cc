//! How many requests of a client are under way at the same time, and how many begin in a while.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::Instant,
};

use super::Config;

/// What every request of a client has to pass before it is sent.
pub(super) struct Gate {
    in_flight: Option<Arc<Semaphore>>,
    rate: Option<Rate>,
}

/// A request that is under way, until this is dropped.
pub(super) struct Pass {
    _permit: Option<OwnedSemaphorePermit>,
}

impl Gate {
    pub(super) fn new(config: &Config) -> Self {
        let in_flight =
            config.max_in_flight.map(|most| Arc::new(Semaphore::new(most.clamp(1, Semaphore::MAX_PERMITS))));
        let rate =
            config.rate_limit.map(|(most, per)| Rate { most: most.max(1) as usize, per, begun: Mutex::default() });
        Self { in_flight, rate }
    }

    /// Waits for its turn; `None` when that is not before `end`.
    pub(super) async fn enter(&self, end: Instant) -> Option<Pass> {
        let permit = match &self.in_flight {
            Some(places) => Some(tokio::time::timeout_at(end, Arc::clone(places).acquire_owned()).await.ok()?.ok()?),
            None => None,
        };
        if let Some(rate) = &self.rate {
            tokio::time::sleep_until(rate.reserve(Instant::now(), end)?).await;
        }
        Some(Pass { _permit: permit })
    }
}

/// At most `most` requests begin within any time of the length `per`.
struct Rate {
    most: usize,
    per: Duration,
    /// When the last ones began, or are to begin; no more than `most` of them.
    begun: Mutex<VecDeque<Instant>>,
}

impl Rate {
    /// When the next request may begin; `None`, and nothing is reserved, when that is not before `end`.
    fn reserve(&self, now: Instant, end: Instant) -> Option<Instant> {
        let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        let first = (begun.len() >= self.most).then(|| begun.front().copied()).flatten();
        let next = first.map_or(Some(now), |first| first.checked_add(self.per))?.max(now);
        if next > now && next >= end {
            return None;
        }
        if begun.len() >= self.most {
            begun.pop_front();
        }
        begun.push_back(next);
        Some(next)
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::Mutex, time::Duration};

    use tokio::time::Instant;

    use super::Rate;

    #[test]
    fn no_window_has_more_than_the_limit() {
        let rate = Rate { most: 3, per: Duration::from_secs(1), begun: Mutex::default() };
        let (start, ms) = (Instant::now(), Duration::from_millis);
        let check = |at: u64, expect: Option<u64>| {
            let reserved = rate.reserve(start + ms(at), start + ms(3000));
            assert_eq!(reserved.map(|at| at - start), expect.map(ms), "at {at}");
        };
        for (at, expect) in [(0, 0), (900, 900), (950, 950), (960, 1000), (960, 1900), (1000, 1950), (1000, 2000)] {
            check(at, Some(expect));
        }
        check(1000, Some(2900));
        check(1000, Some(2950));
        // That would be at the end of the call; nothing is taken from others.
        check(1000, None);
        check(2999, None);
        check(3000, Some(3000));
    }
}
