//! What a builder was given: the values of requests, and of the types in them.

use std::fmt;

/// A value that a builder was given, or was not, or could make nothing of. `Debug` shows no value.
#[derive(Clone, Default)]
pub enum Given<T> {
    /// Nothing, which is an error.
    Missing,
    /// Nothing, which is all right unless [`required`](Self::required) is asked for.
    #[default]
    Nothing,
    Value(T),
    /// What could not be converted, and why.
    Unusable(String),
    /// What violates a constraint, which names what it is about.
    Violating(&'static str),
}

impl<T> Given<T> {
    pub fn of(value: impl TryInto<T, Error: fmt::Display>) -> Self {
        value.try_into().map_or_else(|e| Self::Unusable(e.to_string()), Self::Value)
    }

    pub fn if_any<Form>(value: impl Optional<T, Form>) -> Self {
        match value.optional() {
            Ok(Some(value)) => Self::Value(value),
            Ok(None) => Self::Nothing,
            Err(reason) => Self::Unusable(reason),
        }
    }

    /// The same, unless it violates a constraint.
    pub fn that(self, check: impl FnOnce(&T) -> Result<(), &'static str>) -> Self {
        match self {
            Self::Value(value) => match check(&value) {
                Ok(()) => Self::Value(value),
                Err(reason) => Self::Violating(reason),
            },
            other => other,
        }
    }

    /// The value, or what is wrong.
    pub fn required(self, name: &str) -> Result<T, String> {
        self.optional(name)?.ok_or_else(|| missing(name))
    }

    /// The value if there is one, or what is wrong.
    pub fn optional(self, name: &str) -> Result<Option<T>, String> {
        match self {
            Self::Missing => Err(missing(name)),
            Self::Nothing => Ok(None),
            Self::Value(value) => Ok(Some(value)),
            Self::Unusable(reason) => Err(format!("{name}: {reason}")),
            Self::Violating(reason) => Err(reason.to_owned()),
        }
    }

    /// The value or an empty one, or what is wrong.
    pub fn or_default(self, name: &str) -> Result<T, String>
    where
        T: Default,
    {
        self.optional(name).map(Option::unwrap_or_default)
    }
}

fn missing(name: &str) -> String {
    format!("{name} was not given")
}

impl<T> fmt::Debug for Given<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing | Self::Nothing => "nothing",
            Self::Value(_) => "given",
            Self::Unusable(_) | Self::Violating(_) => "unusable",
        })
    }
}

/// What the setter of an optional value takes: something that converts into the value, or an `Option` of that.
///
/// ```
/// use casewire::contractor::types::CallInputDto;
///
/// let phone = Some("+7 900 000-00-00".to_owned());
/// let call = CallInputDto::builder().contact_person_name("Анна").contact_person_phone(phone);
/// # let _ = call;
/// # Ok::<(), casewire::BuildError>(())
/// ```
///
/// `Form` tells the two apart, and is inferred.
pub trait Optional<T, Form> {
    /// The value if there is one.
    ///
    /// # Errors
    /// With the reason why it can't be converted.
    fn optional(self) -> Result<Option<T>, String>;
}

/// The form of a value.
#[derive(Debug, Clone, Copy)]
pub enum OfValue {}

/// The form of an `Option`.
#[derive(Debug, Clone, Copy)]
pub enum OfOption {}

impl<T, V: TryInto<T, Error: fmt::Display>> Optional<T, OfValue> for V {
    fn optional(self) -> Result<Option<T>, String> {
        self.try_into().map(Some).map_err(|e| e.to_string())
    }
}

impl<T, V: TryInto<T, Error: fmt::Display>> Optional<T, OfOption> for Option<V> {
    fn optional(self) -> Result<Option<T>, String> {
        self.map(TryInto::try_into).transpose().map_err(|e| e.to_string())
    }
}

/// Why a builder can't make a value: a required property was not given, or a value violates a constraint of the spec.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{schema}: {reason}")]
#[non_exhaustive]
pub struct BuildError {
    /// The schema of the value, for example `PostExpenseInputDTO`.
    pub schema: &'static str,
    /// What is missing or wrong, naming the property. No value is in it.
    pub reason: String,
}

impl BuildError {
    #[doc(hidden)]
    #[must_use]
    pub fn new(schema: &'static str, reason: String) -> Self {
        Self { schema, reason }
    }
}

#[cfg(test)]
mod tests {
    use super::{Given, Optional};

    #[track_caller]
    fn check(given: Given<i32>, expected: Result<Option<i32>, &str>) {
        assert_eq!(given.optional("size"), expected.map_err(str::to_owned));
    }

    #[test]
    fn values() {
        check(Given::of(1_i64), Ok(Some(1)));
        check(Given::of(1_i64 << 40), Err("size: out of range integral type conversion attempted"));
        check(Given::if_any(2), Ok(Some(2)));
        check(Given::if_any(Some(2_u8)), Ok(Some(2)));
        check(Given::if_any(None::<i32>), Ok(None));
        check(Given::Nothing, Ok(None));
        check(Given::of(3).that(|_| Ok(())), Ok(Some(3)));
        check(Given::of(3).that(|_| Err("size must be less than 3")), Err("size must be less than 3"));
    }

    #[test]
    fn strings_need_no_conversion() {
        let name: Result<Option<String>, String> = "Анна".optional();
        assert_eq!(name, Ok(Some("Анна".to_owned())));
        assert_eq!(Given::<String>::Nothing.required("name"), Err("name was not given".to_owned()));
        assert_eq!(Given::<Vec<u8>>::Nothing.or_default("list"), Ok(Vec::new()));
    }

    #[test]
    fn debug_shows_no_value() {
        assert_eq!(format!("{:?}", [Given::Value("secret"), Given::Nothing]), "[given, nothing]");
    }
}
