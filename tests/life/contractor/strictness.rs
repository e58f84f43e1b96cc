//! What each side refuses: the sandbox, requests that the spec doesn't allow, which the
//! typed client can't send and raw ones can; the client, values that the spec doesn't
//! allow, before anything is sent.

use casewire::{
    DateTime, ErrorKind,
    contractor::types::{CallStatus, CallTaskStatus},
};
use casewire_sandbox::contractor::{Session, State};
use reqwest::{
    Method,
    header::{AUTHORIZATION, CONTENT_TYPE},
    multipart::{Form, Part},
};
use serde_json::json;

use crate::life::common::{Refused, Staged, refused, untyped::Untyped};
use crate::life::contractor::stage::{
    CALL, EXPENSE, MATERIAL, Stage, TRAVEL, call, call_input, linked, material, task_done, with_line,
};

const DESK: &str = "x-external-system desk-key";
const USER: &str = "x-user access";
const SERVICE: &str = "x-user-service service";
const NOBODY: &str = "";

/// Tasks to attach to, a link, and a user who is signed in.
fn given(state: &mut State) {
    linked(state);
    task_done(state);
    state.sessions.push(Session {
        user: 7,
        access: "access".to_owned(),
        service: "service".to_owned(),
        access_until: None,
        service_until: None,
    });
    call(state).link = Some("link".to_owned());
}

impl Untyped<Stage> {
    async fn start() -> Self {
        Self::of(Stage::given(given).await)
    }

    fn request(&self, method: Method, path: &str, credential: &str) -> reqwest::RequestBuilder {
        let request = self.bare(method, path);
        if credential.is_empty() { request } else { request.header(AUTHORIZATION, credential) }
    }

    fn get(&self, path: &str, credential: &str) -> reqwest::RequestBuilder {
        self.request(Method::GET, path, credential)
    }

    fn post(&self, path: &str, credential: &str) -> reqwest::RequestBuilder {
        self.request(Method::POST, path, credential)
    }
}

#[tokio::test]
async fn the_sandbox_refuses_bodies_that_break_the_schema() {
    let raw = Untyped::start().await;
    let message = "/call/683913/message";
    for (what, path, credential, body, expect) in [
        ("as documented", message, USER, json!({ "message": "Да" }), 200),
        ("an unknown property", message, USER, json!({ "message": "Да", "mood": "good" }), 200),
        ("a required property missing", message, USER, json!({}), 400),
        ("null for a required property", message, USER, json!({ "message": null }), 400),
        ("a wrong type", message, USER, json!({ "message": 5 }), 400),
        ("2000 characters, 4000 bytes", message, USER, json!({ "message": "ж".repeat(2000) }), 200),
        ("2001 characters", message, USER, json!({ "message": "ж".repeat(2001) }), 400),
        ("2001 in a jeopardy", "/call/683913/jeopardy", USER, json!({ "comment": "ж".repeat(2001) }), 400),
        ("2001 in its answer", "/call/683913/unjeopardy", DESK, json!({ "answerComment": "ж".repeat(2001) }), 400),
        ("an undocumented status", "/call/683913/status", USER, json!({ "status": "Paused" }), 400),
        ("an undocumented task status", "/calltask/91002/status", USER, json!({ "status": "done" }), 400),
        (
            "a date-time without an offset",
            "/call/683913/dispatcher/message",
            DESK,
            json!({ "message": "Да", "date": "2026-03-02T09:10:00" }),
            400,
        ),
        (
            "the last date-time there is",
            "/call/683913/dispatcher/message",
            DESK,
            json!({ "message": "Да", "date": "9999-12-31T23:59:59Z" }),
            200,
        ),
        ("a short password", "/user/register", DESK, json!({ "userName": "popova", "password": "жжжж" }), 400),
        ("5 characters", "/user/register", DESK, json!({ "userName": "popova", "password": "жжжжж" }), 200),
        ("more than a megabyte", message, USER, json!({ "message": "ж".repeat(600_000) }), 413),
    ] {
        raw.check(what, raw.post(path, credential).json(&body), expect).await;
    }
    let patch = raw.request(Method::PATCH, "/call/683913", DESK).json(&json!({ "ttf": null }));
    raw.check("null for an optional property", patch, 400).await;
    let hash = "QOianrwOJsclNyqZfRS7I0FUBk/9RONO6+/sTvxJvEQ=";
    for (what, salt) in [("not base64", "!!!!!!!!!!!!!!!!!!!!!!!!"), ("15 bytes", "AAECAwQFBgcICQoLDA0O")] {
        let body = json!({ "userName": "ivanov", "hashedPassword": hash, "salt": salt });
        raw.check(what, raw.post("/user/signin", NOBODY).json(&body), 400).await;
    }
}

