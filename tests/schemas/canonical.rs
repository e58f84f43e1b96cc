//! One form for the JSON Schemas that schemars writes and those that the specs are
//! converted to, so that they can be compared. Only ways of writing the same thing are
//! made equal here; a keyword that isn't known is a panic, never left out.

use serde_json::{Map, Value};
use support::schema::SAME;

/// A JSON Schema in that form. Definitions stand elsewhere, and a title repeats the name.
pub fn form(schema: &Value) -> Value {
    // Anything goes.
    if *schema == Value::Bool(true) {
        return Value::Object(Map::new());
    }
    let mut canonical = Map::new();
    for (keyword, value) in schema.as_object().unwrap() {
        match (keyword.as_str(), value) {
            ("$schema" | "$defs" | "title", _) => {}
            ("$ref", _) => refer(&mut canonical, value),
            // In OpenAPI 3.0 a reference has no siblings; with `allOf` around it, it has.
            // Its type is then said twice.
            ("allOf", _) => canonical.extend(form(only(value)).as_object().unwrap().clone()),
            ("type", Value::String(_)) if schema.get("allOf").is_some() => {}
            ("type", Value::Array(types)) => {
                let others: Vec<_> = types.iter().filter(|name| *name != "null").collect();
                let [only] = others[..] else { panic!("types {types:?}") };
                if schema.get("allOf").is_none() {
                    canonical.insert("type".to_owned(), only.clone());
                }
                if types.len() > 1 {
                    canonical.insert("nullable".to_owned(), true.into());
                }
            }
            ("anyOf", Value::Array(choices)) if choices.iter().any(is_null) => {
                let [only, _] = &choices[..] else { panic!("anyOf {choices:?}") };
                canonical.extend(form(only).as_object().unwrap().clone());
                canonical.insert("nullable".to_owned(), true.into());
            }
            // Documentation is wrapped.
            ("description", Value::String(text)) => {
                let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
                canonical.insert(keyword.clone(), text.into());
            }
            _ => other(&mut canonical, keyword, value),
        }
    }
    Value::Object(canonical)
}

fn other(canonical: &mut Map<String, Value>, keyword: &str, value: &Value) {
    let value = match keyword {
        "items" | "additionalProperties" => form(value),
        "anyOf" | "oneOf" => value.as_array().unwrap().iter().map(form).collect(),
        "properties" => {
            let properties = value.as_object().unwrap().iter().map(|(name, schema)| (name.clone(), form(schema)));
            Value::Object(properties.collect())
        }
        // A set.
        "required" => {
            let mut names = value.as_array().unwrap().clone();
            names.sort_by_key(Value::to_string);
            if names.is_empty() {
                return;
            }
            Value::Array(names)
        }
        _ => {
            assert!(SAME.contains(&keyword), "no rule for `{keyword}`");
            value.clone()
        }
    };
    let twice = canonical.insert(keyword.to_owned(), value);
    assert_eq!(twice, None, "`{keyword}` twice");
}

/// References by name. `CallDTO` is `CallDto` in Rust.
fn refer(canonical: &mut Map<String, Value>, reference: &Value) {
    let name = reference.as_str().unwrap().strip_prefix("#/$defs/").unwrap();
    canonical.insert("$ref".to_owned(), name.to_lowercase().into());
}

fn only(list: &Value) -> &Value {
    let [only] = &list.as_array().unwrap()[..] else { panic!("not one alone: {list}") };
    only
}

fn is_null(schema: &Value) -> bool {
    schema.get("type").is_some_and(|name| name == "null")
}

#[test]
fn ways_of_writing_the_same() {
    use support::schema::json_schema;

    let check = |spec: &str, rust: &str| {
        let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        assert_eq!(form(&json_schema(&read(spec))), form(&read(rust)), "{spec} and {rust}");
    };
    check(r#"{"type":"string","nullable":true}"#, r#"{"type":["string","null"]}"#);
    check(
        r##"{"type":"object","nullable":true,"description":"d","allOf":[{"$ref":"#/components/schemas/UserDTO"}]}"##,
        r##"{"description":"d","anyOf":[{"$ref":"#/$defs/UserDto"},{"type":"null"}]}"##,
    );
    check(r#"{"type":"array","items":{}}"#, r#"{"title":"Things","type":"array","items":true}"#);
    check(
        r#"{"type":"object","properties":{"a":{},"b":{}},"required":["b","a"]}"#,
        r#"{"type":"object","properties":{"b":true,"a":true},"required":["a","b"]}"#,
    );
}
