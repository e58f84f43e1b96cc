//! Responses whose status says success and whose body may say failure, and results that are wrapped in another object.

use std::{fmt, marker::PhantomData};

use serde::de::{
    Deserialize, DeserializeOwned, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use super::{
    Outcome,
    decode::{Decoded, Defect, decode, decode_as, from_json},
    number::As,
};

/// How a failure is recognized in a body, and where the result is in it.
pub struct Envelope {
    /// When the body is a failure; `None` when it never is.
    pub failure: Option<FailureWhen>,
    /// The property that is the result; without it, the whole body is.
    pub data: Option<&'static str>,
}

/// The mark of a failure in a body.
pub enum FailureWhen {
    /// The property is there, and neither null nor empty; or else the other one is false.
    Present { property: &'static str, or_false: Option<&'static str> },
    /// The property is there and has none of these values.
    NotOneOf(&'static str, &'static [i64]),
}

/// Whether a body is a failure, by its marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Classification {
    Failure,
    /// It never is, or it is marked as a success.
    NotFailure,
    /// It is marked as neither, or as both, or is not one complete JSON document.
    Unclear,
}

/// A mark is looked at and not kept, so that it needs no memory limit.
const MARK: usize = usize::MAX;

/// The failure of a response that can't be one.
#[derive(Debug, serde::Deserialize)]
pub enum Never {}

impl Envelope {
    /// For bodies that are never failures, and are the result themselves.
    pub(super) const NONE: &'static Self = &Self { failure: None, data: None };

    /// What a body is, by its marks.
    pub(super) fn classify(&self, body: &[u8]) -> Classification {
        let is_success = || match self.failure {
            None => Ok(true),
            Some(FailureWhen::Present { or_false: None, .. }) => self.has_data(body),
            Some(FailureWhen::Present { or_false: Some(other), .. }) => match property(other, body, &[], MARK)? {
                Some(Mark::True) => Ok(true),
                None | Some(Mark::Nothing) => self.has_data(body),
                Some(Mark::False | Mark::Other) => Ok(false),
            },
            Some(FailureWhen::NotOneOf(name, _)) => Ok(property::<Mark>(name, body, &[], MARK)?.is_some()),
        };
        match self.is_failure(body, &[]).and_then(|is_failure| Ok((is_failure, is_success()?))) {
            Ok((true, _)) => Classification::Failure,
            Ok((false, true)) => Classification::NotFailure,
            Ok((false, false)) | Err(_) => Classification::Unclear,
        }
    }

    /// Whether a body that may be a file is a failure: if it has the mark, even more than once.
    pub(super) fn has_mark(&self, body: &[u8]) -> bool {
        self.is_failure(body, &[]).unwrap_or_else(|_| from_json::<IgnoredAny>(body, &[], MARK).is_ok())
    }

    fn has_data(&self, body: &[u8]) -> Result<bool, Defect> {
        let data = self.data.map(|data| property(data, body, &[], MARK)).transpose()?.flatten();
        Ok(data.is_some_and(|data| !matches!(data, Mark::Nothing)))
    }

    /// The success or the failure that a body is; `properties` are the names that may be shown, and `most` is how much memory
    /// it may take, in bytes.
    pub(super) fn read<T: DeserializeOwned, F: DeserializeOwned>(
        &self,
        body: &[u8],
        properties: &[&str],
        most: usize,
    ) -> Result<Decoded<Result<T, F>>, Defect> {
        // What is skipped in search of a mark isn't located; the whole body is read only when it has to be.
        let located = |e| from_json::<Mark>(body, properties, MARK).err().unwrap_or(e);
        if self.is_failure(body, properties).map_err(located)? {
            return Ok(decode(body, properties, most)?.map(Err));
        }
        let Some(name) = self.data else {
            return Ok(decode(body, properties, most)?.map(Ok));
        };
        let Decoded { value, repairs } = decoded_property(name, body, properties, most)?;
        let missing = || Defect { path: name.to_owned(), ..Defect::whole("it is missing".to_owned()) };
        Ok(Decoded { value: Ok(value.ok_or_else(missing)?), repairs })
    }

