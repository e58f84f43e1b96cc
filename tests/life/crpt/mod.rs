//! The typed client of API BPM against its sandbox, over real HTTP: the life of a case, every documented failure,
//! sessions, faults, and what each side refuses. Every test starts a sandbox of its own; none measures time.

#![cfg(all(feature = "crpt", feature = "sandbox"))]
// Here a panic is the report.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod codes;
mod common;
mod faults;
mod life;
#[path = "../support/quick.rs"]
mod quick;
mod sessions;
mod strictness;
mod support;
