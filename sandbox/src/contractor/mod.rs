//! A sandbox of the ContractorPersonalArea interface: calls, their tasks and cost
//! estimates, users and notifications. It keeps to the interface's state machines and
//! error codes; where the interface leaves a choice, see below.
//!
//! - A request is judged in this order: `api-version` header (400), credential (401, 403), query (400), body of an
//!   operation without one (400), path ids (400), media type (415), body (400), what it names (404), whose it is (403),
//!   the state of things (409), the file (422).
//! - A date-time needs an offset, an optional property is either left out or has its type, never `null`.
//! - A refusal carries an `ErrorDTO` where the interface promises one, with the code 0 where it defines none. It also
//!   carries one where the interface only defines codes, unless [`State::omit_optional_error_bodies`] is set.
//! - Marks of modification count up by one with every change that a response shows: a jeopardy changes its call too.
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
mod input;
mod interface;
mod model;
mod operations;
mod refusal;
mod routes;
mod seed;
mod state;
mod view;

use super::running::Sandbox;

pub use model::{
    Approval, Attachment, AttachmentKind, Call, CallStatus, Cost, CostStatus, ExpenditureItem, Expense, Jeopardy,
    Material, Message, Notification, OwnerType, Session, Task, TaskStatus, User,
};
pub use state::{EXTERNAL_SYSTEM_KEY, EXTERNAL_SYSTEM_WORD, Ids, Settings, State};

/// A JPEG image that an upload accepts, 48 by 32 pixels.
pub const SAMPLE_JPEG: &[u8] = include_bytes!("sample.jpg");

/// A running sandbox of the ContractorPersonalArea interface.
pub type Contractor = Sandbox<State>;