    /// The failure that a body is under a status that says nothing about it. Where failures have no mark, any body that reads
    /// as a failure is one.
    pub(super) fn failure<F: DeserializeOwned>(
        &self,
        body: &[u8],
        properties: &[&str],
        most: usize,
    ) -> Option<Decoded<F>> {
        let is_failure = self.failure.is_none() || self.is_failure(body, properties).unwrap_or(false);
        if is_failure { decode(body, properties, most).ok() } else { None }
    }

    /// What a body that is a failure says of the effect: a mark that is a status code of HTTP may be that of a server that
    /// doesn't know.
    pub(super) fn outcome(&self, body: &[u8]) -> Outcome {
        let Some(FailureWhen::NotOneOf(name, _)) = self.failure else { return Outcome::Refused };
        match property::<Option<As<i64, true>>>(name, body, &[], MARK) {
            Ok(Some(Some(As(status)))) => Outcome::of_reported_failure(status),
            // A mark that can't be read may mean anything.
            _ => Outcome::Unknown,
        }
    }

    fn is_failure(&self, body: &[u8], properties: &[&str]) -> Result<bool, Defect> {
        match self.failure {
            None => Ok(false),
            Some(FailureWhen::Present { property: name, or_false }) => {
                let is_present =
                    matches!(property(name, body, properties, MARK)?, Some(Mark::False | Mark::True | Mark::Other));
                let Some(other) = or_false.filter(|_| !is_present) else { return Ok(is_present) };
                Ok(matches!(property(other, body, properties, MARK)?, Some(Mark::False)))
            }
            Some(FailureWhen::NotOneOf(name, values)) => {
                match property::<Option<As<i64, true>>>(name, body, properties, MARK) {
                    Ok(value) => Ok(value.flatten().is_some_and(|As(value)| !values.contains(&value))),
                    // In a complete document, only the mark can be invalid: then it is not one of the values.
                    Err(_) => from_json::<IgnoredAny>(body, properties, MARK).map(|_| true),
                }
            }
        }
    }
}

/// One property of a body, if it is an object with this property; the others are skipped, and only checked to be JSON.
/// As in every object that is read, a duplicate of the property is an error.
fn property<T: DeserializeOwned>(
    name: &'static str,
    body: &[u8],
    properties: &[&str],
    most: usize,
) -> Result<Option<T>, Defect> {
    decoded_property(name, body, properties, most).map(|decoded| decoded.value)
}

fn decoded_property<T: DeserializeOwned>(
    name: &'static str,
    body: &[u8],
    properties: &[&str],
    most: usize,
) -> Result<Decoded<Option<T>>, Defect> {
    match body.trim_ascii_start().first() {
        Some(b'{') => decode_as(Property(name, PhantomData), body, properties, most),
        _ => from_json::<IgnoredAny>(body, properties, most).map(|_| None.into()),
    }
}

struct Property<T>(&'static str, PhantomData<T>);

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Property<T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        deserializer.deserialize_struct("", &[], self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Property<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut properties: A) -> Result<Option<T>, A::Error> {
        let mut value = None;
        while let Some(is_it) = properties.next_key_seed(Named(self.0))? {
            if !is_it {
                properties.next_value::<IgnoredAny>()?;
            } else if value.is_some() {
                return Err(A::Error::duplicate_field(self.0));
            } else {
                value = Some(properties.next_value()?);
            }
        }
        Ok(value)
    }
}

/// Whether a name is this one.
struct Named(&'static str);

impl<'de> DeserializeSeed<'de> for Named {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Named {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<bool, E> {
        Ok(name == self.0)
    }
}

/// The value of a property that marks a failure by being present, or false.
enum Mark {
    /// Null, or an empty string.
    Nothing,
    False,
    True,
    Other,
}

impl<'de> Deserialize<'de> for Mark {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Marked)
    }
}

