//! The failures of the tag CallCost: the estimate, its lines, its submission and its approval.

use std::collections::BTreeMap;

use casewire::contractor::{
    Client, builder,
    error::{
        AddExpenseError, AddExpenseNotFoundCode, AddMaterialError, AddMaterialNotFoundCode, CreateCallCostError,
        GetCallCostError, RemoveExpenseError, RemoveExpenseNotFoundCode, RemoveMaterialError,
        RemoveMaterialNotFoundCode, SetCallCostApprovalError, SetCallCostApprovalNotFoundCode, SubmitCallCostError,
        UpdateExpenseError, UpdateExpenseNotFoundCode, UpdateMaterialError, UpdateMaterialNotFoundCode,
    },
    types::ApprovalStatus,
};
use casewire_sandbox::contractor::State;

use super::{Row, behind_a_gateway, call, coded, dto, row};
use crate::life::contractor::stage::{
    CALL, CLOSED_CALL, EXPENSE, MATERIAL, NOWHERE, Stage, TRAVEL, committed, fresh, material, submitted, with_draft,
    with_line,
};

pub fn table() -> Vec<Row> {
    let mut rows = estimate();
    rows.extend(expenses());
    rows.extend(materials());
    rows
}

fn estimate() -> Vec<Row> {
    vec![
        row("404", fresh, call!(|s| s.desk.get_call_cost().call_id(NOWHERE)), GetCallCostError::NotFound(dto(0))),
        row("403", committed, call!(|s| s.petrova.create_call_cost().call_id(CALL)), CreateCallCostError::Forbidden),
        row("404", fresh, call!(|s| s.ivanov.create_call_cost().call_id(NOWHERE)), CreateCallCostError::NotFound),
        row("409", fresh, call!(|s| s.ivanov.create_call_cost().call_id(CALL)), CreateCallCostError::Conflict),
        row("409", with_draft, call!(|s| s.ivanov.create_call_cost().call_id(CALL)), CreateCallCostError::Conflict),
        row("403", with_line, call!(|s| s.petrova.submit_call_cost().call_id(CALL)), SubmitCallCostError::Forbidden),
        row("404", fresh, call!(|s| s.ivanov.submit_call_cost().call_id(NOWHERE)), SubmitCallCostError::NotFound),
        row("409", submitted, call!(|s| s.ivanov.submit_call_cost().call_id(CALL)), SubmitCallCostError::Conflict),
        row("409", too_late, call!(|s| s.ivanov.submit_call_cost().call_id(CALL)), SubmitCallCostError::Conflict),
        row("400", submitted, call!(|s| decide(s, CALL, &["first"], &[])), SetCallCostApprovalError::BadRequest),
        row(
            "404",
            fresh,
            call!(|s| decide(s, NOWHERE, &[], &[])),
            coded!(SetCallCostApprovalError::NotFound, SetCallCostApprovalNotFoundCode::CallNotFound, 1),
        ),
        row(
            "404",
            committed,
            call!(|s| decide(s, CALL, &[], &[])),
            coded!(SetCallCostApprovalError::NotFound, SetCallCostApprovalNotFoundCode::CallCostNotFound, 2),
        ),
        row(
            "404",
            submitted,
            call!(|s| decide(s, CALL, &["3001", "3999"], &[])),
            coded!(SetCallCostApprovalError::NotFound, SetCallCostApprovalNotFoundCode::ExpenseNotFound, 3),
        ),
        row(
            "404",
            submitted,
            call!(|s| decide(s, CALL, &["3001"], &["4999"])),
            coded!(SetCallCostApprovalError::NotFound, SetCallCostApprovalNotFoundCode::MaterialNotFound, 4),
        ),
        row("409", with_line, call!(|s| decide(s, CALL, &["3001"], &["4001"])), SetCallCostApprovalError::Conflict),
    ]
}

