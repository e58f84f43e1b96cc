//! What is sent: method, target, headers and body of all 44 operations, and how values
//! get into targets.

use std::collections::BTreeSet;

use casewire::{
    DateTime,
    contractor::{Auth, Client, OPERATIONS, types},
};
use reqwest::Url;
use support::{
    interfaces::{
        Contractor,
        contractor::rows::{FILE, ROWS, TOKEN},
    },
    outcome::{Call, call},
    recorder::{Lane, Recorder, Request, Response},
    row::{Row, check_complete, check_sent},
    spec::Spec,
};

use super::{authorization, connect, connect_with, documented, everyone};

/// Sends the operation of `row` and compares what arrived, down to the set of headers.
async fn check(row: &Row<Contractor>, spec: &Spec) {
    let id = row.id;
    let recorder = Recorder::start().await;
    // Some response; what becomes of it is looked at elsewhere.
    for lane in [Lane::Operations, Lane::Renewals] {
        recorder.script(lane, [Response::empty(403)]);
    }
    let auth = if id == "signIn" { Auth::anonymous() } else { everyone() };
    row.outcome(&connect(&recorder, auth)).await;
    let own: Vec<_> = authorization(id).map(|value| ("authorization", value)).into_iter().collect();
    check_sent(row, &arrived(&recorder, id), (&recorder.origin(), "/api/v1"), &own, spec);
}

/// The one request of operation `id`, next to at most one sign-in.
fn arrived(recorder: &Recorder, id: &str) -> Request {
    let (lane, counts) = match (id, authorization(id)) {
        ("signIn", _) => (Lane::SignIns, [0, 1, 0]),
        ("renewTokens", _) => (Lane::Renewals, [0, 1, 1]),
        (_, Some(value)) if value.starts_with("x-user ") => (Lane::Operations, [1, 1, 0]),
        _ => (Lane::Operations, [1, 0, 0]),
    };
    assert_eq!(recorder.counts(), counts, "{id}: operations, sign-ins, renewals");
    recorder.requests(lane).pop().unwrap()
}

#[tokio::test]
async fn every_operation_sends_what_the_spec_says() {
    let spec = documented();
    for row in ROWS {
        check(row, spec).await;
    }
}

#[test]
fn no_operation_is_forgotten() {
    check_complete::<Contractor>();
    assert_eq!((OPERATIONS.len(), ROWS.len()), (44, 44));
}

/// A token of the query arrives as what it was, whatever is in it.
async fn check_token(token: &str) {
    let recorder = Recorder::start().await;
    let client = connect(&recorder, Auth::anonymous());
    client.get_shared_call().token(token).send().await.unwrap_err();
    client.complete_shared_call().token(token).body_map(|b| b.comments("")).send().await.unwrap_err();
    client.upload_shared_attachment().id(1).token(token).attachment(FILE).send().await.unwrap_err();
    client.download_shared_attachment().id(1).attachment_id(2).token(token).send().await.map(|_| ()).unwrap_err();
    client.get_shared_task_result().id(1).token(token).send().await.unwrap_err();
    let requests = recorder.requests(Lane::Operations);
    assert_eq!(requests.len(), 5);
    for Request { target, .. } in requests {
        assert!(target.is_ascii() && !target.contains([' ', '#']), "{target} is not escaped");
        assert_eq!(target.matches(['?', '&']).count(), 1, "{target} has more than one parameter");
        let url = Url::parse(&recorder.origin()).unwrap().join(&target).unwrap();
        let pairs: Vec<_> = url.query_pairs().into_owned().collect();
        assert_eq!(pairs, [("token".to_owned(), token.to_owned())]);
    }
}

#[tokio::test]
async fn query_tokens_arrive_as_data() {
    for token in [
        TOKEN,
        "a/b?c#d%e&f=g+h i",
        "&token=other",
        "%2F%20%",
        "../../user/self",
        "Пароль № 1",
        "\"<>\\^`{|}",
        "line\r\nbreak\0",
        "",
    ] {
        check_token(token).await;
    }
}

/// The base URL `origin + base`, and the target of `getCall` below it.
async fn check_base(base: &str, expect: &str) {
    let recorder = Recorder::start().await;
    let config = casewire::Config::new(&format!("{}{base}", recorder.origin())).unwrap();
    let client = casewire::contractor::Client::connect(config, everyone()).unwrap();
    client.get_call().id(7).send().await.unwrap_err();
    assert_eq!(recorder.requests(Lane::Operations)[0].target, expect);
}

