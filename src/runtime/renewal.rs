//! One credential for many calls: obtained once however many wait for it, replaced once when it is refused.
//!
//! Obtaining is a task of its own. It goes on when the call that began it is dropped, is bounded by its own limit, and ends
//! with the last clone of the client. All calls that wait for it get its result. If the runtime that it runs on ends, one of
//! those calls starts over. A refusal that asking again won't change is remembered for a while, so that nobody's account is
//! locked by calls that keep coming.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::watch, time::Instant};

use super::{
    ErrorKind, SessionFailure, SignInError,
    background::{Background, Group},
    error::TimeLimit,
    executor::{BoxFuture, Credential, SIGN_IN_TIMEOUT},
    send,
    window::Window,
};

/// How long an early renewal that failed is not tried again.
const EARLY_PAUSE: Duration = Duration::from_secs(10);
/// How much later than its limit an attempt may come to an end.
const SLACK: Duration = Duration::from_secs(1);
/// How often a call starts over, when its task was lost with its runtime or had no result.
const STARTS: u32 = 3;

/// How a credential is obtained.
pub trait Obtain: Send + Sync + 'static {
    type Value: Send + Sync + 'static;

    /// A new value. `old` is the current one, given if it may help to obtain another; with `early`, it is still good and the
    /// new one not urgent.
    fn obtain(
        self: Arc<Self>,
        old: Option<Arc<Self::Value>>,
        early: bool,
    ) -> BoxFuture<'static, Result<Self::Value, SignInError>>;

    /// Whether the secret is no longer the one that was used last.
    fn has_changed(&self) -> BoxFuture<'_, bool> {
        Box::pin(std::future::ready(false))
    }
}

/// A value that is obtained when first needed, and again when it has gone stale or was refused.
pub struct Renewable<S: Obtain> {
    source: Arc<S>,
    state: Arc<Mutex<State<S::Value>>>,
    tasks: Group,
    /// How long obtaining may take.
    limit: Duration,
}

/// A value and the attempt that obtained it.
pub struct Held<T> {
    pub value: Arc<T>,
    pub generation: u64,
}

impl<T> Held<T> {
    /// Whether it was obtained after what was refused.
    pub fn follows(&self, refused: Option<&Credential>) -> bool {
        refused.is_none_or(|refused| self.generation > refused.generation)
    }
}

impl<T> Clone for Held<T> {
    fn clone(&self) -> Self {
        Self { value: Arc::clone(&self.value), generation: self.generation }
    }
}

struct State<T> {
    current: Option<Held<T>>,
    /// Values up to this generation are not to be used any more.
    ended: u64,
    /// How many attempts began.
    begun: u64,
    running: Option<Running<T>>,
    refusal: Option<Refusal>,
    /// No early attempt before.
    early_after: Option<Instant>,
}

/// An attempt under way.
struct Running<T> {
    result: watch::Receiver<Option<Result<Held<T>, SignInError>>>,
    /// The generation of the value that it obtains.
    generation: u64,
    how: How,
    /// When it has long come to an end, if its runtime runs.
    over: Instant,
}

/// What an attempt begins with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    /// Nothing, as somebody asked to begin at once.
    Afresh,
    /// The current value.
    Again,
    /// The current value, which is still good.
    Early,
}

impl<T> Clone for Running<T> {
    fn clone(&self) -> Self {
        let Self { generation, how, over, .. } = *self;
        Self { result: self.result.clone(), generation, how, over }
    }
}

impl<T> Running<T> {
    /// Whether its task was lost: its runtime is gone, or nobody runs it.
    fn is_lost(&self) -> bool {
        self.result.has_changed().is_err() || self.over <= Instant::now()
    }

    /// What it comes to; `None` when its task was lost.
    async fn result(mut self) -> Option<Result<Held<T>, SignInError>> {
        let result = tokio::time::timeout_at(self.over, self.result.wait_for(Option::is_some)).await;
        result.ok()?.ok().and_then(|result| result.clone())
    }
}

/// A definitive refusal.
struct Refusal {
    error: SignInError,
    window: Window,
    /// Whether somebody wants to try again at once.
    lifted: bool,
}

impl Refusal {
    /// What callers get while it is remembered.
    fn remembered(&self) -> Option<SignInError> {
        if self.lifted {
            return None;
        }
        Some(self.error.remembered(self.window.ago(), self.window.left()?))
    }
}

impl<S: Obtain> Renewable<S> {
    /// Nothing yet. Obtaining may take as long as `limit`.
    pub fn new(source: S, background: &Background, limit: Duration) -> Self {
        let state = State { current: None, ended: 0, begun: 0, running: None, refusal: None, early_after: None };
        Self { source: Arc::new(source), state: Arc::new(Mutex::new(state)), tasks: background.group(), limit }
    }

