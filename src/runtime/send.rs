//! Sends one request, and gives up once it is idle: no chunk of the body is uploaded and no response comes. reqwest's own
//! idle timeout counts the time that an upload takes, since nothing is downloaded in it.

use std::{
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use reqwest::{Body, Request, Response};
use tokio::time::Instant;

use super::{
    error::{TimeLimit, TransportCause},
    meter::Meter,
    watched::Watched,
};

/// Sends `request`; an error when for the length of `idle` no response came and, for an `upload`, whose body may be long, no
/// chunk of the body was taken to be sent.
pub(super) async fn send(
    http: &reqwest::Client,
    mut request: Request,
    idle: Duration,
    upload: bool,
    meter: &Meter,
) -> Result<Response, TransportCause> {
    let moved = Moved(Arc::new(Mutex::new(Instant::now())));
    if upload {
        let watched = |body| {
            let (moved, sends) = (moved.clone(), meter.sending());
            let moves = move |bytes| {
                moved.now();
                sends(bytes);
            };
            Body::wrap(Watched::new(body, moves))
        };
        *request.body_mut() = request.body_mut().take().map(watched);
    } else if let Some(body) = request.body().and_then(Body::as_bytes) {
        meter.sending()(body.len() as u64);
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
pub fn after(start: Instant, limit: Duration) -> Instant {
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
