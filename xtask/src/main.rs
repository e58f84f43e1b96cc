//! `cargo xtask`: the commands of those who maintain casewire. `cargo xtask regen` is the one when a spec has changed.

mod conformance;
mod diff;
mod document;
mod new_interface;
mod regen;
mod release;
#[cfg(test)]
mod scratch;
mod specs;
mod todo;
#[cfg(test)]
mod walk;

use std::{path::Path, process::ExitCode};

use lexopt::prelude::{Long, Short, Value, ValueExt};

use crate::{
    diff::{Diff, Impact},
    specs::{Revision, Specs},
};

const USAGE: &str = "\
usage: cargo xtask COMMAND

regen                 writes all that follows from specs/, and says what the changes mean and what is left to do
regen --check         writes nothing; fails when something is not what regen would write

diff [REV]            what changed in the specs since REV (HEAD without it), and what it means to whom
     [--to REV]       up to REV in place of the work tree
     [--format text|markdown|json]
     [--fail-on breaking]   fails when a change breaks anybody

docdiff OLD NEW       what changed in the document of a vendor: the facts, with the place in the spec, and the lines;
                      each a text, a record, or the name of one in specs/sources
     [--spec INTERFACE]     the spec to edit, in place of the one that fits best
record DOCUMENT NAME  writes what may be kept of a document to specs/sources/NAME.json: facts and hashes
audit DOCUMENT        holds a document against its spec; fails when a difference is explained by no mark of the spec
     [--spec INTERFACE]

conformance           what linters, generators and clients in other languages make of the specs; needs Python 3.11
     [--list] [--only NAME] [--interface INTERFACE]
docs                  writes target/specs-docs/, the specs as web pages; needs Python 3.11 and npm

new-interface NAME    lays out a spec, a module and a feature that compile

release --dry-run     whether what is here can be released, and the commands that do it
release specs         writes target/casewire-specs-<version>.tar.gz, for teams in other languages";

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(e) => {
            eprintln!("{e}");
            ExitCode::from(2)
        }
    }
}

/// A command that failed: what it found, as opposed to how it was called.
fn failed(reason: &str) -> ExitCode {
    eprintln!("{reason}");
    ExitCode::FAILURE
}

/// How it was called wrongly, and how to call it.
fn usage(e: lexopt::Error) -> String {
    format!("{e}\n\n{USAGE}")
}

fn run() -> Result<ExitCode, String> {
    // The workspace is where xtask was built, which is also where it runs.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    let mut arguments = lexopt::Parser::from_env();
    match arguments.next().map_err(usage)? {
        Some(Value(command)) => match command.to_string_lossy().as_ref() {
            "regen" => regen(root, &mut arguments),
            "diff" => diff(root, &mut arguments),
            "conformance" => conformance::run(root, "run.py", arguments.raw_args().map_err(|e| e.to_string())?),
            "docs" => conformance::run(root, "docs.py", arguments.raw_args().map_err(|e| e.to_string())?),
            "new-interface" => only(&mut arguments).and_then(|name| told(new_interface::lay_out(root, &name))),
            "release" => match only(&mut arguments)?.as_str() {
                "--dry-run" => told(release::dry_run(root)),
                "specs" => told(release::archive(root)),
                other => Err(format!("release {other}: --dry-run or specs; what is published is published by hand")),
            },
            "docdiff" | "record" | "audit" => document(root, &command.to_string_lossy(), &mut arguments),
            "help" => Err(USAGE.to_owned()),
            other => Err(format!("there is no command `{other}`\n\n{USAGE}")),
        },
        Some(Long("help") | Short('h')) => {
            println!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        Some(other) => Err(usage(other.unexpected())),
        None => Err(USAGE.to_owned()),
    }
}

/// What a command found: printed, and the exit code.
fn told(outcome: Result<String, String>) -> Result<ExitCode, String> {
    match outcome {
        Ok(report) => {
            print!("{report}");
            Ok(ExitCode::SUCCESS)
        }
        Err(reason) => Ok(failed(&reason)),
    }
}

/// The one argument of a command, an option or a value.
fn only(arguments: &mut lexopt::Parser) -> Result<String, String> {
    let rest: Vec<_> = arguments.raw_args().map_err(|e| e.to_string())?.collect();
    match &rest[..] {
        [one] => Ok(one.to_string_lossy().into_owned()),
        _ => Err(format!("one argument is missing, or there are more\n\n{USAGE}")),
    }
}

fn regen(root: &Path, arguments: &mut lexopt::Parser) -> Result<ExitCode, String> {
    let mut check = false;
    while let Some(argument) = arguments.next().map_err(usage)? {
        match argument {
            Long("check") => check = true,
            other => return Err(usage(other.unexpected())),
        }
    }
    told(regen::regen(root, check))
}

fn diff(root: &Path, arguments: &mut lexopt::Parser) -> Result<ExitCode, String> {
    let (mut from, mut to) = (None, Revision::WorkTree);
    let (mut render, mut fail_on_breaking): (fn(&Diff) -> String, _) = (diff::text, false);
    while let Some(argument) = arguments.next().map_err(usage)? {
        match argument {
            Value(revision) if from.is_none() => from = Some(revision.string().map_err(usage)?),
            Long("to") => to = Revision::Git(arguments.value().and_then(ValueExt::string).map_err(usage)?),
            Long("format") => {
                render = match arguments.value().and_then(ValueExt::string).map_err(usage)?.as_str() {
                    "text" => diff::text,
                    "markdown" => diff::markdown,
                    "json" => diff::json,
                    other => return Err(format!("--format {other}: text, markdown or json\n\n{USAGE}")),
                }
            }
            Long("fail-on") => match arguments.value().and_then(ValueExt::string).map_err(usage)?.as_str() {
                "breaking" => fail_on_breaking = true,
                other => return Err(format!("--fail-on {other}: breaking\n\n{USAGE}")),
            },
            other => return Err(usage(other.unexpected())),
        }
    }
    let from = Specs::at(root, &Revision::Git(from.unwrap_or_else(|| "HEAD".to_owned())))?;
    let diff = Diff::between(&from, &Specs::at(root, &to)?);
    print!("{}", render(&diff));
    if fail_on_breaking && diff.verdict().worst() == Impact::Major {
        return Ok(failed("a change breaks somebody"));
    }
    Ok(ExitCode::SUCCESS)
}

fn document(root: &Path, command: &str, arguments: &mut lexopt::Parser) -> Result<ExitCode, String> {
    let (mut given, mut spec) = (Vec::new(), None);
    while let Some(argument) = arguments.next().map_err(usage)? {
        match argument {
            Value(value) => given.push(value.string().map_err(usage)?),
            Long("spec") if command != "record" => {
                spec = Some(arguments.value().and_then(ValueExt::string).map_err(usage)?);
            }
            other => return Err(usage(other.unexpected())),
        }
    }
    let spec = spec.as_deref();
    match (command, given.as_slice()) {
        ("docdiff", [old, new]) => print!("{}", document::docdiff(root, old, new, spec)?),
        ("record", [document, name]) => print!("{}", document::record(root, document, name)?),
        ("audit", [document]) => {
            let (report, is_explained) = document::audit(root, document, spec)?;
            print!("{report}");
            if !is_explained {
                return Ok(failed("not everything is explained"));
            }
        }
        _ => return Err(format!("{command}: not as many arguments\n\n{USAGE}")),
    }
    Ok(ExitCode::SUCCESS)
}
