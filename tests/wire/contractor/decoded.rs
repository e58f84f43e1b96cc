//! What every documented response becomes: the payloads of the spec, every documented
//! status, and every documented error code, with and without the body that the document
//! gives it.

use std::collections::BTreeSet;

use casewire::contractor::OPERATIONS;
use support::{
    complete,
    interfaces::contractor::rows::ROWS,
    recorder::{Lane, Recorder, Response},
    responses::{Decoded, check_complete, flat, kind},
    row::row,
};

use super::{connect, documented, everyone};

const HTML: &str = "<html><body>nginx</body></html>";

const CALL_COMMITTED: (&str, &str) = (
    r#"{"availableExpenditureItems": [{"id": 301, "name": "Проезд"}, {"id": 302, "name": "Доставка"}],
    "clientName": "ООО «Ромашка»", "comments": "Принято в работу", "commited": "2026-03-02T09:00:00Z",
    "contactPersonEmail": "anna@romashka.example", "contactPersonName": "Анна Смирнова",
    "contactPersonPhone": "+7 495 000-00-12", "created": "2026-03-02T08:15:00Z", "critical": true,
    "descriptionHtmlText": "<p>Касса 2 не печатает чеки.</p>",
    "descriptionTextForFieldEmployee": "Касса 2 не печатает чеки. Взять принтер на замену.", "id": 683913,
    "jeopardies": [], "number": "C-683913", "serviceObjectAddress": "Москва, ул. Лесная, д. 5",
    "serviceObjectLatitude": 55.7793, "serviceObjectLongitude": 37.5863, "serviceObjectName": "Магазин № 12",
    "serviceObjectType": "Магазин", "status": "Committed", "tasks": [{"id": 91001, "status": "New",
    "title": "Заменить чековый принтер"}, {"id": 91002, "status": "New", "title": "Проверить ИБП"}],
    "timestamp": 1002, "ttf": "2026-03-03T18:00:00Z", "tto": "2026-03-02T12:00:00Z", "userId": 7}"#,
    r#"Ok(CallDto { available_expenditure_items: [ExpenditureItemDto { id: Some(301), name: Some("Проезд") },
    ExpenditureItemDto { id: Some(302), name: Some("Доставка") }], client_name: Some("ООО «Ромашка»"),
    comments: Some("Принято в работу"), commited: Some(2026-03-02T09:00:00Z),
    contact_person_email: Some("anna@romashka.example"), contact_person_name: Some("Анна Смирнова"),
    contact_person_phone: Some("+7 495 000-00-12"), created: Some(2026-03-02T08:15:00Z), critical: Some(true),
    description_html_text: Some("<p>Касса 2 не печатает чеки.</p>"),
    description_text_for_field_employee: Some("Касса 2 не печатает чеки. Взять принтер на замену."),
    id: Some(683913), jeopardies: [], number: Some("C-683913"), service_object_address: Some("Москва,
    ул. Лесная, д. 5"), service_object_latitude: Some(55.7793), service_object_longitude: Some(37.5863),
    service_object_name: Some("Магазин № 12"), service_object_type: Some("Магазин"), status: Some(Committed),
    tasks: [CallTasktOutputDto { id: Some(91001), status: Some(New), title: Some("Заменить чековый принтер") },
    CallTasktOutputDto { id: Some(91002), status: Some(New), title: Some("Проверить ИБП") }],
    timestamp: Some(1002), ttf: Some(2026-03-03T18:00:00Z), tto: Some(2026-03-02T12:00:00Z), user_id: Some(7) })"#,
);

const REPORT: (&str, &str) = (
    r#"{"blobServiceFileName": "5b0c6f1e-91001.pdf", "downloaded": "2026-03-02T11:20:00Z", "id": 70001,
    "name": "akt-91001.pdf", "type": "PDF"}"#,
    r#"Ok(CallTaskAttachmentDto { blob_service_file_name: Some("5b0c6f1e-91001.pdf"),
    downloaded: Some(2026-03-02T11:20:00Z), id: Some(70001), name: Some("akt-91001.pdf"), type_: Some(Pdf) })"#,
);

const PHOTO: (&str, &str) = (
    r#"{"blobServiceFileName": "c41d9a02-91002.jpg", "downloaded": "2026-03-02T11:40:00Z", "id": 70002,
    "name": "foto-91002.jpg", "type": "JPEG"}"#,
    r#"Ok(CallTaskAttachmentDto { blob_service_file_name: Some("c41d9a02-91002.jpg"),
    downloaded: Some(2026-03-02T11:40:00Z), id: Some(70002), name: Some("foto-91002.jpg"), type_: Some(Jpeg) })"#,
);

