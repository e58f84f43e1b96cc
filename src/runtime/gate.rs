//! How many requests of a client are under way at the same time, and how many begin in a while.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use tokio::{
    sync::{Mutex, MutexGuard, OwnedSemaphorePermit, Semaphore},
    time::Instant,
};

use super::Config;

/// What every request of a client has to pass before it is sent.
pub(super) struct Gate {
    in_flight: Option<Arc<Semaphore>>,
    rate: Option<Rate>,
}

/// The turn of a request, which may be sent now. Nobody else's comes until it is taken or dropped.
pub(super) struct Turn<'a> {
    permit: Option<OwnedSemaphorePermit>,
    begun: Option<MutexGuard<'a, VecDeque<Instant>>>,
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

    /// A turn that is taken, where nothing limits requests.
    pub(super) fn open(&self) -> Option<Pass> {
        (self.in_flight.is_none() && self.rate.is_none()).then_some(Pass { _permit: None })
    }

    /// Waits for a turn, first come, first served; `None` when that is not before `end`. Who stops waiting, or doesn't take
    /// the turn, takes nothing from others.
    pub(super) async fn turn(&self, end: Instant) -> Option<Turn<'_>> {
        let permit = match &self.in_flight {
            Some(places) => Some(tokio::time::timeout_at(end, Arc::clone(places).acquire_owned()).await.ok()?.ok()?),
            None => None,
        };
        let begun = match &self.rate {
            Some(rate) => Some(rate.wait(end).await?),
            None => None,
        };
        Some(Turn { permit, begun })
    }
}

impl Turn<'_> {
    /// The request begins now.
    pub(super) fn take(mut self) -> Pass {
        if let Some(begun) = &mut self.begun {
            begun.push_back(Instant::now());
        }
        Pass { _permit: self.permit }
    }
}

/// At most `most` requests begin within any time of the length `per`.
struct Rate {
    most: usize,
    per: Duration,
    /// When the requests of the last `per` began. Whoever is next holds it and waits.
    begun: Mutex<VecDeque<Instant>>,
}

impl Rate {
    /// Waits until a request may begin; `None` when that is not before `end`.
    async fn wait(&self, end: Instant) -> Option<MutexGuard<'_, VecDeque<Instant>>> {
        let mut begun = tokio::time::timeout_at(end, self.begun.lock()).await.ok()?;
        loop {
            let now = Instant::now();
            // One that is to be forgotten at a time beyond the range of the clock is never forgotten.
            let is_over = |began: &Instant| began.checked_add(self.per).is_some_and(|over| over <= now);
            while begun.front().is_some_and(is_over) {
                begun.pop_front();
            }
            if begun.len() < self.most {
                return Some(begun);
            }
            let next = begun.front()?.checked_add(self.per).filter(|next| *next < end)?;
            tokio::time::sleep_until(next).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::{Instant, sleep, timeout};

    use super::{Gate, Mutex, Rate};

    fn gate(most: usize) -> Gate {
        Gate { in_flight: None, rate: Some(Rate { most, per: Duration::from_secs(1), begun: Mutex::default() }) }
    }

    /// Begins `count` requests as soon as may be, and gives when, in milliseconds since `start`.
    async fn begin(gate: &Gate, start: Instant, end: Instant, count: usize) -> Vec<u128> {
        let mut times = Vec::new();
        while times.len() < count
            && let Some(turn) = gate.turn(end).await
        {
            turn.take();
            times.push(start.elapsed().as_millis());
        }
        times
    }

    #[tokio::test(start_paused = true)]
    async fn no_window_has_more_than_the_limit() {
        let (gate, start, ms) = (gate(3), Instant::now(), Duration::from_millis);
        let end = start + ms(3_000);
        assert_eq!(begin(&gate, start, end, 1).await, [0]);
        sleep(ms(900)).await;
        assert_eq!(begin(&gate, start, end, 9).await, [900, 900, 1_000, 1_900, 1_900, 2_000, 2_900, 2_900]);
        // The next would be at the end of the call; nothing is taken from others.
        assert_eq!(begin(&gate, start, end, 1).await, [0; 0]);
        assert_eq!(begin(&gate, start, end + ms(1), 1).await, [3_000]);
    }

    #[tokio::test(start_paused = true)]
    async fn who_does_not_begin_takes_nothing() {
        let (gate, start, ms) = (gate(1), Instant::now(), Duration::from_millis);
        let end = start + ms(100_000);
        assert_eq!(begin(&gate, start, end, 1).await, [0]);
        // Each gives up before its turn, or when it has it.
        for _ in 0..5 {
            assert!(timeout(ms(100), gate.turn(end)).await.is_err());
        }
        for _ in 0..5 {
            drop(gate.turn(end).await);
        }
        assert_eq!(begin(&gate, start, end, 2).await, [1_000, 2_000]);
    }

    #[tokio::test(start_paused = true)]
    async fn only_what_counts_is_kept() {
        let gate = gate(usize::MAX);
        for _ in 0..100 {
            begin(&gate, Instant::now(), Instant::now() + Duration::from_secs(1), 10).await;
            sleep(Duration::from_millis(500)).await;
        }
        let kept = gate.rate.as_ref().unwrap().begun.lock().await.len();
        assert!(kept <= 20, "{kept}");
    }
}
