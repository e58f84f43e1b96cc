//! The failures of the tags Call and Shared that are about the call itself: input,
//! existence, ownership and status.

use casewire::{
    DateTime,
    contractor::{
        Client, builder,
        error::{
            AddDispatcherMessageError, AddUserMessageError, ClearJeopardyError, CloseCallError,
            CompleteSharedCallConflictCode, CompleteSharedCallError, CreateCallError, CreateCallNotFoundCode,
            CreateCallTempLinkError, GetCallError, GetSharedCallError, RaiseJeopardyError, SetCallStatusBadRequestCode,
            SetCallStatusError, UpdateCallError,
        },
        types::{CallStatus, CallTaskStatus},
    },
};

use super::{Call, Row, behind_a_gateway, call, coded, dto, row};
use crate::life::contractor::stage::{
    CALL, CLOSED_CALL, LINK, NOWHERE, OTHER_TASK, Stage, TASK, call_input, closed, committed, done, fresh, linked,
    linked_and_done, report,
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
            "400",
            fresh,
            behind_a_gateway!(|desk| desk.create_call().body(call_input(|_| {}))),
            CreateCallError::BadRequest(dto(0)),
        ),
        row(
            "404",
            fresh,
            call!(|s| s.desk.create_call().body(call_input(|call| call.client_name = "ИП Никто".to_owned()))),
            coded!(CreateCallError::NotFound, CreateCallNotFoundCode::ClientNotFound, 1),
        ),
        row(
            "404",
            fresh,
            call!(|s| s.desk.create_call().body(call_input(|call| call.service_object_name = "Нигде".to_owned()))),
            coded!(CreateCallError::NotFound, CreateCallNotFoundCode::ServiceObjectNotFound, 2),
        ),
        row(
            "404",
            fresh,
            call!(|s| s.desk.create_call().body(call_input(|call| call.owner_id = NOWHERE))),
            coded!(CreateCallError::NotFound, CreateCallNotFoundCode::UserNotFound, 3),
        ),
        row(
            "404",
            |state| state.omit_optional_error_bodies = true,
            call!(|s| s.desk.create_call().body(call_input(|call| call.owner_id = NOWHERE))),
            CreateCallError::NotFound { code: None, body: None },
        ),
        row("404", fresh, call!(|s| s.desk.get_call().id(NOWHERE)), GetCallError::NotFound(dto(0))),
        row(
            "400",
            fresh,
            behind_a_gateway!(|desk| desk
                .update_call()
                .id(CALL)
                .body_map(|b| b.ttf("2026-03-03T18:00:00Z".parse::<DateTime>().unwrap()))),
            UpdateCallError::BadRequest(dto(0)),
        ),
        row(
            "404",
            fresh,
            call!(|s| s.desk.update_call().id(NOWHERE).body_map(|b| b)),
            UpdateCallError::NotFound(dto(0)),
        ),
        row("404", fresh, call!(|s| s.desk.close_call().id(NOWHERE)), CloseCallError::NotFound),
        row("409", committed, call!(|s| s.desk.close_call().id(CALL)), CloseCallError::Conflict),
        row(
            "400",
            fresh,
            behind_a_gateway!(|desk| dispatcher_message(&desk, CALL)),
            AddDispatcherMessageError::BadRequest(dto(0)),
        ),
        row("404", fresh, call!(|s| dispatcher_message(&s.desk, NOWHERE)), AddDispatcherMessageError::NotFound),
        row("409", closed, call!(|s| dispatcher_message(&s.desk, CALL)), AddDispatcherMessageError::Conflict),
        row(
            "400",
            fresh,
            behind_a_gateway!(|desk| desk.clear_jeopardy().id(CALL).body_map(|b| b.answer_comment("Да".to_owned()))),
            ClearJeopardyError::BadRequest,
        ),
        row("404", fresh, call!(|s| clear_jeopardy(s, NOWHERE)), ClearJeopardyError::NotFound),
        row("409", committed, call!(|s| clear_jeopardy(s, CALL)), ClearJeopardyError::Conflict),
    ]
}

