//! What the sandbox's state is made of: clients, their cases with comments and documents,
//! and events.

use std::collections::BTreeMap;

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A client of the bank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// The tax number (ИНН): 10 digits, or 12 for an entrepreneur.
    pub inn: String,
    /// The registration number: 13 digits (ОГРН), or 15 for an entrepreneur (ОГРНИП).
    pub ogrn: String,
    /// The organization's name.
    pub organization: String,
    /// The tariff. Any string is accepted.
    pub tariff: String,
    /// The cases by id.
    pub cases: BTreeMap<String, Case>,
}

/// A legal case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// The registration number that was sent with the case. It isn't compared with the client's.
    pub ogrn: String,
    /// The client's contact person, named when the case was opened.
    pub representative: Representative,
    /// What the case is about.
    pub text: String,
    /// The status. Events set it, see [`State::happen`](super::State::happen).
    pub status: CaseStatus,
    /// Whether the partner has opened it.
    pub by_partner: bool,
    /// Whether the client has read it.
    pub read: bool,
    /// Whether the client accepts the price; `None` as long as nothing was said.
    pub accepted: Option<bool>,
    /// The comments by id.
    pub comments: BTreeMap<String, Comment>,
}

/// Who speaks for a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Representative {
    /// The surname.
    pub surname: String,
    /// The first name.
    pub name: String,
    /// The patronymic, where there is one.
    pub patronymic: Option<String>,
    /// The telephone number, in any format, where one was given.
    pub telephone: Option<String>,
}

/// A comment on a case.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Comment {
    /// What it says.
    pub text: String,
    /// Whether an employee of the partner has written it.
    pub by_partner: bool,
    /// Whether the client has read it.
    pub read_by_client: bool,
    /// Whether an employee of the partner has read it.
    pub read_by_partner: bool,
    /// Whether an employee of the partner has answered it.
    pub answered: bool,
    /// The documents by id.
    pub documents: BTreeMap<String, Document>,
}

impl Comment {
    /// Whether the comment may still be deleted.
    pub(super) fn is_free(&self) -> bool {
        !(self.by_partner || self.read_by_partner || self.answered)
    }
}

/// A document of a comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// The name that it was uploaded with.
    pub name: String,
    /// The contents.
    #[serde(with = "crate::encoded")]
    pub data: Bytes,
}

/// The status of a case at the partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CaseStatus {
    /// «В работе (не оплачено)»: being worked on, and not paid for.
    Unpaid,
    /// «Ожидание подтверждения»: waits for the client to accept the price.
    AwaitingConfirmation,
    /// «В работе (оплачено)»: paid for, and being worked on.
    InWork,
    /// «На закрытии»: about to be closed.
    Closing,
    /// «Закрыт»: closed.
    Closed,
}

impl CaseStatus {
    /// What the interface calls the status, in Russian.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unpaid => "В работе (не оплачено)",
            Self::AwaitingConfirmation => "Ожидание подтверждения",
            Self::InWork => "В работе (оплачено)",
            Self::Closing => "На закрытии",
            Self::Closed => "Закрыт",
        }
    }

    /// Whether the work is still to be paid for.
    pub(super) fn is_unpaid(self) -> bool {
        matches!(self, Self::Unpaid | Self::AwaitingConfirmation)
    }
}

/// What can happen to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum EventCode {
    /// The case was opened.
    Created,
    /// The client or the partner wrote a comment.
    CommentAdded,
    /// A document was added to a comment.
    DocumentAdded,
    /// The partner named a price, and waits for the client to accept it.
    PaymentConfirmationWaiting,
    /// The client accepted the price.
    Accepted,
    /// The case got another type. The sandbox keeps no types.
    TypeChanged,
    /// The partner started the work.
    TookToWork,
    /// An employee of the partner has dealt with the case.
    Processed,
    /// The case was closed.
    Closed,
}

impl EventCode {
    /// All nine, in the order of their declaration.
    pub const ALL: [Self; 9] = [
        Self::Created,
        Self::CommentAdded,
        Self::DocumentAdded,
        Self::PaymentConfirmationWaiting,
        Self::Accepted,
        Self::TypeChanged,
        Self::TookToWork,
        Self::Processed,
        Self::Closed,
    ];

    /// The code as it is sent, and what it says for people.
    fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::Created => ("Created", "Обращение создано"),
            Self::CommentAdded => ("CommentAdded", "К обращению добавлен комментарий"),
            Self::DocumentAdded => ("DocumentAdded", "К обращению добавлен документ"),
            Self::PaymentConfirmationWaiting => {
                ("PaymentConfirmationWaiting", "Обращение ожидает подтверждения суммы для оплаты")
            }
            Self::Accepted => ("Accepted", "Сумма на оплату обращения акцептована"),
            Self::TypeChanged => ("TypeChanged", "Изменен тип обращения"),
            Self::TookToWork => ("TookToWork", "Обращение взято в работу"),
            Self::Processed => ("Processed", "Обработано сотрудником ППО"),
            Self::Closed => ("Closed", "Закрыто"),
        }
    }

    /// The status that a case gets with the event; `None` if it keeps the one it has.
    #[must_use]
    pub fn status(self) -> Option<CaseStatus> {
        match self {
            Self::Created => Some(CaseStatus::Unpaid),
            Self::PaymentConfirmationWaiting => Some(CaseStatus::AwaitingConfirmation),
            Self::TookToWork => Some(CaseStatus::InWork),
            Self::Processed => Some(CaseStatus::Closing),
            Self::Closed => Some(CaseStatus::Closed),
            Self::CommentAdded | Self::DocumentAdded | Self::Accepted | Self::TypeChanged => None,
        }
    }
}

/// An event that the partner would have sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Event {
    /// What happened.
    pub code: EventCode,
    /// The id of the client.
    pub client: String,
    /// The id of the case.
    pub case: String,
    /// When it happened.
    pub at: Timestamp,
}

impl Event {
    /// The body that a receiver of notifications would get.
    #[must_use]
    pub fn body(&self) -> Value {
        let (code, description) = self.code.texts();
        json!({ "Event": code, "description": description, "clientId": self.client, "legalCaseId": self.case })
    }
}
