//! Why a connection could not be secured, where that doesn't pass by itself.

use std::{error::Error, io, iter::successors};

/// What is wrong with the server, as far as a person can do something about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::runtime) enum TlsFailure {
    /// Its certificate is from an authority that isn't trusted.
    UnknownAuthority,
    /// Its certificate is not good for this server, or not any more.
    Certificate,
    /// It doesn't speak TLS.
    NotTls,
}

/// What the libraries say, the more special first: rustls, and OpenSSL 3 and 1.1. Their types are not at hand where the
/// program has the backend.
const SAID: [(&str, TlsFailure); 8] = [
    ("invalid peer certificate: UnknownIssuer", TlsFailure::UnknownAuthority),
    ("invalid peer certificate", TlsFailure::Certificate),
    ("unable to get local issuer certificate", TlsFailure::UnknownAuthority),
    ("self-signed certificate", TlsFailure::UnknownAuthority),
    ("self signed certificate", TlsFailure::UnknownAuthority),
    ("certificate verify failed", TlsFailure::Certificate),
    ("received corrupt message of type InvalidContentType", TlsFailure::NotTls),
    ("wrong version number", TlsFailure::NotTls),
];

impl TlsFailure {
    /// Of a connection that could not be made.
    pub(in crate::runtime) fn of(e: &reqwest::Error) -> Option<Self> {
        let said: Vec<_> = successors(Some(e as &dyn Error), |&e| inner(e)).map(ToString::to_string).collect();
        SAID.iter().find(|(words, _)| said.iter().any(|text| text.contains(words))).map(|&(_, failure)| failure)
    }

    /// What a person reads.
    pub(in crate::runtime) fn hint(self) -> &'static str {
        match self {
            Self::UnknownAuthority => {
                "its certificate is from an authority that is not trusted; Config::root_certificate_pem adds one, which for \
                 servers in Russia often is the Russian Trusted Root CA"
            }
            Self::Certificate => "its certificate has expired, or is for another host",
            Self::NotTls => "the server does not speak TLS on this port; check the port and the scheme",
        }
    }
}

/// What an error wraps. The source of an error of I/O is that of the error in it.
pub(in crate::runtime) fn inner<'a>(e: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match e.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => Some(wrapped),
        None => e.source(),
    }
}
