//! One type for the failures of all operations.

use std::{error::Error as StdError, fmt, time::Duration};

use bytes::Bytes;
use reqwest::{StatusCode, header::HeaderMap};

use super::{Error, ErrorCode, ErrorKind, Failure, Outcome, SessionError};
use crate::runtime::Operation;

/// A failed call of any operation: what a function that makes several calls returns.
///
/// It has everything that [`Error`] has, and [`failure`](Self::failure) gives the documented failure of an operation.
///
/// ```no_run
/// use casewire::{AnyError, Outcome, contractor::{Client, error::GetCallError}};
///
/// async fn look(client: &Client, id: i64) -> Result<(), AnyError> {
///     let call = client.get_call().id(id).send().await?;
///     println!("{:?}", call.status);
///     client.list_call_changes().timestamp(0).send().await?;
///     Ok(())
/// }
///
/// # async fn example(client: Client) {
/// if let Err(e) = look(&client, 683913).await {
///     if let Some(GetCallError::NotFound(_)) = e.failure() {
///         println!("no such call");
///     } else if e.outcome() == Outcome::Unknown {
///         println!("{} may have been executed", e.operation());
///     }
/// }
/// # }
/// ```
pub struct AnyError(Box<dyn OperationError>);

/// What [`AnyError`] asks of the error of an operation.
trait OperationError: StdError + Send + Sync {
    fn operation(&self) -> &'static Operation;
    fn server(&self) -> &str;
    fn kind(&self) -> ErrorKind;
    fn outcome(&self) -> Outcome;
    fn attempts(&self) -> u32;
    fn elapsed(&self) -> Duration;
    fn is_retryable(&self) -> bool;
    fn status(&self) -> Option<StatusCode>;
    fn headers(&self) -> Option<&HeaderMap>;
    fn body(&self) -> Option<&Bytes>;
    fn code(&self) -> Option<ErrorCode>;
    fn message(&self) -> Option<String>;
    fn retry_after(&self) -> Option<Duration>;
    fn session(&self) -> Option<&SessionError>;
}

macro_rules! accessors {
    ($($(#[$doc:meta])* $name:ident -> $ty:ty;)*) => {
        impl<E: Failure> OperationError for Error<E> {
            $(fn $name(&self) -> $ty {
                self.$name()
            })*
        }

        impl AnyError {
            $($(#[$doc])*
            #[must_use]
            pub fn $name(&self) -> $ty {
                self.0.$name()
            })*
        }
    };
}

accessors! {
    /// See [`Error::operation`].
    operation -> &'static Operation;
    /// See [`Error::server`].
    server -> &str;
    /// See [`Error::kind`].
    kind -> ErrorKind;
    /// See [`Error::outcome`].
    outcome -> Outcome;
    /// See [`Error::attempts`].
    attempts -> u32;
    /// See [`Error::elapsed`].
    elapsed -> Duration;
    /// See [`Error::is_retryable`].
    is_retryable -> bool;
    /// See [`Error::status`].
    status -> Option<StatusCode>;
    /// See [`Error::headers`].
    headers -> Option<&HeaderMap>;
    /// See [`Error::body`].
    body -> Option<&Bytes>;
    /// See [`Error::code`].
    code -> Option<ErrorCode>;
    /// See [`Error::message`].
    message -> Option<String>;
    /// See [`Error::retry_after`].
    retry_after -> Option<Duration>;
    /// See [`Error::session`].
    session -> Option<&SessionError>;
}

impl AnyError {
    /// The documented failure, if it is one of the operation that `E` is of.
    #[must_use]
    pub fn failure<E: Failure>(&self) -> Option<&E> {
        self.error::<E>().and_then(Error::failure)
    }

    /// The error, if it is one of the operation that `E` is of.
    #[must_use]
    pub fn error<E: Failure>(&self) -> Option<&Error<E>> {
        let error: &(dyn StdError + 'static) = &*self.0;
        error.downcast_ref()
    }
}

impl<E: Failure> From<Error<E>> for AnyError {
    fn from(error: Error<E>) -> Self {
        Self(Box::new(error))
    }
}

impl fmt::Display for AnyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for AnyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl StdError for AnyError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source()
    }
}
