//! casewire
mod runtime;
pub use runtime::*;
#[cfg(feature = "sandbox")]
pub mod sandbox;
