//! Which span lies in which: calls next to each other don't mix, a sign-in belongs to the
//! call that needed it, and a call that is given up leaves nothing open.

use std::{sync::Arc, time::Duration};

use futures_util::future::join_all;
use serde_json::json;
use tokio::sync::Notify;
use tracing::Instrument;

use casewire::{RetryPolicy, contractor::Client};
use support::{
    interfaces::{Contractor, Interface, Server, is_sign_in},
    logged::{Logged, field},
    quick::quick,
    recorder::Response,
};

use super::{closed, events, fields};

async fn desk(response: impl Fn(&str) -> Response + Send + Sync + 'static) -> (Server, Client) {
    let server = Server::start(move |request| match is_sign_in::<Contractor>(request) {
        true => Contractor::signed_in(),
        false => response(&request.target),
    })
    .await;
    let config = quick(&server.origin()).retry(RetryPolicy::default().first_wait(Duration::from_millis(1)));
    let client = Contractor::connect(config);
    (server, client)
}

/// Twenty calls at once on one thread, each in a span of its caller: every second one is retried.
#[tokio::test]
async fn calls_at_once_do_not_mix() {
    let (_server, client) = desk(|target| match target.rsplit('/').next().unwrap().parse::<u16>().unwrap() {
        id if id % 2 == 0 => Response::empty(503),
        id => Response::empty(400 + id),
    })
    .await;
    let logged = Logged::start();
    let calls = (0..20).map(|id| {
        let caller = tracing::info_span!("caller", id);
        let call = client.get_call().id(id).send();
        async move { call.await.unwrap_err() }.instrument(caller)
    });
    join_all(calls).await;

    let (spans, events) = (logged.spans(), events(&logged, "sends again"));
    let callers: Vec<_> = (0..spans.len()).filter(|place| spans[*place].name == "caller").collect();
    assert_eq!((callers.len(), spans.len()), (20, 40));
    for caller in callers {
        let id = fields(&spans[caller])["id"].as_u64().unwrap();
        let inside: Vec<_> = (0..spans.len()).filter(|place| spans[*place].parent == Some(caller)).collect();
        let [call] = inside[..] else { panic!("{id}: {inside:?}") };
        let (status, resends) = if id.is_multiple_of(2) { (503, Some(json!(2))) } else { (400 + id, None) };
        let fields = fields(&spans[call]);
        assert_eq!(fields["http.response.status_code"], json!(status), "{id}");
        assert_eq!(fields.get("http.request.resend_count"), resends.as_ref(), "{id}");
        let events = events.iter().filter(|event| event.span == Some(call));
        let numbers: Vec<_> = events.map(|event| field(&event.fields, "number").unwrap().clone()).collect();
        assert_eq!(numbers, if id.is_multiple_of(2) { vec![json!(1), json!(2)] } else { vec![] }, "{id}");
        assert!(spans[call].closed && spans[caller].closed);
    }
}

/// Only one of the calls that wait for a session signs in.
#[tokio::test]
async fn a_sign_in_lies_in_the_call_that_makes_it() {
    let (_server, client) = desk(|_| Response::json(200, "{}")).await;
    let logged = Logged::start();
    join_all([(); 5].map(|()| client.get_self().send())).await;
    let spans = closed(&logged);
    let named = |name: &str| -> Vec<_> {
        (0..spans.len()).filter(|place| fields(&spans[*place])["casewire.operation"] == json!(name)).collect()
    };
    let (calls, sign_ins) = (named("getSelf"), named("signIn"));
    assert_eq!((calls.len(), sign_ins.len()), (5, 1));
    assert!(calls.contains(&spans[sign_ins[0]].parent.unwrap()));
    assert!(calls.iter().all(|call| spans[*call].parent.is_none()));
}

/// Gives up `call` when the request for it has arrived.
async fn give_up<T>(call: impl Future<Output = T>, arrived: &Notify) {
    tokio::select! {
        _ = call => panic!("there was no response"),
        () = arrived.notified() => {}
    }
}

