//! Bodies that may take much, made of a schema.

use std::fmt;

use serde_json::{Map, Value, json};

use support::{
    schema::{self, Shape},
    spec::Spec,
};

/// How deep a schema is looked into.
const DEPTH: usize = 5;

/// A body with a part that is repeated.
pub struct Body {
    head: String,
    part: String,
    separator: &'static str,
    tail: String,
    /// Where the last part may be a long string instead.
    is_list: bool,
}

impl Body {
    fn list(head: &str, part: &str, tail: &str) -> Self {
        let (head, tail) = (format!("{head}["), format!("]{tail}"));
        Self { head, part: part.to_owned(), separator: ",", tail, is_list: true }
    }

    /// With a part that is repeated as it stands.
    fn run(head: &str, part: &str, tail: &str) -> Self {
        let [head, part, tail] = [head, part, tail].map(str::to_owned);
        Self { head, part, separator: "", tail, is_list: false }
    }

    /// The body of this length in bytes, or a little less. Of it, `share` is what is
    /// repeated, and the rest a string with an escape at its end.
    pub fn text(&self, length: usize, share: f64) -> String {
        let room = length - self.head.len() - self.tail.len();
        let repeated = if self.is_list { (room as f64 * share) as usize } else { room };
        let mut body = String::with_capacity(length);
        body += &self.head;
        let mut number = 0_usize;
        while body.len() - self.head.len() + self.part.len() + 16 < repeated {
            if number > 0 {
                body += self.separator;
            }
            body += &self.part.replace('#', &format!("{number:x}"));
            number += 1;
        }
        let rest = room.saturating_sub(body.len() - self.head.len() + 16);
        if self.is_list && rest > 64 {
            body += if number > 0 { ",\"" } else { "\"" };
            body.extend(std::iter::repeat_n('\u{7f}', rest));
            body += "\\n\"";
        }
        body + &self.tail
    }
}

impl fmt::Display for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}…{}", self.head, self.part, self.separator, self.tail)
    }
}

/// The schemas of the JSON bodies of an operation, with a status for each.
pub fn schemas<'a>(spec: &'a Spec, id: &str) -> Vec<(u16, &'a Value)> {
    let mut found = Vec::new();
    for (status, response) in spec.responses(id) {
        let schema = &response["content"]["application/json"]["schema"];
        // Any status that an operation doesn't document is a `default`.
        let status = status.parse().unwrap_or(299);
        found.extend((!schema.is_null()).then_some((status, schema)));
    }
    found
}

pub fn candidates(spec: &Spec, schema: &Value) -> Vec<Body> {
    let mut found = vec![
        Body::list("", "{}", ""),
        Body::run("", "[", ""),
        Body::run("\"", "\u{7f}", "\\n\""),
        Body::run(r#"{"\n"#, "a", r#"":[1}"#),
    ];
    collect(spec, schema, "", "", DEPTH, &mut found);
    found
}

/// The bodies in which what is repeated stands where `schema` describes, between `head` and `tail`.
fn collect(spec: &Spec, schema: &Value, head: &str, tail: &str, depth: usize, found: &mut Vec<Body>) {
    let schema = resolved(spec, schema);
    if depth == 0 {
        return;
    }
    match schema::shape(schema) {
        Shape::Array(items) => {
            for element in elements(spec, items) {
                found.push(Body::list(head, &element, tail));
            }
            let inside = (format!("{head}["), format!("]{tail}"));
            collect(spec, items, &inside.0, &inside.1, depth - 1, found);
        }
        Shape::String => found.push(Body::run(&format!("{head}\""), "\u{7f}", &format!("\\n\"{tail}"))),
        Shape::Map(_) | Shape::OneOf(_) | Shape::Any => {
            for value in ["0", "\"\"", "\"a\"", "[]", "{}", r##"{"#":{}}"##, "[[]]"] {
                found.push(Body {
                    separator: ",",
                    ..Body::run(&format!("{head}{{"), &format!("\"#\":{value}"), &format!("}}{tail}"))
                });
                found.push(Body::list(&format!("{head}{{\"a\":"), value, &format!("}}{tail}")));
            }
        }
        Shape::Object(properties) => {
            let object = least(spec, schema, depth);
            let whole = object.as_object().unwrap();
            for (name, property) in properties {
                let mut others = whole.clone();
                others.remove(name);
                let others = Value::Object(others).to_string();
                let others = others.trim_start_matches('{').trim_end_matches('}');
                let comma = if others.is_empty() { "" } else { "," };
                let head = format!("{head}{{{others}{comma}\"{name}\":");
                collect(spec, property, &head, &format!("}}{tail}"), depth - 1, found);
            }
            // What the schema doesn't know.
            let others = object.to_string();
            let others = others.trim_start_matches('{').trim_end_matches('}');
            let comma = if others.is_empty() { "" } else { "," };
            for part in ["[]", r#"{"a":0}"#, r#"{"a":[{}]}"#] {
                let head = format!("{head}{{{others}{comma}\"later\":");
                found.push(Body::list(&head, part, &format!("}}{tail}")));
            }
        }
        _ => {}
    }
}

/// Cheap values of a schema: with as little as may be, with each of the properties, and
/// with all of them.
fn elements(spec: &Spec, schema: &Value) -> Vec<String> {
    let schema = resolved(spec, schema);
    let properties = match schema::shape(schema) {
        Shape::Object(properties) => Some(properties),
        Shape::Map(_) | Shape::OneOf(_) | Shape::Any => None,
        _ => return vec!["\"\"".to_owned(), "\"a\"".to_owned(), "0".to_owned(), "null".to_owned()],
    };
    let least = least(spec, schema, DEPTH);
    let mut all = least.clone();
    let mut found = vec![least.to_string()];
    for (name, property) in properties.into_iter().flatten() {
        let mut one = least.clone();
        one[name] = some(spec, property, DEPTH);
        all[name] = one[name].clone();
        found.push(one.to_string());
    }
    found.push(all.to_string());
    found
}

/// The required properties of an object.
fn least(spec: &Spec, schema: &Value, depth: usize) -> Value {
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let value = |name: &str| (name.to_owned(), some(spec, &schema["properties"][name], depth.saturating_sub(1)));
    Value::Object(required.map(value).collect::<Map<_, _>>())
}

/// A value that takes memory of its own, if there is one.
fn some(spec: &Spec, schema: &Value, depth: usize) -> Value {
    let schema = resolved(spec, schema);
    match schema::shape(schema) {
        Shape::Array(items) if depth > 0 => json!([some(spec, items, depth - 1)]),
        Shape::Array(_) => json!([]),
        Shape::Object(_) | Shape::Map(_) | Shape::OneOf(_) | Shape::Any => least(spec, schema, depth),
        Shape::Integer | Shape::Number => json!(0),
        Shape::Boolean => json!(true),
        _ if schema["format"] == "date-time" => json!("2026-01-01T00:00:00Z"),
        _ if schema["format"] == "byte" => json!("AAAA"),
        _ => json!("a"),
    }
}

fn resolved<'a>(spec: &'a Spec, schema: &'a Value) -> &'a Value {
    schema::resolved(spec.schemas(), schema)
}
