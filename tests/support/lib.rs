//! What tests need beside the crate: a server that records, a configuration for it, and a reader of multipart bodies.

pub mod multipart;
pub mod quick;
pub mod recorder;
