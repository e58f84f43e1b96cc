//! Where the server is and how long to wait for it. The same for all interfaces.

use std::{fmt, sync::Arc, time::Duration};

use reqwest::{
    Url,
    header::{HeaderMap, HeaderName, HeaderValue},
};

use super::{RetryPolicy, Secret};

/// Where the server is, and how to talk to it.
///
/// ```
/// use std::time::Duration;
/// use casewire::Config;
///
/// let config = Config::new("https://desk.example/api")?
///     .timeout(Duration::from_secs(10))
///     .user_agent("dispatch-bridge/2.1");
/// # let _ = config;
/// assert!(Config::new("desk.example").is_err()); // no scheme
/// # Ok::<(), casewire::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct Config {
    pub(crate) base_url: String,
    pub(crate) connect_timeout: Duration,
    pub(crate) timeout: Duration,
    pub(crate) idle_timeout: Duration,
    pub(crate) max_body: usize,
    pub(crate) user_agent: String,
    pub(crate) headers: HeaderMap,
    pub(crate) retry: RetryPolicy,
    pub(crate) max_in_flight: Option<usize>,
    pub(crate) rate_limit: Option<(u32, Duration)>,
    pub(crate) max_decoded: usize,
    pub(crate) sign_in_page: Option<super::sign_in_page::Rule>,
    configure: Option<Configure>,
}

/// What the caller changes of the HTTP client.
type Configure = Arc<dyn Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync>;

/// A configuration that can't work.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The base URL is not an absolute URL.
    #[error("the base URL is not an absolute URL such as https://desk.example: {0}")]
    NotAUrl(String),
    /// The base URL has another scheme than http and https.
    #[error("the base URL has the scheme `{0}`; it must be http or https")]
    Scheme(String),
    /// The base URL names a user or password. Credentials belong into `Auth`.
    #[error("the base URL contains a user name or password; credentials go into Auth")]
    Credentials,
    /// The base URL has a query or fragment, which can't be followed by a path.
    #[error("the base URL has a query or a fragment; it must end with its path")]
    Query,
    /// The user agent can't be sent in a header.
    #[error("the user agent is not a legal header value")]
    UserAgent,
    /// A path below the base URL that is none, without its query.
    #[error("`{0}` is not a path: it must begin with a slash and have no query, fragment or dot segments")]
    Path(String),
    /// A header that can't be sent, by its name.
    #[error("the header `{0}` has a name or a value that is not legal in HTTP")]
    Header(String),
    /// The HTTP client can't be built, for example because the TLS backend has no certificates.
    #[error("the HTTP client can't be built")]
    Client(#[source] reqwest::Error),
}

