//! Reports everything in a spec that a later step could not take, all at once, each with its place and what to write
//! instead. What passes here generates a client that compiles; a rule is a function in [`RULES`].

mod bodies;
mod envelopes;
mod examples;
mod extensions;
mod keywords;
mod messages;
mod names;
mod parameters;
mod references;
mod report;
mod responses;
mod schemas;
mod security;
mod texts;

use self::report::Report;
use crate::{
    document::{Document, Spec},
    violation::Violations,
};

type Rule = fn(&Document<'_>, &mut Report<'_>);

/// What makes a document one of OpenAPI.
const FORM: &[Rule] = &[keywords::values_have_their_type, keywords::required_keywords_are_there];

/// Everything else, in the order of the modules; the report is in the order of the file.
const RULES: &[Rule] = &[
    keywords::keywords_are_known,
    keywords::paths_and_statuses_are_keys,
    texts::texts_are_printable,
    texts::code_is_fenced,
    names::operation_ids_are_camel_case,
    names::names_are_names_in_rust,
    names::schema_names_are_free,
    names::schemes_are_unique,
    names::parameters_have_one_name_each,
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
    bodies::json_bodies_are_named,
    bodies::octet_streams_are_binary,
    bodies::multipart_bodies_have_plain_parts,
    bodies::encodings_are_of_parts,
    responses::statuses_are_explicit,
    responses::bodies_are_where_http_has_them,
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
    extensions::closed_enums_are_only_sent,
    extensions::status_maps_have_values,
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
/// All violations, in the order of the file. What keeps a spec from being an OpenAPI 3.0 document comes without its
/// consequences for the other rules.
pub fn check(spec: &Spec) -> Result<(), Violations> {
    let document = spec.document();
    let mut report = Report::new(&document);
    keywords::version_is_supported(&document, &mut report);
    report.finish()?;

    let mut report = Report::new(&document);
    FORM.iter().for_each(|rule| rule(&document, &mut report));
    if !report.is_empty() {
        // A required keyword is often there, but misspelt.
        keywords::keywords_are_known(&document, &mut report);
    }
    report.finish()?;

    let mut report = Report::new(&document);
    RULES.iter().for_each(|rule| rule(&document, &mut report));
    report.finish()
}
