//! A token (JWT) in the header `x-auth-jwt-token`, fetched on first use, and again when it is refused; and paths that the
//! document has lost, which a deployment may have to correct.

use std::sync::Arc;

use reqwest::{Request, StatusCode};
use serde::Deserialize;

use super::{Client, error::AuthenticateError, operation};
use crate::{
    Config, ConfigError, Error, ErrorKind, Operation, Secret, SecurityScheme, SessionFailure,
    runtime::{Answer, BoxFuture, Credential, Dialect, Held, Renewable, Session},
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
pub struct Auth {
    login: String,
    password: Secret,
}

impl Auth {
    /// A user, whose token is fetched on first use.
    #[must_use]
    pub fn user(login: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self { login: login.into(), password: password.into() }
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
            let dots = path.split('/').any(|segment| matches!(segment, "." | ".."));
            if !path.starts_with('/') || path.contains(['?', '#', '\\']) || dots {
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
        let http = config.build_http()?;
        endpoints.check()?;
        let endpoints = Arc::new(endpoints);
        let anonymous = Session::new(&config, Anonymous(Arc::clone(&endpoints)))?;
        let bare = Self { baseurl: config.base_url, client: http, inner: anonymous.clone() };
        let platform = Platform { bare: bare.clone(), auth, endpoints, token: Renewable::new() };
        Ok(Self { inner: anonymous.with_dialect(platform), ..bare })
    }
}

/// Fetches tokens; has none itself.
struct Anonymous(Arc<Endpoints>);

impl Dialect for Anonymous {
    fn adapt(&self, operation: &'static Operation, request: &mut Request) {
        self.0.adapt(operation, request);
    }
}

/// A session on the platform.
struct Platform {
    bare: Client,
    auth: Auth,
    endpoints: Arc<Endpoints>,
    token: Renewable<Secret>,
}

impl Platform {
    async fn session(
        &self,
        scheme: &'static SecurityScheme,
        usable: impl Fn(&Held<Secret>) -> bool,
    ) -> Result<Credential, SessionFailure> {
        let held = self.token.get(usable, |_| self.authenticate()).await?;
        Credential::new(scheme, scheme.word, held.value.expose(), held.generation)
    }

    async fn authenticate(&self) -> Result<Secret, SessionFailure> {
        let Auth { login, password } = &self.auth;
        let authenticate = self.bare.authenticate().body_map(|body| body.login(login).password(password.expose()));
        let answer = authenticate.send().await.map_err(refused)?;
        Ok(answer.into_inner().data.token)
    }
}

fn refused(e: Error<AuthenticateError>) -> SessionFailure {
    // A refusal may come under 200; for a sign-in it means that the user is not let in.
    let kind = if e.failure().is_some() { ErrorKind::Authentication } else { e.kind() };
    SessionFailure::Failed(kind, Arc::new(e))
}

impl Dialect for Platform {
    fn credential<'a>(&'a self, scheme: &'static SecurityScheme) -> BoxFuture<'a, Result<Credential, SessionFailure>> {
        Box::pin(self.session(scheme, |_| true))
    }

    fn renew<'a>(
        &'a self,
        scheme: &'static SecurityScheme,
        refused: &'a Credential,
    ) -> BoxFuture<'a, Result<Option<Credential>, SessionFailure>> {
        let newer = |held: &Held<Secret>| held.generation > refused.generation;
        Box::pin(async move { self.session(scheme, newer).await.map(Some) })
    }

    fn adapt(&self, operation: &'static Operation, request: &mut Request) {
        self.endpoints.adapt(operation, request);
    }

    /// The status in a body counts as much as that of HTTP, and so does the word that goes with it.
    fn refuses(&self, _operation: &'static Operation, answer: &Answer) -> bool {
        if answer.status_code() == StatusCode::UNAUTHORIZED {
            return true;
        }
        let body = serde_json::from_slice::<Mark>(answer.text());
        body.is_ok_and(|body| {
            body.status_code == Some(401) || body.data.and_then(|data| data.type_).is_some_and(|t| t.trim() == REFUSED)
        })
    }
}

/// What a failure says of a token that is not, or no longer, good. Under which status, the document doesn't agree with
/// itself.
const REFUSED: &str = "Not authorized";

/// As much of a body as tells whether the token was refused.
#[derive(Deserialize)]
struct Mark {
    #[serde(rename = "statusCode", default)]
    status_code: Option<i64>,
    #[serde(default)]
    data: Option<MarkData>,
}

#[derive(Deserialize)]
struct MarkData {
    #[serde(rename = "type", default)]
    type_: Option<String>,
}
