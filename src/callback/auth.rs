//! A token (JWT) in the header `x-auth-jwt-token`, fetched on first use, and again when it is refused; and paths that the
//! document has lost, which a deployment may have to correct.

use std::sync::Arc;

use percent_encoding::percent_decode_str;
use reqwest::{Request, StatusCode};
use serde::Deserialize;
use serde_json::Value;

use super::{Client, error::AuthenticateError, operation};
use crate::{
    Config, ConfigError, Error, ErrorKind, Operation, Outcome, Secret, SecurityScheme, SessionFailure, SignInError,
    UserPassword,
    runtime::{
        Background, BoxFuture, Credential, Dialect, Executor, HeaderSecret, Obtain, Renewable, Response, SecretSource,
        Secrets, Variables, Verdict,
    },
};

/// The credentials of a client: the technical user of an organisation.
///
/// ```
/// use casewire::callback::Auth;
///
/// let organisation = Auth::user("integration@oip.example", "Petr0va-1");
/// # let _ = organisation;
/// ```
#[derive(Debug, Clone)]
pub struct Auth(SecretSource<UserPassword>);

impl Auth {
    /// A user, whose token is fetched on first use.
    #[must_use]
    pub fn user(login: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self(SecretSource::Fixed(UserPassword::new(login, password)))
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

/// The paths of the three operations whose segments are missing in the document. Those in the spec are guesses; put the
/// right ones here when the server's owner tells them. Each begins with a slash and stands below the base URL.
///
/// ```
/// use casewire::callback::Endpoints;
///
/// let endpoints = Endpoints { authenticate: "/api/v1/token/".into(), ..Endpoints::default() };
/// assert_eq!(endpoints.fetch_applications, "/api/v1/applications/");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// The path of `authenticate`.
    pub authenticate: String,
    /// The path of `fetchApplications`, without its query.
    pub fetch_applications: String,
    /// The path of `reportStatus`.
    pub report_status: String,
}

/// The paths of the spec.
impl Default for Endpoints {
    fn default() -> Self {
        Self {
            authenticate: operation::AUTHENTICATE.path.to_owned(),
            fetch_applications: operation::FETCH_APPLICATIONS.path.to_owned(),
            report_status: operation::REPORT_STATUS.path.to_owned(),
        }
    }
}

impl Endpoints {
    fn check(&self) -> Result<(), ConfigError> {
        let Self { authenticate, fetch_applications, report_status } = self;
        for path in [authenticate, fetch_applications, report_status] {
            // Encoded ones are dots, too (URL Standard, "single-dot URL path segment").
            let is_dots = |segment: &str| matches!(&*percent_decode_str(segment).decode_utf8_lossy(), "." | "..");
            let dots = path.split('/').any(is_dots);
            if !path.starts_with('/') || path.contains(|c: char| "?#\\".contains(c) || c.is_control()) || dots {
                // A query may have a token in it.
                let shown = path.split(['?', '#']).next().unwrap_or_default();
                return Err(ConfigError::Path(shown.to_owned()));
            }
        }
        Ok(())
    }

    /// Puts the path of `operation` in place of the one in the spec.
    fn adapt(&self, operation: &'static Operation, request: &mut Request) {
        let path = match operation.id {
            id if id == operation::AUTHENTICATE.id => &self.authenticate,
            id if id == operation::FETCH_APPLICATIONS.id => &self.fetch_applications,
            id if id == operation::REPORT_STATUS.id => &self.report_status,
            _ => return,
        };
        let url = request.url_mut();
        if let Some(base) = url.path().strip_suffix(operation.path).map(str::to_owned) {
            url.set_path(&format!("{base}{path}"));
        }
    }
}

impl Client {
    /// A client for the server that `config` names, which calls as the user in `auth`, at the paths in `endpoints`.
    ///
    /// Nothing is sent yet: the first call fetches a token. Clones share it.
    ///
    /// # Errors
    /// When the configuration can't work; see [`ConfigError`].
    ///
    /// ```no_run
    /// use casewire::callback::{Auth, Client, Config, Endpoints};
    ///
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let config = Config::new("https://lkmsp.example")?;
    /// let auth = Auth::user("integration@oip.example", "Petr0va-1");
    /// let client = Client::connect(config, auth, Endpoints::default())?;
    /// let batch = client.fetch_applications().limit(10).send().await?;
    /// println!("{} applications", batch.applications.len());
    /// # Ok(())
    /// # }
    /// ```
    pub fn connect(config: Config, auth: Auth, endpoints: Endpoints) -> Result<Self, ConfigError> {
        endpoints.check()?;
        let endpoints = Arc::new(endpoints);
        let anonymous = Executor::new(&config, Anonymous(Arc::clone(&endpoints)))?;
        let bare = Self::over(anonymous.to_sign_in(1));
        let background = Background::default();
        let user = User { bare: bare.clone(), secrets: Secrets::new(auth.0) };
        let token = Renewable::new(user, &background, anonymous.sign_in_limit());
        Ok(Self::over(anonymous.with_dialect(Platform { endpoints, token }, background)))
    }

