//! No backend of casewire's own: with the feature `tls` by itself, the program has one and sets it up.

use reqwest::ClientBuilder;

use crate::runtime::ConfigError;

#[derive(Clone, Default)]
pub(in crate::runtime) struct Tls {}

impl Tls {
    pub(in crate::runtime) fn add_roots(&mut self, _pem: &[u8]) -> Result<(), ConfigError> {
        Err(ConfigError::Tls("root certificate"))
    }

    pub(in crate::runtime) fn set_identity(&mut self, _certificates: &[u8], _key: &[u8]) -> Result<(), ConfigError> {
        Err(ConfigError::Tls("client certificate"))
    }

    pub(in crate::runtime) fn set(&self, builder: ClientBuilder, _https: bool) -> Result<ClientBuilder, ConfigError> {
        Ok(builder)
    }
}
