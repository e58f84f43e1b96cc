//! The entities that `addUserMessage` responds with in place of a DTO, with everything that they
//! give away. They refer to each other; wherever that would go round in a circle, the
//! reference back is `null`.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::{
    model::{Attachment, Call, Cost, Expense, Jeopardy, Message, Task, TaskStatus, User},
    state::State,
    view::{self, list, moment, utc},
};
use crate::{app::lean, clock};

/// `CallMessage`, with its call and its owner.
pub(super) fn message(state: &State, call: &Call, message: &Message) -> Value {
    lean(json!({
        "call": self::call(state, call),
        "date": utc(message.date),
        "id": message.id,
        "message": message.text,
        "owner": message.owner.and_then(|id| state.users.get(&id)).map(user),
        "timestamp": message.timestamp,
    }))
}

fn call(state: &State, call: &Call) -> Value {
    let overdue = call.finished.is_none() && call.ttf.is_some_and(|ttf| clock::utc(state.clock.now()) > ttf);
    let own = json!({
        "callCost": call.cost.as_ref().map(|cost| self::cost(call, cost)),
        "isExpired": overdue,
        "isJeopardy": call.open_jeopardy().is_some(),
        "jeopardies": list(&call.jeopardies, jeopardy),
        "owner": state.users.get(&call.owner).map(user),
        "tasks": list(&call.tasks, task),
        "tempLinkId": call.link,
        "timeToFix": utc(call.ttf),
        "timeToObject": utc(call.tto),
    });
    let mut entity = view::call_with(call, own);
    entity["messages"] = Value::Null;
    entity
}

fn user(user: &User) -> Value {
    lean(json!({
        "id": user.id,
        "isLocked": user.locked,
        "name": user.name,
        "passwordHash": STANDARD.encode(user.password_hash),
        "saltLastUsed": user.last_salt.as_ref().map(|salt| STANDARD.encode(salt)),
    }))
}

fn jeopardy(jeopardy: &Jeopardy) -> Value {
    let mut entity = lean(json!({
        "answerComment": jeopardy.answer_comment,
        "answerDate": moment(jeopardy.answer_date),
        "comment": jeopardy.comment,
        "date": moment(jeopardy.date),
        "id": jeopardy.id,
        "timestamp": jeopardy.timestamp,
    }));
    entity["call"] = Value::Null;
    entity
}

fn task(task: &Task) -> Value {
    let mut entity = lean(json!({
        "id": task.id,
        "result": (task.status == TaskStatus::Done).then(|| result(task)),
        "status": task.status,
        "title": task.title,
    }));
    entity["call"] = Value::Null;
    entity
}

fn result(task: &Task) -> Value {
    json!({ "attachments": list(&task.attachments, attachment), "task": null, "taskId": task.id })
}

fn attachment(attachment: &Attachment) -> Value {
    json!({
        "blobServiceFileName": attachment.blob_name,
        "data": STANDARD.encode(&attachment.data),
        "downloaded": moment(attachment.uploaded),
        "id": attachment.id,
        "name": attachment.name,
        "type": attachment.kind,
    })
}

fn cost(call: &Call, cost: &Cost) -> Value {
    json!({
        "call": null,
        "callId": call.id,
        "expenses": list(&cost.expenses, |one| expense(call, one)),
        "materials": list(&cost.materials, view::material),
        "status": cost.status,
    })
}

fn expense(call: &Call, expense: &Expense) -> Value {
    let item = call.expenditure_items.iter().find(|item| item.id == expense.expenditure_item);
    lean(json!({
        "count": expense.count,
        "expenditureItem": item.map(view::expenditure_item),
        "id": expense.id,
        "status": expense.status,
    }))
}
