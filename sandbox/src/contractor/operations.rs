//! The 44 operations as data: name, place, credential, body, and which refusals carry an
//! error code. The status codes are those of the spec; which of them a request gets is up
//! to the rules.

use crate::interface::Operation;

/// The credential that an operation asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Auth {
    /// The external system's key.
    External,
    /// A user's access token.
    User,
    /// A user's service token.
    Service,
    /// The token of a temporary link, in the query.
    Link,
    /// None.
    Nobody,
}

/// The body that an operation takes.
enum Takes {
    Nothing,
    Json,
    File,
}

/// What only this interface says of an operation.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    pub(super) auth: Auth,
    /// Statuses documented with an `ErrorDTO`.
    pub(super) errors: &'static [u16],
    /// Statuses documented with error codes, but without a schema that could hold them.
    pub(super) codes: &'static [u16],
}

const fn op(id: &'static str, method: &'static str, path: &'static str, auth: Auth, takes: Takes) -> Operation<Terms> {
    let query: &[&str] = if matches!(auth, Auth::Link) { &["token"] } else { &[] };
    let body = !matches!(takes, Takes::Nothing);
    Operation::new(id, method, path, body, Terms { auth, errors: &[], codes: &[] }).query(query)
}

impl Operation<Terms> {
    const fn errors(self, errors: &'static [u16]) -> Self {
        Self { terms: Terms { errors, ..self.terms }, ..self }
    }

    const fn codes(self, codes: &'static [u16]) -> Self {
        Self { terms: Terms { codes, ..self.terms }, ..self }
    }
}

use Auth::{External, Link, Nobody, Service, User};
use Takes::{File, Json, Nothing};

/// All operations, in the order of the spec.
#[rustfmt::skip]
pub(super) const OPERATIONS: &[Operation<Terms>] = &[
    op("createCall", "POST", "/call", External, Json).errors(&[400]).codes(&[404]),
    op("listJeopardyChanges", "GET", "/call/jeopardies/modifications/{timestamp}", External, Nothing),
    op("listMessageChanges", "GET", "/call/messages/modifications/{timestamp}", External, Nothing),
    op("listCallChanges", "GET", "/call/modifications/{timestamp}", External, Nothing),
    op("createCallTempLink", "POST", "/call/{id}/templink", User, Nothing).errors(&[404]),
    op("getCall", "GET", "/call/{id}", External, Nothing).errors(&[404]),
    op("updateCall", "PATCH", "/call/{id}", External, Json).errors(&[400, 404]),
    op("closeCall", "POST", "/call/{id}/close", External, Nothing),
    op("addDispatcherMessage", "POST", "/call/{id}/dispatcher/message", External, Json).errors(&[400]),
    op("raiseJeopardy", "POST", "/call/{id}/jeopardy", User, Json),
    op("addUserMessage", "POST", "/call/{id}/message", User, Json).errors(&[400]),
    op("setCallStatus", "POST", "/call/{id}/status", User, Json).codes(&[400]),
    op("clearJeopardy", "POST", "/call/{id}/unjeopardy", External, Json),
    op("createCallCost", "POST", "/callCost/call/{callId}", User, Nothing),
    op("getCallCost", "GET", "/callCost/call/{callId}", External, Nothing).errors(&[404]),
    op("setCallCostApproval", "PATCH", "/callCost/call/{callId}/changeApprovalStatus", External, Json).codes(&[404]),
    op("addExpense", "POST", "/callCost/call/{callId}/expense", User, Json).codes(&[404]),
    op("removeExpense", "DELETE", "/callCost/call/{callId}/expense/{expenseId}", User, Nothing).codes(&[404]),
    op("updateExpense", "PATCH", "/callCost/call/{callId}/expense/{expenseId}", User, Json).codes(&[404]),
    op("addMaterial", "POST", "/callCost/call/{callId}/material", User, Json).codes(&[404]),
    op("removeMaterial", "DELETE", "/callCost/call/{callId}/material/{materialId}", User, Nothing).codes(&[404]),
    op("updateMaterial", "PATCH", "/callCost/call/{callId}/material/{materialId}", User, Json).codes(&[404]),
    op("submitCallCost", "POST", "/callCost/status/call/{callId}", User, Nothing),
    op("listCallTasks", "GET", "/calltask", External, Nothing),
    op("getCallTask", "GET", "/calltask/{id}", External, Nothing).errors(&[404]),
    op("uploadCallTaskAttachment", "POST", "/calltask/{id}/attachment", User, File),
    op("getCallTaskAttachment", "GET", "/calltask/{id}/attachment/{attachmentId}", External, Nothing).errors(&[404]),
    op("downloadCallTaskAttachment", "GET", "/calltask/{id}/attachment/{attachmentId}/download", User, Nothing).errors(&[404]),
    op("getCallTaskResult", "GET", "/calltask/{id}/result", User, Nothing).errors(&[404]),
    op("setCallTaskStatus", "POST", "/calltask/{id}/status", User, Json),
    op("markAllNotificationsRead", "POST", "/notification/readAll", User, Nothing).errors(&[403, 404]),
    op("markNotificationRead", "POST", "/notification/{id}/read", User, Nothing).errors(&[403, 404]),
    op("getSharedCall", "GET", "/shared/call", Link, Nothing).errors(&[400, 404]),
    op("completeSharedCall", "POST", "/shared/call/done", Link, Json).errors(&[400, 404, 409]),
    op("uploadSharedAttachment", "POST", "/shared/callTask/{id}/attachment", Link, File),
    op("downloadSharedAttachment", "GET", "/shared/callTask/{id}/attachment/{attachmentId}/download", Link, Nothing).errors(&[403, 404]),
    op("getSharedTaskResult", "GET", "/shared/callTask/{id}/result", Link, Nothing).errors(&[404]),
    op("updateSystemSettings", "PATCH", "/systemSettings", External, Json).errors(&[400, 409]),
    op("registerUser", "POST", "/user/register", External, Json),
    op("getSelf", "GET", "/user/self", User, Nothing),
    op("signIn", "POST", "/user/signin", Nobody, Json).errors(&[401]),
    op("renewTokens", "POST", "/user/token", Service, Nothing),
    op("changePassword", "POST", "/user/{id}/changePassword", External, Json).codes(&[400, 401]),
    op("lockUser", "POST", "/user/{id}/lock", External, Nothing).errors(&[404]),
];
