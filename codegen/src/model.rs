//! What the generated client has to be, once progenitor's output is raised: the notes that `lower` takes of everything
//! it simplifies in its copy of the spec. `raise` works from these alone and never looks at the spec again.

/// The whole interface.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// Module and feature name, for example `contractor`.
    pub interface: String,
    pub title: String,
    pub version: String,
    pub description: Option<String>,
    pub operations: Vec<Operation>,
    pub schemes: Vec<Scheme>,
    pub enums: Vec<StringEnum>,
    /// Rust names of the string types that hold secrets and are checked for length or pattern.
    pub secret_newtypes: Vec<String>,
    /// The types that demand more than typify checks.
    pub checks: Vec<CheckedType>,
    /// Struct and field (Rust names) of each optional array and map.
    pub optional_collections: Vec<(String, String)>,
    /// The names of all properties of all schemas, sorted.
    pub properties: Vec<String>,
    pub json_schemas: SchemaNotes,
    /// The fields that are numbers, or lists or maps of numbers.
    pub numbers: Vec<NumberField>,
}

/// A field that holds numbers. All names are those in Rust.
#[derive(Debug)]
pub(crate) struct NumberField {
    /// The struct.
    pub type_name: String,
    /// Its field; `None` for the only one of a newtype.
    pub field: Option<String>,
    /// Whether the numbers may come as text.
    pub text: bool,
}

/// One operation.
#[derive(Debug)]
pub(crate) struct Operation {
    /// `getCall`.
    pub id: String,
    /// Upper case: `GET`.
    pub method: String,
    /// `/call/{id}`.
    pub path: String,
    pub summary: String,
    pub description: String,
    /// Name of the security scheme.
    pub scheme: Option<String>,
    pub idempotent: bool,
    pub parameters: Vec<Parameter>,
    /// The parts of a multipart body.
    pub parts: Vec<Part>,
    /// Whether there is a body beside `parts`, and what it is in a word or two.
    pub body: Option<Body>,
    /// Whether the body is a map that needs at least one entry.
    pub body_not_empty: bool,
    /// Whether the body demands something, and has no builder that checks it.
    pub body_checked: bool,
    pub success: Success,
    pub failures: Vec<Failure>,
    /// The body of a failure under a success status, or under any status.
    pub refusal: Option<FailureBody>,
    /// Whether the refusal is documented for any status.
    pub refusal_under_any_status: bool,
}

/// A path, query or header parameter.
#[derive(Debug)]
pub(crate) struct Parameter {
    /// Name on the wire.
    pub name: String,
    pub location: &'static str,
    pub required: bool,
    pub description: String,
    /// Whether it is the length of the body, and not required therefore.
    pub content_length: bool,
    /// What it demands.
    pub checks: Vec<Check>,
}

/// The body of a request that is not multipart.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub(crate) enum Body {
    Json,
    Raw,
}

/// A part of a multipart body.
#[derive(Debug)]
pub(crate) struct Part {
    /// Name on the wire.
    pub name: String,
    pub required: bool,
    pub description: String,
}

/// What a call gives when it succeeds.
#[derive(Debug, Default)]
pub(crate) struct Success {
    /// Statuses of the answers with a body, which is the same for all, and its kind.
    pub body: Option<(Vec<u16>, BodyKind)>,
    /// Statuses of the answers without one.
    pub empty: Vec<u16>,
    /// What the body is wrapped in.
    pub envelope: Envelope,
    /// Whether the result is nothing but a whole number, or a list or map of these.
    pub number: bool,
}

/// How a body under a success status is told from a failure, and where the result stands in it.
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
    NotOneOf(String, Vec<i64>),
}

/// How a body is read.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub(crate) enum BodyKind {
    Json,
    Stream,
}

/// A documented failure.
#[derive(Debug)]
pub(crate) struct Failure {
    pub status: u16,
    pub description: String,
    pub body: Option<FailureBody>,
}

