//! Path parameters as one segment of a path each, whatever is in them.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What is not itself in a segment: the set of the WHATWG URL standard for paths, what ends a segment or begins an escape, and
/// the backslash, which a URL parser takes for a slash.
const ESCAPED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'/')
    .add(b'%')
    .add(b'\\');

/// `value` as a segment of a path: what has a meaning in URLs is escaped, so that it reaches the server as data.
///
/// Nothing, `.` and `..` can't be a segment: a URL parser takes them for steps, escaped or not (WHATWG URL, "double-dot URL
/// path segment").
pub(super) fn path_segment(value: &str) -> Option<Cow<'_, str>> {
    match value {
        "" | "." | ".." => None,
        value => Some(utf8_percent_encode(value, ESCAPED).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::path_segment;

    #[test]
    fn segments_stay_data() {
        for value in ["a/b", "..\\..\\x", "a?b#c%20", "Ромашка № 1", "...", "%2e%2e", "a\\b"] {
            let segment = path_segment(value).unwrap();
            let url = reqwest::Url::parse(&format!("http://host/base/{segment}/end")).unwrap();
            let segments: Vec<_> = url.path_segments().unwrap().collect();
            assert_eq!(segments.len(), 3, "{value}: {url}");
        }
    }

    #[test]
    fn dots_and_nothing_are_refused() {
        for value in ["", ".", ".."] {
            assert_eq!(path_segment(value), None);
        }
    }
}
