//! API BPM: a participant's support case, from opening to reopening.

use std::error::Error as StdError;

use casewire::{
    ErrorKind,
    crpt::{
        Auth, Client, Config,
        error::GetCaseError,
        types::{CaseAction, CasesRequest},
    },
};
use casewire_sandbox::Crpt;
use futures_util::TryStreamExt;

use crate::story::Story;

const FILE: &[u8] = b"timestamp;message\n13.11.2020 11:59:06;signature not accepted\n";

pub async fn scene(story: &mut Story) -> Result<(), Box<dyn StdError>> {
    story.scene("API BPM");

    story.step(
        "A sandbox starts, and a participant connects; the first call signs in: cookies, and BPMCSRF as a header",
    );
    let sandbox = Crpt::start().await?;
    let client = Client::connect(Config::new(sandbox.url())?, Auth::user("ivan.petrov", "Petr0v-1"))?;
    let case = client.get_case().number("SR00683913").send().await?;
    story.saw(format_args!("{} «{}» is «{}», priority {}", case.number, case.subject, case.status, case.priority));
    let message = case.messages.first().ok_or("the case has no message")?;
    story.saw(format_args!("first message at {:?}, local time of the operator", message.createdon));

    story.step("A failure comes under status 200 and is a failure all the same");
    let failure = story.refused(client.get_case().number("SR00000001").send().await)?;
    story.expect(matches!(failure.failure(), Some(GetCaseError::Refused(_))), "not the documented failure")?;
    story.expect(failure.kind() == ErrorKind::Refused, "not of the kind Refused")?;
    story.saw(&failure);

    story.step("The participant opens a case, attaches a file, and writes a message");
    let opened = client
        .create_case()
        .body_map(|body| body.subject("Не приходит УПД").symptoms("Документ не отображается в личном кабинете"))
        .send()
        .await?;
    let link = client.attach_file().filename("журнал.csv").number(opened.as_str()).body(FILE).send().await?;
    client.add_message().body_map(|body| body.number(opened.as_str()).message("Приложил журнал")).send().await?;
    story.saw(format_args!("{} opened, file at {}", *opened, *link));

    story.step("The link has a private address; only its path is used, on the configured server");
    let download = client.download_link(&link)?.send().await?;
    let chunks: Vec<_> = download.into_inner().try_collect().await?;
    story.expect(chunks.concat() == FILE, "the file came back changed")?;
    story.saw(format_args!("{} bytes, the same", FILE.len()));

    story.step("The session ends while nobody calls; the next call signs in again and is sent again");
    sandbox.state(|state| state.clock.advance(24 * 60 * 60 * 1000));
    let request: CasesRequest =
        [("status".to_owned(), "Требуется ваше внимание".into())].into_iter().collect::<serde_json::Map<_, _>>().into();
    let waiting = client.list_cases().body(request).send().await?;
    story.expect(sandbox.count("login") == 2, "not exactly one new sign-in")?;
    story.saw(format_args!("{} cases want attention; {} sign-ins so far", waiting.len(), sandbox.count("login")));

    story.step("A case with a solution is reopened; one without can't be");
    let reopen = |number: &'static str| {
        client.update_case().body_map(move |body| body.number(number).status(CaseAction::Reopen))
    };
    let reopened = reopen("SR00684153").send().await?;
    story.saw(format_args!("{} reopened", *reopened));
    let failure = story.refused(reopen("SR00684154").send().await)?;
    story.saw(&failure);
    Ok(())
}
