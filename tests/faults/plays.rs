//! The faults that a raw server plays, one row of the table each.

use std::time::Duration;

use bytes::Bytes;
use support::raw::{
    Play, Response,
    Step::{Body, Close, Drip, Hang, Head, Pause, Repeat, Reset, Send, UpTo},
};

/// A row.
pub struct Fault {
    pub name: &'static str,
    pub goes: Goes,
    pub times: Times,
    pub limits: Limits,
}

/// What goes wrong.
#[derive(Clone, Copy)]
pub enum Goes {
    /// Nobody listens.
    Refused,
    /// The server does this in place of the response that it should give.
    Wrong(fn(&Response) -> Play),
    /// The server gives another response: a status and one header.
    Status(u16, Option<(&'static str, &'static str)>),
}

/// For how many tries.
#[derive(Clone, Copy, PartialEq)]
pub enum Times {
    Once,
    Twice,
    Always,
}

/// How long the client waits.
#[derive(Clone, Copy, PartialEq)]
pub enum Limits {
    /// Much longer than any fault takes.
    Wide,
    /// Seconds, for a request and for nothing to move: for faults that end with a limit.
    Short,
    /// Seconds for a request, with a wide limit for nothing to move.
    ShortRequest,
}

/// The limit that [`Limits`] speaks of. A healthy request has to keep it on a busy machine.
pub const SHORT: Duration = Duration::from_secs(3);
/// Between two bytes of a drip.
const DRIP: Duration = Duration::from_millis(5);
/// So many bytes of a drip take longer than [`SHORT`].
const SLOW: usize = 1000;
/// Gives the client time to read what was sent, since an RST may overtake it.
const READ: Duration = Duration::from_millis(50);

use Goes::{Refused, Status, Wrong};
use Limits::{Short, ShortRequest, Wide};
use Times::{Always, Once, Twice};

