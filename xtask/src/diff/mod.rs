//! `cargo xtask diff`: what changed between two revisions of the specs, and what it means to whom.

mod compare;
mod rename;
mod render;
pub(crate) mod rules;
#[cfg(test)]
mod semver;
#[cfg(test)]
mod tests;
mod version;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use self::{
    compare::{Change, compare},
    render::{changes, entries, json, markdown, rules_page, text, versions},
    rules::{Impact, Verdict},
};
use crate::specs::Specs;

/// What changed between two revisions.
pub(crate) struct Diff {
    pub from: String,
    pub to: String,
    /// The interfaces that changed.
    pub interfaces: Vec<InterfaceDiff>,
    /// The version of the packages, before and now.
    pub versions: (String, String),
}

/// What changed in one interface.
pub(crate) struct InterfaceDiff {
    pub name: String,
    /// The gravest first; without those of descriptions.
    pub changes: Vec<Change>,
    /// How many descriptions changed.
    pub descriptions: usize,
    /// `info.version`, before and now.
    pub versions: (String, String),
    /// How many of today's rules the old spec violates.
    pub violations: usize,
    /// Why nothing is known of the changes: one of the two can't be read.
    pub unreadable: Option<String>,
}

impl Diff {
    pub(crate) fn between(from: &Specs, to: &Specs) -> Self {
        let all = [&from.specs, &to.specs].into_iter().flat_map(BTreeMap::keys);
        let unreadable = [&from.unreadable, &to.unreadable].into_iter().flat_map(BTreeMap::keys);
        let names: BTreeSet<&String> = all.chain(unreadable).collect();
        let interfaces = names.into_iter().map(|name| {
            let (old, new) = (from.specs.get(name), to.specs.get(name));
            let facts = |read: Option<&crate::specs::Read>| read.map(|read| read.facts.clone()).unwrap_or_default();
            let (old_facts, new_facts) = (facts(old), facts(new));
            let reason = |specs: &Specs| {
                let reason = specs.unreadable.get(name)?.lines().next().unwrap_or_default();
                Some(format!("the one in {} can't be read: {reason}", specs.revision))
            };
            let unreadable = reason(from).or_else(|| reason(to));
            let changes = if unreadable.is_some() { Vec::new() } else { compare(&old_facts, &new_facts) };
            let (descriptions, changes): (Vec<_>, Vec<_>) = changes.into_iter().partition(Change::is_of_text);
            InterfaceDiff {
                name: name.clone(),
                changes,
                descriptions: descriptions.len(),
                versions: (version::of(&old_facts), version::of(&new_facts)),
                violations: old.map_or(0, |read| read.violations),
                unreadable,
            }
        });
        Self {
            from: from.revision.clone(),
            to: to.revision.clone(),
            interfaces: interfaces.filter(InterfaceDiff::is_changed).collect(),
            versions: (from.version.clone(), to.version.clone()),
        }
    }

    pub(crate) fn verdict(&self) -> Verdict {
        self.interfaces.iter().fold(Verdict::NONE, |verdict, interface| verdict.and(interface.verdict()))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.interfaces.is_empty()
    }

    /// The version that the packages need at least.
    pub(crate) fn crate_version(&self) -> Option<String> {
        version::bumped(&self.versions.0, self.verdict().rust()).filter(|_| !self.is_empty())
    }

    /// Whether all versions say what they have to say.
    pub(crate) fn is_versioned(&self) -> bool {
        let crates = self.crate_version().is_none_or(|needed| version::suffices(&self.versions.1, &needed));
        crates && self.interfaces.iter().all(InterfaceDiff::is_versioned)
    }
}

impl InterfaceDiff {
    fn is_changed(&self) -> bool {
        !self.changes.is_empty() || self.descriptions > 0 || self.unreadable.is_some()
    }

    /// The gravest where nothing is known.
    pub(crate) fn verdict(&self) -> Verdict {
        let known = if self.unreadable.is_some() { Verdict::WORST } else { Verdict::NONE };
        self.changes.iter().fold(known, |verdict, change| verdict.and(change.verdict()))
    }

    /// What `info.version` has to be at least; nothing for a spec that is new or gone.
    pub(crate) fn spec_version(&self) -> Option<String> {
        version::bumped(&self.versions.0, self.verdict().wire).filter(|_| !self.versions.1.is_empty())
    }

    /// Whether `info.version` says what it has to say.
    pub(crate) fn is_versioned(&self) -> bool {
        self.spec_version().is_none_or(|needed| version::suffices(&self.versions.1, &needed))
    }
}

impl Change {
    /// Whether it is of a text for people only.
    fn is_of_text(&self) -> bool {
        self.rules.iter().all(|rule| rule.id == "description-changed")
    }
}
