//! Every operation that isn't idempotent says in the spec how to find out whether it happened when its response is lost;
//! idempotent ones are simply repeated. What such a paragraph names exists.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/yaml.rs"]
mod yaml;

use std::collections::BTreeSet;

use casewire::{Operation, callback, contractor, crpt, legalcase};
use serde_json::Value;

const BEGIN: &str = "When the response is lost: ";

fn check(text: &str, operations: &[Operation]) {
    let spec = yaml::parse(text);
    let ids: BTreeSet<&str> = operations.iter().map(|operation| operation.id).collect();
    let mut known = ids.clone();
    for schema in spec["components"]["schemas"].as_object().unwrap().values() {
        known.extend(schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.as_str()));
        known.extend(schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str));
    }
    for operation in operations {
        let id = operation.id;
        let described = spec["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap().values());
        let described = described.into_iter().find(|described| described["operationId"] == id).expect(id);
        let description = described["description"].as_str().expect(id);
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
    check(include_str!("../specs/callback.yaml"), callback::OPERATIONS);
    check(include_str!("../specs/contractor.yaml"), contractor::OPERATIONS);
    check(include_str!("../specs/crpt.yaml"), crpt::OPERATIONS);
    check(include_str!("../specs/legalcase.yaml"), legalcase::OPERATIONS);
}
