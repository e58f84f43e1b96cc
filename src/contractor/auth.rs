//! Who is calling: a user, an external system, both, or nobody. The spec says which operation asks for which.

use std::sync::Arc;

use super::{Client, OPERATIONS, generated::security, sign_in::UserSession};
use crate::{
    Config, ConfigError, Operation, Secret, SecurityScheme, SessionFailure, SignInError, UserPassword,
    runtime::{
        Background, BoxFuture, Credential, Dialect, Executor, HeaderSecret, Held, Obtain, Renewable, SecretSource,
        Secrets, Variables,
    },
};

/// The credentials of a client. Operations that need one that is not here fail before anything is sent.
///
/// ```
/// use casewire::{UserPassword, contractor::Auth};
///
/// let dispatcher = Auth::external_system("desk-key");
/// let engineer = Auth::user("ivanov", "Passw0rd");
/// let both = Auth::user("ivanov", "Passw0rd").and_external_system("desk-key");
/// let link_holder = Auth::anonymous(); // only the operations below /shared
/// // A password that is changed from time to time, read again before each sign-in:
/// let rotated = Auth::user_from(|| async {
///     let password = std::fs::read_to_string("/run/secrets/desk")?;
///     Ok(UserPassword::new("ivanov", password.trim_end()))
/// });
/// # let _ = (dispatcher, engineer, both, link_holder, rotated);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Auth {
    user: Option<SecretSource<UserPassword>>,
    external_system: Option<SecretSource<Secret>>,
    external_system_word: Option<String>,
}

impl Auth {
    /// A user, who is signed in on first use: the operations of `UserAuth` and `ServiceUserAuth`.
    #[must_use]
    pub fn user(name: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self { user: Some(SecretSource::Fixed(UserPassword::new(name, password))), ..Self::default() }
    }

    /// A user whose name and password `provider` gives, for example from a vault. It is asked before every sign-in and,
    /// while a refusal is remembered (for 30 seconds at first, up to 10 minutes if it goes on), before every call as well, so
    /// that another password is tried at once.
    ///
    /// When it fails, the call that needed to sign in fails with [`Error::Session`](crate::Error::Session), which is
    /// retryable: nothing was sent.
    #[must_use]
    pub fn user_from<F>(provider: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<UserPassword, Box<dyn std::error::Error + Send + Sync>>> + Send + 'static,
    {
        Self { user: Some(SecretSource::provider(provider)), ..Self::default() }
    }

    /// An external system, such as a dispatch desk: the operations of `ExternalSystemAuth`.
    ///
    /// The document never declares this scheme. The word before the key follows the rule of the other two; set the one
    /// that the server's owner gives you with [`external_system_word`](Self::external_system_word).
    #[must_use]
    pub fn external_system(key: impl Into<Secret>) -> Self {
        Self::anonymous().and_external_system(key)
    }

    /// No credential: the operations below `/shared`, which carry a token of their own, and `signIn`.
    #[must_use]
    pub fn anonymous() -> Self {
        Self::default()
    }

    /// The same with an external system's key.
    #[must_use]
    pub fn and_external_system(mut self, key: impl Into<Secret>) -> Self {
        self.external_system = Some(SecretSource::Fixed(key.into()));
        self
    }

    /// The same with an external system whose key `provider` gives. It is asked on first use, and again when the key is
    /// refused; if it gives another one then, the call is retried with that.
    #[must_use]
    pub fn and_external_system_from<F>(mut self, provider: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Secret, Box<dyn std::error::Error + Send + Sync>>> + Send + 'static,
    {
        self.external_system = Some(SecretSource::provider(provider));
        self
    }

    /// The word before the external system's key in the header `Authorization`, in place of the one in the spec. Empty
    /// for no word at all.
    #[must_use]
    pub fn external_system_word(mut self, word: impl Into<String>) -> Self {
        self.external_system_word = Some(word.into());
        self
    }

    /// The credentials in environment variables whose names begin with `prefix`: a user in `USER` with `PASSWORD`, an external
    /// system in `KEY` with `KEY_WORD` for [`external_system_word`](Self::external_system_word), or both. With `_FILE` at the
    /// end, `PASSWORD` and `KEY` name files, which are read again when another secret is needed. [`Config::from_env`] lists all
    /// names.
    ///
    /// # Errors
    /// When there is neither a user nor a key, one without a password, or a secret in both forms; when a file can't be read; and
    /// when a variable with the prefix has an unknown name.
    pub fn from_env(prefix: &str) -> Result<Self, ConfigError> {
        let variables = Variables::read(prefix)?;
        let (user, external_system) = (variables.user()?, variables.secret("KEY")?);
        if user.is_none() && external_system.is_none() {
            return Err(variables.wrong("USER", format!("it is not set, nor is {prefix}KEY or {prefix}KEY_FILE")));
        }
        let external_system_word = variables.get("KEY_WORD").map(str::to_owned);
        if external_system.is_none() && external_system_word.is_some() {
            return Err(variables.without("KEY", "KEY_WORD"));
        }
        Ok(Self { user, external_system, external_system_word })
    }
}

impl Client {
    /// A client for the server that `config` names, which calls with the credentials in `auth`.
    ///
    /// Nothing is sent yet: a user is signed in by the first call that needs it. Clones share the session.
    ///
    /// # Errors
    /// When the configuration can't work; see [`ConfigError`].
    ///
    /// ```no_run
    /// use casewire::contractor::{Auth, Client, Config};
    ///
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let client = Client::connect(Config::new("https://desk.example")?, Auth::external_system("desk-key"))?;
    /// let call = client.get_call().id(683913).send().await?;
    /// println!("{:?}", call.status);
    /// # Ok(())
    /// # }
    /// ```
    pub fn connect(config: Config, auth: Auth) -> Result<Self, ConfigError> {
        let nobody = Executor::new(&config, ())?;
        let bare = Self::over(nobody.to_sign_in(1));
        let background = Background::default();
        let limit = nobody.sign_in_limit();
        let key = |source| Renewable::new(Key(Secrets::new(source)), &background, limit);
        let credentials = Credentials {
            user: auth.user.map(|user| UserSession::new(bare.clone(), user, &background)),
            external_system: auth.external_system.map(key),
            external_system_word: auth.external_system_word,
        };
        Ok(Self::over(nobody.with_dialect(credentials, background)))
    }

    /// Signs the user in, even if that was refused a short while ago. Calls do so by themselves; this is for a program that
    /// wants to know at its start, or after somebody has changed a password.
    ///
    /// # Errors
    /// When the client has no user, or signing in fails.
    ///
    /// ```no_run
    /// # async fn example(client: casewire::contractor::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// client.sign_in_now().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn sign_in_now(&self) -> Result<(), SessionFailure> {
        self.inner.sign_in_now().await
    }
}

/// The credentials as the session asks for them.
struct Credentials {
    user: Option<UserSession>,
    external_system: Option<Renewable<Key>>,
    external_system_word: Option<String>,
}

impl Credentials {
    async fn key(
        &self,
        scheme: &'static SecurityScheme,
        refused: Option<&Credential>,
    ) -> Result<Option<Credential>, SessionFailure> {
        let key = self.external_system.as_ref().ok_or(SessionFailure::Missing(scheme))?;
        let held = key.get(|held| held.follows(refused)).await?;
        let credential = self.with_word(scheme, &held)?;
        // The provider may give the same key again.
        let is_refused = refused.is_some_and(|refused| credential.is_the_same_as(refused));
        Ok((!is_refused).then_some(credential))
    }

