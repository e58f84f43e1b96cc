//! What is read of bodies, what it is repaired to, and what it takes of memory.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Reading, path, reading::block};
use crate::runtime::{DateTime, decode::from_json, null_as_default, number, repair};

/// As generated code has them.
#[derive(Deserialize, Debug, PartialEq)]
struct Visit {
    #[serde(deserialize_with = "number::strict")]
    id: i64,
    #[serde(default, deserialize_with = "repair::optional_date_time")]
    at: Option<DateTime>,
    guide: Option<Box<Person>>,
    #[serde(default, deserialize_with = "repair::list_or_default")]
    people: Vec<Person>,
    #[serde(default, deserialize_with = "null_as_default")]
    rooms: BTreeMap<String, Person>,
    code: Option<Code>,
    extra: Option<Value>,
}

#[derive(Deserialize, Debug, PartialEq)]
struct Person {
    name: String,
    #[serde(default, deserialize_with = "repair::optional_date_time")]
    born: Option<DateTime>,
}

/// With optional properties only.
#[derive(Deserialize, Debug, PartialEq)]
struct Open {
    at: Option<DateTime>,
    guide: Option<Box<Open>>,
    code: Option<Code>,
}

#[derive(Deserialize, Debug, PartialEq)]
#[serde(transparent)]
struct Code(String);

const PROPERTIES: &[&str] = &["id", "guide", "people", "rooms", "name", "extra"];

fn read(body: &str, most: usize) -> Result<Visit, String> {
    from_json(body.as_bytes(), PROPERTIES, most).map_err(|e| {
        let reason = e.reason.split(" at line").next().unwrap_or_default();
        format!("{}: {reason}", e.path)
    })
}

