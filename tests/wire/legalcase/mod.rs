//! The generated client of the МСБ partner API (legal cases) on the wire: what it sends, byte for byte, and what it makes
//! of every answer. Real HTTP to a recording server on loopback; nothing inside the client is replaced.

#![cfg(feature = "legalcase")]
// Here a panic is the report.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../support/answers.rs"]
mod answers;
mod connecting;
mod decoded;
mod documents;
mod events;
#[path = "../support/outcome.rs"]
mod outcome;
mod requests;
// Each interface sends other sorts of bodies.
#[allow(dead_code)]
#[path = "../support/row.rs"]
mod row;
mod rows;
// Each interface uses a part of these.
#[allow(dead_code)]
#[path = "../support/spec.rs"]
mod spec;
#[allow(dead_code)]
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/yaml.rs"]
mod yaml;

use casewire::legalcase::{AcceptSpelling, Client, Config, OPERATIONS};

use support::quick::quick;
use support::recorder::{Lane, Recorder, Request};

/// What must not be seen in any error or decoded value: the header of the configuration.
const SECRETS: [&str; 1] = ["key-417"];

fn documented() -> spec::Spec {
    spec::Spec::read(include_str!("../../specs/legalcase.yaml"))
}

fn connect(partner: &Recorder) -> Client {
    connect_with(partner, AcceptSpelling::default(), |config| config)
}

fn connect_with(partner: &Recorder, accept: AcceptSpelling, change: impl FnOnce(Config) -> Config) -> Client {
    Client::connect(change(quick(&partner.origin())), accept).unwrap()
}

/// What came so far. No operation is a sign-in.
fn requests(partner: &Recorder) -> Vec<Request> {
    assert_eq!(partner.counts()[1..], [0, 0]);
    partner.requests(Lane::Operations)
}
