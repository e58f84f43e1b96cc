//! Sessions as the portal sees them: when the client signs in, what it sends again, and when
//! it gives up. A row of [`Stage::log`] is an operation and the status it was answered
//! with, in the order of arrival.

use casewire::{
    ErrorKind, Part,
    crpt::{Auth, Client, types::CaseAction},
};
use casewire_sandbox::{Fault, crpt::SessionEnd};
use futures_util::future::join_all;

use crate::life::{
    common::{Staged, body, refused, sign_in_refused, told, told_download},
    crpt::stage::{CASE, FILE, FILE_BYTES, SIGNED_IN, SOLVED_CASE, Stage, attach, connect, download, message, update},
};
use crate::streams;

const GOT: (&str, u16) = ("getCase", 200);
const ENDS: [(SessionEnd, u16); 3] =
    [(SessionEnd::Status401, 401), (SessionEnd::Status403, 403), (SessionEnd::LoginPage, 200)];

#[tokio::test]
async fn one_sign_in_serves_many_calls() {
    let stage = Stage::start().await;
    assert_eq!(stage.log(), [], "connecting sends nothing");
    let clone = stage.ivan.clone();
    stage.ivan.get_case().number(CASE).send().await.unwrap();
    clone.get_case().number(CASE).send().await.unwrap();
    message(&clone, CASE, "Да").send().await.unwrap();
    assert_eq!(stage.log(), [SIGNED_IN, GOT, GOT, ("addMessage", 200)], "clones share the session");
}

/// The session lasts an hour after each call: with one each 59 minutes, it never ends.
#[tokio::test]
async fn a_session_in_use_lasts() {
    let stage = Stage::start().await;
    for _ in 0..3 {
        stage.ivan.get_case().number(CASE).send().await.unwrap();
        stage.sandbox.state(|state| state.clock.advance(59 * 60_000));
    }
    assert_eq!(stage.log(), [SIGNED_IN, GOT, GOT, GOT]);
    stage.sandbox.state(|state| state.clock.advance(60_001));
    stage.ivan.get_case().number(CASE).send().await.unwrap();
    assert_eq!(stage.log()[4..], [("getCase", 401), SIGNED_IN, GOT]);
}

#[tokio::test]
async fn a_password_goes_as_utf8() {
    let stage = Stage::start().await;
    let anna = connect(&stage.sandbox, Auth::user("anna.smirnova", "Пароль1"));
    message(&anna, CASE, "Я от Ивана").send().await.unwrap();
    assert_eq!(stage.case(CASE).messages[2].contact, "Анна Смирнова");
}

#[tokio::test]
async fn the_documented_code_of_success_is_accepted() {
    let stage = Stage::given(|state| state.code_on_success = 200).await;
    stage.ivan.get_case().number(CASE).send().await.unwrap();
    assert_eq!(stage.log(), [SIGNED_IN, GOT]);
}

/// `BPMSESSIONID` isn't documented; whatever cookies the portal sets, it gets back.
#[tokio::test]
async fn undocumented_cookies_are_sent_back() {
    let stage = Stage::given(|state| state.needs_session_id = true).await;
    stage.ivan.get_case().number(CASE).send().await.unwrap();
    assert_eq!(stage.log(), [SIGNED_IN, GOT]);
}

/// Calls an operation, and tells what came of it.
async fn outcome(client: &Client, operation: &str) -> String {
    match operation {
        "getCase" => told(client.get_case().number(CASE).send().await, |case| case.number.clone()),
        "addMessage" => told(message(client, CASE, "Да").send().await, |_| "written".to_owned()),
        "attachFile" => told(attach(client, CASE, "a.txt", b"a").send().await, |_| "attached".to_owned()),
        "updateCase" => told(update(client, SOLVED_CASE, CaseAction::Close).send().await, |number| number.to_string()),
        _ => told_download(download(client, FILE).send().await).await,
    }
}

