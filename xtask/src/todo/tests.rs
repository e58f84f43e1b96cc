//! Whether the list is all that is left to do: a property gets another name, the listed lines get it too, and nothing else;
//! then all that speaks of it compiles, and its tests pass. That takes a minute, so `.ci/run` runs it.

use crate::{regen, scratch::Scratch};

/// The same name on the wire and in Rust, and at the same place in an alphabetical order.
const RENAMED: (&str, &str) = ("ttf", "ttg");

#[test]
#[ignore = "compiles the tests of all interfaces"]
fn a_renamed_property() {
    let Some(scratch) = Scratch::of_workspace("renamed") else { return };
    scratch.link_target();
    rename(&scratch, "specs/contractor.yaml", |_| true);
    let report = regen::regen(&scratch.root, false).unwrap();
    let listed = listed(&report);
    assert!(listed.len() > 10, "{report}");
    // The same features as of the tests before it, so that nothing else is compiled.
    let test = ["test", "--workspace", "--test", "it"];
    let (is_done, output) = scratch.cargo(&[&test[..], &["--no-run"]].concat());
    assert!(!is_done && output.contains(RENAMED.0), "the workspace doesn't notice:\n{output}");
    for (path, lines) in &listed {
        rename(&scratch, path, |line| lines.contains(&line));
    }
    // What is listed, what is about the interface, and what holds its types against the spec.
    let mut filters =
        vec!["contractor".to_owned(), "properties::".to_owned(), "schemas::".to_owned(), "surface::".to_owned()];
    filters.extend(listed.iter().filter_map(|(path, _)| module(path)));
    let filters: Vec<&str> = filters.iter().map(String::as_str).collect();
    let (is_done, output) = scratch.cargo(&[&test[..], &["--"], &filters].concat());
    assert!(is_done, "not all that is left to do is in the list:\n{report}\n{output}");
    let (is_done, output) = scratch.cargo(&["test", "--workspace", "--examples", "--no-run"]);
    assert!(is_done, "not all that is left to do is in the list:\n{report}\n{output}");
}

/// The module of a file of tests.
fn module(path: &str) -> Option<String> {
    let module = path.strip_prefix("tests/")?.strip_suffix(".rs")?.replace('/', "::");
    (!module.starts_with("support::")).then_some(module)
}

/// `  path:3,7  (names)`, below a line that says to look there.
fn listed(report: &str) -> Vec<(String, Vec<usize>)> {
    let places = report.split("look at these lines").skip(1).flat_map(|part| part.lines().skip(1));
    let places = places.filter_map(|line| line.strip_prefix("  ")?.split("  (").next()?.rsplit_once(':'));
    let lines = |lines: &str| lines.split(',').map(|line| line.parse().ok()).collect::<Option<Vec<usize>>>();
    places.filter_map(|(path, numbers)| Some((path.to_owned(), lines(numbers)?))).collect()
}

/// Replaces whole words on some of the lines, counted from 1.
fn rename(scratch: &Scratch, path: &str, is_meant: impl Fn(usize) -> bool) {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let renamed = |line: &str| {
        line.split_inclusive(|c| !is_part(c))
            .map(|piece| match piece.trim_end_matches(|c| !is_part(c)) == RENAMED.0 {
                true => piece.replacen(RENAMED.0, RENAMED.1, 1),
                false => piece.to_owned(),
            })
            .collect::<String>()
    };
    let text = scratch.read(path);
    let lines = text.split_inclusive('\n').enumerate();
    let lines = lines.map(|(index, line)| if is_meant(index + 1) { renamed(line) } else { line.to_owned() });
    scratch.write(path, &lines.collect::<String>());
}
