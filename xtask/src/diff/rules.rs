//! The rules: what kinds of change there are, and what each means to whom.

use std::fmt;

/// How much a change asks of those whom it concerns, in the terms of Semantic Versioning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Impact {
    /// Nothing that worked works otherwise.
    Patch,
    /// Something new, or another behaviour in a case that was open.
    Minor,
    /// Something that worked doesn't any more.
    Major,
}

impl Impact {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

impl fmt::Display for Impact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What a change means to each audience.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// For a client in any language that was made from the old spec and meets a server that follows the new one, and for
    /// whoever regenerates it.
    pub wire: Impact,
    /// For a program that compiled with the old crate and is compiled with the new one.
    pub source: Impact,
    /// For the same program, if it compiles: what its calls do.
    pub run_time: Impact,
}

impl Verdict {
    pub(crate) const NONE: Self = Self { wire: Impact::Patch, source: Impact::Patch, run_time: Impact::Patch };

    pub(crate) const WORST: Self = Self { wire: Impact::Major, source: Impact::Major, run_time: Impact::Major };

    /// The graver of both, for each audience.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            wire: self.wire.max(other.wire),
            source: self.source.max(other.source),
            run_time: self.run_time.max(other.run_time),
        }
    }

    /// For a program in Rust.
    pub(crate) fn rust(self) -> Impact {
        self.source.max(self.run_time)
    }

    pub(crate) fn worst(self) -> Impact {
        self.wire.max(self.rust())
    }
}

/// A kind of change.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    pub id: &'static str,
    pub verdict: Verdict,
    /// Why the verdict is what it is.
    pub why: &'static str,
}

macro_rules! rules {
    ($($name:ident $id:literal $wire:ident $source:ident $run_time:ident $why:literal)*) => {
        $(pub(crate) const $name: &Rule = &Rule {
            id: $id,
            verdict: Verdict { wire: Impact::$wire, source: Impact::$source, run_time: Impact::$run_time },
            why: $why,
        };)*

        /// All rules, in the order of the table in the documentation.
        pub(crate) const RULES: &[&Rule] = &[$($name),*];
    };
}

