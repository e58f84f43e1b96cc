//! ЦП МСП callback applications: an organisation of the support infrastructure fetches applications in batches, confirms
//! each batch, and reports what became of every application.
//!
//! [`Client::connect`] makes a client that signs in by itself; everything else here is generated from
//! `specs/callback.yaml`.

crate::runtime::generated!("callback");

mod auth;
mod creation_date;
pub mod worker;

pub use self::{
    auth::{Auth, Endpoints},
    creation_date::{CreationDate, InvalidCreationDate},
    generated::*,
};
pub use crate::{Config, Error};
