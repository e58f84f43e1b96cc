//! From names on the wire to names in Rust.

use heck::{ToPascalCase, ToShoutySnakeCase, ToSnakeCase};

/// `CallDTO` -> `CallDto`, for types and variants. A digit gets an `X` in front.
pub(crate) fn type_name(name: &str) -> String {
    // Twice, as the name of a name has to be itself: `a-b` is `AB`, which is `Ab`.
    let pascal = separated(name).to_pascal_case().to_pascal_case();
    if pascal.starts_with(|c: char| c.is_ascii_digit()) { format!("X{pascal}") } else { pascal }
}

/// The variant of a value in a set to which a server may add: `Unknown` is the variant for all others.
pub(crate) fn variant_name(value: &str) -> String {
    match type_name(value) {
        name if name == "Unknown" => "DocumentedUnknown".to_owned(),
        name => name,
    }
}

/// `callId` -> `call_id`, for functions and fields. A keyword gets a trailing underscore: `type_`; a digit an `x` in front.
pub(crate) fn value_name(name: &str) -> String {
    let snake = separated(name).to_snake_case();
    if snake.starts_with(|c: char| c.is_ascii_digit()) {
        format!("x{snake}")
    } else if KEYWORDS.contains(&snake.as_str()) {
        format!("{snake}_")
    } else {
        snake
    }
}

/// Methods of the builder of a request.
const METHODS: [&str; 5] = ["body", "body_map", "client", "new", "send"];

/// As [`value_name`], for what the builder of a request has a setter for.
pub(crate) fn parameter_name(name: &str) -> String {
    let value = value_name(name);
    if METHODS.contains(&value.as_str()) { format!("{value}_") } else { value }
}

/// The setter of a property, by its name in Rust: `build` is the method that ends the builder.
pub(crate) fn setter_name(field: &str) -> &str {
    if field == "build" { "build_" } else { field }
}

/// Whether Rust takes it for a name.
pub(crate) fn is_name(name: &str) -> bool {
    // Rust takes these for other characters (Unicode, normalization form C).
    let is_replaced =
        |c| matches!(c, '\u{2126}' | '\u{212A}' | '\u{212B}' | '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}');
    syn::parse_str::<syn::Ident>(name).is_ok() && !name.contains(is_replaced)
}

/// Strict and reserved keywords of all editions.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
    "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true",
    "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// The prelude of Rust, which the generated code calls by short names.
const PRELUDE: &[&str] = &[
    "AsMut",
    "AsRef",
    "Box",
    "Clone",
    "Copy",
    "Default",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Into",
    "IntoIterator",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Self",
    "Send",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Unpin",
    "Vec",
];

/// What the module of the types imports, and what that of the requests does.
const IN_TYPES: &[&str] = &["BTreeMap", "BuildError", "Display", "Given", "Optional"];
const IN_REQUESTS: &[&str] = &["ByteStream", "Display", "Error", "Given", "Optional", "Part", "ResponseValue"];

/// Whether the module of the types means something else by a name.
pub(crate) fn is_taken_by_types(name: &str) -> bool {
    PRELUDE.contains(&name) || IN_TYPES.contains(&name)
}

/// Whether the module of the requests means something else by a name.
pub(crate) fn is_taken_by_requests(name: &str) -> bool {
    PRELUDE.contains(&name) || IN_REQUESTS.contains(&name)
}

/// With a hyphen for everything that no name has.
fn separated(name: &str) -> String {
    name.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect()
}

/// `getCall` -> `GET_CALL`, for constants.
pub(crate) fn const_name(name: &str) -> String {
    name.to_shouty_snake_case()
}

/// `clientNotFound` -> `client not found`, for people.
pub(crate) fn words(name: &str) -> String {
    name.to_snake_case().replace('_', " ")
}

/// The variant of an error enum for a status: the reason phrase of RFC 9110, section 15.
pub(crate) fn status_name(status: u16) -> String {
    let phrase = match status {
        400 => "BadRequest",
        401 => "Unauthorized",
        402 => "PaymentRequired",
        403 => "Forbidden",
        404 => "NotFound",
        405 => "MethodNotAllowed",
        406 => "NotAcceptable",
        408 => "RequestTimeout",
        409 => "Conflict",
        410 => "Gone",
        411 => "LengthRequired",
        412 => "PreconditionFailed",
        413 => "ContentTooLarge",
        415 => "UnsupportedMediaType",
        422 => "UnprocessableContent",
        429 => "TooManyRequests",
        500 => "InternalServerError",
        501 => "NotImplemented",
        502 => "BadGateway",
        503 => "ServiceUnavailable",
        504 => "GatewayTimeout",
        other => return format!("Status{other}"),
    };
    phrase.to_owned()
}

/// Whether a name has the one form that every language can convert.
pub(crate) fn is_camel_case(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(|c| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    #[test]
    fn names() {
        assert_eq!(super::type_name("2nd-class"), "X2ndClass");
        assert_eq!(super::type_name("a-b"), "Ab");
        assert_eq!(super::variant_name("unknown"), "DocumentedUnknown");
        assert_eq!(super::value_name("2nd"), "x2nd");
        assert_eq!(super::value_name("gen"), "gen_");
        assert_eq!(super::value_name("$type"), "type_");
        assert_eq!(super::parameter_name("client"), "client_");
        assert!(super::is_name("имя") && !super::is_name("") && !super::is_name("²"));
        assert_eq!(super::type_name("CallTasktOutputDTO"), "CallTasktOutputDto");
        assert_eq!(super::value_name("type"), "type_");
        assert_eq!(super::value_name("callCostDeadlineDayOfMonth"), "call_cost_deadline_day_of_month");
        assert_eq!(super::const_name("createCallTempLink"), "CREATE_CALL_TEMP_LINK");
        assert_eq!(super::words("clientNotFound"), "client not found");
        assert_eq!(super::status_name(422), "UnprocessableContent");
        assert_eq!(super::status_name(418), "Status418");
    }
}
