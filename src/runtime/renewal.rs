//! One credential for many calls: obtained once however many wait for it, replaced once when it is refused.
//!
//! Obtaining is a task of its own. It goes on when the call that began it is dropped, is bounded by its own limit, and ends
//! with the last clone of the client. Everyone who waits for it gets what it comes to. If the runtime that it runs on ends,
//! one of those who wait begins anew. A refusal that asking again won't change is remembered for a while, so that nobody's
//! account is locked by calls that keep coming.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::watch, time::Instant};

use super::{
    ErrorKind, SessionFailure, SignInError,
    background::{Background, Group},
    session::BoxFuture,
};

/// For how long a refusal is remembered the first time; twice as long after each further one, up to [`LONGEST`].
const FIRST: Duration = Duration::from_secs(30);
const LONGEST: Duration = Duration::from_secs(600);
/// How long an early renewal that failed is not tried again.
const EARLY_PAUSE: Duration = Duration::from_secs(10);
/// How often a call begins anew, whose task was lost with its runtime or came to nothing.
const BEGINNINGS: u32 = 3;

/// How a credential is obtained.
pub(crate) trait Obtain: Send + Sync + 'static {
    type Value: Send + Sync + 'static;

    /// A new value. `old` is the one at hand, which is given if it may help to obtain another; with `early`, it is still good
    /// and the new one not urgent.
    fn obtain(
        self: Arc<Self>,
        old: Option<Arc<Self::Value>>,
        early: bool,
    ) -> BoxFuture<'static, Result<Self::Value, SignInError>>;

    /// Whether the secret is not the one any more that was used last.
    fn has_changed(&self) -> BoxFuture<'_, bool> {
        Box::pin(std::future::ready(false))
    }
}

/// A value that is obtained when first needed, and again when it has gone stale or was refused.
pub(crate) struct Renewable<S: Obtain> {
    source: Arc<S>,
    state: Arc<Mutex<State<S::Value>>>,
    tasks: Group,
    /// How long obtaining may take.
    limit: Duration,
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

struct State<T> {
    current: Option<Held<T>>,
    /// The value of this generation is not to be used any more.
    ended: Option<u64>,
    /// How many attempts came to an end, well or badly.
    finished: u64,
    running: Option<Running<T>>,
    refusal: Option<Refusal>,
    /// No early attempt before.
    early_after: Option<Instant>,
}

/// An attempt under way.
struct Running<T> {
    result: watch::Receiver<Option<Result<Held<T>, SignInError>>>,
    early: bool,
}

impl<T> Clone for Running<T> {
    fn clone(&self) -> Self {
        Self { result: self.result.clone(), early: self.early }
    }
}

impl<T> Running<T> {
    /// Whether its task was lost, with the runtime that ran it.
    fn is_lost(&self) -> bool {
        self.result.has_changed().is_err()
    }
}

/// A definitive refusal.
struct Refusal {
    error: SignInError,
    at: Instant,
    window: Duration,
    /// Whether somebody wants to try again at once.
    lifted: bool,
}

impl Refusal {
    /// What is told while it is remembered.
    fn remembered(&self, now: Instant) -> Option<SignInError> {
        if self.lifted {
            return None;
        }
        let ago = now.saturating_duration_since(self.at);
        let next = self.window.checked_sub(ago).filter(|next| !next.is_zero())?;
        Some(self.error.remembered(ago, next))
    }
}

impl<S: Obtain> Renewable<S> {
    /// Nothing yet. Obtaining may take as long as `limit`.
    pub(crate) fn new(source: S, background: &Background, limit: Duration) -> Self {
        let state = State {
            current: None,
            ended: None,
            finished: 0,
            running: None,
            refusal: None,
            early_after: None,
        };
        Self { source: Arc::new(source), state: Arc::new(Mutex::new(state)), tasks: background.group(), limit }
    }

