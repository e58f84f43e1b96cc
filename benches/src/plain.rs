//! The types with serde's derive alone, and instants for date-times: a value that isn't documented, or a local date-time, and
//! all of the response is unreadable.

#![allow(missing_docs)]

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A call, as `getCall` and `listCallChanges` have it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Call {
    #[serde(default)]
    pub available_expenditure_items: Vec<ExpenditureItem>,
    pub client_name: Option<String>,
    pub comments: Option<String>,
    pub commited: Option<Timestamp>,
    pub contact_person_email: Option<String>,
    pub contact_person_name: Option<String>,
    pub contact_person_phone: Option<String>,
    pub created: Option<Timestamp>,
    pub critical: Option<bool>,
    pub description_html_text: Option<String>,
    pub description_text_for_field_employee: Option<String>,
    pub finished: Option<Timestamp>,
    pub id: Option<i64>,
    #[serde(default)]
    pub jeopardies: Vec<Jeopardy>,
    pub number: Option<String>,
    pub service_object_address: Option<String>,
    pub service_object_latitude: Option<f64>,
    pub service_object_longitude: Option<f64>,
    pub service_object_name: Option<String>,
    pub service_object_type: Option<String>,
    pub status: Option<CallStatus>,
    #[serde(default)]
    pub tasks: Vec<Task>,
    pub timestamp: Option<i64>,
    pub ttf: Option<Timestamp>,
    pub tto: Option<Timestamp>,
    pub user_id: Option<i64>,
}

/// An expenditure item of a call.
#[derive(Debug, Deserialize)]
pub struct ExpenditureItem {
    pub id: Option<i64>,
    pub name: Option<String>,
}

/// A risk that a call isn't carried out.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Jeopardy {
    pub answer_comment: Option<String>,
    pub answer_date: Option<Timestamp>,
    pub call_id: Option<i64>,
    pub comment: Option<String>,
    pub date: Option<Timestamp>,
    pub id: Option<i64>,
    pub timestamp: Option<i64>,
}

/// The status of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum CallStatus {
    New,
    Committed,
    Done,
    Closed,
}

/// A task of a call.
#[derive(Debug, Deserialize)]
pub struct Task {
    pub id: Option<i64>,
    pub result: Option<TaskResult>,
    pub status: Option<TaskStatus>,
    pub title: Option<String>,
}

/// The status of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum TaskStatus {
    New,
    Done,
    Canceled,
}

/// The files of a task.
#[derive(Debug, Deserialize)]
pub struct TaskResult {
    #[serde(default)]
    pub attachments: Vec<Attachment>,
}

/// A file of a task.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attachment {
    pub blob_service_file_name: Option<String>,
    pub downloaded: Option<Timestamp>,
    pub id: Option<i64>,
    pub name: Option<String>,
    pub r#type: Option<FileType>,
}

/// The format of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum FileType {
    Jpeg,
    Png,
    Tiff,
    Doc,
    Docx,
    Xls,
    Xlsx,
    Pdf,
    Zip,
}

/// The data of a new call.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewCall {
    pub available_expenditure_items: Vec<NewExpenditureItem>,
    pub client_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_person_email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_person_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_person_phone: Option<String>,
    pub created: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub critical: Option<bool>,
    pub description_html_text: String,
    pub description_text_for_field_employee: String,
    pub owner_id: i64,
    pub service_object_address: String,
    pub service_object_latitude: f64,
    pub service_object_longitude: f64,
    pub service_object_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_object_type: Option<String>,
    pub tasks: Vec<NewTask>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttf: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tto: Option<Timestamp>,
}

/// An expenditure item of a new call.
#[derive(Debug, Serialize)]
pub struct NewExpenditureItem {
    pub name: String,
}

/// A task of a new call.
#[derive(Debug, Serialize)]
pub struct NewTask {
    pub title: String,
}

/// What creating a call gives.
#[derive(Debug, Deserialize)]
pub struct Created {
    pub created: Option<Timestamp>,
    pub id: Option<i64>,
    pub number: Option<String>,
    #[serde(default)]
    pub tasks: Vec<CreatedTask>,
}

/// A task that was created.
#[derive(Debug, Deserialize)]
pub struct CreatedTask {
    pub id: Option<i64>,
}

/// A new message.
#[derive(Debug, Serialize)]
pub struct NewMessage {
    pub message: String,
}

/// A message that was added.
#[derive(Debug, Deserialize)]
pub struct Message {
    pub date: Option<Timestamp>,
    pub id: Option<i64>,
    pub message: Option<String>,
    pub owner: Option<User>,
    pub timestamp: Option<i64>,
}

/// The user who wrote a message.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    pub id: Option<i64>,
    pub is_locked: Option<bool>,
    pub name: Option<String>,
}

/// The body of a failure.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    pub error_code: i32,
}
