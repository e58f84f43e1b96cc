//! One credential for many calls: obtained once however many wait for it, replaced once when it is refused.
//! A failed attempt fails every call that waited for it; a cancelled one is simply made again by the next in line.

use std::sync::{
    Arc, PoisonError, RwLock,
    atomic::{AtomicU64, Ordering},
};

use tokio::sync::Mutex;

use super::SessionFailure;

/// A value that is obtained when first needed, and again when it has gone stale or was refused.
pub(crate) struct Renewable<T> {
    current: RwLock<Option<Held<T>>>,
    /// Held while obtaining. The number of the last attempt that failed, and why.
    obtaining: Mutex<Option<(u64, SessionFailure)>>,
    /// How many attempts came to an end, well or badly.
    finished: AtomicU64,
}

/// A value and the attempt that obtained it.
pub(crate) struct Held<T> {
    pub(crate) value: Arc<T>,
    pub(crate) generation: u64,
}

impl<T> Clone for Held<T> {
    fn clone(&self) -> Self {
        Self { value: Arc::clone(&self.value), generation: self.generation }
    }
}

impl<T> Renewable<T> {
    pub(crate) fn new() -> Self {
        Self { current: RwLock::new(None), obtaining: Mutex::new(None), finished: AtomicU64::new(0) }
    }

    /// The current value if it is `usable`, or else a new one from `obtain`, which is given the old one.
    pub(crate) async fn get<F>(
        &self,
        usable: impl Fn(&Held<T>) -> bool,
        obtain: impl FnOnce(Option<Arc<T>>) -> F,
    ) -> Result<Held<T>, SessionFailure>
    where
        F: Future<Output = Result<T, SessionFailure>>,
    {
        if let Some(held) = self.current().filter(&usable) {
            return Ok(held);
        }
        let seen = self.finished.load(Ordering::Acquire);
        let mut last_failure = self.obtaining.lock().await;
        if let Some((attempt, failure)) = &*last_failure
            && *attempt > seen
        {
            return Err(failure.clone());
        }
        let old = self.current();
        // Anything obtained while this call waited is taken, even if short-lived: asking again would not get better.
        let obtained_meanwhile = |held: &Held<T>| held.generation > seen || usable(held);
        if let Some(held) = old.clone().filter(obtained_meanwhile) {
            return Ok(held);
        }
        let result = obtain(old.map(|held| held.value)).await;
        let generation = self.finished.fetch_add(1, Ordering::AcqRel) + 1;
        match result {
            Ok(value) => {
                let held = Held { value: Arc::new(value), generation };
                *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(held.clone());
                *last_failure = None;
                Ok(held)
            }
            Err(failure) => {
                *last_failure = Some((generation, failure.clone()));
                Err(failure)
            }
        }
    }

    /// The value at hand, whether or not it is any good.
    pub(crate) fn current(&self) -> Option<Held<T>> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(all(test, feature = "sandbox"))]
mod tests {
    use std::{
        sync::{
            Arc,
            atomic::{AtomicU32, Ordering},
        },
        time::Duration,
    };

    use super::{Held, Renewable};
    use crate::runtime::{ErrorKind, SessionFailure};

    async fn obtain(count: &AtomicU32) -> Result<u32, SessionFailure> {
        tokio::time::sleep(Duration::from_millis(5)).await;
        Ok(count.fetch_add(1, Ordering::SeqCst) + 1)
    }

    #[tokio::test]
    async fn many_calls_obtain_once() {
        let (cell, count) = (Renewable::new(), AtomicU32::new(0));
        let calls = (0..200).map(|_| cell.get(|_| true, |_| obtain(&count)));
        for held in futures_util::future::join_all(calls).await {
            assert_eq!(*held.unwrap().value, 1);
        }
        assert_eq!(count.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn many_refusals_renew_once() {
        let (cell, count) = (Renewable::new(), AtomicU32::new(0));
        let first = cell.get(|_| true, |_| obtain(&count)).await.unwrap().generation;
        let newer = |held: &Held<u32>| held.generation > first;
        let calls = (0..200).map(|_| cell.get(newer, |_| obtain(&count)));
        for held in futures_util::future::join_all(calls).await {
            assert_eq!(*held.unwrap().value, 2);
        }
        assert_eq!(count.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn a_failed_attempt_fails_all_that_waited_and_no_later_call() {
        let (cell, count) = (Renewable::<u32>::new(), AtomicU32::new(0));
        let fail = |_| async {
            tokio::time::sleep(Duration::from_millis(5)).await;
            count.fetch_add(1, Ordering::SeqCst);
            Err(SessionFailure::Failed(ErrorKind::Permission, Arc::new(std::io::Error::other("locked"))))
        };
        let results = futures_util::future::join_all((0..50).map(|_| cell.get(|_| true, fail))).await;
        assert!(results.iter().all(|r| matches!(r, Err(SessionFailure::Failed(ErrorKind::Permission, _)))));
        assert_eq!(count.load(Ordering::SeqCst), 1);
        assert_eq!(*cell.get(|_| true, |_| async { Ok(7) }).await.unwrap().value, 7);
    }

    #[tokio::test]
    async fn cancelling_the_call_that_obtains_harms_none() {
        let (cell, count) = (Arc::new(Renewable::new()), Arc::new(AtomicU32::new(0)));
        let cancelled = tokio::spawn({
            let cell = Arc::clone(&cell);
            async move { cell.get(|_| true, |_| std::future::pending()).await.map(|held| *held.value) }
        });
        tokio::task::yield_now().await;
        let waiting = tokio::spawn({
            let (cell, count) = (Arc::clone(&cell), Arc::clone(&count));
            async move { cell.get(|_| true, |_| async move { obtain(&count).await }).await.map(|held| *held.value) }
        });
        tokio::task::yield_now().await;
        cancelled.abort();
        assert_eq!(waiting.await.unwrap().unwrap(), 1);
    }
}
