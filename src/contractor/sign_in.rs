//! A user's session: salted-hash sign-in, renewal with the service token, sign-in again when that is refused.
//! ContractorPersonalArea API Reference, `SignInInputDTO`, `TokenDTO`, `POST /user/signin` and `POST /user/token`.

use std::{sync::Arc, time::Duration};

use hmac_sha256::Hash;
use serde::Deserialize;
use tokio::time::Instant;

use super::{
    Client,
    error::{SignInError as Refusal, SignInUnauthorizedCode},
    generated::security,
    types,
};
use crate::{
    Base64, Error, ErrorKind, Secret, SecurityScheme, SessionFailure, SignInError, UserPassword,
    runtime::{
        Background, BoxFuture, Credential, Dialect, HeaderSecret, Held, Obtain, Renewable, SecretSource, Secrets,
    },
};

/// The shortest life of a token that is believed.
const SHORTEST_LIFE: Duration = Duration::from_secs(1);
/// A renewal may take one third of the time for obtaining tokens, so that enough is left for signing in with the password.
const SHARE_OF_RENEWAL: u32 = 3;

/// A user who is signed in on first use.
pub(super) struct UserSession(Renewable<User>);

/// What signing in gives.
struct Tokens {
    access: HeaderSecret,
    service: HeaderSecret,
    /// When to renew; `None` for a token that never expires.
    stale_at: Option<Instant>,
    expires_at: Option<Instant>,
}

impl Tokens {
    fn is_alive(&self) -> bool {
        self.expires_at.is_none_or(|expires_at| Instant::now() < expires_at)
    }

    fn is_fresh(&self) -> bool {
        self.stale_at.is_none_or(|stale_at| Instant::now() < stale_at)
    }
}

impl UserSession {
    pub(super) fn new(bare: Client, user: SecretSource<UserPassword>, background: &Background) -> Self {
        let limit = bare.inner.sign_in_limit();
        Self(Renewable::new(User { bare, secrets: Secrets::new(user) }, background, limit))
    }

    pub(super) async fn credential(
        &self,
        scheme: &'static SecurityScheme,
        refused: Option<&Credential>,
    ) -> Result<Credential, SessionFailure> {
        // A token that was refused by the server's clock is replaced by whatever comes after it.
        let held = self.0.get(|held| held.follows(refused) && (refused.is_some() || held.value.is_alive())).await?;
        if refused.is_none() && !held.value.is_fresh() {
            self.0.renew_early();
        }
        of(scheme, &held)
    }

    /// The token that is there, if it is good for a while.
    pub(super) fn at_hand(&self, scheme: &'static SecurityScheme) -> Option<Credential> {
        of(scheme, &self.0.current().filter(|held| held.value.is_alive() && held.value.is_fresh())?).ok()
    }

    pub(super) fn is_current(&self, generation: u64) -> bool {
        self.0.is_current(generation)
    }

    pub(super) fn end(&self, generation: u64) {
        self.0.end(generation);
    }

    pub(super) async fn sign_in_now(&self) -> Result<(), SessionFailure> {
        self.0.obtain_now().await
    }
}

fn of(scheme: &'static SecurityScheme, held: &Held<Tokens>) -> Result<Credential, SessionFailure> {
    let token = if *scheme == security::SERVICE_USER_AUTH { &held.value.service } else { &held.value.access };
    token.credential(scheme, scheme.word, held.generation)
}

/// Signs a user in.
struct User {
    /// Has no credential itself.
    bare: Client,
    secrets: Secrets<UserPassword>,
}

impl Obtain for User {
    type Value = Tokens;

    fn obtain(
        self: Arc<Self>,
        old: Option<Arc<Tokens>>,
        early: bool,
    ) -> BoxFuture<'static, Result<Tokens, SignInError>> {
        Box::pin(async move {
            let Some(old) = old else { return self.sign_in().await };
            match self.renew(old.service.secret()).await {
                Ok(tokens) => Ok(tokens),
                // The current tokens are still good; the server may be in better shape when they are not.
                Err(e) if early && e.kind().may_pass() => Err(SignInError::of(e)),
                // Whatever is wrong with the service token or the server's response, there is still the password.
                Err(_) => self.sign_in().await,
            }
        })
    }

    fn has_changed(&self) -> BoxFuture<'_, bool> {
        Box::pin(self.secrets.have_changed())
    }
}

