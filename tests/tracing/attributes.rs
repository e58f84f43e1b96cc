//! The span of every operation, and of the sign-ins on the way to it.

use serde_json::json;
use support::{
    interfaces::{Callback, Contractor, Crpt, Interface, Legalcase, answering, calls},
    logged::Logged,
    quick::quick,
    recorder::Response,
};

use super::{closed, failed, failure, fields, fields_of};

/// A response that no operation documents, so that each call has one span and each sign-in
/// before it another.
async fn check<I: Interface>() {
    for call in calls::<I>() {
        let server = answering::<I>(call, |_| Response::json(599, r#"{"echo":1}"#)).await;
        let client = I::connect(quick(&server.origin()));
        let logged = Logged::start();
        assert!((call.call)(&client).await.exposed().await.error.is_some(), "{}", call.id);

        let spans = closed(&logged);
        assert_eq!(spans.len(), server.requests().len(), "{}", call.id);
        let mut expected = fields_of(call.operation(), &server.origin());
        expected.insert("http.response.status_code", json!(599));
        failed(&mut expected, "599");
        assert_eq!(fields(&spans[0]), expected);
        assert_eq!((spans[0].parent, spans[0].fields.len()), (None, expected.len()), "{}: a field twice", call.id);
        for sign_in in &spans[1..] {
            let id = fields(sign_in)["casewire.operation"].clone();
            let operation = I::OPERATIONS.iter().find(|operation| operation.id == id).unwrap();
            let mut expected = fields_of(operation, &server.origin());
            expected.insert("http.response.status_code", json!(200));
            assert_eq!((fields(sign_in), sign_in.parent), (expected, Some(0)), "{}", call.id);
        }
        let [kind, outcome, status, attempts] = failure(&logged).map(Option::unwrap);
        assert_eq!((kind, outcome, status), (json!("server"), json!("unknown"), json!(599)), "{}", call.id);
        assert_eq!(attempts, json!(1), "{}", call.id);
    }
}

#[tokio::test]
async fn contractor() {
    check::<Contractor>().await;
}

#[tokio::test]
async fn crpt() {
    check::<Crpt>().await;
}

#[tokio::test]
async fn legalcase() {
    check::<Legalcase>().await;
}

#[tokio::test]
async fn callback() {
    check::<Callback>().await;
}

/// Names of hosts, addresses of IPv6 without the brackets of URLs, and the ports that
/// schemes imply.
#[tokio::test]
async fn the_server_in_all_spellings() {
    for (base, scheme, address, port) in [
        ("http://[::1]:9", "http", "::1", 9),
        ("http://127.0.0.1/with/a/path", "http", "127.0.0.1", 80),
        ("https://desk.invalid", "https", "desk.invalid", 443),
    ] {
        // Nothing may leave: the span is there before anything is sent.
        let client = Contractor::connect(quick(base).connect_timeout(std::time::Duration::from_nanos(1)));
        let logged = Logged::start();
        client.get_shared_call().token("t").send().await.unwrap_err();
        let fields = fields(&closed(&logged)[0]);
        let server = ["url.scheme", "server.address", "server.port"].map(|name| fields[name].clone());
        assert_eq!(server, [json!(scheme), json!(address), json!(port)]);
        // A path of the base URL is not in the template: it is the caller's, and may be secret.
        assert_eq!(fields["url.template"], json!("/shared/call"));
    }
}
