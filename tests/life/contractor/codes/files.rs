//! The failures of tasks, their results and their files, of the tag CallTask and of a link's holder.

use casewire::{
    Part,
    contractor::{builder, types::CallTaskStatus},
    sandbox::contractor::{CallStatus, SAMPLE_JPEG, State},
};

use super::{Row, call, row};
use crate::life::contractor::stage::{
    CLOSED_CALL, CLOSED_TASK, FILE, LINK, NOWHERE, Stage, TASK, committed, fresh, linked, linked_and_done, task_done,
    with_file,
};

const NO_TASK: &str = "NotFound { code: CallTaskNotFound, body: 1 }";
const NO_FILE: &str = "NotFound { code: AttachmentNotFound, body: 2 }";

pub fn table() -> Vec<Row> {
    let mut rows = tasks();
    rows.extend(shared());
    rows
}

fn tasks() -> Vec<Row> {
    let (upload, for_desk, for_user) =
        ("uploadCallTaskAttachment", "getCallTaskAttachment", "downloadCallTaskAttachment");
    vec![
        row("getCallTask", 404, fresh, call!(|s| s.desk.get_call_task().id(NOWHERE)), "NotFound(0)"),
        row("getCallTaskResult", 403, fresh, call!(|s| s.ivanov.get_call_task_result().id(CLOSED_TASK)), "Forbidden"),
        row("getCallTaskResult", 404, fresh, call!(|s| s.ivanov.get_call_task_result().id(TASK)), "NotFound(0)"),
        row("setCallTaskStatus", 403, fresh, call!(|s| set_task(s, CLOSED_TASK, CallTaskStatus::Done)), "Forbidden"),
        row("setCallTaskStatus", 404, fresh, call!(|s| set_task(s, NOWHERE, CallTaskStatus::Done)), "NotFound"),
        row("setCallTaskStatus", 409, fresh, call!(|s| set_task(s, TASK, CallTaskStatus::Done)), "Conflict"),
        row("setCallTaskStatus", 409, task_done, call!(|s| set_task(s, TASK, CallTaskStatus::Canceled)), "Conflict"),
        row(upload, 403, fresh, call!(|s| attach(s, CLOSED_TASK, "a.jpg", SAMPLE_JPEG)), "Forbidden"),
        row(upload, 404, fresh, call!(|s| attach(s, NOWHERE, "a.jpg", SAMPLE_JPEG)), "NotFound"),
        row(upload, 409, committed, call!(|s| attach(s, TASK, "a.jpg", SAMPLE_JPEG)), "Conflict"),
        row(upload, 422, task_done, call!(|s| attach(s, TASK, "a.jpg", half_a_jpeg())), "UnprocessableContent"),
        row(upload, 422, task_done, call!(|s| attach(s, TASK, "a.exe", SAMPLE_JPEG)), "UnprocessableContent"),
        row(upload, 422, no_room, call!(|s| attach(s, TASK, "a.jpg", SAMPLE_JPEG)), "UnprocessableContent"),
        row(
            for_desk,
            404,
            fresh,
            call!(|s| s.desk.get_call_task_attachment().id(NOWHERE).attachment_id(FILE)),
            NO_TASK,
        )
        .code(1),
        row(
            for_desk,
            404,
            with_file,
            call!(|s| s.desk.get_call_task_attachment().id(TASK).attachment_id(NOWHERE)),
            NO_FILE,
        )
        .code(2),
        row(
            for_user,
            403,
            fresh,
            call!(|s| s.ivanov.download_call_task_attachment().id(CLOSED_TASK).attachment_id(FILE)),
            "Forbidden",
        ),
        row(
            for_user,
            404,
            fresh,
            call!(|s| s.ivanov.download_call_task_attachment().id(NOWHERE).attachment_id(FILE)),
            NO_TASK,
        )
        .code(1),
        row(
            for_user,
            404,
            with_file,
            call!(|s| s.ivanov.download_call_task_attachment().id(TASK).attachment_id(NOWHERE)),
            NO_FILE,
        )
        .code(2),
    ]
}

fn shared() -> Vec<Row> {
    let (upload, download) = ("uploadSharedAttachment", "downloadSharedAttachment");
    vec![
        row(upload, 404, fresh, call!(|s| attach_shared(s, TASK, SAMPLE_JPEG)), "NotFound"),
        row(upload, 404, linked_and_done, call!(|s| attach_shared(s, NOWHERE, SAMPLE_JPEG)), "NotFound"),
        row(upload, 409, linked, call!(|s| attach_shared(s, TASK, SAMPLE_JPEG)), "Conflict"),
        row(upload, 422, linked_and_done, call!(|s| attach_shared(s, TASK, half_a_jpeg())), "UnprocessableContent"),
        row(download, 403, link_of_another_call, call!(|s| download_shared(s, TASK, FILE)), "Forbidden(0)"),
        row(download, 404, fresh, call!(|s| download_shared(s, TASK, FILE)), NO_TASK).code(1),
        row(download, 404, linked_and_done, call!(|s| download_shared(s, NOWHERE, FILE)), NO_TASK).code(1),
        row(download, 404, linked_and_done, call!(|s| download_shared(s, TASK, FILE)), NO_FILE).code(2),
        row(
            "getSharedTaskResult",
            404,
            linked,
            call!(|s| s.holder.get_shared_task_result().id(TASK).token(LINK)),
            "NotFound(0)",
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

fn set_task(stage: &Stage, task: i64, status: CallTaskStatus) -> builder::SetCallTaskStatus<'_> {
    stage.ivanov.set_call_task_status().id(task).body_map(|b| b.status(status))
}

fn attach<'a>(
    stage: &'a Stage,
    task: i64,
    name: &str,
    content: &'static [u8],
) -> builder::UploadCallTaskAttachment<'a> {
    stage.ivanov.upload_call_task_attachment().id(task).attachment(Part::bytes(content).file_name(name))
}

fn attach_shared<'a>(stage: &'a Stage, task: i64, content: &'static [u8]) -> builder::UploadSharedAttachment<'a> {
    let part = Part::bytes(content).file_name("a.jpg");
    stage.holder.upload_shared_attachment().id(task).token(LINK).attachment(part)
}

fn download_shared(stage: &Stage, task: i64, file: i64) -> builder::DownloadSharedAttachment<'_> {
    stage.holder.download_shared_attachment().id(task).attachment_id(file).token(LINK)
}
