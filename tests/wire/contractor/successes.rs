//! What the documented successes become: the spec's own examples, and the `Debug` of the decoded value without the
//! properties that are absent.

use support::{
    interfaces::contractor::rows::ROWS,
    recorder::{Answer, Lane, Recorder},
    row::row,
};

use super::{connect, everyone};

/// A body, and the value that it is read as. Both may go over several lines, whose indentation doesn't count.
pub type Example = (&'static str, &'static str);

const NO_BODY: Example = ("", "()");
const NONE: Example = ("", "None");
pub const FILE: Example = ("%PDF-1.7 akt", r#"b"%PDF-1.7 akt""#);

const CALL_COMMITTED: Example = (
    r#"{"availableExpenditureItems": [{"id": 301, "name": "Проезд"}, {"id": 302, "name": "Доставка"}],
    "clientName": "ООО «Ромашка»", "comments": "Принято в работу", "commited": "2026-03-02T09:00:00Z",
    "contactPersonEmail": "anna@romashka.example", "contactPersonName": "Анна Смирнова",
    "contactPersonPhone": "+7 495 000-00-12", "created": "2026-03-02T08:15:00Z", "critical": true,
    "descriptionHtmlText": "<p>Касса 2 не печатает чеки.</p>",
    "descriptionTextForFieldEmployee": "Касса 2 не печатает чеки. Взять принтер на замену.", "id": 683913,
    "jeopardies": [], "number": "SR00683913", "serviceObjectAddress": "Москва, ул. Лесная, д. 5",
    "serviceObjectLatitude": 55.7793, "serviceObjectLongitude": 37.5863, "serviceObjectName": "Магазин № 12",
    "serviceObjectType": "Магазин", "status": "Committed", "tasks": [{"id": 91001, "status": "New",
    "title": "Заменить чековый принтер"}, {"id": 91002, "status": "New", "title": "Проверить ИБП"}],
    "timestamp": 1002, "ttf": "2026-03-03T18:00:00Z", "tto": "2026-03-02T12:00:00Z", "userId": 7}"#,
    r#"CallDto { available_expenditure_items: [ExpenditureItemDto { id: Some(301), name: Some("Проезд") },
    ExpenditureItemDto { id: Some(302), name: Some("Доставка") }], client_name: Some("ООО «Ромашка»"),
    comments: Some("Принято в работу"), commited: Some(2026-03-02T09:00:00Z),
    contact_person_email: Some("anna@romashka.example"), contact_person_name: Some("Анна Смирнова"),
    contact_person_phone: Some("+7 495 000-00-12"), created: Some(2026-03-02T08:15:00Z), critical: Some(true),
    description_html_text: Some("<p>Касса 2 не печатает чеки.</p>"),
    description_text_for_field_employee: Some("Касса 2 не печатает чеки. Взять принтер на замену."),
    id: Some(683913), jeopardies: [], number: Some("SR00683913"), service_object_address: Some("Москва,
    ул. Лесная, д. 5"), service_object_latitude: Some(55.7793), service_object_longitude: Some(37.5863),
    service_object_name: Some("Магазин № 12"), service_object_type: Some("Магазин"), status: Some(Committed),
    tasks: [CallTasktOutputDto { id: Some(91001), status: Some(New), title: Some("Заменить чековый принтер") },
    CallTasktOutputDto { id: Some(91002), status: Some(New), title: Some("Проверить ИБП") }],
    timestamp: Some(1002), ttf: Some(2026-03-03T18:00:00Z), tto: Some(2026-03-02T12:00:00Z), user_id: Some(7) }"#,
);

const REPORT: Example = (
    r#"{"blobServiceFileName": "5b0c6f1e-91001.pdf", "downloaded": "2026-03-02T11:20:00Z", "id": 70001,
    "name": "akt-91001.pdf", "type": "PDF"}"#,
    r#"CallTaskAttachmentDto { blob_service_file_name: Some("5b0c6f1e-91001.pdf"),
    downloaded: Some(2026-03-02T11:20:00Z), id: Some(70001), name: Some("akt-91001.pdf"), type_: Some(Pdf) }"#,
);

