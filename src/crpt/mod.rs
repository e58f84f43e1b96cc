//! API BPM: support cases of the CRPT operator, a Creatio service. Participants open cases, write messages, add files.
//!
//! [`Client::connect`] makes a client that signs in by itself; everything else here is generated from `specs/crpt.yaml`.

#[allow(missing_docs, unreachable_patterns, unused_imports, unused_variables, clippy::all, clippy::unwrap_used)]
mod generated {
    #[cfg(feature = "codegen")]
    include!(concat!(env!("OUT_DIR"), "/crpt.rs"));
    #[cfg(not(feature = "codegen"))]
    include!("../generated/crpt.rs");
}
mod auth;
mod jar;
mod link;

pub use self::{auth::Auth, generated::*, link::InvalidLink};
pub use crate::{Config, Error};
