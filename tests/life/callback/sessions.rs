//! Tokens as the platform sees them: when the client fetches one, what it sends again, and
//! when it gives up; and paths that a deployment has elsewhere. A row of [`Stage::log`]
//! is an operation and the status it was answered with.

use casewire::{
    ConfigError, ErrorKind,
    callback::{Auth, Client, Config, Endpoints},
};
use casewire_sandbox::{Fault, callback::Paths};
use futures_util::future::join_all;

use crate::life::{
    callback::stage::{AUTHENTICATED, LOGIN, PASSWORD, Stage, connect, ids, register, render},
    common::{Staged, body, refused, sign_in_refused},
};

const FETCHED: (&str, u16) = ("fetchApplications", 200);
const NOT_FETCHED: (&str, u16) = ("fetchApplications", 401);

#[tokio::test]
async fn one_token_serves_many_calls() {
    let stage = Stage::start().await;
    assert_eq!(stage.log(), [], "connecting sends nothing");
    let clone = stage.client.clone();
    stage.fetch().await;
    clone.fetch_applications().send().await.unwrap();
    register(&clone, "111").send().await.unwrap();
    assert_eq!(stage.log(), [AUTHENTICATED, FETCHED, FETCHED, ("reportStatus", 200)], "clones share the token");
}

#[tokio::test]
async fn an_expired_token_is_replaced_once_and_the_call_repeated() {
    let stage = Stage::start().await;
    stage.fetch().await;
    stage.sandbox.state(|state| state.clock.advance(3_600_000));
    stage.fetch().await;
    stage.sandbox.state(|state| state.clock.advance(1));
    stage.fetch().await;
    stage.fetch().await;
    assert_eq!(stage.log(), [AUTHENTICATED, FETCHED, FETCHED, NOT_FETCHED, AUTHENTICATED, FETCHED, FETCHED]);
}

/// A 401 means that nothing was done, so that writes are sent again too, and have their effect once.
#[tokio::test]
async fn writes_are_repeated_after_a_401() {
    let stage = Stage::start().await;
    let code = stage.fetch().await.commit.unwrap();
    stage.withdraw();
    stage.client.commit_batch().code(code).send().await.unwrap();
    assert_eq!(stage.log()[2..], [("commitBatch", 401), AUTHENTICATED, ("commitBatch", 200)]);
    assert_eq!(stage.delivered(), ["111", "112"]);
    stage.withdraw();
    register(&stage.client, "111").send().await.unwrap();
    assert_eq!(stage.log()[5..], [("reportStatus", 401), AUTHENTICATED, ("reportStatus", 200)]);
    render(&stage.client, "111").send().await.unwrap();
}

#[tokio::test]
async fn a_call_that_is_refused_twice_is_not_sent_a_third_time() {
    let stage = Stage::given(|state| state.token_lifetime_ms = Some(-1)).await;
    let got = refused(stage.client.fetch_applications().send().await);
    assert_eq!((got.kind, got.status), (ErrorKind::Authentication, Some(401)));
    assert_eq!(stage.log(), [AUTHENTICATED, NOT_FETCHED, AUTHENTICATED, NOT_FETCHED]);
    assert_eq!(refused(stage.client.commit_batch().code("batch-111").send().await).status, Some(401));
    assert_eq!(stage.log()[4..], [("commitBatch", 401), AUTHENTICATED, ("commitBatch", 401)]);
    // Another token has helped neither of them.
    refused(stage.client.fetch_applications().send().await);
    refused(stage.client.commit_batch().code("batch-111").send().await);
    assert_eq!(stage.log()[7..], [NOT_FETCHED, ("commitBatch", 401)]);
}

/// With a token that is good, failures under 200 are failures, and no reason for another token.
#[tokio::test]
async fn a_failure_under_200_is_no_reason_for_another_token() {
    let stage = Stage::given(|state| state.failure_status = Some(200)).await;
    assert_eq!(refused(render(&stage.client, "111").send().await).kind, ErrorKind::Refused);
    assert_eq!(stage.log(), [AUTHENTICATED, ("reportStatus", 200)]);
}

