//! What a response may cost at most: for every operation with a JSON body, the worst
//! bodies that its schema leads to, as long as the default limits allow, and the peak of
//! the memory of a process that makes this one call. Fails if one is more than 256 MiB.
//! And what a feed of a million calls takes, which fails above 32 MiB.
//! `cargo bench --package casewire-tests --bench peak_memory`; arguments: the operations,
//! or `feed`; all unless given. Linux only.
//!
//! Candidates are made of the schemas: lists of the cheapest elements, with and without
//! each of their properties, at every depth; the strings; what the schema doesn't know.
//! The two that take the most for each byte of a short body are made as long as may be,
//! alone and before a long string that serde_json has to unescape, where the parser needs
//! memory itself.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod bodies;
mod feed;

use std::{env, process::Command};

use bodies::{Body, candidates};
use casewire::{Config, ErrorKind, Operation, RetryPolicy};
use support::{
    interfaces::{Callback, Contractor, Crpt, Interface, Legalcase, Server, is_sign_in, spec},
    outcome::Outcome,
    recorder::Response,
    spec::Spec,
};
use tokio::runtime::Runtime;

/// What no call may take, in KiB.
const MOST: usize = 256 << 10;
/// The default of `Config::max_body`.
const MAX_BODY: usize = 56 << 20;
/// How long the bodies are that show what takes much.
const SHORT: usize = 2 << 20;

fn main() {
    let arguments: Vec<_> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [call, id, origin] = arguments.as_slice()
        && call == "call"
    {
        let called = runtime().block_on(async {
            print_call::<Contractor>(id, origin).await
                || print_call::<Crpt>(id, origin).await
                || print_call::<Legalcase>(id, origin).await
                || print_call::<Callback>(id, origin).await
        });
        assert!(called, "no row for {id}");
        return;
    }
    if let [follow, origin] = arguments.as_slice()
        && follow == "follow"
    {
        let chunks = runtime().block_on(feed::follow(origin));
        println!("{} {chunks}", peak());
        return;
    }
    let is_feed = |argument: &String| argument == "feed";
    if (arguments.is_empty() || arguments.iter().any(is_feed)) && feed::exceeds() {
        eprintln!("a feed takes too much");
        std::process::exit(1);
    }
    if !arguments.is_empty() && arguments.iter().all(is_feed) {
        return;
    }
    println!("{:22} {:>8} {:>8}  worst body", "operation", "base MiB", "peak MiB");
    let too_much = [
        exceeds::<Contractor>(&arguments),
        exceeds::<Crpt>(&arguments),
        exceeds::<Legalcase>(&arguments),
        exceeds::<Callback>(&arguments),
    ];
    if too_much.contains(&true) {
        eprintln!("a call takes more than {} MiB", MOST >> 10);
        std::process::exit(1);
    }
}

/// Whether one of the operations takes too much; of all unless some are given.
fn exceeds<I: Interface>(ids: &[String]) -> bool {
    let (spec, mut too_much) = (spec::<I>(), false);
    for operation in I::OPERATIONS {
        if ids.is_empty() || ids.iter().any(|id| id == operation.id) {
            too_much |= worst::<I>(spec, operation) > MOST;
        }
    }
    too_much
}

/// Searches for the worst body of an operation and prints it; returns the peak in KiB.
fn worst<I: Interface>(spec: &Spec, operation: &'static Operation) -> usize {
    let mut found: Vec<(usize, u16, Body)> = Vec::new();
    for (status, schema) in bodies::schemas(spec, operation.id) {
        for body in candidates(spec, schema) {
            found.push((measure::<I>(operation, status, &body.text(SHORT, 1.0)).0, status, body));
        }
    }
    let Some(base) = found.iter().map(|(peak, ..)| *peak).min() else { return 0 };
    found.sort_by_key(|(peak, ..)| std::cmp::Reverse(*peak));
    let mut worst = (0, String::new());
    for (_, status, body) in found.iter().take(2) {
        for share in [1.0, 0.5, 0.25, 0.1, 0.04, 0.01] {
            // A failure is read to 1 MiB, and a longer body is no worse.
            let (peak, told) = measure::<I>(operation, *status, &body.text(MAX_BODY, share));
            if peak > worst.0 {
                worst = (peak, format!("{status} {body} of {share}: {told}"));
            }
        }
    }
    let (peak, told) = worst;
    println!("{:22} {:8} {:8}  {told}", operation.id, base >> 10, peak >> 10);
    peak
}

/// The peak of a process that makes the call, in KiB, and what the call came to.
fn measure<I: Interface>(operation: &Operation, status: u16, body: &str) -> (usize, String) {
    // With its end, the server and the bodies that it sends are gone.
    let runtime = runtime();
    let response = Response::json(status, body);
    let signs_in = I::SIGN_INS.iter().any(|end| operation.path.ends_with(end));
    let server = runtime.block_on(Server::start(move |request| {
        if !signs_in && is_sign_in::<I>(request) { I::signed_in() } else { response.clone() }
    }));
    let (id, origin) = (operation.id, server.origin());
    let output = Command::new(env::current_exe().unwrap()).args(["call", id, &origin]).output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let (peak, told) = printed.trim().split_once(' ').unwrap_or_else(|| panic!("{id} printed {printed:?}"));
    (peak.parse().unwrap(), told.to_owned())
}

fn runtime() -> Runtime {
    Runtime::new().unwrap()
}

/// In a process of its own: makes one call, and prints the peak so far and what became of
/// it; whether the interface has the operation.
async fn print_call<I: Interface>(id: &str, origin: &str) -> bool {
    let Some(row) = I::ROWS.iter().find(|row| row.id == id) else { return false };
    let config = Config::new(origin).unwrap().retry(RetryPolicy::never());
    let client = I::connect(config.no_proxy());
    let ended = (row.call)(&client).await;
    // While the result is there.
    println!("{} {}", peak(), ended.failure().map_or("Ok".to_owned(), told));
    true
}

/// The peak of this process so far, in KiB.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("a system with /proc");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.strip_suffix("kB"));
    peak.expect("the line VmHWM").trim().parse().unwrap()
}

fn told(Outcome { text, error }: Outcome) -> String {
    match (text.strip_prefix("Undecodable at ").and_then(|place| place.split_once(": ")), error.map(|seen| seen.kind)) {
        (Some((_, reason)), _) => reason.to_owned(),
        (_, Some(ErrorKind::Refused)) => "a documented failure".to_owned(),
        (_, kind) => format!("{kind:?}"),
    }
}
