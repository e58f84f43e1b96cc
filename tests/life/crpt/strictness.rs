//! What each side refuses: the sandbox, requests that the spec doesn't allow, which the
//! typed client can't send and raw ones can; the client, values that the spec doesn't
//! allow, before anything is sent.

use casewire::crpt::types::{CaseUpdate, CasesRequest};
use casewire_sandbox::crpt::Session;
use reqwest::{
    Method, RequestBuilder,
    header::{CONTENT_TYPE, COOKIE},
};
use serde_json::{Value, json};

use crate::life::{
    common::{Staged, check_unsent, refused, untyped::Untyped},
    crpt::stage::{CASE, FILE, NO_CASE, Stage},
};

const LOGIN: &str = "/ServiceModel/AuthService.svc/Login";
const SERVICES: &str = "/0/ssp/rest/PublicWebServices";
const COOKIES: &str = "BPMLOADER=loader; .ASPXAUTH=auth; BPMCSRF=csrf";

impl Untyped<Stage> {
    async fn start() -> Self {
        let stage = Stage::given(|state| {
            state.sessions.push(Session {
                user: "ivan.petrov".to_owned(),
                loader: "loader".to_owned(),
                auth: "auth".to_owned(),
                csrf: "csrf".to_owned(),
                session_id: "session".to_owned(),
                last_used: state.clock.now(),
            });
        })
        .await;
        Self::of(stage)
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.bare(method, &format!("{SERVICES}{path}")).header(COOKIE, COOKIES).header("BPMCSRF", "csrf")
    }

    fn get(&self, path: &str) -> RequestBuilder {
        self.request(Method::GET, path)
    }

    fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        self.request(Method::POST, path).json(body)
    }

    fn login(&self, body: &Value) -> RequestBuilder {
        self.bare(Method::POST, LOGIN).header("ForceUseSession", "true").json(body)
    }
}

#[tokio::test]
async fn the_sandbox_refuses_bodies_that_break_the_schema() {
    let raw = Untyped::start().await;
    for (what, path, body, expect) in [
        ("as documented", "/message", json!({ "number": CASE, "message": "Да" }), 200),
        ("an unknown property", "/message", json!({ "number": CASE, "message": "Да", "mood": "good" }), 200),
        ("null for a property", "/message", json!({ "number": CASE, "message": null }), 400),
        ("a wrong type", "/message", json!({ "number": 683_913, "message": "Да" }), 400),
        ("an array for the body", "/message", json!([CASE, "Да"]), 400),
        ("an undocumented action", "/update_case", json!({ "number": CASE, "status": "pause" }), 400),
        (
            "a level in words",
            "/update_case",
            json!({ "number": CASE, "status": "close", "satisfactionlevel": "5" }),
            400,
        ),
        (
            "a level beyond 32 bits",
            "/update_case",
            json!({ "number": CASE, "status": "close", "satisfactionlevel": 2_147_483_648_i64 }),
            400,
        ),
        ("more than a megabyte", "/message", json!({ "number": CASE, "message": "ж".repeat(600_000) }), 413),
    ] {
        raw.check(what, raw.post(path, &body), expect).await;
    }
    let credentials = json!({ "UserName": "ivan.petrov", "UserPassword": "Petr0v-1" });
    raw.check("a sign-in", raw.login(&credentials), 200).await;
    raw.check("the names in the table", raw.login(&json!({ "login": "ivan.petrov", "password": "Petr0v-1" })), 400)
        .await;
    raw.check("no password", raw.login(&json!({ "UserName": "ivan.petrov" })), 400).await;
    let plain = raw.bare(Method::POST, LOGIN).json(&credentials);
    raw.check("a sign-in without ForceUseSession", plain, 400).await;
    let other = raw.bare(Method::POST, LOGIN).header("ForceUseSession", "True").json(&credentials);
    raw.check("another ForceUseSession", other, 400).await;
}

/// A missing property is a failure under 200, as the documents have it.
#[tokio::test]
async fn what_is_missing_is_named_under_200() {
    let raw = Untyped::start().await;
    for (path, body, expect) in [
        ("/message", json!({ "message": "Да" }), "number data is required"),
        ("/message", json!({ "number": CASE }), "message data is required"),
        ("/update_case", json!({ "number": CASE }), "status data is required"),
        ("/case", json!({ "symptoms": "Нет" }), "subject data is required"),
        ("/cases", json!({}), "at least one parameter is required"),
    ] {
        let response = raw.post(path, &body).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(response.json::<Value>().await.unwrap(), json!({ "error": expect, "ok": false }));
    }
}

