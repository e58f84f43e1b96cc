//! An interface as a flat list of facts, in its order: what a comparison of two revisions compares, and what the surface
//! shows beyond the signatures in Rust.

mod place;
mod subject;

use std::{collections::BTreeSet, fmt};

pub use self::{
    place::{Place, Places},
    subject::{Aspect, Subject},
};
use crate::{
    document::Spec,
    error::Error,
    interface::{
        Body, Bound, Constrained, Content, Envelope, Failure, FailureBody, FailureWhen, Field, Interface, Kind,
        Operation, Parameter, Part, Shape, Step, Text, Type,
    },
    read,
};

/// What a spec says of one thing in one respect. No two facts of a spec have the same thing and aspect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Of what.
    pub of: Subject,
    /// In which respect.
    pub aspect: Aspect,
    /// What it says; empty where the aspect alone says it.
    pub value: String,
}

impl Fact {
    /// Whether the signatures of the client in Rust don't tell it.
    pub(crate) fn is_hidden(&self) -> bool {
        self.aspect.is_hidden()
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.of, self.aspect.name())?;
        if self.value.is_empty() { Ok(()) } else { write!(f, " {}", self.value) }
    }
}

/// All facts of a spec. It should satisfy the rules of [`check`](crate::check()); of another one, this is what can be read.
///
/// # Errors
/// When the spec can't be read, which [`check`](crate::check()) would have said better.
pub fn facts(interface: &str, spec: &Spec) -> Result<Vec<Fact>, Error> {
    Ok(of_interface(&read::read(&spec.document(), interface)?))
}

pub(crate) fn of_interface(interface: &Interface) -> Vec<Fact> {
    let mut facts = Facts { interface, facts: Vec::new() };
    facts.whole();
    for operation in &interface.operations {
        facts.operation(operation);
    }
    for ty in interface.types.iter().filter(|ty| ty.named) {
        facts.ty(ty);
    }
    facts.facts
}

struct Facts<'i> {
    interface: &'i Interface,
    facts: Vec<Fact>,
}