#[tokio::test]
async fn base_urls_keep_their_path() {
    check_base("", "/call/7").await;
    check_base("/", "/call/7").await;
    check_base("/api/v1", "/api/v1/call/7").await;
    check_base("/api/v1/", "/api/v1/call/7").await;
    check_base("/каса 2", "/%D0%BA%D0%B0%D1%81%D0%B0%202/call/7").await;
    check_base("/a%2Fb", "/a%2Fb/call/7").await;
}

#[tokio::test]
async fn what_the_configuration_says_is_sent() {
    let recorder = Recorder::start().await;
    let auth = everyone().external_system_word("x-desk");
    let client = connect_with(&recorder, auth, |config| config.user_agent("dispatch-bridge/2.1"));
    client.get_call().id(1).send().await.unwrap_err();
    let client = connect(&recorder, Auth::external_system("desk-key").external_system_word(""));
    client.get_call().id(1).send().await.unwrap_err();
    let requests = recorder.requests(Lane::Operations);
    assert_eq!(requests[0].header("user-agent"), Some("dispatch-bridge/2.1"));
    assert_eq!(requests[0].header("authorization"), Some("x-desk desk-key"));
    assert_eq!(requests[1].header("authorization"), Some("desk-key"));
}

/// A request that the spec doesn't allow is not sent, and the error says what is wrong with it.
async fn check_refused(id: &str, call: Call<Client>, reason: &str) {
    let recorder = Recorder::start().await;
    let outcome = call(&connect(&recorder, everyone())).await.outcome().await;
    assert_eq!(outcome.text, format!("InvalidRequest: {reason}"));
    assert_eq!(outcome.error.unwrap().operation, id);
    assert_eq!(recorder.counts(), [0, 0, 0], "{id}: nothing may be sent");
}

macro_rules! refused {
    ($id:literal, $client:ident.$($call:tt)+) => {
        ($id, call!($client.$($call)+) as Call<Client>)
    };
}

#[tokio::test]
async fn what_the_spec_forbids_is_not_sent() {
    for ((id, call), reason) in [
        (refused!("getCall", client.get_call()), "id was not given"),
        (refused!("getCall", client.get_call().id(u64::MAX)), "id: out of range integral type conversion attempted"),
        (refused!("removeExpense", client.remove_expense().call_id(1)), "expenseId was not given"),
        (refused!("getSharedCall", client.get_shared_call()), "token was not given"),
        (refused!("closeCall", client.close_call()), "id was not given"),
        (refused!("addMaterial", client.add_material().call_id(1)), "body was not given"),
        (
            refused!("addUserMessage", client.add_user_message().id(1).body_map(|b| b.message("я".repeat(2001)))),
            "body: PostCallMessageInputDTO: message: must have at most 2000 characters",
        ),
        (
            refused!("raiseJeopardy", client.raise_jeopardy().id(1).body_map(|b| b.comment("я".repeat(2001)))),
            "body: PostCallJeopardyInputDTO: comment: must have at most 2000 characters",
        ),
        (
            refused!("changePassword", client.change_password().id(1).body_map(|b| b.new_password("Пять"))),
            "body: ChangePasswordDTO: newPassword: must have at least 5 characters",
        ),
        (
            refused!("setCallStatus", client.set_call_status().id(1).body_map(|b| b.status("Commited"))),
            "body: CallStatusInputDTO: status: `Commited` is not a documented CallStatus; documented are New, \
             Committed, Done, Closed",
        ),
        (
            refused!(
                "addDispatcherMessage",
                client.add_dispatcher_message().id(1).body_map(|b| b.date("02.03.2026 08:15:00").message(""))
            ),
            "body: PostExternalCallMessageInputDTO: date: not an RFC 3339 date-time such as 2026-03-02T08:15:00Z",
        ),
        (
            refused!(
                "signIn",
                client.sign_in().body_map(|b| b.user_name("u").salt("AAECAwQFBgcICQ==").hashed_password("not base64"))
            ),
            "body: SignInInputDTO: hashedPassword: must match the pattern \
             ^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
        ),
    ] {
        check_refused(id, call, reason).await;
    }
}

