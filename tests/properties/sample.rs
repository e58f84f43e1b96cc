//! Values made up after a schema of a spec, the way a server may send them, each with
//! what a client has to write for it. Where schemas refer to each other in a circle,
//! values come round once and end there.

use proptest::{collection::vec, prelude::*, sample::select, strategy::Union};
use serde_json::{Map, Value};
use support::schema::{self, Shape};

use super::{scalar, text};

/// A value on its way through a client.
#[derive(Debug, Clone)]
pub struct Sample {
    /// As a server may send it.
    pub sent: Value,
    /// As it has to be written: without what isn't there or isn't known, in one format.
    pub written: Value,
}

impl Sample {
    pub fn same(value: impl Into<Value>) -> Self {
        let value = value.into();
        Self { sent: value.clone(), written: value }
    }
}

/// Makes values up.
#[derive(Clone, Copy)]
pub struct Samples<'a> {
    /// `components.schemas` of the spec.
    pub schemas: &'a Value,
    /// Whether what is written follows the spec. Otherwise there may be undocumented
    /// values of open enums, local date-times, numbers out of range and too few
    /// properties, all of which are read all the same.
    pub strict: bool,
}

impl<'a> Samples<'a> {
    /// Values of the schema with this name.
    pub fn of(self, name: &'a str) -> BoxedStrategy<Sample> {
        self.named(name, &[]).unwrap()
    }

    /// `None` where a circle ends. `path` are the names of the schemas around this one.
    fn named(self, name: &'a str, path: &[&'a str]) -> Option<BoxedStrategy<Sample>> {
        let goes_on = path.len() <= 2 || !path.contains(&name);
        goes_on.then(|| self.made(&self.schemas[name], &[path, &[name]].concat())).flatten()
    }

    fn made(self, schema: &'a Value, path: &[&'a str]) -> Option<BoxedStrategy<Sample>> {
        if let Some(name) = schema::reference(schema) {
            return self.named(name, path);
        }
        let value = match schema::only_branch(schema) {
            Some(only) => self.made(only, path)?,
            None => self.shaped(schema, path),
        };
        let nullable = schema["nullable"] == true;
        Some(if nullable { prop_oneof![4 => value, 1 => Just(Sample::same(Value::Null))].boxed() } else { value })
    }

    fn shaped(self, schema: &'a Value, path: &[&'a str]) -> BoxedStrategy<Sample> {
        match schema::shape(schema) {
            Shape::OneOf(branches) => Union::new(branches.iter().filter_map(|b| self.made(b, path))).boxed(),
            Shape::Object(properties) => self.at_least(schema, self.properties(schema, properties, path)),
            Shape::Map(values) => self.at_least(schema, self.map(values, path)),
            Shape::Array(items) => self.array(items, path),
            Shape::String => scalar::string(schema, self.strict),
            Shape::Integer => scalar::whole(schema, self.strict),
            Shape::Number => text::number().prop_map(|(sent, written)| Sample { sent, written }).boxed(),
            Shape::Boolean => any::<bool>().prop_map(Sample::same).boxed(),
            Shape::Any => text::json().prop_map(Sample::same).boxed(),
        }
    }

    fn array(self, items: &'a Value, path: &[&'a str]) -> BoxedStrategy<Sample> {
        let items = match self.made(items, path) {
            Some(item) => vec(item, 0..=3).boxed(),
            None => Just(Vec::new()).boxed(),
        };
        items
            .prop_map(|items| {
                let (sent, written): (Vec<_>, Vec<_>) = items.into_iter().map(|item| (item.sent, item.written)).unzip();
                Sample { sent: sent.into(), written: written.into() }
            })
            .boxed()
    }

    /// Those of the objects that have as many properties as the schema wants.
    fn at_least(self, schema: &Value, objects: BoxedStrategy<Sample>) -> BoxedStrategy<Sample> {
        let least = if self.strict { schema["minProperties"].as_u64().unwrap_or(0) } else { 0 };
        objects
            .prop_filter("too few properties", move |sample| {
                sample.written.as_object().is_some_and(|written| written.len() as u64 >= least)
            })
            .boxed()
    }

    fn map(self, schema: &'a Value, path: &[&'a str]) -> BoxedStrategy<Sample> {
        vec((text::text(), self.made(schema, path).unwrap()), 0..=3)
            .prop_map(|entries| Sample {
                sent: entries.iter().map(|(name, value)| (name.clone(), value.sent.clone())).collect(),
                written: entries.into_iter().map(|(name, value)| (name, value.written)).collect(),
            })
            .boxed()
    }

    fn properties(
        self,
        schema: &'a Value,
        properties: &'a Map<String, Value>,
        path: &[&'a str],
    ) -> BoxedStrategy<Sample> {
        let made = properties.iter().filter_map(|(name, property)| {
            let known = (name.clone(), schema::requires(schema, name), self.may_be_empty(property));
            Some((known, (0..10, self.made(property, path)?)))
        });
        let (known, values): (Vec<_>, Vec<_>) = made.unzip();
        // Out of ten optional properties, so many are absent, and those from there on are
        // null: some and some, all of them there, none there.
        let presence = select(&[(3, 9), (3, 9), (3, 9), (0, 10), (10, 10)][..]);
        let unknown = vec(("x-.{0,4}", text::json()), 0..=1);
        (values, presence, unknown)
            .prop_map(move |(values, (absent, null), unknown)| {
                let (mut sent, mut written) = (Map::from_iter(unknown), Map::new());
                for ((name, required, may_be_empty), (chance, value)) in known.iter().zip(values) {
                    if !required && chance < absent {
                        continue;
                    }
                    let value = if *required || chance < null { value } else { Sample::same(Value::Null) };
                    let is_empty = value.written.is_null() || *may_be_empty && is_empty(&value.written);
                    if *required || !is_empty {
                        written.insert(name.clone(), value.written);
                    }
                    sent.insert(name.clone(), value.sent);
                }
                Sample { sent: sent.into(), written: written.into() }
            })
            .boxed()
    }

    /// Whether an empty value is one that isn't there.
    fn may_be_empty(self, property: &Value) -> bool {
        matches!(schema::shape(schema::resolved(self.schemas, property)), Shape::Array(_) | Shape::Map(_))
    }
}

fn is_empty(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(Map::is_empty)
}
