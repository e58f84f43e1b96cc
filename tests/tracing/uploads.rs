//! A file that grows while it is uploaded is told as a warning, in the span of the call.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
};

use casewire::{
    Part,
    contractor::{Auth, Client},
};
use serde_json::json;
use support::{logged::Logged, quick::quick};

use super::closed;

/// More than the buffers of a connection hold, so that the file isn't read to its end
/// while nobody takes it.
const LENGTH: u64 = 64 << 20;

/// Takes an upload, and does something before it takes the content.
fn serve(stream: TcpStream, meanwhile: impl FnOnce()) {
    let (mut stream, mut length) = (BufReader::new(stream), 0);
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).unwrap();
        if line == "\r\n" {
            break;
        }
        let line = line.to_ascii_lowercase();
        length = line.strip_prefix("content-length: ").map_or(length, |length| length.trim().parse().unwrap());
    }
    meanwhile();
    let taken = std::io::copy(&mut stream.by_ref().take(length), &mut std::io::sink()).unwrap();
    assert!(taken == length && length > LENGTH, "{taken} of {length}");
    stream
        .get_mut()
        .write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 8\r\n\r\n{\"id\":1}")
        .unwrap();
}

/// Uploads a file that is appended to once its length was announced, or not at all; gives
/// the fields of the warning.
async fn upload(grows: bool) -> Option<Vec<(&'static str, serde_json::Value)>> {
    let path = std::env::temp_dir().join(format!("casewire-growing-{grows}-{}.log", std::process::id()));
    fs::File::create(&path).unwrap().set_len(LENGTH).unwrap();
    let mut file = fs::File::options().append(true).open(&path).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        serve(listener.accept().unwrap().0, || {
            if grows {
                file.write_all(b"line\n").unwrap();
            }
        });
    });
    let client = Client::connect(quick(&origin), Auth::anonymous()).unwrap();
    let logged = Logged::start();
    let part = Part::file(&path);
    let outcome = client.upload_shared_attachment().id(1).token("t").attachment(part).send().await;
    server.join().unwrap();
    fs::remove_file(&path).unwrap();

    outcome.unwrap();
    assert_eq!(closed(&logged).len(), 1);
    let mut events: Vec<_> = logged.events().into_iter().filter(|event| event.target == "casewire").collect();
    assert!(events.len() <= 1, "{events:?}");
    events.pop().map(|event| {
        assert_eq!((event.level, event.span), (tracing::Level::WARN, Some(0)));
        event.fields
    })
}

#[tokio::test]
async fn a_file_that_grows() {
    let mut fields = upload(true).await.expect("a warning");
    let place = fields.iter().position(|(name, _)| *name == "announced_bytes").unwrap();
    assert_eq!(fields.remove(place).1, json!(LENGTH));
    fields.sort_by_key(|(name, _)| *name);
    let message = "the file has grown; only the bytes that were announced are sent";
    assert_eq!(fields, [("message", json!(message)), ("upload", json!("part Attachment"))]);
    assert_eq!(upload(false).await, None);
}
