//! Delivering the events of legalcase, as the partner would: one after the other, each until it is taken, for a while.

use std::{io, str::FromStr, sync::Arc, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{sleep, timeout},
};

use super::log::say;
use crate::LegalCase;

/// How often the state is looked at for new events.
const EVERY: Duration = Duration::from_millis(100);
/// How often an event is delivered at most, and how long the pause is.
const TRIES: u32 = 3;
const PAUSE: Duration = Duration::from_secs(1);
/// How much is read of the head of a response, in bytes.
const HEAD: usize = 64 << 10;
/// How long a delivery may take.
const LIMIT: Duration = Duration::from_secs(10);

/// Where events go.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Receiver {
    /// With its port.
    address: String,
    host: String,
    path: String,
}

impl FromStr for Receiver {
    type Err = &'static str;

    fn from_str(url: &str) -> Result<Self, Self::Err> {
        if url.starts_with("https://") {
            return Err("only http is delivered to");
        }
        let rest = url.strip_prefix("http://").ok_or("not a URL with http")?;
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        if host.is_empty() || url.contains(|c: char| c.is_whitespace() || c.is_control() || c == '#') {
            return Err("not a URL with http");
        }
        let has_port = crate::server::without_port(host) != host;
        let address = if has_port { host.to_owned() } else { format!("{host}:80") };
        let path = if path.is_empty() { "/" } else { path };
        Ok(Self { address, host: host.to_owned(), path: path.to_owned() })
    }
}

/// Delivers what happens, for ever.
pub(super) async fn deliver(receiver: Receiver, partner: Arc<LegalCase>) {
    let (mut delivered, mut resets) = (0, 0);
    loop {
        let event = partner.state(|state| {
            if resets != partner.resets() {
                (delivered, resets) = (0, partner.resets());
            }
            // Fewer than before: somebody has put another state in its place.
            delivered = delivered.min(state.events.len());
            state.events.get(delivered).cloned()
        });
        let Some(event) = event else {
            sleep(EVERY).await;
            continue;
        };
        delivered += 1;
        for attempt in 1..=TRIES {
            let came = timeout(LIMIT, post(&receiver, &event.body().to_string())).await;
            let came = came.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
            let told = came.as_ref().map_or_else(ToString::to_string, ToString::to_string);
            say(format!("delivered {:?} of {} to {}: {told}", event.code, event.case, receiver.host));
            if came.is_ok_and(|status| (200..300).contains(&status)) {
                break;
            }
            if attempt < TRIES {
                sleep(PAUSE).await;
            }
        }
    }
}

/// Sends an event, and gives the status of the response.
async fn post(receiver: &Receiver, body: &str) -> io::Result<u16> {
    let Receiver { address, host, path } = receiver;
    let mut stream = TcpStream::connect(address).await?;
    let head =
        format!("POST {path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\nconnection: close\r\n");
    stream.write_all(format!("{head}content-length: {}\r\n\r\n{body}", body.len()).as_bytes()).await?;
    let mut response = Vec::new();
    // The whole head: to a receiver that is still writing it, a connection that is closed has broken.
    while !response.windows(4).any(|bytes| bytes == b"\r\n\r\n") && response.len() < HEAD {
        if stream.read_buf(&mut response).await? == 0 {
            break;
        }
    }
    let status = response.get(..12).and_then(|line| str::from_utf8(line).ok()?.strip_prefix("HTTP/1."));
    let status = status.and_then(|rest| rest.get(2..)?.parse().ok());
    status.ok_or_else(|| io::Error::other("the response is not HTTP/1"))
}