    /// Fetches a token, even if that was refused a short while ago. Calls do so by themselves; this is for a program that
    /// wants to know at its start, or after somebody has changed a password.
    ///
    /// # Errors
    /// When signing in fails.
    pub async fn sign_in_now(&self) -> Result<(), SessionFailure> {
        self.inner.sign_in_now().await
    }
}

/// Fetches tokens; has none itself.
struct Anonymous(Arc<Endpoints>);

impl Dialect for Anonymous {
    fn adapt(&self, operation: &'static Operation, request: &mut Request) {
        self.0.adapt(operation, request);
    }
}

/// Signs a user in.
struct User {
    bare: Client,
    secrets: Secrets<UserPassword>,
}

impl Obtain for User {
    type Value = HeaderSecret;

    fn obtain(
        self: Arc<Self>,
        _: Option<Arc<HeaderSecret>>,
        _: bool,
    ) -> BoxFuture<'static, Result<HeaderSecret, SignInError>> {
        Box::pin(async move {
            let UserPassword { name, password } = self.secrets.get().await?;
            let authenticate = self.bare.authenticate().body_map(|body| body.login(name).password(password.expose()));
            let token = authenticate.send().await.map_err(refused)?;
            Ok(HeaderSecret::new(token.into_inner().data.token))
        })
    }

    fn has_changed(&self) -> BoxFuture<'_, bool> {
        Box::pin(self.secrets.have_changed())
    }
}

/// The status in the body says whether a refusal may pass, whatever the status of HTTP is.
fn refused(e: Error<AuthenticateError>) -> SignInError {
    let status = match e.failure() {
        Some(AuthenticateError::Refused(failure)) => u16::try_from(failure.status_code).ok(),
        _ => None,
    };
    match status.and_then(|status| StatusCode::from_u16(status).ok()).map(ErrorKind::of_status) {
        Some(kind) if kind.may_pass() => SignInError::of_kind(kind, e),
        _ => SignInError::of(e),
    }
}

/// A session on the platform.
struct Platform {
    endpoints: Arc<Endpoints>,
    token: Renewable<User>,
}

impl Dialect for Platform {
    fn credential<'a>(
        &'a self,
        scheme: &'static SecurityScheme,
        refused: Option<&'a Credential>,
    ) -> BoxFuture<'a, Result<Option<Credential>, SessionFailure>> {
        Box::pin(async move {
            let held = self.token.get(|held| held.follows(refused)).await?;
            held.value.credential(scheme, scheme.word, held.generation).map(Some)
        })
    }

    fn at_hand(&self, scheme: &'static SecurityScheme) -> Option<Credential> {
        let held = self.token.current()?;
        held.value.credential(scheme, scheme.word, held.generation).ok()
    }

    fn is_current(&self, _scheme: &'static SecurityScheme, held: &Credential) -> bool {
        self.token.is_current(held.generation)
    }

    fn end(&self, _scheme: &'static SecurityScheme, sent: &Credential) {
        self.token.end(sent.generation);
    }

    fn sign_in_now(&self) -> BoxFuture<'_, Result<(), SessionFailure>> {
        Box::pin(self.token.obtain_now())
    }

    fn adapt(&self, operation: &'static Operation, request: &mut Request) {
        self.endpoints.adapt(operation, request);
    }

    /// No operation documents a 403, so that it can only be about the token. A 401 in a body counts
    /// as much as one of HTTP, and so does the word that goes with it unless that status says success; other ends of a token
    /// in a body aren't documented, and prove nothing.
    fn judge(&self, _operation: &'static Operation, response: &Response) -> Verdict {
        if response.status() == 403 {
            return Verdict::Refused;
        }
        let body = response.read_as::<RefusalBody>().unwrap_or_default();
        let word = body.data.as_ref().and_then(|data| data.get("type").unwrap_or(data).as_str());
        // A gateway that fails, or gives up, doesn't know what was executed, whatever its body says.
        let refused = match response.outcome() {
            Outcome::Refused => Verdict::Refused,
            _ if response.status().is_success() => Verdict::Refused,
            _ => Verdict::Doubtful,
        };
        match body.status() {
            Some(401) => refused,
            Some(403 | 419 | 440 | 498) => Verdict::Doubtful,
            status if status != Some(200) && word.is_some_and(|word| word.trim() == REFUSED) => refused,
            _ => Verdict::usual(response),
        }
    }
}

/// What a failure says of a token that is not, or no longer, good. Under which status, the document doesn't agree with
/// itself.
const REFUSED: &str = "Not authorized";

/// As much of a body as tells whether the token was refused, however it is written.
#[derive(Default, Deserialize)]
struct RefusalBody {
    #[serde(rename = "statusCode", default)]
    status_code: Option<Value>,
    #[serde(default)]
    data: Option<Value>,
}

impl RefusalBody {
    fn status(&self) -> Option<i64> {
        let status = self.status_code.as_ref()?;
        status.as_i64().or_else(|| status.as_str()?.trim().parse().ok())
    }
}
