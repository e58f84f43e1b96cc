//! Where the server is and how long to wait for it. The same for all interfaces.

use std::{fmt, sync::Arc, time::Duration};

use reqwest::{
    StatusCode, Url,
    header::{HeaderMap, HeaderName, HeaderValue},
};

use super::{CallEnd, RetryPolicy, Secret, meter::Observer, proxy::Proxy, tls::Tls};

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
///
/// # What is sent encrypted
///
/// A base URL with https needs a TLS backend: the feature `rustls` or `native-tls`. One with http is for this machine, that
/// is for `localhost` and names below it, 127.0.0.0/8 and `::1`; for any other host, and for a [`proxy`](Self::proxy) on
/// another host, it has to be allowed by [`allow_plain_http`](Self::allow_plain_http). Connecting fails otherwise.
///
/// # Proxies
///
/// Unless [`proxy`](Self::proxy) or [`no_proxy`](Self::no_proxy) is called, the environment is asked when the client is
/// connected, except for a server on this machine:
///
/// - `HTTPS_PROXY` is the proxy for https and `HTTP_PROXY` the one for http, and `ALL_PROXY` the one for either that has
///   none. `NO_PROXY` lists what is reached without, separated by commas: domains, which include what is below them,
///   addresses, networks such as `10.0.0.0/8`, or `*`; ports are not understood.
/// - Each is also read in lower case, where the one in capitals is not set at all. An empty one names no proxy of its own;
///   `ALL_PROXY` still counts.
/// - A proxy is a URL with http or https, or `host:port` for http. With the feature `socks` it may be one of SOCKS, too;
///   without, calls fail where the environment names one. A value that is not a URL, or has another scheme, is ignored.
/// - All of this is ignored when `REQUEST_METHOD` is set, as it is in a CGI program, whose `HTTP_PROXY` a request can set.
/// - On Windows and macOS, the proxies of the system's settings stand in for variables that are not set or empty.
#[derive(Clone)]
pub struct Config {
    pub(crate) url: Url,
    pub(crate) connect_timeout: Duration,
    pub(crate) timeout: Duration,
    pub(crate) idle_timeout: Duration,
    pub(crate) sign_in_timeout: Duration,
    pub(crate) max_body: usize,
    pub(crate) max_decoded: usize,
    pub(crate) max_in_flight: Option<usize>,
    pub(crate) rate_limit: Option<(u32, Duration)>,
    pub(crate) user_agent: String,
    pub(crate) headers: HeaderMap,
    pub(crate) retry: RetryPolicy,
    pub(crate) sign_in_page: Option<SignInPage>,
    pub(super) observer: Option<Observer>,
    pub(super) plain_http: bool,
    pub(super) proxy: Option<Proxy>,
    pub(super) no_proxy: bool,
    pub(super) tls: Tls,
    pub(super) configure: Option<Configure>,
}

/// What the caller changes of the HTTP client.
type Configure = Arc<dyn Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync>;

/// Whether a response is a sign-in page, by its status, headers and body.
pub(crate) type SignInPage = Arc<dyn Fn(StatusCode, &HeaderMap, &[u8]) -> bool + Send + Sync>;

