//! What became of a call, without the types that differ from operation to operation, so that tables can hold it.
//! Every error of every test passes through here and is searched for secrets.

use std::{error::Error as _, fmt::Debug};

use casewire::{
    ByteStream, ErrorKind, Failure, ResponseValue,
    contractor::{Error, OPERATIONS},
};
use futures_util::StreamExt;

/// What must not be seen in any error or decoded value: credentials, and the tokens in the query of some rows.
pub const SECRETS: [&str; 6] = ["Passw0rd", "access-", "service-", "desk-key", "3f0c1d52", "Petr0va"];

/// Calls an operation; for a `download`, the stream is read to its end.
macro_rules! call {
    (download $client:ident.$($call:tt)+) => {
        |$client| Box::pin(async move { crate::outcome::download($client.$($call)+.send().await).await })
    };
    ($client:ident.$($call:tt)+) => {
        |$client| Box::pin(async move { crate::outcome::outcome($client.$($call)+.send().await) })
    };
}
pub(crate) use call;

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
    pub code: Option<(i64, Option<&'static str>)>,
    pub display: String,
    /// The errors below it.
    pub sources: Vec<String>,
}

/// The outcome of an operation.
pub fn outcome<T: Debug, E: Failure>(result: Result<ResponseValue<T>, Error<E>>) -> Outcome {
    let outcome = match result {
        Ok(value) => Outcome { text: compact(&format!("Ok({value:?})")), error: None },
        Err(error) => {
            let (text, shown) = (describe(&error), format!("{error:?}\n{error}\n"));
            let seen = see(&error);
            assert_no_secrets(&(shown + &seen.sources.join("\n")));
            Outcome { text, error: Some(seen) }
        }
    };
    assert_no_secrets(&outcome.text);
    outcome
}

/// The outcome of a download, once all of it has come.
pub async fn download<E: Failure>(result: Result<ResponseValue<ByteStream>, Error<E>>) -> Outcome {
    let mut stream = match result {
        Ok(value) => value.into_inner(),
        Err(error) => return outcome::<(), E>(Err(error)),
    };
    let mut content = bytes::BytesMut::new();
    while let Some(chunk) = stream.next().await {
        content.extend_from_slice(&chunk.expect("a whole download"));
    }
    Outcome { text: format!("Ok({:?})", content.freeze()), error: None }
}

#[track_caller]
pub fn assert_no_secrets(shown: &str) {
    for secret in SECRETS {
        assert!(!shown.contains(secret), "{secret} is seen in {shown}");
    }
}

fn describe<E: Failure>(error: &Error<E>) -> String {
    match error {
        Error::InvalidRequest(e) => format!("InvalidRequest: {}", e.reason),
        Error::Session(e) => format!("Session: {e}"),
        Error::Transport(e) => format!("Transport: {e}"),
        Error::ErrorResponse(failure) => {
            assert_eq!(
                Some(failure.status().as_u16()),
                Failure::status(&***failure),
                "the status that the variant names"
            );
            format!("{failure:?}")
        }
        Error::UnexpectedStatus(e) => format!("UnexpectedStatus({})", e.status().as_u16()),
        Error::Undecodable(e) => format!("Undecodable at {}: {}", e.path(), e.reason()),
        _ => panic!("a new sort of error: {error:?}"),
    }
}

fn see<E: Failure>(error: &Error<E>) -> Seen {
    let operation = error.operation();
    assert!(OPERATIONS.contains(operation), "{operation} is not in OPERATIONS");
    let display = error.to_string();
    assert!(display.starts_with(&operation.to_string()), "{display} does not begin with the operation");
    let mut sources = Vec::new();
    let mut source = error.source();
    while let Some(e) = source {
        sources.push(format!("{e:?}\n{e}"));
        source = e.source();
    }
    let status = error.status().map(|status| status.as_u16());
    Seen {
        kind: error.kind(),
        operation: operation.id,
        status,
        code: error.code().map(|code| (code.number, code.name)),
        display,
        sources,
    }
}

/// Without the properties that are not there.
fn compact(debug: &str) -> String {
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
