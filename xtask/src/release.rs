//! `cargo xtask release --dry-run`: whether what is here can be released, and the commands that do it.
//! `cargo xtask release specs`: the archive for teams in other languages.

use std::{fmt::Write, fs, io, path::Path, process::Command};

use flate2::{Compression, GzBuilder};
use serde_json::Value;

use crate::{
    diff::{self, Diff},
    document::digest,
    regen,
    specs::{Revision, Specs, git, released, released_before},
};

/// What is published, in an order in which each finds what it depends on.
const PACKAGES: [&str; 3] = ["casewire-codegen", "casewire", "casewire-sandbox"];

/// All checks, each with what it found; then the commands.
///
/// # Errors
/// The same text, when a check failed.
pub(crate) fn dry_run(root: &Path) -> Result<String, String> {
    let now = Specs::at(root, &Revision::WorkTree)?;
    let version = now.version.clone();
    let checks: [(&str, Result<String, String>); 7] = [
        ("the work tree is committed", committed(root)),
        ("what is generated is current", regen::regen(root, true).map(|_| String::new())),
        ("the packages have one version, and depend on each other exactly", bound(root, &version)),
        ("the versions are those that the changes ask for", verdict(root, &now)),
        ("the changelog has the version", changelog(root, &version)),
        ("the documentation builds as docs.rs builds it", documentation(root)),
        ("the packages can be made", packages(root)),
    ];
    let mut report = String::new();
    let mut failed = 0;
    for (what, outcome) in checks {
        let (mark, detail) = match outcome {
            Ok(detail) => ("ok", detail),
            Err(detail) => ("FAILED", detail),
        };
        failed += usize::from(mark != "ok");
        let _ = writeln!(report, "{mark:6} {what}");
        detail.lines().for_each(|line| report.push_str(&format!("         {line}\n")));
    }
    if failed > 0 {
        return Err(format!("{report}\n{failed} checks failed: {version} can't be released"));
    }
    let _ = writeln!(report, "\nTo release {version}:\n  git tag --sign v{version} --message v{version}");
    PACKAGES.iter().for_each(|package| report.push_str(&format!("  cargo publish --package {package}\n")));
    let _ = writeln!(report, "  git push origin v{version}\n  cargo xtask release specs");
    Ok(report)
}

pub(crate) fn committed(root: &Path) -> Result<String, String> {
    let changed = git(root, &["status", "--porcelain"])?;
    if changed.is_empty() { Ok(String::new()) } else { Err(changed) }
}

/// What cargo says of the workspace.
fn metadata(root: &Path) -> Result<Value, String> {
    let printed = cargo(root, &["metadata", "--no-deps", "--format-version", "1"], &[])?;
    serde_json::from_str(&printed).map_err(|e| format!("cargo metadata: {e}"))
}

pub(crate) fn bound(root: &Path, version: &str) -> Result<String, String> {
    let metadata = metadata(root)?;
    let packages = metadata["packages"].as_array().cloned().unwrap_or_default();
    let mut wrong = String::new();
    for package in packages.iter().filter(|package| PACKAGES.iter().any(|name| package["name"] == *name)) {
        let name = package["name"].as_str().unwrap_or_default();
        if package["version"] != version {
            let _ = writeln!(wrong, "{name} is {}, not {version}", package["version"]);
        }
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let on = dependency["name"].as_str().unwrap_or_default();
            if on.starts_with("casewire") && dependency["req"] != format!("={version}") {
                let _ = writeln!(wrong, "{name} depends on {on} {}; make it \"={version}\"", dependency["req"]);
            }
        }
    }
    if wrong.is_empty() { Ok(String::new()) } else { Err(wrong) }
}

pub(crate) fn verdict(root: &Path, now: &Specs) -> Result<String, String> {
    let Some(tag) = released(root) else { return Ok("nothing was released yet".to_owned()) };
    let diff = Diff::between(&Specs::at(root, &Revision::Git(tag))?, now);
    if diff.is_versioned() { Ok(diff::versions(&diff)) } else { Err(diff::versions(&diff)) }
}

