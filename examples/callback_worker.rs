//! A worker that fetches applications, keeps them in a ledger, calls the applicants back and reports what came of it; then what
//! was set aside, and how it is put back.
//!
//! `cargo run --example callback_worker`

use std::{error::Error as StdError, num::NonZeroU32, time::Duration};

use casewire::callback::{
    Auth, Client, Config, Endpoints,
    worker::{Job, Ledger, MemoryLedger},
};
use casewire_sandbox::Callback;

#[tokio::main]
async fn main() -> Result<(), Box<dyn StdError>> {
    let sandbox = Callback::start().await?;
    let auth = Auth::user("integration@oip.example", "Petr0v-1");
    let client = Client::connect(Config::new(sandbox.url())?, auth, Endpoints::default())?;

    // In memory, which is for tests: `SqliteLedger::open("ledger")`, with the feature `ledger-sqlite`, outlives the process.
    let ledger = MemoryLedger::new();
    let worker = || {
        let worker = client.worker(ledger.clone()).batch(2).concurrency(8).attempts(NonZeroU32::MIN.saturating_add(1));
        // `stop_on(…)` instead of `once()` in a program that runs until it is told to stop.
        worker.backoff(Duration::from_millis(50)).every(Duration::from_millis(50)).once()
    };

    let summary = worker().run(|job| call_back(job, false)).await?;
    println!("{} handled, {} set aside", summary.handled, summary.set_aside);

    for aside in ledger.set_aside().await? {
        println!("{} after {} attempts: {}", aside.id, aside.attempts, aside.reason);
        // No report of it is uncertain, so there is nothing to settle.
        ledger.put_back(&aside.id, None).await?;
    }
    let summary = worker().run(|job| call_back(job, true)).await?;
    println!("{} handled", summary.handled);

    let statuses = sandbox.state(|state| state.applications.values().filter_map(|one| one.status).count());
    if statuses != 4 { Err("an application was lost".into()) } else { Ok(()) }
}

/// Calls the applicant. It may be called twice for one application: what it does elsewhere is done under `job.key()`.
async fn call_back(job: Job, is_line_free: bool) -> Result<(), Box<dyn StdError + Send + Sync>> {
    let registered = job.register().await?;
    match job.key() {
        "112" => registered.rejected("Заявитель трижды не ответил на звонок").await?,
        // It is run again, and does not register the application again.
        "113" if !is_line_free => return Err("the line is busy".into()),
        _ => registered.rendered(None).await?,
    }
    println!("{} handled at attempt {}", job.key(), job.attempt());
    Ok(())
}
