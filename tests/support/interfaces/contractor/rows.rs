//! How every operation is called, with the values of the spec's examples, and what is sent for it.

use casewire::contractor::types;

use super::Contractor;
use crate::{
    outcome::call,
    row::{Row, Sent},
};

pub const TOKEN: &str = "3f0c1d52-7a64-4f0e-9a43-6b1f7d9e2c85";
pub const FILE: &[u8] = b"bytes of akt-91001.pdf";

const FILE_PART: Sent =
    Sent::Part(r#"form-data; name="Attachment"; filename="akt-91001.pdf""#, "application/pdf", FILE);

fn file() -> casewire::Part {
    casewire::Part::bytes(FILE).file_name("akt-91001.pdf").media_type("application/pdf")
}

/// In the order of the document.
pub const ROWS: &[Row<Contractor>] = &[
    Row {
        id: "createCall",
        request: "POST /call",
        sent: Sent::Json(
            r#"{"availableExpenditureItems":[{"name":"Проезд"},{"name":"Доставка"}],"clientName":"ООО «Ромашка»",
            "contactPersonEmail":"anna@romashka.example","contactPersonName":"Анна Смирнова",
            "contactPersonPhone":"+7 495 000-00-12","created":"2026-03-02T08:15:00Z","critical":true,
            "descriptionHtmlText":"<p>Касса 2 не печатает чеки.</p>",
            "descriptionTextForFieldEmployee":"Касса 2 не печатает чеки. Взять принтер на замену.","ownerId":7,
            "serviceObjectAddress":"Москва, ул. Лесная, д. 5","serviceObjectLatitude":55.7793,
            "serviceObjectLongitude":37.5863,"serviceObjectName":"Магазин № 12","serviceObjectType":"Магазин",
            "tasks":[{"title":"Заменить чековый принтер"},{"title":"Проверить ИБП"}],"ttf":"2026-03-03T18:00:00Z",
            "tto":"2026-03-02T12:00:00Z"}"#,
        ),
        call: call!(client.create_call().body_map(|body| {
            let item = |name: &str| types::PostExpenditureItemInputDto::builder().name(name).build().unwrap();
            let task = |title: &str| types::PostCallTaskInputDto::builder().title(title).build().unwrap();
            body.available_expenditure_items(vec![item("Проезд"), item("Доставка")])
                .client_name("ООО «Ромашка»")
                .contact_person_email("anna@romashka.example".to_owned())
                .contact_person_name("Анна Смирнова".to_owned())
                .contact_person_phone("+7 495 000-00-12".to_owned())
                .created("2026-03-02T08:15:00Z")
                .critical(true)
                .description_html_text("<p>Касса 2 не печатает чеки.</p>")
                .description_text_for_field_employee("Касса 2 не печатает чеки. Взять принтер на замену.")
                .owner_id(7)
                .service_object_address("Москва, ул. Лесная, д. 5")
                .service_object_latitude(55.7793)
                .service_object_longitude(37.5863)
                .service_object_name("Магазин № 12")
                .service_object_type("Магазин".to_owned())
                .tasks(vec![task("Заменить чековый принтер"), task("Проверить ИБП")])
                .ttf(time("2026-03-03T18:00:00Z"))
                .tto(time("2026-03-02T12:00:00Z"))
        })),
    },
    Row {
        id: "listJeopardyChanges",
        request: "GET /call/jeopardies/modifications/1000",
        sent: Sent::Nothing,
        call: call!(client.list_jeopardy_changes().timestamp(1000)),
    },
    Row {
        id: "listMessageChanges",
        request: "GET /call/messages/modifications/9223372036854775807",
        sent: Sent::Nothing,
        call: call!(client.list_message_changes().timestamp(i64::MAX)),
    },
    Row {
        id: "listCallChanges",
        request: "GET /call/modifications/0",
        sent: Sent::Nothing,
        call: call!(client.list_call_changes().timestamp(0)),
    },
    Row {
        id: "createCallTempLink",
        request: "POST /call/683913/templink",
        sent: Sent::Nothing,
        call: call!(client.create_call_temp_link().call_id(683913)),
    },
    Row { id: "getCall", request: "GET /call/683913", sent: Sent::Nothing, call: call!(client.get_call().id(683913)) },
    Row {
        id: "updateCall",
        request: "PATCH /call/683913",
        sent: Sent::Json(r#"{"ttf":"2026-03-03T18:00:00Z","tto":"2026-03-02T12:00:00Z"}"#),
        call: call!(
            client
                .update_call()
                .id(683913)
                .body_map(|body| body.ttf(time("2026-03-03T18:00:00Z")).tto(time("2026-03-02T12:00:00Z")))
        ),
    },
    Row {
        id: "closeCall",
        request: "POST /call/683913/close",
        sent: Sent::Nothing,
        call: call!(client.close_call().id(683913)),
    },
    Row {
        id: "addDispatcherMessage",
        request: "POST /call/683913/dispatcher/message",
        sent: Sent::Json(r#"{"date":"2026-03-02T09:05:00Z","message":"Вход со двора, пропуск на охране"}"#),
        call: call!(
            client
                .add_dispatcher_message()
                .id(683913)
                .body_map(|body| body.date("2026-03-02T09:05:00Z").message("Вход со двора, пропуск на охране"))
        ),
    },
    Row {
        id: "raiseJeopardy",
        request: "POST /call/683913/jeopardy",
        sent: Sent::Json(r#"{"comment":"Нет чекового принтера на замену"}"#),
        call: call!(
            client.raise_jeopardy().id(683913).body_map(|body| body.comment("Нет чекового принтера на замену"))
        ),
    },
    Row {
        id: "addUserMessage",
        request: "POST /call/-9223372036854775808/message",
        sent: Sent::Json(r#"{"message":"Выезжаю, буду к 11:00"}"#),
        call: call!(client.add_user_message().id(i64::MIN).body_map(|body| body.message("Выезжаю, буду к 11:00"))),
    },
    Row {
        id: "setCallStatus",
        request: "POST /call/683913/status",
        sent: Sent::Json(r#"{"comments":"Принято в работу","status":"Committed"}"#),
        call: call!(
            client
                .set_call_status()
                .id(683913)
                .body_map(|body| body.comments("Принято в работу".to_owned()).status(types::CallStatus::Committed))
        ),
    },
    Row {
        id: "clearJeopardy",
        request: "POST /call/683913/unjeopardy",
        sent: Sent::Json(r#"{"answerComment":"Принтер выдан со склада, доставка до 11:00"}"#),
        call: call!(
            client
                .clear_jeopardy()
                .id(683913)
                .body_map(|body| body.answer_comment("Принтер выдан со склада, доставка до 11:00"))
        ),
    },
    Row {
        id: "createCallCost",
        request: "POST /callCost/call/683913",
        sent: Sent::Nothing,
        call: call!(client.create_call_cost().call_id(683913)),
    },
    Row {
        id: "getCallCost",
        request: "GET /callCost/call/-1",
        sent: Sent::Nothing,
        call: call!(client.get_call_cost().call_id(-1)),
    },
    Row {
        id: "setCallCostApproval",
        request: "PATCH /callCost/call/683913/changeApprovalStatus",
        sent: Sent::Json(r#"{"expenses":{"60001":"Approved"},"materials":{"61001":"ApprovedWithCorrection"}}"#),
        call: call!(client.set_call_cost_approval().call_id(683913).body_map(|body| {
            use types::ApprovalStatus::{Approved, ApprovedWithCorrection};
            body.expenses([("60001".to_owned(), Approved)]).materials([("61001".to_owned(), ApprovedWithCorrection)])
        })),
    },
    Row {
        id: "addExpense",
        request: "POST /callCost/call/683913/expense",
        // A `double` is written with a fraction: the same number to JSON, and to
        // serde_json another one than 1.
        sent: Sent::Json(r#"{"count":1.0,"expenditureItemId":301}"#),
        call: call!(client.add_expense().call_id(683913).body_map(|body| body.count(1.0).expenditure_item_id(301))),
    },
    Row {
        id: "removeExpense",
        request: "DELETE /callCost/call/683913/expense/60001",
        sent: Sent::Nothing,
        call: call!(client.remove_expense().call_id(683913).expense_id(60001)),
    },
    Row {
        id: "updateExpense",
        request: "PATCH /callCost/call/683913/expense/-60001",
        sent: Sent::Json(r#"{"count":2.0}"#),
        call: call!(client.update_expense().call_id(683913).expense_id(-60001).body_map(|body| body.count(2.0))),
    },
    Row {
        id: "addMaterial",
        request: "POST /callCost/call/683913/material",
        sent: Sent::Json(
            r#"{"count":1.0,"name":"Чековый принтер","ownerType":"Contractor","price":18000.0,
            "serialNumber":"PRN-000123"}"#,
        ),
        call: call!(client.add_material().call_id(683913).body_map(|body| {
            body.count(1.0)
                .name("Чековый принтер")
                .owner_type(types::MaterialOwnerType::Contractor)
                .price(18000.0)
                .serial_number("PRN-000123")
        })),
    },
    Row {
        id: "removeMaterial",
        request: "DELETE /callCost/call/683913/material/9223372036854775807",
        sent: Sent::Nothing,
        call: call!(client.remove_material().call_id(683913).material_id(i64::MAX)),
    },
    Row {
        id: "updateMaterial",
        request: "PATCH /callCost/call/683913/material/61001",
        sent: Sent::Json(r#"{"price":18500.0}"#),
        call: call!(client.update_material().call_id(683913).material_id(61001).body_map(|body| body.price(18500.0))),
    },
    Row {
        id: "submitCallCost",
        request: "POST /callCost/status/call/683913",
        sent: Sent::Nothing,
        call: call!(client.submit_call_cost().call_id(683913)),
    },
    Row { id: "listCallTasks", request: "GET /calltask", sent: Sent::Nothing, call: call!(client.list_call_tasks()) },
    Row {
        id: "getCallTask",
        request: "GET /calltask/91001",
        sent: Sent::Nothing,
        call: call!(client.get_call_task().id(91001)),
    },
    Row {
        id: "uploadCallTaskAttachment",
        request: "POST /calltask/91001/attachment",
        sent: FILE_PART,
        call: call!(client.upload_call_task_attachment().id(91001).attachment(file())),
    },
    Row {
        id: "getCallTaskAttachment",
        request: "GET /calltask/91001/attachment/70001",
        sent: Sent::Nothing,
        call: call!(download client.get_call_task_attachment().id(91001).attachment_id(70001)),
    },
    Row {
        id: "downloadCallTaskAttachment",
        request: "GET /calltask/91001/attachment/70001/download",
        sent: Sent::Nothing,
        call: call!(download client.download_call_task_attachment().id(91001).attachment_id(70001)),
    },
    Row {
        id: "getCallTaskResult",
        request: "GET /calltask/91001/result",
        sent: Sent::Nothing,
        call: call!(client.get_call_task_result().id(91001)),
    },
    Row {
        id: "setCallTaskStatus",
        request: "POST /calltask/91001/status",
        sent: Sent::Json(r#"{"status":"Done"}"#),
        call: call!(client.set_call_task_status().id(91001).body_map(|body| body.status(types::CallTaskStatus::Done))),
    },
    Row {
        id: "markAllNotificationsRead",
        request: "POST /notification/readAll",
        sent: Sent::Nothing,
        call: call!(client.mark_all_notifications_read()),
    },
    Row {
        id: "markNotificationRead",
        request: "POST /notification/50001/read",
        sent: Sent::Nothing,
        call: call!(client.mark_notification_read().id(50001)),
    },
    Row {
        id: "getSharedCall",
        request: "GET /shared/call?token=3f0c1d52-7a64-4f0e-9a43-6b1f7d9e2c85",
        sent: Sent::Nothing,
        call: call!(client.get_shared_call().token(TOKEN)),
    },
    Row {
        id: "completeSharedCall",
        request: "POST /shared/call/done?token=3f0c1d52-7a64-4f0e-9a43-6b1f7d9e2c85",
        sent: Sent::Json(
            r#"{"callTaskResults":[{"newStatus":"Done","taskId":91002}],
            "comments":"Принтер заменён, в ИБП сменена батарея","expenses":[{"count":1.0,"expenditureItemId":302}],
            "materials":[{"count":1.0,"name":"Батарея ИБП","ownerType":"ContractHolders","price":3200.0,
            "serialNumber":"BAT-000456"}]}"#,
        ),
        call: call!(client.complete_shared_call().token(TOKEN).body_map(|body| {
            let task = types::PostCallTaskItemDto::builder().new_status(types::CallTaskStatus::Done).task_id(91002);
            let expense = types::PostExpenseInputDto::builder().count(1.0).expenditure_item_id(302);
            let material = types::PostMaterialInputDto::builder()
                .count(1.0)
                .name("Батарея ИБП")
                .owner_type(types::MaterialOwnerType::ContractHolders)
                .price(3200.0)
                .serial_number("BAT-000456");
            body.call_task_results(vec![task.build().unwrap()])
                .comments("Принтер заменён, в ИБП сменена батарея")
                .expenses(vec![expense.build().unwrap()])
                .materials(vec![material.build().unwrap()])
        })),
    },
    Row {
        id: "uploadSharedAttachment",
        request: "POST /shared/callTask/91002/attachment?token=3f0c1d52-7a64-4f0e-9a43-6b1f7d9e2c85",
        sent: FILE_PART,
        call: call!(client.upload_shared_attachment().id(91002).token(TOKEN).attachment(file())),
    },
    Row {
        id: "downloadSharedAttachment",
        request: "GET /shared/callTask/91002/attachment/70002/download?token=3f0c1d52-7a64-4f0e-9a43-6b1f7d9e2c85",
        sent: Sent::Nothing,
        call: call!(download client.download_shared_attachment().id(91002).attachment_id(70002).token(TOKEN)),
    },
    Row {
        id: "getSharedTaskResult",
        request: "GET /shared/callTask/91002/result?token=3f0c1d52-7a64-4f0e-9a43-6b1f7d9e2c85",
        sent: Sent::Nothing,
        call: call!(client.get_shared_task_result().id(91002).token(TOKEN)),
    },
    Row {
        id: "updateSystemSettings",
        request: "PATCH /systemSettings",
        sent: Sent::Json(r#"{"callCostDeadlineDayOfMonth":15}"#),
        call: call!(client.update_system_settings().body_map(|body| body.call_cost_deadline_day_of_month(15))),
    },
    Row {
        id: "registerUser",
        request: "POST /user/register",
        sent: Sent::Json(r#"{"password":"Petr0va","userName":"petrova"}"#),
        call: call!(client.register_user().body_map(|body| body.password("Petr0va").user_name("petrova"))),
    },
    Row { id: "getSelf", request: "GET /user/self", sent: Sent::Nothing, call: call!(client.get_self()) },
    Row {
        id: "signIn",
        request: "POST /user/signin",
        sent: Sent::Json(
            r#"{"hashedPassword":"QOianrwOJsclNyqZfRS7I0FUBk/9RONO6+/sTvxJvEQ=","salt":"AAECAwQFBgcICQoLDA0ODw==",
            "userName":"ivanov"}"#,
        ),
        call: call!(client.sign_in().body_map(|body| {
            body.hashed_password("QOianrwOJsclNyqZfRS7I0FUBk/9RONO6+/sTvxJvEQ=")
                .salt("AAECAwQFBgcICQoLDA0ODw==")
                .user_name("ivanov")
        })),
    },
    Row { id: "renewTokens", request: "POST /user/token", sent: Sent::Nothing, call: call!(client.renew_tokens()) },
    Row {
        id: "changePassword",
        request: "POST /user/8/changePassword",
        sent: Sent::Json(r#"{"newPassword":"Petr0va-2"}"#),
        call: call!(client.change_password().id(8).body_map(|body| body.new_password("Petr0va-2"))),
    },
    Row { id: "lockUser", request: "POST /user/8/lock", sent: Sent::Nothing, call: call!(client.lock_user().id(8)) },
];

fn time(text: &str) -> casewire::DateTime {
    text.parse().unwrap()
}
