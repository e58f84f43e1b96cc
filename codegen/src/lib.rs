//! The pipeline of casewire: from an OpenAPI 3.0 spec in YAML to the source of a typed client.
//!
//! `document -> check -> read -> lower -> progenitor -> raise -> print`: [`load`] reads the file and remembers where everything
//! stands, [`check`] reports everything that is wrong with it at once, and [`generate`] does the rest.

mod check;
mod document;
mod error;
mod extension;
mod facts;
mod generator;
mod interface;
mod lower;
mod names;
mod nearest;
mod pattern;
mod print;
mod provenance;
mod raise;
mod read;
mod surface;
mod violation;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

pub use check::check;
pub use document::{Spec, load};
pub use error::Error;
pub use facts::{Aspect, Fact, Place, Places, Subject, facts};
pub use provenance::{guide, provenance};
pub use surface::surface;
pub use violation::{Violation, Violations};

/// The source of the client of `interface`. The same spec gives the same bytes.
///
/// # Errors
/// When the spec violates a rule of [`check`], or when progenitor's output is not what the interface expects.
pub fn generate(interface: &str, spec: &Spec) -> Result<String, Error> {
    check(spec)?;
    let interface = read::read(&spec.document(), interface)?;
    let raised = raise::raise(generator::run(&interface)?, &interface)?;
    Ok(print::print(&raised, &interface.name))
}

