//! What is read of the values whose format is open: local date-times, sizes, statuses,
//! codes of statuses.

use casewire::crpt::types;
use serde_json::{Value, json};
use support::{interfaces::crpt::rows::ROWS, recorder::Response, row::row};

use super::{connect, portal};

/// The case of the spec with these properties in place of its own.
fn case(changes: Value) -> Value {
    let mut case = json!({
        "files": [], "messages": [], "number": "SR00683913", "priority": 4, "solution": "", "status": "Открыто",
        "subject": "s", "symptoms": "s",
    });
    case.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    case
}

async fn read(changes: Value) -> types::Case {
    let portal = portal().await;
    portal.responses([Response::json(200, &json!({"ok": true, "data": case(changes)}).to_string())]);
    connect(&portal).get_case().number("SR00683913").send().await.unwrap().into_inner()
}

#[tokio::test]
async fn what_a_case_leaves_open() {
    assert_eq!(read(json!({})).await.status_code, None);
    assert_eq!(read(json!({"statusCode": null})).await.status_code, None);
    for code in [json!(3), json!("Открыто"), json!({"id": [1]}), json!(false), json!("")] {
        assert_eq!(read(json!({"statusCode": code.clone()})).await.status_code, Some(code));
    }
    for status in ["Закрыто", "Требуется вашего внимания", "", "Open "] {
        assert_eq!(read(json!({"status": status})).await.status, status);
    }
    // Outside of 1 to 4, but still a case.
    for priority in [0, 5, -1] {
        assert_eq!(read(json!({"priority": priority})).await.priority, priority);
    }
    let case =
        read(json!({"category": {"later": [1]}, "files": [{"name": "a", "size": "1", "url": "", "id": 5}]})).await;
    assert_eq!((case.number.as_str(), case.files[0].name.as_str()), ("SR00683913", "a"));
}

#[tokio::test]
async fn times_are_kept_as_received() {
    for (sent, civil) in [
        ("13.11.2020 11:59:06", Some("2020-11-13T11:59:06")),
        ("01.02.2021 00:00:00", Some("2021-02-01T00:00:00")),
        ("29.02.2020 23:59:59", Some("2020-02-29T23:59:59")),
        ("29.02.2021 23:59:59", None),
        ("11/13/2020 11:59:06 AM", None),
        ("2020-11-13T11:59:06Z", None),
        ("вчера", None),
        ("", None),
    ] {
        let message = json!({"contact": "", "createdon": sent, "files": [], "id": "", "text": ""});
        let case = read(json!({"messages": [message.clone()]})).await;
        let created = &case.messages[0].createdon;
        assert_eq!((created.as_str(), created.to_string().as_str()), (sent, sent));
        assert_eq!(created.civil().map(|civil| civil.to_string()).ok().as_deref(), civil, "{sent}");
        if civil.is_none() {
            let says = format!("`{sent}` is not a date and time as dd.MM.yyyy HH:mm:ss");
            assert_eq!(created.civil().unwrap_err().to_string(), says);
        }
        // Written back as it came.
        assert_eq!(serde_json::to_value(&case.messages[0]).unwrap(), message);
    }
}

#[tokio::test]
async fn sizes_are_kept_as_received() {
    for (sent, value) in [
        ("35000", Some(35_000)),
        ("0", Some(0)),
        ("18446744073709551615", Some(u64::MAX)),
        ("18446744073709551616", None),
        ("34,2 КБ", None),
        ("-1", None),
        ("", None),
    ] {
        let file = json!({"name": "case.xlsx", "size": sent, "url": "http://10.200.199.1:84/"});
        let case = read(json!({"files": [file.clone()]})).await;
        let size = &case.files[0].size;
        assert_eq!((size.as_str(), size.value()), (sent, value));
        assert_eq!(serde_json::to_value(&case.files[0]).unwrap(), file);
    }
}

/// Nothing is promised for the cases of a list.
#[tokio::test]
async fn what_a_list_leaves_open() {
    for (data, expect) in [
        ("[{}]", "[CaseSummary { files: [], messages: [] }]"),
        (r#"[{"number":null,"files":null,"messages":null}]"#, "[CaseSummary { files: [], messages: [] }]"),
        (
            r#"[{"createdon":"13.11.2020 11:59:06","statusCode":7,"owner":"x"}]"#,
            "[CaseSummary { createdon: Some(13.11.2020 11:59:06), files: [], messages: [], status_code: Some(Number(7)) }]",
        ),
    ] {
        let portal = portal().await;
        portal.responses([Response::json(200, &format!(r#"{{"ok":true,"data":{data}}}"#))]);
        let outcome = row(ROWS, "listCases").outcome(&connect(&portal)).await;
        assert_eq!(outcome.text, format!("Ok({expect})"), "{data}");
    }
}

/// The result alone is returned, whatever else is in the envelope, and with any media type.
#[tokio::test]
async fn envelopes_with_more_in_them() {
    for body in [
        r#"{"ok":true,"data":"SR1"}"#,
        r#"{"data":"SR1"}"#,
        r#"{"data":"SR1","error":null,"ok":true}"#,
        r#"{"ok":true,"data":"SR1","took":{"ms":[5]}}"#,
        "\u{feff} {\"ok\":true,\r\n\"data\":\"SR1\"}\r\n",
    ] {
        let portal = portal().await;
        portal.responses([Response::json(200, body), Response::bytes(200, body), media_type(body, "text/plain")]);
        let client = connect(&portal);
        for _ in 0..3 {
            assert_eq!(row(ROWS, "createCase").outcome(&client).await.text, r#"Ok("SR1")"#, "{body}");
        }
        assert_eq!(portal.counts(), [3, 1]);
    }
}

fn media_type(body: &str, media_type: &str) -> Response {
    Response::bytes(200, body).header("content-type", media_type)
}
