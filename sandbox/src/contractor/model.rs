//! The things that the interface deals in, as the sandbox keeps them. All fields are open
//! to a test. They are the sandbox's own; what a client sees of them is made in `view`
//! and `entity`.

use std::collections::BTreeSet;

use bytes::Bytes;
use jiff::{Timestamp, civil::DateTime};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The status of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CallStatus {
    /// Created by the external system.
    New,
    /// Accepted by its owner.
    Committed,
    /// Carried out.
    Done,
    /// Closed by the external system.
    Closed,
}

/// The status of a task of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TaskStatus {
    /// To be done.
    New,
    /// Carried out; such a task has a result.
    Done,
    /// Not to be done any more.
    Canceled,
}

/// The status of a cost estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CostStatus {
    /// Being written by the call's owner.
    Draft,
    /// Submitted, and waiting for the approval of its lines.
    InProgress,
    /// Every line has been decided on.
    Processed,
}

/// What was decided on a line of a cost estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Approval {
    /// Nothing yet.
    New,
    /// Approved as it is.
    Approved,
    /// Approved with a correction.
    ApprovedWithCorrection,
    /// Rejected.
    Rejected,
}

/// Whose a material is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum OwnerType {
    /// Not known.
    Unknown,
    /// The contractor's.
    Contractor,
    /// The contract holders'.
    ContractHolders,
}

/// The type of an attached file, known from the extension of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum AttachmentKind {
    /// An image whose name ends in `.jpg` or `.jpeg`. The only type that the sandbox decodes.
    Jpeg,
    /// An image, `.png`.
    Png,
    /// An image, `.tif` or `.tiff`.
    Tiff,
    /// A Word document of the old format, `.doc`.
    Doc,
    /// A Word document, `.docx`.
    Docx,
    /// An Excel workbook of the old format, `.xls`.
    Xls,
    /// An Excel workbook, `.xlsx`.
    Xlsx,
    /// A PDF file, `.pdf`.
    Pdf,
    /// An archive, `.zip`.
    Zip,
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The id.
    pub id: i64,
    /// The name to sign in with.
    pub name: String,
    /// SHA-256 of the password's UTF-8 bytes.
    pub password_hash: [u8; 32],
    /// Whether the user is locked out.
    pub locked: bool,
    /// Every salt that the user has signed in with.
    pub salts: BTreeSet<Vec<u8>>,
    /// The latest of these.
    pub last_salt: Option<Vec<u8>>,
    /// How many pairs of tokens were issued to the user; the texts of the next pair end
    /// with the number after.
    pub issued: u32,
}

impl User {
    /// A user who has never signed in.
    #[must_use]
    pub fn new(id: i64, name: &str, password: &str) -> Self {
        Self {
            id,
            name: name.to_owned(),
            password_hash: hash_password(password),
            locked: false,
            salts: BTreeSet::new(),
            last_salt: None,
            issued: 0,
        }
    }
}

/// SHA-256 of the password's UTF-8 bytes.
pub(super) fn hash_password(password: &str) -> [u8; 32] {
    Sha256::digest(password).into()
}

/// A pair of tokens that a user got.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The user.
    pub user: i64,
    /// The access token, `access-<user>-<number>`.
    pub access: String,
    /// The service token, `service-<user>-<number>`.
    pub service: String,
    /// The last moment at which the access token is accepted; `None` is never.
    pub access_until: Option<Timestamp>,
    /// The last moment at which the service token is accepted; `None` is never.
    pub service_until: Option<Timestamp>,
}

/// A call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// The id.
    pub id: i64,
    /// The number that people use, `SR` and eight digits.
    pub number: String,
    /// The status.
    pub status: CallStatus,
    /// The user who is to carry the call out.
    pub owner: i64,
    /// The mark of the latest change.
    pub timestamp: i64,
    /// The client.
    pub client_name: String,
    /// What the owner wrote with a change of status.
    pub comments: Option<String>,
    /// When the call was created, as the external system says, in UTC.
    pub created: DateTime,
    /// When the owner accepted the call.
    pub committed: Option<Timestamp>,
    /// When the call was carried out.
    pub finished: Option<Timestamp>,
    /// The time by which the call is to be carried out, in UTC.
    pub ttf: Option<DateTime>,
    /// The time by which the owner is to be at the service object, in UTC.
    pub tto: Option<DateTime>,
    /// Whether the call is critical, where the external system said so or not.
    pub critical: Option<bool>,
    /// The contact person's e-mail address.
    pub contact_person_email: Option<String>,
    /// The contact person's name.
    pub contact_person_name: Option<String>,
    /// The contact person's telephone number.
    pub contact_person_phone: Option<String>,
    /// The description as HTML.
    pub description_html_text: String,
    /// The description as plain text for the field employee.
    pub description_text_for_field_employee: String,
    /// The service object's address.
    pub service_object_address: String,
    /// The service object's latitude in degrees.
    pub service_object_latitude: f64,
    /// The service object's longitude in degrees.
    pub service_object_longitude: f64,
    /// The service object's name.
    pub service_object_name: String,
    /// The service object's type.
    pub service_object_type: Option<String>,
    /// What expenses can be for.
    pub expenditure_items: Vec<ExpenditureItem>,
    /// The tasks.
    pub tasks: Vec<Task>,
    /// The messages.
    pub messages: Vec<Message>,
    /// The jeopardies raised.
    pub jeopardies: Vec<Jeopardy>,
    /// The cost estimate.
    pub cost: Option<Cost>,
    /// The token of the latest temporary link.
    pub link: Option<String>,
    /// How many temporary links were issued.
    pub links_issued: u32,
}

