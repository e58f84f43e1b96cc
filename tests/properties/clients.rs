//! Some operations of each client, whose responses are damaged on their way over HTTP.

use casewire::{Config, callback, contractor, crpt, legalcase};
use support::{
    desk::Desk,
    recorder::{Lane, Recorder, Response},
};
use tokio::runtime::Runtime;

use super::responses::{Row, call, survive};

fn config(origin: &str) -> Config {
    Config::new(origin).unwrap()
}

#[test]
fn callback() {
    use callback::{Auth, Client, Endpoints, types};
    fn rendered() -> types::builder::RegisteredOrRenderedBuilder {
        let status = types::RegisteredOrRenderedStatus::Rendered;
        types::RegisteredOrRendered::builder().application_id("111").status(status)
    }
    let rows: [Row<Client>; 2] = [
        Row("fetchApplications", 200, "BatchResponse", call!(client.fetch_applications())),
        Row("reportStatus", 400, "Failure", call!(client.report_status().body(rendered()))),
    ];
    let runtime = Runtime::new().unwrap();
    let token = |_| Response::json(200, r#"{"statusCode":200,"data":{"token":"tkn-1"}}"#);
    let desk = runtime.block_on(Desk::start("/api/v1/auth/", token));
    let auth = Auth::user("integration@oip.example", "Petr0v-1");
    let client = Client::connect(config(&desk.origin()), auth, Endpoints::default()).unwrap();
    survive("callback", None, &rows, (&runtime, &client), |_, response| desk.responses([response]));
}

#[test]
fn contractor() {
    use contractor::{Auth, Client};
    let rows: [Row<Client>; 4] = [
        Row(
            "signIn",
            200,
            "AccessServiceTokensDTO",
            call!(client.sign_in().body_map(|body| {
                body.hashed_password("QOianrwOJsclNyqZfRS7I0FUBk/9RONO6+/sTvxJvEQ=")
                    .salt("AAECAwQFBgcICQoLDA0ODw==")
                    .user_name("ivanov")
            })),
        ),
        Row("getCall", 200, "CallDTO", call!(client.get_call().id(683913))),
        Row("getCall", 404, "ErrorDTO", call!(client.get_call().id(683913))),
        Row("addUserMessage", 200, "CallMessage", call!(client.add_user_message().id(1).body_map(|b| b.message("-")))),
    ];
    let runtime = Runtime::new().unwrap();
    let recorder = runtime.block_on(Recorder::start());
    let client =
        Client::connect(config(&recorder.origin()), Auth::user("ivanov", "Passw0rd").and_external_system("desk-key"))
            .unwrap();
    survive("contractor", None, &rows, (&runtime, &client), |id, response| {
        recorder.script(if id == "signIn" { Lane::SignIns } else { Lane::Operations }, [response]);
    });
}

#[test]
fn crpt() {
    use crpt::{Auth, Client};
    let rows: [Row<Client>; 3] = [
        Row("getCase", 200, "CaseResponse", call!(client.get_case().number("SR1"))),
        Row(
            "createCase",
            200,
            "CaseNumberResponse",
            call!(client.create_case().body_map(|b| b.subject("-").symptoms("-"))),
        ),
        Row(
            "listCases",
            200,
            "CasesResponse",
            call!(client.list_cases().body(serde_json::Map::from_iter([("a".to_owned(), 1.into())]))),
        ),
    ];
    let runtime = Runtime::new().unwrap();
    let signed_in = |_| {
        Response::json(200, r#"{"Code":0,"Exception":null}"#)
            .header("set-cookie", "BPMLOADER=a; path=/0; HttpOnly")
            .header("set-cookie", ".ASPXAUTH=b; path=/; HttpOnly")
            .header("set-cookie", "BPMCSRF=c; path=/")
    };
    let desk = runtime.block_on(Desk::start("/ServiceModel/AuthService.svc/Login", signed_in));
    let client = Client::connect(config(&desk.origin()), Auth::user("ivan.petrov", "Petr0v-1")).unwrap();
    survive("crpt", Some("data"), &rows, (&runtime, &client), |_, response| desk.responses([response]));
}

#[test]
fn legalcase() {
    use legalcase::{AcceptSpelling, Client};
    let rows: [Row<Client>; 1] = [Row(
        "addComment",
        201,
        "Created",
        call!(client.add_comment().client_id("c").legal_case_id("l").body_map(|b| b.comment("-"))),
    )];
    let runtime = Runtime::new().unwrap();
    let recorder = runtime.block_on(Recorder::start());
    let client = Client::connect(config(&recorder.origin()), AcceptSpelling::default()).unwrap();
    survive("legalcase", None, &rows, (&runtime, &client), |_, response| recorder.script(Lane::Operations, [response]));
}
