//! Secrets that a client signs in with: given once, or asked of a provider each time that one is needed.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use super::{ErrorKind, Secret, SignInError, executor::BoxFuture};

/// The name and password of a user.
///
/// ```
/// use casewire::UserPassword;
///
/// let ivanov = UserPassword::new("ivanov", "Passw0rd");
/// assert_eq!(format!("{ivanov:?}"), r#"UserPassword { name: "ivanov", password: [redacted] }"#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserPassword {
    pub name: String,
    pub password: Secret,
}

impl UserPassword {
    /// A user with this password.
    #[must_use]
    pub fn new(name: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self { name: name.into(), password: password.into() }
    }
}

/// Why a provider has no secret.
pub type ProviderError = Box<dyn std::error::Error + Send + Sync>;

/// A provider has no secret, for this reason.
#[derive(Debug)]
struct ProviderFailed(ProviderError);

impl fmt::Display for ProviderFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the provider of the credential failed: {}", self.0)
    }
}

/// The source of the reason: the reason itself is in the message.
impl std::error::Error for ProviderFailed {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

type Provider<T> = Arc<dyn Fn() -> BoxFuture<'static, Result<T, ProviderError>> + Send + Sync>;

/// Where a secret comes from.
#[derive(Clone)]
pub enum SecretSource<T> {
    Fixed(T),
    Provider(Provider<T>),
}

impl<T> SecretSource<T> {
    pub fn provider<F>(provide: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<T, ProviderError>> + Send + 'static,
    {
        Self::Provider(Arc::new(move || Box::pin(provide())))
    }
}

impl<T: fmt::Debug> fmt::Debug for SecretSource<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(secret) => secret.fmt(f),
            Self::Provider(_) => f.write_str("provider"),
        }
    }
}

/// A source, and what it gave last.
pub struct Secrets<T> {
    source: SecretSource<T>,
    last: Mutex<Option<T>>,
}

impl<T: Clone + PartialEq> Secrets<T> {
    pub fn new(source: SecretSource<T>) -> Self {
        Self { source, last: Mutex::default() }
    }

    /// The current secret.
    pub async fn get(&self) -> Result<T, SignInError> {
        let provide = match &self.source {
            SecretSource::Fixed(secret) => return Ok(secret.clone()),
            SecretSource::Provider(provide) => provide,
        };
        let failed = |e| SignInError::passing(ErrorKind::Authentication, ProviderFailed(e));
        let secret = provide().await.map_err(failed)?;
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(secret.clone());
        Ok(secret)
    }

    /// Whether the current secret differs from the one that [`get`](Self::get) gave last.
    pub async fn have_changed(&self) -> bool {
        let SecretSource::Provider(provide) = &self.source else { return false };
        match provide().await {
            Ok(secret) => self.last.lock().unwrap_or_else(PoisonError::into_inner).as_ref() != Some(&secret),
            Err(_) => false,
        }
    }
}
