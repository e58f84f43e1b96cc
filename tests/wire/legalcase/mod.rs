//! The generated client of the МСБ partner API (legal cases) on the wire: what it sends,
//! byte for byte, and what it makes of every response. Real HTTP to a recording server on
//! loopback; nothing inside the client is replaced.

mod connecting;
mod decoded;
mod documents;
mod events;
mod requests;

use casewire::legalcase::{AcceptSpelling, Client, Config, OPERATIONS};
use support::{
    interfaces::{Legalcase, spec},
    quick::quick,
    recorder::{Lane, Recorder, Request},
    spec::Spec,
};

fn documented() -> &'static Spec {
    spec::<Legalcase>()
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
