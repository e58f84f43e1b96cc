//! The objects of OpenAPI 3.0 and their keywords, as a table, and the one walk over a document that follows it.
//! The table is what the standard allows; what of that this project supports is decided by the rules.

use serde_json::Value;

use super::located::{Located, entry};

/// A kind of object in an OpenAPI document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
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

/// What stands behind a keyword.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shape {
    Any,
    Text,
    Flag,
    Number,
    Count,
    Object(Kind),
    /// An object, or a `$ref` to one.
    Ref(Kind),
    List(&'static Shape),
    /// Free names, each with the same shape behind it.
    Map(&'static Shape),
    /// Only `additionalProperties`.
    FlagOrSchema,
}

use Shape::{Any, Count, Flag, FlagOrSchema, List, Map, Number, Object, Ref, Text};

impl Kind {
    /// What it is called in messages, with its article.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Root => "the document",
            Kind::Info => "`info`",
            Kind::Contact => "a contact",
            Kind::License => "a license",
            Kind::Server => "a server",
            Kind::ServerVariable => "a server variable",
            Kind::ExternalDocs => "`externalDocs`",
            Kind::Tag => "a tag",
            Kind::Paths => "`paths`",
            Kind::PathItem => "a path",
            Kind::Operation => "an operation",
            Kind::Parameter => "a parameter",
            Kind::RequestBody => "a request body",
            Kind::MediaType => "a media type",
            Kind::Encoding => "an encoding",
            Kind::Responses => "`responses`",
            Kind::Response => "a response",
            Kind::Header => "a header",
            Kind::Example => "an example",
            Kind::Link => "a link",
            Kind::Callback => "a callback",
            Kind::Schema => "a schema",
            Kind::Discriminator => "a discriminator",
            Kind::Xml => "`xml`",
            Kind::SecurityScheme => "a security scheme",
            Kind::Flows => "`flows`",
            Kind::Flow => "a flow",
            Kind::SecurityRequirement => "a security requirement",
            Kind::Components => "`components`",
        }
    }

    /// The section of `components` that holds such objects.
    pub(crate) fn section(self) -> Option<&'static str> {
        Some(match self {
            Kind::Schema => "schemas",
            Kind::Response => "responses",
            Kind::Parameter => "parameters",
            Kind::Example => "examples",
            Kind::RequestBody => "requestBodies",
            Kind::Header => "headers",
            Kind::SecurityScheme => "securitySchemes",
            Kind::Link => "links",
            Kind::Callback => "callbacks",
            _ => return None,
        })
    }

    /// For an object whose keys are not keywords, what stands behind each of them.
    pub(crate) fn entries(self) -> Option<Shape> {
        match self {
            Kind::Paths => Some(Ref(Kind::PathItem)),
            Kind::Callback => Some(Object(Kind::PathItem)),
            Kind::Responses => Some(Ref(Kind::Response)),
            Kind::SecurityRequirement => Some(List(&Text)),
            _ => None,
        }
    }

    /// Keywords that the standard requires.
    pub(crate) fn required(self) -> &'static [&'static str] {
        match self {
            Kind::Root => &["openapi", "info", "paths"],
            Kind::Info => &["title", "version"],
            Kind::License | Kind::Tag => &["name"],
            Kind::Server | Kind::ExternalDocs => &["url"],
            Kind::ServerVariable => &["default"],
            Kind::Operation => &["responses"],
            Kind::Parameter => &["name", "in"],
            Kind::RequestBody => &["content"],
            Kind::Response => &["description"],
            Kind::Discriminator => &["propertyName"],
            Kind::SecurityScheme => &["type"],
            _ => &[],
        }
    }

    /// The keywords, except extensions.
    pub(crate) fn keywords(self) -> &'static [(&'static str, Shape)] {
        match self {
            Kind::Root => &[
                ("openapi", Text),
                ("info", Object(Kind::Info)),
                ("servers", List(&Object(Kind::Server))),
                ("paths", Object(Kind::Paths)),
                ("components", Object(Kind::Components)),
                ("security", List(&Object(Kind::SecurityRequirement))),
                ("tags", List(&Object(Kind::Tag))),
                ("externalDocs", Object(Kind::ExternalDocs)),
            ],
            Kind::Info => &[
                ("title", Text),
                ("description", Text),
                ("termsOfService", Text),
                ("contact", Object(Kind::Contact)),
                ("license", Object(Kind::License)),
                ("version", Text),
            ],
            Kind::Contact => &[("name", Text), ("url", Text), ("email", Text)],
            Kind::License => &[("name", Text), ("url", Text)],
            Kind::Server => &[("url", Text), ("description", Text), ("variables", Map(&Object(Kind::ServerVariable)))],
            Kind::ServerVariable => &[("enum", List(&Text)), ("default", Text), ("description", Text)],
            Kind::ExternalDocs => &[("description", Text), ("url", Text)],
            Kind::Tag => &[("name", Text), ("description", Text), ("externalDocs", Object(Kind::ExternalDocs))],
            Kind::PathItem => &[
                ("summary", Text),
                ("description", Text),
                ("get", Object(Kind::Operation)),
                ("put", Object(Kind::Operation)),
                ("post", Object(Kind::Operation)),
                ("delete", Object(Kind::Operation)),
                ("options", Object(Kind::Operation)),
                ("head", Object(Kind::Operation)),
                ("patch", Object(Kind::Operation)),
                ("trace", Object(Kind::Operation)),
                ("servers", List(&Object(Kind::Server))),
                ("parameters", List(&Ref(Kind::Parameter))),
            ],
            Kind::Operation => &[
                ("tags", List(&Text)),
                ("summary", Text),
                ("description", Text),
                ("externalDocs", Object(Kind::ExternalDocs)),
                ("operationId", Text),
                ("parameters", List(&Ref(Kind::Parameter))),
                ("requestBody", Ref(Kind::RequestBody)),
                ("responses", Object(Kind::Responses)),
                ("callbacks", Map(&Ref(Kind::Callback))),
                ("deprecated", Flag),
                ("security", List(&Object(Kind::SecurityRequirement))),
                ("servers", List(&Object(Kind::Server))),
            ],
            Kind::Parameter => PARAMETER,
            Kind::Header => HEADER,
            Kind::RequestBody => {
                &[("description", Text), ("content", Map(&Object(Kind::MediaType))), ("required", Flag)]
            }
            Kind::MediaType => &[
                ("schema", Ref(Kind::Schema)),
                ("example", Any),
                ("examples", Map(&Ref(Kind::Example))),
                ("encoding", Map(&Object(Kind::Encoding))),
            ],
            Kind::Encoding => &[
                ("contentType", Text),
                ("headers", Map(&Ref(Kind::Header))),
                ("style", Text),
                ("explode", Flag),
                ("allowReserved", Flag),
            ],
            Kind::Response => &[
                ("description", Text),
                ("headers", Map(&Ref(Kind::Header))),
                ("content", Map(&Object(Kind::MediaType))),
                ("links", Map(&Ref(Kind::Link))),
            ],
            Kind::Example => &[("summary", Text), ("description", Text), ("value", Any), ("externalValue", Text)],
            Kind::Link => &[
                ("operationRef", Text),
                ("operationId", Text),
                ("parameters", Map(&Any)),
                ("requestBody", Any),
                ("description", Text),
                ("server", Object(Kind::Server)),
            ],
            Kind::Schema => SCHEMA,
            Kind::Discriminator => &[("propertyName", Text), ("mapping", Map(&Text))],
            Kind::Xml => {
                &[("name", Text), ("namespace", Text), ("prefix", Text), ("attribute", Flag), ("wrapped", Flag)]
            }
            Kind::SecurityScheme => &[
                ("type", Text),
                ("description", Text),
                ("name", Text),
                ("in", Text),
                ("scheme", Text),
                ("bearerFormat", Text),
                ("flows", Object(Kind::Flows)),
                ("openIdConnectUrl", Text),
            ],
            Kind::Flows => &[
                ("implicit", Object(Kind::Flow)),
                ("password", Object(Kind::Flow)),
                ("clientCredentials", Object(Kind::Flow)),
                ("authorizationCode", Object(Kind::Flow)),
            ],
            Kind::Flow => {
                &[("authorizationUrl", Text), ("tokenUrl", Text), ("refreshUrl", Text), ("scopes", Map(&Text))]
            }
            Kind::Components => &[
                ("schemas", Map(&Ref(Kind::Schema))),
                ("responses", Map(&Ref(Kind::Response))),
                ("parameters", Map(&Ref(Kind::Parameter))),
                ("examples", Map(&Ref(Kind::Example))),
                ("requestBodies", Map(&Ref(Kind::RequestBody))),
                ("headers", Map(&Ref(Kind::Header))),
                ("securitySchemes", Map(&Ref(Kind::SecurityScheme))),
                ("links", Map(&Ref(Kind::Link))),
                ("callbacks", Map(&Ref(Kind::Callback))),
            ],
            Kind::Paths | Kind::Callback | Kind::Responses | Kind::SecurityRequirement => &[],
        }
    }
}

