//! Answers whose status says success and whose body may say failure, and results that are wrapped in another object.

use progenitor_client::ResponseValue;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    Error, ErrorKind,
    answer::{Answer, failure},
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

impl Answer {
    /// The result in the body of a documented success, or the failure that the body is.
    pub(crate) fn enveloped<T, F, E>(
        self,
        envelope: &Envelope,
        refused: impl FnOnce(F) -> E,
    ) -> Result<ResponseValue<T>, Error<E>>
    where
        T: DeserializeOwned,
        F: DeserializeOwned,
    {
        let (trace, properties) = (self.trace.clone(), self.operation.properties);
        let answer = self.decode(|bytes| {
            let mut body: Value = from_json(bytes, properties)?;
            if envelope.is_failure(&body) {
                return from_value(body, "", properties).map(Err);
            }
            let Some(property) = envelope.data else { return from_value(body, "", properties).map(Ok) };
            match body.get_mut(property) {
                Some(data) => from_value(data.take(), property, properties).map(Ok),
                None => {
                    let reason = "it is missing".to_owned();
                    Err(Unreadable { path: property.to_owned(), ..Unreadable::whole(reason) })
                }
            }
        })?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        match answer.into_inner() {
            Ok(value) => Ok(ResponseValue::new(value, status, headers)),
            Err(refusal) => {
                trace.failed_after(status, ErrorKind::Refused);
                Err(failure(ResponseValue::new(refusal, status, headers), refused))
            }
        }
    }

    /// An answer with a status that the spec documents only as "any other": the failure that its body is, or else an
    /// undocumented answer.
    pub(crate) fn refusal<F: DeserializeOwned, E>(self, envelope: &Envelope, refused: impl FnOnce(F) -> E) -> Error<E> {
        let properties = self.operation.properties;
        // Without a mark, any body that reads as a failure is one.
        let told = |body: &Value| envelope.failure.is_none() || envelope.is_failure(body);
        let refusal = from_json::<Value>(self.text(), properties).ok().filter(told);
        match refusal.and_then(|body| from_value(body, "", properties).ok()) {
            Some(refusal) => {
                self.trace.failed_after(self.status_code(), ErrorKind::Refused);
                failure(self.with(refusal), refused)
            }
            None => self.unexpected(),
        }
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
