//! Recognizes what has another name now, so that a renamed schema isn't one removed, one added, and a change wherever it
//! is used.

use casewire_codegen::{Aspect, Fact, Subject};

use super::{
    compare::{Change, Side},
    rules,
};

/// The old facts with the new names, and the changes of names.
pub(super) fn follow(mut old: Vec<Fact>, new: &[Fact]) -> (Vec<Fact>, Vec<Change>) {
    let mut changes = Vec::new();
    for (from, to) in same_headers(&old, new) {
        changes.push(Change::new(&from, rules::HEADER_CASE_CHANGED, format!("{from} is written `{}` now", to.name())));
        old.iter_mut().for_each(|fact| follow_in(fact, &from, &to));
    }
    // Schemas first, as the facts of all others name them; then operations, then what they have.
    for is_kind in [is_type, is_scheme, is_operation, is_member] {
        // Until nothing is found: one that names another is like its old self only once that has its new name.
        loop {
            let pairs = renamed(&old, new, is_kind);
            for (from, to) in &pairs {
                changes.push(change(from, to));
                old.iter_mut().for_each(|fact| follow_in(fact, from, to));
            }
            if pairs.is_empty() {
                break;
            }
        }
    }
    (old, changes)
}

/// Names of headers mean the same in any case. Where the setter has another name for it, it is one that was renamed.
fn same_headers(old: &[Fact], new: &[Fact]) -> Vec<(Subject, Subject)> {
    let (before, after) = (Side::new(old), Side::new(new));
    let is_header = |of: &Subject| matches!(of, Subject::Header { .. } | Subject::Parameter { location: "header", .. });
    let is_same = |from: &Subject, to: &Subject| {
        from.parent() == to.parent()
            && std::mem::discriminant(from) == std::mem::discriminant(to)
            && from.name().eq_ignore_ascii_case(&to.name())
            && from.rust_name() == to.rust_name()
    };
    let gone = before.subjects().filter(|of| is_header(of) && !after.has(of));
    let pairs = gone.filter_map(|from| {
        let to = after.subjects().find(|to| is_header(to) && !before.has(to) && is_same(from, to))?;
        Some((from.clone(), to.clone()))
    });
    pairs.collect()
}

fn follow_in(fact: &mut Fact, from: &Subject, to: &Subject) {
    fact.of = with(&fact.of, from, to);
    match (from, to, fact.aspect) {
        (Subject::Type(from), Subject::Type(to), Aspect::Type | Aspect::Body | Aspect::Result | Aspect::Cycle) => {
            fact.value = fact.value.replace(&format!("`{from}`"), &format!("`{to}`"));
        }
        (Subject::Scheme(from), Subject::Scheme(to), Aspect::Security) if fact.value == *from => {
            fact.value.clone_from(to);
        }
        _ => {}
    }
}

fn is_scheme(of: &Subject) -> bool {
    matches!(of, Subject::Scheme(_))
}

fn is_type(of: &Subject) -> bool {
    matches!(of, Subject::Type(_))
}

fn is_operation(of: &Subject) -> bool {
    matches!(of, Subject::Operation(_))
}

fn is_member(of: &Subject) -> bool {
    matches!(of, Subject::Property { .. } | Subject::Parameter { .. } | Subject::Part { .. })
}

fn change(from: &Subject, to: &Subject) -> Change {
    if let (Subject::Parameter { location: old, .. }, Subject::Parameter { location: new, .. }) = (from, to)
        && old != new
    {
        return Change::new(from, rules::INPUT_MOVED, format!("{from} is a {new} parameter now"));
    }
    let is_alike = from.rust_name().is_some() && from.rust_name() == to.rust_name();
    let rule = match from {
        _ if is_alike => rules::RENAMED_ALIKE,
        Subject::Type(_) => rules::TYPE_RENAMED,
        Subject::Operation(_) => rules::OPERATION_RENAMED,
        Subject::Scheme(_) => rules::SCHEME_RENAMED,
        Subject::Property { .. } => rules::PROPERTY_RENAMED,
        _ => rules::INPUT_RENAMED,
    };
    Change::new(from, rule, format!("{from} is called `{}` now", to.name()))
}

/// Pairs of what is gone and what is new that are alike in everything but the name, where no other is.
fn renamed(old: &[Fact], new: &[Fact], is_kind: fn(&Subject) -> bool) -> Vec<(Subject, Subject)> {
    let (before, after) = (Side::new(old), Side::new(new));
    let only_in = |here: &Side<'_>, there: &Side<'_>| -> Vec<Subject> {
        let there = |of: &Subject| there.has(of);
        here.subjects().filter(|of| is_kind(of) && !there(of)).cloned().collect()
    };
    let (gone, come) = (only_in(&before, &after), only_in(&after, &before));
    let is_pair = |from: &Subject, to: &Subject| {
        let moved = |of: &Subject| match of {
            Subject::Parameter { location, .. } => Some(*location),
            _ => None,
        };
        from.parent() == to.parent()
            && (moved(from) == moved(to) || from.name() == to.name())
            && identity(old, from) == identity(new, to)
    };
    let mut pairs = Vec::new();
    for from in &gone {
        let fits: Vec<_> = come.iter().filter(|to| is_pair(from, to)).collect();
        if let [to] = fits[..]
            && gone.iter().filter(|other| is_pair(other, to)).count() == 1
        {
            pairs.push((from.clone(), to.clone()));
        }
    }
    pairs
}

/// What has to be the same: the route of an operation, everything but texts of all others.
fn identity(facts: &[Fact], of: &Subject) -> Vec<(Subject, Aspect, String)> {
    let blank = match of {
        Subject::Type(_) => Subject::Type(String::new()),
        Subject::Operation(_) => Subject::Operation(String::new()),
        _ => Subject::Interface,
    };
    let is_part = |other: &Subject| other == of || other.parent().as_ref() == Some(of);
    let decides = |fact: &&Fact| match of {
        Subject::Operation(_) => fact.of == *of && fact.aspect == Aspect::Route,
        _ => is_part(&fact.of) && fact.aspect != Aspect::Description,
    };
    let own = format!("`{}`", of.name());
    let facts = facts.iter().filter(decides);
    let mut facts: Vec<_> = facts
        .map(|fact| {
            let value = if is_type(of) { fact.value.replace(&own, "``") } else { fact.value.clone() };
            (with(&fact.of, of, &blank), fact.aspect, value)
        })
        .collect();
    facts.sort();
    facts
}

/// `of`, where `from` is called `to`.
fn with(of: &Subject, from: &Subject, to: &Subject) -> Subject {
    if of == from {
        return to.clone();
    }
    let mut of = of.clone();
    match (&mut of, from, to) {
        (
            Subject::Property { ty, .. } | Subject::Value { ty, .. } | Subject::Alternative { ty, .. },
            Subject::Type(from),
            Subject::Type(to),
        ) if ty == from => *ty = to.clone(),
        (Subject::Alternative { name, .. }, Subject::Type(from), Subject::Type(to)) if name == from => {
            *name = to.clone()
        }
        (
            Subject::Parameter { operation, .. }
            | Subject::Part { operation, .. }
            | Subject::Response { operation, .. }
            | Subject::ErrorCode { operation, .. }
            | Subject::Header { operation, .. },
            Subject::Operation(from),
            Subject::Operation(to),
        ) if operation == from => *operation = to.clone(),
        _ => {}
    }
    of
}
