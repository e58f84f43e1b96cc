//! What the sandbox's state is made of: users, sessions, cases, their messages and files.

use bytes::Bytes;
use jiff::{Timestamp, civil::DateTime};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The status of a case that is being worked on.
pub const OPEN: &str = "Открыто";
/// The status of a case on which the participant has to act.
pub const ATTENTION: &str = "Требуется ваше внимание";
/// The status of a case that was closed. The interface has no list of statuses; this one
/// is the sandbox's.
pub const CLOSED: &str = "Закрыто";
/// The status of a case that was reopened. The interface has no list of statuses; this
/// one is the sandbox's.
pub const REOPENED: &str = "Возобновлено";

/// The host in links to files. Nobody can reach it.
pub const FILE_HOST: &str = "http://10.200.199.1:84";
/// The first id in links to files, the same in all of them.
pub const ENTITY_SCHEMA_UID: &str = "55c1fe71-17a1-4bd2-a4b2-7799ccaac996";

/// A user of the support portal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The name for signing in.
    pub name: String,
    /// The password.
    pub password: String,
    /// The name that messages show.
    pub contact: String,
}

/// A support case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// The number, `SR` and eight digits; also the key in [`State::cases`](super::State::cases).
    pub number: String,
    /// The subject.
    pub subject: String,
    /// The problem, in the participant's words.
    pub symptoms: String,
    /// 1 normal to 4 critical.
    pub priority: i32,
    /// One of [`OPEN`], [`ATTENTION`], [`CLOSED`] and [`REOPENED`], or whatever a test puts here.
    pub status: String,
    /// The `statusCode`, of which the interface says nothing but the name; left out of
    /// responses where it is `None`.
    pub status_code: Option<Value>,
    /// The solution, empty as long as there is none.
    pub solution: String,
    /// The files of the solution.
    pub files: Vec<File>,
    /// The messages, oldest first.
    pub messages: Vec<Message>,
    /// How the participant rated the solution, from 1 to 5. No operation returns it.
    pub satisfaction_level: Option<i64>,
    /// The participant's comment on the rating. No operation returns it.
    pub satisfaction_comment: Option<String>,
}

impl Case {
    /// A new case, of medium priority.
    pub(super) fn new(number: String, subject: &str, symptoms: &str) -> Self {
        Self {
            number,
            subject: subject.to_owned(),
            symptoms: symptoms.to_owned(),
            priority: 2,
            status: OPEN.to_owned(),
            status_code: None,
            solution: String::new(),
            files: Vec::new(),
            messages: Vec::new(),
            satisfaction_level: None,
            satisfaction_comment: None,
        }
    }

    /// Does what the operator's support desk would do: proposes a solution and asks for attention.
    pub fn solve(&mut self, solution: &str) {
        solution.clone_into(&mut self.solution);
        ATTENTION.clone_into(&mut self.status);
    }

    /// Whether the participant has a solution to judge.
    pub(super) fn is_solved(&self) -> bool {
        self.status == ATTENTION && !self.solution.trim().is_empty()
    }

    pub(super) fn file(&self, id: &str) -> Option<&File> {
        let of_messages = self.messages.iter().flat_map(|message| &message.files);
        self.files.iter().chain(of_messages).find(|file| file.id == id)
    }
}

/// A message to a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The id, a UUID.
    pub id: String,
    /// The name of the person who wrote it.
    pub contact: String,
    /// When it was written, in the sandbox's UTC, which the response doesn't say.
    pub created: DateTime,
    /// The text, empty for a bare file.
    pub text: String,
    /// Its files.
    pub files: Vec<File>,
}

/// A file of a message or of a solution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// The id, a UUID.
    pub id: String,
    /// The name that it was uploaded with.
    pub name: String,
    /// The contents.
    #[serde(with = "crate::encoded")]
    pub data: Bytes,
}

/// A session that was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The name of the user.
    pub user: String,
    /// The cookie `BPMLOADER`, `loader-<number>`.
    pub loader: String,
    /// The cookie `.ASPXAUTH`, `aspxauth-<number>`.
    pub auth: String,
    /// The cookie and header `BPMCSRF`, `csrf-<number>`.
    pub csrf: String,
    /// The cookie `BPMSESSIONID`, `session-<number>`.
    pub session_id: String,
    /// When it was last used.
    pub last_used: Timestamp,
}
