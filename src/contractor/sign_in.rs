//! A user's session: salted-hash sign-in, renewal with the service token, sign-in again when that is refused.
//! ContractorPersonalArea API Reference, `SignInInputDTO`, `TokenDTO`, `POST /user/signin` and `POST /user/token`.

use std::{sync::Arc, time::Duration};

use sha2::{Digest, Sha256};
use tokio::time::Instant;

use super::{
    Client,
    error::{SignInError, SignInUnauthorizedCode},
    generated::security,
    types,
};
use crate::{
    Base64, Config, Error, ErrorKind, Failure, Secret, SecurityScheme, SessionFailure,
    runtime::{BoxFuture, Credential, Dialect, Held, Renewable, Session},
};

/// A client on the given session.
pub(super) fn bare_client(config: &Config, http: &reqwest::Client, session: &Session) -> Client {
    Client { baseurl: config.base_url.clone(), client: http.clone(), inner: session.clone() }
}

/// A user who is signed in on first use.
pub(super) struct UserSession {
    /// Signs in; has no credential itself.
    bare: Client,
    name: String,
    password: Secret,
    tokens: Renewable<Tokens>,
}

/// What signing in gives.
struct Tokens {
    access: Secret,
    service: Secret,
    /// When to renew; `None` for a token that never expires.
    stale_at: Option<Instant>,
    expires_at: Option<Instant>,
}

impl Tokens {
    fn is_alive(&self) -> bool {
        self.expires_at.is_none_or(|expires_at| Instant::now() < expires_at)
    }
}

impl UserSession {
    pub(super) fn new(bare: Client, name: String, password: Secret) -> Self {
        Self { bare, name, password, tokens: Renewable::new() }
    }

    pub(super) async fn credential(&self, scheme: &'static SecurityScheme) -> Result<Credential, SessionFailure> {
        let fresh = |held: &Held<Tokens>| held.value.stale_at.is_none_or(|stale_at| Instant::now() < stale_at);
        match self.get(scheme, fresh).await {
            // It was only to be replaced in good time; while the server doesn't renew it, it is good still.
            Err(_) if self.tokens.current().is_some_and(|held| held.value.is_alive()) => {
                self.get(scheme, |_| true).await
            }
            credential => credential,
        }
    }

    pub(super) async fn renew(
        &self,
        scheme: &'static SecurityScheme,
        refused: &Credential,
    ) -> Result<Credential, SessionFailure> {
        self.get(scheme, |held| held.generation > refused.generation).await
    }

    async fn get(
        &self,
        scheme: &'static SecurityScheme,
        usable: impl Fn(&Held<Tokens>) -> bool,
    ) -> Result<Credential, SessionFailure> {
        let held = self.tokens.get(usable, |old| self.obtain(old)).await?;
        let token = if *scheme == security::SERVICE_USER_AUTH { &held.value.service } else { &held.value.access };
        Credential::new(scheme, scheme.word, token.expose(), held.generation)
    }

    /// Renews with the service token, or signs in: the first time, and when the service token is refused.
    async fn obtain(&self, old: Option<Arc<Tokens>>) -> Result<Tokens, SessionFailure> {
        let Some(old) = old else { return self.sign_in().await };
        let service = self.bare.inner.with_dialect(ServiceToken(old.service.clone()));
        let client = Client { inner: service, ..self.bare.clone() };
        match client.renew_tokens().send().await {
            Ok(tokens) => Ok(tokens.into_inner().into()),
            // Whatever is wrong with the service token or its answer, the password is at hand.
            Err(Error::ErrorResponse(_) | Error::Undecodable(_)) => self.sign_in().await,
            Err(Error::UnexpectedStatus(e)) if !e.status.is_server_error() => self.sign_in().await,
            Err(e) => Err(failed(e)),
        }
    }

