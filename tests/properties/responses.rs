//! Broken responses, as a client sees them: a typed result, or an error that names the
//! operation, the status, the content type and the place, and shows nothing of the body.

use std::{error::Error as _, fmt::Debug, pin::Pin};

use casewire::{Error, Failure, ResponseValue};
use proptest::collection::vec;
use serde_json::Value;
use support::{interfaces::SPECS, recorder::Response, schema};
use tokio::runtime::Runtime;

use super::{
    damage::{Damage, Expect},
    garbage::{SECRET, SECRET_NUMBER},
    place::Place,
    runner::check,
    sample::Samples,
};

/// An operation, the status of a response to it, and the response's schema.
pub struct Row<C: 'static>(pub &'static str, pub u16, pub &'static str, pub Call<C>);

pub type Call<C> = for<'a> fn(&'a C) -> Pin<Box<dyn Future<Output = Outcome> + 'a>>;

/// A [`Call`].
macro_rules! call {
    ($client:ident.$($call:tt)+) => {
        |$client| Box::pin(async move { crate::properties::responses::outcome($client.$($call)+.send().await) })
    };
}
pub(crate) use call;

pub type Outcome = Result<Came, String>;

/// What became of a body.
#[derive(Debug)]
pub enum Came {
    /// The result, or that of a documented failure.
    Read,
    /// A documented failure without its body.
    Absent,
    Unreadable(Unreadable),
}

#[derive(Debug)]
pub struct Unreadable {
    operation: &'static str,
    status: u16,
    content_type: Option<String>,
    path: String,
    reason: String,
}

pub fn outcome<T, E: Failure>(result: Result<ResponseValue<T>, Error<E>>) -> Outcome {
    let error = match result {
        Ok(_) => return Ok(Came::Read),
        Err(Error::ErrorResponse(e)) if !format!("{:?}", *e).ends_with("(None)") => return Ok(Came::Read),
        Err(error) => error,
    };
    let mut shown = format!("{error:?}\n{error:#?}\n{error}\n");
    let mut source = error.source();
    while let Some(e) = source {
        shown += &format!("{e:?}\n{e}\n");
        source = e.source();
    }
    if shown.contains(SECRET) || shown.contains(&SECRET_NUMBER.to_string()) {
        return Err(format!("a value of the body is shown: {shown}"));
    }
    match error {
        Error::ErrorResponse(_) => Ok(Came::Absent),
        Error::Undecodable(e) => Ok(Came::Unreadable(Unreadable {
            operation: e.operation().id,
            status: e.status().as_u16(),
            content_type: e.content_type().map(str::to_owned),
            path: e.path().to_owned(),
            reason: e.reason().to_owned(),
        })),
        other => Err(format!("neither a result nor unreadable: {other}")),
    }
}

/// Gives responses to an interface's client, each as it is, with all its free texts in place of secrets, and damaged.
/// `result` is the property of a response that holds the result, if the response isn't the result itself. `prepare` sees to it that the next call of the operation gets this response.
pub fn survive<C>(
    interface: &str,
    result: Option<&str>,
    rows: &[Row<C>],
    (runtime, client): (&Runtime, &C),
    prepare: impl Fn(&str, Response),
) {
    let schemas = &schema::told_successes(SPECS[interface].schemas());
    for Row(id, status, schema, call) in rows {
        let answered = |body: &[u8], expect: &Expect| {
            let expect = if is_other(schemas, schema, result, body) { &Expect::Error } else { expect };
            prepare(id, Response::bytes(*status, body).header("content-type", CONTENT_TYPE));
            let outcome = runtime.block_on(call(client)).and_then(|came| match came {
                // Its status is enough.
                Came::Absent if *expect != Expect::Value => Ok(()),
                Came::Absent => Err("the body can be read".to_owned()),
                Came::Read => expect.clone().within(result).check(None),
                Came::Unreadable(e) => expect.clone().within(result).check(Some(e.place(id, *status)?)),
            });
            outcome.map_err(|e| format!("{e}\n{}", String::from_utf8_lossy(body)))
        };
        let samples = Samples { schemas, strict: true }.of(schema);
        check(id, (samples, vec(Damage::any(), 4)), |(sample, damages)| {
            let mut sent = sample.sent;
            let places = Place::all(schemas, schema, &sent);
            for place in places.iter().filter(|place| place.any_text) {
                *place.of(&mut sent) = SECRET.into();
            }
            let body = sent.to_string();
            let was_other = is_other(schemas, schema, result, body.as_bytes());
            answered(body.as_bytes(), &Expect::Value)?;
            damages.iter().try_for_each(|damage| {
                let (text, expect) = damage.apply(sent.clone(), &places);
                // What can't be read before the damage may not be there any more.
                answered(&text, if was_other { &Expect::Anything } else { &expect })
            })
        });
    }
}

/// Whether the result, or an element of a list that is the result, is an object with other properties only than its schema
/// has.
fn is_other(schemas: &Value, schema: &str, result: Option<&str>, body: &[u8]) -> bool {
    let Ok(body) = serde_json::from_slice::<Value>(body) else { return false };
    let whole = &schemas[schema];
    let (value, schema) = match result {
        Some(name) => (&body[name], schema::resolved(schemas, &whole["properties"][name])),
        None => (&body, whole),
    };
    let (values, schema) = match value {
        Value::Array(items) => (items.as_slice(), schema::resolved(schemas, &schema["items"])),
        value => (std::slice::from_ref(value), schema),
    };
    let Some(properties) = schema["properties"].as_object() else { return false };
    let objects = values.iter().filter_map(Value::as_object);
    objects.into_iter().any(|object| !object.is_empty() && !object.keys().any(|name| properties.contains_key(name)))
}

const CONTENT_TYPE: &str = "application/json; charset=utf-8";

impl Unreadable {
    /// Where it is, and why, if all else is right too.
    fn place(&self, operation: &str, status: u16) -> Result<(&str, &str), String> {
        let told = (self.operation, self.status, self.content_type.as_deref());
        let complete =
            told == (operation, status, Some(CONTENT_TYPE)) && !self.path.is_empty() && !self.reason.is_empty();
        if complete { Ok((&self.path, &self.reason)) } else { Err(format!("says something else: {self:?}")) }
    }
}

impl Expect {
    /// The same in an envelope: where the result isn't, that is what can't be read.
    fn within(self, result: Option<&str>) -> Self {
        match (self, result) {
            (Self::Missing(around, name), Some(result)) if around == "." && name == result => Self::At(name),
            (Self::At(path), Some(result)) if path == "." => Self::At(result.to_owned()),
            (same, _) => same,
        }
    }
}
