//! A diff as text for a terminal, as Markdown for a changelog, as JSON for a program; and the page of the rules.

use std::fmt::Write;

use serde_json::{Value, json};

use super::{
    Change, Diff, InterfaceDiff, Verdict,
    rules::{Impact, RULES},
};

/// For a terminal.
pub(crate) fn text(diff: &Diff) -> String {
    if diff.is_empty() {
        return changes(diff);
    }
    format!("{}\n{}", changes(diff), versions(diff))
}

/// The changes, without the versions that they ask for.
pub(crate) fn changes(diff: &Diff) -> String {
    if diff.is_empty() {
        return format!("The specs say the same in {} and in {}.\n", diff.from, diff.to);
    }
    let mut out = format!("From {} to {}. Impact on: wire, Rust source, Rust at run time.\n", diff.from, diff.to);
    for interface in &diff.interfaces {
        let _ = writeln!(out, "\nspecs/{}.yaml", interface.name);
        if interface.violations > 0 {
            let _ = writeln!(
                out,
                "  (the old one violates today's rules, {} times; compared as read)",
                interface.violations
            );
        }
        if let Some(reason) = &interface.unreadable {
            let _ = writeln!(out, "  (not compared, and rated as breaking: {reason})");
        }
        for change in &interface.changes {
            let Verdict { wire, source, run_time } = change.verdict();
            let _ = writeln!(out, "  {wire:5} {source:5} {run_time:5}  {}  [{}]", change.says, ids(change));
        }
        if interface.descriptions > 0 {
            let _ = writeln!(out, "  {:17}  {}", "", descriptions(interface));
        }
    }
    out
}

/// The versions that the changes ask for.
pub(crate) fn versions(diff: &Diff) -> String {
    let mut out = format!("Versions, from {} to {}\n", diff.from, diff.to);
    for interface in &diff.interfaces {
        let _ = writeln!(out, "  specs/{}.yaml: {}", interface.name, spec_version(interface));
    }
    if let Some(needed) = diff.crate_version() {
        let Verdict { source, run_time, .. } = diff.verdict();
        let (old, new) = &diff.versions;
        let impact = diff.verdict().rust();
        let _ =
            writeln!(out, "  casewire: {impact} (source {source}, run time {run_time}): {old} -> {needed}, is {new}");
        out.push_str("  casewire-codegen, casewire-sandbox: the same version as casewire\n");
    }
    out
}

fn spec_version(interface: &InterfaceDiff) -> String {
    let (old, new) = &interface.versions;
    let impact = interface.verdict().wire;
    match interface.spec_version() {
        Some(needed) if interface.is_versioned() => format!("{impact}: {old} -> {new} (at least {needed})"),
        Some(needed) => format!("{impact}: {old} -> {needed}, but info.version is {new}"),
        None if interface.unreadable.is_some() => format!("unknown; is {new}"),
        None if old.is_empty() => format!("new, {new}"),
        None if new.is_empty() => format!("gone, was {old}"),
        None => format!("{impact}: {old} -> {new}; {old} is no semantic version"),
    }
}

/// For the notes of a release.
pub(crate) fn markdown(diff: &Diff) -> String {
    let mut out = String::new();
    for interface in &diff.interfaces {
        let _ =
            writeln!(out, "### specs/{}.yaml: {}\n\n{}", interface.name, spec_version(interface), entries(interface));
    }
    if diff.is_empty() {
        out.push_str("Nothing changed.\n");
    }
    out
}

/// The entries of a changelog.
pub(crate) fn entries(interface: &InterfaceDiff) -> String {
    let mut out = String::new();
    if let Some(reason) = &interface.unreadable {
        let _ = writeln!(out, "- {}", sentence(&format!("what changed isn't known, since {reason}")));
    }
    for change in &interface.changes {
        let _ = writeln!(out, "- {}{}", sentence(&change.says), marks(change.verdict()));
    }
    if interface.descriptions > 0 {
        let _ = writeln!(out, "- {}", sentence(&descriptions(interface)));
    }
    out
}

