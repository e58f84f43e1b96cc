//! Any bytes as any type of any interface: they are a value that is written as it was read, or an error.

#![no_main]

use libfuzzer_sys::fuzz_target;
use support::dtos::DTOS;

fuzz_target!(|data: &[u8]| {
    let Some((which, body)) = data.split_first() else { return };
    let dto = &DTOS[usize::from(*which) % DTOS.len()];
    let Ok(value) = dto.read(body) else { return };
    let written = value.write().expect("what was read can be written");
    let again = dto.read(written.as_bytes()).expect("what was written can be read");
    assert!(value.equals(&*again), "{}: {value:?} is written as {written}", dto.schema);
});
