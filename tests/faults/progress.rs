//! How far an upload is: what is told of it, from its beginning to its end, and again when
//! it is sent again; and that it stops when nobody waits for it any more.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use casewire::{Part, Progress, contractor::Auth, crpt};
use support::raw::{
    Play, Raw, Response,
    Step::{Body, Head, Meet, Send, UpTo},
};
use tokio::{
    sync::Barrier,
    time::{sleep, timeout},
};

use super::{
    calls::{CASE, TASK, participant},
    config,
    limits::{PATIENCE, good},
    retries::{connect, start, status},
    uploads::Temporary,
};
use crate::streams;

static CONTENT: &[u8] = &[7; 1_500_000];
const LENGTH: u64 = CONTENT.len() as u64;

type Seen = Arc<Mutex<Vec<Progress>>>;

fn watched(part: Part) -> (Part, Seen) {
    let seen = Seen::default();
    let told = Arc::clone(&seen);
    (part.progress(move |progress| told.lock().unwrap().push(progress)).file_name("act.pdf"), seen)
}

/// Uploads it as a part of a form, or else as a whole body, which needs its length.
async fn upload(raw: &Raw, part: Part, form: bool) {
    if form {
        let client = connect(raw, Auth::user("ivanov", "Passw0rd"), |config| config);
        client.upload_call_task_attachment().id(TASK).attachment(part).send().await.unwrap();
    } else {
        let client = crpt::Client::connect(config(raw), participant()).unwrap();
        let upload = client.attach_file().number(CASE).filename("act.pdf").totallength(CONTENT.len() as u64);
        upload.body(part).send().await.unwrap();
    }
}

/// One attempt: from 0 to the end, in steps that a person sees.
#[track_caller]
fn check(seen: &[Progress], attempt: u32, total: Option<u64>, is_whole: bool) {
    assert_eq!(seen.first().unwrap().bytes, 0);
    assert!(seen.is_sorted_by(|one, next| one.bytes < next.bytes && next.bytes - one.bytes <= 65_536), "{seen:?}");
    assert!(seen.iter().all(|progress| (progress.attempt, progress.total) == (attempt, total)), "{seen:?}");
    if is_whole {
        assert_eq!(seen.last().unwrap().bytes, LENGTH);
    }
}

#[tokio::test]
async fn every_source_tells_how_far_it_is() {
    let file = Temporary::new("progress", CONTENT);
    for form in [true, false] {
        for (part, total) in [
            (Part::bytes(CONTENT), Some(LENGTH)),
            (Part::file(&file.0), Some(LENGTH)),
            (Part::reader(CONTENT), None),
            (Part::reader_with_length(CONTENT, LENGTH), Some(LENGTH)),
            (Part::stream(streams::body_of(CONTENT)), None),
            (Part::stream_with_length(streams::body_of(CONTENT), LENGTH), Some(LENGTH)),
        ] {
            let raw = start().await;
            raw.arm([], good());
            let (part, seen) = watched(part);
            upload(&raw, part, form).await;
            check(&seen.lock().unwrap(), 1, total, true);
        }
    }
}

/// A credential that is refused once all was sent: it begins anew, and says so.
#[tokio::test]
async fn a_resend_begins_at_0() {
    let file = Temporary::new("progress-again", CONTENT);
    for (part, form) in [(Part::bytes(CONTENT), true), (Part::file(&file.0), true), (Part::file(&file.0), false)] {
        let raw = start().await;
        raw.arm([status(401)], good());
        let (part, seen) = watched(part);
        upload(&raw, part, form).await;
        assert_eq!(raw.counts(), (2, 1));
        let seen = seen.lock().unwrap();
        let again = seen.iter().position(|progress| progress.attempt == 2).expect("a second attempt");
        let (first, second) = seen.split_at(again);
        check(first, 1, Some(LENGTH), true);
        check(second, 2, Some(LENGTH), true);
    }
}

/// A refusal that comes before the end of the content: what is still on its way is not
/// told of any more.
#[tokio::test]
async fn an_early_refusal() {
    let raw = start().await;
    let refusal = Response::new(401, "").bytes();
    raw.arm([Play { refuses: true, ..Play::of([Head, UpTo(1), Send(refusal), Body]) }], good());
    let (part, seen) = watched(Part::bytes(CONTENT));
    upload(&raw, part, true).await;
    let seen = seen.lock().unwrap();
    let again = seen.iter().position(|progress| progress.attempt == 2).expect("a second attempt");
    let (first, second) = seen.split_at(again);
    check(first, 1, Some(LENGTH), false);
    check(second, 2, Some(LENGTH), true);
}

/// More than the system takes off the client's hands while nobody reads.
const LARGE: u64 = 64 << 20;

#[tokio::test]
async fn a_dropped_upload_stops() {
    let file = Temporary::new("dropped", b"");
    std::fs::File::options().write(true).open(&file.0).unwrap().set_len(LARGE).unwrap();
    for part in [Part::file(&file.0), Part::bytes(vec![7; LARGE as usize])] {
        let raw = start().await;
        let (begun, dropped) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
        raw.arm([], Play::of([Head, UpTo(1), Meet(begun.clone()), Meet(dropped.clone()), Body]));
        let (part, seen) = watched(part);
        let client = connect(&raw, Auth::anonymous(), |config| config);
        let upload = client.upload_shared_attachment().id(TASK).token("t").attachment(part);
        tokio::select! {
            outcome = upload.send() => panic!("{outcome:?}"),
            _ = begun.wait() => {}
        }
        // What was on its way is all that still comes; the server reads it to its end.
        sleep(Duration::from_millis(100)).await;
        let last = seen.lock().unwrap().last().unwrap().bytes;
        assert!(last < LARGE, "{last} bytes");
        let received = raw.received().remove(0).body.len();
        dropped.wait().await;
        let end = async {
            while raw.received()[0].body.len() <= received {
                sleep(Duration::from_millis(10)).await;
            }
        };
        timeout(PATIENCE, end).await.expect("the end of the connection");
        assert_eq!(seen.lock().unwrap().last().unwrap().bytes, last);
        assert_eq!(raw.counts(), (1, 0));
        let received = raw.received().remove(0);
        assert!(!received.whole && received.body.len() < LARGE as usize, "{} bytes", received.body.len());
    }
}
