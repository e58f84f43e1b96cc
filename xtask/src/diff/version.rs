//! The version that a change asks for, by Semantic Versioning as cargo reads it.

use casewire_codegen::{Aspect, Fact, Subject};

use super::Impact;

/// `info.version`.
pub(super) fn of(facts: &[Fact]) -> String {
    let version = facts.iter().find(|fact| fact.of == Subject::Interface && fact.aspect == Aspect::Version);
    version.map(|fact| fact.value.clone()).unwrap_or_default()
}

/// The least version that may follow; nothing when `version` is no version of Semantic Versioning.
pub(super) fn bumped(version: &str, impact: Impact) -> Option<String> {
    let [major, minor, patch] = parse(version)?;
    // Before 1.0, the minor number is the one that breaks.
    let [major, minor, patch] = match (impact, major) {
        (Impact::Major, 0) => [0, minor + 1, 0],
        (Impact::Minor | Impact::Patch, 0) => [0, minor, patch + 1],
        (Impact::Major, _) => [major + 1, 0, 0],
        (Impact::Minor, _) => [major, minor + 1, 0],
        (Impact::Patch, _) => [major, minor, patch + 1],
    };
    Some(format!("{major}.{minor}.{patch}"))
}

/// Whether `version` is at least what is needed.
pub(super) fn suffices(version: &str, needed: &str) -> bool {
    match (parse(version), parse(needed)) {
        (Some(version), Some(needed)) => version >= needed,
        _ => false,
    }
}

fn parse(version: &str) -> Option<[u64; 3]> {
    // A pre-release is meant to become the version.
    let version = version.split(['-', '+']).next().unwrap_or(version);
    let numbers: Option<Vec<u64>> = version.split('.').map(|number| number.parse().ok()).collect();
    numbers?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::{Impact, bumped, suffices};

    #[test]
    fn versions() {
        let after = |version, impact| bumped(version, impact).unwrap_or_default();
        assert_eq!(after("1.2.3", Impact::Major), "2.0.0");
        assert_eq!(after("1.2.3", Impact::Minor), "1.3.0");
        assert_eq!(after("1.2.3", Impact::Patch), "1.2.4");
        assert_eq!(after("0.2.3", Impact::Major), "0.3.0");
        assert_eq!(after("0.2.3", Impact::Minor), "0.2.4");
        assert_eq!(after("v1", Impact::Minor), "");
        assert!(suffices("0.3.0-rc.1", "0.3.0") && !suffices("0.3.0-rc.1", "0.3.1"));
        assert!(suffices("1.10.0", "1.9.0") && suffices("2.0.0", "2.0.0") && !suffices("1.9.9", "2.0.0"));
    }
}
