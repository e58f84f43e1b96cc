//! The routes: a handler reads the request, and works on the state in one go, so that
//! no other request gets in between.

use std::collections::HashMap;

use axum::{
    Extension, Router,
    extract::{Path, Query, Request},
    http::HeaderMap,
    routing::{any, get, post},
};
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::{
    input::{Action, CaseUpdate, NewCase, NewMessage},
    model::{CLOSED, Case, ENTITY_SCHEMA_UID, File, Message, REOPENED},
    operations,
    refusal::{Refusal, Result},
    session::{self, Caller},
    state::{self, App, State},
    view,
};
use crate::{
    read::{self, Unfit},
    send,
};

/// All routes.
pub(super) fn router() -> Router<App> {
    Router::new()
        .route(operations::LOGIN, post(login))
        .route(operations::ONE_CASE, get(get_case))
        .route(operations::CASE, post(create_case))
        .route(operations::FILE, post(attach_file))
        .route(operations::ONE_FILE, get(download_file))
        .route(operations::MESSAGE, post(add_message))
        .route(operations::UPDATE_CASE, post(update_case))
        .route(operations::CASES, post(list_cases))
        .route("/0/rest/{*path}", any(not_for_the_portal))
}

async fn login(app: App, request: Request) -> Result {
    let input = read::json(request).await?;
    Ok(app.with(|state| session::sign_in(state, &input)))
}

async fn get_case(app: App, Path(number): Path<String>) -> Result {
    app.with(|state| {
        state::case(&mut state.cases, &number)?;
        Ok(view::ok(view::case(&state.cases[&number], state)))
    })
}

async fn create_case(app: App, request: Request) -> Result {
    let input: NewCase = read::json(request).await?;
    let subject = required(input.subject, "subject")?;
    let symptoms = required(input.symptoms, "symptoms")?;
    app.with(|state| {
        let number = format!("SR{:08}", state.ids.case.take());
        state.cases.insert(number.clone(), Case::new(number.clone(), &subject, &symptoms));
        Ok(view::ok(number))
    })
}

async fn add_message(app: App, Extension(caller): Extension<Caller>, request: Request) -> Result {
    let input: NewMessage = read::json(request).await?;
    let number = required(input.number, "number")?;
    let text = required(input.message, "message")?;
    app.with(|state| write_message(state, &caller, &number, text, Vec::new()).map(view::ok))
}

/// Adds a message to a case, and returns its id.
fn write_message(
    state: &mut State,
    Caller(user): &Caller,
    number: &str,
    text: String,
    files: Vec<File>,
) -> Result<String> {
    let case = state::case(&mut state.cases, number)?;
    let id = state.ids.message();
    let contact = state.users.get(user).map_or_else(|| user.clone(), |user| user.contact.clone());
    let created = TimeZone::UTC.to_datetime(state.clock.now());
    case.messages.push(Message { id: id.clone(), contact, created, text, files });
    Ok(id)
}

async fn attach_file(
    app: App,
    Extension(caller): Extension<Caller>,
    Query(mut query): Query<HashMap<String, String>>,
    request: Request,
) -> Result {
    let name = required(query.remove("filename"), "filename")?;
    let number = required(query.remove("number"), "number")?;
    let announced = query.remove("totallength").map(|length| {
        let length = read::integer(&length).and_then(|length| usize::try_from(length).ok());
        length.ok_or(Refusal::malformed("totallength has to be an integer"))
    });
    let announced = announced.transpose()?;
    let max_bytes = app.with(|state| state::case(&mut state.cases, &number).map(|_| state.max_file_bytes))?;
    let data = read::bytes(request, "application/octet-stream", max_bytes).await.map_err(|unfit| match unfit {
        Unfit::TooLarge => Refusal::failure("file is too large"),
        other => other.into(),
    })?;
    if announced.is_some_and(|length| length != data.len()) {
        return Err(Refusal::failure("totallength data is wrong"));
    }
    app.with(|state| {
        let id = state.ids.file();
        write_message(state, &caller, &number, String::new(), vec![File { id: id.clone(), name, data }])?;
        Ok(view::ok(view::link(&id, state)))
    })
}

async fn download_file(app: App, Path((schema, id)): Path<(String, String)>) -> Result {
    app.with(|state| {
        let file = state.cases.values().find_map(|case| case.file(&id)).filter(|_| schema == ENTITY_SCHEMA_UID);
        let file = file.ok_or(Refusal::failure("file not found"))?;
        Ok(send::file(&file.name, &file.data))
    })
}

async fn update_case(app: App, request: Request) -> Result {
    let input: CaseUpdate = read::json(request).await?;
    let number = required(input.number, "number")?;
    let action = input.status.ok_or(Refusal::failure("status data is required"))?;
    app.with(|state| {
        let case = state::case(&mut state.cases, &number)?;
        let solved = case.is_solved();
        let status = match action {
            Action::Close if case.status == CLOSED => return Err(Refusal::failure("case is closed already")),
            Action::Close => CLOSED,
            Action::Reopen if !solved => return Err(Refusal::failure("case can not be reopened")),
            Action::Reopen => REOPENED,
        };
        status.clone_into(&mut case.status);
        if solved {
            let level = input.satisfactionlevel.filter(|level| (1..=5).contains(level));
            let comment = input.satisfactioncomment.filter(|comment| !comment.trim().is_empty());
            case.satisfaction_level = level.map(i64::from).or(case.satisfaction_level);
            case.satisfaction_comment = comment.or(case.satisfaction_comment.take());
        }
        Ok(view::ok(number))
    })
}

async fn list_cases(app: App, request: Request) -> Result {
    let parameters: Map<String, Value> = read::json(request).await?;
    if parameters.is_empty() {
        return Err(Refusal::failure("at least one parameter is required"));
    }
    for (name, value) in parameters.iter() {
        if !["number", "status", "subject"].contains(&name.as_str()) {
            return Err(Refusal::failure(format!("unknown parameter {name}")));
        }
        required(value.as_str().map(str::to_owned), name)?;
    }
    let fits = |case: &Case| {
        parameters.iter().all(|(name, value)| match name.as_str() {
            "number" => *value == case.number,
            "status" => *value == case.status,
            _ => *value == case.subject,
        })
    };
    app.with(|state| {
        let found = state.cases.values().filter(|case| fits(case)).map(view::summary);
        Ok(view::ok(found.collect::<Value>()))
    })
}

/// Handles whatever portal users can't use.
async fn not_for_the_portal(app: App, headers: HeaderMap) -> Result {
    app.with(|state| session::caller(state, &headers))?;
    Err(Refusal::Forbidden("Access to non-SSP API is denied for portal users"))
}

/// The value, which has to be there, with more in it than spaces.
fn required(value: Option<String>, name: &str) -> Result<String> {
    value.filter(|value| !value.trim().is_empty()).ok_or_else(|| Refusal::failure(format!("{name} data is required")))
}
