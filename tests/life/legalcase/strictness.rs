//! What each side refuses: the sandbox, requests that the spec doesn't allow, which the
//! typed client can't send and raw ones can; the client, values that the spec doesn't
//! allow, before anything is sent.

use casewire::legalcase::types::{Inn, LegalCaseEventCode, Ogrn};
use reqwest::{
    Method, RequestBuilder,
    header::CONTENT_TYPE,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

use crate::life::{
    common::{Staged, check_unsent, refused, untyped::Untyped},
    legalcase::stage::{CASE, CLIENT, COMMENT, Stage, entrepreneur, mark, new_case},
};

const CLIENTS: &str = "/client";
const CASES: &str = "/client/c-1001/legalcase";
const ONE_CASE: &str = "/client/c-1001/legalcase/lc-2001";
const COMMENTS: &str = "/client/c-1001/legalcase/lc-2001/comment";
const ONE_COMMENT: &str = "/client/c-1001/legalcase/lc-2001/comment/cm-3001";
const DOCUMENTS: &str = "/client/c-1001/legalcase/lc-2001/comments/cm-3001/document";

impl Untyped<Stage> {
    async fn start() -> Self {
        Self::of(Stage::start().await)
    }

    fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        self.bare(Method::POST, path).json(body)
    }

    fn put(&self, path: &str, body: &Value) -> RequestBuilder {
        self.bare(Method::PUT, path).json(body)
    }
}

/// The value with a property changed, or without it.
fn with(mut value: Value, name: &str, property: Value) -> Value {
    if property == json!("left out") {
        value.as_object_mut().unwrap().remove(name);
    } else {
        value[name] = property;
    }
    value
}

#[tokio::test]
async fn the_sandbox_refuses_bodies_that_break_the_schema() {
    let raw = Untyped::start().await;
    let client = || json!({ "inn": "7719283390", "ogrn": "1187746123452", "organization": "О", "tariff": "Б" });
    for (what, body, expect) in [
        ("as documented", client(), 201),
        ("11 digits", with(client(), "inn", json!("77192833901")), 400),
        ("letters", with(client(), "inn", json!("771928339О")), 400),
        ("a number", with(client(), "inn", json!(7_719_283_390_i64)), 400),
        ("14 digits", with(client(), "ogrn", json!("11877461234521")), 400),
        ("no tariff", with(client(), "tariff", json!("left out")), 400),
        ("null", with(client(), "tariff", Value::Null), 400),
        ("an unknown property", with(client(), "id", json!("c-1")), 201),
        ("an array for the body", json!(["7719283390", "1187746123452", "О", "Б"]), 400),
    ] {
        raw.check(what, raw.post(CLIENTS, &body), expect).await;
        let expect = if expect == 201 { 204 } else { expect };
        raw.check(what, raw.put("/client/c-1001", &body), expect).await;
    }
    let person = || json!({ "surname": "Ли", "name": "Мария" });
    let case = || json!({ "ogrn": "1187746123452", "representative": person(), "deal": { "text": "Т" } });
    for (what, body, expect) in [
        ("as documented", case(), 201),
        ("the list of the sample", with(case(), "representative", json!([person(), { "text": "Т" }])), 400),
        ("a list of values", with(case(), "deal", json!(["Т"])), 400),
        ("no deal", with(case(), "deal", json!("left out")), 400),
        ("no surname", with(case(), "representative", json!({ "name": "Мария" })), 400),
        ("null", with(case(), "representative", with(person(), "patronymic", Value::Null)), 400),
        ("the capital of the table", with(case(), "representative", with(person(), "Telephone", json!("+7"))), 201),
    ] {
        raw.check(what, raw.post(CASES, &body), expect).await;
    }
    for (what, path, body, expect) in [
        ("no mark", ONE_CASE, json!({}), 400),
        ("in words", ONE_CASE, json!({ "Read": "true" }), 400),
        ("null", ONE_CASE, json!({ "Read": true, "Accept": null }), 400),
        ("small letters", ONE_CASE, json!({ "read": true }), 400),
        ("both spellings", ONE_CASE, json!({ "Accept": true, "Ассепт": true }), 400),
        ("half a spelling", ONE_CASE, json!({ "Аccept": true }), 400),
        ("the document's spelling", ONE_CASE, json!({ "Ассепт": true }), 204),
        ("a capital", ONE_COMMENT, json!({ "Read": true }), 400),
        ("nothing", ONE_COMMENT, json!({}), 400),
        ("the text", ONE_COMMENT, json!({ "read": true, "comment": "Т" }), 204),
        ("as documented", ONE_COMMENT, json!({ "read": true }), 204),
    ] {
        raw.check(what, raw.put(path, &body), expect).await;
    }
    let long = json!({ "comment": "ж".repeat(600_000) });
    raw.check("more than a megabyte", raw.post(COMMENTS, &long), 413).await;
}

