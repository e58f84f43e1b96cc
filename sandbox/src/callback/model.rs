//! What the sandbox's state is made of: applications, the batch that is handed out, and tokens.

use jiff::Timestamp;
use serde::Deserialize;

/// An application for a call back.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Application {
    pub id: String,
    /// The day, as it is sent.
    pub date_creation: String,
    pub surname: String,
    pub firstname: String,
    pub patronymic: Option<String>,
    pub organization_name: Option<String>,
    /// The legal form, as it is sent.
    pub opf: String,
    pub inn: Option<String>,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Status {
    Registered,
    Rendered,
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The code for confirming it, `batch-<number>`.
    pub code: String,
    /// The ids of its applications.
    pub applications: Vec<String>,
}

/// A token that was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The login of the user who got it.
    pub login: String,
    /// The token, of the form of a JWT.
    pub text: String,
    /// The last moment at which it is accepted; `None` is never.
    pub until: Option<Timestamp>,
}
