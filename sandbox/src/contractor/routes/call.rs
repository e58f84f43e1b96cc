//! Tag Call: creating and changing calls, their status, messages, jeopardies, and the
//! feeds of changes. `New` → `Committed` → `Done` is the owner's way, and only the
//! external system closes what is done.

use axum::response::Response;
use serde_json::{Value, json};
use uuid::{Builder, Uuid};

use super::{no_content, ok};
use crate::{
    app::lean,
    clock,
    contractor::{
        entity,
        extract::{App, Id, Input, UserId},
        input,
        model::{Call, CallStatus, ExpenditureItem, Jeopardy, Message, Task, TaskStatus},
        refusal::{Refusal, Result},
        state::{self, State},
        view::{self, moment, utc},
    },
};

/// POST /call
pub(super) async fn create(app: App, Input(input): Input<input::NewCall>) -> Result {
    app.with(|state| {
        if !state.known_clients.contains(&input.client_name) {
            return Err(Refusal::NOT_FOUND.code(1));
        }
        if !state.known_service_objects.contains(&input.service_object_name) {
            return Err(Refusal::NOT_FOUND.code(2));
        }
        if !state.users.contains_key(&input.owner_id) {
            return Err(Refusal::NOT_FOUND.code(3));
        }
        let call = new_call(state, input);
        let tasks: Value = call.tasks.iter().map(|task| json!({ "id": task.id })).collect();
        let body = json!({ "created": utc(call.created), "id": call.id, "number": call.number, "tasks": tasks });
        state.calls.insert(call.id, call);
        Ok(ok(body))
    })
}

fn new_call(state: &mut State, input: input::NewCall) -> Call {
    let ids = &mut state.ids;
    let id = ids.call.take();
    let item = |item: input::NewExpenditureItem| ExpenditureItem { id: ids.expenditure_item.take(), name: item.name };
    let expenditure_items = input.available_expenditure_items.into_iter().map(item).collect();
    let task = |task: input::NewTask| Task {
        id: ids.task.take(),
        title: task.title,
        status: TaskStatus::New,
        attachments: Vec::new(),
    };
    let tasks = input.tasks.into_iter().map(task).collect();
    Call {
        id,
        number: format!("C-{id}"),
        status: CallStatus::New,
        owner: input.owner_id,
        timestamp: state.marks.take(),
        client_name: input.client_name,
        comments: None,
        created: input.created,
        committed: None,
        finished: None,
        ttf: input.ttf,
        tto: input.tto,
        critical: input.critical,
        contact_person_email: input.contact_person_email,
        contact_person_name: input.contact_person_name,
        contact_person_phone: input.contact_person_phone,
        description_html_text: input.description_html_text,
        description_text_for_field_employee: input.description_text_for_field_employee,
        service_object_address: input.service_object_address,
        service_object_latitude: input.service_object_latitude,
        service_object_longitude: input.service_object_longitude,
        service_object_name: input.service_object_name,
        service_object_type: input.service_object_type,
        expenditure_items,
        tasks,
        messages: Vec::new(),
        jeopardies: Vec::new(),
        cost: None,
        link: None,
        links_issued: 0,
    }
}

/// GET /call/{id}
pub(super) async fn get(app: App, Id(id): Id) -> Result {
    app.with(|state| Ok(ok(view::call(state::call(&mut state.calls, id)?))))
}

/// PATCH /call/{id}; responds with the call's new mark.
pub(super) async fn update(app: App, Id(id): Id, Input(input): Input<input::CallPatch>) -> Result {
    app.with(|state| {
        let call = state::call(&mut state.calls, id)?;
        call.ttf = input.ttf.or(call.ttf);
        call.tto = input.tto.or(call.tto);
        call.timestamp = state.marks.take();
        Ok(ok(call.timestamp.into()))
    })
}

/// POST /call/{id}/close
pub(super) async fn close(app: App, Id(id): Id) -> Result {
    app.with(|state| {
        let call = state::call(&mut state.calls, id)?;
        if call.status != CallStatus::Done {
            return Err(Refusal::CONFLICT);
        }
        call.status = CallStatus::Closed;
        call.timestamp = state.marks.take();
        Ok(no_content())
    })
}

/// POST /call/{id}/status
pub(super) async fn set_status(
    app: App,
    UserId(user): UserId,
    Id(id): Id,
    Input(input): Input<input::NewStatus>,
) -> Result {
    let commented = input.comments.as_ref().is_some_and(|comments| !comments.trim().is_empty());
    if input.status == CallStatus::Done && !commented {
        return Err(Refusal::BAD_REQUEST.code(6));
    }
    app.with(|state| {
        let call = state::own_call(&mut state.calls, user, id)?;
        match (call.status, input.status) {
            (CallStatus::New, CallStatus::Committed) => call.committed = Some(state.clock.now()),
            (CallStatus::Committed, CallStatus::Done) => call.finished = Some(state.clock.now()),
            _ => return Err(Refusal::CONFLICT),
        }
        call.status = input.status;
        call.comments = input.comments.or(call.comments.take());
        call.timestamp = state.marks.take();
        Ok(ok(lean(json!({ "commited": moment(call.committed), "finished": moment(call.finished) }))))
    })
}

