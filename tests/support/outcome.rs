//! What became of a call, without the types that differ from operation to operation, so
//! that tables can hold it.
//!
//! Every error that a test of the wire makes an [`Outcome`] of is searched for the
//! secrets that the test gave to the client.

use std::{
    any::Any,
    cell::Cell,
    error::Error as StdError,
    fmt::Debug,
    panic::{self, AssertUnwindSafe},
    pin::Pin,
    sync::Once,
};

use casewire::{AnyError, ByteStream, Error, ErrorKind, Failure, Operation, ResponseValue};
use serde::Serialize;

pub use crate::call;
use crate::interfaces;

/// Calls an operation of a client.
pub type Call<C> = for<'a> fn(&'a C) -> Pin<Box<dyn Future<Output = Ended> + Send + 'a>>;

/// A [`Call`]; for a `download`, the stream is read to its end.
#[macro_export]
macro_rules! call {
    (download $client:ident.$($call:tt)+) => {
        |$client| ::std::boxed::Box::pin(async move {
            let builder = $client.$($call)+;
            let shown = $crate::outcome::printed("builder", &builder);
            $crate::outcome::Ended::download(shown, builder.send().await)
        })
    };
    ($client:ident.$($call:tt)+) => {
        |$client| ::std::boxed::Box::pin(async move {
            let builder = $client.$($call)+;
            let shown = $crate::outcome::printed("builder", &builder);
            $crate::outcome::Ended::new(shown, builder.send().await)
        })
    };
}

/// A call that has ended. What there is to say of it is said when it is asked for: a
/// value may be large.
pub struct Ended {
    operation: &'static Operation,
    /// What was printed of the builder.
    builder: Shown,
    result: Result<Success, Box<dyn Failed>>,
}

enum Success {
    Value(Box<dyn Value>),
    Download(Box<ResponseValue<ByteStream>>),
}

trait Value: Send {
    fn text(&self) -> String;
    fn printed(&self) -> Shown;
    fn json(&self) -> Vec<u8>;
}

impl<T: Debug + Serialize + Send> Value for ResponseValue<T> {
    fn text(&self) -> String {
        compact(&format!("Ok({self:?})"))
    }

    fn printed(&self) -> Shown {
        let mut shown = printed("response", self);
        shown.append(&mut printed("value", &**self));
        shown
    }

    fn json(&self) -> Vec<u8> {
        serde_json::to_vec(&**self).unwrap()
    }
}

trait Failed: Send {
    fn outcome(&self) -> Outcome;
    fn exposed(self: Box<Self>, shown: Shown) -> Exposed;
}

impl<E: Failure> Failed for Error<E> {
    fn outcome(&self) -> Outcome {
        failed(self)
    }

    fn exposed(self: Box<Self>, shown: Shown) -> Exposed {
        exposed(shown, *self)
    }
}

impl Ended {
    pub fn new<T, E>(builder: Shown, result: Result<ResponseValue<T>, Error<E>>) -> Self
    where
        T: Debug + Serialize + Send + 'static,
        E: Failure,
    {
        let result = match result {
            Ok(value) => Ok(Success::Value(Box::new(value))),
            Err(error) => Err(Box::new(error) as Box<dyn Failed>),
        };
        Self { operation: E::OPERATION, builder, result }
    }

    pub fn download<E: Failure>(builder: Shown, result: Result<ResponseValue<ByteStream>, Error<E>>) -> Self {
        let result = match result {
            Ok(value) => Ok(Success::Download(Box::new(value))),
            Err(error) => Err(Box::new(error) as Box<dyn Failed>),
        };
        Self { operation: E::OPERATION, builder, result }
    }

    /// What became of it; a download is read to its end.
    ///
    /// # Panics
    /// When a secret is seen, or a download breaks off.
    pub async fn outcome(self) -> Outcome {
        match self.result {
            Ok(Success::Value(value)) => {
                let text = value.text();
                assert_shown(self.operation, &text);
                Outcome { text, error: None }
            }
            Ok(Success::Download(value)) => read(*value).await,
            Err(error) => error.outcome(),
        }
    }

