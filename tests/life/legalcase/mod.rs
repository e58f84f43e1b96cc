//! The typed client of the МСБ legal cases against its sandbox, over real HTTP: the way of a case, every documented
//! failure, the configuration that the document makes necessary, faults, and what each side refuses. Every test starts a
//! sandbox of its own; none measures time.

#![cfg(all(feature = "legalcase", feature = "sandbox"))]
// Here a panic is the report.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod codes;
#[path = "../e2e-crpt/common/mod.rs"]
mod common;
mod configured;
mod faults;
mod life;
#[path = "../support/quick.rs"]
mod quick;
mod strictness;
mod support;
