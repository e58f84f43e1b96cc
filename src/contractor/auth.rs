//! Who is calling: a user, an external system, both, or nobody. The spec says which operation asks for which.

use super::{
    Client,
    generated::security,
    sign_in::{UserSession, bare_client},
};
use crate::{
    Config, ConfigError, Secret, SecurityScheme, SessionFailure,
    runtime::{BoxFuture, Credential, Dialect, Session},
};

/// The credentials of a client. Operations that need one that is not here fail before anything is sent.
///
/// ```
/// use casewire::contractor::Auth;
///
/// let dispatcher = Auth::external_system("desk-key");
/// let engineer = Auth::user("ivanov", "Passw0rd");
/// let both = Auth::user("ivanov", "Passw0rd").and_external_system("desk-key");
/// let link_holder = Auth::anonymous(); // only the operations below /shared
/// # let _ = (dispatcher, engineer, both, link_holder);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Auth {
    user: Option<(String, Secret)>,
    external_system: Option<Secret>,
    external_system_word: Option<String>,
}

impl Auth {
    /// A user, who is signed in on first use: the operations of `UserAuth` and `ServiceUserAuth`.
    #[must_use]
    pub fn user(name: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self { user: Some((name.into(), password.into())), ..Self::default() }
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
        self.external_system = Some(key.into());
        self
    }

    /// The word before the external system's key in the header `Authorization`, in place of the one in the spec. Empty
    /// for no word at all.
    #[must_use]
    pub fn external_system_word(mut self, word: impl Into<String>) -> Self {
        self.external_system_word = Some(word.into());
        self
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
        let http = config.build_http()?;
        let nobody = Session::new(&config, Nobody)?;
        let bare = bare_client(&config, &http, &nobody);
        let credentials = Credentials {
            user: auth.user.map(|(name, password)| UserSession::new(bare.clone(), name, password)),
            external_system: auth.external_system,
            external_system_word: auth.external_system_word,
        };
        Ok(Self { inner: nobody.with_dialect(credentials), ..bare })
    }
}

/// The credentials as the session asks for them.
struct Credentials {
    user: Option<UserSession>,
    external_system: Option<Secret>,
    external_system_word: Option<String>,
}

impl Dialect for Credentials {
    fn credential<'a>(&'a self, scheme: &'static SecurityScheme) -> BoxFuture<'a, Result<Credential, SessionFailure>> {
        Box::pin(async move {
            let missing = || SessionFailure::Missing(scheme);
            if *scheme == security::EXTERNAL_SYSTEM_AUTH {
                let key = self.external_system.as_ref().ok_or_else(missing)?;
                let word = self.external_system_word.as_deref().or(scheme.word).filter(|word| !word.is_empty());
                Credential::new(scheme, word, key.expose(), 0)
            } else {
                self.user.as_ref().ok_or_else(missing)?.credential(scheme).await
            }
        })
    }

    fn renew<'a>(
        &'a self,
        scheme: &'static SecurityScheme,
        refused: &'a Credential,
    ) -> BoxFuture<'a, Result<Option<Credential>, SessionFailure>> {
        Box::pin(async move {
            match &self.user {
                Some(user) if *scheme != security::EXTERNAL_SYSTEM_AUTH => user.renew(scheme, refused).await.map(Some),
                _ => Ok(None),
            }
        })
    }
}

/// Without any credential.
struct Nobody;

impl Dialect for Nobody {}
