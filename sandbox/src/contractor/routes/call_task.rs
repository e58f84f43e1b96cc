//! Tag CallTask: the tasks of calls, their results and the files of these.
//! A task can only be changed by the owner of its call, while the call is being carried out.

use axum::{extract::Request, response::Response};

use super::{no_content, ok};
use crate::{
    contractor::{
        extract::{App, Id, Ids, Input, UserId},
        file::{self, Upload},
        input,
        model::{Attachment, Call, CallStatus, Task, TaskStatus},
        refusal::{Refusal, Result},
        state::{self, State},
        view,
    },
    send,
};

const NO_TASK: Refusal = Refusal::NOT_FOUND.code(1);
const NO_FILE: Refusal = Refusal::NOT_FOUND.code(2);

/// GET /calltask
pub(super) async fn list(app: App) -> Response {
    app.with(|state| ok(state.calls.values().flat_map(|call| &call.tasks).map(view::task).collect()))
}

/// GET /calltask/{id}
pub(super) async fn get(app: App, Id(id): Id) -> Result {
    app.with(|state| Ok(ok(view::task(state.task(id).ok_or(Refusal::NOT_FOUND)?))))
}

/// GET /calltask/{id}/result
pub(super) async fn result(app: App, UserId(user): UserId, Id(id): Id) -> Result {
    app.with(|state| result_in(state::own_call_with_task(&mut state.calls, user, id)?, id))
}

/// The result of a task of the call. Only a task that is done has one.
pub(super) fn result_in(call: &Call, task: i64) -> Result {
    match call.task(task) {
        Some(task) if task.status == TaskStatus::Done => Ok(ok(view::result(task))),
        Some(_) => Ok(no_content()),
        None => Err(Refusal::NOT_FOUND),
    }
}

/// POST /calltask/{id}/status
pub(super) async fn set_status(
    app: App,
    UserId(user): UserId,
    Id(id): Id,
    Input(input): Input<input::NewTaskStatus>,
) -> Result {
    app.with(|state| {
        let call = state::own_call_with_task(&mut state.calls, user, id)?;
        let open = call.status == CallStatus::Committed;
        let task = call.task_mut(id).ok_or(Refusal::NOT_FOUND)?;
        if !open || task.status != TaskStatus::New || input.status == TaskStatus::New {
            return Err(Refusal::CONFLICT);
        }
        task.status = input.status;
        call.timestamp = state.marks.take();
        Ok(no_content())
    })
}

/// POST /calltask/{id}/attachment
pub(super) async fn upload(app: App, UserId(user): UserId, Id(id): Id, request: Request) -> Result {
    let target = |state: &mut State| {
        let call = state::own_call_with_task(&mut state.calls, user, id)?;
        if matches!(call.status, CallStatus::Committed | CallStatus::Done) {
            Ok(call.id)
        } else {
            Err(Refusal::CONFLICT)
        }
    };
    attach(&app, id, target, request).await
}

/// Attaches a file to a task, provided that `target` finds its call and that the task is done.
///
/// That is looked at before the file is read, and again after, since the call may have
/// changed in the meantime.
pub(super) async fn attach(
    app: &App,
    task: i64,
    target: impl Fn(&mut State) -> Result<i64>,
    request: Request,
) -> Result {
    let check = |state: &mut State| {
        let call = target(state)?;
        let done = state.task(task).is_some_and(|task| task.status == TaskStatus::Done);
        if done { Ok(call) } else { Err(Refusal::CONFLICT) }
    };
    let max_bytes = app.with(|state| check(state).map(|_| state.max_attachment_bytes))?;
    let upload = file::receive(request, max_bytes).await?;
    app.with(|state| {
        let call = check(state)?;
        store(state, call, task, upload)
    })
}

fn store(state: &mut State, call: i64, task: i64, upload: Upload) -> Result {
    let call = state::call(&mut state.calls, call)?;
    let call_id = call.id;
    let id = state.ids.attachment.take();
    let attachment = Attachment {
        id,
        blob_name: format!("{call_id}-{task}-{id}"),
        name: upload.name,
        uploaded: state.clock.now(),
        kind: upload.kind,
        data: upload.data,
    };
    let body = view::attachment(&attachment);
    call.task_mut(task).ok_or(Refusal::NOT_FOUND)?.attachments.push(attachment);
    call.timestamp = state.marks.take();
    Ok(ok(body))
}

/// GET /calltask/{id}/attachment/{attachmentId}
pub(super) async fn attachment(app: App, Ids(task, id): Ids) -> Result {
    app.with(|state| file_of(state.task(task).ok_or(NO_TASK)?, id))
}

/// GET /calltask/{id}/attachment/{attachmentId}/download
pub(super) async fn download(app: App, UserId(user): UserId, Ids(task, id): Ids) -> Result {
    app.with(|state| {
        let call = state::call_with_task(&mut state.calls, task).map_err(|_| NO_TASK)?;
        if call.owner != user {
            return Err(Refusal::FORBIDDEN);
        }
        file_of(call.task(task).ok_or(NO_TASK)?, id)
    })
}

/// The response with a file of the task.
pub(super) fn file_of(task: &Task, id: i64) -> Result {
    let attachment = task.attachments.iter().find(|attachment| attachment.id == id).ok_or(NO_FILE)?;
    Ok(send::file(&attachment.name, &attachment.data))
}
