//! The objects of OpenAPI 3.0 and their keywords, as a table, and the one walk over a document that follows it.
//! The table is what the standard allows; what of that this project supports is decided by the rules.

use serde_json::Value;

use super::located::{Located, entry};

/// A kind of object in an OpenAPI document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ObjectKind {
    Root,
    Info,
    Contact,
    License,
    Server,
    ServerVariable,
    ExternalDocs,
    Tag,
    Paths,
    PathItem,
    Operation,
    Parameter,
    RequestBody,
    MediaType,
    Encoding,
    Responses,
    Response,
    Header,
    Example,
    Link,
    Callback,
    Schema,
    Discriminator,
    Xml,
    SecurityScheme,
    Flows,
    Flow,
    SecurityRequirement,
    Components,
}

/// What the value of a keyword is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum ValueKind {
    Any,
    Text,
    Flag,
    Number,
    Count,
    Object(ObjectKind),
    /// An object, or a `$ref` to one.
    Ref(ObjectKind),
    List(&'static ValueKind),
    /// Free names, each with a value of the same kind.
    Map(&'static ValueKind),
    /// Only `additionalProperties`.
    FlagOrSchema,
}

use ValueKind::{Any, Count, Flag, FlagOrSchema, List, Map, Number, Object, Ref, Text};

impl ObjectKind {
    /// What it is called in messages, with its article.
    pub(crate) fn name(self) -> &'static str {
        match self {
            ObjectKind::Root => "the document",
            ObjectKind::Info => "`info`",
            ObjectKind::Contact => "a contact",
            ObjectKind::License => "a license",
            ObjectKind::Server => "a server",
            ObjectKind::ServerVariable => "a server variable",
            ObjectKind::ExternalDocs => "`externalDocs`",
            ObjectKind::Tag => "a tag",
            ObjectKind::Paths => "`paths`",
            ObjectKind::PathItem => "a path",
            ObjectKind::Operation => "an operation",
            ObjectKind::Parameter => "a parameter",
            ObjectKind::RequestBody => "a request body",
            ObjectKind::MediaType => "a media type",
            ObjectKind::Encoding => "an encoding",
            ObjectKind::Responses => "`responses`",
            ObjectKind::Response => "a response",
            ObjectKind::Header => "a header",
            ObjectKind::Example => "an example",
            ObjectKind::Link => "a link",
            ObjectKind::Callback => "a callback",
            ObjectKind::Schema => "a schema",
            ObjectKind::Discriminator => "a discriminator",
            ObjectKind::Xml => "`xml`",
            ObjectKind::SecurityScheme => "a security scheme",
            ObjectKind::Flows => "`flows`",
            ObjectKind::Flow => "a flow",
            ObjectKind::SecurityRequirement => "a security requirement",
            ObjectKind::Components => "`components`",
        }
    }

    /// The section of `components` that holds such objects.
    pub(crate) fn section(self) -> Option<&'static str> {
        Some(match self {
            ObjectKind::Schema => "schemas",
            ObjectKind::Response => "responses",
            ObjectKind::Parameter => "parameters",
            ObjectKind::Example => "examples",
            ObjectKind::RequestBody => "requestBodies",
            ObjectKind::Header => "headers",
            ObjectKind::SecurityScheme => "securitySchemes",
            ObjectKind::Link => "links",
            ObjectKind::Callback => "callbacks",
            _ => return None,
        })
    }

    /// For an object whose keys are not keywords, what the value of each of them is.
    pub(crate) fn entries(self) -> Option<ValueKind> {
        match self {
            ObjectKind::Paths => Some(Ref(ObjectKind::PathItem)),
            ObjectKind::Callback => Some(Object(ObjectKind::PathItem)),
            ObjectKind::Responses => Some(Ref(ObjectKind::Response)),
            ObjectKind::SecurityRequirement => Some(List(&Text)),
            _ => None,
        }
    }

    /// Keywords that the standard requires.
    pub(crate) fn required(self) -> &'static [&'static str] {
        match self {
            ObjectKind::Root => &["openapi", "info", "paths"],
            ObjectKind::Info => &["title", "version"],
            ObjectKind::License | ObjectKind::Tag => &["name"],
            ObjectKind::Server | ObjectKind::ExternalDocs => &["url"],
            ObjectKind::ServerVariable => &["default"],
            ObjectKind::Operation => &["responses"],
            ObjectKind::Parameter => &["name", "in"],
            ObjectKind::RequestBody => &["content"],
            ObjectKind::Response => &["description"],
            ObjectKind::Discriminator => &["propertyName"],
            ObjectKind::SecurityScheme => &["type"],
            _ => &[],
        }
    }

    /// The keywords, except extensions.
    pub(crate) fn keywords(self) -> &'static [(&'static str, ValueKind)] {
        match self {
            ObjectKind::Root => &[
                ("openapi", Text),
                ("info", Object(ObjectKind::Info)),
                ("servers", List(&Object(ObjectKind::Server))),
                ("paths", Object(ObjectKind::Paths)),
                ("components", Object(ObjectKind::Components)),
                ("security", List(&Object(ObjectKind::SecurityRequirement))),
                ("tags", List(&Object(ObjectKind::Tag))),
                ("externalDocs", Object(ObjectKind::ExternalDocs)),
            ],
            ObjectKind::Info => &[
                ("title", Text),
                ("description", Text),
                ("termsOfService", Text),
                ("contact", Object(ObjectKind::Contact)),
                ("license", Object(ObjectKind::License)),
                ("version", Text),
            ],
            ObjectKind::Contact => &[("name", Text), ("url", Text), ("email", Text)],
            ObjectKind::License => &[("name", Text), ("url", Text)],
            ObjectKind::Server => {
                &[("url", Text), ("description", Text), ("variables", Map(&Object(ObjectKind::ServerVariable)))]
            }
            ObjectKind::ServerVariable => &[("enum", List(&Text)), ("default", Text), ("description", Text)],
            ObjectKind::ExternalDocs => &[("description", Text), ("url", Text)],
            ObjectKind::Tag => {
                &[("name", Text), ("description", Text), ("externalDocs", Object(ObjectKind::ExternalDocs))]
            }
            ObjectKind::PathItem => &[
                ("summary", Text),
                ("description", Text),
                ("get", Object(ObjectKind::Operation)),
                ("put", Object(ObjectKind::Operation)),
                ("post", Object(ObjectKind::Operation)),
                ("delete", Object(ObjectKind::Operation)),
                ("options", Object(ObjectKind::Operation)),
                ("head", Object(ObjectKind::Operation)),
                ("patch", Object(ObjectKind::Operation)),
                ("trace", Object(ObjectKind::Operation)),
                ("servers", List(&Object(ObjectKind::Server))),
                ("parameters", List(&Ref(ObjectKind::Parameter))),
            ],
            ObjectKind::Operation => &[
                ("tags", List(&Text)),
                ("summary", Text),
                ("description", Text),
                ("externalDocs", Object(ObjectKind::ExternalDocs)),
                ("operationId", Text),
                ("parameters", List(&Ref(ObjectKind::Parameter))),
                ("requestBody", Ref(ObjectKind::RequestBody)),
                ("responses", Object(ObjectKind::Responses)),
                ("callbacks", Map(&Ref(ObjectKind::Callback))),
                ("deprecated", Flag),
                ("security", List(&Object(ObjectKind::SecurityRequirement))),
                ("servers", List(&Object(ObjectKind::Server))),
            ],
            ObjectKind::Parameter => PARAMETER,
            ObjectKind::Header => HEADER,
            ObjectKind::RequestBody => {
                &[("description", Text), ("content", Map(&Object(ObjectKind::MediaType))), ("required", Flag)]
            }
            ObjectKind::MediaType => &[
                ("schema", Ref(ObjectKind::Schema)),
                ("example", Any),
                ("examples", Map(&Ref(ObjectKind::Example))),
                ("encoding", Map(&Object(ObjectKind::Encoding))),
            ],
            ObjectKind::Encoding => &[
                ("contentType", Text),
                ("headers", Map(&Ref(ObjectKind::Header))),
                ("style", Text),
                ("explode", Flag),
                ("allowReserved", Flag),
            ],
            ObjectKind::Response => &[
                ("description", Text),
                ("headers", Map(&Ref(ObjectKind::Header))),
                ("content", Map(&Object(ObjectKind::MediaType))),
                ("links", Map(&Ref(ObjectKind::Link))),
            ],
            ObjectKind::Example => &[("summary", Text), ("description", Text), ("value", Any), ("externalValue", Text)],
            ObjectKind::Link => &[
                ("operationRef", Text),
                ("operationId", Text),
                ("parameters", Map(&Any)),
                ("requestBody", Any),
                ("description", Text),
                ("server", Object(ObjectKind::Server)),
            ],
            ObjectKind::Schema => SCHEMA,
            ObjectKind::Discriminator => &[("propertyName", Text), ("mapping", Map(&Text))],
            ObjectKind::Xml => {
                &[("name", Text), ("namespace", Text), ("prefix", Text), ("attribute", Flag), ("wrapped", Flag)]
            }
            ObjectKind::SecurityScheme => &[
                ("type", Text),
                ("description", Text),
                ("name", Text),
                ("in", Text),
                ("scheme", Text),
                ("bearerFormat", Text),
                ("flows", Object(ObjectKind::Flows)),
                ("openIdConnectUrl", Text),
            ],
            ObjectKind::Flows => &[
                ("implicit", Object(ObjectKind::Flow)),
                ("password", Object(ObjectKind::Flow)),
                ("clientCredentials", Object(ObjectKind::Flow)),
                ("authorizationCode", Object(ObjectKind::Flow)),
            ],
            ObjectKind::Flow => {
                &[("authorizationUrl", Text), ("tokenUrl", Text), ("refreshUrl", Text), ("scopes", Map(&Text))]
            }
            ObjectKind::Components => &[
                ("schemas", Map(&Ref(ObjectKind::Schema))),
                ("responses", Map(&Ref(ObjectKind::Response))),
                ("parameters", Map(&Ref(ObjectKind::Parameter))),
                ("examples", Map(&Ref(ObjectKind::Example))),
                ("requestBodies", Map(&Ref(ObjectKind::RequestBody))),
                ("headers", Map(&Ref(ObjectKind::Header))),
                ("securitySchemes", Map(&Ref(ObjectKind::SecurityScheme))),
                ("links", Map(&Ref(ObjectKind::Link))),
                ("callbacks", Map(&Ref(ObjectKind::Callback))),
            ],
            ObjectKind::Paths | ObjectKind::Callback | ObjectKind::Responses | ObjectKind::SecurityRequirement => &[],
        }
    }
}

