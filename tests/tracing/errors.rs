//! `error.type`: the status of a failed response as text, and the kind of any other
//! failure; nothing for a success.

use std::time::Duration;

use casewire::{Config, ErrorKind, contractor};
use serde_json::{Value, json};
use support::{
    interfaces::{Callback, Contractor, Crpt, Interface, answering, calls},
    logged::{Logged, Span},
    quick::quick,
    recorder::Response,
    row::Row,
};

use super::{closed, failure, fields};

/// The call of an operation.
fn call<I: Interface>(id: &str) -> &'static Row<I> {
    calls::<I>().into_iter().find(|call| call.id == id).unwrap()
}

/// What the first span says of the outcome: `error.type`, `otel.status_code`,
/// `http.response.status_code`.
fn outcome(spans: &[Span]) -> [Option<Value>; 3] {
    let fields = fields(&spans[0]);
    ["error.type", "otel.status_code", "http.response.status_code"].map(|name| fields.get(name).cloned())
}

async fn check_with<I: Interface>(
    id: &str,
    response: Response,
    change: impl FnOnce(Config) -> Config,
    error: Option<&str>,
    status: Option<u16>,
) {
    let call = call::<I>(id);
    let text = format!("{id} {response:?}");
    let server = answering::<I>(call, move |_| response.clone()).await;
    let client = I::connect(change(quick(&server.origin())));
    let logged = Logged::start();
    let kind = (call.call)(&client).await.exposed().await.error.map(|seen| seen.kind);
    assert_eq!(
        outcome(&closed(&logged)),
        [error.map(|error| json!(error)), error.map(|_| json!("ERROR")), status.map(|status| json!(status))],
        "{text}"
    );
    // Either it is the name of the kind that the caller gets, or a status.
    match error.map(|error| (error, error.parse::<u16>())) {
        Some((_, Ok(number))) => assert_eq!((Some(number), kind.is_some()), (status, true), "{text}"),
        Some((error, Err(_))) => assert_eq!(kind.map(ErrorKind::name), Some(error), "{text}"),
        None => assert_eq!(kind, None, "{text}"),
    }
}

async fn check<I: Interface>(id: &str, response: Response, error: Option<&str>, status: Option<u16>) {
    check_with::<I>(id, response, |config| config, error, status).await;
}

