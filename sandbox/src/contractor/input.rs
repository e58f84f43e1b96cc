//! The JSON bodies that requests bring, read strictly: no property missing, none of a wrong
//! type. What a schema says beyond types (lengths, base64, date-times) is checked while a
//! property is read. Properties that the schema doesn't have are ignored.

use std::collections::BTreeMap;

use base64::{
    Engine, alphabet,
    engine::{GeneralPurpose, GeneralPurposeConfig},
};
use jiff::civil::DateTime;
use serde::{Deserialize, Deserializer, de::Error};

use super::model::{Approval, CallStatus, OwnerType, TaskStatus};
use crate::{
    clock::rfc3339,
    read::{objects, present},
};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewCall {
    #[serde(deserialize_with = "objects")]
    pub(super) available_expenditure_items: Vec<NewExpenditureItem>,
    pub(super) client_name: String,
    #[serde(default, deserialize_with = "present")]
    pub(super) contact_person_email: Option<String>,
    #[serde(default, deserialize_with = "present")]
    pub(super) contact_person_name: Option<String>,
    #[serde(default, deserialize_with = "present")]
    pub(super) contact_person_phone: Option<String>,
    #[serde(deserialize_with = "moment")]
    pub(super) created: DateTime,
    #[serde(default, deserialize_with = "present")]
    pub(super) critical: Option<bool>,
    pub(super) description_html_text: String,
    pub(super) description_text_for_field_employee: String,
    pub(super) owner_id: i64,
    pub(super) service_object_address: String,
    pub(super) service_object_latitude: f64,
    pub(super) service_object_longitude: f64,
    pub(super) service_object_name: String,
    #[serde(default, deserialize_with = "present")]
    pub(super) service_object_type: Option<String>,
    #[serde(deserialize_with = "objects")]
    pub(super) tasks: Vec<NewTask>,
    #[serde(default, deserialize_with = "present_moment")]
    pub(super) ttf: Option<DateTime>,
    #[serde(default, deserialize_with = "present_moment")]
    pub(super) tto: Option<DateTime>,
}

#[derive(Debug, Deserialize)]
pub(super) struct NewExpenditureItem {
    pub(super) name: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct NewTask {
    pub(super) title: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct CallPatch {
    #[serde(default, deserialize_with = "present_moment")]
    pub(super) ttf: Option<DateTime>,
    #[serde(default, deserialize_with = "present_moment")]
    pub(super) tto: Option<DateTime>,
}

#[derive(Debug, Deserialize)]
pub(super) struct NewStatus {
    pub(super) status: CallStatus,
    #[serde(default, deserialize_with = "present")]
    pub(super) comments: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct UserMessage {
    #[serde(deserialize_with = "limited")]
    pub(super) message: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct DispatcherMessage {
    #[serde(deserialize_with = "moment")]
    pub(super) date: DateTime,
    #[serde(deserialize_with = "limited")]
    pub(super) message: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct NewJeopardy {
    #[serde(deserialize_with = "limited")]
    pub(super) comment: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct JeopardyAnswer {
    #[serde(deserialize_with = "limited")]
    pub(super) answer_comment: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Approvals {
    #[serde(default)]
    pub(super) expenses: BTreeMap<String, Approval>,
    #[serde(default)]
    pub(super) materials: BTreeMap<String, Approval>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewExpense {
    pub(super) count: f64,
    pub(super) expenditure_item_id: i64,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ExpensePatch {
    #[serde(default, deserialize_with = "present")]
    pub(super) count: Option<f64>,
    #[serde(default, deserialize_with = "present")]
    pub(super) expenditure_item_id: Option<i64>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewMaterial {
    pub(super) count: f64,
    pub(super) name: String,
    pub(super) owner_type: OwnerType,
    pub(super) price: f64,
    pub(super) serial_number: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MaterialPatch {
    #[serde(default, deserialize_with = "present")]
    pub(super) count: Option<f64>,
    #[serde(default, deserialize_with = "present")]
    pub(super) name: Option<String>,
    #[serde(default, deserialize_with = "present")]
    pub(super) owner_type: Option<OwnerType>,
    #[serde(default, deserialize_with = "present")]
    pub(super) price: Option<f64>,
    #[serde(default, deserialize_with = "present")]
    pub(super) serial_number: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct NewTaskStatus {
    pub(super) status: TaskStatus,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CallResult {
    #[serde(default, deserialize_with = "objects")]
    pub(super) call_task_results: Vec<TaskResult>,
    pub(super) comments: String,
    #[serde(default, deserialize_with = "objects")]
    pub(super) expenses: Vec<NewExpense>,
    #[serde(default, deserialize_with = "objects")]
    pub(super) materials: Vec<NewMaterial>,
}

/// The schema requires neither property, but a result without one of them says nothing.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TaskResult {
    #[serde(default, deserialize_with = "present")]
    pub(super) new_status: Option<TaskStatus>,
    #[serde(default, deserialize_with = "present")]
    pub(super) task_id: Option<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SettingsPatch {
    #[serde(default, deserialize_with = "present")]
    pub(super) call_cost_deadline_day_of_month: Option<i32>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewUser {
    #[serde(deserialize_with = "password")]
    pub(super) password: String,
    pub(super) user_name: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewPassword {
    #[serde(deserialize_with = "password")]
    pub(super) new_password: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SignIn {
    #[serde(deserialize_with = "hash")]
    pub(super) hashed_password: Vec<u8>,
    #[serde(deserialize_with = "salt")]
    pub(super) salt: Vec<u8>,
    pub(super) user_name: String,
}

fn moment<'de, D: Deserializer<'de>>(input: D) -> Result<DateTime, D::Error> {
    let text = String::deserialize(input)?;
    rfc3339(&text).ok_or_else(|| D::Error::custom("not a date-time with an offset"))
}

fn present_moment<'de, D: Deserializer<'de>>(input: D) -> Result<Option<DateTime>, D::Error> {
    moment(input).map(Some)
}

/// A string of at most 2000 characters.
fn limited<'de, D: Deserializer<'de>>(input: D) -> Result<String, D::Error> {
    checked(input, |text| text.chars().count() <= 2000)
}

/// A string of at least 5 characters.
fn password<'de, D: Deserializer<'de>>(input: D) -> Result<String, D::Error> {
    checked(input, |text| text.chars().count() >= 5)
}

fn hash<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<u8>, D::Error> {
    base64(&checked(input, |text| !text.is_empty())?)
}

/// 24 to 32 characters, which hold 16 to 24 bytes.
fn salt<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<u8>, D::Error> {
    base64(&checked(input, |text| (24..=32).contains(&text.len()))?)
}

fn checked<'de, D: Deserializer<'de>>(input: D, fits: impl FnOnce(&str) -> bool) -> Result<String, D::Error> {
    let text = String::deserialize(input)?;
    if fits(&text) { Ok(text) } else { Err(D::Error::custom("a string of the wrong length")) }
}

/// The pattern of the schema allows bits after the last byte that aren't zero.
const BASE64: GeneralPurpose =
    GeneralPurpose::new(&alphabet::STANDARD, GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true));

fn base64<E: Error>(text: &str) -> Result<Vec<u8>, E> {
    BASE64.decode(text).map_err(E::custom)
}
