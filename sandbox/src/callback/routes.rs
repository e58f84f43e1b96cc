//! The routes. Those whose paths can be moved are found by the desk, which asks the state
//! where they are. A handler works on the state in one go, so that no other request gets in
//! between.

use axum::{
    Json, Router,
    extract::{Path, Request},
    http::{StatusCode, Uri},
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::{Value, json};

use super::{
    input::Report,
    model::{Application, Status},
    operations,
    refusal::{Refusal, Result},
    state::{App, State},
    token,
};
use crate::{app::lean, interface::Found, read};

/// All routes.
pub(super) fn router() -> Router<App> {
    Router::new().route(operations::COMMIT, get(commit_batch)).fallback(elsewhere)
}

/// Handles the operations that the router doesn't know, as their paths can change.
async fn elsewhere(app: App, request: Request) -> Result {
    match request.extensions().get::<Found<State>>().map(|found| found.id) {
        Some("authenticate") => authenticate(&app, request).await,
        Some("fetchApplications") => fetch_applications(&app, request.uri()),
        Some("reportStatus") => report_status(&app, request).await,
        _ => Ok(StatusCode::NOT_FOUND.into_response()),
    }
}

async fn authenticate(app: &App, request: Request) -> Result {
    let input = read::json(request).await?;
    let data = app.with(|state| token::authenticate(state, input))?;
    Ok(ok(json!({ "statusCode": 200, "data": data })))
}

fn fetch_applications(app: &App, uri: &Uri) -> Result {
    let limit = match read::query(uri)?.pop() {
        Some((_, limit)) => match read::integer(&limit).filter(|limit| (1..=i32::MAX.into()).contains(limit)) {
            None => return Err(Refusal::control("limit has to be an integer from 1")),
            limit => limit.and_then(|limit| usize::try_from(limit).ok()),
        },
        None => None,
    };
    app.with(|state| {
        let Some(batch) = state.hand_out(limit.unwrap_or(state.batch_size)).cloned() else {
            return Ok(ok(json!({ "statusCode": 200, "applications": [] })));
        };
        let applications = batch.applications.iter().filter_map(|id| state.applications.get(id)).map(application);
        let applications: Value = applications.collect();
        Ok(ok(json!({ "statusCode": 200, "commit": batch.code, "applications": applications })))
    })
}

async fn commit_batch(app: App, Path(code): Path<String>) -> Result {
    app.with(|state| {
        let batch = state.batch.take_if(|batch| batch.code == code).ok_or(Refusal::Code("no batch has this code"))?;
        for id in &batch.applications {
            if let Some(application) = state.applications.get_mut(id) {
                application.delivered = true;
            }
        }
        Ok(ok(json!({ "statusCode": 200 })))
    })
}

async fn report_status(app: &App, request: Request) -> Result {
    let Report { application_id, status, comment } = read::json(request).await?;
    if status == Status::Rejected && comment.as_ref().is_none_or(String::is_empty) {
        return Err(Refusal::control("rejected needs a comment"));
    }
    app.with(|state| {
        let application = state.applications.get_mut(&application_id).ok_or(Refusal::NoApplication)?;
        if !status.follows(application.status) {
            return Err(Refusal::control("the status can't follow the one that the application has"));
        }
        application.status = Some(status);
        application.comment = comment;
        Ok(ok(json!({ "statusCode": 200 })))
    })
}

/// `Application`.
fn application(application: &Application) -> Value {
    let of_organization = |value: &Option<String>| value.clone().filter(|_| application.is_organization());
    lean(json!({
        "applicationId": application.id,
        "dateCreation": application.date_creation,
        "surname": application.surname,
        "firstname": application.firstname,
        "patronymic": application.patronymic,
        "organizationName": of_organization(&application.organization_name),
        "opf": application.opf,
        "inn": of_organization(&application.inn),
        "phone": application.phone,
    }))
}

fn ok(body: Value) -> Response {
    Json(body).into_response()
}