    /// The current value if it is `usable`, or else a new one.
    pub async fn get(&self, usable: impl Fn(&Held<S::Value>) -> bool) -> Result<Held<S::Value>, SessionFailure> {
        let failed = |e| Err(SessionFailure::Failed(e));
        for _ in 0..STARTS {
            let remembered = {
                let state = self.state();
                if let Some(held) = state.usable().filter(&usable) {
                    return Ok(held);
                }
                state.refusal.as_ref().and_then(Refusal::remembered)
            };
            if let Some(remembered) = remembered {
                if !self.source.has_changed().await {
                    return failed(remembered);
                }
                self.state().refusal = None;
            }
            let running = {
                let mut state = self.state();
                // Another call may have been faster.
                if let Some(held) = state.usable().filter(&usable) {
                    return Ok(held);
                }
                match state.running() {
                    Some(running) => running,
                    None => self.start(&mut state, How::Again),
                }
            };
            let how = running.how;
            match running.result().await {
                Some(Ok(held)) => return Ok(held),
                // It was not urgent when it began, so that not everything was tried.
                Some(Err(e)) if how == How::Early && !e.is_definitive() => {}
                Some(Err(e)) => return failed(e),
                None => {}
            }
        }
        failed(self.lost())
    }

    /// Obtains a new value while the current one is used on, unless that is under way or failed a short while ago.
    pub fn renew_early(&self) {
        let mut state = self.state();
        let now = Instant::now();
        let is_remembered = state.refusal.as_ref().is_some_and(|refusal| refusal.remembered().is_some());
        if state.running().is_some() || is_remembered || state.early_after.is_some_and(|after| now < after) {
            return;
        }
        self.start(&mut state, How::Early);
    }

    /// Obtains a new value from the beginning and at once, whatever was refused before, and whatever renewal is under way:
    /// that goes on for those who wait for it.
    pub async fn obtain_now(&self) -> Result<(), SessionFailure> {
        for _ in 0..STARTS {
            let running = {
                let mut state = self.state();
                state.refusal.iter_mut().for_each(|refusal| refusal.lifted = true);
                match state.running().filter(|running| running.how == How::Afresh) {
                    Some(running) => running,
                    None => self.start(&mut state, How::Afresh),
                }
            };
            if let Some(result) = running.result().await {
                return result.map(|_| ()).map_err(SessionFailure::Failed);
            }
        }
        Err(SessionFailure::Failed(self.lost()))
    }

    /// The value of this generation is not used by later calls.
    pub fn end(&self, generation: u64) {
        let mut state = self.state();
        state.ended = state.ended.max(generation);
    }

    /// The current value, unless it is no longer to be used.
    pub fn current(&self) -> Option<Held<S::Value>> {
        self.state().usable()
    }

    /// Begins an attempt. One that was under way goes on for those who wait for it.
    fn start(&self, state: &mut State<S::Value>, how: How) -> Running<S::Value> {
        let (sender, result) = watch::channel(None);
        state.begun += 1;
        let over = send::after(Instant::now(), self.limit.saturating_add(SLACK));
        let running = Running { result, generation: state.begun, how, over };
        state.running = Some(running.clone());
        let old = state.current.as_ref().filter(|_| how != How::Afresh).map(|held| Arc::clone(&held.value));
        let obtaining = Arc::clone(&self.source).obtain(old, how == How::Early);
        let (shared, limit, generation) = (Arc::clone(&self.state), self.limit, running.generation);
        self.tasks.spawn(async move {
            let result = tokio::time::timeout(limit, obtaining).await.unwrap_or_else(|_| {
                Err(SignInError::passing(ErrorKind::Timeout, TimeLimit::new(limit, SIGN_IN_TIMEOUT).to_string()))
            });
            let result = result.map(|value| Held { value: Arc::new(value), generation });
            lock(&shared).finish(generation, &result);
            // Nobody may be waiting any more.
            let _ = sender.send(Some(result));
        });
        running
    }

    /// No attempt had a result.
    fn lost(&self) -> SignInError {
        let why = match self.tasks.is_closed() {
            true => "the client was shut down",
            false => "the task that signs in ended without a result",
        };
        SignInError::lasting(ErrorKind::Authentication, why)
    }

    /// Whether the value of this generation is the current one, and good as far as is known.
    pub fn is_current(&self, generation: u64) -> bool {
        let state = self.state();
        generation > state.ended && state.current.as_ref().is_some_and(|held| held.generation == generation)
    }

