//! 401 and 403 of every operation that asks for a credential: one row per operation, with
//! whatever arguments. The sandbox looks at the credential before anything else, and so
//! the state needs no preparation.

use std::collections::BTreeMap;

use casewire::{
    Part,
    contractor::{Auth, OPERATIONS, types},
};
use casewire_sandbox::contractor::Session;
use support::interfaces::{Contractor, spec};

use super::{Call, call};
use crate::life::common::Staged;
use crate::life::contractor::stage::{CALL, EXPENSE, FILE, MATERIAL, Stage, TASK, TRAVEL, call_input, material};

/// The operations that ask for a credential. The desk's calls are made by `stage.desk`,
/// the user's by `stage.ivanov`.
pub fn table() -> Vec<(&'static str, Call)> {
    vec![
        ("createCall", call!(|s| s.desk.create_call().body(call_input(|_| {})))),
        ("listJeopardyChanges", call!(|s| s.desk.list_jeopardy_changes().timestamp(0))),
        ("listMessageChanges", call!(|s| s.desk.list_message_changes().timestamp(0))),
        ("listCallChanges", call!(|s| s.desk.list_call_changes().timestamp(0))),
        ("createCallTempLink", call!(|s| s.ivanov.create_call_temp_link().call_id(CALL))),
        ("getCall", call!(|s| s.desk.get_call().id(CALL))),
        ("updateCall", call!(|s| s.desk.update_call().id(CALL).body_map(|b| b))),
        ("closeCall", call!(|s| s.desk.close_call().id(CALL))),
        (
            "addDispatcherMessage",
            call!(|s| s
                .desk
                .add_dispatcher_message()
                .id(CALL)
                .body_map(|b| b.message("Да".to_owned()).date("2026-03-02T09:10:00Z"))),
        ),
        ("raiseJeopardy", call!(|s| s.ivanov.raise_jeopardy().id(CALL).body_map(|b| b.comment("Нет".to_owned())))),
        ("addUserMessage", call!(|s| s.ivanov.add_user_message().id(CALL).body_map(|b| b.message("Да".to_owned())))),
        (
            "setCallStatus",
            call!(|s| s.ivanov.set_call_status().id(CALL).body_map(|b| b.status(types::CallStatus::Committed))),
        ),
        ("clearJeopardy", call!(|s| s.desk.clear_jeopardy().id(CALL).body_map(|b| b.answer_comment("Да".to_owned())))),
        ("getCallCost", call!(|s| s.desk.get_call_cost().call_id(CALL))),
        ("createCallCost", call!(|s| s.ivanov.create_call_cost().call_id(CALL))),
        ("setCallCostApproval", call!(|s| s.desk.set_call_cost_approval().call_id(CALL).body_map(|b| b))),
        (
            "addExpense",
            call!(|s| s.ivanov.add_expense().call_id(CALL).body_map(|b| b.count(1.0).expenditure_item_id(TRAVEL))),
        ),
        ("removeExpense", call!(|s| s.ivanov.remove_expense().call_id(CALL).expense_id(EXPENSE))),
        ("updateExpense", call!(|s| s.ivanov.update_expense().call_id(CALL).expense_id(EXPENSE).body_map(|b| b))),
        ("addMaterial", call!(|s| s.ivanov.add_material().call_id(CALL).body(material(1.0)))),
        ("removeMaterial", call!(|s| s.ivanov.remove_material().call_id(CALL).material_id(MATERIAL))),
        ("updateMaterial", call!(|s| s.ivanov.update_material().call_id(CALL).material_id(MATERIAL).body_map(|b| b))),
        ("submitCallCost", call!(|s| s.ivanov.submit_call_cost().call_id(CALL))),
        ("listCallTasks", call!(|s| s.desk.list_call_tasks())),
        ("getCallTask", call!(|s| s.desk.get_call_task().id(TASK))),
        (
            "uploadCallTaskAttachment",
            call!(|s| s
                .ivanov
                .upload_call_task_attachment()
                .id(TASK)
                .attachment(Part::bytes("акт").file_name("act.pdf"))),
        ),
        ("getCallTaskAttachment", call!(|s| s.desk.get_call_task_attachment().id(TASK).attachment_id(FILE))),
        (
            "downloadCallTaskAttachment",
            call!(|s| s.ivanov.download_call_task_attachment().id(TASK).attachment_id(FILE)),
        ),
        ("getCallTaskResult", call!(|s| s.ivanov.get_call_task_result().id(TASK))),
        (
            "setCallTaskStatus",
            call!(|s| s.ivanov.set_call_task_status().id(TASK).body_map(|b| b.status(types::CallTaskStatus::Done))),
        ),
        ("markAllNotificationsRead", call!(|s| s.ivanov.mark_all_notifications_read())),
        ("markNotificationRead", call!(|s| s.ivanov.mark_notification_read().id(501))),
        ("updateSystemSettings", call!(|s| s.desk.update_system_settings().body_map(|b| b))),
        (
            "registerUser",
            call!(|s| s.desk.register_user().body_map(|b| b.user_name("popova").password("Пароль2".to_owned()))),
        ),
        ("getSelf", call!(|s| s.ivanov.get_self())),
        ("renewTokens", call!(|s| s.ivanov.renew_tokens())),
        (
            "changePassword",
            call!(|s| s.desk.change_password().id(7).body_map(|b| b.new_password("Пароль2".to_owned()))),
        ),
        ("lockUser", call!(|s| s.desk.lock_user().id(7))),
    ]
}

