//! An interface as a flat list of facts, in its order: what a comparison of two revisions compares, and what the surface
//! shows beyond the signatures in Rust.

use std::fmt;

use crate::interface::{
    Body, Bound, Constrained, Content, Failure, Field, Interface, Kind, Operation, Parameter, Shape, Text, Type,
};

/// Something that an interface says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fact {
    /// Of what: `getCall`, `getCall: parameter id`, `CallDTO.status`.
    pub of: String,
    /// `required`, `type`, `at least`, ….
    pub aspect: &'static str,
    pub value: String,
}

/// Aspects that no signature in Rust shows.
const HIDDEN: [&str; 7] = ["required", "at least", "at most", "more than", "less than", "constraint", "deprecated"];

impl Fact {
    /// Whether the signatures of the client in Rust don't tell it.
    pub(crate) fn is_hidden(&self) -> bool {
        HIDDEN.contains(&self.aspect)
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value.as_str() {
            "" => write!(f, "{}: {}", self.of, self.aspect),
            value => write!(f, "{}: {} {value}", self.of, self.aspect),
        }
    }
}

/// All facts of an interface.
pub(crate) fn facts(interface: &Interface) -> Vec<Fact> {
    let mut facts = Facts(Vec::new());
    for operation in &interface.operations {
        facts.operation(operation);
    }
    for ty in &interface.types {
        facts.ty(ty);
    }
    facts.0
}

struct Facts(Vec<Fact>);

impl Facts {
    fn add(&mut self, of: &str, aspect: &'static str, value: impl fmt::Display) {
        self.0.push(Fact { of: of.to_owned(), aspect, value: value.to_string() });
    }

    fn mark(&mut self, of: &str, aspect: &'static str, is_so: bool) {
        if is_so {
            self.add(of, aspect, "");
        }
    }

    fn operation(&mut self, operation: &Operation) {
        let id = operation.name.wire.as_str();
        self.add(id, "operation", format!("{} {}", operation.method, operation.path));
        self.add(id, "security", operation.scheme.as_deref().unwrap_or("none"));
        self.mark(id, "idempotent", operation.idempotent);
        self.mark(id, "deprecated", operation.deprecated);
        for parameter in &operation.parameters {
            self.parameter(id, parameter);
        }
        match &operation.body {
            Body::Nothing => {}
            Body::Json(ty) => self.add(id, "body", ty),
            Body::Raw => self.add(id, "body", "a stream"),
            Body::Parts(parts) => {
                for part in parts {
                    let of = format!("{id}: part {}", part.name.wire);
                    self.add(&of, "part", "");
                    self.mark(&of, "required", part.required);
                }
            }
        }
        let success = &operation.success;
        for status in &success.with_body {
            let body = match &success.content {
                Content::Nothing => String::new(),
                Content::Json(shape) => shape_name(shape),
                Content::Stream => "a stream".to_owned(),
            };
            self.add(id, "success", format!("{status} {body}"));
        }
        for status in &success.empty {
            self.add(id, "success", status);
        }
        for failure in &operation.failures {
            self.failure(id, failure);
        }
        if let Some(refusal) = &operation.refusal {
            let under = if refusal.under_any_status { "any status code" } else { "a success status code" };
            self.add(id, "refusal", format!("{} under {under}", refusal.body.ty));
        }
    }

    fn parameter(&mut self, id: &str, parameter: &Parameter) {
        let of = format!("{id}: parameter {}", parameter.name.wire);
        self.add(&of, "in", parameter.location.name());
        self.add(&of, "type", shape_name(&parameter.shape));
        self.mark(&of, "required", parameter.required);
        self.mark(&of, "deprecated", parameter.deprecated);
        self.bounds(&of, &parameter.shape);
    }

    fn failure(&mut self, id: &str, failure: &Failure) {
        let body = failure.body.as_ref().map(|body| body.ty.as_str()).unwrap_or_default();
        self.add(id, "failure", format!("{} {body}", failure.status).trim_end());
        for code in &failure.codes {
            self.add(&format!("{id}: {}", failure.status), "error code", format!("{} {}", code.number, code.name.wire));
        }
    }

    fn ty(&mut self, ty: &Type) {
        let of = ty.name.wire.as_str();
        self.mark(of, "deprecated", ty.deprecated);
        self.mark(of, "sent", ty.sent);
        match &ty.kind {
            Kind::Record(record) => {
                self.mark(of, "at least one property", record.not_empty);
                for field in &record.fields {
                    self.field(of, field);
                }
            }
            Kind::Choice(records) => {
                for record in records {
                    self.add(of, "choice", record);
                }
            }
            Kind::Enum(values) => {
                for value in &values.values {
                    self.add(of, "enum value", &value.name.wire);
                }
            }
            Kind::Constrained(constrained) => self.constraints(of, constrained),
            Kind::Wrapper(shape) => {
                self.add(of, "type", shape_name(shape));
                self.bounds(of, shape);
            }
        }
    }

    fn field(&mut self, of: &str, field: &Field) {
        let of = format!("{of}.{}", field.name.wire);
        self.add(&of, "type", shape_name(&field.shape));
        self.mark(&of, "required", field.required);
        self.mark(&of, "nullable", field.nullable);
        self.mark(&of, "deprecated", field.deprecated);
        self.bounds(&of, &field.shape);
    }

    fn constraints(&mut self, of: &str, constrained: &Constrained) {
        let Constrained { min_length, max_length, pattern, secret: _ } = constrained;
        for (length, what) in [(min_length, "at least"), (max_length, "at most")] {
            if let Some(length) = length {
                self.add(of, "constraint", format!("{what} {length} characters"));
            }
        }
        if let Some(pattern) = pattern {
            self.add(of, "constraint", &pattern.of_spec);
        }
    }

    fn bounds(&mut self, of: &str, shape: &Shape) {
        match shape.leaf() {
            Shape::Integer(integer) => {
                for (bound, aspect) in [(integer.least, "at least"), (integer.most, "at most")] {
                    if let Some(bound) = bound {
                        self.add(of, aspect, bound);
                    }
                }
            }
            Shape::Number(number) => {
                let aspects = [(number.least, "at least", "more than"), (number.most, "at most", "less than")];
                for (bound, inclusive, exclusive) in aspects {
                    if let Some(Bound { at, exclusive: is_exclusive }) = bound {
                        self.add(of, if is_exclusive { exclusive } else { inclusive }, at);
                    }
                }
            }
            _ => {}
        }
    }
}

fn shape_name(shape: &Shape) -> String {
    match shape {
        Shape::Named(ty) => ty.clone(),
        Shape::Text(text) => match text {
            Text::Plain => "string",
            Text::Secret => "secret string",
            Text::Bytes => "Base64",
            Text::Date => "date",
            Text::DateTime => "date-time",
            Text::LocalDateTime => "local date-time",
            Text::Integer => "integer in a string",
        }
        .to_owned(),
        Shape::Integer(integer) => if integer.is_32_bit { "int32" } else { "int64" }.to_owned(),
        Shape::Number(number) => if number.is_32_bit { "float" } else { "double" }.to_owned(),
        Shape::Boolean => "boolean".to_owned(),
        Shape::List(inner) => format!("list of {}", shape_name(inner)),
        Shape::Map(inner) => format!("map of {}", shape_name(inner)),
        Shape::Any => "any JSON".to_owned(),
    }
}
