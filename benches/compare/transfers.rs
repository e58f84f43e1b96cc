//! Files of 1 GiB, uploaded and downloaded: throughput, and the peak of the memory of a process that does nothing else.

use std::{env, fs, io::Write, path::Path, time::Instant};

use casewire::{
    Config, Part,
    contractor::{Auth, Client},
};
use casewire_bench::server::FILE;
use reqwest::{Body, multipart};
use tokio::io::AsyncWriteExt;

use crate::{
    child::{self, Server},
    page::Section,
};

/// How often each transfer is made, in turn. The fastest counts: what else runs on a machine only makes it slower.
const ROUNDS: usize = 5;

/// What is compared: what it is called, and its title; the same by hand comes next.
const TRANSFERS: [(&str, &str); 6] = [
    ("up", "upload of a file"),
    ("up by hand", ""),
    ("save", "download into a file"),
    ("save by hand", ""),
    ("read", "download, read as it comes"),
    ("read by hand", ""),
];

pub fn compare() -> Section {
    let folder = env::temp_dir().join(format!("casewire-transfers-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let mut file = fs::File::create(folder.join("up")).unwrap();
    for _ in 0..FILE >> 20 {
        file.write_all(&[7; 1 << 20]).unwrap();
    }
    let server = Server::start(&["server"]);
    let mut best = [(f64::MAX, 0_u64); TRANSFERS.len()];
    for _ in 0..ROUNDS {
        for ((which, _), (fastest, most)) in TRANSFERS.iter().zip(&mut best) {
            let printed = child::output(&["transfer", which, &server.told, folder.to_str().unwrap()]);
            let (seconds, peak) = printed.split_once(' ').unwrap();
            *fastest = fastest.min(seconds.parse().unwrap());
            *most = (*most).max(peak.parse().unwrap());
        }
    }
    fs::remove_dir_all(&folder).unwrap();

    let rows: Vec<_> = TRANSFERS
        .chunks(2)
        .zip(best.chunks(2))
        .map(|(names, of_both)| {
            let [(ours, peak), (by_hand, peak_by_hand)] = of_both else { unreachable!("chunks of two") };
            let speed = |seconds: &f64| format!("{:.0} MiB/s", (FILE >> 20) as f64 / seconds);
            let mib = |kib: &u64| format!("{:.1} MiB", *kib as f64 / 1024.0);
            let ratio = format!("{:.2} ×", by_hand / ours);
            vec![names[0].1.to_owned(), speed(ours), speed(by_hand), ratio, mib(peak), mib(peak_by_hand)]
        })
        .collect();
    let mut section = Section::default();
    section.text(
        "1 GiB, the fastest of five rounds; a ratio above 1 is faster than by hand, and the goals are ≥ 0.97 ×, ≥ 5 × for a file, \
         and a peak of ≤ 8 MiB.",
    );
    section.table(&["", "casewire", "by hand", "ratio", "peak", "peak by hand"], &rows);
    section
}

/// In a process of its own: prints how long the transfer takes, in seconds, and the peak of the memory, in KiB.
pub async fn print(which: &str, origin: &str, folder: &str) {
    let start = Instant::now();
    transfer(which, origin, Path::new(folder)).await;
    println!("{} {}", start.elapsed().as_secs_f64(), child::peak());
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
            assert_eq!(saved, FILE);
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
            assert_eq!(read, FILE);
        }
        "read by hand" => {
            let (mut response, mut read) = (get().await.unwrap().error_for_status().unwrap(), 0);
            while let Some(chunk) = response.chunk().await.unwrap() {
                read += chunk.len() as u64;
            }
            assert_eq!(read, FILE);
        }
        other => panic!("unknown transfer {other}"),
    }
}