/// What a client with less care writes for NaN and for a local time.
#[tokio::test]
async fn the_sandbox_refuses_null_for_a_number_and_a_local_time() {
    let raw = Untyped::start().await;
    raw.stage.sandbox.state(with_line);
    let created = serde_json::to_value(call_input(|_| {})).unwrap();
    let expense = json!({ "count": 2.0, "expenditureItemId": TRAVEL });
    let part = json!({
        "count": 1.0, "name": "Батарея", "ownerType": "Contractor", "price": 90.5, "serialNumber": "BAT-1",
    });
    let costs = format!("/callCost/call/{CALL}");
    for (method, path, credential, body, expect, (name, wrong)) in [
        (Method::POST, "/call".to_owned(), DESK, created.clone(), 200, ("serviceObjectLatitude", json!(null))),
        (Method::POST, "/call".to_owned(), DESK, created, 200, ("ttf", json!("2026-03-03T18:00:00"))),
        (
            Method::PATCH,
            format!("/call/{CALL}"),
            DESK,
            json!({ "ttf": "2026-03-03T18:00:00Z" }),
            200,
            ("ttf", json!("2026-03-03T18:00:00")),
        ),
        (Method::POST, format!("{costs}/expense"), USER, expense, 200, ("count", json!(null))),
        (
            Method::PATCH,
            format!("{costs}/expense/{EXPENSE}"),
            USER,
            json!({ "count": 2.0 }),
            200,
            ("count", json!(null)),
        ),
        (Method::POST, format!("{costs}/material"), USER, part, 200, ("price", json!(null))),
        (
            Method::PATCH,
            format!("{costs}/material/{MATERIAL}"),
            USER,
            json!({ "price": 90.5 }),
            204,
            ("price", json!(null)),
        ),
    ] {
        let mut broken = body.clone();
        broken[name] = wrong;
        let what = format!("{method} {path} {name}");
        raw.check(&what, raw.request(method.clone(), &path, credential).json(&broken), 400).await;
        raw.check(&what, raw.request(method, &path, credential).json(&body), expect).await;
    }
}

/// serde's derived readers take an array for an object, property by property.
#[tokio::test]
async fn the_sandbox_refuses_an_array_for_an_object() {
    let raw = Untyped::start().await;
    let message = raw.post("/call/683913/message", USER).json(&json!(["Да"]));
    raw.check("an array for the body", message, 400).await;
    let report = json!({ "comments": "Готово", "callTaskResults": [["Done", 91002]] });
    raw.check("an array in the body", raw.post("/shared/call/done?token=link", NOBODY).json(&report), 400).await;
}

