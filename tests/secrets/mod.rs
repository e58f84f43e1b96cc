//! That no secret is seen: not in what can be printed of a client and of what it is made of, of builders, answers and errors,
//! not in what a panic says, and not in what is logged; and that none is sent to another server. Over all operations of all
//! interfaces and all sorts of answers. Real HTTP to a recording server on loopback; nothing inside the clients is replaced.
//!
//! Secrets are credentials (passwords and their hashes, salts, tokens, cookies, keys, headers of the configuration) and the
//! values that a spec marks `x-secret`, in requests and in answers. One text of a server is shown on purpose, and no secret is
//! planted in it: the message of a documented failure that a spec marks `x-error-message`, cut to one line.

// Here a panic is the report.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod answers;
mod everywhere;
// Each target uses a part of these.
#[allow(dead_code)]
#[path = "../support/interfaces/mod.rs"]
mod interfaces;
#[allow(dead_code)]
#[path = "../support/logged.rs"]
mod logged;
mod redirects;
mod sample;
mod search;
#[allow(dead_code)]
#[path = "../support/spec.rs"]
mod spec;
#[allow(dead_code)]
#[path = "../support/mod.rs"]
mod support;
mod values;
#[path = "../support/yaml.rs"]
mod yaml;