/// A token that is refused under HTTP status 200 is replaced like any other.
#[tokio::test]
async fn a_token_that_is_refused_under_200_is_replaced() {
    let stage = Stage::given(|state| state.failure_status = Some(200)).await;
    let batch = stage.fetch().await;
    stage.withdraw();
    let code = batch.commit.as_deref().unwrap();
    stage.client.commit_batch().code(code).send().await.unwrap();
    assert_eq!(stage.log()[2..], [("commitBatch", 200), AUTHENTICATED, ("commitBatch", 200)]);
    assert_eq!(stage.delivered().len(), batch.applications.len(), "confirmed once");
}

#[tokio::test]
async fn two_hundred_calls_fetch_one_token_each_time() {
    let stage = Stage::start().await;
    let calls = || join_all((0..200).map(|_| stage.client.fetch_applications().limit(2).send()));
    for tokens in 1..=3 {
        for response in calls().await {
            assert_eq!(ids(&response.unwrap()), ["111", "112"]);
        }
        assert_eq!(stage.sandbox.count("authenticate"), tokens);
        stage.withdraw();
    }
    assert!(stage.sandbox.count("fetchApplications") <= 200 + 2 * 400, "none was sent a third time");
}

#[tokio::test]
async fn wrong_credentials_are_a_session_error() {
    for (ordered, status) in [(None, 401), (Some(200), 200), (Some(418), 418)] {
        for (login, password) in [(LOGIN, "petr0v-1"), ("nobody@oip.example", PASSWORD), (LOGIN, "Пароль1")] {
            let stage = Stage::given(|state| state.failure_status = ordered).await;
            let client = connect(&stage.sandbox, Auth::user(login, password), Endpoints::default());
            let text = sign_in_refused(client.fetch_applications().send().await, password);
            let start = "GET /api/v1/applications/ (fetchApplications): no session: \
                         POST /api/v1/auth/ (authenticate): the server responded with";
            assert!(text.starts_with(start), "{text}");
            assert_eq!(stage.log(), [("authenticate", status)]);
        }
    }
}

#[tokio::test]
async fn a_cyrillic_password_goes_as_utf8() {
    let stage = Stage::given(|state| {
        state.users.insert("оип".to_owned(), "Пароль1".to_owned());
    })
    .await;
    let client = connect(&stage.sandbox, Auth::user("оип", "Пароль1"), Endpoints::default());
    client.fetch_applications().send().await.unwrap();
}

/// Calls that wait for one token share its failure. Later ones are told of it, until
/// somebody asks for another try.
#[tokio::test]
async fn a_changed_password_fails_all_that_wait() {
    let stage = Stage::start().await;
    let set_password = |password: &str| {
        stage.sandbox.state(|state| state.users.insert(LOGIN.to_owned(), password.to_owned()));
    };
    set_password("Petr0v-2");
    for response in join_all((0..50).map(|_| stage.client.fetch_applications().send())).await {
        assert_eq!(refused(response).kind, ErrorKind::Authentication);
    }
    set_password(PASSWORD);
    let told = refused(stage.client.fetch_applications().send().await);
    assert_eq!(told.kind, ErrorKind::Authentication);
    assert!(told.text.contains("no session: the sign-in was refused 0 s ago, next try in 30 s: "), "{}", told.text);
    assert_eq!(stage.log(), [("authenticate", 401)], "so that no user is locked by calls that keep coming");
    stage.client.sign_in_now().await.unwrap();
    stage.fetch().await;
    assert_eq!(stage.log()[1..], [AUTHENTICATED, FETCHED]);
}

