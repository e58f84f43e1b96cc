//! ContractorPersonalArea: the life of a call, as the dispatch desk and the engineer see it.

use std::error::Error as StdError;

use casewire::{
    Part,
    contractor::{
        Auth, Client, Config, Error,
        error::{CreateCallTempLinkError, GetCallError, SetCallStatusBadRequestCode, SetCallStatusError},
        types::{ApprovalStatus, CallStatus, CallTaskStatus, MaterialOwnerType},
    },
};
use casewire_sandbox::{
    Contractor,
    contractor::{EXTERNAL_SYSTEM_KEY, SAMPLE_JPEG},
};
use futures_util::TryStreamExt;

use crate::story::Story;

const CALL: i64 = 683_913;
const TASK: i64 = 91_001;
const TRAVEL: i64 = 301;

pub async fn scene(story: &mut Story) -> Result<(), Box<dyn StdError>> {
    story.scene("ContractorPersonalArea");

    story.step("A sandbox starts, and two clients connect: the dispatch desk by key, engineer Ivanov by password");
    let sandbox = Contractor::start().await?;
    let desk = Client::connect(Config::new(sandbox.url())?, Auth::external_system(EXTERNAL_SYSTEM_KEY))?;
    let ivanov = Client::connect(Config::new(sandbox.url())?, Auth::user("ivanov", "Passw0rd"))?;
    story.saw(format_args!(
        "listening on {}; nothing was sent yet: {} requests",
        sandbox.url(),
        sandbox.requests().len()
    ));

    story.step("The desk reads the call");
    let call = desk.get_call().id(CALL).send().await?;
    story.saw(format_args!(
        "{} for {}",
        call.number.as_deref().unwrap_or("-"),
        call.client_name.as_deref().unwrap_or("-")
    ));
    story.saw(format_args!("status {:?}, {} tasks", call.status, call.tasks.len()));
    story.expect(call.status == Some(CallStatus::New), "the call is not new")?;

    story.step("The desk asks for a call that doesn't exist, and gets a typed failure");
    let failure = story.refused(desk.get_call().id(1).send().await)?;
    story.expect(matches!(failure.failure(), Some(GetCallError::NotFound(_))), "not the documented 404")?;
    story.saw(&failure);

    story.step("Ivanov, signed in by his first call, tries what only the desk may do: nothing is sent");
    let me = ivanov.get_self().send().await?;
    story.saw(format_args!("he is user {:?}; requests so far: {}", me.id, sandbox.requests().len()));
    let failure = story.refused(ivanov.get_call().id(CALL).send().await)?;
    story.expect(matches!(failure, Error::Session(_)), "a request was sent without a credential")?;
    story.saw(&failure);

    story.step("Ivanov accepts the call");
    let accepted = ivanov.set_call_status().id(CALL).body_map(|body| body.status(CallStatus::Committed)).send().await?;
    story.saw(format_args!("accepted at {:?}", accepted.commited));

    story.step("They talk; he reports a risk, the desk replies");
    ivanov.add_user_message().id(CALL).body_map(|body| body.message("Буду через час")).send().await?;
    let sent = desk
        .add_dispatcher_message()
        .id(CALL)
        .body_map(|body| body.message("Пропуск на проходной").date("2026-03-02T09:10:00Z"))
        .send()
        .await?;
    ivanov.raise_jeopardy().id(CALL).body_map(|body| body.comment("Нет принтера на складе")).send().await?;
    desk.clear_jeopardy().id(CALL).body_map(|body| body.answer_comment("Привезут к 11:00")).send().await?;
    let messages = desk.list_message_changes().timestamp(0).send().await?;
    story.saw(format_args!("message {:?} sent; {} messages, 1 risk raised and answered", sent.id, messages.len()));

    story.step("He makes a temporary link for a colleague without an account, who reads the call with it");
    let link = ivanov.create_call_temp_link().call_id(CALL).send().await?.into_inner();
    let colleague = Client::connect(Config::new(sandbox.url())?, Auth::anonymous())?;
    let shared = colleague.get_shared_call().token(link.clone()).send().await?;
    story.saw(format_args!("the link prints as {link:?}; the call is {:?}", shared.id));

    story.step("The task is done, and a photo attached to it; a damaged photo is refused");
    ivanov.set_call_task_status().id(TASK).body_map(|body| body.status(CallTaskStatus::Done)).send().await?;
    let photo = Part::bytes(SAMPLE_JPEG).file_name("фото.jpg").media_type("image/jpeg");
    let attached = ivanov.upload_call_task_attachment().id(TASK).attachment(photo).send().await?;
    let attachment = attached.id.ok_or("the attachment has no id")?;
    story.saw(format_args!("{:?} stored as {:?} {attachment}", attached.name, attached.type_));
    let damaged = Part::bytes(&SAMPLE_JPEG[..SAMPLE_JPEG.len() / 3]).file_name("фото.jpg");
    let failure = story.refused(ivanov.upload_call_task_attachment().id(TASK).attachment(damaged).send().await)?;
    story.saw(&failure);

    story.step("The desk downloads the photo, as a stream");
    let download = desk.get_call_task_attachment().id(TASK).attachment_id(attachment).send().await?;
    let chunks: Vec<_> = download.into_inner().try_collect().await?;
    story.expect(chunks.concat() == SAMPLE_JPEG, "the photo came back changed")?;
    story.saw(format_args!("{} bytes, the same", SAMPLE_JPEG.len()));

    story.step("The call is priced: travel and a printer");
    ivanov.create_call_cost().call_id(CALL).send().await?;
    let expense =
        ivanov.add_expense().call_id(CALL).body_map(|body| body.expenditure_item_id(TRAVEL).count(2.0)).send().await?;
    let material = ivanov
        .add_material()
        .call_id(CALL)
        .body_map(|body| {
            body.name("Принтер чеков")
                .serial_number("A-17")
                .count(1.0)
                .price(5400.0)
                .owner_type(MaterialOwnerType::Contractor)
        })
        .send()
        .await?;
    story.saw(format_args!("expense {:?}, material {:?}", expense.id, material.id));

    story.step("Done needs a comment: the first try is refused with code 6");
    let done = || ivanov.set_call_status().id(CALL);
    let failure = story.refused(done().body_map(|body| body.status(CallStatus::Done)).send().await)?;
    let comment_empty = matches!(
        failure.failure(),
        Some(SetCallStatusError::BadRequest { code: Some(SetCallStatusBadRequestCode::CommentEmpty), .. })
    );
    story.expect(comment_empty, "not the documented code 6")?;
    story.saw(&failure);
    let comment = "Принтер заменён".to_owned();
    let finished = done().body_map(|body| body.status(CallStatus::Done).comments(comment)).send().await?;
    story.saw(format_args!("finished at {:?}", finished.finished));

    story.step("A link can't be made any more");
    let failure = story.refused(ivanov.create_call_temp_link().call_id(CALL).send().await)?;
    story.expect(matches!(failure.failure(), Some(CreateCallTempLinkError::Conflict)), "not the documented 409")?;
    story.saw(&failure);

    story.step("The estimate goes to the desk, which approves one line and corrects the other");
    ivanov.submit_call_cost().call_id(CALL).send().await?;
    let line = |id: Option<i64>, status: ApprovalStatus| [(id.unwrap_or_default().to_string(), status)].into();
    let expenses: std::collections::BTreeMap<_, _> = line(expense.id, ApprovalStatus::Approved);
    let materials: std::collections::BTreeMap<_, _> = line(material.id, ApprovalStatus::ApprovedWithCorrection);
    desk.set_call_cost_approval()
        .call_id(CALL)
        .body_map(|body| body.expenses(expenses).materials(materials))
        .send()
        .await?;
    let cost = desk.get_call_cost().call_id(CALL).send().await?.into_inner().ok_or("there is no estimate")?;
    story
        .saw(format_args!("estimate {:?}: {:?}, {:?}", cost.status, cost.expenses[0].status, cost.materials[0].status));

    story.step("The desk closes the call");
    desk.close_call().id(CALL).send().await?;
    let call = desk.get_call().id(CALL).send().await?;
    story.expect(call.status == Some(CallStatus::Closed), "the call is not closed")?;
    story.saw(format_args!("status {:?}; {} requests in all", call.status, sandbox.requests().len()));
    Ok(())
}
