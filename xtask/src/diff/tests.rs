//! Each rule, by an edit of a small spec, forwards and backwards.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    fs,
    process::Command,
};

use casewire_codegen::{Fact, Spec};

use super::{
    Change, Diff, Impact, compare, json, markdown,
    rules::{RULES, Verdict},
    text, versions,
};
use crate::specs::{self, Revision, Specs};

const BASE: &str = include_str!("../../../codegen/tests/cases/base.yaml");

/// What is done to the base, one case under each `##`, its steps between `@@`s. The last step is the change; those before
/// it make room for it, where there are more than the change itself needs.
const CASES: &str = include_str!("cases.diff");

/// The base before and after a case.
pub(super) struct Case {
    pub title: &'static str,
    pub before: String,
    pub after: String,
}

pub(super) fn cases(cases: &'static str) -> Vec<Case> {
    let cases = cases.split("## ").skip(1).map(|case| {
        let (title, steps) = case.split_once('\n').unwrap();
        let mut texts = vec![BASE.to_owned()];
        for step in steps.split("@@\n") {
            texts.push(patched(texts.last().unwrap(), step, title));
        }
        let after = texts.pop().unwrap();
        // The spec before the change is the last one that is valid.
        let before = texts.into_iter().rev().find(|text| spec(text).is_ok()).unwrap();
        Case { title, before, after }
    });
    cases.collect()
}

fn patched(yaml: &str, step: &str, title: &str) -> String {
    let side = |mark: char| {
        let lines = step.lines().filter(|line| line.starts_with([' ', mark]));
        lines.map(|line| format!("\n{}", &line[1..])).collect::<String>() + "\n"
    };
    let (yaml, old, new) = (format!("\n{yaml}"), side('-'), side('+'));
    assert_eq!(yaml.matches(&old).count(), 1, "{title}: these lines have to stand once:{old}");
    yaml.replacen(&old, &new, 1)[1..].to_owned()
}

fn spec(yaml: &str) -> Result<Spec, String> {
    let spec = casewire_codegen::load("base.yaml", yaml).map_err(|e| e.to_string())?;
    casewire_codegen::check(&spec).map_err(|e| e.to_string())?;
    Ok(spec)
}

pub(super) fn facts(yaml: &str, title: &str) -> Vec<Fact> {
    let spec = spec(yaml).unwrap_or_else(|violations| panic!("{title}: {violations}"));
    casewire_codegen::facts("base", &spec).unwrap()
}

fn surface(yaml: &str) -> String {
    let spec = spec(yaml).unwrap();
    let source = casewire_codegen::generate("base", &spec).unwrap();
    casewire_codegen::surface("base", &spec, &source).unwrap()
}

pub(super) fn verdict(changes: &[Change]) -> Verdict {
    changes.iter().fold(Verdict::NONE, |verdict, change| verdict.and(change.verdict()))
}

/// Where a setter's signature is another one, and takes what it took.
const TAKES_MORE: [(&str, &str); 3] = [
    ("a parameter that is required", "-"),
    ("a parameter that is filled in", "+"),
    ("a list in a request that is required", "-"),
];

#[test]
fn every_rule() {
    let (mut shown, mut seen) = (String::new(), BTreeSet::new());
    for Case { title, before, after } in cases(CASES) {
        let (before, after) = (facts(&before, title), facts(&after, title));
        let _ = writeln!(shown, "## {title}");
        for (sign, from, to) in [("+", &before, &after), ("-", &after, &before)] {
            let changes = compare(from, to);
            assert!(!changes.is_empty(), "{title}: nothing is found");
            for change in &changes {
                let Verdict { wire, source, run_time } = change.verdict();
                let ids: Vec<_> = change.rules.iter().map(|rule| rule.id).collect();
                let _ = writeln!(shown, "{sign} {wire:5} {source:5} {run_time:5} {} {ids:?}", change.says);
                seen.extend(ids);
            }
        }
        shown.push('\n');
    }
    insta::assert_snapshot!("rules", shown);
    let of_whole_files = ["interface-added", "interface-removed"];
    let unseen: Vec<_> =
        RULES.iter().map(|rule| rule.id).filter(|id| !seen.contains(id) && !of_whole_files.contains(id)).collect();
    assert!(unseen.is_empty(), "no case shows {unseen:?}");
}

/// Generates 150 clients, which takes half a minute: `.ci/run` runs it.
#[test]
#[ignore = "half a minute"]
fn ratings_for_the_source_are_what_the_signatures_say() {
    let mut mismatches = String::new();
    for Case { title, before, after } in cases(CASES) {
        let (old, new) = (surface(&before), surface(&after));
        let (before, after) = (facts(&before, title), facts(&after, title));
        let there = verdict(&compare(&before, &after)).source;
        let back = verdict(&compare(&after, &before)).source;
        mismatches.extend(mismatch(title, "+", there, &old, &new));
        mismatches.extend(mismatch(title, "-", back, &new, &old));
    }
    assert!(mismatches.is_empty(), "{mismatches}");
}

