//! Files that are uploaded and downloaded: the multipart body byte for byte, from memory, a file
//! and a stream, and downloads that arrive while the server is still sending.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use bytes::Bytes;
use casewire::{Part, contractor::Auth};
use futures_util::stream;
use support::{
    interfaces::Contractor,
    interfaces::contractor::rows::TOKEN,
    multipart::{self, Field},
    outcome::{assert_no_secrets, outcome},
    recorder::{Lane, Recorder, Request, Response},
};
use tokio::sync::Notify;

use super::{connect, everyone};
use crate::streams;

const STORED: &str = r#"{"id":70001,"name":"akt.pdf","type":"PDF"}"#;
const READ: &str = r#"Ok(CallTaskAttachmentDto { id: Some(70001), name: Some("akt.pdf"), type_: Some(Pdf) })"#;

/// Uploads `part` with both upload operations. Both requests must have one part with the
/// headers and content given; with a `length`, the requests announce theirs, and
/// otherwise they are chunked.
async fn check(part: impl AsyncFn() -> Part, disposition: &str, media_type: &str, content: &[u8], length: bool) {
    let recorder = Recorder::start().await;
    recorder.script(Lane::Operations, [Response::json(200, STORED), Response::json(200, STORED)]);
    let client = connect(&recorder, everyone());
    let by_user = client.upload_call_task_attachment().id(91001).attachment(part().await).send().await;
    assert_eq!(outcome(by_user).text, READ);
    let shared = client.upload_shared_attachment().id(91001).token(TOKEN).attachment(part().await).send().await;
    assert_eq!(outcome(shared).text, READ);

    let requests = recorder.requests(Lane::Operations);
    assert_eq!(requests.len(), 2);
    for request in requests {
        let headers = [format!("Content-Disposition: form-data; {disposition}"), format!("Content-Type: {media_type}")];
        assert_eq!(fields(&request), [Field { headers: headers.into(), content: content.to_vec() }]);
        let announced = request.header("content-length").map(|length| length.parse().unwrap());
        assert_eq!(announced, length.then_some(request.body.len()));
        assert_eq!(request.header("transfer-encoding"), (!length).then_some("chunked"));
    }
}

fn fields(request: &Request) -> Vec<Field> {
    multipart::parse(request.header("content-type").unwrap(), &request.body)
}

/// A file in a folder of its own, removed when dropped.
struct Temporary(PathBuf);

impl Temporary {
    fn new(name: &str, content: &[u8]) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("casewire-wire-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join(name);
        std::fs::write(&path, content).unwrap();
        Self(path)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // It may be gone already: one test removes it on purpose.
        std::fs::remove_file(&self.0).ok();
        self.0.parent().map(std::fs::remove_dir);
    }
}

