//! Strings that become documentation: what a compiler, rustdoc or a reader would take for something else.

use super::Report;
use crate::{
    document::{Document, Located, ObjectKind},
    violation::is_unprintable,
};

// Rust refuses some of these characters in comments, and a reader doesn't see what is there. A line break in
// a name or a value would end the line of documentation that it stands in.
pub(crate) fn texts_are_printable(document: &Document<'_>, report: &mut Report<'_>) {
    look(&document.root(), "", "", report);
}

fn look(at: &Located<'_>, parent: &str, key: &str, report: &mut Report<'_>) {
    // What is sent and received may be anything; below these, a key is a name.
    let is_name = matches!(
        parent,
        "headers" | "parameters" | "properties" | "requestBodies" | "responses" | "schemas" | "securitySchemes"
    );
    if matches!(key, "example" | "examples" | "value") && !is_name {
        return;
    }
    let is_long = matches!(key, "description" | "x-reconstructed");
    let mut refuse = |text: &str, is_long: bool, what: &str| {
        let is_stray = |c: &char| is_unprintable(*c) && !(is_long && matches!(c, '\n' | '\t'));
        if let Some(c) = text.trim_end().chars().find(is_stray) {
            let wrong = format!("the invisible character U+{:04X} in {what}", u32::from(c));
            report.add(&at.pointer, wrong, "leave it out");
        }
    };
    if let Some(text) = at.value.as_str() {
        refuse(text, is_long, "a string");
    }
    refuse(key, false, "a key");
    for (inner, at) in at.entries() {
        look(&at, key, inner, report);
    }
    for item in at.items() {
        look(&item, parent, key, report);
    }
}

/// Languages of fenced code that rustdoc doesn't run.
const LANGUAGES: &[&str] = &["bash", "console", "csv", "http", "json", "sh", "text", "toml", "xml", "yaml"];

// rustdoc runs code that names no other language. What is only indented is filled as a paragraph.
pub(crate) fn code_is_fenced(document: &Document<'_>, report: &mut Report<'_>) {
    let kinds = [
        ObjectKind::Info,
        ObjectKind::Operation,
        ObjectKind::Parameter,
        ObjectKind::Response,
        ObjectKind::Header,
        ObjectKind::Schema,
        ObjectKind::SecurityScheme,
    ];
    for node in document.nodes.iter().filter(|node| kinds.contains(&node.kind)) {
        for key in ["description", "summary"] {
            let Some(text) = node.at.text(key) else { continue };
            if let Some(wrong) = stray_code(text) {
                let pointer = format!("{}/{key}", node.at.pointer);
                let instead = format!(
                    "write it between lines of ```text and ```, or one of {}, after a sentence",
                    LANGUAGES.join(", ")
                );
                report.add(&pointer, wrong, instead);
            }
        }
    }
}

fn stray_code(text: &str) -> Option<String> {
    if text.trim_start().starts_with("```") {
        return Some("a description that begins with code".to_owned());
    }
    let mut is_code = false;
    for line in text.lines() {
        // Of a quote, or an item of a list, in whatever order.
        let is_mark = |c: char| c.is_whitespace() || c.is_ascii_digit() || ">-*+.)".contains(c);
        let content = line.trim_start_matches(is_mark);
        if !is_code && content.starts_with("~~~") {
            return Some("code between lines of ~~~".to_owned());
        }
        if let Some(language) = content.strip_prefix("```") {
            if content != line {
                return Some("code that doesn't begin at the start of the line".to_owned());
            }
            is_code = !is_code;
            if is_code && !LANGUAGES.contains(&language.trim()) {
                return Some(format!("code of the language `{}`", language.trim()));
            }
            if !is_code && !language.trim().is_empty() {
                return Some("text after the end of code".to_owned());
            }
        }
    }
    is_code.then(|| "code without its end".to_owned())
}

#[cfg(test)]
mod tests {
    use super::stray_code;

    #[test]
    fn code() {
        let check = |text: &str, is_stray: bool| assert_eq!(stray_code(text).is_some(), is_stray, "{text}");
        check("Plain `code`.", false);
        check("A\n```json\n{}\n```\nB", false);
        check("A\n\n    four spaces", false);
        check("A\n```\nlet x;\n```", true);
        check("A\n```rust\n```", true);
        check("A\n```json\n", true);
        check("```json\n{}\n```", true);
        check("> ```text\n> a\n> ```", true);
        check("- ```text\n  a\n  ```", true);
        check("~~~text\na\n~~~", true);
        check("1. - ~~~\n", true);
        check("A\n```text\n~~~\n```", false);
        check("A\n```json ignore\n```", true);
    }
}
