//! Limits one by one: connecting, a request, and nothing that moves; what has a limit and what has none. A limit that is
//! reached is told apart from a server that would answer much later; nothing here measures how long something takes.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use casewire::{
    Config, Error, ErrorKind, Failure, Part, RetryPolicy,
    contractor::{Auth, Client},
    crpt,
};
use tokio::{
    sync::Barrier,
    time::{sleep, timeout},
};

use crate::{
    calls::{CALL, CASE, SIGN_INS, TASK, desk, new_call, participant},
    config, policy,
    raw::{
        Answer, Play, Raw,
        Step::{Body, Hang, Head, Meet, Pause, Send, UpTo},
    },
};

/// A limit that is meant to be reached.
const LIMIT: Duration = Duration::from_millis(700);
/// A limit that something keeps on a busy machine, with pauses of a quarter of it.
const IDLE: Duration = Duration::from_secs(2);
/// When a test has waited in vain.
const PATIENCE: Duration = Duration::from_secs(60);

fn good() -> Play {
    Play::answer(&Answer::new(200, r#"{"id":7,"name":"act.pdf","ok":true,"data":"/file/1"}"#).last())
}

async fn start() -> Raw {
    Raw::start(SIGN_INS, good()).await
}

fn connect(raw: &Raw, auth: Auth, change: impl FnOnce(Config) -> Config) -> Client {
    Client::connect(change(config(raw)), auth).unwrap()
}

/// A failure: its kind, what it says after the operation, and whether the call may be made again.
type Refused = (ErrorKind, String, bool);

fn told<T, E: Failure>(result: Result<T, Error<E>>) -> Result<(), Refused> {
    result.map(|_| ()).map_err(|error| {
        let text = error.to_string();
        let (operation, what) = text.split_once(": ").unwrap();
        assert_eq!(operation, E::OPERATION.to_string());
        (error.kind(), what.to_owned(), error.is_retryable())
    })
}

/// The failure of a call that has to fail.
async fn refused<T, E: Failure>(call: impl Future<Output = Result<T, Error<E>>>) -> Refused {
    told(timeout(PATIENCE, call).await.expect("a limit")).unwrap_err()
}

fn reached(limit: &str, is_retryable: bool) -> Refused {
    (ErrorKind::Timeout, format!("the {limit} was reached"), is_retryable)
}

/// Nobody takes the connections that the system has made, so that those after them are not made at all.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn connecting_takes_too_long() {
    let raw = start().await;
    let limit = Duration::from_millis(400);
    let client = connect(&raw, desk(), |config| config.connect_timeout(limit));
    raw.leave_in_the_queue(9).await;
    let probe = std::net::TcpStream::connect_timeout(&raw.address(), limit);
    if probe.is_ok() {
        eprintln!("skipped: this system makes connections for a queue that is full");
        return;
    }
    let in_vain = (ErrorKind::Timeout, "no connection".to_owned(), true);
    assert_eq!(refused(client.get_call().id(CALL).send()).await, in_vain);
    assert_eq!(raw.tries(), 3);
    // The request never left, so that it doesn't matter what it is.
    assert_eq!(refused(client.create_call().body(new_call()).send()).await, in_vain);
    assert_eq!(raw.tries(), 6);
    let limited = client.within(limit / 2);
    assert_eq!(
        refused(limited.create_call().body(new_call()).send()).await,
        reached("limit of the call of 200ms", false)
    );
    assert_eq!((raw.tries(), raw.counts()), (7, (0, 0)));

    raw.leave_in_the_queue(2).await;
    client.create_call().body(new_call()).send().await.unwrap();
    assert_eq!((raw.tries(), raw.counts()), (3, (1, 1)));
}

/// What the limits are called when nothing is answered, and that nothing is sent again.
#[tokio::test]
async fn nothing_is_answered() {
    let raw = start().await;
    raw.arm([], Play::of([Head, Body, Hang]));
    let long = PATIENCE * 60;
    let client = |timeout, idle, policy: RetryPolicy| {
        connect(&raw, desk(), |config| config.timeout(timeout).idle_timeout(idle).retry(policy))
    };
    let requests = (client(LIMIT, long, policy()), "timeout of 700ms");
    let idle = (client(long, LIMIT, policy()), "idle_timeout of 700ms");
    // A request that is cut off by the end of the call says so.
    let total = (client(long, long, policy().total(LIMIT)), "total of the retry policy of 700ms");
    let within = (client(long, long, policy()).within(LIMIT), "limit of the call of 700ms");
    let (idle, within) = (&idle, &within);
    let read = async |(client, limit): &(Client, &str)| {
        assert_eq!(refused(client.get_call().id(CALL).send()).await, reached(limit, true));
    };
    let write = async |(client, limit): &(Client, &str)| {
        assert_eq!(refused(client.create_call().body(new_call()).send()).await, reached(limit, false));
    };
    let download = async |(client, limit): &(Client, &str)| {
        let download = client.get_call_task_attachment().id(TASK).attachment_id(1);
        assert_eq!(refused(download.send()).await, reached(limit, true));
    };
    let upload = async |(client, limit): &(Client, &str)| {
        let part = Part::bytes(vec![7; 100_000]).file_name("act.pdf");
        let upload = client.upload_shared_attachment().id(TASK).token("t").attachment(part);
        assert_eq!(refused(upload.send()).await, reached(limit, false));
    };
    tokio::join!(read(&requests), read(idle), read(&total), read(within));
    tokio::join!(write(&requests), write(idle), write(&total), write(within));
    // What streams has no limit for a request, and isn't cut off by the total.
    tokio::join!(download(idle), download(within), upload(idle), upload(within));
    assert_eq!(raw.received().len(), 12);
}

/// The limit of a call is for all that belongs to it: signing in, renewing, and every attempt.
#[tokio::test]
async fn a_call_has_one_limit_for_everything() {
    let long = PATIENCE * 60;
    // A sign-in is not answered: this server takes it for any other request.
    let raw = Raw::start(&[], Play::of([Head, Body, Hang])).await;
    let client = connect(&raw, Auth::user("ivanov", "Passw0rd"), |config| config.timeout(long).idle_timeout(long));
    for limit in [LIMIT, LIMIT / 2] {
        let limited = client.within(limit);
        let expect = reached(&format!("limit of the call of {limit:?}"), true);
        assert_eq!(refused(limited.get_self().send()).await, expect);
    }
    assert_eq!(raw.received().iter().filter(|one| one.target == "/user/signin").count(), 2);

    // A renewal is not answered.
    let raw = start().await;
    let client = connect(&raw, Auth::user("ivanov", "Passw0rd"), |config| config.timeout(long).idle_timeout(long));
    client.get_self().send().await.unwrap();
    raw.arm([Play::answer(&Answer::new(401, "").last())], good());
    raw.arm_sign_ins([Play::of([Hang])]);
    assert_eq!(refused(client.within(LIMIT).get_self().send()).await, reached("limit of the call of 700ms", true));
    assert_eq!((raw.counts(), raw.signed_in().len()), ((1, 0), 1));
    client.get_self().send().await.unwrap();

    // The second attempt is not answered.
    raw.arm([Play::answer(&Answer::new(503, "").last())], Play::of([Head, Body, Hang]));
    assert_eq!(refused(client.within(LIMIT).get_self().send()).await, reached("limit of the call of 700ms", true));
    assert_eq!(raw.counts(), (2, 2));
}

/// A limit without end is none, and no reason to panic.
#[tokio::test]
async fn limits_without_end() {
    let raw = start().await;
    let max = Duration::MAX;
    let client = connect(&raw, desk(), |config| {
        let policy = policy().total(max).longest_wait(max);
        config.timeout(max).idle_timeout(max).connect_timeout(max).retry(policy)
    });
    raw.arm([Play::answer(&Answer::new(503, "").last())], good());
    client.get_call().id(CALL).send().await.unwrap();
    client.within(max).get_call().id(CALL).send().await.unwrap();
    let part = Part::bytes(vec![7; 100_000]).file_name("act.pdf");
    client.upload_shared_attachment().id(TASK).token("t").attachment(part).send().await.unwrap();
    let mut content = client.get_call_task_attachment().id(TASK).attachment_id(1).send().await.unwrap().into_inner();
    while content.chunk().await.unwrap().is_some() {}
    assert_eq!(raw.counts(), (5, 5));
}

/// More than the system takes off the client's hands while nobody reads.
static LARGE: &[u8] = &[7; 64 << 20];
const MIB: usize = 1 << 20;

/// Both sorts of uploads of [`LARGE`] while the server plays this, with this idle timeout. A request's timeout and the
/// policy's total are far shorter than what happens, since an upload has no such limits.
async fn upload(play: &Play, idle: Duration) -> [Result<(), Refused>; 2] {
    let raw = start().await;
    let limits = |config: Config| config.timeout(IDLE / 4).idle_timeout(idle).retry(policy().total(IDLE));
    let multipart = connect(&raw, Auth::anonymous(), limits);
    // It has to sign in before, which is no upload.
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
    let idle = || Err(reached("idle_timeout of 700ms", false));
    assert_eq!(upload(&Play::of([Head, UpTo(MIB), Hang]), LIMIT).await, [idle(), idle()]);
    assert_eq!(upload(&Play::of([Head, Body, Hang]), LIMIT).await, [idle(), idle()]);
}

/// A server that reads slowly: each pause is shorter than the idle timeout, all of them are longer, and longer than a
/// request may take.
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
    let Some(Send(bytes)) = good().steps.pop() else { panic!("the answer is last") };
    bytes
}

