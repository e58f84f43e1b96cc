//! Secrets that must not be seen whatever fails.

use casewire::{
    Config,
    contractor::{Client, types},
};
use support::{
    interfaces::Contractor, interfaces::contractor::rows::TOKEN, outcome::assert_no_secrets, recorder::Recorder,
};

use super::everyone;

#[tokio::test]
async fn nothing_that_can_be_printed_shows_a_secret() {
    let recorder = Recorder::start().await;
    let auth = everyone();
    let config = Config::new(&recorder.origin()).unwrap().header("x-gateway", "desk-key").unwrap();
    assert_no_secrets::<Contractor>(&format!("{auth:?} {auth:#?} {config:?} {config:#?}"));
    let client = Client::connect(config, auth).unwrap();
    // With tokens in the session, too.
    client.get_self().send().await.unwrap_err();
    assert_no_secrets::<Contractor>(&format!("{client:?} {client:#?}"));
    assert_no_secrets::<Contractor>(&format!("{:?}", client.get_shared_call().token(TOKEN)));
    assert_no_secrets::<Contractor>(&format!(
        "{:?}",
        client.register_user().body_map(|b| b.user_name("u").password("Petr0va"))
    ));
    assert_no_secrets::<Contractor>(&format!(
        "{:?}",
        client.change_password().id(1).body_map(|b| b.new_password("Petr0va"))
    ));
    let sign_in = client.sign_in().body_map(|b| b.salt("AAECAwQFBgcICQoLDA0ODw==").hashed_password("UGFzc3cwcmQ="));
    let shown = format!("{sign_in:?}");
    assert!(!shown.contains("AAECAwQFBgcICQoLDA0ODw") && !shown.contains("UGFzc3cwcmQ"), "{shown}");

    let tokens = client.renew_tokens().send().await.unwrap();
    assert_eq!(tokens.access.token.expose(), "access-2", "the test is about real tokens");
    assert_no_secrets::<Contractor>(&format!("{tokens:?} {:#?}", *tokens));
    let link: types::TokenDto = serde_json::from_str(r#"{"token":"3f0c1d52"}"#).unwrap();
    assert_no_secrets::<Contractor>(&format!("{link:?}"));
}
