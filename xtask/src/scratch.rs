//! A copy of the workspace, for tests that change it.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::Command,
};

use crate::specs::git;

/// A copy of the workspace as git sees it, with what isn't committed, as a repository of one commit. It is gone in the end.
pub(crate) struct Scratch {
    pub root: PathBuf,
}

impl Scratch {
    /// A copy below `target/`, where hard links work; `None` where this is not a clone, or git is missing.
    pub(crate) fn of_workspace(name: &str) -> Option<Self> {
        let Ok(files) = git(workspace(), &["ls-files", "--cached", "--others", "--exclude-standard"]) else {
            println!("skipped: this is not a clone, or git is missing");
            return None;
        };
        let root = workspace().join("target/scratch").join(name);
        if root.exists() {
            fs::remove_dir_all(&root).unwrap();
        }
        let scratch = Self { root };
        // A file that was removed is listed until that is committed.
        for file in files.lines().filter(|file| workspace().join(file).exists()) {
            copy(&workspace().join(file), &scratch.root.join(file)).unwrap();
        }
        scratch.git(&["init", "--quiet"]);
        scratch.commit("before");
        Some(scratch)
    }

    /// Takes over what cargo built in the workspace, so that only what the test changes is compiled. It is a target folder
    /// of its own, since a package at two places has artifacts of the same names.
    pub(crate) fn link_target(&self) {
        let (from, to) = (workspace().join("target/debug"), self.root.join("target/debug"));
        for folder in ["build", "deps", ".fingerprint"] {
            if from.join(folder).exists() {
                link(&from.join(folder), &to.join(folder)).unwrap();
            }
        }
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        fs::write(self.root.join(path), text).unwrap_or_else(|e| panic!("{path}: {e}"));
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let who = ["-c", "user.name=test", "-c", "user.email=test@example.org"];
        git(&self.root, &[&who[..], arguments].concat()).unwrap_or_else(|e| panic!("{e}"))
    }

    pub(crate) fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", message]);
    }

    /// Whether cargo ends well, and what it prints.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> (bool, String) {
        let output = cargo(&self.root).args(arguments).env("CARGO_INCREMENTAL", "0").output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&text).into_owned())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What a failed test leaves is there to be looked at.
        if !std::thread::panicking() {
            let _ = fs::remove_dir_all(&self.root);
        }
    }
}

/// Cargo in a folder, without what the cargo that runs the test says of xtask: build scripts look at it, and would run anew.
pub(crate) fn cargo(folder: &Path) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        let is_of_package = |name: &str| ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|of| name.starts_with(of));
        if name.to_str().is_some_and(is_of_package) {
            cargo.env_remove(name);
        }
    }
    cargo.current_dir(folder);
    cargo
}

pub(crate) fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// With its time, by which cargo tells what has to be compiled.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to.parent().unwrap())?;
    fs::copy(from, to)?;
    fs::File::options().write(true).open(to)?.set_modified(fs::metadata(from)?.modified()?)
}

/// Links what is only ever replaced, and copies what is written over. What was compiled of the packages that a test changes
/// is left out: the output of a build script names the folder that it ran in, and executables are large.
fn link(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_dir() {
            let package = name.rsplit_once('-').map_or("", |(package, _)| package);
            if !["casewire", "casewire-examples", "casewire-tests", "consumer", "xtask"].contains(&package) {
                link(&path, &target)?;
            }
        } else if [".rlib", ".rmeta", ".so"].iter().any(|end| name.ends_with(end)) || name.starts_with("build") {
            fs::hard_link(&path, &target)?;
        } else if from.file_name().is_none_or(|folder| folder != "deps") || name.ends_with(".d") {
            copy(&path, &target)?;
        }
    }
    Ok(())
}
