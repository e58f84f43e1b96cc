//! `cargo run --example after_unknown`: what to do after [`Outcome::Unknown`].
//!
//! A dispatch desk opens calls. Twice the connection breaks: once before the server has
//! done anything, and once after. Both times the error says that the outcome is unknown,
//! and the desk finds out by the feed of changes, as the documentation of `create_call`
//! says, before it tries again. What is lost may be executed still while nobody waits for
//! it any more, so the desk looks for a while, not once. In the end each call is there
//! once.

use std::{error::Error, time::Duration};

use casewire::{
    AnyError, DateTime, Outcome, RetryPolicy,
    contractor::{
        Auth, Client, Config,
        types::{CallDto, CallInputDto},
    },
};
use casewire_sandbox::{Contractor, Fault, contractor::EXTERNAL_SYSTEM_KEY};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Contractor::start().await?;
    let config = Config::new(sandbox.url())?.retry(RetryPolicy::never());
    let desk = Client::connect(config, Auth::external_system(EXTERNAL_SYSTEM_KEY))?;

    // Read once, and kept up to date by whoever follows the feed: what happens from here
    // on is in the feed from here on.
    let known = desk.list_call_changes().timestamp(0).send().await?;
    let since = known.iter().filter_map(|call| call.timestamp).max().unwrap_or_default();

    let faults = [("12:15", None), ("12:20", Some(Fault::Drop)), ("12:25", Some(Fault::Truncate))];
    for (time, fault) in faults.clone() {
        println!("at {time}: {}", fault.as_ref().map_or("nothing goes wrong".to_owned(), |fault| format!("{fault:?}")));
        if let Some(fault) = fault {
            sandbox.fault("createCall", fault);
        }
        let id = open(&desk, &call(time)?, since).await?;
        println!("  it is call {id}\n");
    }

    let calls = desk.list_call_changes().timestamp(0).send().await?;
    for (time, _) in faults {
        let call = call(time)?;
        let count = calls.iter().filter(|change| is_it(change, &call)).count();
        println!("of {time}: {count} call");
        assert_eq!(count, 1, "{time}");
    }
    Ok(())
}

/// How often a call is tried, and how long the pause is after a failure.
const TRIES: u32 = 3;
const PAUSE: Duration = Duration::from_millis(200);
/// How often a call that may be there is looked for, and how long the pause is between
/// two looks. On a real server, this is as long as a request may still be under way:
/// minutes rather than a second.
const LOOKS: u32 = 3;
const BETWEEN_LOOKS: Duration = Duration::from_millis(200);

/// Opens a call, and gives its id. A call that may have been opened already is looked for
/// before another try.
async fn open(desk: &Client, call: &CallInputDto, since: i64) -> Result<i64, Box<dyn Error>> {
    let mut tries = 0;
    loop {
        tries += 1;
        let e = match desk.create_call().body(call.clone()).send().await {
            Ok(created) => return created.id.ok_or_else(|| "it was opened, and has no id".into()),
            Err(e) => AnyError::from(e),
        };
        println!("  {e}");
        match e.outcome() {
            Outcome::Unknown => {
                println!("  it may have been executed: a look at the changes");
                if let Some(found) = find(desk, call, since).await? {
                    return found.id.ok_or_else(|| "it was opened, and has no id".into());
                }
                println!("  it was not: again");
            }
            Outcome::NotSent | Outcome::Refused if e.is_retryable() => println!("  it was not executed: again"),
            // A response that can't be read may still have the id in it: `e.body()`.
            Outcome::NotSent | Outcome::Refused | Outcome::Done => return Err(e.into()),
        }
        if tries == TRIES {
            return Err(e.into());
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// The call as the changes since then have it.
async fn find(desk: &Client, call: &CallInputDto, since: i64) -> Result<Option<CallDto>, AnyError> {
    for look in 1..=LOOKS {
        let changes = desk.list_call_changes().timestamp(since).send().await?.into_inner();
        if let Some(found) = changes.into_iter().find(|change| is_it(change, call)) {
            return Ok(Some(found));
        }
        if look < LOOKS {
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
    }
    Ok(None)
}

/// Nothing in the request identifies a call; these three together do well enough here.
fn is_it(change: &CallDto, call: &CallInputDto) -> bool {
    // A server may write another offset.
    change.created.as_ref().and_then(DateTime::timestamp) == call.created.timestamp()
        && change.client_name.as_ref() == Some(&call.client_name)
        && change.service_object_name.as_ref() == Some(&call.service_object_name)
}

fn call(time: &str) -> Result<CallInputDto, Box<dyn Error>> {
    let call = CallInputDto::builder()
        .available_expenditure_items(Vec::new())
        .client_name("ООО «Ромашка»")
        .contact_person_name("Анна Смирнова".to_owned())
        .created(format!("2026-03-02T{time}:00+03:00").parse::<DateTime>()?)
        .critical(false)
        .description_html_text("<p>Касса 2 не печатает чеки.</p>")
        .description_text_for_field_employee("Касса 2 не печатает чеки.")
        .owner_id(7)
        .service_object_address("Москва, ул. Лесная, д. 5")
        .service_object_latitude(55.7793)
        .service_object_longitude(37.5863)
        .service_object_name("Магазин № 12")
        .tasks(Vec::new())
        .ttf("2026-03-03T18:00:00Z".parse::<DateTime>()?);
    Ok(call.try_into()?)
}
