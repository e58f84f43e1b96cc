//! Tasks that outlive the call that began them, and end with the client.

use std::time::Duration;

use tokio_util::{
    sync::{CancellationToken, DropGuard},
    task::TaskTracker,
};

use super::trace;

/// How long to wait for tasks that were told to end.
const TO_END: Duration = Duration::from_secs(1);

/// The tasks of a client and of its clones.
#[derive(Clone, Default)]
pub struct Background {
    tasks: TaskTracker,
    /// No new work is taken.
    closed: CancellationToken,
    stop: CancellationToken,
}

impl Background {
    /// Whether no new work is taken.
    pub fn is_closed(&self) -> bool {
        self.tasks.is_closed()
    }

    /// Ends all tasks: at once those that are not done after `deadline`, and those that begin in this moment.
    pub async fn shut_down(&self, deadline: Duration) {
        self.closed.cancel();
        self.tasks.close();
        // In vain, when the time is over.
        let _ = tokio::time::timeout(deadline, self.tasks.wait()).await;
        self.stop.cancel();
        // A task on a runtime that nobody runs doesn't end.
        let _ = tokio::time::timeout(TO_END, self.tasks.wait()).await;
    }

    /// What comes of `task`, unless no new work is taken before.
    pub(super) async fn unless_closed<F: Future>(&self, task: F) -> Option<F::Output> {
        let outcome = self.closed.run_until_cancelled(task).await;
        // It may have failed for that reason.
        outcome.filter(|_| !self.closed.is_cancelled())
    }

    /// Waits until no task runs.
    #[cfg(test)]
    pub(super) async fn idle(&self) {
        while !self.tasks.is_empty() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Tasks that end when this is dropped.
    pub(super) fn group(&self) -> Group {
        let stop = self.stop.child_token();
        Group { tasks: self.tasks.clone(), stop: stop.clone(), _guard: stop.drop_guard() }
    }
}

/// Some of the tasks.
pub(super) struct Group {
    tasks: TaskTracker,
    stop: CancellationToken,
    _guard: DropGuard,
}

impl Group {
    /// Whether the client was shut down.
    pub(super) fn is_closed(&self) -> bool {
        self.tasks.is_closed()
    }

    /// Runs `task` on the runtime of the caller, in the span of the caller. Once the client was shut down, drops it.
    pub(super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        if self.tasks.is_closed() {
            return;
        }
        let stop = self.stop.clone();
        let task = trace::in_current_span(task);
        self.tasks.spawn(async move { stop.run_until_cancelled(task).await });
    }
}
