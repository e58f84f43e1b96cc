//! Uploads that are sent again: what comes from memory or a file is sent again byte for
//! byte, a stream is not. And uploads whose content is not what was announced: none of
//! them is ever whole for the server.

use std::{fs, io, io::Write, marker, path::PathBuf, sync::Arc};

use bytes::Bytes;
use casewire::{Outcome, Part, RetryPolicy, contractor::Auth, crpt};
use futures_util::{Stream, StreamExt, stream};
use support::{
    multipart::{self, Field},
    raw::{
        Play, Raw, Received, Response,
        Step::{Body, Hang, Head, Meet, Reset, Send, UpTo},
    },
};
use tokio::{sync::Barrier, time::timeout};

use super::{
    calls::{CASE, TASK, participant, told_error},
    config,
    limits::PATIENCE,
    retries::{connect, credentials, start, status},
};

fn ivanov(raw: &Raw) -> casewire::contractor::Client {
    connect(raw, Auth::user("ivanov", "Passw0rd"), |config| config)
}

/// A file in the system's folder for such, removed when dropped.
pub struct Temporary(pub PathBuf);

impl Temporary {
    pub fn new(name: &str, content: &[u8]) -> Self {
        let path = std::env::temp_dir().join(format!("casewire-{name}-{}.pdf", std::process::id()));
        std::fs::write(&path, content).unwrap();
        Self(path)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).ok();
    }
}

fn fields(request: &Received) -> Vec<Field> {
    multipart::parse(request.header("content-type").unwrap(), &request.body)
}