#[tokio::test]
async fn a_success_has_none() {
    check::<Contractor>("getSelf", Response::json(200, "{}"), None, Some(200)).await;
    check::<Contractor>("getSelf", Response::json(202, "{}"), None, Some(202)).await;
    check::<Contractor>("closeCall", Response::empty(204), None, Some(204)).await;
    check::<Contractor>("getCallTaskAttachment", Response::bytes(200, "file"), None, Some(200)).await;
    check::<Crpt>("createCase", Response::json(200, r#"{"ok":true,"data":"SR1"}"#), None, Some(200)).await;
    check::<Callback>("commitBatch", Response::json(200, r#"{"statusCode":200}"#), None, Some(200)).await;
}

#[tokio::test]
async fn failures_by_status() {
    for (status, body) in [
        (401, ""),
        (404, r#"{"errorCode":1}"#),
        // That it can't be read, says less than its status.
        (404, "<html>"),
        (500, ""),
        (599, ""),
        // No redirect is followed.
        (302, ""),
        (307, ""),
    ] {
        check::<Contractor>("getCall", Response::json(status, body), Some(&status.to_string()), Some(status)).await;
    }
    let failure = r#"{"error":"case not found","ok":false}"#;
    check::<Crpt>("createCase", Response::json(404, failure), Some("404"), Some(404)).await;
    check::<Callback>("commitBatch", Response::json(500, "{}"), Some("500"), Some(500)).await;
}

/// A failure under a status that says success: generated code finds it when it reads the
/// body, and the span is still open then.
#[tokio::test]
async fn failures_by_the_body() {
    let failure = r#"{"error":"case not found","ok":false}"#;
    check::<Crpt>("createCase", Response::json(200, failure), Some("refused"), Some(200)).await;
    check::<Crpt>("downloadFile", Response::json(200, failure), Some("refused"), Some(200)).await;
    let failure = r#"{"statusCode":400,"data":{"type":"Application not found"}}"#;
    check::<Callback>("commitBatch", Response::json(200, failure), Some("refused"), Some(200)).await;
    check::<Contractor>("getSelf", Response::html(200, "<html>"), Some("undecodable"), Some(200)).await;
    check::<Contractor>("getSelf", Response::json(200, r#"{"id":"#), Some("undecodable"), Some(200)).await;
    check::<Crpt>("createCase", Response::json(200, r#"{"ok":true}"#), Some("undecodable"), Some(200)).await;
    // No operation documents it.
    check::<Contractor>("getSelf", Response::json(207, "{}"), Some("undecodable"), Some(207)).await;
    check::<Contractor>("getCallTaskAttachment", Response::bytes(206, "file"), Some("undecodable"), Some(206)).await;
    let limited = |config: Config| config.max_body(3);
    check_with::<Contractor>("getCall", Response::json(200, "{  }"), limited, Some("undecodable"), Some(200)).await;
}

#[tokio::test]
async fn failures_of_the_connection() {
    check::<Contractor>("getCall", Response::Close, Some("transport"), None).await;
    check::<Contractor>("getSelf", Response::CutOff(b"{".to_vec()), Some("transport"), Some(200)).await;
    // The span of a download is over when its content begins.
    let short = |config: Config| config.timeout(Duration::from_millis(300));
    check_with::<Contractor>("getCall", Response::Silence, short, Some("timeout"), None).await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let logged = Logged::start();
    Contractor::connect(quick(&origin)).get_call().id(1).send().await.unwrap_err();
    assert_eq!(outcome(&closed(&logged)), [Some(json!("transport")), Some(json!("ERROR")), None]);
}

/// The call has the kind of what went wrong with its sign-in, and the sign-in its own status.
#[tokio::test]
async fn no_session() {
    let call = call::<Callback>("commitBatch");
    for (response, inner, outer) in [
        (Response::empty(401), "401", "authentication"),
        (Response::json(200, r#"{"statusCode":400,"data":{"type":"x"}}"#), "refused", "authentication"),
        (Response::empty(503), "503", "server"),
        (Response::Close, "transport", "transport"),
    ] {
        let server = support::interfaces::Server::start(move |_| response.clone()).await;
        let client = Callback::connect(quick(&server.origin()));
        let logged = Logged::start();
        (call.call)(&client).await.exposed().await;
        let spans = closed(&logged);
        assert_eq!(spans[1].parent, Some(0));
        assert_eq!(outcome(&spans), [Some(json!(outer)), Some(json!("ERROR")), None]);
        assert_eq!(outcome(&spans[1..])[0], Some(json!(inner)));
    }
    // Nothing was sent.
    let nobody = contractor::Auth::anonymous();
    let client = contractor::Client::connect(quick("http://127.0.0.1:9"), nobody).unwrap();
    let logged = Logged::start();
    client.get_self().send().await.unwrap_err();
    assert_eq!(outcome(&closed(&logged)), [Some(json!("authentication")), Some(json!("ERROR")), None]);
}

/// What can't be built is a call all the same, of which nothing was sent; so is what can't be read while it is uploaded.
#[tokio::test]
async fn invalid_requests() {
    let client = Crpt::connect(quick("http://127.0.0.1:9"));
    let logged = Logged::start();
    client.get_case().number("..").send().await.unwrap_err();
    let invalid = [Some(json!("invalid_request")), Some(json!("ERROR")), None];
    assert_eq!(outcome(&closed(&logged)), invalid);
    assert_eq!(failure(&logged), [Some(json!("invalid_request")), Some(json!("not_sent")), None, Some(json!(0))]);

    let logged = Logged::start();
    let (path, nobody) = (std::env::temp_dir().join("casewire-test-of-tracing"), contractor::Auth::anonymous());
    std::fs::write(&path, "x").unwrap();
    let part = casewire::Part::file(&path);
    std::fs::remove_file(&path).unwrap();
    let client = contractor::Client::connect(quick("http://127.0.0.1:9"), nobody).unwrap();
    client.upload_shared_attachment().id(1).token("t").attachment(part).send().await.unwrap_err();
    assert_eq!(outcome(&closed(&logged)), invalid);
}
