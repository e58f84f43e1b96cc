//! The eight operations as data: name, place, query and body, and what their responses
//! never leave out.

use crate::interface::Operation;

/// What an operation needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// The header of a sign-in.
    ForceUseSession,
    Session,
}

const fn get(id: &'static str, path: &'static str) -> Operation<Needs> {
    Operation::new(id, "GET", path, false, Needs::Session)
}

const fn post(id: &'static str, path: &'static str) -> Operation<Needs> {
    Operation::new(id, "POST", path, true, Needs::Session)
}

pub(super) const LOGIN: &str = "/ServiceModel/AuthService.svc/Login";
pub(super) const ONE_CASE: &str = "/0/ssp/rest/PublicWebServices/case/{number}";
pub(super) const CASE: &str = "/0/ssp/rest/PublicWebServices/case";
pub(super) const FILE: &str = "/0/ssp/rest/PublicWebServices/file";
pub(super) const ONE_FILE: &str = "/0/ssp/rest/PublicWebServices/file/{entitySchemaUId}/{fileId}";
pub(super) const MESSAGE: &str = "/0/ssp/rest/PublicWebServices/message";
pub(super) const UPDATE_CASE: &str = "/0/ssp/rest/PublicWebServices/update_case";
pub(super) const CASES: &str = "/0/ssp/rest/PublicWebServices/cases";

/// All operations, in the order of the spec.
pub(super) const OPERATIONS: &[Operation<Needs>] = &[
    Operation::new("login", "POST", LOGIN, true, Needs::ForceUseSession),
    get("getCase", ONE_CASE),
    post("createCase", CASE),
    post("attachFile", FILE).query(&["filename", "number", "totallength"]),
    get("downloadFile", ONE_FILE),
    post("addMessage", MESSAGE),
    post("updateCase", UPDATE_CASE),
    post("listCases", CASES),
];

/// The properties that the responses of an operation never leave out. Cases in a list promise none.
pub(super) fn required(operation: &str) -> &'static [&'static str] {
    match operation {
        "login" => &["Code", "Message", "Exception"],
        "listCases" => &["data", "error"],
        _ => &[
            "data",
            "error",
            "files",
            "messages",
            "number",
            "priority",
            "solution",
            "status",
            "subject",
            "symptoms",
            "contact",
            "createdon",
            "id",
            "text",
            "name",
            "size",
            "url",
        ],
    }
}
