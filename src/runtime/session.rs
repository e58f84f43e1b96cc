//! Sends every request of every interface: attaches the credential that the spec asks for, repeats a request once when the
//! server refused the credential and a new one could be had, and again as the retry policy allows, all within a limit.

use std::{fmt, pin::Pin, sync::Arc, time::Duration};

use reqwest::{
    Method, Request, StatusCode,
    header::{CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue, USER_AGENT},
};
use tokio::time::Instant;

use super::{
    Config, ConfigError, InvalidRequest, Operation, RetryPolicy, SecurityScheme, SessionError, SessionFailure,
    TransportError,
    answer::Answer,
    attempts::{Attempts, Content},
    error::Cause,
    failed::Failed,
    retry, send,
    trace::Trace,
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
    fn refuses(&self, _operation: &'static Operation, answer: &Answer) -> bool {
        answer.status_code() == StatusCode::UNAUTHORIZED
    }

    /// Changes a request that the spec alone doesn't get right for the server at hand.
    fn adapt(&self, _operation: &'static Operation, _request: &mut Request) {}

    /// Takes note of an answer, before anything is made of it, and of the credential that was sent for it.
    fn received(&self, _sent: Option<&Credential>, _answer: &Answer) {}
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
    limits: Arc<Limits>,
    dialect: Arc<dyn Dialect>,
    /// How long a call may take, in place of the policy's total.
    within: Option<Duration>,
}

struct Limits {
    timeout: Duration,
    idle: Duration,
    max_body: usize,
    retry: RetryPolicy,
    user_agent: HeaderValue,
    headers: HeaderMap,
}

impl Session {
    pub(crate) fn new(config: &Config, dialect: impl Dialect + 'static) -> Result<Self, ConfigError> {
        let limits = Limits {
            timeout: config.timeout,
            idle: config.idle_timeout,
            max_body: config.max_body,
            retry: config.retry,
            user_agent: HeaderValue::from_str(&config.user_agent).map_err(|_| ConfigError::UserAgent)?,
            headers: config.headers.clone(),
        };
        Ok(Self { limits: Arc::new(limits), dialect: Arc::new(dialect), within: None })
    }

    /// The same limits with another dialect.
    pub(crate) fn with_dialect(&self, dialect: impl Dialect + 'static) -> Self {
        Self { dialect: Arc::new(dialect), ..self.clone() }
    }

    /// The same session with another limit for a call.
    pub(crate) fn within(&self, limit: Duration) -> Self {
        Self { within: Some(limit), ..self.clone() }
    }

    /// Sends `request`, built by generated code, and gives the answer whatever its status is.
    pub(crate) async fn execute(
        &self,
        http: &reqwest::Client,
        operation: &'static Operation,
        request: Result<Request, reqwest::Error>,
        content: Option<Content>,
    ) -> Result<Answer, Failed> {
        let invalid = |reason: String| Failed::InvalidRequest(InvalidRequest { operation, reason });
        let mut request = request.map_err(|e| invalid(e.without_url().to_string()))?;
        request.headers_mut().entry(USER_AGENT).or_insert_with(|| self.limits.user_agent.clone());
        request.headers_mut().extend(self.limits.headers.clone());
        self.dialect.adapt(operation, &mut request);
        declare_empty_body(&mut request, content.is_some());

        let trace = Trace::of(operation, request.url());
        let attempts = Attempts::new(http, request, content, self.limits.idle, trace.clone());
        let outcome = trace.within(Call::new(self, operation, &trace).run(attempts)).await;
        match &outcome {
            Ok(answer) => trace.answered(answer.status_code()),
            Err(failed) => trace.failed(failed.kind()),
        }
        outcome
    }
}

/// One call: its limits, and what it does between the attempts.
struct Call<'a> {
    session: &'a Session,
    operation: &'static Operation,
    trace: &'a Trace,
    /// No attempt begins later, and none lasts longer except for the transfer of a file.
    end: Instant,
    /// What set `end`, for messages.
    limit: (&'static str, Duration),
}

impl<'a> Call<'a> {
    fn new(session: &'a Session, operation: &'static Operation, trace: &'a Trace) -> Self {
        let limit = match session.within {
            Some(limit) => ("limit of the call", limit),
            None => ("total of the retry policy", session.limits.retry.total),
        };
        let end = send::after(Instant::now(), limit.1);
        Self { session, operation, trace, end, limit }
    }

    async fn run(&self, mut attempts: Attempts<'_>) -> Result<Answer, Failed> {
        let Session { limits, dialect, .. } = self.session;
        let (operation, mut waits) = (self.operation, limits.retry.waits());
        let (mut renewed, mut resends) = (false, 0);
        let invalid = |reason: String| Failed::InvalidRequest(InvalidRequest { operation, reason });
        attempts.check().map_err(invalid)?;
        let mut credential = self.credential().await?;
        let first = attempts.next().await.map_err(invalid)?;
        let mut request = first.ok_or_else(|| invalid("its body is a stream that was sent already".to_owned()))?;
        loop {
            let outcome = self.attempt(&attempts, request, credential.as_ref()).await;
            let wait = match (&outcome, operation.security, &credential) {
                (Ok(answer), Some(scheme), Some(sent)) if !renewed && dialect.refuses(operation, answer) => {
                    renewed = true;
                    let Some(other) = self.in_time(dialect.renew(scheme, sent)).await? else { return outcome };
                    credential = Some(other);
                    Duration::ZERO
                }
                _ if retry::may_repeat(operation, &outcome) => {
                    let Some(wait) = waits.next() else { return outcome };
                    let asked = outcome.as_ref().ok().and_then(|answer| retry::asked_to_wait(answer.headers()));
                    let wait = wait.max(asked.unwrap_or_default());
                    if wait >= self.end.saturating_duration_since(Instant::now()) {
                        return outcome;
                    }
                    tokio::time::sleep(wait).await;
                    // It may have gone stale, or been replaced, meanwhile.
                    credential = self.credential().await?;
                    wait
                }
                _ => return outcome,
            };
            // A stream went up, or a file is gone: what came is all there is.
            let Ok(Some(again)) = attempts.next().await else { return outcome };
            request = again;
            resends += 1;
            self.trace.resends(resends, wait);
        }
    }

    async fn credential(&self) -> Result<Option<Credential>, Failed> {
        let Some(scheme) = self.operation.security else { return Ok(None) };
        self.in_time(self.session.dialect.credential(scheme)).await.map(Some)
    }

    /// What signing in or renewing gives before the call has to end.
    async fn in_time<T>(&self, obtained: impl Future<Output = Result<T, SessionFailure>>) -> Result<T, Failed> {
        match tokio::time::timeout_at(self.end, obtained).await {
            Ok(result) => result.map_err(|reason| Failed::Session(SessionError { operation: self.operation, reason })),
            Err(_) => Err(self.out_of_time(self.limit)),
        }
    }

    /// Sends one request and reads its answer.
    async fn attempt(
        &self,
        attempts: &Attempts<'_>,
        request: Request,
        credential: Option<&Credential>,
    ) -> Result<Answer, Failed> {
        let Session { limits, dialect, within } = self.session;
        let operation = self.operation;
        let exchange = async {
            let sent = send::send(attempts.http, with(request, credential), limits.idle, operation.uploads).await;
            let response = sent.map_err(|cause| Failed::Transport(TransportError::new(operation, cause)))?;
            Ok(Answer::read(operation, response, limits.max_body, limits.idle, self.trace.clone()).await)
        };
        let one = send::after(Instant::now(), limits.timeout);
        let (end, limit) = match operation.streams() {
            false if one < self.end => (Some(one), ("timeout", limits.timeout)),
            false => (Some(self.end), self.limit),
            true => (within.map(|_| self.end), self.limit),
        };
        let outcome = match end {
            Some(end) => tokio::time::timeout_at(end, exchange).await.unwrap_or_else(|_| Err(self.out_of_time(limit))),
            None => exchange.await,
        };
        let outcome = match attempts.broken() {
            // Whatever a server makes of a part of the content, it is no success.
            Some(reason) if outcome.as_ref().map_or(true, |answer| answer.status_code().is_success()) => {
                Err(Failed::InvalidRequest(InvalidRequest { operation, reason }))
            }
            _ => outcome,
        };
        if let Ok(answer) = &outcome {
            dialect.received(credential, answer);
        }
        outcome
    }

    fn out_of_time(&self, (name, limit): (&'static str, Duration)) -> Failed {
        Failed::Transport(TransportError::new(self.operation, Cause::Limit(name, limit)))
    }
}

/// A request whose method is for content says that it has none: some servers refuse one that doesn't (411). RFC 9110,
/// section 8.6.
fn declare_empty_body(request: &mut Request, has_content: bool) {
    let for_content = matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH);
    let is_empty = request.body().is_none_or(|body| body.as_bytes().is_some_and(<[u8]>::is_empty));
    if for_content && is_empty && !has_content {
        request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
}

/// The request with a credential, in place of what the configuration may have put into the same headers.
fn with(mut request: Request, credential: Option<&Credential>) -> Request {
    for (name, value) in credential.into_iter().flat_map(|credential| &credential.headers) {
        request.headers_mut().insert(name, value.clone());
    }
    request
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Limits { timeout, retry, .. } = &*self.limits;
        f.debug_struct("Session").field("timeout", timeout).field("retry", retry).finish_non_exhaustive()
    }
}
