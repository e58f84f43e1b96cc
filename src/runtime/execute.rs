//! One call: attaches the credential that the spec asks for, sends the request once more when the server refused the
//! credential and a new one could be obtained, and again as the retry policy allows, all within a time limit.

use std::time::Duration;

use reqwest::{Request, StatusCode};
use tokio::time::Instant;

use super::{
    SessionError, SessionFailure, TransportError,
    attempts::{Attempts, NotReady},
    error::{Call, Outcome, TimeLimit, TransportCause},
    executor::{Credential, Executor, Limits, Verdict},
    failed::Failed,
    gate::Pass,
    response::{self, ReadLimits, Response},
    retry, send,
    trace::Trace,
    unprocessed,
};

/// One call: its limits, and what it does between the attempts.
pub(super) struct Execution<'a> {
    executor: &'a Executor,
    call: &'a mut Call,
    trace: &'a Trace,
    /// No attempt begins later, and none lasts longer except for the transfer of a file.
    end: Instant,
    /// What set `end`, for messages.
    limit: TimeLimit,
}

/// What the attempts so far have left.
#[derive(Default)]
struct SoFar {
    credential: Option<Credential>,
    renewed: bool,
    resends: u32,
    /// Those between the attempts to come.
    waits: Option<Box<dyn Iterator<Item = Duration> + Send>>,
}

impl<'a> Execution<'a> {
    pub(super) fn new(executor: &'a Executor, call: &'a mut Call, trace: &'a Trace) -> Self {
        let total = || TimeLimit::new(executor.limits.retry.total, "RetryPolicy::total");
        let limit = executor.within.unwrap_or_else(total);
        let end = send::after(Instant::now(), limit.length);
        Self { executor, call, trace, end, limit }
    }

    pub(super) async fn run(&mut self, attempts: &mut Attempts<'_>) -> Result<Response, Failed> {
        let Executor { limits, dialect, .. } = self.executor;
        let operation = self.call.operation;
        attempts.check(self.end).await.map_err(|reason| self.not_ready(reason))?;
        let mut so_far = SoFar { credential: self.credential().await?, ..SoFar::default() };
        let mut request = attempts.next(self.end).await.map_err(|reason| self.not_ready(reason))?;
        loop {
            let mut outcome = self.attempt(attempts, request, &mut so_far.credential).await;
            let verdict = match (&outcome, &so_far.credential) {
                (Ok(response), Some(_)) => dialect.judge(operation, response),
                _ => Verdict::Fine,
            };
            if verdict == Verdict::Fine && (!retry::may_retry(operation, &outcome) || attempts.are_used_up()) {
                if let Ok(response) = &outcome {
                    // The credential was good for this, whatever the response is.
                    limits.futile.accepted(operation);
                    if response.status().is_success() {
                        limits.budget.give_back(so_far.resends > u32::from(so_far.renewed));
                    }
                }
                return outcome;
            }
            // In a box, as it happens to few calls.
            match Box::pin(self.again(attempts, &mut outcome, verdict, &mut so_far)).await {
                Some(another) => request = another,
                None => return outcome,
            }
        }
    }