/// A download of so many bytes, whose first piece was read.
async fn download(raw: &Raw, change: impl FnOnce(Config) -> Config) -> (casewire::ByteStream, usize) {
    let client = connect(raw, desk(), change);
    let answer = client.get_call_task_attachment().id(TASK).attachment_id(1).send().await.unwrap();
    let mut content = answer.into_inner();
    let first = content.chunk().await.unwrap().unwrap().len();
    (content, first)
}

fn file(length: usize) -> Answer {
    Answer::new(200, vec![7; length]).header("content-type", "application/octet-stream").last()
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
            Ok(piece) => assert!(piece.is_some(), "the end before the length"),
            Err(e) => break e,
        }
    };
    let operation = "GET /calltask/{id}/attachment/{attachmentId} (getCallTaskAttachment)";
    assert_eq!(error.to_string(), format!("{operation}: the idle_timeout of 700ms was reached"));
    assert!(error.is_timeout() && !error.is_connect());
    assert_eq!(error.operation.id, "getCallTaskAttachment");
    // An error is the last item, whatever comes afterwards.
    sleep(LIMIT * 2).await;
    assert!(content.chunk().await.unwrap().is_none());
    assert_eq!(raw.received().len(), 1, "what was begun to be read is not asked for again");
}

/// Pauses of the server, each shorter than the idle timeout and all of them longer; and longer than a call may take,
/// which is over when the download has begun.
#[tokio::test]
async fn a_download_that_comes_slowly() {
    let raw = start().await;
    let file = file(MIB);
    let mut steps = vec![Head, Body, Send(file.head(MIB))];
    for piece in file.body.chunks(MIB / 8) {
        steps.extend([Send(Bytes::copy_from_slice(piece)), Pause(IDLE / 4)]);
    }
    raw.arm([], Play::of(steps));
    let limits = |config: Config| config.idle_timeout(IDLE).timeout(IDLE / 4).retry(policy().total(IDLE));
    let (mut content, mut read) = download(&raw, limits).await;
    while let Some(piece) = timeout(PATIENCE, content.chunk()).await.expect("a piece").unwrap() {
        read += piece.len();
    }
    assert_eq!(read, MIB);
}

