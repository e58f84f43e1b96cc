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

use std::{io, net::SocketAddr};

use super::{
    running::{ANY_PORT, Sandbox},
    server::{self, Interface},
};
use extract::App;

pub use auth::Session;
pub use model::{
    Approval, Attachment, AttachmentKind, Call, CallStatus, Cost, CostStatus, ExpenditureItem, Expense, Jeopardy,
    Material, Message, Notification, OwnerType, Task, TaskStatus, User,
};
pub use state::{Ids, Settings, State};

/// The word in front of an external system's key. The documents name neither word nor header; this is the sandbox's.
pub const EXTERNAL_SYSTEM_WORD: &str = "x-external-system";
/// The external system's key.
pub const EXTERNAL_SYSTEM_KEY: &str = "desk-key";
/// A JPEG image that an upload accepts, 48 by 32 pixels.
pub const SAMPLE_JPEG: &[u8] = include_bytes!("sample.jpg");

/// A running sandbox of the ContractorPersonalArea interface.
pub type Contractor = Sandbox<State>;

impl Contractor {
    /// Starts a sandbox at a free port of 127.0.0.1, within the current tokio runtime.
    ///
    /// # Errors
    ///
    /// When the port can't be opened.
    pub async fn start() -> io::Result<Self> {
        Self::start_at(ANY_PORT).await
    }

    /// Starts a sandbox at an address of your choice.
    ///
    /// # Errors
    ///
    /// When the address can't be listened at.
    pub async fn start_at(address: SocketAddr) -> io::Result<Self> {
        let interface = Interface {
            routes: operations::OPERATIONS.iter().map(|operation| operation.route).collect(),
            at: Box::new(server::by_template),
            enums: &["status", "type", "ownerType"],
            required: |_| &["access", "service", "token", "errorCode"],
        };
        Self::open(address, interface, App::new(State::seeded()), routes::router).await
    }
}
