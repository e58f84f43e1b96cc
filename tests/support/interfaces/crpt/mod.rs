//! API BPM (CRPT): a user with cookies, one of which is sent as a header too.

pub mod rows;

use casewire::{
    Config, Operation,
    crpt::{Auth, Client, OPERATIONS},
};

use super::Interface;
use crate::{outcome::printed, recorder::Response, row::Row};

pub const PASSWORD: &str = "Кл1ч\"7/+ %41\\ утро99";
pub const LOADER: &str = "bL4~kU6-zQ1.hJ8";
pub const ASPXAUTH: &str = "aX8Ff03D61B2C94E7A";
pub const CSRF: &str = "cS7.rF2-qT9_wE5";

/// What is not to be seen in tests of the wire: the password, and the cookies.
pub const SECRETS: [&str; 5] = ["Petr0v-1", "loader-", "aspxauth-", "csrf-", "session-"];

pub struct Crpt;

impl Interface for Crpt {
    type Client = Client;
    const NAME: &'static str = "crpt";
    const OPERATIONS: &'static [Operation] = OPERATIONS;
    const ROWS: &'static [Row<Self>] = rows::ROWS;
    const SECRETS: &'static [&'static str] = &SECRETS;
    const SIGN_INS: &'static [&'static str] = &["/ServiceModel/AuthService.svc/Login"];
    const NEEDS_SIGN_IN: Option<&'static str> = Some("getCase");

    fn connect(config: Config) -> Client {
        Client::connect(config, auth()).unwrap()
    }

    fn signed_in() -> Response {
        let accepted =
            r#"{"Code": 0, "Message": "", "Exception": null, "PasswordChangeUrl": null, "RedirectUrl": null}"#;
        Response::json(200, accepted)
            .header("set-cookie", &format!("BPMLOADER={LOADER}; path=/0; HttpOnly"))
            .header("set-cookie", &format!(".ASPXAUTH={ASPXAUTH}; path=/; HttpOnly"))
            .header("set-cookie", &format!("BPMCSRF={CSRF}; path=/"))
    }

    fn sent() -> Vec<(&'static str, Vec<u8>)> {
        let text = |name, text: &str| (name, text.as_bytes().to_vec());
        vec![
            text("password of the client", PASSWORD),
            text("password in a body", "Petr0v-1"),
            text("cookie BPMLOADER", LOADER),
            text("cookie .ASPXAUTH", ASPXAUTH),
            text("cookie and header BPMCSRF", CSRF),
        ]
    }

    fn values() -> Vec<(&'static str, String)> {
        printed("auth", &auth())
    }
}

fn auth() -> Auth {
    Auth::user("ivan.petrov", PASSWORD)
}
