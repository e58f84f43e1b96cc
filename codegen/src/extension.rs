//! The extensions of OpenAPI that the specs use. A row says where one stands, what its value is and what it means: the rules
//! in [`check`](crate::check) and the table in `specs/README.md` come from here. [`read`](crate::read) gives them their
//! effect.

use serde_json::Value;

use crate::document::{Document, JSON, Node, OCTETS, ObjectKind, is_token};

/// An extension.
#[derive(Debug)]
pub(crate) struct Extension {
    pub(crate) name: &'static str,
    pub(crate) on: On,
    pub(crate) value: ExtensionValue,
    /// What it says to someone who reads a spec.
    pub(crate) says: &'static str,
}

/// Where an extension has a meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum On {
    Anything,
    Root,
    Operation,
    SecurityScheme,
    OperationOrSchema,
    OperationOrResponse,
    /// A response with a JSON body; that it is a failure is a rule of its own.
    JsonResponse,
    /// An integer query parameter.
    IntegerQuery,
    /// A string, or a parameter that is one.
    Secret,
    Property,
    IntegerProperty,
    /// A string property without a format.
    StringProperty,
    String,
    /// A string without an enum or a format.
    PlainString,
    /// An integer or a number in a named schema.
    Number,
    Enum,
    Untyped,
    NamedObject,
    /// A named object, or a response that is a file.
    Envelope,
}

/// What the value of an extension is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExtensionValue {
    Any,
    Flag,
    /// Only `true` says something.
    True,
    Sentence,
    Name,
    Word,
    Names,
    /// Keys with a name each.
    NamedKeys,
    OneOf(&'static [&'static str]),
    /// `{document: …, heading: …}`.
    Source,
    /// `{when: …}`.
    When,
}

const fn row(name: &'static str, on: On, value: ExtensionValue, says: &'static str) -> Extension {
    Extension { name, on, value, says }
}

/// All of them, by name.
pub(crate) const EXTENSIONS: &[Extension] = &[
    row("x-any", On::Untyped, ExtensionValue::True, "Any JSON value."),
    row(
        "x-auth-scheme-word",
        On::SecurityScheme,
        ExtensionValue::Word,
        "The word before the credential in the header, as in `Authorization: x-user <token>`.",
    ),
    row(
        "x-closed",
        On::Enum,
        ExtensionValue::Flag,
        "Only requests use this enum: no other value may be sent. To all other enums, a server may add values.",
    ),
    row(
        "x-content-length",
        On::IntegerQuery,
        ExtensionValue::Flag,
        "The length of the body in bytes. Clients fill it in.",
    ),
    row(
        "x-error-code",
        On::IntegerProperty,
        ExtensionValue::Flag,
        "The property of a failure that holds the error code.",
    ),
    row(
        "x-error-codes",
        On::JsonResponse,
        ExtensionValue::NamedKeys,
        "The error codes of this response: number to name. The same number may mean something else in another response.",
    ),
    row(
        "x-error-message",
        On::StringProperty,
        ExtensionValue::Flag,
        "The property of a failure, or of an object in it, that tells people what went wrong.",
    ),
    row(
        "x-failure",
        On::Envelope,
        ExtensionValue::When,
        "A body under a success status is a failure `when` a property of its top level is there and neither null nor empty \
         (`present: true`), or another one, `orFalse`, is false; or when its value is none of those listed (`not: […]`). The \
         body is then that of the response `default`; without one, this schema.",
    ),
    row(
        "x-idempotent",
        On::Operation,
        ExtensionValue::Flag,
        "Whether sending the request twice does what sending it once does, where the method says otherwise.",
    ),
    row(
        "x-incomplete",
        On::Operation,
        ExtensionValue::True,
        "The source describes the operation only in part; `x-reconstructed` says what is missing.",
    ),
    row("x-integer-string", On::String, ExtensionValue::Flag, "Decimal digits that stand for an integer."),
    row(
        "x-known-values",
        On::PlainString,
        ExtensionValue::Names,
        "Values that the source mentions. There may be others, so it is not an `enum`.",
    ),
    row(
        "x-local-date-time",
        On::String,
        ExtensionValue::OneOf(&["dd.MM.yyyy HH:mm:ss"]),
        "A date and a time in this format, without a time zone.",
    ),
    row("x-numeric-string", On::Number, ExtensionValue::Flag, "The number may come as a string."),
    row(
        "x-reconstructed",
        On::Anything,
        ExtensionValue::Sentence,
        "Why this place says more than the source, or something else.",
    ),
    row("x-secret", On::Secret, ExtensionValue::Flag, "Must not appear in logs, errors or debug output."),
    row(
        "x-source",
        On::OperationOrSchema,
        ExtensionValue::Source,
        "Where the operation or schema comes from: the document, and the heading in it.",
    ),
    row(
        "x-source-media-types",
        On::Root,
        ExtensionValue::Names,
        "Media types that the source lists and the spec leaves out.",
    ),
    row(
        "x-source-path",
        On::Operation,
        ExtensionValue::Name,
        "The path as the source prints it, where it has lost a part of it.",
    ),
    row(
        "x-source-schema",
        On::OperationOrResponse,
        ExtensionValue::Name,
        "The schema that the source names, where it looks like a mistake but is kept.",
    ),
    row(
        "x-source-spelling",
        On::Anything,
        ExtensionValue::Name,
        "How the source spells this name, where it is spelled otherwise here.",
    ),
    row(
        "x-status-map",
        On::Enum,
        ExtensionValue::NamedKeys,
        "Value to the status that goes with it. A value that isn't listed goes with none.",
    ),
    row(
        "x-success",
        On::Property,
        ExtensionValue::OneOf(&["always", "never"]),
        "Of a property in an envelope: whether it is there in a success.",
    ),
    row(
        "x-trim",
        On::String,
        ExtensionValue::Flag,
        "Spaces around the value mean nothing. Remove them before comparing.",
    ),
    row(
        "x-undeclared-in-source",
        On::SecurityScheme,
        ExtensionValue::True,
        "The source uses this security scheme without declaring it.",
    ),
    row("x-unwrap", On::NamedObject, ExtensionValue::Name, "The property of the envelope that is the result."),
    row(
        "x-webhooks",
        On::Root,
        ExtensionValue::Any,
        "What is sent the other way, each in the form of a path item. OpenAPI 3.0 has no place for it.",
    ),
];

