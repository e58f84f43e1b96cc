//! What the values of a request have to satisfy beyond their types: bounds, finite numbers, date-times with an offset.
//! Generated types implement [`Validate`], and their builders ask it; reading doesn't.

use std::collections::BTreeMap;

use super::DateTime;

/// A value with constraints of its own.
pub trait Validate {
    /// What is wrong, in words without the value.
    fn validate(&self) -> Result<(), &'static str>;
}

impl<T: Validate> Validate for Option<T> {
    fn validate(&self) -> Result<(), &'static str> {
        self.iter().try_for_each(T::validate)
    }
}

impl<T: Validate> Validate for Vec<T> {
    fn validate(&self) -> Result<(), &'static str> {
        self.iter().try_for_each(T::validate)
    }
}

impl<T: Validate> Validate for BTreeMap<String, T> {
    fn validate(&self) -> Result<(), &'static str> {
        self.values().try_for_each(T::validate)
    }
}

impl<T: Validate> Validate for Box<T> {
    fn validate(&self) -> Result<(), &'static str> {
        T::validate(self)
    }
}

/// A scalar, or something that holds some.
pub trait Values {
    type Scalar;

    fn all(&self, satisfies: &impl Fn(&Self::Scalar) -> bool) -> bool;
}

/// An error with the reason when one of the values doesn't satisfy it.
pub fn require<V: Values>(
    values: &V,
    satisfies: impl Fn(&V::Scalar) -> bool,
    reason: &'static str,
) -> Result<(), &'static str> {
    if values.all(&satisfies) { Ok(()) } else { Err(reason) }
}

macro_rules! scalar {
    ($($name:ty),*) => {$(
        impl Values for $name {
            type Scalar = Self;

            fn all(&self, satisfies: &impl Fn(&Self) -> bool) -> bool {
                satisfies(self)
            }
        }
    )*};
}

scalar!(i32, i64, f32, f64, DateTime);

impl<T: Values> Values for Option<T> {
    type Scalar = T::Scalar;

    fn all(&self, satisfies: &impl Fn(&T::Scalar) -> bool) -> bool {
        self.iter().all(|value| value.all(satisfies))
    }
}

impl<T: Values> Values for Vec<T> {
    type Scalar = T::Scalar;

    fn all(&self, satisfies: &impl Fn(&T::Scalar) -> bool) -> bool {
        self.iter().all(|value| value.all(satisfies))
    }
}

impl<T: Values> Values for BTreeMap<String, T> {
    type Scalar = T::Scalar;

    fn all(&self, satisfies: &impl Fn(&T::Scalar) -> bool) -> bool {
        self.values().all(|value| value.all(satisfies))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Validate, Values, require};
    use crate::runtime::DateTime;

    struct Stop(f64);

    impl Validate for Stop {
        fn validate(&self) -> Result<(), &'static str> {
            require(&self.0, |value| value.is_finite(), "not finite")
        }
    }

    #[track_caller]
    fn check(value: impl Validate, is_valid: bool) {
        assert_eq!(value.validate(), if is_valid { Ok(()) } else { Err("not finite") });
    }

    #[test]
    fn what_is_inside_is_asked() {
        check(Stop(1.0), true);
        check(Stop(f64::NAN), false);
        check(Some(Stop(f64::INFINITY)), false);
        check(None::<Stop>, true);
        check(vec![Stop(1.0), Stop(f64::NAN)], false);
        check(Vec::<Stop>::new(), true);
        check(Some(Box::new(Stop(f64::NAN))), false);
        check(BTreeMap::from([("a".to_owned(), vec![Stop(1.0)]), ("b".to_owned(), vec![Stop(f64::NAN)])]), false);
        check(BTreeMap::from([("a".to_owned(), Stop(1.0))]), true);
    }

    #[track_caller]
    fn check_scalars<V: Values>(values: V, satisfies: impl Fn(&V::Scalar) -> bool, expect: bool) {
        assert_eq!(require(&values, satisfies, "violated"), if expect { Ok(()) } else { Err("violated") });
    }

    #[test]
    fn all_values_are_looked_at() {
        let within = |value: &i32| (1..=28).contains(value);
        check_scalars(28, within, true);
        check_scalars(29, within, false);
        check_scalars(None::<i32>, within, true);
        check_scalars(vec![Some(1), None, Some(0)], within, false);
        check_scalars(BTreeMap::from([("a".to_owned(), vec![1]), ("b".to_owned(), vec![29])]), within, false);
        let zoned = |value: &DateTime| value.offset().is_some();
        let (with, without): (DateTime, DateTime) =
            ("2026-03-02T08:15:00Z".parse().unwrap(), "2026-03-02T08:15:00".parse().unwrap());
        check_scalars(with, zoned, true);
        check_scalars(vec![with, without], zoned, false);
    }
}
