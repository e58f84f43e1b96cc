//! API BPM: support cases of the CRPT operator, a Creatio service. Participants open cases, write messages, add files.
//!
//! [`Client::connect`] makes a client that signs in by itself; everything else here is generated from `specs/crpt.yaml`.

crate::runtime::generated!("crpt");

mod auth;
mod jar;
mod link;

pub use self::{auth::Auth, generated::*, link::InvalidLink};
pub use crate::{Config, Error};
