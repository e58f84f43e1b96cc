//! The cookie jar: what is kept, where it is sent, and what replaces it.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use casewire::ErrorKind;
use support::{
    interfaces::crpt::rows::ROWS,
    recorder::{Request, Response},
    row::row,
};
use tokio::sync::Notify;

use super::{SIGNED_IN, connect, cookies, portal, signed_in};

const CREATED: &str = r#"{"ok":true,"data":"SR00683913"}"#;

fn sent(request: &Request) -> BTreeSet<String> {
    let header = request.header("cookie").unwrap();
    let cookies: BTreeSet<_> = header.split("; ").map(str::to_owned).collect();
    assert_eq!(cookies.len(), header.split("; ").count(), "a cookie twice in {header}");
    cookies
}

/// After a sign-in that sets these in addition to the documented ones, these are sent in addition to
/// the documented ones.
async fn check(set: &[&str], expect: &[&str]) {
    let portal = portal().await;
    portal.sign_ins([set.iter().fold(signed_in(1), |response, cookie| response.header("set-cookie", cookie))]);
    portal.then(|_| Response::json(200, CREATED));
    let client = connect(&portal);
    for id in ["createCase", "getCase"] {
        row(ROWS, id).outcome(&client).await;
    }
    let expect: BTreeSet<_> = cookies(1).into_iter().chain(expect.iter().map(|&c| c.to_owned())).collect();
    for request in portal.requests() {
        assert_eq!(sent(&request), expect, "{set:?}");
    }
    assert_eq!(portal.counts(), [2, 1]);
}

#[tokio::test]
async fn all_cookies_of_the_sign_in_are_sent() {
    check(&[], &[]).await;
    // Creatio sets it; the documents don't know it.
    check(&["BPMSESSIONID=session-1; path=/0; HttpOnly; SameSite=Lax"], &["BPMSESSIONID=session-1"]).await;
    check(&["a=1", "b=two words; path=/", "c=x=y==; Path=/0/ssp"], &["a=1", "b=two words", "c=x=y=="]).await;
    check(&["empty=; path=/"], &["empty="]).await;
    check(&["d=1; expires=Fri, 31 Dec 2099 23:59:59 GMT; max-age=600"], &["d=1"]).await;
    check(&["e=1; expires=Thu, 01 Jan 1970 00:00:00 GMT; max-age=600"], &["e=1"]).await;
    check(&["f=1; domain=127.0.0.1"], &["f=1"]).await;
    check(&["g=1; path=/Login; path=0"], &["g=1"]).await;
    check(&["h=1; path=/; max-age=99999999999999999999", "h=2; path=/0; max-age=x"], &["h=1", "h=2"]).await;
    let many: Vec<_> = (0..46).map(|number| format!("m{number}=1")).collect();
    let with_path: Vec<_> = many.iter().map(|cookie| format!("{cookie}; path=/")).collect();
    check(
        &with_path.iter().map(String::as_str).collect::<Vec<_>>(),
        &many.iter().map(String::as_str).collect::<Vec<_>>(),
    )
    .await;
}

/// RFC 6265, section 5.1.1.
#[tokio::test]
async fn dates_that_say_nothing() {
    for date in ["Mon, 01-Jan-0001 00:00:00 GMT", "Sun, 31 Dec 1600 23:59:59 GMT", "31 Nov 2023 00:00:00", "0", "never"]
    {
        check(&[&format!("d=1; path=/; expires={date}")], &["d=1"]).await;
    }
}

/// The longest path goes first, then what was set first (RFC 6265, section 5.4).
#[tokio::test]
async fn cookies_have_an_order() {
    let portal = portal().await;
    let deep = "deep=1; path=/0/ssp/rest/PublicWebServices";
    portal.sign_ins([signed_in(1).header("set-cookie", "a=1; path=/").header("set-cookie", deep)]);
    portal.responses([Response::json(200, CREATED).header("set-cookie", ".ASPXAUTH=aspxauth-2; path=/")]);
    portal.then(|_| Response::json(200, CREATED));
    let client = connect(&portal);
    for aspxauth in ["aspxauth-1", "aspxauth-2"] {
        row(ROWS, "createCase").outcome(&client).await;
        let expect =
            format!("deep=1; BPMLOADER=loader-1; .ASPXAUTH={aspxauth}; BPMCSRF=csrf-1; UserName=ivan.petrov; a=1");
        assert_eq!(portal.requests().last().unwrap().header("cookie"), Some(expect.as_str()));
    }
}

