//! A sandbox that runs, as a test holds it: the same for every interface, but for the state inside.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use axum::Router;

use super::{
    app::App,
    fault::Order,
    record::Request,
    server::{Interface, Server},
};

/// A free port of 127.0.0.1.
pub(crate) const ANY_PORT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// A running sandbox of the interface that has the state `S`. Dropping it stops it: connections that are idle are
/// closed, and requests that are being answered get their answer.
#[derive(Debug)]
pub struct Sandbox<S> {
    server: Server,
    app: App<S>,
}

impl<S> Sandbox<S> {
    /// Starts an interface's sandbox.
    pub(crate) async fn open(
        address: SocketAddr,
        interface: Interface,
        app: App<S>,
        router: impl FnOnce(App<S>) -> Router,
    ) -> io::Result<Self> {
        let server = Server::start(address, interface, router(app.clone())).await?;
        Ok(Self { server, app })
    }

    /// Where the sandbox answers, such as `http://127.0.0.1:40123`.
    #[must_use]
    pub fn url(&self) -> &str {
        self.server.url()
    }

    /// Looks at the state, or changes it. Requests wait meanwhile, so the sandbox must not be used inside.
    pub fn state<R>(&self, look: impl FnOnce(&mut S) -> R) -> R {
        self.app.with(look)
    }

    /// The requests received so far, in the order in which they arrived.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.server.records().all()
    }

    /// How many requests there were of an operation, whatever was answered.
    ///
    /// # Panics
    ///
    /// When the interface has no such operation.
    #[must_use]
    pub fn count(&self, operation: &str) -> usize {
        self.server.count(operation)
    }

    /// Orders a fault for the next request of an operation, or for several: `Fault::Status(503).times(2)`.
    ///
    /// # Panics
    ///
    /// When the interface has no such operation, or when the fault's status is not between 200 and 599.
    pub fn fault(&self, operation: &str, fault: impl Into<Order>) {
        self.server.fault(operation, fault.into());
    }

    /// The ids of the interface's operations, in the order of its document.
    pub fn operations(&self) -> impl Iterator<Item = &'static str> {
        self.server.operations()
    }
}
