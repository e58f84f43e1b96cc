//! JSON that is broken anywhere is read as a value or gives an error that says where;
//! nothing panics.

use proptest::collection::vec;
use support::dtos::{DTOS, Dto};

use super::{
    damage::{Damage, Expect},
    place::Place,
    runner::check,
    sample::Samples,
    schemas,
};

/// How often each value is damaged, each time anew.
const DAMAGES: usize = 8;

fn survives(interface: &str) {
    let schemas = &schemas(interface);
    for dto in DTOS.iter().filter(|dto| dto.interface == interface) {
        let samples = Samples { schemas, strict: true }.of(dto.schema);
        check(dto.schema, (samples, vec(Damage::any(), DAMAGES)), |(sample, damages)| {
            let places = Place::all(schemas, dto.schema, &sample.sent);
            damages.iter().try_for_each(|damage| {
                let (text, expect) = damage.apply(sample.sent.clone(), &places);
                read(dto, &text, &expect).map_err(|e| format!("{damage:?}: {e}\n{}", String::from_utf8_lossy(&text)))
            })
        });
    }
}

fn read(dto: &Dto, text: &[u8], expect: &Expect) -> Result<(), String> {
    match dto.read(text) {
        Ok(value) => {
            expect.check(None)?;
            let written = value.write().map_err(|e| format!("not written: {e}"))?;
            let again = dto.read(written.as_bytes()).map_err(|e| format!("not read again: {e:?}"))?;
            if again.equals(&*value) { Ok(()) } else { Err(format!("read again as {again:?}, not {value:?}")) }
        }
        // A property whose name is empty has an empty path.
        Err(error) if error.path.is_empty() && !contains(text, b"\"\"") || error.reason.is_empty() => {
            Err(format!("says too little: {error:?}"))
        }
        Err(error) => expect.check(Some((&error.path, &error.reason))),
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

#[test]
fn callback() {
    survives("callback");
}

#[test]
fn contractor() {
    survives("contractor");
}

#[test]
fn crpt() {
    survives("crpt");
}

#[test]
fn legalcase() {
    survives("legalcase");
}
