//! `cargo test --example test_against_sandbox`: how a program tests what it does with casewire.
//!
//! `summary` and `attach` stand for the program. The tests are what to copy: a server that is busy, one that is slow, a token that
//! has expired, and an upload that breaks off. Run as a program, it does the same against one sandbox.

use std::{error::Error, time::Duration};

use casewire::{
    AnyError, Outcome, Part,
    contractor::{Auth, Client, Config},
};
use casewire_sandbox::{
    Contractor, Fault,
    contractor::{CallStatus, EXTERNAL_SYSTEM_KEY, TaskStatus},
};

/// What the sandbox has at the start.
const CALL: i64 = 683_913;
const TASK: i64 = 91_001;

/// A line about a call.
async fn summary(client: &Client, id: i64) -> Result<String, AnyError> {
    let call = client.get_call().id(id).send().await?.into_inner();
    let status = call.status.map_or("without a status".to_owned(), |status| status.to_string());
    Ok(format!("{} is {status}", call.number.as_deref().unwrap_or("-")))
}

/// Attaches a report, and says whether it may be there.
async fn attach(client: &Client, task: i64, report: &[u8]) -> Result<Option<i64>, AnyError> {
    let report = Part::bytes(report.to_vec()).file_name("report.pdf");
    match client.upload_call_task_attachment().id(task).attachment(report).send().await {
        Ok(stored) => Ok(stored.id),
        // It may be there, without our knowing its number: somebody has to look.
        Err(e) if e.outcome() == Outcome::Unknown => Ok(None),
        Err(e) => Err(e.into()),
    }
}

fn config(sandbox: &Contractor) -> Result<Config, Box<dyn Error>> {
    Ok(Config::new(sandbox.url())?.timeout(Duration::from_millis(200)))
}

/// A server that is busy asks to wait; the client waits, and tries again.
async fn busy(sandbox: &Contractor) -> Result<(), Box<dyn Error>> {
    let desk = Client::connect(config(sandbox)?, Auth::external_system(EXTERNAL_SYSTEM_KEY))?;
    sandbox.clear_requests();
    sandbox.fault("getCall", Fault::Status(503).header("retry-after", "0"));
    expect(summary(&desk, CALL).await? == "C-683913 is New", "another summary")?;
    let statuses: Vec<_> = sandbox.requests().iter().map(|request| request.status).collect();
    expect(statuses == [Some(503), Some(200)], "not tried twice")
}

/// A response that doesn't come in time is an error that may be shown.
async fn slow(sandbox: &Contractor) -> Result<(), Box<dyn Error>> {
    let desk = Client::connect(config(sandbox)?, Auth::external_system(EXTERNAL_SYSTEM_KEY))?;
    sandbox.fault("getCall", Fault::Delay(Duration::from_secs(60)));
    let e = summary(&desk, CALL).await.err().ok_or("it came in time")?;
    expect(e.to_string().ends_with("gave up after 200 ms (Config::timeout)"), "another text")
}

/// A token that has expired is renewed, and the program notices nothing.
async fn expired(sandbox: &Contractor) -> Result<(), Box<dyn Error>> {
    let ivanov = Client::connect(config(sandbox)?, Auth::user("ivanov", "Passw0rd"))?;
    ivanov.get_self().send().await?;
    sandbox.clear_requests();
    sandbox.advance(Duration::from_secs(2 * 60 * 60));
    ivanov.get_self().send().await?;
    let operations: Vec<_> = sandbox.requests().iter().filter_map(|request| request.operation).collect();
    expect(operations.last() == Some(&"getSelf") && operations.contains(&"renewTokens"), "not renewed")
}

/// A connection that breaks after the upload: the file is there, and the program can't know.
async fn broken(sandbox: &Contractor) -> Result<(), Box<dyn Error>> {
    sandbox.state(|state| {
        if let Some(call) = state.calls.get_mut(&CALL) {
            call.status = CallStatus::Committed;
        }
        if let Some(task) = state.task_mut(TASK) {
            task.status = TaskStatus::Done;
        }
    });
    let ivanov = Client::connect(config(sandbox)?, Auth::user("ivanov", "Passw0rd"))?;
    sandbox.fault("uploadCallTaskAttachment", Fault::DropAfter(5));
    expect(attach(&ivanov, TASK, b"%PDF-1.7").await?.is_none(), "it knows the number")?;
    let files = sandbox.state(|state| state.task_mut(TASK).map(|task| task.attachments.len()));
    expect(files == Some(1), "it isn't there, or more than once")
}

fn expect(is_so: bool, otherwise: &str) -> Result<(), Box<dyn Error>> {
    if is_so { Ok(()) } else { Err(otherwise.into()) }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Contractor::start().await?;
    busy(&sandbox).await?;
    println!("busy: tried again");
    slow(&sandbox).await?;
    println!("slow: an error in time");
    expired(&sandbox).await?;
    println!("expired: renewed");
    broken(&sandbox).await?;
    println!("broken: known to be unknown");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each has a sandbox of its own, at a port of its own, so that they run at the same time.
    macro_rules! tests {
        ($($name:ident)*) => {
            $(#[tokio::test]
            async fn $name() -> Result<(), Box<dyn Error>> {
                super::$name(&Contractor::start().await?).await
            })*
        };
    }

    tests! { busy slow expired broken }
}