#[tokio::test]
async fn a_call_that_is_given_up_is_closed() {
    let arrived = Arc::new(Notify::new());
    let told = Arc::clone(&arrived);
    let (_server, client) = desk(move |_| {
        told.notify_one();
        Response::Silence
    })
    .await;
    let logged = Logged::start();
    give_up(client.get_self().send(), &arrived).await;
    let spans = closed(&logged);
    assert_eq!(spans.len(), 2);
    let cancelled = fields(&spans[0]);
    assert_eq!(cancelled["error.type"], json!("cancelled"));
    assert_eq!(cancelled["otel.status_code"], json!("ERROR"));
    assert_eq!(cancelled.get("http.response.status_code"), None);
    assert_eq!(fields(&spans[1]).get("error.type"), None, "the sign-in was not given up");
}

/// The call is over at once. Its sign-in goes on, inside of it, and ends with what it
/// came to; the next call has no other.
#[tokio::test]
async fn a_sign_in_outlives_its_call() {
    let (arrived, response) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (told, late) = (Arc::clone(&arrived), Arc::clone(&response));
    let server = Server::start(move |request| {
        if !is_sign_in::<Contractor>(request) {
            return Response::json(200, "{}");
        }
        told.notify_one();
        let Response::Reply { headers, body, .. } = Contractor::signed_in() else { panic!("no tokens") };
        Response::Late(Arc::clone(&late), headers, body)
    })
    .await;
    let client = Contractor::connect(quick(&server.origin()));
    let logged = Logged::start();
    give_up(client.get_self().send(), &arrived).await;
    let spans = logged.spans();
    assert_eq!(spans.iter().map(|span| span.parent).collect::<Vec<_>>(), [None, Some(0)]);
    assert_eq!(fields(&spans[0])["error.type"], json!("cancelled"));
    assert_eq!(fields(&spans[1])["casewire.operation"], json!("signIn"));
    assert_eq!((fields(&spans[1]).get("error.type"), spans[1].closed), (None, false), "it goes on");

    response.notify_one();
    client.get_self().send().await.unwrap();
    let spans = closed(&logged);
    assert_eq!(spans.iter().map(|span| span.parent).collect::<Vec<_>>(), [None, Some(0), None]);
    assert_eq!(fields(&spans[1])["http.response.status_code"], json!(200));
    assert_eq!(fields(&spans[1]).get("error.type"), None);
    assert_eq!(fields(&spans[2])["casewire.operation"], json!("getSelf"));
}

/// It ends with the last client.
#[tokio::test]
async fn a_sign_in_that_is_given_up_is_closed() {
    let arrived = Arc::new(Notify::new());
    let told = Arc::clone(&arrived);
    let server = Server::start(move |_| {
        told.notify_one();
        Response::Silence
    })
    .await;
    let client = Contractor::connect(quick(&server.origin()));
    let logged = Logged::start();
    give_up(client.get_self().send(), &arrived).await;
    drop(client);
    while logged.spans().iter().any(|span| !span.closed) {
        tokio::task::yield_now().await;
    }
    let spans = closed(&logged);
    assert_eq!(spans.iter().map(|span| span.parent).collect::<Vec<_>>(), [None, Some(0)]);
    assert!(spans.iter().all(|span| fields(span)["error.type"] == json!("cancelled")), "{spans:?}");
}

/// Its content may be read much later, or never.
#[tokio::test]
async fn the_span_of_a_download_ends_where_its_content_begins() {
    let (_server, client) = desk(|_| Response::bytes(200, "content")).await;
    let logged = Logged::start();
    let file = client.get_call_task_attachment().id(1).attachment_id(2).send().await.unwrap();
    let spans = closed(&logged);
    assert_eq!(fields(&spans[0])["http.response.status_code"], json!(200));
    drop(file);
    assert_eq!(closed(&logged).len(), 1);
}
