//! What is sent: method, target, headers and body of all operations, how values get into
//! targets, and what is not sent.

use std::collections::BTreeSet;

use casewire::callback::{
    Auth, Client, Config, Endpoints,
    types::{self, RegisteredOrRenderedStatus, RejectedStatus, StatusReport},
};
use support::{
    interfaces::Callback,
    interfaces::callback::rows::{ROWS, progress},
    outcome::{Call, call, outcome},
    recorder::Response,
    row::{Row, check_complete, check_sent},
    spec::Spec,
};

use super::{OPERATIONS, connect, connect_with, documented, platform};

async fn check(row: &Row<Callback>, base: &str, spec: &Spec) {
    let platform = platform().await;
    platform.responses([Response::empty(404)]);
    let config = Config::new(&format!("{}{base}", platform.origin())).unwrap();
    let auth = Auth::user("integration@oip.example", "Petr0v-1");
    row.outcome(&Client::connect(config, auth, Endpoints::default()).unwrap()).await;
    let (origin, base) = (platform.origin(), base.trim_end_matches('/'));
    // The session signs in as the operation `authenticate` does.
    check_sent(&ROWS[0], &platform.signed_in()[0], (&origin, base), &[], spec);
    if row.id == "authenticate" {
        assert_eq!(platform.counts(), [0, 1]);
        return;
    }
    assert_eq!(platform.counts(), [1, 1], "{}", row.id);
    check_sent(row, &platform.requests()[0], (&origin, base), &[("x-auth-jwt-token", "tkn-1")], spec);
}

#[tokio::test]
async fn every_operation_sends_what_the_spec_says() {
    let spec = documented();
    for row in ROWS {
        check(row, "", spec).await;
        check(row, "/msp/v2/", spec).await;
    }
}

#[test]
fn no_operation_and_no_example_is_forgotten() {
    check_complete::<Callback>();
    assert_eq!(OPERATIONS.len(), 4);
}

/// A GET with an effect.
#[test]
fn a_commit_is_not_idempotent() {
    let idempotent: Vec<_> = OPERATIONS.iter().map(|operation| (operation.id, operation.idempotent)).collect();
    let expect =
        [("authenticate", false), ("fetchApplications", true), ("commitBatch", false), ("reportStatus", false)];
    assert_eq!(idempotent, expect);
    let commit = OPERATIONS.iter().find(|operation| operation.id == "commitBatch").unwrap();
    assert_eq!(commit.to_string(), "GET /api/v1/commit/{code}/ (commitBatch)");
}

/// The target of a commit with this code, or the error.
async fn commit(code: &str) -> Result<String, String> {
    let platform = platform().await;
    let error = connect(&platform).commit_batch().code(code).send().await.unwrap_err().to_string();
    platform.requests().pop().map(|request| request.target).ok_or(error)
}

#[tokio::test]
async fn codes_arrive_as_data() {
    for (code, target) in [
        ("a/b?c#d", "a%2Fb%3Fc%23d"),
        ("100%", "100%25"),
        ("%2F", "%252F"),
        ("пакет 1", "%D0%BF%D0%B0%D0%BA%D0%B5%D1%82%201"),
        ("a+b&c=d;e:f@g", "a+b&c=d;e:f@g"),
        ("{code}", "%7Bcode%7D"),
        ("\"<>`", "%22%3C%3E%60"),
        ("a\r\nb\0", "a%0D%0Ab%00"),
        ("../../auth", "..%2F..%2Fauth"),
        ("back\\slash", "back%5Cslash"),
    ] {
        assert_eq!(commit(code).await, Ok(format!("/api/v1/commit/{target}/")), "{code}");
    }
}

/// No escaping saves these: a URL with them leads to another operation. So nothing may be sent.
#[tokio::test]
async fn codes_that_no_path_can_carry_are_not_sent() {
    let mut sent = Vec::new();
    for code in ["..", ".", ""] {
        match commit(code).await {
            Ok(target) => sent.push(format!("{code:?} led to {target}")),
            Err(error) => assert!(error.contains("nothing was sent"), "{error}"),
        }
    }
    assert_eq!(sent, Vec::<String>::new());
}

/// What the spec doesn't allow is not sent, nor is a sign-in for it, and the error says
/// what is wrong.
#[tokio::test]
async fn what_the_spec_forbids_is_not_sent() {
    let cases: [(&str, Call<Client>, &str); 6] = [
        ("authenticate", call!(client.authenticate()), "body was not given"),
        (
            "authenticate",
            call!(client.authenticate().body_map(|b| b.login("u"))),
            "body: Credentials: password was not given",
        ),
        ("commitBatch", call!(client.commit_batch()), "code was not given"),
        ("reportStatus", call!(client.report_status()), "body was not given"),
        (
            "fetchApplications",
            call!(client.fetch_applications().limit(i64::MAX)),
            "limit: out of range integral type conversion attempted",
        ),
        (
            "fetchApplications",
            call!(client.fetch_applications().limit(2_147_483_648_u64)),
            "limit: out of range integral type conversion attempted",
        ),
    ];
    for (id, call, reason) in cases {
        let platform = platform().await;
        let outcome = call(&connect(&platform)).await.outcome().await;
        assert_eq!(outcome.text, format!("InvalidRequest: {reason}"));
        assert_eq!(outcome.error.unwrap().operation, id);
        assert_eq!(platform.counts(), [0, 0], "{id}: nothing may be sent");
    }
}