const PHOTO: Example = (
    r#"{"blobServiceFileName": "c41d9a02-91002.jpg", "downloaded": "2026-03-02T11:40:00Z", "id": 70002,
    "name": "foto-91002.jpg", "type": "JPEG"}"#,
    r#"CallTaskAttachmentDto { blob_service_file_name: Some("c41d9a02-91002.jpg"),
    downloaded: Some(2026-03-02T11:40:00Z), id: Some(70002), name: Some("foto-91002.jpg"), type_: Some(Jpeg) }"#,
);

const TASK_RESULT: Example = (
    r#"{"attachments": [{"blobServiceFileName": "5b0c6f1e-91001.pdf", "downloaded": "2026-03-02T11:20:00Z",
    "id": 70001, "name": "akt-91001.pdf", "type": "PDF"}]}"#,
    r#"CallTaskResultDto { attachments: [CallTaskAttachmentDto { blob_service_file_name: Some("5b0c6f1e-91001.pdf"),
    downloaded: Some(2026-03-02T11:20:00Z), id: Some(70001), name: Some("akt-91001.pdf"), type_: Some(Pdf) }] }"#,
);

const CALL_DONE: Example = (
    r#"{"availableExpenditureItems": [{"id": 301, "name": "Проезд"}, {"id": 302, "name": "Доставка"}],
    "clientName": "ООО «Ромашка»", "comments": "Принтер заменён, в ИБП сменена батарея",
    "commited": "2026-03-02T09:00:00Z", "contactPersonEmail": "anna@romashka.example",
    "contactPersonName": "Анна Смирнова", "contactPersonPhone": "+7 495 000-00-12",
    "created": "2026-03-02T08:15:00Z", "critical": true,
    "descriptionHtmlText": "<p>Касса 2 не печатает чеки.</p>",
    "descriptionTextForFieldEmployee": "Касса 2 не печатает чеки. Взять принтер на замену.",
    "finished": "2026-03-02T11:30:00Z", "id": 683913, "jeopardies": [{"answerComment": "Принтер выдан со склада,
    доставка до 11:00", "answerDate": "2026-03-02T09:40:00Z", "callId": 683913,
    "comment": "Нет чекового принтера на замену", "date": "2026-03-02T09:20:00Z", "id": 21001,
    "timestamp": 1006}], "number": "SR00683913", "serviceObjectAddress": "Москва, ул. Лесная, д. 5",
    "serviceObjectLatitude": 55.7793, "serviceObjectLongitude": 37.5863, "serviceObjectName": "Магазин № 12",
    "serviceObjectType": "Магазин", "status": "Done", "tasks": [{"id": 91001,
    "result": {"attachments": [{"blobServiceFileName": "5b0c6f1e-91001.pdf",
    "downloaded": "2026-03-02T11:20:00Z", "id": 70001, "name": "akt-91001.pdf", "type": "PDF"}]},
    "status": "Done", "title": "Заменить чековый принтер"}, {"id": 91002, "result": {"attachments": []},
    "status": "Done", "title": "Проверить ИБП"}], "timestamp": 1010, "ttf": "2026-03-03T18:00:00Z",
    "tto": "2026-03-02T12:00:00Z", "userId": 7}"#,
    r#"Some(CallDto { available_expenditure_items: [ExpenditureItemDto { id: Some(301), name: Some("Проезд") },
    ExpenditureItemDto { id: Some(302), name: Some("Доставка") }], client_name: Some("ООО «Ромашка»"),
    comments: Some("Принтер заменён, в ИБП сменена батарея"), commited: Some(2026-03-02T09:00:00Z),
    contact_person_email: Some("anna@romashka.example"), contact_person_name: Some("Анна Смирнова"),
    contact_person_phone: Some("+7 495 000-00-12"), created: Some(2026-03-02T08:15:00Z), critical: Some(true),
    description_html_text: Some("<p>Касса 2 не печатает чеки.</p>"),
    description_text_for_field_employee: Some("Касса 2 не печатает чеки. Взять принтер на замену."),
    finished: Some(2026-03-02T11:30:00Z), id: Some(683913),
    jeopardies: [CallJeopardyDto { answer_comment: Some("Принтер выдан со склада, доставка до 11:00"),
    answer_date: Some(2026-03-02T09:40:00Z), call_id: Some(683913),
    comment: Some("Нет чекового принтера на замену"), date: Some(2026-03-02T09:20:00Z), id: Some(21001),
    timestamp: Some(1006) }], number: Some("SR00683913"), service_object_address: Some("Москва, ул. Лесная,
    д. 5"), service_object_latitude: Some(55.7793), service_object_longitude: Some(37.5863),
    service_object_name: Some("Магазин № 12"), service_object_type: Some("Магазин"), status: Some(Done),
    tasks: [CallTasktOutputDto { id: Some(91001),
    result: Some(CallTaskResultDto { attachments: [CallTaskAttachmentDto { blob_service_file_name: Some("5b0c6f1e-91001.pdf"),
    downloaded: Some(2026-03-02T11:20:00Z), id: Some(70001), name: Some("akt-91001.pdf"),
    type_: Some(Pdf) }] }), status: Some(Done), title: Some("Заменить чековый принтер") },
    CallTasktOutputDto { id: Some(91002), result: Some(CallTaskResultDto { attachments: [] }),
    status: Some(Done), title: Some("Проверить ИБП") }], timestamp: Some(1010), ttf: Some(2026-03-03T18:00:00Z),
    tto: Some(2026-03-02T12:00:00Z), user_id: Some(7) })"#,
);

