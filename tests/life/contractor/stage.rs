//! A sandbox with its clients, states to begin a test in.
//! The states are set directly, so that a test of one operation depends on no other.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use casewire::contractor::{Auth, Client, types};
use casewire_sandbox::{
    Contractor,
    contractor::{
        Approval, Attachment, AttachmentKind, Call, CallStatus, Cost, CostStatus, EXTERNAL_SYSTEM_KEY, Expense,
        Material, OwnerType, SAMPLE_JPEG, State, TaskStatus,
    },
};
use serde_json::json;
use support::quick::quick;

use crate::life::common::Staged;

/// The new call of user 7, `ivanov`.
pub const CALL: i64 = 683_913;
/// The closed call of user 8, `petrova`.
pub const CLOSED_CALL: i64 = 683_912;
/// The tasks of [`CALL`].
pub const TASK: i64 = 91_001;
pub const OTHER_TASK: i64 = 91_002;
/// The task of [`CLOSED_CALL`].
pub const CLOSED_TASK: i64 = 91_000;
/// What an expense of [`CALL`] can be for.
pub const TRAVEL: i64 = 301;
/// What [`with_line`] puts into the estimate, and [`with_file`] into the task.
pub const EXPENSE: i64 = 3001;
pub const MATERIAL: i64 = 4001;
pub const FILE: i64 = 5001;
/// The token that [`linked`] gives to [`CALL`].
pub const LINK: &str = "a link/of ours";
/// What nothing has.
pub const NOWHERE: i64 = 999;

/// A sandbox and the clients that tests need most.
pub struct Stage {
    pub sandbox: Contractor,
    /// The external system.
    pub desk: Client,
    /// User 7.
    pub ivanov: Client,
    /// User 8.
    pub petrova: Client,
    /// Someone with no credential but, perhaps, a link.
    pub holder: Client,
}

impl Staged for Stage {
    type State = State;

    async fn open() -> std::io::Result<Contractor> {
        Contractor::start().await
    }

    fn of(sandbox: Contractor) -> Self {
        let connect = |auth| Client::connect(quick(sandbox.url()), auth);
        let desk = connect(Auth::external_system(EXTERNAL_SYSTEM_KEY)).unwrap();
        let ivanov = connect(Auth::user("ivanov", "Passw0rd")).unwrap();
        let petrova = connect(Auth::user("petrova", "Пароль1")).unwrap();
        let holder = connect(Auth::anonymous()).unwrap();
        Self { sandbox, desk, ivanov, petrova, holder }
    }

    fn sandbox(&self) -> &Contractor {
        &self.sandbox
    }
}

impl Stage {
    /// A client with other credentials.
    pub fn connect(&self, auth: Auth) -> Client {
        Client::connect(quick(self.sandbox.url()), auth).unwrap()
    }

    /// Ivanov and the desk in one, behind a gateway that adds the header `api-version`,
    /// but not to the sign-in, which is done here. The sandbox answers 400 to that
    /// header, whatever the operation.
    pub async fn behind_a_gateway(&self) -> Client {
        let (on, url) = (Arc::new(AtomicBool::new(false)), self.sandbox.url().to_owned());
        let gateway = reqwest::Proxy::custom({
            let on = Arc::clone(&on);
            move |_| on.load(Ordering::SeqCst).then(|| url.clone())
        });
        let header = [(reqwest::header::HeaderName::from_static("api-version"), "v1".parse().unwrap())];
        let gateway = gateway.headers(header.into_iter().collect());
        let config = quick(self.sandbox.url()).http(move |http| http.proxy(gateway.clone()));
        let auth = Auth::user("ivanov", "Passw0rd").and_external_system(EXTERNAL_SYSTEM_KEY);
        let client = Client::connect(config, auth).unwrap();
        client.get_self().send().await.unwrap();
        on.store(true, Ordering::SeqCst);
        client
    }
}

/// [`CALL`] in the state.
pub fn call(state: &mut State) -> &mut Call {
    state.calls.get_mut(&CALL).unwrap()
}

pub fn fresh(_: &mut State) {}

pub fn committed(state: &mut State) {
    call(state).status = CallStatus::Committed;
}