#[tokio::test]
async fn the_sandbox_refuses_what_is_around_a_body() {
    let raw = Untyped::start().await;
    let body = json!({ "number": CASE, "message": "Да" }).to_string();
    let typed =
        |media_type: &str| raw.request(Method::POST, "/message").header(CONTENT_TYPE, media_type).body(body.clone());
    raw.check("JSON with a charset", typed("application/json; charset=utf-8"), 200).await;
    raw.check("text", typed("text/plain"), 415).await;
    raw.check("no media type", raw.request(Method::POST, "/message").body(body.clone()), 415).await;
    let file = |query: &str| raw.request(Method::POST, &format!("/file?{query}")).body("abc");
    let bytes = |query: &str| file(query).header(CONTENT_TYPE, "application/octet-stream");
    raw.check("a file", bytes("filename=a.txt&number=SR00683913&totallength=3"), 200).await;
    raw.check("a file without a media type", file("filename=a.txt&number=SR00683913"), 415).await;
    raw.check("a length with a plus sign", bytes("filename=a.txt&number=SR00683913&totallength=%2B3"), 400).await;
    raw.check("a length in words", bytes("filename=a.txt&number=SR00683913&totallength=three"), 400).await;
    raw.check("an unknown query", bytes("filename=a.txt&number=SR00683913&size=3"), 400).await;
    raw.check("two names", bytes("filename=a.txt&filename=b.txt&number=SR00683913"), 400).await;
    let form = raw.request(Method::POST, "/file?filename=a.txt&number=SR00683913");
    let part = reqwest::multipart::Part::bytes(b"abc").file_name("a.txt");
    raw.check("a form", form.multipart(reqwest::multipart::Form::new().part("file", part)), 415).await;
    raw.check("a query where there is none", raw.get("/case/SR00683913?verbose=1"), 400).await;
    raw.check("a body where there is none", raw.get("/case/SR00683913").json(&json!({})), 400).await;
    raw.check("api-version", raw.get("/case/SR00683913").header("api-version", "1"), 400).await;
    raw.check("another method", raw.request(Method::DELETE, "/case/SR00683913"), 405).await;
    raw.check("an unknown path", raw.get("/messages"), 404).await;
    let misprint = raw.bare(Method::POST, "/0/spp/rest/PublicWebServices/update_case");
    raw.check("the misprint", misprint.header(COOKIE, COOKIES).header("BPMCSRF", "csrf"), 404).await;
    let internal = raw.bare(Method::GET, "/0/rest/PublicWebServices/case/SR00683913");
    raw.check("the API for employees", internal.header(COOKIE, COOKIES).header("BPMCSRF", "csrf"), 403).await;
}

#[tokio::test]
async fn the_sandbox_refuses_half_a_session() {
    let raw = Untyped::start().await;
    let path = format!("{SERVICES}/case/{CASE}");
    let get = |cookies: &str, csrf: &[&str]| {
        let request = raw.bare(Method::GET, &path).header(COOKIE, cookies);
        csrf.iter().fold(request, |request, value| request.header("BPMCSRF", *value))
    };
    for (what, cookies, csrf, expect) in [
        ("as it should be", COOKIES, ["csrf"].as_slice(), 200),
        ("no header", COOKIES, &[], 403),
        ("another header", COOKIES, &["csrg"], 403),
        ("the header twice", COOKIES, &["csrf", "csrf"], 403),
        ("the header alone", "a=b", &["csrf"], 401),
        ("no BPMLOADER", ".ASPXAUTH=auth; BPMCSRF=csrf", &["csrf"], 401),
        ("no .ASPXAUTH", "BPMLOADER=loader; BPMCSRF=csrf", &["csrf"], 401),
        ("no BPMCSRF", "BPMLOADER=loader; .ASPXAUTH=auth", &["csrf"], 401),
        ("of another session", "BPMLOADER=loader; .ASPXAUTH=other; BPMCSRF=csrf", &["csrf"], 401),
    ] {
        raw.check(what, get(cookies, csrf), expect).await;
    }
}

#[tokio::test]
async fn the_client_refuses_before_anything_is_sent() {
    let stage = Stage::start().await;
    let ivan = &stage.ivan;
    let login = ivan.login().body_map(|body| body.user_name("ivan.petrov").user_password("Petr0v-1"));
    for (got, name) in [
        (refused(login.clone().send().await), "ForceUseSession"),
        (refused(login.force_use_session("false").send().await), "ForceUseSession"),
        (refused(ivan.login().force_use_session("true").send().await), "body"),
        (refused(ivan.get_case().send().await), "number"),
        (refused(ivan.create_case().body_map(|body| body.subject("УПД")).send().await), "symptoms"),
        (refused(ivan.attach_file().number(CASE).filename("a.txt").send().await), "body"),
        (refused(ivan.attach_file().number(CASE).body(b"a").send().await), "filename"),
        (
            refused(ivan.attach_file().number(CASE).filename("a").totallength(u64::MAX).body(b"a").send().await),
            "totallength",
        ),
        (refused(ivan.download_file().file_id(FILE).send().await), "entitySchemaUId"),
        (refused(ivan.add_message().body_map(|body| body.number(CASE)).send().await), "message"),
        (refused(ivan.update_case().body_map(|body| body.number(CASE)).send().await), "status"),
        (refused(ivan.update_case().body_map(|body| body.number(CASE).status("pause")).send().await), "status"),
        (refused(ivan.list_cases().send().await), "body"),
        (refused(ivan.list_cases().body(CasesRequest(Default::default())).send().await), "at least one property"),
    ] {
        check_unsent(&got, name);
    }
    for link in ["", "http://10.200.199.1:84/", "http://10.200.199.1:84/0/file/..", "/0/file/a%2Fb/c"] {
        assert!(ivan.download_link(link).is_err(), "{link}");
    }
    assert!(serde_json::from_value::<CaseUpdate>(json!({ "number": CASE, "status": "pause" })).is_err());
    assert_eq!(stage.sandbox.requests(), []);
}

/// Whatever is in a number or a name reaches the server as it is.
#[tokio::test]
async fn unusual_characters_are_data() {
    let stage = Stage::start().await;
    let odd = "../cases?x=1#/%2F ъ";
    stage.sandbox.state(|state| {
        let mut case = state.cases[CASE].clone();
        odd.clone_into(&mut case.number);
        state.cases.insert(odd.to_owned(), case);
    });
    assert_eq!(stage.ivan.get_case().number(odd).send().await.unwrap().number, odd);
    stage.ivan.attach_file().number(odd).filename("a&number=b +.txt").body(b"a").send().await.unwrap();
    let name = stage.case(odd).messages.pop().unwrap().files.pop().unwrap().name;
    assert_eq!(name, "a&number=b +.txt");
    let missing = refused(stage.ivan.get_case().number(NO_CASE).send().await);
    assert!(!missing.text.contains(NO_CASE), "{}", missing.text);
}
