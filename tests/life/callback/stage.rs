//! A sandbox with its client, and reports to send.

use casewire::callback::{
    Auth, Client, Endpoints, builder,
    types::{BatchResponse, RegisteredOrRendered, RegisteredOrRenderedStatus, Rejected, RejectedStatus},
};
use casewire_sandbox::{
    Callback,
    callback::{State, Status},
};
use support::quick::quick;

use crate::life::common::Staged;

pub const LOGIN: &str = "integration@oip.example";
pub const PASSWORD: &str = "Petr0v-1";
pub const AUTHENTICATED: (&str, u16) = ("authenticate", 200);

/// A sandbox and the client of an organisation.
pub struct Stage {
    pub sandbox: Callback,
    pub client: Client,
}

impl Staged for Stage {
    type State = State;

    async fn open() -> std::io::Result<Callback> {
        Callback::start().await
    }

    fn of(sandbox: Callback) -> Self {
        let client = connect(&sandbox, Auth::user(LOGIN, PASSWORD), Endpoints::default());
        Self { sandbox, client }
    }

    fn sandbox(&self) -> &Callback {
        &self.sandbox
    }
}

impl Stage {
    /// The next batch, at most two applications.
    pub async fn fetch(&self) -> BatchResponse {
        self.client.fetch_applications().limit(2).send().await.unwrap().into_inner()
    }

    /// Withdraws all tokens.
    pub fn withdraw(&self) {
        self.sandbox.state(|state| state.tokens.clear());
    }

    /// The status and comment of an application.
    pub fn reported(&self, id: &str) -> (Option<Status>, Option<String>) {
        self.sandbox.state(|state| (state.applications[id].status, state.applications[id].comment.clone()))
    }

    /// The ids of the applications that were delivered and confirmed.
    pub fn delivered(&self) -> Vec<String> {
        self.sandbox.state(|state| {
            let delivered = state.applications.values().filter(|one| one.delivered);
            delivered.map(|one| one.id.clone()).collect()
        })
    }
}

pub fn connect(sandbox: &Callback, auth: Auth, endpoints: Endpoints) -> Client {
    Client::connect(quick(sandbox.url()), auth, endpoints).unwrap()
}

/// The ids in a batch.
pub fn ids(batch: &BatchResponse) -> Vec<&str> {
    batch.applications.iter().map(|one| one.application_id.as_str()).collect()
}

pub fn authenticate(client: &Client, password: &str) -> builder::Authenticate {
    client.authenticate().body_map(|body| body.login(LOGIN).password(password))
}

fn report(client: &Client, id: &str, status: RegisteredOrRenderedStatus) -> builder::ReportStatus {
    let report = RegisteredOrRendered::builder().application_id(id).status(status);
    client.report_status().body(RegisteredOrRendered::try_from(report).unwrap())
}

pub fn register(client: &Client, id: &str) -> builder::ReportStatus {
    report(client, id, RegisteredOrRenderedStatus::Registered)
}

pub fn render(client: &Client, id: &str) -> builder::ReportStatus {
    report(client, id, RegisteredOrRenderedStatus::Rendered)
}

pub fn reject(client: &Client, id: &str, comment: &str) -> builder::ReportStatus {
    let report = Rejected::builder().application_id(id).status(RejectedStatus::Rejected).comment(comment);
    client.report_status().body(Rejected::try_from(report).unwrap())
}
