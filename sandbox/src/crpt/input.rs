//! The JSON bodies that requests bring. None may have a property of the wrong type;
//! properties that the schema doesn't have are ignored. What the interface itself misses
//! with a failure of its own is optional here.

use serde::Deserialize;

use crate::read::present;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Login {
    pub(super) user_name: String,
    pub(super) user_password: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct NewCase {
    #[serde(default, deserialize_with = "present")]
    pub(super) subject: Option<String>,
    #[serde(default, deserialize_with = "present")]
    pub(super) symptoms: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct NewMessage {
    #[serde(default, deserialize_with = "present")]
    pub(super) number: Option<String>,
    #[serde(default, deserialize_with = "present")]
    pub(super) message: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct CaseUpdate {
    #[serde(default, deserialize_with = "present")]
    pub(super) number: Option<String>,
    #[serde(default, deserialize_with = "present")]
    pub(super) status: Option<Action>,
    #[serde(default, deserialize_with = "present")]
    pub(super) satisfactionlevel: Option<i32>,
    #[serde(default, deserialize_with = "present")]
    pub(super) satisfactioncomment: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Action {
    Close,
    Reopen,
}
