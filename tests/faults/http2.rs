//! What becomes of a call when an HTTP/2 server ends its stream or the connection. The
//! server is written by hand, frame by frame (RFC 9113), so that it can do what none
//! should. A request that must not be executed twice is sent again only when the server
//! has proved that it did not process it; without a retry policy, nothing is.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use casewire::{Config, RetryPolicy, contractor::Client};
use support::quick::quick;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::{
    calls::{CALL, desk, failed, new_call},
    plain, policy,
};

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;
/// Of DATA and HEADERS; of SETTINGS it is ACK.
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
/// `:status: 200`, the eighth of the static table (RFC 7541, appendix A).
const STATUS_200: &[u8] = &[0x88];

const NO_ERROR: u32 = 0;
const INTERNAL_ERROR: u32 = 2;
const REFUSED_STREAM: u32 = 7;
const CANCEL: u32 = 8;
const ENHANCE_YOUR_CALM: u32 = 11;

/// What the server does in place of a response.
#[derive(Debug, Clone, Copy)]
enum Fault {
    /// Ends the stream for this reason.
    Reset(u32),
    /// Begins a response, and ends the stream for this reason.
    ResetAfterHead(u32),
    /// Names the stream before as the last one, for this reason, and closes the connection.
    GoAwayBefore(u32),
    /// Names this stream as the last one, for this reason, and closes the connection.
    GoAwayAfter(u32),
    /// Says that it is about to close the connection, as servers do that close it
    /// gracefully, and closes it.
    GoAwaySoon,
}

/// The server of one test, which does a fault with the first so many requests.
struct Peer {
    fault: Fault,
    times: usize,
    /// How many requests it has read to their end.
    seen: AtomicUsize,
}

