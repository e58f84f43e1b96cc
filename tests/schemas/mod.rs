//! The JSON Schemas of the Rust types say what the schemas of the specs say. Every
//! deliberate difference is written down in `differences.rs`; one that is no longer there
//! fails as well.

mod canonical;
mod differences;
mod nulls;

use std::collections::BTreeMap;

use differences::{DIFFERENCES, Difference};
use schemars::generate::{Contract, SchemaSettings};
use support::{
    dtos::{self, DTOS, Dto},
    interfaces::SPECS,
    schema::{json_schema, not_null},
};

/// What the types say when they are written, and when they are read, which is what
/// `schema_for!` gives.
const CONTRACTS: [Contract; 2] = [Contract::Serialize, Contract::Deserialize];

fn root_schema(dto: &Dto, contract: &Contract) -> serde_json::Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.contract = contract.clone());
    (dto.json_schema)(settings.into_generator()).to_value()
}

#[test]
fn no_schema_is_forgotten() {
    for (interface, spec) in SPECS.iter() {
        dtos::check_complete(interface, spec);
    }
}

#[test]
fn types_say_what_the_specs_say() {
    let mut uses: BTreeMap<&str, usize> = DIFFERENCES.iter().map(|difference| (difference.name, 0)).collect();
    assert_eq!(uses.len(), DIFFERENCES.len(), "a difference twice");
    let mut unequal = Vec::new();
    for dto in DTOS {
        for contract in &CONTRACTS {
            let place = (dto.interface, dto.schema);
            let mut expected = SPECS[dto.interface].schemas()[dto.schema].clone();
            not_null(expected.as_object_mut().unwrap());
            for difference in DIFFERENCES {
                *uses.get_mut(difference.name).unwrap() += differences::apply(difference, &mut expected);
            }
            let rust = root_schema(dto, contract);
            assert!(!rust.to_string().contains(r#""allOf":"#), "only the specs need it for a reference: {place:?}");
            let (expected, found) = (canonical::form(&json_schema(&expected)), canonical::form(&rust));
            if expected != found {
                unequal.push(format!("{place:?} {contract:?}\n  spec {expected}\n  Rust {found}"));
            }
        }
    }
    assert!(unequal.is_empty(), "{} are not equal:\n{}", unequal.len(), unequal.join("\n"));
    for Difference { name, why, .. } in DIFFERENCES {
        assert!(uses[name] > 0, "no longer a difference: {name} ({why})");
    }
}
