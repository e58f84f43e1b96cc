//! What a feed of a million calls takes with a program that is slower than the server: a
//! response of ordinary calls, in the order of their timestamps, in none, and with
//! all of them alike.

use std::{
    env,
    io::{BufRead, BufReader, BufWriter, Write},
    net::{TcpListener, TcpStream},
    process::Command,
    time::Duration,
};

use casewire::{
    Config, RetryPolicy,
    contractor::{Auth, Client},
};

/// What no feed may take, in KiB.
const MOST: usize = 32 << 10;
const CALLS: u64 = 1_000_000;
/// The client's; the program now and then takes longer.
const IDLE: Duration = Duration::from_secs(1);

/// A name, and the timestamp of the call with a number.
type Order = (&'static str, fn(u64) -> u64);

const ORDERS: [Order; 3] =
    [("sorted", |number| number), ("mixed", |number| number * 7_919 % CALLS), ("all alike", |_| CALLS)];

/// Whether one of the feeds takes too much.
pub fn exceeds() -> bool {
    println!("{:22} {:>8} {:>8}  chunks", "feed", "MiB sent", "peak MiB");
    let mut too_much = false;
    for (order, timestamp) in ORDERS {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let server = std::thread::spawn(move || serve(listener.accept().unwrap().0, timestamp));
        let output = Command::new(env::current_exe().unwrap()).args(["follow", &origin]).output().unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        let (peak, chunks) = printed.trim().split_once(' ').unwrap_or_else(|| panic!("{printed:?}"));
        let (peak, sent): (usize, usize) = (peak.parse().unwrap(), server.join().unwrap());
        println!("{order:22} {:8} {:8.1}  {chunks}", sent >> 20, peak as f64 / 1024.0);
        too_much |= peak > MOST;
    }
    too_much
}

/// Responds to one request with all calls; how long the response is, in bytes.
fn serve(stream: TcpStream, timestamp: fn(u64) -> u64) -> usize {
    let mut request = BufReader::new(stream.try_clone().unwrap()).lines();
    while request.next().is_some_and(|line| !line.unwrap().is_empty()) {}
    let mut stream = BufWriter::with_capacity(1 << 20, stream);
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n").unwrap();
    let mut length = 0;
    for number in 0..CALLS {
        let begin = if number == 0 { '[' } else { ',' };
        let call = format!(
            r#"{begin}{{"clientName":"ООО «Ромашка»","commited":"2026-03-02T09:00:00Z","contactPersonName":"Анна Смирнова","created":"2026-03-02T08:15:00Z","critical":true,"descriptionTextForFieldEmployee":"Касса 2 не печатает чеки.","id":{number},"number":"C-{number}","serviceObjectAddress":"Москва, ул. Лесная, д. 5","serviceObjectName":"Магазин № 12","status":"Committed","tasks":[{{"id":{number},"status":"New","title":"Заменить чековый принтер"}}],"timestamp":{},"ttf":"2026-03-03T18:00:00Z","tto":"2026-03-02T12:00:00Z","userId":7}}"#,
            timestamp(number)
        );
        length += call.len();
        stream.write_all(call.as_bytes()).unwrap();
    }
    stream.write_all(b"]").unwrap();
    stream.flush().unwrap();
    length + 1
}

/// In a process of its own: reads the feed, and gives how many chunks it had.
pub async fn follow(origin: &str) -> usize {
    let config = Config::new(origin).unwrap().retry(RetryPolicy::never()).idle_timeout(IDLE).timeout(IDLE);
    let client = Client::connect(config.no_proxy(), Auth::external_system("desk-key")).unwrap();
    let feed = client.follow_calls().once().interrupted(|e, _| panic!("{e}"));
    let (mut feed, mut calls, mut chunks) = (feed.stream(), 0, 0);
    while let Some(changes) = feed.next().await {
        let changes = changes.unwrap();
        calls += changes.items.iter().filter(|item| item.is_ok()).count();
        let takes = if chunks % 1_000 == 500 { IDLE * 2 } else { Duration::from_millis(1) };
        tokio::time::sleep(takes).await;
        chunks += 1;
    }
    assert_eq!(calls as u64, CALLS);
    chunks
}
