//! What the document leaves open, and a deployment settles: a header, the spelling of
//! `Accept`, statuses of success.

use casewire::{
    ConfigError,
    legalcase::{AcceptSpelling, types},
};
use casewire_sandbox::legalcase::CaseStatus;
use serde_json::json;

use crate::life::{
    common::{Staged, refused},
    legalcase::stage::{
        CASE, CLIENT, COMMENT, DOCUMENT, Stage, accept, change, comment, config, connect, delete_comment, download,
        file, mark, open, read_comment, register, upload, withdraw,
    },
};

/// Calls every operation, all of which succeed.
async fn call_all(bank: &casewire::legalcase::Client) {
    register(bank).send().await.unwrap();
    change(bank, CLIENT).send().await.unwrap();
    open(bank, CLIENT).send().await.unwrap();
    accept(bank, CASE).send().await.unwrap();
    comment(bank, CASE).send().await.unwrap();
    read_comment(bank, COMMENT).send().await.unwrap();
    upload(bank, COMMENT, file()).send().await.unwrap();
    download(bank, COMMENT, DOCUMENT).send().await.unwrap();
    delete_comment(bank, COMMENT).send().await.unwrap();
    withdraw(bank, CASE).send().await.unwrap();
    bank.delete_client().client_id(CLIENT).send().await.unwrap();
}

#[tokio::test]
async fn a_header_goes_with_every_request() {
    let stage = Stage::given(|state| {
        state.required_header = Some(("x-api-key".to_owned(), "key-1".to_owned()));
    })
    .await;
    for key in [None, Some("key-2")] {
        let config = match key {
            None => config(&stage.sandbox),
            Some(key) => config(&stage.sandbox).header("x-api-key", key).unwrap(),
        };
        let got = refused(comment(&connect(config, AcceptSpelling::Latin), CASE).send().await);
        assert_eq!(got.failure, "Unauthorized", "{key:?}");
        assert_eq!(stage.log().pop(), Some(("addComment", 401)), "it is not sent again, as there is no other");
        assert!(key.is_none_or(|key| !got.debug.contains(key)), "the key shows: {}", got.debug);
    }
    assert_eq!(stage.log().len(), 2);
    let config = config(&stage.sandbox).header("X-Api-Key", "key-1").unwrap();
    assert!(!format!("{config:?}").contains("key-1"), "the key shows: {config:?}");
    let bank = connect(config, AcceptSpelling::Latin);
    assert!(!format!("{bank:?}").contains("key-1"), "the key shows: {bank:?}");
    call_all(&bank).await;
    let operations: Vec<_> = stage.sandbox.operations().collect();
    assert!(operations.into_iter().all(|operation| stage.sandbox.count(operation) > 0));
}

#[test]
fn a_header_that_can_not_be_sent_is_refused() {
    for (name, value) in [("x api key", "key-1"), ("", "key-1"), ("x-api-key", "key\n1")] {
        let refused = casewire::Config::new("http://127.0.0.1").unwrap().header(name, value);
        assert!(matches!(refused, Err(ConfigError::Header(it)) if it == name), "{name}: {value}");
    }
}

/// The sandbox understands both, but only one at a time, so that the client must not send both.
#[tokio::test]
async fn accept_can_be_spelt_both_ways() {
    for spelling in [AcceptSpelling::Latin, AcceptSpelling::Cyrillic] {
        let stage = Stage::start().await;
        let bank = connect(config(&stage.sandbox), spelling);
        let state = || {
            stage.sandbox.state(|state| state.case(CASE).map(|case| (case.read, case.accepted, case.status)).unwrap())
        };
        mark(&bank, CASE, |body| body.read(true)).send().await.unwrap();
        assert_eq!(state(), (true, None, CaseStatus::AwaitingConfirmation), "{spelling:?}");
        mark(&bank, CASE, |body| body.accept(true).read(false)).send().await.unwrap();
        assert_eq!(state(), (false, Some(true), CaseStatus::InWork), "{spelling:?}");
        assert_eq!(refused(mark(&bank, CASE, |body| body.accept(false)).send().await).failure, "BadRequest");
        assert_eq!(stage.log(), [("updateLegalCase", 204), ("updateLegalCase", 204), ("updateLegalCase", 400)]);
    }
}

/// Which spelling was sent the sandbox doesn't tell, so this partner writes it down.
#[tokio::test]
async fn the_spelling_is_the_chosen_one() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (told, mut bodies) = tokio::sync::mpsc::unbounded_channel();
    let partner = axum::Router::new().fallback(async move |body: String| told.send(body).unwrap());
    tokio::spawn(async { axum::serve(listener, partner).await });
    for (spelling, name) in [(AcceptSpelling::Latin, "Accept"), (AcceptSpelling::Cyrillic, "Ассепт")] {
        let bank = connect(casewire::Config::new(&url).unwrap(), spelling);
        accept(&bank, CASE).send().await.unwrap();
        mark(&bank, CASE, |body| body.accept(false).read(true)).send().await.unwrap();
        mark(&bank, CASE, |body| body.read(true)).send().await.unwrap();
        for expect in [json!({ name: true }), json!({ name: false, "Read": true }), json!({ "Read": true })] {
            let sent: serde_json::Value = serde_json::from_str(&bodies.recv().await.unwrap()).unwrap();
            assert_eq!(sent, expect);
        }
    }
}

#[tokio::test]
async fn success_may_have_any_of_its_statuses() {
    for (created, done) in [(200, 200), (200, 204), (201, 200), (201, 204), (202, 202)] {
        let stage = Stage::given(|state| (state.created_status, state.done_status) = (created, done)).await;
        call_all(&stage.bank).await;
        let expect = [created, done, created, done, created, done, created, 200, done, done, done];
        let statuses: Vec<_> = stage.log().into_iter().map(|(_, status)| status).collect();
        assert_eq!(statuses, expect);
    }
    let stage = Stage::given(|state| (state.created_status, state.done_status) = (206, 206)).await;
    let got = refused(comment(&stage.bank, CASE).send().await);
    assert!(got.text.contains("206 Partial Content, which the spec doesn't document"), "{}", got.text);
    assert_eq!(refused(accept(&stage.bank, CASE).send().await).status, Some(206));
}

/// Ids are strings of a form that isn't documented: whatever is in them reaches the
/// server as it is.
#[tokio::test]
async fn ids_may_have_any_form() {
    let odd = "../c/1?x=2#%2F ъ";
    let stage = Stage::given(|state| {
        let client = state.clients.remove(CLIENT).unwrap();
        state.clients.insert(odd.to_owned(), client);
    })
    .await;
    let body = |body: types::builder::LegalCaseUpdateBuilder| body.read(true);
    stage.bank.update_legal_case().client_id(odd).legal_case_id(CASE).body_map(body).send().await.unwrap();
    assert!(stage.sandbox.state(|state| state.case(CASE).unwrap().read));
}
