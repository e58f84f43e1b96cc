//! Waiting until a case is as it should be. The interface tells nobody of a change, so the case is looked at again and again.

use std::{error::Error as StdError, fmt, time::Duration};

use tokio::time::{Instant, sleep, timeout_at};

use super::{Client, Error, error::GetCaseError, types::Case};
use crate::runtime::{after, read_may_succeed_later};

/// How often a case is looked at, and for how long, unless set.
const EVERY: Duration = Duration::from_secs(30);
const WITHIN: Duration = Duration::from_secs(60 * 60);

impl Client {
    /// Waits until the case with this number is as the program wants it, looking at it with `getCase` every 30 seconds for
    /// up to an hour unless set otherwise.
    ///
    /// ```no_run
    /// use std::time::Duration;
    /// use casewire::crpt::{Client, WaitError, case_status};
    ///
    /// # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let solved = client
    ///     .wait_for_case("SR00683913")
    ///     .every(Duration::from_secs(60))
    ///     .within(Duration::from_secs(8 * 60 * 60))
    ///     .until(|case| case.status == case_status::NEEDS_ATTENTION && !case.solution.is_empty());
    /// match solved.send().await {
    ///     Ok(case) => println!("{}", case.solution),
    ///     Err(WaitError::OutOfTime { last: Some(case), .. }) => println!("it is still «{}»", case.status),
    ///     Err(e) => return Err(e.into()),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn wait_for_case(&self, number: impl Into<String>) -> WaitForCase {
        WaitForCase { client: self.clone(), number: number.into(), every: EVERY, within: WITHIN, until: None }
    }
}

/// What is waited for.
type Condition = Box<dyn FnMut(&Case) -> bool + Send>;

/// Waits for a case; see [`Client::wait_for_case`].
#[must_use = "nothing is sent before `send`"]
pub struct WaitForCase {
    client: Client,
    number: String,
    every: Duration,
    within: Duration,
    until: Option<Condition>,
}

impl WaitForCase {
    /// How long to pause between two looks; 30 seconds unless set.
    pub fn every(self, pause: Duration) -> Self {
        Self { every: pause, ..self }
    }

    /// How long to wait in all; an hour unless set. The last look is at the end of it.
    pub fn within(self, limit: Duration) -> Self {
        Self { within: limit, ..self }
    }

    /// What is waited for. Unless set, that the case has another status than at the first look.
    pub fn until(self, condition: impl FnMut(&Case) -> bool + Send + 'static) -> Self {
        Self { until: Some(Box::new(condition)), ..self }
    }

    /// Looks at the case until it is as wanted, and returns it as it is then. A look that fails for a reason that may pass, a
    /// failure of the server among them, is made again after the pause, or as long as the server asks for (`Retry-After`).
    ///
    /// # Errors
    /// [`WaitError::Call`] when a look fails for a reason that doesn't pass by itself; [`WaitError::OutOfTime`] when the time is
    /// over.
    pub async fn send(mut self) -> Result<Case, WaitError> {
        let end = after(Instant::now(), self.within);
        let (mut last, mut error) = (None::<Box<Case>>, None);
        loop {
            let is_last = Instant::now() >= end;
            let look = self.client.get_case().number(self.number.as_str()).send();
            // Every look but the one at the end is over by then.
            let seen = if is_last { Ok(look.await) } else { timeout_at(end, look).await };
            match seen {
                Ok(Ok(case)) => {
                    let case = case.into_inner();
                    let is_met = match &mut self.until {
                        Some(condition) => condition(&case),
                        None => last.as_ref().is_some_and(|last| last.status != case.status),
                    };
                    if is_met {
                        return Ok(case);
                    }
                    (last, error) = (Some(Box::new(case)), None);
                }
                Ok(Err(e)) if read_may_succeed_later(e.is_retryable(), e.kind()) => error = Some(Box::new(e)),
                Ok(Err(e)) => return Err(WaitError::Call(Box::new(e))),
                Err(_) => {}
            }
            if is_last {
                return Err(WaitError::OutOfTime { within: self.within, last, error });
            }
            let asked = error.as_ref().and_then(|e| e.retry_after()).unwrap_or_default();
            sleep(self.every.max(asked).min(end.saturating_duration_since(Instant::now()))).await;
        }
    }
}

impl fmt::Debug for WaitForCase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { every, within, .. } = self;
        f.debug_struct("WaitForCase").field("every", every).field("within", within).finish_non_exhaustive()
    }
}

/// Why waiting for a case ended without it.
#[derive(Debug)]
#[non_exhaustive]
pub enum WaitError {
    /// The case can't be looked at, for a reason that doesn't pass by itself.
    Call(Box<Error<GetCaseError>>),
    /// The time is over.
    #[non_exhaustive]
    OutOfTime {
        /// The limit, as [`WaitForCase::within`] has it.
        within: Duration,
        /// The case when it was last seen; `None` when every look failed.
        last: Option<Box<Case>>,
        /// Why the last look failed, if it did.
        error: Option<Box<Error<GetCaseError>>>,
    },
}

impl fmt::Display for WaitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(e) => e.fmt(f),
            Self::OutOfTime { within, last, error } => {
                write!(f, "the case was not as wanted within {} s", within.as_secs_f64())?;
                if let Some(case) = last {
                    write!(f, "; it was last seen with the status «{}»", case.status.escape_debug())?;
                }
                error.as_ref().map_or(Ok(()), |e| write!(f, "; the last look failed: {e}"))
            }
        }
    }
}

impl StdError for WaitError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Call(e) => e.source(),
            Self::OutOfTime { error, .. } => error.as_ref().and_then(|e| e.source()),
        }
    }
}
