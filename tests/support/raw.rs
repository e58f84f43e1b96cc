//! A server of bare TCP that plays faults: what it does with each request is written down step by step, down to the reset of
//! the connection. It keeps what it has read of every request, and can stop listening and begin again at the same port.
//!
//! Clients reach it under a name, so that it is asked at every attempt to connect and can decide when somebody listens.

use std::{
    collections::VecDeque,
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::{Buf, Bytes, BytesMut};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream},
    sync::Barrier,
    task::{JoinHandle, JoinSet},
    time::{Instant, sleep},
};

/// What the server does, one after the other. A play whose first step is not [`Head`](Step::Head) begins when the client
/// has connected. A connection is kept after the last step.
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
    /// Whether the server says with its answer that it has not done what it was asked.
    pub refuses: bool,
}

impl Play {
    pub fn of(steps: impl Into<Vec<Step>>) -> Self {
        Self { steps: steps.into(), refuses: false }
    }

    /// Reads the request and answers it.
    pub fn answer(answer: &Answer) -> Self {
        let steps = [Step::Head, Step::Body, Step::Send(answer.bytes())];
        Self { steps: steps.into(), refuses: (400..500).contains(&answer.status) }
    }
}

/// An answer as it should be; faults are made of its pieces.
#[derive(Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Bytes,
}

impl Answer {
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

