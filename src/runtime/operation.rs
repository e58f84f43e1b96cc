//! What the generated tables say about an operation: its name, its route, its security and whether it may be retried.
//! Errors, sessions and logs refer to these values; nothing else in the crate names an operation.

use std::fmt;

/// One operation of an interface, as its spec declares it.
///
/// Every interface module lists its own in a constant `OPERATIONS`. The values come from the spec and are never typed by
/// hand.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Operation {
    /// The `operationId` of the spec, for example `getCall`.
    pub id: &'static str,
    /// The HTTP method in capitals, for example `GET`.
    pub method: &'static str,
    /// The path template below the base URL, for example `/call/{id}`.
    pub path: &'static str,
    /// The security scheme that the operation asks for; `None` when it is open to anyone.
    pub security: Option<&'static SecurityScheme>,
    /// Whether sending it twice has the effect of sending it once: RFC 9110, section 9.2.2, unless the spec says otherwise
    /// with `x-idempotent`.
    pub idempotent: bool,
    /// Whether a file is uploaded. The upload is subject to the idle timeout alone, and the response to the timeout of a
    /// request.
    pub uploads: bool,
    /// Whether a file is downloaded, subject to the idle timeout alone.
    pub downloads: bool,
    /// The names of all properties in the spec of the interface. Any other name may be a secret, as any value may.
    pub(crate) properties: &'static [&'static str],
}

impl fmt::Debug for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, method, path, security, idempotent, uploads, downloads, properties: _ } = self;
        f.debug_struct("Operation")
            .field("id", id)
            .field("method", method)
            .field("path", path)
            .field("security", security)
            .field("idempotent", idempotent)
            .field("uploads", uploads)
            .field("downloads", downloads)
            .finish()
    }
}

/// Writes `GET /call/{id} (getCall)`.
impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ({})", self.method, self.path, self.id)
    }
}

/// A security scheme of an interface: which header carries the credential, and the word that stands before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct SecurityScheme {
    /// The name of the scheme in the spec, for example `UserAuth`.
    pub name: &'static str,
    /// The request header, for example `Authorization`.
    pub header: &'static str,
    /// The word before the credential (`x-auth-scheme-word` in the spec), for example `x-user`.
    pub word: Option<&'static str>,
}
