//! The specs at a revision, with the version of the packages there.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use casewire_codegen::Fact;

/// A state of the repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Revision {
    /// What is on the disk.
    WorkTree,
    /// What a name of git stands for: a tag, a branch, a commit.
    Git(String),
}

/// The specs at a revision.
pub(crate) struct Specs {
    /// As git has it, or `the work tree`.
    pub revision: String,
    /// By interface.
    pub specs: BTreeMap<String, Read>,
    /// The interfaces whose spec can't be read, and why.
    pub unreadable: BTreeMap<String, String>,
    /// The version of all packages.
    pub version: String,
}

/// A spec and its facts.
pub(crate) struct Read {
    pub facts: Vec<Fact>,
    /// How many of today's rules an older spec violates. Its facts are what can be read.
    pub violations: usize,
}

impl Specs {
    /// # Errors
    /// When git doesn't know the revision, or a spec on the disk can't be read. One of an earlier revision may be
    /// [`unreadable`](Self::unreadable).
    pub(crate) fn at(root: &Path, revision: &Revision) -> Result<Self, String> {
        match revision {
            Revision::WorkTree => Self::on_disk(root),
            Revision::Git(name) => Self::in_git(root, name),
        }
    }

    fn on_disk(root: &Path) -> Result<Self, String> {
        let folder = root.join("specs");
        let mut specs = BTreeMap::new();
        for interface in casewire_codegen::interfaces(&folder).map_err(|e| e.to_string())? {
            let spec = casewire_codegen::read_spec(&folder, &interface).map_err(|e| e.to_string())?;
            casewire_codegen::check(&spec).map_err(|e| e.to_string())?;
            let facts = casewire_codegen::facts(&interface, &spec).map_err(|e| e.to_string())?;
            specs.insert(interface, Read { facts, violations: 0 });
        }
        let manifest = fs::read_to_string(root.join("Cargo.toml")).map_err(|e| format!("Cargo.toml: {e}"))?;
        let revision = "the work tree".to_owned();
        Ok(Self { revision, specs, unreadable: BTreeMap::new(), version: version(&manifest) })
    }

    fn in_git(root: &Path, name: &str) -> Result<Self, String> {
        // A name that begins with a dash would be an option.
        let commit =
            git(root, &["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{name}^{{commit}}")]);
        let commit = commit.map_err(|_| format!("{name}: not a revision of this repository"))?;
        let commit = commit.trim();
        let files = git(root, &["ls-tree", "--name-only", commit, "specs/"])?;
        let (mut specs, mut unreadable) = (BTreeMap::new(), BTreeMap::new());
        for file in files.lines() {
            let interface = casewire_codegen::interface_of(file.trim_start_matches("specs/"));
            let Some(interface) = interface else { continue };
            let yaml = git(root, &["show", &format!("{commit}:{file}")])?;
            // What was once committed can't be mended any more.
            match Read::leniently(interface, file, &yaml) {
                Ok(read) => drop(specs.insert(interface.to_owned(), read)),
                Err(reason) => drop(unreadable.insert(interface.to_owned(), reason)),
            }
        }
        let manifest = git(root, &["show", &format!("{commit}:Cargo.toml")]).unwrap_or_default();
        Ok(Self { revision: name.to_owned(), specs, unreadable, version: version(&manifest) })
    }
}

impl Read {
    /// A spec that may violate today's rules.
    fn leniently(interface: &str, file: &str, yaml: &str) -> Result<Self, String> {
        let spec = casewire_codegen::load(file, yaml).map_err(|e| e.to_string())?;
        let violations = casewire_codegen::check(&spec).err().map_or(0, |violations| violations.iter().count());
        let facts = casewire_codegen::facts(interface, &spec).map_err(|e| e.to_string())?;
        Ok(Self { facts, violations })
    }
}

/// The tag of the last release: the one at the last commit, or before it.
pub(crate) fn released(root: &Path) -> Option<String> {
    tag_before(root, "HEAD")
}

/// The tag of the release before the one at the last commit, or before the one that the last commit will be.
pub(crate) fn released_before(root: &Path) -> Option<String> {
    let is_tagged = git(root, &["describe", "--tags", "--match", "v[0-9]*", "--exact-match"]).is_ok();
    tag_before(root, if is_tagged { "HEAD^" } else { "HEAD" })
}

fn tag_before(root: &Path, commit: &str) -> Option<String> {
    let tag = git(root, &["describe", "--tags", "--match", "v[0-9]*", "--abbrev=0", commit]).ok()?;
    Some(tag.trim().to_owned())
}

/// What git prints.
pub(crate) fn git(root: &Path, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new("git").arg("-C").arg(root).args(arguments).output();
    let output = output.map_err(|e| format!("git: {e}"))?;
    if !output.status.success() {
        let reason = String::from_utf8_lossy(&output.stderr);
        return Err(format!("git {}: {}", arguments.join(" "), reason.trim()));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("git {}: not UTF-8", arguments.join(" ")))
}

/// The version that the packages of the workspace share.
fn version(manifest: &str) -> String {
    let section = manifest.split("[workspace.package]").nth(1).or_else(|| manifest.split("[package]").nth(1));
    let line = section.and_then(|section| section.lines().find_map(|line| line.strip_prefix("version = ")));
    line.unwrap_or_default().trim().trim_matches('"').to_owned()
}
