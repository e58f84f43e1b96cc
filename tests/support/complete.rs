//! Whether a table is complete. Every row is a row of something that a spec documents (an
//! operation, a response, an error code, a schema), which is its key; what else is in it
//! tells it from other rows with the same key.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Debug,
};

/// Everything documented has a row, no row is of anything else, and no row appears twice.
#[track_caller]
pub fn check_complete<Key: Ord + Debug, Rest: Ord + Debug>(
    rows: impl IntoIterator<Item = (Key, Rest)>,
    documented: impl IntoIterator<Item = Key>,
) {
    let mut seen: BTreeMap<_, _> = documented.into_iter().map(|key| (key, BTreeSet::new())).collect();
    let mut wrong = Vec::new();
    for (key, rest) in rows {
        let text = format!("{key:?}: {rest:?}");
        let Some(rows) = seen.get_mut(&key) else {
            wrong.push(format!("not documented: {text}"));
            continue;
        };
        if !rows.insert(rest) {
            wrong.push(format!("appears twice: {text}"));
        }
    }
    let missing = seen.into_iter().filter(|(_, rows)| rows.is_empty());
    wrong.extend(missing.map(|(key, _)| format!("no row: {key:?}")));
    assert!(wrong.is_empty(), "the table is not complete:\n{}", wrong.join("\n"));
}
