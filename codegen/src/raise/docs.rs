//! Descriptions of the spec as documentation: wrapped, and without anything that rustdoc would compile.

use proc_macro2::TokenStream;
use quote::quote;

use crate::interface::Field;

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
        let (indented, line) = (line.trim_end(), line.trim());
        if line.starts_with("```") {
            is_code = !is_code;
            is_open = false;
            lines.push(if is_code && line == "```" { "```text".to_owned() } else { line.to_owned() });
        } else if is_code {
            lines.push(indented.to_owned());
        } else if line.is_empty() || line.starts_with(['|', '#']) {
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

/// Whether Markdown takes what begins like this for the end of the paragraph before it.
fn begins_block(text: &str) -> bool {
    let number = text.trim_start_matches(|c: char| c.is_ascii_digit());
    ["-", "*", "+", "#", ">", "|", "=", "~~~", "<", "```"].iter().any(|mark| text.starts_with(mark))
        || (number.len() < text.len() && number.starts_with(['.', ')']))
}

/// A Markdown text of the spec, in which nothing is a link or a tag for rustdoc that isn't one for other readers: brackets
/// and angle brackets are what they are, and addresses are links.
pub(super) fn of_spec(text: &str) -> String {
    let mut out = String::new();
    let mut is_code = false;
    for line in text.split_inclusive('\n') {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
            out.push_str(line);
        } else if is_code {
            out.push_str(line);
        } else {
            inline(line, &mut out);
        }
    }
    out
}

fn inline(line: &str, out: &mut String) {
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let is_address = rest.starts_with("https://") || rest.starts_with("http://");
        let taken = if c == '`' {
            let ticks = rest.len() - rest.trim_start_matches('`').len();
            let end = closing(&rest[ticks..], ticks).map(|end| ticks + end + ticks);
            match end {
                Some(end) => &rest[..end],
                None => {
                    (0..ticks).for_each(|_| out.push_str("\\`"));
                    rest = &rest[ticks..];
                    continue;
                }
            }
        } else if c == '\\' {
            &rest[..rest.char_indices().nth(2).map_or(rest.len(), |(end, _)| end)]
        } else if let Some(link) = link(rest) {
            link
        } else if is_address {
            let end = rest.find(|c: char| c.is_whitespace() || "<>()[]`\"'|".contains(c)).unwrap_or(rest.len());
            let address = rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?']);
            out.push_str(&format!("<{address}>"));
            rest = &rest[address.len()..];
            continue;
        } else {
            if matches!(c, '[' | ']' | '<') {
                out.push('\\');
            }
            &rest[..c.len_utf8()]
        };
        out.push_str(taken);
        rest = &rest[taken.len()..];
    }
}

/// Where a run of exactly so many backticks begins.
fn closing(text: &str, ticks: usize) -> Option<usize> {
    let mut at = 0;
    while let Some(begin) = text[at..].find('`').map(|begin| at + begin) {
        let run = text[begin..].len() - text[begin..].trim_start_matches('`').len();
        if run == ticks {
            return Some(begin);
        }
        at = begin + run;
    }
    None
}

/// `[text](address)` or `<https://…>` at the beginning of a string.
fn link(text: &str) -> Option<&str> {
    let is_address = |text: &str| {
        let begins = ["https://", "http://", "mailto:"].iter().any(|scheme| text.starts_with(scheme));
        begins && !text.contains(|c: char| c.is_whitespace() || c == '<')
    };
    if let Some((address, _)) = text.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
        return is_address(address).then(|| &text[..address.len() + 2]);
    }
    let (label, rest) = text.strip_prefix('[')?.split_once(']')?;
    let (address, _) = rest.strip_prefix('(')?.split_once(')')?;
    (!label.contains('[') && is_address(address)).then(|| &text[..label.len() + address.len() + 4])
}

/// A description of the spec as a sentence: with a full stop at its end.
pub(super) fn sentence(text: &str) -> String {
    let text = of_spec(text.trim());
    match text.ends_with(['.', '!', '?', ':']) || text.is_empty() {
        true => text,
        // What follows is a paragraph of its own.
        false if text.ends_with("```") || text.ends_with('|') => format!("{text}\n\n"),
        false => format!("{text}."),
    }
}

/// A name or a value as code.
pub(super) fn code(text: &str) -> String {
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

/// What the setter of a property says. The field has its description only, which is that of the JSON Schema as well.
pub(super) fn of_setter(field: &Field) -> String {
    let text = match sentence(&field.description) {
        text if text.is_empty() => format!("The property {}.", code(&field.name.wire)),
        text => text,
    };
    text + if field.required { " Required." } else { "" } + &default(field.default.as_deref())
}

/// What is taken for a value that is left out.
pub(super) fn default(json: Option<&str>) -> String {
    json.map(|json| format!(" {} unless set.", code(json))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{of_spec, wrapped};

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(wrapped(text), expected);
    }

    #[test]
    fn texts_of_the_spec() {
        let check = |text: &str, expected: &str| assert_eq!(of_spec(text), expected);
        check("plain, `code [x] <y>` and ``a ` b``", "plain, `code [x] <y>` and ``a ` b``");
        check("a [b] <c> d]", "a \\[b\\] \\<c> d\\]");
        check("[a](https://b.example/c) [a](b)", "[a](https://b.example/c) \\[a\\](b)");
        check("<https://b.example> https://b.example/c.", "<https://b.example> <https://b.example/c>.");
        check("(http://b.example)", "(<http://b.example>)");
        check("[a](https://b.example and) [a](httpStatus)", "\\[a\\](<https://b.example> and) \\[a\\](httpStatus)");
        check("ahttps://b.example <https://b <c>", "a<https://b.example> \\<<https://b> \\<c>");
        check("``a [x] ```b`", "\\`\\`a \\[x\\] \\`\\`\\`b\\`");
        check("a ` b", "a \\` b");
        check("a \\[ b \\", "a \\[ b \\");
        check("```json\n[<a>]\n```\n[a]", "```json\n[<a>]\n```\n\\[a\\]");
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
        check("a\n```yaml\na:\n  b: 1\n```", &["a", "```yaml", "a:", "  b: 1", "```"]);
        check("a\n```\nx  y\n```\nb", &["a", "```text", "x  y", "```", "b"]);
        check("a\n\n    let x;", &["a", "", "let x;"]);
        check("| a |\n| b |", &["| a |", "| b |"]);
        check("# Errors\nwhen", &["# Errors", "when"]);
        check("a\rb", &["a b"]);
    }
}
