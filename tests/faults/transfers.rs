//! Files that move slowly or not at all: what is idle, and what only takes its time. An
//! upload and a download have no limit but that something has to move.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use casewire::{ByteStream, Config, Part, contractor::Auth, crpt};
use support::raw::{
    Play, Raw, Response,
    Step::{Body, Hang, Head, Meet, Pause, Send, UpTo},
};
use tokio::{
    sync::Barrier,
    time::{sleep, timeout},
};

use super::{
    calls::{CASE, TASK, desk, participant},
    config,
    limits::{IDLE, LIMIT, PATIENCE, Refused, connect, good, reached, start, told},
    policy,
};

/// More than the system takes off the client's hands while nobody reads.
static LARGE: &[u8] = &[7; 64 << 20];
const MIB: usize = 1 << 20;

/// Both sorts of uploads of [`LARGE`] while the server plays this, with this idle
/// timeout. A request's timeout and the policy's total are far shorter than what happens,
/// since an upload has no such limits.
async fn upload(play: &Play, idle: Duration) -> [Result<(), Refused>; 2] {
    let raw = start().await;
    let limits = |config: Config| config.timeout(IDLE / 4).idle_timeout(idle).retry(policy().total(IDLE));
    let multipart = connect(&raw, Auth::anonymous(), limits);
    // It has to sign in before, which is not an upload.
    let limits = |config: Config| config.idle_timeout(idle).retry(policy().total(IDLE));
    let plain = crpt::Client::connect(limits(config(&raw)), participant()).unwrap();
    plain.get_case().number(CASE).send().await.unwrap_err();
    raw.arm([], play.clone());
    let part = Part::bytes(LARGE).file_name("act.pdf");
    let multipart = multipart.upload_shared_attachment().id(TASK).token("t").attachment(part).send();
    let plain = plain.attach_file().number(CASE).filename("act.pdf").body(LARGE).send();
    let outcomes = async { tokio::join!(async { told(multipart.await) }, async { told(plain.await) }) };
    let (multipart, plain) = timeout(PATIENCE, outcomes).await.expect("a limit");
    assert_eq!(raw.received().len(), 2, "each was sent once");
    [multipart, plain]
}

#[tokio::test]
async fn an_upload_that_nobody_reads() {
    let idle = || Err(reached("700 ms (Config::idle_timeout)", false));
    assert_eq!(upload(&Play::of([Head, UpTo(MIB), Hang]), LIMIT).await, [idle(), idle()]);
    assert_eq!(upload(&Play::of([Head, Body, Hang]), LIMIT).await, [idle(), idle()]);
}

/// A server that reads slowly: each pause is shorter than the idle timeout, all of them
/// are longer, and longer than a request may take.
#[tokio::test]
async fn an_upload_that_is_read_slowly() {
    let mut steps = vec![Head];
    for number in 1..=16 {
        steps.extend([UpTo(number * 4 * MIB), Pause(IDLE / 8)]);
    }
    steps.extend([Body, Send(good_bytes())]);
    assert_eq!(upload(&Play::of(steps), IDLE).await, [Ok(()), Ok(())]);
}

fn good_bytes() -> Bytes {
    let Some(Send(bytes)) = good().steps.pop() else { panic!("the response is last") };
    bytes
}

/// A download of so many bytes, whose first chunk was read.
async fn download(raw: &Raw, change: impl FnOnce(Config) -> Config) -> (ByteStream, usize) {
    let client = connect(raw, desk(), change);
    let response = client.get_call_task_attachment().id(TASK).attachment_id(1).send().await.unwrap();
    let mut content = response.into_inner();
    let first = content.chunk().await.unwrap().unwrap().len();
    (content, first)
}

fn file(length: usize) -> Response {
    Response::new(200, vec![7; length]).header("content-type", "application/octet-stream").last()
}

#[tokio::test]
async fn a_download_that_stalls() {
    let raw = start().await;
    let file = file(MIB);
    let half = file.bytes().slice(..MIB / 2);
    raw.arm([], Play::of([Head, Body, Send(half), Pause(LIMIT * 2), Send(file.body.slice(..MIB / 2)), Hang]));
    let (mut content, _) = download(&raw, |config| config.idle_timeout(LIMIT)).await;
    let error = loop {
        match timeout(PATIENCE, content.chunk()).await.expect("a limit") {
            Ok(chunk) => assert!(chunk.is_some(), "the end before the length"),
            Err(e) => break e,
        }
    };
    let operation = "GET /calltask/{id}/attachment/{attachmentId} (getCallTaskAttachment)";
    assert_eq!(format!("{error:#}"), format!("{operation}: gave up after 700 ms (Config::idle_timeout)"));
    assert!(error.is_timeout() && !error.is_connect());
    assert_eq!(error.operation().id, "getCallTaskAttachment");
    // An error is the last item, whatever comes afterwards.
    sleep(LIMIT * 2).await;
    assert!(content.chunk().await.unwrap().is_none());
    assert_eq!(raw.received().len(), 1, "what was begun to be read is not asked for again");
}

