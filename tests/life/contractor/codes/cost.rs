//! The failures of the tag CallCost: the estimate, its lines, its submission and its approval.

use std::collections::BTreeMap;

use casewire::contractor::{Client, builder, types::ApprovalStatus};

use super::{Row, behind_a_gateway, call, row};
use crate::life::contractor::stage::{
    CALL, CLOSED_CALL, EXPENSE, MATERIAL, NOWHERE, Stage, TRAVEL, committed, fresh, material, refused, submitted,
    with_draft, with_line,
};

const NO_CALL: &str = "NotFound { code: Some(CallNotFound), body: Some(1) }";
const NO_COST: &str = "NotFound { code: Some(CallCostNotFound), body: Some(2) }";
const NO_EXPENSE: &str = "NotFound { code: Some(ExpenseNotFound), body: Some(3) }";
const NO_MATERIAL: &str = "NotFound { code: Some(MaterialNotFound), body: Some(4) }";

pub fn table() -> Vec<Row> {
    let mut rows = estimate();
    rows.extend(expenses());
    rows.extend(materials());
    rows
}

fn estimate() -> Vec<Row> {
    let (create, submit, approve) = ("createCallCost", "submitCallCost", "setCallCostApproval");
    vec![
        row("getCallCost", 404, fresh, call!(|s| s.desk.get_call_cost().call_id(NOWHERE)), "NotFound(0)"),
        row("getCallCost", 404, committed, call!(|s| s.desk.get_call_cost().call_id(CALL)), "NotFound(0)"),
        row(create, 403, committed, call!(|s| s.petrova.create_call_cost().call_id(CALL)), "Forbidden"),
        row(create, 404, fresh, call!(|s| s.ivanov.create_call_cost().call_id(NOWHERE)), "NotFound"),
        row(create, 409, fresh, call!(|s| s.ivanov.create_call_cost().call_id(CALL)), "Conflict"),
        row(create, 409, with_draft, call!(|s| s.ivanov.create_call_cost().call_id(CALL)), "Conflict"),
        row(submit, 403, with_line, call!(|s| s.petrova.submit_call_cost().call_id(CALL)), "Forbidden"),
        row(submit, 404, fresh, call!(|s| s.ivanov.submit_call_cost().call_id(NOWHERE)), "NotFound"),
        row(submit, 409, submitted, call!(|s| s.ivanov.submit_call_cost().call_id(CALL)), "Conflict"),
        row(submit, 409, too_late, call!(|s| s.ivanov.submit_call_cost().call_id(CALL)), "Conflict"),
        row(approve, 400, submitted, call!(|s| decide(s, CALL, &["first"], &[])), "BadRequest"),
        row(approve, 404, fresh, call!(|s| decide(s, NOWHERE, &[], &[])), NO_CALL).code(1),
        row(approve, 404, committed, call!(|s| decide(s, CALL, &[], &[])), NO_COST).code(2),
        row(approve, 404, submitted, call!(|s| decide(s, CALL, &["3001", "3999"], &[])), NO_EXPENSE).code(3),
        row(approve, 404, submitted, call!(|s| decide(s, CALL, &["3001"], &["4999"])), NO_MATERIAL).code(4),
        row(approve, 409, with_line, call!(|s| decide(s, CALL, &["3001"], &["4001"])), "Conflict"),
    ]
}

fn expenses() -> Vec<Row> {
    let (add, update, remove) = ("addExpense", "updateExpense", "removeExpense");
    vec![
        row(add, 400, with_draft, behind_a_gateway!(|ivanov| add_expense(&ivanov, CALL, 1.0, TRAVEL)), "BadRequest"),
        row(add, 403, with_draft, call!(|s| add_expense(&s.ivanov, CLOSED_CALL, 1.0, TRAVEL)), "Forbidden"),
        row(add, 404, fresh, call!(|s| add_expense(&s.ivanov, NOWHERE, 1.0, TRAVEL)), NO_CALL).code(1),
        row(add, 404, committed, call!(|s| add_expense(&s.ivanov, CALL, 1.0, TRAVEL)), NO_COST).code(2),
        row(add, 404, with_draft, call!(|s| add_expense(&s.ivanov, CALL, 1.0, NOWHERE)), NO_EXPENSE).code(3),
        row(add, 409, submitted, call!(|s| add_expense(&s.ivanov, CALL, 1.0, TRAVEL)), "Conflict"),
        row(
            update,
            400,
            with_line,
            behind_a_gateway!(|ivanov| update_expense(&ivanov, CALL, EXPENSE, 2.0)),
            "BadRequest",
        ),
        row(update, 403, with_line, call!(|s| update_expense(&s.ivanov, CLOSED_CALL, EXPENSE, 2.0)), "Forbidden"),
        row(update, 404, fresh, call!(|s| update_expense(&s.ivanov, NOWHERE, EXPENSE, 2.0)), NO_CALL).code(1),
        row(update, 404, committed, call!(|s| update_expense(&s.ivanov, CALL, EXPENSE, 2.0)), NO_COST).code(2),
        row(update, 404, with_line, call!(|s| update_expense(&s.ivanov, CALL, NOWHERE, 2.0)), NO_EXPENSE).code(3),
        row(update, 409, submitted, call!(|s| update_expense(&s.ivanov, CALL, EXPENSE, 2.0)), "Conflict"),
        row(
            remove,
            400,
            with_line,
            |s| {
                Box::pin(async move {
                    let ivanov = s.behind_a_gateway().await;
                    refused(ivanov.remove_expense().call_id(CALL).expense_id(EXPENSE).send().await)
                })
            },
            "BadRequest",
        ),
        row(remove, 403, with_line, call!(|s| remove_expense(s, CLOSED_CALL, EXPENSE)), "Forbidden"),
        row(remove, 404, fresh, call!(|s| remove_expense(s, NOWHERE, EXPENSE)), NO_CALL).code(1),
        row(remove, 404, committed, call!(|s| remove_expense(s, CALL, EXPENSE)), NO_COST).code(2),
        row(remove, 404, with_line, call!(|s| remove_expense(s, CALL, NOWHERE)), NO_EXPENSE).code(3),
        row(remove, 409, submitted, call!(|s| remove_expense(s, CALL, EXPENSE)), "Conflict"),
    ]
}

