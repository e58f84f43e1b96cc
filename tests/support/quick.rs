//! A configuration for tests: each request is meant to be seen once.

use casewire::{Config, RetryPolicy};

/// No retries.
pub fn quick(origin: &str) -> Config {
    Config::new(origin).unwrap().retry(RetryPolicy::never())
}
