//! What the tests against sandboxes have in common: failures of any operation made
//! comparable, the story of a call in a few words, and requests that no typed client
//! sends.

pub mod rows;
pub mod untyped;

use std::time::Duration;

use casewire::{ByteStream, Config, Error, ErrorKind, Failure, ResponseValue, SessionFailure};
use casewire_sandbox::{Fault, Sandbox};
use futures_util::TryStreamExt;

/// A failure of whatever operation.
#[derive(Debug, PartialEq)]
pub struct Refused {
    pub operation: &'static str,
    pub kind: ErrorKind,
    pub status: Option<u16>,
    pub code: Option<(i64, Option<&'static str>)>,
    /// The documented failure as `Debug` writes it; empty for other failures.
    pub failure: String,
    /// What `Display` writes.
    pub text: String,
    /// What `Debug` writes.
    pub debug: String,
}

/// The failure of a call that has to fail. Its text has to name the operation.
#[track_caller]
pub fn refused<T, E: Failure>(result: Result<T, Error<E>>) -> Refused {
    let Err(error) = result else { panic!("{} succeeded", E::OPERATION) };
    let text = format!("{error:#}");
    assert!(text.starts_with(&format!("{}: ", E::OPERATION)), "{text}");
    assert_eq!(error.operation(), E::OPERATION);
    Refused {
        operation: E::OPERATION.id,
        kind: error.kind(),
        status: error.status().map(|status| status.as_u16()),
        code: error.code().map(|code| (code.number, code.name)),
        failure: error.failure().map(|failure| format!("{failure:?}")).unwrap_or_default(),
        text,
        debug: format!("{error:?}"),
    }
}

/// A sandbox with its clients.
pub trait Staged: Sized {
    type State: Clone + PartialEq;

    async fn open() -> std::io::Result<Sandbox<Self::State>>;

    /// Connects the clients, and sends nothing.
    fn of(sandbox: Sandbox<Self::State>) -> Self;

    fn sandbox(&self) -> &Sandbox<Self::State>;

    async fn start() -> Self {
        Self::given(|_| {}).await
    }

    /// A sandbox in a state to begin with. Nothing was sent to it yet.
    async fn given(change: impl FnOnce(&mut Self::State)) -> Self {
        let sandbox = Self::open().await.unwrap();
        sandbox.state(change);
        Self::of(sandbox)
    }

    /// The operations of the requests so far, each with the status of its response; 0 is none.
    fn log(&self) -> Vec<(&'static str, u16)> {
        let requests = self.sandbox().requests();
        requests.iter().map(|one| (one.operation.unwrap_or("-"), one.status.unwrap_or(0))).collect()
    }
}

/// The call failed with its sign-in, which was refused. The text is returned; neither it
/// nor what `Debug` writes has the password.
#[track_caller]
pub fn sign_in_refused<T: std::fmt::Debug, E: Failure>(result: Result<T, Error<E>>, password: &str) -> String {
    let error = result.unwrap_err();
    let text = format!("{error:#}");
    assert!(!format!("{error}{error:?}").contains(password), "the password shows: {error:?}");
    assert_eq!((error.operation(), error.kind(), error.status()), (E::OPERATION, ErrorKind::Authentication, None));
    let Error::Session(error) = error else { panic!("not a session error: {text}") };
    assert!(matches!(error.reason(), SessionFailure::Failed(e) if e.kind() == ErrorKind::Authentication), "{error:?}");
    text
}

/// What came of a call: what `tell` has to say of a result; of a failure its kind and sort.
pub fn told<T, E: Failure>(result: Result<T, Error<E>>, tell: impl FnOnce(T) -> String) -> String {
    match result {
        Ok(response) => tell(response),
        Err(error) => {
            let sort = match &error {
                Error::Session(_) => "session",
                Error::Transport(_) => "transport",
                Error::ErrorResponse(_) => "documented",
                Error::UnexpectedStatus(_) => "undocumented",
                Error::Undecodable(_) => "undecodable",
                _ => "other",
            };
            format!("{:?}, {sort}", refused(Err::<(), _>(error)).kind)
        }
    }
}

/// The whole of a download, or what broke it.
pub async fn read(download: ResponseValue<ByteStream>) -> Result<Vec<u8>, casewire::TransportError> {
    let chunks: Vec<_> = download.into_inner().try_collect().await?;
    Ok(chunks.concat())
}

/// What came of a download: how long it was, or what it says if it is short.
pub async fn told_download<E: Failure>(result: Result<ResponseValue<ByteStream>, Error<E>>) -> String {
    match result {
        Ok(download) => match read(download).await {
            Ok(bytes) if bytes.len() > 100 => format!("{} bytes", bytes.len()),
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(_) => "a broken stream".to_owned(),
        },
        Err(error) => told(Err::<(), _>(error), |()| String::new()),
    }
}

/// A response with a body in place of that of the sandbox.
pub fn body(status: u16, content_type: &str, text: &str) -> Fault {
    Fault::Body { status, content_type: content_type.to_owned(), bytes: text.as_bytes().to_vec() }
}

/// No response, ever: long after every client has given up.
pub fn never() -> Fault {
    Fault::Delay(Duration::from_secs(3600))
}

/// For a client that waits for 3 seconds.
pub fn impatient<S>(sandbox: &Sandbox<S>) -> Config {
    let limit = Duration::from_secs(3);
    Config::new(sandbox.url()).unwrap().timeout(limit).idle_timeout(limit)
}

/// What a client refused before sending: the reason has to name the parameter or property.
#[track_caller]
pub fn check_unsent(got: &Refused, name: &str) {
    assert_eq!((got.kind, got.status), (ErrorKind::InvalidRequest, None), "{}", got.text);
    let (start, reason) = got.text.split_once(": nothing was sent: ").expect("it says so");
    assert!(start.ends_with(&format!("({})", got.operation)), "{}", got.text);
    assert!(reason.contains(name), "{name} is not in: {}", got.text);
}

/// Gives up an upload as soon as it has arrived: the client has no limit of its own for
/// how long one may take.
pub async fn drop_when_arrived<S>(sandbox: &Sandbox<S>, upload: impl Future) {
    let before = sandbox.requests().len();
    let arrived = async {
        while sandbox.requests().len() == before {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        _ = upload => panic!("it was answered"),
        () = arrived => {}
    }
}
