//! What the sandbox's state is made of: applications, the batch that is handed out, and tokens.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An application for a call back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// The id; also the key in [`State::applications`](super::State::applications).
    pub id: String,
    /// The day on which it was made, as the string in responses: `2022-12-30`, or
    /// `2022-30-12` with the month last.
    pub date_creation: String,
    /// The applicant's surname.
    pub surname: String,
    /// The applicant's first name.
    pub firstname: String,
    /// The applicant's patronymic, where there is one.
    pub patronymic: Option<String>,
    /// The organization's name. Sent only for the legal forms `legalEntity` and `entrepreneur`.
    pub organization_name: Option<String>,
    /// The legal form, as the string in responses: `legalEntity`, `entrepreneur`,
    /// `selfEmployed` or `person`, perhaps with spaces around it.
    pub opf: String,
    /// The tax number (ИНН). Sent only for the legal forms `legalEntity` and `entrepreneur`.
    pub inn: Option<String>,
    /// The telephone number to call back, such as `+7 (999) 999-99-99`.
    pub phone: String,
    /// Whether it was in a batch that was confirmed.
    pub delivered: bool,
    /// What was reported last.
    pub status: Option<Status>,
    /// The comment that came with the status.
    pub comment: Option<String>,
}

impl Application {
    /// Whether the applicant is one with a name and a tax number of an organization.
    pub(super) fn is_organization(&self) -> bool {
        matches!(self.opf.trim(), "legalEntity" | "entrepreneur")
    }
}

/// What became of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Taken over by the organization that is to call; always the first status.
    Registered,
    /// The applicant was called back. Follows `Registered`, and is final.
    Rendered,
    /// Closed without a call, with a comment. Follows `Registered`, and is final.
    Rejected,
}

impl Status {
    /// Whether the status may come after another one.
    pub(super) fn follows(self, earlier: Option<Self>) -> bool {
        match self {
            Self::Registered => earlier.is_none(),
            Self::Rendered | Self::Rejected => earlier == Some(Self::Registered),
        }
    }
}

/// A batch that is handed out until it is confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// The code for confirming it, `batch-<number>`.
    pub code: String,
    /// The ids of its applications.
    pub applications: Vec<String>,
}

/// A token that was issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// The login of the user who got it.
    pub login: String,
    /// The token, of the form of a JWT.
    pub text: String,
    /// The last moment at which it is accepted; `None` is never.
    pub until: Option<Timestamp>,
}
