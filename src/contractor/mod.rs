//! ContractorPersonalArea: calls that a dispatch system hands to contractors, their tasks, messages, risks and costs.
//!
//! [`Client::connect`] makes a client that signs in by itself; everything else here is generated from
//! `specs/contractor.yaml`.

#[allow(missing_docs, unreachable_patterns, unused_imports, unused_variables, clippy::all, clippy::unwrap_used)]
mod generated {
    #[cfg(feature = "codegen")]
    include!(concat!(env!("OUT_DIR"), "/contractor.rs"));
    #[cfg(not(feature = "codegen"))]
    include!("../generated/contractor.rs");
}
mod auth;
mod sign_in;

pub use self::{auth::Auth, generated::*};
pub use crate::{Config, Error};
