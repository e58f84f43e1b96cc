//! Everything that the sandbox knows, open to a test, and what the partner does on its side.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    model::{Case, Client, Comment, Event, EventCode},
    refusal::{Refusal, Result},
};
use crate::{
    app::{self, Sequence},
    clock::Clock,
};

/// The state, shared by all requests.
pub(super) type App = app::App<State>;

/// The state of the sandbox. Whatever is changed in it, the next request sees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct State {
    /// The clock, which stands still until it is moved.
    pub clock: Clock,
    /// The clients by id, with all that belongs to them.
    pub clients: BTreeMap<String, Client>,
    /// The events that the partner would have sent, in their order; none at the start.
    pub events: Vec<Event>,
    /// A header, name and value, that every request has to have; a request without it is
    /// refused with 401.
    pub required_header: Option<(String, String)>,
    /// The status of the response to a request that has created something, 201 or 200.
    pub created_status: u16,
    /// The status of the response to a request that has nothing to tell, 204 or 200.
    pub done_status: u16,
    /// The most bytes that a document may have.
    pub max_document_bytes: usize,
    /// The numbers in the ids that new things get.
    pub ids: Ids,
}

/// The numbers in the ids that new things get.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Ids {
    /// Of a client: `c-<number>`.
    pub client: Sequence,
    /// Of a case: `lc-<number>`.
    pub case: Sequence,
    /// Of a comment: `cm-<number>`.
    pub comment: Sequence,
    /// Of a document: `d-<number>`.
    pub document: Sequence,
}

impl State {
    /// The case with that id, whichever client's it is.
    #[must_use]
    pub fn case(&self, id: &str) -> Option<&Case> {
        self.clients.values().find_map(|client| client.cases.get(id))
    }

    /// The case with that id, to change.
    pub fn case_mut(&mut self, id: &str) -> Option<&mut Case> {
        self.clients.values_mut().find_map(|client| client.cases.get_mut(id))
    }

    /// The comment with that id, whichever case's it is.
    #[must_use]
    pub fn comment(&self, id: &str) -> Option<&Comment> {
        let mut cases = self.clients.values().flat_map(|client| client.cases.values());
        cases.find_map(|case| case.comments.get(id))
    }

    /// The comment with that id, to change.
    pub fn comment_mut(&mut self, id: &str) -> Option<&mut Comment> {
        let mut cases = self.clients.values_mut().flat_map(|client| client.cases.values_mut());
        cases.find_map(|case| case.comments.get_mut(id))
    }

    /// Lets something happen to a case at the partner: its status becomes the one that
    /// goes with the event, and the event is recorded. Nothing happens to a case that
    /// there isn't.
    pub fn happen(&mut self, case: &str, code: EventCode) {
        let now = self.clock.now();
        for (client_id, client) in &mut self.clients {
            if let Some(found) = client.cases.get_mut(case) {
                found.status = code.status().unwrap_or(found.status);
                self.events.push(Event { code, client: client_id.clone(), case: case.to_owned(), at: now });
            }
        }
    }

    /// Writes a comment of the partner on a case, with its event, and returns the
    /// comment's id; `None` if there is no such case.
    pub fn comment_by_partner(&mut self, case: &str, text: &str) -> Option<String> {
        let comment = Comment { text: text.to_owned(), by_partner: true, ..Comment::default() };
        self.case(case)?;
        Some(self.add_comment(case, comment))
    }

    /// Adds a comment to a case that there is, and returns its id.
    pub(super) fn add_comment(&mut self, case: &str, comment: Comment) -> String {
        let id = format!("cm-{}", self.ids.comment.take());
        if let Some(found) = self.case_mut(case) {
            found.comments.insert(id.clone(), comment);
        }
        self.happen(case, EventCode::CommentAdded);
        id
    }

    /// The client at a path.
    pub(super) fn client_at(&mut self, client: &str) -> Result<&mut Client> {
        self.clients.get_mut(client).ok_or(Refusal::NOT_FOUND)
    }

    /// The case at a path.
    pub(super) fn case_at(&mut self, client: &str, case: &str) -> Result<&mut Case> {
        self.client_at(client)?.cases.get_mut(case).ok_or(Refusal::NOT_FOUND)
    }

    /// The comment at a path.
    pub(super) fn comment_at(&mut self, client: &str, case: &str, comment: &str) -> Result<&mut Comment> {
        self.case_at(client, case)?.comments.get_mut(comment).ok_or(Refusal::NOT_FOUND)
    }
}
