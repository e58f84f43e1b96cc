//! МСБ legal cases: a bank hands a client's question to its legal partner.

use std::error::Error as StdError;

use casewire::{
    Part,
    legalcase::{
        AcceptSpelling, Client, Config,
        error::DeleteCommentError,
        types::{Deal, LegalCaseEvent, Representative},
    },
};
use casewire_sandbox::LegalCase;
use futures_util::TryStreamExt;

use crate::story::Story;

const DOCUMENT: &[u8] = b"%PDF-1.4 contract";

pub async fn scene(story: &mut Story) -> Result<(), Box<dyn StdError>> {
    story.scene("МСБ legal cases");

    story.step("A sandbox starts; the partner asks for a header that the document doesn't mention, so the configuration has it");
    let sandbox = LegalCase::start().await?;
    sandbox.state(|state| state.required_header = Some(("x-partner-key".to_owned(), "bank-1".to_owned())));
    let config = Config::new(sandbox.url())?;
    let stranger = Client::connect(config.clone(), AcceptSpelling::default())?;
    story.saw(story.refused(stranger.delete_client().client_id("c-1001").send().await)?);
    let bank = Client::connect(config.header("x-partner-key", "bank-1")?, AcceptSpelling::Cyrillic)?;

    story.step("The bank registers a client, whose tax number is checked before anything is sent");
    let register = |inn: &'static str| {
        bank.register_client().body_map(move |body| {
            body.inn(inn).ogrn("1187746123452").organization("ООО «Ромашка плюс»").tariff("Премиум")
        })
    };
    story.saw(story.refused(register("77192833").send().await)?);
    let client = register("7719283390").send().await?.into_inner().id;
    story.saw(format_args!("client {client}"));

    story.step("The client asks a question, with a contract attached to a comment");
    let deal = Deal::try_from(Deal::builder().text("Проверить договор поставки"))?;
    let person = Representative::try_from(Representative::builder().surname("Петров").name("Иван"))?;
    let opened = bank
        .create_legal_case()
        .client_id(&client)
        .body_map(|body| body.ogrn("1187746123452").deal(deal).representative(person))
        .send()
        .await?;
    let case = &opened.id;
    let comment = bank
        .add_comment()
        .client_id(&client)
        .legal_case_id(case)
        .body_map(|body| body.comment("Прилагаю договор"))
        .send()
        .await?;
    let file = Part::bytes(DOCUMENT).file_name("договор.pdf").media_type("application/pdf");
    let document =
        bank.add_document().client_id(&client).legal_case_id(case).comment_id(&comment.id).file(file).send().await?;
    let download = bank
        .download_document()
        .client_id(&client)
        .legal_case_id(case)
        .comment_id(&comment.id)
        .document_id(&document.id)
        .send()
        .await?;
    let chunks: Vec<_> = download.into_inner().try_collect().await?;
    story.expect(chunks.concat() == DOCUMENT, "the contract came back changed")?;
    story.saw(format_args!("case {case}, comment {}, document {}: {} bytes", comment.id, document.id, DOCUMENT.len()));

    story
        .step("The client reads the case and accepts the price: one request with both, in the document's own spelling");
    let update = || bank.update_legal_case().client_id(&client).legal_case_id(case);
    story.saw(story.refused(update().send().await)?);
    update().body_map(|body| body.read(true).accept(true)).send().await?;

    story.step("The partner's notifications are read with the same types");
    let events = sandbox.state(|state| state.events.clone());
    for event in events {
        let event: LegalCaseEvent = serde_json::from_value(event.body())?;
        story.saw(format_args!("{}: {}", event.event, event.event.status().unwrap_or("-")));
    }

    story.step("A comment that the partner has read can't be deleted any more");
    let delete = bank.delete_comment().client_id("c-1001").legal_case_id("lc-2001").comment_id("cm-3003");
    let failure = story.refused(delete.send().await)?;
    story.expect(matches!(failure.failure(), Some(DeleteCommentError::Conflict)), "not the documented 409")?;
    story.saw(&failure);
    Ok(())
}
