//! МСБ partner API: no credential but a header of the configuration.

pub mod rows;

use casewire::{
    Config, Operation,
    legalcase::{AcceptSpelling, Client, OPERATIONS},
};

use super::Interface;
use crate::{recorder::Response, row::Row};

/// What is not to be seen in tests of the wire: the header of the configuration.
pub const SECRETS: [&str; 1] = ["key-417"];

pub struct Legalcase;

impl Interface for Legalcase {
    type Client = Client;
    const NAME: &'static str = "legalcase";
    const OPERATIONS: &'static [Operation] = OPERATIONS;
    const ROWS: &'static [Row<Self>] = rows::ROWS;
    const SECRETS: &'static [&'static str] = &SECRETS;
    const SIGN_INS: &'static [&'static str] = &[];
    const NEEDS_SIGN_IN: Option<&'static str> = None;

    fn connect(config: Config) -> Client {
        Client::connect(config, AcceptSpelling::default()).unwrap()
    }

    fn signed_in() -> Response {
        unreachable!("nobody signs in")
    }

    fn sent() -> Vec<(&'static str, Vec<u8>)> {
        Vec::new()
    }

    fn values() -> Vec<(&'static str, String)> {
        Vec::new()
    }
}
