//! The JSON bodies that requests bring, read strictly: no property that isn't known, none
//! missing, no wrong type.

use serde::Deserialize;

use super::model::Status;
use crate::read::present;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Credentials {
    pub(super) login: String,
    pub(super) password: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Report {
    pub(super) application_id: String,
    pub(super) status: Status,
    #[serde(default, deserialize_with = "present")]
    pub(super) comment: Option<String>,
}
