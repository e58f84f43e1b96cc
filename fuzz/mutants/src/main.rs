//! Changes specs at random and runs the pipeline on them: nothing may panic, nothing may take long, and what is accepted
//! has to compile, of which a sample is written to a folder for the package `casewire-compiled`.
//!
//! `casewire-mutants [COUNT [SEED [FOLDER]]]`, from the root of the repository.

use std::{
    fs,
    io::{self, Write},
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use casewire_codegen::{check, generate, load};
use fastrand::Rng;

/// How long the pipeline may take for one mutant.
const LIMIT: Duration = Duration::from_secs(2);
/// From how many bytes on a spec has to be drawn twice to be taken.
const LONG: usize = 60_000;
/// How many accepted mutants are compiled.
const SAMPLE: usize = 200;

/// What takes the place of a value, of a name, or stands somewhere.
const WORDS: &[&str] = &[
    "",
    "~",
    "null",
    "true",
    "false",
    "0",
    "1",
    "-1",
    "2",
    "1.5",
    "1e400",
    "9223372036854775807",
    "[]",
    "{}",
    "[a]",
    "{a: b}",
    "a",
    "A",
    "Self",
    "self",
    "super",
    "crate",
    "gen",
    "type",
    "async",
    "Result",
    "Option",
    "String",
    "Vec",
    "Ok",
    "Err",
    "None",
    "Some",
    "Error",
    "Builder",
    "builder",
    "Unknown",
    "new",
    "send",
    "client",
    "body",
    "build",
    "from",
    "clone",
    "x",
    "_",
    "__",
    "'1'",
    "'2nd'",
    "'a b'",
    "'a-b'",
    "'a.b'",
    "'a/b'",
    "'~'",
    "'é'",
    "'Ж'",
    "'жук'",
    "'²'",
    "'\u{202e}'",
    "\"\\r\"",
    "\"\\u0000\"",
    "'```'",
    "'[a]'",
    "'<a>'",
    "'\"'",
    "'\\'",
    "'{a}'",
    "'#'",
    "string",
    "integer",
    "number",
    "boolean",
    "object",
    "array",
    "date",
    "date-time",
    "byte",
    "binary",
    "uuid",
    "password",
    "int32",
    "int64",
    "float",
    "double",
    "path",
    "query",
    "header",
    "cookie",
    "get",
    "put",
    "post",
    "delete",
    "head",
    "patch",
    "'200'",
    "'201'",
    "'204'",
    "'404'",
    "default",
    "2XX",
    "application/json",
    "application/octet-stream",
    "multipart/form-data",
    "'^(a+)+$'",
    "'(?=a)'",
    "'^[a-z]{2}$'",
    "{$ref: '#/components/schemas/A'}",
    "{type: string}",
    "{type: integer}",
    "{type: array, items: {type: string}}",
    "{type: object, additionalProperties: {type: integer}}",
    "{x-any: true}",
    "{type: string, minLength: 2}",
];

/// What stands in a line of its own.
const LINES: &[&str] = &[
    "nullable: true",
    "deprecated: true",
    "readOnly: true",
    "writeOnly: true",
    "x-secret: true",
    "x-trim: true",
    "x-numeric-string: true",
    "x-integer-string: true",
    "x-error-code: true",
    "x-error-message: true",
    "x-closed: true",
    "x-success: always",
    "x-success: never",
    "x-unwrap: data",
    "x-any: true",
    "x-idempotent: true",
    "x-local-date-time: dd.MM.yyyy HH:mm:ss",
    "x-known-values: [a, b]",
    "format: date-time",
    "format: date",
    "format: byte",
    "format: uuid",
    "format: int32",
    "minimum: 1",
    "maximum: 3",
    "minLength: 2",
    "maxLength: 3",
    "pattern: '^[0-9]+$'",
    "minProperties: 1",
    "required: [a]",
    "required: true",
    "enum: [a, b]",
    "default: a",
    "description: a",
    "title: a",
    "type: string",
    "type: integer",
    "type: object",
    "additionalProperties: {type: string}",
    "security: []",
    "x-failure: {when: {property: error, present: true}}",
    "x-content-length: true",
    "items: {type: string}",
    "example: a",
];

fn of<'a>(random: &mut Rng, from: &[&'a str]) -> &'a str {
    from[random.usize(..from.len())]
}

