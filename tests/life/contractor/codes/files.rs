//! The failures of tasks, their results and their files, of the tag CallTask and of a
//! link's holder.

use casewire::{
    Part,
    contractor::{
        builder,
        error::{
            DownloadCallTaskAttachmentError, DownloadCallTaskAttachmentNotFoundCode, DownloadSharedAttachmentError,
            DownloadSharedAttachmentNotFoundCode, GetCallTaskAttachmentError, GetCallTaskAttachmentNotFoundCode,
            GetCallTaskError, GetCallTaskResultError, GetSharedTaskResultError, SetCallTaskStatusError,
            UploadCallTaskAttachmentError, UploadSharedAttachmentError,
        },
        types::CallTaskStatus,
    },
};
use casewire_sandbox::contractor::{CallStatus, SAMPLE_JPEG, State};

use super::{Row, call, coded, dto, row};
use crate::life::contractor::stage::{
    CLOSED_CALL, CLOSED_TASK, FILE, LINK, NOWHERE, Stage, TASK, committed, fresh, linked, linked_and_done, task_done,
    with_file,
};

pub fn table() -> Vec<Row> {
    let mut rows = tasks();
    rows.extend(shared());
    rows
}

fn tasks() -> Vec<Row> {
    vec![
        row("404", fresh, call!(|s| s.desk.get_call_task().id(NOWHERE)), GetCallTaskError::NotFound(dto(0))),
        row(
            "403",
            fresh,
            call!(|s| s.ivanov.get_call_task_result().id(CLOSED_TASK)),
            GetCallTaskResultError::Forbidden,
        ),
        row(
            "404",
            fresh,
            call!(|s| s.ivanov.get_call_task_result().id(NOWHERE)),
            GetCallTaskResultError::NotFound(dto(0)),
        ),
        row("403", fresh, call!(|s| set_task(s, CLOSED_TASK, CallTaskStatus::Done)), SetCallTaskStatusError::Forbidden),
        row("404", fresh, call!(|s| set_task(s, NOWHERE, CallTaskStatus::Done)), SetCallTaskStatusError::NotFound),
        row("409", fresh, call!(|s| set_task(s, TASK, CallTaskStatus::Done)), SetCallTaskStatusError::Conflict),
        row("409", task_done, call!(|s| set_task(s, TASK, CallTaskStatus::Canceled)), SetCallTaskStatusError::Conflict),
        row(
            "403",
            fresh,
            call!(|s| attach(s, CLOSED_TASK, "a.jpg", SAMPLE_JPEG)),
            UploadCallTaskAttachmentError::Forbidden,
        ),
        row("404", fresh, call!(|s| attach(s, NOWHERE, "a.jpg", SAMPLE_JPEG)), UploadCallTaskAttachmentError::NotFound),
        row(
            "409",
            committed,
            call!(|s| attach(s, TASK, "a.jpg", SAMPLE_JPEG)),
            UploadCallTaskAttachmentError::Conflict,
        ),
        row(
            "422",
            task_done,
            call!(|s| attach(s, TASK, "a.jpg", half_a_jpeg())),
            UploadCallTaskAttachmentError::UnprocessableContent,
        ),
        row(
            "422",
            task_done,
            call!(|s| attach(s, TASK, "a.exe", SAMPLE_JPEG)),
            UploadCallTaskAttachmentError::UnprocessableContent,
        ),
        row(
            "422",
            no_room,
            call!(|s| attach(s, TASK, "a.jpg", SAMPLE_JPEG)),
            UploadCallTaskAttachmentError::UnprocessableContent,
        ),
        row(
            "404",
            fresh,
            call!(|s| s.desk.get_call_task_attachment().id(NOWHERE).attachment_id(FILE)),
            coded!(GetCallTaskAttachmentError::NotFound, GetCallTaskAttachmentNotFoundCode::CallTaskNotFound, 1),
        ),
        row(
            "404",
            with_file,
            call!(|s| s.desk.get_call_task_attachment().id(TASK).attachment_id(NOWHERE)),
            coded!(GetCallTaskAttachmentError::NotFound, GetCallTaskAttachmentNotFoundCode::AttachmentNotFound, 2),
        ),
        row(
            "403",
            fresh,
            call!(|s| s.ivanov.download_call_task_attachment().id(CLOSED_TASK).attachment_id(FILE)),
            DownloadCallTaskAttachmentError::Forbidden,
        ),
        row(
            "404",
            fresh,
            call!(|s| s.ivanov.download_call_task_attachment().id(NOWHERE).attachment_id(FILE)),
            coded!(
                DownloadCallTaskAttachmentError::NotFound,
                DownloadCallTaskAttachmentNotFoundCode::CallTaskNotFound,
                1
            ),
        ),
        row(
            "404",
            with_file,
            call!(|s| s.ivanov.download_call_task_attachment().id(TASK).attachment_id(NOWHERE)),
            coded!(
                DownloadCallTaskAttachmentError::NotFound,
                DownloadCallTaskAttachmentNotFoundCode::AttachmentNotFound,
                2
            ),
        ),
    ]
}

