//! Everything that is tested through the public API. Each module says what it is about;
//! what they have in common is the library `support`.

// Here a panic is the report.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod faults;
mod http;
mod life;
mod properties;
mod schemas;
mod secrets;
mod spec_texts;
mod streams;
mod surface;
mod tracing;
mod validator;
mod wire;
