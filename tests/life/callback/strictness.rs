//! What each side refuses: the sandbox, requests that the spec doesn't allow, which the
//! typed client can't send and raw ones can; the client, values that the spec doesn't
//! allow, before anything is sent.

use casewire::callback::types::{Rejected, RejectedComment, RejectedStatus, StatusReport};
use casewire_sandbox::callback::Token;
use reqwest::{Method, RequestBuilder, header::CONTENT_TYPE};
use serde_json::{Value, json};

use crate::life::{
    callback::stage::{LOGIN, PASSWORD, Stage},
    common::{Staged, check_unsent, refused, untyped::Untyped},
};

const AUTH: &str = "/api/v1/auth/";
const APPLICATIONS: &str = "/api/v1/applications/";
const STATUS: &str = "/api/v1/applications/status/";
const TOKEN: &str = "x-auth-jwt-token";

impl Untyped<Stage> {
    async fn start() -> Self {
        let stage = Stage::given(|state| {
            state.tokens.push(Token { login: LOGIN.to_owned(), text: "a.b.c".to_owned(), until: None });
        })
        .await;
        Self::of(stage)
    }

    fn get(&self, path: &str) -> RequestBuilder {
        self.bare(Method::GET, path).header(TOKEN, "a.b.c")
    }

    fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        self.bare(Method::POST, path).header(TOKEN, "a.b.c").json(body)
    }
}

#[tokio::test]
async fn the_sandbox_refuses_bodies_that_break_the_schema() {
    let raw = Untyped::start().await;
    for (what, path, body, expect) in [
        ("as documented", STATUS, json!({ "applicationId": "111", "status": "registered" }), 200),
        ("no status", STATUS, json!({ "applicationId": "112" }), 400),
        ("no application", STATUS, json!({ "status": "registered" }), 400),
        ("an undocumented status", STATUS, json!({ "applicationId": "112", "status": "called" }), 400),
        ("a status in capitals", STATUS, json!({ "applicationId": "112", "status": "Registered" }), 400),
        ("an id as a number", STATUS, json!({ "applicationId": 112, "status": "registered" }), 400),
        ("an unknown property", STATUS, json!({ "applicationId": "112", "status": "registered", "x": 1 }), 200),
        ("null for a comment", STATUS, json!({ "applicationId": "112", "status": "registered", "comment": null }), 400),
        ("an array for the body", STATUS, json!(["112", "registered"]), 400),
        ("a rejection without a comment", STATUS, json!({ "applicationId": "111", "status": "rejected" }), 400),
        ("with an empty one", STATUS, json!({ "applicationId": "111", "status": "rejected", "comment": "" }), 400),
        ("with a comment", STATUS, json!({ "applicationId": "111", "status": "rejected", "comment": "Нет" }), 200),
        ("more than a megabyte", STATUS, json!({ "applicationId": "ж".repeat(600_000), "status": "registered" }), 413),
        ("a token", AUTH, json!({ "login": LOGIN, "password": PASSWORD }), 200),
        ("another name for the login", AUTH, json!({ "user": LOGIN, "password": PASSWORD }), 400),
        ("no password", AUTH, json!({ "login": LOGIN }), 400),
    ] {
        raw.check(what, raw.post(path, &body), expect).await;
    }
}

#[tokio::test]
async fn the_sandbox_refuses_what_is_around_a_body() {
    let raw = Untyped::start().await;
    let body = json!({ "applicationId": "111", "status": "registered" }).to_string();
    let typed = |media_type: &str| {
        raw.bare(Method::POST, STATUS).header(TOKEN, "a.b.c").header(CONTENT_TYPE, media_type).body(body.clone())
    };
    raw.check("text", typed("text/plain"), 415).await;
    raw.check("JSON with a charset", typed("application/json; charset=utf-8"), 200).await;
    let limit = |query: &str| raw.get(&format!("{APPLICATIONS}?{query}"));
    for query in
        ["limit=0", "limit=-1", "limit=%2B1", "limit=ten", "limit=", "limit=2147483648", "limit=1&limit=1", "offset=1"]
    {
        raw.check(query, limit(query), 400).await;
    }
    raw.check("a limit", limit("limit=2147483647"), 200).await;
    raw.check("a body where there is none", raw.get(APPLICATIONS).json(&json!({})), 400).await;
    raw.check("a body of a confirmation", raw.get("/api/v1/commit/batch-111/").json(&json!({ "code": 1 })), 400).await;
    raw.check("api-version", raw.get(APPLICATIONS).header("api-version", "1"), 400).await;
    raw.check("a confirmation by POST", raw.post("/api/v1/commit/batch-111/", &json!({})), 405).await;
    raw.check("HEAD", raw.bare(Method::HEAD, "/api/v1/commit/batch-111/").header(TOKEN, "a.b.c"), 405).await;
    raw.check("no slash at the end", raw.get("/api/v1/commit/batch-111"), 404).await;
    raw.check("the path as it is printed", raw.post("/api/", &json!({})), 404).await;
    let delivered = raw.stage.delivered();
    assert_eq!(delivered, [""; 0], "none of these confirmed the batch");
    raw.check("a confirmation", raw.get("/api/v1/commit/batch-111/"), 200).await;
    assert_eq!(raw.stage.delivered().len(), 4);
}

#[tokio::test]
async fn the_sandbox_refuses_tokens_that_are_not_the_one() {
    let raw = Untyped::start().await;
    for path in [APPLICATIONS, "/api/v1/commit/batch-111/"] {
        raw.check("none", raw.bare(Method::GET, path), 401).await;
        raw.check("another", raw.bare(Method::GET, path).header(TOKEN, "a.b.d"), 401).await;
        raw.check("with a word", raw.bare(Method::GET, path).header(TOKEN, "Bearer a.b.c"), 401).await;
        raw.check("twice", raw.get(path).header(TOKEN, "a.b.c"), 401).await;
        raw.check("elsewhere", raw.bare(Method::GET, path).bearer_auth("a.b.c"), 401).await;
        raw.check("the token", raw.get(path), 200).await;
    }
}

#[tokio::test]
async fn the_client_refuses_before_anything_is_sent() {
    let stage = Stage::start().await;
    let client = &stage.client;
    for (got, name) in [
        (refused(client.authenticate().body_map(|body| body.login(LOGIN)).send().await), "password"),
        (refused(client.fetch_applications().limit(1_i64 << 31).send().await), "limit"),
        (refused(client.commit_batch().send().await), "code"),
        (refused(client.report_status().send().await), "body"),
    ] {
        check_unsent(&got, name);
    }
    // A rejection without a comment can't be built, nor read.
    let rejected = || Rejected::builder().application_id("111").status(RejectedStatus::Rejected);
    assert!(Rejected::try_from(rejected()).unwrap_err().to_string().contains("comment"));
    assert!(Rejected::try_from(rejected().comment("")).unwrap_err().to_string().contains("comment"));
    assert!("".parse::<RejectedComment>().is_err());
    for comment in [json!({}), json!({ "comment": null }), json!({ "comment": "" })] {
        let mut report = json!({ "applicationId": "111", "status": "rejected" });
        report.as_object_mut().unwrap().extend(comment.as_object().unwrap().clone());
        assert!(serde_json::from_value::<StatusReport>(report.clone()).is_err(), "{report}");
    }
    assert_eq!(stage.sandbox.requests(), []);
}
