//! Messages for people: those of a server made fit to be shown, and what of an undocumented body is one.

use serde::Deserialize;
use serde_json::Value;

use super::without_bom;

/// How much of a message is shown, in characters.
const SHOWN: usize = 200;

/// A message of a server on one line and of bearable length.
pub(super) fn excerpt(message: &str) -> String {
    let line: String = one_line(message).take(SHOWN).collect();
    if message.chars().nth(SHOWN).is_some() { format!("{line}…") } else { line }
}

/// The message with a space for every character that breaks a line, changes the direction of writing, or isn't seen.
pub(crate) fn one_line(message: &str) -> impl Iterator<Item = char> {
    message.chars().map(|c| if c.is_control() || is_format(c) { ' ' } else { c })
}

/// Line and paragraph separators, and the format characters that change how the text around them looks: Unicode Standard,
/// section 23.2, and Annex 9.
fn is_format(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    )
}

/// How long a body may be that is searched for a message, in bytes: no message is worth a second copy of a large body in
/// memory.
const LONGEST: usize = 64 << 10;

/// The message of a problem (RFC 9457, section 3.1), with the member `errors` that ASP.NET Core adds for validation: title,
/// detail, and each invalid property with what is wrong with it. `None` if the body isn't one.
pub(super) fn of_problem(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Problem {
        title: Option<Value>,
        detail: Option<Value>,
        errors: Option<Value>,
    }
    let body = without_bom(body);
    // An array would be read as a problem, too.
    if body.len() > LONGEST || body.trim_ascii_start().first() != Some(&b'{') {
        return None;
    }
    let Problem { title, detail, errors } = serde_json::from_slice(body).ok()?;
    let strings = |value: Value| match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    let mut parts = [title, detail].into_iter().flatten().flat_map(strings).collect::<Vec<_>>();
    if let Some(Value::Object(errors)) = errors {
        parts.extend(errors.into_iter().map(|(property, wrong)| format!("{property}: {}", strings(wrong).join(" "))));
    }
    parts.retain(|part| !part.trim().is_empty());
    (!parts.is_empty()).then(|| one_line(&parts.join("; ")).collect())
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, excerpt, of_problem};

    #[test]
    fn messages_stay_on_one_line_and_in_one_direction() {
        let check = |message: &str, expect: &str| assert_eq!(excerpt(message), expect);
        check("locked\r\nfor an hour", "locked  for an hour");
        check("a\u{2028}b\u{2029}c\u{85}d", "a b c d");
        check("exe\u{202e}gpj.\u{2066}x\u{200f}y\u{61c}z", "exe gpj. x y z");
        check("Ёлка — 1\u{301}", "Ёлка — 1\u{301}");
        check(&"я".repeat(201), &format!("{}…", "я".repeat(200)));
    }

    #[test]
    fn problems() {
        let check = |body: &str, expect: Option<&str>| {
            assert_eq!(of_problem(body.as_bytes()).as_deref(), expect, "{body}");
        };
        check(
            r#"{"title":"One or more validation errors occurred.","status":400,"errors":{"ClientName":["It is required.","It is short."],"Ttf":["It is past."]}}"#,
            Some("One or more validation errors occurred.; ClientName: It is required. It is short.; Ttf: It is past."),
        );
        check(
            r#"{"title":"Out of credit","detail":"Your balance is\n30."}"#,
            Some("Out of credit; Your balance is 30."),
        );
        check(r#"{"detail":"gone","errors":["a"]}"#, Some("gone"));
        check("\u{feff}{\"title\":\"gone\"}", Some("gone"));
        let padded = |length: usize| format!(r#"{{"title":"gone"}}{}"#, " ".repeat(length - 16));
        check(&padded(LONGEST), Some("gone"));
        check(&padded(LONGEST + 1), None);
        check(r#"{"title":7}"#, None);
        for body in ["", "[]", r#"["a","b","c"]"#, "{}", r#"{"title":null}"#, "<html>", r#"{"title":" "}"#] {
            check(body, None);
        }
    }
}
