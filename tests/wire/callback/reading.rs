//! What is read of an application: legal forms with spaces around them, days in two
//! formats, properties that only some applicants have.

use casewire::callback::{
    CreationDate,
    types::{Application, Opf},
};
use casewire::jiff::civil::date;
use serde_json::{Value, json};
use support::recorder::Response;

use super::{connect, platform};

/// The application with these properties, as it comes.
async fn read(changes: Value) -> Application {
    let mut application = json!({"applicationId": "111"});
    application.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    let platform = platform().await;
    let body = json!({"statusCode": 200, "commit": "b", "applications": [application]});
    platform.responses([Response::json(200, &body.to_string())]);
    connect(&platform).fetch_applications().send().await.unwrap().into_inner().applications.remove(0)
}

#[tokio::test]
async fn spaces_around_a_legal_form_mean_nothing() {
    for (sent, form) in [
        ("legalEntity", Opf::LegalEntity),
        (" legalEntity", Opf::LegalEntity),
        ("entrepreneur ", Opf::Entrepreneur),
        ("\tselfEmployed\r\n", Opf::SelfEmployed),
        ("  person  ", Opf::Person),
    ] {
        let application = read(json!({"opf": sent})).await;
        assert_eq!(application.opf, Some(form), "{sent:?}");
        assert!(!matches!(application.opf, Some(Opf::Unknown(_))));
    }
    // A value that isn't documented is kept as it came.
    for sent in ["Legalentity", "ООО", "", " ", " other "] {
        let application = read(json!({"opf": sent})).await;
        assert!(matches!(&application.opf, Some(Opf::Unknown(value)) if value == sent), "{application:?}");
        assert_eq!(serde_json::to_value(&application).unwrap()["opf"], sent);
    }
    assert_eq!(read(json!({"opf": null})).await.opf, None);
    let documented: Vec<_> = Opf::DOCUMENTED.iter().map(Opf::as_str).collect();
    assert_eq!(json!(documented), *super::documented().at("/components/schemas/Opf/x-known-values"));
}

#[tokio::test]
async fn days_are_kept_as_received() {
    use CreationDate::{Ambiguous, Certain};
    let both = Ambiguous { year_day_month: date(2022, 12, 3), year_month_day: date(2022, 3, 12) };
    for (sent, day) in [
        ("2022-29-12", Some(Certain(date(2022, 12, 29)))),
        ("2022-12-29", Some(Certain(date(2022, 12, 29)))),
        ("2022-03-12", Some(both)),
        ("2022-04-04", Some(Certain(date(2022, 4, 4)))),
        ("2020-02-29", Some(Certain(date(2020, 2, 29)))),
        ("2022-31-04", None),
        ("29.12.2022", None),
        ("2022-12-29T10:00:00", None),
        ("вчера", None),
        ("", None),
    ] {
        let application = read(json!({"dateCreation": sent})).await;
        assert_eq!(application.date_creation.as_deref(), Some(sent));
        assert_eq!(sent.parse::<CreationDate>().ok(), day, "{sent}");
        assert_eq!(serde_json::to_value(&application).unwrap()["dateCreation"], sent);
    }
    let error = "вчера".parse::<CreationDate>().unwrap_err();
    assert_eq!(error.to_string(), "neither a date as YYYY-DD-MM nor as YYYY-MM-DD");
}

/// Only the id is promised.
#[tokio::test]
async fn what_an_application_leaves_open() {
    let bare = read(json!({})).await;
    assert_eq!(format!("{bare:?}").matches("None").count(), 8, "{bare:?}");
    let nulls = json!({"dateCreation": null, "surname": null, "firstname": null, "patronymic": null,
        "organizationName": null, "opf": null, "inn": null, "phone": null});
    assert_eq!(read(nulls).await, bare);
    assert_eq!(read(json!({"email": "a@b.example", "consents": [{"id": 1}]})).await, bare);
    // A person has neither a name of an organisation nor a number, and patronymics are
    // not everybody's.
    let person =
        read(json!({"opf": "person", "surname": "Ли", "firstname": "Ян", "phone": "+7 (999) 999-99-99"})).await;
    assert_eq!((person.inn, person.organization_name, person.patronymic), (None, None, None));
    assert_eq!(person.surname.as_deref(), Some("Ли"));
}

/// An empty batch may have a code or none, and a list may be long.
#[tokio::test]
async fn batches() {
    for (body, code, length) in [
        (json!({"statusCode": 200, "applications": []}), None, 0),
        (json!({"statusCode": 200, "applications": [], "commit": null}), None, 0),
        (json!({"statusCode": 200, "applications": [], "commit": ""}), Some(""), 0),
        (
            json!({"statusCode": 200, "applications": vec![json!({"applicationId": "1"}); 500], "commit": "b/1"}),
            Some("b/1"),
            500,
        ),
        (json!({"statusCode": 200, "applications": [{"applicationId": ""}], "total": 7}), None, 1),
    ] {
        let platform = platform().await;
        platform.responses([Response::json(200, &body.to_string())]);
        let batch = connect(&platform).fetch_applications().limit(500).send().await.unwrap();
        assert_eq!((batch.commit.as_deref(), batch.applications.len()), (code, length));
    }
}
