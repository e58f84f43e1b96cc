//! ЦП МСП callback applications: an organisation of the support infrastructure fetches applications in batches, confirms
//! each batch, and reports what became of every application.
//!
//! [`Client::connect`] makes a client that signs in by itself; everything else here is generated from
//! `specs/callback.yaml`.

#[allow(missing_docs, unreachable_patterns, unused_imports, unused_variables, clippy::all, clippy::unwrap_used)]
mod generated {
    #[cfg(feature = "codegen")]
    include!(concat!(env!("OUT_DIR"), "/callback.rs"));
    #[cfg(not(feature = "codegen"))]
    include!("../generated/callback.rs");
}
mod auth;
mod creation_date;

pub use self::{
    auth::{Auth, Endpoints},
    creation_date::{CreationDate, InvalidCreationDate},
    generated::*,
};
pub use crate::{Config, Error};
