//! Turns the spec of each enabled interface into its client, in `$OUT_DIR/<interface>.rs`.
//! Without the feature `codegen` there is nothing to do: the crate compiles the committed `src/generated/`.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "codegen")]
    if let Err(e) = casewire_codegen::build() {
        e.to_string().lines().for_each(|line| println!("cargo::error={line}"));
    }
}
