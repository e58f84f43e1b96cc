//! Tag Notification: marking notifications as read.
//! The interface has no way to list them.

use super::ok;
use crate::contractor::{
    extract::{App, Id, UserId},
    refusal::{Refusal, Result},
};

/// POST /notification/readAll; responds with how many there were.
pub(super) async fn read_all(app: App, UserId(user): UserId) -> Result {
    app.with(|state| {
        let mut count = 0;
        for notification in state.notifications.values_mut().filter(|one| one.user == user && !one.read) {
            notification.read = true;
            count += 1;
        }
        if count == 0 { Err(Refusal::NOT_FOUND) } else { Ok(ok(count.into())) }
    })
}

/// POST /notification/{id}/read; responds with the id, also when it had been read before.
pub(super) async fn read(app: App, UserId(user): UserId, Id(id): Id) -> Result {
    app.with(|state| {
        let notification = state.notifications.get_mut(&id).ok_or(Refusal::NOT_FOUND)?;
        if notification.user != user {
            return Err(Refusal::FORBIDDEN);
        }
        notification.read = true;
        Ok(ok(id.into()))
    })
}
