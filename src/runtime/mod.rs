//! What every interface needs and no spec describes: errors, sessions, reading and writing.
//! Generated code and the interface modules call it; nothing outside it sends a request.
//!
//! It is public so that what one interface doesn't use, another may: a user's own spec may have anything that the rules
//! accept. It is not part of the API, and may change in any version; what is, is re-exported at the root of the crate.

mod attempts;
mod background;
mod base64;
mod blocking;
mod byte_stream;
mod client;
mod config;
mod constrained;
mod credentials;
mod date;
mod datetime;
mod decode;
mod elements;
mod envelope;
mod environment;
mod error;
mod exact;
mod execute;
mod executor;
mod failed;
mod file_name;
mod format;
mod futile;
mod gate;
mod given;
mod http;
#[cfg(feature = "schemars")]
mod json_schema;
mod meter;
pub mod number;
mod objects;
pub mod open;
mod operation;
mod parsed;
mod part;
mod path;
mod progress;
mod proxy;
mod read_ahead;
mod renewal;
pub mod repair;
mod replacement;
mod request;
mod response;
mod response_value;
mod retry;
mod save;
mod secret;
mod send;
mod sign_in_page;
mod splitter;
mod tls;
mod trace;
mod unprocessed;
mod validate;
mod watched;
mod window;

pub use self::{
    base64::{Base64, InvalidBase64},
    byte_stream::ByteStream,
    config::{Config, ConfigError},
    constrained::InvalidString,
    credentials::UserPassword,
    date::{Date, InvalidDate},
    datetime::{DateTime, InvalidDateTime},
    elements::Unreadable,
    error::{
        AnyError, DecodeError, DownloadError, Error, ErrorCode, ErrorKind, ErrorResponse, Failure, InvalidRequest,
        Outcome, SessionError, SessionFailure, SignInError, TransportError, UnexpectedStatus,
    },
    given::{BuildError, OfOption, OfValue, Optional},
    meter::{CallEnd, CallResult},
    open::UndocumentedValue,
    operation::{Operation, SecurityScheme},
    part::Part,
    progress::Progress,
    response_value::ResponseValue,
    retry::RetryPolicy,
    save::Save,
    secret::Secret,
};

pub use self::format::{IntegerString, InvalidLocalDateTime, LocalDateTime};

// For generated code and the interfaces.
#[cfg(feature = "schemars")]
pub use self::json_schema::{null_only_in, take_null};
pub use self::{
    background::Background,
    client::{client, generated},
    constrained::{Constraints, constrained},
    credentials::{SecretSource, Secrets},
    decode::{Defect, null_as_default, read_json},
    elements::{Broken, Elements},
    envelope::{Envelope, FailureWhen, Never},
    environment::Variables,
    executor::{BoxFuture, Credential, Dialect, Executor, HeaderSecret, Verdict},
    given::Given,
    open::{closed_enum, open_code, open_enum, read_open_enum, trimmed},
    parsed::parsed,
    renewal::{Held, Obtain, Renewable},
    response::Response,
    retry::read_may_succeed_later,
    send::after,
    validate::{Validate, require},
};
