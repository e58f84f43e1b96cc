//! Answers whose status says success and whose body may say failure, and results that are wrapped in another object.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    decode::{Unreadable, from_json, place, without_values},
    number,
    objects::Objects,
};

/// How a failure is told from a success in a body, and where the result stands in it.
pub(crate) struct Envelope {
    /// When the body is a failure; `None` when it never is.
    pub(crate) failure: Option<FailureWhen>,
    /// The property that is the result; without it, the whole body is.
    pub(crate) data: Option<&'static str>,
}

/// The mark of a failure in a body.
pub(crate) enum FailureWhen {
    /// The property is there, and neither null nor empty; or else the other one is false.
    Present { property: &'static str, or_false: Option<&'static str> },
    /// The property is there and has none of these values.
    NotOneOf(&'static str, &'static [i64]),
}

impl Envelope {
    fn is_failure(&self, body: &Value) -> bool {
        match self.failure {
            None => false,
            Some(FailureWhen::Present { property, or_false }) => {
                let is_told = body.get(property).is_some_and(|value| !value.is_null() && value != "");
                is_told || or_false.is_some_and(|other| body.get(other) == Some(&Value::Bool(false)))
            }
            Some(FailureWhen::NotOneOf(property, values)) => {
                let value = body.get(property).filter(|value| !value.is_null());
                value
                    .is_some_and(|value| number::strict::<_, i64>(value).map_or(true, |value| !values.contains(&value)))
            }
        }
    }
}

/// Whether a body is told to be a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict { Failure, NoFailure, Unreadable }

impl Envelope {
    pub(crate) const NONE: &'static Self = &Self { failure: None, data: None };

    pub(crate) fn verdict(&self, body: &[u8]) -> Verdict {
        if self.failure.is_none() { return Verdict::NoFailure }
        match from_json::<Value>(body, &[], 0) {
            Ok(body) if self.is_failure(&body) => Verdict::Failure,
            Ok(_) => Verdict::NoFailure,
            Err(_) => Verdict::Unreadable,
        }
    }

    pub(crate) fn read<T: DeserializeOwned, F: DeserializeOwned>(&self, bytes: &[u8], properties: &[&str], most: usize) -> Result<Result<T, F>, Unreadable> {
            let mut body: Value = from_json(bytes, properties, most)?;
            if self.is_failure(&body) {
                return from_value(body, "", properties).map(Err);
            }
            let Some(property) = self.data else { return from_value(body, "", properties).map(Ok) };
            match body.get_mut(property) {
                Some(data) => from_value(data.take(), property, properties).map(Ok),
                None => {
                    let reason = "it is missing".to_owned();
                    Err(Unreadable { path: property.to_owned(), ..Unreadable::whole(reason) })
                }
            }
    }

    pub(crate) fn failure<F: DeserializeOwned>(&self, body: &[u8], properties: &[&str], most: usize) -> Option<F> {
        let told = |body: &Value| self.failure.is_none() || self.is_failure(body);
        let refusal = from_json::<Value>(body, properties, most).ok().filter(told);
        refusal.and_then(|body| from_value(body, "", properties).ok())
    }
}

/// A part of a body that was read already; `path` is where it stood.
fn from_value<T: DeserializeOwned>(value: Value, path: &str, properties: &[&str]) -> Result<T, Unreadable> {
    serde_path_to_error::deserialize(Objects(value)).map_err(|e| {
        let inner = place(e.path(), properties);
        let path = match (path, inner.as_str()) {
            ("", _) => inner,
            (_, ".") => path.to_owned(),
            (_, inner) if inner.starts_with('[') => format!("{path}{inner}"),
            (_, inner) => format!("{path}.{inner}"),
        };
        Unreadable { path, ..Unreadable::whole(without_values(&e.inner().to_string())) }
    })
}
