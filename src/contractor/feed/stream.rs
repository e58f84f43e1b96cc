//! The stream: asks for changes, gives them out in chunks, and asks again.

use std::{
    fmt,
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use futures_core::Stream;
use tokio::time::Instant;

use super::{
    Mark, Unreadable,
    follow::{Follow, Interrupted},
    source::Source,
};
use crate::{
    AnyError,
    contractor::Client,
    runtime::{BoxFuture, Broken, Elements, after, read_may_succeed_later},
};

/// How many items a chunk has at most, and how long they are together before another one begins, in bytes as received.
const MOST_ITEMS: usize = 256;
const MOST_BYTES: usize = 256 << 10;

/// A chunk of a feed: what has changed, in the order in which the server sent it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Changes<T> {
    /// What has changed. It may be empty, where only the mark is news.
    pub items: Vec<Result<T, Unreadable>>,
    /// How far a program is that has worked through the items: store it after that.
    pub mark: Mark,
    /// How many values were repaired in these items, as [`ResponseValue::repairs`](crate::ResponseValue::repairs) counts.
    pub repairs: usize,
}

/// A feed: the stream that [`Follow::stream`] makes. See [`feed`](super) for what it promises.
///
/// It is a [`Stream`] of the crate `futures-core`; [`next`](Self::next) needs no such crate. An error is the last item.
#[must_use = "nothing is followed until it is read"]
pub struct Feed<T> {
    state: State<T>,
}

enum State<T> {
    Idle(Box<Engine<T>>),
    Running(BoxFuture<'static, Step<T>>),
    Over,
}

type Item<T> = Result<Changes<T>, AnyError>;

/// What is left after an item, and the item; `None` at the end.
type Step<T> = (Box<Engine<T>>, Option<Item<T>>);

impl<T: Send + 'static> Feed<T> {
    pub(super) fn of(engine: Engine<T>) -> Self {
        Self { state: State::Idle(Box::new(engine)) }
    }

    /// The next chunk, as soon as there is one; `None` at the end. A future that is dropped loses nothing.
    ///
    /// # Errors
    /// When the feed ends for a reason that doesn't pass: the documentation of [`feed`](super) lists them. It is the last
    /// item.
    pub async fn next(&mut self) -> Option<Result<Changes<T>, AnyError>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl<T: Send + 'static> Stream for Feed<T> {
    type Item = Result<Changes<T>, AnyError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.state = match std::mem::replace(&mut self.state, State::Over) {
            State::Over => return Poll::Ready(None),
            State::Idle(mut engine) => State::Running(Box::pin(async move {
                let item = engine.next().await;
                (engine, item)
            })),
            running @ State::Running(_) => running,
        };
        let State::Running(running) = &mut self.state else { return Poll::Ready(None) };
        let (engine, item) = ready!(running.as_mut().poll(context));
        self.state = if let Some(Ok(_)) = item { State::Idle(engine) } else { State::Over };
        Poll::Ready(item)
    }
}

impl<T> fmt::Debug for Feed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_over = matches!(self.state, State::Over);
        f.debug_struct("Feed").field("is_over", &is_over).finish_non_exhaustive()
    }
}

/// What runs a feed.
pub(super) struct Engine<T> {
    client: Client,
    sources: Vec<Source<T>>,
    mark: Mark,
    every: Duration,
    overlap: i64,
    is_once: bool,
    interrupted: Option<Interrupted>,
    /// The response that is being read: of which source, and why it can't be read any further.
    open: Option<(usize, Elements, Option<Broken>)>,
}

impl<T> Engine<T> {
    pub(super) fn new(follow: Follow<T>) -> Self {
        let Follow { client, sources, mark, every, overlap, is_once, interrupted } = follow;
        let overlap = i64::try_from(overlap).unwrap_or(i64::MAX);
        Self { client, sources, mark, every, overlap, is_once, interrupted, open: None }
    }

    async fn next(&mut self) -> Option<Item<T>> {
        let client = self.client.clone();
        client.inner.unless_shut_down(self.advance()).await.flatten()
    }

    async fn advance(&mut self) -> Option<Item<T>> {
        loop {
            let changes = match self.open.take() {
                Some((at, elements, broken)) => self.read(at, elements, broken).await,
                None => self.ask().await?.map(|()| None),
            };
            if let Some(item) = changes.transpose() {
                return Some(item);
            }
        }
    }

