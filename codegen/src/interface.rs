//! The interface that a spec describes, resolved and named: what [`read`](crate::read) makes, and all that generation,
//! comparison and the guide work from. Every name stands here in both spellings, so that nobody derives one again.

use serde_json::Value;

use crate::names;

/// A whole interface.
#[derive(Debug, Default)]
pub(crate) struct Interface {
    /// Module and feature name, for example `contractor`.
    pub name: String,
    pub title: String,
    pub version: String,
    pub description: String,
    /// The addresses in the spec, as they stand there.
    pub servers: Vec<String>,
    pub schemes: Vec<Scheme>,
    /// In the order of their names.
    pub types: Vec<Type>,
    /// In the order of their paths.
    pub operations: Vec<Operation>,
    /// What is sent the other way (`x-webhooks`).
    pub webhooks: Vec<Webhook>,
    /// The names of all properties of all schemas, sorted.
    pub properties: Vec<String>,
}

/// A name on the wire and in Rust.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    pub wire: String,
    pub rust: String,
}

impl Name {
    /// Of a schema.
    pub(crate) fn of_type(wire: &str) -> Self {
        Self { wire: wire.to_owned(), rust: names::type_name(wire) }
    }

    /// Of a value in a set to which a server may add.
    pub(crate) fn of_variant(wire: &str) -> Self {
        Self { wire: wire.to_owned(), rust: names::variant_name(wire) }
    }

    /// Of an operation or a property.
    pub(crate) fn of_value(wire: &str) -> Self {
        Self { wire: wire.to_owned(), rust: names::value_name(wire) }
    }

    /// Of a parameter or a part.
    pub(crate) fn of_parameter(wire: &str) -> Self {
        Self { wire: wire.to_owned(), rust: names::parameter_name(wire) }
    }
}

/// A security scheme.
#[derive(Debug)]
pub(crate) struct Scheme {
    pub name: String,
    pub header: String,
    /// The word before the credential.
    pub word: Option<String>,
    pub description: String,
}

/// A type of the module `types`.
#[derive(Debug)]
pub(crate) struct Type {
    pub name: Name,
    pub description: String,
    pub kind: Kind,
    /// Whether it occurs in a request.
    pub sent: bool,
    /// Whether it occurs in a response.
    pub received: bool,
    /// Whether null stands for its absence wherever it occurs.
    pub nullable: bool,
    /// Whether the spec gives it a name; otherwise it is a constrained string that stands in place.
    pub named: bool,
    pub deprecated: bool,
    /// What the server takes when it is left out, in JSON.
    pub default: Option<String>,
    /// The format of a string that its Rust type doesn't tell.
    pub format: Option<String>,
    /// Keywords of its JSON Schema that its Rust type doesn't tell.
    pub keywords: Vec<(&'static str, Value)>,
}

impl Type {
    /// Whether a schema has the name that a string in place would have in Rust.
    pub(crate) fn gave_way(&self) -> bool {
        !self.named && names::type_name(&self.name.wire) != self.name.rust
    }

    /// Whether it is a map that needs an entry.
    pub(crate) fn needs_an_entry(&self) -> bool {
        self.keywords.iter().any(|(keyword, least)| *keyword == "minProperties" && least.as_u64() > Some(0))
    }
}

/// What a type is.
#[derive(Debug)]
pub(crate) enum Kind {
    Record(Record),
    /// One of several records, by their Rust names.
    Choice(Vec<String>),
    Enum(Enum),
    Constrained(Constrained),
    /// Any other value, list or map with a name of its own.
    Wrapper(Shape),
}

/// An object with known properties.
#[derive(Debug)]
pub(crate) struct Record {
    pub fields: Vec<Field>,
    /// Properties that only failures have (`x-success: never`), for which Rust has no fields.
    pub of_failures: Vec<Field>,
    /// Whether at least one property has to be there, although none in particular.
    pub not_empty: bool,
}

/// A property.
#[derive(Debug)]
pub(crate) struct Field {
    pub name: Name,
    pub description: String,
    pub shape: Shape,
    /// Whether it has to be there: by `required`, or in every success.
    pub required: bool,
    /// Whether the schema requires it.
    pub by_schema: bool,
    /// Whether it is there in every success (`x-success: always`).
    pub always: bool,
    /// Whether its type in Rust has to say that it may be null.
    pub nullable: bool,
    /// Whether null may stand for it, by itself or by the schema that it refers to.
    pub may_be_null: bool,
    pub deprecated: bool,
    /// What the server takes when it is left out, in JSON.
    pub default: Option<String>,
    /// The format of a string that its Rust type doesn't tell.
    pub format: Option<String>,
    /// Keywords of its JSON Schema that its Rust type doesn't tell.
    pub keywords: Vec<(&'static str, Value)>,
}

impl Field {
    /// An optional list or map is empty when it is missing.
    pub(crate) fn is_optional_collection(&self) -> bool {
        !self.required && self.shape.is_collection()
    }
}

/// Strings with a known set of values.
#[derive(Debug)]
pub(crate) struct Enum {
    pub values: Vec<EnumValue>,
    /// Whether other values may come; not for one that is only sent.
    pub open: bool,
    /// Whether spaces around a value mean nothing.
    pub trimmed: bool,
    /// Whether the spec limits the values to these, rather than mentioning them.
    pub limited: bool,
}

/// A value of an enum.
#[derive(Debug)]
pub(crate) struct EnumValue {
    pub name: Name,
    /// The status that it stands for (`x-status-map`).
    pub status: Option<String>,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shape {
    /// A type, by its Rust name.
    Named(String),
    Text(Text),
    Integer(Integer),
    Number(Number),
    Boolean,
    List(Box<Shape>),
    Map(Box<Shape>),
    /// Any JSON.
    Any,
}

/// A string that is not an enum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Text {
    Plain,
    Secret,
    /// Base64.
    Bytes,
    Date,
    DateTime,
    /// `dd.MM.yyyy HH:mm:ss`.
    LocalDateTime,
    /// An integer that is written as a string.
    Integer,
}

/// An integer.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Integer {
    pub is_32_bit: bool,
    pub least: Option<i64>,
    pub most: Option<i64>,
    /// Whether it may come as a string (`x-numeric-string`).
    pub as_string: bool,
}

/// A number with a fraction.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Number {
    pub is_32_bit: bool,
    pub least: Option<Bound>,
    pub most: Option<Bound>,
    /// Whether it may come as a string (`x-numeric-string`).
    pub as_string: bool,
}

