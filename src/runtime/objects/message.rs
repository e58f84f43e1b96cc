//! What an error of serde's says, without the value that it is about.

/// The message without the value that was found: serde names its type, and quotes it.
///
/// A value stands in front of what was expected, which is text of ours, or of serde's.
pub(in crate::runtime) fn without_value(message: &str) -> String {
    match message.rsplit_once(", expected ") {
        Some((found, expected)) => {
            let sort = found.split(['"', '`']).next().unwrap_or_default();
            format!("{}, expected {expected}", sort.trim_end())
        }
        None => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::without_value;

    #[test]
    fn messages() {
        let check = |message: &str, expect: &str| assert_eq!(without_value(message), expect);
        check("invalid type: string \"a\\\", expected b\", expected i64", "invalid type: string, expected i64");
        check("invalid type: floating point `1.5`, expected u8", "invalid type: floating point, expected u8");
        check("invalid value: integer `300`, expected u8 at line 1", "invalid value: integer, expected u8 at line 1");
        check("invalid type: null, expected struct Call", "invalid type: null, expected struct Call");
        check("unknown variant `hunter2`, expected `a` or `b`", "unknown variant, expected `a` or `b`");
        check("missing field `id`", "missing field `id`");
        check("expected `,` or `}`", "expected `,` or `}`");
    }
}