/// `UserName` is one of the documented cookies, and names of users may be Russian.
#[tokio::test]
async fn cookies_may_be_in_utf_8() {
    check(&["Фамилия=Петров; path=/", "name=иван; path=/"], &["Фамилия=Петров", "name=иван"]).await;
}

#[tokio::test]
async fn cookies_for_other_places_are_not_sent() {
    check(&["x=1; path=/; domain=elsewhere.example"], &[]).await;
    check(&["x=1; path=/; domain=.example"], &[]).await;
    check(&["x=1; path=/Login"], &[]).await;
    check(&["x=1; path=/0/ssp/rest/Other"], &[]).await;
    check(&["x=1; path=/; max-age=0"], &[]).await;
    check(&["x=1; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT"], &[]).await;
    check(&["x=1; path=/; domain=127.0.0.1.example"], &[]).await;
    check(&["x=1; path=/; domain=0.0.1", "x=1; path=/; domain=.1"], &[]).await;
    check(&["x=1; path=/; secure", "__Host-x=1; path=/; secure"], &[]).await;
    check(&["x=1; path=/0/ss", "x=1; path=/; path=/Login"], &[]).await;
    check(&["x=1; path=/; max-age=-1; expires=Fri, 31 Dec 2099 23:59:59 GMT"], &[]).await;
    check(&["x=1; path=/", "x=; path=/; expires=Thursday, 01-Jan-70 00:00:00 GMT"], &[]).await;
    check(&[&format!("x={}; path=/", "x".repeat(4 << 10))], &[]).await;
    check(&["no cookie", "", ";;", "="], &[]).await;
}

