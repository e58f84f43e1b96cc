//! What the clones of a client share: the HTTP client, its limits, and where its credentials come from.

use std::{
    fmt,
    pin::Pin,
    sync::{Arc, OnceLock},
    time::Duration,
};

use reqwest::{
    Request, Url,
    header::{HeaderMap, HeaderName, HeaderValue},
};

use super::{
    CallResult, Config, ConfigError, Error, Failure, Operation, Outcome, ResponseValue, RetryPolicy, Secret,
    SecurityScheme, SessionFailure,
    attempts::Attempts,
    background::Background,
    config::base_url,
    error::{Call, TimeLimit},
    execute::Execution,
    failed::Failed,
    futile::Futile,
    gate::Gate,
    meter::{Meter, Observer},
    request::{Draft, Outgoing, Parts},
    response::Response,
    retry::Budget,
    sign_in_page::SignInPages,
    trace::Trace,
};

pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What a response says of the credential that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing.
    Fine,
    /// That it is not, or no longer, good, and that the operation was not executed for that reason.
    Refused,
    /// That it may no longer be good; whether the operation was executed is unknown.
    Doubtful,
}

impl Verdict {
    /// What holds for any interface: 401, the sign-in page or a redirect to it; the status codes that web frameworks have for
    /// a session that ended (419, 440, 498); a redirect to somewhere else.
    pub fn usual(response: &Response) -> Self {
        match response.status().as_u16() {
            _ if response.is_sign_in_page() => Self::Refused,
            401 => Self::Refused,
            302 | 303 | 419 | 440 | 498 => Self::Doubtful,
            _ => Self::Fine,
        }
    }
}

