//! The faults that a test can order for an operation, and how a response is spoilt.
//! They are queued per operation and used up in the order in which they were ordered.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use axum::http::{HeaderName, HeaderValue};
use serde_json::Value;

/// In place of an operation: any of them.
pub(crate) const ANY: &str = "";

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
    /// Declares the whole length of the response's body, sends so many bytes of it and closes the connection. A response that
    /// is no longer than that arrives whole.
    DropAfter(usize),
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
        Order { fault: self, times, headers: Vec::new() }
    }

    /// Orders the fault with a header in the response, such as `Retry-After`.
    ///
    /// # Panics
    ///
    /// When name or value can't be those of a header.
    #[must_use]
    pub fn header(self, name: &str, value: &str) -> Order {
        self.times(1).header(name, value)
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
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Order {
    /// For the next `times` requests.
    #[must_use]
    pub fn times(self, times: usize) -> Self {
        Self { times, ..self }
    }

    /// With one more header in the response, in place of one of the same name.
    ///
    /// # Panics
    ///
    /// When name or value can't be those of a header.
    #[must_use]
    pub fn header(self, name: &str, value: &str) -> Self {
        self.with(name, value).unwrap_or_else(|| panic!("`{name}: {value}` is not a header"))
    }

    /// The same; `None` when that can't be a header.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Option<Self> {
        self.headers.push((name.parse().ok()?, value.parse().ok()?));
        Some(self)
    }

    /// The headers that a response gets.
    pub(crate) fn headers(&self) -> impl Iterator<Item = (HeaderName, HeaderValue)> {
        self.headers.iter().cloned()
    }

    /// For how many requests it still is.
    pub(crate) fn left(&self) -> usize {
        self.times
    }

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

    /// The fault for the request that is under way: one for its operation, or else for any.
    pub(crate) fn take(&self, operation: &str) -> Option<Order> {
        let mut queues = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        [operation, ANY].into_iter().find_map(|name| {
            let queue = queues.get_mut(name)?;
            while let Some(order) = queue.front_mut() {
                if order.times == 0 {
                    queue.pop_front();
                    continue;
                }
                order.times -= 1;
                return Some(order.clone());
            }
            None
        })
    }

    /// Those that were not used yet, with their operation.
    pub(crate) fn waiting(&self) -> Vec<(String, Order)> {
        let queues = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut waiting: Vec<_> = queues
            .iter()
            .flat_map(|(operation, queue)| queue.iter().map(|order| (operation.clone(), order.clone())))
            .filter(|(_, order)| order.times > 0)
            .collect();
        waiting.sort_by(|(one, _), (other, _)| one.cmp(other));
        waiting
    }

    /// Takes back those that were not used yet.
    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
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
        faults.order(ANY, Fault::Truncate.into());
        assert_eq!(faults.waiting().len(), 3);
        let taken: Vec<_> = (0..5).map(|_| faults.take("getCall").map(|order| order.fault)).collect();
        let expect = [Fault::Status(503), Fault::Status(503), Fault::Drop, Fault::Truncate];
        assert_eq!(taken, [&expect.map(Some)[..], &[None]].concat());
        assert_eq!(faults.take("closeCall"), None);
        faults.order("getCall", Fault::Drop.into());
        faults.clear();
        assert_eq!((faults.take("getCall"), faults.waiting()), (None, Vec::new()));
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
