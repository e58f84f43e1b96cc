//! What a spec documents: operations, their statuses, and the payloads of its examples,
//! so that nothing is forgotten in the tables.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::yaml;

/// The text of a spec, read.
pub struct Spec(Value);

impl Spec {
    pub fn read(text: &str) -> Self {
        Self(yaml::parse(text))
    }

    /// The statuses of each operation, `default` for any other.
    pub fn statuses(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        self.operations()
            .map(|(id, value)| (id, entries(&value["responses"]).map(|(status, _)| status).collect()))
            .collect()
    }

    /// The payloads of responses: operation, status, payload.
    pub fn response_payloads(&self) -> Vec<(&str, &str, &Value)> {
        let mut found = Vec::new();
        for (id, _) in self.operations() {
            for (status, response) in self.responses(id) {
                let payloads = self.examples(&response["content"]);
                found.extend(payloads.into_iter().map(|payload| (id, status, payload)));
            }
        }
        found
    }

    /// The responses of an operation: status and response.
    pub fn responses(&self, id: &str) -> Vec<(&str, &Value)> {
        entries(&self.operation(id)["responses"]).map(|(status, response)| (status, self.resolved(response))).collect()
    }

    /// The payloads of requests: operation and payload.
    pub fn requests(&self) -> Vec<(&str, &Value)> {
        let bodies = self.operations().map(|(id, operation)| (id, self.resolved(&operation["requestBody"])));
        bodies
            .flat_map(|(id, body)| self.examples(&body["content"]).into_iter().map(move |value| (id, value)))
            .collect()
    }

    /// What tells a failure from a success in the body of a response: `when` of `x-failure`.
    pub fn failure_when<'a>(&'a self, response: &'a Value) -> Option<&'a Value> {
        let schema = self.resolved(&response["content"]["application/json"]["schema"]);
        let mark = schema.get("x-failure").or_else(|| response.get("x-failure"))?;
        Some(&mark["when"])
    }

    /// What means a failure: operations with their statuses from 400 on, `default`, and those under 400 that the body tells
    /// from a success (`x-failure`).
    pub fn failures(&self) -> BTreeSet<(&str, &str)> {
        let is_failure = |status: &str, response: &Value| {
            status.parse::<u16>().is_ok_and(|status| status >= 400)
                || status == "default"
                || self.failure_when(response).is_some()
        };
        let mut found = BTreeSet::new();
        for (id, _) in self.operations() {
            let responses = self.responses(id).into_iter();
            found.extend(
                responses.filter(|(status, response)| is_failure(status, response)).map(|(status, _)| (id, status)),
            );
        }
        found
    }

    /// The error codes that an operation documents under a status: number to name.
    pub fn error_codes(&self, id: &str, status: &str) -> BTreeMap<i64, &str> {
        let response = self.responses(id).into_iter().find(|(other, _)| *other == status);
        let codes = response.map(|(_, response)| entries(&response["x-error-codes"])).into_iter().flatten();
        codes.map(|(number, name)| (number.parse().unwrap(), name.as_str().unwrap())).collect()
    }

    /// All of them: operation, status, number.
    pub fn all_error_codes(&self) -> BTreeSet<(&str, &str, i64)> {
        let statuses =
            self.statuses().into_iter().flat_map(|(id, all)| all.into_iter().map(move |status| (id, status)));
        let codes = |(id, status)| self.error_codes(id, status).into_keys().map(move |code| (id, status, code));
        statuses.flat_map(codes).collect()
    }

    /// The parameters of an operation that are integers.
    pub fn integer_parameters(&self, id: &str) -> Vec<&str> {
        let parameters = self.operation(id)["parameters"].as_array().into_iter().flatten();
        let parameters = parameters.map(|parameter| self.resolved(parameter));
        let whole = parameters.filter(|parameter| self.resolved(&parameter["schema"])["type"] == "integer");
        whole.filter_map(|parameter| parameter["name"].as_str()).collect()
    }

    /// Whether a success of the operation has a body in JSON.
    pub fn succeeds_with_json(&self, id: &str) -> bool {
        let mut successes = entries(&self.operation(id)["responses"]).filter(|(status, _)| status.starts_with('2'));
        successes.any(|(_, response)| self.resolved(response)["content"].get("application/json").is_some())
    }

    /// How many mappings have the key, wherever they are.
    pub fn places(&self, key: &str) -> usize {
        fn within(value: &Value, key: &str) -> usize {
            let items = value.as_array().into_iter().flatten().map(|item| within(item, key));
            let values = entries(value).map(|(name, value)| usize::from(name == key) + within(value, key));
            items.chain(values).sum()
        }
        within(&self.0, key)
    }

    /// An operation, as the spec has it.
    pub fn operation(&self, id: &str) -> &Value {
        let mut operations = self.operations();
        operations.find_map(|(other, operation)| (other == id).then_some(operation)).expect(id)
    }

    /// The names of the schemas in requests.
    pub fn sent(&self) -> BTreeSet<&str> {
        let mut left = Vec::new();
        for (_, item) in entries(&self.0["paths"]) {
            references(&item["parameters"], &mut left);
            for (_, operation) in entries(item) {
                references(&operation["parameters"], &mut left);
                references(&operation["requestBody"], &mut left);
            }
        }
        let mut seen = BTreeSet::new();
        while let Some(reference) = left.pop() {
            if seen.insert(reference) {
                references(self.at(reference.strip_prefix('#').unwrap()), &mut left);
            }
        }
        seen.into_iter().filter_map(|reference| reference.strip_prefix("#/components/schemas/")).collect()
    }

    /// `components.schemas`.
    pub fn schemas(&self) -> &Value {
        self.at("/components/schemas")
    }

    /// The value at a JSON pointer.
    pub fn at(&self, pointer: &str) -> &Value {
        self.0.pointer(pointer).unwrap_or_else(|| panic!("nothing at {pointer}"))
    }

    fn operations(&self) -> impl Iterator<Item = (&str, &Value)> {
        let operations = entries(&self.0["paths"]).flat_map(|(_, item)| entries(item));
        operations.filter_map(|(_, operation)| Some((operation.get("operationId")?.as_str()?, operation)))
    }

    fn examples<'a>(&'a self, content: &'a Value) -> Vec<&'a Value> {
        let media_types = || entries(content).map(|(_, media_type)| media_type);
        let named = media_types().flat_map(|media_type| entries(&media_type["examples"]));
        let named = named.map(|(_, example)| &self.resolved(example)["value"]);
        media_types().filter_map(|media_type| media_type.get("example")).chain(named).collect()
    }

    fn resolved<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value.get("$ref").and_then(Value::as_str) {
            Some(reference) => self.at(reference.strip_prefix('#').unwrap()),
            None => value,
        }
    }
}

/// Adds what a part of a spec refers to.
fn references<'a>(part: &'a Value, found: &mut Vec<&'a str>) {
    found.extend(part["$ref"].as_str());
    part.as_array().into_iter().flatten().for_each(|item| references(item, found));
    entries(part).for_each(|(_, value)| references(value, found));
}

/// The entries of a mapping; none for anything else.
fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(key, value)| (key.as_str(), value))
}
