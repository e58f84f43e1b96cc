//! Makes every file that follows from the specs, and hands all of them to one function that writes or compares.

use std::{fmt::Write, fs, io, path::Path};

use crate::{
    diff::{self, Diff},
    specs::{Revision, Specs, released},
    todo,
};

/// A file that follows from the specs: its path below the workspace, and what it has to contain.
struct Output {
    path: String,
    content: String,
}

/// Writes all outputs below `root`, or with `check` compares them. Says what changed.
pub(crate) fn regen(root: &Path, check: bool) -> Result<String, String> {
    let outputs = outputs(root)?;
    let mut report = String::new();
    let mut stale = 0;
    for output in &outputs {
        if let Some(change) = settle(root, output, check)? {
            stale += 1;
            let _ = writeln!(report, "{}: {change}", output.path);
        }
    }
    if stale == 0 {
        let _ = writeln!(report, "{} files are what the specs say", outputs.len());
    }
    if check && stale == 0 {
        return Ok(report);
    }
    if check {
        return Err(format!("{report}\n{stale} of {} files are stale; run `cargo xtask regen`", outputs.len()));
    }
    report.push_str(&meaning(root));
    Ok(report)
}

/// What the changes since the last commit mean, and what is left to do. The files are written, whatever this finds.
fn meaning(root: &Path) -> String {
    let diff = || {
        let from = Specs::at(root, &Revision::Git("HEAD".to_owned()))?;
        let to = Specs::at(root, &Revision::WorkTree)?;
        let diff = Diff::between(&from, &to);
        let interfaces: Vec<_> = to.specs.keys().cloned().collect();
        let left = if diff.is_empty() { String::new() } else { todo::left(root, &diff, &interfaces)? };
        let versions = match released(root) {
            Some(tag) => diff::versions(&Diff::between(&Specs::at(root, &Revision::Git(tag))?, &to)),
            None => "Versions stay: there is no tag `v…` of a release.\n".to_owned(),
        };
        Ok::<_, String>(format!("\n{}\n{versions}\n{left}", diff::changes(&diff)))
    };
    diff().unwrap_or_else(|e| format!("\nWhat changed since HEAD can't be said: {e}\n"))
}

fn outputs(root: &Path) -> Result<Vec<Output>, String> {
    let mut outputs = Vec::new();
    let mut specs = Vec::new();
    let folder = root.join("specs");
    let interfaces = casewire_codegen::interfaces(&folder).map_err(|e| e.to_string())?;
    belong_together(root, &interfaces)?;
    for interface in &interfaces {
        let spec = casewire_codegen::read_spec(&folder, interface).map_err(|e| e.to_string())?;
        let source = casewire_codegen::generate(interface, &spec).map_err(|e| e.to_string())?;
        let surface = casewire_codegen::surface(interface, &spec, &source).map_err(|e| e.to_string())?;
        outputs.push(Output { path: format!("src/generated/{interface}.rs"), content: source });
        outputs.push(Output {
            path: format!("tests/snapshots/surface__{interface}.snap"),
            content: format!("---\nsource: tests/surface.rs\n---\n{}\n", surface.trim_end()),
        });
        specs.push(spec);
    }
    outputs.push(Output { path: "specs/PROVENANCE.md".to_owned(), content: casewire_codegen::provenance(&specs) });
    let guide = fs::read_to_string(root.join("specs/README.md")).map_err(|e| format!("specs/README.md: {e}"))?;
    let guide = casewire_codegen::guide(&guide, &specs).map_err(|e| format!("specs/README.md: {e}"))?;
    outputs.push(Output { path: "specs/README.md".to_owned(), content: guide });
    outputs.push(Output { path: "docs/changes.md".to_owned(), content: diff::rules_page() });
    Ok(outputs)
}

/// Each spec has a feature and a folder of its own, and each folder a spec.
fn belong_together(root: &Path, interfaces: &[String]) -> Result<(), String> {
    let manifest = fs::read_to_string(root.join("Cargo.toml")).map_err(|e| format!("Cargo.toml: {e}"))?;
    for interface in interfaces {
        let feature = format!("\n{interface} = [");
        if !manifest.contains(&feature) {
            return Err(format!("specs/{interface}.yaml: there is no feature `{interface}` in Cargo.toml; add one"));
        }
        if !root.join(format!("src/{interface}/mod.rs")).exists() {
            return Err(format!("specs/{interface}.yaml: there is no module src/{interface}; add one"));
        }
    }
    for entry in fs::read_dir(root.join("src")).map_err(|e| format!("src: {e}"))? {
        let path = entry.map_err(|e| format!("src: {e}"))?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let module = fs::read_to_string(path.join("mod.rs")).unwrap_or_default();
        if module.contains("generated!(") && !interfaces.contains(&name) {
            return Err(format!("src/{name}: there is no specs/{name}.yaml; add one"));
        }
    }
    Ok(())
}

/// The one place that writes. Gives what changed, or would change; `None` when nothing does.
fn settle(root: &Path, output: &Output, check: bool) -> Result<Option<&'static str>, String> {
    let path = root.join(&output.path);
    let fail = |e: io::Error| format!("{}: {e}", output.path);
    let change = match fs::read_to_string(&path) {
        Ok(old) if old == output.content => return Ok(None),
        Ok(_) => "changed",
        Err(e) if e.kind() == io::ErrorKind::NotFound => "new",
        Err(e) => return Err(fail(e)),
    };
    if !check {
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(fail)?;
        }
        // Next to it first, so that a full disk leaves the old file whole.
        let new = path.with_extension("regen-new");
        fs::write(&new, &output.content).and_then(|()| fs::rename(&new, &path)).map_err(|e| {
            let _ = fs::remove_file(&new);
            fail(e)
        })?;
    }
    Ok(Some(change))
}
