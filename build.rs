//! Turns the spec of each enabled interface into its client, in `$OUT_DIR/<interface>.rs`.
//! Without the feature `codegen` there is nothing to do: the crate compiles the committed `src/generated/`.

#[cfg(not(feature = "codegen"))]
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
}

#[cfg(feature = "codegen")]
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let enabled = |interface: &str| std::env::var_os(format!("CARGO_FEATURE_{}", interface.to_uppercase())).is_some();
    for interface in casewire_codegen::INTERFACES.iter().copied().filter(|interface| enabled(interface)) {
        println!("cargo::rerun-if-changed=specs/{interface}.yaml");
        if let Err(e) = casewire_codegen::build(interface) {
            e.to_string().lines().for_each(|line| println!("cargo::error={line}"));
        }
    }
}