const TASK_RESULT: (&str, &str) = (
    r#"{"attachments": [{"blobServiceFileName": "5b0c6f1e-91001.pdf", "downloaded": "2026-03-02T11:20:00Z",
    "id": 70001, "name": "akt-91001.pdf", "type": "PDF"}]}"#,
    r#"Ok(Some(CallTaskResultDto { attachments: [CallTaskAttachmentDto {
    blob_service_file_name: Some("5b0c6f1e-91001.pdf"), downloaded: Some(2026-03-02T11:20:00Z), id: Some(70001),
    name: Some("akt-91001.pdf"), type_: Some(Pdf) }] }))"#,
);

const CALL_DONE: (&str, &str) = (
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
    "timestamp": 1006}], "number": "C-683913", "serviceObjectAddress": "Москва, ул. Лесная, д. 5",
    "serviceObjectLatitude": 55.7793, "serviceObjectLongitude": 37.5863, "serviceObjectName": "Магазин № 12",
    "serviceObjectType": "Магазин", "status": "Done", "tasks": [{"id": 91001,
    "result": {"attachments": [{"blobServiceFileName": "5b0c6f1e-91001.pdf",
    "downloaded": "2026-03-02T11:20:00Z", "id": 70001, "name": "akt-91001.pdf", "type": "PDF"}]},
    "status": "Done", "title": "Заменить чековый принтер"}, {"id": 91002, "result": {"attachments": []},
    "status": "Done", "title": "Проверить ИБП"}], "timestamp": 1010, "ttf": "2026-03-03T18:00:00Z",
    "tto": "2026-03-02T12:00:00Z", "userId": 7}"#,
    r#"Ok(Some(CallDto { available_expenditure_items: [ExpenditureItemDto { id: Some(301), name: Some("Проезд") },
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
    timestamp: Some(1006) }], number: Some("C-683913"), service_object_address: Some("Москва, ул. Лесная,
    д. 5"), service_object_latitude: Some(55.7793), service_object_longitude: Some(37.5863),
    service_object_name: Some("Магазин № 12"), service_object_type: Some("Магазин"), status: Some(Done),
    tasks: [CallTasktOutputDto { id: Some(91001),
    result: Some(CallTaskResultDto { attachments: [CallTaskAttachmentDto { blob_service_file_name: Some("5b0c6f1e-91001.pdf"),
    downloaded: Some(2026-03-02T11:20:00Z), id: Some(70001), name: Some("akt-91001.pdf"),
    type_: Some(Pdf) }] }), status: Some(Done), title: Some("Заменить чековый принтер") },
    CallTasktOutputDto { id: Some(91002), result: Some(CallTaskResultDto { attachments: [] }),
    status: Some(Done), title: Some("Проверить ИБП") }], timestamp: Some(1010), ttf: Some(2026-03-03T18:00:00Z),
    tto: Some(2026-03-02T12:00:00Z), user_id: Some(7) }))"#,
);