fn shared() -> Vec<Row> {
    vec![
        row("404", fresh, call!(|s| attach_shared(s, TASK, SAMPLE_JPEG)), UploadSharedAttachmentError::NotFound),
        row(
            "404",
            linked_and_done,
            call!(|s| attach_shared(s, NOWHERE, SAMPLE_JPEG)),
            UploadSharedAttachmentError::NotFound,
        ),
        row("409", linked, call!(|s| attach_shared(s, TASK, SAMPLE_JPEG)), UploadSharedAttachmentError::Conflict),
        row(
            "422",
            linked_and_done,
            call!(|s| attach_shared(s, TASK, half_a_jpeg())),
            UploadSharedAttachmentError::UnprocessableContent,
        ),
        row(
            "403",
            link_of_another_call,
            call!(|s| download_shared(s, TASK, FILE)),
            DownloadSharedAttachmentError::Forbidden(dto(0)),
        ),
        row(
            "404",
            fresh,
            call!(|s| download_shared(s, TASK, FILE)),
            coded!(DownloadSharedAttachmentError::NotFound, DownloadSharedAttachmentNotFoundCode::CallTaskNotFound, 1),
        ),
        row(
            "404",
            linked_and_done,
            call!(|s| download_shared(s, NOWHERE, FILE)),
            coded!(DownloadSharedAttachmentError::NotFound, DownloadSharedAttachmentNotFoundCode::CallTaskNotFound, 1),
        ),
        row(
            "404",
            linked_and_done,
            call!(|s| download_shared(s, TASK, FILE)),
            coded!(
                DownloadSharedAttachmentError::NotFound,
                DownloadSharedAttachmentNotFoundCode::AttachmentNotFound,
                2
            ),
        ),
        row(
            "404",
            linked,
            call!(|s| s.holder.get_shared_task_result().id(NOWHERE).token(LINK)),
            GetSharedTaskResultError::NotFound(dto(0)),
        ),
    ]
}

fn half_a_jpeg() -> &'static [u8] {
    &SAMPLE_JPEG[..SAMPLE_JPEG.len() / 2]
}

fn no_room(state: &mut State) {
    task_done(state);
    state.max_attachment_bytes = SAMPLE_JPEG.len() - 1;
}

fn link_of_another_call(state: &mut State) {
    with_file(state);
    let other = state.calls.get_mut(&CLOSED_CALL).unwrap();
    (other.status, other.link) = (CallStatus::Done, Some(LINK.to_owned()));
}

fn set_task(stage: &Stage, task: i64, status: CallTaskStatus) -> builder::SetCallTaskStatus {
    stage.ivanov.set_call_task_status().id(task).body_map(|b| b.status(status))
}

fn attach(stage: &Stage, task: i64, name: &str, content: &'static [u8]) -> builder::UploadCallTaskAttachment {
    stage.ivanov.upload_call_task_attachment().id(task).attachment(Part::bytes(content).file_name(name))
}

fn attach_shared(stage: &Stage, task: i64, content: &'static [u8]) -> builder::UploadSharedAttachment {
    let part = Part::bytes(content).file_name("a.jpg");
    stage.holder.upload_shared_attachment().id(task).token(LINK).attachment(part)
}

fn download_shared(stage: &Stage, task: i64, file: i64) -> builder::DownloadSharedAttachment {
    stage.holder.download_shared_attachment().id(task).attachment_id(file).token(LINK)
}
