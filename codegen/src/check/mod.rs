//! Reports everything in a spec that a later step could not take, all at once, each with its place and what to write
//! instead. What passes here goes through progenitor without an error or a panic; a rule is a function in [`RULES`].

mod bodies;
mod conformance;
mod document;
mod envelopes;
mod examples;
mod extensions;
mod grammar;
mod keywords;
mod messages;
mod names;
mod nearest;
mod parameters;
mod references;
mod responses;
mod schemas;
mod security;

use std::fmt;

use document::Report;
pub(crate) use document::{Document, Located, Operation, entry};
pub(crate) use grammar::Kind;

use crate::load::Spec;

type Rule = fn(&Document<'_>, &mut Report<'_>);

/// What keeps a document from being read into the model: `load` reports it, without the consequences.
const FORM: &[Rule] = &[keywords::values_have_their_type, keywords::required_keywords_are_there];

/// Everything else, in the order of the modules; the report is in the order of the file.
const RULES: &[Rule] = &[
    keywords::keywords_are_known,
    keywords::paths_and_statuses_are_keys,
    names::operation_ids_are_camel_case,
    names::names_are_not_self,
    names::operation_ids_are_unique,
    names::component_names_are_plain,
    names::schema_names_are_unique,
    names::property_names_are_unique,
    names::enum_values_are_unique,
    names::operations_have_tag_and_text,
    names::tags_are_unique,
    references::references_resolve,
    references::references_stand_alone,
    references::references_end,
    references::paths_are_written_out,
    bodies::bodies_are_where_http_has_them,
    bodies::bodies_are_required,
    bodies::bodies_have_one_media_type,
    bodies::json_bodies_are_named_objects,
    bodies::octet_streams_are_binary,
    bodies::multipart_bodies_have_plain_parts,
    bodies::encodings_are_of_parts,
    responses::statuses_are_explicit,
    responses::there_is_a_success,
    responses::there_is_one_success_body,
    responses::only_plain_bodies_are_optional,
    responses::downloads_come_with_200,
    responses::contents_have_one_media_type,
    responses::success_bodies_are_named,
    responses::error_bodies_are_named,
    responses::responses_are_no_choices,
    parameters::paths_are_templates,
    parameters::paths_differ,
    parameters::path_parameters_match,
    parameters::parameters_have_one_name_each,
    parameters::parameters_are_plain,
    parameters::headers_are_free,
    parameters::servers_and_callbacks_are_not_overridden,
    security::operations_state_their_security,
    security::requirements_are_one_scheme,
    security::schemes_are_supported,
    schemas::types_are_known,
    schemas::keywords_fit_the_type,
    schemas::compositions_are_nullable_wrappers,
    schemas::enums_are_named_strings,
    schemas::objects_are_named,
    schemas::objects_are_records_or_maps,
    schemas::named_schemas_are_not_wrappers,
    schemas::files_are_not_in_json,
    schemas::collections_are_plain,
    schemas::required_names_exist,
    schemas::arrays_have_items,
    schemas::bounds_are_consistent,
    schemas::patterns_compile,
    extensions::extensions_are_known,
    extensions::extensions_have_their_type,
    extensions::extensions_are_in_place,
    extensions::content_lengths_have_a_body,
    extensions::sources_are_given,
    extensions::error_codes_have_a_carrier,
    envelopes::envelopes_are_bodies_of_successes,
    envelopes::envelopes_have_the_marks,
    envelopes::successes_are_told_from_failures,
    messages::messages_are_in_failures,
    examples::bodies_have_examples,
    examples::examples_conform,
    examples::schema_values_conform,
];

/// Reports everything that is wrong with a spec.
///
/// # Errors
///
/// All violations, in the order of the file.
pub fn check(spec: &Spec) -> Result<(), Violations> {
    violations(&spec.document())
}

fn violations(document: &Document<'_>) -> Result<(), Violations> {
    let mut report = Report::new(document);
    for rule in RULES {
        rule(document, &mut report);
    }
    report.finish()
}

/// Reports what keeps a YAML document from being an OpenAPI 3.0 document. Where there is something, the other rules
/// would only report its consequences.
pub(crate) fn is_openapi(document: &Document<'_>) -> Result<(), Violations> {
    let mut report = Report::new(document);
    keywords::version_is_supported(document, &mut report);
    report.finish()?;

    let mut report = Report::new(document);
    for rule in FORM {
        rule(document, &mut report);
    }
    if !report.is_empty() {
        // A required keyword is often there, but misspelt.
        keywords::keywords_are_known(document, &mut report);
    }
    report.finish()
}

/// Something in a spec that can't be used, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The file, as it was given to [`crate::load()`].
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The column, counted from 1.
    pub column: usize,
    /// The operation it is in, as `POST /call (createCall)`; none for the components and the root.
    pub operation: Option<String>,
    /// What is wrong; what to write instead.
    pub message: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, column, operation, message } = self;
        write!(f, "{file}:{line}:{column}: ")?;
        if let Some(operation) = operation {
            write!(f, "{operation}: ")?;
        }
        f.write_str(message)
    }
}

/// Everything that is wrong with a spec, in the order of the file, one line each.
#[derive(Debug, Default)]
pub struct Violations(Vec<Violation>);

impl Violations {
    pub(crate) fn new(mut violations: Vec<Violation>) -> Self {
        for violation in &mut violations {
            // One line each, whatever a parser's message or a name in the spec contains.
            if violation.message.contains(['\n', '\r']) {
                violation.message = violation.message.split_whitespace().collect::<Vec<_>>().join(" ");
            }
        }
        let place = |v: &Violation| (v.line, v.column);
        violations.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| a.message.cmp(&b.message)));
        // A component that several operations use is reported by each of them.
        violations.dedup();
        Self(violations)
    }

    /// The violations one by one.
    pub fn iter(&self) -> std::slice::Iter<'_, Violation> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a Violations {
    type Item = &'a Violation;
    type IntoIter = std::slice::Iter<'a, Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, violation) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{violation}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Violations {}
