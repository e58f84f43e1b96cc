//! Sends one request, and gives up once it is idle: no chunk of the body is uploaded and no response comes. reqwest's own
//! idle timeout counts the time that an upload takes, since nothing is downloaded in it.

use std::{
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use reqwest::{Body, Request, Response};
use tokio::time::{Instant, Timeout};

use super::{
    error::{TimeLimit, TransportCause},
    meter::Meter,
    watched::Watched,
};

/// Sends `request`, whose body is in memory, and waits for the response until `end`.
pub(super) fn send(
    http: &reqwest::Client,
    request: Request,
    end: Instant,
    meter: &Meter,
) -> Timeout<impl Future<Output = reqwest::Result<Response>> + use<>> {
    if let Some(body) = request.body().and_then(Body::as_bytes) {
        meter.sending()(body.len() as u64);
    }
    tokio::time::timeout_at(end, http.execute(request))
}

/// Sends `request`, whose body may be long; an error when for the length of `idle` no response came and no chunk of the body was
/// taken to be sent, or when there is no response at the `end`.
pub(super) async fn upload(
    http: &reqwest::Client,
    mut request: Request,
    idle: Duration,
    end: Option<(Instant, TimeLimit)>,
    meter: &Meter,
) -> Result<Response, TransportCause> {
    let moved = Moved(Arc::new(Mutex::new(Instant::now())));
    let watched = |body| {
        let (moved, sends) = (moved.clone(), meter.sending());
        let moves = move |bytes| {
            moved.now();
            sends(bytes);
        };
        Body::wrap(Watched::new(body, moves))
    };
    *request.body_mut() = request.body_mut().take().map(watched);
    let mut sending = pin!(http.execute(request));
    loop {
        let last = moved.last();
        let (until, limit) = earlier((after(last, idle), TimeLimit::idle(idle)), end);
        match tokio::time::timeout_at(until, &mut sending).await {
            Ok(result) => return result.map_err(TransportCause::Http),
            Err(_) if moved.last() > last && end.is_none_or(|(end, _)| until < end) => {}
            Err(_) => return Err(TransportCause::Limit(limit)),
        }
    }
}

/// Which of two limits is reached first.
pub(super) fn earlier(idle: (Instant, TimeLimit), end: Option<(Instant, TimeLimit)>) -> (Instant, TimeLimit) {
    end.filter(|(end, _)| *end < idle.0).unwrap_or(idle)
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