#[tokio::test]
async fn the_sandbox_refuses_what_is_around_a_body() {
    let raw = Untyped::start().await;
    let body = || json!({ "comment": "Т" });
    let typed =
        |media_type: &str| raw.bare(Method::POST, COMMENTS).header(CONTENT_TYPE, media_type).body(body().to_string());
    raw.check("JSON with a charset", typed("application/json; charset=utf-8"), 201).await;
    raw.check("text", typed("text/plain"), 415).await;
    raw.check("an unknown query", raw.post(&format!("{COMMENTS}?x=1"), &body()), 400).await;
    raw.check("api-version", raw.post(COMMENTS, &body()).header("api-version", "1"), 400).await;
    raw.check("a body where there is none", raw.bare(Method::DELETE, ONE_CASE).json(&json!({})), 400).await;
    raw.check("comments for comment", raw.post(&COMMENTS.replace("comment", "comments"), &body()), 404).await;
    let singular = DOCUMENTS.replace("comments", "comment");
    raw.check("comment for comments", raw.bare(Method::GET, &format!("{singular}/d-4001")), 404).await;
    for path in ["/client/c-1001", ONE_CASE, ONE_COMMENT] {
        raw.check("reading, which only part 2 may have", raw.bare(Method::GET, path), 405).await;
    }
}

#[tokio::test]
async fn the_sandbox_refuses_uploads_of_another_form() {
    let raw = Untyped::start().await;
    let file = || Part::bytes(b"%PDF-1.4").file_name("act.pdf");
    for (what, form, expect) in [
        ("as documented", Form::new().part("file", file()), 201),
        ("another name", Form::new().part("document", file()), 400),
        ("no file name", Form::new().part("file", Part::bytes(b"%PDF-1.4")), 201),
        ("another part", Form::new().text("comment", "акт").part("file", file()), 201),
        ("the part twice", Form::new().part("file", file()).part("file", file()), 400),
        ("no part", Form::new(), 400),
    ] {
        raw.check(what, raw.bare(Method::POST, DOCUMENTS).multipart(form), expect).await;
    }
    raw.check("JSON", raw.post(DOCUMENTS, &json!({ "file": "%PDF-1.4" })), 415).await;
    raw.stage.sandbox.state(|state| state.max_document_bytes = 7);
    let form = Form::new().part("file", file());
    raw.check("too large", raw.bare(Method::POST, DOCUMENTS).multipart(form), 413).await;
}

#[tokio::test]
async fn the_client_refuses_before_anything_is_sent() {
    let stage = Stage::start().await;
    let bank = &stage.bank;
    let register = |inn: &str, ogrn: &str| {
        let (inn, ogrn) = (inn.to_owned(), ogrn.to_owned());
        bank.register_client().body_map(|body| entrepreneur(body).inn(inn).ogrn(ogrn)).send()
    };
    let (inn, ogrn) = ("7719283390", "1187746123452");
    let open = bank.create_legal_case().client_id(CLIENT);
    let comment = bank.add_comment().client_id(CLIENT).legal_case_id(CASE);
    let document = bank.add_document().client_id(CLIENT).legal_case_id(CASE).comment_id(COMMENT);
    for (got, name) in [
        (refused(register("77192833901", ogrn).await), "inn"),
        (refused(register("771928339О", ogrn).await), "inn"),
        (refused(register(inn, "11877461234521").await), "ogrn"),
        (refused(register(inn, " 1187746123452").await), "ogrn"),
        (refused(bank.register_client().send().await), "body"),
        (refused(bank.update_client().body_map(entrepreneur).send().await), "clientId"),
        (refused(open.clone().body_map(|body| body).send().await), "deal"),
        (refused(open.body_map(|body| new_case(body).ogrn("1")).send().await), "ogrn"),
        (refused(bank.update_legal_case().client_id(CLIENT).send().await), "legalCaseId"),
        (refused(mark(bank, CASE, |body| body).send().await), "Accept, Read"),
        (refused(comment.body_map(|body| body).send().await), "comment"),
        (refused(document.send().await), "file"),
        (refused(bank.download_document().client_id(CLIENT).send().await), "legalCaseId"),
    ] {
        check_unsent(&got, name);
        assert!(!got.text.contains("77192833"), "the value shows: {}", got.text);
    }
    assert!("7719283390\n".parse::<Inn>().is_err() && "".parse::<Ogrn>().is_err());
    assert!("Frobnicated".parse::<LegalCaseEventCode>().is_err());
    assert_eq!(stage.sandbox.requests(), []);
}