const PARAMETER: &[(&str, ValueKind)] = &[
    ("name", Text),
    ("in", Text),
    ("description", Text),
    ("required", Flag),
    ("deprecated", Flag),
    ("allowEmptyValue", Flag),
    ("style", Text),
    ("explode", Flag),
    ("allowReserved", Flag),
    ("schema", Ref(ObjectKind::Schema)),
    ("example", Any),
    ("examples", Map(&Ref(ObjectKind::Example))),
    ("content", Map(&Object(ObjectKind::MediaType))),
];

/// A parameter without its name and place.
const HEADER: &[(&str, ValueKind)] = PARAMETER.split_at(2).1;

const SCHEMA: &[(&str, ValueKind)] = &[
    ("title", Text),
    ("multipleOf", Number),
    ("maximum", Number),
    ("exclusiveMaximum", Flag),
    ("minimum", Number),
    ("exclusiveMinimum", Flag),
    ("maxLength", Count),
    ("minLength", Count),
    ("pattern", Text),
    ("maxItems", Count),
    ("minItems", Count),
    ("uniqueItems", Flag),
    ("maxProperties", Count),
    ("minProperties", Count),
    ("required", List(&Text)),
    ("enum", List(&Any)),
    ("type", Text),
    ("allOf", List(&Ref(ObjectKind::Schema))),
    ("oneOf", List(&Ref(ObjectKind::Schema))),
    ("anyOf", List(&Ref(ObjectKind::Schema))),
    ("not", Ref(ObjectKind::Schema)),
    ("items", Ref(ObjectKind::Schema)),
    ("properties", Map(&Ref(ObjectKind::Schema))),
    ("additionalProperties", FlagOrSchema),
    ("description", Text),
    ("format", Text),
    ("default", Any),
    ("nullable", Flag),
    ("discriminator", Object(ObjectKind::Discriminator)),
    ("readOnly", Flag),
    ("writeOnly", Flag),
    ("xml", Object(ObjectKind::Xml)),
    ("externalDocs", Object(ObjectKind::ExternalDocs)),
    ("example", Any),
    ("deprecated", Flag),
];

