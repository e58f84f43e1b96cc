//! What every response of a sandbox is like while it is switched on: something that the interface allows and a server may do.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What every response is like; nothing out of the ordinary at the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Modes {
    /// `null` for every property of a JSON response that isn't required, at the top or in a list at the top.
    pub nulls: bool,
    /// `Frobnicated` for every enum value in a JSON response.
    pub unknown_enum_values: bool,
    /// Date-times without their offset.
    pub no_offsets: bool,
    /// No body in responses whose status is a failure.
    pub empty_failures: bool,
}

impl Modes {
    /// Whether any of them changes a body.
    pub(crate) fn edit(self) -> bool {
        self.nulls || self.unknown_enum_values || self.no_offsets
    }
}

/// The modes of a sandbox.
#[derive(Debug, Default)]
pub(crate) struct Switches(Mutex<Modes>);

impl Switches {
    pub(crate) fn lock(&self) -> MutexGuard<'_, Modes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes the offsets from all date-times, at any depth.
pub(crate) fn no_offsets(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(no_offsets),
        Value::Object(properties) => properties.values_mut().for_each(no_offsets),
        Value::String(text) if crate::clock::rfc3339(text).is_some() => {
            let end = text.rfind(['Z', 'z', '+', '-']).unwrap_or(text.len());
            text.truncate(end);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn offsets_go_from_date_times_alone() {
        let mut value = json!([{"ttf": "2026-03-02T09:00:00Z", "tto": "2026-03-02T12:00:00.5+03:00"}, "SR-1Z", 7]);
        no_offsets(&mut value);
        assert_eq!(value, json!([{"ttf": "2026-03-02T09:00:00", "tto": "2026-03-02T12:00:00.5"}, "SR-1Z", 7]));
    }

    #[test]
    fn unknown_modes_are_refused() {
        let read = |text| serde_json::from_str::<Modes>(text).map(|modes| (modes.nulls, modes.empty_failures));
        assert_eq!(read(r#"{"nulls":true}"#).unwrap(), (true, false));
        assert!(read(r#"{"null":true}"#).is_err());
    }
}