    /// What is sent after an attempt that refused the credential, or failed for a reason that may pass; `None` when the outcome
    /// is final.
    async fn again(
        &mut self,
        attempts: &mut Attempts<'_>,
        outcome: &mut Result<Response, Failed>,
        verdict: Verdict,
        so_far: &mut SoFar,
    ) -> Option<Box<Request>> {
        let Executor { limits, dialect, .. } = self.executor;
        let operation = self.call.operation;
        let wait = match (&*outcome, operation.security, &so_far.credential) {
            (Ok(response), Some(scheme), Some(sent)) if verdict != Verdict::Fine => {
                let may_renew = limits.futile.may_renew(operation, response.status(), sent.generation);
                if so_far.renewed || !may_renew {
                    let hint = if so_far.renewed { REFUSED_AGAIN } else { NOT_RENEWED };
                    advise(outcome, verdict, Some(hint));
                    return None;
                }
                let may_be_executed = verdict == Verdict::Doubtful && !operation.idempotent;
                if may_be_executed || attempts.are_used_up() {
                    dialect.end(scheme, sent);
                    return None;
                }
                so_far.renewed = true;
                if verdict == Verdict::Doubtful {
                    self.call.unknown |= response.outcome() == Outcome::Unknown;
                }
                // With a 403, it may be good for other operations.
                let is_dead = response.status() != StatusCode::FORBIDDEN;
                if response.status() == StatusCode::UNAUTHORIZED {
                    dialect.end(scheme, sent);
                }
                match self.in_time(dialect.credential(scheme, Some(sent))).await {
                    Ok(Some(other)) => so_far.credential = Some(other),
                    Ok(None) => {
                        // Nothing was renewed, so that it may be asked for again.
                        limits.futile.forget(operation, response.status());
                        advise(outcome, verdict, dialect.hint(scheme));
                        return None;
                    }
                    Err(failed) => {
                        limits.futile.failed(operation, response.status(), sent.generation);
                        if is_dead {
                            *outcome = Err(failed);
                        }
                        return None;
                    }
                }
                Duration::ZERO
            }
            _ => {
                let waits = so_far.waits.get_or_insert_with(|| Box::new(limits.retry.waits()));
                let wait = waits.next()?;
                let asked = outcome.as_ref().ok().and_then(|response| retry::asked_to_wait(response.headers()));
                let wait = wait.max(asked.unwrap_or_default());
                if wait >= self.end.saturating_duration_since(Instant::now()) {
                    return None;
                }
                let taken = limits.budget.take()?;
                tokio::time::sleep(wait).await;
                // It may have gone stale, or been replaced, meanwhile. Without one, this outcome is final.
                so_far.credential = self.credential().await.ok()?;
                self.call.unknown |= outcome_of(outcome) == Outcome::Unknown;
                taken.spend();
                wait
            }
        };
        // When a file is gone, or can't be opened in time, this outcome is final.
        let another = attempts.next(self.end).await.ok()?;
        so_far.resends += 1;
        self.trace.resends(so_far.resends, wait, &reason_of(outcome));
        Some(another)
    }

    /// The turn of a request, where there is nothing to wait for.
    fn pass_at_once(&self, credential: Option<&Credential>) -> Option<Pass> {
        let Executor { limits, dialect, .. } = self.executor;
        let is_current = match (self.call.operation.security, credential) {
            (Some(scheme), Some(held)) => dialect.is_current(scheme, held),
            _ => true,
        };
        is_current.then(|| limits.gate.open()).flatten()
    }

    /// Waits for the turn of a request. While others were sent, its credential may have been refused.
    async fn pass(&self, credential: &mut Option<Credential>) -> Result<Pass, Failed> {
        let Executor { limits, dialect, .. } = self.executor;
        loop {
            let Some(turn) = limits.gate.turn(self.end).await else {
                return Err(Failed::Transport(TransportError::unsent(self.call, TransportCause::Turn(self.limit))));
            };
            match (self.call.operation.security, &*credential) {
                (Some(scheme), Some(held)) if !dialect.is_current(scheme, held) => {
                    // Signing in needs a turn, too.
                    drop(turn);
                    *credential = self.credential().await?;
                }
                _ => return Ok(turn.take()),
            }
        }
    }

    async fn credential(&self) -> Result<Option<Credential>, Failed> {
        let Some(scheme) = self.call.operation.security else { return Ok(None) };
        match self.executor.dialect.at_hand(scheme) {
            Some(credential) => Ok(Some(credential)),
            None => self.in_time(self.executor.dialect.credential(scheme, None)).await,
        }
    }

    /// What signing in or renewing gives before the call has to end.
    async fn in_time<T>(&self, obtained: impl Future<Output = Result<T, SessionFailure>>) -> Result<T, Failed> {
        match tokio::time::timeout_at(self.end, obtained).await {
            Ok(Ok(obtained)) => Ok(obtained),
            Ok(Err(reason)) => {
                let report = self.call.report(Outcome::NotSent);
                let instead = self.executor.dialect.instead(self.call.operation);
                Err(Failed::Session(SessionError { report, reason, instead }))
            }
            Err(_) => Err(self.out_of_time_unsent()),
        }
    }

