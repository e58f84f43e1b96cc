//! The four operations as data: name, place, credential, query and body.
//! Three of the paths may be elsewhere, see `Paths`; those here are the spec's.

use crate::server::Route;

/// An operation.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) route: Route,
    /// Whether it needs a token.
    pub(super) token: bool,
    /// The query parameters that it knows.
    pub(super) query: &'static [&'static str],
    /// Whether it takes a body.
    pub(super) body: bool,
}

/// The operation with that id.
pub(super) fn find(id: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.route.id == id)
}

pub(super) const AUTHENTICATE: &str = "/api/v1/auth/";
pub(super) const FETCH_APPLICATIONS: &str = "/api/v1/applications/";
pub(super) const REPORT_STATUS: &str = "/api/v1/applications/status/";
/// The one path that is certain.
pub(super) const COMMIT: &str = "/api/v1/commit/{code}/";

/// All operations, in the order of the document.
pub(super) static OPERATIONS: &[Operation] = &[
    Operation {
        route: Route { id: "authenticate", method: "POST", path: AUTHENTICATE },
        token: false,
        query: &[],
        body: true,
    },
    Operation {
        route: Route { id: "fetchApplications", method: "GET", path: FETCH_APPLICATIONS },
        token: true,
        query: &["limit"],
        body: false,
    },
    Operation { route: Route { id: "commitBatch", method: "GET", path: COMMIT }, token: true, query: &[], body: false },
    Operation {
        route: Route { id: "reportStatus", method: "POST", path: REPORT_STATUS },
        token: true,
        query: &[],
        body: true,
    },
];
