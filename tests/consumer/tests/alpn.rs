//! Which versions of HTTP are offered. Only where this package is built alone, without its default features: next to others of
//! the workspace, casewire has the feature `http2` whatever this package has.

#![cfg(all(feature = "contractor", not(feature = "callback"), any(feature = "native-tls", feature = "rustls")))]
// Here a panic is the report.
#![allow(clippy::unwrap_used)]

use std::{io::Read, net::TcpListener, time::Duration};

use casewire::contractor::{Auth, Client, Config};

#[tokio::test]
async fn http2_is_offered_with_its_feature_only() {
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
    let client = Client::connect(Config::new(&origin).unwrap(), Auth::external_system("desk-key")).unwrap();
    let _ = client.get_call().id(1).send().await.unwrap_err();
    let hello = hello.join().unwrap();
    // The extension, its length and that of the list, each name behind its length (RFC 7301).
    let offers = |list: &[u8]| hello.windows(list.len()).any(|bytes| bytes == list);
    assert_eq!(offers(b"\x00\x10\x00\x0b\x00\x09\x08http/1.1"), cfg!(not(feature = "http2")));
    assert_eq!(offers(b"\x00\x10\x00\x0e\x00\x0c\x02h2\x08http/1.1"), cfg!(feature = "http2"));
}