#[test]
fn objects_are_read_as_ever() {
    let person = |name: &str| Person { name: name.to_owned(), born: None };
    let visit = Visit {
        id: 5,
        at: Some("2026-03-02T08:15:00Z".parse().unwrap()),
        guide: Some(Box::new(person("a"))),
        people: vec![person("b"), person("c")],
        rooms: BTreeMap::from([("1".to_owned(), person("d"))]),
        code: Some(Code("f".to_owned())),
        extra: Some(json!([1, 2.5, [null, true], { "g": [] }])),
    };
    let body = json!({
        "id": 5.0, "at": "2026-03-02T08:15:00Z", "guide": { "name": "a", "age": 7 },
        "people": [{ "name": "b" }, { "name": "c" }], "rooms": { "1": { "name": "d" } },
        "code": "f", "extra": [1, 2.5, [null, true], { "g": [] }], "later": [1],
    });
    assert_eq!(read(&body.to_string(), usize::MAX), Ok(visit));
    let least = read(r#"{ "id": 5, "people": null, "guide": null }"#, usize::MAX).unwrap();
    assert_eq!((least.people, least.guide), (Vec::new(), None));
}

#[track_caller]
fn check(body: &str, expect: &str) {
    assert_eq!(read(body, usize::MAX), Err(expect.to_owned()), "{body}");
}

#[test]
fn arrays_are_no_objects() {
    let person = |path: &str| format!("{path}: invalid type: sequence, expected struct Person");
    check("[5]", ".: invalid type: sequence, expected struct Visit");
    check("[]", ".: invalid type: sequence, expected struct Visit");
    check(r#"{"id":5,"guide":["a"]}"#, &person("guide"));
    check(r#"{"id":5,"people":[{"name":"b"},["c"]]}"#, &person("people[1]"));
    check(r#"{"id":5,"rooms":{"1":["d"]}}"#, &person("rooms.*"));
    check(r#"{"id":5,"people":{"name":"b"}}"#, "people: invalid type: map, expected a sequence");
}

/// What is repaired, how often, and where; and that it isn't where nobody counts.
#[test]
fn repairs() {
    #[track_caller]
    fn repaired(rest: &str, people: usize, count: usize, places: &[&str]) -> Visit {
        let body = format!(r#"{{"id":5,{rest}}}"#);
        let mut json = serde_json::Deserializer::from_slice(body.as_bytes());
        let reading = Reading::new(usize::MAX);
        let visit = Visit::deserialize(reading.objects(&mut json)).unwrap();
        let (repairs, ways) = reading.repairs();
        let found: Vec<_> = ways.iter().map(|steps| path(body.as_bytes(), steps, PROPERTIES)).collect();
        assert_eq!((visit.people.len(), repairs), (people, count), "{body}");
        assert_eq!(found, places, "{body}");
        assert_eq!(serde_json::from_str::<Visit>(&body).is_err(), count > 0, "{body}");
        visit
    }
    assert_eq!(repaired(r#""at":null"#, 0, 0, &[]).at, None);
    assert_eq!(repaired(r#""at":"""#, 0, 1, &["*"]).at, None);
    let late = repaired(r#""at":"2026-03-02T08:15:00.1234567899+03:00""#, 0, 1, &["*"]).at.unwrap();
    assert_eq!(late.to_string(), "2026-03-02T08:15:00.123456789+03:00");
    repaired(r#""people":null"#, 0, 0, &[]);
    repaired(r#""people":[{"name":"a"}]"#, 1, 0, &[]);
    repaired(r#""people":[null]"#, 0, 1, &["people[0]"]);
    let people = r#""people":[{"name":"a"},null,{"name":"b"},null,{"name":"c"},null,null],"at":"""#;
    repaired(people, 3, 5, &["people[1]", "people[3]", "people[5]"]);
    let people = r#""people":[{"name":"a","born":""},{"name":"b","born":""}]"#;
    repaired(people, 2, 2, &["people[0].*", "people[1].*"]);
    repaired(r#""rooms":{"hunter2":{"name":"","born":""}}"#, 0, 1, &["rooms.*.*"]);
    repaired(r#""extra":[null,""]"#, 0, 0, &[]);
    check(r#"{"id":5,"at":" "}"#, "*: not an RFC 3339 date-time such as 2026-03-02T08:15:00Z");
    check(r#"{"id":5,"at":5}"#, "*: invalid type: integer, expected a string");
    check(r#"{"id":5,"at":[]}"#, "*: invalid type: sequence, expected a string");
    check(r#"{"id":5,"rooms":{"1":null}}"#, "rooms.*: invalid type: null, expected struct Person");
    check(
        r#"{"id":5,"people":[null,{"name":"b"},null,5]}"#,
        "people[3]: invalid type: integer, expected struct Person",
    );
    // What is left out takes no memory.
    let two = |most| read(r#"{"id":5,"people":[null,{"name":""},null,{"name":""},null]}"#, most);
    let room = 4 * size_of::<Person>() + 16;
    assert_eq!((two(room).is_ok(), two(room - 1).is_ok()), (true, false));
}

/// Of the result, or of an element of a list that is, at least one property has to be documented; deeper, none.
#[test]
fn other_objects_are_no_results() {
    fn check<T: serde::de::DeserializeOwned>(body: &str, expect: Result<(), &str>) {
        let read = from_json::<T>(body.as_bytes(), PROPERTIES, usize::MAX).map(|_| ());
        let told = read.map_err(|e| {
            assert!(e.is_other, "{body}");
            format!("{}: {}", e.path, e.reason.split(" at line").next().unwrap_or_default())
        });
        assert_eq!(told.as_ref().copied().map_err(String::as_str), expect, "{body}");
    }
    let other = "it is another object, with none of the documented properties";
    for body in ["{}", r#"{"at":null}"#, r#"{"hunter2":1,"more":{"a":1},"code":"f"}"#, r#"{"guide":{"hunter2":1}}"#] {
        check::<Open>(body, Ok(()));
        check::<Option<Box<Open>>>(body, Ok(()));
        check::<Vec<Open>>(&format!("[{{}},{body}]"), Ok(()));
        check::<BTreeMap<String, Open>>(&format!(r#"{{"id":{body}}}"#), Ok(()));
    }
    check::<Open>(r#"{"hunter2":1}"#, Err(&format!(".: {other}")));
    check::<Option<Box<Open>>>(r#"{"hunter2":{"at":null}}"#, Err(&format!(".: {other}")));
    check::<Open>(
        r#"{"hunter2":1,"name":2,"\u0069d":3,"id":4}"#,
        Err(&format!(r#".: {other}, but ["name", "id", "id"]"#)),
    );
    check::<Vec<Open>>(r#"[{"at":null},{"extra":1},{"name":2}]"#, Err(&format!(r#"[1]: {other}, but ["extra"]"#)));
    check::<BTreeMap<String, Open>>(r#"{"id":{"hunter2":1}}"#, Ok(()));
}

/// Whatever of a wrong type stands where: where it is, and no value.
#[test]
fn values_of_a_wrong_type() {
    for (value, sort) in
        [(r#""hunter2, expected x""#, "string"), ("12345", "integer"), ("-1", "integer"), ("true", "boolean")]
    {
        check(
            &format!(r#"{{"id":5,"guide":{value}}}"#),
            &format!("guide: invalid type: {sort}, expected struct Person"),
        );
        check(
            &format!(r#"{{"id":5,"people":{value}}}"#),
            &format!("people: invalid type: {sort}, expected a sequence"),
        );
        check(&format!(r#"{{"id":5,"rooms":{value}}}"#), &format!("rooms: invalid type: {sort}, expected a map"));
    }
    check(r#"{"id":"hunter2"}"#, "id: invalid type: string, expected i64");
    check(r#"{"id":{"hunter2":1}}"#, "id: invalid type: map, expected i64");
    check(r#"{"id":5,"guide":{"name":12.5}}"#, "guide.name: invalid type: floating point, expected a string");
    check(r#"{"id":5,"guide":{"name":null}}"#, "guide.name: invalid type: null, expected a string");
    check(r#"{"id":5,"id":5}"#, ".: duplicate field `id`");
}

/// What the values of a body take, which is the least limit with which it can be read.
#[test]
fn memory() {
    #[track_caller]
    fn check(rest: &str, expect: usize) {
        let body = format!(r#"{{"id":5{rest}}}"#);
        let least = (0..10_000).find(|most| read(&body, *most).is_ok());
        assert_eq!(least, Some(expect), "{body}");
        let Some(less) = expect.checked_sub(1) else { return };
        let reason = format!("it exceeds the limit max_decoded of {less} bytes");
        let e = read(&body, less).unwrap_err();
        assert!(e.ends_with(&reason), "{e}");
    }
    let person = size_of::<Person>();
    check("", 0);
    // What is ignored takes nothing.
    check(r#","later":[[],{},"abc",5],"more":{"name":"b"}"#, 0);
    check(r#","code":"""#, 0);
    check(r#","code":"f""#, 32);
    check(r#","code":"0123456789012345678901234567890123456789""#, 48);
    // In a box.
    check(r#","guide":{"name":""}"#, block(person));
    check(r#","people":[]"#, 0);
    check(r#","people":[{"name":""}]"#, 4 * person + 16);
    check(r#","people":[{"name":"b"},{"name":""},{"name":""},{"name":""}]"#, 4 * person + 16 + 32);
    let five = format!(r#","people":[{}]"#, [r#"{"name":""}"#; 5].join(","));
    check(&five, 8 * person + 16);
    let room = block(11 * (size_of::<String>() + person) + 16);
    check(r#","rooms":{"":{"name":""}}"#, room);
    check(r#","rooms":{"1":{"name":"d"}}"#, room + 2 * 32);
    check(r#","extra":[[],[]]"#, 4 * size_of::<Value>() + 16);
}