fn materials() -> Vec<Row> {
    let (add, update, remove) = ("addMaterial", "updateMaterial", "removeMaterial");
    vec![
        row(add, 400, with_draft, behind_a_gateway!(|ivanov| add_material(&ivanov, CALL, 90.5)), "BadRequest"),
        row(add, 403, with_draft, call!(|s| add_material(&s.ivanov, CLOSED_CALL, 90.5)), "Forbidden"),
        row(add, 404, fresh, call!(|s| add_material(&s.ivanov, NOWHERE, 90.5)), NO_CALL).code(1),
        row(add, 404, committed, call!(|s| add_material(&s.ivanov, CALL, 90.5)), NO_COST).code(2),
        row(add, 409, submitted, call!(|s| add_material(&s.ivanov, CALL, 90.5)), "Conflict"),
        row(
            update,
            400,
            with_line,
            behind_a_gateway!(|ivanov| update_material(&ivanov, CALL, MATERIAL, 90.5)),
            "BadRequest",
        ),
        row(update, 403, with_line, call!(|s| update_material(&s.ivanov, CLOSED_CALL, MATERIAL, 90.5)), "Forbidden"),
        row(update, 404, fresh, call!(|s| update_material(&s.ivanov, NOWHERE, MATERIAL, 90.5)), NO_CALL).code(1),
        row(update, 404, committed, call!(|s| update_material(&s.ivanov, CALL, MATERIAL, 90.5)), NO_COST).code(2),
        row(update, 404, with_line, call!(|s| update_material(&s.ivanov, CALL, NOWHERE, 90.5)), NO_MATERIAL).code(4),
        row(update, 409, submitted, call!(|s| update_material(&s.ivanov, CALL, MATERIAL, 90.5)), "Conflict"),
        row(
            remove,
            400,
            with_line,
            |s| {
                Box::pin(async move {
                    let ivanov = s.behind_a_gateway().await;
                    refused(ivanov.remove_material().call_id(CALL).material_id(MATERIAL).send().await)
                })
            },
            "BadRequest",
        ),
        row(remove, 403, with_line, call!(|s| remove_material(s, CLOSED_CALL, MATERIAL)), "Forbidden"),
        row(remove, 404, fresh, call!(|s| remove_material(s, NOWHERE, MATERIAL)), NO_CALL).code(1),
        row(remove, 404, committed, call!(|s| remove_material(s, CALL, MATERIAL)), NO_COST).code(2),
        row(remove, 404, with_line, call!(|s| remove_material(s, CALL, NOWHERE)), NO_MATERIAL).code(4),
        row(remove, 409, submitted, call!(|s| remove_material(s, CALL, MATERIAL)), "Conflict"),
    ]
}

/// A draft whose call was finished so long ago that it can't be submitted any more.
fn too_late(state: &mut casewire::sandbox::contractor::State) {
    with_line(state);
    crate::life::contractor::stage::done(state);
    state.clock.set("2026-04-11T00:00:00Z".parse().unwrap());
}

fn decide<'a>(stage: &'a Stage, call: i64, expenses: &[&str], materials: &[&str]) -> builder::SetCallCostApproval<'a> {
    let approved = |lines: &[&str]| -> BTreeMap<String, ApprovalStatus> {
        lines.iter().map(|line| ((*line).to_owned(), ApprovalStatus::Approved)).collect()
    };
    let (expenses, materials) = (approved(expenses), approved(materials));
    stage.desk.set_call_cost_approval().call_id(call).body_map(|b| b.expenses(expenses).materials(materials))
}

fn add_expense(ivanov: &Client, call: i64, count: f64, item: i64) -> builder::AddExpense<'_> {
    ivanov.add_expense().call_id(call).body_map(|b| b.count(count).expenditure_item_id(item))
}

fn update_expense(ivanov: &Client, call: i64, line: i64, count: f64) -> builder::UpdateExpense<'_> {
    ivanov.update_expense().call_id(call).expense_id(line).body_map(|b| b.count(count))
}

fn remove_expense(stage: &Stage, call: i64, line: i64) -> builder::RemoveExpense<'_> {
    stage.ivanov.remove_expense().call_id(call).expense_id(line)
}

fn add_material(ivanov: &Client, call: i64, price: f64) -> builder::AddMaterial<'_> {
    ivanov.add_material().call_id(call).body(material(price))
}

fn update_material(ivanov: &Client, call: i64, line: i64, price: f64) -> builder::UpdateMaterial<'_> {
    ivanov.update_material().call_id(call).material_id(line).body_map(|b| b.price(price))
}

fn remove_material(stage: &Stage, call: i64, line: i64) -> builder::RemoveMaterial<'_> {
    stage.ivanov.remove_material().call_id(call).material_id(line)
}
