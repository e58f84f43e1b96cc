//! `cargo run --example support_case`: a support case of the CRPT operator, from opening it to closing it.
//!
//! A participant opens a case with two files, of which one can't be read, adds the missing one, waits for the operator's
//! solution, finds it wanting and reopens the case, and closes it with a rating in the end.

use std::{error::Error, fs, time::Duration};

use casewire::{
    Part,
    crpt::{Auth, CaseFilter, Client, Config, OpenCaseError, WaitError, case_status, types::CaseAction},
};
use casewire_sandbox::Crpt;

/// On a real server, half a minute is often enough.
const EVERY: Duration = Duration::from_millis(50);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Crpt::start().await?;
    let client = Client::connect(Config::new(sandbox.url())?, Auth::user("ivan.petrov", "Petr0v-1"))?;
    let log = std::env::temp_dir().join(format!("casewire-support-case-{}.csv", std::process::id()));
    fs::write(&log, "время;сообщение\n11:59:06;подпись не принята\n")?;

    println!("opening a case with two files");
    let opening = client
        .open_case()
        .body_map(|body| body.subject("Не приходит УПД").symptoms("Документ не отображается в личном кабинете"))
        .file("журнал.csv", Part::file(&log))
        .file("снимок.png", Part::file(log.with_extension("png")));
    let number = match opening.send().await {
        Ok(case) => case.number,
        // It is open: opening it once more would make a second one.
        Err(OpenCaseError::Files { case, failed, .. }) => {
            for file in failed {
                println!("  {} is open without {}: {}", case.number, file.name, file.error);
            }
            case.number
        }
        Err(e) => return Err(e.into()),
    };
    fs::remove_file(&log)?;
    client.attach_file().number(number.as_str()).filename("снимок.png").body(Part::bytes("PNG")).send().await?;

    // What the operator does meanwhile.
    let operator = async {
        tokio::time::sleep(EVERY * 3).await;
        sandbox.state(|state| {
            if let Some(case) = state.cases.get_mut(&number) {
                case.solve("Документ отправлен повторно");
            }
        });
    };
    println!("waiting for a solution of {number}");
    let solved = client
        .wait_for_case(number.as_str())
        .every(EVERY)
        .within(Duration::from_secs(60))
        .until(|case| case.status == case_status::NEEDS_ATTENTION && !case.solution.is_empty());
    let (solved, ()) = tokio::join!(solved.send(), operator);
    let case = match solved {
        Ok(case) => case,
        Err(WaitError::OutOfTime { last: Some(case), .. }) => {
            return Err(format!("{number} is still «{}»", case.status).into());
        }
        Err(e) => return Err(e.into()),
    };
    println!("  «{}»", case.solution);

    println!("it doesn't help: the case is taken up again, with a message that says why");
    client.update_case().body_map(|body| body.number(number.as_str()).status(CaseAction::Reopen)).send().await?;
    client.add_message().body_map(|body| body.number(number.as_str()).message("Документа всё ещё нет")).send().await?;
    let case = client.get_case().number(number.as_str()).send().await?;
    println!("  «{}», {} messages", case.status, case.messages.len());

    sandbox.state(|state| {
        if let Some(case) = state.cases.get_mut(&number) {
            case.solve("Исправлена настройка отправки");
        }
    });
    println!("now it does: the case is closed with a rating");
    client
        .update_case()
        .body_map(|body| {
            let body = body.number(number.as_str()).status(CaseAction::Close);
            body.satisfactionlevel(5).satisfactioncomment("Спасибо!".to_owned())
        })
        .send()
        .await?;

    // Which parameters a search has isn't documented, so what comes back is looked at.
    let waiting = client.list_cases().body(CaseFilter::new().status(case_status::NEEDS_ATTENTION)).send().await?;
    let waiting = waiting.iter().filter(|case| case.status.as_deref() == Some(case_status::NEEDS_ATTENTION));
    for case in waiting {
        println!(
            "  also waiting: {} «{}»",
            case.number.as_deref().unwrap_or("-"),
            case.subject.as_deref().unwrap_or("-")
        );
    }
    Ok(())
}
