//! What tests need beside the crate: a server that records, and a reader of multipart bodies.

pub mod multipart;
pub mod recorder;
