//! How every operation is called, and what is sent for it.

use casewire::crpt::types;

use super::Crpt;
use crate::{
    outcome::call,
    row::{Row, Sent},
};

pub const FILE: &[u8] = b"bytes of case.xlsx\0\xff";
pub const LINK: &str = "http://10.200.199.1:84/0/ssp/rest/PublicWebServices/file/55c1fe71-17a1-4bd2-a4b2-7799ccaac996/\
                        e4ab3bc8-ee50-4376-baab-8ee9657d90d0";

/// In the order of the spec.
pub const ROWS: &[Row<Crpt>] = &[
    Row {
        id: "login",
        request: "POST /ServiceModel/AuthService.svc/Login",
        sent: Sent::Json(r#"{"UserName": "ivan.petrov", "UserPassword": "Petr0v-1"}"#),
        call: call!(
            client
                .login()
                .force_use_session("true")
                .body_map(|body| body.user_name("ivan.petrov").user_password("Petr0v-1"))
        ),
    },
    Row {
        id: "getCase",
        request: "GET /0/ssp/rest/PublicWebServices/case/SR00683913",
        sent: Sent::Nothing,
        call: call!(client.get_case().number("SR00683913")),
    },
    Row {
        id: "createCase",
        request: "POST /0/ssp/rest/PublicWebServices/case",
        sent: Sent::Json(
            r#"{"subject": "Проблема с авторизацией", "symptoms": "Не выполняется авторизация с помощью УКЭП"}"#,
        ),
        call: call!(client.create_case().body_map(|body| {
            body.subject("Проблема с авторизацией").symptoms("Не выполняется авторизация с помощью УКЭП")
        })),
    },
    Row {
        id: "attachFile",
        request: "POST /0/ssp/rest/PublicWebServices/file?filename=case.xlsx&number=SR00683913&totallength=35000",
        sent: Sent::Bytes(FILE),
        call: call!(client.attach_file().filename("case.xlsx").number("SR00683913").totallength(35000).body(FILE)),
    },
    Row {
        id: "attachFile",
        request: "POST /0/ssp/rest/PublicWebServices/file?filename=case.xlsx&number=SR00683913&totallength=1",
        sent: Sent::Bytes(b"x"),
        call: call!(client.attach_file().filename("case.xlsx").number("SR00683913").body(b"x")),
    },
    Row {
        id: "downloadFile",
        request: "GET /0/ssp/rest/PublicWebServices/file/55c1fe71-17a1-4bd2-a4b2-7799ccaac996/\
                  840a6198-f5b8-40ee-9b01-32f522df50df",
        sent: Sent::Nothing,
        call: call!(
            download client
                .download_file()
                .entity_schema_u_id("55c1fe71-17a1-4bd2-a4b2-7799ccaac996")
                .file_id("840a6198-f5b8-40ee-9b01-32f522df50df")
        ),
    },
    Row {
        id: "downloadFile",
        request: "GET /0/ssp/rest/PublicWebServices/file/55c1fe71-17a1-4bd2-a4b2-7799ccaac996/\
                  e4ab3bc8-ee50-4376-baab-8ee9657d90d0",
        sent: Sent::Nothing,
        call: call!(download client.download_link(LINK).unwrap()),
    },
    Row {
        id: "addMessage",
        request: "POST /0/ssp/rest/PublicWebServices/message",
        sent: Sent::Json(r#"{"number": "SR00683913", "message": "Проблема решена"}"#),
        call: call!(client.add_message().body_map(|body| body.number("SR00683913").message("Проблема решена"))),
    },
    Row {
        id: "updateCase",
        request: "POST /0/ssp/rest/PublicWebServices/update_case",
        sent: Sent::Json(
            r#"{"number": "SR00684153", "status": "close", "satisfactionlevel": 5,
            "satisfactioncomment": "Проблема решена, спасибо!"}"#,
        ),
        call: call!(client.update_case().body_map(|body| {
            body.number("SR00684153")
                .status(types::CaseAction::Close)
                .satisfactionlevel(5)
                .satisfactioncomment("Проблема решена, спасибо!".to_owned())
        })),
    },
    Row {
        id: "updateCase",
        request: "POST /0/ssp/rest/PublicWebServices/update_case",
        sent: Sent::Json(r#"{"number": "SR00684153", "status": "reopen"}"#),
        call: call!(client.update_case().body_map(|body| body.number("SR00684153").status(types::CaseAction::Reopen))),
    },
    Row {
        id: "listCases",
        request: "POST /0/ssp/rest/PublicWebServices/cases",
        sent: Sent::Json(r#"{"number": "SR00683913"}"#),
        call: call!(client.list_cases().body(parameters(r#"{"number": "SR00683913"}"#))),
    },
    Row {
        id: "listCases",
        request: "POST /0/ssp/rest/PublicWebServices/cases",
        sent: Sent::Json(r#"{"priority": [1, 4], "status": "Открыто", "архив": null}"#),
        call: call!(
            client.list_cases().body(parameters(r#"{"priority": [1, 4], "status": "Открыто", "архив": null}"#))
        ),
    },
];

fn parameters(json: &str) -> serde_json::Map<String, serde_json::Value> {
    serde_json::from_str(json).unwrap()
}
