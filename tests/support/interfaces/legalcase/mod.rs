//! МСБ partner API: no credential but a header of the configuration.

use casewire::{
    Config, Operation,
    legalcase::{AcceptSpelling, Client, OPERATIONS},
};

use super::{Called, Interface, outcome, row};
use crate::support::recorder::Answer;

#[path = "../../wire-legalcase/rows.rs"]
mod rows;

pub struct Legalcase;

impl Interface for Legalcase {
    type Client = Client;
    const OPERATIONS: &'static [Operation] = OPERATIONS;
    const SPEC: &'static str = include_str!("../../../specs/legalcase.yaml");
    const SIGN_INS: &'static [&'static str] = &[];
    const NEEDS_SIGN_IN: Option<&'static str> = None;

    fn connect(config: Config) -> Client {
        Client::connect(config, AcceptSpelling::default()).unwrap()
    }

    fn signed_in() -> Answer {
        unreachable!("nobody signs in")
    }

    fn calls() -> Vec<Called<Client>> {
        rows::ROWS.iter().map(Called::from).collect()
    }

    fn sent() -> Vec<(&'static str, Vec<u8>)> {
        Vec::new()
    }

    fn values() -> Vec<(&'static str, String)> {
        Vec::new()
    }
}