/// A reader that pauses for longer than the idle timeout, while the server has more to send than the system keeps.
#[tokio::test]
async fn a_download_that_is_read_slowly() {
    let raw = start().await;
    let length = 32 * MIB;
    raw.arm([], Play::answer(&file(length)));
    let (mut content, mut read) = download(&raw, |config| config.idle_timeout(LIMIT)).await;
    for number in 0.. {
        if number < 3 {
            sleep(LIMIT * 2).await;
        }
        let Some(piece) = content.chunk().await.unwrap() else { break };
        read += piece.len();
    }
    assert_eq!(read, length);
}

/// Time in which nobody reads is not time in which nothing comes: it is counted from when the reader waits.
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

/// A reader that gives up waiting for a piece, again and again, misses nothing.
#[tokio::test]
async fn a_reader_that_gives_up_waiting() {
    let raw = start().await;
    let file = file(MIB);
    let mut steps = vec![Head, Body, Send(file.head(MIB))];
    for piece in file.body.chunks(MIB / 64) {
        steps.extend([Send(Bytes::copy_from_slice(piece)), Pause(Duration::from_millis(20))]);
    }
    raw.arm([], Play::of(steps));
    let (mut content, mut read) = download(&raw, |config| config.idle_timeout(PATIENCE)).await;
    let mut given_up = 0;
    loop {
        match timeout(Duration::from_millis(3), content.chunk()).await {
            Ok(piece) => match piece.unwrap() {
                Some(piece) => read += piece.len(),
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
    while let Some(piece) = content.chunk().await.unwrap() {
        read += piece.len();
    }
    assert_eq!(read, MIB);
}