impl User {
    async fn renew(&self, service: &Secret) -> Result<Tokens, Error<super::error::RenewTokensError>> {
        let service = ServiceToken(service.clone());
        let inner = self.bare.inner.with_dialect(service, Background::default());
        tokens(Client::over(inner.to_sign_in(SHARE_OF_RENEWAL)).renew_tokens().send().await)
    }

    async fn sign_in(&self) -> Result<Tokens, SignInError> {
        let user = self.secrets.get().await?;
        let result = match self.send_sign_in(&user, &salt()?).await {
            // Not by chance: 16 random bytes don't repeat. Someone else may have signed in with salts of their own.
            Err(Error::ErrorResponse(e)) if is_salt_used(&e) => self.send_sign_in(&user, &salt()?).await,
            result => result,
        };
        result.map_err(SignInError::of)
    }

    async fn send_sign_in(&self, user: &UserPassword, salt: &[u8]) -> Result<Tokens, Error<Refusal>> {
        let hashed = hashed_password(user.password.expose(), salt).encoded();
        let salt = Base64::from(salt).encoded();
        let sign_in =
            self.bare.sign_in().body_map(|body| body.user_name(&user.name).hashed_password(hashed).salt(salt));
        tokens(sign_in.send().await)
    }
}

/// The tokens in a response, even if how long they live can't be read: then they are used until they are refused.
fn tokens<E>(
    response: Result<crate::ResponseValue<types::AccessServiceTokensDto>, Error<E>>,
) -> Result<Tokens, Error<E>> {
    #[derive(Deserialize)]
    struct Both {
        access: One,
        service: One,
    }
    #[derive(Deserialize)]
    struct One {
        token: Secret,
    }
    match response {
        Ok(tokens) => {
            let types::AccessServiceTokensDto { access, service } = tokens.into_inner();
            Ok(Tokens::new(access.token, service.token, access.expires_in))
        }
        Err(Error::Undecodable(e)) => match e.read_as::<Both>() {
            Some(Both { access, service }) => Ok(Tokens::new(access.token, service.token, None)),
            None => Err(Error::Undecodable(e)),
        },
        Err(e) => Err(e),
    }
}

/// `SHA-256(SHA-256(password) + salt)`, the password in UTF-8.
fn hashed_password(password: &str, salt: &[u8]) -> Base64 {
    let mut salted = Hash::hash(password.as_bytes()).to_vec();
    salted.extend_from_slice(salt);
    Base64::from(Hash::hash(&salted).as_slice())
}

/// 16 to 24 random bytes: the limits of the document, 16 to 32, are met in bytes and in base64 characters alike.
fn salt() -> Result<Vec<u8>, SignInError> {
    let mut random = [0; 25];
    getrandom::fill(&mut random).map_err(|e| SignInError::passing(ErrorKind::InvalidRequest, e))?;
    let [length, salt @ ..] = random;
    Ok(salt[..16 + usize::from(length % 9)].to_vec())
}

fn is_salt_used(failure: &Refusal) -> bool {
    matches!(failure, Refusal::Unauthorized { code: Some(SignInUnauthorizedCode::SaltAlreadyUsed), .. })
}

impl Tokens {
    /// A token is renewed when nine tenths of its life have passed, so that it is not refused while a request travels. One
    /// that is said to live for less than [`SHORTEST_LIFE`] is used until it is refused: whatever the server means by that, it
    /// is not a sign-in per call.
    fn new(access: Secret, service: Secret, expires_in_ms: Option<i64>) -> Self {
        let now = Instant::now();
        let ms = expires_in_ms.and_then(|ms| u64::try_from(ms).ok());
        let life = ms.map(Duration::from_millis).filter(|life| *life >= SHORTEST_LIFE);
        let stale_at = life.and_then(|life| now.checked_add(life / 10 * 9));
        let expires_at = life.and_then(|life| now.checked_add(life));
        let (access, service) = (HeaderSecret::new(access), HeaderSecret::new(service));
        Self { access, service, stale_at, expires_at }
    }
}

/// The service token as the only credential.
struct ServiceToken(Secret);

impl Dialect for ServiceToken {
    fn credential<'a>(
        &'a self,
        scheme: &'static SecurityScheme,
        refused: Option<&'a Credential>,
    ) -> BoxFuture<'a, Result<Option<Credential>, SessionFailure>> {
        let credential = Credential::new(scheme, scheme.word, self.0.expose(), 0);
        Box::pin(std::future::ready(credential.map(|credential| refused.is_none().then_some(credential))))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{hashed_password, salt};

    /// Vectors of the documented rule.
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