/// In the order of the table.
pub const FAULTS: &[Fault] = &[
    row("nobody listens, twice", Refused, Twice, Wide),
    row("nobody listens", Refused, Always, Wide),
    row("reset before it is read, once", Wrong(|_| Play::of([Head, Reset])), Once, Wide),
    row("reset before it is read", Wrong(|_| Play::of([Head, Reset])), Always, Wide),
    row("reset while it is read", Wrong(|_| Play::of([Head, UpTo(100), Reset])), Once, Wide),
    row("reset before the response, once", Wrong(|_| Play::of([Head, Body, Reset])), Once, Wide),
    row("reset before the response", Wrong(|_| Play::of([Head, Body, Reset])), Always, Wide),
    row("closed before the response, once", Wrong(|_| Play::of([Head, Body, Close])), Once, Wide),
    row("closed before the response", Wrong(|_| Play::of([Head, Body, Close])), Always, Wide),
    row("reset in the head, once", Wrong(|good| reset_after(&half(&good.bytes(), 2))), Once, Wide),
    row("reset after the head, once", Wrong(|good| reset_after(&good.head(good.body.len()))), Once, Wide),
    row("reset in the body, once", Wrong(|good| reset_after(&broken(good))), Once, Wide),
    row("reset in the body", Wrong(|good| reset_after(&broken(good))), Always, Wide),
    row("cut off in the body, once", Wrong(|good| cut_off(&broken(good))), Once, Wide),
    row("cut off in the body", Wrong(|good| cut_off(&broken(good))), Always, Wide),
    row("cut off in a chunk, once", Wrong(|good| cut_off(&chunked(good, "fff"))), Once, Wide),
    row("chunks without the last one, once", Wrong(|good| cut_off(&chunked(good, ""))), Once, Wide),
    row("a chunk without a size, once", Wrong(|good| cut_off(&chunked(good, "size"))), Once, Wide),
    row("a length short of the body", Wrong(short), Once, Wide),
    row("two lengths, once", Wrong(|good| with(good, &[&length(good, 0), &length(good, 1)])), Once, Wide),
    row("a length that is not a number, once", Wrong(|good| with(good, &["content-length: many"])), Once, Wide),
    row("neither a length nor chunks", Wrong(|good| with(good, &["connection: close"])), Once, Wide),
    row("no status line, once", Wrong(|good| cut_off(&[b"\0\xff\r\n", &good.bytes()[..]].concat())), Once, Wide),
    row("no status line", Wrong(|good| cut_off(&[b"\0\xff\r\n", &good.bytes()[..]].concat())), Always, Wide),
    row("another protocol, once", Wrong(|_| cut_off(b"SSH-2.0-OpenSSH_9.6\r\n")), Once, Wide),
    row("a head without end, once", Wrong(|good| cut_off(&endless(good))), Once, Wide),
    row("100 before the response", Wrong(|good| interim("100 Continue", 1, good)), Once, Wide),
    row("103 before the response", Wrong(|good| interim("103 Early Hints\r\nlink: </a>", 1, good)), Once, Wide),
    row("a thousand of 103 before the response", Wrong(|good| interim("103 Early Hints", 1000, good)), Once, Wide),
    row("101 that nobody asked for", Wrong(|good| interim("101 Switching Protocols", 1, good)), Once, Wide),
    row("gzip that nobody asked for", Wrong(bomb), Once, Wide),
    row("413 before it is read", Wrong(|_| Play::of([Head, Send(too_large()), Hang])), Once, Wide),
    row("400", Status(400, None), Always, Wide),
    row("401, once", Status(401, None), Once, Wide),
    row("401", Status(401, None), Always, Wide),
    row("408, once", Status(408, None), Once, Wide),
    row("429, once", Status(429, None), Once, Wide),
    row("429", Status(429, None), Always, Wide),
    row("429, after 0 seconds, once", Status(429, Some(("retry-after", "0"))), Once, Wide),
    row("429, after 1 second, once", Status(429, Some(("retry-after", "1"))), Once, Wide),
    row("429, after an hour", Status(429, Some(("retry-after", "3600"))), Always, Wide),
    row("429, after a number without end", Status(429, Some(("retry-after", DIGITS))), Always, Wide),
    row("429, after a date that is past, once", Status(429, Some(("retry-after", PAST))), Once, Wide),
    row("429, after a date far off", Status(429, Some(("retry-after", FAR))), Always, Wide),
    row("429, after what can't be read, once", Status(429, Some(("retry-after", "soon"))), Once, Wide),
    row("500", Status(500, None), Always, Wide),
    row("501", Status(501, None), Always, Wide),
    row("502, once", Status(502, None), Once, Wide),
    row("503, twice", Status(503, None), Twice, Wide),
    row("503", Status(503, None), Always, Wide),
    row("503, after an hour", Status(503, Some(("retry-after", "3600"))), Always, Wide),
    row("504, once", Status(504, None), Once, Wide),
    row("307 to elsewhere", Status(307, Some(("location", "http://elsewhere.test/"))), Always, Wide),
    row("stalls before it is read", Wrong(|_| Play::of([Head, Hang])), Once, Short),
    row("stalls before the response", Wrong(|_| Play::of([Head, Body, Hang])), Once, Short),
    row("stalls in the head", Wrong(|good| stall(&half(&good.bytes(), 2))), Once, Short),
    row("stalls after the head", Wrong(|good| stall(&good.head(good.body.len()))), Once, Short),
    row("stalls in the body", Wrong(|good| stall(&broken(good))), Once, Short),
    row("103 without end", Wrong(|_| Play::of([Head, Body, Repeat(hints(), DRIP)])), Once, Short),
    row("drips, byte by byte", Wrong(drip), Once, ShortRequest),
];

const DIGITS: &str = "99999999999999999999999";
const PAST: &str = "Wed, 21 Oct 2015 07:28:00 GMT";
const FAR: &str = "Tue, 31 Dec 2999 23:59:59 GMT";

const fn row(name: &'static str, goes: Goes, times: Times, limits: Limits) -> Fault {
    Fault { name, goes, times, limits }
}