/// The extension of a name.
pub(crate) fn extension(name: &str) -> Option<&'static Extension> {
    EXTENSIONS.iter().find(|extension| extension.name == name)
}

impl On {
    pub(crate) fn holds(self, document: &Document<'_>, node: &Node<'_>) -> bool {
        let at = &node.at;
        let is_schema = node.kind == ObjectKind::Schema;
        let is_property = is_schema && node.via == "properties";
        let has_type = |name: &str| is_schema && at.text("type") == Some(name);
        let has_content = |media_type: &str| at.entries_of("content").iter().any(|(name, _)| *name == media_type);
        let is_named_object = node.via == "schemas" && at.has("properties");
        match self {
            Self::Anything => true,
            Self::Root => node.kind == ObjectKind::Root,
            Self::Operation => node.kind == ObjectKind::Operation,
            Self::SecurityScheme => node.kind == ObjectKind::SecurityScheme,
            Self::OperationOrSchema => node.kind == ObjectKind::Operation || node.via == "schemas",
            Self::OperationOrResponse => matches!(node.kind, ObjectKind::Operation | ObjectKind::Response),
            Self::JsonResponse => node.kind == ObjectKind::Response && has_content(JSON),
            Self::IntegerQuery => {
                let is_integer = at.get("schema").and_then(|schema| schema.text("type")) == Some("integer");
                node.kind == ObjectKind::Parameter && is_integer && at.text("in") == Some("query")
            }
            Self::Secret => {
                let schema = match node.kind {
                    ObjectKind::Parameter => at.get("schema").and_then(|schema| document.resolve(&schema)),
                    ObjectKind::Schema => Some(at.clone()),
                    _ => None,
                };
                schema.is_some_and(|at| at.text("type") == Some("string") && document.is_scalar(&at))
            }
            Self::Property => is_property,
            Self::IntegerProperty => is_property && has_type("integer"),
            Self::StringProperty => is_property && has_type("string") && !at.has("format") && !at.flag("x-secret"),
            Self::String => has_type("string"),
            Self::PlainString => has_type("string") && !at.has("enum") && !at.has("format"),
            Self::Number => {
                // What isn't in a named schema is read as it stands.
                let is_in_named = at.pointer.starts_with("/components/schemas/");
                is_in_named && (has_type("integer") || has_type("number"))
            }
            Self::Enum => is_schema && at.has("enum"),
            Self::Untyped => is_schema && at.text("type").is_none(),
            Self::NamedObject => is_named_object,
            Self::Envelope => is_named_object || (node.kind == ObjectKind::Response && has_content(OCTETS)),
        }
    }

