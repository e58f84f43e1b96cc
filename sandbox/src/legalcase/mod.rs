//! A sandbox of the МСБ legal cases, as the legal-service partner (ППО24) would serve
//! them to the bank: clients, cases, comments and documents, and a record of the events
//! that the partner would have sent.
//!
//! - A request is judged in this order: `api-version` header (400), the required header if there is one (401), query
//!   (400), superfluous body (400), the path (404), media type (415), body (400), the rules (409).
//! - Refusals have no body.
//! - A client's data is replaced as a whole, and deleted together with the client's cases.
//! - `Accept` may also be spelt `Ассепт`, in Cyrillic letters, but not both ways at once. Accepting a case that
//!   isn't paid starts the work: `Accepted`, `TookToWork`. Accepting it again changes nothing; whoever takes an acceptance
//!   back is refused (400).
//! - A comment that an employee of the partner has written, read or answered can't be deleted (409).
//! - Documents are below `comments`, everything else is below `comment`.
//!
//! What is there at the start:
//!
//! | | |
//! |---|---|
//! | c-1001 | `ООО «Ромашка»`, cases lc-2001 and lc-2002 |
//! | c-1002 | `ИП Петров Иван Сергеевич`, case lc-2003 |
//! | lc-2001 | opened by the client, waits for the price to be accepted |
//! | lc-2002 | opened by the partner, not yet read |
//! | lc-2003 | closed |
//! | cm-3001 | of the client on lc-2001, unread, document d-4001 `dogovor-12.pdf` |
//! | cm-3002 | of the partner on lc-2001, unread |
//! | cm-3003 | of the client on lc-2001, read by the partner |

mod input;
mod interface;
mod model;
mod operations;
mod refusal;
mod routes;
mod seed;
mod state;

use super::running::Sandbox;

pub use model::{Case, CaseStatus, Client, Comment, Document, Event, EventCode, Representative};
pub use state::{Ids, State};

/// A running sandbox of the legal cases.
pub type LegalCase = Sandbox<State>;