/// The interfaces that have a spec in `folder`, in alphabetical order: its files decide which there are.
///
/// # Errors
/// When the folder can't be read.
pub fn interfaces(folder: &Path) -> Result<Vec<String>, Error> {
    let fail = |e| Error::Io(folder.display().to_string(), e);
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if let Some(stem) = name.strip_suffix(".yml") {
            let reason = format!("{}: call it {stem}.yaml, or it is not looked at", path.display());
            return Err(Error::Folder(reason));
        }
        names.extend(interface_of(name).map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

/// The interface whose spec a file of this name is; `None` where it is not a spec.
#[must_use]
pub fn interface_of(file: &str) -> Option<&str> {
    // The configuration of a linter, which may stand in a folder of one's own.
    file.strip_suffix(".yaml").filter(|name| *name != "redocly")
}

/// Reads the spec of `interface` in `folder`.
///
/// # Errors
/// When the file can't be read, or is not an OpenAPI document.
pub fn read_spec(folder: &Path, interface: &str) -> Result<Spec, Error> {
    let path = folder.join(format!("{interface}.yaml"));
    let yaml = std::fs::read_to_string(&path).map_err(|e| Error::Io(path.display().to_string(), e))?;
    // In the workspace, a place that an editor finds from its root.
    let folder = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    Ok(load(&format!("{folder}/{interface}.yaml"), &yaml)?)
}

/// For the build script of the package `casewire`: generates the client of each interface whose feature is enabled into
/// `$OUT_DIR/<interface>.rs`. A spec is taken from the folder `$CASEWIRE_SPECS` if it is there, and from
/// `$CARGO_MANIFEST_DIR/specs` otherwise.
///
/// # Errors
/// As [`read_spec`] and [`generate`]; when `$CASEWIRE_SPECS` is not an absolute path, or has no spec or one of another interface;
/// and when a file can't be written.
pub fn build() -> Result<(), Error> {
    let directory = |variable: &str| {
        let value = std::env::var_os(variable).map(PathBuf::from);
        value.ok_or_else(|| Error::internal(variable, "not set: `build` is for build scripts"))
    };
    let (specs, target) = (directory("CARGO_MANIFEST_DIR")?.join("specs"), directory("OUT_DIR")?);
    let known = interfaces(&specs)?;
    println!("cargo::rerun-if-env-changed={OWN_SPECS}");
    let own = std::env::var_os(OWN_SPECS).map(PathBuf::from);
    let replaced = own.as_ref().map(|own| own_specs(own, &known)).transpose()?.unwrap_or_default();
    let enabled = |interface: &str| std::env::var_os(format!("CARGO_FEATURE_{}", interface.to_uppercase())).is_some();
    for interface in known.iter().filter(|interface| enabled(interface)) {
        let folder = own.as_ref().filter(|_| replaced.contains(interface)).unwrap_or(&specs);
        println!("cargo::rerun-if-changed={}", folder.join(format!("{interface}.yaml")).display());
        let spec = read_spec(folder, interface)?;
        let source = generate(interface, &spec)?;
        if folder != &specs {
            let lost = lost(&facts(interface, &read_spec(&specs, interface)?)?, &facts(interface, &spec)?);
            if !lost.is_empty() {
                // cargo shows it where the package doesn't compile.
                println!(
                    "cargo::warning={interface}.yaml in {OWN_SPECS} has no {}. What casewire has by hand, such as signing in, \
                     may need them under the names in its own spec",
                    lost.join(", ")
                );
            }
        }
        let target = target.join(format!("{interface}.rs"));
        std::fs::write(&target, source).map_err(|e| Error::Io(target.display().to_string(), e))?;
    }
    Ok(())
}

/// The variable with the folder of a user's own specs.
const OWN_SPECS: &str = "CASEWIRE_SPECS";

/// What a spec has and a user's own doesn't, of what code can name.
fn lost(specs: &[Fact], own: &[Fact]) -> Vec<String> {
    let own: BTreeSet<_> = own.iter().map(|fact| &fact.of).collect();
    let is_named = |of: &Subject| {
        matches!(of, Subject::Operation(_) | Subject::Scheme(_) | Subject::Type(_) | Subject::Property { .. })
    };
    let of_own = |of: &Option<Subject>| of.as_ref().is_none_or(|of| own.contains(of));
    let existing = specs.iter().filter(|fact| fact.aspect == Aspect::Exists).map(|fact| &fact.of);
    // With a schema, its properties are gone.
    let lost = existing.filter(|of| is_named(of) && !own.contains(of) && of_own(&of.parent()));
    lost.map(Subject::to_string).collect()
}

/// The interfaces that a user's own folder has specs of.
fn own_specs(folder: &Path, known: &[String]) -> Result<Vec<String>, Error> {
    let wrong = |what: &str| Err(Error::Folder(format!("{OWN_SPECS}={}: {what}", folder.display())));
    if !folder.is_absolute() {
        return wrong("not an absolute path; in `[env]` of .cargo/config.toml, write `relative = true` next to it");
    }
    if !folder.is_dir() {
        return wrong("not a folder");
    }
    println!("cargo::rerun-if-changed={}", folder.display());
    let own = interfaces(folder)?;
    if own.is_empty() {
        return wrong("no spec is in it; put contractor.yaml or another one there");
    }
    match own.iter().find(|interface| !known.contains(interface)) {
        Some(other) => {
            wrong(&format!("`{other}.yaml` belongs to no interface; the interfaces are {}", known.join(", ")))
        }
        None => Ok(own),
    }
}

#[cfg(test)]
mod tests {
    use super::{facts, load, lost};

    const BASE: &str = include_str!("../tests/cases/base.yaml");

    #[track_caller]
    fn check(from: &str, to: &str, expected: &[&str]) {
        let of = |yaml: &str| facts("base", &load("base.yaml", yaml).unwrap()).unwrap();
        assert_eq!(lost(&of(BASE), &of(&BASE.replace(from, to))), expected, "{from}");
    }

    #[test]
    fn names_that_an_own_spec_lost() {
        check("operationId: getSeal", "operationId: readSeal", &["`getSeal`"]);
        check("Robot", "Machine", &["security scheme `Robot`"]);
        check("ParcelInput", "NewParcel", &["schema `ParcelInput`"]);
        check("        fragile:", "        brittle:", &["`fragile` of `ParcelInput`"]);
        check("enum: [New, Sent]", "enum: [Sent]", &[]);
        check("    State:", "    Mood: {type: string}\n    State:", &[]);
    }
}
