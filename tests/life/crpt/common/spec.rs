//! The documented failures, read from the text of a spec line by line. The file's layout is its own house style, two
//! blanks a level, which is all that is relied on.

use std::collections::BTreeSet;

/// Operation ids with their statuses that mean a failure: those from 400 on, `default`, and those under 400 with the
/// mark `x-failure`.
pub fn failures(text: &'static str) -> BTreeSet<(&'static str, &'static str)> {
    let mut failures = BTreeSet::new();
    let (mut operation, mut in_responses, mut status) = ("", false, "");
    let paths = text.lines().skip_while(|line| *line != "paths:").skip(1);
    for line in paths.take_while(|line| line.is_empty() || line.starts_with(' ')) {
        let (indent, key, value) = parts(line);
        match (indent, key) {
            (6, "operationId") => operation = value,
            (6, key) => in_responses = key == "responses",
            (8, key) if in_responses => {
                status = key;
                if status == "default" || status.parse::<u16>().expect("a status") >= 400 {
                    failures.insert((operation, status));
                }
            }
            (10, "x-failure") if in_responses => {
                failures.insert((operation, status));
            }
            _ => {}
        }
    }
    failures
}

/// How far a line is indented, its key and its value, both without quotes.
fn parts(line: &'static str) -> (usize, &'static str, &'static str) {
    let text = line.trim_start();
    let (key, value) = text.split_once(':').unwrap_or((text, ""));
    (line.len() - text.len(), key.trim_matches('\''), value.trim().trim_matches('\''))
}
