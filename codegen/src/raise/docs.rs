//! Texts of the spec as documentation: wrapped, and without anything that rustdoc would compile.

use proc_macro2::TokenStream;
use quote::quote;

const WIDTH: usize = 90;

/// Doc attributes, one for each line.
pub(super) fn doc(text: &str) -> TokenStream {
    let lines = wrapped(text).into_iter().map(|line| match line.as_str() {
        "" => String::new(),
        line => format!(" {line}"),
    });
    quote!(#(#[doc = #lines])*)
}

/// The lines of a Markdown text: paragraphs and items of lists filled, tables and code as they are.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let (mut is_code, mut is_open) = (false, false);
    for line in text.trim().lines() {
        let line = line.trim();
        if line.starts_with("```") {
            is_code = !is_code;
            is_open = false;
            lines.push(if is_code && line == "```" { "```text".to_owned() } else { line.to_owned() });
        } else if is_code || line.is_empty() || line.starts_with('|') {
            is_open = false;
            lines.push(line.to_owned());
        } else if is_open && !begins_block(line) {
            let open = lines.pop().unwrap_or_default();
            fill(&mut lines, open, line);
        } else {
            is_open = true;
            fill(&mut lines, String::new(), line);
        }
    }
    lines
}

/// Puts the words of `text` behind `line`.
fn fill(lines: &mut Vec<String>, mut line: String, text: &str) {
    for word in text.split_whitespace() {
        let length = line.chars().count() + 1 + word.chars().count();
        // A line that begins like a block would be one.
        if !line.is_empty() && length > WIDTH && !begins_block(word) {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
}

/// Whether Markdown takes what begins like this for something else than the paragraph before it.
fn begins_block(text: &str) -> bool {
    let number = text.trim_start_matches(|c: char| c.is_ascii_digit());
    ["-", "*", "+", "#", ">", "|", "=", "~~~", "<", "```"].iter().any(|mark| text.starts_with(mark))
        || (number.len() < text.len() && number.starts_with(['.', ')']))
}

/// A text as a sentence: with a full stop at its end.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim();
    match text.ends_with(['.', '!', '?', ':']) || text.is_empty() {
        true => text.to_owned(),
        false => format!("{text}."),
    }
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(wrapped(text), expected);
    }

    #[test]
    fn texts() {
        let words = "abcdefgh ".repeat(12);
        let long = "abcdefgh ".repeat(10);
        check("", &[]);
        check("a\nb\n\nc", &["a b", "", "c"]);
        check(&words, &[long.trim(), "abcdefgh abcdefgh"]);
        check(&format!("{long}- b"), &[&format!("{long}-"), "b"]);
        check(&format!("{long}2. b"), &[&format!("{long}2."), "b"]);
        check("- a\n- b\n  c", &["- a", "- b c"]);
        check("a\n```\nx  y\n```\nb", &["a", "```text", "x  y", "```", "b"]);
        check("a\n\n    let x;", &["a", "", "let x;"]);
        check("| a |\n| b |", &["| a |", "| b |"]);
        check("a\rb", &["a b"]);
    }
}
