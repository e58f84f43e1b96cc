//! A server of bare TCP that plays faults: what it does with each request is written down
//! step by step, down to the reset of the connection. It keeps what it has read of every
//! request, and can stop listening and begin again at the same port.
//!
//! Clients reach it under a name, so that it is asked at every attempt to connect and can
//! decide when somebody listens.

mod play;
mod wire;

use std::{
    collections::VecDeque,
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpSocket, TcpStream},
    task::{JoinHandle, JoinSet},
    time::sleep,
};

pub use self::play::{Play, Received, Response, Step};
use self::wire::{Framing, Wire};

/// What a request for a credential looks like, and the response to the one with this number, from 1.
pub type SignIn = (&'static str, fn(u64) -> Response);

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
    /// What is done with the next requests for a credential, once they are read, in place
    /// of a response.
    sign_in_plays: VecDeque<Play>,
}

/// Who listens.
struct Desk {
    /// Bound to the port and not listening, so that nobody else gets the port, and
    /// whoever connects is refused.
    reserve: Option<TcpSocket>,
    listener: Option<JoinHandle<()>>,
    tries: usize,
    /// How many tries to connect come to nothing before the server listens again.
    refusals: Option<usize>,
    /// Listens and accepts nobody, with what fills its queue.
    full: Option<(std::net::TcpListener, std::net::TcpStream)>,
}

impl Raw {
    /// A server that answers requests for a credential by `sign_ins`, by the end of their
    /// path, and all others as `then`.
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

    /// Lets the next requests have these plays, and the requests after them `then`;
    /// forgets what was received.
    pub fn arm(&self, plays: impl IntoIterator<Item = Play>, then: Play) {
        let mut script = self.script();
        script.plays = plays.into_iter().collect();
        script.then = then;
        script.received.clear();
        script.signed_in.clear();
    }

    /// Lets all further requests have this play; forgets nothing.
    pub fn then(&self, then: Play) {
        self.script().then = then;
    }

    /// Lets the next requests for a credential have these plays, which begin when such a
    /// request was read.
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

    /// Ends all connections and listens no more, until `refusals` tries to connect were
    /// refused; without a number, until [`listen`](Self::listen).
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

    /// Ends all connections and accepts no more, while the system's queue of connections
    /// is full, until `tries` tries to connect were in vain. Nothing answers whoever
    /// connects: not on every system, but on Linux.
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
    let mut wire = Wire::new(stream);
    loop {
        if let Some(play) = shared.at_once() {
            perform(&mut wire, &shared, &play, None).await?;
            return Ok(());
        }
        let Some(mut request) = wire.head().await? else { return Ok(()) };
        let path = request.target.split('?').next().unwrap_or_default();
        let sign_in = shared.sign_ins.iter().find(|(end, _)| path.ends_with(end));
        if let Some((_, response)) = sign_in {
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
            wire.stream.write_all(&response(number).last().bytes()).await?;
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