    /// The head without anything about the length of the body, and without the empty line at its end.
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

/// What a request for a credential looks like, and the answer to the one with this number, from 1.
pub type SignIn = (&'static str, fn(u64) -> Answer);

/// The server. Dropping it ends all of its connections.
pub struct Raw(Arc<Shared>);

struct Shared {
    address: SocketAddr,
    sign_ins: &'static [SignIn],
    script: Mutex<Script>,
    desk: Mutex<Desk>,
}

struct Script {
    plays: VecDeque<Play>,
    then: Play,
    received: Vec<Received>,
    signed_in: Vec<Received>,
    /// How many credentials were given, whatever was forgotten since.
    issued: u64,
    /// What is done with the next requests for a credential, once they are read, in place of an answer.
    sign_in_plays: VecDeque<Play>,
}

/// Who listens.
struct Desk {
    /// Bound to the port and not listening, so that nobody else gets the port, and whoever connects is refused.
    reserve: Option<TcpSocket>,
    listener: Option<JoinHandle<()>>,
    tries: usize,
    /// How many tries to connect come to nothing before the server listens again.
    refusals: Option<usize>,
    /// Listens and accepts nobody, with what fills its queue.
    full: Option<(std::net::TcpListener, std::net::TcpStream)>,
}

impl Raw {
    /// A server that answers requests for a credential by `sign_ins`, by the end of their path, and all others as `then`.
    pub async fn start(sign_ins: &'static [SignIn], then: Play) -> Self {
        let reserve = bound((Ipv4Addr::LOCALHOST, 0).into()).expect("a loopback port");
        let address = reserve.local_addr().expect("an address");
        let desk = Desk { reserve: Some(reserve), listener: None, tries: 0, refusals: None, full: None };
        let script = Script {
            plays: VecDeque::new(),
            then,
            received: Vec::new(),
            signed_in: Vec::new(),
            issued: 0,
            sign_in_plays: VecDeque::new(),
        };
        let shared = Shared { address, sign_ins, script: Mutex::new(script), desk: Mutex::new(desk) };
        let raw = Self(Arc::new(shared));
        raw.listen();
        raw
    }

    /// `http://server.test:<port>`; the name is known to [`names`](Self::names) only.
    pub fn origin(&self) -> String {
        format!("http://server.test:{}", self.0.address.port())
    }

    /// Where the server listens.
    pub fn address(&self) -> SocketAddr {
        self.0.address
    }

    /// What clients have to ask for the name in [`origin`](Self::origin).
    pub fn names(&self) -> Arc<dyn Resolve> {
        Arc::new(Names(Arc::clone(&self.0)))
    }

    /// Lets the next requests have these plays, and the requests after them `then`; forgets what was received.
    pub fn arm(&self, plays: impl IntoIterator<Item = Play>, then: Play) {
        let mut script = self.script();
        script.plays = plays.into_iter().collect();
        script.then = then;
        script.received.clear();
        script.signed_in.clear();
    }

    /// Lets the next requests for a credential have these plays, which begin when such a request was read.
    pub fn arm_sign_ins(&self, plays: impl IntoIterator<Item = Play>) {
        self.script().sign_in_plays = plays.into_iter().collect();
    }

    /// The requests so far, but for those for a credential.
    pub fn received(&self) -> Vec<Received> {
        self.script().received.clone()
    }

    /// The requests for a credential so far.
    pub fn signed_in(&self) -> Vec<Received> {
        self.script().signed_in.clone()
    }

    /// How many requests there were, and how many of them may have been executed.
    pub fn counts(&self) -> (usize, usize) {
        let script = self.script();
        (script.received.len(), script.received.iter().filter(|one| one.executed).count())
    }

    /// Waits until so many requests were begun to be read.
    pub async fn until_received(&self, count: usize) {
        self.until(|script| script.received.len() >= count).await;
    }

    /// Waits until so many requests for a credential were read.
    pub async fn until_signed_in(&self, count: usize) {
        self.until(|script| script.signed_in.len() >= count).await;
    }

    async fn until(&self, is_so: impl Fn(&Script) -> bool) {
        while !is_so(&self.script()) {
            sleep(Duration::from_millis(1)).await;
        }
    }

    /// How often the client tried to connect since the server last stopped listening.
    pub fn tries(&self) -> usize {
        self.0.desk().tries
    }

    /// Listens again, if it doesn't.
    pub fn listen(&self) {
        Shared::listen(&self.0);
    }

    /// Ends all connections and listens no more, until `refusals` tries to connect were refused; without a number, until
    /// [`listen`](Self::listen).
    pub async fn refuse(&self, refusals: Option<usize>) {
        let listener = {
            let mut desk = self.0.desk();
            desk.tries = 0;
            desk.refusals = refusals;
            desk.full = None;
            desk.listener.take()
        };
        if let Some(listener) = listener {
            listener.abort();
            assert!(listener.await.is_err_and(|e| e.is_cancelled()), "the listener is gone");
        }
    }

    /// Ends all connections and accepts no more, while the system's queue of connections is full, until `tries` tries to
    /// connect were in vain. Nothing answers whoever connects: not on every system, but on Linux.
    pub async fn leave_in_the_queue(&self, tries: usize) {
        self.refuse(Some(tries)).await;
        let mut desk = self.0.desk();
        let reserve = bound(self.0.address).expect("the same port once more");
        let socket = desk.reserve.replace(reserve).expect("a reserve");
        let listener = socket.listen(0).and_then(TcpListener::into_std).expect("a port to listen at");
        let first = std::net::TcpStream::connect(self.0.address).expect("a place in the queue");
        desk.full = Some((listener, first));
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.0.script()
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        if let Some(listener) = self.0.desk().listener.take() {
            listener.abort();
        }
    }
}

/// Two sockets may be bound to one port as long as none of them listens.
fn bound(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

struct Names(Arc<Shared>);

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        assert_eq!(name.as_str(), "server.test");
        let due = {
            let mut desk = self.0.desk();
            desk.tries += 1;
            desk.refusals.is_some_and(|refusals| desk.tries > refusals)
        };
        if due {
            Shared::listen(&self.0);
        }
        let addresses: Addrs = Box::new([self.0.address].into_iter());
        Box::pin(std::future::ready(Ok(addresses)))
    }
}

impl Shared {
    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn listen(shared: &Arc<Self>) {
        let mut desk = shared.desk();
        if desk.listener.is_some() {
            return;
        }
        let listener = match desk.full.take() {
            Some((listener, first)) => {
                drop(first);
                listener.accept().expect("the one that filled the queue");
                TcpListener::from_std(listener).expect("a listener of the runtime")
            }
            None => {
                let reserve = bound(shared.address).expect("the same port once more");
                let socket = desk.reserve.replace(reserve).expect("a reserve");
                socket.listen(1024).expect("a port to listen at")
            }
        };
        desk.listener = Some(tokio::spawn(accept(listener, Arc::clone(shared))));
    }

