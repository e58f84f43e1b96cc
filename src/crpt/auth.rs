//! A participant's session: cookies of Creatio, and the cookie `BPMCSRF` repeated as a header.
//! Описание API системы обработки обращений, 2.1; Creatio Academy, "AuthService.svc".

use std::sync::Arc;

use reqwest::{
    StatusCode, Url,
    header::{CONTENT_TYPE, COOKIE, HeaderName, HeaderValue},
};

use super::{Client, error::LoginError, jar::Jar};
use crate::{
    Config, ConfigError, Error, ErrorKind, Operation, Secret, SecurityScheme, SessionFailure,
    runtime::{
        Answer, BoxFuture, Credential, Dialect, Held, Renewable, Session, is_sign_in_page, redirects_to_sign_in,
    },
};

/// The cookie that has to be repeated as a header of the same name.
const CSRF: &str = "BPMCSRF";

/// The credentials of a client: a user of the support portal.
///
/// ```
/// use casewire::crpt::Auth;
///
/// let participant = Auth::user("participant", "Qw-417-erty");
/// # let _ = participant;
/// ```
#[derive(Debug, Clone)]
pub struct Auth {
    name: String,
    password: Secret,
}

impl Auth {
    /// A user, who is signed in on first use.
    #[must_use]
    pub fn user(name: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self { name: name.into(), password: password.into() }
    }
}

impl Client {
    /// A client for the server that `config` names (production is `https://support.crpt.ru`, the test stand
    /// `https://int.support.crpt.ru`), which calls as the user in `auth`.
    ///
    /// Nothing is sent yet: the first call signs in. When the session has ended (401, 403, or a login page or the
    /// redirect to one), the client signs in once more and repeats the call once. Clones share the session.
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
        let http = config.build_http()?;
        let url = Url::parse(&config.base_url).map_err(|e| ConfigError::NotAUrl(e.to_string()))?;
        let anonymous = Session::new(&config, Anonymous)?;
        let bare = Self { baseurl: config.base_url, client: http, inner: anonymous.clone() };
        let portal = Portal { bare: bare.clone(), auth, url, cookies: Renewable::new() };
        Ok(Self { inner: anonymous.with_dialect(portal), ..bare })
    }
}

/// Signs in; has no session itself.
struct Anonymous;

impl Dialect for Anonymous {}

/// A session on the portal.
struct Portal {
    bare: Client,
    auth: Auth,
    /// Where cookies are sent and accepted: this origin and no other.
    url: Url,
    /// All cookies that the server has set in a session, not only the documented ones. A new session begins with none.
    cookies: Renewable<Jar>,
}

impl Portal {
    async fn session(
        &self,
        scheme: &'static SecurityScheme,
        usable: impl Fn(&Held<Jar>) -> bool,
    ) -> Result<Credential, SessionFailure> {
        // Cookies may expire, or be taken back, while nobody calls.
        let usable = |held: &Held<Jar>| usable(held) && self.csrf(&held.value).is_some();
        let held = self.cookies.get(usable, |_| self.sign_in()).await?;
        let unsendable = || SessionFailure::Unsendable(scheme);
        let cookies = held.value.header(&self.below()).ok_or_else(unsendable)?;
        let token = self.csrf(&held.value).ok_or_else(unsendable)?;
        let mut token = HeaderValue::from_str(&token).map_err(|_| unsendable())?;
        token.set_sensitive(true);
        let csrf = HeaderName::from_bytes(CSRF.as_bytes()).map_err(|_| unsendable())?;
        Ok(Credential::of_headers(vec![(COOKIE, cookies), (csrf, token)], held.generation))
    }

    async fn sign_in(&self) -> Result<Jar, SessionFailure> {
        let Auth { name, password } = &self.auth;
        let login = self.bare.login().force_use_session("true");
        let login = login.body_map(|body| body.user_name(name).user_password(password.expose()));
        let signed_in = login.send().await.map_err(refused)?;
        let jar = Jar::default();
        jar.set(signed_in.headers(), &self.url);
        // The documents print the code 200 for a success, which is accepted when the cookies are there.
        if self.csrf(&jar).is_none() {
            let mut reason = "the server accepted the sign-in, but set no cookie BPMCSRF".to_owned();
            if let Some(why) = jar.why_not(&self.below(), CSRF) {
                reason += &format!(" for {}: the one that it set {why}", self.below().origin().ascii_serialization());
            }
            let reason = std::io::Error::other(reason);
            return Err(SessionFailure::Failed(ErrorKind::Authentication, Arc::new(reason)));
        }
        Ok(jar)
    }

    fn csrf(&self, jar: &Jar) -> Option<String> {
        jar.value(&self.below(), CSRF)
    }

    /// An address that all cookies of the session are for.
    fn below(&self) -> Url {
        let mut url = self.url.clone();
        url.set_path(&format!("{}/0/ssp/rest/PublicWebServices/", self.url.path().trim_end_matches('/')));
        url
    }
}

fn refused(e: Error<LoginError>) -> SessionFailure {
    // A refusal comes under 200; for a sign-in it means that the user is not let in.
    let kind = if e.failure().is_some() { ErrorKind::Authentication } else { e.kind() };
    SessionFailure::Failed(kind, Arc::new(e))
}

fn is_html(answer: &Answer) -> bool {
    let content_type = answer.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_some_and(|value| value.to_ascii_lowercase().starts_with("text/html"))
}

impl Dialect for Portal {
    fn credential<'a>(&'a self, scheme: &'static SecurityScheme) -> BoxFuture<'a, Result<Credential, SessionFailure>> {
        Box::pin(self.session(scheme, |_| true))
    }

    fn renew<'a>(
        &'a self,
        scheme: &'static SecurityScheme,
        refused: &'a Credential,
    ) -> BoxFuture<'a, Result<Option<Credential>, SessionFailure>> {
        let newer = |held: &Held<Jar>| held.generation > refused.generation;
        Box::pin(async move { self.session(scheme, newer).await.map(Some) })
    }

    fn refuses(&self, _operation: &'static Operation, answer: &Answer) -> bool {
        let (url, path) = (self.below(), self.url.path());
        let (status, headers) = (answer.status_code(), answer.headers());
        match status {
            // 403 is also what an operation answers that the user may not call; that costs a sign-in, and no more.
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => true,
            // A login page in place of JSON or of a file, or the way to one.
            StatusCode::OK => is_html(answer) || is_sign_in_page(&url, path, status, headers, answer.text()),
            StatusCode::FOUND | StatusCode::SEE_OTHER => true,
            _ => redirects_to_sign_in(&url, path, status, headers),
        }
    }

    fn received(&self, sent: Option<&Credential>, answer: &Answer) {
        let held = self.cookies.current();
        // Cookies of a session that was given up meanwhile don't concern the one after it.
        if let Some(held) = held.filter(|held| sent.is_some_and(|sent| sent.generation == held.generation)) {
            held.value.set(answer.headers(), &self.url);
        }
    }
}
