//! Generated clients with the runtime that they call, as in casewire, but of other specs: what the pipeline accepts has to
//! compile without a warning. There is nothing to use here.

#![deny(warnings)]
// Names that a vendor writes in Cyrillic, say, next to ours.
#![allow(confusable_idents, mixed_script_confusables, uncommon_codepoints)]

pub use jiff;
#[path = "../../../src/runtime/mod.rs"]
pub mod runtime;
pub use runtime::*;
pub use schemars;

include!(concat!(env!("OUT_DIR"), "/modules.rs"));