impl Facts<'_> {
    fn add(&mut self, of: &Subject, aspect: Aspect, value: impl fmt::Display) {
        self.facts.push(Fact { of: of.clone(), aspect, value: value.to_string() });
    }

    fn mark(&mut self, of: &Subject, aspect: Aspect, is_so: bool) {
        if is_so {
            self.add(of, aspect, "");
        }
    }

    fn text(&mut self, of: &Subject, text: &str) {
        if !text.is_empty() {
            self.add(of, Aspect::Description, text);
        }
    }

    fn whole(&mut self) {
        let Interface { title, version, description, servers, schemes, webhooks, .. } = self.interface;
        self.add(&Subject::Interface, Aspect::Exists, "");
        self.add(&Subject::Interface, Aspect::Version, version);
        self.add(&Subject::Interface, Aspect::Servers, servers.join(", "));
        self.text(&Subject::Interface, format!("{title}\n{description}").trim());
        for webhook in webhooks {
            let of = Subject::Webhook { name: webhook.name.clone(), method: webhook.method.clone() };
            self.add(&of, Aspect::Exists, "");
            if let Some(body) = &webhook.body {
                self.add(&of, Aspect::Body, format!("`{body}`"));
            }
            self.text(&of, &webhook.description);
        }
        for scheme in schemes {
            let of = Subject::Scheme(scheme.name.clone());
            self.add(&of, Aspect::Exists, "");
            let word = scheme.word.as_ref().map(|word| format!("{word} ")).unwrap_or_default();
            self.add(&of, Aspect::Credential, format!("{}: {word}…", scheme.header));
            self.text(&of, &scheme.description);
        }
    }

    fn operation(&mut self, operation: &Operation) {
        let id = &operation.name.wire;
        let of = Subject::Operation(id.clone());
        self.add(&of, Aspect::Exists, "");
        self.add(&of, Aspect::Route, format!("{} {}", operation.method, operation.path));
        self.add(&of, Aspect::Security, operation.scheme.as_deref().unwrap_or("none"));
        self.mark(&of, Aspect::Idempotent, operation.idempotent);
        self.mark(&of, Aspect::Deprecated, operation.deprecated);
        let texts = [operation.summary.as_str(), operation.description.as_str()];
        self.text(&of, texts.join("\n").trim());
        for parameter in &operation.parameters {
            self.parameter(id, parameter);
        }
        match &operation.body {
            Body::Nothing => {}
            Body::Json(ty) => self.add(&of, Aspect::Body, format!("`{}`", self.wire(ty))),
            Body::Raw => self.add(&of, Aspect::Body, "bytes"),
            Body::Parts(parts) => {
                self.add(&of, Aspect::Body, "parts");
                parts.iter().for_each(|part| self.part(id, part));
            }
        }
        self.success(&of, id, operation);
        for failure in &operation.failures {
            self.failure(id, failure);
        }
        for header in &operation.headers {
            let of = Subject::Header { operation: id.clone(), name: header.name.clone() };
            self.add(&of, Aspect::Exists, "");
            self.add(&of, Aspect::Statuses, header.statuses.join(", "));
            self.text(&of, &header.description);
        }
    }

    fn success(&mut self, of: &Subject, id: &str, operation: &Operation) {
        let success = &operation.success;
        let result = match &success.content {
            Content::Nothing => "nothing".to_owned(),
            Content::Json(shape) => self.with_constraints(of, shape),
            Content::Stream => "bytes".to_owned(),
        };
        let or_nothing = if operation.may_be_empty() { " or nothing" } else { "" };
        self.add(of, Aspect::Result, format!("{result}{or_nothing}"));
        if let Some(envelope) = envelope(&success.envelope) {
            self.add(of, Aspect::Envelope, envelope);
        }
        let statuses = success.with_body.iter().map(|status| (status, true));
        let statuses = statuses.chain(success.empty.iter().map(|status| (status, false)));
        for (status, has_body) in statuses {
            let of = Subject::Response { operation: id.to_owned(), status: status.to_string() };
            self.add(&of, Aspect::Exists, "");
            if has_body {
                self.add(&of, Aspect::Body, "the result");
            }
        }
        if let Some(refusal) = &operation.refusal {
            // Without a `default` it is the envelope itself, which says so.
            if refusal.under_any_status {
                let of = Subject::Response { operation: id.to_owned(), status: "default".to_owned() };
                self.add(&of, Aspect::Exists, "");
                self.failure_body(&of, &refusal.body);
            }
        }
    }

    fn parameter(&mut self, id: &str, parameter: &Parameter) {
        let location = parameter.location.name();
        let of = Subject::Parameter { operation: id.to_owned(), location, name: parameter.name.wire.clone() };
        self.add(&of, Aspect::Exists, "");
        self.mark(&of, Aspect::Required, parameter.required);
        self.mark(&of, Aspect::FilledIn, parameter.content_length);
        self.value(&of, &parameter.shape, parameter.default.as_deref());
        self.format(&of, parameter.format.as_deref());
        self.mark(&of, Aspect::Deprecated, parameter.deprecated);
        self.text(&of, &parameter.description);
    }

    fn part(&mut self, id: &str, part: &Part) {
        let of = Subject::Part { operation: id.to_owned(), name: part.name.wire.clone() };
        self.add(&of, Aspect::Exists, "");
        self.add(&of, Aspect::Type, &part.content);
        self.mark(&of, Aspect::Required, part.required);
        if let Some(media_types) = &part.media_types {
            self.add(&of, Aspect::MediaTypes, media_types);
        }
        self.text(&of, &part.description);
    }

    fn failure(&mut self, id: &str, failure: &Failure) {
        let status = failure.status.to_string();
        let of = Subject::Response { operation: id.to_owned(), status: status.clone() };
        self.add(&of, Aspect::Exists, "");
        if let Some(body) = &failure.body {
            self.failure_body(&of, body);
        }
        self.text(&of, &failure.description);
        for code in &failure.codes {
            let of = Subject::ErrorCode { operation: id.to_owned(), status: status.clone(), code: code.number };
            self.add(&of, Aspect::Exists, "");
            self.add(&of, Aspect::Meaning, &code.name.wire);
        }
    }

    fn failure_body(&mut self, of: &Subject, body: &FailureBody) {
        self.add(of, Aspect::Body, format!("`{}`", self.wire(&body.ty)));
        if let Some(code) = &body.code {
            self.add(of, Aspect::CodeProperty, path(std::slice::from_ref(code)));
        }
        if let Some(message) = &body.message {
            self.add(of, Aspect::MessageProperty, path(message));
        }
    }

    fn ty(&mut self, ty: &Type) {
        let of = Subject::Type(ty.name.wire.clone());
        let kind = match &ty.kind {
            Kind::Record(_) => "object",
            Kind::Choice(_) => "choice",
            Kind::Enum(values) => {
                if values.limited {
                    "enum"
                } else {
                    "known values"
                }
            }
            Kind::Constrained(_) | Kind::Wrapper(_) => "value",
        };
        self.add(&of, Aspect::Exists, "");
        self.add(&of, Aspect::Kind, kind);
        self.mark(&of, Aspect::Sent, ty.sent);
        self.mark(&of, Aspect::Received, ty.received);
        self.mark(&of, Aspect::Nullable, ty.nullable);
        self.mark(&of, Aspect::Deprecated, ty.deprecated);
        self.format(&of, ty.format.as_deref());
        if let Some(default) = &ty.default {
            self.add(&of, Aspect::Default, default);
        }
        let cycle = self.cycle(ty);
        if !cycle.is_empty() {
            self.add(&of, Aspect::Cycle, cycle.join(", "));
        }
        self.text(&of, &ty.description);
        let name = &ty.name.wire;
        match &ty.kind {
            Kind::Record(record) => {
                self.mark(&of, Aspect::NotEmpty, record.not_empty);
                record.fields.iter().for_each(|field| self.field(name, field));
                for field in &record.of_failures {
                    self.field(name, field);
                    let of = Subject::Property { ty: name.clone(), name: field.name.wire.clone() };
                    self.add(&of, Aspect::OfFailures, "");
                }
            }
            Kind::Choice(records) => {
                for record in records {
                    let of = Subject::Alternative { ty: name.clone(), name: self.wire(record).to_owned() };
                    self.add(&of, Aspect::Exists, "");
                }
            }
            Kind::Enum(values) => {
                self.mark(&of, Aspect::Open, values.open);
                self.mark(&of, Aspect::Trimmed, values.trimmed);
                for value in &values.values {
                    let of = Subject::Value { ty: name.clone(), value: value.name.wire.clone() };
                    self.add(&of, Aspect::Exists, "");
                    if let Some(status) = &value.status {
                        self.add(&of, Aspect::Meaning, status);
                    }
                }
            }
            Kind::Constrained(constrained) => {
                self.add(&of, Aspect::Type, "string");
                self.constraints(&of, constrained);
            }
            Kind::Wrapper(shape) => {
                self.mark(&of, Aspect::NotEmpty, ty.needs_an_entry());
                self.value(&of, shape, None);
            }
        }
    }

    fn field(&mut self, ty: &str, field: &Field) {
        let of = Subject::Property { ty: ty.to_owned(), name: field.name.wire.clone() };
        self.add(&of, Aspect::Exists, "");
        self.mark(&of, Aspect::Required, field.by_schema);
        self.mark(&of, Aspect::Always, field.always);
        self.mark(&of, Aspect::Nullable, field.may_be_null);
        self.value(&of, &field.shape, field.default.as_deref());
        self.format(&of, field.format.as_deref());
        let access = ["readOnly", "writeOnly"].into_iter().find(|key| field.keywords.iter().any(|(own, _)| own == key));
        if let Some(access) = access {
            self.add(&of, Aspect::Access, access);
        }
        self.mark(&of, Aspect::Deprecated, field.deprecated);
        self.text(&of, &field.description);
    }

    fn format(&mut self, of: &Subject, format: Option<&str>) {
        if let Some(format) = format {
            self.add(of, Aspect::Format, format);
        }
    }

    /// The schemas, by their names in the spec, that hold `ty` and are held by it, other than in a list or a map: it is
    /// among them where it holds itself, and then a field of one of them is a `Box`.
    fn cycle(&self, ty: &Type) -> Vec<String> {
        let (own, held) = (&ty.name.rust, self.held(ty));
        if !held.contains(own) {
            return Vec::new();
        }
        let others = held.iter().filter_map(|name| self.interface.ty(name));
        others.filter(|other| self.held(other).contains(own)).map(|other| format!("`{}`", other.name.wire)).collect()
    }

    /// The types that a value of `ty` holds, at any depth, other than in a list or a map.
    fn held(&self, ty: &Type) -> BTreeSet<String> {
        let (mut held, mut left) = (BTreeSet::new(), vec![ty]);
        while let Some(ty) = left.pop() {
            let shapes: Vec<&Shape> = match &ty.kind {
                Kind::Record(record) => record.fields.iter().map(|field| &field.shape).collect(),
                Kind::Wrapper(shape) => vec![shape],
                Kind::Choice(_) | Kind::Enum(_) | Kind::Constrained(_) => Vec::new(),
            };
            let alternatives = if let Kind::Choice(records) = &ty.kind { records.as_slice() } else { &[] };
            let fields = shapes.into_iter().filter_map(|shape| match shape {
                Shape::Named(name) => Some(name),
                _ => None,
            });
            for name in fields.chain(alternatives) {
                if held.insert(name.clone()) {
                    left.extend(self.interface.ty(name));
                }
            }
        }
        held
    }

    /// What a value is, and its constraints. What only an extension says is an aspect of its own: who ignores it reads the
    /// same value.
    fn value(&mut self, of: &Subject, shape: &Shape, default: Option<&str>) {
        self.add(of, Aspect::Type, self.shape(shape));
        match shape.leaf() {
            Shape::Named(name) => {
                let ty = self.interface.ty(name).filter(|ty| !ty.named);
                if let Some(ty @ Type { kind: Kind::Constrained(constrained), .. }) = ty {
                    self.constraints(of, constrained);
                    self.mark(of, Aspect::GaveWay, ty.gave_way());
                }
            }
            Shape::Text(Text::Secret) => self.add(of, Aspect::Secret, ""),
            Shape::Text(Text::LocalDateTime) => self.add(of, Aspect::ReadAs, "local date-time"),
            Shape::Text(Text::Integer) => self.add(of, Aspect::ReadAs, "integer"),
            _ => self.bounds(of, shape),
        }
        if let Some(default) = default {
            self.add(of, Aspect::Default, default);
        }
    }

    /// `list of string (pattern ^a$)`.
    fn with_constraints(&mut self, of: &Subject, shape: &Shape) -> String {
        let before = self.facts.len();
        self.value(of, shape, None);
        let facts: Vec<_> = self.facts.drain(before..).filter(|fact| fact.aspect != Aspect::Type).collect();
        let constraints = facts.iter().map(|fact| format!("{} {}", fact.aspect.name(), fact.value).trim().to_owned());
        match constraints.collect::<Vec<_>>() {
            none if none.is_empty() => self.shape(shape),
            constraints => format!("{} ({})", self.shape(shape), constraints.join(", ")),
        }
    }

    fn constraints(&mut self, of: &Subject, constrained: &Constrained) {
        let Constrained { min_length, max_length, pattern, secret } = constrained;
        self.mark(of, Aspect::Secret, *secret);
        if let Some(length) = min_length {
            self.add(of, Aspect::MinLength, length);
        }
        if let Some(length) = max_length {
            self.add(of, Aspect::MaxLength, length);
        }
        if let Some(pattern) = pattern {
            self.add(of, Aspect::Pattern, &pattern.of_spec);
        }
    }

    fn bounds(&mut self, of: &Subject, shape: &Shape) {
        match shape.leaf() {
            Shape::Integer(integer) => {
                self.mark(of, Aspect::NumericString, integer.as_string);
                for (bound, aspect) in [(integer.least, Aspect::AtLeast), (integer.most, Aspect::AtMost)] {
                    if let Some(bound) = bound {
                        self.add(of, aspect, bound);
                    }
                }
            }
            Shape::Number(number) => {
                self.mark(of, Aspect::NumericString, number.as_string);
                let bounds = [
                    (number.least, Aspect::AtLeast, Aspect::MoreThan),
                    (number.most, Aspect::AtMost, Aspect::LessThan),
                ];
                for (bound, inclusive, strict) in bounds {
                    if let Some(Bound { at, exclusive }) = bound {
                        self.add(of, if exclusive { strict } else { inclusive }, at);
                    }
                }
            }
            _ => {}
        }
    }

    /// The name of a type in the spec.
    fn wire<'a>(&'a self, rust: &'a str) -> &'a str {
        self.interface.ty(rust).map_or(rust, |ty| &ty.name.wire)
    }

    fn shape(&self, shape: &Shape) -> String {
        match shape {
            Shape::Named(ty) => match self.interface.ty(ty) {
                // A string with constraints that stands in place.
                Some(ty) if !ty.named => "string".to_owned(),
                _ => format!("`{}`", self.wire(ty)),
            },
            Shape::Text(text) => match text {
                Text::Plain | Text::Secret | Text::LocalDateTime | Text::Integer => "string",
                Text::Bytes => "Base64",
                Text::Date => "date",
                Text::DateTime => "date-time",
            }
            .to_owned(),
            Shape::Integer(integer) => if integer.is_32_bit { "int32" } else { "int64" }.to_owned(),
            Shape::Number(number) => if number.is_32_bit { "float" } else { "double" }.to_owned(),
            Shape::Boolean => "boolean".to_owned(),
            Shape::List(inner) => format!("list of {}", self.shape(inner)),
            Shape::Map(inner) => format!("map of {}", self.shape(inner)),
            Shape::Any => "any JSON".to_owned(),
        }
    }
}

fn envelope(envelope: &Envelope) -> Option<String> {
    let failure = envelope.failure.as_ref().map(|when| match when {
        FailureWhen::Present { property, or_false: None } => format!("a failure when `{property}` is there"),
        FailureWhen::Present { property, or_false: Some(or_false) } => {
            format!("a failure when `{property}` is there, or `{or_false}` is false")
        }
        FailureWhen::NotOneOf { property, values } => format!("a failure when `{property}` is none of {values:?}"),
    });
    let data = envelope.data.as_ref().map(|data| format!("the result is `{data}`"));
    let parts: Vec<_> = failure.into_iter().chain(data).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

fn path(steps: &[Step]) -> String {
    format!("`{}`", steps.iter().map(|step| step.name.wire.as_str()).collect::<Vec<_>>().join("."))
}