    /// What went wrong; `None` for a success, which is not looked at.
    pub fn failure(&self) -> Option<Outcome> {
        self.result.as_ref().err().map(|error| error.outcome())
    }

    /// Everything of it that can be printed, whatever it is; a download is read to its
    /// end, or until no more comes.
    pub async fn exposed(self) -> Exposed {
        let mut shown = self.builder;
        match self.result {
            Ok(Success::Value(value)) => {
                shown.append(&mut value.printed());
                Exposed { shown, value: Some(value.json()), error: None }
            }
            Ok(Success::Download(value)) => exposed_download(shown, value.into_inner()).await,
            Err(error) => error.exposed(shown),
        }
    }
}

#[derive(Debug)]
pub struct Outcome {
    /// `Ok(…)`, a documented failure, or the variant of [`Error`] and what it says.
    pub text: String,
    /// What there is to say about an error, the same for all of them.
    pub error: Option<Seen>,
}

#[derive(Debug)]
pub struct Seen {
    pub kind: ErrorKind,
    pub operation: &'static str,
    pub status: Option<u16>,
    pub outcome: casewire::Outcome,
    pub code: Option<(i64, Option<&'static str>)>,
    /// What the server says went wrong.
    pub message: Option<String>,
    pub display: String,
    /// The errors below it.
    pub sources: Vec<String>,
}

/// The outcome of an operation.
pub fn outcome<T: Debug, E: Failure>(result: Result<ResponseValue<T>, Error<E>>) -> Outcome {
    match result {
        Ok(value) => {
            let text = compact(&format!("Ok({value:?})"));
            assert_shown(E::OPERATION, &text);
            Outcome { text, error: None }
        }
        Err(error) => failed(&error),
    }
}

/// The outcome of a download, once all of it has come.
pub async fn download<E: Failure>(result: Result<ResponseValue<ByteStream>, Error<E>>) -> Outcome {
    match result {
        Ok(value) => read(value).await,
        Err(error) => failed(&error),
    }
}

async fn read(value: ResponseValue<ByteStream>) -> Outcome {
    let mut stream = value.into_inner();
    let mut content = bytes::BytesMut::new();
    while let Some(chunk) = stream.chunk().await.expect("a whole download") {
        content.extend_from_slice(&chunk);
    }
    Outcome { text: format!("Ok({:?})", content.freeze()), error: None }
}

fn failed<E: Failure>(error: &Error<E>) -> Outcome {
    let (text, shown) = (describe(error), format!("{error:?}\n{error:#?}\n{error}\n"));
    let seen = see(error);
    assert!(seen.status.is_none() || seen.outcome != casewire::Outcome::NotSent, "answered, so it was sent");
    assert_shown(E::OPERATION, &(shown + &seen.sources.join("\n") + &text));
    Outcome { text, error: Some(seen) }
}

/// What is shown of an operation holds no secret of its interface.
#[track_caller]
fn assert_shown(operation: &Operation, shown: &str) {
    assert_none(interfaces::secrets_of(operation), shown);
}

#[track_caller]
pub fn assert_no_secrets<I: interfaces::Interface>(shown: &str) {
    assert_none(I::SECRETS, shown);
}

#[track_caller]
fn assert_none(secrets: &[&str], shown: &str) {
    for secret in secrets {
        assert!(!shown.contains(secret), "{secret} is seen in {shown}");
    }
}

fn describe<E: Failure>(error: &Error<E>) -> String {
    match error {
        Error::InvalidRequest(e) => format!("InvalidRequest: {}", e.reason),
        Error::Session(e) => format!("Session: {e:#}"),
        Error::Transport(e) => format!("Transport: {e:#}"),
        Error::ErrorResponse(failure) => {
            let (named, text) = (Failure::status(&***failure), compact(&format!("{failure:?}")));
            match named {
                Some(status) => assert_eq!(failure.status(), status, "the status that the variant names"),
                None => assert!(text.starts_with("Refused("), "a failure that the body alone tells: {text}"),
            }
            text
        }
        Error::UnexpectedStatus(e) => format!("UnexpectedStatus({})", e.status().as_u16()),
        Error::Undecodable(e) => format!("Undecodable at {}: {}", e.path(), e.reason()),
        _ => panic!("a new sort of error: {error:?}"),
    }
}

fn see<E: Failure>(error: &Error<E>) -> Seen {
    let operation = error.operation();
    assert_eq!(operation, E::OPERATION);
    let (full, display) = (error.to_string(), format!("{error:#}"));
    let rest = display.strip_prefix(&operation.to_string()).expect("it begins with the operation");
    let of_server = full.strip_prefix(&format!("{operation} at http")).and_then(|full| full.strip_suffix(rest));
    assert!(of_server.is_some_and(|url| url.ends_with(error.server())), "{full} does not name the server");
    let mut sources = Vec::new();
    let mut source = error.source();
    while let Some(e) = source {
        sources.push(format!("{e:?}\n{e}"));
        source = e.source();
    }
    let status = error.status().map(|status| status.as_u16());
    let message = error.failure().and_then(Failure::message).map(str::to_owned);
    Seen {
        kind: error.kind(),
        operation: operation.id,
        status,
        outcome: error.outcome(),
        code: error.code().map(|code| (code.number, code.name)),
        message,
        display,
        sources,
    }
}

/// What `Debug` writes, without the properties that are not there.
pub fn compact(debug: &str) -> String {
    let mut text = debug.to_owned();
    while let Some(end) = text.find(": None") {
        let start = text[..end].rfind([' ', '{']).expect("a field name after a space") + 1;
        let after = end + ": None".len();
        // `{ a: None, b: 1 }`, `{ b: 1, a: None }` or `{ a: None }`.
        if text[after..].starts_with(", ") {
            text.replace_range(start..after + 2, "");
        } else {
            text.replace_range(text[..start].trim_end_matches([' ', ',']).len()..after, "");
        }
    }
    text
}

/// What can be printed, by a name for it.
pub type Shown = Vec<(&'static str, String)>;

/// Everything of a call that can be printed, and what there is to say about an error.
#[derive(Debug)]
pub struct Exposed {
    pub shown: Shown,
    /// What came out of a success: a value as JSON, or the content of a download.
    pub value: Option<Vec<u8>>,
    pub error: Option<Told>,
}

#[derive(Debug)]
pub struct Told {
    pub kind: ErrorKind,
    pub operation: &'static str,
    pub status: Option<u16>,
    pub display: String,
}

pub fn printed(name: &'static str, value: &impl Debug) -> Shown {
    vec![(name, format!("{value:?}\n{value:#?}"))]
}

async fn exposed_download(mut shown: Shown, mut stream: ByteStream) -> Exposed {
    let mut content = Vec::new();
    loop {
        shown.append(&mut printed("stream", &stream));
        match stream.chunk().await {
            Ok(Some(chunk)) => content.extend_from_slice(&chunk),
            Ok(None) => return Exposed { shown, value: Some(content), error: None },
            Err(error) => {
                let (operation, display) = (error.operation().id, format!("{error:#}"));
                shown.append(&mut chain(&error));
                shown.push(("panic", panic_of(Err::<(), _>(error))));
                let told = Told { kind: ErrorKind::Transport, operation, status: None, display };
                return Exposed { shown, value: Some(content), error: Some(told) };
            }
        }
    }
}

fn exposed<E: Failure>(mut shown: Shown, error: Error<E>) -> Exposed {
    let status = error.status().map(|status| status.as_u16());
    let told = Told { kind: error.kind(), operation: error.operation().id, status, display: format!("{error:#}") };
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
    Exposed { shown, value: None, error: Some(told) }
}

/// Whoever prints an error and all below it prints nothing twice, nor anything that
/// breaks a line or turns it around.
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