#[tokio::test]
async fn fetching_a_token_can_break() {
    let body = |text| body(200, "application/json", text);
    for (fault, kind) in [
        (Fault::Drop, ErrorKind::Transport),
        (Fault::Truncate, ErrorKind::Transport),
        (Fault::Status(503), ErrorKind::Server),
        (Fault::Status(403), ErrorKind::Permission),
        (body("<html>"), ErrorKind::Undecodable),
        (body(r#"{"statusCode":200,"data":{}}"#), ErrorKind::Undecodable),
        (body(r#"{"statusCode":403,"data":{"type":"Blocked"}}"#), ErrorKind::Authentication),
        // A token that no header can carry.
        (body(r#"{"statusCode":200,"data":{"token":"a\nb"}}"#), ErrorKind::Authentication),
    ] {
        let stage = Stage::start().await;
        stage.sandbox.fault("authenticate", fault.clone());
        let got = refused(register(&stage.client, "111").send().await);
        assert_eq!((got.operation, got.kind, got.status), ("reportStatus", kind, None), "{fault:?}");
        assert_eq!((stage.sandbox.requests().len(), stage.reported("111")), (1, (None, None)), "{fault:?}");
    }
}

/// Three paths are guesses: the sandbox has them elsewhere, and so does the client.
#[tokio::test]
async fn paths_can_be_elsewhere() {
    let (auth, applications, status) = ("/api/v2/token/", "/api/v2/заявки/", "/api/v2/status");
    let moved = || {
        Stage::given(|state| {
            let fetch_applications = "/api/v2/%D0%B7%D0%B0%D1%8F%D0%B2%D0%BA%D0%B8/".to_owned();
            state.paths = Paths { authenticate: auth.to_owned(), fetch_applications, report_status: status.to_owned() };
        })
    };
    let endpoints = Endpoints {
        authenticate: auth.to_owned(),
        fetch_applications: applications.to_owned(),
        report_status: status.to_owned(),
    };
    let stage = moved().await;
    let client = connect(&stage.sandbox, Auth::user(LOGIN, PASSWORD), endpoints.clone());
    let batch = client.fetch_applications().limit(1).send().await.unwrap();
    assert_eq!(ids(&batch), ["111"], "the query goes along");
    client.commit_batch().code(batch.commit.as_deref().unwrap()).send().await.unwrap();
    stage.withdraw();
    register(&client, "111").send().await.unwrap();
    let report = ("reportStatus", 200);
    let refused_report = ("reportStatus", 401);
    let expect = [AUTHENTICATED, FETCHED, ("commitBatch", 200), refused_report, AUTHENTICATED, report];
    assert_eq!(stage.log(), expect);

    // Each of them is needed.
    for (wrong, expect) in [
        (Endpoints { authenticate: Endpoints::default().authenticate, ..endpoints.clone() }, "(authenticate)"),
        (Endpoints { fetch_applications: Endpoints::default().fetch_applications, ..endpoints }, "(fetchApplications)"),
    ] {
        let stage = moved().await;
        let client = connect(&stage.sandbox, Auth::user(LOGIN, PASSWORD), wrong);
        let got = refused(client.fetch_applications().send().await);
        assert!(got.text.contains(&format!("{expect}: the server responded with 404")), "{}", got.text);
        assert_eq!(stage.log().last(), Some(&("-", 404)));
    }
}

#[tokio::test]
async fn a_path_that_is_none_is_refused() {
    for path in ["", "api/v1/token/", "/api/?x=1", "/api/#x", "/api/../token/"] {
        let wrong = || path.to_owned();
        for endpoints in [
            Endpoints { authenticate: wrong(), ..Endpoints::default() },
            Endpoints { fetch_applications: wrong(), ..Endpoints::default() },
            Endpoints { report_status: wrong(), ..Endpoints::default() },
        ] {
            let config = Config::new("http://127.0.0.1").unwrap();
            let refused = Client::connect(config, Auth::user(LOGIN, PASSWORD), endpoints);
            // A query or a fragment may hold a secret.
            let shown = path.split(['?', '#']).next().unwrap();
            assert!(matches!(&refused, Err(ConfigError::Path(it)) if it == shown), "{path}: {refused:?}");
        }
    }
}
