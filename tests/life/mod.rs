//! The typed clients against their sandboxes, over real HTTP: what an interface is for
//! from beginning to end, every documented failure, sessions, faults, and what each side
//! refuses. Every test starts a sandbox of its own; none measures time.

mod callback;
mod common;
mod contractor;
mod crpt;
mod legalcase;