/// What is an interface's own: where its credentials come from, and how it departs from the usual.
pub trait Dialect: Send + Sync {
    /// The credential for `scheme`, obtained first where that is needed, and not the `refused` one, which the server did not
    /// accept; `None` when there is no other.
    fn credential<'a>(
        &'a self,
        scheme: &'static SecurityScheme,
        _refused: Option<&'a Credential>,
    ) -> BoxFuture<'a, Result<Option<Credential>, SessionFailure>> {
        Box::pin(std::future::ready(Err(SessionFailure::Missing(scheme))))
    }

    /// The credential for `scheme` where it is at hand and nothing has to be done for it, not even early.
    fn at_hand(&self, _scheme: &'static SecurityScheme) -> Option<Credential> {
        None
    }

    /// Whether later calls would get the same credential as `held`.
    fn is_current(&self, _scheme: &'static SecurityScheme, _held: &Credential) -> bool {
        true
    }

    /// Later calls don't get the credential that was `sent`.
    fn end(&self, _scheme: &'static SecurityScheme, _sent: &Credential) {}

    /// What a person can do when the server refuses a credential for `scheme` and there is no other.
    fn hint(&self, _scheme: &'static SecurityScheme) -> Option<&'static str> {
        None
    }

    /// The operation that does the same as this one for callers whose credential is there.
    fn instead(&self, _operation: &'static Operation) -> Option<&'static Operation> {
        None
    }

    /// Obtains a credential from the beginning and at once.
    fn sign_in_now(&self) -> BoxFuture<'_, Result<(), SessionFailure>> {
        Box::pin(std::future::ready(Ok(())))
    }

    /// What the response says of the credential.
    fn judge(&self, _operation: &'static Operation, response: &Response) -> Verdict {
        Verdict::usual(response)
    }

    /// Changes a request that the spec alone doesn't get right for a certain server.
    fn adapt(&self, _operation: &'static Operation, _request: &mut Request) {}

    /// Notes a response, before it is read any further, and the credential that was sent for it.
    fn received(&self, _sent: Option<&Credential>, _response: &Response) {}
}

/// Without any credential.
impl Dialect for () {}

/// Headers that prove who is calling.
pub struct Credential {
    pub(super) headers: Arc<[(HeaderName, HeaderValue)]>,
    /// Tells a renewed credential from the one before it.
    pub generation: u64,
}

impl Credential {
    /// `<word> <secret>` in the header of the scheme, or the secret alone for a scheme without a word.
    pub fn new(
        scheme: &'static SecurityScheme,
        word: Option<&str>,
        secret: &str,
        generation: u64,
    ) -> Result<Self, SessionFailure> {
        let text = match word {
            Some(word) => format!("{word} {secret}"),
            None => secret.to_owned(),
        };
        let unsendable = |()| SessionFailure::Unsendable(scheme);
        let name = HeaderName::from_bytes(scheme.header.as_bytes()).map_err(|_| ()).map_err(unsendable)?;
        let mut value = HeaderValue::from_str(&text).map_err(|_| ()).map_err(unsendable)?;
        value.set_sensitive(true);
        Ok(Self { headers: Arc::new([(name, value)]), generation })
    }

    /// Whether the server can't tell it from another one.
    pub fn is_the_same_as(&self, other: &Self) -> bool {
        self.headers == other.headers
    }

    /// Several headers that belong together.
    pub fn of_headers(headers: impl Into<Arc<[(HeaderName, HeaderValue)]>>, generation: u64) -> Self {
        Self { headers: headers.into(), generation }
    }
}

/// A secret that is sent in a header, always for the same scheme and behind the same word: the header is made once.
pub struct HeaderSecret {
    secret: Secret,
    header: OnceLock<Arc<[(HeaderName, HeaderValue)]>>,
}

impl HeaderSecret {
    pub fn new(secret: Secret) -> Self {
        Self { secret, header: OnceLock::new() }
    }

    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    /// As [`Credential::new`].
    pub fn credential(
        &self,
        scheme: &'static SecurityScheme,
        word: Option<&str>,
        generation: u64,
    ) -> Result<Credential, SessionFailure> {
        if let Some(header) = self.header.get() {
            return Ok(Credential { headers: Arc::clone(header), generation });
        }
        let credential = Credential::new(scheme, word, self.secret.expose(), generation)?;
        // In vain, if another call was faster.
        let _ = self.header.set(Arc::clone(&credential.headers));
        Ok(credential)
    }
}

/// The setting that limits how long obtaining a credential may take.
pub(super) const SIGN_IN_TIMEOUT: &str = "Config::sign_in_timeout";

/// What makes the calls of a client.
#[derive(Clone)]
pub struct Executor {
    pub(super) http: reqwest::Client,
    pub(super) limits: Arc<Limits>,
    pub(super) dialect: Arc<dyn Dialect>,
    pub(super) background: Background,
    /// How long a call may take, in place of the policy's total.
    pub(super) within: Option<TimeLimit>,
}

pub(super) struct Limits {
    pub(super) url: Url,
    /// Scheme, host and port of the server.
    origin: Arc<str>,
    pub(super) timeout: Duration,
    pub(super) idle: Duration,
    sign_in: Duration,
    pub(super) max_body: usize,
    pub(super) max_decoded: usize,
    pub(super) retry: RetryPolicy,
    pub(super) budget: Budget,
    pub(super) futile: Futile,
    pub(super) gate: Gate,
    pub(super) sign_in_pages: SignInPages,
    pub(super) user_agent: HeaderValue,
    pub(super) headers: HeaderMap,
    observer: Option<Observer>,
}

impl Executor {
    pub fn new(config: &Config, dialect: impl Dialect + 'static) -> Result<Self, ConfigError> {
        let http = config.build_http()?;
        let url = &config.url;
        let (host, port) = (url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or_default());
        let limits = Limits {
            url: url.clone(),
            origin: format!("{}://{host}:{port}", url.scheme()).into(),
            timeout: config.timeout,
            idle: config.idle_timeout,
            sign_in: config.sign_in_timeout,
            max_body: config.max_body,
            max_decoded: config.max_decoded,
            retry: config.retry,
            budget: Budget::new(&config.retry),
            futile: Futile::default(),
            gate: Gate::new(config),
            sign_in_pages: SignInPages::new(url, config.sign_in_page.clone()),
            user_agent: HeaderValue::from_str(&config.user_agent).map_err(|_| ConfigError::UserAgent)?,
            headers: config.headers.clone(),
            observer: config.observer.clone(),
        };
        let background = Background::default();
        Ok(Self { http, limits: Arc::new(limits), dialect: Arc::new(dialect), background, within: None })
    }

    /// The same limits with another dialect, which works with what it obtains in `background`.
    pub fn with_dialect(&self, dialect: impl Dialect + 'static, background: Background) -> Self {
        Self { dialect: Arc::new(dialect), background, within: None, ..self.clone() }
    }

    /// The same with another limit for a call.
    pub fn within(&self, limit: Duration) -> Self {
        Self { within: Some(TimeLimit::new(limit, "Client::within")), ..self.clone() }
    }

    /// The same for requests that obtain credentials, which have a limit of their own, or this fraction of it.
    pub fn to_sign_in(&self, one_in: u32) -> Self {
        Self { within: Some(TimeLimit::new(self.limits.sign_in / one_in, SIGN_IN_TIMEOUT)), ..self.clone() }
    }

    /// Obtains a credential from the beginning and at once, whatever was refused before.
    pub async fn sign_in_now(&self) -> Result<(), SessionFailure> {
        self.dialect.sign_in_now().await
    }

    /// Begins no more calls, and ends what goes on in the background.
    pub async fn shut_down(&self, deadline: Duration) {
        self.background.shut_down(deadline).await;
    }

    /// What comes of `task`, unless the client is shut down before.
    pub async fn unless_shut_down<F: Future>(&self, task: F) -> Option<F::Output> {
        self.background.unless_closed(task).await
    }

    /// How long obtaining a credential may take, with everything that belongs to it.
    pub fn sign_in_limit(&self) -> Duration {
        self.limits.sign_in
    }

    /// What the paths of the spec are appended to.
    pub(super) fn base_path(&self) -> &str {
        self.limits.url.path().trim_end_matches('/')
    }

    /// A call that begins now, and its request.
    pub fn request(&self, operation: &'static Operation) -> Outgoing<'_> {
        let meter = Meter::of(operation, self.limits.observer.as_ref());
        Outgoing::new(self, Call::new(operation, Arc::clone(&self.limits.origin), meter))
    }

    /// Makes a call; `read` makes the result of the response, whatever its status is.
    ///
    /// Futures are what calls in flight take of memory, and a value that one is handed lies in it twice: what it works with is
    /// borrowed, or in a box.
    pub(super) async fn call<T, E: Failure>(
        &self,
        mut parts: Box<Parts>,
        read: impl FnOnce(Response) -> Result<ResponseValue<T>, Error<E>>,
    ) -> Result<ResponseValue<T>, Error<E>> {
        let Parts { call, invalid, draft } = &mut *parts;
        let (streams, meter) = (call.streams, call.meter.clone());
        let trace = Trace::of(call.operation, &self.limits.url);
        let result = match invalid.take() {
            Some(invalid) => Err(invalid.into()),
            None => self.respond(call, draft, &trace).await.map_err(Error::from).and_then(read),
        };
        match &result {
            Ok(value) => {
                trace.succeeded(value.status());
                // What streams ends with its content.
                if !streams {
                    meter.ends(CallResult::Success, Outcome::Done);
                }
            }
            Err(e) => {
                trace.failed(e.kind(), e.outcome(), e.status(), e.attempts());
                meter.ends(CallResult::Failure(e.kind()), e.outcome());
            }
        }
        result
    }

    /// Sends a request, and gives the response whatever its status is.
    async fn respond(&self, call: &mut Call, draft: &mut Draft, trace: &Trace) -> Result<Response, Failed> {
        if self.background.is_closed() {
            return Err(call.invalid("the client was shut down".to_owned()).into());
        }
        let unfinished = trace.unfinished();
        let mut attempts = Attempts::new(self, draft, trace);
        let mut execution = Execution::new(self, call, trace);
        let outcome = trace.within(execution.run(&mut attempts)).await;
        unfinished.finish();
        outcome
    }
}

impl fmt::Debug for Executor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Limits { url, timeout, retry, .. } = &*self.limits;
        f.debug_struct("Executor")
            .field("base_url", &base_url(url))
            .field("timeout", timeout)
            .field("retry", retry)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::Credential;
    use crate::runtime::SecurityScheme;

    #[test]
    fn the_header_is_sensitive() {
        static SCHEME: SecurityScheme = SecurityScheme { name: "Key", header: "x-key", word: None };
        let credential = Credential::new(&SCHEME, Some("x-user"), "token", 0).unwrap();
        let [(name, value)] = &credential.headers[..] else { panic!("{} headers", credential.headers.len()) };
        assert_eq!((name.as_str(), value.as_bytes()), ("x-key", &b"x-user token"[..]));
        assert!(value.is_sensitive());
    }
}
