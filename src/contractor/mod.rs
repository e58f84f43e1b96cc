//! ContractorPersonalArea: calls that a dispatch system hands to contractors, their tasks, messages, risks and costs.
//!
//! [`Client::connect`] makes a client that signs in by itself, and [`feed`] follows what changes; everything else here is generated
//! from `specs/contractor.yaml`.

crate::runtime::generated!("contractor");

mod auth;
pub mod feed;
mod sign_in;

pub use self::{auth::Auth, generated::*};
pub use crate::{Config, Error};