/// Every documented success of every operation, in the order of the document.
pub const SUCCESSES: &[(&str, u16, Example)] = &[
    (
        "createCall",
        200,
        (
            r#"{"created": "2026-03-02T08:15:00Z", "id": 683913, "number": "SR00683913", "tasks": [{"id": 91001},
            {"id": 91002}]}"#,
            r#"PostCallOutputDto { created: Some(2026-03-02T08:15:00Z), id: Some(683913), number: Some("SR00683913"),
            tasks: [PostCallTaskOutputDto { id: Some(91001) }, PostCallTaskOutputDto { id: Some(91002) }] }"#,
        ),
    ),
    (
        "listJeopardyChanges",
        200,
        (
            r#"[{"answerComment": "Принтер выдан со склада, доставка до 11:00", "answerDate": "2026-03-02T09:40:00Z",
            "callId": 683913, "comment": "Нет чекового принтера на замену", "date": "2026-03-02T09:20:00Z", "id": 21001,
            "timestamp": 1006}]"#,
            r#"[CallJeopardyDto { answer_comment: Some("Принтер выдан со склада, доставка до 11:00"),
            answer_date: Some(2026-03-02T09:40:00Z), call_id: Some(683913),
            comment: Some("Нет чекового принтера на замену"), date: Some(2026-03-02T09:20:00Z), id: Some(21001),
            timestamp: Some(1006) }]"#,
        ),
    ),
    (
        "listMessageChanges",
        200,
        (
            r#"[{"callId": 683913, "date": "2026-03-02T09:05:00Z", "id": 40001, "message": "Вход со двора,
            пропуск на охране", "timestamp": 1003}, {"callId": 683913, "date": "2026-03-02T09:10:00Z", "id": 40002,
            "message": "Выезжаю, буду к 11:00", "owner": {"id": 7, "name": "ivanov"}, "timestamp": 1004}]"#,
            r#"[CallMessageDto { call_id: Some(683913), date: Some(2026-03-02T09:05:00Z), id: Some(40001),
            message: Some("Вход со двора, пропуск на охране"), timestamp: Some(1003) },
            CallMessageDto { call_id: Some(683913), date: Some(2026-03-02T09:10:00Z), id: Some(40002),
            message: Some("Выезжаю, буду к 11:00"), owner: Some(UserDto { id: Some(7), name: Some("ivanov") }),
            timestamp: Some(1004) }]"#,
        ),
    ),
    (
        "listCallChanges",
        200,
        (
            r#"[{"clientName": "ООО «Ромашка»", "commited": "2026-03-02T09:00:00Z", "created": "2026-03-02T08:15:00Z",
            "critical": true, "id": 683913, "number": "SR00683913", "serviceObjectName": "Магазин № 12",
            "status": "Committed", "timestamp": 1002, "ttf": "2026-03-03T18:00:00Z", "tto": "2026-03-02T12:00:00Z",
            "userId": 7}]"#,
            r#"[CallDto { available_expenditure_items: [], client_name: Some("ООО «Ромашка»"),
            commited: Some(2026-03-02T09:00:00Z), created: Some(2026-03-02T08:15:00Z), critical: Some(true),
            id: Some(683913), jeopardies: [], number: Some("SR00683913"), service_object_name: Some("Магазин № 12"),
            status: Some(Committed), tasks: [], timestamp: Some(1002), ttf: Some(2026-03-03T18:00:00Z),
            tto: Some(2026-03-02T12:00:00Z), user_id: Some(7) }]"#,
        ),
    ),
    ("createCallTempLink", 200, (r#""3f0c1d52-7a64-4f0e-9a43-6b1f7d9e2c85""#, "[redacted]")),
    ("getCall", 200, CALL_COMMITTED),
    ("updateCall", 200, ("1", "1")),
    ("closeCall", 204, NO_BODY),
    ("addDispatcherMessage", 200, (r#"{"id": 40001}"#, "PostExternalCallMessageOutputDto { id: Some(40001) }")),
    (
        "raiseJeopardy",
        200,
        (
            r#"{"date": "2026-03-02T09:20:00Z", "id": 21001}"#,
            "PostCallJeopardyOutputDto { date: Some(2026-03-02T09:20:00Z), id: Some(21001) }",
        ),
    ),
    (
        "addUserMessage",
        200,
        (
            r#"{"date": "2026-03-02T09:10:00Z", "id": 40002, "message": "Выезжаю, буду к 11:00", "owner": {"id": 7,
            "isLocked": false, "name": "ivanov"}, "timestamp": 1004}"#,
            r#"CallMessage { date: Some(2026-03-02T09:10:00Z), id: Some(40002), message: Some("Выезжаю, буду к 11:00"),
            owner: Some(User { id: Some(7), is_locked: Some(false), name: Some("ivanov") }), timestamp: Some(1004) }"#,
        ),
    ),
    (
        "setCallStatus",
        200,
        (r#"{"commited": "2026-03-02T09:00:00Z"}"#, "PostCallStatusOutputDto { commited: Some(2026-03-02T09:00:00Z) }"),
    ),
    (
        "clearJeopardy",
        200,
        (
            r#"{"answerDate": "2026-03-02T09:40:00Z"}"#,
            "PostExternalCallJeopardyOutputDto { answer_date: Some(2026-03-02T09:40:00Z) }",
        ),
    ),
    ("createCallCost", 200, NO_BODY),
    ("createCallCost", 204, NO_BODY),
    (
        "getCallCost",
        200,
        (
            r#"{"expenses": [{"count": 2, "expenditureItemId": 301, "id": 60001, "status": "New"}, {"count": 1,
            "expenditureItemId": 302, "id": 60002, "status": "New"}], "materials": [{"count": 1, "id": 61001,
            "name": "Чековый принтер", "ownerType": "Contractor", "price": 18500, "serialNumber": "PRN-000123",
            "status": "New"}, {"count": 1, "id": 61002, "name": "Батарея ИБП", "ownerType": "ContractHolders",
            "price": 3200, "serialNumber": "BAT-000456", "status": "New"}], "status": "InProgress"}"#,
            r#"CallCostDto { expenses: [ExpenseDto { count: Some(2.0), expenditure_item_id: Some(301), id: Some(60001),
            status: Some(New) }, ExpenseDto { count: Some(1.0), expenditure_item_id: Some(302), id: Some(60002),
            status: Some(New) }], materials: [MaterialDto { count: Some(1.0), id: Some(61001),
            name: Some("Чековый принтер"), owner_type: Some(Contractor), price: Some(18500.0),
            serial_number: Some("PRN-000123"), status: Some(New) }, MaterialDto { count: Some(1.0), id: Some(61002),
            name: Some("Батарея ИБП"), owner_type: Some(ContractHolders), price: Some(3200.0),
            serial_number: Some("BAT-000456"), status: Some(New) }], status: Some(InProgress) }"#,
        ),
    ),
    ("setCallCostApproval", 204, NO_BODY),
    ("addExpense", 200, (r#"{"id": 60001}"#, "PostMaterialOutputDto { id: Some(60001) }")),
    ("removeExpense", 200, NO_BODY),
    ("removeExpense", 204, NO_BODY),
    ("updateExpense", 200, NO_BODY),
    ("updateExpense", 204, NO_BODY),
    ("addMaterial", 200, (r#"{"id": 61001}"#, "PostMaterialOutputDto { id: Some(61001) }")),
    ("removeMaterial", 200, NO_BODY),
    ("removeMaterial", 204, NO_BODY),
    ("updateMaterial", 200, NO_BODY),
    ("updateMaterial", 204, NO_BODY),
    ("submitCallCost", 200, NO_BODY),
    ("submitCallCost", 204, NO_BODY),
    (
        "listCallTasks",
        200,
        (
            r#"[{"id": 91001, "result": {"attachments": [{"blobServiceFileName": "5b0c6f1e-91001.pdf",
            "downloaded": "2026-03-02T11:20:00Z", "id": 70001, "name": "akt-91001.pdf", "type": "PDF"}]},
            "status": "Done", "title": "Заменить чековый принтер"}, {"id": 91002, "status": "New",
            "title": "Проверить ИБП"}]"#,
            r#"[CallTasktOutputDto { id: Some(91001),
            result: Some(CallTaskResultDto { attachments: [CallTaskAttachmentDto { blob_service_file_name: Some("5b0c6f1e-91001.pdf"),
            downloaded: Some(2026-03-02T11:20:00Z), id: Some(70001), name: Some("akt-91001.pdf"),
            type_: Some(Pdf) }] }), status: Some(Done), title: Some("Заменить чековый принтер") },
            CallTasktOutputDto { id: Some(91002), status: Some(New), title: Some("Проверить ИБП") }]"#,
        ),
    ),
    (
        "getCallTask",
        200,
        (
            r#"{"id": 91001, "result": {"attachments": [{"blobServiceFileName": "5b0c6f1e-91001.pdf",
            "downloaded": "2026-03-02T11:20:00Z", "id": 70001, "name": "akt-91001.pdf", "type": "PDF"}]},
            "status": "Done", "title": "Заменить чековый принтер"}"#,
            r#"CallTasktOutputDto { id: Some(91001),
            result: Some(CallTaskResultDto { attachments: [CallTaskAttachmentDto { blob_service_file_name: Some("5b0c6f1e-91001.pdf"),
            downloaded: Some(2026-03-02T11:20:00Z), id: Some(70001), name: Some("akt-91001.pdf"),
            type_: Some(Pdf) }] }), status: Some(Done), title: Some("Заменить чековый принтер") }"#,
        ),
    ),
    ("uploadCallTaskAttachment", 200, REPORT),
    ("uploadCallTaskAttachment", 200, PHOTO),
    ("getCallTaskAttachment", 200, FILE),
    ("downloadCallTaskAttachment", 200, FILE),
    ("getCallTaskResult", 200, TASK_RESULT),
    ("setCallTaskStatus", 204, NO_BODY),
    ("markAllNotificationsRead", 200, ("1", "1")),
    ("markNotificationRead", 200, ("1", "1")),
    ("getSharedCall", 200, CALL_COMMITTED),
    ("completeSharedCall", 200, CALL_DONE),
    ("completeSharedCall", 204, NONE),
    ("uploadSharedAttachment", 200, REPORT),
    ("uploadSharedAttachment", 200, PHOTO),
    ("downloadSharedAttachment", 200, FILE),
    ("getSharedTaskResult", 200, TASK_RESULT),
    ("updateSystemSettings", 200, ("1", "Some(1)")),
    ("updateSystemSettings", 204, NONE),
    ("registerUser", 200, (r#"{"id": 8}"#, "RegisterUserOutputDto { id: Some(8) }")),
    ("getSelf", 200, (r#"{"id": 7, "name": "ivanov"}"#, r#"UserDto { id: Some(7), name: Some("ivanov") }"#)),
    (
        "signIn",
        200,
        (
            r#"{"access": {"expiresIn": 3600000, "token": "access-7-1"}, "service": {"expiresIn": null,
            "token": "service-7-1"}}"#,
            "AccessServiceTokensDto { access: TokenDto { expires_in: Some(3600000), token: [redacted] },
            service: TokenDto { token: [redacted] } }",
        ),
    ),
    (
        "renewTokens",
        200,
        (
            r#"{"access": {"expiresIn": 3600000, "token": "access-7-2"}, "service": {"expiresIn": null,
            "token": "service-7-2"}}"#,
            "AccessServiceTokensDto { access: TokenDto { expires_in: Some(3600000), token: [redacted] },
            service: TokenDto { token: [redacted] } }",
        ),
    ),
    ("changePassword", 204, NO_BODY),
    ("lockUser", 200, NO_BODY),
    ("lockUser", 204, NO_BODY),
];