    /// The current value if it is `usable`, or else a new one.
    pub(crate) async fn get(
        &self,
        usable: impl Fn(&Held<S::Value>) -> bool,
    ) -> Result<Held<S::Value>, SessionFailure> {
        let failed = |e| Err(SessionFailure::Failed(e));
        for _ in 0..BEGINNINGS {
            let remembered = {
                let state = self.state();
                if let Some(held) = state.usable().filter(&usable) {
                    return Ok(held);
                }
                state.refusal.as_ref().and_then(|refusal| refusal.remembered(Instant::now()))
            };
            if let Some(remembered) = remembered {
                if !self.source.has_changed().await {
                    return failed(remembered);
                }
                self.state().refusal = None;
            }
            let mut running = {
                let mut state = self.state();
                // Another call may have been faster.
                if let Some(held) = state.usable().filter(&usable) {
                    return Ok(held);
                }
                match state.running.clone().filter(|running| !running.is_lost()) {
                    Some(running) => running,
                    None => {
                        let old = state.current.as_ref().map(|held| Arc::clone(&held.value));
                        self.start(&mut state, old, false)
                    }
                }
            };
            let result = running.result.wait_for(Option::is_some).await.ok().and_then(|result| result.clone());
            match result {
                Some(Ok(held)) => return Ok(held),
                // It was not urgent when it began, so that not everything was tried.
                Some(Err(e)) if running.early && !e.is_definitive() => {}
                Some(Err(e)) => return failed(e),
                None => {}
            }
        }
        failed(SignInError::other(ErrorKind::Authentication, "the task that signs in ended without a result"))
    }

    /// Obtains a new value while the current one is used on, unless that is under way or failed a short while ago.
    pub(crate) fn renew_early(&self) {
        let mut state = self.state();
        let now = Instant::now();
        let is_running = state.running.as_ref().is_some_and(|running| !running.is_lost());
        let is_remembered = state.refusal.as_ref().is_some_and(|refusal| refusal.remembered(now).is_some());
        if is_running || is_remembered || state.early_after.is_some_and(|after| now < after) {
            return;
        }
        let old = state.current.as_ref().map(|held| Arc::clone(&held.value));
        self.start(&mut state, old, true);
    }

    /// Obtains a new value from the beginning and at once, whatever was refused before.
    pub(crate) async fn obtain_now(&self) -> Result<(), SessionFailure> {
        let seen = {
            let mut state = self.state();
            state.refusal.iter_mut().for_each(|refusal| refusal.lifted = true);
            if state.running.as_ref().is_none_or(Running::is_lost) {
                self.start(&mut state, None, false);
            }
            state.finished
        };
        self.get(|held| held.generation > seen).await.map(|_| ())
    }

    /// The value of this generation is not used by later calls.
    pub(crate) fn end(&self, generation: u64) {
        self.state().ended = Some(generation);
    }

    /// The value at hand, unless it is not to be used any more.
    pub(crate) fn current(&self) -> Option<Held<S::Value>> {
        self.state().usable()
    }

    fn start(&self, state: &mut State<S::Value>, old: Option<Arc<S::Value>>, early: bool) -> Running<S::Value> {
        let (sender, result) = watch::channel(None);
        let running = Running { result, early };
        state.running = Some(running.clone());
        let obtaining = Arc::clone(&self.source).obtain(old, early);
        let (shared, limit) = (Arc::clone(&self.state), self.limit);
        self.tasks.spawn(async move {
            let result = tokio::time::timeout(limit, obtaining).await.unwrap_or_else(|_| {
                Err(SignInError::other(ErrorKind::Timeout, format!("signing in took longer than {limit:?}")))
            });
            let result = lock(&shared).finish(result, early);
            // Nobody may be waiting any more.
            let _ = sender.send(Some(result));
        });
        running
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
        self.current.clone().filter(|held| self.ended != Some(held.generation))
    }

    /// Takes note of what an attempt came to.
    fn finish(&mut self, result: Result<T, SignInError>, early: bool) -> Result<Held<T>, SignInError> {
        self.finished += 1;
        self.running = None;
        match result {
            Ok(value) => {
                let held = Held { value: Arc::new(value), generation: self.finished };
                self.current = Some(held.clone());
                (self.refusal, self.early_after) = (None, None);
                Ok(held)
            }
            Err(error) => {
                let at = Instant::now();
                if error.is_definitive() {
                    let window = self.refusal.as_ref().map_or(FIRST, |before| (before.window * 2).min(LONGEST));
                    self.refusal = Some(Refusal { error: error.clone(), at, window, lifted: false });
                }
                if early {
                    self.early_after = Some(at + EARLY_PAUSE);
                }
                Err(error)
            }
        }
    }
}
