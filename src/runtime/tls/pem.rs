//! Certificates and keys as they stand in PEM files. What is wrong is said without showing any of it.

use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};

/// All certificates, at least one.
pub(super) fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match read {
        Ok(found) if found.is_empty() => Err("there is no `-----BEGIN CERTIFICATE-----`".to_owned()),
        Ok(found) => Ok(found),
        Err(_) => Err("the PEM is damaged".to_owned()),
    }
}

/// The first key.
pub(super) fn key(pem: &[u8]) -> Result<PrivateKeyDer<'static>, String> {
    PrivateKeyDer::from_pem_slice(pem).map_err(|e| {
        // In the label, or in a header (RFC 1421).
        let is_encrypted = pem.windows(9).any(|bytes| bytes == b"ENCRYPTED");
        let reason = match e {
            _ if is_encrypted => "the private key is encrypted; `openssl pkey` decrypts it",
            rustls_pki_types::pem::Error::NoItemsFound => {
                "there is no private key, such as `-----BEGIN PRIVATE KEY-----`"
            }
            _ => "the PEM of the private key is damaged",
        };
        reason.to_owned()
    })
}
