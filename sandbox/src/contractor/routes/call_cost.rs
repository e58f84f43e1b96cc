//! Tag CallCost: the cost estimate of a call, its lines, its submission and its approval.
//! The owner writes a draft and submits it; the external system decides on each line.

use std::collections::BTreeMap;

use jiff::{Timestamp, ToSpan, civil::Date};
use serde_json::json;

use super::{empty, no_content, ok};
use crate::{
    clock::day,
    contractor::{
        extract::{App, Id, Ids, Input, UserId},
        input,
        model::{Approval, CallStatus, Cost, CostStatus, ExpenditureItem, Expense, Material},
        refusal::{Refusal, Result},
        state::{self, Ids as NextIds, State},
        view,
    },
};

const NO_CALL: Refusal = Refusal::NOT_FOUND.code(1);
const NO_COST: Refusal = Refusal::NOT_FOUND.code(2);
const NO_EXPENSE: Refusal = Refusal::NOT_FOUND.code(3);
const NO_MATERIAL: Refusal = Refusal::NOT_FOUND.code(4);

/// POST /callCost/call/{callId}
pub(super) async fn create(app: App, UserId(user): UserId, Id(id): Id) -> Result {
    app.with(|state| {
        let call = state::own_call(&mut state.calls, user, id)?;
        if !matches!(call.status, CallStatus::Committed | CallStatus::Done) || call.cost.is_some() {
            return Err(Refusal::CONFLICT);
        }
        call.cost = Some(Cost::draft());
        Ok(no_content())
    })
}

/// GET /callCost/call/{callId}
pub(super) async fn get(app: App, Id(id): Id) -> Result {
    app.with(|state| {
        let call = state::call(&mut state.calls, id)?;
        Ok(call.cost.as_ref().map_or_else(no_content, |cost| ok(view::cost(cost))))
    })
}

/// POST /callCost/status/call/{callId}
pub(super) async fn submit(app: App, UserId(user): UserId, Id(id): Id) -> Result {
    app.with(|state| {
        let estimate = Estimate::own(state, user, id)?;
        estimate.check()?;
        estimate.cost.status = CostStatus::InProgress;
        Ok(no_content())
    })
}

/// PATCH /callCost/call/{callId}/changeApprovalStatus; either all of its lines are changed or none.
pub(super) async fn approve(app: App, Id(id): Id, Input(input): Input<input::Approvals>) -> Result {
    let expenses = decisions(input.expenses)?;
    let materials = decisions(input.materials)?;
    app.with(|state| {
        let call = state.calls.get_mut(&id).ok_or(NO_CALL)?;
        let cost = call.cost.as_mut().ok_or(NO_COST)?;
        let knows = |line: i64| cost.expenses.iter().any(|expense| expense.id == line);
        if !expenses.keys().copied().all(knows) {
            return Err(NO_EXPENSE);
        }
        let knows = |line: i64| cost.materials.iter().any(|material| material.id == line);
        if !materials.keys().copied().all(knows) {
            return Err(NO_MATERIAL);
        }
        if cost.status != CostStatus::InProgress {
            return Err(Refusal::CONFLICT);
        }
        for expense in &mut cost.expenses {
            expense.status = expenses.get(&expense.id).copied().unwrap_or(expense.status);
        }
        for material in &mut cost.materials {
            material.status = materials.get(&material.id).copied().unwrap_or(material.status);
        }
        let mut lines =
            cost.expenses.iter().map(|line| line.status).chain(cost.materials.iter().map(|line| line.status));
        if lines.all(|status| status != Approval::New) {
            cost.status = CostStatus::Processed;
        }
        Ok(no_content())
    })
}

/// The decisions by the lines' ids, which travel as names of properties. `New` decides nothing.
fn decisions(input: BTreeMap<String, Approval>) -> Result<BTreeMap<i64, Approval>> {
    let decision = |(line, approval): (String, Approval)| match line.parse() {
        Ok(line) if approval != Approval::New => Ok((line, approval)),
        _ => Err(Refusal::BAD_REQUEST),
    };
    input.into_iter().map(decision).collect()
}

