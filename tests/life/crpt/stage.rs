//! A sandbox with its client, and states to begin a test in.

use casewire::crpt::{Auth, Client, builder, types};
use casewire_sandbox::{
    Crpt,
    crpt::{Case, ENTITY_SCHEMA_UID, SessionEnd, State},
};
use support::quick::quick;

use crate::life::common::Staged;

/// An open case with two messages, and the file of the second.
pub const CASE: &str = "SR00683913";
pub const FILE: &str = "840a6198-f5b8-40ee-9b01-32f522df50df";
pub const FILE_BYTES: usize = 35_000;
/// A case that was closed.
pub const CLOSED_CASE: &str = "SR00683850";
/// Cases that want attention, with a solution and without.
pub const SOLVED_CASE: &str = "SR00684153";
pub const UNSOLVED_CASE: &str = "SR00684154";
/// What there is not.
pub const NO_CASE: &str = "SR00000001";

pub const SIGNED_IN: (&str, u16) = ("login", 200);

/// A sandbox and the client of a participant.
pub struct Stage {
    pub sandbox: Crpt,
    /// `ivan.petrov`.
    pub ivan: Client,
}

impl Staged for Stage {
    type State = State;

    async fn open() -> std::io::Result<Crpt> {
        Crpt::start().await
    }

    fn of(sandbox: Crpt) -> Self {
        let ivan = connect(&sandbox, Auth::user("ivan.petrov", "Petr0v-1"));
        Self { sandbox, ivan }
    }

    fn sandbox(&self) -> &Crpt {
        &self.sandbox
    }
}

impl Stage {
    /// A sandbox in which the client is signed in.
    pub async fn signed_in() -> Self {
        let stage = Self::start().await;
        stage.ivan.list_cases().body(search("number", NO_CASE)).send().await.unwrap();
        stage
    }

    /// Ends all sessions. From now on, calls without one are answered like this.
    pub fn end_sessions(&self, end: SessionEnd) {
        self.sandbox.state(|state| {
            state.sessions.clear();
            state.session_end = end;
        });
    }

    /// A case as it is now.
    pub fn case(&self, number: &str) -> Case {
        self.sandbox.state(|state| state.cases[number].clone())
    }
}

/// A client with other credentials.
pub fn connect(sandbox: &Crpt, auth: Auth) -> Client {
    Client::connect(quick(sandbox.url()), auth).unwrap()
}

pub fn search(name: &str, value: impl Into<serde_json::Value>) -> types::CasesRequest {
    serde_json::Map::from_iter([(name.to_owned(), value.into())]).into()
}

pub fn message(client: &Client, number: &str, text: &str) -> builder::AddMessage {
    client.add_message().body_map(|body| body.number(number).message(text))
}

/// An upload from memory.
pub fn attach(client: &Client, number: &str, name: &str, content: &'static [u8]) -> builder::AttachFile {
    let length = i64::try_from(content.len()).unwrap();
    client.attach_file().number(number).filename(name).totallength(length).body(content)
}

pub fn download(client: &Client, file: &str) -> builder::DownloadFile {
    client.download_file().entity_schema_u_id(ENTITY_SCHEMA_UID).file_id(file)
}

pub fn update(client: &Client, number: &str, action: types::CaseAction) -> builder::UpdateCase {
    client.update_case().body_map(|body| body.number(number).status(action))
}