fn chunks(content: &'static [u8]) -> impl Stream<Item = io::Result<Bytes>> + marker::Send + 'static {
    stream::iter(content.chunks(1000).map(|chunk| Ok(Bytes::from(chunk))))
}

static CONTENT: &[u8] = &[7; 300_000];

/// After a refused connection, and after a refused credential, the same bytes are uploaded.
#[tokio::test]
async fn uploads_are_repeated_byte_for_byte() {
    let file = Temporary::new("repeated", CONTENT);
    for from_file in [false, true] {
        let part = async || match from_file {
            true => Part::file(&file.0).file_name("act.pdf"),
            false => Part::bytes(CONTENT).file_name("act.pdf"),
        };
        let raw = start().await;
        let client = ivanov(&raw);
        let upload = async || {
            let upload = client.upload_call_task_attachment().id(TASK).attachment(part().await);
            upload.send().await.map_or_else(|e| told_error(&e), |_| "ok".to_owned())
        };
        assert_eq!(upload().await, "ok");
        let healthy = raw.received();
        let good = fields(&healthy[0]);
        assert_eq!((good.len(), good[0].content == CONTENT), (1, true));

        raw.arm([status(401)], Play::response(&Response::new(200, "{}").last()));
        raw.refuse(Some(2)).await;
        assert_eq!(upload().await, "ok");
        assert_eq!((raw.tries(), raw.counts(), raw.signed_in().len()), (5, (2, 1), 1));
        for received in raw.received() {
            assert!(received.whole);
            assert!(fields(&received) == good, "the same as without a fault");
            assert_eq!(received.header("content-length"), healthy[0].header("content-length"));
        }
    }
}

/// A file that is gone by the time when it would be sent again: what was answered before
/// is the outcome.
#[tokio::test]
async fn a_file_that_is_gone_is_not_sent_again() {
    let file = Temporary::new("gone", CONTENT);
    let raw = start().await;
    let client = ivanov(&raw);
    client.get_self().send().await.unwrap();
    raw.arm([status(401)], Play::response(&Response::new(200, "{}").last()));
    let gate = Arc::new(Barrier::new(2));
    let tokens = Response::new(200, r#"{"access":{"token":"access-2"},"service":{"token":"service-2"}}"#);
    raw.arm_sign_ins([Play::of([Meet(gate.clone()), Send(tokens.last().bytes())])]);
    let part = Part::file(&file.0);
    let upload = client.upload_call_task_attachment().id(TASK).attachment(part).send();
    let remove = async {
        raw.until_signed_in(1).await;
        std::fs::remove_file(&file.0).unwrap();
        gate.wait().await;
    };
    let (outcome, ()) = tokio::join!(upload, remove);
    assert_eq!(told_error(&outcome.unwrap_err()), "authentication/ErrorResponse");
    assert_eq!(raw.counts(), (1, 0));
    // The renewal was not in vain.
    client.get_self().send().await.unwrap();
    assert_eq!(credentials(&raw), ["x-user access-1", "x-user access-2"]);
}

/// What is left of a stream can't be sent; and it isn't known how much of it was read
/// before a try to connect failed.
#[tokio::test]
async fn a_stream_goes_up_once() {
    let raw = start().await;
    let client = ivanov(&raw);
    client.get_self().send().await.unwrap();
    for stream in [|| Part::stream(chunks(CONTENT)), || Part::stream_with_length(chunks(CONTENT), CONTENT.len() as u64)]
    {
        let upload = async || {
            let upload = client.upload_call_task_attachment().id(TASK).attachment(stream().file_name("act.pdf"));
            upload.send().await.map_or_else(|e| told_error(&e), |_| "ok".to_owned())
        };
        let good = Play::response(&Response::new(200, "{}").last());
        for (play, expect, executed) in [
            (good.clone(), "ok", 1),
            (status(401), "authentication/ErrorResponse", 0),
            (Play::of([Head, Body, Reset]), "transport/Transport", 1),
            (Play::of([Head, Reset]), "transport/Transport", 0),
        ] {
            raw.arm([play], good.clone());
            assert_eq!((upload().await.as_str(), raw.counts()), (expect, (1, executed)));
        }
        raw.arm([], good);
        raw.refuse(Some(1)).await;
        assert_eq!((upload().await.as_str(), raw.counts(), raw.tries()), ("transport/Transport*", (0, 0), 1));
        raw.listen();
    }
}

/// A call that can't be made again doesn't wait to find that out.
#[tokio::test]
async fn a_stream_that_is_used_up_is_not_waited_for() {
    let raw = start().await;
    let hour = PATIENCE * 60;
    let policy = RetryPolicy::default().first_wait(hour).longest_wait(hour).total(hour * 10);
    let client = connect(&raw, Auth::user("ivanov", "Passw0rd"), |config| config.retry(policy));
    client.get_self().send().await.unwrap();
    raw.refuse(None).await;
    let upload = client.upload_call_task_attachment().id(TASK).attachment(Part::stream(chunks(CONTENT)));
    let refused = timeout(PATIENCE, upload.send()).await.expect("no wait").unwrap_err();
    assert_eq!((told_error(&refused).as_str(), refused.attempts()), ("transport/Transport*", 1));
}

/// A server that keeps half of an upload and says so before it has the rest: nobody knows
/// what it made of that.
#[tokio::test]
async fn half_an_upload_that_is_taken() {
    let raw = start().await;
    let client = ivanov(&raw);
    client.get_self().send().await.unwrap();
    let answered = Arc::new(Barrier::new(2));
    let response = Response::new(200, "").header("content-type", "application/json").head(100);
    raw.arm([Play::of([Head, UpTo(3), Send(response), Meet(answered.clone()), Hang])], status(503));
    let end = async move {
        answered.wait().await;
        // The response is read by then.
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        Err(std::io::Error::other("the disk is gone"))
    };
    let half = stream::iter([Ok(Bytes::from_static(b"half"))]).chain(stream::once(Box::pin(end)));
    let part = Part::stream_with_length(half, 8);
    let upload = client.upload_call_task_attachment().id(TASK).attachment(part);
    let failed = timeout(PATIENCE, upload.send()).await.expect("an end").unwrap_err();
    assert!(failed.to_string().contains("its stream failed after 4 bytes: the disk is gone"), "{failed}");
    assert_eq!((failed.outcome(), failed.status().map(|status| status.as_u16())), (Outcome::Unknown, Some(200)));
}

/// The two sorts of uploads.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Sort {
    /// A part of a form, of contractor.
    Form,
    /// A whole body, of crpt.
    Raw,
}

const SORTS: [Sort; 2] = [Sort::Form, Sort::Raw];

enum Client {
    Form(casewire::contractor::Client),
    Raw(crpt::Client),
}

impl Client {
    fn new(sort: Sort, raw: &Raw) -> Self {
        match sort {
            Sort::Form => Self::Form(ivanov(raw)),
            Sort::Raw => Self::Raw(crpt::Client::connect(config(raw), participant()).unwrap()),
        }
    }

    /// One with a session.
    async fn of(sort: Sort, raw: &Raw) -> Self {
        let client = Self::new(sort, raw);
        match &client {
            Self::Form(client) => drop(client.get_self().send().await.unwrap()),
            Self::Raw(client) => drop(client.get_case().number(CASE).send().await.unwrap_err()),
        }
        client
    }

    /// What comes of an upload: `ok`, why it could not be sent, or what sort of error it is.
    async fn upload(&self, part: Part) -> String {
        let (reason, told) = match self {
            Self::Form(client) => match client.upload_call_task_attachment().id(TASK).attachment(part).send().await {
                Ok(_) => return "ok".to_owned(),
                Err(casewire::Error::InvalidRequest(e)) => (Some(e.reason), String::new()),
                Err(e) => (None, told_error(&e)),
            },
            Self::Raw(client) => match client.attach_file().number(CASE).filename("act.pdf").body(part).send().await {
                Ok(_) => return "ok".to_owned(),
                Err(casewire::Error::InvalidRequest(e)) => (Some(e.reason), String::new()),
                Err(e) => (None, told_error(&e)),
            },
        };
        reason.map_or(told, |reason| reason.replace("part Attachment: ", "").replace("body: ", ""))
    }
}

/// What both sorts of uploads take for a success.
fn stored() -> Response {
    Response::new(200, r#"{"id":7,"ok":true,"data":"http://desk/file/a/b"}"#).last()
}

/// The content of an upload that came whole, with a length that is its own.
fn content(sort: Sort, request: &Received) -> Vec<u8> {
    assert!(request.whole);
    if let Some(length) = request.header("content-length") {
        assert_eq!(length, request.body.len().to_string());
    }
    match sort {
        Sort::Form => fields(request).remove(0).content,
        Sort::Raw => {
            assert!(request.target.ends_with(&format!("&totallength={}", request.body.len())), "{}", request.target);
            request.body.clone()
        }
    }
}

/// A stream of these bytes, in chunks of this size with nothing in between, which comes
/// at once or with pauses.
fn chunked(
    content: &'static [u8],
    size: usize,
    pauses: bool,
) -> impl Stream<Item = io::Result<Bytes>> + marker::Send + 'static {
    let chunks = content.chunks(size).flat_map(|chunk| [chunk, b""]).chain([b"".as_slice()]);
    stream::unfold(chunks, move |mut chunks| async move {
        if pauses {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        chunks.next().map(|chunk| (Ok(Bytes::from_static(chunk)), chunks))
    })
}

/// However it is cut, a stream is sent if it is as long as announced, and never whole if it is not.
#[tokio::test]
async fn a_stream_is_as_long_as_announced_or_an_error() {
    const ANNOUNCED: u64 = 10;
    static BYTES: [u8; 30] = *b"012345678901234567890123456789";
    for sort in SORTS {
        for (length, expect) in [
            (0, "its stream ended after 0 of 10 announced bytes"),
            (7, "its stream ended after 7 of 10 announced bytes"),
            (9, "its stream ended after 9 of 10 announced bytes"),
            (10, "ok"),
            (11, "its stream goes on after 10 announced bytes"),
            (30, "its stream goes on after 10 announced bytes"),
        ] {
            for (size, pauses) in [1, 3, 5, 7, 10, 11, 30].into_iter().flat_map(|size| [(size, false), (size, true)]) {
                let case = format!("{sort:?} of {length} bytes in chunks of {size}, pauses: {pauses}");
                let raw = start().await;
                let client = Client::of(sort, &raw).await;
                raw.arm([], Play::response(&stored()));
                let stream = Part::stream_with_length(chunked(&BYTES[..length], size, pauses), ANNOUNCED);
                assert_eq!(client.upload(stream).await, expect, "{case}");
                // The server reads what is on its way still.
                tokio::time::sleep(std::time::Duration::from_millis(3)).await;
                assert_eq!(raw.counts().1, usize::from(expect == "ok"), "{case}: executed");
                if expect == "ok" {
                    assert_eq!(content(sort, &raw.received()[0]), BYTES[..length], "{case}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_stream_that_should_be_empty() {
    for sort in SORTS {
        for (bytes, expect) in [(b"".as_slice(), "ok"), (b"x", "its stream goes on after 0 announced bytes")] {
            let raw = start().await;
            let client = Client::of(sort, &raw).await;
            raw.arm([], Play::response(&stored()));
            assert_eq!(client.upload(Part::stream_with_length(chunked(bytes, 1, true), 0)).await, expect, "{sort:?}");
            tokio::time::sleep(std::time::Duration::from_millis(3)).await;
            assert_eq!(raw.counts().1, usize::from(expect == "ok"), "{sort:?}");
        }
    }
}

/// More than the system takes off the client's hands while nobody reads.
const LARGE: u64 = 64 << 20;

/// What is done to a file of [`LARGE`] bytes while the server has read little of it.
async fn change_on_the_way(sort: Sort, name: &str, change: impl Fn(&PathBuf)) -> (String, Raw) {
    let file = Temporary::new(&format!("{name}-{sort:?}"), b"");
    fs::File::options().write(true).open(&file.0).unwrap().set_len(LARGE).unwrap();
    let raw = start().await;
    let client = Client::of(sort, &raw).await;
    let gate = Arc::new(Barrier::new(2));
    raw.arm([], Play::of([Head, UpTo(1), Meet(gate.clone()), Meet(gate.clone()), Body, Send(stored().bytes())]));
    let upload = client.upload(Part::file(&file.0));
    let changed = async {
        gate.wait().await;
        change(&file.0);
        gate.wait().await;
    };
    let (outcome, ()) = tokio::join!(upload, changed);
    (outcome, raw)
}

#[tokio::test]
async fn a_file_that_grows_is_sent_as_it_was() {
    for sort in SORTS {
        let grow = |path: &PathBuf| fs::File::options().append(true).open(path).unwrap().write_all(b"more").unwrap();
        let (outcome, raw) = change_on_the_way(sort, "grows", grow).await;
        assert_eq!((outcome.as_str(), raw.counts()), ("ok", (1, 1)), "{sort:?}");
        let request = &raw.received()[0];
        assert_eq!(request.header("content-length"), Some(request.body.len().to_string().as_str()));
        let end = request.body.iter().rposition(|byte| *byte == 0).unwrap();
        match sort {
            Sort::Form => {
                let boundary = request.header("content-type").unwrap().split_once("boundary=").unwrap().1;
                assert_eq!(request.body[end + 1..], *format!("\r\n--{boundary}--\r\n").as_bytes());
            }
            Sort::Raw => assert_eq!((request.body.len() as u64, end as u64), (LARGE, LARGE - 1)),
        }
    }
}

#[tokio::test]
async fn a_file_that_shrinks_is_an_error() {
    for sort in SORTS {
        let shrink = |path: &PathBuf| fs::File::options().write(true).open(path).unwrap().set_len(10).unwrap();
        let (outcome, raw) = change_on_the_way(sort, "shrinks", shrink).await;
        let read = outcome.strip_prefix("its file ended after ").expect(&outcome);
        let read = read.strip_suffix(&format!(" of {LARGE} announced bytes")).expect(&outcome);
        assert!((1..LARGE).contains(&read.parse().unwrap()), "{read}");
        assert_eq!(raw.counts(), (1, 0), "{sort:?}: not sent again, and never whole");
    }
}

/// A file that is another by the time when it is sent again goes out as it is by then,
/// with its length.
#[tokio::test]
async fn a_file_may_change_between_attempts() {
    for sort in SORTS {
        for (name, after) in [("longer", b"a longer file".as_slice()), ("shorter", b"f"), ("empty", b"")] {
            let file = Temporary::new(&format!("{name}-{sort:?}"), b"a file");
            let raw = start().await;
            let client = Client::of(sort, &raw).await;
            let gate = Arc::new(Barrier::new(2));
            let refuse = Response::new(401, "").last().bytes();
            let refusal =
                Play { refuses: true, ..Play::of([Head, Body, Meet(gate.clone()), Meet(gate.clone()), Send(refuse)]) };
            raw.arm([refusal], Play::response(&stored()));
            let upload = client.upload(Part::file(&file.0));
            let change = async {
                gate.wait().await;
                fs::write(&file.0, after).unwrap();
                gate.wait().await;
            };
            let (outcome, ()) = tokio::join!(upload, change);
            assert_eq!((outcome.as_str(), raw.counts()), ("ok", (2, 1)), "{name}, {sort:?}");
            let sent: Vec<_> = raw.received().iter().map(|request| content(sort, request)).collect();
            assert_eq!(sent, [b"a file".as_slice(), after], "{name}, {sort:?}");
        }
    }
}

/// The first call of the morning: the session has ended over night, and the server says
/// so once it has read the file.
#[tokio::test]
async fn a_file_is_sent_again_in_a_new_session() {
    let file = Temporary::new("morning", CONTENT);
    for sort in SORTS {
        let raw = start().await;
        let client = Client::of(sort, &raw).await;
        raw.arm([status(401)], Play::response(&stored()));
        assert_eq!(client.upload(Part::file(&file.0)).await, "ok");
        assert_eq!((raw.counts(), raw.signed_in().len()), ((2, 1), 1), "{sort:?}");
        for request in raw.received() {
            assert!(content(sort, &request) == CONTENT, "{sort:?}: the whole file");
        }
    }
}

/// What can't be read, from the beginning or in the middle, is named, and not sent again.
#[tokio::test]
async fn content_that_cannot_be_read() {
    let broken = || {
        let chunks = [Ok(Bytes::from_static(CONTENT)), Err(std::io::Error::other("the disk is gone"))];
        stream::iter(chunks)
    };
    for sort in SORTS {
        let raw = start().await;
        let client = Client::of(sort, &raw).await;
        raw.arm([], Play::response(&stored()));
        let expect = "its stream failed after 300000 bytes: the disk is gone";
        assert_eq!(client.upload(Part::stream_with_length(broken(), 300_001)).await, expect, "{sort:?}");
        assert_eq!(client.upload(Part::stream_with_length(broken(), 300_000)).await, expect, "{sort:?}");
        let (received, whole) = raw.counts();
        assert!(received <= 2 && whole == 0, "{sort:?}: {received} requests, {whole} of them whole");
    }
    // What is passed on from a download, whose URL may have a token in it.
    for sort in SORTS {
        let raw = start().await;
        let client = Client::of(sort, &raw).await;
        let failed = crate::http::client().get("http://127.0.0.1:1/?token=hidden").send().await.unwrap_err();
        let stream = stream::iter([Err::<Bytes, _>(failed)]);
        let told = client.upload(Part::stream_with_length(stream, 1)).await;
        assert!(told.starts_with("its stream failed after 0 bytes: ") && !told.contains("hidden"), "{told}");
    }
    // Nobody is signed in for a file that isn't there.
    let (folder, gone) = (std::env::temp_dir(), std::env::temp_dir().join("casewire-is-not-there"));
    for (path, reason) in [(&folder, "not a regular file"), (&gone, "")] {
        for sort in SORTS {
            let raw = start().await;
            let told = Client::new(sort, &raw).upload(Part::from(path)).await;
            let reason = format!("can't read {}: {reason}", path.display());
            assert!(told.starts_with(&reason), "{told}");
            assert_eq!((raw.tries(), raw.signed_in().len()), (0, 0), "{sort:?}");
        }
    }
}

/// A length that wraps around with what stands around the content in a form is none.
#[tokio::test]
async fn a_length_that_no_request_has() {
    let raw = start().await;
    for sort in SORTS {
        let client = Client::of(sort, &raw).await;
        for announced in [u64::MAX, u64::MAX - 300, 1 << 63] {
            raw.arm([], Play::response(&stored()));
            let part = Part::stream_with_length(chunks(CONTENT), announced);
            let expect = format!("its stream can't be as long as {announced} bytes");
            assert_eq!(client.upload(part).await, expect, "{sort:?}");
            assert_eq!(raw.received().len(), 0);
        }
        let part = Part::stream_with_length(chunks(CONTENT), i64::MAX as u64);
        let expect = format!("its stream ended after {} of {} announced bytes", CONTENT.len(), i64::MAX);
        assert_eq!(client.upload(part).await, expect, "{sort:?}");
        assert_eq!(raw.counts().1, 0, "{sort:?}: none is whole");
    }
}
