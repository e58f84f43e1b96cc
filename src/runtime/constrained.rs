//! Strings with constraints: a length, a pattern. The generated code declares each type; the macro gives it its traits.

use std::sync::OnceLock;

use regex_lite::Regex;

/// A string that violates a constraint of the spec. The string isn't in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must {0}")]
pub struct InvalidString(String);

/// What a string must be.
pub struct Constraints {
    least: Option<usize>,
    most: Option<usize>,
    /// As in the spec, and as the engine takes it.
    pattern: Option<(&'static str, &'static str)>,
    regex: OnceLock<Option<Regex>>,
}

impl Constraints {
    pub const fn new(least: Option<usize>, most: Option<usize>, pattern: Option<(&'static str, &'static str)>) -> Self {
        Self { least, most, pattern, regex: OnceLock::new() }
    }

    /// Checks a string. Lengths are in characters.
    pub fn check(&self, value: &str) -> Result<(), InvalidString> {
        let length = value.chars().count();
        if let Some(least) = self.least.filter(|least| length < *least) {
            return Err(InvalidString(format!("have at least {}", characters(least))));
        }
        if let Some(most) = self.most.filter(|most| length > *most) {
            return Err(InvalidString(format!("have at most {}", characters(most))));
        }
        let Some((pattern, regex)) = self.pattern else { return Ok(()) };
        // The generator compiled it with the same engine.
        match self.regex.get_or_init(|| Regex::new(regex).ok()) {
            Some(regex) if !regex.is_match(value) => Err(InvalidString(format!("match the pattern {pattern}"))),
            _ => Ok(()),
        }
    }
}

fn characters(count: usize) -> String {
    if count == 1 { "1 character".to_owned() } else { format!("{count} characters") }
}

/// Traits of a newtype over `String` whose values satisfy constraints. `Debug` of a secret one shows no value.
#[doc(hidden)]
#[macro_export]
macro_rules! constrained {
    (secret $name:ident $constraints:tt) => {
        $crate::runtime::constrained!($name $constraints);

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str("[redacted]")
            }
        }
    };
    ($name:ident ($least:expr, $most:expr, $pattern:expr)) => {
        impl $name {
            /// The string.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl ::std::ops::Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl ::std::convert::From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl ::std::convert::TryFrom<String> for $name {
            type Error = $crate::runtime::InvalidString;

            fn try_from(value: String) -> Result<Self, $crate::runtime::InvalidString> {
                static CONSTRAINTS: $crate::runtime::Constraints =
                    $crate::runtime::Constraints::new($least, $most, $pattern);
                CONSTRAINTS.check(&value)?;
                Ok(Self(value))
            }
        }

        impl ::std::convert::TryFrom<&str> for $name {
            type Error = $crate::runtime::InvalidString;

            fn try_from(value: &str) -> Result<Self, $crate::runtime::InvalidString> {
                value.to_owned().try_into()
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::runtime::InvalidString;

            fn from_str(value: &str) -> Result<Self, $crate::runtime::InvalidString> {
                value.to_owned().try_into()
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = <String as ::serde::Deserialize>::deserialize(deserializer)?;
                value.try_into().map_err(::serde::de::Error::custom)
            }
        }
    };
}

pub use crate::constrained;

#[cfg(test)]
mod tests {
    use super::Constraints;

    #[test]
    fn strings() {
        static SALT: Constraints = Constraints::new(Some(2), Some(4), Some(("^[0-9]*$", "^[0-9]*$")));
        let check = |value: &str| SALT.check(value).map_err(|e| e.to_string());
        assert_eq!(check("123"), Ok(()));
        assert_eq!(check("1"), Err("must have at least 2 characters".to_owned()));
        assert_eq!(check("ффффф"), Err("must have at most 4 characters".to_owned()));
        assert_eq!(check("фф"), Err("must match the pattern ^[0-9]*$".to_owned()));
    }
}
