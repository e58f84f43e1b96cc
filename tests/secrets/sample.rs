//! Bodies of answers, made from the schemas of a spec: every property is there, and where the spec says `x-secret` stands a
//! secret. Any one of the values can be made a wrong one that echoes secrets.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use casewire::Base64;
use support::spec::Spec;

/// How many secrets a body has at most.
pub const MOST: usize = 32;

/// A secret that only the server knows. It needs escapes in JSON, and its digits are like nothing else.
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
        if let Some(reference) = schema["$ref"].as_str().or_else(|| schema["allOf"][0]["$ref"].as_str()) {
            if around.contains(&reference) {
                return Value::Null;
            }
            around.push(reference);
            let value = self.of(self.spec.at(&reference[1..]), around);
            around.pop();
            return value;
        }
        match schema["type"].as_str() {
            Some("object") => {
                let mut object = Map::new();
                for (name, property) in schema["properties"].as_object().into_iter().flatten() {
                    let value = self.of(property, around);
                    if !value.is_null() {
                        object.insert(name.clone(), value);
                    }
                }
                Value::Object(object)
            }
            Some("array") => match self.of(&schema["items"], around) {
                Value::Null => json!([]),
                item => json!([item]),
            },
            _ => self.value(schema),
        }
    }

    fn value(&mut self, schema: &Value) -> Value {
        let (is_secret, format) = (schema["x-secret"] == true, schema["format"].as_str());
        let is_wrong = self.wrong == Some(self.values);
        self.values += 1;
        if is_secret {
            self.secrets += 1;
        }
        let secret = planted(self.secrets);
        match (schema["type"].as_str(), format) {
            // Any value is right.
            (None, _) if schema["x-any"] == true => json!("any"),
            (Some("string"), Some("date-time" | "byte")) if is_wrong => json!(format!("{secret} {}", self.echo)),
            (Some("string"), _) if is_wrong => json!({"echo": self.echo}),
            (Some("integer" | "number" | "boolean"), _) if is_wrong => json!(self.echo.to_string()),
            (Some("string"), Some("byte")) if is_secret => json!(Base64::from(secret.into_bytes()).encoded()),
            (Some("string"), _) if is_secret => json!(secret),
            (Some("string"), Some("date-time")) => json!("2026-03-02T08:15:00Z"),
            (Some("string"), Some("byte")) => json!("AAEC"),
            (Some("string"), _) if schema.get("x-local-date-time").is_some() => json!("13.11.2020 11:59:06"),
            (Some("string"), _) => match (&schema["enum"][0], &schema["x-known-values"][0]) {
                (Value::Null, Value::Null) => json!("1"),
                (Value::Null, known) => known.clone(),
                (first, _) => first.clone(),
            },
            (Some("integer"), _) => match &schema["minimum"] {
                Value::Null => json!(417),
                least => least.clone(),
            },
            (Some("number"), _) => json!(1.5),
            (Some("boolean"), _) => json!(true),
            other => panic!("a sort of schema that is not known here: {other:?} in {schema}"),
        }
    }
}
