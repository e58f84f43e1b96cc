//! The things of which a spec says something, and the respects in which it does.

use std::fmt;

use crate::names;

/// A thing in an interface. Names are those on the wire.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The interface itself.
    Interface,
    /// A security scheme.
    Scheme(String),
    /// What is sent the other way.
    Webhook {
        /// Its name in `x-webhooks`.
        name: String,
        /// Upper case: `POST`.
        method: String,
    },
    /// An operation, by its `operationId`.
    Operation(String),
    /// A parameter of an operation.
    Parameter {
        /// The operation.
        operation: String,
        /// `path`, `query` or `header`.
        location: &'static str,
        /// The parameter.
        name: String,
    },
    /// A part of the multipart body of an operation.
    Part {
        /// The operation.
        operation: String,
        /// The part.
        name: String,
    },
    /// A response of an operation.
    Response {
        /// The operation.
        operation: String,
        /// The status code, or `default`.
        status: String,
    },
    /// An error code that comes with a failure.
    ErrorCode {
        /// The operation.
        operation: String,
        /// The status code.
        status: String,
        /// The code.
        code: i64,
    },
    /// A header of the responses of an operation.
    Header {
        /// The operation.
        operation: String,
        /// The header.
        name: String,
    },
    /// A named schema.
    Type(String),
    /// A property of a named schema.
    Property {
        /// The schema.
        ty: String,
        /// The property.
        name: String,
    },
    /// A value of an enum.
    Value {
        /// The enum.
        ty: String,
        /// The value.
        value: String,
    },
    /// One of the schemas of a choice.
    Alternative {
        /// The choice.
        ty: String,
        /// The schema.
        name: String,
    },
}

impl Subject {
    /// What it is a part of; none of an interface.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        Some(match self {
            Self::Interface => return None,
            Self::Scheme(_) | Self::Webhook { .. } | Self::Operation(_) | Self::Type(_) => Self::Interface,
            Self::Parameter { operation, .. }
            | Self::Part { operation, .. }
            | Self::Response { operation, .. }
            | Self::Header { operation, .. } => Self::Operation(operation.clone()),
            Self::ErrorCode { operation, status, .. } => {
                Self::Response { operation: operation.clone(), status: status.clone() }
            }
            Self::Property { ty, .. } | Self::Value { ty, .. } | Self::Alternative { ty, .. } => Self::Type(ty.clone()),
        })
    }

    /// Its own name: that of a property, without the schema.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Interface => String::new(),
            Self::Scheme(name) | Self::Operation(name) | Self::Type(name) => name.clone(),
            Self::Webhook { name, .. }
            | Self::Parameter { name, .. }
            | Self::Part { name, .. }
            | Self::Header { name, .. }
            | Self::Property { name, .. }
            | Self::Alternative { name, .. }
            | Self::Value { value: name, .. }
            | Self::Response { status: name, .. } => name.clone(),
            Self::ErrorCode { code, .. } => code.to_string(),
        }
    }
}

impl Subject {
    /// The name that the generated Rust calls it by, where its own name decides that.
    #[must_use]
    pub fn rust_name(&self) -> Option<String> {
        match self {
            Self::Operation(id) => Some(names::value_name(id)),
            Self::Type(name) | Self::Alternative { name, .. } => Some(names::type_name(name)),
            Self::Parameter { name, .. } | Self::Part { name, .. } => Some(names::parameter_name(name)),
            Self::Property { name, .. } => Some(names::value_name(name)),
            Self::Value { value, .. } => Some(names::variant_name(value)),
            _ => None,
        }
    }

    /// The names under which sources speak of it: on the wire, and in the generated Rust.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let name = self.name();
        let rust = match self {
            Self::Interface | Self::Scheme(_) | Self::Webhook { .. } | Self::Header { .. } | Self::ErrorCode { .. } => {
                Vec::new()
            }
            Self::Operation(id) => {
                let ty = names::type_name(id);
                vec![names::value_name(id), names::const_name(id), format!("{ty}Error"), ty]
            }
            Self::Parameter { name, .. } | Self::Part { name, .. } => vec![names::parameter_name(name)],
            Self::Response { status, .. } => {
                vec![status.parse().map_or_else(|_| "Refused".to_owned(), names::status_name)]
            }
            Self::Type(name) | Self::Alternative { name, .. } => {
                let ty = names::type_name(name);
                vec![format!("{ty}Builder"), ty]
            }
            Self::Property { name, .. } => {
                let field = names::value_name(name);
                vec![names::setter_name(&field).to_owned(), field]
            }
            Self::Value { value, .. } => vec![names::variant_name(value)],
        };
        // A number, or `default`, stands everywhere.
        let is_of_its_own = !matches!(self, Self::Response { .. } | Self::ErrorCode { .. });
        let mut names = rust;
        names.extend(is_of_its_own.then_some(name));
        names.retain(|name| !name.is_empty());
        names.sort();
        names.dedup();
        names
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Interface => f.write_str("the interface"),
            Self::Scheme(name) => write!(f, "security scheme `{name}`"),
            Self::Webhook { name, method } => write!(f, "webhook `{name}` ({method})"),
            Self::Operation(id) => write!(f, "`{id}`"),
            Self::Parameter { operation, location, name } => {
                write!(f, "{location} parameter `{name}` of `{operation}`")
            }
            Self::Part { operation, name } => write!(f, "part `{name}` of `{operation}`"),
            Self::Response { operation, status } => write!(f, "response {status} of `{operation}`"),
            Self::ErrorCode { operation, status, code } => {
                write!(f, "error code {code} in response {status} of `{operation}`")
            }
            Self::Header { operation, name } => write!(f, "response header `{name}` of `{operation}`"),
            Self::Type(name) => write!(f, "schema `{name}`"),
            Self::Property { ty, name } => write!(f, "`{name}` of `{ty}`"),
            Self::Value { ty, value } => write!(f, "value `{value}` of `{ty}`"),
            Self::Alternative { ty, name } => write!(f, "alternative `{name}` of `{ty}`"),
        }
    }
}