#[tokio::test]
async fn an_ended_session_is_replaced_once_and_the_call_repeated() {
    for (operation, expect, new_messages) in [
        ("getCase", CASE.to_owned(), 0),
        ("addMessage", "written".to_owned(), 1),
        ("attachFile", "attached".to_owned(), 1),
        ("updateCase", SOLVED_CASE.to_owned(), 0),
        ("downloadFile", format!("{FILE_BYTES} bytes"), 0),
    ] {
        for (end, status) in ENDS {
            let stage = Stage::signed_in().await;
            stage.end_sessions(end);
            let before = stage.log().len();
            assert_eq!(outcome(&stage.ivan, operation).await, expect, "{operation}, {end:?}");
            assert_eq!(stage.log()[before..], [(operation, status), SIGNED_IN, (operation, 200)], "{end:?}");
            assert_eq!(stage.case(CASE).messages.len(), 2 + new_messages, "{operation}, {end:?}: done once");
        }
    }
}

/// What comes of a call that is refused with a new session, too.
#[tokio::test]
async fn a_call_that_is_refused_twice_is_not_sent_a_third_time() {
    for ((end, status), expect) in
        ENDS.into_iter().zip(["Authentication, documented", "Permission, documented", "Authentication, undecodable"])
    {
        let stage = Stage::given(|state| (state.session_minutes, state.session_end) = (-1, end)).await;
        for operation in ["getCase", "addMessage", "attachFile"] {
            let before = stage.log().len();
            assert_eq!(outcome(&stage.ivan, operation).await, expect, "{operation}, {end:?}");
            // The session is there from the first round, but has ended.
            let first = [SIGNED_IN, (operation, status), SIGNED_IN, (operation, status)];
            assert_eq!(stage.log()[before..], first[usize::from(before > 0)..], "{end:?}");
            // A session more doesn't help, as is known by now.
            let before = stage.log().len();
            assert_eq!(outcome(&stage.ivan, operation).await, expect, "{operation}, {end:?}");
            assert_eq!(stage.log()[before..], [(operation, status)], "{end:?}");
        }
        assert_eq!(stage.case(CASE).messages.len(), 2, "{end:?}");
    }
}

/// An upload from memory is sent again; a stream is used up, its call ends with the
/// refusal, and the next one signs in.
#[tokio::test]
async fn an_upload_from_a_stream_is_not_repeated() {
    let stage = Stage::signed_in().await;
    stage.end_sessions(SessionEnd::Status401);
    let upload =
        stage.ivan.attach_file().number(CASE).filename("a.txt").totallength(1).body(Part::stream(streams::body(["a"])));
    let got = refused(upload.send().await);
    assert_eq!((got.kind, got.status), (ErrorKind::Authentication, Some(401)));
    assert_eq!(stage.log()[2..], [("attachFile", 401)]);
    assert_eq!(outcome(&stage.ivan, "attachFile").await, "attached");
    assert_eq!(stage.log()[3..], [SIGNED_IN, ("attachFile", 200)]);
}

#[tokio::test]
async fn two_hundred_calls_sign_in_once_each_time() {
    let stage = Stage::start().await;
    let calls = || join_all((0..200).map(|_| stage.ivan.get_case().number(CASE).send()));
    for response in calls().await {
        assert_eq!(response.unwrap().number, CASE);
    }
    assert_eq!((stage.sandbox.count("login"), stage.sandbox.count("getCase")), (1, 200));
    for (sign_ins, (end, _)) in (2..).zip(ENDS) {
        stage.end_sessions(end);
        for response in calls().await {
            assert_eq!(response.unwrap().number, CASE, "{end:?}");
        }
        assert_eq!(stage.sandbox.count("login"), sign_ins, "{end:?}");
    }
    assert!(stage.sandbox.count("getCase") <= 200 + 3 * 400, "none was sent a third time");
}

