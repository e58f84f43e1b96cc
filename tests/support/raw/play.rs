//! What a raw server is told to do, step by step, and what it has received.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use tokio::{sync::Barrier, time::Instant};

/// What the server does, one after the other. A play whose first step is not
/// [`Head`](Step::Head) begins when the client has connected. A connection is kept after
/// the last step.
#[derive(Clone)]
pub enum Step {
    /// Reads the request line and the headers.
    Head,
    /// Reads the body until it has so many bytes, if it has a length.
    UpTo(usize),
    /// Reads the body to its end: from here on the server may have done what it was asked.
    Body,
    Send(Bytes),
    /// Sends byte after byte, with a pause after each.
    Drip(Bytes, Duration),
    /// Sends the same over and over, with a pause after each.
    Repeat(Bytes, Duration),
    Pause(Duration),
    /// Waits until so many have come as the barrier is for.
    Meet(Arc<Barrier>),
    /// Ends the connection with an RST.
    Reset,
    /// Ends the connection with a FIN.
    Close,
    /// Keeps the connection and does nothing.
    Hang,
}

/// What the server does with one request.
#[derive(Clone)]
pub struct Play {
    pub steps: Vec<Step>,
    /// Whether the server says with its response that it has not done what it was asked.
    pub refuses: bool,
}

impl Play {
    pub fn of(steps: impl Into<Vec<Step>>) -> Self {
        Self { steps: steps.into(), refuses: false }
    }

    /// Reads the request and answers it.
    pub fn response(response: &Response) -> Self {
        let steps = [Step::Head, Step::Body, Step::Send(response.bytes())];
        Self { steps: steps.into(), refuses: (400..500).contains(&response.status) }
    }
}

/// A response as it should be; faults are made of its chunks.
#[derive(Clone)]
pub struct Response {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Bytes,
}

impl Response {
    pub fn new(status: u16, body: impl Into<Bytes>) -> Self {
        Self { status, headers: Vec::new(), body: body.into() }
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// After which the connection is closed, so that the next request needs another one.
    pub fn last(self) -> Self {
        self.header("connection", "close")
    }

    /// The head without anything about the length of the body, and without the empty line
    /// at its end.
    pub fn open_head(&self) -> String {
        let mut head = format!("HTTP/1.1 {} Played\r\n", self.status);
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        head
    }

    /// The head with a length.
    pub fn head(&self, length: usize) -> Bytes {
        format!("{}content-length: {length}\r\n\r\n", self.open_head()).into()
    }

    pub fn bytes(&self) -> Bytes {
        [self.head(self.body.len()), self.body.clone()].concat().into()
    }
}

/// A request as far as it was read.
#[derive(Debug, Clone)]
pub struct Received {
    /// Path and query.
    pub target: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// What was read of the body, without the frames of chunks.
    pub body: Vec<u8>,
    /// Whether all of it was read.
    pub whole: bool,
    /// Whether the server may have done what it was asked.
    pub executed: bool,
    /// When the head was read.
    pub at: Instant,
}

impl Received {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}
