//! The failures of the tags Notification, SystemSettings and User. A sign-in is sent here
//! by hand, with hashes of the test vectors, since a session never sends a wrong one on
//! purpose.

use casewire::contractor::{
    builder,
    error::{
        ChangePasswordBadRequestCode, ChangePasswordError, ChangePasswordUnauthorizedCode, LockUserError,
        MarkAllNotificationsReadError, MarkNotificationReadError, RegisterUserError, SignInError,
        SignInUnauthorizedCode, UpdateSystemSettingsError,
    },
};
use casewire_sandbox::contractor::{State, User};

use super::{Row, behind_a_gateway, call, coded, dto, row};
use crate::life::contractor::stage::{NOWHERE, Stage, fresh};

/// 0…15, the salt of the test vectors.
const SALT: &str = "AAECAwQFBgcICQoLDA0ODw==";
/// The hash of `Passw0rd` with that salt.
const HASH: &str = "QOianrwOJsclNyqZfRS7I0FUBk/9RONO6+/sTvxJvEQ=";

pub fn table() -> Vec<Row> {
    vec![
        row(
            "404",
            |state| state.notifications.values_mut().for_each(|one| one.read = true),
            call!(|s| s.ivanov.mark_all_notifications_read()),
            MarkAllNotificationsReadError::NotFound(dto(0)),
        ),
        row(
            "403",
            fresh,
            call!(|s| s.ivanov.mark_notification_read().id(503)),
            MarkNotificationReadError::Forbidden(dto(0)),
        ),
        row(
            "404",
            fresh,
            call!(|s| s.ivanov.mark_notification_read().id(NOWHERE)),
            MarkNotificationReadError::NotFound(dto(0)),
        ),
        row(
            "400",
            fresh,
            behind_a_gateway!(|desk| desk.update_system_settings().body_map(|b| b.call_cost_deadline_day_of_month(15))),
            UpdateSystemSettingsError::BadRequest(dto(0)),
        ),
        row(
            "409",
            |state| state.settings_locked = true,
            call!(|s| set_deadline(s, 15)),
            UpdateSystemSettingsError::Conflict(dto(0)),
        ),
        row(
            "409",
            fresh,
            call!(|s| s.desk.register_user().body_map(|b| b.user_name("petrova").password("Пароль2".to_owned()))),
            RegisterUserError::Conflict,
        ),
        row(
            "400",
            fresh,
            call!(|s| change_password(s, 8, "Пароль1")),
            coded!(ChangePasswordError::BadRequest, ChangePasswordBadRequestCode::CurrentPasswordIncorrect, 4),
        ),
        row(
            "400",
            |state| state.omit_optional_error_bodies = true,
            call!(|s| change_password(s, 8, "Пароль1")),
            ChangePasswordError::BadRequest { code: None, body: None },
        ),
        row(
            "401",
            fresh,
            call!(|s| change_password(s, 9, "Пароль2")),
            coded!(ChangePasswordError::Unauthorized, ChangePasswordUnauthorizedCode::UserLocked, 3),
        ),
        row("404", fresh, call!(|s| change_password(s, NOWHERE, "Пароль2")), ChangePasswordError::NotFound),
        row("404", fresh, call!(|s| s.desk.lock_user().id(NOWHERE)), LockUserError::NotFound(dto(0))),
        row(
            "401",
            fresh,
            call!(|s| sign_in(s, "petrova")),
            coded!(SignInError::Unauthorized, SignInUnauthorizedCode::InvalidUserNameOrPassword, 1),
        ),
        row(
            "401",
            salt_used,
            call!(|s| sign_in(s, "ivanov")),
            coded!(SignInError::Unauthorized, SignInUnauthorizedCode::SaltAlreadyUsed, 2),
        ),
        row(
            "401",
            locked,
            call!(|s| sign_in(s, "ivanov")),
            coded!(SignInError::Unauthorized, SignInUnauthorizedCode::UserLocked, 5),
        ),
    ]
}

fn salt_used(state: &mut State) {
    let ivanov: &mut User = state.users.get_mut(&7).unwrap();
    ivanov.salts.insert((0..16).collect());
}

fn locked(state: &mut State) {
    state.users.get_mut(&7).unwrap().locked = true;
}

fn set_deadline(stage: &Stage, day: i32) -> builder::UpdateSystemSettings {
    stage.desk.update_system_settings().body_map(|b| b.call_cost_deadline_day_of_month(day))
}

fn change_password(stage: &Stage, user: i64, password: &str) -> builder::ChangePassword {
    stage.desk.change_password().id(user).body_map(|b| b.new_password(password))
}

fn sign_in(stage: &Stage, name: &str) -> builder::SignIn {
    stage.holder.sign_in().body_map(|b| b.user_name(name).hashed_password(HASH).salt(SALT))
}