#[tokio::test]
async fn a_refused_sign_in_is_a_session_error() {
    for (name, password) in [("ivan.petrov", "Petr0v-2"), ("nobody", "Petr0v-1"), ("anna.smirnova", "пароль1")] {
        let stage = Stage::start().await;
        let client = connect(&stage.sandbox, Auth::user(name, password));
        let text = sign_in_refused(client.get_case().number(CASE).send().await, password);
        let start = "GET /0/ssp/rest/PublicWebServices/case/{number} (getCase): no session: \
                     POST /ServiceModel/AuthService.svc/Login (login): the server responded with 200 OK";
        assert!(text.starts_with(start), "{text}");
        assert!(text.contains("saying: Вы ввели неправильный логин или пароль. "), "{text}");
        assert_eq!(stage.log(), [SIGNED_IN], "{name}: refused under 200, and nothing else was sent");
    }
}

/// Calls that wait for one sign-in share its failure, and so do later ones for a while,
/// so that nobody is locked; whoever has set things right can try at once.
#[tokio::test]
async fn a_changed_password_fails_all_that_wait() {
    let stage = Stage::signed_in().await;
    let set_password = |password: &str| {
        stage.sandbox.state(|state| {
            state.sessions.clear();
            password.clone_into(&mut state.users.get_mut("ivan.petrov").unwrap().password);
        });
    };
    set_password("Petr0v-2");
    for response in join_all((0..50).map(|_| stage.ivan.get_case().number(CASE).send())).await {
        assert_eq!(refused(response).kind, ErrorKind::Authentication);
    }
    assert_eq!(stage.sandbox.count("login"), 2);
    set_password("Petr0v-1");
    let before = stage.log().len();
    let got = refused(stage.ivan.get_case().number(CASE).send().await);
    assert_eq!((got.kind, got.status), (ErrorKind::Authentication, None));
    assert!(got.text.contains("no session: the sign-in was refused "), "{}", got.text);
    assert_eq!(stage.log().len(), before, "nothing is sent in a session that has ended");
    stage.ivan.sign_in_now().await.unwrap();
    assert_eq!(outcome(&stage.ivan, "getCase").await, CASE);
    assert_eq!(stage.log()[before..], [SIGNED_IN, GOT]);
}

#[tokio::test]
async fn a_sign_in_that_breaks_is_a_session_error() {
    let json = |text| body(200, "application/json", text);
    let html = body(200, "text/html", "<html>");
    // Whether the next call tries again.
    for (fault, kind, may_pass) in [
        (Fault::Drop, ErrorKind::Transport, true),
        (Fault::Truncate, ErrorKind::Transport, true),
        (Fault::Status(503), ErrorKind::Server, true),
        (Fault::Status(403), ErrorKind::Authentication, false),
        (Fault::Status(401), ErrorKind::Authentication, false),
        (html, ErrorKind::Undecodable, true),
        (json(r#"{"Code":5,"Exception":null,"Message":"Вход запрещён"}"#), ErrorKind::Authentication, false),
        // Accepted, it says, but without a cookie.
        (json(r#"{"Code":200,"Exception":null}"#), ErrorKind::Authentication, false),
    ] {
        let stage = Stage::start().await;
        stage.sandbox.fault("login", fault.clone());
        let got = refused(message(&stage.ivan, CASE, "Да").send().await);
        assert_eq!((got.operation, got.kind, got.status), ("addMessage", kind, None), "{fault:?}");
        assert!(got.text.contains("(addMessage): no session: "), "{}", got.text);
        assert_eq!((stage.sandbox.requests().len(), stage.case(CASE).messages.len()), (1, 2), "{fault:?}");
        if !may_pass {
            assert_eq!(outcome(&stage.ivan, "addMessage").await, "Authentication, session", "after {fault:?}");
            assert_eq!(stage.sandbox.requests().len(), 1, "after {fault:?}");
            stage.ivan.sign_in_now().await.unwrap();
        }
        assert_eq!(outcome(&stage.ivan, "addMessage").await, "written", "after {fault:?}");
        assert_eq!(stage.log()[1..], [SIGNED_IN, ("addMessage", 200)], "after {fault:?}");
    }
}