    fn with_word(
        &self,
        scheme: &'static SecurityScheme,
        key: &Held<HeaderSecret>,
    ) -> Result<Credential, SessionFailure> {
        let word = self.external_system_word.as_deref().or(scheme.word).filter(|word| !word.is_empty());
        key.value.credential(scheme, word, key.generation)
    }
}

impl Dialect for Credentials {
    fn credential<'a>(
        &'a self,
        scheme: &'static SecurityScheme,
        refused: Option<&'a Credential>,
    ) -> BoxFuture<'a, Result<Option<Credential>, SessionFailure>> {
        Box::pin(async move {
            if *scheme == security::EXTERNAL_SYSTEM_AUTH {
                return self.key(scheme, refused).await;
            }
            let user = self.user.as_ref().ok_or(SessionFailure::Missing(scheme))?;
            user.credential(scheme, refused).await.map(Some)
        })
    }

    fn at_hand(&self, scheme: &'static SecurityScheme) -> Option<Credential> {
        if *scheme == security::EXTERNAL_SYSTEM_AUTH {
            return self.with_word(scheme, &self.external_system.as_ref()?.current()?).ok();
        }
        self.user.as_ref()?.at_hand(scheme)
    }

    fn is_current(&self, scheme: &'static SecurityScheme, held: &Credential) -> bool {
        match (&self.user, &self.external_system) {
            (_, Some(key)) if *scheme == security::EXTERNAL_SYSTEM_AUTH => key.is_current(held.generation),
            (Some(user), _) if *scheme != security::EXTERNAL_SYSTEM_AUTH => user.is_current(held.generation),
            _ => true,
        }
    }

    fn end(&self, scheme: &'static SecurityScheme, sent: &Credential) {
        match (&self.user, &self.external_system) {
            (_, Some(key)) if *scheme == security::EXTERNAL_SYSTEM_AUTH => key.end(sent.generation),
            (Some(user), _) if *scheme != security::EXTERNAL_SYSTEM_AUTH => user.end(sent.generation),
            _ => {}
        }
    }

    /// No source says which word stands before the key.
    fn hint(&self, scheme: &'static SecurityScheme) -> Option<&'static str> {
        let is_guess = *scheme == security::EXTERNAL_SYSTEM_AUTH && self.external_system_word.is_none();
        is_guess.then_some(
            "if the key is right, the word before it may be another on this server: Auth::external_system_word sets it",
        )
    }

    /// The same file may be at two paths, one of which is the other and a word more.
    fn instead(&self, operation: &'static Operation) -> Option<&'static Operation> {
        let is_longer = |one: &Operation, other: &Operation| {
            one.path.strip_prefix(other.path).is_some_and(|rest| rest.starts_with('/') && !rest.contains('{'))
        };
        let is_there = |scheme: &SecurityScheme| match *scheme == security::EXTERNAL_SYSTEM_AUTH {
            true => self.external_system.is_some(),
            false => self.user.is_some(),
        };
        let mut downloads = OPERATIONS.iter().filter(|other| operation.downloads && other.downloads);
        downloads.find(|other| {
            (is_longer(operation, other) || is_longer(other, operation)) && other.security.is_some_and(is_there)
        })
    }

    fn sign_in_now(&self) -> BoxFuture<'_, Result<(), SessionFailure>> {
        Box::pin(
            async move { self.user.as_ref().ok_or(SessionFailure::Missing(&security::USER_AUTH))?.sign_in_now().await },
        )
    }
}

/// The key of an external system.
struct Key(Secrets<Secret>);

impl Obtain for Key {
    type Value = HeaderSecret;

    fn obtain(
        self: Arc<Self>,
        _: Option<Arc<HeaderSecret>>,
        _: bool,
    ) -> BoxFuture<'static, Result<HeaderSecret, SignInError>> {
        Box::pin(async move { self.0.get().await.map(HeaderSecret::new) })
    }
}
