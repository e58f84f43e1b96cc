//! The failures of the tags Call and Shared that are about the call itself: input, existence, ownership and status.

use casewire::{
    DateTime,
    contractor::{
        Client, builder,
        types::{CallStatus, CallTaskStatus},
    },
};

use super::{Call, Row, behind_a_gateway, call, row};
use crate::life::contractor::stage::{
    CALL, CLOSED_CALL, LINK, NOWHERE, OTHER_TASK, Stage, TASK, call_input, closed, committed, done, fresh, linked,
    linked_and_done, refused, report,
};

pub fn table() -> Vec<Row> {
    let mut rows = desk();
    rows.extend(user());
    rows.extend(shared());
    rows
}

/// Operations of the external system.
fn desk() -> Vec<Row> {
    vec![
        row(
            "createCall",
            400,
            fresh,
            behind_a_gateway!(|desk| desk.create_call().body(call_input(|_| {}))),
            "BadRequest(0)",
        ),
        row(
            "createCall",
            404,
            fresh,
            call!(|s| s.desk.create_call().body(call_input(|call| call.client_name = "ИП Никто".to_owned()))),
            "NotFound { code: Some(ClientNotFound), body: Some(1) }",
        )
        .code(1),
        row(
            "createCall",
            404,
            fresh,
            call!(|s| s.desk.create_call().body(call_input(|call| call.service_object_name = "Нигде".to_owned()))),
            "NotFound { code: Some(ServiceObjectNotFound), body: Some(2) }",
        )
        .code(2),
        row(
            "createCall",
            404,
            fresh,
            call!(|s| s.desk.create_call().body(call_input(|call| call.owner_id = NOWHERE))),
            "NotFound { code: Some(UserNotFound), body: Some(3) }",
        )
        .code(3),
        row(
            "createCall",
            404,
            |state| state.omit_optional_error_bodies = true,
            call!(|s| s.desk.create_call().body(call_input(|call| call.owner_id = NOWHERE))),
            "NotFound { code: None, body: None }",
        ),
        row("getCall", 404, fresh, call!(|s| s.desk.get_call().id(NOWHERE)), "NotFound(0)"),
        row(
            "updateCall",
            400,
            fresh,
            behind_a_gateway!(|desk| desk
                .update_call()
                .id(CALL)
                .body_map(|b| b.ttf("2026-03-03T18:00:00Z".parse::<DateTime>().unwrap()))),
            "BadRequest(0)",
        ),
        row("updateCall", 404, fresh, call!(|s| s.desk.update_call().id(NOWHERE)), "NotFound(0)"),
        row("closeCall", 404, fresh, call!(|s| s.desk.close_call().id(NOWHERE)), "NotFound"),
        row("closeCall", 409, committed, call!(|s| s.desk.close_call().id(CALL)), "Conflict"),
        row(
            "addDispatcherMessage",
            400,
            fresh,
            behind_a_gateway!(|desk| dispatcher_message(&desk, CALL)),
            "BadRequest(0)",
        ),
        row("addDispatcherMessage", 404, fresh, call!(|s| dispatcher_message(&s.desk, NOWHERE)), "NotFound"),
        row("addDispatcherMessage", 409, closed, call!(|s| dispatcher_message(&s.desk, CALL)), "Conflict"),
        row(
            "clearJeopardy",
            400,
            fresh,
            |s| {
                Box::pin(async move {
                    let desk = s.behind_a_gateway().await;
                    refused(desk.clear_jeopardy().id(CALL).body_map(|b| b.answer_comment("Да".to_owned())).send().await)
                })
            },
            "BadRequest",
        ),
        row("clearJeopardy", 404, fresh, call!(|s| clear_jeopardy(s, NOWHERE)), "NotFound"),
        row("clearJeopardy", 409, committed, call!(|s| clear_jeopardy(s, CALL)), "Conflict"),
    ]
}

