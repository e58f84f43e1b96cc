//! What the sandbox's state is made of: clients, their cases with comments and documents, and events.

use std::collections::BTreeMap;

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Value, json};

/// A client of the bank.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Client {
    pub inn: String,
    pub ogrn: String,
    pub organization: String,
    pub tariff: String,
    /// The cases by id.
    pub cases: BTreeMap<String, Case>,
}

/// A legal case.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Case {
    pub ogrn: String,
    pub representative: Representative,
    /// What the case is about.
    pub text: String,
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
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Representative {
    pub surname: String,
    pub name: String,
    pub patronymic: Option<String>,
    pub telephone: Option<String>,
}

/// A comment on a case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Comment {
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
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Document {
    pub name: String,
    pub data: Bytes,
}

/// The status of a case at the partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseStatus {
    /// В работе (не оплачено)
    Unpaid,
    /// Ожидание подтверждения
    AwaitingConfirmation,
    /// В работе (оплачено)
    InWork,
    /// На закрытии
    Closing,
    /// Закрыт
    Closed,
}

impl CaseStatus {
    /// The status as the document calls it.
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the document's")]
pub enum EventCode {
    Created,
    CommentAdded,
    DocumentAdded,
    PaymentConfirmationWaiting,
    Accepted,
    TypeChanged,
    TookToWork,
    Processed,
    Closed,
}

impl EventCode {
    /// All nine, in the order of the document.
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
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Event {
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
