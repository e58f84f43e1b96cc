//! The typed client of ContractorPersonalArea against the sandbox, over real HTTP: the
//! life of a call, every documented failure, sessions, faults, and what each side
//! refuses. Every test starts a sandbox of its own; none measures time.

mod codes;
mod faults;
mod feed;
mod life;
mod sessions;
mod stage;
mod strictness;
