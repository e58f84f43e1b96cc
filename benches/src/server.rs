//! A server that responds to each request with the same bytes, at once: as little work beside the client's as may be. It keeps
//! connections, has a thread for each, and reads no more of a request than its length.

use std::{
    io::{self, ErrorKind, Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    sync::Arc,
    thread,
};

use tokio::net::TcpSocket;

/// How long the file is that it sends, in bytes.
pub const FILE: u64 = 1 << 30;
/// A call with everything that one has, 2.3 KB.
pub const CALL: &str = include_str!("../data/call.json");
/// The id of the call that doesn't exist.
pub const NO_CALL: i64 = 404;

/// How much is read or written of a file at a time, in bytes.
const CHUNK: usize = 1 << 20;
/// How many connections may wait to be accepted, unless the system allows less.
const BACKLOG: u32 = 10_000;
/// What a thread needs that keeps a connection, in bytes.
const STACK: usize = 64 << 10;

const MESSAGE: &str = r#"{"date":"2026-03-02T09:10:00Z","id":40002,"message":"Выезжаю, буду к 11:00","owner":{"id":7,"isLocked":false,"name":"ivanov"},"timestamp":1004}"#;
const CREATED: &str =
    r#"{"created":"2026-03-02T08:15:00Z","id":683913,"number":"C-683913","tasks":[{"id":91001},{"id":91002}]}"#;
const TOKENS: &str = r#"{"access":{"token":"token","expiresIn":null},"service":{"token":"service","expiresIn":null}}"#;

/// Listens at a free port, prints where, and serves until the process ends.
///
/// # Errors
/// When there is no port to listen at.
pub fn serve() -> io::Result<()> {
    let listener = listen()?;
    println!("http://{}", listener.local_addr()?);
    let responses = Arc::new(Responses::new());
    for stream in listener.incoming() {
        let stream = stream?;
        stream.set_nodelay(true)?;
        // A client that has what it wants may go.
        let responses = Arc::clone(&responses);
        thread::Builder::new().stack_size(STACK).spawn(move || connection(stream, &responses).ok())?;
    }
    Ok(())
}

/// A listener that has room for thousands of connections that come at the same time, which that of the standard library hasn't:
/// those that find none come again after seconds.
fn listen() -> io::Result<TcpListener> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    let _entered = runtime.enter();
    let socket = TcpSocket::new_v4()?;
    socket.bind((Ipv4Addr::LOCALHOST, 0).into())?;
    let listener = socket.listen(BACKLOG)?.into_std()?;
    listener.set_nonblocking(false)?;
    Ok(listener)
}

fn connection(mut stream: TcpStream, responses: &Responses) -> io::Result<()> {
    let (mut buffer, mut filled) = (vec![0; 4096], 0);
    loop {
        let end = loop {
            if let Some(end) = buffer[..filled].windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            if filled == buffer.len() {
                buffer.resize(2 * filled, 0);
            }
            match stream.read(&mut buffer[filled..])? {
                0 => return Ok(()),
                read => filled += read,
            }
        };
        let head = std::str::from_utf8(&buffer[..end]).map_err(|e| io::Error::new(ErrorKind::InvalidData, e))?;
        let mut words = head.split(' ');
        let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let sends_file = method == "GET" && (path == "/file" || path.contains("/attachment"));
        let response = responses.to(method, path);
        let length = length(head)?;
        let read = (filled - end).min(length);
        skip(&mut stream, length - read)?;
        buffer.copy_within(end + read..filled, 0);
        filled -= end + read;
        match sends_file {
            true => send_file(&mut stream)?,
            false => stream.write_all(response)?,
        }
    }
}

/// The length of a request's body.
fn length(head: &str) -> io::Result<usize> {
    let value = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse())
    });
    value.unwrap_or(Ok(0)).map_err(|e| io::Error::new(ErrorKind::InvalidData, e))
}

/// Reads so many bytes, and forgets them.
fn skip(stream: &mut TcpStream, length: usize) -> io::Result<()> {
    let (mut chunk, mut left) = (vec![0; length.min(CHUNK)], length);
    while left > 0 {
        let most = left.min(chunk.len());
        match stream.read(&mut chunk[..most])? {
            0 => return Err(ErrorKind::UnexpectedEof.into()),
            read => left -= read,
        }
    }
    Ok(())
}

fn send_file(stream: &mut TcpStream) -> io::Result<()> {
    let chunk = vec![7; CHUNK];
    write!(stream, "HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\ncontent-length: {FILE}\r\n\r\n")?;
    for _ in 0..FILE / CHUNK as u64 {
        stream.write_all(&chunk)?;
    }
    Ok(())
}

/// What is sent, head and body.
struct Responses {
    call: Vec<u8>,
    no_call: Vec<u8>,
    created: Vec<u8>,
    message: Vec<u8>,
    tokens: Vec<u8>,
    nothing: Vec<u8>,
}

impl Responses {
    fn new() -> Self {
        // As ASP.NET writes them.
        let response = |status: &str, body: &str| {
            let length = body.len();
            format!(
                "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nContent-Type: application/json; charset=utf-8\r\n\
                 Server: Microsoft-IIS/10.0\r\nX-Powered-By: ASP.NET\r\nDate: Mon, 02 Mar 2026 09:10:00 GMT\r\n\r\n{body}"
            )
            .into_bytes()
        };
        Self {
            call: response("200 OK", CALL),
            no_call: response("404 Not Found", r#"{"errorCode":1}"#),
            created: response("200 OK", CREATED),
            message: response("200 OK", MESSAGE),
            tokens: response("200 OK", TOKENS),
            nothing: response("200 OK", "{}"),
        }
    }

    fn to(&self, method: &str, path: &str) -> &[u8] {
        match (method, path) {
            ("GET", "/call/404") => &self.no_call,
            ("GET", _) => &self.call,
            ("POST", "/call") => &self.created,
            ("POST", "/user/signin") => &self.tokens,
            ("POST", path) if path.ends_with("/message") => &self.message,
            _ => &self.nothing,
        }
    }
}
