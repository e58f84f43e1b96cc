//! `cargo xtask conformance` and `cargo xtask docs`: what the tools of others make of the specs. Both are programs in Python,
//! in `specs/conformance/`, since most of these tools are; this only finds Python and hands the arguments on.

use std::{
    ffi::OsString,
    path::Path,
    process::{Command, ExitCode},
};

/// Runs a program of `specs/conformance/` with the arguments.
///
/// # Errors
/// When there is no Python 3.11 or newer, which has what the programs read their list of tools with.
pub(crate) fn run(root: &Path, program: &str, arguments: impl Iterator<Item = OsString>) -> Result<ExitCode, String> {
    let python = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    let has_tomllib = Command::new(&python).args(["-c", "import tomllib"]).output();
    if !has_tomllib.is_ok_and(|output| output.status.success()) {
        let python = python.to_string_lossy();
        return Err(format!("{python}: not Python 3.11 or newer; install it, or name another one in PYTHON"));
    }
    let path = root.join("specs/conformance").join(program);
    let status = Command::new(&python).arg("-B").arg(&path).args(arguments).current_dir(root).status();
    let status = status.map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
