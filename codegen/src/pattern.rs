//! Patterns of strings: written in the syntax of ECMAScript, as JSON Schema has it, and matched in Rust by an engine that
//! takes linear time. Here is the part of the syntax that both have, and what is spelled differently in it.

use regex_lite::Regex;

/// `\s` of ECMA-262, section 12.2 and 12.3, as members of a class.
const SPACES: &str = r"\t\n\v\f\r \u{A0}\u{1680}\u{2000}-\u{200A}\u{2028}\u{2029}\u{202F}\u{205F}\u{3000}\u{FEFF}";

/// A pattern, with the same meaning, as the engine takes it.
///
/// # Errors
/// What it has that can't be matched in linear time, or that not every engine reads alike.
pub(crate) fn compile(pattern: &str) -> Result<Regex, String> {
    let mut translator = Translator { rest: pattern, written: String::new() };
    translator.pattern()?;
    Regex::new(&translator.written).map_err(|e| e.to_string())
}

/// Translates a pattern while it reads it.
struct Translator<'p> {
    rest: &'p str,
    written: String,
}

impl Translator<'_> {
    fn next(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    fn takes(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn pattern(&mut self) -> Result<(), String> {
        let mut may_be_quantified = false;
        while let Some(c) = self.next() {
            let is_quantifier = matches!(c, '*' | '+' | '?' | '{');
            if is_quantifier && !may_be_quantified {
                return Err(format!("`{c}` without anything in front of it"));
            }
            may_be_quantified = !is_quantifier && !matches!(c, '(' | '|' | '^' | '$');
            match c {
                '\\' => may_be_quantified = self.escape()?,
                '[' => self.class()?,
                '(' => self.group()?,
                '.' => self.written.push_str(r"[^\n\r\u{2028}\u{2029}]"),
                '{' => self.count()?,
                '*' | '+' | '?' => {
                    self.written.push(c);
                    self.lazy();
                }
                '}' | ']' => return Err(format!("`{c}` without a `\\` in front of it")),
                other => self.written.push(other),
            }
        }
        Ok(())
    }

    fn lazy(&mut self) {
        if self.takes("?") {
            self.written.push('?');
        }
    }

    fn group(&mut self) -> Result<(), String> {
        if self.takes("?:") {
            self.written.push_str("(?:");
        } else if ["?=", "?!", "?<=", "?<!"].iter().any(|around| self.rest.starts_with(around)) {
            return Err("look-around".to_owned());
        } else if self.takes("?<") {
            let (name, rest) = self.rest.split_once('>').ok_or("a group without the end of its name")?;
            let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
            if !is_name || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                return Err(format!("the name `{name}` of a group"));
            }
            self.rest = rest;
            self.written.push('(');
        } else if self.rest.starts_with('?') {
            return Err("a group with flags".to_owned());
        } else {
            self.written.push('(');
        }
        Ok(())
    }

    /// `{2}`, `{2,}` or `{2,3}`.
    fn count(&mut self) -> Result<(), String> {
        let (counts, rest) = self.rest.split_once('}').ok_or("`{` without a `\\` in front of it")?;
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let is_count = match counts.split_once(',') {
            Some((least, most)) => is_number(least) && (most.is_empty() || is_number(most)),
            None => is_number(counts),
        };
        if !is_count {
            return Err(format!("`{{{counts}}}`, which is not a count"));
        }
        self.written.push_str(&format!("{{{counts}}}"));
        self.rest = rest;
        self.lazy();
        Ok(())
    }

    /// What follows a `\` outside of a class; whether it stands for a character.
    fn escape(&mut self) -> Result<bool, String> {
        match self.next() {
            Some('s') => self.written.push_str(&format!("[{SPACES}]")),
            Some('S') => self.written.push_str(&format!("[^{SPACES}]")),
            Some(c @ ('d' | 'D' | 'w' | 'W')) => self.written.extend(['\\', c]),
            Some(c @ ('b' | 'B')) => {
                self.written.extend(['\\', c]);
                return Ok(false);
            }
            other => self.character(other)?,
        }
        Ok(true)
    }

    /// A character after its `\`.
    fn character(&mut self, c: Option<char>) -> Result<(), String> {
        match c {
            Some(c @ ('t' | 'n' | 'v' | 'f' | 'r')) => self.written.extend(['\\', c]),
            Some('x') => self.code(2)?,
            Some('u') => self.code(4)?,
            Some(c) if c.is_ascii_punctuation() => self.written.push_str(&regex_lite::escape(&c.to_string())),
            Some(c @ '1'..='9') => return Err(format!("the back reference `\\{c}`")),
            Some(c) => return Err(format!("`\\{c}`")),
            None => return Err("`\\` at the end".to_owned()),
        }
        Ok(())
    }

    fn code(&mut self, length: usize) -> Result<(), String> {
        let digits = self.rest.get(..length).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        let digits = digits.ok_or("an escape without its hexadecimal digits")?;
        self.written.push_str(&format!("\\u{{{digits}}}"));
        self.rest = &self.rest[length..];
        Ok(())
    }

    fn class(&mut self) -> Result<(), String> {
        self.written.push('[');
        if self.takes("^") {
            self.written.push('^');
        }
        if self.rest.starts_with(']') {
            return Err("an empty class".to_owned());
        }
        loop {
            match self.next() {
                None => return Err("a class without its end".to_owned()),
                Some(']') => break,
                Some('\\') => match self.next() {
                    Some(c @ ('s' | 'd' | 'D' | 'w' | 'W')) => {
                        if self.written.ends_with('-') || (self.rest.starts_with('-') && !self.rest.starts_with("-]")) {
                            return Err("a range of classes".to_owned());
                        }
                        match c {
                            's' => self.written.push_str(SPACES),
                            c => self.written.extend(['\\', c]),
                        }
                    }
                    Some('b') => self.written.push_str(r"\u{8}"),
                    other => self.character(other)?,
                },
                // These mean something to the engine when they are doubled, or open a class in a class.
                Some(c @ ('[' | '&' | '~')) => self.written.extend(['\\', c]),
                Some('-') if self.rest.starts_with('-') => return Err("`--` in a class".to_owned()),
                Some(c) => self.written.push(c),
            }
        }
        self.written.push(']');
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::compile;

    #[track_caller]
    fn check(pattern: &str, fits: &[&str], misfits: &[&str]) {
        let regex = compile(pattern).unwrap_or_else(|e| panic!("{pattern}: {e}"));
        fits.iter().for_each(|text| assert!(regex.is_match(text), "{pattern}: {text:?}"));
        misfits.iter().for_each(|text| assert!(!regex.is_match(text), "{pattern}: {text:?}"));
    }

    #[test]
    fn patterns_mean_the_same() {
        check("^([0-9]{10}|[0-9]{12})$", &["1234567890", "123456789012"], &["12345678901", "1234567890\n"]);
        check(r"^\d{2,}?$", &["12", "123"], &["1", "١٢"]);
        check(r"^\w\W$", &["a-", "_ф"], &["ab", "ф-"]);
        check(r"^\s\S$", &["\u{feff}a", "\u{a0}б"], &["a ", "\u{200b}a"]);
        check("^.$", &["a", "ф", "\u{85}"], &["\n", "\r", "\u{2028}", ""]);
        check(r"^[\s\-\]x[&&~]+$", &["-] x[&~"], &["y", "\\"]);
        check("^[a-f-]+$", &["a-f"], &["g"]);
        check(r"^\x41\u0416\/\.\@$", &["AЖ/.@"], &["AЖ/a@"]);
        check(r"\bcall\b", &["a call."], &["recall"]);
        check("^(?<year>[0-9]{4})(?:-[0-9]{2})?$", &["2026", "2026-11"], &["2026-"]);
        check("a|b", &["xbx"], &["c"]);
        check(r"[\b]", &["\u{8}"], &["b"]);
    }

    #[test]
    fn what_engines_read_differently_is_refused() {
        for pattern in [
            "(?=a)",
            "(?!a)",
            "(?<=a)",
            "(?<!a)",
            r"(a)\1",
            r"\k<a>",
            r"\p{L}",
            r"\cA",
            r"\0",
            "(?i)a",
            "a++",
            "a{,2}",
            "a{x}",
            "*a",
            "^*",
            "]",
            "}",
            "[",
            "[]",
            "[^]",
            "(",
            ")",
            "a{2}{3}",
            "[z-a]",
            r"\",
            r"\u12",
            r"\x4",
            "[a--b]",
            r"\ud800",
            r"[\s-\uFFFF]",
            r"[\t-\s]",
            "(?<>a)",
            "(?<1>a)",
            "(?<a",
            "a{9999}{",
            "(|*)",
            r"[\S]",
        ] {
            assert!(compile(pattern).is_err(), "{pattern}");
        }
    }
}