/// POST /call/{callId}/templink; responds with a token, which takes the place of the call's former one.
pub(super) async fn temporary_link(app: App, UserId(user): UserId, Id(id): Id) -> Result {
    app.with(|state| {
        let call = state::own_call(&mut state.calls, user, id)?;
        if call.status != CallStatus::Committed {
            return Err(Refusal::CONFLICT);
        }
        call.links_issued += 1;
        let token = link_token(call);
        call.link = Some(token.clone());
        call.timestamp = state.marks.take();
        Ok(ok(token.into()))
    })
}

/// A UUID that tells of the call and of how many links it has had, marked as one of our
/// own making (version 8).
fn link_token(call: &Call) -> String {
    let plain = Uuid::from_u64_pair(call.id.unsigned_abs() << 16, call.links_issued.into());
    Builder::from_custom_bytes(plain.into_bytes()).into_uuid().to_string()
}

/// POST /call/{id}/dispatcher/message
pub(super) async fn dispatcher_message(app: App, Id(id): Id, Input(input): Input<input::DispatcherMessage>) -> Result {
    app.with(|state| {
        let call = open_for_messages(state::call(&mut state.calls, id)?)?;
        let message = Message {
            id: state.ids.message.take(),
            date: input.date,
            text: input.message,
            owner: None,
            timestamp: state.marks.take(),
        };
        let body = json!({ "id": message.id });
        call.messages.push(message);
        Ok(ok(body))
    })
}

/// POST /call/{id}/message; responds with the entity.
pub(super) async fn user_message(
    app: App,
    UserId(user): UserId,
    Id(id): Id,
    Input(input): Input<input::UserMessage>,
) -> Result {
    app.with(|state| {
        let call = open_for_messages(state::own_call(&mut state.calls, user, id)?)?;
        let message = Message {
            id: state.ids.message.take(),
            date: clock::utc(state.clock.now()),
            text: input.message,
            owner: Some(user),
            timestamp: state.marks.take(),
        };
        call.messages.push(message.clone());
        let call = state.calls.get(&id).ok_or(Refusal::NOT_FOUND)?;
        Ok(ok(entity::message(state, call, &message)))
    })
}

fn open_for_messages(call: &mut Call) -> Result<&mut Call> {
    if call.status == CallStatus::Closed { Err(Refusal::CONFLICT) } else { Ok(call) }
}

/// POST /call/{id}/jeopardy
pub(super) async fn raise_jeopardy(
    app: App,
    UserId(user): UserId,
    Id(id): Id,
    Input(input): Input<input::NewJeopardy>,
) -> Result {
    app.with(|state| {
        let call = state::own_call(&mut state.calls, user, id)?;
        let over = matches!(call.status, CallStatus::Done | CallStatus::Closed);
        if over || call.open_jeopardy().is_some() {
            return Err(Refusal::CONFLICT);
        }
        let jeopardy = Jeopardy {
            id: state.ids.jeopardy.take(),
            date: state.clock.now(),
            comment: input.comment,
            answer_date: None,
            answer_comment: None,
            timestamp: state.marks.take(),
        };
        let body = json!({ "date": moment(jeopardy.date), "id": jeopardy.id });
        call.jeopardies.push(jeopardy);
        call.timestamp = state.marks.take();
        Ok(ok(body))
    })
}

/// POST /call/{id}/unjeopardy
pub(super) async fn clear_jeopardy(app: App, Id(id): Id, Input(input): Input<input::JeopardyAnswer>) -> Result {
    app.with(|state| {
        let call = state::call(&mut state.calls, id)?;
        let open = call.jeopardies.iter_mut().find(|jeopardy| jeopardy.answer_date.is_none());
        let jeopardy = open.ok_or(Refusal::CONFLICT)?;
        jeopardy.answer_date = Some(state.clock.now());
        jeopardy.answer_comment = Some(input.answer_comment);
        jeopardy.timestamp = state.marks.take();
        let body = json!({ "answerDate": moment(jeopardy.answer_date) });
        call.timestamp = state.marks.take();
        Ok(ok(body))
    })
}

/// GET /call/modifications/{timestamp}
pub(super) async fn changes(app: App, Id(mark): Id) -> Response {
    app.with(|state| feed(mark, state.calls.values().map(|call| (call.timestamp, view::call(call)))))
}

/// GET /call/messages/modifications/{timestamp}
pub(super) async fn message_changes(app: App, Id(mark): Id) -> Response {
    app.with(|state| {
        let of_call = |call: &Call| -> Vec<(i64, Value)> {
            call.messages.iter().map(|one| (one.timestamp, view::message(call, one, &state.users))).collect()
        };
        feed(mark, state.calls.values().flat_map(of_call))
    })
}

/// GET /call/jeopardies/modifications/{timestamp}
pub(super) async fn jeopardy_changes(app: App, Id(mark): Id) -> Response {
    app.with(|state| {
        let of_call = |call: &Call| -> Vec<(i64, Value)> {
            call.jeopardies.iter().map(|one| (one.timestamp, view::jeopardy(call, one))).collect()
        };
        feed(mark, state.calls.values().flat_map(of_call))
    })
}

/// What has changed since a mark, the oldest change first.
fn feed(mark: i64, items: impl Iterator<Item = (i64, Value)>) -> Response {
    let mut changed: Vec<_> = items.filter(|(timestamp, _)| *timestamp > mark).collect();
    changed.sort_by_key(|(timestamp, _)| *timestamp);
    ok(changed.into_iter().map(|(_, view)| view).collect())
}