/// The body of a documented failure.
#[derive(Debug)]
pub(crate) struct FailureBody {
    /// Rust name of its type.
    pub type_name: String,
    /// Whether the document leaves it open if there is one.
    pub optional: bool,
    /// Rust name of the field with the error code, if the schema has one.
    pub code_field: Option<String>,
    /// The way to the message for people, if the schema has one: into objects, and last the text.
    pub message: Option<Vec<Step>>,
    /// Documented codes and their camelCase names.
    pub codes: Vec<(i64, String)>,
}

/// A step into a property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    /// Rust name of the field.
    pub field: String,
    /// Whether the field is an `Option`.
    pub optional: bool,
}

/// A security scheme.
#[derive(Debug)]
pub(crate) struct Scheme {
    pub name: String,
    pub header: String,
    pub word: Option<String>,
    pub description: String,
}

/// A string enum.
#[derive(Debug)]
pub(crate) struct StringEnum {
    /// Rust name.
    pub name: String,
    /// Values on the wire.
    pub values: Vec<String>,
    /// Whether the spec has them as an enum, and not only mentions them.
    pub listed: bool,
    /// Whether blanks around a value mean nothing.
    pub trimmed: bool,
    /// The status that a value stands for, of those that have one.
    pub statuses: Vec<(String, String)>,
}

impl Operation {
    /// `GET /call/{id} (getCall)`, as in messages.
    pub(crate) fn title(&self) -> String {
        format!("{} {} ({})", self.method, self.path, self.id)
    }

    /// Whether a file goes up.
    pub(crate) fn uploads(&self) -> bool {
        !self.parts.is_empty() || self.body == Some(Body::Raw)
    }

    /// Whether a file comes down.
    pub(crate) fn downloads(&self) -> bool {
        matches!(self.success.body, Some((_, BodyKind::Stream)))
    }
}

/// A type and what the spec demands of its values.
#[derive(Debug)]
pub(crate) struct CheckedType {
    /// Rust name.
    pub name: String,
    pub kind: TypeKind,
    pub checks: Vec<Check>,
}

/// What typify makes of a schema.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub(crate) enum TypeKind {
    /// A struct with a builder.
    Record,
    /// A struct around one value.
    Newtype,
    /// An enum of structs.
    Choice,
}

/// What the spec demands of a value.
#[derive(Debug)]
pub(crate) struct Check {
    /// Rust name of the field or parameter; `None` for the value as a whole.
    pub field: Option<String>,
    pub demand: Demand,
}

/// A demand, of a value or of all values in a list or map.
#[derive(Debug)]
pub(crate) enum Demand {
    /// What the type of the value demands.
    Own,
    /// A condition, and what is said when it is not kept.
    That(Condition, String),
}

/// A condition.
#[derive(Debug)]
pub(crate) enum Condition {
    /// At least one property is there.
    NotEmpty,
    /// A whole number within these bounds.
    Within(i64, i64),
    /// Neither NaN nor infinite.
    Finite,
    AtLeast(f64),
    MoreThan(f64),
    AtMost(f64),
    LessThan(f64),
    /// A date-time with an offset.
    Zoned,
}

/// What the JSON Schemas of the types have to say beyond what the types do.
#[derive(Debug, Default)]
pub(crate) struct SchemaNotes {
    pub keywords: Vec<Keywords>,
    /// Rust names of structs, and their properties (names on the wire) that may be `null`.
    pub nullable: Vec<(String, String)>,
    /// Rust names of the types that typify makes of schemas without a name.
    pub in_place: Vec<String>,
}

/// Keywords of the JSON Schema of one type or field.
#[derive(Debug)]
pub(crate) struct Keywords {
    /// Rust name of the type.
    pub type_name: String,
    /// Rust name of the field whose schema it is; without one, it is the type's.
    pub field: Option<String>,
    pub keywords: Vec<(&'static str, serde_json::Value)>,
}
