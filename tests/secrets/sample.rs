//! Bodies of responses, made from the schemas of a spec: every property is there, and where
//! the spec says `x-secret` stands a secret. Any one of the values can be made a wrong
//! one that echoes secrets.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use casewire::Base64;
use support::{
    schema::{self, Shape},
    spec::Spec,
};

/// How many secrets a body has at most.
pub const MOST: usize = 32;

/// A secret that only the server knows. It needs escapes in JSON, and its digits are like
/// nothing else.
pub fn planted(number: usize) -> String {
    let digits = Sha256::digest(format!("planted {number}"));
    let digits: String = digits.iter().take(9).map(|byte| format!("{byte:02x}")).collect();
    format!("{digits}\"/Ж\\{digits}")
}

pub struct Sample<'a> {
    spec: &'a Spec,
    /// What a wrong value echoes.
    echo: &'a Value,
    /// Which of the values is to be wrong.
    wrong: Option<usize>,
    /// How many values there are so far, and how many of them are secrets.
    values: usize,
    secrets: usize,
}

/// A body, and what is in it.
pub struct Body {
    pub body: Value,
    pub values: usize,
    pub secrets: usize,
}

/// The body that a schema describes.
pub fn body(spec: &Spec, schema: &Value, echo: &Value, wrong: Option<usize>) -> Body {
    let mut sample = Sample { spec, echo, wrong, values: 0, secrets: 0 };
    let body = sample.of(schema, &mut Vec::new());
    assert!(sample.secrets <= MOST);
    Body { body, values: sample.values, secrets: sample.secrets }
}

impl<'a> Sample<'a> {
    /// `around` are the schemas that this one stands in, since some refer to each other.
    fn of(&mut self, schema: &'a Value, around: &mut Vec<&'a str>) -> Value {
        if let Some(name) = schema::reference(schema::only_branch(schema).unwrap_or(schema)) {
            if around.contains(&name) {
                return Value::Null;
            }
            around.push(name);
            let value = self.of(&self.spec.schemas()[name], around);
            around.pop();
            return value;
        }
        match schema::shape(schema) {
            Shape::Object(properties) => {
                let mut object = Map::new();
                for (name, property) in properties {
                    let value = self.of(property, around);
                    if !value.is_null() {
                        object.insert(name.clone(), value);
                    }
                }
                Value::Object(object)
            }
            Shape::Map(_) => json!({}),
            Shape::Array(items) => match self.of(items, around) {
                Value::Null => json!([]),
                item => json!([item]),
            },
            shape => self.value(schema, &shape),
        }
    }

    fn value(&mut self, schema: &Value, shape: &Shape<'_>) -> Value {
        let (is_secret, format) = (schema["x-secret"] == true, schema["format"].as_str());
        let is_wrong = self.wrong == Some(self.values);
        self.values += 1;
        if is_secret {
            self.secrets += 1;
        }
        let secret = planted(self.secrets);
        match (shape, format) {
            // Any value is right.
            (Shape::Any, _) => json!("any"),
            (Shape::String, Some("date-time" | "byte")) if is_wrong => json!(format!("{secret} {}", self.echo)),
            (Shape::String, _) if is_wrong => json!({"echo": self.echo}),
            (Shape::Integer | Shape::Number | Shape::Boolean, _) if is_wrong => json!(self.echo.to_string()),
            (Shape::String, Some("byte")) if is_secret => json!(Base64::from(secret.into_bytes()).encoded()),
            (Shape::String, _) if is_secret => json!(secret),
            (Shape::String, Some("date-time")) => json!("2026-03-02T08:15:00Z"),
            (Shape::String, Some("byte")) => json!("AAEC"),
            (Shape::String, _) if schema.get("x-local-date-time").is_some() => json!("13.11.2020 11:59:06"),
            (Shape::String, _) => match (&schema["enum"][0], &schema["x-known-values"][0]) {
                (Value::Null, Value::Null) => json!("1"),
                (Value::Null, known) => known.clone(),
                (first, _) => first.clone(),
            },
            (Shape::Integer, _) => match &schema["minimum"] {
                Value::Null => json!(417),
                least => least.clone(),
            },
            (Shape::Number, _) => json!(1.5),
            (Shape::Boolean, _) => json!(true),
            _ => panic!("a sort of schema that is not made up here: {schema}"),
        }
    }
}
