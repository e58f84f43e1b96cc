//! `cargo xtask new-interface NAME`: a spec, a module and a feature to begin with, which compile at once.

use std::{fs, path::Path};

/// Lays the files out, and says what is left to do.
///
/// # Errors
/// When `name` can't be a module and a feature, or is taken: then nothing is written. When a file can't be written.
pub(crate) fn lay_out(root: &Path, name: &str) -> Result<String, String> {
    let is_name = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    let is_there = [format!("src/{name}"), format!("specs/{name}.yaml")].iter().any(|path| root.join(path).exists());
    if !is_name || TAKEN.contains(&name) || KEYWORDS.contains(&name) || is_there {
        return Err(format!("{name}: not a name for an interface; write a-z, 0-9 and _, and none that is taken"));
    }
    let read = |path: &str| fs::read_to_string(root.join(path)).map_err(|e| format!("{path}: {e}"));
    let manifest = read("Cargo.toml")?;
    let manifest = after(&manifest, "\ndefault = [", &format!("\"{name}\", "), "Cargo.toml")?;
    let manifest = after(&manifest, "# One feature per interface.\n", &format!("{name} = []\n"), "Cargo.toml")?;
    let library = read("src/lib.rs")?;
    let module = format!("\n#[cfg(feature = \"{name}\")]\npub mod {name};");
    let library = after(&library, "\npub mod legalcase;", &module, "src/lib.rs")?;
    let row = format!("\n//! | `{name}` | the interface {name} | yes |");
    let library = after(
        &library,
        "\n//! |---|---|---|\n//! | `contractor` | the interface ContractorPersonalArea | yes |",
        &row,
        "src/lib.rs",
    )?;
    let files = [
        ("Cargo.toml".to_owned(), manifest),
        ("src/lib.rs".to_owned(), library),
        (format!("specs/{name}.yaml"), SPEC.replace("NAME", name)),
        (format!("src/{name}/mod.rs"), MODULE.replace("NAME", name)),
        (format!("src/{name}/connect.rs"), CONNECT.replace("NAME", name)),
    ];
    for (path, content) in &files {
        let fail = |e: std::io::Error| format!("{path}: {e}");
        let file = root.join(path);
        fs::create_dir_all(file.parent().unwrap_or(root)).map_err(fail)?;
        fs::write(&file, content).map_err(fail)?;
    }
    Ok(LEFT.replace("NAME", name))
}

/// Modules, features and items that the crate has already.
const TAKEN: [&str; 14] = [
    "codegen",
    "default",
    "generated",
    "http2",
    "jiff",
    "native_tls",
    "runtime",
    "rustls",
    "schemars",
    "self",
    "socks",
    "super",
    "tls",
    "tracing",
];

/// Words that can't name a module in Rust.
const KEYWORDS: [&str; 50] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
    "move", "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type",
    "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield", "std",
];

fn after(text: &str, anchor: &str, new: &str, path: &str) -> Result<String, String> {
    match text.split_once(anchor) {
        Some((before, rest)) => Ok(format!("{before}{anchor}{new}{rest}")),
        None => Err(format!("{path}: there is no `{}`, after which the interface would stand", anchor.trim())),
    }
}

const SPEC: &str = "\
# NAME, written by hand. The extensions that may be used are explained in specs/README.md.

openapi: 3.0.3

info:
  title: NAME
  version: 0.1.0
  description: What the interface is for, who calls it, and in which order.
  contact:
    name: casewire maintainers
  license:
    name: MIT OR Apache-2.0
    url: https://spdx.org/licenses/

servers:
  - url: https://NAME.example

tags:
  - name: Status
    description: How the server is

paths:
  /status:
    get:
      tags: [Status]
      operationId: getStatus
      summary: Get the status
      description: Says how the server is.
      security: []
      responses:
        '200':
          description: How the server is
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Status'
              example:
                text: up
      x-source:
        document: The title of the document
        heading: The heading in it

components:
  schemas:
    Status:
      type: object
      description: How the server is.
      required: [text]
      properties:
        text:
          type: string
          description: In a word
      x-source:
        document: The title of the document
        heading: The heading in it
";

const MODULE: &str = "\
//! NAME: what the interface is for.
//!
//! [`Client::connect`] makes a client; everything else here is generated from `specs/NAME.yaml`.

crate::runtime::generated!(\"NAME\");

mod connect;

pub use self::generated::*;
pub use crate::{Config, Error};
";

const CONNECT: &str = "\
//! Connecting: no operation needs a credential.

use super::Client;
use crate::{Config, ConfigError, runtime::Executor};

impl Client {
    /// A client for the server that `config` names.
    ///
    /// # Errors
    /// When the configuration can't work; see [`ConfigError`].
    pub fn connect(config: Config) -> Result<Self, ConfigError> {
        Ok(Self::over(Executor::new(&config, ())?))
    }
}
";

const LEFT: &str = "\
specs/NAME.yaml, src/NAME/ and the feature `NAME` are there. Now
  write the spec, then `cargo xtask regen`
  README.md, CHANGELOG.md: a row, a section
  src/NAME/: credentials, if operations need any: a `Dialect` in place of `()`, as in `src/callback/auth.rs`
  sandbox/src/NAME/, sandbox/src/lib.rs: a server
  tests/support/interfaces/NAME/, tests/wire/NAME/, tests/life/NAME/: its rows
  tests/surface.rs, tests/consumer/Cargo.toml, fuzz/compiled/Cargo.toml, benches/builds, .ci/run: its name in the lists
";

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::lay_out;

    #[test]
    fn a_fifth_interface() {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let root = std::env::temp_dir().join(format!("casewire-new-interface-{}", std::process::id()));
        fs::create_dir_all(root.join("src/crpt")).unwrap();
        for file in ["Cargo.toml", "src/lib.rs"] {
            fs::copy(workspace.join(file), root.join(file)).unwrap();
        }
        fs::create_dir_all(root.join("specs")).unwrap();
        fs::write(root.join("specs/redocly.yaml"), "").unwrap();
        for name in ["", "crpt", "tls", "Parcels", "par-cels", "../parcels", "1", "type", "redocly"] {
            assert!(lay_out(&root, name).is_err(), "{name}");
        }
        assert_eq!(fs::read_dir(root.join("specs")).unwrap().count(), 1);
        let left = lay_out(&root, "parcels").unwrap();
        assert!(left.starts_with("specs/parcels.yaml, src/parcels/ and the feature `parcels` are there."), "{left}");
        let spec = casewire_codegen::read_spec(&root.join("specs"), "parcels").unwrap();
        assert!(casewire_codegen::generate("parcels", &spec).unwrap().contains("pub fn get_status"));
        let read = |path: &str| fs::read_to_string(root.join(path)).unwrap();
        assert!(read("Cargo.toml").contains("\nparcels = []\n"));
        assert!(read("Cargo.toml").contains("\ndefault = [\"parcels\", "));
        assert!(read("src/lib.rs").contains("\n#[cfg(feature = \"parcels\")]\npub mod parcels;\n"));
        assert!(read("src/parcels/mod.rs").contains("generated!(\"parcels\")"));
        assert!(lay_out(&root, "parcels").is_err(), "it is there already");
        fs::remove_dir_all(root).unwrap();
    }
}