/// POST /callCost/call/{callId}/expense
pub(super) async fn add_expense(
    app: App,
    UserId(user): UserId,
    Id(id): Id,
    Input(input): Input<input::NewExpense>,
) -> Result {
    app.with(|state| {
        let estimate = Estimate::own(state, user, id)?;
        estimate.check_item(input.expenditure_item_id)?;
        estimate.check()?;
        let expense = new_expense(estimate.ids, &input);
        let body = json!({ "id": expense.id });
        estimate.cost.expenses.push(expense);
        Ok(ok(body))
    })
}

/// DELETE /callCost/call/{callId}/expense/{expenseId}
///
/// Of the two empty successes that the interface has, expenses get 200 and materials 204,
/// so that a client meets both.
pub(super) async fn remove_expense(app: App, UserId(user): UserId, Ids(id, line): Ids) -> Result {
    app.with(|state| {
        let estimate = Estimate::own(state, user, id)?;
        let place = estimate.cost.expenses.iter().position(|expense| expense.id == line).ok_or(NO_EXPENSE)?;
        estimate.check()?;
        estimate.cost.expenses.remove(place);
        Ok(empty())
    })
}

/// PATCH /callCost/call/{callId}/expense/{expenseId}
pub(super) async fn update_expense(
    app: App,
    UserId(user): UserId,
    Ids(id, line): Ids,
    Input(input): Input<input::ExpensePatch>,
) -> Result {
    app.with(|state| {
        let estimate = Estimate::own(state, user, id)?;
        if let Some(item) = input.expenditure_item_id {
            estimate.check_item(item)?;
        }
        let editable = estimate.check();
        let expense = estimate.cost.expenses.iter_mut().find(|expense| expense.id == line).ok_or(NO_EXPENSE)?;
        editable?;
        expense.count = input.count.unwrap_or(expense.count);
        expense.expenditure_item = input.expenditure_item_id.unwrap_or(expense.expenditure_item);
        Ok(empty())
    })
}

/// POST /callCost/call/{callId}/material
pub(super) async fn add_material(
    app: App,
    UserId(user): UserId,
    Id(id): Id,
    Input(input): Input<input::NewMaterial>,
) -> Result {
    app.with(|state| {
        let estimate = Estimate::own(state, user, id)?;
        estimate.check()?;
        let material = new_material(estimate.ids, input);
        let body = json!({ "id": material.id });
        estimate.cost.materials.push(material);
        Ok(ok(body))
    })
}

/// DELETE /callCost/call/{callId}/material/{materialId}
pub(super) async fn remove_material(app: App, UserId(user): UserId, Ids(id, line): Ids) -> Result {
    app.with(|state| {
        let estimate = Estimate::own(state, user, id)?;
        let place = estimate.cost.materials.iter().position(|material| material.id == line).ok_or(NO_MATERIAL)?;
        estimate.check()?;
        estimate.cost.materials.remove(place);
        Ok(no_content())
    })
}

/// PATCH /callCost/call/{callId}/material/{materialId}
pub(super) async fn update_material(
    app: App,
    UserId(user): UserId,
    Ids(id, line): Ids,
    Input(input): Input<input::MaterialPatch>,
) -> Result {
    app.with(|state| {
        let estimate = Estimate::own(state, user, id)?;
        let editable = estimate.check();
        let material = estimate.cost.materials.iter_mut().find(|material| material.id == line).ok_or(NO_MATERIAL)?;
        editable?;
        material.count = input.count.unwrap_or(material.count);
        material.price = input.price.unwrap_or(material.price);
        material.owner_type = input.owner_type.unwrap_or(material.owner_type);
        if let Some(name) = input.name {
            material.name = name;
        }
        if let Some(serial_number) = input.serial_number {
            material.serial_number = serial_number;
        }
        Ok(no_content())
    })
}

