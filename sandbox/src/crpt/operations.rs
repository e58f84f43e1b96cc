//! The eight operations as data: name, place, query and body, and what their answers never leave out.

use crate::server::Route;

/// An operation.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) route: Route,
    /// Whether it needs a session.
    pub(super) session: bool,
    /// The query parameters that it knows.
    pub(super) query: &'static [&'static str],
    /// Whether it takes a body.
    pub(super) body: bool,
}

/// The operation with that id.
pub(super) fn find(id: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.route.id == id)
}

const fn get(id: &'static str, path: &'static str) -> Operation {
    Operation { route: Route { id, method: "GET", path }, session: true, query: &[], body: false }
}

const fn post(id: &'static str, path: &'static str) -> Operation {
    Operation { route: Route { id, method: "POST", path }, session: true, query: &[], body: true }
}

pub(super) const LOGIN: &str = "/ServiceModel/AuthService.svc/Login";
pub(super) const ONE_CASE: &str = "/0/ssp/rest/PublicWebServices/case/{number}";
pub(super) const CASE: &str = "/0/ssp/rest/PublicWebServices/case";
pub(super) const FILE: &str = "/0/ssp/rest/PublicWebServices/file";
pub(super) const ONE_FILE: &str = "/0/ssp/rest/PublicWebServices/file/{entitySchemaUId}/{fileId}";
pub(super) const MESSAGE: &str = "/0/ssp/rest/PublicWebServices/message";
pub(super) const UPDATE_CASE: &str = "/0/ssp/rest/PublicWebServices/update_case";
pub(super) const CASES: &str = "/0/ssp/rest/PublicWebServices/cases";

/// All operations, in the order of the document.
pub(super) static OPERATIONS: &[Operation] = &[
    Operation { session: false, ..post("login", LOGIN) },
    get("getCase", ONE_CASE),
    post("createCase", CASE),
    Operation { query: &["filename", "number", "totallength"], ..post("attachFile", FILE) },
    get("downloadFile", ONE_FILE),
    post("addMessage", MESSAGE),
    post("updateCase", UPDATE_CASE),
    post("listCases", CASES),
];

/// The properties that the answers of an operation never leave out. Cases in a list promise none.
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
