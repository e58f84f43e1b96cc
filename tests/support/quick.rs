//! A configuration for tests: clients are made by the hundred, and each request is meant
//! to be seen once.

use casewire::{Config, RetryPolicy};

/// No repetitions, and none of the system's certificates, which take long to read; nor
/// OpenSSL, which takes long to begin.
pub fn quick(origin: &str) -> Config {
    Config::new(origin)
        .unwrap()
        .retry(RetryPolicy::never())
        .http(|client| client.tls_backend_rustls().tls_certs_only([]))
}