#[tokio::test]
async fn numbers_out_of_their_documented_range_are_not_sent() {
    macro_rules! day {
        ($day:literal) => {
            refused!(
                "updateSystemSettings",
                client.update_system_settings().body_map(|b| b.call_cost_deadline_day_of_month($day))
            )
        };
    }
    for (id, call) in [day!(29), day!(0)] {
        check_refused(
            id,
            call,
            "body: PatchSystemSettingsInputDTO: callCostDeadlineDayOfMonth must be between 1 and 28",
        )
        .await;
    }
}

/// Serde writes `NaN` as null, and a server takes a time without an offset for whatever
/// zone it is in.
#[tokio::test]
async fn values_that_json_or_the_spec_does_not_have_are_not_sent() {
    let local = "must have an offset from UTC; choose a zone with DateTime::in_zone";
    for (name, (id, call)) in [
        (
            "PatchCallInputDTO: ttf",
            refused!(
                "updateCall",
                client.update_call().id(1).body_map(|b| b.ttf("2026-03-03T18:00:00".parse::<DateTime>().unwrap()))
            ),
        ),
        (
            "PostExternalCallMessageInputDTO: date",
            refused!(
                "addDispatcherMessage",
                client.add_dispatcher_message().id(1).body_map(|b| b.message("Да").date("2026-03-02T09:10:00"))
            ),
        ),
    ] {
        check_refused(id, call, &format!("body: {name} {local}")).await;
    }
    for (name, (id, call)) in [
        (
            "PostExpenseInputDTO: count",
            refused!(
                "addExpense",
                client.add_expense().call_id(1).body_map(|b| b.count(f64::NAN).expenditure_item_id(1))
            ),
        ),
        (
            "PatchExpenseInputDTO: count",
            refused!(
                "updateExpense",
                client.update_expense().call_id(1).expense_id(1).body_map(|b| b.count(f64::INFINITY))
            ),
        ),
        (
            "PatchMaterialInputDTO: price",
            refused!(
                "updateMaterial",
                client.update_material().call_id(1).material_id(1).body_map(|b| b.price(f64::NEG_INFINITY))
            ),
        ),
        // In a value that no builder has seen.
        (
            "PostCallResultDTO: count",
            refused!(
                "completeSharedCall",
                client.complete_shared_call().token("t").body_map(|b| {
                    let expense = types::PostExpenseInputDto::builder().count(1.0).expenditure_item_id(1);
                    let mut expense = expense.build().unwrap();
                    expense.count = f64::NAN;
                    b.comments("Готово").expenses(vec![expense])
                })
            ),
        ),
    ] {
        check_refused(id, call, &format!("body: {name} must be a finite number")).await;
    }
}

/// Headers of the configuration go with every request, sign-in and renewal included, and
/// never make two of one.
#[tokio::test]
async fn headers_of_the_configuration_are_sent() {
    let recorder = Recorder::start().await;
    recorder.script(Lane::Operations, [Response::empty(401)]);
    let configure = |config: casewire::Config| {
        config.header("X-Gateway", "gate-key").unwrap().header("authorization", "Basic Z2F0ZQ==").unwrap()
    };
    let client = connect_with(&recorder, everyone(), configure);
    client.get_self().send().await.unwrap_err();
    client.get_call().id(1).send().await.unwrap_err();
    client.get_shared_call().token(TOKEN).send().await.unwrap_err();
    client.upload_shared_attachment().id(1).token(TOKEN).attachment(FILE).send().await.unwrap_err();
    assert_eq!(recorder.counts(), [5, 1, 1]);
    for lane in [Lane::Operations, Lane::SignIns, Lane::Renewals] {
        for request in recorder.requests(lane) {
            let names: BTreeSet<_> = request.headers.iter().map(|(name, _)| name).collect();
            assert_eq!(names.len(), request.headers.len(), "a header twice: {:?}", request.headers);
            assert_eq!(request.header("x-gateway"), Some("gate-key"));
        }
    }
    let sent: Vec<_> = recorder
        .requests(Lane::Operations)
        .into_iter()
        .map(|r| r.header("authorization").unwrap().to_owned())
        .collect();
    let (user, desk) = (["x-user access-1", "x-user access-2"], "x-external-system desk-key");
    assert_eq!(sent, [user[0], user[1], desk, "Basic Z2F0ZQ==", "Basic Z2F0ZQ=="]);
}
