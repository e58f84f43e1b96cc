//! Uploads that are sent again: what comes from memory or a file is sent again byte for byte, a stream is not.

use std::{path::PathBuf, sync::Arc};

use bytes::Bytes;
use casewire::{Part, contractor::Auth};
use futures_util::stream;
use tokio::sync::Barrier;

use crate::{
    calls::{TASK, told_error},
    multipart::{self, Field},
    raw::{
        Answer, Play, Raw, Received,
        Step::{Body, Head, Meet, Reset, Send},
    },
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

fn pieces(content: &'static [u8]) -> reqwest::Body {
    reqwest::Body::wrap_stream(stream::iter(
        content.chunks(1000).map(|piece| Ok::<_, std::io::Error>(Bytes::from(piece))),
    ))
}

static CONTENT: &[u8] = &[7; 300_000];

/// After a refused connection, and after a refused credential, the same bytes go up.
#[tokio::test]
async fn uploads_are_repeated_byte_for_byte() {
    let file = Temporary::new("repeated", CONTENT);
    for from_file in [false, true] {
        let part = async || match from_file {
            true => Part::file(&file.0).await.unwrap().file_name("act.pdf"),
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

        raw.arm([status(401)], Play::answer(&Answer::new(200, "{}").last()));
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

/// A file that is gone by the time when it would be sent again: what was answered before is the outcome.
#[tokio::test]
async fn a_file_that_is_gone_is_not_sent_again() {
    let file = Temporary::new("gone", CONTENT);
    let raw = start().await;
    let client = ivanov(&raw);
    client.get_self().send().await.unwrap();
    raw.arm([status(401)], Play::answer(&Answer::new(200, "{}").last()));
    let gate = Arc::new(Barrier::new(2));
    let tokens = Answer::new(200, r#"{"access":{"token":"access-2"},"service":{"token":"service-2"}}"#);
    raw.arm_sign_ins([Play::of([Meet(gate.clone()), Send(tokens.last().bytes())])]);
    let part = Part::file(&file.0).await.unwrap();
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

/// What is left of a stream can't be sent; and it isn't known how much of it was read before a try to connect failed.
#[tokio::test]
async fn a_stream_goes_up_once() {
    let raw = start().await;
    let client = ivanov(&raw);
    client.get_self().send().await.unwrap();
    for stream in [|| Part::stream(pieces(CONTENT)), || Part::stream_with_length(pieces(CONTENT), CONTENT.len() as u64)]
    {
        let upload = async || {
            let upload = client.upload_call_task_attachment().id(TASK).attachment(stream().file_name("act.pdf"));
            upload.send().await.map_or_else(|e| told_error(&e), |_| "ok".to_owned())
        };
        let good = Play::answer(&Answer::new(200, "{}").last());
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
