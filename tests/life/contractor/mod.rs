//! The typed client of ContractorPersonalArea against the sandbox, over real HTTP: the life of a call, every documented
//! failure, sessions, faults, and what each side refuses. Every test starts a sandbox of its own; none measures time.

#![cfg(all(feature = "contractor", feature = "sandbox"))]
// Here a panic is the report.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod codes;
mod faults;
mod life;
#[path = "../support/quick.rs"]
mod quick;
mod sessions;
mod strictness;
mod support;