/// The documented successes, in the order of the document.
const SUCCESSES: &[Decoded] = &[
    (
        "createCall",
        200,
        r#"{"created": "2026-03-02T08:15:00Z", "id": 683913, "number": "C-683913", "tasks": [{"id": 91001},
            {"id": 91002}]}"#,
        r#"Ok(PostCallOutputDto { created: Some(2026-03-02T08:15:00Z), id: Some(683913), number: Some("C-683913"),
            tasks: [PostCallTaskOutputDto { id: Some(91001) }, PostCallTaskOutputDto { id: Some(91002) }] })"#,
    ),
    (
        "listJeopardyChanges",
        200,
        r#"[{"answerComment": "Принтер выдан со склада, доставка до 11:00", "answerDate": "2026-03-02T09:40:00Z",
            "callId": 683913, "comment": "Нет чекового принтера на замену", "date": "2026-03-02T09:20:00Z", "id": 21001,
            "timestamp": 1006}]"#,
        r#"Ok([CallJeopardyDto { answer_comment: Some("Принтер выдан со склада, доставка до 11:00"),
            answer_date: Some(2026-03-02T09:40:00Z), call_id: Some(683913),
            comment: Some("Нет чекового принтера на замену"), date: Some(2026-03-02T09:20:00Z), id: Some(21001),
            timestamp: Some(1006) }])"#,
    ),
    (
        "listMessageChanges",
        200,
        r#"[{"callId": 683913, "date": "2026-03-02T09:05:00Z", "id": 40001, "message": "Вход со двора,
            пропуск на охране", "timestamp": 1003}, {"callId": 683913, "date": "2026-03-02T09:10:00Z", "id": 40002,
            "message": "Выезжаю, буду к 11:00", "owner": {"id": 7, "name": "ivanov"}, "timestamp": 1004}]"#,
        r#"Ok([CallMessageDto { call_id: Some(683913), date: Some(2026-03-02T09:05:00Z), id: Some(40001),
            message: Some("Вход со двора, пропуск на охране"), timestamp: Some(1003) },
            CallMessageDto { call_id: Some(683913), date: Some(2026-03-02T09:10:00Z), id: Some(40002),
            message: Some("Выезжаю, буду к 11:00"), owner: Some(UserDto { id: Some(7), name: Some("ivanov") }),
            timestamp: Some(1004) }])"#,
    ),
    (
        "listCallChanges",
        200,
        r#"[{"clientName": "ООО «Ромашка»", "commited": "2026-03-02T09:00:00Z", "created": "2026-03-02T08:15:00Z",
            "critical": true, "id": 683913, "number": "C-683913", "serviceObjectName": "Магазин № 12",
            "status": "Committed", "timestamp": 1002, "ttf": "2026-03-03T18:00:00Z", "tto": "2026-03-02T12:00:00Z",
            "userId": 7}]"#,
        r#"Ok([CallDto { available_expenditure_items: [], client_name: Some("ООО «Ромашка»"),
            commited: Some(2026-03-02T09:00:00Z), created: Some(2026-03-02T08:15:00Z), critical: Some(true),
            id: Some(683913), jeopardies: [], number: Some("C-683913"), service_object_name: Some("Магазин № 12"),
            status: Some(Committed), tasks: [], timestamp: Some(1002), ttf: Some(2026-03-03T18:00:00Z),
            tto: Some(2026-03-02T12:00:00Z), user_id: Some(7) }])"#,
    ),
    ("createCallTempLink", 200, r#""3f0c1d52-7a64-4f0e-9a43-6b1f7d9e2c85""#, "Ok([redacted])"),
    ("getCall", 200, CALL_COMMITTED.0, CALL_COMMITTED.1),
    ("updateCall", 200, "1", "Ok(1)"),
    ("closeCall", 204, "", "Ok(())"),
    ("addDispatcherMessage", 200, r#"{"id": 40001}"#, "Ok(PostExternalCallMessageOutputDto { id: Some(40001) })"),
    (
        "raiseJeopardy",
        200,
        r#"{"date": "2026-03-02T09:20:00Z", "id": 21001}"#,
        "Ok(PostCallJeopardyOutputDto { date: Some(2026-03-02T09:20:00Z), id: Some(21001) })",
    ),
    (
        "addUserMessage",
        200,
        r#"{"date": "2026-03-02T09:10:00Z", "id": 40002, "message": "Выезжаю, буду к 11:00", "owner": {"id": 7,
            "isLocked": false, "name": "ivanov"}, "timestamp": 1004}"#,
        r#"Ok(CallMessage { date: Some(2026-03-02T09:10:00Z), id: Some(40002), message: Some("Выезжаю, буду к 11:00"),
            owner: Some(User { id: Some(7), is_locked: Some(false), name: Some("ivanov") }), timestamp: Some(1004) })"#,
    ),
    (
        "setCallStatus",
        200,
        r#"{"commited": "2026-03-02T09:00:00Z"}"#,
        "Ok(PostCallStatusOutputDto { commited: Some(2026-03-02T09:00:00Z) })",
    ),
    (
        "clearJeopardy",
        200,
        r#"{"answerDate": "2026-03-02T09:40:00Z"}"#,
        "Ok(PostExternalCallJeopardyOutputDto { answer_date: Some(2026-03-02T09:40:00Z) })",
    ),
    ("createCallCost", 200, "", "Ok(())"),
    ("createCallCost", 204, "", "Ok(())"),
    (
        "getCallCost",
        200,
        r#"{"expenses": [{"count": 2, "expenditureItemId": 301, "id": 60001, "status": "New"}, {"count": 1,
            "expenditureItemId": 302, "id": 60002, "status": "New"}], "materials": [{"count": 1, "id": 61001,
            "name": "Чековый принтер", "ownerType": "Contractor", "price": 18500, "serialNumber": "PRN-000123",
            "status": "New"}, {"count": 1, "id": 61002, "name": "Батарея ИБП", "ownerType": "ContractHolders",
            "price": 3200, "serialNumber": "BAT-000456", "status": "New"}], "status": "InProgress"}"#,
        r#"Ok(Some(CallCostDto { expenses: [ExpenseDto { count: Some(2.0), expenditure_item_id: Some(301), id: Some(60001),
            status: Some(New) }, ExpenseDto { count: Some(1.0), expenditure_item_id: Some(302), id: Some(60002),
            status: Some(New) }], materials: [MaterialDto { count: Some(1.0), id: Some(61001),
            name: Some("Чековый принтер"), owner_type: Some(Contractor), price: Some(18500.0),
            serial_number: Some("PRN-000123"), status: Some(New) }, MaterialDto { count: Some(1.0), id: Some(61002),
            name: Some("Батарея ИБП"), owner_type: Some(ContractHolders), price: Some(3200.0),
            serial_number: Some("BAT-000456"), status: Some(New) }], status: Some(InProgress) }))"#,
    ),
    ("getCallCost", 204, "", "Ok(None)"),
    ("setCallCostApproval", 204, "", "Ok(())"),
    ("addExpense", 200, r#"{"id": 60001}"#, "Ok(PostMaterialOutputDto { id: Some(60001) })"),
    ("removeExpense", 200, "", "Ok(())"),
    ("removeExpense", 204, "", "Ok(())"),
    ("updateExpense", 200, "", "Ok(())"),
    ("updateExpense", 204, "", "Ok(())"),
    ("addMaterial", 200, r#"{"id": 61001}"#, "Ok(PostMaterialOutputDto { id: Some(61001) })"),
    ("removeMaterial", 200, "", "Ok(())"),
    ("removeMaterial", 204, "", "Ok(())"),
    ("updateMaterial", 200, "", "Ok(())"),
    ("updateMaterial", 204, "", "Ok(())"),
    ("submitCallCost", 200, "", "Ok(())"),
    ("submitCallCost", 204, "", "Ok(())"),
    (
        "listCallTasks",
        200,
        r#"[{"id": 91001, "result": {"attachments": [{"blobServiceFileName": "5b0c6f1e-91001.pdf",
            "downloaded": "2026-03-02T11:20:00Z", "id": 70001, "name": "akt-91001.pdf", "type": "PDF"}]},
            "status": "Done", "title": "Заменить чековый принтер"}, {"id": 91002, "status": "New",
            "title": "Проверить ИБП"}]"#,
        r#"Ok([CallTasktOutputDto { id: Some(91001),
            result: Some(CallTaskResultDto { attachments: [CallTaskAttachmentDto { blob_service_file_name: Some("5b0c6f1e-91001.pdf"),
            downloaded: Some(2026-03-02T11:20:00Z), id: Some(70001), name: Some("akt-91001.pdf"),
            type_: Some(Pdf) }] }), status: Some(Done), title: Some("Заменить чековый принтер") },
            CallTasktOutputDto { id: Some(91002), status: Some(New), title: Some("Проверить ИБП") }])"#,
    ),
    (
        "getCallTask",
        200,
        r#"{"id": 91001, "result": {"attachments": [{"blobServiceFileName": "5b0c6f1e-91001.pdf",
            "downloaded": "2026-03-02T11:20:00Z", "id": 70001, "name": "akt-91001.pdf", "type": "PDF"}]},
            "status": "Done", "title": "Заменить чековый принтер"}"#,
        r#"Ok(CallTasktOutputDto { id: Some(91001),
            result: Some(CallTaskResultDto { attachments: [CallTaskAttachmentDto { blob_service_file_name: Some("5b0c6f1e-91001.pdf"),
            downloaded: Some(2026-03-02T11:20:00Z), id: Some(70001), name: Some("akt-91001.pdf"),
            type_: Some(Pdf) }] }), status: Some(Done), title: Some("Заменить чековый принтер") })"#,
    ),
    ("uploadCallTaskAttachment", 200, REPORT.0, REPORT.1),
    ("uploadCallTaskAttachment", 200, PHOTO.0, PHOTO.1),
    ("getCallTaskAttachment", 200, "%PDF-1.7 akt", r#"Ok(b"%PDF-1.7 akt")"#),
    ("downloadCallTaskAttachment", 200, "%PDF-1.7 akt", r#"Ok(b"%PDF-1.7 akt")"#),
    ("getCallTaskResult", 200, TASK_RESULT.0, TASK_RESULT.1),
    ("getCallTaskResult", 204, "", "Ok(None)"),
    ("setCallTaskStatus", 204, "", "Ok(())"),
    ("markAllNotificationsRead", 200, "1", "Ok(1)"),
    ("markNotificationRead", 200, "1", "Ok(1)"),
    ("getSharedCall", 200, CALL_COMMITTED.0, CALL_COMMITTED.1),
    ("completeSharedCall", 200, CALL_DONE.0, CALL_DONE.1),
    ("completeSharedCall", 204, "", "Ok(None)"),
    ("uploadSharedAttachment", 200, REPORT.0, REPORT.1),
    ("uploadSharedAttachment", 200, PHOTO.0, PHOTO.1),
    ("downloadSharedAttachment", 200, "%PDF-1.7 akt", r#"Ok(b"%PDF-1.7 akt")"#),
    ("getSharedTaskResult", 200, TASK_RESULT.0, TASK_RESULT.1),
    ("getSharedTaskResult", 204, "", "Ok(None)"),
    ("updateSystemSettings", 200, "1", "Ok(Some(1))"),
    ("updateSystemSettings", 204, "", "Ok(None)"),
    ("registerUser", 200, r#"{"id": 8}"#, "Ok(RegisterUserOutputDto { id: Some(8) })"),
    ("getSelf", 200, r#"{"id": 7, "name": "ivanov"}"#, r#"Ok(UserDto { id: Some(7), name: Some("ivanov") })"#),
    (
        "signIn",
        200,
        r#"{"access": {"expiresIn": 3600000, "token": "access-7-1"}, "service": {"expiresIn": null,
            "token": "service-7-1"}}"#,
        "Ok(AccessServiceTokensDto { access: TokenDto { expires_in: Some(3600000), token: [redacted] },
            service: TokenDto { token: [redacted] } })",
    ),
    (
        "renewTokens",
        200,
        r#"{"access": {"expiresIn": 3600000, "token": "access-7-2"}, "service": {"expiresIn": null,
            "token": "service-7-2"}}"#,
        "Ok(AccessServiceTokensDto { access: TokenDto { expires_in: Some(3600000), token: [redacted] },
            service: TokenDto { token: [redacted] } })",
    ),
    ("changePassword", 204, "", "Ok(())"),
    ("lockUser", 200, "", "Ok(())"),
    ("lockUser", 204, "", "Ok(())"),
    // Where a read may find nothing, null says the same.
    ("getCallCost", 200, "null", "Ok(None)"),
    ("getCallTaskResult", 200, "null", "Ok(None)"),
    ("getSharedTaskResult", 200, "null", "Ok(None)"),
    // With both 200 and 204 documented, the 200 of a write may come without the body as well.
    ("completeSharedCall", 200, "", "Ok(None)"),
    ("updateSystemSettings", 200, "", "Ok(None)"),
    ("updateSystemSettings", 200, " \r\n", "Ok(None)"),
    // Where the document gives no body, whatever comes is left unread, but for a page.
    ("lockUser", 200, "<p>done</p>", "Ok(())"),
    ("lockUser", 200, "done", "Ok(())"),
    ("removeExpense", 200, r#"{"id":1}"#, "Ok(())"),
];

