//! The places of a value: each property and item that its schema knows, and the path that
//! an error there has to name.

use serde_json::Value;
use support::schema::{self, Shape};

#[derive(Debug, Clone)]
pub struct Place {
    steps: Vec<Step>,
    /// As `serde_path_to_error` writes it: `a.b[0]`, and `.` for the whole value.
    pub path: String,
    /// The path of the object around it, and the name of the property, when that object
    /// can't be without it.
    pub required: Option<(String, String)>,
    /// Whether null is taken, for nothing or as a value.
    pub nullable: bool,
    /// Whether it is a text of any form.
    pub any_text: bool,
    /// A value of the right type that violates a rule of the schema that reading insists on.
    pub forbidden: Option<Value>,
}

#[derive(Debug, Clone)]
enum Step {
    Property(String),
    Item(usize),
}

impl Place {
    /// All places of a value of the schema with this name, the value itself first.
    pub fn all(schemas: &Value, name: &str, value: &Value) -> Vec<Self> {
        let whole = Self::at(Vec::new(), ".".to_owned());
        let mut found = Vec::new();
        whole.visit(schemas, &schemas[name], value, &mut found);
        found
    }

    fn visit(mut self, schemas: &Value, schema: &Value, value: &Value, found: &mut Vec<Self>) {
        let schema = schema::resolved(schemas, schema);
        let shape = schema::shape(schema);
        let is_checked = ["enum", "format", "pattern"].iter().any(|keyword| schema.get(keyword).is_some());
        self.any_text = matches!(shape, Shape::String) && !is_checked;
        self.forbidden = forbidden(schema);
        let here = found.len();
        found.push(self);
        for (key, inner) in value.as_object().into_iter().flatten() {
            let property = match shape {
                Shape::Object(properties) => properties.get(key),
                Shape::Map(values) => Some(values),
                _ => None,
            };
            let Some(property) = property else { continue };
            let mut place = found[here].step(Step::Property(key.clone()));
            let is_required = schema::requires(schema, key);
            place.required = is_required.then(|| (found[here].path.clone(), key.clone()));
            place.nullable = property["nullable"] == true || property["x-any"] == true;
            place.visit(schemas, property, inner, found);
        }
        for (index, inner) in value.as_array().into_iter().flatten().enumerate() {
            let Shape::Array(items) = shape else { break };
            let place = found[here].step(Step::Item(index));
            place.visit(schemas, items, inner, found);
        }
    }

    fn step(&self, step: Step) -> Self {
        let path = match (self.path.as_str(), &step) {
            (".", Step::Property(name)) => name.clone(),
            (".", Step::Item(index)) => format!("[{index}]"),
            (around, Step::Property(name)) => format!("{around}.{name}"),
            (around, Step::Item(index)) => format!("{around}[{index}]"),
        };
        let steps = self.steps.iter().cloned().chain([step]).collect();
        Self::at(steps, path)
    }

    fn at(steps: Vec<Step>, path: String) -> Self {
        Self { steps, path, required: None, nullable: false, any_text: false, forbidden: None }
    }

    /// What stands here.
    pub fn of<'a>(&self, value: &'a mut Value) -> &'a mut Value {
        self.steps.iter().fold(value, |value, step| match step {
            Step::Property(name) => &mut value[name],
            Step::Item(index) => &mut value[*index],
        })
    }

    /// Takes the property out of the object that it is in.
    pub fn remove(&self, value: &mut Value) {
        let Some((Step::Property(name), around)) = self.steps.split_last() else { panic!("no property") };
        let around = Self { steps: around.to_vec(), ..self.clone() };
        around.of(value).as_object_mut().unwrap().remove(name);
    }

    /// The name of the property that it is.
    pub fn name(&self) -> Option<&str> {
        match self.steps.last() {
            Some(Step::Property(name)) => Some(name),
            _ => None,
        }
    }
}

fn forbidden(schema: &Value) -> Option<Value> {
    let of_length = |length: u64| Value::from("я".repeat(usize::try_from(length).unwrap()));
    if let Some(most) = schema["maxLength"].as_u64() {
        return Some(of_length(most + 1));
    }
    if let Some(least) = schema["minLength"].as_u64().filter(|least| *least > 0) {
        return Some(of_length(least - 1));
    }
    match schema["format"].as_str() {
        Some("int32") => Some((i64::from(i32::MIN) - 1).into()),
        Some("int64") => Some((1u64 << 63).into()),
        Some("date-time") => Some("2026-02-30T00:00:00Z".into()),
        Some("byte") => Some("AAEC AwQ=".into()),
        _ if schema.get("pattern").is_some() || schema["x-closed"] == true => Some("77192833901".into()),
        _ => None,
    }
}
