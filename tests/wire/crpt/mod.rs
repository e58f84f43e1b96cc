//! The generated client of API BPM (CRPT) on the wire: what it sends, byte for byte, what
//! it makes of every response, and its session of cookies. Real HTTP to a recording server
//! on loopback; nothing inside the client is replaced.

mod cookies;
mod decoded;
mod envelopes;
mod files;
mod pages;
mod reading;
mod requests;
mod secrets;
mod sessions;
mod sign_in;

use casewire::crpt::{Auth, Client, Config, OPERATIONS};
use support::{
    desk::Desk,
    interfaces::{Crpt, spec},
    quick::quick,
    recorder::Response,
    spec::Spec,
};

const LOGIN: &str = "/ServiceModel/AuthService.svc/Login";

const SIGNED_IN: &str =
    r#"{"Code": 0, "Message": "", "Exception": null, "PasswordChangeUrl": null, "RedirectUrl": null}"#;

fn documented() -> &'static Spec {
    spec::<Crpt>()
}

fn participant() -> Auth {
    Auth::user("ivan.petrov", "Petr0v-1")
}

/// A portal that accepts everyone.
async fn portal() -> Desk {
    Desk::start(LOGIN, signed_in).await
}

/// The response to the sign-in with this number, with the documented cookies.
fn signed_in(number: u64) -> Response {
    with_cookies(Response::json(200, SIGNED_IN), number)
}

fn with_cookies(response: Response, number: u64) -> Response {
    response
        .header("set-cookie", &format!("BPMLOADER=loader-{number}; path=/0; HttpOnly"))
        .header("set-cookie", &format!(".ASPXAUTH=aspxauth-{number}; path=/; HttpOnly"))
        .header("set-cookie", &format!("BPMCSRF=csrf-{number}; path=/"))
        .header("set-cookie", "UserName=ivan.petrov; expires=Fri, 31 Dec 2099 23:59:59 GMT; path=/; HttpOnly")
}

/// The cookies of the sign-in with this number.
fn cookies(number: u64) -> Vec<String> {
    vec![
        format!(".ASPXAUTH=aspxauth-{number}"),
        format!("BPMCSRF=csrf-{number}"),
        format!("BPMLOADER=loader-{number}"),
        "UserName=ivan.petrov".to_owned(),
    ]
}

fn connect(portal: &Desk) -> Client {
    connect_with(portal, |config| config)
}

fn connect_with(portal: &Desk, change: impl FnOnce(Config) -> Config) -> Client {
    Client::connect(change(quick(&portal.origin())), participant()).unwrap()
}