/// A respect in which something can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aspect {
    /// That it is there; the first fact of each thing.
    Exists,
    /// `info.version`.
    Version,
    /// The addresses in the spec.
    Servers,
    /// Any text for people.
    Description,
    /// The header in which a credential is sent, and the word before it.
    Credential,
    /// Method and path.
    Route,
    /// The security scheme of an operation.
    Security,
    /// Whether an operation may be sent twice.
    Idempotent,
    /// Whether it is deprecated.
    Deprecated,
    /// The body of a request or of a response.
    Body,
    /// What a successful call gives.
    Result,
    /// How a failure under a success status is told, and where the result stands.
    Envelope,
    /// The property of a failure that holds the error code.
    CodeProperty,
    /// The property of a failure with the message for people.
    MessageProperty,
    /// What a parameter or a property is.
    Type,
    /// Whether it has to be there.
    Required,
    /// Whether it is there in every success.
    Always,
    /// Whether it may be null.
    Nullable,
    /// What the server takes when it is left out.
    Default,
    /// Whether it must not appear in logs.
    Secret,
    /// The format of a string that its type doesn't tell, such as `uuid`.
    Format,
    /// Whether it is only read or only written.
    Access,
    /// Whether its type in Rust has another name, since a schema has its.
    GaveWay,
    /// The schemas that it holds and that hold it, other than in a list or a map, where it holds itself.
    Cycle,
    /// The responses that may have a header.
    Statuses,
    /// What a string stands for, by an extension.
    ReadAs,
    /// Whether only failures have it.
    OfFailures,
    /// Whether clients fill it in.
    FilledIn,
    /// Whether a number may come as a string.
    NumericString,
    /// The least number.
    AtLeast,
    /// The greatest number.
    AtMost,
    /// The number that it has to exceed.
    MoreThan,
    /// The number that it has to stay below.
    LessThan,
    /// The least number of characters.
    MinLength,
    /// The greatest number of characters.
    MaxLength,
    /// A regular expression.
    Pattern,
    /// The media types of a part.
    MediaTypes,
    /// What a schema is.
    Kind,
    /// Whether a schema occurs in requests.
    Sent,
    /// Whether a schema occurs in responses.
    Received,
    /// Whether an object or a map needs an entry.
    NotEmpty,
    /// Whether other values than those of an enum may come.
    Open,
    /// Whether spaces around a value mean nothing.
    Trimmed,
    /// The name of an error code; the status that goes with a value of an enum.
    Meaning,
}

impl Aspect {
    /// As messages say it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Exists => "exists",
            Self::Version => "version",
            Self::Servers => "servers",
            Self::Description => "description",
            Self::Credential => "credential",
            Self::Route => "method and path",
            Self::Security => "security",
            Self::Idempotent => "idempotent",
            Self::Deprecated => "deprecated",
            Self::Body => "body",
            Self::Result => "result",
            Self::Envelope => "envelope",
            Self::CodeProperty => "property with the error code",
            Self::MessageProperty => "property with the message",
            Self::Type => "type",
            Self::Required => "required",
            Self::Always => "there in every success",
            Self::Nullable => "nullable",
            Self::Default => "default",
            Self::Secret => "secret",
            Self::Format => "format",
            Self::Access => "access",
            Self::GaveWay => "another name",
            Self::Cycle => "cycle",
            Self::Statuses => "responses",
            Self::ReadAs => "read as",
            Self::OfFailures => "only in failures",
            Self::FilledIn => "filled in",
            Self::NumericString => "may be a numeric string",
            Self::AtLeast => "minimum",
            Self::AtMost => "maximum",
            Self::MoreThan => "exclusive minimum",
            Self::LessThan => "exclusive maximum",
            Self::MinLength => "minimum length",
            Self::MaxLength => "maximum length",
            Self::Pattern => "pattern",
            Self::MediaTypes => "media types",
            Self::Kind => "kind",
            Self::Sent => "sent",
            Self::Received => "received",
            Self::NotEmpty => "at least one entry",
            Self::Open => "open",
            Self::Trimmed => "trimmed",
            Self::Meaning => "meaning",
        }
    }

    /// Whether no signature of the client in Rust tells it.
    pub(super) fn is_hidden(self) -> bool {
        matches!(
            self,
            Self::Required
                | Self::Deprecated
                | Self::AtLeast
                | Self::AtMost
                | Self::MoreThan
                | Self::LessThan
                | Self::MinLength
                | Self::MaxLength
                | Self::Pattern
        )
    }
}