    /// Sends one request and reads its response.
    async fn attempt(
        &mut self,
        attempts: &Attempts<'_>,
        request: Box<Request>,
        credential: &mut Option<Credential>,
    ) -> Result<Response, Failed> {
        let Executor { limits, dialect, within, .. } = self.executor;
        let Limits { timeout, idle, .. } = **limits;
        let operation = self.call.operation;
        let pass = match self.pass_at_once(credential.as_ref()) {
            Some(pass) => pass,
            None => Box::pin(self.pass(credential)).await?,
        };
        let credential = credential.as_ref();
        self.call.attempts += 1;
        self.call.meter.attempt();

        let now = Instant::now();
        let one = send::after(now, timeout);
        let of_one = TimeLimit::new(timeout, "Config::timeout");
        let end = match operation.uploads || self.call.streams {
            false if one < self.end => Some((one, of_one)),
            false => Some((self.end, self.limit)),
            true => within.map(|_| (self.end, self.limit)),
        };
        let has_body = unprocessed::has_body(&request);
        let (http, request) = (&self.executor.http, with(*request, credential));
        let sent = if operation.uploads {
            Box::pin(send::upload(http, request, idle, end, &self.call.meter)).await
        } else {
            // Nothing moves before the response.
            let (until, limit) = send::earlier((send::after(now, idle), TimeLimit::idle(idle)), end);
            match send::send(http, request, until, &self.call.meter).await {
                Ok(result) => result.map_err(TransportCause::Http),
                Err(_) => Err(TransportCause::Limit(limit)),
            }
        };
        let mut response = sent.map_err(|cause| match attempts.broken() {
            Some(reason) => self.call.invalid(reason).into(),
            None => Failed::Transport(TransportError::no_response(self.call, cause, has_body)),
        })?;
        self.call.meter.responds(response.status());
        // What comes after a file was transferred has a timeout of its own, as any other request has.
        let (end, limit) = match end {
            Some(end) => end,
            None if timeout < limits.retry.total => (send::after(Instant::now(), timeout), of_one),
            None => (send::after(Instant::now(), limits.retry.total), self.limit),
        };
        let limits = ReadLimits { limits, end, limit, pass };
        let mut received = response::received(&mut response);
        let end = response::read(&mut response, &mut received, self.call, &limits).await;
        let response = Response::new(self.call.clone(), response, received, end, limits, self.trace.clone());
        // Whatever a server makes of a part of the content, it is not a success; but it may have had an effect.
        if let Some(reason) = attempts.broken().filter(|_| response.status().is_success()) {
            self.call.unknown = true;
            return Err(self.call.invalid(reason).with(response.into_received()).into());
        }
        dialect.received(credential, &response);
        Ok(response)
    }

    fn not_ready(&self, reason: NotReady) -> Failed {
        match reason {
            NotReady::UsedUp => self.call.invalid("its body is a stream that was sent already".to_owned()).into(),
            NotReady::TimedOut => self.out_of_time_unsent(),
            NotReady::Invalid(reason) => self.call.invalid(reason).into(),
        }
    }

    fn out_of_time_unsent(&self) -> Failed {
        Failed::Transport(TransportError::unsent(self.call, TransportCause::Limit(self.limit)))
    }
}

/// Why a credential that was refused is not renewed.
const REFUSED_AGAIN: &str = "the credential was renewed, and refused again: it may lack a permission";
const NOT_RENEWED: &str = "the credential was not renewed, since that did not help a short while ago";

/// Says of a response that refuses the credential what a person can do about it.
fn advise(outcome: &mut Result<Response, Failed>, verdict: Verdict, hint: Option<&'static str>) {
    if let Ok(response) = outcome {
        response.give_hint(hint.filter(|_| verdict == Verdict::Refused));
    }
}

/// The request with a credential, in place of what the configuration may have put into the same headers.
fn with(mut request: Request, credential: Option<&Credential>) -> Request {
    for (name, value) in credential.iter().flat_map(|credential| credential.headers.iter()) {
        request.headers_mut().insert(name, value.clone());
    }
    request
}

/// Why an attempt failed: its status, or else the name of the kind of failure.
fn reason_of(outcome: &Result<Response, Failed>) -> String {
    match outcome {
        Ok(response) => response.status().as_str().to_owned(),
        Err(failed) => failed.kind().name().to_owned(),
    }
}

/// What an attempt that failed may have done.
fn outcome_of(outcome: &Result<Response, Failed>) -> Outcome {
    match outcome {
        Ok(response) => response.outcome(),
        Err(failed) => failed.outcome(),
    }
}