pub(crate) fn changelog(root: &Path, version: &str) -> Result<String, String> {
    let text = fs::read_to_string(root.join("CHANGELOG.md")).map_err(|e| format!("CHANGELOG.md: {e}"))?;
    let title = format!("\n## [{version}] - ");
    if !text.contains(&title) {
        return Err(format!("CHANGELOG.md: there is no `{}YYYY-MM-DD`", title.trim_start()));
    }
    let unreleased = section(&text, "## [Unreleased]").unwrap_or_default();
    if unreleased.lines().any(|line| line.starts_with("- ")) {
        return Err("CHANGELOG.md: [Unreleased] has entries; move them to the version".to_owned());
    }
    Ok(String::new())
}

/// What stands below a heading, up to the next of its level.
fn section<'a>(text: &'a str, title: &str) -> Option<&'a str> {
    let rest = text.split_once(title)?.1;
    Some(rest.split("\n## ").next().unwrap_or(rest))
}

fn documentation(root: &Path) -> Result<String, String> {
    let metadata = metadata(root)?;
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let Some(name) = package["name"].as_str().filter(|name| PACKAGES.contains(name)) else { continue };
        let features = package["metadata"]["docs"]["rs"]["features"].as_array().into_iter().flatten();
        let features: Vec<_> = features.filter_map(Value::as_str).collect();
        let features = features.join(",");
        let arguments = ["doc", "--no-deps", "--package", name, "--features", &features];
        cargo(root, &arguments, &[("RUSTDOCFLAGS", "-D warnings")])?;
    }
    Ok(String::new())
}

fn packages(root: &Path) -> Result<String, String> {
    let mut arguments = vec!["package", "--no-verify", "--allow-dirty"];
    PACKAGES.iter().for_each(|package| arguments.extend(["--package", package]));
    cargo(root, &arguments, &[]).map(|_| String::new())
}

