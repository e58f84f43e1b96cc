//! casewire
mod runtime;
#[cfg(feature = "contractor")]
pub mod contractor;
pub use runtime::*;
#[cfg(feature = "sandbox")]
pub mod sandbox;