    fn state(&self) -> MutexGuard<'_, State<S::Value>> {
        lock(&self.state)
    }
}

fn lock<T>(state: &Mutex<State<T>>) -> MutexGuard<'_, State<T>> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T> State<T> {
    fn usable(&self) -> Option<Held<T>> {
        self.current.clone().filter(|held| held.generation > self.ended)
    }

    /// The attempt under way.
    fn running(&self) -> Option<Running<T>> {
        self.running.clone().filter(|running| !running.is_lost())
    }

    /// Takes note of what an attempt came to. Where another one began meanwhile, that one's failure counts.
    fn finish(&mut self, generation: u64, result: &Result<Held<T>, SignInError>) {
        let running = self.running.take_if(|running| running.generation == generation);
        match (result, running) {
            (Ok(held), _) => {
                // A later attempt may have been faster.
                if self.current.as_ref().is_none_or(|current| current.generation < generation) {
                    self.current = Some(held.clone());
                }
                (self.refusal, self.early_after) = (None, None);
            }
            (Err(_), None) => {}
            (Err(error), Some(running)) => {
                if error.is_definitive() {
                    let window = self.refusal.as_ref().map_or_else(Window::first, |before| before.window.next());
                    self.refusal = Some(Refusal { error: error.clone(), window, lifted: false });
                }
                if running.how == How::Early {
                    self.early_after = Some(Instant::now() + EARLY_PAUSE);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        collections::VecDeque,
        sync::{Arc, Mutex},
        time::Duration,
    };

    use tokio::{sync::Semaphore, time::Instant};

    use super::{Background, BoxFuture, Held, Obtain, Renewable, SignInError};
    use crate::runtime::{ErrorKind, SessionFailure};

    /// Gives 1, 2, 3 … and fails where it is told to.
    struct Counter {
        /// How many attempts may go on.
        go: Semaphore,
        /// For each attempt to come, whether it fails.
        fails: Mutex<VecDeque<bool>>,
        /// Whether each attempt was early, and which value it was given.
        asked: Mutex<Vec<(bool, Option<u32>)>>,
    }

    impl Obtain for Counter {
        type Value = u32;

        fn obtain(self: Arc<Self>, old: Option<Arc<u32>>, early: bool) -> BoxFuture<'static, Result<u32, SignInError>> {
            Box::pin(async move {
                let number = {
                    let mut asked = self.asked.lock().unwrap();
                    asked.push((early, old.as_deref().copied()));
                    u32::try_from(asked.len()).unwrap()
                };
                self.go.acquire().await.unwrap().forget();
                match self.fails.lock().unwrap().pop_front() {
                    Some(true) => Err(SignInError::passing(ErrorKind::Server, "down")),
                    _ => Ok(number),
                }
            })
        }
    }

    fn cell(go: usize, fails: &[bool]) -> (Arc<Renewable<Counter>>, Background) {
        let (background, fails) = (Background::default(), Mutex::new(fails.iter().copied().collect()));
        let source = Counter { go: Semaphore::new(go), fails, asked: Mutex::default() };
        (Arc::new(Renewable::new(source, &background, Duration::from_secs(5))), background)
    }

    fn asked(cell: &Renewable<Counter>) -> Vec<(bool, Option<u32>)> {
        cell.source.asked.lock().unwrap().clone()
    }

    async fn any(cell: &Renewable<Counter>) -> Result<u32, SessionFailure> {
        cell.get(|_| true).await.map(|held| *held.value)
    }

    #[tokio::test]
    async fn many_calls_obtain_once_and_renew_once() {
        let (cell, _) = cell(2, &[]);
        let calls = (0..200).map(|_| any(&cell));
        assert!(futures_util::future::join_all(calls).await.into_iter().all(|value| value.unwrap() == 1));
        let newer = |held: &Held<u32>| held.generation > 1;
        let calls = (0..200).map(|_| cell.get(newer));
        assert!(futures_util::future::join_all(calls).await.into_iter().all(|held| *held.unwrap().value == 2));
        assert_eq!(asked(&cell), [(false, None), (false, Some(1))]);
    }

    #[tokio::test]
    async fn a_failed_attempt_fails_all_that_waited_and_no_later_call() {
        let (cell, _) = cell(2, &[true]);
        let results = futures_util::future::join_all((0..50).map(|_| any(&cell))).await;
        let is_down = |e: &SessionFailure| matches!(e, SessionFailure::Failed(e) if e.kind() == ErrorKind::Server);
        assert!(results.iter().all(|result| result.as_ref().is_err_and(is_down)));
        assert_eq!(asked(&cell).len(), 1);
        assert_eq!(any(&cell).await.unwrap(), 2);
    }

    #[tokio::test]
    async fn an_attempt_outlives_the_call_that_began_it() {
        let (cell, _) = cell(0, &[]);
        assert!(tokio::time::timeout(Duration::from_millis(10), any(&cell)).await.is_err());
        cell.source.go.add_permits(1);
        assert_eq!(any(&cell).await.unwrap(), 1);
        assert_eq!(asked(&cell).len(), 1);
    }

    #[tokio::test]
    async fn an_early_attempt_delays_nobody_and_a_failed_one_is_not_made_again_at_once() {
        let (cell, background) = cell(2, &[false, true]);
        assert_eq!(any(&cell).await.unwrap(), 1);
        for _ in 0..3 {
            cell.renew_early();
            assert_eq!(any(&cell).await.unwrap(), 1);
            background.idle().await;
        }
        assert_eq!(asked(&cell), [(false, None), (true, Some(1))]);
    }

    /// What was not urgent fails; a call that waits for it as for its own makes one of its own.
    #[tokio::test]
    async fn a_call_in_need_does_not_content_itself_with_an_early_attempt() {
        let (cell, _) = cell(1, &[false, true]);
        assert_eq!(any(&cell).await.unwrap(), 1);
        cell.renew_early();
        let needy = cell.get(|held| held.generation > 1);
        let (held, ()) = tokio::join!(needy, async { cell.source.go.add_permits(2) });
        assert_eq!(*held.unwrap().value, 3);
        assert_eq!(asked(&cell), [(false, None), (true, Some(1)), (false, Some(1))]);
    }

    #[tokio::test]
    async fn the_last_owner_ends_the_attempt() {
        let (cell, background) = cell(0, &[]);
        assert!(tokio::time::timeout(Duration::from_millis(10), any(&cell)).await.is_err());
        drop(cell);
        tokio::time::timeout(Duration::from_secs(5), background.idle()).await.unwrap();
    }

    #[tokio::test]
    async fn what_has_ended_stays_ended() {
        let (cell, _) = cell(9, &[]);
        for value in [1, 2] {
            assert_eq!(any(&cell).await.unwrap(), value);
            cell.end(value.into());
        }
        // A late word on the one before.
        cell.end(1);
        assert_eq!(any(&cell).await.unwrap(), 3);
        assert!(cell.is_current(3) && !cell.is_current(2));
    }

    #[tokio::test]
    async fn a_result_that_comes_late_is_not_lost() {
        let (cell, _) = cell(0, &[false, true]);
        let first = async { any(&cell).await };
        let now = async {
            let now = cell.obtain_now();
            cell.source.go.add_permits(2);
            now.await
        };
        let (first, now) = tokio::join!(first, now);
        assert_eq!(first.unwrap(), 1);
        now.unwrap_err();
        assert_eq!(any(&cell).await.unwrap(), 1);
        assert_eq!(asked(&cell).len(), 2);
    }

    #[test]
    fn an_attempt_on_a_runtime_that_nobody_runs_is_given_up() {
        let (cell, background) = cell(0, &[]);
        let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (first, second) = (runtime(), runtime());
        first.block_on(async {
            assert!(tokio::time::timeout(Duration::from_millis(10), any(&cell)).await.is_err());
        });
        cell.source.go.add_permits(9);
        cell.state().running.as_mut().unwrap().over = Instant::now() + Duration::from_millis(10);
        assert_eq!(second.block_on(any(&cell)).unwrap(), 2);
        second.block_on(async {
            let shut_down = background.shut_down(Duration::from_millis(10));
            tokio::time::timeout(Duration::from_secs(20), shut_down).await.expect("an end");
        });
    }

    #[test]
    fn when_its_runtime_ends_another_call_begins_anew() {
        let (cell, _) = cell(0, &[]);
        let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let first = runtime();
        first.block_on(async {
            assert!(tokio::time::timeout(Duration::from_millis(10), any(&cell)).await.is_err());
        });
        let (waiting, ready) = (Arc::clone(&cell), Arc::new(std::sync::Barrier::new(2)));
        let second = std::thread::spawn({
            let ready = Arc::clone(&ready);
            move || {
                runtime().block_on(async move {
                    let waits = any(&waiting);
                    let release = async {
                        ready.wait();
                        // The first runtime is gone now, and with it the attempt.
                        ready.wait();
                        waiting.source.go.add_permits(1);
                    };
                    tokio::join!(waits, release).0
                })
            }
        });
        ready.wait();
        drop(first);
        ready.wait();
        assert_eq!(second.join().unwrap().unwrap(), 2);
    }
}
