//! A sandbox of the callback applications of ЦП МСП: a token, batches of applications,
//! and what became of them. What the interface leaves open is settled as below, or can be
//! switched in the state.
//!
//! - A request is judged in this order: `api-version` header (400), token (401), query (400), superfluous body (400), media
//!   type (415), body (400), and then the rules. All of these have the body of a failure, with what is wrong in
//!   `data.details`, a name that the interface leaves open.
//! - A batch is handed out until it is confirmed, whatever `limit` is asked for meanwhile. Without a `limit`, it has
//!   [`State::batch_size`] applications.
//! - A code that isn't that of the batch in hand, or was confirmed before, is a failure under HTTP status 200, the only
//!   status code of `commitBatch` in addition to 401.
//! - An application goes from no status to `registered`, and from there to `rendered` or `rejected`, once. Anything else is
//!   a `Format-logical control error`, as is a rejection without a comment.
//! - `organizationName` and `inn` are left out but for `legalEntity` and `entrepreneur`.
//! - Three of the paths can be moved, see [`Paths`].
//!
//! What is there at the start:
//!
//! | | |
//! |---|---|
//! | users | `integration@oip.example` (`Petr0v-1`) |
//! | application 111 | ` legalEntity`, with a space in front, of `2022-29-12` |
//! | application 112 | `entrepreneur` of `2022-12-30` |
//! | application 113 | `selfEmployed` of `2022-05-04`, which can be read in two ways |
//! | application 114 | `person`, without a patronymic, of `2022-31-12` |

mod input;
mod interface;
mod model;
mod operations;
mod refusal;
mod routes;
mod seed;
mod state;
mod token;

use super::running::Sandbox;

pub use model::{Application, Batch, Status, Token};
pub use state::{Paths, State};

/// A running sandbox of the callback applications.
pub type Callback = Sandbox<State>;
