//! Any text as a spec: it is refused with messages, or becomes a client. Nothing panics, progenitor included, which
//! `check` has to keep from what it can't take.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|text: &str| -> Corpus {
    let Ok(spec) = casewire_codegen::load("spec.yaml", text) else { return Corpus::Keep };
    match casewire_codegen::generate("contractor", &spec) {
        Ok(_) | Err(casewire_codegen::Error::Spec(_)) => Corpus::Keep,
        Err(e) => panic!("a spec that passes `check` makes no client: {e}"),
    }
});