/// Operations of the user.
fn user() -> Vec<Row> {
    let no_comment: Call = call!(|s| set_status(s, CALL, CallStatus::Done));
    vec![
        row(
            "403",
            committed,
            call!(|s| s.petrova.create_call_temp_link().call_id(CALL)),
            CreateCallTempLinkError::Forbidden,
        ),
        row(
            "404",
            fresh,
            call!(|s| s.ivanov.create_call_temp_link().call_id(NOWHERE)),
            CreateCallTempLinkError::NotFound(dto(0)),
        ),
        row("409", done, call!(|s| s.ivanov.create_call_temp_link().call_id(CALL)), CreateCallTempLinkError::Conflict),
        row(
            "400",
            fresh,
            behind_a_gateway!(|ivanov| ivanov.raise_jeopardy().id(CALL).body_map(|b| b.comment("Нет".to_owned()))),
            RaiseJeopardyError::BadRequest,
        ),
        row("403", fresh, call!(|s| raise_jeopardy(s, CLOSED_CALL)), RaiseJeopardyError::Forbidden),
        row("404", fresh, call!(|s| raise_jeopardy(s, NOWHERE)), RaiseJeopardyError::NotFound),
        row("409", done, call!(|s| raise_jeopardy(s, CALL)), RaiseJeopardyError::Conflict),
        row(
            "400",
            fresh,
            behind_a_gateway!(|ivanov| ivanov.add_user_message().id(CALL).body_map(|b| b.message("Да".to_owned()))),
            AddUserMessageError::BadRequest(dto(0)),
        ),
        row("403", fresh, call!(|s| user_message(s, CLOSED_CALL)), AddUserMessageError::Forbidden),
        row("404", fresh, call!(|s| user_message(s, NOWHERE)), AddUserMessageError::NotFound),
        row("409", closed, call!(|s| user_message(s, CALL)), AddUserMessageError::Conflict),
        row(
            "400",
            committed,
            no_comment,
            coded!(SetCallStatusError::BadRequest, SetCallStatusBadRequestCode::CommentEmpty, 6),
        ),
        row(
            "400",
            |state| state.omit_optional_error_bodies = true,
            no_comment,
            SetCallStatusError::BadRequest { code: None, body: None },
        ),
        row(
            "400",
            fresh,
            call!(|s| set_status(s, CALL, CallStatus::Unknown("Paused".to_owned()))),
            SetCallStatusError::BadRequest { code: None, body: None },
        ),
        row("403", fresh, call!(|s| set_status(s, CLOSED_CALL, CallStatus::Committed)), SetCallStatusError::Forbidden),
        row("404", fresh, call!(|s| set_status(s, NOWHERE, CallStatus::Committed)), SetCallStatusError::NotFound),
        row("409", done, call!(|s| set_status(s, CALL, CallStatus::Committed)), SetCallStatusError::Conflict),
        row("409", done, call!(|s| set_status(s, CALL, CallStatus::Closed)), SetCallStatusError::Conflict),
    ]
}

/// Operations of a link's holder.
fn shared() -> Vec<Row> {
    vec![
        row("400", linked, call!(|s| s.holder.get_shared_call().token(" ")), GetSharedCallError::BadRequest(dto(0))),
        row("404", fresh, call!(|s| s.holder.get_shared_call().token(LINK)), GetSharedCallError::NotFound(dto(0))),
        row(
            "400",
            linked,
            call!(|s| s.holder.complete_shared_call().token(LINK).body(report("", &[]))),
            CompleteSharedCallError::BadRequest(dto(0)),
        ),
        row(
            "404",
            fresh,
            call!(|s| s.holder.complete_shared_call().token(LINK).body(report("Готово", &[]))),
            CompleteSharedCallError::NotFound(dto(0)),
        ),
        row(
            "404",
            linked,
            call!(|s| s
                .holder
                .complete_shared_call()
                .token(LINK)
                .body(report("Готово", &[(TASK, CallTaskStatus::Done), (NOWHERE, CallTaskStatus::Done)]))),
            CompleteSharedCallError::NotFound(dto(0)),
        ),
        row(
            "409",
            linked,
            call!(|s| s
                .holder
                .complete_shared_call()
                .token(LINK)
                .body(report("Готово", &[(OTHER_TASK, CallTaskStatus::New)]))),
            coded!(CompleteSharedCallError::Conflict, CompleteSharedCallConflictCode::CallTaskStatusChangeFailed, 3),
        ),
        row(
            "409",
            linked_and_done,
            call!(|s| s.holder.complete_shared_call().token(LINK).body(report("Готово", &[]))),
            coded!(CompleteSharedCallError::Conflict, CompleteSharedCallConflictCode::CallStatusChangeFailed, 7),
        ),
    ]
}

fn dispatcher_message(desk: &Client, call: i64) -> builder::AddDispatcherMessage {
    desk.add_dispatcher_message().id(call).body_map(|b| b.message("Да".to_owned()).date("2026-03-02T09:10:00Z"))
}

fn clear_jeopardy(stage: &Stage, call: i64) -> builder::ClearJeopardy {
    stage.desk.clear_jeopardy().id(call).body_map(|b| b.answer_comment("Да".to_owned()))
}

fn raise_jeopardy(stage: &Stage, call: i64) -> builder::RaiseJeopardy {
    stage.ivanov.raise_jeopardy().id(call).body_map(|b| b.comment("Нет принтера".to_owned()))
}

fn user_message(stage: &Stage, call: i64) -> builder::AddUserMessage {
    stage.ivanov.add_user_message().id(call).body_map(|b| b.message("Да".to_owned()))
}

fn set_status(stage: &Stage, call: i64, status: CallStatus) -> builder::SetCallStatus {
    stage.ivanov.set_call_status().id(call).body_map(|b| b.status(status))
}
