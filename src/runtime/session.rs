//! Sends every request of every interface: attaches the credential that the spec asks for, and repeats a request once
//! when the server refused the credential and a new one could be had.

use std::{fmt, pin::Pin, sync::Arc, time::Duration};

use reqwest::{
    Request, RequestBuilder, Response, StatusCode,
    header::{HeaderMap, HeaderName, HeaderValue, USER_AGENT},
};

use super::{
    Config, ConfigError, InvalidRequest, Operation, SecurityScheme, SessionError, SessionFailure, TransportError,
    failed::Failed,
    part::{self, Parts},
};

pub(crate) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What is an interface's own: where its credentials come from, and how it departs from the usual.
pub(crate) trait Dialect: Send + Sync {
    /// The credential for `scheme`, obtained first where that is needed.
    fn credential<'a>(&'a self, scheme: &'static SecurityScheme) -> BoxFuture<'a, Result<Credential, SessionFailure>>;

    /// A credential in place of `refused`, which the server did not accept; `None` when there is no other.
    fn renew<'a>(
        &'a self,
        _scheme: &'static SecurityScheme,
        _refused: &'a Credential,
    ) -> BoxFuture<'a, Result<Option<Credential>, SessionFailure>> {
        Box::pin(std::future::ready(Ok(None)))
    }

    /// Whether the answer says that the credential is not, or no longer, good.
    fn refuses(&self, _operation: &'static Operation, answer: &Response) -> bool {
        answer.status() == StatusCode::UNAUTHORIZED
    }

    /// Changes a request that the spec alone doesn't get right for the server at hand.
    fn adapt(&self, _operation: &'static Operation, _request: &mut Request) {}

    /// Takes note of an answer, before anything is made of it.
    fn received(&self, _answer: &Response) {}
}

/// Headers that prove who is calling.
pub(crate) struct Credential {
    headers: Vec<(HeaderName, HeaderValue)>,
    /// Tells a renewed credential from the one before it.
    pub(crate) generation: u64,
}

impl Credential {
    /// `<word> <secret>` in the header of the scheme, or the secret alone for a scheme without a word.
    pub(crate) fn new(
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
        Ok(Self { headers: vec![(name, value)], generation })
    }

    /// Several headers that belong together.
    #[cfg(feature = "crpt")]
    pub(crate) fn of_headers(headers: Vec<(HeaderName, HeaderValue)>, generation: u64) -> Self {
        Self { headers, generation }
    }
}

/// The part of a client that its clones share: limits, credentials.
#[derive(Clone)]
pub(crate) struct Session {
    shared: Arc<Shared>,
}

struct Shared {
    timeout: Duration,
    max_body: usize,
    user_agent: HeaderValue,
    headers: HeaderMap,
    dialect: Box<dyn Dialect>,
}

impl Session {
    pub(crate) fn new(config: &Config, dialect: impl Dialect + 'static) -> Result<Self, ConfigError> {
        let user_agent = HeaderValue::from_str(&config.user_agent).map_err(|_| ConfigError::UserAgent)?;
        Ok(Self {
            shared: Arc::new(Shared {
                timeout: config.timeout,
                max_body: config.max_body,
                user_agent,
                headers: config.headers.clone(),
                dialect: Box::new(dialect),
            }),
        })
    }

    /// The same limits with another dialect.
    pub(crate) fn with_dialect(&self, dialect: impl Dialect + 'static) -> Self {
        let Shared { timeout, max_body, user_agent, headers, .. } = &*self.shared;
        Self {
            shared: Arc::new(Shared {
                timeout: *timeout,
                max_body: *max_body,
                user_agent: user_agent.clone(),
                headers: headers.clone(),
                dialect: Box::new(dialect),
            }),
        }
    }

    /// The largest JSON body that is read, in bytes.
    pub(crate) fn max_body(&self) -> usize {
        self.shared.max_body
    }

    /// Sends `request`, built by generated code, and gives the answer whatever its status is.
    pub(crate) async fn execute(
        &self,
        http: &reqwest::Client,
        operation: &'static Operation,
        request: Result<Request, reqwest::Error>,
        parts: Option<Parts>,
    ) -> Result<Response, Failed> {
        let invalid = |reason: String| Failed::InvalidRequest(InvalidRequest { operation, reason });
        let no_session = |reason| Failed::Session(SessionError { operation, reason });
        let mut request = request.map_err(|e| invalid(e.without_url().to_string()))?;
        let Shared { timeout, user_agent, headers, dialect, .. } = &*self.shared;
        request.headers_mut().entry(USER_AGENT).or_insert_with(|| user_agent.clone());
        request.headers_mut().extend(headers.clone());
        if !operation.streams {
            *request.timeout_mut() = Some(*timeout);
        }
        dialect.adapt(operation, &mut request);

        let mut credential = match operation.security {
            Some(scheme) => Some((scheme, dialect.credential(scheme).await.map_err(no_session)?)),
            None => None,
        };
        let mut attempts = Attempts { request: Some(request), parts };
        let mut refused = None;
        while let Some(mut request) = attempts.next(http).await.map_err(invalid)? {
            if let Some((_, credential)) = &credential {
                for (name, value) in &credential.headers {
                    // In place of one from the configuration, not beside it.
                    request.headers_mut().insert(name, value.clone());
                }
            }
            let sent = http.execute(request).await;
            let response = sent.map_err(|e| Failed::Transport(TransportError::new(operation, e)))?;
            dialect.received(&response);
            let again = refused.is_none() && dialect.refuses(operation, &response);
            let Some((scheme, old)) = credential.take_if(|_| again) else {
                return Ok(response);
            };
            let Some(new) = dialect.renew(scheme, &old).await.map_err(no_session)? else { return Ok(response) };
            credential = Some((scheme, new));
            refused = Some(response);
        }
        // The body was a stream and went up with the refused credential: that answer is all there is.
        refused.ok_or_else(|| invalid("the body was already sent".to_owned()))
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("timeout", &self.shared.timeout).finish_non_exhaustive()
    }
}

/// The same request again and again, as far as its body allows.
struct Attempts {
    request: Option<Request>,
    parts: Option<Parts>,
}

impl Attempts {
    /// The request to send next; `None` when its body was a stream that is used up.
    async fn next(&mut self, http: &reqwest::Client) -> Result<Option<Request>, String> {
        let again = self.request.as_ref().and_then(Request::try_clone);
        let Some(request) = again.or_else(|| self.request.take()) else { return Ok(None) };
        let Some(parts) = &mut self.parts else { return Ok(Some(request)) };
        let Some(form) = part::form(parts).await? else { return Ok(None) };
        let request = RequestBuilder::from_parts(http.clone(), request).multipart(form).build();
        request.map(Some).map_err(|e| e.without_url().to_string())
    }
}