impl Peer {
    /// Where it listens.
    async fn start(fault: Fault, times: usize) -> (Arc<Self>, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let peer = Arc::new(Self { fault, times, seen: AtomicUsize::new(0) });
        let server = Arc::clone(&peer);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = Arc::clone(&server);
                // A connection that breaks is the client's business.
                tokio::spawn(async move { server.serve(stream).await });
            }
        });
        (peer, origin)
    }

    async fn serve(&self, mut stream: TcpStream) -> io::Result<()> {
        let mut preface = [0; 24];
        stream.read_exact(&mut preface).await?;
        assert_eq!(&preface, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        stream.write_all(&frame(SETTINGS, 0, 0, &[])).await?;
        loop {
            let mut head = [0; 9];
            stream.read_exact(&mut head).await?;
            let [a, b, c, kind, flags, id @ ..] = head;
            let mut payload = vec![0; u32::from_be_bytes([0, a, b, c]) as usize];
            stream.read_exact(&mut payload).await?;
            match kind {
                SETTINGS if flags & END_STREAM == 0 => stream.write_all(&frame(SETTINGS, END_STREAM, 0, &[])).await?,
                HEADERS | DATA if flags & END_STREAM != 0 => {
                    let is_last = self.respond(&mut stream, u32::from_be_bytes(id)).await?;
                    if is_last {
                        return stream.shutdown().await;
                    }
                }
                _ => {}
            }
        }
    }

    /// Does with a request what is to be done; whether the connection is closed then.
    async fn respond(&self, stream: &mut TcpStream, id: u32) -> io::Result<bool> {
        let begun = frame(HEADERS, END_HEADERS, id, STATUS_200);
        if self.seen.fetch_add(1, Ordering::SeqCst) >= self.times {
            let body = frame(DATA, END_STREAM, id, format!(r#"{{"id":{CALL}}}"#).as_bytes());
            stream.write_all(&[begun, body].concat()).await?;
            return Ok(false);
        }
        let reset = |reason: u32| frame(RST_STREAM, 0, id, &reason.to_be_bytes());
        let go_away =
            |last: u32, reason: u32| frame(GOAWAY, 0, 0, &[last.to_be_bytes(), reason.to_be_bytes()].concat());
        let (bytes, is_last) = match self.fault {
            Fault::Reset(reason) => (reset(reason), false),
            Fault::ResetAfterHead(reason) => ([begun, reset(reason)].concat(), false),
            Fault::GoAwayBefore(reason) => (go_away(id.saturating_sub(2), reason), true),
            Fault::GoAwayAfter(reason) => (go_away(id, reason), true),
            Fault::GoAwaySoon => (go_away(u32::MAX >> 1, NO_ERROR), true),
        };
        stream.write_all(&bytes).await?;
        Ok(is_last)
    }
}

fn frame(kind: u8, flags: u8, id: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &id.to_be_bytes(), payload].concat()
}

/// The operations of the table.
#[derive(Debug, Clone, Copy)]
enum Call {
    /// `createCall`: not idempotent, with a body.
    Post,
    /// `lockUser`: not idempotent, without a body.
    PostWithoutBody,
    /// `getCall`: idempotent.
    Get,
}

impl Call {
    async fn make(self, client: &Client) -> String {
        let error = match self {
            Self::Post => client.create_call().body(new_call()).send().await.err().map(|e| failed(&e).0),
            Self::PostWithoutBody => client.lock_user().id(7).send().await.err().map(|e| failed(&e).0),
            Self::Get => client.get_call().id(CALL).send().await.err().map(|e| failed(&e).0),
        };
        error.unwrap_or_else(|| "ok".to_owned())
    }
}

/// How many requests the server sees and what the call comes to, without retries and
/// with three attempts.
async fn check(fault: Fault, times: usize, call: Call, expect: [(usize, &str); 2]) {
    for (policy, expect) in [RetryPolicy::never(), policy()].into_iter().zip(expect) {
        let (peer, origin) = Peer::start(fault, times).await;
        let config: Config = quick(&origin).retry(policy).http(|http| plain(http).http2_prior_knowledge());
        let client = Client::connect(config, desk()).unwrap();
        let told = call.make(&client).await;
        let seen = peer.seen.load(Ordering::SeqCst);
        assert_eq!((seen, told.as_str()), expect, "{fault:?} {times} times, {call:?}, {policy:?}");
    }
}

const ALWAYS: usize = usize::MAX;
/// An error that says that the server has not processed the request; one that leaves it
/// open, but says that the same call may be made again; and one that says neither.
const NOT_SENT: &str = "transport/Transport* not_sent";
const AGAIN: &str = "transport/Transport* unknown";
const UNKNOWN: &str = "transport/Transport unknown";

#[tokio::test]
async fn a_request_that_was_provably_not_processed_is_repeated() {
    use Fault::{GoAwayBefore, Reset};
    for fault in [Reset(REFUSED_STREAM), GoAwayBefore(NO_ERROR), GoAwayBefore(ENHANCE_YOUR_CALM)] {
        // A goodbye proves nothing for a request without a body, which is sent again
        // because it is idempotent.
        let read = if matches!(fault, Reset(_)) { NOT_SENT } else { AGAIN };
        for (call, told) in [(Call::Post, NOT_SENT), (Call::Get, read)] {
            check(fault, 1, call, [(1, told), (2, "ok")]).await;
            check(fault, 2, call, [(1, told), (3, "ok")]).await;
            check(fault, ALWAYS, call, [(1, told), (3, told)]).await;
        }
    }
}

/// Without a body, it can't be told from one that was sent when the server said goodbye.
#[tokio::test]
async fn a_goodbye_proves_nothing_for_a_request_without_a_body() {
    check(Fault::Reset(REFUSED_STREAM), 1, Call::PostWithoutBody, [(1, NOT_SENT), (2, "ok")]).await;
    check(Fault::GoAwayBefore(NO_ERROR), 1, Call::PostWithoutBody, [(1, UNKNOWN), (1, UNKNOWN)]).await;
}

#[tokio::test]
async fn a_request_that_may_have_been_processed_is_not() {
    use Fault::{GoAwayAfter, GoAwaySoon, Reset, ResetAfterHead};
    // A response without a body that matters is a response nevertheless.
    check(ResetAfterHead(REFUSED_STREAM), ALWAYS, Call::PostWithoutBody, [(1, "ok"), (1, "ok")]).await;
    check(ResetAfterHead(REFUSED_STREAM), ALWAYS, Call::Post, [(1, UNKNOWN), (1, UNKNOWN)]).await;
    for fault in [
        Reset(NO_ERROR),
        Reset(INTERNAL_ERROR),
        Reset(CANCEL),
        Reset(ENHANCE_YOUR_CALM),
        GoAwayAfter(NO_ERROR),
        GoAwayAfter(ENHANCE_YOUR_CALM),
        GoAwaySoon,
    ] {
        check(fault, ALWAYS, Call::Post, [(1, UNKNOWN), (1, UNKNOWN)]).await;
        check(fault, ALWAYS, Call::PostWithoutBody, [(1, UNKNOWN), (1, UNKNOWN)]).await;
        check(fault, 1, Call::Get, [(1, AGAIN), (2, "ok")]).await;
        check(fault, ALWAYS, Call::Get, [(1, AGAIN), (3, AGAIN)]).await;
    }
}
