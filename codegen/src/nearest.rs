//! Finds what a misspelt word was probably meant to be.
//! The distance counts letters inserted, dropped, replaced, or swapped with their neighbour.

/// The nearest of the known words, unless even that one is too different to have been meant.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).max(1);
    let scored = known.into_iter().map(|candidate| (distance(word, candidate), candidate));
    scored.filter(|(distance, _)| *distance <= limit).min().map(|(_, candidate)| candidate)
}

/// What to write instead of an unknown word.
pub(crate) fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    match nearest(word, known) {
        Some(candidate) => format!("write `{candidate}`, or leave it out"),
        None => "leave it out".to_owned(),
    }
}

fn distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.to_lowercase().chars().collect();
    let right: Vec<char> = right.to_lowercase().chars().collect();
    // Rows of the usual table: two rows back, the last one, and the one being filled.
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    for (i, l) in left.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, r) in right.iter().enumerate() {
            let mut best = (last[j] + usize::from(l != r)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *l == right[j - 1] && left[i - 1] == *r {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn distances() {
        for (left, right, expect) in
            [("", "abc", 3), ("same", "same", 0), ("requried", "required", 1), ("kitten", "sitting", 3)]
        {
            assert_eq!(distance(left, right), expect, "{left} {right}");
        }
        assert_eq!(nearest("x-sorce", ["x-secret", "x-source"]), Some("x-source"));
        assert_eq!(nearest("banana", ["x-secret", "x-source"]), None);
    }
}
