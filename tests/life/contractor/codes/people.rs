//! The failures of the tags Notification, SystemSettings and User. A sign-in is sent here by hand, with hashes of the
//! test vectors, since a session never sends a wrong one on purpose.

use casewire::{
    contractor::builder,
    sandbox::contractor::{State, User},
};

use super::{Row, call, row};
use crate::life::contractor::stage::{NOWHERE, Stage, fresh, refused};

/// 0…15, the salt of the test vectors.
const SALT: &str = "AAECAwQFBgcICQoLDA0ODw==";
/// The hash of `Passw0rd` with that salt.
const HASH: &str = "QOianrwOJsclNyqZfRS7I0FUBk/9RONO6+/sTvxJvEQ=";

pub fn table() -> Vec<Row> {
    let (read, settings, password) = ("markNotificationRead", "updateSystemSettings", "changePassword");
    vec![
        row(
            "markAllNotificationsRead",
            404,
            |state| state.notifications.values_mut().for_each(|one| one.read = true),
            call!(|s| s.ivanov.mark_all_notifications_read()),
            "NotFound(0)",
        ),
        row(read, 403, fresh, call!(|s| s.ivanov.mark_notification_read().id(503)), "Forbidden(0)"),
        row(read, 404, fresh, call!(|s| s.ivanov.mark_notification_read().id(NOWHERE)), "NotFound(0)"),
        row(
            settings,
            400,
            fresh,
            |s| {
                Box::pin(async move {
                    let desk = s.behind_a_gateway().await;
                    let settings = desk.update_system_settings();
                    refused(settings.body_map(|b| b.call_cost_deadline_day_of_month(15)).send().await)
                })
            },
            "BadRequest(0)",
        ),
        row(settings, 409, |state| state.settings_locked = true, call!(|s| set_deadline(s, 15)), "Conflict(0)"),
        row(
            "registerUser",
            409,
            fresh,
            call!(|s| s.desk.register_user().body_map(|b| b.user_name("petrova").password("Пароль2".to_owned()))),
            "Conflict",
        ),
        row(
            password,
            400,
            fresh,
            call!(|s| change_password(s, 8, "Пароль1")),
            "BadRequest { code: Some(CurrentPasswordIncorrect), body: Some(4) }",
        )
        .code(4),
        row(
            password,
            400,
            |state| state.omit_optional_error_bodies = true,
            call!(|s| change_password(s, 8, "Пароль1")),
            "BadRequest { code: None, body: None }",
        ),
        row(
            password,
            401,
            fresh,
            call!(|s| change_password(s, 9, "Пароль2")),
            "Unauthorized { code: Some(UserLocked), body: Some(3) }",
        )
        .code(3),
        row(password, 404, fresh, call!(|s| change_password(s, NOWHERE, "Пароль2")), "NotFound"),
        row("lockUser", 404, fresh, call!(|s| s.desk.lock_user().id(NOWHERE)), "NotFound(0)"),
        row(
            "signIn",
            401,
            fresh,
            call!(|s| sign_in(s, "petrova")),
            "Unauthorized { code: InvalidUserNameOrPassword, body: 1 }",
        )
        .code(1),
        row(
            "signIn",
            401,
            salt_used,
            call!(|s| sign_in(s, "ivanov")),
            "Unauthorized { code: SaltAlreadyUsed, body: 2 }",
        )
        .code(2),
        row("signIn", 401, locked, call!(|s| sign_in(s, "ivanov")), "Unauthorized { code: UserLocked, body: 5 }")
            .code(5),
    ]
}

fn salt_used(state: &mut State) {
    let ivanov: &mut User = state.users.get_mut(&7).unwrap();
    ivanov.salts.insert((0..16).collect());
}

fn locked(state: &mut State) {
    state.users.get_mut(&7).unwrap().locked = true;
}

fn set_deadline(stage: &Stage, day: i32) -> builder::UpdateSystemSettings<'_> {
    stage.desk.update_system_settings().body_map(|b| b.call_cost_deadline_day_of_month(day))
}

fn change_password<'a>(stage: &'a Stage, user: i64, password: &str) -> builder::ChangePassword<'a> {
    stage.desk.change_password().id(user).body_map(|b| b.new_password(password))
}

fn sign_in<'a>(stage: &'a Stage, name: &str) -> builder::SignIn<'a> {
    stage.holder.sign_in().body_map(|b| b.user_name(name).hashed_password(HASH).salt(SALT))
}
