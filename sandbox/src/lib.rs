//! In-process servers that behave as the interfaces do: stateful, seeded and strict about what they are sent.
//! They are written by hand and share no code with any client: a test against a sandbox is independent evidence.
//!
//! There are four of them: [`Contractor`], [`Crpt`], [`LegalCase`] and [`Callback`]. Each listens on a loopback port.
//! Its clock stands still until a test moves it, ids and tokens are counted, so that two runs of the same requests give
//! the same responses. A test may look at and change the state, read which requests came, and order a [`Fault`] for the
//! next request of an operation:
//!
//! ```no_run
//! use casewire_sandbox::{Contractor, Fault};
//!
//! # async fn demo() -> std::io::Result<()> {
//! let sandbox = Contractor::start().await?;
//! sandbox.fault("getCall", Fault::Status(503).times(2));
//! sandbox.state(|state| state.clock.advance(60_000));
//! println!("{} has received {} requests", sandbox.url(), sandbox.requests().len());
//! # Ok(())
//! # }
//! ```

// Where to find what is common to all interfaces:
//
// running, app          a sandbox as a test holds it, and its state as the handlers do
// interface             what an interface says of itself
// server, guard, wire   what every request passes through, and the connections below
// read, send            reading queries and bodies, sending files
// fault, modes          what is wrong with one response, and what all are like
// record, clock         requests received, the clock
// program               the program with all four, its control endpoint and its page

pub mod callback;
pub mod contractor;
pub mod crpt;
pub mod legalcase;

mod app;
mod clock;
mod encoded;
mod fault;
mod guard;
mod interface;
mod modes;
#[doc(hidden)]
pub mod program;
mod read;
mod record;
mod running;
mod send;
mod server;
mod wire;

pub use app::Sequence;
pub use callback::Callback;
pub use clock::Clock;
pub use contractor::Contractor;
pub use crpt::Crpt;
pub use fault::{Fault, Order};
pub use legalcase::LegalCase;
pub use modes::Modes;
pub use record::Request;
pub use running::Sandbox;

/// Compiles the program in the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
