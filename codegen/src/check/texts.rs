//! Texts that become documentation: what a compiler, rustdoc or a reader would take for something else.

use super::Report;
use crate::{
    document::{Document, Kind},
    violation::is_unprintable,
};

// Rust refuses some of these characters in comments, and a reader sees something else than what is there.
pub(crate) fn texts_are_printable(document: &Document<'_>, report: &mut Report<'_>) {
    for node in document.nodes.iter() {
        for (key, at) in node.at.entries() {
            // What is sent and received may be anything.
            if matches!(key, "example" | "examples" | "value" | "default") {
                continue;
            }
            let texts = match at.value.as_str() {
                Some(_) => vec![at],
                None => at.items().into_iter().filter(|item| item.value.is_string()).collect(),
            };
            for text in texts {
                let found = text.value.as_str().and_then(|text| text.chars().find(|c| is_stray(*c)));
                if let Some(c) = found {
                    let wrong = format!("the invisible character U+{:04X}", u32::from(c));
                    report.add(&text.pointer, wrong, "leave it out");
                }
            }
            if key.chars().any(is_unprintable) {
                report.add(&node.at.pointer, "a key with an invisible character", "leave it out");
            }
        }
    }
    for (name, at) in document.components("schemas").into_iter().chain(document.root().entries_of("paths")) {
        if name.chars().any(is_unprintable) {
            report.add(&at.pointer, "a name with an invisible character", "leave it out");
        }
    }
}

fn is_stray(c: char) -> bool {
    is_unprintable(c) && !matches!(c, '\n' | '\t')
}

/// Languages of fenced code that rustdoc doesn't run.
const LANGUAGES: &[&str] = &["bash", "console", "csv", "http", "json", "sh", "text", "toml", "xml", "yaml"];

// rustdoc runs code that says nothing else, and what is indented by four is code.
pub(crate) fn code_is_fenced(document: &Document<'_>, report: &mut Report<'_>) {
    let kinds = [
        Kind::Info,
        Kind::Operation,
        Kind::Parameter,
        Kind::Response,
        Kind::Header,
        Kind::Schema,
        Kind::SecurityScheme,
    ];
    for node in document.nodes.iter().filter(|node| kinds.contains(&node.kind)) {
        for key in ["description", "summary"] {
            let Some(text) = node.at.text(key) else { continue };
            if let Some(wrong) = stray_code(text) {
                let pointer = format!("{}/{key}", node.at.pointer);
                let instead = format!("write it between lines of ```text and ```, or one of {}", LANGUAGES.join(", "));
                report.add(&pointer, wrong, instead);
            }
        }
    }
}

fn stray_code(text: &str) -> Option<String> {
    let mut is_code = false;
    for line in text.lines() {
        let content = line.trim_start_matches([' ', '\t', '>']);
        let content = content.trim_start_matches(['-', '*', '+']).trim_start();
        let number = content.trim_start_matches(|c: char| c.is_ascii_digit());
        let content =
            if number.len() < content.len() { number.trim_start_matches(['.', ')']).trim_start() } else { content };
        if content.starts_with("~~~") {
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
                return Some("text behind the end of code".to_owned());
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
        check("```\nlet x;\n```", true);
        check("```rust\n```", true);
        check("```json\n", true);
        check("> ```text\n> a\n> ```", true);
        check("- ```text\n  a\n  ```", true);
        check("~~~text\na\n~~~", true);
        check("```json ignore\n```", true);
    }
}
