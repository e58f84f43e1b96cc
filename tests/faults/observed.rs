//! What a program is told of the end of each call: once, of every call, whatever becomes
//! of it.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use casewire::{
    CallEnd, CallResult, Config, ErrorKind, Outcome, Part,
    contractor::{Auth, Client},
};
use casewire_sandbox::{
    Contractor, Fault,
    contractor::{Attachment, AttachmentKind, CallStatus, EXTERNAL_SYSTEM_KEY, SAMPLE_JPEG, TaskStatus},
};

use super::{
    calls::{CALL, FILE, TASK},
    config_of,
};

/// The ends of calls, in order.
#[derive(Clone, Default)]
struct Ends(Arc<Mutex<Vec<CallEnd>>>);

impl Ends {
    fn observe(&self, config: Config) -> Config {
        let ends = self.clone();
        config.observe(move |end| ends.0.lock().unwrap().push(end.clone()))
    }

    /// Operation, result, outcome, status, attempts; what was transferred is looked at one by one.
    #[track_caller]
    fn check(&self, expect: &[(&str, CallResult, Outcome, Option<u16>, u32)]) -> Vec<CallEnd> {
        let ends = std::mem::take(&mut *self.0.lock().unwrap());
        let seen = ends.iter().map(|end| {
            let status = end.status.map(|status| status.as_u16());
            (end.operation.id, end.result, end.outcome, status, end.attempts)
        });
        assert_eq!(seen.collect::<Vec<_>>(), expect);
        ends
    }
}

async fn start() -> (Contractor, Client, Ends) {
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
    let ends = Ends::default();
    let auth = Auth::user("ivanov", "Passw0rd").and_external_system(EXTERNAL_SYSTEM_KEY);
    let client = Client::connect(ends.observe(config_of(sandbox.url())), auth).unwrap();
    (sandbox, client, ends)
}

#[tokio::test]
async fn calls() {
    let (sandbox, client, ends) = start().await;
    let get_call = async |id| client.get_call().id(id).send().await;

    get_call(CALL).await.unwrap();
    let [end] = &ends.check(&[("getCall", CallResult::Success, Outcome::Done, Some(200), 1)])[..] else { panic!() };
    assert!(end.sent == 0 && end.received > 100, "{end:?}");

    get_call(1).await.unwrap_err();
    ends.check(&[("getCall", CallResult::Failure(ErrorKind::NotFound), Outcome::Refused, Some(404), 1)]);

    sandbox.fault("getCall", Fault::Status(503).times(2));
    get_call(CALL).await.unwrap();
    ends.check(&[("getCall", CallResult::Success, Outcome::Done, Some(200), 3)]);

    sandbox.fault("getCall", Fault::Truncate.times(9));
    get_call(CALL).await.unwrap_err();
    ends.check(&[("getCall", CallResult::Failure(ErrorKind::Transport), Outcome::Unknown, Some(200), 3)]);

    // Nothing was sent, for want of the path parameter.
    client.get_call().send().await.unwrap_err();
    ends.check(&[("getCall", CallResult::Failure(ErrorKind::InvalidRequest), Outcome::NotSent, None, 0)]);
}

#[tokio::test]
async fn a_sign_in_is_a_call() {
    let (_sandbox, client, ends) = start().await;
    client.get_self().send().await.unwrap();
    let seen = ends.check(&[
        ("signIn", CallResult::Success, Outcome::Done, Some(200), 1),
        ("getSelf", CallResult::Success, Outcome::Done, Some(200), 1),
    ]);
    assert!(seen[0].sent > 10 && seen[1].elapsed >= seen[0].elapsed, "{seen:?}");
}

#[tokio::test]
async fn a_dropped_call() {
    let (sandbox, client, ends) = start().await;
    sandbox.fault("getCall", Fault::Delay(Duration::from_secs(3600)));
    let call = client.get_call().id(CALL).send();
    let _ = tokio::time::timeout(Duration::from_millis(200), call).await.unwrap_err();
    ends.check(&[("getCall", CallResult::Cancelled, Outcome::Unknown, None, 1)]);
}

#[tokio::test]
async fn files() {
    let (sandbox, client, ends) = start().await;
    client.get_self().send().await.unwrap();
    ends.0.lock().unwrap().clear();

    let content = vec![7; 300_000];
    let part = Part::bytes(content).file_name("act.pdf").media_type("application/pdf");
    client.upload_call_task_attachment().id(TASK).attachment(part).send().await.unwrap();
    let seen = ends.check(&[("uploadCallTaskAttachment", CallResult::Success, Outcome::Done, Some(200), 1)]);
    assert!(seen[0].sent > 300_000 && seen[0].sent < 301_000, "{seen:?}");

    let download = async || {
        let download = client.download_call_task_attachment().id(TASK).attachment_id(FILE).send().await;
        download.unwrap().into_inner()
    };
    const ID: &str = "downloadCallTaskAttachment";
    let mut stream = download().await;
    ends.check(&[]);
    while stream.chunk().await.unwrap().is_some() {}
    let seen = ends.check(&[(ID, CallResult::Success, Outcome::Done, Some(200), 1)]);
    assert_eq!(seen[0].received, SAMPLE_JPEG.len() as u64);
    drop(stream);
    ends.check(&[]);

    drop(download().await);
    ends.check(&[(ID, CallResult::Cancelled, Outcome::Unknown, Some(200), 1)]);

    sandbox.fault(ID, Fault::Truncate);
    let mut stream = download().await;
    while let Ok(Some(_)) = stream.chunk().await {}
    ends.check(&[(ID, CallResult::Failure(ErrorKind::Transport), Outcome::Unknown, Some(200), 1)]);
}

/// The end is told when the call is dropped, though the HTTP client may hold the body for longer.
#[tokio::test]
async fn a_dropped_upload() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let ends = Ends::default();
    let config = config_of(&format!("http://{}", listener.local_addr().unwrap()));
    let client = Client::connect(ends.observe(config), Auth::anonymous()).unwrap();
    let part = Part::bytes(vec![7; 32 << 20]).file_name("act.pdf");
    let call = client.upload_shared_attachment().id(TASK).token("t").attachment(part).send();
    // Takes the connection, and reads nothing of it.
    let (accepted, _) = tokio::join!(listener.accept(), tokio::time::timeout(Duration::from_millis(300), call));
    let seen = ends.check(&[("uploadSharedAttachment", CallResult::Cancelled, Outcome::Unknown, None, 1)]);
    assert!(seen[0].sent > 0 && seen[0].sent < 32 << 20, "{seen:?}");
    drop(accepted);
}