/// What cargo prints.
fn cargo(root: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Result<String, String> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let output = command.current_dir(root).args(arguments).envs(variables.iter().copied()).output();
    let output = output.map_err(|e| format!("cargo: {e}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Writes `target/casewire-specs-<version>.tar.gz`, the same bytes for the same commit and tags.
///
/// # Errors
/// When a file can't be read or written.
pub(crate) fn archive(root: &Path) -> Result<String, String> {
    let now = Specs::at(root, &Revision::WorkTree)?;
    let name = format!("casewire-specs-{}", now.version);
    // What the guide links to outside its folder is next to it here.
    let mut guide = read(root, "specs/README.md")?;
    for (link, file) in [
        ("../docs/changes.md", "CHANGES.md"),
        ("../docs/deprecation.md", "DEPRECATION.md"),
        ("../CHANGELOG.md", "CHANGELOG.md"),
    ] {
        guide = guide.replace(&format!("({link})"), &format!("({file})"));
    }
    let mut files = vec![
        ("README.md".to_owned(), guide),
        ("CHANGES.md".to_owned(), read(root, "docs/changes.md")?),
        ("CHANGELOG.md".to_owned(), of_specs(&read(root, "CHANGELOG.md")?)),
        ("DEPRECATION.md".to_owned(), read(root, "docs/deprecation.md")?),
        ("LICENSE-APACHE".to_owned(), read(root, "LICENSE-APACHE")?),
        ("LICENSE-MIT".to_owned(), read(root, "LICENSE-MIT")?),
        ("NOTES.md".to_owned(), notes(root, &now)?),
        ("PROVENANCE.md".to_owned(), read(root, "specs/PROVENANCE.md")?),
    ];
    for interface in now.specs.keys() {
        files.push((format!("{interface}.yaml"), read(root, &format!("specs/{interface}.yaml"))?));
    }
    // What the guide links to below its folder, as git has it.
    for path in git(root, &["ls-files", "specs/clients", "specs/conformance", "specs/sources"])?.lines() {
        files.push((path.trim_start_matches("specs/").to_owned(), read(root, path)?));
    }
    files.sort();
    let mut sums = String::new();
    for (path, content) in &files {
        let _ = writeln!(sums, "{}  {path}", digest(content.as_bytes()));
    }
    files.push(("SHA256SUMS".to_owned(), sums));
    let path = format!("target/{name}.tar.gz");
    let bytes = packed(&name, &files).map_err(|e| format!("{path}: {e}"))?;
    let fail = |e: io::Error| format!("{path}: {e}");
    fs::create_dir_all(root.join("target")).map_err(fail)?;
    fs::write(root.join(&path), &bytes).map_err(fail)?;
    Ok(format!("{}  {path}\n", digest(&bytes)))
}

fn read(root: &Path, path: &str) -> Result<String, String> {
    fs::read_to_string(root.join(path)).map_err(|e| format!("{path}: {e}"))
}

/// What changed since the last release.
fn notes(root: &Path, now: &Specs) -> Result<String, String> {
    let Some(tag) = released_before(root) else { return Ok("# Notes\n\nThe first release.\n".to_owned()) };
    let diff = Diff::between(&Specs::at(root, &Revision::Git(tag.clone()))?, now);
    Ok(format!("# Notes\n\nSince {tag}.\n\n{}", diff::markdown(&diff)))
}

/// The changelog without what doesn't concern the specs.
fn of_specs(changelog: &str) -> String {
    let mut out = String::from("# Changelog of the specs\n");
    let mut is_of_specs = false;
    for line in changelog.lines() {
        if line.starts_with("## ") {
            is_of_specs = false;
            let _ = write!(out, "\n{line}\n");
        } else if line.starts_with("### ") {
            is_of_specs = line.starts_with("### specs/");
            if is_of_specs {
                out.push('\n');
            }
        }
        if is_of_specs && !line.is_empty() {
            let _ = writeln!(out, "{line}");
            if line.starts_with("### ") {
                out.push('\n');
            }
        }
    }
    out
}

fn packed(folder: &str, files: &[(String, String)]) -> io::Result<Vec<u8>> {
    let gzip = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    let mut archive = tar::Builder::new(gzip);
    for (path, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, format!("{folder}/{path}"), content.as_bytes())?;
    }
    archive.into_inner()?.finish()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::{of_specs, packed, section};

    const CHANGELOG: &str = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A thing.\n\n### specs/a.yaml\n\n- `x` was added,\n  \
                             and more.\n\n## [0.1.0] - 2026-01-02\n\n### specs/b.yaml\n\n- The first.\n";

    #[test]
    fn the_changelog_of_the_specs() {
        let expect = "# Changelog of the specs\n\n## [Unreleased]\n\n### specs/a.yaml\n\n- `x` was added,\n  and more.\n\n\
                      ## [0.1.0] - 2026-01-02\n\n### specs/b.yaml\n\n- The first.\n";
        assert_eq!(of_specs(CHANGELOG), expect);
        assert!(section(CHANGELOG, "## [Unreleased]").unwrap().ends_with("and more.\n"));
    }

    #[test]
    fn the_archive_is_the_same_for_the_same_files() {
        let files = [("a.yaml".to_owned(), "openapi: 3.0.3\n".to_owned()), ("b".to_owned(), String::new())];
        let bytes = packed("specs-1", &files).unwrap();
        assert_eq!(bytes, packed("specs-1", &files).unwrap());
        let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(bytes.as_slice()));
        let read: Vec<_> = archive
            .entries()
            .unwrap()
            .map(|entry| {
                let mut entry = entry.unwrap();
                let mut content = String::new();
                entry.read_to_string(&mut content).unwrap();
                (entry.path().unwrap().display().to_string(), content)
            })
            .collect();
        let expect = files.map(|(path, content)| (format!("specs-1/{path}"), content));
        assert_eq!(read, expect);
    }
}
