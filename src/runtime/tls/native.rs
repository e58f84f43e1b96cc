//! The system's library, through reqwest's own options.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::{Certificate, Client, ClientBuilder, Identity};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use super::pem;
use crate::runtime::ConfigError;

#[derive(Clone, Default)]
pub(in crate::runtime) struct Tls {
    roots: Vec<Certificate>,
    identity: Option<Identity>,
}

impl Tls {
    /// Trusts these certificates, too.
    pub(in crate::runtime) fn add_roots(&mut self, pem: &[u8]) -> Result<(), ConfigError> {
        let roots = pem::certificates(pem).map_err(ConfigError::RootCertificate)?;
        let read = |(place, root): (usize, &CertificateDer<'_>)| {
            let reason = |_| ConfigError::RootCertificate(format!("number {place} is not a certificate"));
            Certificate::from_der(root).map_err(reason)
        };
        let roots: Result<Vec<_>, _> = (1..).zip(&roots).map(read).collect();
        self.roots.extend(roots?);
        Ok(())
    }

    /// Shows this certificate to servers that ask for one.
    pub(in crate::runtime) fn set_identity(&mut self, certificates: &[u8], key: &[u8]) -> Result<(), ConfigError> {
        let refused = |reason: &str| ConfigError::ClientCertificate(reason.to_owned());
        let chain = pem::certificates(certificates).map_err(ConfigError::ClientCertificate)?;
        let PrivateKeyDer::Pkcs8(key) = pem::key(key).map_err(ConfigError::ClientCertificate)? else {
            let reason = "the private key is not PKCS #8 (`-----BEGIN PRIVATE KEY-----`), which is what native-tls takes; \
                          `openssl pkcs8 -topk8 -nodes` makes it of any other";
            return Err(refused(reason));
        };
        // As the libraries want them: nothing in front of the key, and nothing but certificates in the chain.
        let chain: String = chain.iter().map(|certificate| written("CERTIFICATE", certificate)).collect();
        let key = written("PRIVATE KEY", key.secret_pkcs8_der());
        let identity = Identity::from_pkcs8_pem(chain.as_bytes(), key.as_bytes())
            .map_err(|_| refused("the first certificate is not one, or the private key is not"))?;
        // OpenSSL compares them only when they are used, and only if they are of the same kind.
        let tried = Client::builder().tls_backend_native().identity(identity.clone()).build();
        tried.map_err(|_| refused("the private key is not the one of the first certificate"))?;
        self.identity = Some(identity);
        Ok(())
    }

    /// Sets the backend.
    pub(in crate::runtime) fn set(&self, builder: ClientBuilder, _https: bool) -> Result<ClientBuilder, ConfigError> {
        let builder = builder.tls_backend_native().tls_certs_merge(self.roots.iter().cloned());
        Ok(self.identity.iter().cloned().fold(builder, ClientBuilder::identity))
    }
}

/// The PEM of what is in DER.
fn written(label: &str, der: &[u8]) -> String {
    let lines: String = der.chunks(48).map(|line| STANDARD.encode(line) + "\n").collect();
    format!("-----BEGIN {label}-----\n{lines}-----END {label}-----\n")
}
