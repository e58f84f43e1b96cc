//! `$ref`: local, to something of the right kind, and not in a circle.
//! What refers to nothing has no type.

use super::Report;
use crate::{
    document::{Document, ObjectKind, keys},
    nearest::nearest,
};

// One self-contained file per interface: what it says can be read without another file, and can't go missing.
pub(crate) fn references_resolve(document: &Document<'_>, report: &mut Report<'_>) {
    for node in document.nodes.iter().filter(|node| node.is_reference) {
        let (Some(reference), Some(section)) = (node.at.reference(), node.kind.section()) else { continue };
        let at = format!("{}/$ref", node.at.pointer);
        let own = format!("#/components/{section}/");
        let Some(pointer) = reference.strip_prefix('#') else {
            let wrong = format!("the `$ref` to `{reference}` leaves the file");
            report.add(&at, wrong, format!("write `{own}<name>`, and put it there"));
            continue;
        };
        let Some(name) = reference.strip_prefix(&own).filter(|name| !name.contains('/')) else {
            let wrong = format!("the `$ref` to `{reference}` doesn't point at {}", node.kind.name());
            let name = keys(pointer).pop().unwrap_or_default();
            report.add(&at, wrong, format!("write `{own}{name}`, and put it there"));
            continue;
        };
        if !document.has_component(section, name) {
            let known = document.components(section);
            let instead = match nearest(name, known.iter().map(|(known, _)| *known)) {
                Some(meant) => format!("write `{own}{meant}`"),
                None => format!("add `{name}` under components/{section}"),
            };
            report.add(&at, format!("the `$ref` to `{reference}` leads nowhere"), instead);
        }
    }
}

// Everything next to a `$ref` is ignored by the standard, and so by every tool, ours included.
pub(crate) fn references_stand_alone(document: &Document<'_>, report: &mut Report<'_>) {
    for node in document.nodes.iter().filter(|node| node.is_reference && node.kind != ObjectKind::PathItem) {
        for (key, at) in node.at.entries() {
            if key != "$ref" {
                let instead = match node.kind {
                    ObjectKind::Schema => "put the reference in `allOf: [{$ref: …}]`, next to which it counts",
                    _ => "put it where the reference points",
                };
                report.add(&at.pointer, format!("`{key}` next to `$ref` is ignored"), instead);
            }
        }
    }
}

// A component that is only another one, or itself in the end, has no content that a type could be made of.
pub(crate) fn references_end(document: &Document<'_>, report: &mut Report<'_>) {
    for node in document.nodes.iter().filter(|node| node.at.pointer.starts_with("/components/")) {
        let [_, section, name] = keys(&node.at.pointer).try_into().unwrap_or_default();
        if name.is_empty() || Some(section.as_str()) != node.kind.section() {
            continue;
        }
        let resolves = match node.kind {
            ObjectKind::Schema => document.schema(&node.at).is_some(),
            _ => document.resolve(&node.at).is_some(),
        };
        if node.is_reference && resolves {
            let wrong = format!("`{name}` is only another name for what it refers to");
            report.add(&node.at.pointer, wrong, "write the component out, or refer to the other one");
        } else if !resolves && leads_back(document, &node.at.pointer) {
            let wrong = format!("`{name}` refers to itself in the end");
            report.add(&node.at.pointer, wrong, "write one of the components in the circle out");
        }
    }
}

/// Whether the chain of references from a component comes back to it.
fn leads_back(document: &Document<'_>, start: &str) -> bool {
    let mut at = start.to_owned();
    for _ in 0..64 {
        let Some(object) = document.target(&format!("#{at}")) else { return false };
        let next = match (object.reference(), object.items_of("allOf").as_slice()) {
            (Some(reference), _) => Some(reference),
            (None, [only]) => only.reference(),
            _ => None,
        };
        let Some(next) = next.and_then(|reference| reference.strip_prefix('#')) else { return false };
        if next == start {
            return true;
        }
        at = next.to_owned();
    }
    false
}

// `read` takes the operations of a path where they stand.
pub(crate) fn paths_are_written_out(document: &Document<'_>, report: &mut Report<'_>) {
    for node in document.nodes.iter().filter(|node| node.is_reference && node.kind == ObjectKind::PathItem) {
        report.add(&node.at.pointer, "the path is a `$ref`", "write its operations out");
    }
}
