//! Tokens: how they are issued, what they look like, and whether a call has one that is valid.

use axum::http::HeaderMap;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{
    input::Credentials,
    model::Token,
    refusal::{Refusal, Result},
    state::State,
};
use crate::clock::shift;

/// The header that carries the token.
const HEADER: &str = "x-auth-jwt-token";

/// Issues a token.
pub(super) fn authenticate(state: &mut State, input: Credentials) -> Result<Value> {
    if state.users.get(&input.login) != Some(&input.password) {
        return Err(Refusal::NotAuthorized);
    }
    let number = state.next_token.take();
    let now = state.clock.now();
    let until = state.token_lifetime_ms.map(|ms| shift(now, ms));
    let mut claims = json!({ "sub": input.login, "jti": number.to_string(), "iat": now.as_second() });
    if let Some(until) = until {
        claims["exp"] = until.as_second().into();
    }
    let text = jwt(&claims);
    state.tokens.push(Token { login: input.login, text: text.clone(), until });
    Ok(json!({ "token": text }))
}

/// Makes sure that a call has a valid token.
pub(super) fn check(state: &State, headers: &HeaderMap) -> Result<()> {
    let mut values = headers.get_all(HEADER).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return Err(Refusal::NotAuthorized) };
    let now = state.clock.now();
    let valid = |token: &Token| *value == token.text && token.until.is_none_or(|until| now <= until);
    if state.tokens.iter().any(valid) { Ok(()) } else { Err(Refusal::NotAuthorized) }
}

/// Something that looks like a JWT. The signature is that of nobody: a client has no key
/// to check it with.
fn jwt(claims: &Value) -> String {
    let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let header = encode(br#"{"typ":"JWT","alg":"HS256"}"#);
    let content = format!("{header}.{}", encode(claims.to_string().as_bytes()));
    let signature = encode(&Sha256::digest(&content));
    format!("{content}.{signature}")
}
