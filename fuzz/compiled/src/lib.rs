//! Generated clients beside the runtime that they call, as in casewire, but of other specs: what the pipeline accepts has to
//! compile without a warning. There is nothing to use here.

#![deny(warnings)]

pub use jiff;
// A part of it is for the interfaces of casewire.
#[allow(dead_code, unused_imports, unused_macros)]
#[path = "../../../src/runtime/mod.rs"]
mod runtime;
pub use runtime::*;
pub use schemars;

include!(concat!(env!("OUT_DIR"), "/modules.rs"));
