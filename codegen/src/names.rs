//! From names on the wire to names in Rust: the same rules that progenitor and typify follow.
//! `raise` looks every name up in the generated code, so a rule that drifts is a build error.

use heck::{ToPascalCase, ToShoutySnakeCase, ToSnakeCase};

/// `CallDTO` -> `CallDto`, for types and variants.
pub(crate) fn type_name(name: &str) -> String {
    let name: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    let pascal = name.to_pascal_case();
    if pascal.starts_with(|c: char| c.is_ascii_digit()) { format!("X{pascal}") } else { pascal }
}

/// `callId` -> `call_id`, for functions and fields. Keywords get an underscore behind them: `type_`.
pub(crate) fn value_name(name: &str) -> String {
    let name: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    let snake = name.to_snake_case();
    if syn::parse_str::<syn::Ident>(&snake).is_ok() { snake } else { format!("{snake}_") }
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

#[cfg(test)]
mod tests {
    #[test]
    fn names() {
        assert_eq!(super::type_name("CallTasktOutputDTO"), "CallTasktOutputDto");
        assert_eq!(super::value_name("type"), "type_");
        assert_eq!(super::value_name("callCostDeadlineDayOfMonth"), "call_cost_deadline_day_of_month");
        assert_eq!(super::const_name("createCallTempLink"), "CREATE_CALL_TEMP_LINK");
        assert_eq!(super::words("clientNotFound"), "client not found");
        assert_eq!(super::status_name(422), "UnprocessableContent");
        assert_eq!(super::status_name(418), "Status418");
    }
}
