//! API BPM: support cases of the CRPT operator, a Creatio service. Participants open cases, write messages, add files.
//!
//! [`Client::connect`] makes a client that signs in by itself; everything else here is generated from `specs/crpt.yaml`.

crate::runtime::generated!("crpt");

mod auth;
mod case_filter;
pub mod case_status;
mod jar;
mod link;
mod open_case;
mod wait;

pub use self::{
    auth::Auth,
    case_filter::CaseFilter,
    generated::*,
    link::InvalidLink,
    open_case::{AttachedFile, MissingFile, OpenCase, OpenCaseError, OpenedCase},
    wait::{WaitError, WaitForCase},
};
pub use crate::{Config, Error};