/// A failure without a body, whatever comes.
macro_rules! bare {
    ($id:literal, $status:literal, $variant:literal) => {
        &[($id, $status, "", $variant), ($id, $status, HTML, $variant), ($id, $status, r#"{"errorCode":1}"#, $variant)]
    };
}

/// A failure with an `ErrorDTO`, and without one that can be read.
macro_rules! with_body {
    ($id:literal, $status:literal, $variant:literal) => {
        &[
            ($id, $status, r#"{"errorCode":1}"#, concat!($variant, "(Some(ErrorDto { error_code: 1 }))")),
            ($id, $status, "", concat!($variant, "(None)")),
            ($id, $status, HTML, concat!($variant, "(None)")),
            ($id, $status, "null", concat!($variant, "(None)")),
            ($id, $status, r#"{"message":"no"}"#, concat!($variant, "(None)")),
            ($id, $status, r#"{"errorCode":"#, concat!($variant, "(None)")),
        ]
    };
}

/// The same with documented codes, each with the name of its variant.
macro_rules! coded {
    ($id:literal, $status:literal, $variant:literal $(, $code:literal $name:literal)+) => {
        &[
            $((
                $id,
                $status,
                concat!(r#"{"errorCode":"#, $code, "}"),
                concat!($variant, " { code: Some(", $name, "), body: Some(ErrorDto { error_code: ", $code, " }) }"),
            ),)+
            (
                $id,
                $status,
                r#"{"errorCode":77}"#,
                concat!($variant, " { code: Some(Unknown(77)), body: Some(ErrorDto { error_code: 77 }) }"),
            ),
            (
                $id,
                $status,
                r#"{"errorCode":-1}"#,
                concat!($variant, " { code: Some(Unknown(-1)), body: Some(ErrorDto { error_code: -1 }) }"),
            ),
            ($id, $status, "", concat!($variant, " { }")),
            ($id, $status, HTML, concat!($variant, " { }")),
            ($id, $status, "null", concat!($variant, " { }")),
            ($id, $status, r#"{"message":"no"}"#, concat!($variant, " { }")),
            ($id, $status, r#"{"errorCode":"#, concat!($variant, " { }")),
        ]
    };
}

/// The documented failures, in the order of the document.
const FAILURES: &[&[Decoded]] = &[
    with_body!("createCall", 400, "BadRequest"),
    bare!("createCall", 401, "Unauthorized"),
    bare!("createCall", 403, "Forbidden"),
    coded!("createCall", 404, "NotFound", 1 "ClientNotFound", 2 "ServiceObjectNotFound", 3 "UserNotFound"),
    bare!("listJeopardyChanges", 401, "Unauthorized"),
    bare!("listJeopardyChanges", 403, "Forbidden"),
    bare!("listMessageChanges", 401, "Unauthorized"),
    bare!("listMessageChanges", 403, "Forbidden"),
    bare!("listCallChanges", 401, "Unauthorized"),
    bare!("listCallChanges", 403, "Forbidden"),
    bare!("createCallTempLink", 401, "Unauthorized"),
    bare!("createCallTempLink", 403, "Forbidden"),
    with_body!("createCallTempLink", 404, "NotFound"),
    bare!("createCallTempLink", 409, "Conflict"),
    bare!("getCall", 401, "Unauthorized"),
    bare!("getCall", 403, "Forbidden"),
    with_body!("getCall", 404, "NotFound"),
    with_body!("updateCall", 400, "BadRequest"),
    bare!("updateCall", 401, "Unauthorized"),
    bare!("updateCall", 403, "Forbidden"),
    with_body!("updateCall", 404, "NotFound"),
    bare!("closeCall", 401, "Unauthorized"),
    bare!("closeCall", 403, "Forbidden"),
    bare!("closeCall", 404, "NotFound"),
    bare!("closeCall", 409, "Conflict"),
    with_body!("addDispatcherMessage", 400, "BadRequest"),
    bare!("addDispatcherMessage", 401, "Unauthorized"),
    bare!("addDispatcherMessage", 403, "Forbidden"),
    bare!("addDispatcherMessage", 404, "NotFound"),
    bare!("addDispatcherMessage", 409, "Conflict"),
    bare!("raiseJeopardy", 400, "BadRequest"),
    bare!("raiseJeopardy", 401, "Unauthorized"),
    bare!("raiseJeopardy", 403, "Forbidden"),
    bare!("raiseJeopardy", 404, "NotFound"),
    bare!("raiseJeopardy", 409, "Conflict"),
    with_body!("addUserMessage", 400, "BadRequest"),
    bare!("addUserMessage", 401, "Unauthorized"),
    bare!("addUserMessage", 403, "Forbidden"),
    bare!("addUserMessage", 404, "NotFound"),
    bare!("addUserMessage", 409, "Conflict"),
    coded!("setCallStatus", 400, "BadRequest", 6 "CommentEmpty"),
    bare!("setCallStatus", 401, "Unauthorized"),
    bare!("setCallStatus", 403, "Forbidden"),
    bare!("setCallStatus", 404, "NotFound"),
    bare!("setCallStatus", 409, "Conflict"),
    bare!("clearJeopardy", 400, "BadRequest"),
    bare!("clearJeopardy", 401, "Unauthorized"),
    bare!("clearJeopardy", 403, "Forbidden"),
    bare!("clearJeopardy", 404, "NotFound"),
    bare!("clearJeopardy", 409, "Conflict"),
    bare!("createCallCost", 401, "Unauthorized"),
    bare!("createCallCost", 403, "Forbidden"),
    bare!("createCallCost", 404, "NotFound"),
    bare!("createCallCost", 409, "Conflict"),
    bare!("getCallCost", 401, "Unauthorized"),
    bare!("getCallCost", 403, "Forbidden"),
    with_body!("getCallCost", 404, "NotFound"),
    bare!("setCallCostApproval", 400, "BadRequest"),
    bare!("setCallCostApproval", 401, "Unauthorized"),
    bare!("setCallCostApproval", 403, "Forbidden"),
    coded!("setCallCostApproval", 404, "NotFound", 1 "CallNotFound", 2 "CallCostNotFound", 3 "ExpenseNotFound", 4 "MaterialNotFound"),
    bare!("setCallCostApproval", 409, "Conflict"),
    bare!("addExpense", 400, "BadRequest"),
    bare!("addExpense", 401, "Unauthorized"),
    bare!("addExpense", 403, "Forbidden"),
    coded!("addExpense", 404, "NotFound", 1 "CallNotFound", 2 "CallCostNotFound", 3 "ExpenseNotFound"),
    bare!("addExpense", 409, "Conflict"),
    bare!("removeExpense", 400, "BadRequest"),
    bare!("removeExpense", 401, "Unauthorized"),
    bare!("removeExpense", 403, "Forbidden"),
    coded!("removeExpense", 404, "NotFound", 1 "CallNotFound", 2 "CallCostNotFound", 3 "ExpenseNotFound"),
    bare!("removeExpense", 409, "Conflict"),
    bare!("updateExpense", 400, "BadRequest"),
    bare!("updateExpense", 401, "Unauthorized"),
    bare!("updateExpense", 403, "Forbidden"),
    coded!("updateExpense", 404, "NotFound", 1 "CallNotFound", 2 "CallCostNotFound", 3 "ExpenseNotFound"),
    bare!("updateExpense", 409, "Conflict"),
    bare!("addMaterial", 400, "BadRequest"),
    bare!("addMaterial", 401, "Unauthorized"),
    bare!("addMaterial", 403, "Forbidden"),
    coded!("addMaterial", 404, "NotFound", 1 "CallNotFound", 2 "CallCostNotFound"),
    bare!("addMaterial", 409, "Conflict"),
    bare!("removeMaterial", 400, "BadRequest"),
    bare!("removeMaterial", 401, "Unauthorized"),
    bare!("removeMaterial", 403, "Forbidden"),
    coded!("removeMaterial", 404, "NotFound", 1 "CallNotFound", 2 "CallCostNotFound", 4 "MaterialNotFound"),
    bare!("removeMaterial", 409, "Conflict"),
    bare!("updateMaterial", 400, "BadRequest"),
    bare!("updateMaterial", 401, "Unauthorized"),
    bare!("updateMaterial", 403, "Forbidden"),
    coded!("updateMaterial", 404, "NotFound", 1 "CallNotFound", 2 "CallCostNotFound", 4 "MaterialNotFound"),
    bare!("updateMaterial", 409, "Conflict"),
    bare!("submitCallCost", 401, "Unauthorized"),
    bare!("submitCallCost", 403, "Forbidden"),
    bare!("submitCallCost", 404, "NotFound"),
    bare!("submitCallCost", 409, "Conflict"),
    bare!("listCallTasks", 401, "Unauthorized"),
    bare!("listCallTasks", 403, "Forbidden"),
    bare!("getCallTask", 401, "Unauthorized"),
    bare!("getCallTask", 403, "Forbidden"),
    with_body!("getCallTask", 404, "NotFound"),
    bare!("uploadCallTaskAttachment", 401, "Unauthorized"),
    bare!("uploadCallTaskAttachment", 403, "Forbidden"),
    bare!("uploadCallTaskAttachment", 404, "NotFound"),
    bare!("uploadCallTaskAttachment", 409, "Conflict"),
    bare!("uploadCallTaskAttachment", 422, "UnprocessableContent"),
    bare!("getCallTaskAttachment", 401, "Unauthorized"),
    bare!("getCallTaskAttachment", 403, "Forbidden"),
    coded!("getCallTaskAttachment", 404, "NotFound", 1 "CallTaskNotFound", 2 "AttachmentNotFound"),
    bare!("downloadCallTaskAttachment", 401, "Unauthorized"),
    bare!("downloadCallTaskAttachment", 403, "Forbidden"),
    coded!("downloadCallTaskAttachment", 404, "NotFound", 1 "CallTaskNotFound", 2 "AttachmentNotFound"),
    bare!("getCallTaskResult", 401, "Unauthorized"),
    bare!("getCallTaskResult", 403, "Forbidden"),
    with_body!("getCallTaskResult", 404, "NotFound"),
    bare!("setCallTaskStatus", 401, "Unauthorized"),
    bare!("setCallTaskStatus", 403, "Forbidden"),
    bare!("setCallTaskStatus", 404, "NotFound"),
    bare!("setCallTaskStatus", 409, "Conflict"),
    bare!("markAllNotificationsRead", 401, "Unauthorized"),
    with_body!("markAllNotificationsRead", 403, "Forbidden"),
    with_body!("markAllNotificationsRead", 404, "NotFound"),
    bare!("markNotificationRead", 401, "Unauthorized"),
    with_body!("markNotificationRead", 403, "Forbidden"),
    with_body!("markNotificationRead", 404, "NotFound"),
    with_body!("getSharedCall", 400, "BadRequest"),
    with_body!("getSharedCall", 404, "NotFound"),
    with_body!("completeSharedCall", 400, "BadRequest"),
    with_body!("completeSharedCall", 404, "NotFound"),
    coded!("completeSharedCall", 409, "Conflict", 3 "CallTaskStatusChangeFailed", 7 "CallStatusChangeFailed"),
    bare!("uploadSharedAttachment", 404, "NotFound"),
    bare!("uploadSharedAttachment", 409, "Conflict"),
    bare!("uploadSharedAttachment", 422, "UnprocessableContent"),
    with_body!("downloadSharedAttachment", 403, "Forbidden"),
    coded!("downloadSharedAttachment", 404, "NotFound", 1 "CallTaskNotFound", 2 "AttachmentNotFound"),
    with_body!("getSharedTaskResult", 404, "NotFound"),
    with_body!("updateSystemSettings", 400, "BadRequest"),
    bare!("updateSystemSettings", 401, "Unauthorized"),
    bare!("updateSystemSettings", 403, "Forbidden"),
    with_body!("updateSystemSettings", 409, "Conflict"),
    bare!("registerUser", 401, "Unauthorized"),
    bare!("registerUser", 403, "Forbidden"),
    bare!("registerUser", 409, "Conflict"),
    bare!("getSelf", 401, "Unauthorized"),
    bare!("getSelf", 403, "Forbidden"),
    coded!("signIn", 401, "Unauthorized", 1 "InvalidUserNameOrPassword", 2 "SaltAlreadyUsed", 5 "UserLocked"),
    bare!("renewTokens", 401, "Unauthorized"),
    bare!("renewTokens", 403, "Forbidden"),
    coded!("changePassword", 400, "BadRequest", 4 "CurrentPasswordIncorrect"),
    coded!("changePassword", 401, "Unauthorized", 3 "UserLocked"),
    bare!("changePassword", 403, "Forbidden"),
    bare!("changePassword", 404, "NotFound"),
    bare!("lockUser", 401, "Unauthorized"),
    bare!("lockUser", 403, "Forbidden"),
    with_body!("lockUser", 404, "NotFound"),
];

fn responses() -> impl Iterator<Item = &'static Decoded> {
    SUCCESSES.iter().chain(FAILURES.iter().copied().flatten())
}

/// The error code that is sent where one is read.
fn number((_, _, body, expect): &Decoded) -> Option<i64> {
    let read = || serde_json::from_str::<serde_json::Value>(body).unwrap()["errorCode"].as_i64().unwrap();
    expect.contains("error_code").then(read)
}

/// The variant that it becomes, if it is a documented one.
fn code_name((.., expect): &Decoded) -> Option<&'static str> {
    let (_, code) = expect.split_once(" { code: Some(")?;
    let name = code.split(['(', ')']).next();
    name.filter(|name| *name != "Unknown")
}

/// Answers operation `id` with `status` and `body`, as often as it asks.
async fn check(answered: &Decoded) {
    let (id, status, body, expect) = *answered;
    let recorder = Recorder::start().await;
    let response = match body {
        "" if status < 300 => Response::empty(status),
        HTML => Response::html(status, body),
        _ if body.trim().is_empty() => Response::json(status, body),
        _ => Response::json(status, &flat(body)),
    };
    let lane = match id {
        "signIn" => Lane::SignIns,
        "renewTokens" => Lane::Renewals,
        _ => Lane::Operations,
    };
    // A 401 is asked for once more with a new credential.
    let times = match (id, status) {
        (_, ..300) => 1,
        ("renewTokens", 401) => 3,
        _ => 2,
    };
    recorder.script(lane, vec![response; times]);
    let outcome = row(ROWS, id).outcome(&connect(&recorder, everyone())).await;
    assert_eq!(outcome.text, flat(expect), "{id} {status} {body}");
    assert_eq!(outcome.error.is_some(), status >= 400, "{id} {status} {body}");

    let Some(seen) = outcome.error else { return };
    assert_eq!((seen.operation, seen.status), (id, Some(status)), "{id} {status} {body}");
    // The status says what sort of failure it is, even when its body can't be read.
    assert_eq!(seen.kind, kind(status), "{id} {status} {body}");
    assert_eq!(seen.code.map(|(number, _)| number), number(answered), "{id} {status} {body}");
    // The meaning is the name of the variant, in words.
    let meaning = seen.code.and_then(|(_, meaning)| meaning).map(|words| words.replace(' ', ""));
    assert_eq!(meaning, code_name(answered).map(str::to_lowercase), "{id} {status} {body}");
    let operation = OPERATIONS.iter().find(|operation| operation.id == id).unwrap().to_string();
    assert!(seen.display.starts_with(&format!("{operation}: the server responded with {status} ")), "{}", seen.display);
    let is_foreign = !body.is_empty() && (expect.ends_with("(None)") || expect.ends_with("{ }"));
    let says_so = seen.display.contains(", with a body that can't be read as documented (");
    assert_eq!(says_so, is_foreign, "{}", seen.display);
}

#[tokio::test]
async fn every_documented_success_is_decoded() {
    for answered in SUCCESSES {
        check(answered).await;
    }
}

#[tokio::test]
async fn every_documented_failure_is_decoded() {
    for answered in FAILURES.iter().copied().flatten() {
        check(answered).await;
    }
}

#[test]
fn no_status_and_no_example_is_forgotten() {
    check_complete(responses(), documented());
}

#[test]
fn no_status_and_no_code_is_forgotten() {
    let rows = responses().filter(|row| code_name(row).is_some());
    let rows = rows.map(|row| ((row.0, row.1.to_string(), number(row).unwrap()), flat(row.2)));
    let codes = documented().all_error_codes().into_iter();
    complete::check_complete(rows, codes.map(|(id, status, code)| (id, status.to_owned(), code)));
}

/// Numbers found with other tools, so that a reader that sees too little does not go unseen.
#[test]
fn the_spec_is_read() {
    let spec = documented();
    let statuses = spec.statuses();
    assert_eq!(statuses.len(), 44);
    // `grep -c "^        '[0-9]*':$" specs/contractor.yaml`
    assert_eq!(statuses.values().map(BTreeSet::len).sum::<usize>(), 211);
    let codes = |id, status| spec.error_codes(id, status).into_keys().collect::<Vec<_>>();
    assert_eq!(codes("createCall", "404"), [1, 2, 3]);
    assert_eq!(codes("removeMaterial", "404"), [1, 2, 4]);
    assert_eq!(statuses["getCall"], BTreeSet::from(["200", "401", "403", "404"]));
}
