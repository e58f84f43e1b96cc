//! A participant's session: cookies of Creatio, and the cookie `BPMCSRF` repeated as a header.
//! Описание API системы обработки обращений, 2.1; Creatio Academy, "AuthService.svc".

use std::sync::Arc;

use reqwest::{
    Url,
    header::{COOKIE, HeaderName},
};

use super::{Client, jar::Jar};
use crate::{
    Config, ConfigError, ErrorKind, Operation, Secret, SecurityScheme, SessionFailure, SignInError, UserPassword,
    runtime::{
        Background, BoxFuture, Credential, Dialect, Executor, Held, Obtain, Renewable, Response, SecretSource, Secrets,
        Variables, Verdict,
    },
};

/// The cookie that has to be repeated as a header of the same name.
const CSRF: &str = "BPMCSRF";
const CSRF_HEADER: HeaderName = HeaderName::from_static("bpmcsrf");

/// The credentials of a client: a user of the support portal.
///
/// ```
/// use casewire::crpt::Auth;
///
/// let participant = Auth::user("participant", "Qw-417-erty");
/// # let _ = participant;
/// ```
#[derive(Debug, Clone)]
pub struct Auth(SecretSource<UserPassword>);

impl Auth {
    /// A user, who is signed in on first use.
    #[must_use]
    pub fn user(name: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self(SecretSource::Fixed(UserPassword::new(name, password)))
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
        Self(SecretSource::provider(provider))
    }

    /// The user whose name is in the environment variable `<prefix>USER`, with the password in `<prefix>PASSWORD`, or in the file
    /// that `<prefix>PASSWORD_FILE` names, which is read again before every sign-in. [`Config::from_env`] lists all names.
    ///
    /// # Errors
    /// When one of them is missing, or both passwords are set; when the file can't be read; and when a variable with the prefix
    /// has an unknown name.
    pub fn from_env(prefix: &str) -> Result<Self, ConfigError> {
        Ok(Self(Variables::read(prefix)?.required_user()?))
    }
}

impl Client {
    /// A client for the server that `config` names (production is `https://support.crpt.ru`, the test stand
    /// `https://int.support.crpt.ru`), which calls as the user in `auth`.
    ///
    /// Nothing is sent yet: the first call signs in. Clones share the session.
    ///
    /// When the session has ended, the client signs in again and retries the call once. An operation that is not idempotent is
    /// retried only if the response proves that it was not executed: 401, 403, a redirect to the sign-in page, or that page
    /// itself, recognized as [`Config::sign_in_page`] says. What only looks like the end of a session (another
    /// redirect, another page) fails such a call, and the next one signs in.
    ///
    /// # Errors
    /// When the configuration can't work; see [`ConfigError`].
    ///
    /// ```no_run
    /// use casewire::crpt::{Auth, Client, Config};
    ///
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let client = Client::connect(Config::new("https://support.crpt.ru")?, Auth::user("participant", "Qw-417-erty"))?;
    /// let case = client.get_case().number("SR00683913").send().await?;
    /// println!("{}: {}", case.number, case.status);
    /// # Ok(())
    /// # }
    /// ```
    pub fn connect(config: Config, auth: Auth) -> Result<Self, ConfigError> {
        let url = config.url.clone();
        let anonymous = Executor::new(&config, ())?;
        let bare = Self::over(anonymous.to_sign_in(1));
        let background = Background::default();
        let user = User { bare: bare.clone(), secrets: Secrets::new(auth.0), origin: Origin(url.clone()) };
        let cookies = Renewable::new(user, &background, anonymous.sign_in_limit());
        Ok(Self::over(anonymous.with_dialect(Portal { origin: Origin(url), cookies }, background)))
    }

    /// Signs in, even if that was refused a short while ago. Calls do so by themselves; this is for a program that wants to
    /// know at its start, or after somebody has changed a password.
    ///
    /// # Errors
    /// When signing in fails.
    pub async fn sign_in_now(&self) -> Result<(), SessionFailure> {
        self.inner.sign_in_now().await
    }
}

/// Where cookies are sent and accepted: this origin and no other.
struct Origin(Url);

impl Origin {
    /// An address that all cookies of the session are for.
    fn below(&self) -> Url {
        let mut url = self.0.clone();
        url.set_path(&format!("{}/0/ssp/rest/PublicWebServices/", self.0.path().trim_end_matches('/')));
        url
    }

    fn has_csrf(&self, jar: &Jar) -> bool {
        jar.has(&self.below(), CSRF)
    }
}

