//! What casewire is compared with: the same calls, written by hand with reqwest and serde, as a program would write that has no
//! generated client; and the server that both call.
//!
//! Neither is meant to be used: the hand-written client retries nothing, limits no body, and knows a few operations only.

#![allow(clippy::missing_errors_doc)]

pub mod peer;
pub mod plain;
pub mod server;
pub mod tolerant;
