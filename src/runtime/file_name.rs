//! The name that a server suggests for a file: `Content-Disposition` as RFC 6266 has it, and as servers write it; made
//! harmless.

use base64::{Engine, engine::general_purpose::STANDARD};
use percent_encoding::percent_decode;
use reqwest::header::{CONTENT_DISPOSITION, HeaderMap};

use super::error::one_line;

/// How long a name may be, in bytes, on most file systems.
const LONGEST: usize = 255;
/// How long an extension may be, with its dot, in bytes: what is longer is not one.
const EXTENSION: usize = 32;

/// The suggested name, if there is one that can be used.
pub(super) fn suggested(headers: &HeaderMap) -> Option<String> {
    let parameters = parameters(headers.get(CONTENT_DISPOSITION)?.as_bytes());
    let value = |name: &str| parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_slice());
    let extended = || value("filename*").and_then(extended).and_then(|name| harmless(&name));
    extended().or_else(|| value("filename").and_then(plain).and_then(|name| harmless(&name)))
}

/// The parameters of a header, with names in lower case. Whatever can't be told what it is, is passed over.
fn parameters(header: &[u8]) -> Vec<(String, Vec<u8>)> {
    let (mut found, mut rest) = (Vec::new(), header);
    while !rest.is_empty() {
        let end = rest.iter().position(|byte| b";=".contains(byte)).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let Some((b'=', after)) = after.split_first() else {
            rest = after.get(1..).unwrap_or_default();
            continue;
        };
        let after = after.trim_ascii_start();
        let (value, length) = match after.split_first() {
            Some((b'"', quoted)) => unquoted(quoted),
            _ => {
                let length = after.iter().position(|byte| *byte == b';').unwrap_or(after.len());
                (after[..length].trim_ascii_end().to_vec(), length)
            }
        };
        // A semicolon after the type may be missing.
        let name = String::from_utf8_lossy(name).to_ascii_lowercase();
        found.push((name.split_whitespace().next_back().unwrap_or_default().to_owned(), value));
        rest = &after[length..];
    }
    found
}

/// What is in a quoted string, and how long that is with both quotes. Many servers don't escape the backslashes of a path.
fn unquoted(quoted: &[u8]) -> (Vec<u8>, usize) {
    let (mut value, mut at) = (Vec::new(), 0);
    while let Some(&byte) = quoted.get(at) {
        at += 1;
        match (byte, quoted.get(at)) {
            (b'"', _) => return (value, at + 1),
            (b'\\', Some(&escaped @ (b'"' | b'\\'))) => {
                value.push(escaped);
                at += 1;
            }
            _ => value.push(byte),
        }
    }
    (value, at + 1)
}

/// The value of `filename*`: character set, language and percent-encoded bytes (RFC 8187, section 3.2).
fn extended(value: &[u8]) -> Option<String> {
    let value = std::str::from_utf8(value).ok()?;
    let (charset, rest) = value.split_once('\'')?;
    let (_language, encoded) = rest.split_once('\'')?;
    of_charset(charset, percent_decode(encoded.as_bytes()).collect())
}

/// The value of `filename`: in UTF-8 or else in ISO-8859-1; or as encoded words (RFC 2047), as .NET writes it; or
/// percent-encoded UTF-8, if it isn't ASCII by then.
fn plain(value: &[u8]) -> Option<String> {
    let text = String::from_utf8(value.to_vec()).unwrap_or_else(|_| latin(value));
    if text.starts_with("=?") && text.ends_with("?=") {
        return encoded_words(&text);
    }
    match percent_decode(text.as_bytes()).decode_utf8() {
        Ok(decoded) if text.is_ascii() && !decoded.is_ascii() => Some(decoded.into_owned()),
        _ => Some(text),
    }
}

/// Words such as `=?utf-8?B?0JDQutGC?=`. A character may be cut in two by the end of one.
fn encoded_words(text: &str) -> Option<String> {
    let (mut charset, mut bytes) = ("", Vec::new());
    for word in text.split_whitespace() {
        let mut fields = word.strip_prefix("=?")?.strip_suffix("?=")?.split('?');
        let (Some(set), Some(encoding), Some(encoded), None) =
            (fields.next(), fields.next(), fields.next(), fields.next())
        else {
            return None;
        };
        charset = set;
        match encoding {
            "B" | "b" => bytes.extend(STANDARD.decode(encoded).ok()?),
            "Q" | "q" => {
                bytes.extend(percent_decode(encoded.replace('%', "%25").replace('_', " ").replace('=', "%").as_bytes()))
            }
            _ => return None,
        }
    }
    of_charset(charset, bytes)
}

