//! Which status may follow which, and what becomes of a report whose response is lost.

use std::{error::Error as StdError, fmt, sync::Arc};

use super::{
    job::Shared,
    ledger::{LedgerError, Progress},
};
use crate::{
    Error, Outcome,
    callback::{
        error::ReportStatusError,
        types::{RegisteredOrRendered, RegisteredOrRenderedStatus, Rejected, RejectedStatus, StatusReport},
    },
};

/// A status of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// The application is registered.
    Registered,
    /// The applicant was called back.
    Rendered,
    /// There is no call back.
    Rejected,
}

impl Status {
    /// The status as the interface spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Rendered => "rendered",
            Self::Rejected => "rejected",
        }
    }

    /// The status of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Registered, Self::Rendered, Self::Rejected].into_iter().find(|status| status.name() == name)
    }
}

impl Progress {
    /// What is known once an uncertain report is settled.
    pub(super) fn settle(&mut self, reported: bool) {
        if let Some(status) = self.uncertain.take().filter(|_| reported) {
            self.reported = Some(status);
        }
    }
}

/// An application whose status `registered` is reported. It ends as rendered or as rejected; nothing but the program decides
/// which.
#[must_use = "the application is registered, and neither rendered nor rejected"]
pub struct Registered(pub(super) Arc<Shared>);

impl Registered {
    /// Reports that the applicant was called back, unless the ledger knows that this is reported.
    ///
    /// # Errors
    /// As [`Job::register`](super::Job::register); [`ReportError::Contradiction`] when it is reported as rejected.
    pub async fn rendered(self, comment: Option<String>) -> Result<(), ReportError> {
        let id = self.0.leased.lease.id.as_str();
        let body = RegisteredOrRendered::builder().application_id(id).status(RegisteredOrRenderedStatus::Rendered);
        let body = body.comment(comment).build().map_err(|e| ReportError::Invalid(e.into()))?;
        report(&self.0, Status::Rendered, body.into()).await
    }

    /// Reports that there is no call back, and why, unless the ledger knows that this is reported.
    ///
    /// # Errors
    /// As [`Job::register`](super::Job::register); [`ReportError::Contradiction`] when it is reported as rendered;
    /// [`ReportError::Invalid`] when the comment is empty.
    pub async fn rejected(self, comment: impl Into<String>) -> Result<(), ReportError> {
        let id = self.0.leased.lease.id.as_str();
        let body = Rejected::builder().application_id(id).status(RejectedStatus::Rejected).comment(comment.into());
        let body = body.build().map_err(|e| ReportError::Invalid(e.into()))?;
        report(&self.0, Status::Rejected, body.into()).await
    }
}

impl fmt::Debug for Registered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Registered").field(&self.0.leased.lease).finish()
    }
}

/// Reports `registered`, unless it, or a status after it, is reported.
pub(super) async fn register(shared: &Arc<Shared>) -> Result<Registered, ReportError> {
    if shared.progress().reported.is_none() {
        let id = shared.leased.lease.id.as_str();
        let body = RegisteredOrRendered::builder().application_id(id).status(RegisteredOrRenderedStatus::Registered);
        let body = body.build().map_err(|e| ReportError::Invalid(e.into()))?;
        report(shared, Status::Registered, body.into()).await?;
    }
    Ok(Registered(Arc::clone(shared)))
}

/// Reports a status once: not when the ledger knows that it is reported, and not when it may be.
async fn report(shared: &Shared, status: Status, body: StatusReport) -> Result<(), ReportError> {
    let progress = shared.progress();
    match progress.reported {
        Some(reported) if reported == status => return Ok(()),
        Some(reported) if reported != Status::Registered => {
            return Err(ReportError::Contradiction { reported, status });
        }
        _ => {}
    }
    if let Some(status) = progress.uncertain {
        shared.is_uncertain();
        return Err(ReportError::Uncertain { status, error: None });
    }
    let Shared { ledger, leased, client, .. } = shared;
    if !ledger.reporting(&leased.lease, status).await.map_err(ReportError::Ledger)? {
        return Err(ReportError::LeaseLost);
    }
    shared.change(|progress| progress.uncertain = Some(status));
    let (reported, result) = match client.report_status().body(body).send().await {
        Ok(_) => (true, Ok(())),
        Err(e) => match e.outcome() {
            Outcome::Done => (true, Ok(())),
            Outcome::NotSent | Outcome::Refused => (false, Err(ReportError::Call(Box::new(e)))),
            Outcome::Unknown => {
                shared.is_uncertain();
                return Err(ReportError::Uncertain { status, error: Some(Box::new(e)) });
            }
        },
    };
    // Until this is stored, the ledger has the report as uncertain, as it is if the process ends here.
    if !ledger.reported(&leased.lease, reported).await.map_err(ReportError::Ledger)? {
        return Err(ReportError::LeaseLost);
    }
    shared.change(|progress| progress.settle(reported));
    result
}

/// Why a status wasn't reported, or may not have been.
#[derive(Debug)]
#[non_exhaustive]
pub enum ReportError {
    /// The platform refused it, or was not reached: the status isn't set. The handler may be run again.
    Call(Box<Error<ReportStatusError>>),
    /// Whether the status is set is unknown: the response was lost, now or before. `reportStatus` isn't idempotent as far as
    /// anybody knows, and no operation shows a status, so it isn't sent again: a handler that fails has its application set
    /// aside at once, until the operator was asked and [`put_back`](super::Ledger::put_back) told what was said.
    #[non_exhaustive]
    Uncertain {
        /// The status that may be set.
        status: Status,
        /// How the call failed, where it was in this attempt.
        error: Option<Box<Error<ReportStatusError>>>,
    },
    /// The application has another final status.
    #[non_exhaustive]
    Contradiction {
        /// The status that is reported.
        reported: Status,
        /// The one that was to be.
        status: Status,
    },
    /// The report violates the spec.
    Invalid(Box<dyn StdError + Send + Sync>),
    /// The lease ran out, and another worker may have the application.
    LeaseLost,
    /// The ledger failed. If the status was sent, it is uncertain.
    Ledger(LedgerError),
}

impl fmt::Display for ReportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(e) => e.fmt(f),
            Self::Uncertain { status, error } => {
                write!(f, "whether the status `{}` is set is unknown; ask the operator", status.name())?;
                error.as_ref().map_or(Ok(()), |e| write!(f, ": {e}"))
            }
            Self::Contradiction { reported, status } => {
                write!(f, "`{}` can't follow `{}`, which is reported", status.name(), reported.name())
            }
            Self::Invalid(e) => e.fmt(f),
            Self::LeaseLost => f.write_str("the lease of the application ran out"),
            Self::Ledger(e) => e.fmt(f),
        }
    }
}

impl StdError for ReportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Call(e) => e.source(),
            Self::Uncertain { error, .. } => error.as_ref().and_then(|e| e.source()),
            Self::Invalid(e) => e.source(),
            Self::Ledger(e) => e.source(),
            Self::Contradiction { .. } | Self::LeaseLost => None,
        }
    }
}
