//! A body that tells when it moves.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use reqwest::Body;

/// How much of a body is handed on at a time, in bytes, so that a long body in memory is seen to move, too.
const CHUNK: usize = 64 << 10;

/// A body that tells how many bytes are taken of it each time; 0 when something else comes of it, such as its end.
pub(super) struct Watched<F> {
    body: Body,
    /// What came of the body and was not handed on yet.
    rest: Bytes,
    moved: F,
}

impl<F: FnMut(u64)> Watched<F> {
    pub(super) fn new(body: Body, moved: F) -> Self {
        Self { body, rest: Bytes::new(), moved }
    }
}

impl<F: FnMut(u64) + Unpin> HttpBody for Watched<F> {
    type Data = Bytes;
    type Error = reqwest::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, reqwest::Error>>> {
        while self.rest.is_empty() {
            let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
            match frame.map(|frame| frame.map(Frame::into_data)) {
                Some(Ok(Ok(data))) if !data.is_empty() => self.rest = data,
                other => {
                    (self.moved)(0);
                    match other {
                        Some(Ok(Ok(_))) => {}
                        Some(Ok(Err(trailers))) => return Poll::Ready(Some(Ok(trailers))),
                        Some(Err(e)) => return Poll::Ready(Some(Err(e))),
                        None => return Poll::Ready(None),
                    }
                }
            }
        }
        let length = self.rest.len().min(CHUNK);
        (self.moved)(length as u64);
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(length)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let rest = self.rest.len() as u64;
        let body = self.body.size_hint();
        let mut hint = SizeHint::new();
        hint.set_lower(body.lower() + rest);
        if let Some(upper) = body.upper() {
            hint.set_upper(upper + rest);
        }
        hint
    }
}
