//! A sandbox of API BPM, the interface of the CRPT operator on Creatio: sign-in, cases,
//! their messages and files. What the interface leaves open is settled as below, or can
//! be switched in the state.
//!
//! - A request is judged in this order: `api-version` header (400), session (see [`SessionEnd`]), header `BPMCSRF` (403),
//!   query (400), superfluous body (400), media type (415), body (400), and then the rules, whose failures have the status
//!   [`State::failure_status`]. A property that isn't known, has the wrong type or is `null` makes a body malformed; one
//!   that is missing or empty is a failure, such as `number data is required`.
//! - `login` needs the header `ForceUseSession: true` (400).
//! - A session is known by the cookies `BPMLOADER`, `.ASPXAUTH` and `BPMCSRF`; a duplicate cookie counts as none.
//! - Closing works in every status but [`CLOSED`], reopening only in [`ATTENTION`] with a solution. The satisfaction
//!   properties are kept in that state only, the level from 1 to 5 and the comment unless it is empty; otherwise they are
//!   passed over, as Creatio does.
//! - `listCases` takes `number`, `status` and `subject`, compares them exactly, and wants all that are given to fit.
//! - A file becomes a message without text. Its link leads to a private host; only the path of it works.
//! - Below `/0/rest/`, which portal users may not use, everything is 403; the misprint `/0/spp/` is 404.
//!
//! What is there at the start:
//!
//! | | |
//! |---|---|
//! | users | `ivan.petrov` (`Petr0v-1`), `anna.smirnova` (`Пароль1`) |
//! | SR00683850 | closed |
//! | SR00683913 | open, critical, two messages, one with the file `case.xlsx` of 35000 bytes |
//! | SR00684153 | wants attention, with a solution |
//! | SR00684154 | wants attention, without a solution |

mod input;
mod interface;
mod model;
mod operations;
mod refusal;
mod routes;
mod seed;
mod session;
mod state;
mod view;

use super::running::Sandbox;

pub use model::{ATTENTION, CLOSED, Case, ENTITY_SCHEMA_UID, FILE_HOST, File, Message, OPEN, REOPENED, Session, User};
pub use state::{Ids, SessionEnd, State};

/// A running sandbox of API BPM.
pub type Crpt = Sandbox<State>;
