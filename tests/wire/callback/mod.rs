//! The generated client of ЦП МСП callback applications on the wire: what it sends, byte for byte, what it makes of every
//! answer, and its session with a token. Real HTTP to a recording server on loopback; nothing inside the client is
//! replaced.

#![cfg(feature = "callback")]
// Here a panic is the report.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../support/answers.rs"]
mod answers;
mod decoded;
#[path = "../support/desk.rs"]
mod desk;
mod endpoints;
mod envelopes;
// Nothing is downloaded here, and no failure has a number of its own.
#[allow(dead_code)]
#[path = "../support/outcome.rs"]
mod outcome;
mod reading;
mod requests;
// Each interface sends other sorts of bodies.
#[allow(dead_code)]
#[path = "../support/row.rs"]
mod row;
mod rows;
mod secrets;
mod sessions;
#[path = "../support/spec.rs"]
mod spec;
// Each interface uses a part of it.
#[allow(dead_code)]
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/yaml.rs"]
mod yaml;

use casewire::callback::{Auth, Client, Config, Endpoints, OPERATIONS};

use desk::Desk;
use support::quick::quick;
use support::recorder::Answer;

/// What must not be seen in any error or decoded value: the password, and the tokens.
const SECRETS: [&str; 3] = ["Petr0v-1", "tkn-", "eyJ0eXAiOiJKV1Qi"];

const AUTHENTICATE: &str = "/api/v1/auth/";

fn documented() -> spec::Spec {
    spec::Spec::read(include_str!("../../specs/callback.yaml"))
}

fn organisation() -> Auth {
    Auth::user("integration@oip.example", "Petr0v-1")
}

/// A platform that accepts everyone.
async fn platform() -> Desk {
    Desk::start(AUTHENTICATE, token).await
}

/// The answer to the sign-in with this number.
fn token(number: u64) -> Answer {
    Answer::json(200, &format!(r#"{{"statusCode":200,"data":{{"token":"tkn-{number}"}}}}"#))
}

fn connect(platform: &Desk) -> Client {
    connect_with(platform, |config| config)
}

fn connect_with(platform: &Desk, change: impl FnOnce(Config) -> Config) -> Client {
    let config = quick(&platform.origin());
    Client::connect(change(config), organisation(), Endpoints::default()).unwrap()
}
