//! What is repaired in a body is told as a warning, in the span of the call: how much, and
//! where the first of it is, without a value.

use casewire::contractor::{Auth, Client};
use serde_json::{Value, json};
use support::{interfaces::Server, logged::Logged, quick::quick, recorder::Response};

use super::closed;

/// The count and the places that the warning for this body has.
async fn warned(body: &'static str) -> Option<(Value, Value)> {
    let server = Server::start(move |_| Response::json(200, body)).await;
    let client = Client::connect(quick(&server.origin()), Auth::external_system("desk-key")).unwrap();
    let logged = Logged::start();
    client.get_call().id(1).send().await.unwrap();
    assert_eq!(closed(&logged).len(), 1);
    let mut events: Vec<_> = logged.events().into_iter().filter(|event| event.target == "casewire").collect();
    assert!(events.len() <= 1, "{events:?}");
    events.pop().map(|mut event| {
        assert_eq!((event.level, event.span), (tracing::Level::WARN, Some(0)));
        event.fields.sort_by_key(|(name, _)| *name);
        let names: Vec<_> = event.fields.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["count", "first", "message"]);
        assert_eq!(event.fields[2].1, json!("read what the schema rules out"));
        (event.fields[0].1.clone(), event.fields[1].1.clone())
    })
}

#[tokio::test]
async fn repairs_are_told_with_their_places() {
    assert_eq!(warned(r#"{"id":1,"created":null,"tasks":[]}"#).await, None);
    let created = warned(r#"{"id":1,"created":""}"#).await;
    assert_eq!(created, Some((json!(1), json!("created"))));
    let many = r#"{"tasks":[null,{"result":{"attachments":[null]}},null],"ttf":"2026-03-02T08:15:00.1234567890Z"}"#;
    assert_eq!(warned(many).await, Some((json!(4), json!("tasks[0], tasks[1].result.attachments[0], tasks[2]"))));
}
