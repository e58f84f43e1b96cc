//! Every documented failure of every operation, provoked at the sandbox by the typed client.

use casewire::legalcase::error::{
    AddCommentError, AddDocumentError, CreateLegalCaseError, DeleteClientError, DeleteCommentError,
    DeleteLegalCaseError, DownloadDocumentError, RegisterClientError, UpdateClientError, UpdateCommentError,
    UpdateLegalCaseError,
};
use casewire_sandbox::legalcase::State;
use support::interfaces::Legalcase;

use crate::life::{
    common::rows::{self, call, row},
    legalcase::stage::{
        CASE, CASE_OF_PARTNER, CLIENT, COMMENT, COMMENT_OF_PARTNER, DOCUMENT, OTHER_CASE, READ_COMMENT, Stage, accept,
        change, comment, delete_comment, download, file, mark, open, read_comment, register, upload, withdraw,
    },
};

type Row = rows::Row<Stage>;
type Call = rows::Call<Stage>;

fn fresh(_: &mut State) {}

/// The partner wants a header that the client doesn't send.
fn guarded(state: &mut State) {
    state.required_header = Some(("x-api-key".to_owned(), "key-1".to_owned()));
}

fn accepted(state: &mut State) {
    state.case_mut(CASE).unwrap().accepted = Some(true);
}

fn answered(state: &mut State) {
    state.comment_mut(COMMENT).unwrap().answered = true;
}

fn read_by_partner(state: &mut State) {
    state.comment_mut(COMMENT).unwrap().read_by_partner = true;
}

fn table() -> Vec<Row> {
    [clients(), cases(), comments(), documents()].into_iter().flatten().collect()
}

fn clients() -> Vec<Row> {
    vec![
        row("400", fresh, call!(|s| register(&s.behind_a_gateway)), RegisterClientError::BadRequest),
        row("401", guarded, call!(|s| register(&s.bank)), RegisterClientError::Unauthorized),
        row("400", fresh, call!(|s| change(&s.behind_a_gateway, CLIENT)), UpdateClientError::BadRequest),
        row("401", guarded, call!(|s| change(&s.bank, CLIENT)), UpdateClientError::Unauthorized),
        row("404", fresh, call!(|s| change(&s.bank, "c-999")), UpdateClientError::NotFound),
        row("401", guarded, call!(|s| s.bank.delete_client().client_id(CLIENT)), DeleteClientError::Unauthorized),
        row("404", fresh, call!(|s| s.bank.delete_client().client_id("c-999")), DeleteClientError::NotFound),
    ]
}

fn cases() -> Vec<Row> {
    let take_back: Call = call!(|s| mark(&s.bank, CASE, |body| body.accept(false)));
    vec![
        row("400", fresh, call!(|s| open(&s.behind_a_gateway, CLIENT)), CreateLegalCaseError::BadRequest),
        row("401", guarded, call!(|s| open(&s.bank, CLIENT)), CreateLegalCaseError::Unauthorized),
        row("404", fresh, call!(|s| open(&s.bank, "c-999")), CreateLegalCaseError::NotFound),
        row("400", fresh, call!(|s| accept(&s.behind_a_gateway, CASE)), UpdateLegalCaseError::BadRequest),
        row("400", accepted, take_back, UpdateLegalCaseError::BadRequest),
        row("401", guarded, call!(|s| accept(&s.bank, CASE)), UpdateLegalCaseError::Unauthorized),
        row("404", fresh, call!(|s| accept(&s.bank, "lc-999")), UpdateLegalCaseError::NotFound),
        // A case of another client is none of this one.
        row("404", fresh, call!(|s| accept(&s.bank, OTHER_CASE)), UpdateLegalCaseError::NotFound),
        row("401", guarded, call!(|s| withdraw(&s.bank, CASE)), DeleteLegalCaseError::Unauthorized),
        row("404", fresh, call!(|s| withdraw(&s.bank, OTHER_CASE)), DeleteLegalCaseError::NotFound),
    ]
}

fn comments() -> Vec<Row> {
    vec![
        row("400", fresh, call!(|s| comment(&s.behind_a_gateway, CASE)), AddCommentError::BadRequest),
        row("401", guarded, call!(|s| comment(&s.bank, CASE)), AddCommentError::Unauthorized),
        row("404", fresh, call!(|s| comment(&s.bank, "lc-999")), AddCommentError::NotFound),
        row("400", fresh, call!(|s| read_comment(&s.behind_a_gateway, COMMENT)), UpdateCommentError::BadRequest),
        row("401", guarded, call!(|s| read_comment(&s.bank, COMMENT)), UpdateCommentError::Unauthorized),
        row("404", fresh, call!(|s| read_comment(&s.bank, "cm-999")), UpdateCommentError::NotFound),
        row("401", guarded, call!(|s| delete_comment(&s.bank, COMMENT)), DeleteCommentError::Unauthorized),
        row("404", fresh, call!(|s| delete_comment(&s.bank, "cm-999")), DeleteCommentError::NotFound),
        row("409", fresh, call!(|s| delete_comment(&s.bank, READ_COMMENT)), DeleteCommentError::Conflict),
        row("409", read_by_partner, call!(|s| delete_comment(&s.bank, COMMENT)), DeleteCommentError::Conflict),
        row("409", answered, call!(|s| delete_comment(&s.bank, COMMENT)), DeleteCommentError::Conflict),
        row("409", fresh, call!(|s| delete_comment(&s.bank, COMMENT_OF_PARTNER)), DeleteCommentError::Conflict),
    ]
}

fn documents() -> Vec<Row> {
    let on_another_case: Call = call!(|s| download(&s.bank, COMMENT, DOCUMENT).legal_case_id(CASE_OF_PARTNER));
    vec![
        row(
            "400",
            fresh,
            call!(|s| upload(&s.bank, COMMENT, file().file_name("../a.pdf"))),
            AddDocumentError::BadRequest,
        ),
        row("401", guarded, call!(|s| upload(&s.bank, COMMENT, file())), AddDocumentError::Unauthorized),
        row("404", fresh, call!(|s| upload(&s.bank, "cm-999", file())), AddDocumentError::NotFound),
        row("401", guarded, call!(|s| download(&s.bank, COMMENT, DOCUMENT)), DownloadDocumentError::Unauthorized),
        row("404", fresh, call!(|s| download(&s.bank, COMMENT, "d-999")), DownloadDocumentError::NotFound),
        row("404", fresh, call!(|s| download(&s.bank, READ_COMMENT, DOCUMENT)), DownloadDocumentError::NotFound),
        row("404", fresh, on_another_case, DownloadDocumentError::NotFound),
    ]
}

#[tokio::test]
async fn every_documented_failure_is_typed() {
    rows::check::<Legalcase, _>(table()).await;
}

#[test]
fn the_table_holds_what_the_spec_documents() {
    rows::check_complete::<Legalcase, _>(&table(), 29);
}
