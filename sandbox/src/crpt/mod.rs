//! A sandbox of API BPM, the interface of the CRPT operator on Creatio: sign-in, cases, their messages and files.
//! What the documents leave open is settled as the spec has it, or can be switched in the state.
//!
//! - A request is judged in this order: `api-version` header (400), session (see [`SessionEnd`]), header `BPMCSRF` (403),
//!   query (400), superfluous body (400), media type (415), body (400), and then the rules, whose failures have the status
//!   [`State::failure_status`]. A property that isn't known, has the wrong type or is `null` makes a body malformed; one
//!   that is missing or blank is a failure, as documented: `number data is required`.
//! - `login` needs the header `ForceUseSession: true` (400).
//! - A session is known by the cookies `BPMLOADER`, `.ASPXAUTH` and `BPMCSRF`; a cookie that comes twice counts for none.
//! - Closing works in every status but [`CLOSED`], reopening only in [`ATTENTION`] with a solution. The satisfaction
//!   properties are kept in that state only, the level from 1 to 5 and the comment unless it is blank; otherwise they are
//!   passed over, as Creatio does.
//! - `listCases` takes `number`, `status` and `subject`, compares them exactly, and wants all that are given to fit.
//! - A file becomes a message without a text. Its link leads to a private host, as documented; only the path of it works.
//!   A file that there isn't is 404, unless `failure_status` is an error, so that a failure can't be taken for the file.
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

mod guard;
mod input;
mod model;
mod operations;
mod refusal;
mod routes;
mod seed;
mod session;
mod state;
mod view;

use std::{io, net::SocketAddr};

use super::{
    app,
    running::{ANY_PORT, Sandbox},
    server::{self, Interface},
};

pub use model::{ATTENTION, CLOSED, Case, File, Message, OPEN, REOPENED, User};
pub use session::Session;
pub use state::{Ids, SessionEnd, State};

/// The host in links to files. Nobody can reach it.
pub const FILE_HOST: &str = "http://10.200.199.1:84";
/// The first id in links to files, the same in all of them.
pub const ENTITY_SCHEMA_UID: &str = "55c1fe71-17a1-4bd2-a4b2-7799ccaac996";

/// The state, shared by all requests.
type App = app::App<State>;

/// A running sandbox of API BPM.
pub type Crpt = Sandbox<State>;

impl Crpt {
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
            enums: &["status"],
            required: operations::required,
        };
        Self::open(address, interface, App::new(State::seeded()), routes::router).await
    }
}