/// A line on which nothing is decided yet.
pub(super) fn new_expense(ids: &mut NextIds, input: &input::NewExpense) -> Expense {
    Expense {
        id: ids.expense.take(),
        count: input.count,
        expenditure_item: input.expenditure_item_id,
        status: Approval::New,
    }
}

/// A line on which nothing is decided yet.
pub(super) fn new_material(ids: &mut NextIds, input: input::NewMaterial) -> Material {
    Material {
        id: ids.material.take(),
        count: input.count,
        name: input.name,
        owner_type: input.owner_type,
        price: input.price,
        serial_number: input.serial_number,
        status: Approval::New,
    }
}

/// The estimate of a user's call, and what is needed to change it.
#[derive(Debug)]
struct Estimate<'a> {
    cost: &'a mut Cost,
    items: &'a [ExpenditureItem],
    ids: &'a mut NextIds,
    in_time: bool,
}

impl<'a> Estimate<'a> {
    fn own(state: &'a mut State, user: i64, call: i64) -> Result<Self> {
        let call = state.calls.get_mut(&call).ok_or(NO_CALL)?;
        if call.owner != user {
            return Err(Refusal::FORBIDDEN);
        }
        let deadline = call.finished.map(|finished| deadline(finished, state.settings.call_cost_deadline_day));
        Ok(Self {
            cost: call.cost.as_mut().ok_or(NO_COST)?,
            items: &call.expenditure_items,
            ids: &mut state.ids,
            in_time: deadline.is_none_or(|deadline| state.clock.today() <= deadline),
        })
    }

    /// Only a draft can be changed, and only in time.
    fn check(&self) -> Result<()> {
        if self.in_time && self.cost.status == CostStatus::Draft { Ok(()) } else { Err(Refusal::CONFLICT) }
    }

    /// An expense has to be for something that the call offers. The code for a missing
    /// expense also belongs to the creation of one, where nothing else can be missing.
    fn check_item(&self, id: i64) -> Result<()> {
        if self.items.iter().any(|item| item.id == id) { Ok(()) } else { Err(NO_EXPENSE) }
    }
}

/// The last day on which the estimate of a finished call can be changed, in the calendar
/// month after it was finished.
fn deadline(finished: Timestamp, day_of_month: i8) -> Date {
    let next_month = day(finished).first_of_month().saturating_add(1.month());
    next_month.saturating_add(i64::from(day_of_month - 1).days())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deadline_is_in_the_following_month() {
        for (finished, day_of_month, expect) in [
            ("2026-03-02T09:00:00Z", 10, "2026-04-10"),
            ("2026-03-31T23:59:59Z", 1, "2026-04-01"),
            ("2026-12-31T12:00:00Z", 28, "2027-01-28"),
            ("2027-01-31T12:00:00Z", 28, "2027-02-28"),
            // The day is counted in UTC.
            ("2026-03-31T23:30:00-01:00", 5, "2026-05-05"),
        ] {
            let finished: Timestamp = finished.parse().unwrap();
            assert_eq!(deadline(finished, day_of_month).to_string(), expect, "{finished}");
        }
    }

    #[test]
    fn a_draft_is_open_up_to_and_on_its_last_day() {
        let mut state = State::seeded();
        let call = state.calls.get_mut(&683_913).unwrap();
        call.cost = Some(Cost::draft());
        call.finished = Some(state.clock.now());
        for (now, expect) in [
            ("2026-03-02T09:00:00Z", Ok(())),
            ("2026-04-10T23:59:59Z", Ok(())),
            ("2026-04-11T00:00:00Z", Err(Refusal::CONFLICT)),
        ] {
            state.clock.set(now.parse().unwrap());
            assert_eq!(Estimate::own(&mut state, 7, 683_913).unwrap().check(), expect, "{now}");
        }
    }
}
