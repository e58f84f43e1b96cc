//! ContractorPersonalArea: calls that a dispatch system hands to contractors, their tasks, messages, risks and costs.
//!
//! [`Client::connect`] makes a client that signs in by itself, with every operation; [`Desk`] and [`Field`] have those of one
//! credential. Everything else here is generated from `specs/contractor.yaml`.

crate::runtime::generated!("contractor");

mod auth;
mod roles;
mod sign_in;

pub use self::{
    auth::Auth,
    generated::*,
    roles::{Desk, Field},
};
pub use crate::{Config, Error};
