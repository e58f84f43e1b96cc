//! Path parameters as one segment of a path each, whatever is in them.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::{InvalidRequest, error::Call};

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
pub(crate) fn path_segment(call: &Call, name: &str, value: &str) -> Result<String, InvalidRequest> {
    match value {
        "" | "." | ".." => {
            let reason = format!("the path parameter {name} is empty or dots, which no path can carry");
            Err(call.invalid(reason))
        }
        value => Ok(utf8_percent_encode(value, ESCAPED).to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Call, path_segment};
    use crate::Operation;

    const OPERATION: Operation = Operation {
        id: "getThing",
        method: "GET",
        path: "/thing/{id}",
        security: None,
        idempotent: true,
        uploads: false,
        downloads: false,
        properties: &[],
    };

    #[test]
    fn segments_stay_data() {
        for value in ["a/b", "..\\..\\x", "a?b#c%20", "Ромашка № 1", "...", "%2e%2e", "a\\b"] {
            let segment = path_segment(&Call::new(&OPERATION, "host:80".into()), "id", value).unwrap();
            let url = reqwest::Url::parse(&format!("http://host/base/{segment}/end")).unwrap();
            let segments: Vec<_> = url.path_segments().unwrap().collect();
            assert_eq!(segments.len(), 3, "{value}: {url}");
        }
    }

    #[test]
    fn dots_and_nothing_are_refused() {
        for value in ["", ".", ".."] {
            let e = path_segment(&Call::new(&OPERATION, "host:80".into()), "id", value).unwrap_err();
            assert!(e.to_string().contains("the path parameter id"), "{e}");
        }
    }
}