/// For a program.
pub(crate) fn json(diff: &Diff) -> String {
    let verdict = |Verdict { wire, source, run_time }: Verdict| json!({ "wire": wire.name(), "rust_source": source.name(), "rust_run_time": run_time.name() });
    let change = |change: &Change| {
        let rules: Vec<&str> = change.rules.iter().map(|rule| rule.id).collect();
        json!({ "subject": change.of.to_string(), "says": change.says, "rules": rules, "impact": verdict(change.verdict()) })
    };
    let interfaces = diff.interfaces.iter().map(|interface| {
        json!({
            "interface": interface.name,
            "changes": interface.changes.iter().map(change).collect::<Vec<Value>>(),
            "changed_descriptions": interface.descriptions,
            "unreadable": interface.unreadable,
            "impact": verdict(interface.verdict()),
            "version": {
                "old": interface.versions.0, "new": interface.versions.1, "at_least": interface.spec_version(),
            },
        })
    });
    let whole = json!({
        "from": diff.from,
        "to": diff.to,
        "interfaces": interfaces.collect::<Vec<Value>>(),
        "impact": verdict(diff.verdict()),
        "crates": { "old": diff.versions.0, "new": diff.versions.1, "at_least": diff.crate_version() },
    });
    format!("{whole:#}\n")
}

fn descriptions(interface: &InterfaceDiff) -> String {
    match interface.descriptions {
        1 => "1 description changed".to_owned(),
        many => format!("{many} descriptions changed"),
    }
}

fn ids(change: &Change) -> String {
    change.rules.iter().map(|rule| rule.id).collect::<Vec<_>>().join(", ")
}

/// What breaks whom.
fn marks(verdict: Verdict) -> String {
    let audiences =
        [(verdict.wire, "the wire"), (verdict.source, "Rust source"), (verdict.run_time, "Rust at run time")];
    let broken: Vec<_> =
        audiences.iter().filter(|(impact, _)| *impact == Impact::Major).map(|(_, name)| *name).collect();
    if broken.is_empty() { String::new() } else { format!(" **Breaking** for {}.", broken.join(", ")) }
}

fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", chars.as_str())
}

/// The page of the documentation with all rules.
pub(crate) fn rules_page() -> String {
    let mut out = String::from(
        "<!-- @generated by `cargo xtask regen` from xtask/src/diff/rules.rs. -->\n\n\
         # What a change of a spec means\n\n\
         `cargo xtask diff` compares two revisions of the specs, and rates each change three times, in the terms of\n\
         [Semantic Versioning](https://semver.org): **major**, something that worked doesn't any more; **minor**, something\n\
         new, or another behaviour where it was open; **patch**, neither.\n\n\
         - **wire**: for a client in any language that was made from the old spec and meets a server that follows the new\n\
         \x20 one, and for whoever regenerates it. Sets the `info.version` of the spec.\n\
         - **source**: for a program that compiled with the old casewire and is compiled with the new one.\n\
         - **run time**: for the same program, where it compiles: what its calls do. With *source*, it sets the version of\n\
         \x20 the packages. Before 1.0, the minor number is the one that breaks.\n\n\
         What is both sent and received is rated by the graver of both rules. A schema that no operation uses counts as\n\
         received. What changed only in the pipeline is not in the specs, and not here: the surface snapshots have it.\n\
         [oasdiff.md](oasdiff.md) holds the rules of oasdiff against these.\n\n\
         | rule | wire | source | run time | why |\n|---|---|---|---|---|\n",
    );
    for rule in RULES {
        let Verdict { wire, source, run_time } = rule.verdict;
        let _ = writeln!(out, "| `{}` | {wire} | {source} | {run_time} | {} |", rule.id, rule.why);
    }
    out
}