impl Config {
    /// A configuration for the server at `base_url`, with the default limits.
    ///
    /// The paths of the spec are appended to the path of `base_url`; a slash at its end makes no difference.
    ///
    /// # Errors
    /// When `base_url` is not an absolute http or https URL, or has credentials, a query or a fragment in it.
    pub fn new(base_url: &str) -> Result<Self, ConfigError> {
        let url = Url::parse(base_url).map_err(|e| ConfigError::NotAUrl(e.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(ConfigError::Scheme(url.scheme().to_owned()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(ConfigError::Credentials);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(ConfigError::Query);
        }
        Ok(Self {
            base_url: url.as_str().trim_end_matches('/').to_owned(),
            connect_timeout: Duration::from_secs(10),
            timeout: Duration::from_secs(30),
            idle_timeout: Duration::from_secs(30),
            max_body: 64 << 20,
            user_agent: concat!("casewire/", env!("CARGO_PKG_VERSION")).to_owned(),
            headers: HeaderMap::new(),
            retry: RetryPolicy::default(),
            max_in_flight: None,
            rate_limit: None,
            max_decoded: 128 << 20,
            sign_in_page: None,
            configure: None,
        })
    }

    /// How long connecting may take, TLS included. 10 seconds unless set. For no limit, here and below: [`Duration::MAX`].
    #[must_use]
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// How long a request may take, from connecting to the last byte of the answer. 30 seconds unless set. Uploads and
    /// downloads have no such limit, only [`idle_timeout`](Self::idle_timeout). A call may take several requests: it signs
    /// in, and is repeated; [`RetryPolicy::total`] limits them together.
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }

    /// How long nothing may move: no piece of an upload is taken, nothing of an answer comes. 30 seconds unless set.
    #[must_use]
    pub fn idle_timeout(mut self, limit: Duration) -> Self {
        self.idle_timeout = limit;
        self
    }

    /// When a failed request is sent again. See [`RetryPolicy`] for what is done unless set.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// The largest JSON body that is read, in bytes. 64 MiB unless set. Streamed downloads have no limit.
    #[must_use]
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// The `User-Agent` header. `casewire/<version>` unless set.
    #[must_use]
    pub fn user_agent(mut self, value: impl Into<String>) -> Self {
        self.user_agent = value.into();
        self
    }

    /// A header on every request, for a gateway in front of the server or an interface that documents no credential.
    /// Its value is treated as a secret.
    ///
    /// # Errors
    /// When the name or the value is not legal in HTTP.
    pub fn header(mut self, name: &str, value: impl Into<Secret>) -> Result<Self, ConfigError> {
        // Behind a colon begins the value, when a whole line was given for a name.
        let illegal = || ConfigError::Header(name.split([':', '=']).next().unwrap_or_default().to_owned());
        let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| illegal())?;
        let mut value = HeaderValue::from_str(value.into().expose()).map_err(|_| illegal())?;
        value.set_sensitive(true);
        self.headers.insert(header, value);
        Ok(self)
    }

    /// Changes the HTTP client that is built for a `Client`: a proxy, certificates, the size of the pool.
    ///
    /// Redirects stay forbidden whatever is set here, so that no credential goes to another origin. Beware of reqwest's
    /// `connection_verbose`: it writes all that is sent and received into the log, secrets included.
    ///
    /// ```
    /// use casewire::Config;
    ///
    /// let config = Config::new("https://desk.example")?.http(|client| client.no_proxy().https_only(true));
    /// # let _ = config;
    /// # Ok::<(), casewire::ConfigError>(())
    /// ```
    #[must_use]
    pub fn http(
        mut self,
        configure: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        self.configure = Some(Arc::new(configure));
        self
    }

    pub(crate) fn build_http(&self) -> Result<reqwest::Client, ConfigError> {
        let builder = reqwest::Client::builder().connect_timeout(self.connect_timeout);
        let builder = match &self.configure {
            Some(configure) => configure(builder),
            None => builder,
        };
        builder.redirect(reqwest::redirect::Policy::none()).build().map_err(ConfigError::Client)
    }
}

/// Without the values of headers, which are secrets.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("base_url", &self.base_url)
            .field("connect_timeout", &self.connect_timeout)
            .field("timeout", &self.timeout)
            .field("idle_timeout", &self.idle_timeout)
            .field("max_body", &self.max_body)
            .field("user_agent", &self.user_agent)
            .field("headers", &self.headers)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::Config;

    fn check(base_url: &str, expect: Result<&str, &str>) {
        let actual = Config::new(base_url).map(|c| c.base_url).map_err(|e| e.to_string());
        assert_eq!(actual.as_deref().map_err(String::as_str), expect, "{base_url}");
    }

    #[test]
    fn base_urls() {
        check("https://desk.example", Ok("https://desk.example"));
        check("https://desk.example/", Ok("https://desk.example"));
        check("http://localhost:5000/api/", Ok("http://localhost:5000/api"));
        check(
            "desk.example",
            Err("the base URL is not an absolute URL such as https://desk.example: relative URL without a base"),
        );
        check("ftp://desk.example", Err("the base URL has the scheme `ftp`; it must be http or https"));
        check(
            "https://me:pw@desk.example",
            Err("the base URL contains a user name or password; credentials go into Auth"),
        );
        check("https://desk.example?x=1", Err("the base URL has a query or a fragment; it must end with its path"));
        check("https://desk.example#x", Err("the base URL has a query or a fragment; it must end with its path"));
    }
}
