//! Tag User: signing in, tokens, and the external system's care for users.
//! Whatever takes a user's access away takes it at once.

use serde_json::json;

use super::{no_content, ok};
use crate::contractor::{
    auth,
    extract::{App, Id, Input, ServiceToken, UserId},
    input,
    model::{User, hash_password},
    refusal::{Refusal, Result},
    view,
};

/// POST /user/register
pub(super) async fn register(app: App, Input(input): Input<input::NewUser>) -> Result {
    app.with(|state| {
        if state.user_named(&input.user_name).is_some() {
            return Err(Refusal::CONFLICT);
        }
        let id = state.ids.user.take();
        state.users.insert(id, User::new(id, &input.user_name, &input.password));
        Ok(ok(json!({ "id": id })))
    })
}

/// GET /user/self
pub(super) async fn get_self(app: App, UserId(user): UserId) -> Result {
    app.with(|state| Ok(ok(view::user(state.users.get(&user).ok_or(Refusal::UNAUTHORIZED)?))))
}

/// POST /user/signin
pub(super) async fn sign_in(app: App, Input(input): Input<input::SignIn>) -> Result {
    app.with(|state| auth::sign_in(state, &input).map(ok))
}

/// POST /user/token
pub(super) async fn renew(app: App, ServiceToken { user, token }: ServiceToken) -> Result {
    app.with(|state| Ok(ok(auth::renew(state, user, &token))))
}

/// POST /user/{id}/changePassword
///
/// Code 4 stands for a wrong *current* password, which the request has no property for.
/// It is sent here when the new password is the current one, so that a client can meet
/// the code at all.
pub(super) async fn change_password(app: App, Id(id): Id, Input(input): Input<input::NewPassword>) -> Result {
    app.with(|state| {
        let user = state.users.get_mut(&id).ok_or(Refusal::NOT_FOUND)?;
        if user.locked {
            return Err(Refusal::UNAUTHORIZED.code(3));
        }
        let password_hash = hash_password(&input.new_password);
        if password_hash == user.password_hash {
            return Err(Refusal::BAD_REQUEST.code(4));
        }
        user.password_hash = password_hash;
        state.sessions.retain(|session| session.user != id);
        Ok(no_content())
    })
}

/// POST /user/{id}/lock; also for a user who is locked already.
pub(super) async fn lock(app: App, Id(id): Id) -> Result {
    app.with(|state| {
        state.users.get_mut(&id).ok_or(Refusal::NOT_FOUND)?.locked = true;
        Ok(no_content())
    })
}
