//! Two lists of facts, and the changes that lead from one to the other.

use std::collections::{BTreeMap, BTreeSet};

use casewire_codegen::{Aspect, Fact, Subject};

use super::{
    rename,
    rules::{self, Rule, Verdict},
};

/// A change, in the language of the interface.
#[derive(Debug)]
pub(crate) struct Change {
    /// Of what; its old name, if it has another one now.
    pub of: Subject,
    /// Why it is rated as it is; more than one where what is changed is both sent and received.
    pub rules: Vec<&'static Rule>,
    /// "`limit` of `fetchApplications` became required".
    pub says: String,
}

impl Change {
    pub(super) fn new(of: &Subject, rule: &'static Rule, says: String) -> Self {
        Self { of: of.clone(), rules: vec![rule], says }
    }

    pub(crate) fn verdict(&self) -> Verdict {
        self.rules.iter().fold(Verdict::NONE, |verdict, rule| verdict.and(rule.verdict))
    }
}

/// The facts of one revision, by what they are of.
pub(super) struct Side<'f> {
    facts: BTreeMap<&'f Subject, BTreeMap<Aspect, &'f str>>,
    /// As in the spec.
    order: Vec<&'f Subject>,
}

impl<'f> Side<'f> {
    pub(super) fn new(facts: &'f [Fact]) -> Self {
        let mut side = Self { facts: BTreeMap::new(), order: Vec::new() };
        for fact in facts {
            if fact.aspect == Aspect::Exists {
                side.order.push(&fact.of);
            }
            side.facts.entry(&fact.of).or_default().insert(fact.aspect, &fact.value);
        }
        side
    }

    pub(super) fn has(&self, of: &Subject) -> bool {
        self.facts.contains_key(of)
    }

    pub(super) fn subjects(&self) -> impl Iterator<Item = &'f Subject> {
        self.order.iter().copied()
    }

    fn is(&self, of: &Subject, aspect: Aspect) -> bool {
        self.get(of, aspect).is_some()
    }

    pub(super) fn get(&self, of: &Subject, aspect: Aspect) -> Option<&'f str> {
        self.facts.get(of)?.get(&aspect).copied()
    }

    fn has_constraint(&self, of: &Subject) -> bool {
        [Aspect::MinLength, Aspect::MaxLength, Aspect::Pattern].iter().any(|aspect| self.is(of, *aspect))
    }
}

/// What changed from `old` to `new`, the gravest first.
pub(crate) fn compare(old: &[Fact], new: &[Fact]) -> Vec<Change> {
    let (old, renamed) = rename::follow(old.to_vec(), new);
    let mut comparison = Comparison { old: Side::new(&old), new: Side::new(new), changes: renamed };
    comparison.run();
    let mut changes = comparison.changes;
    changes.sort_by_key(|change| std::cmp::Reverse(change.verdict().worst()));
    changes
}

struct Comparison<'f> {
    old: Side<'f>,
    new: Side<'f>,
    changes: Vec<Change>,
}