/// Operations of the user.
fn user() -> Vec<Row> {
    let no_comment: Call = call!(|s| set_status(s, CALL, CallStatus::Done));
    vec![
        row(
            "createCallTempLink",
            403,
            committed,
            call!(|s| s.petrova.create_call_temp_link().call_id(CALL)),
            "Forbidden",
        ),
        row(
            "createCallTempLink",
            404,
            fresh,
            call!(|s| s.ivanov.create_call_temp_link().call_id(NOWHERE)),
            "NotFound(0)",
        ),
        row("createCallTempLink", 409, done, call!(|s| s.ivanov.create_call_temp_link().call_id(CALL)), "Conflict"),
        row(
            "raiseJeopardy",
            400,
            fresh,
            |s| {
                Box::pin(async move {
                    let ivanov = s.behind_a_gateway().await;
                    refused(ivanov.raise_jeopardy().id(CALL).body_map(|b| b.comment("Нет".to_owned())).send().await)
                })
            },
            "BadRequest",
        ),
        row("raiseJeopardy", 403, fresh, call!(|s| raise_jeopardy(s, CLOSED_CALL)), "Forbidden"),
        row("raiseJeopardy", 404, fresh, call!(|s| raise_jeopardy(s, NOWHERE)), "NotFound"),
        row("raiseJeopardy", 409, done, call!(|s| raise_jeopardy(s, CALL)), "Conflict"),
        row(
            "addUserMessage",
            400,
            fresh,
            |s| {
                Box::pin(async move {
                    let ivanov = s.behind_a_gateway().await;
                    refused(ivanov.add_user_message().id(CALL).body_map(|b| b.message("Да".to_owned())).send().await)
                })
            },
            "BadRequest(0)",
        ),
        row("addUserMessage", 403, fresh, call!(|s| user_message(s, CLOSED_CALL)), "Forbidden"),
        row("addUserMessage", 404, fresh, call!(|s| user_message(s, NOWHERE)), "NotFound"),
        row("addUserMessage", 409, closed, call!(|s| user_message(s, CALL)), "Conflict"),
        row("setCallStatus", 400, committed, no_comment, "BadRequest { code: Some(CommentEmpty), body: Some(6) }")
            .code(6),
        row(
            "setCallStatus",
            400,
            |state| state.omit_optional_error_bodies = true,
            no_comment,
            "BadRequest { code: None, body: None }",
        ),
        row(
            "setCallStatus",
            400,
            fresh,
            call!(|s| set_status(s, CALL, CallStatus::Unknown("Paused".to_owned()))),
            "BadRequest { code: None, body: None }",
        ),
        row("setCallStatus", 403, fresh, call!(|s| set_status(s, CLOSED_CALL, CallStatus::Committed)), "Forbidden"),
        row("setCallStatus", 404, fresh, call!(|s| set_status(s, NOWHERE, CallStatus::Committed)), "NotFound"),
        row("setCallStatus", 409, done, call!(|s| set_status(s, CALL, CallStatus::Committed)), "Conflict"),
        row("setCallStatus", 409, done, call!(|s| set_status(s, CALL, CallStatus::Closed)), "Conflict"),
    ]
}

/// Operations of a link's holder.
fn shared() -> Vec<Row> {
    let complete = "completeSharedCall";
    vec![
        row("getSharedCall", 400, linked, call!(|s| s.holder.get_shared_call().token(" ")), "BadRequest(0)"),
        row("getSharedCall", 404, fresh, call!(|s| s.holder.get_shared_call().token(LINK)), "NotFound(0)"),
        row(
            complete,
            400,
            linked,
            call!(|s| s.holder.complete_shared_call().token(LINK).body(report("", &[]))),
            "BadRequest(0)",
        ),
        row(
            complete,
            404,
            fresh,
            call!(|s| s.holder.complete_shared_call().token(LINK).body(report("Готово", &[]))),
            "NotFound(0)",
        ),
        row(
            complete,
            404,
            linked,
            call!(|s| s
                .holder
                .complete_shared_call()
                .token(LINK)
                .body(report("Готово", &[(TASK, CallTaskStatus::Done), (NOWHERE, CallTaskStatus::Done)]))),
            "NotFound(0)",
        ),
        row(
            complete,
            409,
            linked,
            call!(|s| s
                .holder
                .complete_shared_call()
                .token(LINK)
                .body(report("Готово", &[(OTHER_TASK, CallTaskStatus::New)]))),
            "Conflict { code: CallTaskStatusChangeFailed, body: 3 }",
        )
        .code(3),
        row(
            complete,
            409,
            linked_and_done,
            call!(|s| s.holder.complete_shared_call().token(LINK).body(report("Готово", &[]))),
            "Conflict { code: CallStatusChangeFailed, body: 7 }",
        )
        .code(7),
    ]
}

fn dispatcher_message(desk: &Client, call: i64) -> builder::AddDispatcherMessage<'_> {
    desk.add_dispatcher_message().id(call).body_map(|b| b.message("Да".to_owned()).date("2026-03-02T09:10:00Z"))
}

fn clear_jeopardy(stage: &Stage, call: i64) -> builder::ClearJeopardy<'_> {
    stage.desk.clear_jeopardy().id(call).body_map(|b| b.answer_comment("Да".to_owned()))
}

fn raise_jeopardy(stage: &Stage, call: i64) -> builder::RaiseJeopardy<'_> {
    stage.ivanov.raise_jeopardy().id(call).body_map(|b| b.comment("Нет принтера".to_owned()))
}

fn user_message(stage: &Stage, call: i64) -> builder::AddUserMessage<'_> {
    stage.ivanov.add_user_message().id(call).body_map(|b| b.message("Да".to_owned()))
}

fn set_status(stage: &Stage, call: i64, status: CallStatus) -> builder::SetCallStatus<'_> {
    stage.ivanov.set_call_status().id(call).body_map(|b| b.status(status))
}
