//! The ends of a connection that the HTTP server doesn't hand out: cutting it off, and
//! reading what nobody has read. A server can't be told to send no response, so the
//! connection underneath it refuses to write.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use axum::{
    body::{Body, BodyDataStream, Bytes},
    extract::connect_info::Connected,
    serve::{IncomingStream, Listener},
};
use futures_util::{Stream, StreamExt};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
};

use crate::record::KEPT;

/// Cuts one connection.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cut(Arc<AtomicBool>);

impl Cut {
    /// Makes every further write fail, upon which the server gives the connection up.
    pub(crate) fn cut(&self) {
        self.0.store(true, Ordering::Release);
    }

    fn check(&self) -> io::Result<()> {
        if self.0.load(Ordering::Acquire) { Err(io::ErrorKind::ConnectionAborted.into()) } else { Ok(()) }
    }
}

impl Connected<IncomingStream<'_, Wires>> for Cut {
    fn connect_info(stream: IncomingStream<'_, Wires>) -> Self {
        stream.io().cut.clone()
    }
}

/// The listener.
pub(crate) struct Wires(pub(crate) TcpListener);

/// One connection.
pub(crate) struct Wire {
    stream: TcpStream,
    cut: Cut,
}

impl Listener for Wires {
    type Io = Wire;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Wire, SocketAddr) {
        let (stream, peer) = Listener::accept(&mut self.0).await;
        (Wire { stream, cut: Cut::default() }, peer)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.cut.check()?;
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.cut.check()?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// The part of a request's body that its handler didn't read. It is shared between the
/// body that the handler gets and the desk, which keeps the first of it for the record.
#[derive(Clone)]
pub(crate) struct Leftover(Arc<Mutex<Rest>>);

struct Rest {
    /// Gone once it has ended or failed.
    stream: Option<BodyDataStream>,
    /// The first of what came.
    kept: Vec<u8>,
}

impl Leftover {
    /// A body for the handler, and the handle to what it leaves over.
    pub(crate) fn split(body: Body) -> (Body, Self) {
        let rest = Rest { stream: Some(body.into_data_stream()), kept: Vec::new() };
        let leftover = Self(Arc::new(Mutex::new(rest)));
        (Body::from_stream(leftover.clone()), leftover)
    }

    /// Reads the rest and forgets it; gives the first of the whole.
    pub(crate) async fn drain(mut self) -> Bytes {
        while self.next().await.is_some() {}
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner).kept).into()
    }
}

impl Stream for Leftover {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut rest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(stream) = rest.stream.as_mut() else { return Poll::Ready(None) };
        let item = stream.poll_next_unpin(cx);
        match &item {
            Poll::Ready(Some(Ok(chunk))) => {
                let room = KEPT - rest.kept.len();
                rest.kept.extend_from_slice(&chunk[..chunk.len().min(room)]);
            }
            Poll::Ready(None | Some(Err(_))) => rest.stream = None,
            Poll::Pending => {}
        }
        item
    }
}
