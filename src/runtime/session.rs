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
    /// The credential for `scheme`, obtained first where that is needed; none unless an interface says otherwise.
    fn credential<'a>(&'a self, scheme: &'static SecurityScheme) -> BoxFuture<'a, Result<Credential, SessionFailure>> {
        Box::pin(std::future::ready(Err(SessionFailure::Missing(scheme))))
    }

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

    /// Takes note of an answer, before anything is made of it, and of the credential that was sent for it.
    fn received(&self, _sent: Option<&Credential>, _answer: &Response) {}

    /// Takes note of a failure that came as a body, whatever its status was.
    #[cfg(any(feature = "callback", feature = "crpt"))]
    fn refused_by(&self, _body: &serde_json::Value) {}
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
    /// For uploads: reqwest counts the time in which a body goes up as time in which nothing came down.
    uploads: Option<reqwest::Client>,
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
                uploads: config.uploads()?,
                dialect: Box::new(dialect),
            }),
        })
    }

    /// The same limits with another dialect.
    pub(crate) fn with_dialect(&self, dialect: impl Dialect + 'static) -> Self {
        let Shared { timeout, max_body, user_agent, headers, uploads, .. } = &*self.shared;
        Self {
            shared: Arc::new(Shared {
                timeout: *timeout,
                max_body: *max_body,
                user_agent: user_agent.clone(),
                headers: headers.clone(),
                uploads: uploads.clone(),
                dialect: Box::new(dialect),
            }),
        }
    }

    /// A failure came as a body.
    #[cfg(any(feature = "callback", feature = "crpt"))]
    pub(crate) fn refused_by(&self, body: &serde_json::Value) {
        self.shared.dialect.refused_by(body);
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
        let Shared { timeout, user_agent, headers, uploads, dialect, .. } = &*self.shared;
        let mut request = request.map_err(|e| invalid(e.without_url().to_string()))?;
        request.headers_mut().entry(USER_AGENT).or_insert_with(|| user_agent.clone());
        request.headers_mut().extend(headers.clone());
        if !operation.streams {
            *request.timeout_mut() = Some(*timeout);
        }
        dialect.adapt(operation, &mut request);
        let http = if operation.streams && operation.method != "GET" { uploads.as_ref().unwrap_or(http) } else { http };

        let mut attempts = Attempts { request: Some(request), parts };
        let send = async |request: Request, credential: Option<&Credential>| {
            let sent = http.execute(with(request, credential)).await;
            let answer = sent.map_err(|e| Failed::Transport(TransportError::new(operation, e)))?;
            dialect.received(credential, &answer);
            Ok::<_, Failed>(answer)
        };

        let Some(scheme) = operation.security else {
            let request = attempts.next(http).await.map_err(invalid)?;
            return send(request.ok_or_else(|| invalid(USED_UP.to_owned()))?, None).await;
        };
        let credential = dialect.credential(scheme).await.map_err(no_session)?;
        let request = attempts.next(http).await.map_err(invalid)?;
        let answer = send(request.ok_or_else(|| invalid(USED_UP.to_owned()))?, Some(&credential)).await?;
        if !dialect.refuses(operation, &answer) {
            return Ok(answer);
        }
        let Some(renewed) = dialect.renew(scheme, &credential).await.map_err(no_session)? else { return Ok(answer) };
        match attempts.next(http).await {
            Ok(Some(request)) => send(request, Some(&renewed)).await,
            // A stream went up with the refused credential, or a file is gone: the refusal is all there is.
            Ok(None) | Err(_) => Ok(answer),
        }
    }
}

/// Why a request can't even be sent once.
const USED_UP: &str = "its body is a stream that was sent already";

/// The request with a credential, in place of what the configuration may have put into the same headers.
fn with(mut request: Request, credential: Option<&Credential>) -> Request {
    for (name, value) in credential.into_iter().flat_map(|credential| &credential.headers) {
        request.headers_mut().insert(name, value.clone());
    }
    request
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