fn expenses() -> Vec<Row> {
    vec![
        row(
            "400",
            with_draft,
            behind_a_gateway!(|ivanov| add_expense(&ivanov, CALL, 1.0, TRAVEL)),
            AddExpenseError::BadRequest,
        ),
        row("403", with_draft, call!(|s| add_expense(&s.ivanov, CLOSED_CALL, 1.0, TRAVEL)), AddExpenseError::Forbidden),
        row(
            "404",
            fresh,
            call!(|s| add_expense(&s.ivanov, NOWHERE, 1.0, TRAVEL)),
            coded!(AddExpenseError::NotFound, AddExpenseNotFoundCode::CallNotFound, 1),
        ),
        row(
            "404",
            committed,
            call!(|s| add_expense(&s.ivanov, CALL, 1.0, TRAVEL)),
            coded!(AddExpenseError::NotFound, AddExpenseNotFoundCode::CallCostNotFound, 2),
        ),
        row(
            "404",
            with_draft,
            call!(|s| add_expense(&s.ivanov, CALL, 1.0, NOWHERE)),
            coded!(AddExpenseError::NotFound, AddExpenseNotFoundCode::ExpenseNotFound, 3),
        ),
        row("409", submitted, call!(|s| add_expense(&s.ivanov, CALL, 1.0, TRAVEL)), AddExpenseError::Conflict),
        row(
            "400",
            with_line,
            behind_a_gateway!(|ivanov| update_expense(&ivanov, CALL, EXPENSE, 2.0)),
            UpdateExpenseError::BadRequest,
        ),
        row(
            "403",
            with_line,
            call!(|s| update_expense(&s.ivanov, CLOSED_CALL, EXPENSE, 2.0)),
            UpdateExpenseError::Forbidden,
        ),
        row(
            "404",
            fresh,
            call!(|s| update_expense(&s.ivanov, NOWHERE, EXPENSE, 2.0)),
            coded!(UpdateExpenseError::NotFound, UpdateExpenseNotFoundCode::CallNotFound, 1),
        ),
        row(
            "404",
            committed,
            call!(|s| update_expense(&s.ivanov, CALL, EXPENSE, 2.0)),
            coded!(UpdateExpenseError::NotFound, UpdateExpenseNotFoundCode::CallCostNotFound, 2),
        ),
        row(
            "404",
            with_line,
            call!(|s| update_expense(&s.ivanov, CALL, NOWHERE, 2.0)),
            coded!(UpdateExpenseError::NotFound, UpdateExpenseNotFoundCode::ExpenseNotFound, 3),
        ),
        row("409", submitted, call!(|s| update_expense(&s.ivanov, CALL, EXPENSE, 2.0)), UpdateExpenseError::Conflict),
        row(
            "400",
            with_line,
            behind_a_gateway!(|ivanov| ivanov.remove_expense().call_id(CALL).expense_id(EXPENSE)),
            RemoveExpenseError::BadRequest,
        ),
        row("403", with_line, call!(|s| remove_expense(s, CLOSED_CALL, EXPENSE)), RemoveExpenseError::Forbidden),
        row(
            "404",
            fresh,
            call!(|s| remove_expense(s, NOWHERE, EXPENSE)),
            coded!(RemoveExpenseError::NotFound, RemoveExpenseNotFoundCode::CallNotFound, 1),
        ),
        row(
            "404",
            committed,
            call!(|s| remove_expense(s, CALL, EXPENSE)),
            coded!(RemoveExpenseError::NotFound, RemoveExpenseNotFoundCode::CallCostNotFound, 2),
        ),
        row(
            "404",
            with_line,
            call!(|s| remove_expense(s, CALL, NOWHERE)),
            coded!(RemoveExpenseError::NotFound, RemoveExpenseNotFoundCode::ExpenseNotFound, 3),
        ),
        row("409", submitted, call!(|s| remove_expense(s, CALL, EXPENSE)), RemoveExpenseError::Conflict),
    ]
}

