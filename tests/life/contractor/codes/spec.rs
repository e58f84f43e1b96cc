//! The documented failures, read from the text of the spec line by line. The file's layout is its own house style, two
//! blanks a level, which is all that is relied on; a spec laid out otherwise fails the counts in the test below.

use std::collections::BTreeMap;

const TEXT: &str = include_str!("../../../../specs/contractor.yaml");

/// Error codes: number to name.
pub type Codes = BTreeMap<i64, String>;

/// The documented statuses from 400 on, by operation id and status, with their error codes.
pub fn failures() -> BTreeMap<(String, u16), Codes> {
    let components = components();
    let mut failures = BTreeMap::new();
    let (mut operation, mut response, mut in_codes) = (String::new(), None, false);
    for line in section("paths:") {
        let (indent, key, value) = parts(line);
        match (indent, key) {
            (6, "operationId") => operation = value.to_owned(),
            (8, status) => {
                response = status.parse::<u16>().ok().filter(|status| *status >= 400);
                if let Some(status) = response {
                    failures.insert((operation.clone(), status), Codes::new());
                }
            }
            _ if indent < 8 => response = None,
            _ => {}
        }
        let Some(codes) = response.and_then(|status| failures.get_mut(&(operation.clone(), status))) else { continue };
        if indent == 10 {
            in_codes = key == "x-error-codes";
            if let Some(name) = value.strip_prefix("#/components/responses/") {
                codes.clone_from(&components[name]);
            }
        } else if in_codes && let Ok(number) = key.parse() {
            codes.insert(number, value.to_owned());
        }
    }
    failures
}

/// The shared responses by name.
fn components() -> BTreeMap<String, Codes> {
    let mut responses: BTreeMap<String, Codes> = BTreeMap::new();
    let (mut in_responses, mut response, mut in_codes) = (false, String::new(), false);
    for line in section("components:") {
        let (indent, key, value) = parts(line);
        match indent {
            2 => in_responses = key == "responses",
            4 if in_responses => {
                key.clone_into(&mut response);
                responses.insert(response.clone(), Codes::new());
            }
            6 => in_codes = in_responses && key == "x-error-codes",
            8 if in_codes => {
                responses.get_mut(&response).unwrap().insert(key.parse().unwrap(), value.to_owned());
            }
            _ => {}
        }
    }
    responses
}

/// The lines below a key of the top level.
fn section(key: &str) -> impl Iterator<Item = &'static str> {
    TEXT.lines()
        .skip_while(move |line| *line != key)
        .skip(1)
        .take_while(|line| line.is_empty() || line.starts_with(' '))
}

/// How far a line is indented, its key and its value, both without quotes.
fn parts(line: &str) -> (usize, &str, &str) {
    let text = line.trim_start();
    let (key, value) = text.split_once(':').unwrap_or((text, ""));
    (line.len() - text.len(), key.trim_matches('\''), value.trim().trim_matches('\''))
}

/// A name as the generated meanings write it: `clientNotFound` is `client not found`.
pub fn words(name: &str) -> String {
    let mut words = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            words.push(' ');
        }
        words.push(c.to_ascii_lowercase());
    }
    words
}

/// Numbers found with a YAML parser and by hand, so that a scan that sees too little does not go unseen.
#[test]
fn the_scan_sees_everything() {
    let failures = failures();
    let lines = |needle: &str| TEXT.lines().filter(|line| line.trim() == needle).count();
    assert_eq!(failures.len(), 155, "operations and statuses");
    assert_eq!(failures.values().map(Codes::len).sum::<usize>(), 38, "operations, statuses and codes");
    assert_eq!(failures.values().filter(|codes| !codes.is_empty()).count(), 16, "responses with codes");
    assert_eq!(lines("x-error-codes:"), 11, "places that list codes");
    for (id, status, expect) in [
        ("signIn", 401, "1 invalidUserNameOrPassword, 2 saltAlreadyUsed, 5 userLocked"),
        ("downloadSharedAttachment", 404, "1 callTaskNotFound, 2 attachmentNotFound"),
        ("closeCall", 409, ""),
    ] {
        let codes = failures[&(id.to_owned(), status)].iter();
        let codes: Vec<_> = codes.map(|(number, name)| format!("{number} {name}")).collect();
        assert_eq!(codes.join(", "), expect, "{id} {status}");
    }
    assert_eq!(words("callCostNotFound"), "call cost not found");
}
