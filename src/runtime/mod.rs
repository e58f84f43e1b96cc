//! What every interface needs and no spec describes: errors, sessions, reading and writing.
//! Generated code and the interface modules call it; nothing outside it sends a request.

mod answer;
mod attempts;
mod background;
mod base64;
mod byte_stream;
mod client;
mod config;
mod constrained;
mod credentials;
mod date;
mod datetime;
mod decode;
mod envelope;
mod error;
mod exact;
mod execute;
mod executor;
mod failed;
mod futile;
mod gate;
mod given;
mod http;
#[cfg(feature = "schemars")]
mod json_schema;
#[cfg(feature = "crpt")]
mod notation;
// No spec has a list of whole numbers or a number as text now, whose readers are ready.
#[allow(dead_code)]
pub(crate) mod number;
mod objects;
pub(crate) mod open;
mod operation;
mod part;
mod path;
mod proxy;
mod renewal;
pub(crate) mod repair;
mod request;
mod response_value;
mod retry;
mod secret;
mod send;
mod sign_in_page;
mod trace;
mod unprocessed;
mod validate;
mod window;

pub use self::{
    base64::{Base64, InvalidBase64},
    byte_stream::ByteStream,
    config::{Config, ConfigError},
    constrained::InvalidString,
    credentials::UserPassword,
    date::{Date, InvalidDate},
    datetime::{DateTime, InvalidDateTime},
    error::{
        AnyError, DecodeError, Error, ErrorCode, ErrorKind, ErrorResponse, Failure, InvalidRequest, Outcome,
        SessionError, SessionFailure, SignInError, TransportError, UnexpectedStatus,
    },
    given::{BuildError, OfOption, OfValue, Optional},
    open::UndocumentedValue,
    operation::{Operation, SecurityScheme},
    part::Part,
    response_value::ResponseValue,
    retry::RetryPolicy,
    secret::Secret,
};

#[cfg(feature = "schemars")]
pub(crate) use self::json_schema::{null_only_in, take_null};
#[cfg(feature = "crpt")]
pub use self::notation::{IntegerString, InvalidLocalDateTime, LocalDateTime};
#[cfg(feature = "callback")]
pub(crate) use self::open::trimmed;
pub(crate) use self::validate::{Validate, require};
#[cfg(any(feature = "callback", feature = "crpt"))]
pub(crate) use self::{
    answer::Answer,
    envelope::{Envelope, FailureWhen},
};
pub(crate) use self::{
    background::Background,
    client::{client, generated},
    constrained::{Constraints, constrained},
    credentials::{Secrets, Source},
    decode::null_as_default,
    executor::{BoxFuture, Credential, Dialect, Executor, Verdict},
    given::Given,
    open::{closed_enum, open_code, open_enum},
    renewal::{Held, Obtain, Renewable},
};
