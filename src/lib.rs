//! Typed clients for four interfaces that handle *cases* (обращения), generated from hand-written OpenAPI specs.
//!
//! Each interface is a feature and a module: [`contractor`], [`crpt`], [`legalcase`], [`callback`]. This page is a guide in the
//! order of a first day; all of it can be tried against `casewire-sandbox`, and the
//! [examples](https://github.com/casewire/casewire/tree/main/examples) run against that.
//!
//! # Add
//!
//! ```toml
//! [dependencies]
//! casewire = { version = "0.1", default-features = false, features = ["contractor", "rustls"] }
//! tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
//! ```
//!
//! The default features are all four interfaces, TLS, and the code generator, without which a build is faster:
//! [Features](#features).
//!
//! # Connect and call
//!
//! A client signs in by itself on first use. Each operation is a method that begins a request, a setter per parameter, and `send`.
//!
//! ```no_run
//! use casewire::contractor::{Auth, Client, Config, Error, error::GetCallError};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::connect(Config::new("https://desk.example")?, Auth::external_system("desk-key"))?;
//! match client.get_call().id(683913).send().await {
//!     Ok(call) => println!("{:?} {}", call.status, call.number.as_deref().unwrap_or("-")),
//!     Err(Error::ErrorResponse(e)) => match e.into_inner() {
//!         GetCallError::NotFound(_) => println!("no such call"),
//!         GetCallError::Unauthorized | GetCallError::Forbidden => println!("not with this key"),
//!         other => println!("{other:?}"),
//!     },
//!     Err(e) => return Err(e.into()), // transport, timeout, a body that can't be read: says which operation, and where
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Clients are cheap to clone, and share their session and connections. A body is built in place with `body_map`, or with the
//! `builder()` of its type, which checks lengths, patterns and ranges. [`Config::from_env`] reads the configuration from
//! environment variables. [`contractor::Desk`] and [`contractor::Field`] have the operations of one credential only. Example:
//! `tour`.
//!
//! # Errors, and what may have happened
//!
//! [`Error`] has the documented failures of an operation as an enum of its own; [`AnyError`] is one type for all operations.
//! [`Error::kind`] is one short list for all failures, and [`Error::outcome`] says whether the call may have been executed. After
//! [`Outcome::Unknown`], the documentation of the operation says how to find out. The text of an error names operation and
//! server, and shows no value:
//!
//! ```text
//! GET /call/{id} (getCall) at https://desk.example:443: could not connect after 3 attempts in 0.9 s: Connection refused (os error 111)
//! ```
//!
//! Example: `after_unknown`.
//!
//! # Retries and limits
//!
//! A call that failed for a reason that may pass is retried where that can do no harm; [`RetryPolicy`] says how often and how
//! long. `client.within(limit)` bounds one call with everything that belongs to it, [`Config`] all of them: timeouts, the sizes of
//! bodies, how many requests are under way.
//!
//! # Files
//!
//! A [`Part`] is a file, bytes, a reader or a stream, with [progress](Part::progress). A download is a [`ByteStream`]: read it,
//! [`collect`](ByteStream::collect) it, or [`save`](ByteStream::save) it, all of it or nothing. Examples: `files`,
//! `field_employee`.
//!
//! # Waiting and receiving
//!
//! [`crpt::Client::wait_for_case`] looks at a case until it is as wanted, and [`crpt::Client::open_case`] opens one with files.
//! [`legalcase::types::LegalCaseEvent::from_slice`] reads a notification. Examples: `support_case`, `legal_events`.
//!
//! # Feeds
//!
//! What changes at the server of `contractor` is followed as a stream, over outages and restarts, and whatever the size of a
//! response: [`contractor::feed`]. Example: `follow_changes`.
//!
//! # Batches
//!
//! [`callback::Client::worker`] fetches applications, stores them in a ledger, confirms them and runs a handler for each, at least
//! once. Example: `callback_worker`.
//!
//! # Testing a program
//!
//! The package `casewire-sandbox` has servers that behave as the interfaces do, in the process of a test or as a program, with
//! faults to order. Without a server, a test makes results by [`ResponseValue::new`], of types that have `new` or `Default`, and
//! errors by [`Error::from_failure`], [`Error::from_status`] and [`Error::timed_out`]. Example: `test_against_sandbox`.
//!
//! # TLS and proxies
//!
//! [`Config::root_certificate_pem`] adds an authority, such as the Russian Trusted Root CA, and [`Config::identity_pem`] shows a
//! client certificate. Proxies come from the environment, or from [`Config::proxy`]. Example: `behind_a_proxy`.
//!
//! # Metrics and traces
//!
//! [`Config::observe`] tells how each call ended; with the feature `tracing`, each is a [span](#spans). Example: `metrics`.
//!
//! # What is read, and how
//!
//! Servers differ from their documents, and from themselves a year ago. What can mean only one thing is read as that; all else
//! is an error that says where.
//!
//! | received | what the program sees |
//! |---|---|
//! | 200 or 201, whichever of them is documented | the result |
//! | 202 with the body of the result | the result; [`ResponseValue::status`] says 202 |
//! | 200, 201, 202 or 204, where the result has no body | success, whatever the body is, but for an HTML page |
//! | 204, or `null`, where the result is a list; `null` also as the property of an envelope that is the result | the empty list |
//! | 204, or `null`, where the result is an `Option` | `None`; of a write, so is a 200 without a body |
//! | any other 200, 201 or 202 without a body | [`Error::Undecodable`], since it may have been cut off |
//! | 203, 205, 206, 207 and any other 2xx; for a download, all but 200 | [`Error::UnexpectedStatus`] |
//! | a failure status that is documented | [`Error::ErrorResponse`] with its variant. The body in it is `None` if none came, or another one, such as the page of a gateway; [`Error::body`] has it all the same, and [`Error::message`] the strings of a problem (RFC 9457) |
//! | a body that is a failure, under 2xx or a status that isn't documented | [`Error::ErrorResponse`] with the variant `Refused` |
//! | any other status, redirects included | [`Error::UnexpectedStatus`] |
//! | a page for signing in | [`ErrorKind::Authentication`], after one more attempt with a new credential where there can be one |
//! | any media type; a byte order mark | no difference: the body is read as the spec says |
//! | an optional property that is `null` or missing | `None`, or an empty list or map |
//! | a property that the spec doesn't have | nothing: it is ignored |
//! | a result, or an element of a list that is the result, with properties, none of which the spec has: `{"Message": …}` | [`Error::Undecodable`] |
//! | an array for an object; a duplicate property | [`Error::Undecodable`] |
//! | a value that an enum doesn't list | `Unknown`, with the value as received |
//! | spaces around a value of an enum, where the spec says that they mean nothing | the value |
//! | an integer as `5.0` or `5e0` | 5 |
//! | a string that violates a length or a pattern | [`Error::Undecodable`] |
//! | a date-time of RFC 3339, with `T`, `t` or a space, `Z` or `z` | a [`DateTime`] |
//! | a date-time without an offset | a local one, whose [`DateTime::timestamp`] is `None` |
//! | a date-time with an offset, later than 9999-12-30T22:00:00Z | a [`DateTime`] whose timestamp is the last there is |
//! | a leap second, `23:59:60` | the second before it |
//! | a date-time in another form of ISO 8601: without seconds, with a week date, with a zone in brackets | [`Error::Undecodable`] |
//! | more than nine digits of a fraction of a second | the first nine; counted |
//! | `""` for an optional date-time | `None`; counted |
//! | `null` in a list of objects that are never sent | nothing: the list is shorter; counted |
//! | anything else that isn't as the spec says | [`Error::Undecodable`] |
//!
//! A [feed](contractor::feed) reads by the same table; there, an element of the list that would be `Error::Undecodable` comes as
//! `Unreadable`, next to the others.
//!
//! What is counted is [`ResponseValue::repairs`]; with the feature `tracing`, a warning says where it was. A type that is read
//! by serde alone, from a file for example, is read strictly: nothing is repaired, as nothing would count it.
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
//! | `rustls` | TLS by rustls, with ring; used where `native-tls` is on, too | yes |
//! | `native-tls` | TLS by the system's library; on Linux that is OpenSSL, whose headers must be installed | no |
//! | `tls` | permits https; by itself only for a program that enables a TLS backend of reqwest | by `rustls` and `native-tls` |
//! | `http2` | HTTP/2 where the server offers it | no |
//! | `socks` | SOCKS proxies | no |
//! | `ledger-sqlite` | `callback::worker::SqliteLedger`; needs a C compiler, as SQLite is compiled | no |
//! | `ledger-postgres` | `callback::worker::PostgresLedger` | no |
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
//! A schema says what the spec says, and so what a program should write. [Reading](#what-is-read-and-how) is more tolerant.
//!
//! # Spans
//!
//! With the feature `tracing`, every call is a span `call` of the target `casewire`, and a sign-in is one inside the span of
//! the call that needs it. Its fields are attributes of OpenTelemetry's conventions for HTTP clients
//! (`http.request.method`, `url.scheme`, `url.template`, `server.address`, `server.port`, `http.response.status_code`,
//! `http.request.resend_count`, `error.type`), the `operationId` as `casewire.operation`, and what `tracing-opentelemetry`
//! makes a span of (`otel.name`, `otel.kind`, `otel.status_code`). Every retry is an event in it, with its reason, and so is a
//! warning of what was [repaired](ResponseValue::repairs): how much, and where the first of it was. A failed call is a warning,
//! with its kind, outcome, status and attempts.
//!
//! `error.type` is a status such as `404`, or else the [name](ErrorKind::name) of an [`ErrorKind`], or `cancelled` for a call
//! that was given up. No value of a request or a response is recorded, and for that reason no `url.full`.