    /// The next play, if it begins before a request is read.
    fn at_once(&self) -> Option<Play> {
        let mut script = self.script();
        let is_at_once = |play: &Play| !matches!(play.steps.first(), Some(Step::Head));
        match script.plays.front() {
            Some(play) if is_at_once(play) => script.plays.pop_front(),
            None if is_at_once(&script.then) => Some(script.then.clone()),
            _ => None,
        }
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        // A connection that breaks is the client's business; the tests look at what it makes of it.
        connections.spawn(serve(stream, Arc::clone(&shared)));
    }
}

async fn serve(stream: TcpStream, shared: Arc<Shared>) -> io::Result<()> {
    let mut wire = Wire { stream, buffer: BytesMut::new() };
    loop {
        if let Some(play) = shared.at_once() {
            perform(&mut wire, &shared, &play, None).await?;
            return Ok(());
        }
        let Some(mut request) = wire.head().await? else { return Ok(()) };
        let path = request.target.split('?').next().unwrap_or_default();
        let sign_in = shared.sign_ins.iter().find(|(end, _)| path.ends_with(end));
        if let Some((_, answer)) = sign_in {
            request.whole = wire.body(&Framing::of(&request), &mut request.body, usize::MAX).await?;
            let play = {
                let mut script = shared.script();
                script.signed_in.push(request);
                script.sign_in_plays.pop_front()
            };
            if let Some(play) = play {
                perform(&mut wire, &shared, &play, None).await?;
                return Ok(());
            }
            let number = {
                let mut script = shared.script();
                script.issued += 1;
                script.issued
            };
            wire.stream.write_all(&answer(number).last().bytes()).await?;
            return wire.stream.shutdown().await;
        }
        let (play, place) = {
            let mut script = shared.script();
            script.received.push(request);
            let play = script.plays.pop_front().unwrap_or_else(|| script.then.clone());
            (play, script.received.len() - 1)
        };
        if !perform(&mut wire, &shared, &play, Some(place)).await? {
            return Ok(());
        }
    }
}

/// Whether the connection is kept.
async fn perform(wire: &mut Wire, shared: &Shared, play: &Play, place: Option<usize>) -> io::Result<bool> {
    for step in &play.steps {
        match step {
            Step::Head => {}
            Step::UpTo(_) | Step::Body => {
                let place = place.expect("a head before the body");
                let (framing, mut body) = {
                    let request = &mut shared.script().received[place];
                    (Framing::of(request), std::mem::take(&mut request.body))
                };
                let most = if let Step::UpTo(most) = step { *most } else { usize::MAX };
                let read = wire.body(&framing, &mut body, most).await;
                // Nothing when the script was replaced meanwhile.
                if let Some(request) = shared.script().received.get_mut(place) {
                    request.body = body;
                    request.whole = matches!(read, Ok(true));
                    request.executed = request.whole && !play.refuses;
                }
                read?;
            }
            Step::Send(bytes) => wire.stream.write_all(bytes).await?,
            Step::Drip(bytes, pause) => {
                for byte in bytes.iter() {
                    wire.stream.write_all(&[*byte]).await?;
                    sleep(*pause).await;
                }
            }
            Step::Repeat(bytes, pause) => loop {
                wire.stream.write_all(bytes).await?;
                sleep(*pause).await;
            },
            Step::Pause(pause) => sleep(*pause).await,
            Step::Meet(barrier) => {
                barrier.wait().await;
            }
            Step::Reset => {
                wire.stream.set_zero_linger()?;
                return Ok(false);
            }
            Step::Close => {
                wire.stream.shutdown().await?;
                return Ok(false);
            }
            Step::Hang => std::future::pending().await,
        }
    }
    Ok(true)
}

/// How the end of a body is found.
enum Framing {
    Length(usize),
    Chunks,
}

impl Framing {
    fn of(request: &Received) -> Self {
        match (request.header("transfer-encoding"), request.header("content-length")) {
            (Some("chunked"), None) => Self::Chunks,
            (None, length) => Self::Length(length.map_or(0, |length| length.parse().expect("a length"))),
            other => panic!("a body framed as {other:?}"),
        }
    }
}

/// A connection and what was read of it and is not used yet.
struct Wire {
    stream: TcpStream,
    buffer: BytesMut,
}

impl Wire {
    /// The head of the next request; `None` when the client has closed the connection.
    async fn head(&mut self) -> io::Result<Option<Received>> {
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
    async fn body(&mut self, framing: &Framing, body: &mut Vec<u8>, most: usize) -> io::Result<bool> {
        match framing {
            Framing::Length(length) => {
                self.piece(body, (*length).min(most)).await?;
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
            self.piece(body, body.len() + size).await?;
            self.piece(&mut Vec::new(), 2).await?;
            if size == 0 {
                return Ok(());
            }
        }
    }

    /// Lengthens `body` to `length` bytes.
    async fn piece(&mut self, body: &mut Vec<u8>, length: usize) -> io::Result<()> {
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
