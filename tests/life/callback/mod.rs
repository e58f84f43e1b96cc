//! The typed client of the ЦП МСП callback applications against its sandbox, over real
//! HTTP: the way of an application, every documented failure, tokens, faults, and what
//! each side refuses. Every test starts a sandbox of its own; none measures time.

mod codes;
mod faults;
mod life;
mod sessions;
mod stage;
mod strictness;
