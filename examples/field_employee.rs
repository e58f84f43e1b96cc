//! `cargo run --example field_employee`: a field employee's day with one call.
//!
//! The employee signs in, reads what is new, accepts the call, talks to the dispatcher, reports a risk, takes a photo and
//! uploads it from disk, and reports the call as done. What a server refuses is matched on, so that the app can say what to do.

use std::{error::Error, fs, time::Duration};

use casewire::{
    ErrorKind, Part,
    contractor::{
        Config, Field,
        error::{SetCallStatusBadRequestCode, SetCallStatusError},
        types::{CallStatus, CallTaskStatus},
    },
};
use casewire_sandbox::{Contractor, contractor::SAMPLE_JPEG};
use indicatif::{ProgressBar, ProgressStyle};

/// What the sandbox has at the start.
const CALL: i64 = 683_913;
const TASK: i64 = 91_001;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Contractor::start().await?;
    let config = Config::new(sandbox.url())?.timeout(Duration::from_secs(10));
    let me = Field::connect(config, "ivanov", "Passw0rd")?;

    // The first call signs in; a wrong password would be told here.
    match me.get_self().send().await {
        Ok(user) => println!("signed in as user {:?}", user.id),
        Err(e) if e.kind() == ErrorKind::Authentication => return Err(format!("check name and password: {e}").into()),
        Err(e) => return Err(e.into()),
    }
    me.mark_all_notifications_read().send().await?;

    me.set_call_status().id(CALL).body_map(|body| body.status(CallStatus::Committed)).send().await?;
    println!("call {CALL} is accepted");
    me.add_user_message().id(CALL).body_map(|body| body.message("Буду через час")).send().await?;
    me.raise_jeopardy().id(CALL).body_map(|body| body.comment("Нет принтера на складе")).send().await?;

    me.set_call_task_status().id(TASK).body_map(|body| body.status(CallTaskStatus::Done)).send().await?;
    let photo = std::env::temp_dir().join(format!("casewire-photo-{}.jpg", std::process::id()));
    fs::write(&photo, SAMPLE_JPEG)?;
    let bar = ProgressBar::new(0).with_style(ProgressStyle::with_template("{wide_bar} {bytes}/{total_bytes}")?);
    let shown = bar.clone();
    let part = Part::file(&photo).progress(move |progress| {
        // An upload that is sent again begins anew.
        shown.set_length(progress.total.unwrap_or_default());
        shown.set_position(progress.bytes);
    });
    let stored = me.upload_call_task_attachment().id(TASK).attachment(part).send().await?;
    bar.finish();
    fs::remove_file(&photo)?;
    println!("{:?} is stored as {:?}", stored.name, stored.id);

    let done = || me.set_call_status().id(CALL);
    // Without a comment, the server refuses it with a code that says so.
    if let Err(e) = done().body_map(|body| body.status(CallStatus::Done)).send().await {
        let Some(SetCallStatusError::BadRequest { code: Some(SetCallStatusBadRequestCode::CommentEmpty), .. }) =
            e.failure()
        else {
            return Err(e.into());
        };
        println!("a comment is needed");
        let comment = "Принтер заменён".to_owned();
        done().body_map(|body| body.status(CallStatus::Done).comments(comment)).send().await?;
    }
    println!("call {CALL} is done");
    me.client().shutdown(Duration::from_secs(5)).await;
    Ok(())
}