impl Call {
    /// The task with that id.
    #[must_use]
    pub fn task(&self, id: i64) -> Option<&Task> {
        self.tasks.iter().find(|task| task.id == id)
    }

    /// The task with that id, to change.
    pub fn task_mut(&mut self, id: i64) -> Option<&mut Task> {
        self.tasks.iter_mut().find(|task| task.id == id)
    }

    /// The jeopardy that waits for an answer.
    #[must_use]
    pub fn open_jeopardy(&self) -> Option<&Jeopardy> {
        self.jeopardies.iter().find(|jeopardy| jeopardy.answer_date.is_none())
    }
}

/// Something that expenses of a call can be for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpenditureItem {
    /// The id, which expenses refer to.
    pub id: i64,
    /// The name, such as `Проезд`.
    pub name: String,
}

/// A task of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// The id, of which there is one across all calls.
    pub id: i64,
    /// What is to be done.
    pub title: String,
    /// The status. A task that is `Done` has a result.
    pub status: TaskStatus,
    /// The files of the result.
    pub attachments: Vec<Attachment>,
}

/// A file attached to a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// The id.
    pub id: i64,
    /// The name that it was uploaded with.
    pub name: String,
    /// The name that it is stored under.
    pub blob_name: String,
    /// When it was uploaded. The interface's own name for it is `downloaded`.
    pub uploaded: Timestamp,
    /// The type.
    pub kind: AttachmentKind,
    /// The contents.
    #[serde(with = "crate::encoded")]
    pub data: Bytes,
}

/// A message to a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The id.
    pub id: i64,
    /// When it was written: the sandbox's clock for a user, what the external system says
    /// for the external system; in UTC.
    pub date: DateTime,
    /// What it says, from a request at most 2000 characters.
    pub text: String,
    /// The id of the user who wrote it; `None` for the external system.
    pub owner: Option<i64>,
    /// The mark of the latest change.
    pub timestamp: i64,
}

/// A warning that a call may not be carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jeopardy {
    /// The id.
    pub id: i64,
    /// When the call's owner raised it.
    pub date: Timestamp,
    /// Why, in the owner's words.
    pub comment: String,
    /// When the external system answered, which takes the warning away.
    pub answer_date: Option<Timestamp>,
    /// What the external system wrote with its answer; `None` until then.
    pub answer_comment: Option<String>,
    /// The mark of the latest change.
    pub timestamp: i64,
}

/// The cost estimate of a call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    /// The status. Only a draft can be edited.
    pub status: CostStatus,
    /// The lines for expenses.
    pub expenses: Vec<Expense>,
    /// The lines for materials.
    pub materials: Vec<Material>,
}

impl Cost {
    /// An estimate without lines.
    #[must_use]
    pub fn draft() -> Self {
        Self { status: CostStatus::Draft, expenses: Vec::new(), materials: Vec::new() }
    }
}

/// An expense of a cost estimate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Expense {
    /// The id of the line.
    pub id: i64,
    /// The quantity, which may be a fraction.
    pub count: f64,
    /// The id of the [`ExpenditureItem`] of the call that it is for.
    pub expenditure_item: i64,
    /// What the external system decided on the line.
    pub status: Approval,
}

/// A material of a cost estimate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Material {
    /// The id of the line.
    pub id: i64,
    /// The quantity, which may be a fraction.
    pub count: f64,
    /// What the material is called.
    pub name: String,
    /// Whose the material is.
    pub owner_type: OwnerType,
    /// The price. The interface names no currency, and doesn't say whether the price is
    /// for one unit or for the line.
    pub price: f64,
    /// The serial number, or whatever string stands in its place.
    pub serial_number: String,
    /// What the external system decided on the line.
    pub status: Approval,
}

/// A notification of a user. The interface only lets it be marked as read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// The id.
    pub id: i64,
    /// The id of the user whom it is for; nobody else may mark it as read.
    pub user: i64,
    /// What it says. No operation returns it.
    pub text: String,
    /// Whether the user has marked it as read.
    pub read: bool,
}
