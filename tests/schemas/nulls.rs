//! Null in place of an absent property: a server may write it, as .NET does, and a request has none. By the letter of OpenAPI
//! 3.0.3, `nullable` adds null to the `type` next to it and to nothing else: a reference, an enum or an `allOf` refuses null
//! unless it allows it too.

use serde_json::{Value, json};
use support::{interfaces::SPECS, schema::requires};

use crate::validator::Document;

#[test]
fn null_is_an_optional_property_of_a_response() {
    let (mut received, mut wrong) = (0, Vec::new());
    for (interface, spec) in SPECS.iter() {
        let (schemas, sent) = (spec.schemas(), spec.sent());
        let mut document = Document::new(schemas);
        for (name, schema) in schemas.as_object().unwrap() {
            let is_sent = sent.contains(name.as_str());
            for (property, value) in schema["properties"].as_object().into_iter().flatten() {
                let expect = !is_sent && !requires(schema, property) || value["x-any"] == true;
                received += usize::from(expect);
                let validator = document.at(&format!("{name}/properties/{property}"));
                if validator.validate(&Value::Null).is_ok() != expect {
                    wrong.push(format!("{interface}: {name}.{property}: null should be {expect}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(received > 200, "{received}");
}

/// What is only sent in an object, be it in a map, isn't null either.
#[test]
fn no_request_has_null() {
    let mut document = Document::new(SPECS["contractor"].schemas());
    for (name, body) in [
        ("CallStatusInputDTO", json!({"status": null})),
        ("CallTaskStatusInputDTO", json!({"status": null})),
        ("PatchCallCostApprovalStatusInputDTO", json!({"expenses": {"1": null}})),
        ("PatchCallCostApprovalStatusInputDTO", json!({"materials": {"1": null}})),
        ("PostCallTaskItemDTO", json!({"taskId": 1, "newStatus": null})),
    ] {
        assert!(document.at(name).validate(&body).is_err(), "{name} {body}");
    }
}
