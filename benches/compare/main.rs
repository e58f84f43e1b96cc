//! Measures what casewire costs next to hand-written code, in one run, and writes `docs/performance.md`. Linux only.
//!
//! `cargo bench --package casewire-bench -- calls decode` measures these parts alone, and leaves what the page says of the others;
//! all of [`PARTS`] unless some are named. With `--check`, nothing is written, and what is over its budget fails.
//!
//! Every measurement is a process of its own, and so is the server: this program, called with `as` and what it is to do.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod child;
mod in_flight;
mod instructions;
mod page;
mod sandbox;
mod transfers;

use std::{env, process::ExitCode};

use page::Part;

/// What can be measured. The order is that of the page.
const PARTS: [Part; 5] = [
    Part { name: "calls", title: "A call", measure: instructions::calls },
    Part { name: "decode", title: "Reading a body", measure: instructions::decode },
    Part { name: "in-flight", title: "Many calls at the same time", measure: in_flight::compare },
    Part { name: "transfers", title: "Files", measure: transfers::compare },
    Part { name: "sandbox", title: "The sandbox", measure: sandbox::measure },
];

fn main() -> ExitCode {
    let mut arguments: Vec<_> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let words: Vec<_> = arguments.iter().map(String::as_str).collect();
    if let ["as", role @ ..] = &words[..] {
        child::run(role);
        return ExitCode::SUCCESS;
    }
    let is_check = words.contains(&"--check");
    arguments.retain(|argument| argument != "--check");
    if let Some(unknown) = arguments.iter().find(|name| PARTS.iter().all(|part| part.name != **name)) {
        let names: Vec<_> = PARTS.iter().map(|part| part.name).collect();
        eprintln!("unknown part {unknown}; there are: {}", names.join(", "));
        return ExitCode::FAILURE;
    }
    let chosen = PARTS.iter().filter(|part| arguments.is_empty() || arguments.iter().any(|name| name == part.name));
    let (mut sections, mut is_over) = (Vec::new(), false);
    for part in chosen {
        eprintln!("{} …", part.name);
        let section = (part.measure)();
        println!("## {}\n\n{section}", part.title);
        is_over |= section.is_over();
        sections.push((part, section));
    }
    if !is_check {
        page::write(&sections);
    }
    match is_over {
        true => {
            eprintln!("over budget; the profiles are in {}", instructions::profiles().display());
            ExitCode::FAILURE
        }
        false => ExitCode::SUCCESS,
    }
}
