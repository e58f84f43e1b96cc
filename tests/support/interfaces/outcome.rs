//! What became of a call: everything of it that can be printed, and what there is to say about an error.

use std::{
    any::Any,
    cell::Cell,
    error::Error as StdError,
    fmt::Debug,
    panic::{self, AssertUnwindSafe},
    pin::Pin,
    sync::Once,
};

use casewire::{AnyError, ByteStream, Error, ErrorKind, Failure, ResponseValue};
use serde::Serialize;

/// Calls an operation of a client.
pub type Call<C> = for<'a> fn(&'a C) -> Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>;

/// A [`Call`]; for a `download`, the stream is read to its end.
macro_rules! call {
    (download $client:ident.$($call:tt)+) => {
        |$client| Box::pin(async move {
            let builder = $client.$($call)+;
            let shown = $crate::interfaces::outcome::printed("builder", &builder);
            $crate::interfaces::outcome::download(shown, builder.send().await).await
        })
    };
    ($client:ident.$($call:tt)+) => {
        |$client| Box::pin(async move {
            let builder = $client.$($call)+;
            let shown = $crate::interfaces::outcome::printed("builder", &builder);
            $crate::interfaces::outcome::outcome(shown, builder.send().await)
        })
    };
}
pub(crate) use call;

/// What can be printed, by a name for it.
pub type Shown = Vec<(&'static str, String)>;

#[derive(Debug)]
pub struct Outcome {
    pub shown: Shown,
    /// What came out of a success: a value as JSON, or the content of a download.
    pub value: Option<Vec<u8>>,
    pub error: Option<Seen>,
}

#[derive(Debug)]
pub struct Seen {
    pub kind: ErrorKind,
    pub operation: &'static str,
    pub status: Option<u16>,
    pub display: String,
}

pub fn printed(name: &'static str, value: &impl Debug) -> Shown {
    vec![(name, format!("{value:?}\n{value:#?}"))]
}

/// The outcome of an operation.
pub fn outcome<T: Debug + Serialize, E: Failure + 'static>(
    mut shown: Shown,
    result: Result<ResponseValue<T>, Error<E>>,
) -> Outcome {
    match result {
        Ok(answer) => {
            shown.append(&mut printed("answer", &answer));
            shown.append(&mut printed("value", &*answer));
            Outcome { shown, value: Some(serde_json::to_vec(&*answer).unwrap()), error: None }
        }
        Err(error) => failed(shown, error),
    }
}

/// The outcome of a download, once all of it has come or no more comes.
pub async fn download<E: Failure + 'static>(
    mut shown: Shown,
    result: Result<ResponseValue<ByteStream>, Error<E>>,
) -> Outcome {
    let mut stream = match result {
        Ok(answer) => answer.into_inner(),
        Err(error) => return failed(shown, error),
    };
    let mut content = Vec::new();
    loop {
        shown.append(&mut printed("stream", &stream));
        match stream.chunk().await {
            Ok(Some(piece)) => content.extend_from_slice(&piece),
            Ok(None) => return Outcome { shown, value: Some(content), error: None },
            Err(error) => {
                let (operation, display) = (error.operation().id, error.to_string());
                shown.append(&mut chain(&error));
                shown.push(("panic", panic_of(Err::<(), _>(error))));
                let seen = Seen { kind: ErrorKind::Transport, operation, status: None, display };
                return Outcome { shown, value: Some(content), error: Some(seen) };
            }
        }
    }
}

fn failed<E: Failure + 'static>(mut shown: Shown, error: Error<E>) -> Outcome {
    let status = error.status().map(|status| status.as_u16());
    let seen = Seen { kind: error.kind(), operation: error.operation().id, status, display: error.to_string() };
    let own = chain(&error);
    shown.push(("code and message", format!("{:?} {:?}", error.code(), error.failure().and_then(Failure::message))));
    shown.push(("message", format!("{:?}", error.message())));
    let any = AnyError::from(error);
    assert_eq!(chain(&any), own, "what is told of any operation is what is told of this one");
    shown.extend(own);
    assert_told_once(&any);
    if let Some(session) = any.session() {
        shown.append(&mut chain(session));
        shown.append(&mut chain(session.reason()));
        shown.append(&mut session.sign_in().map(|sign_in| chain(sign_in)).unwrap_or_default());
    }
    shown.push(("panic", panic_of(Err::<(), _>(any))));
    Outcome { shown, value: None, error: Some(seen) }
}

/// Whoever prints an error and all below it prints nothing twice, nor anything that breaks a line or turns it around.
#[track_caller]
pub fn assert_told_once(error: &(dyn StdError + 'static)) {
    let texts: Vec<_> =
        std::iter::successors(Some(error), |error| (*error).source()).map(ToString::to_string).collect();
    for (place, text) in texts.iter().enumerate() {
        let elsewhere = texts.iter().enumerate().filter(|(other, _)| *other != place);
        assert!(elsewhere.map(|(_, other)| other).all(|other| !other.contains(text.as_str())), "twice: {texts:#?}");
        let odd = |c: char| c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        assert!(!text.contains(odd), "{text:?}");
    }
}

/// An error and the errors below it.
pub fn chain(error: &(dyn StdError + 'static)) -> Shown {
    let below = std::iter::successors(Some(error), |error| (*error).source());
    below.map(|error| ("error", format!("{error:?}\n{error:#?}\n{error}\n{error:#}"))).collect()
}

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// What the program panics with that expects a result.
pub fn panic_of<T, E: Debug>(result: Result<T, E>) -> String {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let print = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                print(info);
            }
        }));
    });
    QUIET.set(true);
    let panicked = panic::catch_unwind(AssertUnwindSafe(|| drop(result.unwrap())));
    QUIET.set(false);
    message(&*panicked.expect_err("a panic"))
}

fn message(payload: &(dyn Any + Send)) -> String {
    payload.downcast_ref::<String>().expect("a message").clone()
}
