//! The generated client of ЦП МСП callback applications on the wire: what it sends, byte
//! for byte, what it makes of every response, and its session with a token. Real HTTP to a
//! recording server on loopback; nothing inside the client is replaced.

mod decoded;
mod endpoints;
mod envelopes;
mod reading;
mod requests;
mod secrets;
mod sessions;

use casewire::callback::{Auth, Client, Config, Endpoints, OPERATIONS};
use support::{
    desk::Desk,
    interfaces::{Callback, spec},
    quick::quick,
    recorder::Response,
    spec::Spec,
};

const AUTHENTICATE: &str = "/api/v1/auth/";

fn documented() -> &'static Spec {
    spec::<Callback>()
}

fn organisation() -> Auth {
    Auth::user("integration@oip.example", "Petr0v-1")
}

/// A platform that accepts everyone.
async fn platform() -> Desk {
    Desk::start(AUTHENTICATE, token).await
}

/// The response to the sign-in with this number.
fn token(number: u64) -> Response {
    Response::json(200, &format!(r#"{{"statusCode":200,"data":{{"token":"tkn-{number}"}}}}"#))
}

fn connect(platform: &Desk) -> Client {
    connect_with(platform, |config| config)
}

fn connect_with(platform: &Desk, change: impl FnOnce(Config) -> Config) -> Client {
    let config = quick(&platform.origin());
    Client::connect(change(config), organisation(), Endpoints::default()).unwrap()
}