rules! {
    INTERFACE_ADDED "interface-added" Minor Minor Patch
        "A new spec, module and feature."
    INTERFACE_REMOVED "interface-removed" Major Major Patch
        "Its module is gone."
    DESCRIPTION_CHANGED "description-changed" Patch Patch Patch
        "Text for people."
    SERVERS_CHANGED "servers-changed" Major Patch Patch
        "Other generators build the address in. In Rust it is given to `Config`."
    SCHEME_ADDED "security-scheme-added" Minor Minor Patch
        "Matters once an operation uses it; a new constant."
    SCHEME_REMOVED "security-scheme-removed" Major Major Patch
        "Its constant is gone; other generators name parameters or classes after it."
    SCHEME_RENAMED "security-scheme-renamed" Major Major Patch
        "Its constant is named after it; other generators name parameters or classes. What is sent is the same."
    WEBHOOK_ADDED "webhook-added" Minor Patch Patch
        "Something new is sent the other way. Nothing is generated for it in Rust but the schema."
    WEBHOOK_REMOVED "webhook-removed" Major Patch Patch
        "It is no longer sent."
    WEBHOOK_CHANGED "webhook-changed" Major Patch Patch
        "Something else is sent the other way."
    CREDENTIAL_CHANGED "credential-changed" Major Patch Patch
        "Clients send the credential elsewhere, or with another word before it. In Rust the new one is sent."

    OPERATION_ADDED "operation-added" Minor Minor Patch
        "A new method."
    OPERATION_REMOVED "operation-removed" Major Major Patch
        "The method is gone."
    OPERATION_RENAMED "operation-renamed" Major Major Patch
        "Methods are named after `operationId`, in every language. The requests are the same."
    ROUTE_CHANGED "route-changed" Major Patch Patch
        "Old clients send it elsewhere. In Rust the method sends the new request."
    SECURITY_CHANGED "security-changed" Major Patch Major
        "A program without the other credential fails before anything is sent."
    SECURITY_REMOVED "security-removed" Minor Patch Patch
        "A credential is no longer needed, and in Rust no longer sent."
    BECAME_IDEMPOTENT "operation-became-idempotent" Patch Patch Minor
        "A call that failed is retried now."
    NO_LONGER_IDEMPOTENT "operation-no-longer-idempotent" Patch Patch Minor
        "A call that failed is no longer retried unless it can't have been executed."
    DEPRECATED "deprecated" Minor Minor Patch
        "Compilers warn."
    NO_LONGER_DEPRECATED "no-longer-deprecated" Patch Patch Patch
        "Compilers no longer warn."

    OPTIONAL_INPUT_ADDED "optional-input-added" Minor Minor Patch
        "A parameter or a part that may be left out: a new setter."
    REQUIRED_INPUT_ADDED "required-input-added" Major Minor Major
        "Every existing call lacks it. In Rust it compiles, and fails before anything is sent."
    INPUT_REMOVED "input-removed" Major Major Patch
        "The setter is gone."
    INPUT_RENAMED "input-renamed" Major Major Patch
        "Setters are named after parameters and parts."
    INPUT_MOVED "input-moved" Major Patch Patch
        "From the query to a header, for example. The setter stays, and sends it where it belongs."
    INPUT_BECAME_REQUIRED "input-became-required" Major Major Major
        "Calls without it fail, in Rust before anything is sent; its setter no longer takes an `Option`."
    PART_BECAME_REQUIRED "part-became-required" Major Patch Major
        "Calls without it fail, in Rust before anything is sent."
    PART_BECAME_OPTIONAL "part-became-optional" Minor Patch Minor
        "Calls without it no longer fail."
    INPUT_BECAME_OPTIONAL "input-became-optional" Minor Minor Patch
        "Its setter takes an `Option`, too."
    INPUT_TYPE_CHANGED "input-type-changed" Major Major Patch
        "The setter takes another type."
    INPUT_FILLED_IN "input-filled-in" Patch Minor Minor
        "The client fills a parameter in; what is set by hand is still sent."
    INPUT_NO_LONGER_FILLED_IN "input-no-longer-filled-in" Patch Major Major
        "Calls that don't set it fail before anything is sent; its setter no longer takes an `Option`."
    PART_CHANGED "part-changed" Major Patch Patch
        "A part holds something else. In Rust it is bytes with a media type."
    MEDIA_TYPES_ADDED "media-types-added" Minor Patch Patch
        "A part may have other media types, too."
    MEDIA_TYPES_CHANGED "media-types-changed" Major Patch Patch
        "A part has to have another media type. In Rust the caller says which it has."
    BODY_ADDED "request-body-added" Major Minor Major
        "Every existing call lacks it. In Rust it compiles, and fails before anything is sent."
    UPLOAD_ADDED "upload-added" Major Major Major
        "As `request-body-added`; and since a stream can't be cloned, neither can the request builder any more."
    BODY_REMOVED "request-body-removed" Major Major Patch
        "There is nothing to send; the setters are gone."
    BODY_CHANGED "request-body-changed" Major Major Patch
        "Another type is sent."

    SUCCESS_STATUS_ADDED "success-status-added" Minor Patch Minor
        "Another status code says success. In Rust it was unexpected until now, unless it is one of those that are read alike."
    SUCCESS_STATUS_REMOVED "success-status-removed" Major Patch Minor
        "A status code no longer says success. In Rust it is unexpected now, unless it is one of those that are read alike."
    SUCCESS_BODY_CHANGED "success-body-changed" Major Patch Minor
        "Whether a success status comes with the result."
    RESULT_CHANGED "result-changed" Major Major Patch
        "A successful call gives another type, or may give nothing."
    ENVELOPE_ADDED "envelope-added" Major Minor Major
        "A body under a success status may be a failure, or has the result in it: a new variant, another reading."
    ENVELOPE_REMOVED "envelope-removed" Major Major Major
        "A body under a success status is the result, whatever is in it."
    ENVELOPE_CHANGED "envelope-changed" Major Patch Major
        "Other bodies under a success status are failures, or the result stands elsewhere."
    FAILURE_ADDED "failure-added" Minor Minor Minor
        "A call that ended in `UnexpectedStatus` ends in the new variant."
    FAILURE_REMOVED "failure-removed" Patch Major Patch
        "A status that no longer comes. The variant is gone, as is what matches it."
    FAILURE_BODY_ADDED "failure-body-added" Minor Major Patch
        "The variant holds the body now, and is matched otherwise."
    FAILURE_BODY_CHANGED "failure-body-changed" Major Major Patch
        "The body is another one, or gone."
    FAILURE_READING_CHANGED "failure-reading-changed" Patch Patch Minor
        "`code()` or `message()` of an error comes from another property."
    FIRST_ERROR_CODE_ADDED "first-error-code-added" Minor Major Minor
        "The variant gets a field `code` next to its body, and is matched otherwise."
    ERROR_CODE_ADDED "error-code-added" Minor Minor Minor
        "A code that was `Unknown` has a name."
    ERROR_CODE_REMOVED "error-code-removed" Patch Major Patch
        "A code that no longer comes. Its name is gone, as is what matches it."
    ERROR_CODE_RENAMED "error-code-renamed" Major Major Major
        "The same number means something else. Where the old name stands for another number now, it compiles."
    HEADER_ADDED "response-header-added" Minor Patch Patch
        "A header can be counted on. In Rust, headers are read by name."
    HEADER_REMOVED "response-header-removed" Major Patch Patch
        "A header can no longer be counted on."
    HEADER_CASE_CHANGED "header-case-changed" Patch Patch Patch
        "Names of headers mean the same in any case."

    TYPE_ADDED "schema-added" Minor Minor Patch
        "A new type."
    TYPE_REMOVED "schema-removed" Major Major Patch
        "Its type is gone."
    TYPE_RENAMED "schema-renamed" Major Major Patch
        "Types are named after schemas, in every language. What is sent is the same."
    KIND_CHANGED "schema-kind-changed" Major Major Patch
        "An object became an enum, for example."
    REQUEST_ENUM_LIMITED "request-string-became-enum" Major Patch Patch
        "Of a string with known values, only these may be sent. In Rust, both are enums."
    RESPONSE_ENUM_LIMITED "response-string-became-enum" Minor Patch Patch
        "Of a string with known values, only these come. In Rust, both are enums."
    REQUEST_ENUM_FREED "request-enum-became-string" Minor Patch Patch
        "Other values may be sent, too. In Rust, both are enums."
    RESPONSE_ENUM_FREED "response-enum-became-string" Major Patch Patch
        "Other values may come, too. In Rust, both are enums."
    KNOWN_VALUES_CHANGED "known-values-added-or-removed" Patch Major Patch
        "Whether the values of a string are known: an enum in Rust, a string to all who ignore extensions."
    KNOWN_VALUE_ADDED "known-value-added" Patch Minor Minor
        "A string is a string, and this value was `Unknown`."
    KNOWN_VALUE_REMOVED "known-value-removed" Patch Major Patch
        "A string is a string; the name in Rust is gone."
    TYPE_BECAME_SENT "schema-became-sent" Patch Minor Minor
        "The type of an object gets a builder; `null` in a list of it is no longer passed over."
    CONSTRUCTOR_LOST "schema-with-required-properties-became-sent" Patch Major Minor
        "The type of an object gets a builder in place of its constructor."
    TYPE_NO_LONGER_SENT "schema-no-longer-sent" Patch Major Minor
        "The type of an object loses its builder; `null` in a list of it is passed over."
    RESPONSE_TYPE_BECAME_NULLABLE "response-schema-became-nullable" Major Patch Patch
        "Null may come where it stands. In Rust, null is absence; where it is required, the property says so itself."
    REQUEST_TYPE_BECAME_NULLABLE "request-schema-became-nullable" Minor Patch Patch
        "Null may be sent where it stands. In Rust it is left out."
    RESPONSE_TYPE_NO_LONGER_NULLABLE "response-schema-no-longer-nullable" Patch Patch Patch
        "Null doesn't come any more."
    REQUEST_TYPE_NO_LONGER_NULLABLE "request-schema-no-longer-nullable" Major Patch Patch
        "Null may no longer be sent where it stands."
    ENUM_OPENNESS_CHANGED "enum-openness-changed" Patch Major Patch
        "The type has or loses `Unknown`, and is `Copy` or not."
    TRIM_CHANGED "trim-changed" Patch Patch Minor
        "Whether spaces around a value are ignored."
    SENT_VALUE_ADDED "request-enum-value-added" Minor Minor Patch
        "One more value may be sent."
    RECEIVED_VALUE_ADDED "response-enum-value-added" Major Minor Minor
        "A reader with a closed enum fails. In Rust it was `Unknown` until now."
    SENT_VALUE_REMOVED "request-enum-value-removed" Major Major Patch
        "A value may no longer be sent."
    RECEIVED_VALUE_REMOVED "response-enum-value-removed" Patch Major Patch
        "A value no longer comes. Its name is gone, as is what matches it."
    FIRST_VALUE_STATUS_ADDED "first-enum-value-status-added" Patch Minor Patch
        "The enum gets a method `status()`."
    LAST_VALUE_STATUS_REMOVED "last-enum-value-status-removed" Patch Major Patch
        "The enum loses its method `status()`."
    VALUE_STATUS_CHANGED "enum-value-status-changed" Patch Patch Major
        "`status()` of the value gives another one."
    ALTERNATIVE_ADDED "alternative-added" Minor Minor Patch
        "A choice, which only requests have, has one more alternative. Its type has `#[non_exhaustive]`."
    ALTERNATIVE_REMOVED "alternative-removed" Major Major Patch
        "A choice has one alternative less."

    RESPONSE_PROPERTY_ADDED "optional-response-property-added" Minor Minor Patch
        "A new field. Types have `#[non_exhaustive]`."
    REQUIRED_RESPONSE_PROPERTY_ADDED "required-response-property-added" Minor Major Patch
        "A new field, and one more argument of the type's constructor."
    REQUEST_PROPERTY_ADDED "optional-request-property-added" Minor Minor Patch
        "A new field and a new setter. Types have `#[non_exhaustive]`."
    REQUIRED_REQUEST_PROPERTY_ADDED "required-request-property-added" Major Minor Major
        "Every existing request lacks it. In Rust it compiles, and `build()` fails."
    FIRST_REQUIRED_REQUEST_PROPERTY_ADDED "first-required-request-property-added" Major Major Major
        "As `required-request-property-added`; and the type, which needed no value so far, loses `Default`."
    FAILURE_PROPERTY_ADDED "failure-property-added" Minor Patch Patch
        "A property that only failures have: Rust has no field for it."
    FAILURE_PROPERTY_REMOVED "failure-property-removed" Major Patch Patch
        "A property that only failures had: Rust had no field for it."
    FAILURE_MARK_ADDED "failure-mark-added" Patch Major Patch
        "Only failures have a property, so that Rust has no field for it any more."
    FAILURE_MARK_REMOVED "failure-mark-removed" Patch Minor Patch
        "Successes have a property, too: Rust gets a field for it."
    PROPERTY_REMOVED "property-removed" Major Major Patch
        "The field is gone."
    PROPERTY_RENAMED "property-renamed" Major Major Patch
        "Fields and setters are named after properties."
    RENAMED_ALIKE "renamed-alike" Major Patch Patch
        "It has another name on the wire or in other languages, and the same in Rust: `dueDate` and `due_date`, for example."
    RESPONSE_PROPERTY_BECAME_REQUIRED "response-property-became-required" Patch Major Patch
        "Nobody has to expect its absence any more: the field is no longer an `Option`, and one more argument of the constructor."
    RESPONSE_PROPERTY_BECAME_OPTIONAL "response-property-became-optional" Major Major Patch
        "It may be missing: the field is an `Option`."
    REQUEST_PROPERTY_BECAME_REQUIRED "request-property-became-required" Major Major Major
        "Requests without it fail, in Rust in `build()`; the field is no longer an `Option`."
    OPTIONAL_ALIKE "request-property-became-optional-alike" Minor Minor Patch
        "It may be left out; the field is a list, a map or an `Option` before and after."
    ALWAYS_ADDED "always-added" Patch Major Patch
        "A property of an envelope is there in every success: the field is no longer an `Option`, and one more argument of the constructor."
    ALWAYS_REMOVED "always-removed" Patch Major Patch
        "A property of an envelope may be missing in a success: the field is an `Option`. The schema never required it."
    REQUEST_PROPERTY_BECAME_OPTIONAL "request-property-became-optional" Minor Major Patch
        "It may be left out. The field is an `Option`; setters take what they took."
    RESPONSE_PROPERTY_BECAME_NULLABLE "response-property-became-nullable" Major Patch Patch
        "Null may come in place of what was optional already. In Rust, both are `None`."
    REQUIRED_REQUEST_PROPERTY_BECAME_NULLABLE "required-request-property-became-nullable" Minor Major Patch
        "Null may be sent for it: the field is an `Option`."
    REQUIRED_RESPONSE_PROPERTY_BECAME_NULLABLE "required-response-property-became-nullable" Major Major Patch
        "It is there, and may be null: the field is an `Option`."
    REQUEST_PROPERTY_BECAME_NULLABLE "request-property-became-nullable" Minor Patch Patch
        "Null may be sent for what could be left out. In Rust it is left out."
    REQUIRED_REQUEST_PROPERTY_NO_LONGER_NULLABLE "required-request-property-no-longer-nullable" Major Major Patch
        "Null may no longer be sent for it: the field is no longer an `Option`."
    REQUIRED_RESPONSE_PROPERTY_NO_LONGER_NULLABLE "required-response-property-no-longer-nullable" Patch Major Patch
        "It is there, and no longer null: the field is no longer an `Option`."
    PROPERTY_NO_LONGER_NULLABLE "request-property-no-longer-nullable" Major Patch Patch
        "A request may no longer have null in place of what may be left out. In Rust nothing changes."
    RESPONSE_PROPERTY_NO_LONGER_NULLABLE "response-property-no-longer-nullable" Patch Patch Patch
        "Null doesn't come any more in place of what is optional."
    TYPE_CHANGED "type-changed" Major Major Patch
        "The field has another type."
    REQUEST_CONSTRAINT_TIGHTENED "request-constraint-tightened" Major Patch Major
        "A value that could be sent is refused, in Rust before anything is sent."
    REQUEST_CONSTRAINT_LOOSENED "request-constraint-loosened" Minor Patch Minor
        "A value that was refused may be sent."
    RESPONSE_CONSTRAINT_TIGHTENED "response-constraint-tightened" Patch Patch Minor
        "Fewer values come than before. In Rust a string that comes all the same can't be read any more."
    RESPONSE_CONSTRAINT_LOOSENED "response-constraint-loosened" Major Patch Minor
        "Values come that a reader of the old spec may refuse. In Rust a string couldn't be read so far."
    REQUEST_STRING_CONSTRAINED "request-string-became-constrained" Major Major Major
        "A string with a length or a pattern is a type of its own, which refuses other strings."
    REQUEST_STRING_FREED "request-string-no-longer-constrained" Minor Major Patch
        "A string without a length or a pattern is a `String`, no longer a type of its own."
    RESPONSE_STRING_CONSTRAINED "response-string-became-constrained" Patch Major Minor
        "As for requests; fewer strings come than before."
    RESPONSE_STRING_FREED "response-string-no-longer-constrained" Major Major Patch
        "As for requests; strings come that a reader of the old spec may refuse."
    NUMERIC_STRING_ADDED "numeric-string-added" Major Patch Minor
        "A number may come as a string; it is read from both in Rust."
    NUMERIC_STRING_REMOVED "numeric-string-removed" Patch Patch Minor
        "A number no longer comes as a string."
    FORMAT_CHANGED "format-changed" Major Patch Patch
        "Other generators make another type of a string with a format, such as `uuid`, or look at its values. In Rust it stays a string."
    REQUEST_ACCESS_CHANGED "request-access-changed" Major Patch Patch
        "Other generators leave what is read-only out of requests, and what is write-only out of responses. In Rust the field stays."
    RESPONSE_ACCESS_CHANGED "response-access-changed" Patch Patch Patch
        "What is only received is read-only, whether or not the spec says so."
    TYPE_IN_PLACE_RENAMED "type-in-place-renamed" Patch Major Patch
        "A string with a constraint that stands in place is named after where it stands, unless a schema has that name."
    CYCLE_CHANGED "schema-cycle-changed" Patch Major Patch
        "A schema holds itself, directly or by way of others, or no longer does. A field on the way is a `Box`, not always the new one."
    SECRET_CHANGED "secret-changed" Patch Major Patch
        "Whether the type in Rust can be printed. The value is the same."
    READ_AS_CHANGED "read-as-changed" Patch Major Patch
        "A string stands for an integer or a local date-time in Rust. The value is the same."
    REQUEST_DEFAULT_CHANGED "request-default-changed" Major Patch Major
        "What is left out means something else."
    RESPONSE_DEFAULT_CHANGED "response-default-changed" Patch Patch Patch
        "What is missing means something else to who applies defaults; the clients in Rust don't."
    REQUEST_NOT_EMPTY_ADDED "request-needs-an-entry" Major Patch Major
        "An object or a map without any entry may no longer be sent."
    REQUEST_NOT_EMPTY_REMOVED "request-needs-no-entry" Minor Patch Minor
        "An object or a map may be sent empty."
    RESPONSE_NOT_EMPTY_ADDED "response-has-an-entry" Patch Patch Patch
        "An object or a map doesn't come empty any more."
    RESPONSE_NOT_EMPTY_REMOVED "response-may-be-empty" Major Patch Patch
        "An object or a map may come empty."
}
