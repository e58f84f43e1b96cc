//! Reads a `multipart/form-data` body by hand, so that the tests see the bytes that were
//! sent and not what a lenient library makes of them.

/// One part: its headers as written, and its content.
#[derive(Debug, PartialEq)]
pub struct Field {
    pub headers: Vec<String>,
    pub content: Vec<u8>,
}

/// The parts of `body`.
///
/// # Panics
/// When the body is not exactly what RFC 7578 and RFC 2046 ask for.
pub fn parse(content_type: &str, body: &[u8]) -> Vec<Field> {
    let boundary = content_type.strip_prefix("multipart/form-data; boundary=").expect(content_type);
    let delimiter = format!("\r\n--{boundary}");
    let first = &delimiter[2..];
    let mut rest = body.strip_prefix(first.as_bytes()).expect("starts with the boundary");
    let mut fields = Vec::new();
    while let Some(part) = rest.strip_prefix(b"\r\n") {
        let (head, after) = split(part, b"\r\n\r\n").expect("a blank line after the headers");
        let (content, after) = split(after, delimiter.as_bytes()).expect("a boundary after the content");
        let head = str::from_utf8(head).expect("headers in UTF-8");
        fields.push(Field { headers: head.split("\r\n").map(str::to_owned).collect(), content: content.to_vec() });
        rest = after;
    }
    assert_eq!(rest, b"--\r\n", "ends with the closing boundary");
    fields
}

fn split<'a>(bytes: &'a [u8], at: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let start = bytes.windows(at.len()).position(|window| window == at)?;
    Some((&bytes[..start], &bytes[start + at.len()..]))
}
