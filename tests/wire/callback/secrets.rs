//! Secrets that must not be seen whatever fails.

use casewire::callback::{Client, Config, Endpoints, types};
use support::{
    interfaces::Callback, interfaces::callback::rows::ROWS, outcome::assert_no_secrets, recorder::Response, row::row,
};

use super::{organisation, platform};

#[tokio::test]
async fn nothing_that_can_be_printed_shows_a_secret() {
    let platform = platform().await;
    platform.then(|_| Response::json(200, r#"{"statusCode":200}"#));
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
    let response = authenticate.send().await.unwrap();
    assert_eq!(response.data.token.expose(), "tkn-2");
    assert_no_secrets::<Callback>(&format!("{response:?} {:#?}", *response));
    let credentials: types::Credentials = serde_json::from_str(r#"{"login":"u","password":"Petr0v-1"}"#).unwrap();
    assert_no_secrets::<Callback>(&format!("{credentials:?}"));
    assert_no_secrets::<Callback>(&format!("{:?}", types::Token::new("tkn-1".into())));
}
