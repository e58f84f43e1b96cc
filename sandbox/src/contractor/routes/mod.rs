//! The routes, one file per tag of the spec. A handler reads the request, and works on
//! the state in one go, so that no other request gets in between.

use axum::{
    Json, Router,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{delete, get, patch, post},
};
use serde_json::Value;

use super::extract::App;

mod call;
mod call_cost;
mod call_task;
mod notification;
mod shared;
mod system_settings;
mod user;

/// All routes.
pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/call", post(call::create))
        .route("/call/jeopardies/modifications/{timestamp}", get(call::jeopardy_changes))
        .route("/call/messages/modifications/{timestamp}", get(call::message_changes))
        .route("/call/modifications/{timestamp}", get(call::changes))
        .route("/call/{id}", get(call::get).patch(call::update))
        .route("/call/{id}/close", post(call::close))
        .route("/call/{id}/dispatcher/message", post(call::dispatcher_message))
        .route("/call/{id}/jeopardy", post(call::raise_jeopardy))
        .route("/call/{id}/message", post(call::user_message))
        .route("/call/{id}/status", post(call::set_status))
        .route("/call/{id}/templink", post(call::temporary_link))
        .route("/call/{id}/unjeopardy", post(call::clear_jeopardy))
        .route("/callCost/call/{callId}", get(call_cost::get).post(call_cost::create))
        .route("/callCost/call/{callId}/changeApprovalStatus", patch(call_cost::approve))
        .route("/callCost/call/{callId}/expense", post(call_cost::add_expense))
        .route(
            "/callCost/call/{callId}/expense/{expenseId}",
            delete(call_cost::remove_expense).patch(call_cost::update_expense),
        )
        .route("/callCost/call/{callId}/material", post(call_cost::add_material))
        .route(
            "/callCost/call/{callId}/material/{materialId}",
            delete(call_cost::remove_material).patch(call_cost::update_material),
        )
        .route("/callCost/status/call/{callId}", post(call_cost::submit))
        .route("/calltask", get(call_task::list))
        .route("/calltask/{id}", get(call_task::get))
        .route("/calltask/{id}/attachment", post(call_task::upload))
        .route("/calltask/{id}/attachment/{attachmentId}", get(call_task::attachment))
        .route("/calltask/{id}/attachment/{attachmentId}/download", get(call_task::download))
        .route("/calltask/{id}/result", get(call_task::result))
        .route("/calltask/{id}/status", post(call_task::set_status))
        .route("/notification/readAll", post(notification::read_all))
        .route("/notification/{id}/read", post(notification::read))
        .route("/shared/call", get(shared::get))
        .route("/shared/call/done", post(shared::complete))
        .route("/shared/callTask/{id}/attachment", post(shared::upload))
        .route("/shared/callTask/{id}/attachment/{attachmentId}/download", get(shared::download))
        .route("/shared/callTask/{id}/result", get(shared::result))
        .route("/systemSettings", patch(system_settings::update))
        .route("/user/register", post(user::register))
        .route("/user/self", get(user::get_self))
        .route("/user/signin", post(user::sign_in))
        .route("/user/token", post(user::renew))
        .route("/user/{id}/changePassword", post(user::change_password))
        .route("/user/{id}/lock", post(user::lock))
}

/// 200 with a JSON body.
fn ok(body: Value) -> Response {
    Json(body).into_response()
}

/// 200 with an empty body.
fn empty() -> Response {
    StatusCode::OK.into_response()
}

/// 204.
fn no_content() -> Response {
    StatusCode::NO_CONTENT.into_response()
}