    /// With its article.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Anything => "any object",
            Self::Root => "the root",
            Self::Operation => "an operation",
            Self::SecurityScheme => "a security scheme",
            Self::OperationOrSchema => "an operation or a named schema",
            Self::OperationOrResponse => "an operation or a response",
            Self::JsonResponse => "a failure response with a JSON body",
            Self::IntegerQuery => "an integer query parameter",
            Self::Secret => "a string schema or a parameter that has one",
            Self::Property => "a property",
            Self::IntegerProperty => "an integer property",
            Self::StringProperty => "a string property that has no format and is not secret",
            Self::String => "a string",
            Self::PlainString => "a string without an enum or a format",
            Self::Number => "an integer or a number in a named schema",
            Self::Enum => "a named enum",
            Self::Untyped => "a schema without a type",
            Self::NamedObject => "a named object",
            Self::Envelope => "a named object, or a response that is a file",
        }
    }
}

impl ExtensionValue {
    pub(crate) fn fits(self, value: &Value) -> bool {
        match self {
            Self::Any => true,
            Self::Flag => value.is_boolean(),
            Self::True => value == &Value::Bool(true),
            Self::Sentence | Self::Name => is_filled(value),
            Self::Word => value.as_str().is_some_and(is_token),
            Self::Names => value.as_array().is_some_and(|values| !values.is_empty() && values.iter().all(is_filled)),
            Self::NamedKeys => value.as_object().is_some_and(|map| !map.is_empty() && map.values().all(is_filled)),
            Self::OneOf(values) => values.iter().any(|known| value == known),
            Self::Source => ["document", "heading"].iter().all(|key| value.get(key).is_some_and(is_filled)),
            Self::When => is_when(value),
        }
    }

    /// What to write in place of a value that doesn't fit.
    pub(crate) fn instead(self) -> String {
        let or_nothing = if self == Self::True { ", or leave it out" } else { "" };
        self.description() + or_nothing
    }

    /// What fits.
    pub(crate) fn description(self) -> String {
        match self {
            Self::Any => "anything",
            Self::Flag => "true or false",
            Self::True => "`true`",
            Self::Sentence => "a sentence that says why",
            Self::Name => "a name",
            Self::Word => "one word",
            Self::Names => "a list of strings",
            Self::NamedKeys => "`{key: name, …}`",
            Self::OneOf([only]) => return format!("`{only}`"),
            Self::OneOf(values) => {
                return values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(" or ");
            }
            Self::Source => "`{document: …, heading: …}`",
            Self::When => "`{when: {property: …, present: true}}`, or `not: [0]` for `present: true`",
        }
        .to_owned()
    }
}

fn is_filled(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.trim().is_empty())
}

fn is_when(value: &Value) -> bool {
    let has_only = |value: &Value, known: &[&str]| {
        value.as_object().is_some_and(|entries| entries.keys().all(|key| known.contains(&key.as_str())))
    };
    let Some(when) = value.get("when") else { return false };
    let is_present = when.get("present") == Some(&Value::Bool(true));
    let not = when.get("not").and_then(Value::as_array);
    let is_not = not.is_some_and(|not| !not.is_empty() && not.iter().all(Value::is_i64));
    has_only(value, &["when"])
        && has_only(when, &["property", "present", "orFalse", "not"])
        && when.get("property").is_some_and(is_filled)
        && is_present != is_not
        && when.get("orFalse").is_none_or(|or_false| is_present && is_filled(or_false))
}

#[cfg(test)]
mod tests {
    use super::EXTENSIONS;

    #[test]
    fn rows_are_in_order() {
        assert!(EXTENSIONS.is_sorted_by(|a, b| a.name < b.name));
    }
}