/// Signs a user in.
struct User {
    bare: Client,
    secrets: Secrets<UserPassword>,
    origin: Origin,
}

impl Obtain for User {
    type Value = Jar;

    /// A new session begins without cookies.
    fn obtain(self: Arc<Self>, _: Option<Arc<Jar>>, _: bool) -> BoxFuture<'static, Result<Jar, SignInError>> {
        Box::pin(async move {
            let UserPassword { name, password } = self.secrets.get().await?;
            let login = self.bare.login().force_use_session("true");
            let login = login.body_map(|body| body.user_name(name).user_password(password.expose()));
            let signed_in = login.send().await.map_err(SignInError::of)?;
            let jar = Jar::default();
            jar.set(signed_in.headers(), &self.origin.0);
            // The documents print the code 200 for a success, which is accepted when the cookies are there.
            if !self.origin.has_csrf(&jar) {
                let below = self.origin.below();
                let mut reason = format!("the server accepted the sign-in, but set no cookie {CSRF}");
                if let Some(why) = jar.why_not(&below, CSRF) {
                    reason += &format!(" for {}: the one that it set {why}", below.origin().ascii_serialization());
                }
                return Err(SignInError::lasting(ErrorKind::Authentication, reason));
            }
            Ok(jar)
        })
    }

    fn has_changed(&self) -> BoxFuture<'_, bool> {
        Box::pin(self.secrets.have_changed())
    }
}

/// A session on the portal.
struct Portal {
    origin: Origin,
    /// All cookies that the server has set in a session, not only the documented ones.
    cookies: Renewable<User>,
}

impl Portal {
    async fn session(
        &self,
        scheme: &'static SecurityScheme,
        refused: Option<&Credential>,
    ) -> Result<Credential, SessionFailure> {
        // Cookies may expire, or be taken back, while nobody calls.
        let usable = |held: &Held<Jar>| held.follows(refused) && self.origin.has_csrf(&held.value);
        loop {
            let held = self.cookies.get(&usable).await?;
            match held.value.headers(&self.origin.below(), CSRF) {
                Ok(Some((cookies, csrf))) => {
                    let headers = vec![(COOKIE, cookies), (CSRF_HEADER, csrf)];
                    return Ok(Credential::of_headers(headers, held.generation));
                }
                // Another response has taken them back in this moment.
                Ok(None) => self.cookies.end(held.generation),
                Err(_) => return Err(SessionFailure::Unsendable(scheme)),
            }
        }
    }
}

impl Dialect for Portal {
    fn credential<'a>(
        &'a self,
        scheme: &'static SecurityScheme,
        refused: Option<&'a Credential>,
    ) -> BoxFuture<'a, Result<Option<Credential>, SessionFailure>> {
        Box::pin(async move { self.session(scheme, refused).await.map(Some) })
    }

    fn is_current(&self, _scheme: &'static SecurityScheme, held: &Credential) -> bool {
        self.cookies.is_current(held.generation)
    }

    fn end(&self, _scheme: &'static SecurityScheme, sent: &Credential) {
        self.cookies.end(sent.generation);
    }

    fn sign_in_now(&self) -> BoxFuture<'_, Result<(), SessionFailure>> {
        Box::pin(self.cookies.obtain_now())
    }

    fn judge(&self, operation: &'static Operation, response: &Response) -> Verdict {
        match response.status().as_u16() {
            // It is also the response to an operation that the user may not call.
            403 => Verdict::Refused,
            // Some page in place of JSON. In place of a file, it may be the file.
            200 if !operation.downloads && response.text().trim_ascii_start().starts_with(b"<") => {
                match Verdict::usual(response) {
                    Verdict::Fine => Verdict::Doubtful,
                    verdict => verdict,
                }
            }
            _ => Verdict::usual(response),
        }
    }

    fn received(&self, sent: Option<&Credential>, response: &Response) {
        // What comes with a refusal ends a session that may be good for other operations. Whether it is over, the judgement
        // of the refusal decides: without cookies, every later call would sign in.
        if matches!(response.status().as_u16(), 401 | 403) || response.is_sign_in_page() {
            return;
        }
        let held = self.cookies.current();
        // Cookies of a session that was given up meanwhile don't concern the one after it.
        if let Some(held) = held.filter(|held| sent.is_some_and(|sent| sent.generation == held.generation)) {
            held.value.set(response.headers(), &self.origin.0);
        }
    }
}