    /// Asks for the changes that are due first, when they are; `None` when there are none to ask for any more.
    async fn ask(&mut self) -> Option<Result<(), AnyError>> {
        let due = |(at, source): (usize, &Source<T>)| source.due.map(|due| (due, at));
        let (due, at) = self.sources.iter().enumerate().filter_map(due).min()?;
        tokio::time::sleep_until(due).await;
        let source = &mut self.sources[at];
        source.greatest = 0;
        let since = self.mark.of(source.kind).saturating_sub(self.overlap).max(0);
        Some(match (source.open)(self.client.clone(), since).await {
            Ok(elements) => {
                self.open = Some((at, elements, None));
                Ok(())
            }
            Err(e) => {
                let passes = read_may_succeed_later(e.is_retryable(), e.kind());
                self.fail(at, e, passes)
            }
        })
    }

    /// Reads on: as many items as have come, and if it was the last of them, goes on with the next source.
    async fn read(
        &mut self,
        at: usize,
        mut elements: Elements,
        broken: Option<Broken>,
    ) -> Result<Option<Changes<T>>, AnyError> {
        if let Some(broken) = broken {
            return self.broke(at, broken).map(|()| None);
        }
        let source = &mut self.sources[at];
        let (overlap, known) = (self.overlap, self.mark.of(source.kind));
        let (mut items, mut bytes) = (Vec::new(), 0);
        let end = poll_fn(|context| {
            loop {
                match elements.poll_element(context) {
                    Poll::Ready(Ok(true)) => {}
                    Poll::Ready(end) => return Poll::Ready(Some(end)),
                    Poll::Pending if items.is_empty() => return Poll::Pending,
                    Poll::Pending => return Poll::Ready(None),
                }
                let (item, timestamp) = (source.decode)(&mut elements);
                let Some(item) = item else { continue };
                source.greatest = source.greatest.max(timestamp.unwrap_or_default());
                let edge = source.greatest.max(known).saturating_sub(overlap);
                if source.seen.is_new(elements.raw(), timestamp, edge) {
                    bytes += elements.raw().len();
                    items.push(item);
                } else {
                    elements.discard();
                }
                if items.len() == MOST_ITEMS || bytes >= MOST_BYTES {
                    return Poll::Ready(None);
                }
            }
        });
        let end = end.await;
        let repairs = elements.take_repairs();
        let has_advanced = match end {
            None => {
                elements.pause();
                self.open = Some((at, elements, None));
                false
            }
            Some(Err(broken)) => {
                // What came before counts as given out.
                self.open = Some((at, elements, Some(broken)));
                false
            }
            Some(Ok(_)) => {
                source.completed();
                let every = self.every.saturating_add(jitter(self.every / 10));
                source.due = (!self.is_once).then(|| after(Instant::now(), every));
                self.mark.advance(source.kind, source.greatest)
            }
        };
        let is_news = !items.is_empty() || has_advanced;
        Ok(is_news.then_some(Changes { items, mark: self.mark, repairs }))
    }

    /// A response can't be read any further.
    fn broke(&mut self, at: usize, broken: Broken) -> Result<(), AnyError> {
        let passes = match broken {
            Broken::Transport(_) | Broken::CutOff(_) => true,
            Broken::Other(_) => self.sources[at].has_completed,
            Broken::Malformed(_) => false,
        };
        let error = (self.sources[at].error)(broken);
        self.fail(at, error, passes)
    }

    /// Waits before it asks again, unless the failure doesn't pass.
    fn fail(&mut self, at: usize, error: AnyError, passes: bool) -> Result<(), AnyError> {
        if !passes {
            return Err(error);
        }
        let source = &mut self.sources[at];
        let wait = source.wait(&error, self.every);
        source.due = Some(after(Instant::now(), wait));
        if let Some(tell) = &mut self.interrupted {
            tell(&error, wait);
        }
        Ok(())
    }
}

/// A random part of this.
fn jitter(most: Duration) -> Duration {
    // Without random numbers, there is none.
    let share = getrandom::u32().unwrap_or_default();
    most.mul_f64(f64::from(share) / f64::from(u32::MAX))
}