/// Cookies are kept from any response, a failure included, and the header follows the cookie.
#[tokio::test]
async fn later_responses_update_the_cookies() {
    for status in [200, 404, 500] {
        let portal = portal().await;
        let response = Response::json(status, r#"{"error":"case not found"}"#);
        portal.responses([response
            .header("set-cookie", "BPMCSRF=csrf-new==; path=/")
            .header("set-cookie", "BPMSESSIONID=session-1; path=/")
            .header("set-cookie", "UserName=; path=/; max-age=0")
            .header("set-cookie", "foreign=1; path=/; domain=elsewhere.example")]);
        portal.then(|_| Response::json(200, CREATED));
        let client = connect(&portal);
        for _ in 0..2 {
            row(ROWS, "createCase").outcome(&client).await;
        }
        let requests = portal.requests();
        assert_eq!(requests[0].header("bpmcsrf"), Some("csrf-1"));
        assert_eq!(requests[1].header("bpmcsrf"), Some("csrf-new=="));
        let expect = [".ASPXAUTH=aspxauth-1", "BPMCSRF=csrf-new==", "BPMLOADER=loader-1", "BPMSESSIONID=session-1"];
        assert_eq!(sent(&requests[1]), expect.map(str::to_owned).into());
        assert_eq!(portal.counts(), [2, 1]);
    }
}

/// A server that takes the session's cookies away ends the session: the next call signs in.
#[tokio::test]
async fn a_session_whose_cookies_are_gone_is_opened_anew() {
    let gone = |name: &str, path: &str| format!("{name}=; path={path}; max-age=0");
    for names in
        [&[("BPMCSRF", "/")][..], &[("BPMCSRF", "/"), (".ASPXAUTH", "/"), ("BPMLOADER", "/0"), ("UserName", "/")]]
    {
        let portal = portal().await;
        let response = Response::json(200, CREATED);
        portal.responses([names.iter().fold(response, |a, (name, path)| a.header("set-cookie", &gone(name, path)))]);
        // As a server does that misses the header.
        portal.then(|request| match request.header("bpmcsrf") {
            Some("csrf-2") => Response::json(200, CREATED),
            _ => Response::empty(403),
        });
        let client = connect(&portal);
        let create = row(ROWS, "createCase");
        assert_eq!(create.outcome(&client).await.text, r#"Ok("SR00683913")"#);
        assert_eq!(create.outcome(&client).await.text, r#"Ok("SR00683913")"#, "without {names:?}");
        assert_eq!(portal.counts()[1], 2);
    }
}

/// So does a session whose cookies have expired.
#[tokio::test]
async fn a_session_whose_cookies_have_expired_is_opened_anew() {
    let portal = portal().await;
    portal.sign_ins([signed_in(1).header("set-cookie", "BPMCSRF=csrf-1; path=/; max-age=1"), signed_in(2)]);
    portal.then(|_| Response::json(200, CREATED));
    let client = connect(&portal);
    for expect in ["csrf-1", "csrf-2"] {
        row(ROWS, "createCase").outcome(&client).await;
        assert_eq!(portal.requests().last().unwrap().header("bpmcsrf"), Some(expect));
        tokio::time::sleep(Duration::from_millis(1010)).await;
    }
    assert_eq!(portal.counts(), [2, 2]);
}

/// A sign-in whose cookie is of no use says why.
#[tokio::test]
async fn a_cookie_that_does_not_apply() {
    let large = format!("BPMCSRF={}; path=/", "csrf-1".repeat(1000));
    let others: Vec<_> = (0..50).map(|number| format!("c{number}=1; path=/")).collect();
    let others: Vec<_> = ["BPMCSRF=csrf-1; path=/"].into_iter().chain(others.iter().map(String::as_str)).collect();
    for (set, why) in [
        (&["BPMCSRF=csrf-1; path=/; Secure; HttpOnly"][..], "is marked Secure, and the address is not https"),
        (
            &[
                "BPMLOADER=loader-1; path=/0; HttpOnly; Secure",
                ".ASPXAUTH=aspxauth-1; path=/; HttpOnly; Secure",
                "BPMCSRF=csrf-1; path=/; Secure; SameSite=None",
                "UserName=ivan.petrov; path=/; Secure",
            ],
            "is marked Secure, and the address is not https",
        ),
        (&["BPMCSRF=csrf-1; path=/; domain=desk.example"], "is for another domain"),
        (&["BPMCSRF=csrf-1; path=/Login"], "is for another path"),
        (&["BPMCSRF=csrf-1; path=/", "BPMCSRF=; path=/; max-age=0"], "was withdrawn by the server or has expired"),
        (&[large.as_str()], "is larger than 4096 bytes"),
        (&others, "was dropped, because the server set too many others after it"),
        (&["BPMCSRF", "bpmcsrf=csrf-1; path=/"], ""),
    ] {
        let portal = portal().await;
        portal.sign_ins([set.iter().fold(Response::json(200, SIGNED_IN), |a, cookie| a.header("set-cookie", cookie))]);
        let outcome = row(ROWS, "createCase").outcome(&connect(&portal)).await;
        let expect = match why {
            "" => "set no cookie BPMCSRF".to_owned(),
            why => format!("set no cookie BPMCSRF for {}: the one that it set {why}", portal.origin()),
        };
        assert!(outcome.text.ends_with(&expect), "{} ends with {expect}", outcome.text);
        assert_eq!(outcome.error.unwrap().kind, ErrorKind::Authentication);
        assert_eq!(portal.counts(), [0, 1]);
    }
}

/// What a response sets concerns the session that it was asked in, not one that was opened
/// meanwhile.
#[tokio::test]
async fn an_old_session_changes_nothing_in_a_new_one() {
    let portal = portal().await;
    let gate = Arc::new(Notify::new());
    let old = vec![("set-cookie".to_owned(), "BPMCSRF=csrf-old; path=/".to_owned())];
    portal.responses([Response::Late(Arc::clone(&gate), old, CREATED.into()), Response::empty(401)]);
    portal.then(|_| Response::json(200, CREATED));
    let client = connect(&portal);
    let create = || row(ROWS, "createCase").outcome(&client);
    let renewed_meanwhile = async {
        while portal.requests().is_empty() {
            tokio::task::yield_now().await;
        }
        create().await;
        gate.notify_one();
    };
    tokio::join!(create(), renewed_meanwhile);
    create().await;
    let tokens: Vec<_> = portal.requests().iter().map(|r| r.header("bpmcsrf").unwrap().to_owned()).collect();
    assert_eq!(tokens, ["csrf-1", "csrf-1", "csrf-2", "csrf-2"]);
}

/// The cookies of the new session replace those of the old one.
#[tokio::test]
async fn a_new_session_has_new_cookies() {
    let portal = portal().await;
    portal.responses([Response::empty(401), Response::json(200, CREATED)]);
    row(ROWS, "createCase").outcome(&connect(&portal)).await;
    let requests = portal.requests();
    for (request, number) in requests.iter().zip(1..) {
        assert_eq!(sent(request), cookies(number).into_iter().collect());
        assert_eq!(request.header("bpmcsrf"), Some(format!("csrf-{number}").as_str()));
    }
    assert_eq!(requests.len(), 2);
}