// Names that a vendor writes in Cyrillic, say, next to ours.
#![allow(confusable_idents, mixed_script_confusables, uncommon_codepoints)]

#[cfg(feature = "callback")]
pub mod callback;
#[cfg(feature = "contractor")]
pub mod contractor;
#[cfg(feature = "crpt")]
pub mod crpt;
#[cfg(feature = "legalcase")]
pub mod legalcase;
#[doc(hidden)]
pub mod runtime;

// Crates whose types are in signatures, in the versions that they must have.
pub use bytes;
pub use http;
pub use jiff;
pub use reqwest;
#[cfg(feature = "schemars")]
pub use schemars;
#[cfg(feature = "ledger-postgres")]
pub use tokio_postgres;

/// Compiles the program in the README.
#[cfg(all(doctest, feature = "contractor"))]
#[doc = include_str!("../README.md")]
struct Readme;

pub use self::runtime::{
    AnyError, Base64, BuildError, ByteStream, CallEnd, CallResult, Config, ConfigError, Date, DateTime, DecodeError,
    DownloadError, Error, ErrorCode, ErrorKind, ErrorResponse, Failure, IntegerString, InvalidBase64, InvalidDate,
    InvalidDateTime, InvalidLocalDateTime, InvalidRequest, InvalidString, LocalDateTime, OfOption, OfValue, Operation,
    Optional, Outcome, Part, Progress, ResponseValue, RetryPolicy, Save, Secret, SecurityScheme, SessionError,
    SessionFailure, SignInError, TransportError, UndocumentedValue, UnexpectedStatus, UserPassword,
};
