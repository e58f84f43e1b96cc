//! The JSON bodies that requests bring, read strictly: no property missing, none of a wrong
//! type. Properties that the schema doesn't have are ignored.

use serde::Deserialize;

use super::model::Status;
use crate::read::present;

#[derive(Deserialize)]
pub(super) struct Credentials {
    pub(super) login: String,
    pub(super) password: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Report {
    pub(super) application_id: String,
    pub(super) status: Status,
    #[serde(default, deserialize_with = "present")]
    pub(super) comment: Option<String>,
}
