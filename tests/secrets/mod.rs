//! That no secret is seen: not in what can be printed of a client and of what it is made
//! of, of builders, responses and errors, not in what a panic says, and not in what is
//! logged; and that none is sent to another server. Over all operations of all interfaces
//! and all sorts of responses. Real HTTP to a recording server on loopback; nothing inside
//! the clients is replaced.
//!
//! Secrets are credentials (passwords and their hashes, salts, tokens, cookies, keys,
//! headers of the configuration) and the values that a spec marks `x-secret`, in requests
//! and in responses. One text of a server is shown on purpose, and no secret is planted in
//! it: the message of a documented failure that a spec marks `x-error-message`, cut to
//! one line.

mod everywhere;
mod redirects;
mod responses;
mod sample;
mod search;
mod values;
