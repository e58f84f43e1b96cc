//! Events: what the partner tells the bank of a case. How they are delivered isn't documented, so that a receiver is the
//! program's own; what comes is read here.

use std::fmt;

use super::{
    operation,
    types::{LegalCaseEvent, LegalCaseEventCode},
};
use crate::runtime::{Defect, read_json};

impl LegalCaseEvent {
    /// Reads the body of a notification, as tolerantly as [responses are read](crate#what-is-read-and-how).
    ///
    /// # Errors
    /// When it isn't JSON, or not an event. The error shows no value.
    ///
    /// ```
    /// use casewire::legalcase::{LegalCaseStatus, types::{LegalCaseEvent, LegalCaseEventCode}};
    ///
    /// let body = r#"{"Event":"TookToWork","clientId":"c-1001","legalCaseId":"lc-2001"}"#;
    /// let event = LegalCaseEvent::from_slice(body.as_bytes())?;
    /// assert_eq!(event.event, LegalCaseEventCode::TookToWork);
    /// assert_eq!(event.status(), Some(LegalCaseStatus::InWork));
    ///
    /// let cut = LegalCaseEvent::from_slice(br#"{"Event":"#).unwrap_err();
    /// assert!(cut.to_string().starts_with("can't read the event at Event: EOF"));
    /// # Ok::<(), casewire::legalcase::InvalidEvent>(())
    /// ```
    pub fn from_slice(body: &[u8]) -> Result<Self, InvalidEvent> {
        // Every operation knows the names of all properties.
        read_json(body, operation::DELETE_CLIENT.properties).map_err(|defect| InvalidEvent { defect })
    }

    /// The status that the case has with this event; `None` for an event that leaves it as it is, or that isn't known.
    #[must_use]
    pub fn status(&self) -> Option<LegalCaseStatus> {
        LegalCaseStatus::after(&self.event)
    }
}

/// The status of a case at the partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LegalCaseStatus {
    /// «В работе (не оплачено)»: open, and not paid for.
    Unpaid,
    /// «Ожидание подтверждения»: the client has to confirm the amount to pay.
    AwaitingConfirmation,
    /// «В работе (оплачено)»: paid for, and worked on.
    InWork,
    /// «На закрытии»: about to be closed.
    Closing,
    /// «Закрыт»: closed.
    Closed,
}

impl LegalCaseStatus {
    /// The status that a case has after an event; `None` for one that leaves it as it is, or that isn't known.
    #[must_use]
    pub fn after(event: &LegalCaseEventCode) -> Option<Self> {
        match event {
            LegalCaseEventCode::Created => Some(Self::Unpaid),
            LegalCaseEventCode::PaymentConfirmationWaiting => Some(Self::AwaitingConfirmation),
            LegalCaseEventCode::TookToWork => Some(Self::InWork),
            LegalCaseEventCode::Processed => Some(Self::Closing),
            LegalCaseEventCode::Closed => Some(Self::Closed),
            _ => None,
        }
    }

    /// What the interface calls it, in Russian.
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
}

impl fmt::Display for LegalCaseStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The body of a notification that is not an event.
#[derive(Debug, thiserror::Error)]
#[error("can't read the event{defect}")]
pub struct InvalidEvent {
    defect: Defect,
}

impl InvalidEvent {
    /// Where in the body: a path such as `Event`, or `.` for the body as a whole.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.defect.path
    }

    /// What is wrong there. Values are left out, since they may be secret.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.defect.reason
    }
}

#[cfg(test)]
mod tests {
    use super::{LegalCaseEventCode, LegalCaseStatus};

    /// As the spec says it, from which the generated table comes.
    #[test]
    fn statuses_are_those_of_the_spec() {
        let codes =
            ["Created", "CommentAdded", "DocumentAdded", "PaymentConfirmationWaiting", "Accepted", "TypeChanged"];
        let statuses = codes.into_iter().chain(["TookToWork", "Processed", "Closed", "Archived"]).map(|code| {
            let code = serde_json::from_value::<LegalCaseEventCode>(code.into()).unwrap();
            let status = LegalCaseStatus::after(&code);
            assert_eq!(status.map(LegalCaseStatus::name), code.status(), "{code:?}");
            status
        });
        assert_eq!(statuses.flatten().count(), 5);
    }
}
