//! Open enums: what a server sends in addition to the documented values is kept, not refused. An enum that is only sent is
//! closed. The generated code declares each enum in full; these macros give it its traits.

use std::fmt;

use serde::{Deserializer, de::Visitor};

/// A value that is not one of the documented ones, met where only those are accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{value}` is not a documented {name}; documented are {known}")]
#[non_exhaustive]
pub struct UndocumentedValue {
    /// The schema, for example `CallStatus`.
    pub name: &'static str,
    /// What was given.
    pub value: String,
    /// The documented values, separated by commas.
    pub known: String,
}

/// `FromStr` and `TryFrom` of a string enum, which accept the documented values only.
#[doc(hidden)]
#[macro_export]
macro_rules! parsed_enum {
    ($name:ident $($wire:literal)+) => {
        impl ::std::str::FromStr for $name {
            type Err = $crate::runtime::UndocumentedValue;

            fn from_str(value: &str) -> Result<Self, $crate::runtime::UndocumentedValue> {
                Self::documented(value).ok_or_else(|| $crate::runtime::UndocumentedValue {
                    name: stringify!($name),
                    value: value.to_owned(),
                    known: [$($wire),+].join(", "),
                })
            }
        }

        $crate::runtime::parsed!($name: $crate::runtime::UndocumentedValue);
    };
}

/// Traits of a string enum whose last variant is `Unknown(String)`. Values compare, hash and sort by their wire name.
///
/// `FromStr` and `TryFrom` accept the documented values only, so that a request is never built from a misspelt one;
/// deserialization keeps any other value as `Unknown`.
///
/// With `trimmed`, spaces around a documented value mean nothing when it is read.
#[doc(hidden)]
#[macro_export]
macro_rules! open_enum {
    ($name:ident $($trimmed:ident)? { $($variant:ident = $wire:literal),+ $(,)? }) => {
        impl $name {
            /// The documented values, in the order of the spec.
            pub const DOCUMENTED: &[Self] = &[$(Self::$variant),+];

            /// The name on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)+
                    Self::Unknown(value) => value,
                }
            }

            fn documented(value: &str) -> Option<Self> {
                $(let value = $crate::runtime::$trimmed(value);)?
                match value {
                    $($wire => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::std::cmp::PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.as_str() == other.as_str()
            }
        }

        impl ::std::cmp::Eq for $name {}

        impl ::std::cmp::PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl ::std::cmp::PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }

        impl ::std::cmp::PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<::std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl ::std::cmp::Ord for $name {
            fn cmp(&self, other: &Self) -> ::std::cmp::Ordering {
                self.as_str().cmp(other.as_str())
            }
        }

        impl ::std::hash::Hash for $name {
            fn hash<H: ::std::hash::Hasher>(&self, state: &mut H) {
                self.as_str().hash(state);
            }
        }

        $crate::runtime::open::parsed_enum!($name $($wire)+);

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::runtime::read_open_enum(deserializer, Self::documented, Self::Unknown)
            }
        }
    };
}

/// Traits of a string enum without other values, since it is only sent.
#[doc(hidden)]
#[macro_export]
macro_rules! closed_enum {
    ($name:ident { $($variant:ident = $wire:literal),+ $(,)? }) => {
        impl $name {
            /// The documented values, in the order of the spec.
            pub const DOCUMENTED: &[Self] = &[$(Self::$variant),+];

            /// The name on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $wire,)+
                }
            }

            fn documented(value: &str) -> Option<Self> {
                match value {
                    $($wire => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        $crate::runtime::open::parsed_enum!($name $($wire)+);

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = <String as ::serde::Deserialize>::deserialize(deserializer)?;
                value.parse().map_err(::serde::de::Error::custom)
            }
        }
    };
}

/// Traits of an error-code enum whose last variant is `Unknown(i64)`.
#[doc(hidden)]
#[macro_export]
macro_rules! open_code {
    ($name:ident { $($variant:ident = $number:literal $meaning:literal),+ $(,)? }) => {
        impl $name {
            /// The documented codes, in the order of the spec.
            pub const DOCUMENTED: &[Self] = &[$(Self::$variant),+];

            pub fn of(number: impl ::std::convert::Into<i64>) -> Self {
                Self::from(number.into())
            }

            /// The number on the wire.
            #[must_use]
            pub const fn number(self) -> i64 {
                match self {
                    $(Self::$variant => $number,)+
                    Self::Unknown(number) => number,
                }
            }

            /// What the code means; `None` for an undocumented one.
            #[must_use]
            pub const fn meaning(self) -> Option<&'static str> {
                match self {
                    $(Self::$variant => Some($meaning),)+
                    Self::Unknown(_) => None,
                }
            }
        }

        impl ::std::convert::From<i64> for $name {
            fn from(number: i64) -> Self {
                match number {
                    $($number => Self::$variant,)+
                    other => Self::Unknown(other),
                }
            }
        }

        impl ::std::convert::From<$name> for $crate::ErrorCode {
            fn from(code: $name) -> Self {
                Self { number: code.number(), name: code.meaning() }
            }
        }

        impl ::std::cmp::PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.number() == other.number()
            }
        }

        impl ::std::cmp::Eq for $name {}

        /// Writes `3 (user not found)`.
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                write!(f, "{} ({})", self.number(), self.meaning().unwrap_or("undocumented"))
            }
        }
    };
}

/// Called by `open_enum!`: reads one of the documented values, or keeps another as the unknown one.
pub fn read_open_enum<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    documented: impl Fn(&str) -> Option<T>,
    unknown: impl Fn(String) -> T,
) -> Result<T, D::Error> {
    // Not as a `str`, for which no memory would be taken.
    deserializer.deserialize_string(OpenEnum(documented, unknown))
}

/// Matches the string in place, and copies it only if it is unknown.
struct OpenEnum<Documented, Unknown>(Documented, Unknown);

impl<T, Documented, Unknown> Visitor<'_> for OpenEnum<Documented, Unknown>
where
    Documented: Fn(&str) -> Option<T>,
    Unknown: Fn(String) -> T,
{
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E>(self, value: &str) -> Result<T, E> {
        Ok((self.0)(value).unwrap_or_else(|| (self.1)(value.to_owned())))
    }
}

/// Called by `open_enum!`.
pub fn trimmed(value: &str) -> &str {
    value.trim()
}

pub use crate::{closed_enum, open_code, open_enum, parsed_enum};
