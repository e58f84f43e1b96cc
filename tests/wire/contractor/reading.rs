//! What is read of the responses that real servers send next to the documented ones: nulls,
//! unknown values, other media types, other statuses; and how a response that can't be
//! read is reported.

use casewire::{
    DateTime, ErrorKind,
    contractor::{Auth, Error, OPERATIONS, types},
    jiff::tz::{TimeZone, offset},
};
use support::{
    interfaces::contractor::rows::ROWS,
    outcome::{Outcome, compact, outcome},
    recorder::{Lane, Recorder, Response},
    row::row,
};

use super::{connect, connect_with, everyone};

/// The outcome of operation `id` when it is answered so.
async fn answered(id: &str, response: Response) -> Outcome {
    let recorder = Recorder::start().await;
    recorder.script(Lane::Operations, [response]);
    row(ROWS, id).outcome(&connect(&recorder, everyone())).await
}

async fn check(id: &str, response: Response, expect: &str) {
    assert_eq!(answered(id, response).await.text, expect);
}

async fn check_body(id: &str, body: &str, expect: &str) {
    check(id, Response::json(200, body), expect).await;
}

#[tokio::test]
async fn what_servers_leave_open_is_read() {
    let empty = "Ok(Some(CallTaskResultDto { attachments: [] }))";
    check_body("getCallTaskResult", r#"{"attachments":null}"#, empty).await;
    check_body("getCallTaskResult", "{}", empty).await;
    check_body("getCallTaskResult", r#"{"attachments":[],"added":{"later":[1]}}"#, empty).await;
    check_body("getCallTaskResult", " \r\n{ }\r\n", empty).await;
    check_body("getCallTaskResult", "\u{feff}{}", empty).await;
    check_body("getSelf", r#"{"id":null,"name":null}"#, "Ok(UserDto { })").await;
    check_body("addUserMessage", r#"{"id":1,"owner":null,"call":null}"#, "Ok(CallMessage { id: Some(1) })").await;
    let unknown = r#"Ok(CallTasktOutputDto { id: Some(1), status: Some(Unknown("Paused")) })"#;
    check_body("getCallTask", r#"{"id":1,"status":"Paused","result":null}"#, unknown).await;
    check_body("getCallTask", r#"{"status":"done"}"#, r#"Ok(CallTasktOutputDto { status: Some(Unknown("done")) })"#)
        .await;
    // `Unknown` is itself a documented owner.
    let owners = r#"{"materials":[{"ownerType":"Unknown"},{"ownerType":"unknown"}]}"#;
    let read = r#"Ok(Some(CallCostDto { expenses: [], materials: [MaterialDto { owner_type: Some(DocumentedUnknown) }, MaterialDto { owner_type: Some(Unknown("unknown")) }] }))"#;
    check_body("getCallCost", owners, read).await;
    // An integer where a fraction is documented.
    check_body(
        "getCallCost",
        r#"{"expenses":[{"count":2}]}"#,
        "Ok(Some(CallCostDto { expenses: [ExpenseDto { count: Some(2.0) }], materials: [] }))",
    )
    .await;
    check_body("updateCall", "-9223372036854775808", "Ok(-9223372036854775808)").await;
    check_body("listCallTasks", "[]", "Ok([])").await;
    // The server's internal entity, with secrets in it.
    let entity = r#"{"owner":{"id":7,"passwordHash":"UGFzc3cwcmQ=","saltLastUsed":"AAECAw=="},"call":{"tempLinkId":"3f0c1d52"}}"#;
    let read = "Ok(CallMessage { call: Some(Call { available_expenditure_items: [], jeopardies: [], messages: [], tasks: [], \
                temp_link_id: Some([redacted]) }), owner: Some(User { id: Some(7), password_hash: Some(Base64(8 bytes)), \
                salt_last_used: Some(Base64(4 bytes)) }) })";
    check_body("addUserMessage", entity, read).await;
}

/// As .NET writes an integer that was a decimal: alone, in a list, as an error code,
/// as the whole body.
#[tokio::test]
async fn whole_numbers_may_have_a_point() {
    check_body("getSelf", r#"{"id":7.0}"#, "Ok(UserDto { id: Some(7) })").await;
    check_body("getSelf", r#"{"id":7e0}"#, "Ok(UserDto { id: Some(7) })").await;
    check_body(
        "listJeopardyChanges",
        r#"[{"id":1.0,"callId":null,"timestamp":1.7e2}]"#,
        "Ok([CallJeopardyDto { id: Some(1), timestamp: Some(170) }])",
    )
    .await;
    check_body("updateCall", "5.0", "Ok(5)").await;
    check_body("updateSystemSettings", "5.0", "Ok(Some(5))").await;
    check("updateSystemSettings", Response::empty(204), "Ok(None)").await;
    let not_found = "NotFound { code: Some(ClientNotFound), body: Some(ErrorDto { error_code: 1 }) }";
    check("createCall", Response::json(404, r#"{"errorCode":1.0}"#), not_found).await;
}

/// 200 and 201 are one success, so is 202 with its body, and an empty list may be null, or
/// nothing at all. A 200 of no bytes may have been cut off.
#[tokio::test]
async fn successes_may_have_other_statuses() {
    for (status, expect) in [
        (201, "Ok(UserDto { id: Some(7) })"),
        (202, "Ok(UserDto { id: Some(7) })"),
        (203, "UnexpectedStatus(203)"),
        (205, "UnexpectedStatus(205)"),
        (206, "UnexpectedStatus(206)"),
        (207, "UnexpectedStatus(207)"),
    ] {
        check("getSelf", Response::json(status, r#"{"id":7}"#), expect).await;
    }
    check("getSelf", Response::empty(204), "UnexpectedStatus(204)").await;
    check("getSelf", Response::empty(202), "Undecodable at .: it is empty").await;
    for status in [200, 201, 202, 204] {
        check("closeCall", Response::empty(status), "Ok(())").await;
        check("lockUser", Response::empty(status), "Ok(())").await;
    }
    check("closeCall", Response::empty(205), "UnexpectedStatus(205)").await;
    check("updateSystemSettings", Response::json(201, "5"), "Ok(Some(5))").await;
    // Only a whole file is a file.
    for status in [201, 202, 206] {
        let expect = format!("UnexpectedStatus({status})");
        check("getCallTaskAttachment", Response::bytes(status, "file"), &expect).await;
    }
    // A read that may find nothing.
    check("getCallTaskResult", Response::empty(200), "Undecodable at .: it is empty").await;
    for (response, expect) in [
        (Response::empty(204), "Ok([])"),
        (Response::json(200, "null"), "Ok([])"),
        (Response::json(202, "null"), "Ok([])"),
        (Response::empty(200), "Undecodable at .: it is empty"),
        (Response::json(200, "{}"), "Undecodable at .: invalid type: map, expected a sequence at line 1 column 2"),
    ] {
        check("listCallTasks", response, expect).await;
    }
    let recorder = Recorder::start().await;
    recorder.script(Lane::Operations, [Response::json(202, r#"{"id":7}"#)]);
    let accepted = connect(&recorder, everyone()).get_self().send().await.unwrap();
    assert_eq!((accepted.status().as_u16(), accepted.id), (202, Some(7)));
}

#[tokio::test]
async fn date_times_are_kept_as_received() {
    for (sent, read) in [
        ("2026-03-02T08:15:00Z", "2026-03-02T08:15:00Z"),
        ("2026-03-02T11:15:00.1234567+03:00", "2026-03-02T11:15:00.1234567+03:00"),
        ("2026-03-02T08:15:00.1234567", "2026-03-02T08:15:00.1234567"),
        ("2026-03-02T08:15:00", "2026-03-02T08:15:00"),
        ("0001-01-01T00:00:00", "0001-01-01T00:00:00"),
        ("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999Z"),
        ("2026-03-02 08:15:00z", "2026-03-02T08:15:00Z"),
    ] {
        let expect = format!("Ok(PostCallStatusOutputDto {{ commited: Some({read}) }})");
        check_body("setCallStatus", &format!(r#"{{"commited":"{sent}"}}"#), &expect).await;
    }
    let recorder = Recorder::start().await;
    recorder.script(Lane::Operations, [Response::json(200, r#"{"commited":"2026-03-02T08:15:00"}"#)]);
    let client = connect(&recorder, everyone());
    let response = client.set_call_status().id(1).body_map(|b| b.status(types::CallStatus::Done)).send().await.unwrap();
    // A local time has no instant until someone names the zone.
    assert_eq!(response.commited.and_then(|time| time.timestamp()), None);
    // Other forms of ISO 8601.
    for text in ["2026-03-02 08:15Z", "20260302T081500Z", "2026-03-02T08:15:00+03:00:30", "2026-03-02T08:15:00+0300"] {
        let outcome = answered("setCallStatus", Response::json(200, &format!(r#"{{"commited":"{text}"}}"#))).await;
        let expect = "Undecodable at commited: not an RFC 3339 date-time such as 2026-03-02T08:15:00Z";
        assert!(outcome.text.starts_with(expect), "{text}: {}", outcome.text);
    }
}

/// Damage that costs nothing is repaired and counted: of what can be read, the rest is as it came.
#[tokio::test]
async fn what_can_mean_only_one_thing_is_repaired() {
    for (body, expect, repairs) in [
        (r#"{"id":1,"created":null,"tasks":null}"#, "CallDto { id: 1 }", 0),
        (r#"{"id":1,"created":"","ttf":"","tasks":[]}"#, "CallDto { id: 1 }", 2),
        (
            r#"{"ttf":"2026-03-02T08:15:00.1234567899+03:00"}"#,
            "CallDto { ttf: 2026-03-02T08:15:00.123456789+03:00 }",
            1,
        ),
        (r#"{"ttf":"2026-03-02T08:15:00.12345678900000"}"#, "CallDto { ttf: 2026-03-02T08:15:00.123456789 }", 1),
        (
            r#"{"tasks":[null,{"id":1,"result":{"attachments":[{"id":5,"downloaded":""},null]}},null]}"#,
            "CallDto { tasks: [CallTasktOutputDto { id: 1, result: CallTaskResultDto { attachments: [CallTaskAttachmentDto { id: 5 }] } }] }",
            4,
        ),
    ] {
        let recorder = Recorder::start().await;
        recorder.script(Lane::Operations, [Response::json(200, body)]);
        let call = connect(&recorder, everyone()).get_call().id(1).send().await.unwrap();
        assert_eq!(call.repairs(), repairs, "{body}");
        let shown = compact(&format!("{:?}", call.into_inner()));
        let shown = ["available_expenditure_items: [], ", "jeopardies: [], ", "tasks: [], ", ", tasks: []"]
            .iter()
            .fold(shown.replace("Some(", "").replace(')', ""), |shown, empty| shown.replace(empty, ""));
        assert_eq!(shown, expect, "{body}");
    }
    let recorder = Recorder::start().await;
    recorder.script(Lane::Operations, [Response::json(200, r#"[null,{"id":1},null]"#)]);
    let tasks = connect(&recorder, everyone()).list_call_tasks().send().await.unwrap();
    assert_eq!((tasks.repairs(), tasks.len(), tasks[0].id), (2, 1, Some(1)));
    // Everything else is an error.
    for (body, expect) in [
        (r#"{"created":" "}"#, "created: not an RFC 3339 date-time such as 2026-03-02T08:15:00Z at line 1 column 14"),
        (r#"{"id":""}"#, "id: invalid type: string, expected i64 at line 1 column 8"),
        (r#"{"tasks":[{},{"id":""}]}"#, "tasks[1].id: invalid type: string, expected i64 at line 1 column 21"),
        (
            r#"{"tasks":[null,1]}"#,
            "tasks[1]: invalid type: integer, expected struct CallTasktOutputDto at line 1 column 16",
        ),
        (r#"{"tasks":""}"#, "tasks: invalid type: string, expected a sequence at line 1 column 11"),
    ] {
        check_unreadable("getCall", body, expect).await;
    }
}

/// What was read is sent back as it came, known or not.
#[tokio::test]
async fn unknown_values_are_written_back_unchanged() {
    let recorder = Recorder::start().await;
    recorder.script(
        Lane::Operations,
        [Response::json(200, r#"{"status":"Приостановлена","ttf":"2026-03-02T11:15:00.1234567+03:00"}"#)],
    );
    let client = connect(&recorder, everyone());
    let call = client.get_call().id(1).send().await.unwrap().into_inner();
    let (status, ttf): (types::CallStatus, DateTime) = (call.status.unwrap(), call.ttf.unwrap());
    client.set_call_status().id(1).body_map(|b| b.status(status)).send().await.unwrap_err();
    client.update_call().id(1).body_map(|b| b.ttf(ttf)).send().await.unwrap_err();
    let requests = recorder.requests(Lane::Operations);
    assert_eq!(requests[1].text(), r#"{"status":"Приостановлена"}"#);
    assert_eq!(requests[2].text(), r#"{"ttf":"2026-03-02T11:15:00.1234567+03:00"}"#);
}

/// Only the caller knows the zone of a local time: it is read, and not sent until it has one.
#[tokio::test]
async fn a_local_time_is_sent_back_in_a_zone() {
    let recorder = Recorder::start().await;
    recorder.script(Lane::Operations, [Response::json(200, r#"{"ttf":"2026-03-02T08:15:00"}"#)]);
    let client = connect(&recorder, everyone());
    let ttf = client.get_call().id(1).send().await.unwrap().into_inner().ttf.unwrap();
    let refused = client.update_call().id(1).body_map(|b| b.ttf(ttf)).send().await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::InvalidRequest);
    assert!(refused.to_string().ends_with("ttf must have an offset from UTC; choose a zone with DateTime::in_zone"));
    assert_eq!(recorder.requests(Lane::Operations).len(), 1);
    let moscow = ttf.in_zone(TimeZone::fixed(offset(3))).unwrap();
    client.update_call().id(1).body_map(|b| b.ttf(DateTime::from(&moscow))).send().await.unwrap_err();
    assert_eq!(recorder.requests(Lane::Operations)[1].text(), r#"{"ttf":"2026-03-02T08:15:00+03:00"}"#);
}

#[tokio::test]
async fn the_media_type_of_a_response_does_not_matter() {
    let read = "Ok(UserDto { id: Some(7) })";
    check("getSelf", Response::bytes(200, r#"{"id":7}"#), read).await;
    for media_type in ["text/json", "text/plain", "application/json;odata.metadata=none", "text/html", "nonsense"] {
        check("getSelf", Response::bytes(200, r#"{"id":7}"#).header("content-type", media_type), read).await;
    }
}

/// A response that can't be read, and where and why.
async fn check_unreadable(id: &str, body: &str, expect: &str) {
    let outcome = answered(id, Response::json(200, body)).await;
    assert_eq!(outcome.text, format!("Undecodable at {expect}"), "{id} {body}");
    let seen = outcome.error.unwrap();
    assert_eq!((seen.kind, seen.operation, seen.status), (ErrorKind::Undecodable, id, Some(200)));
    let begin =
        format!("{}: can't read the body of the 200 OK response (application/json; charset=utf-8)", operation(id));
    let at = expect.strip_prefix(".").map_or_else(|| format!(" at {expect}"), str::to_owned);
    let place = seen.display.strip_prefix(&(begin + &at)).unwrap();
    // The bodies are of one line, so that a column is a place in bytes, counted from 1.
    if let Some((_, column)) = expect.rsplit_once("column ") {
        let begin = format!(" (byte {}, in text shaped like `", column.parse::<usize>().unwrap().saturating_sub(1));
        assert!(place.starts_with(&begin) && place.ends_with("`)"), "{id} {body}: {place}");
    }
}

#[tokio::test]
async fn the_place_is_shown_without_what_stands_there() {
    let broken = r#"{"id":683913,"tasks":[{"title":"Замена","status":Planned}]}"#;
    let error = answered("getCall", Response::json(200, broken)).await.error.unwrap();
    let expect = "at tasks[0].status: expected value at line 1 column 56 (byte 55, in text shaped like \
                  `\":[{\"xxxxx\":\"xxxxxx\",\"xxxxxx\":xxxxxxx}]}`)";
    assert!(error.display.ends_with(expect), "{}", error.display);
    let page = answered("getCall", Response::html(200, "<html><title>desk-key</title>")).await.error.unwrap();
    let expect = ": it looks like HTML or XML, not JSON (byte 0, in text shaped like \
                  `<xxxx><xxxxx>xxxx-xxx</xxxxx>`)";
    assert!(page.display.ends_with(expect), "{}", page.display);
}

#[tokio::test]
async fn what_breaks_off_is_located() {
    for (id, body, expect) in [
        ("getCall", r#"{"id":683913,"tasks":[{"ti"#, "tasks[0]: EOF while parsing a string at line 1 column 26"),
        ("getCall", r#"{"id":683913"#, ".: EOF while parsing an object at line 1 column 12"),
    ] {
        check_unreadable(id, body, expect).await;
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_located() {
    for (id, body, expect) in [
        (
            "getCall",
            r#"{"tasks":[{"id":1},{"id":"x"}]}"#,
            "tasks[1].id: invalid type: string, expected i64 at line 1 column 28",
        ),
        (
            "listCallChanges",
            r#"[{"id":1},{"created":"вчера"}]"#,
            "[1].created: not an RFC 3339 date-time such as 2026-03-02T08:15:00Z at line 1 column 33",
        ),
        ("getCall", "", ".: it is empty"),
        ("getCall", " \r\n", ".: it is empty"),
        ("getCall", "<!DOCTYPE html><p>sign in</p>", ".: it looks like HTML or XML, not JSON"),
        ("getCall", "\u{feff}<p/>", ".: it looks like HTML or XML, not JSON"),
        ("getCall", "Internal error", ".: expected value at line 1 column 1"),
        ("getCall", "null", ".: invalid type: null, expected struct CallDto at line 1 column 4"),
        ("getCall", "{} {}", ".: trailing characters at line 1 column 4"),
        (
            "getCall",
            r#"{"Message":"An error has occurred for desk-key."}"#,
            ".: it is another object, with none of the documented properties at line 1 column 49",
        ),
        (
            "getCall",
            r#"{"errorCode":1,"details":"desk-key","isLocked":true}"#,
            r#".: it is another object, with none of the documented properties, but ["errorCode", "isLocked"] at line 1 column 52"#,
        ),
        (
            "listCallTasks",
            r#"[{},{"id":1,"later":1},{"later":1}]"#,
            "[2]: it is another object, with none of the documented properties at line 1 column 34",
        ),
        (
            "getCall",
            r#"{"critical":"desk-key"}"#,
            "critical: invalid type: string, expected a boolean at line 1 column 22",
        ),
        ("getCall", r#"{"id":9223372036854775808}"#, "id: invalid value: integer, expected i64 at line 1 column 25"),
        ("getCall", r#"{"id":5.5}"#, "id: invalid type: floating point, expected i64 at line 1 column 9"),
        ("getCall", r#"{"id":"5"}"#, "id: invalid type: string, expected i64 at line 1 column 9"),
        ("getCall", r#"{"id":1e300}"#, "id: invalid value: floating point, expected i64 at line 1 column 11"),
        ("updateCall", "\"5\"", ".: invalid type: string, expected i64 at line 1 column 3"),
        ("updateCall", "1.5", ".: invalid type: floating point, expected i64 at line 1 column 3"),
        ("listCallTasks", r#"{"value":[]}"#, ".: invalid type: map, expected a sequence at line 1 column 1"),
        ("registerUser", r#"{"id":{"$oid":"desk-key"}}"#, "id: invalid type: map, expected i64 at line 1 column 7"),
    ] {
        check_unreadable(id, body, expect).await;
    }
    // Required properties of a response that signs in.
    let recorder = Recorder::start().await;
    recorder.script(Lane::SignIns, [Response::json(200, r#"{"access":{"token":"access-1"},"service":{}}"#)]);
    let outcome = row(ROWS, "signIn").outcome(&connect(&recorder, Auth::anonymous())).await;
    assert_eq!(outcome.text, "Undecodable at service: missing field `token` at line 1 column 43");
}

fn operation(id: &str) -> String {
    casewire::contractor::OPERATIONS.iter().find(|operation| operation.id == id).unwrap().to_string()
}

#[tokio::test]
async fn bodies_are_read_up_to_the_limit() {
    for (limit, expect) in [
        (8, "Ok(RegisterUserOutputDto { id: Some(7) })"),
        (7, "Undecodable at .: it is larger than the limit of 7 bytes"),
        (0, "Undecodable at .: it is larger than the limit of 0 bytes"),
    ] {
        let recorder = Recorder::start().await;
        recorder.script(Lane::Operations, [Response::json(200, r#"{"id":7}"#)]);
        let client = connect_with(&recorder, everyone(), |config| config.max_body(limit));
        assert_eq!(row(ROWS, "registerUser").outcome(&client).await.text, expect);
    }
    // Downloads have no limit.
    let recorder = Recorder::start().await;
    recorder.script(Lane::Operations, [Response::bytes(200, "more than four")]);
    let client = connect_with(&recorder, everyone(), |config| config.max_body(4));
    assert_eq!(row(ROWS, "getCallTaskAttachment").outcome(&client).await.text, r#"Ok(b"more than four")"#);
}

#[tokio::test]
async fn a_failure_whose_body_is_optional_is_known_by_its_status_alone() {
    let recorder = Recorder::start().await;
    recorder.script(Lane::Operations, [Response::json(404, &format!(r#"{{"errorCode":1{}}}"#, " ".repeat(100)))]);
    let client = connect_with(&recorder, everyone(), |config| config.max_body(50));
    let outcome = row(ROWS, "createCall").outcome(&client).await;
    assert_eq!(outcome.text, compact("NotFound { code: None, body: None }"));
}

/// No operation documents these statuses, and none is read as anything else; a redirect
/// is not followed. It may stand for a session that ended, so that what a user may retry
/// is sent again once with renewed tokens.
#[tokio::test]
async fn undocumented_statuses() {
    for row in ROWS {
        for (status, kind) in [
            (206, ErrorKind::Undecodable),
            (302, ErrorKind::Undecodable),
            (408, ErrorKind::Timeout),
            (410, ErrorKind::NotFound),
            (412, ErrorKind::Conflict),
            (418, ErrorKind::InvalidRequest),
            (429, ErrorKind::RateLimited),
            (500, ErrorKind::Server),
            (503, ErrorKind::Server),
        ] {
            let recorder = Recorder::start().await;
            let lane = match row.id {
                "signIn" => Lane::SignIns,
                "renewTokens" => Lane::Renewals,
                _ => Lane::Operations,
            };
            let operation_of = OPERATIONS.iter().find(|operation| operation.id == row.id).unwrap();
            let is_user = operation_of.security.is_some_and(|scheme| scheme.name != "ExternalSystemAuth");
            let requests = if status == 302 && is_user && operation_of.idempotent { 2 } else { 1 };
            let elsewhere = format!("{}/elsewhere", recorder.origin());
            let response = Response::html(status, "<p>desk-key</p>").header("location", &elsewhere);
            recorder.script(lane, vec![response; requests]);
            let client = connect(&recorder, everyone());
            let outcome = row.outcome(&client).await;
            assert_eq!(outcome.text, format!("UnexpectedStatus({status})"), "{}", row.id);
            let seen = outcome.error.unwrap();
            assert_eq!((seen.operation, seen.status, seen.kind), (row.id, Some(status), kind));
            let begin = format!("{}: the server responded with {status}", operation(row.id));
            assert!(seen.display.starts_with(&begin), "{}", seen.display);
            assert!(seen.display.ends_with("(text/html, 15 bytes, shaped like `<x>xxxx-xxx</x>`)"), "{}", seen.display);
            assert_eq!(recorder.requests(lane).len(), requests, "{}: {status}", row.id);
            if lane == Lane::Operations {
                assert_eq!(recorder.counts()[1..], [usize::from(is_user), requests - 1], "{}: {status}", row.id);
            }
        }
    }
}

/// The body of an undocumented response is there for who asks for it, cut to 1 MiB.
#[tokio::test]
async fn the_body_of_an_undocumented_response_is_kept() {
    let recorder = Recorder::start().await;
    let (most, more) = ("x".repeat(1 << 20), "x".repeat((1 << 20) + 1));
    recorder.script(
        Lane::Operations,
        [Response::html(502, "<p>desk-key"), Response::bytes(502, most.clone()), Response::bytes(502, more)],
    );
    let client = connect(&recorder, everyone());
    for (body, content_type) in [("<p>desk-key", Some("text/html")), (&most, None), (&most, None)] {
        let Err(Error::UnexpectedStatus(e)) = client.get_call().id(1).send().await else { panic!() };
        assert_eq!((e.body().len(), e.content_type()), (body.len(), content_type));
        assert!(e.body() == body);
    }
}

/// A response that ends before its announced length.
#[tokio::test]
async fn a_response_that_breaks_off() {
    let recorder = Recorder::start().await;
    recorder.script(Lane::Operations, [Response::CutOff(br#"{"id":1}"#.to_vec())]);
    let outcome = outcome(connect(&recorder, everyone()).get_call().id(1).send().await);
    assert_eq!(
        outcome.text,
        "Transport: GET /call/{id} (getCall): the connection broke: end of file before message length reached"
    );
    assert_eq!(outcome.error.unwrap().kind, ErrorKind::Transport);
}
