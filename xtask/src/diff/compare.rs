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
    /// Whether it wasn't there before.
    pub is_new: bool,
}

impl Change {
    pub(super) fn new(of: &Subject, rule: &'static Rule, says: String) -> Self {
        Self { of: of.clone(), rules: vec![rule], says, is_new: false }
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

    /// What is a part of it.
    fn parts_of(&self, whole: &Subject) -> impl Iterator<Item = &'f Subject> {
        self.subjects().filter(move |of| of.parent().as_ref() == Some(whole))
    }

    /// Whether a schema has a property that has to be there.
    fn has_required(&self, ty: &Subject) -> bool {
        self.parts_of(ty).any(|property| self.is_there(property))
    }

    /// Whether a property has to be there, by `required` or in every success.
    fn is_there(&self, of: &Subject) -> bool {
        self.is(of, Aspect::Required) || self.is(of, Aspect::Always)
    }

    /// Whether a field is a list, a map or an `Option`, whether it is required or not.
    fn is_alike(&self, of: &Subject) -> bool {
        let ty = self.get(of, Aspect::Type).unwrap_or_default();
        ty.starts_with("list of ") || ty.starts_with("map of ") || self.is(of, Aspect::Nullable)
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
                let before = self.changes.len();
                self.added(of);
                self.changes[before..].iter_mut().for_each(|change| change.is_new = true);
            }
        }
    }

    /// Whether it is a schema that became something else altogether.
    fn is_of_another_kind(&self, of: &Subject) -> bool {
        let kind = |side: &Side<'_>| side.get(of, Aspect::Kind).map(|kind| kind.replace("known values", "enum"));
        kind(&self.old) != kind(&self.new)
    }

    /// Whether it is a value that a spec mentions, to which it doesn't limit the string.
    fn is_known_value(&self, of: &Subject) -> bool {
        let of_type = of.parent();
        let kind = |side: &Side<'_>| of_type.as_ref().and_then(|ty| side.get(ty, Aspect::Kind)) == Some("known values");
        kind(&self.old) && kind(&self.new)
    }

    fn push(&mut self, of: &Subject, rule: &'static Rule, says: String) {
        self.changes.push(Change::new(of, rule, says));
    }

    /// By whether the type that `of` belongs to is sent or received; a type that is neither is read.
    fn push_by_use(&mut self, of: &Subject, sent: &'static Rule, received: &'static Rule, says: String) {
        let (is_sent, is_received) = self.uses(of);
        let rules = [is_sent.then_some(sent), is_received.then_some(received)];
        self.changes.push(Change { of: of.clone(), rules: rules.into_iter().flatten().collect(), says, is_new: false });
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
        let required = self.new.is_there(of);
        let how = if required { "required " } else { "optional " };
        match of {
            Subject::Interface => self.push(of, rules::INTERFACE_ADDED, "the interface is new".to_owned()),
            Subject::Scheme(_) => self.push(of, rules::SCHEME_ADDED, format!("{of} was added")),
            Subject::Webhook { .. } => self.push(of, rules::WEBHOOK_ADDED, format!("{of} was added")),
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
            Subject::ErrorCode { .. } => {
                let meaning = self.new.get(of, Aspect::Meaning).unwrap_or_default();
                let is_first = of.parent().is_none_or(|response| self.old.parts_of(&response).next().is_none());
                let rule = if is_first { rules::FIRST_ERROR_CODE_ADDED } else { rules::ERROR_CODE_ADDED };
                self.push(of, rule, format!("{of} was added: {meaning}"));
            }
            Subject::Header { .. } => self.push(of, rules::HEADER_ADDED, format!("{of} was added")),
            Subject::Type(_) => self.push(of, rules::TYPE_ADDED, format!("{of} was added")),
            Subject::Property { .. } if self.new.is(of, Aspect::OfFailures) => {
                self.push(of, rules::FAILURE_PROPERTY_ADDED, format!("property {of}, of failures, was added"));
            }
            Subject::Property { .. } => {
                let (sent, received) = if required {
                    let had_required = of.parent().is_some_and(|ty| self.old.has_required(&ty));
                    let sent = match had_required {
                        true => rules::REQUIRED_REQUEST_PROPERTY_ADDED,
                        false => rules::FIRST_REQUIRED_REQUEST_PROPERTY_ADDED,
                    };
                    (sent, rules::REQUIRED_RESPONSE_PROPERTY_ADDED)
                } else {
                    (rules::REQUEST_PROPERTY_ADDED, rules::RESPONSE_PROPERTY_ADDED)
                };
                self.push_by_use(of, sent, received, format!("{how}property {of} was added"));
            }
            Subject::Value { .. } if self.is_known_value(of) => {
                self.push(of, rules::KNOWN_VALUE_ADDED, format!("{of} was added"));
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
            Subject::Webhook { .. } => rules::WEBHOOK_REMOVED,
            Subject::Operation(_) => rules::OPERATION_REMOVED,
            Subject::Parameter { .. } | Subject::Part { .. } => rules::INPUT_REMOVED,
            Subject::Response { .. } if is_success(of) => rules::SUCCESS_STATUS_REMOVED,
            Subject::Response { .. } => rules::FAILURE_REMOVED,
            Subject::ErrorCode { .. } => rules::ERROR_CODE_REMOVED,
            Subject::Header { .. } => rules::HEADER_REMOVED,
            Subject::Type(_) => rules::TYPE_REMOVED,
            Subject::Property { .. } if self.old.is(of, Aspect::OfFailures) => rules::FAILURE_PROPERTY_REMOVED,
            Subject::Property { .. } => rules::PROPERTY_REMOVED,
            Subject::Value { .. } if self.is_known_value(of) => rules::KNOWN_VALUE_REMOVED,
            Subject::Alternative { .. } => rules::ALTERNATIVE_REMOVED,
            Subject::Value { .. } => {
                return self.push_by_use(of, rules::SENT_VALUE_REMOVED, rules::RECEIVED_VALUE_REMOVED, says);
            }
        };
        self.push(of, rule, says);
    }

    fn changed(&mut self, of: &Subject) {
        let sides = [&self.old, &self.new];
        let mut aspects: BTreeSet<Aspect> =
            sides.into_iter().filter_map(|side| side.facts.get(of)).flat_map(BTreeMap::keys).copied().collect();
        if self.is_of_another_kind(of) {
            aspects.retain(|aspect| *aspect == Aspect::Kind);
        } else if self.constraint_came_or_went(of) {
            let of_constraint = [Aspect::MinLength, Aspect::MaxLength, Aspect::Pattern, Aspect::GaveWay];
            aspects.retain(|aspect| !of_constraint.contains(aspect));
        }
        self.bound(of, Aspect::AtLeast, Aspect::MoreThan);
        self.bound(of, Aspect::AtMost, Aspect::LessThan);
        // What is part of something that is said already.
        if self.old.is(of, Aspect::FilledIn) != self.new.is(of, Aspect::FilledIn) {
            aspects.remove(&Aspect::Required);
        }
        if self.new.has_required(of) != self.old.has_required(of) {
            aspects.remove(&Aspect::NotEmpty);
        }
        if self.follows_from_its_schema(of) {
            aspects.remove(&Aspect::Nullable);
        }
        if self.old.get(of, Aspect::Type) != self.new.get(of, Aspect::Type) {
            aspects.remove(&Aspect::Format);
            aspects.remove(&Aspect::GaveWay);
        }
        for aspect in aspects {
            let (before, after) = (self.old.get(of, aspect), self.new.get(of, aspect));
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
            // The number follows from the other changes; bounds are compared as such.
            Aspect::Exists
            | Aspect::Version
            | Aspect::AtLeast
            | Aspect::AtMost
            | Aspect::MoreThan
            | Aspect::LessThan => {}
            Aspect::Servers => self.push(of, rules::SERVERS_CHANGED, from_to),
            Aspect::Description => {
                self.push(of, rules::DESCRIPTION_CHANGED, format!("the description of {of} changed"));
            }
            Aspect::Credential => self.push(of, rules::CREDENTIAL_CHANGED, from_to),
            // Names of path parameters aren't sent; the parameter says that it has another.
            Aspect::Route if without_names(old) == without_names(new) => {}
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
            Aspect::Envelope => {
                let rule = match (before, after) {
                    (None, _) => rules::ENVELOPE_ADDED,
                    (_, None) => rules::ENVELOPE_REMOVED,
                    _ => rules::ENVELOPE_CHANGED,
                };
                self.push(of, rule, from_to);
            }
            Aspect::CodeProperty | Aspect::MessageProperty => self.push(of, rules::FAILURE_READING_CHANGED, from_to),
            Aspect::Type if matches!(of, Subject::Part { .. }) => self.push(of, rules::PART_CHANGED, from_to),
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
                let is_alike = self.old.is_alike(of) && self.new.is_alike(of);
                let sent = match (is_added, is_alike) {
                    (true, _) => rules::REQUEST_PROPERTY_BECAME_REQUIRED,
                    (false, true) => rules::OPTIONAL_ALIKE,
                    (false, false) => rules::REQUEST_PROPERTY_BECAME_OPTIONAL,
                };
                let received = match is_added {
                    true => rules::RESPONSE_PROPERTY_BECAME_REQUIRED,
                    false => rules::RESPONSE_PROPERTY_BECAME_OPTIONAL,
                };
                self.push_by_use(of, sent, received, format!("{of} became {what}"));
            }
            Aspect::Always => {
                let rule = if is_added { rules::ALWAYS_ADDED } else { rules::ALWAYS_REMOVED };
                self.push(of, rule, became("there in every success"));
            }
            Aspect::Nullable => self.nullable(of, is_added, became("nullable")),
            Aspect::Default => {
                let (sent, received) = (rules::REQUEST_DEFAULT_CHANGED, rules::RESPONSE_DEFAULT_CHANGED);
                self.push_by_use(of, sent, received, from_to);
            }
            Aspect::FilledIn => {
                let rule = if is_added { rules::INPUT_FILLED_IN } else { rules::INPUT_NO_LONGER_FILLED_IN };
                self.push(of, rule, became("filled in by the client"));
            }
            Aspect::NumericString => {
                let is_received = self.uses(of).1;
                let rule = match is_added && is_received {
                    true => rules::NUMERIC_STRING_ADDED,
                    false => rules::NUMERIC_STRING_REMOVED,
                };
                self.push(of, rule, became("a number that may be a string"));
            }
            Aspect::Format => self.push(of, rules::FORMAT_CHANGED, from_to),
            Aspect::Access => {
                let is_left_out = [old, new].contains(&"writeOnly");
                let received = if is_left_out { rules::REQUEST_ACCESS_CHANGED } else { rules::RESPONSE_ACCESS_CHANGED };
                self.push_by_use(of, rules::REQUEST_ACCESS_CHANGED, received, from_to);
            }
            Aspect::GaveWay => {
                let why = if is_added { "a schema has its name now" } else { "no schema has its name any more" };
                self.push(
                    of,
                    rules::TYPE_IN_PLACE_RENAMED,
                    format!("the type of {of} in Rust has another name: {why}"),
                );
            }
            Aspect::Cycle => {
                let says = match after {
                    Some(through) => format!("{of} holds itself now, by way of {through}"),
                    None => format!("{of} no longer holds itself"),
                };
                self.push(of, rules::CYCLE_CHANGED, says);
            }
            Aspect::Statuses => self.statuses(of, old, new),
            Aspect::Secret => self.push(of, rules::SECRET_CHANGED, became("secret")),
            Aspect::ReadAs => self.push(of, rules::READ_AS_CHANGED, from_to),
            Aspect::OfFailures => {
                let rule = if is_added { rules::FAILURE_MARK_ADDED } else { rules::FAILURE_MARK_REMOVED };
                self.push(of, rule, became("a property of failures only"));
            }
            Aspect::MinLength | Aspect::MaxLength | Aspect::Pattern => {
                let is_least = aspect == Aspect::MinLength;
                let number = |text: Option<&str>| text.and_then(|text| text.parse::<f64>().ok());
                let is_looser = match (aspect, before, after) {
                    (_, Some(_), None) => Some(true),
                    (_, None, Some(_)) => Some(false),
                    // Whether another pattern takes more isn't known.
                    (Aspect::Pattern, ..) => None,
                    _ => Some((number(after) < number(before)) == is_least),
                };
                self.constraint(of, is_looser, from_to);
            }
            Aspect::MediaTypes => {
                let all = |types: &str| types.split(',').map(|one| one.trim().to_owned()).collect::<BTreeSet<_>>();
                // Without any, all are allowed.
                let is_more = match (before, after) {
                    (Some(old), Some(new)) => all(old).is_subset(&all(new)),
                    (_, after) => after.is_none(),
                };
                self.push(of, if is_more { rules::MEDIA_TYPES_ADDED } else { rules::MEDIA_TYPES_CHANGED }, from_to);
            }
            Aspect::Kind => match (old, new) {
                ("known values", "enum") => {
                    self.push_by_use(of, rules::REQUEST_ENUM_LIMITED, rules::RESPONSE_ENUM_LIMITED, from_to);
                }
                ("enum", "known values") => {
                    self.push_by_use(of, rules::REQUEST_ENUM_FREED, rules::RESPONSE_ENUM_FREED, from_to);
                }
                ("known values", "value") | ("value", "known values") => {
                    self.push(of, rules::KNOWN_VALUES_CHANGED, from_to);
                }
                _ => self.push(of, rules::KIND_CHANGED, from_to),
            },
            // Only objects have builders.
            Aspect::Sent if self.new.get(of, Aspect::Kind) != Some("object") => {}
            Aspect::Sent => {
                let rule = match (is_added, self.old.has_required(of)) {
                    (true, true) => rules::CONSTRUCTOR_LOST,
                    (true, false) => rules::TYPE_BECAME_SENT,
                    (false, _) => rules::TYPE_NO_LONGER_SENT,
                };
                self.push(of, rule, became("sent in requests"));
            }
            // Nothing follows from it by itself.
            Aspect::Received => {}
            Aspect::NotEmpty => {
                let (sent, received, needs) = match is_added {
                    true => (rules::REQUEST_NOT_EMPTY_ADDED, rules::RESPONSE_NOT_EMPTY_ADDED, "needs at least one"),
                    false => (rules::REQUEST_NOT_EMPTY_REMOVED, rules::RESPONSE_NOT_EMPTY_REMOVED, "needs no"),
                };
                self.push_by_use(of, sent, received, format!("{of} {needs} entry"));
            }
            Aspect::Open => self.push(of, rules::ENUM_OPENNESS_CHANGED, became("open to other values")),
            Aspect::Trimmed => self.push(of, rules::TRIM_CHANGED, became("read without the spaces around it")),
            Aspect::Meaning if matches!(of, Subject::ErrorCode { .. }) => {
                self.push(of, rules::ERROR_CODE_RENAMED, from_to);
            }
            Aspect::Meaning => {
                let has_status = |side: &Side<'_>| {
                    of.parent().is_some_and(|ty| side.parts_of(&ty).any(|value| side.is(value, Aspect::Meaning)))
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
            (Subject::Webhook { .. }, ..) => rules::WEBHOOK_CHANGED,
            (Subject::Response { .. }, ..) if is_success(of) => rules::SUCCESS_BODY_CHANGED,
            (Subject::Response { .. }, None, _) => rules::FAILURE_BODY_ADDED,
            (Subject::Response { .. }, ..) => rules::FAILURE_BODY_CHANGED,
            (_, None, Some("bytes" | "parts")) => rules::UPLOAD_ADDED,
            (_, None, _) => rules::BODY_ADDED,
            (_, _, None) => rules::BODY_REMOVED,
            _ => rules::BODY_CHANGED,
        };
        self.push(of, rule, says);
    }

    /// The responses that may have a header, of those that there were and are.
    fn statuses(&mut self, of: &Subject, old: &str, new: &str) {
        let Subject::Header { operation, .. } = of else { return };
        let is_there = |status: &&str| {
            let response = Subject::Response { operation: operation.clone(), status: (*status).to_owned() };
            self.old.has(&response) && self.new.has(&response)
        };
        let all = |statuses: &'_ str| {
            let statuses = statuses.split(", ").filter(is_there).map(str::to_owned);
            statuses.collect::<BTreeSet<String>>()
        };
        let (old, new) = (all(old), all(new));
        for (rule, now, statuses) in [
            (rules::HEADER_REMOVED, "is no longer in", old.difference(&new)),
            (rules::HEADER_ADDED, "is in", new.difference(&old)),
        ] {
            let statuses: Vec<_> = statuses.map(String::as_str).collect();
            if !statuses.is_empty() {
                let says = format!("{of} {now} the response {}", statuses.join(", "));
                self.changes.push(Change::new(of, rule, says));
            }
        }
    }

    fn nullable(&mut self, of: &Subject, is_added: bool, says: String) {
        // One that is there in every success is no `Option` in Rust.
        let is_in_rust = |side: &Side<'_>| side.is(of, Aspect::Required) && !side.is(of, Aspect::Always);
        let required = is_in_rust(&self.old) || is_in_rust(&self.new);
        let (sent, received) = match (of, is_added, required) {
            (Subject::Type(_), true, _) => (rules::REQUEST_TYPE_BECAME_NULLABLE, rules::RESPONSE_TYPE_BECAME_NULLABLE),
            (Subject::Type(_), false, _) => {
                (rules::REQUEST_TYPE_NO_LONGER_NULLABLE, rules::RESPONSE_TYPE_NO_LONGER_NULLABLE)
            }
            (_, true, true) => {
                (rules::REQUIRED_REQUEST_PROPERTY_BECAME_NULLABLE, rules::REQUIRED_RESPONSE_PROPERTY_BECAME_NULLABLE)
            }
            (_, false, true) => (
                rules::REQUIRED_REQUEST_PROPERTY_NO_LONGER_NULLABLE,
                rules::REQUIRED_RESPONSE_PROPERTY_NO_LONGER_NULLABLE,
            ),
            (_, true, false) => (rules::REQUEST_PROPERTY_BECAME_NULLABLE, rules::RESPONSE_PROPERTY_BECAME_NULLABLE),
            (_, false, false) => (rules::PROPERTY_NO_LONGER_NULLABLE, rules::RESPONSE_PROPERTY_NO_LONGER_NULLABLE),
        };
        self.push_by_use(of, sent, received, says);
    }

    /// Whether an optional property may be null, or no longer, since its schema may.
    fn follows_from_its_schema(&self, of: &Subject) -> bool {
        let schema = self.new.get(of, Aspect::Type).and_then(|ty| ty.strip_prefix('`')?.strip_suffix('`'));
        let Some(schema) = schema.map(|name| Subject::Type(name.to_owned())) else { return false };
        let required = self.old.is(of, Aspect::Required) || self.new.is(of, Aspect::Required);
        !required && self.old.is(&schema, Aspect::Nullable) != self.new.is(&schema, Aspect::Nullable)
    }

    /// A bound of a number, which may be itself allowed or not.
    fn bound(&mut self, of: &Subject, inclusive: Aspect, exclusive: Aspect) {
        let bound = |side: &Side<'_>| {
            let at = |aspect| side.get(of, aspect).and_then(|text| text.parse::<f64>().ok());
            at(inclusive).map(|at| (at, false)).or(at(exclusive).map(|at| (at, true)))
        };
        let (before, after) = (bound(&self.old), bound(&self.new));
        let is_looser = match (before, after) {
            _ if before == after => return,
            (_, None) => true,
            (None, _) => false,
            (Some((before, _)), Some((after, now_excluded))) if before == after => !now_excluded,
            (Some((before, _)), Some((after, _))) => (after < before) == (inclusive == Aspect::AtLeast),
        };
        let text = |bound: Option<(f64, bool)>| match bound {
            None => "nothing".to_owned(),
            Some((at, false)) => at.to_string(),
            Some((at, true)) => format!("{at}, excluded"),
        };
        let says = format!("{} of {of} changed from {} to {}", inclusive.name(), text(before), text(after));
        self.constraint(of, Some(is_looser), says);
    }

    /// Nothing stands for: it may be looser here and tighter there.
    fn constraint(&mut self, of: &Subject, is_looser: Option<bool>, says: String) {
        let (sent, received) = match is_looser {
            Some(true) => (rules::REQUEST_CONSTRAINT_LOOSENED, rules::RESPONSE_CONSTRAINT_LOOSENED),
            Some(false) => (rules::REQUEST_CONSTRAINT_TIGHTENED, rules::RESPONSE_CONSTRAINT_TIGHTENED),
            None => (rules::REQUEST_CONSTRAINT_TIGHTENED, rules::RESPONSE_CONSTRAINT_LOOSENED),
        };
        self.push_by_use(of, sent, received, says);
    }
}

/// Whether it is a response with a success status.
fn is_success(of: &Subject) -> bool {
    matches!(of, Subject::Response { status, .. } if status.starts_with('2'))
}

/// A path without the names of its parameters.
fn without_names(route: &str) -> String {
    let parts = route.split('{').enumerate();
    let parts = parts.map(|(index, part)| if index == 0 { part } else { part.split_once('}').map_or(part, |it| it.1) });
    parts.collect::<Vec<_>>().join("{}")
}