/// What is rated for the source in Rust is what the signatures of the generated clients say: lines are gone where it
/// breaks, and only then.
fn mismatch(title: &str, sign: &str, impact: Impact, old: &str, new: &str) -> Option<String> {
    let pieces = |surface: &str| {
        // The last module has the values of constants, and no signature but their names.
        let code = surface.split("\npub mod operation {").next().unwrap_or_default();
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for piece in code.split(['{', '}', ';', ',', ']']) {
            // How a value is read, and what is only warned of, is in attributes and strings.
            let others = ["#[serde", "#[cfg_attr", "#[deprecated", "open_enum!", "null_only_in!"];
            let is_of_attribute = others.iter().any(|other| piece.contains(other));
            if !is_of_attribute && !piece.contains('"') {
                *counts.entry(piece.split_whitespace().collect::<Vec<_>>().join(" ")).or_default() += 1;
            }
        }
        counts
    };
    let less = |than: &BTreeMap<String, usize>, counts: &BTreeMap<String, usize>| -> Vec<String> {
        let count = |piece: &String| counts.get(piece).copied().unwrap_or_default();
        let less = than.iter().filter(|(piece, before)| !piece.is_empty() && count(piece) < **before);
        less.map(|(piece, _)| piece.clone()).collect()
    };
    let (old, new) = (pieces(old), pieces(new));
    let (gone, come) = (less(&old, &new), less(&new, &old));
    let is_so = match impact {
        Impact::Major => !gone.is_empty(),
        Impact::Minor => gone.is_empty() || TAKES_MORE.contains(&(title, sign)),
        Impact::Patch => gone.is_empty() && come.is_empty(),
    };
    (!is_so).then(|| format!("{title} {sign}: rated as {impact}; gone {gone:#?}, new {come:#?}\n"))
}

#[test]
fn the_same_spec_has_no_changes() {
    let facts = facts(BASE, "the base");
    assert!(compare(&facts, &facts).is_empty());
}

/// Whether no two facts are of the same thing and aspect, on which the comparison relies.
#[test]
fn facts_are_unique() {
    let facts = facts(BASE, "the base");
    let keys: BTreeSet<_> = facts.iter().map(|fact| (&fact.of, fact.aspect)).collect();
    assert_eq!(keys.len(), facts.len());
}

/// The page that holds oasdiff's rules against ours names no rule that isn't there.
#[test]
fn the_rules_of_oasdiff() {
    let page = include_str!("../../../docs/oasdiff.md");
    let ours = page.lines().filter_map(|line| line.strip_prefix("| `")?.split(" | ").nth(1));
    let names: Vec<_> =
        ours.filter(|cell| cell.starts_with('`')).flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect();
    assert!(names.len() > 50, "the table isn't read");
    for name in names {
        assert!(RULES.iter().any(|rule| rule.id == name), "{name}");
    }
}

/// Two revisions in a repository, the work tree, and what is printed of them.
#[test]
fn revisions() {
    if Command::new("git").arg("--version").output().is_err() {
        println!("skipped: git is missing");
        return;
    }
    let root = std::env::temp_dir().join(format!("casewire-revisions-{}", std::process::id()));
    fs::create_dir_all(root.join("specs")).unwrap();
    let write = |path: &str, text: &str| fs::write(root.join(path), text).unwrap();
    let git = |arguments: &[&str]| {
        let name = ["-c", "user.name=test", "-c", "user.email=test@example.org"];
        specs::git(&root, &[&name[..], arguments].concat()).unwrap_or_else(|e| panic!("{e}"))
    };
    let base = BASE.replace("version: v1", "version: 1.2.3");
    write("Cargo.toml", "[workspace.package]\nversion = \"0.4.1\"\n");
    write("specs/parcels.yaml", &base);
    write("specs/letters.yaml", &base);
    // An extension that today's rules don't know.
    write("specs/old.yaml", &base.replace("x-idempotent: true", "x-idempotent: true\n      x-body-optional: true"));
    // And one that can't be read at all, which is no reason not to compare the others.
    write("specs/broken.yaml", "openapi: 3.0.3\nopenapi: 3.0.3\n");
    git(&["init", "--quiet"]);
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "--message=first"]);
    git(&["tag", "v0.4.1"]);
    fs::remove_file(root.join("specs/letters.yaml")).unwrap();
    write("specs/cards.yaml", &base);
    write("specs/broken.yaml", &base);
    write("specs/old.yaml", &base.replace("operationId: getSeal", "operationId: readSeal"));
    write("specs/parcels.yaml", &base.replace("enum: [New, Sent]", "enum: [New, Sent, Lost]"));

    let at = |revision: Revision| Specs::at(&root, &revision).unwrap_or_else(|e| panic!("{e}"));
    let tag = specs::released(&root).unwrap();
    assert_eq!(tag, "v0.4.1");
    let diff = Diff::between(&at(Revision::Git(tag)), &at(Revision::WorkTree));
    assert!(!diff.is_versioned());
    insta::assert_snapshot!("revisions", [text(&diff), markdown(&diff), json(&diff)].join("\n----\n"));

    write(
        "specs/parcels.yaml",
        &fs::read_to_string(root.join("specs/parcels.yaml")).unwrap().replace("1.2.3", "2.0.0"),
    );
    write("specs/old.yaml", &fs::read_to_string(root.join("specs/old.yaml")).unwrap().replace("1.2.3", "2.0.0"));
    write("Cargo.toml", "[workspace.package]\nversion = \"0.5.0\"\n");
    let now = at(Revision::WorkTree);
    let diff = Diff::between(&at(Revision::Git("HEAD".to_owned())), &now);
    assert!(diff.is_versioned(), "{}", versions(&diff));
    assert!(Diff::between(&now, &now).is_empty());
    assert_eq!(text(&Diff::between(&now, &now)), "The specs say the same in the work tree and in the work tree.\n");

    let Err(unknown) = Specs::at(&root, &Revision::Git("--help".to_owned())) else {
        panic!("an option is no revision")
    };
    assert_eq!(unknown, "--help: not a revision of this repository");
    fs::remove_dir_all(&root).unwrap();
}