/// Pauses of the server, each shorter than the idle timeout and all of them longer; and
/// longer than a call may take, which is over when the download has begun.
#[tokio::test]
async fn a_download_that_comes_slowly() {
    let raw = start().await;
    let file = file(MIB);
    let mut steps = vec![Head, Body, Send(file.head(MIB))];
    for chunk in file.body.chunks(MIB / 8) {
        steps.extend([Send(Bytes::copy_from_slice(chunk)), Pause(IDLE / 4)]);
    }
    raw.arm([], Play::of(steps));
    let limits = |config: Config| config.idle_timeout(IDLE).timeout(IDLE / 4).retry(policy().total(IDLE));
    let (mut content, mut read) = download(&raw, limits).await;
    while let Some(chunk) = timeout(PATIENCE, content.chunk()).await.expect("a chunk").unwrap() {
        read += chunk.len();
    }
    assert_eq!(read, MIB);
}

/// A reader that pauses for longer than the idle timeout, while the server has more to
/// send than the system keeps.
#[tokio::test]
async fn a_download_that_is_read_slowly() {
    let raw = start().await;
    let length = 32 * MIB;
    raw.arm([], Play::response(&file(length)));
    let (mut content, mut read) = download(&raw, |config| config.idle_timeout(LIMIT)).await;
    for number in 0.. {
        if number < 3 {
            sleep(LIMIT * 2).await;
        }
        let Some(chunk) = content.chunk().await.unwrap() else { break };
        read += chunk.len();
    }
    assert_eq!(read, length);
}

/// Time in which nobody reads is not time in which nothing comes: it is counted from when
/// the reader waits.
#[tokio::test]
async fn a_reader_that_pauses() {
    let raw = start().await;
    let gate = Arc::new(Barrier::new(2));
    let file = file(4);
    let (start, end) = ([file.head(4), file.body.slice(..3)].concat(), file.body.slice(3..));
    raw.arm([], Play::of([Head, Body, Send(start.into()), Meet(gate.clone()), Pause(IDLE / 4), Send(end)]));
    let (mut content, mut read) = download(&raw, |config| config.idle_timeout(IDLE)).await;
    while read < 3 {
        read += content.chunk().await.unwrap().unwrap().len();
    }
    sleep(IDLE + LIMIT).await;
    gate.wait().await;
    assert_eq!(content.chunk().await.unwrap().unwrap(), file.body.slice(3..));
    assert!(content.chunk().await.unwrap().is_none());
}

/// A reader that gives up waiting for a chunk, again and again, misses nothing.
#[tokio::test]
async fn a_reader_that_gives_up_waiting() {
    let raw = start().await;
    let file = file(MIB);
    let mut steps = vec![Head, Body, Send(file.head(MIB))];
    for chunk in file.body.chunks(MIB / 64) {
        steps.extend([Send(Bytes::copy_from_slice(chunk)), Pause(Duration::from_millis(20))]);
    }
    raw.arm([], Play::of(steps));
    let (mut content, mut read) = download(&raw, |config| config.idle_timeout(PATIENCE)).await;
    let mut given_up = 0;
    loop {
        match timeout(Duration::from_millis(3), content.chunk()).await {
            Ok(chunk) => match chunk.unwrap() {
                Some(chunk) => read += chunk.len(),
                None => break,
            },
            Err(_) => given_up += 1,
        }
    }
    assert_eq!(read, MIB);
    assert!(given_up > 0);
}

/// The limit of a call that hasn't begun to be answered, and of one that has.
#[tokio::test]
async fn the_limit_of_a_call_spares_a_download_that_has_begun() {
    let raw = start().await;
    let file = file(MIB);
    let (half, rest) = (file.bytes().slice(..MIB / 2), file.bytes().slice(MIB / 2..));
    raw.arm([], Play::of([Head, Body, Send(half), Pause(IDLE * 2), Send(rest)]));
    let client = connect(&raw, desk(), |config| config).within(IDLE);
    let mut content = client.get_call_task_attachment().id(TASK).attachment_id(1).send().await.unwrap().into_inner();
    let mut read = 0;
    while let Some(chunk) = content.chunk().await.unwrap() {
        read += chunk.len();
    }
    assert_eq!(read, MIB);
}
