//! Reads objects from JSON objects alone. Serde's derived readers also take an array, with the values of the properties
//! in the order of the spec, which no server means; unnoticed, it would put values into wrong properties.

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor};

/// A deserializer that takes no array for an object, at any depth; likewise what passes between it and a reader. It goes
/// next to the format, inside whatever else wraps it: `serde_path_to_error::deserialize(Objects(&mut json))`.
///
/// What serde keeps aside before it reads it, in untagged enums, is out of reach; no answer has one.
pub(crate) struct Objects<T>(pub(crate) T);

macro_rules! forward_deserialize {
    ($($method:ident($($argument:ident: $ty:ty),*))*) => {$(
        fn $method<V: Visitor<'de>>(self, $($argument: $ty,)* visitor: V) -> Result<V::Value, D::Error> {
            self.0.$method($($argument,)* Objects(visitor))
        }
    )*};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Objects<D> {
    type Error = D::Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(Objects(visitor))
    }

    forward_deserialize! {
        deserialize_any() deserialize_bool() deserialize_char() deserialize_str() deserialize_string()
        deserialize_i8() deserialize_i16() deserialize_i32() deserialize_i64() deserialize_i128()
        deserialize_u8() deserialize_u16() deserialize_u32() deserialize_u64() deserialize_u128()
        deserialize_f32() deserialize_f64() deserialize_bytes() deserialize_byte_buf()
        deserialize_option() deserialize_unit() deserialize_seq() deserialize_map()
        deserialize_identifier() deserialize_ignored_any()
        deserialize_unit_struct(name: &'static str)
        deserialize_newtype_struct(name: &'static str)
        deserialize_tuple(len: usize)
        deserialize_tuple_struct(name: &'static str, len: usize)
        deserialize_enum(name: &'static str, variants: &'static [&'static str])
    }

    fn is_human_readable(&self) -> bool {
        self.0.is_human_readable()
    }
}

macro_rules! forward_visit {
    ($($method:ident($ty:ty))*) => {$(
        fn $method<E: Error>(self, value: $ty) -> Result<V::Value, E> {
            self.0.$method(value)
        }
    )*};
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Objects<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.expecting(f)
    }

    forward_visit! {
        visit_bool(bool) visit_char(char) visit_str(&str) visit_borrowed_str(&'de str) visit_string(String)
        visit_i8(i8) visit_i16(i16) visit_i32(i32) visit_i64(i64) visit_i128(i128)
        visit_u8(u8) visit_u16(u16) visit_u32(u32) visit_u64(u64) visit_u128(u128)
        visit_f32(f32) visit_f64(f64) visit_bytes(&[u8]) visit_borrowed_bytes(&'de [u8]) visit_byte_buf(Vec<u8>)
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_none()
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.0.visit_some(Objects(deserializer))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.0.visit_newtype_struct(Objects(deserializer))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<V::Value, A::Error> {
        self.0.visit_seq(Objects(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(Objects(entries))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, variant: A) -> Result<V::Value, A::Error> {
        self.0.visit_enum(Objects(variant))
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Objects<S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        self.0.deserialize(Objects(deserializer))
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Objects<A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.0.next_element_seed(Objects(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Objects<A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.0.next_key_seed(Objects(seed))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.0.next_value_seed(Objects(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

impl<'de, A: EnumAccess<'de>> EnumAccess<'de> for Objects<A> {
    type Error = A::Error;
    type Variant = Objects<A::Variant>;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self::Variant), A::Error> {
        let (value, contents) = self.0.variant_seed(Objects(seed))?;
        Ok((value, Objects(contents)))
    }
}

impl<'de, A: VariantAccess<'de>> VariantAccess<'de> for Objects<A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        self.0.unit_variant()
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        self.0.newtype_variant_seed(Objects(seed))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, A::Error> {
        self.0.tuple_variant(len, Objects(visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.0.struct_variant(fields, Objects(visitor))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;
    use serde_json::{Value, json};

    use super::Objects;
    use crate::runtime::{DateTime, null_as_default, number};

    /// As generated code has them.
    #[derive(Deserialize, Debug, PartialEq)]
    struct Visit {
        #[serde(deserialize_with = "number::strict")]
        id: i64,
        at: Option<DateTime>,
        guide: Option<Box<Person>>,
        #[serde(default, deserialize_with = "null_as_default")]
        people: Vec<Person>,
        #[serde(default, deserialize_with = "null_as_default")]
        rooms: BTreeMap<String, Person>,
        choice: Option<Choice>,
        code: Option<Code>,
        extra: Option<Value>,
    }

    #[derive(Deserialize, Debug, PartialEq)]
    struct Person {
        name: String,
    }

    #[derive(Deserialize, Debug, PartialEq)]
    enum Choice {
        None,
        One(Person),
    }

    #[derive(Deserialize, Debug, PartialEq)]
    #[serde(transparent)]
    struct Code(String);

    /// Reads a body as text and as a `Value`, with the path to what is wrong as `runtime::decode` reports it.
    fn read(body: &Value) -> Result<Visit, String> {
        let text = body.to_string();
        let mut json = serde_json::Deserializer::from_str(&text);
        let from_text = serde_path_to_error::deserialize::<_, Visit>(Objects(&mut json)).map_err(|e| e.to_string());
        let from_text = from_text.map_err(|e| e.split(" at line").next().unwrap_or_default().to_owned());
        let from_value = serde_path_to_error::deserialize(Objects(body.clone())).map_err(|e| e.to_string());
        assert_eq!(from_text, from_value, "{body}");
        from_text
    }

    #[test]
    fn objects_are_read_as_ever() {
        let person = |name: &str| Person { name: name.to_owned() };
        let visit = Visit {
            id: 5,
            at: Some("2026-03-02T08:15:00Z".parse().unwrap()),
            guide: Some(Box::new(person("a"))),
            people: vec![person("b"), person("c")],
            rooms: BTreeMap::from([("1".to_owned(), person("d"))]),
            choice: Some(Choice::One(person("e"))),
            code: Some(Code("f".to_owned())),
            extra: Some(json!([1, 2.5, [null, true], { "g": [] }])),
        };
        let body = json!({
            "id": 5.0, "at": "2026-03-02T08:15:00Z", "guide": { "name": "a", "age": 7 },
            "people": [{ "name": "b" }, { "name": "c" }], "rooms": { "1": { "name": "d" } },
            "choice": { "One": { "name": "e" } }, "code": "f", "extra": [1, 2.5, [null, true], { "g": [] }], "later": [1],
        });
        assert_eq!(read(&body), Ok(visit));
        let least = read(&json!({ "id": 5, "people": null, "guide": null, "choice": "None" })).unwrap();
        assert_eq!((least.people, least.guide, least.choice), (Vec::new(), None, Some(Choice::None)));
    }

    #[test]
    fn arrays_are_no_objects() {
        let person = "invalid type: sequence, expected struct Person";
        for (body, path, reason) in [
            (json!([5]), "", "invalid type: sequence, expected struct Visit"),
            (json!([]), "", "invalid type: sequence, expected struct Visit"),
            (json!({ "id": 5, "guide": ["a"] }), "guide: ", person),
            (json!({ "id": 5, "people": [{ "name": "b" }, ["c"]] }), "people[1]: ", person),
            (json!({ "id": 5, "rooms": { "1": ["d"] } }), "rooms.1: ", person),
            (json!({ "id": 5, "choice": { "One": ["e"] } }), "choice.One: ", person),
            (json!({ "id": 5, "people": { "name": "b" } }), "people: ", "invalid type: map, expected a sequence"),
        ] {
            assert_eq!(read(&body), Err(format!("{path}{reason}")), "{body}");
        }
    }
}
