//! A file that grows while it is uploaded is told as a warning, in the span of the call.

use std::{
    fs,
    io::Write,
    sync::{
        Arc, Barrier,
        atomic::{AtomicBool, Ordering},
    },
};

use casewire::Part;
use serde_json::json;

use crate::{
    closed,
    interfaces::{Contractor, Interface, Server, is_sign_in},
    logged::Logged,
    support::{quick::quick, recorder::Answer},
};

/// Uploads a file that is appended to all the time, or not at all; gives the fields of the warning.
async fn upload(grows: bool) -> Option<Vec<(&'static str, serde_json::Value)>> {
    let server = Server::start(move |request| match is_sign_in::<Contractor>(request) {
        true => Contractor::signed_in(),
        false => Answer::json(200, r#"{"id":1}"#),
    })
    .await;
    let path = std::env::temp_dir().join(format!("casewire-growing-{grows}-{}.log", std::process::id()));
    fs::write(&path, vec![7; 1 << 20]).unwrap();
    let (over, begun) = (Arc::new(AtomicBool::new(!grows)), Arc::new(Barrier::new(2)));
    let writer = std::thread::spawn({
        let (over, begun, mut file) =
            (over.clone(), begun.clone(), fs::File::options().append(true).open(&path).unwrap());
        move || {
            begun.wait();
            while !over.load(Ordering::Relaxed) {
                file.write_all(b"line\n").unwrap();
            }
        }
    });
    begun.wait();
    let client = Contractor::connect(quick(&server.origin()));
    client.get_self().send().await.ok();
    let logged = Logged::start();
    let part = Part::file(&path).await.unwrap();
    let outcome = client.upload_call_task_attachment().id(1).attachment(part).send().await;
    over.store(true, Ordering::Relaxed);
    writer.join().unwrap();
    fs::remove_file(&path).unwrap();

    outcome.unwrap();
    assert_eq!(closed(&logged).len(), 1);
    let mut events: Vec<_> = logged.events().into_iter().filter(|event| event.target == "casewire").collect();
    assert!(events.len() <= 1, "{events:?}");
    events.pop().map(|event| {
        assert_eq!((event.level, event.span), (tracing::Level::WARN, Some(0)));
        event.fields
    })
}

#[tokio::test]
async fn a_file_that_grows() {
    let mut fields = upload(true).await.expect("a warning");
    let place = fields.iter().position(|(name, _)| *name == "announced_bytes").unwrap();
    assert!(fields.remove(place).1.as_u64().unwrap() >= 1 << 20);
    fields.sort_by_key(|(name, _)| *name);
    let message = "the file has grown; only the bytes that were announced are sent";
    assert_eq!(fields, [("message", json!(message)), ("upload", json!("part Attachment"))]);
    assert_eq!(upload(false).await, None);
}
