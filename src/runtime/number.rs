//! Numbers as servers write them: an integer also as `5.0` or `5e0`, and, where the spec says so, any number also as a
//! string. Generated fields name these readers in `deserialize_with`; numbers are always written plainly.

use std::{collections::BTreeMap, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{Error, Unexpected, Visitor},
};

use super::ResponseValue;

/// Numbers.
pub fn strict<'de, D: Deserializer<'de>, T: Number>(deserializer: D) -> Result<T, D::Error> {
    T::read::<D, false>(deserializer)
}

/// Numbers that may come as strings (`x-numeric-string`).
pub fn lenient<'de, D: Deserializer<'de>, T: Number>(deserializer: D) -> Result<T, D::Error> {
    T::read::<D, true>(deserializer)
}

/// An optional list or map of numbers: `null` means none.
pub fn strict_or_default<'de, D: Deserializer<'de>, T: Number + Default>(d: D) -> Result<T, D::Error> {
    strict(d).map(Option::unwrap_or_default)
}

/// An optional list or map of numbers that may come as strings: `null` means none.
pub fn lenient_or_default<'de, D: Deserializer<'de>, T: Number + Default>(d: D) -> Result<T, D::Error> {
    lenient(d).map(Option::unwrap_or_default)
}

/// The number that is the whole body of a response.
pub fn body<T: Number>(response: ResponseValue<As<T, false>>) -> ResponseValue<T> {
    response.map(|As(number)| number)
}

/// The number that is the whole body of a response, if there is one.
pub fn body_if_any<T: Number>(response: ResponseValue<Option<As<T, false>>>) -> ResponseValue<Option<T>> {
    response.map(|number| number.map(|As(number)| number))
}

/// A number, or something that holds numbers.
pub trait Number: Sized {
    /// With `STRING`, a number may also come as a string.
    fn read<'de, D: Deserializer<'de>, const STRING: bool>(deserializer: D) -> Result<Self, D::Error>;
}

/// Reads a number inside something else.
#[derive(Default)]
pub struct As<T, const STRING: bool>(pub(super) T);

impl<'de, T: Number, const STRING: bool> Deserialize<'de> for As<T, STRING> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read::<D, STRING>(deserializer).map(Self)
    }
}

impl<T, const STRING: bool> From<As<Self, STRING>> for Vec<T> {
    fn from(As(numbers): As<Self, STRING>) -> Self {
        numbers
    }
}

impl<T: Number> Number for Option<T> {
    fn read<'de, D: Deserializer<'de>, const STRING: bool>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::<As<T, STRING>>::deserialize(deserializer)?.map(|As(number)| number))
    }
}

impl<T: Number> Number for Vec<T> {
    fn read<'de, D: Deserializer<'de>, const STRING: bool>(deserializer: D) -> Result<Self, D::Error> {
        let numbers = Vec::<As<T, STRING>>::deserialize(deserializer)?;
        Ok(numbers.into_iter().map(|As(number)| number).collect())
    }
}

impl<T: Number> Number for BTreeMap<String, T> {
    fn read<'de, D: Deserializer<'de>, const STRING: bool>(deserializer: D) -> Result<Self, D::Error> {
        let numbers = BTreeMap::<String, As<T, STRING>>::deserialize(deserializer)?;
        Ok(numbers.into_iter().map(|(key, As(number))| (key, number)).collect())
    }
}

/// An integer, or with `STRING` its digits.
struct Integer<T, const STRING: bool>(&'static str, PhantomData<T>);

/// Beyond this, 2^50, a floating-point number may stand for another integer than was written: serde_json doesn't always round
/// to the nearest.
const EXACT: f64 = 1_125_899_906_842_624.0;

impl<T: TryFrom<i64> + TryFrom<u64>, const STRING: bool> Visitor<'_> for Integer<T, STRING> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)?;
        if STRING { f.write_str(" or a string of digits") } else { Ok(()) }
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        T::try_from(number).map_err(|_| E::invalid_value(Unexpected::Other("integer"), &self))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        T::try_from(number).map_err(|_| E::invalid_value(Unexpected::Other("integer"), &self))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<T, E> {
        if number.fract() != 0.0 {
            return Err(E::invalid_type(Unexpected::Other("floating point"), &self));
        }
        if number.abs() > EXACT {
            return Err(E::invalid_value(Unexpected::Other("floating point"), &self));
        }
        self.visit_i64(number as i64)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        if !STRING || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(not_a_number::<E, STRING>(&self));
        }
        match text.parse() {
            Ok(number) => self.visit_i64(number),
            Err(_) => Err(not_a_number::<E, STRING>(&self)),
        }
    }
}