struct Marked;

impl<'de> Visitor<'de> for Marked {
    type Value = Mark;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_unit<E>(self) -> Result<Mark, E> {
        Ok(Mark::Nothing)
    }

    fn visit_str<E>(self, text: &str) -> Result<Mark, E> {
        Ok(if text.is_empty() { Mark::Nothing } else { Mark::Other })
    }

    fn visit_bool<E>(self, value: bool) -> Result<Mark, E> {
        Ok(if value { Mark::True } else { Mark::False })
    }

    fn visit_i64<E>(self, _: i64) -> Result<Mark, E> {
        Ok(Mark::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Mark, E> {
        Ok(Mark::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Mark, E> {
        Ok(Mark::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Mark, A::Error> {
        while elements.next_element::<Mark>()?.is_some() {}
        Ok(Mark::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut properties: A) -> Result<Mark, A::Error> {
        while properties.next_entry::<IgnoredAny, Mark>()?.is_some() {}
        Ok(Mark::Other)
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::{Classification, Envelope, FailureWhen, Outcome};

    #[derive(Deserialize, Debug, PartialEq)]
    struct Success {
        number: u8,
    }

    #[derive(Deserialize, Debug, PartialEq)]
    struct Refused {
        error: String,
    }

    const PRESENT: Envelope = Envelope {
        failure: Some(FailureWhen::Present { property: "error", or_false: Some("ok") }),
        data: Some("data"),
    };
    const CODE: Envelope = Envelope { failure: Some(FailureWhen::NotOneOf("Code", &[0, 200])), data: None };
    const NEVER: Envelope = Envelope { failure: None, data: Some("data") };

    #[test]
    fn classifications() {
        #[track_caller]
        fn check(envelope: &Envelope, expect: Classification, bodies: &[&str]) {
            for body in bodies {
                assert_eq!(envelope.classify(body.as_bytes()), expect, "{body}");
            }
        }
        let failures = [
            r#"{"error":"no"}"#,
            r#"{"data":{"error":""},"error":"no"}"#,
            r#"{"error":false}"#,
            r#"{"error":0}"#,
            r#"{"error":[]}"#,
            r#"{"error":{"a":[1,{}]}}"#,
            r#"{"error":"","ok":false}"#,
            r#"{"ok":false}"#,
            r#" {"error":"no"} "#,
        ];
        check(&PRESENT, Classification::Failure, &failures);
        let success = [
            r#"{"error":null,"ok":true}"#,
            r#"{"data":5}"#,
            r#"{"data":{"error":"no","ok":false}}"#,
            r#"{"ok":null,"data":[]}"#,
            r#"{"other":1,"other":2,"ok":true}"#,
        ];
        check(&PRESENT, Classification::NotFailure, &success);
        let unclear = [
            "{}",
            "[]",
            "null",
            "5",
            r#""error""#,
            r#"[{"error":"no"}]"#,
            r#"{"error":"","ok":0}"#,
            r#"{"ok":"false","data":5}"#,
            r#"{"ok":0,"data":5}"#,
            r#"{"OK":false,"Error":"no"}"#,
            r#"{"ok":null,"data":null}"#,
            "",
            "<p>",
            "{",
            r#"{"error":"no"}}"#,
            r#"{"error":"no"#,
            r#"{"error":"no""#,
            r#"{"error":"no","data":["#,
            r#"{"ok":true"#,
            // It is marked as both.
            r#"{"error":"no","error":null}"#,
            r#"{"ok":true,"ok":false}"#,
        ];
        check(&PRESENT, Classification::Unclear, &unclear);
        let failures = [r#"{"Code":1}"#, r#"{"Code":5.0}"#, r#"{"Code":0.5}"#, r#"{"Code":"1"}"#, r#"{"Code":[]}"#];
        check(&CODE, Classification::Failure, &failures);
        check(&CODE, Classification::Failure, &[r#"{"Code":99999999999999999999}"#]);
        check(
            &CODE,
            Classification::NotFailure,
            &[r#"{"Code":0}"#, r#"{"Code":2e2}"#, r#"{"Code":"200"}"#, r#"{"Code":null}"#],
        );
        check(
            &CODE,
            Classification::Unclear,
            &["{}", "[1]", r#"{"Code":0,"Code":0}"#, r#"{"Code":0"#, r#"{"Code":"0"#, "<p>", ""],
        );
        check(&NEVER, Classification::NotFailure, &["", "<p>", r#"{"error":"no"}"#]);
    }

    #[test]
    fn outcomes_and_downloads() {
        for (body, expect) in [
            (r#"{"Code":1}"#, Outcome::Refused),
            (r#"{"Code":"1"}"#, Outcome::Refused),
            (r#"{"Code":503}"#, Outcome::Unknown),
            (r#"{"Code":"408"}"#, Outcome::Unknown),
            (r#"{"Code":"OK"}"#, Outcome::Unknown),
            (r#"{"Code":true}"#, Outcome::Unknown),
            (r#"{"Code":1,"Code":1}"#, Outcome::Unknown),
        ] {
            assert_eq!(CODE.outcome(body.as_bytes()), expect, "{body}");
        }
        for (body, expect) in [
            (r#"{"ok":false}"#, true),
            (r#"{"error":"no","error":"no"}"#, true),
            (r#"{"ok":true,"ok":true}"#, true),
            (r#"{"data":5,"data":6}"#, false),
            (r#"{"error":"no"} {"error":"no"}"#, false),
            (r#"{"error":"no""#, false),
            ("[]", false),
        ] {
            assert_eq!(PRESENT.has_mark(body.as_bytes()), expect, "{body}");
        }
    }

    #[test]
    fn successes_and_failures() {
        #[track_caller]
        fn check(envelope: &Envelope, body: &str, expect: Result<Result<u8, &str>, &str>) {
            let read = envelope.read::<Success, Refused>(body.as_bytes(), &["data", "error", "number"], 1000);
            let read =
                read.map(|read| read.value.map(|read| read.number)).map_err(|e| format!("{}: {}", e.path, e.reason));
            let read = read.as_ref().map(|read| read.as_ref().map(|number| *number).map_err(|e| e.error.as_str()));
            assert_eq!(read.map_err(String::as_str), expect, "{body}");
        }
        check(&PRESENT, r#"{"x":[[]],"data":{"number":5},"y":{"a":0}}"#, Ok(Ok(5)));
        check(&PRESENT, r#"{"error":"no","data":{"number":5}}"#, Ok(Err("no")));
        check(&PRESENT, r#"{"ok":true}"#, Err("data: it is missing"));
        check(&PRESENT, "[]", Err("data: it is missing"));
        check(&NEVER, r#"{"error":"no","data":{"number":5}}"#, Ok(Ok(5)));
        check(&CODE, r#"{"Code":0,"number":5}"#, Ok(Ok(5)));
        let reason = "data.number: invalid type: string, expected u8 at line 1 column 21";
        check(&PRESENT, r#"{"data":{"number":"5"}}"#, Err(reason));
        let broken = "data.*[1]: expected value at line 1 column 17";
        check(&PRESENT, r#"{"data":{"x":[0,?]}}"#, Err(broken));
        // A duplicate property is refused wherever it is read, and only there.
        let duplicate = "data: duplicate field `number` at line 1 column 28";
        check(&PRESENT, r#"{"data":{"number":5,"number":5}}"#, Err(duplicate));
        let duplicate = ".: duplicate field `data` at line 1 column 27";
        check(&PRESENT, r#"{"data":{"number":5},"data":{"number":6}}"#, Err(duplicate));
        let duplicate = ".: duplicate field `error` at line 1 column 21";
        check(&PRESENT, r#"{"error":"no","error":null}"#, Err(duplicate));
        check(&PRESENT, r#"{"x":1,"x":2,"data":{"number":5}}"#, Ok(Ok(5)));
    }
}
