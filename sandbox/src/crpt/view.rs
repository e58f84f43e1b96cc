//! What a client sees of the model, as JSON.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{
    model::{Case, ENTITY_SCHEMA_UID, File, Message},
    state::State,
};
use crate::app::lean;

/// The result of an operation, in its envelope.
pub(super) fn ok(data: impl Into<Value>) -> Response {
    Json(json!({ "ok": true, "data": data.into() })).into_response()
}

/// `Case`.
pub(super) fn case(case: &Case, state: &State) -> Value {
    let files = |files: &[File]| -> Value { files.iter().map(|one| file(one, state)).collect() };
    let message = |message: &Message| {
        json!({
            "contact": message.contact,
            "createdon": message.created.strftime("%d.%m.%Y %H:%M:%S").to_string(),
            "files": files(&message.files),
            "id": message.id,
            "text": message.text,
        })
    };
    lean(json!({
        "files": files(&case.files),
        "messages": case.messages.iter().map(message).collect::<Value>(),
        "number": case.number,
        "priority": case.priority,
        "solution": case.solution,
        "status": case.status,
        "statusCode": case.status_code,
        "subject": case.subject,
        "symptoms": case.symptoms,
    }))
}

/// `CaseSummary`, the few properties that a list has here.
pub(super) fn summary(case: &Case) -> Value {
    lean(json!({
        "number": case.number,
        "priority": case.priority,
        "status": case.status,
        "statusCode": case.status_code,
        "subject": case.subject,
    }))
}

fn file(file: &File, state: &State) -> Value {
    json!({ "name": file.name, "size": file.data.len().to_string(), "url": link(&file.id, state) })
}

/// The link of a file.
pub(super) fn link(id: &str, state: &State) -> String {
    format!("{}/0/ssp/rest/PublicWebServices/file/{ENTITY_SCHEMA_UID}/{id}", state.file_host)
}
