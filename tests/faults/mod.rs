//! What becomes of a call when something breaks on the way: two tables over all faults,
//! one against a server of bare TCP and one against the sandboxes, and then one by one:
//! retries, limits, transfers and their progress, saved downloads, connections, dropped
//! calls, renewals and threads. What is told is the outcome, how many requests reached the
//! server, and that nothing was executed twice.

mod calls;
mod cancelled;
mod clear;
mod connections;
mod downloads;
mod http2;
mod limits;
mod matrix;
mod memory;
mod observed;
mod outcomes;
mod plays;
mod progress;
mod renewals;
mod retries;
mod retryable;
mod sandboxed;
mod sign_ins;
mod storm;
mod table;
mod texts;
mod threads;
mod transfers;
mod uploads;
mod words;

use std::time::Duration;

use casewire::{Config, RetryPolicy};
use support::{quick::quick, raw::Raw};

/// Three attempts with short waits, as far as they may be short; and limits that a busy
/// machine keeps, too.
fn policy() -> RetryPolicy {
    RetryPolicy::default().first_wait(Duration::from_millis(1))
}

/// For a raw server.
fn config(raw: &Raw) -> Config {
    let names = raw.names();
    quick(&raw.origin()).allow_plain_http().retry(policy()).http(move |http| plain(http).dns_resolver(names.clone()))
}

/// For a sandbox.
fn config_of(url: &str) -> Config {
    quick(url).retry(policy()).http(plain)
}

fn plain(http: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    http.no_proxy()
}