    async fn sign_in(&self) -> Result<Tokens, SessionFailure> {
        let result = match self.send_sign_in(&salt()?).await {
            // Not by chance: 16 random bytes don't repeat. Someone else may have signed in with salts of their own.
            Err(Error::ErrorResponse(e)) if is_salt_used(&e) => self.send_sign_in(&salt()?).await,
            result => result,
        };
        result.map(Tokens::from).map_err(failed)
    }

    async fn send_sign_in(&self, salt: &[u8]) -> Result<types::AccessServiceTokensDto, Error<SignInError>> {
        let hashed = hashed_password(self.password.expose(), salt).encoded();
        let salt = Base64::from(salt).encoded();
        let sign_in =
            self.bare.sign_in().body_map(|body| body.user_name(&self.name).hashed_password(hashed).salt(salt));
        sign_in.send().await.map(|tokens| tokens.into_inner())
    }
}

/// `SHA-256(SHA-256(password) + salt)`, the password in UTF-8.
fn hashed_password(password: &str, salt: &[u8]) -> Base64 {
    let mut salted = Sha256::digest(password).to_vec();
    salted.extend_from_slice(salt);
    Base64::from(Sha256::digest(salted).to_vec())
}

/// 16 to 24 random bytes: the limits of the document, 16 to 32, are met in bytes and in base64 characters alike.
fn salt() -> Result<Vec<u8>, SessionFailure> {
    let mut random = [0; 25];
    getrandom::fill(&mut random).map_err(|e| SessionFailure::Failed(ErrorKind::InvalidRequest, Arc::new(e)))?;
    let [length, salt @ ..] = random;
    Ok(salt[..16 + usize::from(length % 9)].to_vec())
}

fn is_salt_used(failure: &SignInError) -> bool {
    matches!(failure, SignInError::Unauthorized { code: SignInUnauthorizedCode::SaltAlreadyUsed, .. })
}

fn failed<E: Failure + Send + Sync + 'static>(e: Error<E>) -> SessionFailure {
    SessionFailure::Failed(e.kind(), Arc::new(e))
}

impl From<types::AccessServiceTokensDto> for Tokens {
    /// A token is renewed when nine tenths of its life have passed, so that it is not refused while a request travels.
    fn from(tokens: types::AccessServiceTokensDto) -> Self {
        let now = Instant::now();
        let life = tokens.access.expires_in.map(|ms| Duration::from_millis(u64::try_from(ms).unwrap_or(0)));
        let stale_at = life.and_then(|life| now.checked_add(life / 10 * 9));
        let expires_at = life.and_then(|life| now.checked_add(life));
        Self { access: tokens.access.token, service: tokens.service.token, stale_at, expires_at }
    }
}

/// The service token as the only credential.
struct ServiceToken(Secret);

impl Dialect for ServiceToken {
    fn credential<'a>(&'a self, scheme: &'static SecurityScheme) -> BoxFuture<'a, Result<Credential, SessionFailure>> {
        Box::pin(std::future::ready(Credential::new(scheme, scheme.word, self.0.expose(), 0)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{hashed_password, salt};

    /// The vectors of FACTS D(d).
    #[test]
    fn hashes_as_documented() {
        let salt: Vec<u8> = (0..16).collect();
        assert_eq!(hashed_password("Passw0rd", &salt).encoded(), "QOianrwOJsclNyqZfRS7I0FUBk/9RONO6+/sTvxJvEQ=");
        assert_eq!(hashed_password("Пароль1", &salt).encoded(), "hbkaxVmvHj/j/Z+qOZ9F2JmoslNI851u0gbHfDUVeBE=");
    }

    #[test]
    fn salts_have_the_documented_length_and_differ() {
        let salts: HashSet<_> = (0..1000).map(|_| salt().unwrap()).collect();
        assert_eq!(salts.len(), 1000);
        let lengths: HashSet<_> = salts.iter().map(Vec::len).collect();
        assert_eq!(lengths, (16..=24).collect());
    }
}
