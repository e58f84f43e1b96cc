//! The typed client of the ЦП МСП callback applications against its sandbox, over real HTTP: the way of an application,
//! every documented failure, tokens, faults, and what each side refuses. Every test starts a sandbox of its own; none
//! measures time.

#![cfg(all(feature = "callback", feature = "sandbox"))]
// Here a panic is the report.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod codes;
// Not every interface has files.
#[allow(dead_code)]
#[path = "../e2e-crpt/common/mod.rs"]
mod common;
mod faults;
mod life;
#[path = "../support/quick.rs"]
mod quick;
mod sessions;
mod strictness;
mod support;
