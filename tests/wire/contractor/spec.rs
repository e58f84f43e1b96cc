//! What the spec documents, taken from its text line by line, so that no operation, status or error code is forgotten
//! in the tables.

use std::collections::BTreeMap;

const SPEC: &str = include_str!("../../specs/contractor.yaml");

/// The statuses of each operation, and the error codes of each status.
pub type Documented = BTreeMap<String, BTreeMap<u16, Vec<i64>>>;

pub fn documented() -> Documented {
    let (paths, components) = SPEC.split_once("\ncomponents:\n").expect("the components after the paths");
    let (_, responses) = components.split_once("\n  responses:\n").expect("named responses");
    let (responses, _) = responses.split_once("\n  examples:\n").expect("the examples after the responses");
    let mut shared: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    let mut name = "";
    for line in responses.lines() {
        if let Some(key) = key(line, 4) {
            name = key;
        } else if let Some(code) = code(line, 8) {
            shared.entry(name).or_default().push(code);
        }
    }

    let mut found = Documented::new();
    let (mut operation, mut status) = (String::new(), 0);
    for line in paths.lines() {
        if let Some(id) = line.strip_prefix("      operationId: ") {
            id.clone_into(&mut operation);
        } else if let Some(quoted) = key(line, 8).and_then(|key| key.strip_prefix('\'')) {
            status = quoted.trim_end_matches('\'').parse().expect("a status");
            found.entry(operation.clone()).or_default().insert(status, Vec::new());
        } else {
            let named =
                line.strip_prefix("          $ref: '#/components/responses/").map(|name| name.trim_end_matches('\''));
            let codes = match named {
                Some(name) => shared.get(name).cloned().unwrap_or_default(),
                None => code(line, 12).into_iter().collect(),
            };
            if !codes.is_empty() {
                let statuses = found.get_mut(&operation).expect("codes after their operation");
                statuses.get_mut(&status).expect("codes after their status").extend(codes);
            }
        }
    }
    found
}

/// The key of a line that has only a key, at this indentation.
fn key(line: &str, indent: usize) -> Option<&str> {
    let key = indented(line, indent)?.strip_suffix(':')?;
    (!key.contains(' ')).then_some(key)
}

/// The number in a line `'3': userNotFound`, at this indentation.
fn code(line: &str, indent: usize) -> Option<i64> {
    let (number, name) = indented(line, indent)?.strip_prefix('\'')?.split_once("': ")?;
    (!name.is_empty()).then(|| number.parse().ok())?
}

fn indented(line: &str, indent: usize) -> Option<&str> {
    let rest = line.trim_start_matches(' ');
    (line.len() - rest.len() == indent).then_some(rest)
}

#[test]
fn the_spec_is_read() {
    let spec = documented();
    assert_eq!(spec.len(), 44);
    assert_eq!(spec.values().map(BTreeMap::len).sum::<usize>(), SPEC_STATUSES);
    assert_eq!(spec["createCall"][&404], [1, 2, 3]);
    assert_eq!(spec["removeMaterial"][&404], [1, 2, 4]);
    assert_eq!(spec["getCall"].keys().copied().collect::<Vec<_>>(), [200, 401, 403, 404]);
}

/// `grep -c "^        '[0-9]*':$" specs/contractor.yaml`
const SPEC_STATUSES: usize = 208;