/// `minimum: 1`.
#[tokio::test]
async fn limits_below_one_are_not_sent() {
    let mut sent = Vec::new();
    for limit in [0, -1] {
        let platform = platform().await;
        let outcome = outcome(connect(&platform).fetch_applications().limit(limit).send().await);
        sent.extend(platform.requests().into_iter().map(|request| request.target));
        assert!(!platform.requests().is_empty() || outcome.text.starts_with("InvalidRequest: "), "{}", outcome.text);
    }
    assert_eq!(sent, Vec::<String>::new());
}

/// A rejection without a comment can't be built: neither by a builder nor by hand, nor
/// can its status go with the other body.
#[test]
fn a_rejection_needs_a_comment() {
    let rejected = || types::Rejected::builder().application_id("111").status(RejectedStatus::Rejected);
    let refused =
        |builder: types::builder::RejectedBuilder| types::Rejected::try_from(builder).unwrap_err().to_string();
    assert_eq!(refused(rejected()), "Rejected: comment was not given");
    let too_short = "Rejected: comment: must have at least 1 character";
    assert_eq!(refused(rejected().comment("")), too_short);
    assert_eq!("".parse::<types::RejectedComment>().unwrap_err().to_string(), "must have at least 1 character");
    assert!("rejected".parse::<RegisteredOrRenderedStatus>().is_err());
    assert!("registered".parse::<RejectedStatus>().is_err());
    for report in [
        r#"{"applicationId":"111","status":"rejected"}"#,
        r#"{"applicationId":"111","status":"rejected","comment":""}"#,
        r#"{"applicationId":"111","status":"rejected","comment":null}"#,
        r#"{"applicationId":"111","status":"closed","comment":"x"}"#,
        r#"{"status":"registered"}"#,
    ] {
        assert!(serde_json::from_str::<StatusReport>(report).is_err(), "{report}");
    }
}

/// A builder goes into `body` as it is, and what is missing in it becomes the error of the call.
#[tokio::test]
async fn a_builder_without_a_comment_sends_nothing() {
    let platform = platform().await;
    let client = connect(&platform);
    let rejected = types::Rejected::builder().application_id("111").status(RejectedStatus::Rejected);
    let result = match types::Rejected::try_from(rejected) {
        Ok(report) => client.report_status().body(report).send().await.map(|_| ()).map_err(|e| e.to_string()),
        Err(error) => Err(error.to_string()),
    };
    assert_eq!(result, Err("Rejected: comment was not given".to_owned()));
    assert_eq!(platform.counts(), [0, 0]);
    // What is not a report is an invalid request.
    struct Nothing;
    impl TryFrom<Nothing> for StatusReport {
        type Error = String;
        fn try_from(_: Nothing) -> Result<Self, String> {
            Err("no comment".to_owned())
        }
    }
    let outcome = outcome(client.report_status().body(Nothing).send().await);
    assert_eq!(outcome.text, "InvalidRequest: body: no comment");
    assert_eq!(platform.counts(), [0, 0]);
}

/// Every text of a report arrives as it is.
#[tokio::test]
async fn reports_arrive_as_data() {
    for text in ["", "текст \"\\\u{1f4de}\r\n\0", "{\"status\":\"rejected\"}"] {
        let platform = platform().await;
        let mut report = progress(RegisteredOrRenderedStatus::Rendered);
        text.clone_into(&mut report.application_id);
        report.comment = Some(text.to_owned());
        connect(&platform).report_status().body(report).send().await.unwrap_err();
        let expect = serde_json::json!({"applicationId": text, "comment": text, "status": "rendered"});
        assert_eq!(platform.requests()[0].json(), expect);
    }
}

#[tokio::test]
async fn headers_of_the_configuration_are_sent() {
    let platform = platform().await;
    let client = connect_with(&platform, |config| {
        let config = config.header("X-Gateway", "gate").unwrap().header("X-Auth-Jwt-Token", "own").unwrap();
        config.user_agent("oip/1")
    });
    for row in ROWS.iter().filter(|row| row.id != "authenticate") {
        row.outcome(&client).await;
    }
    for request in platform.signed_in().iter().chain(&platform.requests()) {
        let names: BTreeSet<_> = request.headers.iter().map(|(name, _)| name).collect();
        assert_eq!(names.len(), request.headers.len(), "a header twice: {:?}", request.headers);
        assert_eq!((request.header("x-gateway"), request.header("user-agent")), (Some("gate"), Some("oip/1")));
    }
    // The session's own wins.
    assert!(platform.requests().iter().all(|request| request.header("x-auth-jwt-token") == Some("tkn-1")));
}
