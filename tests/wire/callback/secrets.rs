//! Connections that fail, and secrets that must not be seen whatever fails.

use std::time::Duration;

use casewire::{
    ErrorKind,
    callback::{Client, Config, Endpoints, types},
};
use futures_util::future::join_all;
use support::{
    interfaces::Callback, interfaces::callback::SECRETS, interfaces::callback::rows::ROWS, outcome::assert_no_secrets,
    recorder::Answer, row::row,
};

use super::{OPERATIONS, connect, connect_with, organisation, platform};

#[tokio::test]
async fn nobody_listens() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let client = Client::connect(Config::new(&origin).unwrap(), organisation(), Endpoints::default()).unwrap();
    let outcome = row(ROWS, "commitBatch").outcome(&client).await;
    assert!(outcome.text.ends_with("(authenticate): no connection"), "{}", outcome.text);
    let seen = outcome.error.unwrap();
    assert_eq!(seen.kind, ErrorKind::Transport);
    assert!(!seen.sources.join("\n").contains(&origin), "{:?}", seen.sources);
}

#[tokio::test]
async fn a_connection_that_breaks_is_not_tried_again() {
    let platform = platform().await;
    platform.then(|_| Answer::Close);
    let client = connect(&platform);
    for (before, row) in ROWS.iter().filter(|row| row.id != "authenticate").enumerate() {
        let outcome = row.outcome(&client).await;
        assert!(outcome.text.ends_with("the connection broke"), "{}: {}", row.id, outcome.text);
        assert_eq!(outcome.error.unwrap().kind, ErrorKind::Transport);
        assert_eq!(platform.counts(), [before + 1, 1], "{} is sent once", row.id);
    }
}

/// The first call fetches the token; the limit is wide enough for that on a busy machine.
#[tokio::test]
async fn no_answer_in_time() {
    let platform = platform().await;
    platform.answers([Answer::json(200, r#"{"statusCode":200}"#)]);
    platform.then(|_| Answer::Silence);
    let client = connect_with(&platform, |config| config.timeout(Duration::from_secs(2)));
    assert!(row(ROWS, "commitBatch").outcome(&client).await.text.starts_with("Ok("));
    let calls = ["fetchApplications", "commitBatch", "reportStatus"].map(|id| row(ROWS, id).outcome(&client));
    for outcome in join_all(calls).await {
        assert!(outcome.text.ends_with("the timeout of 2s was reached"), "{}", outcome.text);
        assert_eq!(outcome.error.unwrap().kind, ErrorKind::Timeout);
    }
    assert_eq!(platform.counts()[1], 1);
}

#[tokio::test]
async fn nothing_that_can_be_printed_shows_a_secret() {
    let platform = platform().await;
    platform.then(|_| Answer::json(200, r#"{"statusCode":200}"#));
    let auth = organisation();
    let config = Config::new(&platform.origin()).unwrap().header("x-gateway", "tkn-gate").unwrap();
    assert_no_secrets::<Callback>(&format!("{auth:?} {auth:#?} {config:?} {config:#?}"));
    let client = Client::connect(config, auth, Endpoints::default()).unwrap();
    // With a token in the session, too.
    row(ROWS, "commitBatch").outcome(&client).await;
    assert_eq!(platform.requests()[0].header("x-auth-jwt-token"), Some("tkn-1"), "the test is about real tokens");
    assert_no_secrets::<Callback>(&format!("{client:?} {client:#?} {:?}", client.commit_batch().code("b")));
    let authenticate = client.authenticate().body_map(|b| b.login("u").password("Petr0v-1"));
    assert_no_secrets::<Callback>(&format!("{authenticate:?} {authenticate:#?}"));
    let answer = authenticate.send().await.unwrap();
    assert_eq!(answer.data.token.expose(), "tkn-2");
    assert_no_secrets::<Callback>(&format!("{answer:?} {:#?}", *answer));
    let credentials: types::Credentials = serde_json::from_str(r#"{"login":"u","password":"Petr0v-1"}"#).unwrap();
    assert_no_secrets::<Callback>(&format!("{credentials:?}"));
    assert_no_secrets::<Callback>(&format!("{:?}", types::Token::builder().token("tkn-1")));
}

/// An answer that repeats every secret, as an error page of a gateway may do. `outcome` looks for them.
#[tokio::test]
async fn no_answer_brings_a_secret_into_an_error() {
    let echo = SECRETS.map(|secret| format!("{secret:?}")).join(",");
    for (status, body) in [
        (200, format!("[{echo}]")),
        (200, format!(r#"{{"statusCode":"tkn-1","data":[{echo}]}}"#)),
        (200, format!(r#"{{"statusCode":200,"data":{{"token":[{echo}]}},"applications":[{echo}]}}"#)),
        (401, format!(r#"{{"statusCode":401,"data":{{"type":[{echo}]}}}}"#)),
        (401, echo.clone()),
        (500, echo.clone()),
    ] {
        for operation in OPERATIONS {
            let platform = platform().await;
            let answer = Answer::json(status, &body).header("x-echo", &echo);
            platform.answers([answer.clone(), answer.clone()]);
            row(ROWS, operation.id).outcome(&connect(&platform)).await;
            // The same in answer to the sign-in.
            platform.sign_ins([answer]);
            assert!(row(ROWS, operation.id).outcome(&connect(&platform)).await.error.is_some());
        }
    }
}
