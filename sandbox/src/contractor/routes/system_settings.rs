//! Tag SystemSettings: the one setting that there is, the day up to which estimates stay open.
//! It can be written and not read.

use super::{no_content, ok};
use crate::contractor::{
    extract::{App, Input},
    input,
    refusal::{Refusal, Result},
};

/// PATCH /systemSettings; responds with how many times the settings were changed, and 204 when
/// nothing was to change.
pub(super) async fn update(app: App, Input(input): Input<input::SettingsPatch>) -> Result {
    let day = match input.call_cost_deadline_day_of_month.map(i8::try_from) {
        Some(Ok(day @ 1..=28)) => Some(day),
        Some(_) => return Err(Refusal::BAD_REQUEST),
        None => None,
    };
    app.with(|state| {
        if state.settings_locked {
            return Err(Refusal::CONFLICT);
        }
        let Some(day) = day else { return Ok(no_content()) };
        state.settings.call_cost_deadline_day = day;
        state.settings.changes += 1;
        Ok(ok(state.settings.changes.into()))
    })
}
