//! What is followed: which operation is called, and what its items are.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use serde::{Deserialize, de::DeserializeOwned};
use tokio::time::Instant;

use super::{Unreadable, mark::Kind, seen::Seen};
use crate::{
    AnyError, Error, Failure,
    contractor::{
        Client,
        error::{ListCallChangesError, ListJeopardyChangesError, ListMessageChangesError},
        operation,
        types::{CallDto, CallJeopardyDto, CallMessageDto},
    },
    runtime::{self, BoxFuture, Broken, Elements, Given},
};

/// An item of [`follow_changes`](crate::contractor::Client::follow_changes).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Change {
    /// A call that was created or changed.
    Call(Box<CallDto>),
    /// A message that was written.
    Message(CallMessageDto),
    /// A jeopardy that was raised or cleared.
    Jeopardy(CallJeopardyDto),
}

impl From<CallDto> for Change {
    fn from(call: CallDto) -> Self {
        Self::Call(Box::new(call))
    }
}

impl From<CallMessageDto> for Change {
    fn from(message: CallMessageDto) -> Self {
        Self::Message(message)
    }
}

impl From<CallJeopardyDto> for Change {
    fn from(jeopardy: CallJeopardyDto) -> Self {
        Self::Jeopardy(jeopardy)
    }
}

/// What a feed has of one operation, and where it is in it.
pub(super) struct Source<T> {
    pub(super) kind: Kind,
    pub(super) open: fn(Client, i64) -> BoxFuture<'static, Result<Elements, AnyError>>,
    pub(super) decode: fn(&mut Elements) -> Decoded<T>,
    pub(super) error: fn(Broken) -> AnyError,
    pub(super) seen: Seen,
    /// The greatest timestamp of the response that is being read.
    pub(super) greatest: i64,
    /// When to ask next; `None` for never again.
    pub(super) due: Option<Instant>,
    /// Whether a response was read to its end.
    pub(super) has_completed: bool,
    /// The waits since then, if something has failed.
    waits: Option<ExponentialBackoff>,
}

/// An item, unless there is none, and its timestamp.
pub(super) type Decoded<T> = (Option<Result<T, Unreadable>>, Option<i64>);

/// The longest time that a server is allowed to ask for.
const LONGEST_ASKED: Duration = Duration::from_secs(3600);

impl<T> Source<T> {
    pub(super) fn of<F: Followed + Into<T>>() -> Self {
        Self {
            kind: F::KIND,
            open: F::open,
            decode: decode::<F, T>,
            error: |broken| Error::<F::Failure>::from(broken).into(),
            seen: Seen::default(),
            greatest: 0,
            due: Some(Instant::now()),
            has_completed: false,
            waits: None,
        }
    }

    /// A response was read to its end.
    pub(super) fn completed(&mut self) {
        self.seen.completed();
        self.has_completed = true;
        self.waits = None;
    }

    /// How long to wait after a failure.
    pub(super) fn wait(&mut self, error: &AnyError, every: Duration) -> Duration {
        let first = every.clamp(Duration::from_millis(100), Duration::from_secs(1));
        let longest = every.max(Duration::from_secs(60));
        let waits = || ExponentialBuilder::new().with_min_delay(first).with_max_delay(longest).without_max_times();
        let waits = self.waits.get_or_insert_with(|| waits().with_jitter().build());
        let asked = error.retry_after().unwrap_or_default();
        waits.next().unwrap_or(longest).max(asked.min(LONGEST_ASKED))
    }
}

/// The items of an operation.
pub(super) trait Followed: DeserializeOwned {
    const KIND: Kind;

    type Failure: Failure;

    /// Asks for what has changed since a timestamp.
    fn open(client: Client, since: i64) -> BoxFuture<'static, Result<Elements, AnyError>>;

    fn timestamp(&self) -> Option<i64>;
}

macro_rules! followed {
    ($($item:ident: $kind:ident, $operation:ident, $error:ident;)*) => {$(
        impl Followed for $item {
            const KIND: Kind = Kind::$kind;

            type Failure = $error;

            fn open(client: Client, since: i64) -> BoxFuture<'static, Result<Elements, AnyError>> {
                Box::pin(async move {
                    let mut request = client.inner.request(&operation::$operation);
                    request.accept_json();
                    request.stream();
                    request.path("timestamp", Given::Value(since));
                    let response = request.send(|response| match response.status().as_u16() {
                        200 | 201 | 202 | 204 => Ok(response.elements()?),
                        401 => Err(response.failure($error::Unauthorized)),
                        403 => Err(response.failure($error::Forbidden)),
                        _ => Err(response.unexpected()),
                    });
                    Ok(response.await?.into_inner())
                })
            }

            fn timestamp(&self) -> Option<i64> {
                self.timestamp
            }
        }
    )*};
}

followed! {
    CallDto: Calls, LIST_CALL_CHANGES, ListCallChangesError;
    CallMessageDto: Messages, LIST_MESSAGE_CHANGES, ListMessageChangesError;
    CallJeopardyDto: Jeopardies, LIST_JEOPARDY_CHANGES, ListJeopardyChangesError;
}

/// Reads the element at hand.
fn decode<F: Followed + Into<T>, T>(elements: &mut Elements) -> Decoded<T> {
    match elements.decode::<F>() {
        Ok(Some(item)) => {
            let timestamp = item.timestamp();
            (Some(Ok(item.into())), timestamp)
        }
        Ok(None) => (None, None),
        Err(unreadable) => (Some(Err(*unreadable)), timestamp(elements.raw())),
    }
}

/// The timestamp of an item of which something else can't be read.
fn timestamp(raw: &[u8]) -> Option<i64> {
    #[derive(Deserialize)]
    struct Marked {
        #[serde(default, deserialize_with = "runtime::number::strict")]
        timestamp: Option<i64>,
    }
    // An array would be read as one, too.
    if raw.first() != Some(&b'{') {
        return None;
    }
    serde_json::from_slice::<Marked>(raw).ok()?.timestamp
}
