//! `cargo xtask regen`: the one command when a spec has changed. `cargo xtask regen --check` only compares.

mod regen;

use std::{path::Path, process::ExitCode};

const USAGE: &str = "\
usage: cargo xtask regen [--check]

regen          writes src/generated/, the surface snapshots and specs/README.md anew from specs/
regen --check  writes nothing; fails when one of them is not what regen would write";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let check = match arguments[..] {
        ["regen"] => false,
        ["regen", "--check"] => true,
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    // The workspace is where xtask was built, which is also where it runs.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    match regen::regen(root, check) {
        Ok(report) => {
            print!("{report}");
            ExitCode::SUCCESS
        }
        Err(e) => {
            eprintln!("{e}");
            ExitCode::FAILURE
        }
    }
}
