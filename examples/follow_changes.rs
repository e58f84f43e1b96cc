//! `cargo run --example follow_changes`: follows calls, messages and jeopardies as one
//! feed, and keeps the mark in a file.
//!
//! The program is killed while it reads the first response, and again when it has worked
//! through all of it; each time it goes on where the file says. Meanwhile a field employee works on a
//! call, the server is down for a while and breaks a connection, and sends one call that can't be
//! read.

use std::{
    error::Error,
    fs,
    io::{IsTerminal, Write, stdout},
    path::Path,
    time::Duration,
};

use casewire::contractor::{
    Auth, Client, Config,
    feed::{Change, Mark},
    types::CallStatus,
};
use casewire_sandbox::{
    Contractor, Fault,
    contractor::{Call, EXTERNAL_SYSTEM_KEY, State},
};

/// What the sandbox has at the start.
const CALL: i64 = 683_913;
/// How many calls there are by the night.
const CALLS: i64 = 20_000;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::temp_dir().join(format!("casewire-feed-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let followed = story(&folder.join("mark.txt")).await;
    fs::remove_dir_all(&folder)?;
    followed
}

async fn story(file: &Path) -> Result<(), Box<dyn Error>> {
    let sandbox = Contractor::start().await?;
    sandbox.state(many_calls);
    let connect = |auth| Client::connect(Config::new(sandbox.url())?, auth);
    let desk = connect(Auth::external_system(EXTERNAL_SYSTEM_KEY))?;

    println!("the first run, killed after 5000 calls");
    let read = follow(&desk, file, |seen| seen.items < 5_000).await?;
    println!("  {} items; the mark is {}", read.items, fs::read_to_string(file)?);

    println!("the second run: from the beginning, since no response was complete");
    let read = follow(&desk, file, |seen| !seen.is_complete).await?;
    println!("  {} items; the mark is {}", read.items, fs::read_to_string(file)?);

    println!("the third run: what is new, and what has the mark itself");
    sandbox.fault("listCallChanges", Fault::Status(503).times(4));
    sandbox.fault("listMessageChanges", Fault::Truncate.times(2));
    let employee = connect(Auth::user("ivanov", "Passw0rd"))?;
    let ends = |seen: &Seen| !seen.is_closed;
    let (read, ()) = tokio::try_join!(follow(&desk, file, ends), work(&employee, &desk, &sandbox))?;
    println!("  {} items; the mark is {}", read.items, fs::read_to_string(file)?);

    // What a service does that is told to end: its feeds end, and its calls fail.
    let mut feed = desk.follow_changes().stream();
    desk.shutdown(Duration::from_secs(1)).await;
    println!("after shutdown: {:?}", feed.next().await.map(|changes| changes.is_ok()));
    Ok(())
}

/// What a run has seen.
#[derive(Default)]
struct Seen {
    items: usize,
    is_complete: bool,
    is_closed: bool,
}

/// Follows everything from the mark in the file, for as long as it `goes_on`.
async fn follow(desk: &Client, file: &Path, goes_on: impl Fn(&Seen) -> bool) -> Result<Seen, Box<dyn Error>> {
    let stored: Option<Mark> = match fs::read_to_string(file) {
        Ok(text) => Some(text.parse()?),
        Err(_) => None,
    };
    let follow = desk.follow_changes().since(stored).every(Duration::from_millis(100));
    let mut feed = follow.interrupted(|error, wait| println!("  {error}; again in {wait:.1?}")).stream();
    let mut seen = Seen::default();
    while goes_on(&seen)
        && let Some(changes) = feed.next().await
    {
        let changes = changes?;
        for item in changes.items {
            seen.items += 1;
            match item {
                Ok(Change::Call(call)) if call.id == Some(CALL) => {
                    let status = call.status.unwrap_or(CallStatus::New);
                    seen.is_closed = status == CallStatus::Closed;
                    println!("  call {CALL} is {status}");
                }
                Ok(Change::Call(_)) => show(seen.items),
                Ok(Change::Message(message)) => println!("  message: {}", message.message.unwrap_or_default()),
                Ok(Change::Jeopardy(jeopardy)) => println!("  jeopardy: {}", jeopardy.comment.unwrap_or_default()),
                Ok(other) => println!("  {other:?}"),
                // For whoever looks into it; the feed goes on.
                Err(unreadable) => println!("  {unreadable}; it has {} bytes", unreadable.raw.len()),
            }
        }
        // After the items: whatever happens before, they come again.
        let new = file.with_extension("new");
        fs::write(&new, changes.mark.to_string())?;
        fs::rename(new, file)?;
        seen.is_complete = changes.mark != Mark::default();
    }
    Ok(seen)
}

/// What happens to the call meanwhile.
async fn work(employee: &Client, desk: &Client, sandbox: &Contractor) -> Result<(), Box<dyn Error>> {
    employee.set_call_status().id(CALL).body_map(|b| b.status(CallStatus::Committed)).send().await?;
    let message = "Выезжаю, буду к 11:00".to_owned();
    employee.add_user_message().id(CALL).body_map(|b| b.message(message)).send().await?;
    employee.raise_jeopardy().id(CALL).body_map(|b| b.comment("Нет принтера".to_owned())).send().await?;
    desk.clear_jeopardy().id(CALL).body_map(|b| b.answer_comment("Привезут".to_owned())).send().await?;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    let bytes = r#"[{"id":"C-1","number":1},{"id":2,"number":"C-2"}]"#.as_bytes().to_vec();
    sandbox.fault("listCallChanges", Fault::Body { status: 200, content_type: "application/json".to_owned(), bytes });
    tokio::time::sleep(Duration::from_millis(500)).await;
    let comment = "Принтер заменён".to_owned();
    employee.set_call_status().id(CALL).body_map(|b| b.status(CallStatus::Done).comments(comment)).send().await?;
    desk.close_call().id(CALL).send().await?;
    Ok(())
}

/// Many calls that are like the first one.
fn many_calls(state: &mut State) {
    let Some(call) = state.calls.get(&CALL).cloned() else { return };
    for number in 1..CALLS {
        let timestamp = state.marks.take();
        state.calls.insert(number, Call { id: number, number: format!("C-{number}"), timestamp, ..call.clone() });
    }
}

/// Says how far the reading is.
fn show(items: usize) {
    if stdout().is_terminal() && items.is_multiple_of(100) {
        print!("\r  {items} items ");
        stdout().flush().ok();
    }
}
