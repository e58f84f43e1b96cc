//! What every documented response becomes: all payloads of the spec, those that the
//! document prints, and every documented status.

use futures_util::future::join_all;
use support::{
    interfaces::callback::rows::ROWS,
    recorder::Response,
    responses::{Decoded, check_complete, flat, kind},
    row::row,
};

use super::{OPERATIONS, connect, documented, platform};

const NOT_AUTHORIZED: &str = r#"{"statusCode": 401, "data": {"type": "Not authorized"}}"#;
const NOT_AUTHORIZED_AS_400: &str = r#"{"statusCode": 400, "data": {"type": "Not authorized"}}"#;
const NOT_FOUND: &str = r#"{"statusCode": 400, "data": {"type": "Application not found"}}"#;
const CONTROL: &str = r#"{"statusCode": 400, "data": {"type": "Format-logical control error"}}"#;
const DONE: &str = r#"{"statusCode": 200}"#;
const IS_DONE: &str = "Ok(Acknowledgement { status_code: 200 })";

macro_rules! failure {
    ($status:literal, $kind:literal) => {
        concat!("Failure { data: Some(FailureDetail { type_: \"", $kind, "\" }), status_code: ", $status, " }")
    };
}

/// What all operations have in common.
macro_rules! refusals {
    ($id:literal) => {
        &[
            ($id, 401, NOT_AUTHORIZED, concat!("Unauthorized(Some(", failure!(401, "Not authorized"), "))")),
            ($id, 401, NOT_AUTHORIZED_AS_400, concat!("Unauthorized(Some(", failure!(400, "Not authorized"), "))")),
            ($id, 401, r#"{"statusCode": 401}"#, "Unauthorized(Some(Failure { status_code: 401 }))"),
            ($id, 401, r#"{"statusCode": 401, "data": null}"#, "Unauthorized(Some(Failure { status_code: 401 }))"),
            ($id, 401, "", "Unauthorized(None)"),
            ($id, 401, r#"{"statusCode": null}"#, "Unauthorized(None)"),
            ($id, 200, NOT_AUTHORIZED, concat!("Refused(", failure!(401, "Not authorized"), ")")),
            ($id, 200, NOT_AUTHORIZED_AS_400, concat!("Refused(", failure!(400, "Not authorized"), ")")),
            ($id, 200, CONTROL, concat!("Refused(", failure!(400, "Format-logical control error"), ")")),
            ($id, 200, r#"{"statusCode": 500}"#, "Refused(Failure { status_code: 500 })"),
            ($id, 404, NOT_FOUND, concat!("Refused(", failure!(400, "Application not found"), ")")),
            ($id, 422, CONTROL, concat!("Refused(", failure!(400, "Format-logical control error"), ")")),
            ($id, 500, r#"{"statusCode": 500, "data": null}"#, "Refused(Failure { status_code: 500 })"),
        ]
    };
}

const RESPONSES: &[&[Decoded]] = &[
    refusals!("authenticate"),
    &[(
        "authenticate",
        200,
        r#"{"statusCode": 200, "data": {"token": "eyJ0eXAiOiJKV1QiLCJhbGc..."}}"#,
        "Ok(TokenResponse { data: Token { token: [redacted] }, status_code: 200 })",
    )],
    refusals!("fetchApplications"),
    &[
        (
            "fetchApplications",
            200,
            r#"{"statusCode": 200, "commit": "batch-111", "applications": [{"applicationId": "111",
            "dateCreation": "2022-29-12", "surname": "Иванов", "firstname": "Иван", "patronymic": "Иванович",
            "organizationName": "ООО Ромашка", "opf": " legalEntity", "inn": "7719283390",
            "phone": "+7 (999) 999-99-99"}]}"#,
            r#"Ok(BatchResponse { applications: [Application { application_id: "111",
            date_creation: Some("2022-29-12"), firstname: Some("Иван"), inn: Some("7719283390"), opf: Some(LegalEntity),
            organization_name: Some("ООО Ромашка"), patronymic: Some("Иванович"), phone: Some("+7 (999) 999-99-99"),
            surname: Some("Иванов") }], commit: Some("batch-111"), status_code: 200 })"#,
        ),
        // As the document prints it, without its comments: a placeholder for the code.
        (
            "fetchApplications",
            200,
            r#"{"statusCode": 200, "commit": "{code}", "applications": [{"applicationId": "111",
            "dateCreation": "2022-29-12", "surname": "Иванов", "firstname": "Иван", "patronymic": "Иванович",
            "organizationName": "ООО Ромашка", "opf": " legalEntity", "inn": "7719283390",
            "phone": "+7 (999) 999-99-99"}]}"#,
            r#"Ok(BatchResponse { applications: [Application { application_id: "111",
            date_creation: Some("2022-29-12"), firstname: Some("Иван"), inn: Some("7719283390"), opf: Some(LegalEntity),
            organization_name: Some("ООО Ромашка"), patronymic: Some("Иванович"), phone: Some("+7 (999) 999-99-99"),
            surname: Some("Иванов") }], commit: Some("{code}"), status_code: 200 })"#,
        ),
        (
            "fetchApplications",
            200,
            r#"{"statusCode": 200, "applications": []}"#,
            "Ok(BatchResponse { applications: [], status_code: 200 })",
        ),
    ],
    refusals!("commitBatch"),
    &[("commitBatch", 200, DONE, IS_DONE)],
    refusals!("reportStatus"),
    &[
        ("reportStatus", 200, DONE, IS_DONE),
        ("reportStatus", 200, NOT_FOUND, concat!("Refused(", failure!(400, "Application not found"), ")")),
        ("reportStatus", 400, NOT_FOUND, concat!("BadRequest(Some(", failure!(400, "Application not found"), "))")),
        (
            "reportStatus",
            400,
            CONTROL,
            concat!("BadRequest(Some(", failure!(400, "Format-logical control error"), "))"),
        ),
        // With the space of the document's list of errors, and the explanation that it promises.
        (
            "reportStatus",
            400,
            r#"{"statusCode": 400, "data": {"type": "Format-logical control error ", "text": "расшифровка"}}"#,
            r#"BadRequest(Some(Failure { data: Some(FailureDetail { type_: "Format-logical control error " }),
            status_code: 400 }))"#,
        ),
        (
            "reportStatus",
            401,
            r#"{"statusCode": 401, "data": {"type": "Not authorized "}}"#,
            r#"Unauthorized(Some(Failure { data: Some(FailureDetail { type_: "Not authorized " }), status_code: 401 }))"#,
        ),
        ("reportStatus", 400, r#"{"statusCode": 422}"#, "BadRequest(Some(Failure { status_code: 422 }))"),
    ],
];

async fn check((id, status, body, expect): &Decoded) {
    let platform = platform().await;
    let response = Response::json(*status, &flat(body));
    if *id == "authenticate" {
        platform.sign_ins([response]);
    } else {
        // A refused token is replaced once.
        platform.responses([response.clone(), response]);
    }
    let outcome = row(ROWS, id).outcome(&connect(&platform)).await;
    assert_eq!(outcome.text, flat(expect), "{id} {status} {body}");
    let Some(seen) = outcome.error else { return };
    assert_eq!((seen.kind, seen.operation, seen.status), (kind(*status), *id, Some(*status)), "{body}");
    let operation = OPERATIONS.iter().find(|operation| operation.id == *id).unwrap();
    assert!(seen.display.starts_with(&format!("{operation}: the server responded with {status} ")), "{}", seen.display);
}

#[tokio::test]
async fn every_documented_response_is_decoded() {
    join_all(RESPONSES.iter().copied().flatten().map(check)).await;
}

#[test]
fn no_status_and_no_example_is_forgotten() {
    check_complete(RESPONSES.iter().copied().flatten(), documented());
}
