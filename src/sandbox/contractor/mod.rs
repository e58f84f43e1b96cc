//! A sandbox of the ContractorPersonalArea interface: calls, their tasks and cost estimates, users and notifications.
//! It holds to the documented status machines and error codes; where the documents leave a choice, see below.
//!
//! - A request is judged in this order: `api-version` header (400), credential (401, 403), query (400), body of an
//!   operation without one (400), path ids (400), media type (415), body (400), what it names (404), whose it is (403),
//!   the state of things (409), the file (422).
//! - A date-time needs an offset, an optional property is either left out or has its type, never `null`.
//! - A refusal carries an `ErrorDTO` where the documents give the schema, and also where they only list codes, unless
//!   [`State::omit_optional_error_bodies`] is set. Its code is 0 where the documents have none.
//! - Marks of modification count up by one with every change that an answer shows: a jeopardy changes its call too.
//!
//! What is there at the start:
//!
//! | | |
//! |---|---|
//! | users | 7 `ivanov` (`Passw0rd`), 8 `petrova` (`Пароль1`), 9 `sidorov` (`Locked99`, locked) |
//! | call 683913 | of user 7, `New`, tasks 91001 and 91002, expenditure items 301 and 302 |
//! | call 683912 | of user 8, `Closed`, task 91000 |
//! | notifications | 501 and 502 of user 7, 503 of user 8, all unread |
//! | clients, service objects | `ООО «Ромашка»`, `АО «Василёк»`; `Магазин № 12`, `Склад № 3` |

mod auth;
mod entity;
mod extract;
mod file;
mod guard;
mod input;
mod model;
mod operations;
mod refusal;
mod routes;
mod seed;
mod state;
mod view;

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
};

use super::{
    fault::Order,
    record::Request,
    server::{Interface, Server},
};
use extract::App;

pub use auth::Session;
pub use model::{
    Approval, Attachment, AttachmentKind, Call, CallStatus, Cost, CostStatus, ExpenditureItem, Expense, Jeopardy,
    Material, Message, Notification, OwnerType, Task, TaskStatus, User,
};
pub use state::{Ids, Sequence, Settings, State};

/// The word in front of an external system's key. The documents name neither word nor header; this is the sandbox's.
pub const EXTERNAL_SYSTEM_WORD: &str = "x-external-system";
/// The external system's key.
pub const EXTERNAL_SYSTEM_KEY: &str = "desk-key";
/// A JPEG image that an upload accepts, 48 by 32 pixels.
pub const SAMPLE_JPEG: &[u8] = include_bytes!("sample.jpg");

/// A running sandbox of the ContractorPersonalArea interface. Dropping it stops it: connections that are idle are
/// closed, and requests that are being answered get their answer.
#[derive(Debug)]
pub struct Contractor {
    server: Server,
    app: App,
}

impl Contractor {
    /// Starts a sandbox at a free port of 127.0.0.1, within the current tokio runtime.
    ///
    /// # Errors
    ///
    /// When the port can't be opened.
    pub async fn start() -> io::Result<Self> {
        Self::start_at((Ipv4Addr::LOCALHOST, 0).into()).await
    }

    /// Starts a sandbox at an address of your choice.
    ///
    /// # Errors
    ///
    /// When the address can't be listened at.
    pub async fn start_at(address: SocketAddr) -> io::Result<Self> {
        let app = App::new(State::seeded());
        let interface = Interface {
            routes: operations::OPERATIONS.iter().map(|operation| operation.route).collect(),
            enums: &["status", "type", "ownerType"],
            required: &["access", "service", "token", "errorCode"],
        };
        let server = Server::start(address, interface, routes::router(app.clone())).await?;
        Ok(Self { server, app })
    }

    /// Where the sandbox answers, such as `http://127.0.0.1:40123`.
    #[must_use]
    pub fn url(&self) -> &str {
        self.server.url()
    }

    /// Looks at the state, or changes it. Requests wait meanwhile, so the sandbox must not be used inside.
    pub fn state<R>(&self, look: impl FnOnce(&mut State) -> R) -> R {
        self.app.with(look)
    }

    /// The requests received so far, in the order in which they arrived.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.server.records().all()
    }

    /// How many requests there were of an operation, whatever was answered.
    ///
    /// # Panics
    ///
    /// When the interface has no such operation.
    #[must_use]
    pub fn count(&self, operation: &str) -> usize {
        self.server.count(operation)
    }

    /// Orders a fault for the next request of an operation, or for several: `Fault::Status(503).times(2)`.
    ///
    /// # Panics
    ///
    /// When the interface has no such operation, or when the fault's status is not between 200 and 599.
    pub fn fault(&self, operation: &str, fault: impl Into<Order>) {
        self.server.fault(operation, fault.into());
    }

    /// The ids of the interface's operations, in the order of its document.
    pub fn operations(&self) -> impl Iterator<Item = &'static str> {
        self.server.operations()
    }
}