fn of_charset(charset: &str, bytes: Vec<u8>) -> Option<String> {
    match charset.to_ascii_lowercase().as_str() {
        "utf-8" | "utf8" | "us-ascii" => String::from_utf8(bytes).ok(),
        "iso-8859-1" => Some(latin(&bytes)),
        _ => None,
    }
}

/// The characters of ISO-8859-1, which are those of Unicode with the same numbers.
fn latin(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// The last segment of a path, as a name that every usual system takes for an ordinary file; `None` when nothing is left of
/// it.
fn harmless(name: &str) -> Option<String> {
    let name = name.rsplit(['/', '\\']).next()?;
    let name: String = one_line(name).map(|c| if r#"<>:"|?*"#.contains(c) { '_' } else { c }).collect();
    let trimmed = trim(&name);
    let name = if is_reserved(trimmed) { format!("_{trimmed}") } else { trimmed.to_owned() };
    let (stem, extension) = match name.rfind('.') {
        Some(dot) if name.len() - dot <= EXTENSION => name.split_at(dot),
        _ => (name.as_str(), ""),
    };
    let mut end = stem.len().min(LONGEST - extension.len());
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    Some(format!("{}{extension}", trim(&stem[..end]))).filter(|name| !name.is_empty())
}

/// Without what systems drop, or hide a file by.
fn trim(name: &str) -> &str {
    name.trim_matches(|c: char| c == '.' || c.is_whitespace())
}

/// Whether Windows takes the name for a device, whatever its extension is.
fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let is_number = |c: char| c.is_ascii_digit() || "¹²³".contains(c);
    let is_port =
        |port| stem.strip_prefix(port).is_some_and(|rest| rest.chars().count() == 1 && rest.contains(is_number));
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$") || is_port("COM") || is_port("LPT")
}

#[cfg(test)]
mod tests {
    use reqwest::header::{CONTENT_DISPOSITION, HeaderMap, HeaderValue};

    use super::{LONGEST, suggested};

    #[track_caller]
    fn check(header: impl AsRef<[u8]>, expect: Option<&str>) {
        let value = HeaderValue::from_bytes(header.as_ref()).unwrap();
        let name = suggested(&HeaderMap::from_iter([(CONTENT_DISPOSITION, value)]));
        assert_eq!(name.as_deref(), expect, "{}", String::from_utf8_lossy(header.as_ref()));
    }

    #[test]
    fn forms() {
        assert_eq!(suggested(&HeaderMap::new()), None);
        for (header, expect) in [
            ("attachment; filename=\"act.pdf\"", Some("act.pdf")),
            ("attachment; filename=act.pdf", Some("act.pdf")),
            ("inline;FileName = \"act.pdf\" ; size=3", Some("act.pdf")),
            ("attachment; filename=my act.pdf; size=3", Some("my act.pdf")),
            ("attachment; filename=\"a;b=c.pdf\"", Some("a;b=c.pdf")),
            ("attachment; filename=\"a \\\"b\\\".pdf\"", Some("a _b_.pdf")),
            ("attachment; filename=\"act.pdf", Some("act.pdf")),
            ("attachment filename=act.pdf", Some("act.pdf")),
            ("filename=act.pdf", Some("act.pdf")),
            ("attachment; filename=a.pdf; filename=b.pdf", Some("a.pdf")),
            ("attachment; x=\"filename=b.pdf\"; filename=a.pdf", Some("a.pdf")),
            ("attachment; filename", None),
            ("attachment; filename=", None),
            ("attachment; filename=\"\"", None),
            ("attachment", None),
            ("", None),
            (";;=;\"", None),
            // RFC 8187, which wins wherever it stands.
            ("attachment; filename=\"a.pdf\"; filename*=UTF-8''%D0%90%D0%BA%D1%82%201.pdf", Some("Акт 1.pdf")),
            ("attachment; filename*=utf-8'ru'%D0%90.pdf; filename=\"a.pdf\"", Some("А.pdf")),
            ("attachment; filename*=\"UTF-8''%D0%90.pdf\"", Some("А.pdf")),
            ("attachment; filename*=iso-8859-1'en'%A3%20rates.pdf", Some("£ rates.pdf")),
            // What can't be read leaves the other one.
            ("attachment; filename*=UTF-8''%FF.pdf; filename=a.pdf", Some("a.pdf")),
            ("attachment; filename*=KOI8-R''%E1.pdf; filename=a.pdf", Some("a.pdf")),
            ("attachment; filename*=a.pdf; filename=b.pdf", Some("b.pdf")),
            ("attachment; filename*=UTF-8''..; filename=b.pdf", Some("b.pdf")),
            ("attachment; filename*=UTF-8''%FF.pdf", None),
            // What servers write in place of it.
            ("attachment; filename=\"Акт 1.pdf\"", Some("Акт 1.pdf")),
            ("attachment; filename=Акт.pdf", Some("Акт.pdf")),
            ("attachment; filename=\"=?utf-8?B?0JDQutGCIDEucGRm?=\"", Some("Акт 1.pdf")),
            ("attachment; filename==?UTF-8?Q?=D0=90=D0=BA=D1=82_1.pdf?=", Some("Акт 1.pdf")),
            ("attachment; filename=\"=?utf-8?B?0JDQ?= =?utf-8?B?utGCLnBkZg==?=\"", Some("Акт.pdf")),
            ("attachment; filename=\"=?iso-8859-1?Q?=A3.pdf?=\"", Some("£.pdf")),
            ("attachment; filename=\"=?koi8-r?B?4Q==?=\"", None),
            ("attachment; filename=\"=?utf-8?X?4Q==?=\"", None),
            ("attachment; filename=\"%D0%90%D0%BA%D1%82.pdf\"", Some("Акт.pdf")),
            ("attachment; filename=\"50%20off.pdf\"", Some("50%20off.pdf")),
            ("attachment; filename=\"100%.pdf\"", Some("100%.pdf")),
        ] {
            check(header, expect);
        }
        check(b"attachment; filename=\"\xa3 rates.pdf\"", Some("£ rates.pdf"));
    }

    #[test]
    fn names() {
        for (name, expect) in [
            ("../../etc/passwd", Some("passwd")),
            ("..\\\\..\\\\boot.ini", Some("boot.ini")),
            ("C:\\Users\\anna\\act.pdf", Some("act.pdf")),
            ("/", None),
            ("..", None),
            (" . ", None),
            (".bashrc", Some("bashrc")),
            (" act.pdf. . ", Some("act.pdf")),
            ("act.pdf:hidden", Some("act.pdf_hidden")),
            ("what?<*>|.txt", Some("what_____.txt")),
            ("tab\there.txt", Some("tab here.txt")),
            ("act\u{202e}fdp.exe", Some("act fdp.exe")),
            ("\u{2066}act.pdf\u{2069}", Some("act.pdf")),
            ("\u{feff}", None),
            ("con", Some("_con")),
            ("NUL.txt", Some("_NUL.txt")),
            ("Aux .tar.gz", Some("_Aux .tar.gz")),
            ("com1.log", Some("_com1.log")),
            ("LPT³", Some("_LPT³")),
            ("com10.log", Some("com10.log")),
            ("console.log", Some("console.log")),
            ("conin$", Some("_conin$")),
        ] {
            check(format!("attachment; filename=\"{name}\""), expect);
        }
        check("attachment; filename*=UTF-8''..%2F..%2Fa%00ct%00.pdf", Some("a ct.pdf"));
        check("attachment; filename*=UTF-8''%2E%2E%5C%0D%0Anul", Some("_nul"));
        check("attachment; filename*=UTF-8''a%E2%80%AEb", Some("a b"));
    }

    #[test]
    fn long_names_keep_their_extension() {
        let letters = "ж".repeat(200);
        for (name, expect) in [
            (format!("{letters}.pdf"), format!("{}.pdf", "ж".repeat(125))),
            (letters.clone(), "ж".repeat(127)),
            // No extension is that long.
            (format!("a.{letters}"), format!("a.{}", "ж".repeat(126))),
            (format!("{} .pdf", "a".repeat(250)), format!("{}.pdf", "a".repeat(250))),
            (format!("{}. {letters}.pdf", "a".repeat(249)), format!("{}.pdf", "a".repeat(249))),
        ] {
            assert!(expect.len() <= LONGEST);
            check(format!("attachment; filename=\"{name}\""), Some(&expect));
        }
    }
}
