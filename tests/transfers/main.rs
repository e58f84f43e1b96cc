//! Files of 1 GiB, uploaded and downloaded, next to the same with hand-written reqwest:
//! throughput and the peak of the memory of a process that does nothing else. The server
//! is a process of its own. `cargo bench --package casewire-tests --bench transfers`;
//! arguments: the number of rounds, 5 unless given. Linux only.
//!
//! The fastest of the rounds counts: what else runs on a machine only makes it slower.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::{
    env, fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use casewire::{
    Config, Part,
    contractor::{Auth, Client},
};
use reqwest::{Body, multipart};
use tokio::io::AsyncWriteExt;

const LENGTH: u64 = 1 << 30;

/// What is compared: what it is called, and what it is compared with.
const TRANSFERS: [(&str, &str); 6] =
    [("up", ""), ("up by hand", "up"), ("save", ""), ("save by hand", "save"), ("read", ""), ("read by hand", "read")];

fn main() {
    let arguments: Vec<_> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve"] => serve(),
        ["transfer", which, origin, folder] => {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            let (seconds, status) = runtime.block_on(async {
                let start = Instant::now();
                transfer(which, origin, Path::new(folder)).await;
                (start.elapsed().as_secs_f64(), fs::read_to_string("/proc/self/status").expect("a system with /proc"))
            });
            let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.strip_suffix("kB"));
            println!("{seconds} {}", peak.expect("the line VmHWM").trim());
        }
        [] => compare(5),
        [rounds] => compare(rounds.parse().expect("a number of rounds")),
        _ => panic!("one argument: the number of rounds"),
    }
}

fn compare(rounds: usize) {
    let folder = env::temp_dir().join(format!("casewire-transfers-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let mut file = fs::File::create(folder.join("up")).unwrap();
    for _ in 0..LENGTH >> 20 {
        file.write_all(&[7; 1 << 20]).unwrap();
    }
    let mut server = Command::new(env::current_exe().unwrap()).arg("serve").stdout(Stdio::piped()).spawn().unwrap();
    let mut origin = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut origin).unwrap();

    let mut best = [(f64::MAX, 0_u64); TRANSFERS.len()];
    for _ in 0..rounds {
        for ((which, _), (fastest, most)) in TRANSFERS.iter().zip(&mut best) {
            let transfer = ["transfer", *which, origin.trim(), folder.to_str().unwrap()];
            let output = Command::new(env::current_exe().unwrap()).args(transfer).output().unwrap();
            let printed = String::from_utf8_lossy(&output.stdout);
            let (seconds, peak) = printed.trim().split_once(' ').unwrap_or_else(|| panic!("{which}: {output:?}"));
            *fastest = fastest.min(seconds.parse().unwrap());
            *most = (*most).max(peak.parse().unwrap());
        }
    }
    server.kill().unwrap();
    server.wait().unwrap();
    fs::remove_dir_all(&folder).unwrap();

    println!("{:14} {:>8} {:>9} {:>6}", "1 GiB", "MiB/s", "peak MiB", "ratio");
    for (index, ((which, of), (seconds, peak))) in TRANSFERS.iter().zip(best).enumerate() {
        let ratio = if of.is_empty() { best[index + 1].0 / seconds } else { 1.0 };
        println!("{which:14} {:8.0} {:9.1} {ratio:6.2}", 1024.0 / seconds, peak as f64 / 1024.0);
    }
}

async fn transfer(which: &str, origin: &str, folder: &Path) {
    let config = Config::new(origin).unwrap().http(reqwest::ClientBuilder::no_proxy);
    let client = Client::connect(config, Auth::anonymous()).unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let download = || client.download_shared_attachment().id(1).attachment_id(2).token("t").send();
    let get = || http.get(format!("{origin}/file")).send();
    match which {
        "up" => {
            let part = Part::file(folder.join("up"));
            client.upload_shared_attachment().id(1).token("t").attachment(part).send().await.unwrap();
        }
        "up by hand" => {
            let file = tokio::fs::File::open(folder.join("up")).await.unwrap();
            let length = file.metadata().await.unwrap().len();
            let part = multipart::Part::stream_with_length(Body::from(file), length).file_name("up");
            let form = multipart::Form::new().part("Attachment", part);
            let response = http.post(format!("{origin}/file")).multipart(form).send().await.unwrap();
            response.error_for_status().unwrap();
        }
        "save" => {
            let saved = download().await.unwrap().save(folder.join("down")).await.unwrap();
            assert_eq!(saved, LENGTH);
        }
        "save by hand" => {
            let mut response = get().await.unwrap().error_for_status().unwrap();
            let temporary = folder.join("down.part");
            let mut file = tokio::fs::File::create(&temporary).await.unwrap();
            while let Some(chunk) = response.chunk().await.unwrap() {
                file.write_all(&chunk).await.unwrap();
            }
            file.sync_all().await.unwrap();
            tokio::fs::rename(temporary, folder.join("down")).await.unwrap();
        }
        "read" => {
            let (mut content, mut read) = (download().await.unwrap().into_inner(), 0);
            while let Some(chunk) = content.chunk().await.unwrap() {
                read += chunk.len() as u64;
            }
            assert_eq!(read, LENGTH);
        }
        "read by hand" => {
            let (mut response, mut read) = (get().await.unwrap().error_for_status().unwrap(), 0);
            while let Some(chunk) = response.chunk().await.unwrap() {
                read += chunk.len() as u64;
            }
            assert_eq!(read, LENGTH);
        }
        other => panic!("unknown transfer {other}"),
    }
}

/// Prints where it listens, and then sends a file to who asks for it, and reads what it
/// is sent.
fn serve() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    println!("http://{}", listener.local_addr().unwrap());
    for stream in listener.incoming() {
        // Who has what it wants goes.
        std::thread::spawn(move || respond(stream.unwrap()).ok());
    }
}

fn respond(mut stream: TcpStream) -> std::io::Result<()> {
    let (mut buffer, mut head) = (vec![0; 1 << 20], Vec::new());
    let end = loop {
        let read = stream.read(&mut buffer)?;
        head.extend_from_slice(&buffer[..read]);
        match head.windows(4).position(|four| four == b"\r\n\r\n") {
            Some(end) => break end + 4,
            None if read == 0 => return Ok(()),
            None => {}
        }
    };
    let text = String::from_utf8_lossy(&head[..end]).to_lowercase();
    if text.starts_with("get ") {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\ncontent-length:";
        stream.write_all(format!("{head} {LENGTH}\r\n\r\n").as_bytes())?;
        for _ in 0..LENGTH / buffer.len() as u64 {
            stream.write_all(&buffer)?;
        }
        return Ok(());
    }
    let length = text.lines().find_map(|line| line.strip_prefix("content-length:"));
    let length: usize = length.expect("a length").trim().parse().expect("a number");
    let mut left = length - (head.len() - end);
    while left > 0 {
        match stream.read(&mut buffer)? {
            0 => return Ok(()),
            read => left -= read,
        }
    }
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
}