/// Answers operation `id` with `status` and `body`.
async fn check(id: &str, status: u16, body: &str, expect: &str) {
    let recorder = Recorder::start().await;
    let answer = if body.is_empty() { Answer::empty(status) } else { Answer::json(status, &flat(body)) };
    let lane = match id {
        "signIn" => Lane::SignIns,
        "renewTokens" => Lane::Renewals,
        _ => Lane::Operations,
    };
    recorder.script(lane, [answer]);
    let outcome = row(ROWS, id).outcome(&connect(&recorder, everyone())).await;
    assert_eq!(outcome.text, format!("Ok({})", flat(expect)), "{id} {status}");
}

fn flat(text: &str) -> String {
    text.lines().map(str::trim_start).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn every_documented_success_is_decoded() {
    for (id, status, (body, expect)) in SUCCESSES {
        check(id, *status, body, expect).await;
    }
}

/// With both 200 and 204 documented, a 200 may come without the body as well.
#[tokio::test]
async fn a_body_that_may_be_missing_may_be_missing_in_a_200() {
    check("completeSharedCall", 200, "", "None").await;
    check("updateSystemSettings", 200, "", "None").await;
    check("updateSystemSettings", 200, " \r\n", "None").await;
}

/// Where the document gives no body, whatever comes is left unread, but for a page.
#[tokio::test]
async fn a_body_that_is_not_documented_does_not_matter() {
    check("lockUser", 200, "<p>done</p>", "()").await;
    check("lockUser", 200, "done", "()").await;
    check("closeCall", 204, "", "()").await;
    check("removeExpense", 200, r#"{"id":1}"#, "()").await;
}