/// A decimal number, or with `STRING` its digits.
struct Decimal<const STRING: bool>(&'static str);

impl<const STRING: bool> Visitor<'_> for Decimal<STRING> {
    type Value = f64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)?;
        if STRING { f.write_str(" or a decimal number as a string") } else { Ok(()) }
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<f64, E> {
        Ok(number as f64)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<f64, E> {
        Ok(number as f64)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<f64, E> {
        Ok(number)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<f64, E> {
        // `parse` also takes `NaN`, `inf` and `+5`.
        let plain =
            text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte)) && !text.starts_with('+');
        match text.parse::<f64>() {
            Ok(number) if STRING && plain && number.is_finite() => Ok(number),
            _ => Err(not_a_number::<E, STRING>(&self)),
        }
    }
}

/// A string that is not a number, without the string.
fn not_a_number<E: Error, const STRING: bool>(expected: &dyn serde::de::Expected) -> E {
    let found = Unexpected::Other("string");
    if STRING { E::invalid_value(found, expected) } else { E::invalid_type(found, expected) }
}

macro_rules! integer {
    ($($name:ident $read:ident),*) => {$(
        impl Number for $name {
            fn read<'de, D: Deserializer<'de>, const STRING: bool>(deserializer: D) -> Result<Self, D::Error> {
                let visitor = Integer::<Self, STRING>(stringify!($name), PhantomData);
                // A request for a certain type is also met by a serde_json with `arbitrary_precision`.
                if STRING { deserializer.deserialize_any(visitor) } else { deserializer.$read(visitor) }
            }
        }
    )*};
}

integer!(i32 deserialize_i32, i64 deserialize_i64);

macro_rules! decimal {
    ($($name:ident $read:ident),*) => {$(
        impl Number for $name {
            fn read<'de, D: Deserializer<'de>, const STRING: bool>(deserializer: D) -> Result<Self, D::Error> {
                let visitor = Decimal::<STRING>(stringify!($name));
                let number = if STRING { deserializer.deserialize_any(visitor) } else { deserializer.$read(visitor) };
                number.map(|number| number as Self)
            }
        }
    )*};
}

