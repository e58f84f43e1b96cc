//! The faults that a test can order for an operation, and how a response is spoilt.
//! They are queued per operation and used up in the order in which they were ordered.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use serde_json::Value;

/// What is to go wrong with a request.
///
/// `Status`, `Unauthorized`, `Drop` and `Body` replace the operation, which then has no
/// effect. The others spoil the response of an operation that did take effect, as far as it
/// was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Responds with this status and an empty body.
    Status(u16),
    /// Responds with 401 and an empty body, as for a token that was withdrawn.
    Unauthorized,
    /// Responds properly, after this long. It is real time, not the sandbox's clock.
    Delay(Duration),
    /// Closes the connection without a byte of a response.
    Drop,
    /// Declares the whole length of the response's body, sends half of it and closes the
    /// connection. A response without a body is not sent at all.
    Truncate,
    /// Writes `null` for every property of the JSON response that isn't required, at the
    /// top or in a list at the top.
    Nulls,
    /// Writes `Frobnicated` for every status and type in the JSON response.
    UnknownEnum,
    /// Responds with exactly this.
    Body {
        /// The status.
        status: u16,
        /// The media type.
        content_type: String,
        /// The body.
        bytes: Vec<u8>,
    },
}

impl Fault {
    /// Orders the fault for the next `times` requests instead of one.
    #[must_use]
    pub fn times(self, times: usize) -> Order {
        Order { fault: self, times }
    }

    /// The status that the fault responds with, if it has one of its own.
    pub(crate) fn status(&self) -> Option<u16> {
        match self {
            Self::Status(status) | Self::Body { status, .. } => Some(*status),
            Self::Unauthorized => Some(401),
            _ => None,
        }
    }
}

/// A fault and the number of requests that it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    fault: Fault,
    times: usize,
}

impl Order {
    pub(crate) fn fault(&self) -> &Fault {
        &self.fault
    }
}

impl From<Fault> for Order {
    fn from(fault: Fault) -> Self {
        fault.times(1)
    }
}

/// The faults ordered and not yet used, by operation id.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<HashMap<String, VecDeque<Order>>>);

impl Faults {
    pub(crate) fn order(&self, operation: &str, order: Order) {
        let mut queues = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        queues.entry(operation.to_owned()).or_default().push_back(order);
    }

    /// The fault for the request that is under way.
    pub(crate) fn take(&self, operation: &str) -> Option<Fault> {
        let mut queues = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let queue = queues.get_mut(operation)?;
        while let Some(order) = queue.front_mut() {
            if order.times == 0 {
                queue.pop_front();
                continue;
            }
            order.times -= 1;
            return Some(order.fault.clone());
        }
        None
    }
}

/// Replaces every property by `null`, but not those named in `required`, which are
/// searched further.
pub(crate) fn nulls(value: &mut Value, required: &[&str]) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| nulls(item, required)),
        Value::Object(properties) => {
            for (name, property) in properties {
                if required.contains(&name.as_str()) {
                    nulls(property, required);
                } else {
                    *property = Value::Null;
                }
            }
        }
        _ => {}
    }
}

/// Replaces the text of every property named in `enums`, at any depth.
pub(crate) fn unknown_enums(value: &mut Value, enums: &[&str]) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| unknown_enums(item, enums)),
        Value::Object(properties) => {
            for (name, property) in properties {
                if property.is_string() && enums.contains(&name.as_str()) {
                    *property = "Frobnicated".into();
                } else {
                    unknown_enums(property, enums);
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn orders_are_used_up_in_turn() {
        let faults = Faults::default();
        faults.order("getCall", Fault::Status(503).times(2));
        faults.order("getCall", Fault::Nulls.times(0));
        faults.order("getCall", Fault::Drop.into());
        let taken: Vec<_> = (0..4).map(|_| faults.take("getCall")).collect();
        assert_eq!(taken, [Some(Fault::Status(503)), Some(Fault::Status(503)), Some(Fault::Drop), None]);
        assert_eq!(faults.take("closeCall"), None);
    }

    #[test]
    fn nulls_spare_what_is_required() {
        let mut value = json!({"access": {"token": "t", "expiresIn": 5}, "tasks": [1], "name": "n"});
        nulls(&mut value, &["access", "token"]);
        assert_eq!(value, json!({"access": {"token": "t", "expiresIn": null}, "tasks": null, "name": null}));
        let mut scalar = json!(7);
        nulls(&mut scalar, &[]);
        assert_eq!(scalar, json!(7));
    }

    #[test]
    fn enums_are_replaced_at_any_depth() {
        let mut value = json!([{"status": "New", "tasks": [{"status": "Done", "title": "New"}]}]);
        unknown_enums(&mut value, &["status"]);
        assert_eq!(value, json!([{"status": "Frobnicated", "tasks": [{"status": "Frobnicated", "title": "New"}]}]));
    }
}
