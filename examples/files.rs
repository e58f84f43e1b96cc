//! `cargo run --example files`: uploads a file and downloads it again, and says how far it is.
//!
//! A field employee attaches a scan to a finished task. The session has ended over night,
//! so that the file is sent twice, and the bar begins anew. A dispatch desk saves it under
//! the name that the server suggests, first over a connection that breaks.

use std::{
    error::Error,
    fs,
    io::{IsTerminal, Write, stdout},
    path::Path,
};

use casewire::{
    Part, Progress,
    contractor::{Auth, Client, Config},
};
use casewire_sandbox::{
    Contractor, Fault,
    contractor::{CallStatus, EXTERNAL_SYSTEM_KEY, TaskStatus},
};

/// What the sandbox has at the start.
const CALL: i64 = 683_913;
const TASK: i64 = 91_001;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::temp_dir().join(format!("casewire-files-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let moved = move_files(&folder).await;
    fs::remove_dir_all(&folder)?;
    moved
}

async fn move_files(folder: &Path) -> Result<(), Box<dyn Error>> {
    let sandbox = Contractor::start().await?;
    sandbox.state(|state| {
        if let Some(call) = state.calls.get_mut(&CALL) {
            call.status = CallStatus::Committed;
        }
        if let Some(task) = state.task_mut(TASK) {
            task.status = TaskStatus::Done;
        }
    });
    let employee = Client::connect(Config::new(sandbox.url())?, Auth::user("ivanov", "Passw0rd"))?;
    let desk = Client::connect(Config::new(sandbox.url())?, Auth::external_system(EXTERNAL_SYSTEM_KEY))?;
    employee.get_self().send().await?;

    let scan = folder.join("скан акта.pdf");
    fs::write(&scan, [b"%PDF-1.7\n".as_slice(), &vec![b' '; 8 << 20]].concat())?;
    println!("uploaded: {}", scan.display());
    sandbox.state(|state| state.sessions.clear());
    let part = Part::file(&scan).progress(show);
    let stored = employee.upload_call_task_attachment().id(TASK).attachment(part).send().await?;
    let id = stored.id.ok_or("the file has no id")?;
    println!("  stored as {:?} {id}", stored.type_);

    let download = || desk.get_call_task_attachment().id(TASK).attachment_id(id).send();
    let response = download().await?;
    // A name is a suggestion: it leads out of no folder, and may be that of an older file.
    let saved = folder.join(response.file_name().unwrap_or("file")).with_extension("saved.pdf");
    println!("downloaded: {}", saved.display());
    sandbox.fault("getCallTaskAttachment", Fault::Truncate);
    match download().await?.save(&saved).progress(show).await {
        Ok(_) => return Err("the connection did not break".into()),
        Err(e) => println!("  {e}; there is a file: {}", saved.exists()),
    }
    let bytes = response.save(&saved).limit(100 << 20).progress(show).await?;
    println!("  saved {bytes} bytes");
    if fs::read(&saved)? != fs::read(&scan)? {
        return Err("it came back changed".into());
    }
    Ok(())
}

/// Draws a bar. The crate `indicatif` has finer ones: `bar.set_position(progress.bytes)`.
fn show(progress: Progress) {
    let Some(total) = progress.total.filter(|total| *total > 0) else { return };
    if progress.bytes == 0 && progress.attempt > 1 {
        println!("  sent again, from its beginning");
    }
    if progress.bytes < total && !stdout().is_terminal() {
        return;
    }
    let done = usize::try_from(progress.bytes * 40 / total).unwrap_or_default();
    print!("\r  [{:40}] {:3} %", "#".repeat(done), progress.bytes * 100 / total);
    if progress.bytes == total {
        println!();
    }
    stdout().flush().ok();
}