decimal!(f32 deserialize_f32, f64 deserialize_f64);

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, fmt::Debug};

    use serde::{Deserialize, Serialize, de::DeserializeOwned};
    use serde_json::Value;

    use super::{Number, lenient, lenient_or_default, strict, strict_or_default};

    /// Fields as generated code has them.
    #[derive(Deserialize, Serialize, PartialEq, Debug, Default)]
    struct Measures {
        #[serde(deserialize_with = "strict")]
        id: i32,
        #[serde(default, deserialize_with = "strict", skip_serializing_if = "Option::is_none")]
        count: Option<i64>,
        #[serde(default, deserialize_with = "strict_or_default", skip_serializing_if = "Vec::is_empty")]
        levels: Vec<Option<i64>>,
        #[serde(default, deserialize_with = "lenient", skip_serializing_if = "Option::is_none")]
        weight: Option<f64>,
        #[serde(default, deserialize_with = "lenient_or_default", skip_serializing_if = "BTreeMap::is_empty")]
        prices: BTreeMap<String, f32>,
    }

    /// As generated code has a named number.
    #[derive(Deserialize, PartialEq, Debug)]
    #[serde(transparent)]
    struct Day(#[serde(deserialize_with = "lenient")] i32);

    /// Reads JSON directly, and by way of a `Value` as bodies in an envelope are; the messages differ in the place alone.
    #[track_caller]
    fn read<T: DeserializeOwned + Debug + PartialEq>(json: &str) -> Result<T, String> {
        let direct = serde_json::from_str::<T>(json).map_err(|e| e.to_string());
        let direct = direct.map_err(|e| e.split_once(" at line").map_or(e.clone(), |(reason, _)| reason.to_owned()));
        let value: Value = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::from_value::<T>(value).map_err(|e| e.to_string()), direct, "{json}");
        direct
    }

    #[derive(Deserialize, PartialEq, Debug)]
    #[serde(transparent, bound = "T: Number")]
    struct Strict<T: Number>(#[serde(deserialize_with = "strict")] T);

    #[derive(Deserialize, PartialEq, Debug)]
    #[serde(transparent, bound = "T: Number")]
    struct Lenient<T: Number>(#[serde(deserialize_with = "lenient")] T);

    #[test]
    fn integers() {
        #[track_caller]
        fn check(json: &str, expect: Result<i32, &str>) {
            let expect = expect.map_err(|reason| format!("{reason}, expected i32"));
            assert_eq!(read::<Strict<i32>>(json).map(|Strict(number)| number), expect, "{json}");
        }
        for (json, number) in
            [("5", 5), ("5.0", 5), ("5e0", 5), ("50e-1", 5), ("-5.00", -5), ("-0.0", 0), ("2E3", 2000)]
        {
            check(json, Ok(number));
        }
        check("2147483647.0", Ok(i32::MAX));
        check("-2147483648.0", Ok(i32::MIN));
        for (json, reason) in [
            ("5.5", "invalid type: floating point"),
            ("1e-300", "invalid type: floating point"),
            ("2147483648", "invalid value: integer"),
            ("2147483648.0", "invalid value: integer"),
            ("18446744073709551615", "invalid value: integer"),
            ("1e300", "invalid value: floating point"),
            ("true", "invalid type: boolean `true`"),
            ("null", "invalid type: null"),
            ("\"5\"", "invalid type: string \"5\""),
        ] {
            check(json, Err(reason));
        }
    }

    /// A large floating-point number may be a rounded one.
    #[test]
    fn integers_are_exact() {
        let check = |json: &str, expect: Result<i64, &str>| {
            let read = read::<Strict<i64>>(json).map(|Strict(number)| number);
            assert_eq!(read, expect.map_err(|reason| format!("{reason}, expected i64")), "{json}");
        };
        check("9007199254740993", Ok(9_007_199_254_740_993));
        check("900719925474099.0", Ok(900_719_925_474_099));
        check("1125899906842625.0", Err("invalid value: floating point"));
        check("-9007199254740991.0", Err("invalid value: floating point"));
        check("-9223372036854775808", Ok(i64::MIN));
        check("9223372036854775808", Err("invalid value: integer"));
    }

    /// Without values, since a string that is not a number may be anything.
    #[test]
    fn strings() {
        #[track_caller]
        fn check<T: Number + Debug + PartialEq>(json: &str, expect: Result<T, &str>) {
            let read = read::<Lenient<T>>(json).map(|Lenient(number)| number);
            assert_eq!(read, expect.map_err(str::to_owned), "{json}");
        }
        check("\"5\"", Ok(5_i64));
        check("\"-007\"", Ok(-7_i32));
        check("\"9223372036854775807\"", Ok(i64::MAX));
        check("5.0", Ok(5_i64));
        check("\"35000.25\"", Ok(35_000.25_f64));
        check("\"-1e3\"", Ok(-1000_f32));
        check("5", Ok(5_f64));
        check("-5", Ok(-5_f32));
        check("0.5", Ok(0.5_f64));
        let digits = "expected i32 or a string of digits";
        for text in ["", "-", "5.0", "+5", " 5", "5 kg", "٥", "--5", "2147483648", "99999999999999999999"] {
            let reason = if text == "2147483648" { "integer" } else { "string" };
            check::<i32>(&format!("{text:?}"), Err(&format!("invalid value: {reason}, {digits}")));
        }
        for text in ["", "NaN", "inf", "-infinity", "1e999", "+5", "5,5", "0x10", "."] {
            let expect = "invalid value: string, expected f64 or a decimal number as a string";
            check::<f64>(&format!("{text:?}"), Err(expect));
        }
        check::<f64>("true", Err("invalid type: boolean `true`, expected f64 or a decimal number as a string"));
        assert_eq!(read::<Day>("\"28\""), Ok(Day(28)));
    }

    #[test]
    fn fields() {
        let all = r#"{"id":1.0,"count":2.0,"levels":[3.0,null],"weight":"4.5","prices":{"a":"5","b":6}}"#;
        let prices = BTreeMap::from([("a".to_owned(), 5.0), ("b".to_owned(), 6.0)]);
        let measures = Measures { id: 1, count: Some(2), levels: vec![Some(3), None], weight: Some(4.5), prices };
        assert_eq!(read(all), Ok(measures));
        let one = Measures { id: 1, ..Measures::default() };
        assert_eq!(read(r#"{"id":1}"#), Ok(one));
        let one = Measures { id: 1, ..Measures::default() };
        assert_eq!(read(r#"{"id":1,"count":null,"levels":null,"weight":null,"prices":null}"#), Ok(one));
        assert_eq!(read::<Measures>("{}"), Err("missing field `id`".to_owned()));
        let reason = "invalid type: floating point, expected i64";
        assert_eq!(read::<Measures>(r#"{"id":1,"levels":[3,4.5]}"#), Err(reason.to_owned()));
    }

    #[test]
    fn numbers_are_written_plainly() {
        let read: Measures = serde_json::from_str(r#"{"id":1.0,"weight":"4.5","prices":{"a":"5"}}"#).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), r#"{"id":1,"weight":4.5,"prices":{"a":5.0}}"#);
    }
}
