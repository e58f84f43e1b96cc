//! The typed client of the МСБ legal cases against its sandbox, over real HTTP: the way
//! of a case, every documented failure, the configuration that the document makes
//! necessary, faults, and what each side refuses. Every test starts a sandbox of its own;
//! none measures time.

mod codes;
mod configured;
mod events;
mod faults;
mod life;
mod stage;
mod strictness;
