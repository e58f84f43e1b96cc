//! Sending a file back: as bytes in chunks, with its name in the header.

use std::convert::Infallible;

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;

/// The size of the chunks that a download is sent in.
const CHUNK: usize = 64 * 1024;

/// The response to a download.
pub(crate) fn file(name: &str, data: &Bytes) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (header::CONTENT_LENGTH, data.len().into()),
        (header::CONTENT_DISPOSITION, disposition(name)),
    ];
    let chunks = stream::unfold(data.clone(), |mut rest| async move {
        let chunk = rest.split_to(rest.len().min(CHUNK));
        if chunk.is_empty() { None } else { Some((Ok::<_, Infallible>(chunk), rest)) }
    });
    (headers, Body::from_stream(chunks)).into_response()
}

/// `Content-Disposition` with the name in full (RFC 6266, RFC 5987) and, for old clients, in ASCII.
fn disposition(name: &str) -> HeaderValue {
    let plain: String = name
        .chars()
        .map(|c| if (' '..='~').contains(&c) && !matches!(c, '"' | '\\' | '%') { c } else { '_' })
        .collect();
    let mut full = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            full.push(byte.into());
        } else {
            full.push_str(&format!("%{byte:02X}"));
        }
    }
    let value = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{full}");
    // Printable ASCII is all that is left in it, so the other branch is never taken.
    HeaderValue::from_str(&value).unwrap_or_else(|_| HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_survive_the_header() {
        for (name, expect) in [
            ("act.pdf", "attachment; filename=\"act.pdf\"; filename*=UTF-8''act.pdf"),
            ("Акт 1.pdf", "attachment; filename=\"___ 1.pdf\"; filename*=UTF-8''%D0%90%D0%BA%D1%82%201.pdf"),
            ("a\"b\r\n.zip", "attachment; filename=\"a_b__.zip\"; filename*=UTF-8''a%22b%0D%0A.zip"),
        ] {
            assert_eq!(disposition(name), expect);
        }
    }
}
