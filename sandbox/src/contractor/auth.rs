//! Credentials: the password hash of a sign-in, tokens and their end, and who sends a
//! request. A password is never kept, only SHA-256 of its UTF-8 bytes; a sign-in sends
//! SHA-256 of that hash with a salt behind it.

use axum::http::{HeaderMap, header::AUTHORIZATION};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{
    input,
    model::Session,
    refusal::{Refusal, Result},
    state::State,
};
use crate::clock::shift;

const USER_WORD: &str = "x-user";
const SERVICE_WORD: &str = "x-user-service";

/// Who sends a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Caller {
    External,
    User(i64),
    /// The user, and the service token.
    Service(i64, String),
}

/// SHA-256 of a password's hash with the salt behind it.
fn salted(password_hash: &[u8; 32], salt: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(password_hash).chain_update(salt).finalize().into()
}

/// The caller whom the `Authorization` header names.
pub(super) fn caller(state: &State, headers: &HeaderMap) -> Result<Caller> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return Err(Refusal::UNAUTHORIZED) };
    let value = value.to_str().map_err(|_| Refusal::UNAUTHORIZED)?;
    let (word, credential) = value.split_once(' ').ok_or(Refusal::UNAUTHORIZED)?;

    if word == state.external_system_word && credential == state.external_system_key {
        return Ok(Caller::External);
    }
    let alive = |until: Option<Timestamp>| until.is_none_or(|until| state.clock.now() <= until);
    let (user, caller) = state
        .sessions
        .iter()
        .find_map(|session| {
            if word == USER_WORD && credential == session.access && alive(session.access_until) {
                Some((session.user, Caller::User(session.user)))
            } else if word == SERVICE_WORD && credential == session.service && alive(session.service_until) {
                Some((session.user, Caller::Service(session.user, session.service.clone())))
            } else {
                None
            }
        })
        .ok_or(Refusal::UNAUTHORIZED)?;
    match state.users.get(&user) {
        Some(user) if user.locked => Err(Refusal::FORBIDDEN),
        Some(_) => Ok(caller),
        None => Err(Refusal::UNAUTHORIZED),
    }
}

/// Signs a user in.
pub(super) fn sign_in(state: &mut State, input: &input::SignIn) -> Result<Value> {
    let wrong = Refusal::UNAUTHORIZED.code(1);
    let user = state.users.values_mut().find(|user| user.name == input.user_name).ok_or(wrong)?;
    if input.hashed_password != salted(&user.password_hash, &input.salt) {
        return Err(wrong);
    }
    if user.locked {
        return Err(Refusal::UNAUTHORIZED.code(5));
    }
    // Only a sign-in that succeeds uses its salt up.
    if !user.salts.insert(input.salt.clone()) {
        return Err(Refusal::UNAUTHORIZED.code(2));
    }
    user.last_salt = Some(input.salt.clone());
    let user = user.id;
    Ok(issue(state, user))
}

/// Issues a pair of tokens in place of the one that the service token belongs to.
pub(super) fn renew(state: &mut State, user: i64, service_token: &str) -> Value {
    state.sessions.retain(|session| session.service != service_token);
    issue(state, user)
}

fn issue(state: &mut State, user: i64) -> Value {
    let number = state.users.get_mut(&user).map_or(0, |user| {
        user.issued += 1;
        user.issued
    });
    let until = |lifetime: Option<i64>| lifetime.map(|ms| shift(state.clock.now(), ms));
    let session = Session {
        user,
        access: format!("access-{user}-{number}"),
        service: format!("service-{user}-{number}"),
        access_until: until(state.access_lifetime_ms),
        service_until: until(state.service_lifetime_ms),
    };
    let tokens = json!({
        "access": { "token": session.access, "expiresIn": state.access_lifetime_ms },
        "service": { "token": session.service, "expiresIn": state.service_lifetime_ms },
    });
    state.sessions.push(session);
    tokens
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::STANDARD};

    use super::{super::model::hash_password, *};

    #[test]
    fn hashes_are_salted_as_documented() {
        let salt: Vec<u8> = (0..16).collect();
        for (password, expect) in [
            ("Passw0rd", "QOianrwOJsclNyqZfRS7I0FUBk/9RONO6+/sTvxJvEQ="),
            ("Пароль1", "hbkaxVmvHj/j/Z+qOZ9F2JmoslNI851u0gbHfDUVeBE="),
        ] {
            assert_eq!(STANDARD.encode(salted(&hash_password(password), &salt)), expect);
        }
    }

    #[test]
    fn a_token_ends_when_the_clock_is_past_its_lifetime() {
        let mut state = State::seeded();
        state.access_lifetime_ms = Some(1000);
        issue(&mut state, 7);
        let headers = HeaderMap::from_iter([(AUTHORIZATION, "x-user access-7-1".parse().unwrap())]);
        state.clock.advance(1000);
        assert_eq!(caller(&state, &headers), Ok(Caller::User(7)));
        state.clock.advance(1);
        assert_eq!(caller(&state, &headers), Err(Refusal::UNAUTHORIZED));
    }
}
