//! Sends one request, and gives up once it is idle: no chunk of the body is uploaded and no response comes. reqwest's own
//! idle timeout counts the time that an upload takes, since nothing is downloaded in it.

use std::{
    pin::{Pin, pin},
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use reqwest::{Body, Request, Response};
use tokio::time::Instant;

use super::{
    error::{TimeLimit, TransportCause},
    watch::Watch,
};

/// Sends `request`; an error when for the length of `idle` no response came and, for an `upload`, whose body may be long, no
/// chunk of the body was taken to be sent.
pub(super) async fn send(
    http: &reqwest::Client,
    mut request: Request,
    idle: Duration,
    upload: bool,
    watch: &Watch,
) -> Result<Response, TransportCause> {
    let moved = Moved(Arc::new(Mutex::new(Instant::now())));
    if upload {
        let body = request.body_mut().take();
        let watched = |body| Watched { body, rest: Bytes::new(), moved: moved.clone(), watch: watch.clone() };
        *request.body_mut() = body.map(|body| Body::wrap(watched(body)));
    } else if let Some(body) = request.body().and_then(Body::as_bytes) {
        watch.sends(body.len());
    }
    let mut sending = pin!(http.execute(request));
    loop {
        let last = moved.last();
        match tokio::time::timeout_at(after(last, idle), &mut sending).await {
            Ok(result) => return result.map_err(TransportCause::Http),
            Err(_) if moved.last() > last => {}
            Err(_) => return Err(TransportCause::Limit(TimeLimit::idle(idle))),
        }
    }
}

/// The end of a limit; a year from now where it is beyond the range of the clock.
pub(super) fn after(start: Instant, limit: Duration) -> Instant {
    start.checked_add(limit).unwrap_or_else(|| start + Duration::from_secs(365 * 86_400))
}

/// When a chunk of the body was last taken to be sent.
#[derive(Clone)]
struct Moved(Arc<Mutex<Instant>>);

impl Moved {
    fn last(&self) -> Instant {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }
}

/// How much of a body is handed on at a time, in bytes, so that a long body in memory is seen to move, too.
const CHUNK: usize = 64 << 10;

/// A body that notes when it moves.
struct Watched {
    body: Body,
    /// What came of the body and was not handed on yet.
    rest: Bytes,
    moved: Moved,
    watch: Watch,
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = reqwest::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, reqwest::Error>>> {
        while self.rest.is_empty() {
            let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
            self.moved.now();
            match frame.map(|frame| frame.map(Frame::into_data)) {
                Some(Ok(Ok(data))) => self.rest = data,
                Some(Ok(Err(trailers))) => return Poll::Ready(Some(Ok(trailers))),
                Some(Err(e)) => return Poll::Ready(Some(Err(e))),
                None => return Poll::Ready(None),
            }
        }
        self.moved.now();
        let length = self.rest.len().min(CHUNK);
        self.watch.sends(length);
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
