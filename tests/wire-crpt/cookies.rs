//! The cookie jar: what is kept, where it is sent, and what replaces it.

use std::{collections::BTreeSet, sync::Arc};

use tokio::sync::Notify;

use super::{
    connect, cookies, portal,
    row::row,
    rows::ROWS,
    signed_in,
    support::recorder::{Answer, Request},
};

const CREATED: &str = r#"{"ok":true,"data":"SR00683913"}"#;

fn sent(request: &Request) -> BTreeSet<String> {
    let header = request.header("cookie").unwrap();
    let cookies: BTreeSet<_> = header.split("; ").map(str::to_owned).collect();
    assert_eq!(cookies.len(), header.split("; ").count(), "a cookie twice in {header}");
    cookies
}

/// After a sign-in that sets these besides the documented ones, these are sent besides the documented ones.
async fn check(set: &[&str], expect: &[&str]) {
    let portal = portal().await;
    portal.sign_ins([set.iter().fold(signed_in(1), |answer, cookie| answer.header("set-cookie", cookie))]);
    portal.then(|_| Answer::json(200, CREATED));
    let client = connect(&portal);
    for id in ["createCase", "getCase"] {
        (row(ROWS, id).call)(&client).await;
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
    check(&["no cookie", "", ";;", "="], &[]).await;
}

/// Cookies are kept from any answer, a failure included, and the header follows the cookie.
#[tokio::test]
async fn later_answers_update_the_cookies() {
    for status in [200, 404, 500] {
        let portal = portal().await;
        let answer = Answer::json(status, r#"{"error":"case not found"}"#);
        portal.answers([answer
            .header("set-cookie", "BPMCSRF=csrf-new==; path=/")
            .header("set-cookie", "BPMSESSIONID=session-1; path=/")
            .header("set-cookie", "UserName=; path=/; max-age=0")
            .header("set-cookie", "foreign=1; path=/; domain=elsewhere.example")]);
        portal.then(|_| Answer::json(200, CREATED));
        let client = connect(&portal);
        for _ in 0..2 {
            (row(ROWS, "createCase").call)(&client).await;
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
        let answer = Answer::json(200, CREATED);
        portal.answers([names.iter().fold(answer, |a, (name, path)| a.header("set-cookie", &gone(name, path)))]);
        // As a server does that misses the header.
        portal.then(|request| match request.header("bpmcsrf") {
            Some("csrf-2") => Answer::json(200, CREATED),
            _ => Answer::empty(403),
        });
        let client = connect(&portal);
        let create = row(ROWS, "createCase").call;
        assert_eq!(create(&client).await.text, r#"Ok("SR00683913")"#);
        assert_eq!(create(&client).await.text, r#"Ok("SR00683913")"#, "without {names:?}");
        assert_eq!(portal.counts()[1], 2);
    }
}

/// What an answer sets concerns the session that it was asked in, not one that was opened meanwhile.
#[tokio::test]
async fn an_old_session_changes_nothing_in_a_new_one() {
    let portal = portal().await;
    let gate = Arc::new(Notify::new());
    let old = vec![("set-cookie".to_owned(), "BPMCSRF=csrf-old; path=/".to_owned())];
    portal.answers([Answer::Late(Arc::clone(&gate), old, CREATED.into()), Answer::empty(401)]);
    portal.then(|_| Answer::json(200, CREATED));
    let client = connect(&portal);
    let create = || (row(ROWS, "createCase").call)(&client);
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
    portal.answers([Answer::empty(401), Answer::json(200, CREATED)]);
    (row(ROWS, "createCase").call)(&connect(&portal)).await;
    let requests = portal.requests();
    for (request, number) in requests.iter().zip(1..) {
        assert_eq!(sent(request), cookies(number).into_iter().collect());
        assert_eq!(request.header("bpmcsrf"), Some(format!("csrf-{number}").as_str()));
    }
    assert_eq!(requests.len(), 2);
}
