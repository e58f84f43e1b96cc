//! What a client sees of the model: the DTOs of the interface, as JSON.
//! A missing value is left out.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::DateTime};
use serde_json::{Value, json};

use super::model::{
    Attachment, Call, Cost, ExpenditureItem, Expense, Jeopardy, Material, Message, Task, TaskStatus, User,
};
use crate::app::lean;

/// A date-time, in UTC with `Z`.
pub(super) fn moment(moment: impl Into<Option<Timestamp>>) -> Option<String> {
    moment.into().map(|moment| moment.to_string())
}

/// A date-time that is in UTC already.
pub(super) fn utc(date_time: impl Into<Option<DateTime>>) -> Option<String> {
    date_time.into().map(|date_time| format!("{date_time}Z"))
}

/// A list of views.
pub(super) fn list<T>(items: &[T], view: impl Fn(&T) -> Value) -> Value {
    items.iter().map(view).collect()
}

/// `CallDTO`.
pub(super) fn call(call: &Call) -> Value {
    let own = json!({
        "jeopardies": list(&call.jeopardies, |one| jeopardy(call, one)),
        "tasks": list(&call.tasks, task),
        "ttf": utc(call.ttf),
        "tto": utc(call.tto),
        "userId": call.owner,
    });
    call_with(call, own)
}

/// What `CallDTO` and `Call` have in common, and what is `own` to one of them.
pub(super) fn call_with(call: &Call, own: Value) -> Value {
    let mut view = json!({
        "availableExpenditureItems": list(&call.expenditure_items, expenditure_item),
        "clientName": call.client_name,
        "comments": call.comments,
        "commited": moment(call.committed),
        "contactPersonEmail": call.contact_person_email,
        "contactPersonName": call.contact_person_name,
        "contactPersonPhone": call.contact_person_phone,
        "created": utc(call.created),
        "critical": call.critical,
        "descriptionHtmlText": call.description_html_text,
        "descriptionTextForFieldEmployee": call.description_text_for_field_employee,
        "finished": moment(call.finished),
        "id": call.id,
        "number": call.number,
        "serviceObjectAddress": call.service_object_address,
        "serviceObjectLatitude": call.service_object_latitude,
        "serviceObjectLongitude": call.service_object_longitude,
        "serviceObjectName": call.service_object_name,
        "serviceObjectType": call.service_object_type,
        "status": call.status,
        "timestamp": call.timestamp,
    });
    if let (Value::Object(view), Value::Object(own)) = (&mut view, own) {
        view.extend(own);
    }
    lean(view)
}

/// `ExpenditureItemDTO`, and `ExpenditureItem` just the same.
pub(super) fn expenditure_item(item: &ExpenditureItem) -> Value {
    json!({ "id": item.id, "name": item.name })
}

/// `CallJeopardyDTO`.
pub(super) fn jeopardy(call: &Call, jeopardy: &Jeopardy) -> Value {
    lean(json!({
        "answerComment": jeopardy.answer_comment,
        "answerDate": moment(jeopardy.answer_date),
        "callId": call.id,
        "comment": jeopardy.comment,
        "date": moment(jeopardy.date),
        "id": jeopardy.id,
        "timestamp": jeopardy.timestamp,
    }))
}

/// `CallMessageDTO`.
pub(super) fn message(call: &Call, message: &Message, users: &BTreeMap<i64, User>) -> Value {
    lean(json!({
        "callId": call.id,
        "date": utc(message.date),
        "id": message.id,
        "message": message.text,
        "owner": message.owner.and_then(|id| users.get(&id)).map(user),
        "timestamp": message.timestamp,
    }))
}

/// `UserDTO`.
pub(super) fn user(user: &User) -> Value {
    json!({ "id": user.id, "name": user.name })
}

/// `CallTasktOutputDTO`.
pub(super) fn task(task: &Task) -> Value {
    lean(json!({
        "id": task.id,
        "result": (task.status == TaskStatus::Done).then(|| result(task)),
        "status": task.status,
        "title": task.title,
    }))
}

/// `CallTaskResultDTO`.
pub(super) fn result(task: &Task) -> Value {
    json!({ "attachments": list(&task.attachments, attachment) })
}

/// `CallTaskAttachmentDTO`.
pub(super) fn attachment(attachment: &Attachment) -> Value {
    json!({
        "blobServiceFileName": attachment.blob_name,
        "downloaded": moment(attachment.uploaded),
        "id": attachment.id,
        "name": attachment.name,
        "type": attachment.kind,
    })
}

/// `CallCostDTO`.
pub(super) fn cost(cost: &Cost) -> Value {
    json!({
        "expenses": list(&cost.expenses, expense),
        "materials": list(&cost.materials, material),
        "status": cost.status,
    })
}

fn expense(expense: &Expense) -> Value {
    json!({
        "count": expense.count,
        "expenditureItemId": expense.expenditure_item,
        "id": expense.id,
        "status": expense.status,
    })
}

/// `MaterialDTO`, and `Material` just the same.
pub(super) fn material(material: &Material) -> Value {
    json!({
        "count": material.count,
        "id": material.id,
        "name": material.name,
        "ownerType": material.owner_type,
        "price": material.price,
        "serialNumber": material.serial_number,
        "status": material.status,
    })
}