/// An object of the document, or a reference to one.
#[derive(Debug)]
pub(crate) struct Node<'a> {
    pub(crate) kind: ObjectKind,
    pub(crate) is_reference: bool,
    /// The keyword that led here: `schemas`, `properties`, `items`, ….
    pub(crate) via: &'static str,
    pub(crate) at: Located<'a>,
}

/// A value that is not what its keyword takes.
#[derive(Debug)]
pub(crate) struct Mismatch {
    pub(crate) pointer: String,
    pub(crate) via: &'static str,
    pub(crate) expected: &'static str,
    pub(crate) found: &'static str,
}

/// Walks a document: all its objects, outer before inner, and all values of a wrong type.
pub(crate) fn walk(raw: &Value) -> (Vec<Node<'_>>, Vec<Mismatch>) {
    let mut walk = Walk { nodes: Vec::new(), mismatches: Vec::new() };
    walk.visit(Object(ObjectKind::Root), "", Located { pointer: String::new(), value: raw });
    (walk.nodes, walk.mismatches)
}

struct Walk<'a> {
    nodes: Vec<Node<'a>>,
    mismatches: Vec<Mismatch>,
}

impl<'a> Walk<'a> {
    fn visit(&mut self, shape: ValueKind, via: &'static str, at: Located<'a>) {
        match (shape, at.value) {
            (Any, _)
            | (Text, Value::String(_))
            | (Flag | FlagOrSchema, Value::Bool(_))
            | (Number, Value::Number(_)) => {}
            (Count, Value::Number(number)) if number.as_u64().is_some_and(|n| u32::try_from(n).is_ok()) => {}
            (Object(kind), Value::Object(_)) => self.object(kind, via, at),
            (Ref(kind), Value::Object(entries)) if entries.contains_key("$ref") => {
                if let Some(reference) = at.get("$ref") {
                    self.visit(Text, "$ref", reference);
                }
                self.nodes.push(Node { kind, is_reference: true, via, at });
            }
            (Ref(kind), Value::Object(_)) => self.object(kind, via, at),
            (FlagOrSchema, Value::Object(_)) => self.visit(Ref(ObjectKind::Schema), via, at),
            (List(inner), Value::Array(items)) => {
                for (index, value) in items.iter().enumerate() {
                    self.visit(*inner, via, Located { pointer: entry(&at.pointer, &index.to_string()), value });
                }
            }
            (Map(inner), Value::Object(_)) => {
                for (_, value) in at.entries() {
                    self.visit(*inner, via, value);
                }
            }
            _ => self.mismatch(shape, via, &at),
        }
    }

    fn object(&mut self, kind: ObjectKind, via: &'static str, at: Located<'a>) {
        let inner = at.clone();
        self.nodes.push(Node { kind, is_reference: false, via, at });
        if let Some(shape) = kind.entries() {
            for (key, value) in inner.entries() {
                if !key.starts_with("x-") {
                    self.visit(shape, via, value);
                }
            }
        }
        for (keyword, shape) in kind.keywords() {
            if let Some(value) = inner.get(keyword) {
                self.visit(*shape, keyword, value);
            }
        }
    }

    fn mismatch(&mut self, shape: ValueKind, via: &'static str, at: &Located<'_>) {
        let expected = match shape {
            Any => "any value",
            Text => "a string",
            Flag => "true or false",
            Number => "a number",
            Count => "a non-negative integer",
            Object(_) | Ref(_) | Map(_) => "a mapping",
            FlagOrSchema => "true, false or a schema",
            List(_) => "a list",
        };
        let found = match at.value {
            Value::Null => "nothing",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "a list",
            Value::Object(_) => "a mapping",
        };
        self.mismatches.push(Mismatch { pointer: at.pointer.clone(), via, expected, found });
    }
}
