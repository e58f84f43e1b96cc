//! A client that is not casewire's.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore, crypto::ring};

/// One without proxies. There is no TLS here, but reqwest has no provider of its own for it, and asks for one nevertheless.
pub fn client() -> reqwest::Client {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().unwrap();
    let tls = builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth();
    reqwest::Client::builder().no_proxy().tls_backend_preconfigured(tls).build().unwrap()
}