#[tokio::test]
async fn the_sandbox_refuses_what_is_around_a_body() {
    let raw = Untyped::start().await;
    let body = r#"{"message":"Да"}"#;
    let typed = |media_type: &str| raw.post("/call/683913/message", USER).header(CONTENT_TYPE, media_type).body(body);
    raw.check("JSON with a charset", typed("application/json; charset=utf-8"), 200).await;
    for other in ["text/plain", "text/json", "application/json-patch+json", "application/xml"] {
        raw.check(other, typed(other), 415).await;
    }
    raw.check("no media type", raw.post("/call/683913/message", USER).body(body), 415).await;
    raw.check("api-version", raw.get("/call/683913", DESK).header("api-version", "1"), 400).await;
    raw.check("an unknown query", raw.get("/call/683913?verbose=1", DESK), 400).await;
    raw.check("a link's token elsewhere", raw.get("/call/683913?token=link", DESK), 400).await;
    raw.check("no token", raw.get("/shared/call", NOBODY), 400).await;
    raw.check("two tokens", raw.get("/shared/call?token=link&token=link", NOBODY), 400).await;
    raw.check("a token and more", raw.get("/shared/call?token=link&x=1", NOBODY), 400).await;
    raw.check("a token", raw.get("/shared/call?token=link", NOBODY), 200).await;
    raw.check("an id in words", raw.get("/call/last", DESK), 400).await;
    raw.check("an id with a plus sign", raw.get("/call/+683913", DESK), 400).await;
    raw.check("a body for none", raw.post("/call/683913/close", DESK).json(&json!({})), 400).await;
    raw.check("an unknown path", raw.get("/calls", DESK), 404).await;
    raw.check("another method", raw.request(Method::PUT, "/call/683913", DESK), 405).await;
    raw.check("HEAD", raw.request(Method::HEAD, "/call/683913", DESK), 405).await;
}

#[tokio::test]
async fn the_sandbox_refuses_credentials_of_another_sort() {
    let raw = Untyped::start().await;
    let (of_desk, of_user, of_service) = ("/call/683913", "/user/self", "/user/token");
    for (what, path, credential, expect) in [
        ("the desk", of_desk, DESK, 200),
        ("none", of_desk, NOBODY, 401),
        ("another word", of_desk, "Bearer desk-key", 401),
        ("a word in capitals", of_desk, "X-External-System desk-key", 401),
        ("no word", of_desk, "desk-key", 401),
        ("another key", of_desk, "x-external-system desk-kex", 401),
        ("a user at the desk's", of_desk, USER, 403),
        ("a user", of_user, USER, 200),
        ("the desk at a user's", of_user, DESK, 403),
        ("a service token at a user's", of_user, SERVICE, 403),
        ("a service token under the user's word", of_user, "x-user service", 401),
    ] {
        raw.check(what, raw.get(path, credential), expect).await;
    }
    raw.check("an access token that is to renew", raw.post(of_service, USER), 403).await;
    raw.check("two credentials", raw.get(of_desk, DESK).header(AUTHORIZATION, DESK), 401).await;
    raw.check("a service token", raw.post(of_service, SERVICE), 200).await;
}

#[tokio::test]
async fn the_sandbox_refuses_uploads_of_another_form() {
    let raw = Untyped::start().await;
    let upload = || raw.post("/calltask/91001/attachment", USER);
    let file = || Part::bytes(b"%PDF-1.7").file_name("act.pdf");
    for (what, form, expect) in [
        ("as documented", Form::new().part("Attachment", file()), 200),
        ("another name", Form::new().part("attachment", file()), 400),
        ("no file name, which would tell the kind", Form::new().part("Attachment", Part::bytes(b"%PDF-1.7")), 422),
        ("another part", Form::new().text("comment", "акт").part("Attachment", file()), 200),
        ("the part twice", Form::new().part("Attachment", file()).part("Attachment", file()), 400),
        ("no part", Form::new(), 400),
        ("another sort of file", Form::new().part("Attachment", file().file_name("act.exe")), 422),
        ("an empty file", Form::new().part("Attachment", Part::bytes(b"").file_name("act.pdf")), 422),
    ] {
        raw.check(what, upload().multipart(form), expect).await;
    }
    raw.check("JSON", upload().json(&json!({ "Attachment": "%PDF-1.7" })), 415).await;
    raw.check("nothing", upload(), 415).await;
}

