//! The operations as data: name, place and body. Two of the interface's twelve requests
//! share a method and a path.

use crate::interface::Operation;

const fn with_body(id: &'static str, method: &'static str, path: &'static str) -> Operation<()> {
    Operation::new(id, method, path, true, ())
}

const fn bare(id: &'static str, method: &'static str, path: &'static str) -> Operation<()> {
    Operation::new(id, method, path, false, ())
}

pub(super) const CLIENTS: &str = "/client";
pub(super) const CLIENT: &str = "/client/{clientId}";
pub(super) const CASES: &str = "/client/{clientId}/legalcase";
pub(super) const CASE: &str = "/client/{clientId}/legalcase/{legalCaseId}";
pub(super) const COMMENTS: &str = "/client/{clientId}/legalcase/{legalCaseId}/comment";
pub(super) const COMMENT: &str = "/client/{clientId}/legalcase/{legalCaseId}/comment/{commentId}";
pub(super) const DOCUMENTS: &str = "/client/{clientId}/legalcase/{legalCaseId}/comments/{commentId}/document";
pub(super) const DOCUMENT: &str =
    "/client/{clientId}/legalcase/{legalCaseId}/comments/{commentId}/document/{documentId}";

/// All operations, in the order of the spec.
pub(super) const OPERATIONS: &[Operation<()>] = &[
    with_body("registerClient", "POST", CLIENTS),
    with_body("updateClient", "PUT", CLIENT),
    bare("deleteClient", "DELETE", CLIENT),
    with_body("createLegalCase", "POST", CASES),
    with_body("updateLegalCase", "PUT", CASE),
    bare("deleteLegalCase", "DELETE", CASE),
    with_body("addComment", "POST", COMMENTS),
    with_body("updateComment", "PUT", COMMENT),
    bare("deleteComment", "DELETE", COMMENT),
    with_body("addDocument", "POST", DOCUMENTS),
    bare("downloadDocument", "GET", DOCUMENT),
];
