//! What is left to do by hand after the specs changed: the places that name what changed, what has to be added where, and
//! the entry of the changelog.

#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    fs,
    path::Path,
};

use casewire_codegen::Subject;

use crate::{
    diff::{self, Change, Diff, InterfaceDiff, rules},
    specs::git,
};

/// Where a change has to be repeated by hand, by folder, in the order in which one goes about it.
const ROLES: [(&str, &str); 4] = [
    ("src/", "the bindings that are written by hand"),
    ("sandbox/", "the sandbox"),
    ("tests/", "the tests"),
    ("", "examples, benchmarks and texts"),
];

/// What follows from the specs by itself, tells of the past, or is about no spec in particular.
const GENERATED: [&str; 7] =
    ["src/generated/", "specs/", "tests/snapshots/", "docs/changes.md", "CHANGELOG.md", "codegen/", "xtask/"];

/// The list, in full sentences. `interfaces` are the names of all.
///
/// # Errors
/// When git can't list the files.
pub(crate) fn left(root: &Path, diff: &Diff, interfaces: &[String]) -> Result<String, String> {
    let mut out = String::from("Left to do by hand\n");
    let files = git(root, &["ls-files", "--cached", "--others", "--exclude-standard"])?;
    for interface in diff.interfaces.iter().filter(|interface| !interface.changes.is_empty()) {
        let names = names(interface);
        let places = places(root, &files, interface, interfaces, &names);
        for (folder, role) in ROLES {
            let is_here = |path: &str| ROLES.iter().find(|(folder, _)| path.starts_with(folder)).map(|(f, _)| *f);
            let here: Vec<_> = places.iter().filter(|(path, _)| is_here(path) == Some(folder)).collect();
            if !here.is_empty() {
                let _ = writeln!(out, "\n{}: look at these lines of {role}", interface.name);
                here.iter().for_each(|(path, lines)| line(&mut out, path, lines));
            }
        }
        let additions = additions(interface);
        if !additions.is_empty() {
            let _ = writeln!(out, "\n{}: add", interface.name);
            additions.iter().for_each(|addition| out.push_str(&format!("  {addition}\n")));
        }
    }
    out.push_str("\nCHANGELOG.md, to paste under [Unreleased]\n");
    for interface in &diff.interfaces {
        let _ = write!(out, "\n### specs/{}.yaml\n\n{}", interface.name, diff::entries(interface));
    }
    Ok(out)
}

/// `path:3,7  (name, other)`.
fn line(out: &mut String, path: &str, lines: &BTreeMap<usize, BTreeSet<String>>) {
    let numbers: Vec<_> = lines.keys().map(usize::to_string).collect();
    let names: BTreeSet<&str> = lines.values().flatten().map(String::as_str).collect();
    let names: Vec<_> = names.into_iter().collect();
    let _ = writeln!(out, "  {path}:{}  ({})", numbers.join(","), names.join(", "));
}

/// The names to look for: of what is gone or changed its own, of what is new that of what it belongs to.
fn names(interface: &InterfaceDiff) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for change in &interface.changes {
        let of = if change.is_new { change.of.parent() } else { Some(change.of.clone()) };
        names.extend(of.iter().flat_map(Subject::names));
        // A call says the names of its operation, whatever part of it changed.
        let around = std::iter::successors(change.of.parent(), Subject::parent);
        names.extend(around.filter(|of| matches!(of, Subject::Operation(_))).flat_map(|of| of.names()));
    }
    names
}

type Places = BTreeMap<String, BTreeMap<usize, BTreeSet<String>>>;

fn places(root: &Path, files: &str, interface: &InterfaceDiff, all: &[String], names: &BTreeSet<String>) -> Places {
    let is_others = |path: &str| {
        let others = all.iter().filter(|other| **other != interface.name);
        others.into_iter().any(|other| path.split(['/', '.']).any(|part| part == other))
    };
    let mut places = Places::new();
    for path in files.lines() {
        if GENERATED.iter().any(|generated| path.starts_with(generated)) || is_others(path) {
            continue;
        }
        // What isn't text names nothing.
        let Ok(text) = fs::read_to_string(root.join(path)) else { continue };
        for (index, line) in text.lines().enumerate() {
            for word in words(line).filter(|word| names.contains(*word)) {
                let lines = places.entry(path.to_owned()).or_default();
                lines.entry(index + 1).or_default().insert(word.to_owned());
            }
        }
    }
    places
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// What has to be there for what is new.
fn additions(interface: &InterfaceDiff) -> BTreeSet<String> {
    let name = &interface.name;
    let of = |change: &Change| {
        let says = &change.says;
        let is = |rule| change.rules.contains(&rule);
        let input = || {
            vec![
                format!("a value in the row of tests/support/interfaces/{name}/rows.rs: {says}"),
                format!("its handling in sandbox/src/{name}/: {says}"),
            ]
        };
        match &change.of {
            Subject::Operation(_) if is(rules::BODY_ADDED) || is(rules::UPLOAD_ADDED) => input(),
            _ if !change.is_new => Vec::new(),
            Subject::Operation(_) => vec![
                format!("a route and a handler in sandbox/src/{name}/: {says}"),
                format!("a row in tests/support/interfaces/{name}/rows.rs, one in tests/wire/{name}/: {says}"),
            ],
            Subject::Parameter { .. } | Subject::Part { .. } => input(),
            Subject::Response { .. } if is(rules::SUCCESS_STATUS_ADDED) => {
                vec![format!("a row in tests/wire/{name}/: {says}")]
            }
            Subject::Response { .. } | Subject::ErrorCode { .. } => {
                vec![format!("a row in tests/life/{name}/ (codes): {says}")]
            }
            Subject::Type(_) => vec![format!("a row in tests/support/dtos.rs: {says}")],
            Subject::Property { .. } => {
                vec![format!("its value in sandbox/src/{name}/ and in the rows of tests/support/dtos.rs: {says}")]
            }
            Subject::Value { .. } | Subject::Alternative { .. } => {
                vec![format!("a case in sandbox/src/{name}/: {says}")]
            }
            Subject::Webhook { .. } => vec![format!("a test of what is received: {says}")],
            Subject::Scheme(_) => vec![format!("a credential in src/{name}/ and sandbox/src/{name}/: {says}")],
            Subject::Interface | Subject::Header { .. } => Vec::new(),
        }
    };
    interface.changes.iter().flat_map(of).collect()
}