/// A bound of a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bound {
    pub at: f64,
    pub exclusive: bool,
}

/// A string with constraints, which is a type of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Constrained {
    pub min_length: Option<u64>,
    pub max_length: Option<u64>,
    pub pattern: Option<Pattern>,
    pub secret: bool,
}

/// A pattern as the spec has it, and as the engine that matches it takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    pub of_spec: String,
    pub translated: String,
}

impl Shape {
    pub(crate) fn is_collection(&self) -> bool {
        matches!(self, Self::List(_) | Self::Map(_))
    }

    /// The shape of the value itself, or of the values in a list or map.
    pub(crate) fn leaf(&self) -> &Self {
        match self {
            Self::List(inner) | Self::Map(inner) => inner.leaf(),
            leaf => leaf,
        }
    }

    /// Whether [`crate::raise`] has to name a reader for numbers; if so, whether they may come as strings.
    pub(crate) fn number_reader(&self) -> Option<bool> {
        match self.leaf() {
            Self::Integer(integer) => Some(integer.as_string),
            Self::Number(number) => number.as_string.then_some(true),
            _ => None,
        }
    }
}

/// An operation.
#[derive(Debug)]
pub(crate) struct Operation {
    /// `getCall` and the method `get_call`.
    pub name: Name,
    /// `GetCall`, the builder of the request.
    pub builder: String,
    /// `GET_CALL`, the constant.
    pub constant: String,
    /// `GetCallError`.
    pub error: String,
    /// Upper case: `GET`.
    pub method: &'static str,
    /// `/call/{id}`.
    pub path: String,
    pub summary: String,
    pub description: String,
    pub deprecated: bool,
    /// Name of the security scheme.
    pub scheme: Option<String>,
    pub idempotent: bool,
    pub parameters: Vec<Parameter>,
    pub body: Body,
    pub success: Success,
    pub failures: Vec<Failure>,
    pub refusal: Option<Refusal>,
    /// Headers that responses may have, in the order of the names.
    pub headers: Vec<Header>,
}

/// What is sent the other way, which nothing is generated for.
#[derive(Debug)]
pub(crate) struct Webhook {
    pub name: String,
    /// Upper case: `POST`.
    pub method: String,
    /// The schema of what is delivered, as the spec names it.
    pub body: Option<String>,
    pub description: String,
}

/// A header of a response.
#[derive(Debug)]
pub(crate) struct Header {
    pub name: String,
    /// The responses that may have it: status codes, or `default`.
    pub statuses: Vec<String>,
    pub description: String,
}

/// A path, query or header parameter.
#[derive(Debug)]
pub(crate) struct Parameter {
    pub name: Name,
    pub location: Location,
    pub required: bool,
    pub description: String,
    pub deprecated: bool,
    pub shape: Shape,
    /// What the server takes when it is left out, in JSON.
    pub default: Option<String>,
    /// The format of a string that its Rust type doesn't tell.
    pub format: Option<String>,
    /// Whether it is the length of the body, which is filled in.
    pub content_length: bool,
}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Location {
    Path,
    Query,
    Header,
}

impl Location {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
        }
    }
}

