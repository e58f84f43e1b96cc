//! Calls that are dropped while they wait, wherever that is: after so many polls, one
//! more each time, until the call is done before it can be dropped. After each, the same
//! call on the same client succeeds: what it shares with others, connections, session and
//! renewal, is as it was.

use std::{future::poll_fn, pin::pin, task::Poll, time::Duration};

use casewire::{
    Error, Failure, Part,
    callback::{self, Endpoints},
    contractor::{self, Auth},
    crpt,
    legalcase::{self, AcceptSpelling},
};
use casewire_sandbox::{
    Callback, Contractor, Crpt, LegalCase,
    contractor::{Attachment, AttachmentKind, CallStatus, SAMPLE_JPEG, TaskStatus},
    crpt::ENTITY_SCHEMA_UID,
};
use tokio::time::timeout;

use super::{
    calls::{CALL, CASE, FILE, TASK, organisation, participant},
    config_of,
};

/// What is uploaded: more than goes at once.
static CONTENT: &[u8] = &[7; 300_000];

/// The outcome if it is there after at most so many polls; or else the future is dropped
/// where it is.
pub async fn polled<F: Future>(future: F, polls: usize) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = polls;
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => {
            left -= 1;
            if left == 0 { Poll::Ready(None) } else { Poll::Pending }
        }
    })
    .await
}

/// Drops the call after 1, 2, 3… polls, each time after `withdraw`, which ends its
/// session, and makes it again.
async fn check(what: &str, call: impl AsyncFn() -> Result<(), String>, withdraw: impl Fn()) {
    let again = async |polls: usize| {
        let outcome = timeout(Duration::from_secs(60), call()).await;
        outcome.unwrap_or_else(|_| panic!("{what} hangs after {polls} polls")).unwrap();
    };
    again(0).await;
    for polls in 1.. {
        withdraw();
        let outcome = polled(call(), polls).await;
        again(polls).await;
        if let Some(outcome) = outcome {
            outcome.unwrap();
            assert!(polls > 1, "{what} was dropped nowhere");
            return;
        }
        assert!(polls < 5000, "{what} has no end");
    }
}

fn done<T, E: Failure>(result: Result<T, Error<E>>) -> Result<(), String> {
    result.map(|_| ()).map_err(|e| e.to_string())
}

/// Reads a download to its end.
async fn read<E: Failure>(
    result: Result<casewire::ResponseValue<casewire::ByteStream>, Error<E>>,
) -> Result<(), String> {
    let mut content = result.map_err(|e| e.to_string())?.into_inner();
    while content.chunk().await.map_err(|e| e.to_string())?.is_some() {}
    Ok(())
}

fn file() -> Part {
    Part::bytes(CONTENT).file_name("act.pdf").media_type("application/pdf")
}

#[tokio::test]
async fn contractor() {
    let sandbox = Contractor::start().await.unwrap();
    sandbox.state(|state| {
        let uploaded = state.clock.now();
        state.calls.get_mut(&CALL).unwrap().status = CallStatus::Committed;
        let task = state.task_mut(TASK).unwrap();
        task.status = TaskStatus::Done;
        let (name, blob_name) = ("photo.jpg".to_owned(), "blob".to_owned());
        let (kind, data) = (AttachmentKind::Jpeg, SAMPLE_JPEG.into());
        task.attachments.push(Attachment { id: FILE, name, blob_name, uploaded, kind, data });
    });
    let client = contractor::Client::connect(config_of(sandbox.url()), Auth::user("ivanov", "Passw0rd")).unwrap();
    // Once with a renewal to be made, and once with a sign-in.
    let expire = || sandbox.state(|state| state.clock.advance(3_600_001));
    let forget = || sandbox.state(|state| state.sessions.clear());
    check("getSelf", async || done(client.get_self().send().await), expire).await;
    check("getSelf", async || done(client.get_self().send().await), forget).await;
    check(
        "upload",
        async || done(client.upload_call_task_attachment().id(TASK).attachment(file()).send().await),
        expire,
    )
    .await;
    let download = || client.download_call_task_attachment().id(TASK).attachment_id(FILE);
    check("download", async || read(download().send().await).await, forget).await;
}

#[tokio::test]
async fn crpt() {
    let sandbox = Crpt::start().await.unwrap();
    let client = crpt::Client::connect(config_of(sandbox.url()), participant()).unwrap();
    let forget = || sandbox.state(|state| state.sessions.clear());
    check("getCase", async || done(client.get_case().number(CASE).send().await), forget).await;
    let attach = || client.attach_file().number(CASE).filename("a.pdf").body(CONTENT);
    check("attachFile", async || done(attach().send().await), forget).await;
    let file = sandbox.state(|state| state.cases[CASE].messages.iter().find_map(|one| one.files.first().cloned()));
    let file = file.expect("a file of the case").id;
    let download = || client.download_file().entity_schema_u_id(ENTITY_SCHEMA_UID).file_id(&file);
    check("downloadFile", async || read(download().send().await).await, forget).await;
}

#[tokio::test]
async fn callback() {
    let sandbox = Callback::start().await.unwrap();
    let client = callback::Client::connect(config_of(sandbox.url()), organisation(), Endpoints::default()).unwrap();
    let forget = || sandbox.state(|state| state.tokens.clear());
    check("fetchApplications", async || done(client.fetch_applications().limit(2).send().await), forget).await;
}

#[tokio::test]
async fn legalcase() {
    let sandbox = LegalCase::start().await.unwrap();
    let client = legalcase::Client::connect(config_of(sandbox.url()), AcceptSpelling::Latin).unwrap();
    let change = || {
        client.update_client().client_id("c-1001").body_map(|body| {
            body.inn("771928339012").ogrn("318774612345678").organization("ИП Петров").tariff("Базовый")
        })
    };
    check("updateClient", async || done(change().send().await), || {}).await;
    let document = || client.download_document().client_id("c-1001").legal_case_id("lc-2001").comment_id("cm-3001");
    check("downloadDocument", async || read(document().document_id("d-4001").send().await).await, || {}).await;
    let upload =
        || client.add_document().client_id("c-1001").legal_case_id("lc-2001").comment_id("cm-3001").file(file());
    check("addDocument", async || done(upload().send().await), || {}).await;
}
