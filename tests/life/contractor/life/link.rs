//! The work of a field employee without an account, from the temporary link to the report.

use casewire::contractor::types::{CallStatus, CallTaskStatus, PostExpenseInputDto};
use casewire_sandbox::contractor as model;

use crate::life::common::{Staged, refused};
use crate::life::contractor::stage::{
    CALL, LINK, NOWHERE, OTHER_TASK, Stage, TASK, TRAVEL, committed, linked, material, report,
};

#[tokio::test]
async fn a_link_leads_to_one_call_until_another_is_made() {
    let stage = Stage::given(committed).await;
    let link = async || stage.ivanov.create_call_temp_link().call_id(CALL).send().await.unwrap().into_inner();
    let first = link().await;
    assert_eq!(format!("{first:?}"), "[redacted]");
    let call = stage.holder.get_shared_call().token(first.clone()).send().await.unwrap();
    assert_eq!((call.id, call.status.clone()), (Some(CALL), Some(CallStatus::Committed)));
    let second = link().await;
    assert_ne!(first, second);
    assert_eq!(
        refused(stage.holder.get_shared_call().token(first).send().await).failure,
        "NotFound(Some(ErrorDto { error_code: 0 }))"
    );
    assert_eq!(stage.holder.get_shared_call().token(second).send().await.unwrap().id, Some(CALL));
}

#[tokio::test]
async fn a_report_answers_the_call() {
    let stage = Stage::given(linked).await;
    let mut body = report("Принтер заменён", &[(TASK, CallTaskStatus::Done), (OTHER_TASK, CallTaskStatus::Canceled)]);
    let expense = PostExpenseInputDto::builder().count(2.0).expenditure_item_id(TRAVEL);
    body.expenses.push(expense.build().unwrap());
    body.materials.push(material(3200.0));
    let call = stage.holder.complete_shared_call().token(LINK).body(body).send().await.unwrap().into_inner();
    let call = call.expect("200 has the call");
    assert_eq!(
        (call.id, call.status, call.comments.as_deref()),
        (Some(CALL), Some(CallStatus::Done), Some("Принтер заменён"))
    );
    let tasks: Vec<_> = call.tasks.iter().map(|task| (task.id, task.status.clone())).collect();
    assert_eq!(tasks, [(Some(TASK), Some(CallTaskStatus::Done)), (Some(OTHER_TASK), Some(CallTaskStatus::Canceled))]);
    let cost = stage.desk.get_call_cost().call_id(CALL).send().await.unwrap().into_inner().unwrap();
    assert_eq!((cost.expenses.len(), cost.materials.len()), (1, 1));
    assert_eq!((cost.expenses[0].expenditure_item_id, cost.expenses[0].count), (Some(TRAVEL), Some(2.0)));
    assert_eq!((cost.materials[0].name.as_deref(), cost.materials[0].price), (Some("Батарея ИБП"), Some(3200.0)));
    // The contractor can submit what the employee wrote.
    stage.ivanov.submit_call_cost().call_id(CALL).send().await.unwrap();
}

#[tokio::test]
async fn a_report_may_answer_nothing() {
    let stage = Stage::given(|state| {
        linked(state);
        state.shared_done_empty = true;
    })
    .await;
    let response = stage.holder.complete_shared_call().token(LINK).body(report("Готово", &[])).send().await.unwrap();
    assert_eq!((response.status().as_u16(), response.into_inner()), (204, None));
    let call = stage.holder.get_shared_call().token(LINK).send().await.unwrap();
    assert_eq!((call.status.clone(), call.comments.as_deref()), (Some(CallStatus::Done), Some("Готово")));
}

#[tokio::test]
async fn a_refused_report_changes_nothing() {
    let stage = Stage::given(linked).await;
    let before = stage.sandbox.state(|state| state.clone());
    let body = report("Готово", &[(TASK, CallTaskStatus::Done), (NOWHERE, CallTaskStatus::Done)]);
    let response = stage.holder.complete_shared_call().token(LINK).body(body).send().await;
    assert_eq!(refused(response).status, Some(404));
    assert_eq!(stage.sandbox.state(|state| state.clone()), before);
    assert_eq!(before.calls[&CALL].status, model::CallStatus::Committed);
}
