//! A program in which something else switches on all that reqwest has: compression,
//! cookies, HTTP/2, another resolver, another TLS backend. Nothing that casewire sends or
//! hands on changes by it.

#![cfg(feature = "everything-else")]
// Here a panic is the report.
#![allow(clippy::unwrap_used)]

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    time::Duration,
};

use casewire::contractor::{Auth, Client, Config};
use reqwest::retry;

/// `gzip` of `{"id":683913}`, as far as a client that doesn't unpack it minds.
const GZIP: &[u8] = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03hello";

/// Answers every request with `head` and a body; gives the origin and the requests, in lower case.
fn server(head: &'static str, body: &'static [u8]) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let requests = Arc::<Mutex<Vec<String>>>::default();
    let kept = Arc::clone(&requests);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            kept.lock().unwrap().push(read_request(&mut stream));
            let length = body.len();
            write!(stream, "HTTP/1.1 {head}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n").unwrap();
            stream.write_all(body).unwrap();
        }
    });
    (origin, requests)
}

fn read_request(stream: &mut TcpStream) -> String {
    let (mut read, mut byte) = (Vec::new(), [0]);
    while !read.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).unwrap();
        read.push(byte[0]);
    }
    let head = String::from_utf8(read).unwrap().to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |n| n.parse().unwrap());
    stream.read_exact(&mut vec![0; length]).unwrap();
    head
}

fn connect(origin: &str) -> Client {
    Client::connect(Config::new(origin).unwrap(), Auth::external_system("desk-key")).unwrap()
}

/// Of all requests that were made.
fn assert_plain(requests: &[String], expected: usize) {
    assert_eq!(requests.len(), expected, "{requests:#?}");
    for request in requests {
        assert!(request.lines().next().unwrap().ends_with("http/1.1"), "{request}");
        for header in ["\r\naccept-encoding:", "\r\nreferer:", "\r\ncookie:"] {
            assert!(!request.contains(header), "{request}");
        }
    }
}

#[tokio::test]
async fn a_body_arrives_as_it_was_sent() {
    let head = "200 OK\r\ncontent-encoding: gzip\r\ncontent-type: application/octet-stream\r\nset-cookie: a=b";
    let (origin, requests) = server(head, GZIP);
    let client = connect(&origin);
    for _ in 0..2 {
        let download = client.get_call_task_attachment().id(1).attachment_id(2).send().await.unwrap();
        assert_eq!(download.headers()["content-encoding"], "gzip");
        let (mut stream, mut read) = (download.into_inner(), Vec::new());
        while let Some(chunk) = stream.chunk().await.unwrap() {
            read.extend_from_slice(&chunk);
        }
        assert_eq!(read, GZIP);
    }
    assert_plain(&requests.lock().unwrap(), 2);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (origin, requests) = server("302 Found\r\nlocation: /elsewhere\r\nset-cookie: a=b", b"");
    let error = connect(&origin).get_call().id(1).send().await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(302));
    assert_plain(&requests.lock().unwrap(), 1);
}

/// Even where the program told its HTTP client to send again whatever fails.
#[tokio::test]
async fn a_post_is_sent_once() {
    let (origin, requests) = server("503 Busy", b"");
    let again = || retry::for_host("127.0.0.1").no_budget().classify_fn(|attempt| attempt.retryable());
    let config = Config::new(&origin).unwrap().http(move |http| http.retry(again()));
    let client = Client::connect(config, Auth::external_system("desk-key")).unwrap();
    let _ = client.lock_user().id(7).send().await.unwrap_err();
    assert_plain(&requests.lock().unwrap(), 1);
}

/// The ClientHello of rustls, which offers no suites with a Diffie-Hellman exchange over
/// finite fields; OpenSSL does.
#[tokio::test]
async fn the_tls_backend_is_that_of_the_features() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let hello = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        let mut head = [0; 5];
        stream.read_exact(&mut head).unwrap();
        let mut hello = vec![0; usize::from(u16::from_be_bytes([head[3], head[4]]))];
        stream.read_exact(&mut hello).unwrap();
        hello
    });
    let _ = connect(&origin).get_call().id(1).send().await.unwrap_err();
    let hello = hello.join().unwrap();
    // Message type and length, version, random; then the session and the suites, each
    // behind its length (RFC 8446, 4.1.2).
    let (session, suites) = hello[38..].split_at(1 + usize::from(hello[38]));
    assert!(session.len() <= 33);
    let length = usize::from(u16::from_be_bytes([suites[0], suites[1]]));
    let suites: Vec<_> =
        suites[2..2 + length].chunks(2).map(|suite| u16::from_be_bytes([suite[0], suite[1]])).collect();
    assert!(suites.contains(&0x1301), "{suites:04x?}");
    let finite = [0x009e, 0x009f, 0x0033, 0x0039, 0xccaa];
    assert!(!suites.iter().any(|suite| finite.contains(suite)), "OpenSSL: {suites:04x?}");
    let offers = |protocol: &[u8]| hello.windows(protocol.len()).any(|bytes| bytes == protocol);
    assert!(offers(b"\x08http/1.1"));
    // With its length, and behind the length of the list and the list's extension.
    assert_eq!(offers(b"\x02h2\x08http/1.1"), cfg!(feature = "http2"));
}