/// A configuration that can't work.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The base URL is not an absolute URL.
    #[error("the base URL is not an absolute URL such as https://desk.example: {0}")]
    NotAUrl(String),
    /// The base URL has a scheme other than http and https.
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
    /// What should be a path below the base URL, and is not one; without its query.
    #[error("`{0}` is not a path: it must begin with a slash and have no query, fragment or dot segments")]
    Path(String),
    /// A header that can't be sent, by its name.
    #[error("the header `{0}` has a name or a value that is not legal in HTTP")]
    Header(String),
    /// The base URL or the proxy has the scheme https, or a certificate was given, and there is no TLS backend.
    #[error("the {0} needs TLS, for which casewire has the features `rustls` and `native-tls`")]
    Tls(&'static str),
    /// An environment variable that [`Config::from_env`] reads, and what is wrong with it.
    #[error("{name}: {reason}")]
    Variable {
        /// Its name, with the prefix.
        name: String,
        /// What is wrong, without its value.
        reason: String,
    },
    /// Certificates that are to be trusted can't be read, or there are none at all: those of the system are missing, too.
    #[error("the root certificates can't be used: {0}")]
    RootCertificate(String),
    /// The client certificate or its key can't be used; without any of their content.
    #[error("the client certificate can't be used: {0}")]
    ClientCertificate(String),
    /// Requests would go to another machine unencrypted.
    #[error("{0} is not encrypted: use https, or allow it with Config::allow_plain_http")]
    PlainHttp(String),
    /// The URL of the proxy can't be used; what is wrong with it, without its credentials.
    #[error("the proxy {0}")]
    Proxy(String),
    /// The HTTP client can't be built.
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
            url,
            connect_timeout: Duration::from_secs(10),
            timeout: Duration::from_secs(30),
            idle_timeout: Duration::from_secs(30),
            sign_in_timeout: Duration::from_secs(60),
            max_body: 56 << 20,
            max_decoded: 112 << 20,
            max_in_flight: None,
            rate_limit: None,
            user_agent: concat!("casewire/", env!("CARGO_PKG_VERSION")).to_owned(),
            headers: HeaderMap::new(),
            retry: RetryPolicy::default(),
            sign_in_page: None,
            observer: None,
            plain_http: false,
            proxy: None,
            no_proxy: false,
            tls: Tls::default(),
            configure: None,
        })
    }

    /// How long connecting may take, TLS included. 10 seconds unless set. For no limit, here and below: [`Duration::MAX`].
    #[must_use]
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// How long a request may take, from connecting to the last byte of the response. 30 seconds unless set. The transfer of
    /// a file itself has no such limit, only [`idle_timeout`](Self::idle_timeout); the rest of its response has it, counted from
    /// the headers. A call may take several requests: it signs in, and is retried; [`RetryPolicy::total`] limits them together.
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }

    /// How long nothing may move: no chunk of an upload is sent, and no part of a response arrives. 30 seconds unless set.
    #[must_use]
    pub fn idle_timeout(mut self, limit: Duration) -> Self {
        self.idle_timeout = limit;
        self
    }

    /// How long obtaining a credential may take, including renewing, signing in and retries. 60 seconds unless set. It doesn't
    /// limit the call that needs the credential: a sign-in goes on when that call is over, so that a later one gets the
    /// result.
    #[must_use]
    pub fn sign_in_timeout(mut self, limit: Duration) -> Self {
        self.sign_in_timeout = limit;
        self
    }

    /// When a failed request is sent again. See [`RetryPolicy`] for the default.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// The largest JSON body that is read, in bytes; of a feed, the largest item. 56 MiB unless set. Streamed downloads have no
    /// limit, nor has the response of a feed as a whole.
    #[must_use]
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// How much memory the decoded form of a response may take, in bytes; of a feed, that of an item. 112 MiB unless set, twice
    /// the limit of a body, since an ordinary list takes 1.7 times its length. With the defaults, no response of any operation takes more than 256 MiB
    /// (`tests/peak_memory` measures it). The decoded form may be many times the size of the body: `[{},{},{}]` becomes a list
    /// of structs with all of their properties.
    #[must_use]
    pub fn max_decoded(mut self, bytes: usize) -> Self {
        self.max_decoded = bytes;
        self
    }

    /// How many requests may be under way at the same time, of a client and all of its clones together, sign-ins included;
    /// the others wait for their turn. A download is under way until its [`ByteStream`](crate::ByteStream) was read to the end
    /// or is dropped, and so is a response of a feed: with a limit of 1, a call that is made meanwhile waits in vain. No limit
    /// unless set; 0 counts as 1.
    ///
    /// Waiting for a turn counts towards the limit of the call ([`RetryPolicy::total`], 60 seconds unless set): a call that
    /// doesn't get it by then fails with the outcome `NotSent`. So a job of many calls starts no more of them at once than can
    /// be sent in that time, or has a longer limit.
    #[must_use]
    pub fn max_in_flight(mut self, requests: usize) -> Self {
        self.max_in_flight = Some(requests.max(1));
        self
    }

    /// How many requests may begin within any period of this length, of a client and all of its clones together, sign-ins
    /// and retries included; the others wait for their turn, as with [`max_in_flight`](Self::max_in_flight). No limit unless
    /// set; 0 requests count as 1, and a period of zero means no limit.
    #[must_use]
    pub fn rate_limit(mut self, requests: u32, per: Duration) -> Self {
        self.rate_limit = (!per.is_zero()).then_some((requests.max(1), per));
        self
    }

    /// Decides which responses are a sign-in page in place of what was asked for, by their status, headers and body. Such a
    /// page proves that the operation was not executed, so that it is sent again after signing in.
    ///
    /// Unless set, these are: a redirect whose `Location` has a path below `/Login/` or `<path of the base URL>/Login/`, in
    /// any case; and an HTML page under 200, 401 or 403 that is not an attachment, and has in its first 256 KiB an
    /// input for a password or a form whose action is such a path.
    ///
    /// Of a download that comes as a file (under another media type than HTML and JSON, or as an attachment), `decides` first
    /// gets an empty body; only if it accepts that, the body is looked at, too.
    ///
    /// ```
    /// use casewire::Config;
    ///
    /// let config = Config::new("https://portal.example")?.sign_in_page(|status, headers, _body| {
    ///     status.is_redirection() && headers.get("location").is_some_and(|to| to.as_bytes().starts_with(b"/sso/"))
    /// });
    /// # let _ = config;
    /// # Ok::<(), casewire::ConfigError>(())
    /// ```
    #[must_use]
    pub fn sign_in_page(
        mut self,
        decides: impl Fn(StatusCode, &HeaderMap, &[u8]) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.sign_in_page = Some(Arc::new(decides));
        self
    }

    /// Calls `observer` at the end of every call with how it ended, after how many attempts, how long it took and how much was
    /// transferred: for metrics; errors themselves go to the caller. A cancelled call ends, too, and so does each sign-in, which is
    /// a call of its own. A download ends with its content. A later observer replaces this one.
    ///
    /// It runs where the call ends, and that call waits for it: it must not block, and must not panic.
    ///
    /// ```
    /// use std::sync::atomic::{AtomicU64, Ordering};
    /// use casewire::{CallResult, Config};
    ///
    /// static FAILED: AtomicU64 = AtomicU64::new(0);
    ///
    /// let config = Config::new("https://desk.example")?.observe(|end| {
    ///     if let CallResult::Failure(kind) = end.result {
    ///         FAILED.fetch_add(1, Ordering::Relaxed);
    ///         eprintln!("{} failed ({kind}) after {} attempts in {:?}", end.operation.id, end.attempts, end.elapsed);
    ///     }
    /// });
    /// # let _ = config;
    /// # Ok::<(), casewire::ConfigError>(())
    /// ```
    #[must_use]
    pub fn observe(mut self, observer: impl Fn(&CallEnd) + Send + Sync + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Allows a base URL with http for other hosts than this machine, and an http proxy on another host for it. Everybody on
    /// the way can read and change what is sent and received, credentials included.
    #[must_use]
    pub fn allow_plain_http(mut self) -> Self {
        self.plain_http = true;
        self
    }

    /// The proxy for all requests, in place of what the environment names: a URL with http, https or, with the feature
    /// `socks`, socks4, socks4a, socks5 or socks5h. Credentials in it, percent-encoded, are sent to the proxy and never
    /// shown; to an http proxy they go unencrypted.
    ///
    /// For a base URL with https, the proxy sees the name of the server and nothing else. For one with http it sees
    /// everything, and has to be on this machine unless [plain http is allowed](Self::allow_plain_http).
    ///
    /// # Errors
    /// When `url` is not an absolute URL, has another scheme, or anything after the host and port.
    pub fn proxy(mut self, url: &str) -> Result<Self, ConfigError> {
        self.proxy = Some(Proxy::new(url)?);
        Ok(self)
    }

    /// Connects to the server directly, whatever the environment says; a [`proxy`](Self::proxy) that was set before is
    /// dropped.
    #[must_use]
    pub fn no_proxy(mut self) -> Self {
        (self.proxy, self.no_proxy) = (None, true);
        self
    }

    /// Trusts the certificates in `pem`, one or more, in addition to those of the system, and to those of earlier calls: a
    /// company's own authority, or the Russian Trusted Root CA, which no system has.
    ///
    /// ```no_run
    /// use casewire::Config;
    ///
    /// let config = Config::new("https://desk.example")?.root_certificate_pem(&std::fs::read("company-ca.pem")?)?;
    /// # let _ = config;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// With `rustls`, a client over https can't be connected when there is no certificate at all, the system's and these
    /// together. On Android, none can be added.
    ///
    /// # Errors
    /// When there is no certificate in `pem`, or one that can't be read; and without the feature `rustls` or `native-tls`.
    pub fn root_certificate_pem(mut self, pem: &[u8]) -> Result<Self, ConfigError> {
        self.tls.add_roots(pem)?;
        Ok(self)
    }

    /// The certificate of this client and its private key, for a server or a gateway that asks for one. `certificates` begins
    /// with it, and goes on with those between it and the root, if any. One file with all of it may be given for both. A later
    /// call replaces it.
    ///
    /// The key must not be encrypted. With `rustls` it is PKCS #8, PKCS #1 or SEC 1, of RSA, of ECDSA over P-256 or P-384, or of
    /// Ed25519; with `native-tls` it is PKCS #8. Neither `Debug` nor an error shows it.
    ///
    /// ```no_run
    /// use casewire::Config;
    ///
    /// let (certificate, key) = (std::fs::read("client.pem")?, std::fs::read("client.key")?);
    /// let config = Config::new("https://desk.example")?.identity_pem(&certificate, &key)?;
    /// # let _ = config;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When either can't be read or used, or they don't belong together (with `native-tls`, as far as its library notices);
    /// and without the feature `rustls` or `native-tls`.
    pub fn identity_pem(mut self, certificates: &[u8], key: &[u8]) -> Result<Self, ConfigError> {
        self.tls.set_identity(certificates, key)?;
        Ok(self)
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

    /// Changes the HTTP client that is built for a `Client`: a resolver, the size of the pool.
    ///
    /// It has to return the builder that it is given, which is set to the TLS backend of casewire's features (rustls where
    /// both are on), to the resolver of the system and to the proxy of the configuration; all of this may be changed. Set
    /// afterwards, so that no credential goes to another origin and no request is sent twice, are: no redirects, no
    /// `Referer`, no retries by reqwest, no decompression, and HTTP/1.1 only without the feature `http2`.
    ///
    /// With `rustls`, the backend comes configured, and **reqwest's own options for TLS do nothing**: certificates, identities,
    /// versions, `http1_only`. Use [`root_certificate_pem`](Self::root_certificate_pem) and
    /// [`identity_pem`](Self::identity_pem), or for anything else hand over a `rustls::ClientConfig` of your own by
    /// `tls_backend_preconfigured`. `tls_backend_rustls` has reqwest make one, which panics unless reqwest's feature `rustls`
    /// is on or the program has installed a provider. With `native-tls`, they work.
    ///
    /// Beware of what casewire can't see: a proxy that is set here may be sent plain http; a TLS backend that is set here
    /// (`tls_backend_preconfigured`) has none of the certificates of the configuration, and decides by itself whether HTTP/2 is
    /// offered; and reqwest's `connection_verbose` writes all that is sent and received into the log, secrets included.
    ///
    /// ```
    /// use std::time::Duration;
    /// use casewire::Config;
    ///
    /// let config = Config::new("https://desk.example")?.http(|client| client.pool_idle_timeout(Duration::from_secs(20)));
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
}

/// What the paths of the spec are appended to.
pub(super) fn base_url(url: &Url) -> &str {
    url.as_str().trim_end_matches('/')
}

/// Without the values of headers and the credentials for a proxy, which are secrets.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("base_url", &base_url(&self.url))
            .field("connect_timeout", &self.connect_timeout)
            .field("timeout", &self.timeout)
            .field("idle_timeout", &self.idle_timeout)
            .field("sign_in_timeout", &self.sign_in_timeout)
            .field("max_body", &self.max_body)
            .field("max_decoded", &self.max_decoded)
            .field("max_in_flight", &self.max_in_flight)
            .field("rate_limit", &self.rate_limit)
            .field("user_agent", &self.user_agent)
            .field("headers", &self.headers)
            .field("retry", &self.retry)
            .field("sign_in_page", &self.sign_in_page.is_some())
            .field("observer", &self.observer.is_some())
            .field("plain_http", &self.plain_http)
            .field("proxy", &self.proxy)
            .field("no_proxy", &self.no_proxy)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::Config;

    fn check(base_url: &str, expect: Result<&str, &str>) {
        let actual = Config::new(base_url).map(|c| super::base_url(&c.url).to_owned()).map_err(|e| e.to_string());
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