/// What was refused, and what its error has to say.
type Case = (Refused, &'static str);

#[tokio::test]
async fn the_client_refuses_before_anything_is_sent() {
    let stage = Stage::given(given).await;
    let (desk, ivanov, holder) = (&stage.desk, &stage.ivanov, &stage.holder);
    let long = || "ж".repeat(2001);
    let secret = "жжжж";
    let hash = "QOianrwOJsclNyqZfRS7I0FUBk/9RONO6+/sTvxJvEQ=";
    let cases: Vec<Case> = vec![
        (refused(ivanov.add_user_message().id(CALL).body_map(|b| b.message(long())).send().await), "message"),
        (refused(ivanov.raise_jeopardy().id(CALL).body_map(|b| b.comment(long())).send().await), "comment"),
        (refused(desk.clear_jeopardy().id(CALL).body_map(|b| b.answer_comment(long())).send().await), "answerComment"),
        (
            refused(
                desk.add_dispatcher_message()
                    .id(CALL)
                    .body_map(|b| b.message(long()).date("2026-03-02T09:10:00Z"))
                    .send()
                    .await,
            ),
            "message",
        ),
        (
            refused(
                desk.add_dispatcher_message()
                    .id(CALL)
                    .body_map(|b| b.message("Да".to_owned()).date("2 марта"))
                    .send()
                    .await,
            ),
            "date",
        ),
        (refused(desk.register_user().body_map(|b| b.user_name("popova").password(secret)).send().await), "password"),
        (refused(desk.change_password().id(7).body_map(|b| b.new_password(secret)).send().await), "newPassword"),
        (
            refused(
                holder
                    .sign_in()
                    .body_map(|b| b.user_name("ivanov").hashed_password(hash).salt("!!!!!!!!!!!!!!!!!!!!!!!!"))
                    .send()
                    .await,
            ),
            "salt",
        ),
        (
            refused(
                desk.update_call()
                    .id(CALL)
                    .body_map(|b| b.ttf("2026-03-03T18:00:00".parse::<DateTime>().unwrap()))
                    .send()
                    .await,
            ),
            "ttf",
        ),
        (
            refused(
                desk.add_dispatcher_message()
                    .id(CALL)
                    .body_map(|b| b.message("Да").date("2026-03-02T09:10:00"))
                    .send()
                    .await,
            ),
            "date",
        ),
        (
            refused(desk.create_call().body(call_input(|call| call.service_object_latitude = f64::NAN)).send().await),
            "serviceObjectLatitude",
        ),
        (refused(ivanov.add_material().call_id(CALL).body(material(f64::INFINITY)).send().await), "price"),
        (refused(ivanov.set_call_status().id(CALL).body_map(|b| b.status("Paused")).send().await), "status"),
        (refused(ivanov.set_call_task_status().id(91_002).send().await), "body"),
        (refused(ivanov.set_call_task_status().body_map(|b| b.status(CallTaskStatus::Done)).send().await), "id"),
        (refused(desk.create_call().body_map(|b| b).send().await), "availableExpenditureItems"),
        (refused(holder.get_shared_call().send().await), "token"),
        (refused(ivanov.upload_call_task_attachment().id(91_001).send().await), "Attachment"),
    ];
    for (got, name) in cases {
        assert_eq!((got.kind, got.status), (ErrorKind::InvalidRequest, None), "{}", got.text);
        let (start, reason) = got.text.split_once(": nothing was sent: ").expect("it says so");
        assert!(start.ends_with(&format!("({})", got.operation)), "{}", got.text);
        assert!(reason.contains(name), "{name} is not in: {}", got.text);
        assert!(!got.text.contains("жж"), "the value shows: {}", got.text);
    }
    assert_eq!(stage.sandbox.requests(), []);
    // The longest text that fits is sent.
    ivanov.add_user_message().id(CALL).body_map(|b| b.message("ж".repeat(2000))).send().await.unwrap();
    // A value that is asked for by name is sent as it is, documented or not; the server decides.
    let paused = CallStatus::Unknown("Paused".to_owned());
    let response = ivanov.set_call_status().id(CALL).body_map(|b| b.status(paused)).send().await;
    assert_eq!(refused(response).status, Some(400));
}
