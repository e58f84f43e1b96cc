//! A sandbox of the callback applications of ЦП МСП: a token, batches of applications, and what became of them.
//! What the document leaves open is settled as the spec has it, or can be switched in the state.
//!
//! - A request is judged in this order: `api-version` header (400), token (401), query (400), superfluous body (400), media
//!   type (415), body (400), and then the rules. All of these have the body of a failure; its details stand in
//!   `data.details`, since the document doesn't say where.
//! - A batch is handed out until it is confirmed, whatever `limit` is asked for meanwhile. Without a `limit`, it has
//!   [`State::batch_size`] applications.
//! - A code that isn't that of the batch in hand, or was confirmed before, is a failure under HTTP status 200: the document
//!   has no other status for it.
//! - An application goes from no status to `registered`, and from there to `rendered` or `rejected`, once. Anything else is
//!   a `Format-logical control error`, as is a rejection without a comment.
//! - `organizationName` and `inn` are left out but for `legalEntity` and `entrepreneur`.
//! - Three of the paths are reconstructed, see [`Paths`].
//!
//! What is there at the start:
//!
//! | | |
//! |---|---|
//! | users | `integration@oip.example` (`Petr0v-1`) |
//! | application 111 | ` legalEntity`, blank included, of `2022-29-12`: the document's sample |
//! | application 112 | `entrepreneur` of `2022-12-30` |
//! | application 113 | `selfEmployed` of `2022-05-04`, which can be read in two ways |
//! | application 114 | `person`, without a patronymic, of `2022-31-12` |

mod guard;
mod input;
mod model;
mod operations;
mod refusal;
mod routes;
mod seed;
mod state;
mod token;

use std::{io, net::SocketAddr};

use super::{
    app,
    running::{ANY_PORT, Sandbox},
    server::{self, Interface, Route},
};

pub use model::{Application, Batch, Status};
pub use state::{Paths, State};
pub use token::Token;

/// The state, shared by all requests.
type App = app::App<State>;

/// A running sandbox of the callback applications.
pub type Callback = Sandbox<State>;

impl Callback {
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
        let app = App::new(State::seeded());
        let paths = app.clone();
        let interface = Interface {
            routes: operations::OPERATIONS.iter().map(|operation| operation.route).collect(),
            at: Box::new(move |parts, route: &Route| {
                let elsewhere = paths.with(|state| state.paths.is_at(route.id, parts.uri.path()));
                elsewhere.unwrap_or_else(|| server::by_template(parts, route))
            }),
            enums: &["opf"],
            required: |_| &["statusCode", "data", "token", "type", "applications", "applicationId"],
        };
        Self::open(address, interface, app, routes::router).await
    }
}
