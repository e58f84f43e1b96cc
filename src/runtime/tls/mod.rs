//! TLS: which certificates a client trusts and which one it shows, whatever the backend is. rustls is used where both are
//! on; without either, certificates are refused.

pub(super) mod failure;
#[cfg(any(feature = "native-tls", feature = "rustls"))]
mod pem;

#[cfg(all(feature = "native-tls", not(feature = "rustls")))]
#[path = "native.rs"]
mod backend;
#[cfg(not(any(feature = "native-tls", feature = "rustls")))]
#[path = "none.rs"]
mod backend;
#[cfg(feature = "rustls")]
#[path = "rustls.rs"]
mod backend;

pub(super) use self::backend::Tls;
