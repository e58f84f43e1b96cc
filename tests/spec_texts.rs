//! Every operation that isn't idempotent says in the spec how to find out whether it
//! happened when its response is lost; idempotent ones are simply retried. What such a
//! paragraph names exists.

use std::collections::BTreeSet;

use serde_json::Value;
use support::{
    interfaces::{Callback, Contractor, Crpt, Interface, Legalcase, spec},
    yaml,
};

const BEGIN: &str = "When the response is lost: ";

fn check<I: Interface>() {
    let (spec, operations) = (spec::<I>(), I::OPERATIONS);
    let ids: BTreeSet<&str> = operations.iter().map(|operation| operation.id).collect();
    let mut known = ids.clone();
    for schema in spec.schemas().as_object().unwrap().values() {
        known.extend(schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.as_str()));
        known.extend(schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str));
    }
    for operation in operations {
        let id = operation.id;
        let description = spec.operation(id)["description"].as_str().expect(id);
        let last = description.lines().last().unwrap();
        let found = description.matches(BEGIN).count();
        assert_eq!(found, usize::from(!operation.idempotent), "{id}: {description}");
        assert_eq!(last.starts_with(BEGIN), !operation.idempotent, "{id}: the paragraph is the last: {description}");
        for name in last.split('`').skip(1).step_by(2).filter(|_| !operation.idempotent) {
            assert!(known.contains(name), "{id} names `{name}`, which is neither an operation nor a property");
        }
        // What is called is an operation.
        for called in last.split("all `").skip(1).filter(|_| !operation.idempotent) {
            let called = called.split('`').next().unwrap();
            assert!(ids.contains(called), "{id} says to call `{called}`");
        }
    }
}

#[test]
fn lost_responses() {
    check::<Callback>();
    check::<Contractor>();
    check::<Crpt>();
    check::<Legalcase>();
}

/// What only an extension says, no other tool shows: the error codes of a response are a table in its description, too.
#[test]
fn error_codes() {
    let spec = spec::<Contractor>();
    let mut documented = 0;
    for (id, statuses) in spec.statuses() {
        for status in statuses {
            let response = spec.responses(id).into_iter().find(|(other, _)| *other == status).unwrap().1;
            let rows = response["description"].as_str().unwrap().lines().filter_map(|line| line.strip_prefix("| "));
            let rows = rows.filter_map(|row| row.split_once(" | ")?.0.parse::<i64>().ok());
            let codes: Vec<i64> = spec.error_codes(id, status).into_keys().collect();
            assert_eq!(rows.collect::<Vec<_>>(), codes, "{id} {status}");
            documented += codes.len();
        }
    }
    assert_eq!(documented, 38);
}

/// The reader of the specs is told what they are written in.
#[test]
fn what_the_specs_are_written_in() {
    let read = yaml::parse(
        "# comment\na: 1\nl: |-\n  | x |\n\n  y\n'200':\n  - b\n  - c: >-\n      one\n      two\n\n      three\n    d: 'it''s: 5'\n  - []\n\
         e:\nf: 13.11.2020 11:59:06\n/g/{h}:\n  i: null\nj: -55.7793\nk: 3.0.3\n",
    );
    let expect = r#"{"a":1,"l":"| x |\n\ny","200":["b",{"c":"one two\nthree","d":"it's: 5"},[]],"e":null,"f":"13.11.2020 11:59:06",
        "/g/{h}":{"i":null},"j":-55.7793,"k":"3.0.3"}"#;
    assert_eq!(read, serde_json::from_str::<Value>(expect).unwrap());
}
