//! A sandbox that runs, as a test holds it: the same for every interface, except for the state inside.

use std::{
    fmt, io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use tokio::{net::TcpListener, sync::oneshot};

use super::{
    clock::Clock,
    fault::{ANY, Order},
    interface::Interface,
    modes::Modes,
    record::Request,
    server::{self, Desk, Watch},
};

/// A free port of 127.0.0.1.
const ANY_PORT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// A running sandbox of the interface that has the state `S`. Dropping it stops it:
/// connections that are idle are closed, and requests under way get their
/// response.
pub struct Sandbox<S> {
    url: String,
    desk: Arc<Desk<S>>,
    operations: Vec<&'static str>,
    /// Dropping the sender is the sign to stop.
    _stop: oneshot::Sender<()>,
}

impl<S: Interface> Sandbox<S> {
    /// Starts a sandbox at a free port of 127.0.0.1, within the current tokio runtime.
    ///
    /// # Errors
    ///
    /// When the port can't be opened.
    pub async fn start() -> io::Result<Self> {
        Self::start_at(ANY_PORT).await
    }

    /// Starts a sandbox at an address of your choice.
    ///
    /// # Errors
    ///
    /// When the address can't be listened at.
    pub async fn start_at(address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let url = format!("http://{}", listener.local_addr()?);
        Ok(Self::serve(listener, url, Vec::new(), None))
    }

    /// Starts a sandbox that says to be at `url`, for requests to these hosts, or any if there are none, which tells `watch` of
    /// each.
    pub(crate) fn serve(listener: TcpListener, url: String, hosts: Vec<String>, watch: Option<Watch>) -> Self {
        let desk = Arc::new(Desk::new(hosts, watch));
        let operations = S::OPERATIONS.iter().map(|operation| operation.id).collect();
        let (stop, stopped) = oneshot::channel();
        server::serve(listener, desk.clone(), stopped);
        Self { url, desk, operations, _stop: stop }
    }
}

impl<S: Interface> Sandbox<S> {
    /// Moves the sandbox's clock on.
    pub fn advance(&self, time: Duration) {
        let ms = i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
        self.desk.app.with(|state| state.clock().advance(ms));
    }

    /// Begins again: with the state of the start, without faults, modes and requests.
    pub fn reset(&self) {
        self.desk.app.with(|state| {
            *state = S::initial();
            self.desk.resets.fetch_add(1, Ordering::Relaxed);
        });
        self.clear_faults();
        self.clear_requests();
        self.modes(|modes| *modes = Modes::default());
    }

    /// How often it began again. Changes with the state, so that both may be looked at together.
    pub(crate) fn resets(&self) -> usize {
        self.desk.resets.load(Ordering::Relaxed)
    }

    /// The sandbox's clock, to look at or to change.
    pub(crate) fn clock<R>(&self, look: impl FnOnce(&mut Clock) -> R) -> R {
        self.desk.app.with(|state| look(state.clock()))
    }
}

impl<S> Sandbox<S> {
    /// Where the sandbox listens, such as `http://127.0.0.1:40123`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Looks at the state, or changes it. Requests wait meanwhile, so the sandbox must
    /// not be used inside.
    pub fn state<R>(&self, look: impl FnOnce(&mut S) -> R) -> R {
        self.desk.app.with(look)
    }

    /// The requests received so far, in the order in which they arrived: the last 10,000, or as many as 16 MiB of
    /// paths, headers and bodies allow.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.desk.records.all()
    }

    /// How many requests there were of an operation, whatever the response was.
    ///
    /// # Panics
    ///
    /// When the interface has no such operation.
    #[must_use]
    pub fn count(&self, operation: &str) -> usize {
        self.insist(operation);
        self.desk.records.count(operation)
    }

    /// Orders a fault for the next request of an operation, or for several:
    /// `Fault::Status(503).times(2)`.
    ///
    /// # Panics
    ///
    /// When the interface has no such operation, or when the fault's status is not
    /// between 200 and 599.
    pub fn fault(&self, operation: &str, fault: impl Into<Order>) {
        self.insist(operation);
        let order = fault.into();
        let status = order.fault().status();
        assert!(
            status.is_none_or(|status| (200..600).contains(&status)),
            "{status:?} can't be the status of a response"
        );
        self.desk.faults.order(operation, order);
    }

    /// Orders a fault for the next request of any operation, unless that has one of its own.
    pub(crate) fn fault_of_any(&self, order: Order) {
        self.desk.faults.order(ANY, order);
    }

    /// Takes back all faults that were ordered and not used yet.
    pub fn clear_faults(&self) {
        self.desk.faults.clear();
    }

    /// The faults that were ordered and not used yet, by operation.
    pub(crate) fn waiting_faults(&self) -> Vec<(String, Order)> {
        self.desk.faults.waiting()
    }

    /// Forgets the requests received so far, and how many there were.
    pub fn clear_requests(&self) {
        self.desk.records.clear();
    }

    /// Switches what every response is like from now on, or looks at it:
    /// `sandbox.modes(|modes| modes.nulls = true)`. A response that a fault has of its own stays as it is.
    pub fn modes<R>(&self, switch: impl FnOnce(&mut Modes) -> R) -> R {
        switch(&mut self.desk.modes.lock())
    }

    /// The ids of the interface's operations, in the same order every time.
    pub fn operations(&self) -> impl Iterator<Item = &'static str> {
        self.operations.iter().copied()
    }

    /// Panics for an unknown operation, where a test would otherwise wait in vain.
    fn insist(&self, operation: &str) {
        assert!(self.operations.contains(&operation), "the interface has no operation `{operation}`");
    }
}

impl<S> fmt::Debug for Sandbox<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").field("url", &self.url).finish_non_exhaustive()
    }
}
