//! No redirect is followed, wherever it leads and whatever the request is: nothing
//! arrives at another server, no request comes again with another method, and the call
//! fails with the status of the redirect. That goes for sign-ins, and for an HTTP client
//! that was told to follow redirects.

use casewire::{Config, ErrorKind};
use reqwest::redirect::Policy;
use support::{
    interfaces::{Callback, Contractor, Crpt, Interface, Legalcase, Server, answering, calls, is_sign_in},
    quick::quick,
    recorder::{Request, Response},
    row::Row,
};

const STATUSES: [u16; 5] = [301, 302, 303, 307, 308];

type Change = fn(Config) -> Config;

fn as_is(config: Config) -> Config {
    config
}

fn told_to_follow(config: Config) -> Config {
    config.http(|client| client.redirect(Policy::limited(10)))
}

/// Where a redirect leads: to another server, with or without a scheme, or to the one
/// that it comes from.
fn locations(there: &Server) -> [String; 3] {
    let there = there.origin();
    [format!("{there}/elsewhere"), format!("{}/elsewhere", there.trim_start_matches("http:")), "/elsewhere".to_owned()]
}

fn redirect(status: u16, location: &str) -> Response {
    Response::html(status, "<p>moved").header("location", location)
}

/// A server that would take anything.
async fn elsewhere() -> Server {
    Server::start(|_| Response::json(200, "{}")).await
}

fn count(requests: &[Request], which: impl Fn(&Request) -> bool) -> usize {
    requests.iter().filter(|request| which(request)).count()
}

/// A redirect in response to an operation. Where there is a session, 302 and 303 may be its
/// end: what is idempotent signs in once more and is sent again once; anything else fails,
/// and signs in when it is called again.
async fn check_call<I: Interface>(call: &'static Row<I>, change: Change, status: u16) {
    let there = elsewhere().await;
    for location in locations(&there) {
        let response = redirect(status, &location);
        let here = answering::<I>(call, move |_| response.clone()).await;
        let client = I::connect(change(quick(&here.origin())));
        let seen = (call.call)(&client)
            .await
            .exposed()
            .await
            .error
            .unwrap_or_else(|| panic!("{}: {status} is a success", call.id));

        let operation = call.operation();
        assert_eq!((seen.operation, seen.status, seen.kind), (call.id, Some(status), ErrorKind::Undecodable));
        assert!(
            seen.display.starts_with(&format!("{operation}: the server responded with {status}")),
            "{}",
            seen.display
        );
        let (it, all) = (|request: &Request| call.is_it(request), here.requests());
        let sign_ins = count(&all, |request| is_sign_in::<I>(request) && !it(request));
        let renews = sign_ins > 0 && operation.idempotent && matches!(status, 302 | 303);
        let expect = if renews { (2, 2) } else { (1, usize::from(sign_ins > 0)) };
        assert_eq!((count(&all, it), sign_ins), expect, "{}: {status}", call.id);
        assert_eq!(count(&all, it) + sign_ins, all.len(), "{}: {status} leads to another request: {all:?}", call.id);
    }
    assert_eq!(there.requests(), [], "{}: {status}", call.id);
}

async fn check_calls<I: Interface>() {
    for call in calls::<I>() {
        for status in STATUSES {
            for change in [as_is as Change, told_to_follow] {
                check_call::<I>(call, change, status).await;
            }
        }
    }
}

/// A redirect in response to a sign-in, when an operation needs one.
async fn check_sign_in<I: Interface>() {
    let call = calls::<I>().into_iter().find(|call| Some(call.id) == I::NEEDS_SIGN_IN).unwrap();
    let sign_in = I::OPERATIONS.iter().find(|operation| operation.path.ends_with(I::SIGN_INS[0])).unwrap();
    for status in STATUSES {
        for change in [as_is as Change, told_to_follow] {
            let there = elsewhere().await;
            for location in locations(&there) {
                let response = redirect(status, &location);
                let here = Server::start(move |_| response.clone()).await;
                let client = I::connect(change(quick(&here.origin())));
                let seen = (call.call)(&client).await.exposed().await.error.unwrap();
                let says = format!("{}: no session: {sign_in}: the server responded with {status}", call.operation());
                assert!(seen.display.starts_with(&says), "{}", seen.display);
                let all = here.requests();
                assert_eq!(all.len(), 1, "{status}: {all:?}");
                assert_eq!((all[0].method.as_str(), is_sign_in::<I>(&all[0])), ("POST", true));
            }
            assert_eq!(there.requests(), [], "{status}");
        }
    }
}

/// A redirect in response to a renewal of tokens: the password is at hand, and nothing goes
/// elsewhere.
#[tokio::test]
async fn a_renewal_is_not_redirected() {
    let call = calls::<Contractor>().into_iter().find(|call| call.id == "getSelf").unwrap();
    for status in STATUSES {
        let there = elsewhere().await;
        for location in locations(&there) {
            let response = redirect(status, &location);
            let here = Server::start(move |request| match request.target.as_str() {
                "/user/signin" => Contractor::signed_in(),
                "/user/token" => response.clone(),
                _ => Response::empty(401),
            })
            .await;
            let client = Contractor::connect(told_to_follow(quick(&here.origin())));
            assert_eq!((call.call)(&client).await.exposed().await.error.unwrap().status, Some(401));
            let all = here.requests();
            let mut requests: Vec<_> = all.iter().map(|r| format!("{} {}", r.method, r.target)).collect();
            requests.sort();
            let expect =
                ["GET /user/self", "GET /user/self", "POST /user/signin", "POST /user/signin", "POST /user/token"];
            assert_eq!(requests, expect, "{status}");
        }
        assert_eq!(there.requests(), [], "{status}");
    }
}

#[tokio::test]
async fn contractor() {
    check_calls::<Contractor>().await;
    check_sign_in::<Contractor>().await;
}

#[tokio::test]
async fn crpt() {
    check_calls::<Crpt>().await;
    check_sign_in::<Crpt>().await;
}

#[tokio::test]
async fn legalcase() {
    check_calls::<Legalcase>().await;
}

#[tokio::test]
async fn callback() {
    check_calls::<Callback>().await;
    check_sign_in::<Callback>().await;
}