/// The body of a request.
#[derive(Debug)]
pub(crate) enum Body {
    Nothing,
    /// A type, by its Rust name.
    Json(String),
    Raw,
    Parts(Vec<Part>),
}

/// A part of a multipart body.
#[derive(Debug)]
pub(crate) struct Part {
    pub name: Name,
    pub required: bool,
    pub description: String,
    /// What it holds, on the wire: `bytes`, `string`, `integer int32`, or the name of a schema.
    pub content: String,
    /// Rust name of the schema that it refers to.
    pub ty: Option<String>,
    /// As `encoding` has them: `image/jpeg, image/png`.
    pub media_types: Option<String>,
}

/// What a call gives when it succeeds.
#[derive(Debug)]
pub(crate) struct Success {
    pub content: Content,
    /// Status codes of the responses with a body, which is the same for all.
    pub with_body: Vec<u16>,
    /// Status codes of the responses without one.
    pub empty: Vec<u16>,
    pub envelope: Envelope,
}

/// What the body of a success is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Content {
    Nothing,
    Json(Shape),
    Stream,
}

/// How a failure under a success status is recognized, and where the result is in the body.
#[derive(Debug, Default)]
pub(crate) struct Envelope {
    /// When the body is a failure in spite of its status.
    pub failure: Option<FailureWhen>,
    /// The property that is the result; without it, the whole body is.
    pub data: Option<String>,
}

/// The mark of a failure in a body.
#[derive(Debug)]
pub(crate) enum FailureWhen {
    /// The property is there, and neither null nor empty; or else the other one is false.
    Present { property: String, or_false: Option<String> },
    /// The property is there and has none of these values.
    NotOneOf { property: String, values: Vec<i64> },
}

/// A documented failure.
#[derive(Debug)]
pub(crate) struct Failure {
    pub status: u16,
    /// `NotFound`.
    pub variant: String,
    pub description: String,
    pub body: Option<FailureBody>,
    /// Documented error codes.
    pub codes: Vec<Code>,
    /// `GetCallNotFoundCode`, the enum of the codes.
    pub code_enum: String,
}

/// A documented error code and its camelCase name.
#[derive(Debug)]
pub(crate) struct Code {
    pub number: i64,
    pub name: Name,
}

/// A failure that only the body tells.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub body: FailureBody,
    /// Whether it is documented for any status code (`default`).
    pub under_any_status: bool,
}

/// The body of a failure.
#[derive(Debug, Clone)]
pub(crate) struct FailureBody {
    /// Rust name of its type.
    pub ty: String,
    /// The field with the error code, if the schema has one.
    pub code: Option<Step>,
    /// The way to the message for people, if the schema has one: into records, and last the string.
    pub message: Option<Vec<Step>>,
}

/// A step into a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    /// The field.
    pub name: Name,
    /// Whether the field is an `Option`.
    pub optional: bool,
}

impl Operation {
    /// `GET /call/{id} (getCall)`, as in messages.
    pub(crate) fn title(&self) -> String {
        format!("{} {} ({})", self.method, self.path, self.name.wire)
    }

    pub(crate) fn uploads(&self) -> bool {
        matches!(self.body, Body::Raw | Body::Parts(_))
    }

    pub(crate) fn downloads(&self) -> bool {
        self.success.content == Content::Stream
    }

    /// Whether a success may come without a body although there is one. A list is empty then.
    pub(crate) fn may_be_empty(&self) -> bool {
        !matches!(self.success.content, Content::Nothing | Content::Json(Shape::List(_)))
            && !self.success.empty.is_empty()
    }

    pub(crate) fn parameters_in(&self, location: Location) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(move |parameter| parameter.location == location)
    }
}

/// Where the type of a Rust name stands among types in the order of their names.
pub(crate) fn position(types: &[Type], rust: &str) -> Option<usize> {
    types.binary_search_by(|ty| ty.name.rust.as_str().cmp(rust)).ok()
}

impl Interface {
    /// The type of a Rust name.
    pub(crate) fn ty(&self, rust: &str) -> Option<&Type> {
        position(&self.types, rust).map(|at| &self.types[at])
    }

    /// Whether it is a list of objects that are never sent. Null stands for nothing there, and nobody writes the list back.
    pub(crate) fn is_list_of_received(&self, shape: &Shape) -> bool {
        let Shape::List(items) = shape else { return false };
        let Shape::Named(name) = &**items else { return false };
        self.ty(name).is_some_and(|ty| !ty.sent && matches!(ty.kind, Kind::Record(_)))
    }

    /// The types that stand in the schema of a value, itself among them.
    pub(crate) fn inner<'a>(&'a self, shape: &'a Shape) -> Option<&'a Type> {
        match shape.leaf() {
            Shape::Named(name) => self.ty(name),
            _ => None,
        }
    }
}
