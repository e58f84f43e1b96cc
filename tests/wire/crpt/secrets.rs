//! Secrets that must not be seen whatever fails.

use casewire::{
    Config,
    crpt::{Client, types},
};
use support::{
    interfaces::Crpt, interfaces::crpt::rows::ROWS, outcome::assert_no_secrets, recorder::Response, row::row,
};

use super::{participant, portal, with_cookies};

#[tokio::test]
async fn nothing_that_can_be_printed_shows_a_secret() {
    let portal = portal().await;
    portal.then(|_| Response::json(404, r#"{"error":"case not found"}"#));
    let auth = participant();
    let config = Config::new(&portal.origin()).unwrap().header("x-gateway", "session-gate").unwrap();
    assert_no_secrets::<Crpt>(&format!("{auth:?} {auth:#?} {config:?} {config:#?}"));
    let client = Client::connect(config, auth).unwrap();
    assert_no_secrets::<Crpt>(&format!("{client:?} {client:#?}"));
    // With cookies in the session, too.
    row(ROWS, "getCase").outcome(&client).await;
    assert_eq!(portal.requests()[0].header("bpmcsrf"), Some("csrf-1"), "the test is about real cookies");
    assert_no_secrets::<Crpt>(&format!("{client:?} {client:#?} {:?}", client.get_case().number("SR1")));
    let login = client.login().force_use_session("true").body_map(|b| b.user_name("u").user_password("Petr0v-1"));
    assert_no_secrets::<Crpt>(&format!("{login:?} {login:#?}"));
    let request: types::LoginRequest = serde_json::from_str(r#"{"UserName":"u","UserPassword":"Petr0v-1"}"#).unwrap();
    assert_no_secrets::<Crpt>(&format!("{request:?}"));
    assert_eq!(request.user_password.expose(), "Petr0v-1");
    // Headers of responses have cookies in them.
    let response = login.send().await.unwrap();
    assert!(response.headers().get_all("set-cookie").iter().count() >= 4);
    assert_no_secrets::<Crpt>(&format!("{response:?}"));
    portal.responses([with_cookies(Response::json(404, r#"{"error":"case not found"}"#), 7)]);
    let error = client.get_case().number("SR1").send().await.unwrap_err();
    assert_no_secrets::<Crpt>(&format!("{error:?} {error:#?} {error}"));
}
