//! rustls with ring, whose C code takes a fraction of the time to build that aws-lc takes, which is all that reqwest brings. So
//! rustls is configured here and handed over; no provider is installed for the process, which is the program's to choose.

use std::sync::{Arc, OnceLock};

use reqwest::ClientBuilder;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring},
    sign::{CertifiedKey, SingleCertAndKey},
};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use rustls_platform_verifier::Verifier;

use super::pem;
use crate::runtime::ConfigError;

#[derive(Clone, Default)]
pub(in crate::runtime) struct Tls {
    roots: Vec<CertificateDer<'static>>,
    identity: Option<Arc<CertifiedKey>>,
}

impl Tls {
    /// Trusts these certificates, too.
    pub(in crate::runtime) fn add_roots(&mut self, pem: &[u8]) -> Result<(), ConfigError> {
        let roots = pem::certificates(pem).map_err(ConfigError::RootCertificate)?;
        let mut store = RootCertStore::empty();
        for (place, root) in (1..).zip(&roots) {
            let reason = |_| ConfigError::RootCertificate(format!("number {place} is not a certificate"));
            store.add(root.clone()).map_err(reason)?;
        }
        self.roots.extend(roots);
        Ok(())
    }

    /// Shows this certificate to servers that ask for one.
    pub(in crate::runtime) fn set_identity(&mut self, certificates: &[u8], key: &[u8]) -> Result<(), ConfigError> {
        let chain = pem::certificates(certificates).map_err(ConfigError::ClientCertificate)?;
        let key = pem::key(key).map_err(ConfigError::ClientCertificate)?;
        let identity = CertifiedKey::from_der(chain, key, &ring::default_provider()).map_err(|e| {
            let reason = match e {
                Error::InconsistentKeys(_) => "the private key is not the one of the first certificate",
                Error::InvalidCertificate(CertificateError::BadEncoding) => "the first certificate is not one",
                _ => "the private key is not of a supported kind: RSA, ECDSA over P-256 or P-384, or Ed25519",
            };
            ConfigError::ClientCertificate(reason.to_owned())
        })?;
        self.identity = Some(Arc::new(identity));
        Ok(())
    }

    /// Sets the backend. For `https`, the system's certificates are read at once, so that it is known when there are none.
    pub(in crate::runtime) fn set(&self, builder: ClientBuilder, https: bool) -> Result<ClientBuilder, ConfigError> {
        let config = self.config(https).map_err(|e| ConfigError::RootCertificate(e.to_string()))?;
        Ok(builder.tls_backend_preconfigured(config))
    }

    fn config(&self, https: bool) -> Result<ClientConfig, Error> {
        let provider = Arc::new(ring::default_provider());
        let verifier = System { roots: self.roots.clone(), provider: Arc::clone(&provider), read: OnceLock::new() };
        if https {
            verifier.read()?;
        }
        let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
        let builder = builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier));
        let mut config = match &self.identity {
            Some(identity) => builder.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(Arc::clone(identity)))),
            None => builder.with_no_client_auth(),
        };
        // reqwest leaves these alone, whatever versions of HTTP it is told to speak.
        let offered: &[&[u8]] = if cfg!(feature = "http2") { &[b"h2", b"http/1.1"] } else { &[b"http/1.1"] };
        config.alpn_protocols = offered.iter().map(|&name| name.to_owned()).collect();
        Ok(config)
    }
}

/// The system's verifier, made when it is needed. Reading the system's certificates takes longer than many a call to a
/// sandbox, which has no use for them.
#[derive(Debug)]
struct System {
    roots: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
    read: OnceLock<Result<Verifier, Error>>,
}

impl System {
    fn read(&self) -> Result<&Verifier, Error> {
        let read = || {
            let (roots, provider) = (self.roots.clone(), Arc::clone(&self.provider));
            if roots.is_empty() {
                return Verifier::new(provider);
            }
            #[cfg(not(target_os = "android"))]
            return Verifier::new_with_extra_roots(roots, provider);
            #[cfg(target_os = "android")]
            Err(Error::General("Android takes none but its own".to_owned()))
        };
        self.read.get_or_init(read).as_ref().map_err(Clone::clone)
    }
}

impl ServerCertVerifier for System {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.read()?.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.read()?.verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.read()?.verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
