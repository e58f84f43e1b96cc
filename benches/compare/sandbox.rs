//! The sandbox, which nobody's tests should wait for: how long it takes to start, what it takes in memory however many requests
//! it gets, and how many it serves.

use std::time::Instant;

use casewire_bench::peer;
use casewire_sandbox::Contractor;
use tokio::{runtime::Runtime, task::JoinSet};

use crate::{child::Server, page::Section};

/// How often it is started.
const STARTS: usize = 21;
/// After how many requests its memory is looked at.
const REQUESTS: [u64; 4] = [1_000, 20_000, 50_000, 100_000];
/// How many requests are under way at the same time.
const AT_A_TIME: u64 = 16;
/// A call that it has from the start.
const CALL: i64 = 683_913;

pub fn measure() -> Section {
    let mut starts: Vec<f64> = (0..STARTS).map(|_| told(&Server::start(&["sandbox"])).1).collect();
    starts.sort_by(f64::total_cmp);

    let server = Server::start(&["sandbox"]);
    let (client, runtime) = (peer::Client::new(told(&server).0).unwrap(), Runtime::new().unwrap());
    let (mut rows, mut made, start) = (Vec::new(), 0, Instant::now());
    for most in REQUESTS {
        runtime.block_on(request(&client, most - made));
        made = most;
        rows.push(vec![made.to_string(), format!("{:.1} MiB", server.memory("VmRSS") as f64 / 1024.0)]);
    }
    let rate = made as f64 / start.elapsed().as_secs_f64();

    let mut section = Section::default();
    section.text(&format!(
        "It starts in {:.1} ms in the process of a test (the median of {STARTS}; the goal is ≤ 10 ms), and serves {rate:.0} \
         requests per second, with {AT_A_TIME} of `getCall` at the same time, next to the client on this machine. It keeps the \
         last 10,000 requests; the memory of its process:",
        starts[STARTS / 2],
    ));
    section.table(&["after requests", "memory"], &rows);
    section
}

/// Where it is, and how long it took to start, in milliseconds.
fn told(server: &Server) -> (&str, f64) {
    let (url, ms) = server.told.split_once(' ').unwrap();
    (url, ms.parse().unwrap())
}

async fn request(client: &peer::Client, count: u64) {
    let mut tasks = JoinSet::new();
    for task in 0..AT_A_TIME {
        let (client, share) = (client.clone(), count / AT_A_TIME + u64::from(task < count % AT_A_TIME));
        tasks.spawn(async move {
            for _ in 0..share {
                assert_eq!(client.get_call(CALL).await.unwrap().id, Some(CALL));
            }
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap();
    }
}

/// In a process of its own: a sandbox, until the process ends.
pub async fn serve() {
    let start = Instant::now();
    let sandbox = Contractor::start().await.unwrap();
    println!("{} {}", sandbox.url(), start.elapsed().as_secs_f64() * 1000.0);
    std::future::pending::<()>().await;
}
