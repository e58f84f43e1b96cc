//! The four operations as data: name, place, credential, query and body.
//! Three of the paths may be elsewhere, see `Paths`; those here are the spec's.

use crate::interface::Operation;

/// What an operation needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    Nothing,
    Token,
}

pub(super) const AUTHENTICATE: &str = "/api/v1/auth/";
pub(super) const FETCH_APPLICATIONS: &str = "/api/v1/applications/";
pub(super) const REPORT_STATUS: &str = "/api/v1/applications/status/";
/// The one path that is certain.
pub(super) const COMMIT: &str = "/api/v1/commit/{code}/";

/// All operations, in the order of the spec.
pub(super) const OPERATIONS: &[Operation<Needs>] = &[
    Operation::new("authenticate", "POST", AUTHENTICATE, true, Needs::Nothing),
    Operation::new("fetchApplications", "GET", FETCH_APPLICATIONS, false, Needs::Token).query(&["limit"]),
    Operation::new("commitBatch", "GET", COMMIT, false, Needs::Token),
    Operation::new("reportStatus", "POST", REPORT_STATUS, true, Needs::Token),
];
