//! A process that is killed at each step loses no application, and two workers on one ledger handle each once.
//!
//! The process is this test itself, run once more with the step in its environment: there it says so, and waits for its end.

use std::{
    collections::BTreeMap,
    env,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use casewire::callback::{
    types::Application,
    worker::{
        Commit, End, Job, Lease, Leased, Ledger, LedgerFuture, ReportError, SetAside, SqliteLedger, Status, Worker,
    },
};
use casewire_sandbox::{Callback, callback};

use super::{connect, folder::Folder, more};

const AT: &str = "at the step";

/// The steps, in their order.
const STEPS: [&str; 9] = [
    "fetched",
    "stored",
    "committed",
    "handling",
    "before the report",
    "reported",
    "report noted",
    "before the end",
    "ended",
];

#[tokio::test(flavor = "multi_thread")]
async fn at_any_step_no_application_is_lost() {
    let mut table = String::new();
    for commit in ["AfterStored", "AfterHandled"] {
        for step in STEPS {
            let (folder, sandbox) = (Folder::new(), Callback::start().await.unwrap());
            std::fs::write(folder.0.join("short"), "").unwrap();
            let mut killed = process(&folder.0, sandbox.url(), commit, step);
            let output = BufReader::new(killed.stdout.take().unwrap());
            assert!(output.lines().any(|line| line.unwrap().contains(AT)), "never came to `{step}`");
            // With SIGKILL.
            killed.kill().unwrap();
            killed.wait().unwrap();
            let confirmed = sandbox.state(|state| state.applications.values().filter(|one| one.delivered).count());
            let reported = |sandbox: &Callback| {
                sandbox.state(|state| state.applications.values().map(|one| (one.id.clone(), one.status)).collect())
            };
            let before: BTreeMap<String, Option<callback::Status>> = reported(&sandbox);

            let restarted = process(&folder.0, sandbox.url(), commit, "").wait_with_output().unwrap();
            assert!(restarted.status.success(), "{step}: {restarted:?}");
            let handled = std::fs::read_to_string(folder.0.join("handled")).unwrap();
            let handled: Vec<_> = handled.lines().collect();
            let twice = handled.len() - 4;
            // At most what was in hand.
            assert!(twice <= 2, "{step}: {handled:?}");

            // What may have been reported is set aside; the operator says what it is.
            let ledger = SqliteLedger::open(folder.0.join("ledger")).await.unwrap();
            let aside = ledger.set_aside().await.unwrap();
            for one in &aside {
                let id = one.id.as_str();
                let status = one.progress.uncertain.expect("nothing else is set aside");
                let is_set = before[id].is_some_and(|seen| format!("{seen:?}") == format!("{status:?}"));
                assert!(ledger.put_back(id, Some(is_set)).await.unwrap());
            }
            let again = process(&folder.0, sandbox.url(), commit, "").wait_with_output().unwrap();
            assert!(again.status.success(), "{step}: {again:?}");

            let after = reported(&sandbox);
            assert_eq!(after.len(), 4);
            assert!(after.values().all(|status| *status == Some(callback::Status::Rendered)), "{step}: {after:?}");
            assert_eq!((ledger.open(None).await.unwrap(), ledger.set_aside().await.unwrap().len()), (0, 0));
            table += &format!("| {commit} | {step} | {confirmed} | {} | {twice} | 4 |\n", aside.len());
        }
    }
    println!("| commit | killed when | confirmed | set aside as uncertain | begun again | rendered |\n{table}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_handle_each_once() {
    let (folder, sandbox) = (Folder::new(), Callback::start().await.unwrap());
    more(&sandbox, 60);
    let both: Vec<_> = (0..2).map(|_| process(&folder.0, sandbox.url(), "AfterStored", "")).collect();
    for one in both {
        let output = one.wait_with_output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
    let handled = std::fs::read_to_string(folder.0.join("handled")).unwrap();
    let mut handled: Vec<_> = handled.lines().collect();
    handled.sort_unstable();
    let expected: Vec<_> = sandbox.state(|state| state.applications.keys().cloned().collect());
    assert_eq!(handled, expected);
}

/// This test as a worker.
fn process(folder: &Path, url: &str, commit: &str, step: &str) -> Child {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["killed::process_to_kill", "--exact", "--ignored", "--nocapture"]);
    command.env("WORKER_FOLDER", folder).env("WORKER_URL", url).env("WORKER_COMMIT", commit).env("WORKER_STEP", step);
    command.stdout(Stdio::piped()).spawn().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by other tests, as a process"]
async fn process_to_kill() {
    let of = |name: &str| env::var(format!("WORKER_{name}")).unwrap();
    let folder = std::path::PathBuf::from(of("FOLDER"));
    let client = connect(&of("URL"), |config| {
        config.observe(|end| match end.operation.id {
            "fetchApplications" => at("fetched"),
            "commitBatch" => at("committed"),
            "reportStatus" => at("reported"),
            _ => {}
        })
    });
    let ledger = Stopping(SqliteLedger::open(folder.join("ledger")).await.unwrap());
    let worker: Worker = client.worker(ledger).batch(2).concurrency(2).once().every(Duration::from_millis(20));
    let commit = if of("COMMIT") == "AfterStored" { Commit::AfterStored } else { Commit::AfterHandled };
    // Where nobody is killed, none is to run out.
    let lease = if folder.join("short").exists() { Duration::from_millis(1500) } else { Duration::from_secs(600) };
    let worker = worker.commit(commit).lease(lease);
    worker.run(move |job| handle(job, folder.join("handled"))).await.unwrap();
}

async fn handle(job: Job, log: std::path::PathBuf) -> Result<(), ReportError> {
    use std::io::Write;
    let mut log = std::fs::OpenOptions::new().create(true).append(true).open(log).unwrap();
    log.write_all(format!("{}\n", job.key()).as_bytes()).unwrap();
    at("handling");
    job.register().await?.rendered(None).await
}

/// Says so and waits for the end of the process, if this is the step.
fn at(step: &str) {
    if env::var("WORKER_STEP").unwrap() == step {
        println!("{AT}");
        std::thread::sleep(Duration::from_secs(600));
    }
}

/// A ledger that stops at the steps.
struct Stopping(SqliteLedger);

impl Stopping {
    fn then<'a, T: Send + 'a>(step: &'static str, work: LedgerFuture<'a, T>) -> LedgerFuture<'a, T> {
        Box::pin(async move {
            let result = work.await;
            at(step);
            result
        })
    }
}

impl Ledger for Stopping {
    fn store<'a>(&'a self, applications: &'a [Application]) -> LedgerFuture<'a, usize> {
        Self::then("stored", self.0.store(applications))
    }
    fn lease(&self, limit: usize, duration: Duration) -> LedgerFuture<'_, Vec<Leased>> {
        self.0.lease(limit, duration)
    }
    fn extend<'a>(&'a self, lease: &'a Lease, duration: Duration) -> LedgerFuture<'a, bool> {
        self.0.extend(lease, duration)
    }
    fn end<'a>(&'a self, lease: &'a Lease, end: End) -> LedgerFuture<'a, bool> {
        at("before the end");
        Self::then("ended", self.0.end(lease, end))
    }
    fn reporting<'a>(&'a self, lease: &'a Lease, status: Status) -> LedgerFuture<'a, bool> {
        Self::then("before the report", self.0.reporting(lease, status))
    }
    fn reported<'a>(&'a self, lease: &'a Lease, reported: bool) -> LedgerFuture<'a, bool> {
        Self::then("report noted", self.0.reported(lease, reported))
    }
    fn open<'a>(&'a self, ids: Option<&'a [String]>) -> LedgerFuture<'a, usize> {
        self.0.open(ids)
    }
    fn set_aside(&self) -> LedgerFuture<'_, Vec<SetAside>> {
        self.0.set_aside()
    }
    fn put_back<'a>(&'a self, id: &'a str, was_reported: Option<bool>) -> LedgerFuture<'a, bool> {
        self.0.put_back(id, was_reported)
    }
}
