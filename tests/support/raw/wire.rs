//! Reads requests from a connection as far as a play wants it.

use std::io;

use bytes::{Buf, BytesMut};
use tokio::{io::AsyncReadExt, net::TcpStream, time::Instant};

use super::play::Received;

/// How the end of a body is found.
pub enum Framing {
    Length(usize),
    Chunks,
}

impl Framing {
    pub fn of(request: &Received) -> Self {
        match (request.header("transfer-encoding"), request.header("content-length")) {
            (Some("chunked"), None) => Self::Chunks,
            (None, length) => Self::Length(length.map_or(0, |length| length.parse().expect("a length"))),
            other => panic!("a body framed as {other:?}"),
        }
    }
}

/// A connection and what was read of it and is not used yet.
pub struct Wire {
    pub stream: TcpStream,
    buffer: BytesMut,
}

impl Wire {
    pub fn new(stream: TcpStream) -> Self {
        Self { stream, buffer: BytesMut::new() }
    }

    /// The head of the next request; `None` when the client has closed the connection.
    pub async fn head(&mut self) -> io::Result<Option<Received>> {
        let end = loop {
            match find(&self.buffer, b"\r\n\r\n") {
                Some(end) => break end,
                None if self.read().await? > 0 => {}
                None if self.buffer.is_empty() => return Ok(None),
                None => return Err(io::ErrorKind::UnexpectedEof.into()),
            }
        };
        let head = String::from_utf8(self.buffer.split_to(end + 4).to_vec()).expect("a head in UTF-8");
        let mut lines = head.trim_end().split("\r\n");
        let line = lines.next().expect("a request line");
        let words: Vec<_> = line.split(' ').collect();
        let [_, target, "HTTP/1.1"] = words[..] else { panic!("not a request line: {line}") };
        let header = |line: &str| {
            let (name, value) = line.split_once(": ").expect("a header");
            (name.to_ascii_lowercase(), value.to_owned())
        };
        Ok(Some(Received {
            target: target.to_owned(),
            headers: lines.map(header).collect(),
            body: Vec::new(),
            whole: false,
            executed: false,
            at: Instant::now(),
        }))
    }

    /// Reads the body until it has `most` bytes; whether all of it was read.
    pub async fn body(&mut self, framing: &Framing, body: &mut Vec<u8>, most: usize) -> io::Result<bool> {
        match framing {
            Framing::Length(length) => {
                self.chunk(body, (*length).min(most)).await?;
                Ok(body.len() == *length)
            }
            Framing::Chunks => {
                assert_eq!(most, usize::MAX, "chunks are read to their end");
                self.chunks(body).await.map(|()| true)
            }
        }
    }

    async fn chunks(&mut self, body: &mut Vec<u8>) -> io::Result<()> {
        loop {
            let line = loop {
                match find(&self.buffer, b"\r\n") {
                    Some(end) => break self.buffer.split_to(end + 2),
                    None => self.more().await?,
                }
            };
            let size = str::from_utf8(&line).expect("a chunk size").trim_end();
            let size = usize::from_str_radix(size, 16).expect("a chunk size");
            self.chunk(body, body.len() + size).await?;
            self.chunk(&mut Vec::new(), 2).await?;
            if size == 0 {
                return Ok(());
            }
        }
    }

    /// Lengthens `body` to `length` bytes.
    async fn chunk(&mut self, body: &mut Vec<u8>, length: usize) -> io::Result<()> {
        while body.len() < length {
            if self.buffer.is_empty() {
                self.more().await?;
            }
            let taken = self.buffer.len().min(length - body.len());
            body.extend_from_slice(&self.buffer[..taken]);
            self.buffer.advance(taken);
        }
        Ok(())
    }

    async fn more(&mut self) -> io::Result<()> {
        match self.read().await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }

    async fn read(&mut self) -> io::Result<usize> {
        self.buffer.reserve(64 << 10);
        self.stream.read_buf(&mut self.buffer).await
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}
