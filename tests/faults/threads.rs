//! Clients between threads, and on one: what can be cloned, sent and shared, and that no
//! call keeps the thread from another one.

use std::{sync::Arc, time::Duration};

use casewire::{
    ByteStream, Config, Error, Part, ResponseValue, RetryPolicy, callback,
    contractor::{self, Client},
    crpt, legalcase,
};
use support::raw::{
    Play, Raw, Response,
    Step::{Body, Head, Meet, Send as Sends},
};
use tokio::{sync::Barrier, task::JoinSet, time::timeout};

use super::{
    calls::{CALL, CASE, Column, SIGN_INS, TASK, desk, new_call, organisation, participant},
    config,
    uploads::Temporary,
};

fn is_shared<T: Clone + Send + Sync + 'static>() {}

fn is_sent<T: Send + Unpin + 'static>() {}

/// An error that any program can pass on.
fn is_error<T: std::error::Error + Send + Sync + 'static>() {}

#[test]
fn what_can_be_shared() {
    is_shared::<callback::Client>();
    is_shared::<contractor::Client>();
    is_shared::<crpt::Client>();
    is_shared::<legalcase::Client>();
    is_shared::<callback::Auth>();
    is_shared::<contractor::Auth>();
    is_shared::<crpt::Auth>();
    is_shared::<Config>();
    is_shared::<RetryPolicy>();
    is_sent::<ByteStream>();
    is_sent::<ResponseValue<ByteStream>>();
    is_sent::<Part>();
    is_error::<Error<callback::error::CommitBatchError>>();
    is_error::<Error<contractor::error::GetCallError>>();
    is_error::<Error<crpt::error::GetCaseError>>();
    is_error::<Error<legalcase::error::DownloadDocumentError>>();
}

/// What any call takes.
fn response() -> Response {
    let body = r#"{"id":683913,"statusCode":200,"ok":true,"data":"/file/1","applications":[],"name":"act.pdf"}"#;
    Response::new(200, body).header("content-type", "application/json")
}

/// Futures of every sort go to other threads, and so does the content of a download.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_move_between_threads() {
    let raw = Raw::start(SIGN_INS, Play::response(&response())).await;
    let contractor = Client::connect(config(&raw), desk()).unwrap();
    let crpt = crpt::Client::connect(config(&raw), participant()).unwrap();
    let callback = callback::Client::connect(config(&raw), organisation(), Default::default()).unwrap();
    let legalcase = legalcase::Client::connect(config(&raw), legalcase::AcceptSpelling::default()).unwrap();
    let mut calls = JoinSet::new();
    calls.spawn({
        let client = contractor.clone();
        async move { client.get_call().id(CALL).send().await.is_ok() }
    });
    calls.spawn({
        let client = contractor.clone();
        let part = Part::reader(&b"x"[..]).file_name("act.pdf");
        async move { client.upload_shared_attachment().id(TASK).token("t").attachment(part).send().await.is_ok() }
    });
    calls.spawn(async move { crpt.attach_file().number(CASE).filename("a").body(b"x").send().await.is_ok() });
    calls.spawn(async move { callback.fetch_applications().send().await.is_ok() });
    calls.spawn(async move { legalcase.delete_client().client_id("c-1001").send().await.is_ok() });
    assert_eq!(calls.join_all().await, [true; 5]);

    let content = contractor.get_call_task_attachment().id(TASK).attachment_id(1).send().await.unwrap().into_inner();
    let read = tokio::spawn(async move {
        let mut content: ByteStream = content;
        let mut all = Vec::new();
        while let Some(chunk) = content.chunk().await.unwrap() {
            all.extend_from_slice(&chunk);
        }
        all
    });
    assert_eq!(read.await.unwrap(), response().body);
}

/// One thread, and a server that answers nobody before all of them have asked.
#[tokio::test]
async fn fifty_calls_wait_at_the_same_time() {
    let file = Temporary::new("threads", &[7; 100_000]);
    let all = Arc::new(Barrier::new(50));
    let raw = Raw::start(SIGN_INS, Play::of([Head, Body, Meet(all), Sends(response().last().bytes())])).await;
    let client = Client::connect(config(&raw), desk().and_external_system("desk-key")).unwrap();
    let mut calls = JoinSet::new();
    for number in 0..50 {
        let (client, path) = (client.clone(), file.0.clone());
        calls.spawn(async move {
            match number % 4 {
                0 => client.get_call().id(CALL).send().await.is_ok(),
                1 => client.create_call().body(new_call()).send().await.is_ok(),
                2 => {
                    let part = Part::file(path);
                    client.upload_shared_attachment().id(TASK).token("t").attachment(part).send().await.is_ok()
                }
                _ => client.get_call_task_attachment().id(TASK).attachment_id(1).send().await.is_ok(),
            }
        });
    }
    let calls = timeout(Duration::from_secs(60), calls.join_all()).await.expect("nobody waits for another one");
    assert_eq!(calls, [true; 50]);
    assert_eq!(raw.counts(), (50, 50));
}

/// One thread, and a call that waits before it is retried: the others don't wait with it.
#[tokio::test]
async fn a_call_that_waits_holds_nobody_up() {
    let raw = Raw::start(SIGN_INS, Play::response(&Column::Read.response().last())).await;
    let client = Client::connect(config(&raw), desk()).unwrap();
    raw.arm(
        [Play::response(&Response::new(503, "").header("retry-after", "3").last())],
        Play::response(&Column::Read.response().last()),
    );
    let waiting = tokio::spawn({
        let client = client.clone();
        async move { client.get_call().id(1).send().await.map(|_| ()) }
    });
    raw.until_received(1).await;
    for id in 2..=9 {
        client.get_call().id(id).send().await.unwrap();
    }
    waiting.await.unwrap().unwrap();
    let order: Vec<_> = raw.received().into_iter().map(|one| one.target).collect();
    assert_eq!(order, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1].map(|id| format!("/call/{id}")));
}
