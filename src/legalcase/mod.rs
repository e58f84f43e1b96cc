//! МСБ partner API: clients of a bank, their legal cases, comments and documents, at the partner who works on them.
//! Part 1 of 2 of the partner's document; notifications to the bank are only described as a schema,
//! [`types::LegalCaseEvent`].
//!
//! [`Client::connect`] makes a client, and [`LegalCaseEvent::from_slice`](types::LegalCaseEvent::from_slice) reads a
//! notification; everything else here is generated from `specs/legalcase.yaml`.

crate::runtime::generated!("legalcase");

mod connect;
mod event;

pub use self::{
    connect::AcceptSpelling,
    event::{InvalidEvent, LegalCaseStatus},
    generated::*,
};
pub use crate::{Config, Error};
