//! ЦП МСП callback applications: a user with a token (JWT).

pub mod rows;

use casewire::{
    Config, Operation,
    callback::{Auth, Client, Endpoints, OPERATIONS},
};

use super::Interface;
use crate::{outcome::printed, recorder::Response, row::Row};

pub const PASSWORD: &str = "Ст0л\"7/+ %41\\ окно55";
pub const JWT: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MTcifQ.Qm9yaXMtNDE3LXNpZ25lZA";

/// What is not to be seen in tests of the wire: the password, and the tokens.
pub const SECRETS: [&str; 3] = ["Petr0v-1", "tkn-", "eyJ0eXAiOiJKV1Qi"];

pub struct Callback;

impl Interface for Callback {
    type Client = Client;
    const NAME: &'static str = "callback";
    const OPERATIONS: &'static [Operation] = OPERATIONS;
    const ROWS: &'static [Row<Self>] = rows::ROWS;
    const SECRETS: &'static [&'static str] = &SECRETS;
    const SIGN_INS: &'static [&'static str] = &["/api/v1/auth/"];
    const NEEDS_SIGN_IN: Option<&'static str> = Some("commitBatch");

    fn connect(config: Config) -> Client {
        Client::connect(config, auth(), Endpoints::default()).unwrap()
    }

    fn signed_in() -> Response {
        Response::json(200, &format!(r#"{{"statusCode":200,"data":{{"token":"{JWT}"}}}}"#))
    }

    fn sent() -> Vec<(&'static str, Vec<u8>)> {
        let text = |name, text: &str| (name, text.as_bytes().to_vec());
        vec![text("password of the client", PASSWORD), text("password in a body", "Petr0v-1"), text("JWT", JWT)]
    }

    fn values() -> Vec<(&'static str, String)> {
        printed("auth", &auth())
    }
}

fn auth() -> Auth {
    Auth::user("integration@oip.example", PASSWORD)
}
