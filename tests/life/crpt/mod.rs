//! The typed client of API BPM against its sandbox, over real HTTP: the life of a case,
//! every documented failure, sessions, faults, and what each side refuses. Every test
//! starts a sandbox of its own; none measures time.

mod cases;
mod codes;
mod faults;
mod life;
mod sessions;
mod stage;
mod strictness;
