//! Typed clients for four interfaces that handle *cases* (обращения), generated from hand-written OpenAPI specs.
//!
//! Each interface is a feature and a module: [`contractor`], [`crpt`], [`legalcase`], [`callback`].
//!
//! ```no_run
//! use casewire::contractor::{Auth, Client, Config, Error, error::GetCallError};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::connect(Config::new("https://desk.example")?, Auth::external_system("desk-key"))?;
//! match client.get_call().id(683913).send().await {
//!     Ok(call) => println!("{:?} {}", call.status, call.number.as_deref().unwrap_or("-")),
//!     Err(Error::ErrorResponse(e)) => match e.into_inner() {
//!         GetCallError::NotFound(detail) => println!("no such call, code {}", detail.error_code),
//!         GetCallError::Unauthorized | GetCallError::Forbidden => println!("not with this key"),
//!         other => println!("{other:?}"),
//!     },
//!     Err(e) => return Err(e.into()), // transport, timeout, a body that can't be read: says which operation, and where
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//!
//! | feature | what it does | default |
//! |---|---|---|
//! | `contractor` | the interface ContractorPersonalArea | yes |
//! | `crpt` | the interface API BPM of the CRPT operator | yes |
//! | `legalcase` | the interface of the МСБ partner for legal cases | yes |
//! | `callback` | the interface of ЦП МСП for callback applications | yes |
//! | `codegen` | generates the clients from `specs/` while building, so that an edited spec takes effect; without it the committed ones are compiled, which builds faster | yes |
//! | `rustls` | TLS by rustls; used where `native-tls` is on, too | yes |
//! | `native-tls` | TLS by the system's library; on Linux that is OpenSSL, whose headers must be installed | no |
//! | `tls` | permits https; by itself only for a program that enables a TLS backend of reqwest | by `rustls` and `native-tls` |
//! | `http2` | HTTP/2 where the server offers it | no |
//! | `socks` | SOCKS proxies | no |
//! | `tracing` | a span for each call, with the attribute names of OpenTelemetry | no |
//! | `schemars` | [JSON Schemas](#json-schemas) of the types | no |
//!
//! # JSON Schemas
//!
//! With the feature `schemars`, every type in `types` of an interface implements `schemars::JsonSchema`:
//!
#![cfg_attr(all(feature = "contractor", feature = "schemars"), doc = "```")]
#![cfg_attr(not(all(feature = "contractor", feature = "schemars")), doc = "```ignore")]
//! use casewire::{contractor::types::CallStatusInputDto, schemars::schema_for};
//!
//! let schema = schema_for!(CallStatusInputDto);
//! println!("{}", serde_json::to_string_pretty(&schema)?);
//! assert_eq!(schema.pointer("/properties/status/$ref").unwrap(), "#/$defs/CallStatus");
//! assert_eq!(schema.pointer("/$defs/CallStatus/enum/1").unwrap(), "Committed");
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! A schema says what the spec says, and so what a program should write. Reading is more tolerant than that: it keeps
//! values that an enum doesn't list, takes `null` for absence, and accepts date-times without an offset.
//!
//! # Spans
//!
//! With the feature `tracing`, every call is a span `call` of the target `casewire`, and a sign-in is one inside the span of
//! the call that needs it. Its fields are attributes of OpenTelemetry's conventions for HTTP clients
//! (`http.request.method`, `url.scheme`, `url.template`, `server.address`, `server.port`, `http.response.status_code`,
//! `http.request.resend_count`, `error.type`), the `operationId` as `casewire.operation`, and what `tracing-opentelemetry`
//! makes a span of (`otel.name`, `otel.kind`, `otel.status_code`). Every repetition is an event in it.
//!
//! `error.type` is a status such as `404`, or else the [name](ErrorKind::name) of an [`ErrorKind`], or `cancelled` for a call
//! that was given up. No value of a request or an answer is recorded, and for that reason no `url.full`.

#[cfg(feature = "callback")]
pub mod callback;
#[cfg(feature = "contractor")]
pub mod contractor;
#[cfg(feature = "crpt")]
pub mod crpt;
#[cfg(feature = "legalcase")]
pub mod legalcase;
// Without an interface that uses it, a part of these is unused; each interface uses its own.
#[cfg_attr(
    not(all(feature = "callback", feature = "contractor", feature = "crpt")),
    allow(dead_code, unused_imports, unused_macros)
)]
mod runtime;

pub use jiff;
#[cfg(feature = "schemars")]
pub use schemars;

/// Compiles the program in the README.
#[cfg(all(doctest, feature = "contractor"))]
#[doc = include_str!("../README.md")]
struct Readme;

pub use self::runtime::{
    AnyError, Base64, BuildError, ByteStream, Config, ConfigError, Date, DateTime, DecodeError, Error, ErrorCode,
    ErrorKind, ErrorResponse, Failure, InvalidBase64, InvalidDate, InvalidDateTime, InvalidRequest, InvalidString,
    OfOption, OfValue, Operation, Optional, Outcome, Part, ResponseValue, RetryPolicy, Secret, SecurityScheme,
    SessionError, SessionFailure, SignInError, TransportError, UndocumentedValue, UnexpectedStatus, UserPassword,
};
#[cfg(feature = "crpt")]
pub use self::runtime::{IntegerString, InvalidLocalDateTime, LocalDateTime};
