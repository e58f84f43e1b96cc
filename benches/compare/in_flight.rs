//! Many calls of one client under way at the same time: the time that the processor spends on each, the kernel's part included, and
//! the memory of the process.

use std::fs;

use casewire_bench::peer;
use tokio::task::JoinSet;

use crate::{
    child::{self, Server},
    instructions::ours,
    page::Section,
};

/// How many calls are under way, and how many times that many are made after the connections are there.
const SIZES: [(usize, usize); 4] = [(1, 10_000), (100, 100), (1_000, 10), (10_000, 2)];
/// How often both sides are measured in turn. The fastest run counts: what else runs on a machine only makes it slower.
const RUNS: usize = 7;

pub fn compare() -> Section {
    let mut rows = Vec::new();
    let mut peaks = Vec::new();
    for (size, rounds) in SIZES {
        let mut best = [(u64::MAX, u64::MAX); 2];
        for _ in 0..RUNS {
            for (side, best) in ["ours", "by-hand"].iter().zip(&mut best) {
                // With its end, all connections are gone.
                let server = Server::start(&["server"]);
                let told = child::output(&["crowd", side, &size.to_string(), &rounds.to_string(), &server.told]);
                let (ns, peak) = told.split_once(' ').unwrap();
                *best = (best.0.min(ns.parse().unwrap()), best.1.min(peak.parse().unwrap()));
            }
        }
        let [(ours, peak), (by_hand, peak_by_hand)] = best;
        let us = |ns: u64| format!("{:.1} µs", ns as f64 / 1000.0);
        let mib = |kib: u64| format!("{:.1} MiB", kib as f64 / 1024.0);
        let ratio = |ours: u64, by_hand: u64| format!("{:.2} ×", ours as f64 / by_hand as f64);
        rows.push(vec![size.to_string(), us(ours), us(by_hand), ratio(ours, by_hand), "≤ 1.07 ×".to_owned()]);
        peaks.push(vec![
            size.to_string(),
            mib(peak),
            mib(peak_by_hand),
            ratio(peak, peak_by_hand),
            "≤ 1.02 ×".to_owned(),
        ]);
    }
    let mut section = Section::default();
    section.text(
        "One client, one thread, `getCall` with a response of 2.3 KB. The time of the processor for each call, with what the \
         kernel does for the connections; the best of seven runs, taken in turn.",
    );
    section.table(&["calls at the same time", "casewire", "by hand", "ratio", "goal"], &rows);
    section.text("The peak of the memory of the process.");
    section.table(&["calls at the same time", "casewire", "by hand", "ratio", "goal"], &peaks);
    section
}

/// In a process of its own: makes `size` calls at the same time, `rounds` times, after a first time that opens the connections.
/// Prints the nanoseconds of each call, and the peak of the memory in KiB.
pub async fn crowd(side: &str, size: usize, rounds: usize, origin: &str) {
    let (client, by_hand) = (ours(origin), peer::Client::new(origin).unwrap());
    let mut begun = 0;
    for round in 0..=rounds {
        if round == 1 {
            begun = processor_time();
        }
        let mut calls = JoinSet::new();
        for _ in 0..size {
            match side {
                "ours" => {
                    let client = client.clone();
                    calls.spawn(async move { client.get_call().id(683_913).send().await.unwrap().id });
                }
                "by-hand" => {
                    let client = by_hand.clone();
                    calls.spawn(async move { client.get_call(683_913).await.unwrap().id });
                }
                other => panic!("unknown side {other}"),
            }
        }
        while let Some(id) = calls.join_next().await {
            assert_eq!(id.unwrap(), Some(683_913));
        }
    }
    println!("{} {}", (processor_time() - begun) / (size * rounds) as u64, child::peak());
}

/// How long this thread, the only one, has run, in nanoseconds.
fn processor_time() -> u64 {
    let times = fs::read_to_string("/proc/self/schedstat").expect("a kernel with schedstat");
    times.split(' ').next().unwrap().parse().unwrap()
}
