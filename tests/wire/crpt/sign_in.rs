//! Signing in: when it is done, what counts as success, and what a refusal becomes.

use casewire::{
    Error, ErrorKind, Outcome, SessionFailure,
    crpt::{Auth, Client, Config},
};
use support::{
    desk::Desk,
    interfaces::crpt::rows::ROWS,
    outcome::outcome,
    recorder::{Recorder, Response},
    row::row,
};

use super::{SIGNED_IN, connect, connect_with, portal, signed_in, with_cookies};

const CREATED: &str = r#"{"ok":true,"data":"SR00683913"}"#;

#[tokio::test]
async fn many_calls_sign_in_once() {
    let portal = portal().await;
    portal.then(|_| Response::json(200, CREATED));
    let client = connect(&portal);
    assert_eq!(portal.counts(), [0, 0], "connecting sends nothing");
    for client in [&client, &client, &client.clone(), &connect(&portal)] {
        assert_eq!(row(ROWS, "createCase").outcome(client).await.text, r#"Ok("SR00683913")"#);
    }
    assert_eq!(portal.counts(), [4, 2], "the last is a client of its own");
    for login in portal.signed_in() {
        assert_eq!((login.method.as_str(), login.target.as_str()), ("POST", super::LOGIN));
        let expect = serde_json::json!({"UserName": "ivan.petrov", "UserPassword": "Petr0v-1"});
        assert_eq!((login.json(), login.header("forceusesession")), (expect, Some("true")));
        assert_eq!((login.header("cookie"), login.header("bpmcsrf")), (None, None));
    }
}

/// The documents' 200 and Creatio's 0 are both successes once the cookies are there.
#[tokio::test]
async fn what_counts_as_success() {
    for body in [
        SIGNED_IN,
        r#"{"Code":200,"Message":"","Exception":null,"PasswordChangeUrl":null,"RedirectUrl":null}"#,
        r#"{"Code":0,"Exception":null}"#,
        r#"{"Code":0,"Message":""}"#,
        r#"{"Code":0}"#,
        r#"{"Code":0,"Message":null,"Exception":null,"UserType":"SSP"}"#,
    ] {
        let portal = portal().await;
        portal.sign_ins([with_cookies(Response::json(200, body), 1)]);
        portal.responses([Response::json(200, CREATED)]);
        let outcome = row(ROWS, "createCase").outcome(&connect(&portal)).await;
        assert_eq!(outcome.text, r#"Ok("SR00683913")"#, "{body}");
        assert_eq!(portal.counts(), [1, 1]);
    }
}

/// A sign-in with this response makes `getCase` fail, with an error of this kind that says
/// this. Gives the text, and what is needed to go on: the next call gets a session if it
/// asks for one.
async fn check_failed(response: Response, kind: ErrorKind, reason: &str) -> (String, Desk, Client) {
    let portal = portal().await;
    portal.sign_ins([response]);
    portal.then(|_| Response::json(404, r#"{"error":"case not found"}"#));
    let client = connect(&portal);
    let failed = row(ROWS, "getCase").outcome(&client).await;
    let begin = "Session: GET /0/ssp/rest/PublicWebServices/case/{number} (getCase): no session: ";
    assert!(failed.text.starts_with(begin), "{}", failed.text);
    assert!(failed.text.contains(reason), "{} says {reason}", failed.text);
    let seen = failed.error.unwrap();
    let told = (kind, Outcome::NotSent, "getCase", None);
    assert_eq!((seen.kind, seen.outcome, seen.operation, seen.status), told, "{}", failed.text);
    // What the text says is not said again below it.
    assert!(!seen.sources.iter().any(|source| source.contains(reason)), "{:?}", seen.sources);
    assert_eq!(portal.counts(), [0, 1], "nothing is sent without a session, and a sign-in is not retried");
    (failed.text, portal, client)
}

const NOT_FOUND: &str = r#"Refused(Failure { error: Some("case not found") })"#;

/// The same of a failure that may pass: the next call tries anew.
async fn check_passing(response: Response, kind: ErrorKind, reason: &str) -> String {
    let (text, portal, client) = check_failed(response, kind, reason).await;
    assert_eq!(row(ROWS, "getCase").outcome(&client).await.text, NOT_FOUND, "{text}");
    assert_eq!(portal.counts(), [1, 2]);
    text
}

/// The same of a definitive refusal: the next call is told the same and sends nothing, so
/// that nobody is locked. Somebody who knows better can try at once.
async fn check_refused(response: Response, code: Option<i64>, reason: &str) -> String {
    let (text, portal, client) = check_failed(response, ErrorKind::Authentication, reason).await;
    let remembered = row(ROWS, "getCase").outcome(&client).await;
    let (begin, said) = text.split_once("no session: ").unwrap();
    let begin = format!("{begin}no session: the sign-in was refused ");
    let rest = remembered.text.strip_prefix(&begin).unwrap_or_else(|| panic!("{}", remembered.text));
    let (ago, rest) = rest.split_once(" s ago").unwrap();
    let rest = match code {
        Some(code) => rest.strip_prefix(&format!(" (code {code})")).unwrap_or_else(|| panic!("{rest}")),
        None => rest,
    };
    let (next, again) = rest.strip_prefix(", next try in ").and_then(|rest| rest.split_once(" s: ")).unwrap();
    let [ago, next] = [ago, next].map(|text| text.parse::<u64>().unwrap());
    assert!((30..=31).contains(&(ago + next)) && ago < 10, "{ago} s ago, next in {next} s");
    assert_eq!(again, said);
    let seen = remembered.error.unwrap();
    assert_eq!((seen.kind, seen.outcome), (ErrorKind::Authentication, Outcome::NotSent));
    assert_eq!(portal.counts(), [0, 1], "{text}");
    client.sign_in_now().await.unwrap();
    assert_eq!(row(ROWS, "getCase").outcome(&client).await.text, NOT_FOUND, "{text}");
    assert_eq!(portal.counts(), [1, 2]);
    text
}

#[tokio::test]
async fn refused_sign_ins() {
    let refusal = |code: i64, message: &str| {
        let exception =
            format!(r#"{{"HelpLink":null,"InnerException":null,"Message":"{message}","StackTrace":"","Type":"T"}}"#);
        format!(r#"{{"Code":{code},"Message":"{message}","Exception":{exception},"PasswordChangeUrl":null}}"#)
    };
    let words = "Вы ввели неправильный логин или пароль";
    for code in [1, -1, 2, 201, 401] {
        let response = Response::json(200, &refusal(code, words));
        let reason = format!("(login): the server responded with 200 OK, undocumented code {code}, saying: {words}");
        check_refused(response, Some(code), &reason).await;
    }
    // Cookies don't make a success of it.
    check_refused(with_cookies(Response::json(200, &refusal(1, words)), 1), Some(1), words).await;
    // Without the details, it is a refusal all the same.
    let bare = format!(r#"{{"Code":1,"Message":"{words}"}}"#);
    check_refused(Response::json(200, &bare), Some(1), words).await;
    check_refused(Response::json(200, &bare.replace('}', r#","Exception":null}"#)), Some(1), words).await;
    // Without a reason, the error gives none.
    for body in [
        r#"{"Code":1,"Message":null}"#,
        r#"{"Code":1,"Message":null,"Exception":null}"#,
        r#"{"Code":1,"Exception":null}"#,
        r#"{"Code":1}"#,
    ] {
        let reason = "(login): the server responded with 200 OK, undocumented code 1";
        let text = check_refused(Response::json(200, body), Some(1), reason).await;
        assert!(text.ends_with(reason), "{body}: {text}");
    }
    // No such user, says a gateway.
    check_refused(Response::empty(401), None, "(login): the server responded with 401 Unauthorized").await;
}

/// These may pass, or say nothing about the user.
#[tokio::test]
async fn sign_ins_that_fail() {
    use ErrorKind::{RateLimited, Server, Transport, Undecodable};
    let login = "POST /ServiceModel/AuthService.svc/Login (login): ";
    let unreadable = |what: &str| format!("{login}can't read the body of the 200 OK response {what}");
    let json = "(application/json; charset=utf-8)";
    let missing = unreadable(&format!("{json}: missing field `Code`"));
    check_passing(Response::json(200, r#"{"Message":"","Exception":null}"#), Undecodable, &missing).await;
    let no_number = unreadable(&format!("{json} at Code: invalid type: string, expected i32"));
    check_passing(Response::json(200, r#"{"Code":"1","Message":"","Exception":null}"#), Undecodable, &no_number).await;
    let page = unreadable("(text/html): it looks like HTML or XML, not JSON");
    check_passing(Response::html(200, "<html>csrf-1</html>"), Undecodable, &page).await;
    check_passing(Response::empty(200), Undecodable, "it is empty").await;
    check_passing(Response::empty(500), Server, &format!("{login}the server responded with 500")).await;
    check_passing(Response::empty(429), RateLimited, &format!("{login}the server responded with 429")).await;
    check_passing(Response::empty(302).header("location", "/"), Undecodable, "the server responded with 302").await;
    check_passing(Response::Close, Transport, &format!("{login}the connection broke")).await;
}

/// The spec has a 403 of its own for the sign-in.
#[tokio::test]
async fn a_sign_in_that_is_forbidden() {
    let reason = "(login): the server responded with 403 Forbidden";
    let text = check_refused(Response::html(403, "<html>csrf-1</html>"), None, reason).await;
    assert!(text.ends_with(reason), "{text}");
}

/// Without the cookie BPMCSRF, there is no session, whatever the code says.
#[tokio::test]
async fn a_success_without_the_cookie_is_a_refusal() {
    let reason = "the server accepted the sign-in, but set no cookie BPMCSRF";
    for code in [0, 200] {
        let body = format!(r#"{{"Code":{code},"Message":"","Exception":null}}"#);
        let response = || Response::json(200, &body);
        check_refused(response(), None, reason).await;
        let others =
            response().header("set-cookie", ".ASPXAUTH=aspxauth-1; path=/").header("set-cookie", "BPMCSRFX=csrf-1");
        check_refused(others, None, reason).await;
        // For another host, so it is none of ours.
        let foreign = response().header("set-cookie", "BPMCSRF=csrf-1; path=/; domain=elsewhere.example");
        check_refused(foreign, None, reason).await;
        let removed = response().header("set-cookie", "BPMCSRF=csrf-1; path=/; max-age=0");
        check_refused(removed, None, reason).await;
    }
}

/// A caller finds the server's refusal by type.
#[tokio::test]
async fn a_refused_sign_in_can_be_looked_into() {
    let portal = portal().await;
    portal.sign_ins([Response::json(200, r#"{"Code":1,"Message":"заперт","Exception":{"Type":"T"}}"#)]);
    let Err(Error::Session(error)) = connect(&portal).get_case().number("SR1").send().await else { panic!() };
    let SessionFailure::Failed(sign_in) = error.reason() else { panic!("{error:?}") };
    assert_eq!(sign_in.kind(), ErrorKind::Authentication);
    let login = error.sign_in().unwrap();
    let Some(casewire::crpt::error::LoginError::Refused(failure)) = login.failure() else { panic!("{login:?}") };
    assert_eq!((failure.code, failure.message.as_deref()), (1, Some("заперт")));
    assert_eq!(failure.exception.as_ref().unwrap().type_.as_deref(), Some("T"));
}

/// Odd names and passwords arrive as they are.
#[tokio::test]
async fn credentials_arrive_as_data() {
    for (name, password) in [("иван@ромашка", "пароль \"\\\u{1f511}\r\n"), ("", ""), ("<a>", "{}")] {
        let portal = portal().await;
        let config = Config::new(&portal.origin()).unwrap();
        let client = Client::connect(config, Auth::user(name, password)).unwrap();
        outcome(client.get_case().number("SR1").send().await);
        let expect = serde_json::json!({"UserName": name, "UserPassword": password});
        assert_eq!(portal.signed_in()[0].json(), expect);
    }
}

/// `login` by hand gives cookies to its caller; the session's own don't come into it.
#[tokio::test]
async fn signing_in_by_hand() {
    let portal = portal().await;
    portal.then(|_| Response::json(200, CREATED));
    let client = connect(&portal);
    let (by_hand, create) = (row(ROWS, "login").call, row(ROWS, "createCase").call);
    for call in [by_hand, create, by_hand, create] {
        assert!(call(&client).await.outcome().await.text.starts_with("Ok("));
    }
    assert_eq!(portal.counts(), [2, 3]);
    for request in portal.requests() {
        assert_eq!(request.header("bpmcsrf"), Some("csrf-2"));
        assert!(request.header("cookie").unwrap().contains("aspxauth-2"));
    }
}

/// A sign-in that is not answered in time fails the call that needed it, and names both.
#[tokio::test]
async fn no_sign_in_in_time() {
    let portal = portal().await;
    portal.sign_ins([Response::Silence]);
    let client = connect_with(&portal, |config| config.timeout(std::time::Duration::from_millis(20)));
    let outcome = row(ROWS, "getCase").outcome(&client).await;
    assert!(outcome.text.ends_with("(login): gave up after 20 ms (Config::timeout)"), "{}", outcome.text);
    assert_eq!(outcome.error.unwrap().kind, ErrorKind::Timeout);
    assert_eq!(portal.counts()[0], 0);
}

/// Other servers are not asked, and don't matter.
#[tokio::test]
async fn every_client_has_cookies_of_its_own() {
    let (one, other) = (portal().await, portal().await);
    let elsewhere = Recorder::start().await;
    one.sign_ins([signed_in(1)]);
    other.sign_ins([signed_in(2)]);
    for portal in [&one, &other] {
        portal.then(|_| Response::json(200, CREATED));
    }
    // One HTTP client, two sessions.
    let clients = [super::connect(&one), super::connect(&other)];
    for client in &clients {
        row(ROWS, "createCase").outcome(client).await;
    }
    assert_eq!(one.requests()[0].header("bpmcsrf"), Some("csrf-1"));
    assert_eq!(other.requests()[0].header("bpmcsrf"), Some("csrf-2"));
    assert!(!other.requests()[0].header("cookie").unwrap().contains("-1"));
    assert_eq!(elsewhere.counts(), [0, 0, 0]);
}