const PARAMETER: &[(&str, Shape)] = &[
    ("name", Text),
    ("in", Text),
    ("description", Text),
    ("required", Flag),
    ("deprecated", Flag),
    ("allowEmptyValue", Flag),
    ("style", Text),
    ("explode", Flag),
    ("allowReserved", Flag),
    ("schema", Ref(Kind::Schema)),
    ("example", Any),
    ("examples", Map(&Ref(Kind::Example))),
    ("content", Map(&Object(Kind::MediaType))),
];

/// A parameter without its name and place.
const HEADER: &[(&str, Shape)] = PARAMETER.split_at(2).1;

const SCHEMA: &[(&str, Shape)] = &[
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
    ("allOf", List(&Ref(Kind::Schema))),
    ("oneOf", List(&Ref(Kind::Schema))),
    ("anyOf", List(&Ref(Kind::Schema))),
    ("not", Ref(Kind::Schema)),
    ("items", Ref(Kind::Schema)),
    ("properties", Map(&Ref(Kind::Schema))),
    ("additionalProperties", FlagOrSchema),
    ("description", Text),
    ("format", Text),
    ("default", Any),
    ("nullable", Flag),
    ("discriminator", Object(Kind::Discriminator)),
    ("readOnly", Flag),
    ("writeOnly", Flag),
    ("xml", Object(Kind::Xml)),
    ("externalDocs", Object(Kind::ExternalDocs)),
    ("example", Any),
    ("deprecated", Flag),
];

/// An object of the document, or a reference to one.
#[derive(Debug)]
pub(crate) struct Node<'a> {
    pub(crate) kind: Kind,
    pub(crate) is_reference: bool,
    /// The keyword that led here: `schemas`, `properties`, `items`, ….
    pub(crate) via: &'static str,
    pub(crate) at: Located<'a>,
}

/// A value that is not what stands behind its keyword.
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
    walk.visit(Object(Kind::Root), "", Located { pointer: String::new(), value: raw });
    (walk.nodes, walk.mismatches)
}

struct Walk<'a> {
    nodes: Vec<Node<'a>>,
    mismatches: Vec<Mismatch>,
}

impl<'a> Walk<'a> {
    fn visit(&mut self, shape: Shape, via: &'static str, at: Located<'a>) {
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
            (FlagOrSchema, Value::Object(_)) => self.visit(Ref(Kind::Schema), via, at),
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

    fn object(&mut self, kind: Kind, via: &'static str, at: Located<'a>) {
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

    fn mismatch(&mut self, shape: Shape, via: &'static str, at: &Located<'_>) {
        let expected = match shape {
            Any => "any value",
            Text => "a string",
            Flag => "true or false",
            Number => "a number",
            Count => "an integer from 0 on",
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