/// What differs from `Unauthorized` and `Forbidden`.
fn expected(operation: &str, status: u16) -> &'static str {
    match (operation, status) {
        ("changePassword", 401) => "Unauthorized { code: None, body: None }",
        ("markAllNotificationsRead" | "markNotificationRead", 403) => "Forbidden(Some(ErrorDto { error_code: 0 }))",
        (_, 401) => "Unauthorized",
        _ => "Forbidden",
    }
}

fn asks_for(operation: &str) -> Option<&'static str> {
    let operation = OPERATIONS.iter().find(|one| one.id == operation).expect("the operation exists");
    operation.security.map(|scheme| scheme.name)
}

/// 401: the desk's key has been changed; whatever token a user gets has expired already.
async fn with_a_bad_credential() -> Stage {
    Stage::given(|state| {
        state.external_system_key = "another key".to_owned();
        (state.access_lifetime_ms, state.service_lifetime_ms) = (Some(-1), Some(-1));
    })
    .await
}

/// 403: the desk sends a user's token; the user was locked after signing in.
async fn with_a_weak_credential() -> Stage {
    let mut stage = Stage::given(|state| {
        state.sessions.push(Session {
            user: 8,
            access: "token-8".to_owned(),
            service: "service-8".to_owned(),
            access_until: None,
            service_until: None,
        });
    })
    .await;
    stage.desk = stage.connect(Auth::external_system("token-8").external_system_word("x-user"));
    stage.ivanov.get_self().send().await.unwrap();
    stage.sandbox.state(|state| state.users.get_mut(&7).unwrap().locked = true);
    stage
}

#[tokio::test]
async fn bad_and_weak_credentials_are_typed() {
    let mut wrong = Vec::new();
    for (operation, (_, call)) in table() {
        for (status, stage) in [(401, with_a_bad_credential().await), (403, with_a_weak_credential().await)] {
            let before = stage.sandbox.count(operation);
            let got = call(&stage).await;
            let expect = (operation, Some(status), expected(operation, status));
            if (got.operation, got.status, got.failure.as_str()) != expect {
                wrong.push(format!("expected {expect:?}, got {got:?}"));
            }
            // Another credential can be had for a user's 401 only; a service token is
            // tried for that by the session too.
            let tries = match (status, asks_for(operation)) {
                (401, Some("UserAuth")) => 2,
                (401, Some("ServiceUserAuth")) => 3,
                _ => 1,
            };
            assert_eq!(stage.sandbox.count(operation) - before, tries, "{operation} {status}");
        }
    }
    assert!(wrong.is_empty(), "{} rows are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// Without any credential nothing is sent, and the error says what is missing.
#[tokio::test]
async fn a_missing_credential_is_named() {
    let mut stage = Stage::start().await;
    for client in [&mut stage.desk, &mut stage.ivanov] {
        *client = stage.holder.clone();
    }
    let schemes: BTreeMap<_, _> = table().iter().map(|(id, _)| (*id, asks_for(id).expect("it asks for one"))).collect();
    for (operation, (_, call)) in table() {
        let got = call(&stage).await;
        let scheme = schemes[operation];
        let expect = format!("nothing was sent: it needs {scheme}, and the client was connected without it");
        assert!(got.text.ends_with(&expect), "{}", got.text);
        assert_eq!(got.kind, casewire::ErrorKind::Authentication, "{operation}");
    }
    assert_eq!(stage.sandbox.requests(), []);
    // The others are those that document no 401, but for the sign-in itself.
    let open = OPERATIONS.iter().filter(|one| one.security.is_none()).map(|one| one.id);
    let documented = spec::<Contractor>();
    let documented = documented.failures();
    for id in open.filter(|id| *id != "signIn") {
        assert!(!documented.contains(&(id, "401")), "{id}");
    }
}
