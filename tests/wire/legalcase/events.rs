//! Events, as a receiver at the bank reads them: the codes of the document, their
//! statuses, and codes that are new.

use casewire::legalcase::types::{LegalCaseEvent, LegalCaseEventCode};
use serde_json::{Value, json};

use super::documented;

/// The table of the document: code, description, status.
const EVENTS: [(LegalCaseEventCode, &str, &str, Option<&str>); 9] = [
    (LegalCaseEventCode::Created, "Created", "Обращение создано", Some("В работе (не оплачено)")),
    (LegalCaseEventCode::CommentAdded, "CommentAdded", "К обращению добавлен комментарий", None),
    (LegalCaseEventCode::DocumentAdded, "DocumentAdded", "К обращению добавлен документ", None),
    (
        LegalCaseEventCode::PaymentConfirmationWaiting,
        "PaymentConfirmationWaiting",
        "Обращение ожидает подтверждения суммы для оплаты",
        Some("Ожидание подтверждения"),
    ),
    (LegalCaseEventCode::Accepted, "Accepted", "Сумма на оплату обращения акцептована", None),
    (LegalCaseEventCode::TypeChanged, "TypeChanged", "Изменен тип обращения", None),
    (LegalCaseEventCode::TookToWork, "TookToWork", "Обращение взято в работу", Some("В работе (оплачено)")),
    (LegalCaseEventCode::Processed, "Processed", "Обработано сотрудником ППО", Some("На закрытии")),
    (LegalCaseEventCode::Closed, "Closed", "Закрыто", Some("Закрыт")),
];

#[test]
fn every_event_is_read_and_written_as_it_is() {
    for (code, name, description, status) in EVENTS {
        let body = json!({"Event": name, "description": description, "clientId": "c-1001", "legalCaseId": "lc-2001"});
        let event: LegalCaseEvent = serde_json::from_value(body.clone()).unwrap();
        assert_eq!((&event.event, event.event.as_str(), event.event.to_string().as_str()), (&code, name, name));
        assert_eq!(event.event.status(), status, "{name}");
        assert_eq!(event.description.as_deref(), Some(description));
        assert_eq!((event.client_id.as_deref(), event.legal_case_id.as_deref()), (Some("c-1001"), Some("lc-2001")));
        assert_eq!(serde_json::to_value(&event).unwrap(), body);
        assert_eq!(name.parse(), Ok(code));
    }
}

#[test]
fn no_event_and_no_status_is_forgotten() {
    let spec = documented();
    let names: Vec<_> = EVENTS.iter().map(|(_, name, ..)| json!(name)).collect();
    assert_eq!(*spec.at("/components/schemas/LegalCaseEventCode/enum"), Value::Array(names));
    let statuses: serde_json::Map<_, _> =
        EVENTS.iter().filter_map(|(_, name, _, status)| Some(((*name).to_owned(), json!((*status)?)))).collect();
    assert_eq!(*spec.at("/components/schemas/LegalCaseEventCode/x-status-map"), Value::Object(statuses));
    let codes: Vec<_> = EVENTS.into_iter().map(|(code, ..)| code).collect();
    assert_eq!(LegalCaseEventCode::DOCUMENTED, codes);
}

/// The example of the spec.
#[test]
fn the_example_is_read() {
    let spec = documented();
    let body = "/x-webhooks/legalCaseEvent/post/requestBody/content/application~1json/example";
    let event: LegalCaseEvent = serde_json::from_value(spec.at(body).clone()).unwrap();
    assert_eq!(event.event, LegalCaseEventCode::PaymentConfirmationWaiting);
    assert_eq!(event.event.status(), Some("Ожидание подтверждения"));
    assert_eq!(event.legal_case_id.as_deref(), Some("lc-2001"));
    assert_eq!(serde_json::to_value(event).unwrap(), *spec.at(body));
}

#[test]
fn what_an_event_leaves_open() {
    for (body, code) in [
        (json!({"Event": "Created"}), "Created"),
        (json!({"Event": "Closed", "description": null, "clientId": null, "legalCaseId": null}), "Closed"),
        (json!({"Event": "Closed", "at": "2026-03-02", "case": {"id": [1]}}), "Closed"),
        (json!({"Event": "Reopened"}), "Reopened"),
        (json!({"Event": "created"}), "created"),
        (json!({"Event": ""}), ""),
    ] {
        let event: LegalCaseEvent = serde_json::from_value(body.clone()).unwrap();
        assert_eq!(event.event.as_str(), code);
        assert_eq!(event.client_id, None);
    }
    let unknown: LegalCaseEvent = serde_json::from_value(json!({"Event": "Reopened"})).unwrap();
    assert_eq!(unknown.event, LegalCaseEventCode::Unknown("Reopened".to_owned()));
    assert_eq!(unknown.event.status(), None);
    assert_eq!(serde_json::to_value(unknown).unwrap(), json!({"Event": "Reopened"}));
    // Only what is documented is taken from a program.
    assert!("Reopened".parse::<LegalCaseEventCode>().is_err());
    for body in [json!({}), json!({"event": "Created"}), json!({"Event": null}), json!({"Event": 1}), json!([])] {
        assert!(serde_json::from_value::<LegalCaseEvent>(body.clone()).is_err(), "{body}");
    }
}
