//! In-process servers that behave as the interfaces do: stateful, seeded and strict about what they are sent.
//! Nothing in here uses the generated types, so that a test against a sandbox is independent evidence.
//!
//! A sandbox listens on a loopback port. Its clock stands still until a test moves it, ids and tokens are counted, so
//! that two runs of the same requests give the same answers. A test may look at and change the state, read which
//! requests came, and order a [`Fault`] for the next request of an operation:
//!
//! ```no_run
//! use casewire::sandbox::{Contractor, Fault};
//!
//! # async fn demo() -> std::io::Result<()> {
//! let sandbox = Contractor::start().await?;
//! sandbox.fault("getCall", Fault::Status(503).times(2));
//! sandbox.state(|state| state.clock.advance(60_000));
//! println!("{} has answered {} requests", sandbox.url(), sandbox.requests().len());
//! # Ok(())
//! # }
//! ```
//!
//! | file | what it holds |
//! |---|---|
//! | `server`, `wire` | listening, stopping, and what every request passes through |
//! | `fault`, `record`, `clock` | faults to order, requests received, the clock |
//! | `contractor` | the ContractorPersonalArea interface |

#[cfg(feature = "contractor")]
pub mod contractor;

mod clock;
mod fault;
mod record;
mod server;
mod wire;

pub use clock::Clock;
#[cfg(feature = "contractor")]
pub use contractor::Contractor;
pub use fault::{Fault, Order};
pub use record::Request;