pub fn done(state: &mut State) {
    let now = state.clock.now();
    let call = call(state);
    call.status = CallStatus::Done;
    call.finished = Some(now);
}

pub fn closed(state: &mut State) {
    call(state).status = CallStatus::Closed;
}

/// Accepted, and [`LINK`] leads to it.
pub fn linked(state: &mut State) {
    committed(state);
    call(state).link = Some(LINK.to_owned());
}

/// Done, and [`LINK`] still leads to it.
pub fn linked_and_done(state: &mut State) {
    linked(state);
    done(state);
    task_done(state);
}

/// Accepted, with [`TASK`] done.
pub fn task_done(state: &mut State) {
    if call(state).status == CallStatus::New {
        committed(state);
    }
    state.task_mut(TASK).unwrap().status = TaskStatus::Done;
}

/// Accepted, with [`FILE`] attached to [`TASK`].
pub fn with_file(state: &mut State) {
    task_done(state);
    let uploaded = state.clock.now();
    state.task_mut(TASK).unwrap().attachments.push(Attachment {
        id: FILE,
        name: "фото.jpg".to_owned(),
        blob_name: "blob".to_owned(),
        uploaded,
        kind: AttachmentKind::Jpeg,
        data: SAMPLE_JPEG.into(),
    });
}

/// Accepted, with an empty estimate.
pub fn with_draft(state: &mut State) {
    committed(state);
    call(state).cost = Some(Cost::draft());
}

/// Accepted, with a line of each sort in the estimate.
pub fn with_line(state: &mut State) {
    with_draft(state);
    let cost = call(state).cost.as_mut().unwrap();
    cost.expenses.push(Expense { id: EXPENSE, count: 1.0, expenditure_item: TRAVEL, status: Approval::New });
    cost.materials.push(Material {
        id: MATERIAL,
        count: 1.0,
        name: "Принтер чеков".to_owned(),
        owner_type: OwnerType::Contractor,
        price: 5400.0,
        serial_number: "A-17".to_owned(),
        status: Approval::New,
    });
}

/// As [`with_line`], and submitted.
pub fn submitted(state: &mut State) {
    with_line(state);
    call(state).cost.as_mut().unwrap().status = CostStatus::InProgress;
}

/// The call of the spec's example, for user 7.
pub fn call_input(change: impl FnOnce(&mut types::CallInputDto)) -> types::CallInputDto {
    let mut input = serde_json::from_value(json!({
        "availableExpenditureItems": [{ "name": "Проезд" }, { "name": "Доставка" }],
        "clientName": "ООО «Ромашка»",
        "contactPersonName": "Анна Смирнова",
        "created": "2026-03-02T11:15:00+03:00",
        "critical": true,
        "descriptionHtmlText": "<p>Касса 2 не печатает чеки.</p>",
        "descriptionTextForFieldEmployee": "Касса 2 не печатает чеки.",
        "ownerId": 7,
        "serviceObjectAddress": "Москва, ул. Лесная, д. 5",
        "serviceObjectLatitude": 55.7793,
        "serviceObjectLongitude": 37.5863,
        "serviceObjectName": "Магазин № 12",
        "tasks": [{ "title": "Заменить чековый принтер" }, { "title": "Проверить ИБП" }],
        "ttf": "2026-03-03T18:00:00Z",
    }))
    .unwrap();
    change(&mut input);
    input
}

/// A spare part.
pub fn material(price: f64) -> types::PostMaterialInputDto {
    let material = types::PostMaterialInputDto::builder().count(1.0).name("Батарея ИБП").price(0.0);
    let material = material.owner_type(types::MaterialOwnerType::ContractHolders).serial_number("BAT-000456");
    let mut material = material.build().unwrap();
    // The builder would refuse what isn't a number.
    material.price = price;
    material
}

/// A report on a linked call.
pub fn report(comments: &str, tasks: &[(i64, types::CallTaskStatus)]) -> types::PostCallResultDto {
    let result = |(id, status): &(i64, types::CallTaskStatus)| {
        types::PostCallTaskItemDto::builder().task_id(*id).new_status(status.clone()).build().unwrap()
    };
    let report = types::PostCallResultDto::builder().comments(comments);
    report.call_task_results(tasks.iter().map(result).collect::<Vec<_>>()).build().unwrap()
}
