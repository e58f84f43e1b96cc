//! The public surface of every generated client, as a text that is reviewed whenever it
//! changes; and that the committed clients are what the specs give, byte for byte.

use std::{fs, path::Path};

use casewire_codegen::{Spec, generate, interfaces, read_spec, surface};

/// The workspace.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn all() -> Vec<String> {
    let all = interfaces(&root().join("specs")).unwrap();
    assert_eq!(all, ["callback", "contractor", "crpt", "legalcase"]);
    all
}

fn spec(interface: &str) -> Spec {
    read_spec(&root().join("specs"), interface).unwrap_or_else(|e| panic!("{e}"))
}

fn generated(interface: &str) -> String {
    generate(interface, &spec(interface)).unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn surfaces() {
    // `cargo xtask regen` writes them, by these names.
    insta::with_settings!({ prepend_module_to_snapshot => false }, {
        for interface in &all() {
            insta::assert_snapshot!(format!("surface__{interface}"), surface(interface, &spec(interface), &generated(interface)).unwrap());
        }
    });
}

#[test]
fn committed_clients_are_what_the_specs_give() {
    for interface in &all() {
        let committed = root().join(format!("src/generated/{interface}.rs"));
        let committed = fs::read_to_string(committed).unwrap();
        assert!(committed == generated(interface), "src/generated/{interface}.rs is stale; run `cargo xtask regen`");
    }
}

#[test]
fn generating_twice_gives_the_same_bytes() {
    for interface in &all() {
        assert!(generated(interface) == generated(interface), "{interface}");
    }
}
