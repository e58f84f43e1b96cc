//! The generated client of ContractorPersonalArea on the wire: what it sends, byte for byte, and what it makes of every
//! answer. Real HTTP to a recording server on loopback; nothing inside the client is replaced.

#![cfg(feature = "contractor")]
// Here a panic is the report.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod answers;
mod failures;
mod outcome;
mod reading;
mod requests;
mod rows;
mod sessions;
mod spec;
mod successes;
#[path = "../support/mod.rs"]
mod support;
mod uploads;

use casewire::contractor::{Auth, Client, Config};

use support::quick::quick;
use support::recorder::Recorder;

/// A user and an external system.
fn everyone() -> Auth {
    Auth::user("ivanov", "Passw0rd").and_external_system("desk-key")
}

/// A client whose base URL has a path of its own and a slash at its end.
fn connect(recorder: &Recorder, auth: Auth) -> Client {
    connect_with(recorder, auth, |config| config)
}

fn connect_with(recorder: &Recorder, auth: Auth, change: impl FnOnce(Config) -> Config) -> Client {
    let config = quick(&format!("{}/api/v1/", recorder.origin()));
    Client::connect(change(config), auth).unwrap()
}
