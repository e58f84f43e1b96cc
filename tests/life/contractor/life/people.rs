//! Users from registration to lock, and their notifications.

use casewire::{ErrorKind, contractor::Auth};

use crate::life::common::{Staged, refused};
use crate::life::contractor::stage::{Stage, call_input};

#[tokio::test]
async fn a_user_is_registered_changes_the_password_and_is_locked() {
    let stage = Stage::start().await;
    let desk = &stage.desk;
    let registered = desk.register_user().body_map(|b| b.user_name("popova").password("Первый1")).send().await.unwrap();
    let id = registered.id.unwrap();
    let popova = stage.connect(Auth::user("popova", "Первый1"));
    let me = popova.get_self().send().await.unwrap();
    assert_eq!((me.id, me.name.as_deref()), (Some(id), Some("popova")));
    // A call can be hers.
    let created = desk.create_call().body(call_input(|call| call.owner_id = id)).send().await.unwrap();
    let call = desk.get_call().id(created.id.unwrap()).send().await.unwrap();
    assert_eq!(call.user_id, Some(id));

    // The new password takes the old sessions away, and the old password is no good any more.
    desk.change_password().id(id).body_map(|b| b.new_password("Второй2")).send().await.unwrap();
    stage.sandbox.state(|state| assert!(state.sessions.iter().all(|session| session.user != id)));
    let got = refused(popova.get_self().send().await);
    assert_eq!((got.kind, got.status), (ErrorKind::Authentication, None));
    assert!(got.text.contains("code 1: invalid user name or password"), "{}", got.text);
    let popova = stage.connect(Auth::user("popova", "Второй2"));
    assert_eq!(popova.get_self().send().await.unwrap().id, Some(id));

    // Locked: the session is refused, and there is no other.
    desk.lock_user().id(id).send().await.unwrap();
    assert_eq!(refused(popova.get_self().send().await).failure, "Forbidden");
    let again = stage.connect(Auth::user("popova", "Второй2"));
    let got = refused(again.get_self().send().await);
    assert!(got.text.contains("code 5: user locked"), "{}", got.text);
    stage.sandbox.state(|state| assert!(state.users[&id].locked));
}

#[tokio::test]
async fn notifications_are_marked_as_read() {
    let stage = Stage::start().await;
    let read = || -> Vec<i64> {
        let notifications = stage.sandbox.state(|state| state.notifications.clone());
        notifications.values().filter(|one| one.read).map(|one| one.id).collect()
    };
    assert_eq!(stage.ivanov.mark_notification_read().id(502).send().await.unwrap().into_inner(), 502);
    assert_eq!(read(), [502]);
    assert_eq!(stage.ivanov.mark_all_notifications_read().send().await.unwrap().into_inner(), 1, "one was left");
    assert_eq!(read(), [501, 502], "petrova's is hers");
    assert_eq!(
        refused(stage.ivanov.mark_all_notifications_read().send().await).failure,
        "NotFound(Some(ErrorDto { error_code: 0 }))"
    );
    assert_eq!(stage.petrova.mark_all_notifications_read().send().await.unwrap().into_inner(), 1);
    assert_eq!(read(), [501, 502, 503]);
}
