//! `cargo run --example price_a_call`: the cost estimate of a call, from the contractor's draft to the desk's approval.
//!
//! The engineer adds expenses and materials, corrects one and removes another, and submits the estimate; the desk approves it
//! line by line. After that, a change is refused, and the failure says why.

use std::{collections::BTreeMap, error::Error};

use casewire::{
    ErrorKind,
    contractor::{
        Auth, Client, Config,
        types::{ApprovalStatus, CallCostDto, CallStatus, MaterialOwnerType},
    },
};
use casewire_sandbox::{Contractor, contractor::EXTERNAL_SYSTEM_KEY};

/// What the sandbox has at the start.
const CALL: i64 = 683_913;
const TRAVEL: i64 = 301;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Contractor::start().await?;
    let engineer = Client::connect(Config::new(sandbox.url())?, Auth::user("ivanov", "Passw0rd"))?;
    let desk = Client::connect(Config::new(sandbox.url())?, Auth::external_system(EXTERNAL_SYSTEM_KEY))?;
    engineer.set_call_status().id(CALL).body_map(|body| body.status(CallStatus::Committed)).send().await?;

    // Before there is one, the result is `None`, whether the server sends 204 or `null`.
    if desk.get_call_cost().call_id(CALL).send().await?.is_none() {
        engineer.create_call_cost().call_id(CALL).send().await?;
    }
    let expense = |body: casewire::contractor::types::builder::PostExpenseInputDtoBuilder| {
        body.expenditure_item_id(TRAVEL).count(2.0)
    };
    let travel = engineer.add_expense().call_id(CALL).body_map(expense).send().await?.id.ok_or("no id")?;
    let material = async |name: &'static str, price: f64| {
        let owner = MaterialOwnerType::Contractor;
        let add = engineer.add_material().call_id(CALL);
        let add =
            add.body_map(move |body| body.name(name).serial_number("A-17").count(1.0).price(price).owner_type(owner));
        add.send().await?.id.ok_or_else(|| Box::<dyn Error>::from("no id"))
    };
    let printer = material("Принтер чеков", 5400.0).await?;
    let cable = material("Кабель", 350.0).await?;
    engineer.remove_material().call_id(CALL).material_id(cable).send().await?;
    print(&estimate(&desk).await?);

    let finished = engineer.set_call_status().id(CALL);
    let comment = "Принтер заменён".to_owned();
    finished.body_map(|body| body.status(CallStatus::Done).comments(comment)).send().await?;
    engineer.submit_call_cost().call_id(CALL).send().await?;

    let expenses: BTreeMap<_, _> = [(travel.to_string(), ApprovalStatus::Approved)].into();
    let materials: BTreeMap<_, _> = [(printer.to_string(), ApprovalStatus::ApprovedWithCorrection)].into();
    let approval = desk.set_call_cost_approval().call_id(CALL);
    approval.body_map(|body| body.expenses(expenses).materials(materials)).send().await?;
    print(&estimate(&desk).await?);

    let Err(late) = engineer.remove_material().call_id(CALL).material_id(printer).send().await else {
        return Err("a line was removed after the approval".into());
    };
    println!("too late: {late}");
    if late.kind() == ErrorKind::Conflict { Ok(()) } else { Err(late.into()) }
}

async fn estimate(desk: &Client) -> Result<CallCostDto, Box<dyn Error>> {
    Ok(desk.get_call_cost().call_id(CALL).send().await?.into_inner().ok_or("there is no estimate")?)
}

fn print(estimate: &CallCostDto) {
    println!("the estimate is {:?}", estimate.status);
    for expense in &estimate.expenses {
        println!(
            "  expense {:?} of item {:?}: {:?} ×, {:?}",
            expense.id, expense.expenditure_item_id, expense.count, expense.status
        );
    }
    for material in &estimate.materials {
        println!("  {:?}: {:?} × {:?}, {:?}", material.name, material.count, material.price, material.status);
    }
}
