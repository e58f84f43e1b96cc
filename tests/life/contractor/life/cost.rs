//! The estimate of a call from its creation to `Processed`, with lines added, changed,
//! removed and decided on.

use std::collections::BTreeMap;

use casewire::contractor::types::{ApprovalStatus, CallCostDto, CallCostStatus, CallStatus, MaterialOwnerType};
use casewire_sandbox::contractor::CostStatus;

use crate::life::common::{Staged, refused};
use crate::life::contractor::stage::{CALL, Stage, TRAVEL, committed, material, with_line};

const DELIVERY: i64 = 302;

/// The lines as `id item × count` and `id name × count at price`, each with its decision.
fn lines(cost: &CallCostDto) -> Vec<String> {
    let decision = |status: &Option<ApprovalStatus>| status.as_ref().map_or_else(String::new, ToString::to_string);
    let expenses = cost.expenses.iter().map(|line| {
        let (id, item) = (line.id.unwrap(), line.expenditure_item_id.unwrap());
        format!("{id} {item} × {} {}", line.count.unwrap(), decision(&line.status))
    });
    let materials = cost.materials.iter().map(|line| {
        let (id, name) = (line.id.unwrap(), line.name.as_deref().unwrap());
        format!("{id} {name} × {} at {} {}", line.count.unwrap(), line.price.unwrap(), decision(&line.status))
    });
    expenses.chain(materials).collect()
}

fn decisions(lines: &[(i64, ApprovalStatus)]) -> BTreeMap<String, ApprovalStatus> {
    lines.iter().map(|(id, status)| (id.to_string(), status.clone())).collect()
}

#[tokio::test]
async fn from_draft_to_processed() {
    let stage = Stage::given(committed).await;
    let (desk, ivanov) = (&stage.desk, &stage.ivanov);
    let estimate = async || desk.get_call_cost().call_id(CALL).send().await.unwrap().into_inner();
    let cost = async || estimate().await.unwrap();
    assert_eq!(estimate().await, None);

    ivanov.create_call_cost().call_id(CALL).send().await.unwrap();
    let draft = cost().await;
    assert_eq!((draft.status.clone(), lines(&draft)), (Some(CallCostStatus::Draft), vec![]));

    // Lines are added, changed and removed.
    let add = async |item: i64, count: f64| {
        let line = ivanov.add_expense().call_id(CALL).body_map(|b| b.count(count).expenditure_item_id(item));
        line.send().await.unwrap().id.unwrap()
    };
    let (travel, delivery) = (add(TRAVEL, 1.0).await, add(DELIVERY, 1.5).await);
    let printer = material(18_000.0);
    let part = ivanov.add_material().call_id(CALL).body(printer.clone()).send().await.unwrap().id.unwrap();
    let spare = ivanov.add_material().call_id(CALL).body(printer).send().await.unwrap().id.unwrap();
    assert_eq!(
        lines(&cost().await),
        [
            "3001 301 × 1 New",
            "3002 302 × 1.5 New",
            "4001 Батарея ИБП × 1 at 18000 New",
            "4002 Батарея ИБП × 1 at 18000 New"
        ]
    );
    ivanov.update_expense().call_id(CALL).expense_id(travel).body_map(|b| b.count(2.0)).send().await.unwrap();
    ivanov
        .update_material()
        .call_id(CALL)
        .material_id(part)
        .body_map(|b| b.name("Чековый принтер".to_owned()).price(18_500.0).owner_type(MaterialOwnerType::Contractor))
        .send()
        .await
        .unwrap();
    ivanov.remove_expense().call_id(CALL).expense_id(delivery).send().await.unwrap();
    ivanov.remove_material().call_id(CALL).material_id(spare).send().await.unwrap();
    let edited = cost().await;
    assert_eq!(lines(&edited), ["3001 301 × 2 New", "4001 Чековый принтер × 1 at 18500 New"]);
    let part_line = &edited.materials[0];
    assert_eq!(part_line.owner_type, Some(MaterialOwnerType::Contractor));
    assert_eq!(part_line.serial_number.as_deref(), Some("BAT-000456"), "what was left out stays");

    // Submitted: nothing can be changed any more, but decided on.
    ivanov.submit_call_cost().call_id(CALL).send().await.unwrap();
    assert_eq!(cost().await.status, Some(CallCostStatus::InProgress));
    let late = ivanov.update_expense().call_id(CALL).expense_id(travel).body_map(|b| b.count(9.0)).send().await;
    assert_eq!(refused(late).failure, "Conflict");
    let approve = async |expenses: BTreeMap<_, _>, materials: BTreeMap<_, _>| {
        let approval = desk.set_call_cost_approval().call_id(CALL);
        approval.body_map(|b| b.expenses(expenses).materials(materials)).send().await
    };
    approve(decisions(&[(travel, ApprovalStatus::Rejected)]), decisions(&[])).await.unwrap();
    let half = cost().await;
    assert_eq!(lines(&half), ["3001 301 × 2 Rejected", "4001 Чековый принтер × 1 at 18500 New"]);
    assert_eq!(half.status, Some(CallCostStatus::InProgress), "a line is open still");
    approve(decisions(&[]), decisions(&[(part, ApprovalStatus::ApprovedWithCorrection)])).await.unwrap();
    let processed = cost().await;
    assert_eq!(processed.status, Some(CallCostStatus::Processed));
    assert_eq!(lines(&processed)[1], "4001 Чековый принтер × 1 at 18500 ApprovedWithCorrection");
    let again = approve(decisions(&[(travel, ApprovalStatus::Approved)]), decisions(&[])).await;
    assert_eq!(refused(again).failure, "Conflict");
}

/// The external system sets the day of the following month up to which a draft can be submitted.
#[tokio::test]
async fn a_setting_moves_the_deadline() {
    let stage = Stage::given(with_line).await;
    let comment = "Готово".to_owned();
    let done = stage.ivanov.set_call_status().id(CALL);
    done.body_map(|b| b.status(CallStatus::Done).comments(comment)).send().await.unwrap();
    // The access token ends meanwhile; the session renews it.
    stage.sandbox.state(|state| state.clock.set("2026-04-12T12:00:00Z".parse().unwrap()));
    let submit = || stage.ivanov.submit_call_cost().call_id(CALL).send();
    assert_eq!(refused(submit().await).failure, "Conflict", "the day is the tenth");

    let settings = |day: Option<i32>| {
        stage.desk.update_system_settings().body_map(|b| b.call_cost_deadline_day_of_month(day)).send()
    };
    assert_eq!(settings(None).await.unwrap().into_inner(), None, "204: nothing was to change");
    assert_eq!(settings(Some(12)).await.unwrap().into_inner(), Some(1), "200: changed once");
    assert_eq!(settings(Some(12)).await.unwrap().into_inner(), Some(2));
    stage.sandbox.state(|state| assert_eq!(state.settings.call_cost_deadline_day, 12));

    submit().await.unwrap();
    stage.sandbox.state(|state| {
        assert_eq!(state.calls[&CALL].cost.as_ref().unwrap().status, CostStatus::InProgress);
    });
}
