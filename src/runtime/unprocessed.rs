//! Whether a request that got no response was provably not processed by the server, so that even one that must not be
//! executed twice may be sent again. In HTTP/1.1 nothing says so; in HTTP/2 the server does (RFC 9113, section 8.7).

use reqwest::Request;

/// Whether the body of a request is sent after its head.
pub(super) fn has_body(request: &Request) -> bool {
    request.body().is_some_and(|body| body.as_bytes().is_none_or(|bytes| !bytes.is_empty()))
}

/// Whether the failure to get a response proves that the server did not process the request.
///
/// It does when the server refused the stream: an RST_STREAM with REFUSED_STREAM. And when the server closes the connection
/// by a GOAWAY, whatever its reason, and the request is on a stream after the last one that it names (section 6.8). For those,
/// and for requests that were not sent yet, h2 has the error that `is_go_away` and `is_remote` tell; earlier streams end in
/// one of I/O (`recv_go_away` and `recv_eof` in `proto/streams/streams.rs`).
///
/// With one exception, which is hyper's: it asks h2 for the state of the connection between sending the head and the body
/// (`ClientTask` in `proto/h2/client.rs`). A GOAWAY that arrives just then ends a request of any stream in the same way. The
/// body is not sent then, and the stream is cancelled, so that a request with a body is incomplete and can't have been
/// processed. One without a body may have been.
#[cfg(feature = "http2")]
pub(super) fn never_processed(e: &reqwest::Error, has_body: bool) -> bool {
    use std::error::Error;

    let sources = std::iter::successors(e.source(), |&source| source.source());
    sources.filter_map(|source| source.downcast_ref::<h2::Error>()).any(|e| {
        let refused = e.is_reset() && e.reason() == Some(h2::Reason::REFUSED_STREAM);
        e.is_remote() && (refused || e.is_go_away() && has_body)
    })
}

/// Without HTTP/2, nothing proves it.
#[cfg(not(feature = "http2"))]
pub(super) fn never_processed(_: &reqwest::Error, _: bool) -> bool {
    false
}