#[tokio::test]
async fn parts_from_memory() {
    let octets: Vec<u8> = (0..=255).collect();
    let part = async || Part::bytes((0..=255).collect::<Vec<u8>>()).file_name("akt.pdf").media_type("application/pdf");
    check(part, r#"name="Attachment"; filename="akt.pdf""#, "application/pdf", &octets, true).await;
    let part = async || Part::bytes("да").media_type("image/jpeg");
    check(part, r#"name="Attachment""#, "image/jpeg", "да".as_bytes(), true).await;
    // A bare value is a part too, of the most general type.
    let part = async || Part::from(b"\r\n--boundary--\r\n".as_slice());
    check(part, r#"name="Attachment""#, "application/octet-stream", b"\r\n--boundary--\r\n", true).await;
    let part = async || Part::from(Vec::new());
    check(part, r#"name="Attachment""#, "application/octet-stream", b"", true).await;
}

#[tokio::test]
async fn file_names_arrive_as_they_are() {
    // RFC 7578, section 4.2: UTF-8 as it is, in a quoted string.
    for (name, sent) in
        [("акт № 1.pdf", "акт № 1.pdf"), ("50% a;b=c.pdf", "50% a;b=c.pdf"), ("a\"b\\c.pdf", "a\\\"b\\\\c.pdf")]
    {
        let part = async || Part::bytes("x").file_name(name).media_type("application/pdf");
        let disposition = format!("name=\"Attachment\"; filename=\"{sent}\"");
        check(part, &disposition, "application/pdf", b"x", true).await;
    }
}

#[tokio::test]
async fn parts_from_a_file() {
    let content: Vec<u8> = (0..300_000_u32).map(|n| n as u8).collect();
    let file = Temporary::new("фото 1.jpg", &content);
    let part = async || Part::file(&file.0).media_type("image/jpeg");
    check(part, r#"name="Attachment"; filename="фото 1.jpg""#, "image/jpeg", &content, true).await;
    let part = async || Part::from(file.0.as_path());
    check(part, r#"name="Attachment"; filename="фото 1.jpg""#, "image/jpeg", &content, true).await;
    let part = async || Part::from(file.0.clone()).file_name("photo.PNG");
    check(part, r#"name="Attachment"; filename="photo.PNG""#, "image/png", &content, true).await;
    let part = async || Part::from(&file.0).file_name("photo");
    check(part, r#"name="Attachment"; filename="photo""#, "application/octet-stream", &content, true).await;
}

#[tokio::test]
async fn parts_from_a_stream() {
    let part =
        async || Part::stream(streams::body(["один ", "", "два"])).file_name("a.zip").media_type("application/zip");
    check(part, r#"name="Attachment"; filename="a.zip""#, "application/zip", "один два".as_bytes(), false).await;
    let part = async || Part::stream_with_length(streams::body(["one ", "two"]), 7).media_type("application/zip");
    check(part, r#"name="Attachment""#, "application/zip", b"one two", true).await;
}

/// An upload that can't be made of `part` says why, and sends nothing, not even a sign-in.
async fn check_refused(part: Option<Part>, reason: &str) {
    let recorder = Recorder::start().await;
    let client = connect(&recorder, everyone());
    let upload = client.upload_shared_attachment().id(1).token(TOKEN);
    let upload = match part {
        Some(part) => upload.attachment(part),
        None => upload,
    };
    let outcome = outcome(upload.send().await);
    assert_eq!(outcome.text, format!("InvalidRequest: {reason}"));
    assert_eq!(outcome.error.unwrap().operation, "uploadSharedAttachment");
    assert_eq!(recorder.counts(), [0, 0, 0]);
}

#[tokio::test]
async fn parts_that_cannot_be_sent() {
    check_refused(None, "part Attachment was not given").await;
    check_refused(Some(Part::bytes("x").media_type("pdf")), "part Attachment: `pdf` is not a media type").await;
    check_refused(Some(Part::bytes("x").media_type("")), "part Attachment: `` is not a media type").await;
    check_refused(
        Some(Part::bytes("x").media_type("image/jpeg\r\nX-Injected: 1")),
        "part Attachment: `image/jpeg  X-Injected: 1` is not a media type",
    )
    .await;
    let file = Temporary::new("gone.pdf", b"x");
    let part = Part::file(&file.0);
    std::fs::remove_file(&file.0).unwrap();
    let missing = std::fs::File::open(&file.0).unwrap_err();
    let reason = format!("part Attachment: can't read {}: {missing}", file.0.display());
    check_refused(Some(part), &reason).await;
}

#[tokio::test]
async fn a_file_name_cannot_smuggle_a_header() {
    // A line end in the file name would start a header of its own for a lenient server.
    check_refused(
        Some(Part::bytes("x").file_name("a\r\nX-Injected: 1.pdf")),
        "part Attachment: the file name has control characters in it",
    )
    .await;
}

/// A stream that fails on the way up is the reason of the call's failure; nothing that
/// looks whole arrives.
#[tokio::test]
async fn a_stream_that_fails() {
    let recorder = Recorder::start().await;
    let client = connect(&recorder, everyone());
    let failing = [Ok("half"), Err(std::io::Error::other("disk"))];
    let part = Part::stream(stream::iter(failing));
    let outcome = outcome(client.upload_call_task_attachment().id(1).attachment(part).send().await);
    assert_eq!(outcome.text, "InvalidRequest: part Attachment: its stream failed after 4 bytes: disk");
    assert_eq!(recorder.counts(), [0, 1, 0]);
}

/// What a 401 does to an upload: `resent` with the same bytes under a new credential, or not.
async fn check_unauthorized(part: Part, resent: bool) {
    let recorder = Recorder::start().await;
    recorder.script(Lane::Operations, [Response::empty(401)]);
    if resent {
        recorder.script(Lane::Operations, [Response::json(200, STORED)]);
    }
    let client = connect(&recorder, everyone());
    let outcome = outcome(client.upload_call_task_attachment().id(1).attachment(part).send().await);
    let requests = recorder.requests(Lane::Operations);
    assert_eq!(fields(&requests[0])[0].content, b"content");
    if resent {
        assert_eq!(outcome.text, READ);
        assert_eq!(requests.len(), 2);
        assert_eq!(fields(&requests[1]), fields(&requests[0]));
        let credentials: Vec<_> = requests.iter().map(|request| request.header("authorization")).collect();
        assert_eq!(credentials, [Some("x-user access-1"), Some("x-user access-2")]);
    } else {
        assert_eq!(outcome.text, "Unauthorized");
        assert_eq!(requests.len(), 1);
        // The next call has a good credential at once.
        client.get_self().send().await.unwrap_err();
        assert_eq!(recorder.requests(Lane::Operations)[1].header("authorization"), Some("x-user access-2"));
        assert_eq!(recorder.counts(), [2, 1, 1]);
    }
}

#[tokio::test]
async fn uploads_are_repeated_if_they_can_be() {
    check_unauthorized(Part::bytes("content").file_name("a.pdf"), true).await;
    let file = Temporary::new("repeated.pdf", b"content");
    check_unauthorized(Part::file(&file.0), true).await;
    check_unauthorized(Part::stream(streams::body(["con", "tent"])), false).await;
    check_unauthorized(Part::stream_with_length(streams::body(["con", "tent"]), 7), false).await;
}

/// The server sends the second half only when the client has seen the first.
#[tokio::test]
async fn downloads_are_streamed() {
    let recorder = Recorder::start().await;
    let client = connect(&recorder, everyone());
    let gate = Arc::new(Notify::new());
    recorder.script(Lane::Operations, [streams::halves(&gate), streams::halves(&gate), streams::halves(&gate)]);
    let streams = [
        client.get_call_task_attachment().id(1).attachment_id(2).send().await.unwrap(),
        client.download_call_task_attachment().id(1).attachment_id(2).send().await.unwrap(),
        client.download_shared_attachment().id(1).attachment_id(2).token(TOKEN).send().await.unwrap(),
    ];
    for response in streams {
        streams::check_halves(response, &gate).await;
    }
}

#[tokio::test]
async fn a_download_that_breaks_off_is_an_error_without_the_token() {
    let recorder = Recorder::start().await;
    recorder.script(Lane::Operations, [Response::CutOff(b"first".to_vec())]);
    let client = connect(&recorder, Auth::anonymous());
    let response = client.download_shared_attachment().id(1).attachment_id(2).token(TOKEN).send().await;
    assert_no_secrets::<Contractor>(&streams::check_broken(response.unwrap()).await);
}

/// A body that is uploaded slowly is not an idle server: each pause is shorter than the
/// limit, all of them are longer.
#[tokio::test]
async fn a_slow_upload_outlives_the_idle_limit() {
    let recorder = Recorder::start().await;
    recorder.script(Lane::Operations, [Response::json(200, STORED)]);
    let idle = std::time::Duration::from_millis(200);
    let client = super::connect_with(&recorder, everyone(), |config| config.idle_timeout(idle));
    let chunks = stream::unfold(0, move |number| async move {
        tokio::time::sleep(idle / 2).await;
        (number < 6).then(|| (Ok::<_, std::io::Error>(Bytes::from_static(b"chunk")), number + 1))
    });
    let part = Part::stream(chunks).file_name("akt.pdf");
    let uploaded = client.upload_call_task_attachment().id(91001).attachment(part).send().await;
    assert_eq!(outcome(uploaded).text, READ);
}
