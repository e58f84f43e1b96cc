//! A few edits held against `cargo-semver-checks`: what it says of the generated clients, next to our rating for the source.
//! `docs/semver-checks.md` has both, and why they differ.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{Impact, Verdict, compare, tests};
use crate::scratch::{cargo, workspace};

/// As `cases.diff`.
const EDITS: &str = include_str!("semver.diff");

const PAGE: &str = include_str!("../../../docs/semver-checks.md");

/// The cells of the page after the edit: wire, source, run time, `cargo-semver-checks`.
fn rows() -> BTreeMap<&'static str, Vec<&'static str>> {
    let rows = PAGE.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    let rows = rows.map(|row| row.split(" | ").collect::<Vec<_>>());
    rows.skip(1).filter_map(|cells| Some((*cells.first()?, cells.get(1..5)?.to_vec()))).collect()
}

#[test]
fn the_page_has_our_ratings() {
    let mut expected = BTreeMap::new();
    for case in tests::cases(EDITS) {
        let (before, after) = (tests::facts(&case.before, case.title), tests::facts(&case.after, case.title));
        let Verdict { wire, source, run_time } = tests::verdict(&compare(&before, &after));
        expected.insert(case.title, [wire, source, run_time].map(Impact::name).to_vec());
    }
    let found: BTreeMap<_, _> = rows().into_iter().map(|(title, cells)| (title, cells[..3].to_vec())).collect();
    assert_eq!(found, expected);
}

#[test]
#[ignore = "documents the clients twice, which takes half a minute"]
fn the_page_has_the_verdicts_of_cargo_semver_checks() {
    let Some(levels) = levels() else {
        println!("skipped: cargo-semver-checks is missing");
        return;
    };
    let folder = workspace().join("target/scratch/semver");
    let _ = fs::remove_dir_all(&folder);
    let cases = tests::cases(EDITS);
    let module = |title: &str| title.replace(' ', "_");
    for case in &cases {
        for (side, yaml) in [("old", &case.before), ("new", &case.after)] {
            fs::create_dir_all(folder.join(side)).unwrap();
            fs::write(folder.join(side).join(format!("{}.yaml", module(case.title))), yaml).unwrap();
        }
    }
    let [old, new] = ["old", "new"].map(|side| documented(&folder, side));
    let mut check = Command::new("cargo");
    check.args(["semver-checks", "--color=never", "--release-type", "patch"]);
    check.arg("--baseline-rustdoc").arg(old).arg("--current-rustdoc").arg(new);
    let output = check.output().unwrap();
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    let lints = lints(&report);
    let expected: BTreeMap<_, _> =
        rows().into_iter().map(|(title, cells)| (title, cells[3].replace('`', ""))).collect();
    let found = cases.iter().map(|case| {
        let file = format!("/{}.rs:", module(case.title));
        let lints: BTreeSet<&str> =
            lints.iter().filter(|(_, place)| place.contains(&file)).map(|(lint, _)| lint.as_str()).collect();
        let level = lints.iter().filter_map(|lint| levels.get(*lint)).max().copied().unwrap_or(Impact::Patch);
        let lints: Vec<_> = lints.into_iter().collect();
        let lints = if lints.is_empty() { String::new() } else { format!(": {}", lints.join(", ")) };
        (case.title, format!("{level}{lints}"))
    });
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(found.collect::<BTreeMap<_, _>>(), expected, "{report}\n{stderr}");
    fs::remove_dir_all(folder).unwrap();
}

/// What each lint asks for; `None` where the program isn't installed.
fn levels() -> Option<BTreeMap<String, Impact>> {
    let output = Command::new("cargo").args(["semver-checks", "--list"]).output().ok()?;
    let list = String::from_utf8_lossy(&output.stdout).into_owned();
    let lints = list.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        let (id, level) = (words.next()?, words.next()?);
        let level = [Impact::Major, Impact::Minor].into_iter().find(|impact| impact.name() == level)?;
        Some((id.to_owned(), level))
    });
    Some(lints.collect()).filter(|lints: &BTreeMap<_, _>| output.status.success() && !lints.is_empty())
}

/// The JSON that rustdoc makes of the clients of the specs in a folder, each a module with the runtime next to it.
fn documented(folder: &Path, side: &str) -> PathBuf {
    // That JSON is unstable, and asked for in this way by cargo-semver-checks too. Only rustdoc is told so: for build
    // scripts it would be another environment, with which everything is compiled anew.
    let rustdoc = folder.join("rustdoc");
    fs::write(&rustdoc, "#!/bin/sh\nRUSTC_BOOTSTRAP=1 exec rustdoc \"$@\"\n").unwrap();
    assert!(Command::new("chmod").arg("+x").arg(&rustdoc).status().unwrap().success());
    let arguments = ["rustdoc", "--manifest-path", "fuzz/Cargo.toml", "--target-dir", "target", "--locked"];
    let mut cargo = cargo(workspace());
    cargo.args(arguments).args(["--package", "casewire-compiled", "--lib", "--"]);
    cargo.args(["-Zunstable-options", "--output-format=json"]);
    cargo.env("RUSTDOC", &rustdoc).env("CASEWIRE_MUTANTS", folder.join(side));
    let output = cargo.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let json = folder.join(format!("{side}.json"));
    fs::copy(workspace().join("target/doc/casewire_compiled.json"), &json).unwrap();
    json
}

/// Lints that failed, each with a line that says where.
fn lints(report: &str) -> Vec<(String, String)> {
    let mut lints = Vec::new();
    for part in report.split("\n--- failure ").skip(1) {
        let lint = part.split(':').next().unwrap_or_default();
        let places = part.split("Failed in:").nth(1).unwrap_or_default().lines().skip(1);
        lints.extend(places.take_while(|line| line.starts_with("  ")).map(|line| (lint.to_owned(), line.to_owned())));
    }
    lints
}
