//! ContractorPersonalArea: a user, who signs in with a hash and gets tokens, and an
//! external system.

pub mod rows;

use casewire::{
    Config, Operation,
    contractor::{Auth, Client, OPERATIONS},
};

use super::Interface;
use crate::{
    outcome::{call, printed},
    recorder::Response,
    row::{Row, Sent},
};

pub const USER: &str = "ivanov";
pub const PASSWORD: &str = "Зв3зда\"7/+ %41\\ ночь";
pub const ACCESS_TOKEN: &str = "aZ9.x7Q~kP2/vR+mW4==";
pub const SERVICE_TOKEN: &str = "sV3-Tq8.Lw0/yB+eN6==";
pub const DESK_KEY: &str = "dK5|jH1!gF7#tY2$uI9";
/// With everything in it that has to be escaped in a query.
pub const LINK_TOKEN: &str = "t0k %/+&=№\"Ωж99xyz";

/// What is not to be seen in tests of the wire: credentials, and the tokens in the query
/// of some rows.
pub const SECRETS: [&str; 6] = ["Passw0rd", "access-", "service-", "desk-key", "3f0c1d52", "Petr0va"];

pub struct Contractor;

impl Interface for Contractor {
    type Client = Client;
    const NAME: &'static str = "contractor";
    const OPERATIONS: &'static [Operation] = OPERATIONS;
    const ROWS: &'static [Row<Self>] = rows::ROWS;
    const MORE_ROWS: &'static [Row<Self>] = &[Row {
        id: "getSharedCall",
        request: "GET /shared/call?token=t0k+%25%2F%2B%26%3D%E2%84%96%22%CE%A9%D0%B699xyz",
        sent: Sent::Nothing,
        call: call!(client.get_shared_call().token(LINK_TOKEN)),
    }];
    const SECRETS: &'static [&'static str] = &SECRETS;
    const SIGN_INS: &'static [&'static str] = &["/user/signin", "/user/token"];
    const NEEDS_SIGN_IN: Option<&'static str> = Some("getSelf");

    fn connect(config: Config) -> Client {
        Client::connect(config, auth()).unwrap()
    }

    fn signed_in() -> Response {
        let token = |token: &str| format!(r#"{{"expiresIn":3600000,"token":"{token}"}}"#);
        let (access, service) = (token(ACCESS_TOKEN), token(SERVICE_TOKEN));
        Response::json(200, &format!(r#"{{"access":{access},"service":{service}}}"#))
    }

    /// In addition to these, every sign-in has a hash and a salt of its own.
    fn sent() -> Vec<(&'static str, Vec<u8>)> {
        let text = |name, text: &str| (name, text.as_bytes().to_vec());
        vec![
            text("access token", ACCESS_TOKEN),
            text("service token", SERVICE_TOKEN),
            text("key of the external system", DESK_KEY),
            text("token of a link", rows::TOKEN),
            text("token of a link that is escaped", LINK_TOKEN),
            text("password of a new user", "Petr0va"),
            text("new password", "Petr0va-2"),
            text("hash of a password", "QOianrwOJsclNyqZfRS7I0FUBk/9RONO6+/sTvxJvEQ="),
            text("salt", "AAECAwQFBgcICQoLDA0ODw=="),
        ]
    }

    fn values() -> Vec<(&'static str, String)> {
        printed("auth", &auth())
    }
}

fn auth() -> Auth {
    Auth::user(USER, PASSWORD).and_external_system(DESK_KEY)
}