fn materials() -> Vec<Row> {
    vec![
        row(
            "400",
            with_draft,
            behind_a_gateway!(|ivanov| add_material(&ivanov, CALL, 90.5)),
            AddMaterialError::BadRequest,
        ),
        row("403", with_draft, call!(|s| add_material(&s.ivanov, CLOSED_CALL, 90.5)), AddMaterialError::Forbidden),
        row(
            "404",
            fresh,
            call!(|s| add_material(&s.ivanov, NOWHERE, 90.5)),
            coded!(AddMaterialError::NotFound, AddMaterialNotFoundCode::CallNotFound, 1),
        ),
        row(
            "404",
            committed,
            call!(|s| add_material(&s.ivanov, CALL, 90.5)),
            coded!(AddMaterialError::NotFound, AddMaterialNotFoundCode::CallCostNotFound, 2),
        ),
        row("409", submitted, call!(|s| add_material(&s.ivanov, CALL, 90.5)), AddMaterialError::Conflict),
        row(
            "400",
            with_line,
            behind_a_gateway!(|ivanov| update_material(&ivanov, CALL, MATERIAL, 90.5)),
            UpdateMaterialError::BadRequest,
        ),
        row(
            "403",
            with_line,
            call!(|s| update_material(&s.ivanov, CLOSED_CALL, MATERIAL, 90.5)),
            UpdateMaterialError::Forbidden,
        ),
        row(
            "404",
            fresh,
            call!(|s| update_material(&s.ivanov, NOWHERE, MATERIAL, 90.5)),
            coded!(UpdateMaterialError::NotFound, UpdateMaterialNotFoundCode::CallNotFound, 1),
        ),
        row(
            "404",
            committed,
            call!(|s| update_material(&s.ivanov, CALL, MATERIAL, 90.5)),
            coded!(UpdateMaterialError::NotFound, UpdateMaterialNotFoundCode::CallCostNotFound, 2),
        ),
        row(
            "404",
            with_line,
            call!(|s| update_material(&s.ivanov, CALL, NOWHERE, 90.5)),
            coded!(UpdateMaterialError::NotFound, UpdateMaterialNotFoundCode::MaterialNotFound, 4),
        ),
        row(
            "409",
            submitted,
            call!(|s| update_material(&s.ivanov, CALL, MATERIAL, 90.5)),
            UpdateMaterialError::Conflict,
        ),
        row(
            "400",
            with_line,
            behind_a_gateway!(|ivanov| ivanov.remove_material().call_id(CALL).material_id(MATERIAL)),
            RemoveMaterialError::BadRequest,
        ),
        row("403", with_line, call!(|s| remove_material(s, CLOSED_CALL, MATERIAL)), RemoveMaterialError::Forbidden),
        row(
            "404",
            fresh,
            call!(|s| remove_material(s, NOWHERE, MATERIAL)),
            coded!(RemoveMaterialError::NotFound, RemoveMaterialNotFoundCode::CallNotFound, 1),
        ),
        row(
            "404",
            committed,
            call!(|s| remove_material(s, CALL, MATERIAL)),
            coded!(RemoveMaterialError::NotFound, RemoveMaterialNotFoundCode::CallCostNotFound, 2),
        ),
        row(
            "404",
            with_line,
            call!(|s| remove_material(s, CALL, NOWHERE)),
            coded!(RemoveMaterialError::NotFound, RemoveMaterialNotFoundCode::MaterialNotFound, 4),
        ),
        row("409", submitted, call!(|s| remove_material(s, CALL, MATERIAL)), RemoveMaterialError::Conflict),
    ]
}

/// A draft whose call was finished so long ago that it can't be submitted any more.
fn too_late(state: &mut State) {
    with_line(state);
    crate::life::contractor::stage::done(state);
    state.clock.set("2026-04-11T00:00:00Z".parse().unwrap());
}

fn decide(stage: &Stage, call: i64, expenses: &[&str], materials: &[&str]) -> builder::SetCallCostApproval {
    let approved = |lines: &[&str]| -> BTreeMap<String, ApprovalStatus> {
        lines.iter().map(|line| ((*line).to_owned(), ApprovalStatus::Approved)).collect()
    };
    let (expenses, materials) = (approved(expenses), approved(materials));
    stage.desk.set_call_cost_approval().call_id(call).body_map(|b| b.expenses(expenses).materials(materials))
}

fn add_expense(ivanov: &Client, call: i64, count: f64, item: i64) -> builder::AddExpense {
    ivanov.add_expense().call_id(call).body_map(|b| b.count(count).expenditure_item_id(item))
}

fn update_expense(ivanov: &Client, call: i64, line: i64, count: f64) -> builder::UpdateExpense {
    ivanov.update_expense().call_id(call).expense_id(line).body_map(|b| b.count(count))
}

fn remove_expense(stage: &Stage, call: i64, line: i64) -> builder::RemoveExpense {
    stage.ivanov.remove_expense().call_id(call).expense_id(line)
}

fn add_material(ivanov: &Client, call: i64, price: f64) -> builder::AddMaterial {
    ivanov.add_material().call_id(call).body(material(price))
}

fn update_material(ivanov: &Client, call: i64, line: i64, price: f64) -> builder::UpdateMaterial {
    ivanov.update_material().call_id(call).material_id(line).body_map(|b| b.price(price))
}

fn remove_material(stage: &Stage, call: i64, line: i64) -> builder::RemoveMaterial {
    stage.ivanov.remove_material().call_id(call).material_id(line)
}
