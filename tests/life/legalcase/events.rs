//! Reading the notifications that the partner sends.

use casewire::legalcase::{
    LegalCaseStatus,
    types::{LegalCaseEvent, LegalCaseEventCode},
};
use casewire_sandbox::legalcase::EventCode;
use serde_json::json;

use crate::life::{
    common::Staged,
    legalcase::stage::{CASE, CLIENT, Stage},
};

#[tokio::test]
async fn every_event_of_the_sandbox_is_read() {
    let stage = Stage::start().await;
    for code in EventCode::ALL {
        stage.sandbox.state(|state| state.happen(CASE, code));
    }
    let events = stage.sandbox.state(|state| state.events.clone());
    assert_eq!(events.len(), EventCode::ALL.len());
    for sent in events {
        let event = LegalCaseEvent::from_slice(sent.body().to_string().as_bytes()).unwrap();
        assert!(!matches!(event.event, LegalCaseEventCode::Unknown(_)), "{sent:?}");
        assert_eq!(event.event.to_string(), format!("{:?}", sent.code));
        assert_eq!((event.client_id.as_deref(), event.legal_case_id.as_deref()), (Some(CLIENT), Some(CASE)));
        assert_eq!(event.status().map(LegalCaseStatus::name), sent.code.status().map(|status| status.name()));
    }
}

#[test]
fn what_else_may_come() {
    let read = |body: &str| LegalCaseEvent::from_slice(body.as_bytes());
    let sparse = read("\u{feff}{\"Event\":\"Archived\",\"clientId\":null,\"more\":[1]}").unwrap();
    assert_eq!(
        (sparse.event.to_string().as_str(), sparse.client_id.as_deref(), sparse.status()),
        ("Archived", None, None)
    );
    for (body, expect) in [
        ("", "can't read the event: it is empty"),
        ("<html>", "can't read the event: it looks like HTML or XML, not JSON"),
        (r#"{"clientId":"hunter2"}"#, "can't read the event: missing field `Event`"),
        (r#"{"Event":["hunter2"]}"#, "can't read the event at Event: invalid type: sequence"),
        (r#"[{"Event":"Closed"}]"#, "can't read the event: invalid type: sequence"),
        (r#"{"Event":"Closed"}}"#, "can't read the event: trailing characters"),
        (r#"{"Event":"Closed","Event":"Closed"}"#, "can't read the event: duplicate field `Event`"),
    ] {
        let error = read(body).unwrap_err();
        assert!(error.to_string().starts_with(expect), "{error}");
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
        assert_eq!(expect.contains(" at Event: "), error.path() == "Event", "{}", error.path());
    }
    let strict = serde_json::from_value::<LegalCaseEvent>(json!({"Event": "Closed"})).unwrap();
    assert_eq!(strict.status(), Some(LegalCaseStatus::Closed));
}