fn indentation(line: &str) -> &str {
    &line[..line.len() - line.trim_start().len()]
}

/// The end of the block that begins in a line: the first line that is indented no further.
fn block(lines: &[String], start: usize) -> usize {
    let depth = indentation(&lines[start]).len();
    let inner = lines[start + 1..].iter().take_while(|line| line.trim().is_empty() || indentation(line).len() > depth);
    start + 1 + inner.count()
}

fn mutate(seed: &str, random: &mut Rng) -> String {
    let mut lines: Vec<String> = seed.lines().map(str::to_owned).collect();
    for _ in 0..=random.usize(..3) {
        let at = random.usize(..lines.len());
        let line = lines[at].clone();
        let (indent, content) = (indentation(&line).to_owned(), line.trim_start().to_owned());
        let (key, value) = content.split_once(": ").unwrap_or((content.trim_end_matches(':'), ""));
        match random.usize(..11) {
            0 => drop(lines.drain(at..block(&lines, at))),
            1 => drop(lines.remove(at)),
            2 => lines[at] = format!("{indent}{key}: {}", of(random, WORDS)),
            3 => lines[at] = format!("{indent}{}: {value}", of(random, WORDS)),
            4 => lines.insert(at, format!("{indent}{}", of(random, LINES))),
            5 => lines.insert(at, format!("{indent}{}: {}", of(random, WORDS), of(random, WORDS))),
            // A block under another name, next to itself or elsewhere.
            6 => {
                let mut copy = lines[at..block(&lines, at)].to_vec();
                copy[0] = format!("{indent}{}: {value}", of(random, WORDS));
                lines.splice(at..at, copy);
            }
            7 => {
                let copy = lines[at..block(&lines, at)].to_vec();
                let depth = indent.len();
                let alike: Vec<usize> = (0..lines.len()).filter(|at| indentation(&lines[*at]).len() == depth).collect();
                let to = alike[random.usize(..alike.len())];
                lines.splice(to..block(&lines, to), copy);
            }
            // One name wherever it stands, so that what refers to it does still.
            8 => {
                let names: Vec<&str> =
                    line.split(|c: char| !c.is_alphanumeric()).filter(|name| name.len() > 2).collect();
                if !names.is_empty() {
                    let (name, word) = (of(random, &names), of(random, WORDS).trim_matches('\'').to_owned());
                    let renamed: Vec<String> = lines.iter().map(|line| line.replace(name, &word)).collect();
                    lines = renamed;
                }
            }
            9 => {
                let mut characters: Vec<char> = line.chars().collect();
                let odd: Vec<char> = "'\"[]{}:#&*!|>%@`-?,~\\\t\u{feff}\u{202e}\r0a".chars().collect();
                characters.insert(random.usize(..=characters.len()), odd[random.usize(..odd.len())]);
                lines[at] = characters.into_iter().collect();
            }
            _ => {
                let other = random.usize(..lines.len());
                lines.swap(at, other);
            }
        }
        if lines.is_empty() {
            break;
        }
    }
    lines.join("\n") + "\n"
}

#[derive(Default)]
struct Found {
    accepted: usize,
    slowest: Duration,
    /// A sample in which each accepted mutant is as likely as any other.
    sample: Vec<String>,
    faults: Vec<String>,
}

fn seeds() -> io::Result<Vec<(PathBuf, String)>> {
    let mut files =
        vec![PathBuf::from("codegen/tests/cases/base.yaml"), PathBuf::from("fuzz/compiled/everything.yaml")];
    for folder in ["specs", "codegen/src/raise/cases"] {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            files.extend(path.extension().is_some_and(|extension| extension == "yaml").then_some(path));
        }
    }
    files.sort();
    let texts = files.into_iter().map(|path| fs::read_to_string(&path).map(|text| (path, text)));
    let texts = texts.collect::<io::Result<Vec<_>>>()?;
    // Another file of a tool, and the cases that are only parts of a spec.
    Ok(texts.into_iter().filter(|(_, text)| load("", text).is_ok_and(|spec| check(&spec).is_ok())).collect())
}

