//! That what `regen` calls left to do is all that is: a property gets another name, the listed lines get it too, and
//! nothing else; then everything compiles, and every test passes. It builds the workspace anew, so `.ci/run` runs it.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The same name on the wire and in Rust, and at the same place in an alphabetical order.
const RENAMED: (&str, &str) = ("ttf", "ttg");

#[test]
#[ignore = "builds the workspace anew"]
fn a_renamed_property() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let copy = copy(root);
    rename(&copy.join("specs/contractor.yaml"), |_| true);
    let (_, report) = run(&copy, "cargo", &["xtask", "regen"]);
    let listed = listed(&report);
    assert!(listed.len() > 10, "{report}");
    let tests = ["test", "--package", "casewire", "--package", "casewire-sandbox", "--package", "casewire-tests"];
    let (is_done, output) = run(&copy, "cargo", &tests);
    assert!(!is_done && output.contains(RENAMED.0), "the workspace doesn't notice:\n{output}");
    for (path, lines) in &listed {
        rename(&copy.join(path), |line| lines.contains(&line));
    }
    let (is_done, output) = run(&copy, "cargo", &tests);
    assert!(is_done, "not all that is left to do is in the list:\n{report}\n{output}");
    fs::remove_dir_all(copy).unwrap();
}

/// The workspace as git sees it, with what isn't committed.
fn copy(root: &Path) -> PathBuf {
    let copy = root.join("target/left-to-do");
    if copy.exists() {
        fs::remove_dir_all(&copy).unwrap();
    }
    let (_, files) = run(root, "git", &["ls-files", "--cached", "--others", "--exclude-standard"]);
    // A file that was removed is listed until that is committed.
    for file in files.lines().filter(|file| root.join(file).exists()) {
        let to = copy.join(file);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(root.join(file), to).unwrap();
    }
    let commit = ["-c", "user.name=test", "-c", "user.email=test@example.org", "commit", "--quiet", "--message=before"];
    for arguments in [&["init", "--quiet"][..], &["add", "--all"], &commit] {
        let (is_done, output) = run(&copy, "git", arguments);
        assert!(is_done, "{output}");
    }
    // What is built of other packages; its own target folder, since artifacts of the same package at two places have the
    // same name.
    for folder in ["build", "deps", ".fingerprint"] {
        let from = root.join("target/debug").join(folder);
        if from.exists() {
            fs::create_dir_all(copy.join("target/debug")).unwrap();
            let to = copy.join("target/debug").join(folder);
            run(root, "cp", &["-a", from.to_str().unwrap(), to.to_str().unwrap()]);
        }
    }
    copy
}

/// Whether it ends well, and what it prints.
fn run(folder: &Path, program: &str, arguments: &[&str]) -> (bool, String) {
    let output = Command::new(program).current_dir(folder).args(arguments).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&text).into_owned())
}

/// `  path:3,7  (names)`, below a line that says to look there.
fn listed(report: &str) -> Vec<(String, Vec<usize>)> {
    let places = report.split("look at these lines").skip(1).flat_map(|part| part.lines().skip(1));
    let places = places.filter_map(|line| line.strip_prefix("  ")?.split("  (").next()?.rsplit_once(':'));
    let lines = |lines: &str| lines.split(',').map(|line| line.parse().ok()).collect::<Option<Vec<usize>>>();
    places.filter_map(|(path, numbers)| Some((path.to_owned(), lines(numbers)?))).collect()
}

/// Replaces whole words on some of the lines, counted from 1.
fn rename(path: &Path, is_meant: impl Fn(usize) -> bool) {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let renamed = |line: &str| {
        line.split_inclusive(|c| !is_part(c))
            .map(|piece| match piece.trim_end_matches(|c| !is_part(c)) == RENAMED.0 {
                true => piece.replacen(RENAMED.0, RENAMED.1, 1),
                false => piece.to_owned(),
            })
            .collect::<String>()
    };
    let text = fs::read_to_string(path).unwrap();
    let lines = text.split_inclusive('\n').enumerate();
    let lines = lines.map(|(index, line)| if is_meant(index + 1) { renamed(line) } else { line.to_owned() });
    fs::write(path, lines.collect::<String>()).unwrap();
}
