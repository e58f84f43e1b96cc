//! The pipeline of casewire: from an OpenAPI 3.0 spec in YAML to the source of a typed client.
//!
//! `load -> check -> read -> lower -> progenitor -> raise -> print`: [`load`] reads the file and remembers where everything
//! stands, [`check`] reports everything that is wrong with it at once, and [`generate`] does the rest.

mod check;
mod facts;
mod generator;
mod interface;
mod load;
mod lower;
mod names;
mod print;
mod provenance;
mod raise;
mod read;
mod surface;

use std::{
    fmt,
    path::{Path, PathBuf},
};

pub use check::{Violation, Violations, check};
pub use load::{Spec, load};
pub use provenance::provenance;
pub use surface::surface;

/// The interfaces that have a spec, each a feature, a module and a file in `specs/`.
pub const INTERFACES: &[&str] = &["contractor", "crpt", "legalcase", "callback"];

/// Why there is no client.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The spec breaks rules; all of them are listed.
    Spec(Violations),
    /// The spec file can't be read.
    Io(String, std::io::Error),
    /// The pipeline met something that it doesn't understand. With a spec that passes [`check`], this is a defect of
    /// the pipeline, or progenitor's output has changed.
    Pipeline {
        /// The operation, schema or part of the output.
        at: String,
        /// What was expected and what was found.
        reason: String,
    },
}

impl Error {
    pub(crate) fn internal(at: &str, reason: &str) -> Self {
        Self::Pipeline { at: at.to_owned(), reason: reason.to_owned() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Spec(violations) => violations.fmt(f),
            Self::Io(path, e) => write!(f, "{path}: {e}"),
            Self::Pipeline { at, reason } => write!(f, "{at}: {reason}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Spec(violations) => Some(violations),
            Self::Io(_, e) => Some(e),
            Self::Pipeline { .. } => None,
        }
    }
}

impl From<Violations> for Error {
    fn from(violations: Violations) -> Self {
        Self::Spec(violations)
    }
}

/// The source of the client of `interface`. The same spec gives the same bytes.
///
/// # Errors
/// When the spec breaks a rule of [`check`], or the pipeline can't do what it planned.
pub fn generate(interface: &str, spec: &Spec) -> Result<String, Error> {
    check(spec)?;
    let interface = read::read(&spec.document(), interface)?;
    let raised = raise::raise(generator::run(&interface)?, &interface)?;
    Ok(print::print(&raised, &interface.name))
}

/// Reads the spec of `interface` below `root`, the folder of the workspace.
///
/// # Errors
/// When the file can't be read, or is not an OpenAPI document.
pub fn read(root: &Path, interface: &str) -> Result<Spec, Error> {
    let file = format!("specs/{interface}.yaml");
    let yaml = std::fs::read_to_string(root.join(&file)).map_err(|e| Error::Io(file.clone(), e))?;
    Ok(load(&file, &yaml)?)
}

/// For build scripts: generates the client of `interface` into `$OUT_DIR/<interface>.rs`, from the spec below
/// `$CARGO_MANIFEST_DIR`.
///
/// # Errors
/// As [`read`] and [`generate`], and when the file can't be written.
pub fn build(interface: &str) -> Result<(), Error> {
    let directory = |variable: &str| {
        let value = std::env::var_os(variable).map(PathBuf::from);
        value.ok_or_else(|| Error::internal(variable, "not set: `build` is for build scripts"))
    };
    let source = generate(interface, &read(&directory("CARGO_MANIFEST_DIR")?, interface)?)?;
    let target = directory("OUT_DIR")?.join(format!("{interface}.rs"));
    std::fs::write(&target, source).map_err(|e| Error::Io(target.display().to_string(), e))
}