fn run(seeds: &[(PathBuf, String)], number: usize, seed: u64, found: &Mutex<Found>) {
    let mut random = Rng::with_seed(seed.wrapping_mul(1_000_003).wrapping_add(number as u64));
    let drawn = &seeds[random.usize(..seeds.len())];
    // A long one takes long to compile.
    let (file, text) = if drawn.1.len() > LONG { &seeds[random.usize(..seeds.len())] } else { drawn };
    let mutant = mutate(text, &mut random);
    let began = Instant::now();
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let spec = load("mutant.yaml", &mutant).ok()?;
        check(&spec).ok()?;
        Some(generate("mutant", &spec).map_err(|e| e.to_string()))
    }));
    let elapsed = began.elapsed();
    let mut found = found.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    found.slowest = found.slowest.max(elapsed);
    let fault = match outcome {
        Err(_) => Some("panicked".to_owned()),
        Ok(Some(Err(e))) => Some(format!("was accepted and not generated: {e}")),
        _ if elapsed > LIMIT => Some(format!("took {elapsed:?}")),
        Ok(Some(Ok(_))) => {
            found.accepted += 1;
            if found.sample.len() < SAMPLE {
                found.sample.push(mutant.clone());
            } else {
                let at = random.usize(..found.accepted);
                if let Some(place) = found.sample.get_mut(at) {
                    place.clone_from(&mutant);
                }
            }
            None
        }
        Ok(None) => None,
    };
    if let Some(fault) = fault {
        let path = std::env::temp_dir().join(format!("casewire-mutant-{number}.yaml"));
        let kept = fs::write(&path, &mutant).map_or_else(|e| e.to_string(), |()| path.display().to_string());
        found.faults.push(format!("{number}, of {}, {fault} ({kept})", file.display()));
    }
}

fn write_sample(folder: &Path, sample: &[String]) -> io::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    for (number, mutant) in sample.iter().enumerate() {
        fs::write(folder.join(format!("mutant_{number:03}.yaml")), mutant)?;
    }
    Ok(())
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number =
        |index: usize, default: u64| arguments.get(index).and_then(|text| text.parse().ok()).unwrap_or(default);
    let (count, seed) = (number(0, 10_000) as usize, number(1, 1));
    let folder = arguments.get(2).map_or_else(|| PathBuf::from("target/mutants"), PathBuf::from);
    let seeds = match seeds() {
        Ok(seeds) if !seeds.is_empty() => seeds,
        Ok(_) => return fail("no seeds: run it from the root of the repository"),
        Err(e) => return fail(&format!("the seeds: {e}")),
    };
    let (next, found) = (AtomicUsize::new(0), Mutex::new(Found::default()));
    // What panics is reported by its mutant.
    std::panic::set_hook(Box::new(|_| {}));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, |threads| threads.get()) {
            let (seeds, next, found) = (&seeds, &next, &found);
            let work = move || {
                while let Some(number) = Some(next.fetch_add(1, Ordering::Relaxed)).filter(|number| *number < count) {
                    run(seeds, number, seed, found);
                }
            };
            // As much stack as a main thread has.
            if let Err(e) = std::thread::Builder::new().stack_size(8 << 20).spawn_scoped(scope, work) {
                let _ = writeln!(io::stderr(), "{e}");
            }
        }
    });
    let found = found.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    println!(
        "{count} mutants of {} seeds (seed {seed}): {} accepted, {} faults, the slowest took {:.2?}",
        seeds.len(),
        found.accepted,
        found.faults.len(),
        found.slowest
    );
    found.faults.iter().for_each(|fault| println!("{fault}"));
    if let Err(e) = write_sample(&folder, &found.sample) {
        return fail(&format!("{}: {e}", folder.display()));
    }
    println!("{} of the accepted ones are in {}", found.sample.len(), folder.display());
    if found.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn fail(why: &str) -> ExitCode {
    let _ = writeln!(io::stderr(), "{why}");
    ExitCode::FAILURE
}
