//! Signing in, the cookies that come with it, and whose session a call belongs to.

use axum::{
    Json,
    http::{HeaderMap, HeaderName, header::COOKIE, header::SET_COOKIE},
    response::{AppendHeaders, IntoResponse, Response},
};
use serde_json::json;

use super::{
    input::Login,
    model::Session,
    refusal::{Refusal, Result},
    state::State,
};
use crate::clock::shift;

/// The header that repeats the cookie of the same name.
const CSRF: HeaderName = HeaderName::from_static("bpmcsrf");
/// The header that a sign-in needs.
const FORCE_USE_SESSION: HeaderName = HeaderName::from_static("forceusesession");

/// The message for a wrong name or password.
const WRONG: &str = "Вы ввели неправильный логин или пароль. Проверьте корректность введенных данных или обратитесь к \
                     системному администратору. Системный администратор может изменить пароль на странице пользователя";

/// The name of the user who calls.
#[derive(Debug, Clone)]
pub(super) struct Caller(pub(super) String);

/// Makes sure that a sign-in has its header.
pub(super) fn insist_on_session(headers: &HeaderMap) -> Result<()> {
    match headers.get(FORCE_USE_SESSION) {
        Some(value) if value == "true" => Ok(()),
        _ => Err(Refusal::malformed("the header ForceUseSession has to be `true`")),
    }
}

/// Signs a user in, or says why not; either way the status is 200.
pub(super) fn sign_in(state: &mut State, input: &Login) -> Response {
    if state.users.get(&input.user_name).is_none_or(|user| user.password != input.user_password) {
        let exception = json!({
            "HelpLink": null,
            "InnerException": null,
            "Message": WRONG,
            "StackTrace": "",
            "Type": "System.Security.SecurityException",
        });
        return Json(json!({
            "Code": 1,
            "Message": WRONG,
            "Exception": exception,
            "PasswordChangeUrl": null,
            "RedirectUrl": null,
        }))
        .into_response();
    }
    let number = state.ids.session.take();
    let session = Session {
        user: input.user_name.clone(),
        loader: format!("loader-{number}"),
        auth: format!("aspxauth-{number}"),
        csrf: format!("csrf-{number}"),
        session_id: format!("session-{number}"),
        last_used: state.clock.now(),
    };
    let cookies = AppendHeaders([
        (SET_COOKIE, format!("BPMLOADER={}; path=/; HttpOnly", session.loader)),
        (SET_COOKIE, format!(".ASPXAUTH={}; path=/; HttpOnly", session.auth)),
        (SET_COOKIE, format!("BPMCSRF={}; path=/", session.csrf)),
        (SET_COOKIE, format!("BPMSESSIONID={}; path=/; HttpOnly", session.session_id)),
        // The end is that of the browser's clock, not the sandbox's, so it is far away.
        (
            SET_COOKIE,
            format!("UserName={}; expires=Fri, 31 Dec 2049 23:59:59 GMT; path=/; HttpOnly", codes(&session.user)),
        ),
    ]);
    state.sessions.push(session);
    let body = json!({
        "Code": state.code_on_success,
        "Message": "",
        "Exception": null,
        "PasswordChangeUrl": null,
        "RedirectUrl": null,
    });
    (cookies, Json(body)).into_response()
}

/// A name as Creatio writes it into its cookie: the codes of its letters.
fn codes(name: &str) -> String {
    name.chars().map(|c| u32::from(c).to_string()).collect::<Vec<_>>().join("|")
}

/// The caller whom cookies and header name. Every call that gets through keeps the session alive.
pub(super) fn caller(state: &mut State, headers: &HeaderMap) -> Result<Caller> {
    let now = state.clock.now();
    let lifetime_ms = state.session_minutes.saturating_mul(60_000);
    state.sessions.retain(|session| now <= shift(session.last_used, lifetime_ms));

    let has = |name: &str, value: &str| cookie(headers, name) == Some(value);
    let needs_session_id = state.needs_session_id;
    let session = state
        .sessions
        .iter_mut()
        .find(|session| {
            has("BPMLOADER", &session.loader)
                && has(".ASPXAUTH", &session.auth)
                && has("BPMCSRF", &session.csrf)
                && (!needs_session_id || has("BPMSESSIONID", &session.session_id))
        })
        .ok_or(Refusal::NoSession)?;
    let mut repeated = headers.get_all(CSRF).iter();
    match (repeated.next(), repeated.next()) {
        (Some(value), None) if *value == session.csrf => {
            session.last_used = now;
            Ok(Caller(session.user.clone()))
        }
        _ => Err(Refusal::Forbidden("the header BPMCSRF has to repeat the cookie BPMCSRF")),
    }
}

/// The value of a cookie; `None` if there are two.
fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let pairs = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut values = pairs
        .flat_map(|pairs| pairs.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter_map(|(key, value)| (key == name).then_some(value));
    let value = values.next();
    if values.next().is_some() { None } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_found_in_any_header_but_only_once() {
        let check = |lines: &[&str], expect: Option<&str>| {
            let headers = lines.iter().map(|line| (COOKIE, line.parse().unwrap())).collect();
            assert_eq!(cookie(&headers, ".ASPXAUTH"), expect, "{lines:?}");
        };
        check(&["BPMLOADER=a; .ASPXAUTH=b"], Some("b"));
        check(&["BPMLOADER=a", ".ASPXAUTH=b=="], Some("b=="));
        check(&["BPMLOADER=a;.ASPXAUTH=b;BPMCSRF=c"], Some("b"));
        check(&[".ASPXAUTH=a; .ASPXAUTH=b"], None);
        check(&["X.ASPXAUTH=a; aspxauth=b", ""], None);
    }
}