impl Goes {
    /// What the server does, if there is one.
    pub fn play(self, good: &Response) -> Option<Play> {
        match self {
            Refused => None,
            Wrong(play) => Some(play(good)),
            Status(status, header) => {
                let response = Response::new(status, "").last();
                let response =
                    header.into_iter().fold(response, |response, (name, value)| response.header(name, value));
                Some(Play::response(&response))
            }
        }
    }
}

fn half(bytes: &[u8], parts: usize) -> Bytes {
    Bytes::copy_from_slice(&bytes[..bytes.len() / parts])
}

/// The head, and one half of the body that it promises.
fn broken(good: &Response) -> Bytes {
    [good.head(good.body.len()), half(&good.body, 2)].concat().into()
}

fn reset_after(bytes: &[u8]) -> Play {
    Play::of([Head, Body, Send(Bytes::copy_from_slice(bytes)), Pause(READ), Reset])
}

fn cut_off(bytes: &[u8]) -> Play {
    Play::of([Head, Body, Send(Bytes::copy_from_slice(bytes)), Close])
}

fn stall(bytes: &[u8]) -> Play {
    Play::of([Head, Body, Send(Bytes::copy_from_slice(bytes)), Hang])
}

/// The response in one chunk, and then `next` in place of the size of the last one.
fn chunked(good: &Response, next: &str) -> Bytes {
    let head = format!("{}transfer-encoding: chunked\r\n\r\n{:x}\r\n", good.open_head(), good.body.len());
    let rest = if next.is_empty() { "\r\n".to_owned() } else { format!("\r\n{next}\r\nab") };
    [head.as_bytes(), &good.body, rest.as_bytes()].concat().into()
}

/// The head with these lines, the body, and the end of the connection.
fn with(good: &Response, lines: &[&str]) -> Play {
    let head = format!("{}{}\r\n\r\n", good.open_head(), lines.join("\r\n"));
    cut_off(&[head.as_bytes(), &good.body].concat())
}

fn length(good: &Response, more: usize) -> String {
    format!("content-length: {}", good.body.len() + more)
}

/// A length that is less than what follows. The connection is kept: what is too much must
/// not become the next response.
fn short(good: &Response) -> Play {
    let kept = Response { headers: Vec::new(), ..good.clone() };
    let bytes = [kept.head(good.body.len() - 1), good.body.clone()].concat();
    Play::of([Head, Body, Send(bytes.into())])
}

fn endless(good: &Response) -> Vec<u8> {
    (good.open_head() + &"x-more: and more\r\n".repeat(100_000)).into_bytes()
}

/// Responses before the response.
fn interim(status: &str, times: usize, good: &Response) -> Play {
    let before = format!("HTTP/1.1 {status}\r\n\r\n").repeat(times);
    cut_off(&[before.as_bytes(), &good.bytes()].concat())
}

fn hints() -> Bytes {
    Bytes::from_static(b"HTTP/1.1 103 Early Hints\r\n\r\n")
}

fn too_large() -> Bytes {
    Response::new(413, "").last().bytes()
}

/// Ten kilobytes that would become ten megabytes, as the body of the response.
pub fn bomb(good: &Response) -> Play {
    let packed = Response { body: gzip(), ..good.clone().header("content-encoding", "gzip").last() };
    Play::response(&packed)
}

/// A gzip member of 10 485 895 zero bytes: one literal, 40 643 matches of 258 bytes with
/// codes of zero bits, the end.
pub fn gzip() -> Bytes {
    let start = b"\x1f\x8b\x08\0\0\0\0\0\0\xff\xed\xc0\x81\0\0\0\0\x80\xa0\xfd\xa9\x17\xa9";
    let end = b"\x80\x01\x2d\x3a\xfd\x2f\x87\0\xa0\0";
    [&start[..], &[0; 10_160], &end[..]].concat().into()
}

/// All of the response, slower than a request may be.
fn drip(good: &Response) -> Play {
    let padding = "x".repeat(SLOW.saturating_sub(good.body.len()));
    let slow = good.clone().header("x-padding", &padding);
    Play::of([Head, Body, Drip(slow.bytes(), DRIP), Close])
}
