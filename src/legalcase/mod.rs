//! МСБ partner API: clients of a bank, their legal cases, comments and documents, at the partner who works on them.
//! Part 1 of 2 of the partner's document; notifications to the bank are only described as a schema,
//! [`types::LegalCaseEvent`].
//!
//! [`Client::connect`] makes a client; everything else here is generated from `specs/legalcase.yaml`.

#[allow(missing_docs, unreachable_patterns, unused_imports, unused_variables, clippy::all, clippy::unwrap_used)]
mod generated {
    #[cfg(feature = "codegen")]
    include!(concat!(env!("OUT_DIR"), "/legalcase.rs"));
    #[cfg(not(feature = "codegen"))]
    include!("../generated/legalcase.rs");
}
mod connect;

pub use self::{connect::AcceptSpelling, generated::*};
pub use crate::{Config, Error};
