//! The routes: a handler reads the request, and works on the state in one go, so that
//! no other request gets in between. What the path names is looked for before the body is read,
//! and again after.

use std::collections::BTreeMap;

use axum::{
    Json, Router,
    extract::{Path, Request},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post, put},
};
use serde_json::json;

use super::{
    input,
    model::{Case, CaseStatus, Client, Comment, Document, EventCode},
    operations,
    refusal::{Refusal, Result},
    state::{App, State},
};
use crate::{read, send};

/// All routes.
pub(super) fn router() -> Router<App> {
    Router::new()
        .route(operations::CLIENTS, post(register_client))
        .route(operations::CLIENT, put(update_client).delete(delete_client))
        .route(operations::CASES, post(create_case))
        .route(operations::CASE, put(update_case).delete(delete_case))
        .route(operations::COMMENTS, post(add_comment))
        .route(operations::COMMENT, put(update_comment).delete(delete_comment))
        .route(operations::DOCUMENTS, post(add_document))
        .route(operations::DOCUMENT, get(download_document))
}

type ClientPath = Path<String>;
type CasePath = Path<(String, String)>;
type CommentPath = Path<(String, String, String)>;
type DocumentPath = Path<(String, String, String, String)>;

async fn register_client(app: App, request: Request) -> Result {
    let input::Client { inn, ogrn, organization, tariff } = read::json(request).await?;
    app.with(|state| {
        let id = format!("c-{}", state.ids.client.take());
        let client = Client { inn, ogrn, organization, tariff, cases: BTreeMap::new() };
        state.clients.insert(id.clone(), client);
        Ok(created(state, &id))
    })
}

async fn update_client(app: App, Path(id): ClientPath, request: Request) -> Result {
    app.with(|state| state.client_at(&id).map(|_| ()))?;
    let input::Client { inn, ogrn, organization, tariff } = read::json(request).await?;
    app.with(|state| {
        let client = state.client_at(&id)?;
        let cases = std::mem::take(&mut client.cases);
        *client = Client { inn, ogrn, organization, tariff, cases };
        Ok(done(state))
    })
}

async fn delete_client(app: App, Path(id): ClientPath) -> Result {
    app.with(|state| {
        state.clients.remove(&id).ok_or(Refusal::NOT_FOUND)?;
        Ok(done(state))
    })
}

async fn create_case(app: App, Path(client): ClientPath, request: Request) -> Result {
    app.with(|state| state.client_at(&client).map(|_| ()))?;
    let input: input::NewCase = read::json(request).await?;
    app.with(|state| {
        state.client_at(&client)?;
        let id = format!("lc-{}", state.ids.case.take());
        let case = Case {
            ogrn: input.ogrn,
            representative: input.representative.into(),
            text: input.deal.text,
            status: CaseStatus::Unpaid,
            by_partner: false,
            read: true,
            accepted: None,
            comments: BTreeMap::new(),
        };
        state.client_at(&client)?.cases.insert(id.clone(), case);
        state.happen(&id, EventCode::Created);
        Ok(created(state, &id))
    })
}

async fn update_case(app: App, Path((client, id)): CasePath, request: Request) -> Result {
    app.with(|state| state.case_at(&client, &id).map(|_| ()))?;
    let input: input::CaseUpdate = read::json(request).await?;
    if input.read.is_none() && input.accept.is_none() {
        return Err(Refusal::BAD_REQUEST);
    }
    app.with(|state| {
        let case = state.case_at(&client, &id)?;
        if input.accept == Some(false) && case.accepted == Some(true) {
            return Err(Refusal::BAD_REQUEST);
        }
        let starts = input.accept == Some(true) && case.status.is_unpaid();
        case.read = input.read.unwrap_or(case.read);
        case.accepted = input.accept.or(case.accepted);
        if starts {
            state.happen(&id, EventCode::Accepted);
            state.happen(&id, EventCode::TookToWork);
        }
        Ok(done(state))
    })
}

async fn delete_case(app: App, Path((client, id)): CasePath) -> Result {
    app.with(|state| {
        state.client_at(&client)?.cases.remove(&id).ok_or(Refusal::NOT_FOUND)?;
        Ok(done(state))
    })
}

async fn add_comment(app: App, Path((client, case)): CasePath, request: Request) -> Result {
    app.with(|state| state.case_at(&client, &case).map(|_| ()))?;
    let input: input::NewComment = read::json(request).await?;
    app.with(|state| {
        state.case_at(&client, &case)?;
        let id = state.add_comment(&case, Comment { text: input.comment, ..Comment::default() });
        Ok(created(state, &id))
    })
}

async fn update_comment(app: App, Path((client, case, id)): CommentPath, request: Request) -> Result {
    app.with(|state| state.comment_at(&client, &case, &id).map(|_| ()))?;
    let input: input::CommentUpdate = read::json(request).await?;
    app.with(|state| {
        state.comment_at(&client, &case, &id)?.read_by_client = input.read;
        Ok(done(state))
    })
}

async fn delete_comment(app: App, Path((client, case, id)): CommentPath) -> Result {
    app.with(|state| {
        if !state.comment_at(&client, &case, &id)?.is_free() {
            return Err(Refusal::CONFLICT);
        }
        state.case_at(&client, &case)?.comments.remove(&id);
        Ok(done(state))
    })
}

async fn add_document(app: App, Path((client, case, comment)): CommentPath, request: Request) -> Result {
    let max_bytes = app.with(|state| {
        state.comment_at(&client, &case, &comment)?;
        Ok::<_, Refusal>(state.max_document_bytes)
    })?;
    let file = read::file(request, "file", max_bytes).await?;
    // No document says what a bad request is here; clients need one to meet.
    if file.name.contains('/') {
        return Err(Refusal::BAD_REQUEST);
    }
    app.with(|state| {
        state.comment_at(&client, &case, &comment)?;
        let id = format!("d-{}", state.ids.document.take());
        let document = Document { name: file.name, data: file.data };
        state.comment_at(&client, &case, &comment)?.documents.insert(id.clone(), document);
        state.happen(&case, EventCode::DocumentAdded);
        Ok(created(state, &id))
    })
}

async fn download_document(app: App, Path((client, case, comment, id)): DocumentPath) -> Result {
    app.with(|state| {
        let comment = state.comment_at(&client, &case, &comment)?;
        let document = comment.documents.get(&id).ok_or(Refusal::NOT_FOUND)?;
        Ok(send::file(&document.name, &document.data))
    })
}

/// The response to a request that has created something.
fn created(state: &State, id: &str) -> Response {
    (status(state.created_status), Json(json!({ "id": id }))).into_response()
}

/// The response to a request that has nothing to tell.
fn done(state: &State) -> Response {
    status(state.done_status).into_response()
}

/// A status that a test has set.
fn status(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
