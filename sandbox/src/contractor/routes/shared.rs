//! Tag Shared: what a field employee does who has no account, only a temporary link to one call.
//! The link's token is the whole credential, and stands for the call.

use axum::extract::Request;

use super::{
    call_cost::{new_expense, new_material},
    call_task::{attach, file_of, result_in},
    no_content, ok,
};
use crate::contractor::{
    extract::{App, Id, Ids, Input, LinkToken},
    input,
    model::{Call, CallStatus, Cost, CostStatus, TaskStatus},
    refusal::{Refusal, Result},
    state::{self, Ids as NextIds, State},
    view,
};

const TASK_STATUS: Refusal = Refusal::CONFLICT.code(3);
const CALL_STATUS: Refusal = Refusal::CONFLICT.code(7);

/// GET /shared/call
pub(super) async fn get(app: App, LinkToken(token): LinkToken) -> Result {
    app.with(|state| Ok(ok(view::call(state.linked(&token)?))))
}

/// POST /shared/call/done; either everything in it takes effect or nothing.
pub(super) async fn complete(app: App, LinkToken(token): LinkToken, Input(input): Input<input::CallResult>) -> Result {
    app.with(|state| {
        complete_call(state, &token, input)?;
        let call = state.linked(&token)?;
        let body = view::call(call);
        Ok(if state.shared_done_empty { no_content() } else { ok(body) })
    })
}

fn complete_call(state: &mut State, token: &str, input: input::CallResult) -> Result<()> {
    let now = state.clock.now();
    let mut ids = state.ids;
    let call = state.linked(token)?;

    // The work is done on a copy, which takes the call's place once all of it has succeeded.
    let mut done = call.clone();
    if input.comments.trim().is_empty() {
        return Err(Refusal::BAD_REQUEST);
    }
    if done.status != CallStatus::Committed {
        return Err(CALL_STATUS);
    }
    for result in &input.call_task_results {
        set_task(&mut done, result)?;
    }
    add_lines(&mut done, &mut ids, input.expenses, input.materials)?;
    done.status = CallStatus::Done;
    done.comments = Some(input.comments);
    done.finished = Some(now);
    *call = done;

    let mark = state.marks.take();
    state.linked(token)?.timestamp = mark;
    state.ids = ids;
    Ok(())
}

fn set_task(call: &mut Call, result: &input::TaskResult) -> Result<()> {
    let (Some(id), Some(status)) = (result.task_id, result.new_status) else { return Err(Refusal::BAD_REQUEST) };
    let task = call.task_mut(id).ok_or(Refusal::NOT_FOUND)?;
    if task.status != TaskStatus::New || status == TaskStatus::New {
        return Err(TASK_STATUS);
    }
    task.status = status;
    Ok(())
}

fn add_lines(
    call: &mut Call,
    ids: &mut NextIds,
    expenses: Vec<input::NewExpense>,
    materials: Vec<input::NewMaterial>,
) -> Result<()> {
    if expenses.is_empty() && materials.is_empty() {
        return Ok(());
    }
    let cost = call.cost.get_or_insert_with(Cost::draft);
    if cost.status != CostStatus::Draft {
        return Err(CALL_STATUS);
    }
    for expense in expenses {
        // The interface has no code here for an expense that is for nothing the call offers.
        if !call.expenditure_items.iter().any(|item| item.id == expense.expenditure_item_id) {
            return Err(Refusal::BAD_REQUEST);
        }
        cost.expenses.push(new_expense(ids, &expense));
    }
    cost.materials.extend(materials.into_iter().map(|material| new_material(ids, material)));
    Ok(())
}

/// POST /shared/callTask/{id}/attachment
pub(super) async fn upload(app: App, LinkToken(token): LinkToken, Id(id): Id, request: Request) -> Result {
    let target = |state: &mut State| {
        let call = state.linked(&token)?;
        call.task(id).ok_or(Refusal::NOT_FOUND)?;
        if call.status == CallStatus::Done { Ok(call.id) } else { Err(Refusal::CONFLICT) }
    };
    attach(&app, id, target, request).await
}

/// GET /shared/callTask/{id}/attachment/{attachmentId}/download
///
/// With a token that isn't known, no task can be found: code 1, since the interface has
/// no other for it.
pub(super) async fn download(app: App, LinkToken(token): LinkToken, Ids(task, id): Ids) -> Result {
    let no_task = Refusal::NOT_FOUND.code(1);
    app.with(|state| {
        let linked = state.linked(&token).map_err(|_| no_task)?.id;
        let call = state::call_with_task(&mut state.calls, task).map_err(|_| no_task)?;
        if call.id != linked {
            return Err(Refusal::FORBIDDEN);
        }
        file_of(call.task(task).ok_or(no_task)?, id)
    })
}

/// GET /shared/callTask/{id}/result
pub(super) async fn result(app: App, LinkToken(token): LinkToken, Id(id): Id) -> Result {
    app.with(|state| result_in(state.linked(&token)?, id))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn linked() -> State {
        let mut state = State::seeded();
        let call = state.calls.get_mut(&683_913).unwrap();
        call.status = CallStatus::Committed;
        call.link = Some("link".to_owned());
        state
    }

    fn input(body: Value) -> input::CallResult {
        serde_json::from_value(body).unwrap()
    }

    #[test]
    fn a_result_takes_effect_as_a_whole() {
        let mut state = linked();
        let body = json!({
            "comments": "Готово",
            "callTaskResults": [{"taskId": 91001, "newStatus": "Done"}, {"taskId": 91002, "newStatus": "Canceled"}],
            "expenses": [{"count": 2, "expenditureItemId": 301}],
            "materials": [{"count": 1, "name": "Лента", "ownerType": "Contractor", "price": 90.5, "serialNumber": "-"}],
        });
        assert_eq!(complete_call(&mut state, "link", input(body)), Ok(()));
        let call = &state.calls[&683_913];
        assert_eq!((call.status, call.finished, call.timestamp), (CallStatus::Done, Some(state.clock.now()), 3));
        assert_eq!(
            call.tasks.iter().map(|task| task.status).collect::<Vec<_>>(),
            [TaskStatus::Done, TaskStatus::Canceled]
        );
        let cost = call.cost.as_ref().unwrap();
        assert_eq!((cost.expenses[0].id, cost.materials[0].id), (3001, 4001));
        assert_eq!(state.ids.expense.next, 3002);
    }

    #[test]
    fn a_failure_leaves_everything_as_it_was() {
        let done = json!({"taskId": 91001, "newStatus": "Done"});
        for (tasks, item, expect) in [
            (json!([done, {"taskId": 91000, "newStatus": "Done"}]), 301, Refusal::NOT_FOUND),
            (json!([done, done]), 301, TASK_STATUS),
            (json!([done, {"taskId": 91002, "newStatus": "New"}]), 301, TASK_STATUS),
            (json!([done, {"taskId": 91002}]), 301, Refusal::BAD_REQUEST),
            (json!([done]), 999, Refusal::BAD_REQUEST),
        ] {
            let mut state = linked();
            let before = state.clone();
            let expenses = json!([{"count": 1, "expenditureItemId": 302}, {"count": 1, "expenditureItemId": item}]);
            let body = json!({"comments": "Готово", "callTaskResults": tasks, "expenses": expenses});
            assert_eq!(complete_call(&mut state, "link", input(body)), Err(expect), "{tasks}");
            assert_eq!(state, before);
        }
    }
}