impl Comparison<'_> {
    fn run(&mut self) {
        let removed: Vec<_> = self.old.subjects().filter(|of| !self.new.has(of)).cloned().collect();
        for of in &removed {
            // What is gone with the whole needs no word of its own.
            if of.parent().is_none_or(|parent| self.new.has(&parent) && !self.is_of_another_kind(&parent)) {
                self.removed(of);
            }
        }
        let there: Vec<_> = self.new.subjects().cloned().collect();
        for of in &there {
            if self.old.has(of) {
                self.changed(of);
            } else if of.parent().is_none_or(|parent| self.old.has(&parent) && !self.is_of_another_kind(&parent)) {
                self.added(of);
            }
        }
    }

    /// Whether it is a schema that became something else altogether.
    fn is_of_another_kind(&self, of: &Subject) -> bool {
        let kind = |side: &Side<'_>| side.get(of, Aspect::Kind).map(|kind| kind.replace("known values", "enum"));
        kind(&self.old) != kind(&self.new)
    }

    fn push(&mut self, of: &Subject, rule: &'static Rule, says: String) {
        self.changes.push(Change::new(of, rule, says));
    }

    /// By whether the type that `of` belongs to is sent or received; a type that is neither is read.
    fn push_by_use(&mut self, of: &Subject, sent: &'static Rule, received: &'static Rule, says: String) {
        let (is_sent, is_received) = self.uses(of);
        let rules = [is_sent.then_some(sent), is_received.then_some(received)];
        self.changes.push(Change { of: of.clone(), rules: rules.into_iter().flatten().collect(), says });
    }

    fn uses(&self, of: &Subject) -> (bool, bool) {
        let ty = match of {
            Subject::Parameter { .. } | Subject::Part { .. } => return (true, false),
            Subject::Property { ty, .. } | Subject::Value { ty, .. } | Subject::Alternative { ty, .. } => {
                Subject::Type(ty.clone())
            }
            other => other.clone(),
        };
        let is = |aspect| self.old.is(&ty, aspect) || self.new.is(&ty, aspect);
        (is(Aspect::Sent), is(Aspect::Received) || !is(Aspect::Sent))
    }

    fn added(&mut self, of: &Subject) {
        let required = self.new.is(of, Aspect::Required);
        let how = if required { "required " } else { "optional " };
        match of {
            Subject::Interface => self.push(of, rules::INTERFACE_ADDED, "the interface is new".to_owned()),
            Subject::Scheme(_) => self.push(of, rules::SCHEME_ADDED, format!("{of} was added")),
            Subject::Operation(_) => {
                let route = self.new.get(of, Aspect::Route).unwrap_or_default();
                self.push(of, rules::OPERATION_ADDED, format!("operation {of}, {route}, was added"));
            }
            Subject::Parameter { .. } | Subject::Part { .. } => {
                let rule = if required { rules::REQUIRED_INPUT_ADDED } else { rules::OPTIONAL_INPUT_ADDED };
                self.push(of, rule, format!("{how}{of} was added"));
            }
            Subject::Response { .. } => {
                let rule = if is_success(of) { rules::SUCCESS_STATUS_ADDED } else { rules::FAILURE_ADDED };
                self.push(of, rule, format!("{of} was added"));
            }
            Subject::ErrorCode { operation, status, .. } => {
                let meaning = self.new.get(of, Aspect::Meaning).unwrap_or_default();
                let is_sibling = |other: &&Subject| matches!(other, Subject::ErrorCode { operation: o, status: s, .. } if o == operation && s == status);
                let is_first = self.old.subjects().find(is_sibling).is_none();
                let rule = if is_first { rules::FIRST_ERROR_CODE_ADDED } else { rules::ERROR_CODE_ADDED };
                self.push(of, rule, format!("{of} was added: {meaning}"));
            }
            Subject::Header { .. } => self.push(of, rules::HEADER_ADDED, format!("{of} was added")),
            Subject::Type(_) => self.push(of, rules::TYPE_ADDED, format!("{of} was added")),
            Subject::Property { .. } => {
                let (sent, received) = if required {
                    (rules::REQUIRED_REQUEST_PROPERTY_ADDED, rules::REQUIRED_RESPONSE_PROPERTY_ADDED)
                } else {
                    (rules::REQUEST_PROPERTY_ADDED, rules::RESPONSE_PROPERTY_ADDED)
                };
                self.push_by_use(of, sent, received, format!("{how}property {of} was added"));
            }
            Subject::Value { .. } => {
                let (sent, received) = (rules::SENT_VALUE_ADDED, rules::RECEIVED_VALUE_ADDED);
                self.push_by_use(of, sent, received, format!("{of} was added"));
            }
            Subject::Alternative { .. } => self.push(of, rules::ALTERNATIVE_ADDED, format!("{of} was added")),
        }
    }

    fn removed(&mut self, of: &Subject) {
        let says = match of {
            Subject::Operation(_) => format!("operation {of} was removed"),
            Subject::Property { .. } => format!("property {of} was removed"),
            _ => format!("{of} was removed"),
        };
        let rule = match of {
            Subject::Interface => rules::INTERFACE_REMOVED,
            Subject::Scheme(_) => rules::SCHEME_REMOVED,
            Subject::Operation(_) => rules::OPERATION_REMOVED,
            Subject::Parameter { .. } | Subject::Part { .. } => rules::INPUT_REMOVED,
            Subject::Response { .. } if is_success(of) => rules::SUCCESS_STATUS_REMOVED,
            Subject::Response { .. } => rules::FAILURE_REMOVED,
            Subject::ErrorCode { .. } => rules::ERROR_CODE_REMOVED,
            Subject::Header { .. } => rules::HEADER_REMOVED,
            Subject::Type(_) => rules::TYPE_REMOVED,
            Subject::Property { .. } => rules::PROPERTY_REMOVED,
            Subject::Alternative { .. } => rules::ALTERNATIVE_REMOVED,
            Subject::Value { .. } => {
                return self.push_by_use(of, rules::SENT_VALUE_REMOVED, rules::RECEIVED_VALUE_REMOVED, says);
            }
        };
        self.push(of, rule, says);
    }

    fn changed(&mut self, of: &Subject) {
        let empty = BTreeMap::new();
        let (before, after) =
            (self.old.facts.get(of).unwrap_or(&empty).clone(), self.new.facts.get(of).unwrap_or(&empty).clone());
        if self.constraint_came_or_went(of) {
            return;
        }
        let mut aspects: BTreeSet<Aspect> = before.keys().chain(after.keys()).copied().collect();
        if self.is_of_another_kind(of) {
            aspects.retain(|aspect| *aspect == Aspect::Kind);
        }
        for aspect in aspects {
            let (before, after) = (before.get(&aspect).copied(), after.get(&aspect).copied());
            if before != after {
                self.aspect(of, aspect, before, after);
            }
        }
    }

    /// A string with a length or a pattern is another type in Rust than one without.
    fn constraint_came_or_went(&mut self, of: &Subject) -> bool {
        let same_type = self.old.get(of, Aspect::Type) == self.new.get(of, Aspect::Type);
        match (self.old.has_constraint(of), self.new.has_constraint(of)) {
            (false, true) if same_type => {
                let (sent, received) = (rules::REQUEST_STRING_CONSTRAINED, rules::RESPONSE_STRING_CONSTRAINED);
                self.push_by_use(of, sent, received, format!("{of} has a constraint now"));
                true
            }
            (true, false) if same_type => {
                let (sent, received) = (rules::REQUEST_STRING_FREED, rules::RESPONSE_STRING_FREED);
                self.push_by_use(of, sent, received, format!("{of} has no constraint any more"));
                true
            }
            _ => false,
        }
    }

    fn aspect(&mut self, of: &Subject, aspect: Aspect, before: Option<&str>, after: Option<&str>) {
        let is_input = matches!(of, Subject::Parameter { .. } | Subject::Part { .. });
        let is_added = after.is_some();
        let (old, new) = (before.unwrap_or("nothing"), after.unwrap_or("nothing"));
        let from_to = format!("{} of {of} changed from {old} to {new}", aspect.name());
        let became = |what: &str| format!("{of} {} {what}", if is_added { "became" } else { "is no longer" });
        match aspect {
            Aspect::Exists => {}
            Aspect::Version => self.push(of, rules::VERSION_CHANGED, format!("version {old} became {new}")),
            Aspect::Description => {
                self.push(of, rules::DESCRIPTION_CHANGED, format!("the description of {of} changed"));
            }
            Aspect::Credential => self.push(of, rules::CREDENTIAL_CHANGED, from_to),
            Aspect::Route => self.push(of, rules::ROUTE_CHANGED, from_to),
            Aspect::Security => {
                let rule = if new == "none" { rules::SECURITY_REMOVED } else { rules::SECURITY_CHANGED };
                self.push(of, rule, from_to);
            }
            Aspect::Idempotent => {
                let rule = if is_added { rules::BECAME_IDEMPOTENT } else { rules::NO_LONGER_IDEMPOTENT };
                self.push(of, rule, became("idempotent"));
            }
            Aspect::Deprecated => {
                let rule = if is_added { rules::DEPRECATED } else { rules::NO_LONGER_DEPRECATED };
                self.push(of, rule, became("deprecated"));
            }
            Aspect::Body => self.body(of, before, after, from_to),
            Aspect::Result => self.push(of, rules::RESULT_CHANGED, from_to),
            Aspect::Envelope => self.push(of, rules::ENVELOPE_CHANGED, from_to),
            Aspect::CodeProperty | Aspect::MessageProperty => self.push(of, rules::FAILURE_READING_CHANGED, from_to),
            Aspect::Type => {
                self.push(of, if is_input { rules::INPUT_TYPE_CHANGED } else { rules::TYPE_CHANGED }, from_to)
            }
            Aspect::Required if is_input => {
                let rule = match (of, is_added) {
                    (Subject::Part { .. }, true) => rules::PART_BECAME_REQUIRED,
                    (Subject::Part { .. }, false) => rules::PART_BECAME_OPTIONAL,
                    (_, true) => rules::INPUT_BECAME_REQUIRED,
                    (_, false) => rules::INPUT_BECAME_OPTIONAL,
                };
                let what = if is_added { "required" } else { "optional" };
                self.push(of, rule, format!("{of} became {what}"));
            }
            Aspect::Required => {
                let what = if is_added { "required" } else { "optional" };
                let (sent, received) = if is_added {
                    (rules::REQUEST_PROPERTY_BECAME_REQUIRED, rules::RESPONSE_PROPERTY_BECAME_REQUIRED)
                } else {
                    (rules::REQUEST_PROPERTY_BECAME_OPTIONAL, rules::RESPONSE_PROPERTY_BECAME_OPTIONAL)
                };
                self.push_by_use(of, sent, received, format!("{of} became {what}"));
            }
            Aspect::Nullable => self.nullable(of, is_added, became("nullable")),
            Aspect::Default => {
                let (sent, received) = (rules::REQUEST_DEFAULT_CHANGED, rules::RESPONSE_DEFAULT_CHANGED);
                self.push_by_use(of, sent, received, from_to);
            }
            Aspect::FilledIn => self.push(of, rules::INPUT_FILLED_IN, became("filled in by the client")),
            Aspect::NumericString => {
                self.push(of, rules::NUMERIC_STRING_CHANGED, became("a number that may come as a string"));
            }
            Aspect::AtLeast
            | Aspect::MoreThan
            | Aspect::MinLength
            | Aspect::AtMost
            | Aspect::LessThan
            | Aspect::MaxLength
            | Aspect::Pattern => self.constraint(of, aspect, before, after, from_to),
            Aspect::MediaTypes => self.push(of, rules::MEDIA_TYPES_CHANGED, from_to),
            Aspect::Kind => {
                let are_values = [old, new].iter().all(|kind| matches!(*kind, "enum" | "known values"));
                self.push(of, if are_values { rules::ENUM_LIMIT_CHANGED } else { rules::KIND_CHANGED }, from_to);
            }
            Aspect::Sent => {
                let rule = if is_added { rules::TYPE_BECAME_SENT } else { rules::TYPE_NO_LONGER_SENT };
                self.push(of, rule, became("sent in requests"));
            }
            // Nothing follows from it by itself.
            Aspect::Received => {}
            Aspect::NotEmpty => {
                let rule = if is_added { rules::NOT_EMPTY_ADDED } else { rules::NOT_EMPTY_REMOVED };
                let needs = if is_added { "needs at least one" } else { "needs no" };
                self.push(of, rule, format!("{of} {needs} entry"));
            }
            Aspect::Open => self.push(of, rules::ENUM_OPENNESS_CHANGED, became("open to other values")),
            Aspect::Trimmed => self.push(of, rules::TRIM_CHANGED, became("read without the spaces around it")),
            Aspect::Meaning if matches!(of, Subject::ErrorCode { .. }) => {
                self.push(of, rules::ERROR_CODE_RENAMED, from_to);
            }
            Aspect::Meaning => {
                let has_status = |side: &Side<'_>| {
                    let siblings = side.subjects().filter(|other| other.parent() == of.parent());
                    siblings.into_iter().any(|other| side.is(other, Aspect::Meaning))
                };
                let rule = match (has_status(&self.old), has_status(&self.new)) {
                    (false, _) => rules::FIRST_VALUE_STATUS_ADDED,
                    (_, false) => rules::LAST_VALUE_STATUS_REMOVED,
                    _ => rules::VALUE_STATUS_CHANGED,
                };
                self.push(of, rule, from_to);
            }
        }
    }

    fn body(&mut self, of: &Subject, before: Option<&str>, after: Option<&str>, says: String) {
        let rule = match (of, before, after) {
            // Of a success: the result of the operation says it.
            (Subject::Response { .. }, ..) if is_success(of) => return,
            (Subject::Response { .. }, None, _) => rules::FAILURE_BODY_ADDED,
            (Subject::Response { .. }, ..) => rules::FAILURE_BODY_CHANGED,
            (_, None, Some("bytes" | "parts")) => rules::UPLOAD_ADDED,
            (_, None, _) => rules::BODY_ADDED,
            (_, _, None) => rules::BODY_REMOVED,
            _ => rules::BODY_CHANGED,
        };
        self.push(of, rule, says);
    }

    fn nullable(&mut self, of: &Subject, is_added: bool, says: String) {
        if let Subject::Type(_) = of {
            let rule = if is_added { rules::TYPE_BECAME_NULLABLE } else { rules::TYPE_NO_LONGER_NULLABLE };
            return self.push(of, rule, says);
        }
        let required = self.old.is(of, Aspect::Required) || self.new.is(of, Aspect::Required);
        match (is_added, required) {
            (true, true) => self.push(of, rules::REQUIRED_BECAME_NULLABLE, says),
            (false, true) => self.push(of, rules::REQUIRED_NO_LONGER_NULLABLE, says),
            (true, false) => {
                let (sent, received) =
                    (rules::REQUEST_PROPERTY_BECAME_NULLABLE, rules::RESPONSE_PROPERTY_BECAME_NULLABLE);
                self.push_by_use(of, sent, received, says);
            }
            (false, false) => {
                let (sent, received) =
                    (rules::PROPERTY_NO_LONGER_NULLABLE, rules::RESPONSE_PROPERTY_NO_LONGER_NULLABLE);
                self.push_by_use(of, sent, received, says);
            }
        }
    }

    fn constraint(&mut self, of: &Subject, aspect: Aspect, before: Option<&str>, after: Option<&str>, says: String) {
        let is_least = matches!(aspect, Aspect::AtLeast | Aspect::MoreThan | Aspect::MinLength);
        let number = |text: &str| text.parse::<f64>().ok();
        let is_looser = match (before, after) {
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (Some(before), Some(after)) => match (number(before), number(after)) {
                (Some(before), Some(after)) if aspect != Aspect::Pattern => (after < before) == is_least,
                // Whether another pattern takes more isn't known.
                _ => {
                    let (sent, received) = (rules::REQUEST_CONSTRAINT_TIGHTENED, rules::RESPONSE_CONSTRAINT_LOOSENED);
                    return self.push_by_use(of, sent, received, says);
                }
            },
            (None, None) => return,
        };
        let (sent, received) = if is_looser {
            (rules::REQUEST_CONSTRAINT_LOOSENED, rules::RESPONSE_CONSTRAINT_LOOSENED)
        } else {
            (rules::REQUEST_CONSTRAINT_TIGHTENED, rules::RESPONSE_CONSTRAINT_TIGHTENED)
        };
        self.push_by_use(of, sent, received, says);
    }
}

/// Whether it is a response with a success status.
fn is_success(of: &Subject) -> bool {
    matches!(of, Subject::Response { status, .. } if status.starts_with('2') && status != "2xx")
}
