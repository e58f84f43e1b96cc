//! How often a request went out once more is in its span, and an event for each time.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use casewire::{Config, RetryPolicy};
use serde_json::{Value, json};
use support::{
    interfaces::{Contractor, Interface, Server, is_sign_in},
    logged::{Logged, field},
    quick::quick,
    recorder::Response,
};

use super::{closed, events, fields};

/// A server that answers so, one after the other, and configured retries without long waits.
async fn answering(responses: Vec<Response>) -> (Server, Config) {
    let next = AtomicUsize::new(0);
    let server = Server::start(move |request| match is_sign_in::<Contractor>(request) {
        true => Contractor::signed_in(),
        false => responses[next.fetch_add(1, Ordering::SeqCst)].clone(),
    })
    .await;
    let config = quick(&server.origin()).retry(RetryPolicy::default().first_wait(Duration::from_millis(1)));
    (server, config)
}

/// The call `getSelf`: its fields of retries and of the response, and the numbers of the events.
async fn check(responses: Vec<Response>, resends: Option<u64>, status: Option<u16>) {
    let text = format!("{responses:?}");
    let failed = responses.clone();
    let (_server, config) = answering(responses).await;
    let client = Contractor::connect(config);
    let logged = Logged::start();
    client.get_self().send().await.ok();

    let spans = closed(&logged);
    let fields = fields(&spans[0]);
    assert_eq!(fields["casewire.operation"], json!("getSelf"));
    assert_eq!(fields.get("http.request.resend_count"), resends.map(Value::from).as_ref(), "{text}");
    assert_eq!(fields.get("http.response.status_code"), status.map(Value::from).as_ref(), "{text}");
    let events = events(&logged, "sends again");
    assert_eq!(events.len() as u64, resends.unwrap_or(0), "{text}");
    let expected = failed.iter().take(events.len()).map(|response| match response {
        Response::Reply { status, .. } => status.to_string(),
        _ => "transport".to_owned(),
    });
    let (expected, mut reasons) = (expected.collect::<Vec<_>>(), Vec::new());
    for (number, event) in (1_u64..).zip(events) {
        assert_eq!((event.level, event.span), (tracing::Level::DEBUG, Some(0)));
        assert_eq!(field(&event.fields, "number"), Some(&json!(number)));
        assert!(field(&event.fields, "wait_ms").is_some_and(Value::is_u64), "{event:?}");
        reasons.push(field(&event.fields, "reason").unwrap().as_str().unwrap().to_owned());
        assert_eq!(event.fields.len(), 4, "{event:?}");
    }
    assert_eq!(reasons, expected, "{text}");
}

#[tokio::test]
async fn none_without_a_retry() {
    check(vec![Response::json(200, "{}")], None, Some(200)).await;
    check(vec![Response::empty(500)], None, Some(500)).await;
}

#[tokio::test]
async fn each_retry_is_counted() {
    let ok = || Response::json(200, "{}");
    check(vec![Response::empty(503), ok()], Some(1), Some(200)).await;
    check(vec![Response::empty(503), Response::Close, ok()], Some(2), Some(200)).await;
    check(vec![Response::empty(503), Response::empty(502), Response::empty(504)], Some(2), Some(504)).await;
    check(vec![Response::Close, Response::Close, Response::Close], Some(2), None).await;
}

/// With the new credential, for the same reason as any other: conventions, note on
/// `http.request.resend_count`.
#[tokio::test]
async fn a_refused_credential_is_a_retry_too() {
    check(vec![Response::empty(401), Response::json(200, "{}")], Some(1), Some(200)).await;
    check(vec![Response::empty(401), Response::empty(503), Response::json(200, "{}")], Some(2), Some(200)).await;
    check(vec![Response::empty(401), Response::empty(401)], Some(1), Some(401)).await;
}
