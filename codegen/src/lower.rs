//! Rewrites a copy of a checked spec into what progenitor takes, and notes in a [`Plan`] what was taken away.
//! Each rule is one function with its reason above it; they concern the generator only, never the documents.

mod checks;
mod keywords;
mod message;
mod number;

use std::{borrow::BorrowMut, collections::BTreeSet};

use openapiv3::{
    IntegerFormat, IntegerType, MediaType, OpenAPI, Parameter as ApiParameter, ReferenceOr, RequestBody, Response,
    Responses, Schema, SchemaKind, SecurityScheme, StatusCode, StringFormat, StringType, Type, VariantOrUnknownOrEmpty,
};

use crate::{
    Error,
    model::{
        Body, BodyKind, CheckedType, Envelope, Failure, FailureBody, FailureWhen, NumberField, Operation, Parameter,
        Part, Plan, Scheme, StringEnum, Success, TypeKind,
    },
    names::{type_name, value_name},
};

/// The string format that stands for "this is a secret" between `lower` and progenitor's type conversions.
pub(crate) const SECRET_FORMAT: &str = "x-secret";
/// The same for a local date-time in the notation `dd.MM.yyyy HH:mm:ss`.
pub(crate) const LOCAL_DATE_TIME_FORMAT: &str = "x-local-date-time";
/// The same for a number written as a string of digits.
pub(crate) const INTEGER_STRING_FORMAT: &str = "x-integer-string";

/// The simplified copy, and what has to be put back.
pub(crate) fn lower(api: &OpenAPI, interface: &str) -> Result<(OpenAPI, Plan), Error> {
    let mut plan = Plan {
        interface: interface.to_owned(),
        title: api.info.title.clone(),
        version: api.info.version.clone(),
        description: api.info.description.clone(),
        ..Plan::default()
    };
    let mut lowered = api.clone();

    references_stand_alone_in_all_of(&mut lowered);
    named_schemas_are_not_null(&mut lowered);
    known_values_are_enums(&mut lowered);
    envelopes_are_of_successes(&mut lowered);
    // What the rest is noted from: the envelopes as Rust has them, everything else as it was.
    let api = &lowered.clone();
    plan.json_schemas = keywords::note(api.components.as_ref());
    security_schemes(api, &mut plan)?;
    plan.checks = checks::types(api)?;
    schemas(&mut lowered, &mut plan);
    for (path, item) in &mut lowered.paths.paths {
        let ReferenceOr::Item(item) = item else { continue };
        let methods = [
            ("GET", &mut item.get),
            ("PUT", &mut item.put),
            ("POST", &mut item.post),
            ("DELETE", &mut item.delete),
            ("OPTIONS", &mut item.options),
            ("HEAD", &mut item.head),
            ("PATCH", &mut item.patch),
            ("TRACE", &mut item.trace),
        ];
        for (method, operation) in methods {
            if let Some(operation) = operation {
                plan.operations.push(lower_operation(api, &plan.checks, method, path, &item.parameters, operation)?);
            }
        }
    }
    let json = serde_json::to_value(api).map_err(|e| Error::internal("the spec", &e.to_string()))?;
    let mut properties = BTreeSet::new();
    collect_properties(&json, &mut properties);
    plan.properties = properties.into_iter().collect();
    Ok((lowered, plan))
}

/// The names of the properties of every schema in a part of a spec.
fn collect_properties(part: &serde_json::Value, found: &mut BTreeSet<String>) {
    match part {
        serde_json::Value::Object(object) => {
            let properties = object.get("properties").and_then(serde_json::Value::as_object);
            found.extend(properties.into_iter().flatten().map(|(name, _)| name.clone()));
            object.values().for_each(|part| collect_properties(part, found));
        }
        serde_json::Value::Array(parts) => parts.iter().for_each(|part| collect_properties(part, found)),
        _ => {}
    }
}

fn lower_operation(
    api: &OpenAPI,
    checks: &[CheckedType],
    method: &str,
    path: &str,
    shared_parameters: &[ReferenceOr<ApiParameter>],
    operation: &mut openapiv3::Operation,
) -> Result<Operation, Error> {
    let id = operation.operation_id.clone().unwrap_or_default();
    let at = format!("{method} {path} ({id})");
    let scheme = operation.security.iter().flatten().flat_map(|requirement| requirement.keys()).next().cloned();
    let safe_to_repeat = matches!(method, "GET" | "PUT" | "DELETE" | "HEAD" | "OPTIONS" | "TRACE");
    let idempotent = operation.extensions.get("x-idempotent").and_then(|v| v.as_bool()).unwrap_or(safe_to_repeat);

    let mut parameters = Vec::new();
    for parameter in shared_parameters.iter().chain(&operation.parameters) {
        parameters.push(note_parameter(api, checks, &at, parameter)?);
    }
    for parameter in &mut operation.parameters {
        lower_parameter(api, &at, parameter)?;
    }
    let body_checked = body_is_checked(api, checks, &at, operation.request_body.as_ref())?;
    let body_not_empty = is_map_with_entries(api, &at, operation.request_body.as_ref())?;
    let (body, parts) = lower_request_body(api, &at, &mut operation.request_body)?;
    let Answers { success, failures, refusal, refusal_under_any_status } =
        lower_responses(api, &at, &mut operation.responses)?;
    Ok(Operation {
        id,
        method: method.to_owned(),
        path: path.to_owned(),
        summary: operation.summary.clone().unwrap_or_default(),
        description: operation.description.clone().unwrap_or_default(),
        scheme,
        idempotent,
        parameters,
        parts,
        body,
        body_not_empty,
        body_checked,
        success,
        failures,
        refusal,
        refusal_under_any_status,
    })
}

fn note_parameter(
    api: &OpenAPI,
    checks: &[CheckedType],
    at: &str,
    parameter: &ReferenceOr<ApiParameter>,
) -> Result<Parameter, Error> {
    let parameter = resolve(parameter, at, |name| api.components.as_ref()?.parameters.get(name))?;
    let location = match parameter {
        ApiParameter::Path { .. } => "path",
        ApiParameter::Query { .. } => "query",
        ApiParameter::Header { .. } => "header",
        ApiParameter::Cookie { .. } => "cookie",
    };
    let data = parameter.parameter_data_ref();
    let schema = checks::schema(parameter);
    let content_length = is_content_length(data);
    Ok(Parameter {
        checks: schema.map(|schema| checks::parameter(&data.name, schema, checks)).unwrap_or_default(),
        name: data.name.clone(),
        location,
        required: data.required && !content_length,
        content_length,
        description: data.description.clone().unwrap_or_default(),
    })
}

/// Whether a parameter is the length of the body, which is known when the body is sent.
fn is_content_length(data: &openapiv3::ParameterData) -> bool {
    data.extensions.get("x-content-length").is_some_and(|mark| mark == true)
}

/// A secret parameter gets the secret type, and one that is filled in need not be given. Progenitor reads component parameters by itself, so the parameter is put in
/// place of the reference.
fn lower_parameter(api: &OpenAPI, at: &str, parameter: &mut ReferenceOr<ApiParameter>) -> Result<(), Error> {
    let mut resolved = resolve(parameter, at, |name| api.components.as_ref()?.parameters.get(name))?.clone();
    let data = match &mut resolved {
        ApiParameter::Path { parameter_data, .. }
        | ApiParameter::Query { parameter_data, .. }
        | ApiParameter::Header { parameter_data, .. }
        | ApiParameter::Cookie { parameter_data, .. } => parameter_data,
    };
    data.required &= !is_content_length(data);
    if let openapiv3::ParameterSchemaOrContent::Schema(ReferenceOr::Item(schema)) = &mut data.format {
        lower_schema(schema);
    }
    *parameter = ReferenceOr::Item(resolved);
    Ok(())
}

/// Typify makes a map a type of its own, without its `minProperties`; `raise` checks it where the request is sent.
fn is_map_with_entries(api: &OpenAPI, at: &str, body: Option<&ReferenceOr<RequestBody>>) -> Result<bool, Error> {
    let Some(body) = body else { return Ok(false) };
    let body = resolve(body, at, |name| api.components.as_ref()?.request_bodies.get(name))?;
    let Some(schema) = body.content.get("application/json").and_then(|content| content.schema.as_ref()) else {
        return Ok(false);
    };
    let schema = resolve(schema, at, |name| api.components.as_ref()?.schemas.get(name))?;
    let SchemaKind::Type(Type::Object(object)) = &schema.schema_kind else { return Ok(false) };
    Ok(object.properties.is_empty() && object.min_properties.is_some_and(|least| least > 0))
}

/// A choice or a map has no builder, whose conversion would check it.
fn body_is_checked(
    api: &OpenAPI,
    checks: &[CheckedType],
    at: &str,
    body: Option<&ReferenceOr<RequestBody>>,
) -> Result<bool, Error> {
    let Some(body) = body else { return Ok(false) };
    let body = resolve(body, at, |name| api.components.as_ref()?.request_bodies.get(name))?;
    let schema = body.content.get("application/json").and_then(|content| content.schema.as_ref());
    let Some(ReferenceOr::Reference { reference }) = schema else { return Ok(false) };
    let name = type_name(reference.rsplit('/').next().unwrap_or_default());
    Ok(checks.iter().any(|checked| checked.name == name && checked.kind != TypeKind::Record))
}

/// Progenitor knows no multipart: it gets a raw body, which `raise` replaces by the parts.
fn lower_request_body(
    api: &OpenAPI,
    at: &str,
    request_body: &mut Option<ReferenceOr<RequestBody>>,
) -> Result<(Option<Body>, Vec<Part>), Error> {
    let Some(reference) = request_body else { return Ok((None, Vec::new())) };
    let body = resolve(reference, at, |name| api.components.as_ref()?.request_bodies.get(name))?;
    let Some((media_type, content)) = body.content.first() else { return Ok((None, Vec::new())) };
    let mut parts = Vec::new();
    let kind = match media_type.as_str() {
        "multipart/form-data" => {
            let Some(schema) = &content.schema else { return Err(Error::internal(at, "multipart without a schema")) };
            let schema = resolve(schema, at, |name| api.components.as_ref()?.schemas.get(name))?;
            let SchemaKind::Type(Type::Object(object)) = &schema.schema_kind else {
                return Err(Error::internal(at, "multipart that is not an object"));
            };
            for (name, property) in &object.properties {
                let description = match property {
                    ReferenceOr::Item(property) => property.schema_data.description.clone().unwrap_or_default(),
                    ReferenceOr::Reference { .. } => String::new(),
                };
                parts.push(Part { name: name.clone(), required: object.required.contains(name), description });
            }
            None
        }
        "application/octet-stream" => Some(Body::Raw),
        _ => Some(Body::Json),
    };
    if kind != Some(Body::Json) {
        let mut raw = RequestBody { required: true, ..RequestBody::default() };
        let binary =
            StringType { format: VariantOrUnknownOrEmpty::Item(StringFormat::Binary), ..StringType::default() };
        let schema = Schema {
            schema_data: openapiv3::SchemaData::default(),
            schema_kind: SchemaKind::Type(Type::String(binary)),
        };
        let content = MediaType { schema: Some(ReferenceOr::Item(schema)), ..MediaType::default() };
        raw.content.insert("application/octet-stream".to_owned(), content);
        *reference = ReferenceOr::Item(raw);
    }
    Ok((kind, parts))
}

/// Progenitor asserts that all successes are of one kind, and all failures too. It gets the one success that tells the
/// type, and no failure; `raise` writes the match over the statuses anew from what is noted here.
fn lower_responses(api: &OpenAPI, at: &str, responses: &mut Responses) -> Result<Answers, Error> {
    let mut answers = Answers::default();
    let mut kept = None;
    for (status, response) in &responses.responses {
        let StatusCode::Code(status) = *status else { return Err(Error::internal(at, "a range of statuses")) };
        let response = resolve(response, at, |name| api.components.as_ref()?.responses.get(name))?;
        if !(200..300).contains(&status) {
            answers.failures.push(failure(api, at, status, response)?);
            continue;
        }
        let Some((media_type, _)) = response.content.first() else {
            answers.success.empty.push(status);
            continue;
        };
        let kind = if media_type == "application/json" { BodyKind::Json } else { BodyKind::Stream };
        if let Some((statuses, _)) = &mut answers.success.body {
            // `check` saw to it that the body is the same.
            statuses.push(status);
            continue;
        }
        answers.success.body = Some((vec![status], kind));
        let mut response = response.clone();
        answers.refusal = lower_envelope(api, at, &mut response, &mut answers.success.envelope)?;
        for (_, content) in &mut response.content {
            if let Some(ReferenceOr::Item(schema)) = &mut content.schema {
                answers.success.number = number::text(schema).is_some();
                lower_schema(schema);
            }
        }
        kept = Some((status, response));
    }
    if let Some(default) = &responses.default {
        let default = resolve(default, at, |name| api.components.as_ref()?.responses.get(name))?;
        answers.refusal = failure(api, at, 0, default)?.body;
        answers.refusal_under_any_status = true;
    }
    let (status, response) = match kept {
        Some(kept) => kept,
        None => (answers.success.empty.first().copied().unwrap_or(204), Response::default()),
    };
    responses.default = None;
    responses.responses.clear();
    responses.responses.insert(StatusCode::Code(status), ReferenceOr::Item(response));
    Ok(answers)
}

/// What the responses of an operation come to.
#[derive(Default)]
struct Answers {
    success: Success,
    failures: Vec<Failure>,
    refusal: Option<FailureBody>,
    refusal_under_any_status: bool,
}

/// A server may answer a failure with 200, and wrap a result in an object of its own. Progenitor gets the result alone;
/// how to find it, and how to know a failure, is noted. Gives the envelope itself as the body of a failure, which it is
/// unless a `default` has another one.
fn lower_envelope(
    api: &OpenAPI,
    at: &str,
    response: &mut Response,
    envelope: &mut Envelope,
) -> Result<Option<FailureBody>, Error> {
    let Some((_, content)) = response.content.first_mut() else { return Ok(None) };
    let Some(ReferenceOr::Reference { reference }) = content.schema.clone() else {
        // Of a download, the response has the mark.
        envelope.failure = failure_when(response.extensions.get("x-failure"));
        return Ok(None);
    };
    let wrapping = named_schema(api, at, &reference)?;
    let extensions = &wrapping.schema_data.extensions;
    envelope.failure = failure_when(extensions.get("x-failure"));
    if let Some(property) = extensions.get("x-unwrap").and_then(|name| name.as_str()) {
        let data = match &wrapping.schema_kind {
            SchemaKind::Type(Type::Object(object)) => object.properties.get(property).cloned(),
            _ => None,
        };
        let mut data = data.ok_or_else(|| Error::internal(at, &format!("x-unwrap: no property `{property}`")))?;
        is_there(&mut data);
        content.schema = Some(data.unbox());
        envelope.data = Some(property.to_owned());
    }
    envelope.failure.is_some().then(|| failure_body(api, at, &reference)).transpose()
}

/// When a body is a failure, by `x-failure`.
fn failure_when(mark: Option<&serde_json::Value>) -> Option<FailureWhen> {
    let when = mark?.get("when")?;
    let property = when.get("property")?.as_str()?.to_owned();
    Some(match when.get("not").and_then(|values| values.as_array()) {
        Some(values) => FailureWhen::NotOneOf(property, values.iter().filter_map(|value| value.as_i64()).collect()),
        None => {
            let or_false = when.get("orFalse").and_then(|name| name.as_str()).map(str::to_owned);
            FailureWhen::Present { property, or_false }
        }
    })
}

fn failure(api: &OpenAPI, at: &str, status: u16, response: &Response) -> Result<Failure, Error> {
    let body = match response.content.first().and_then(|(_, content)| content.schema.as_ref()) {
        None => None,
        Some(ReferenceOr::Item(_)) => return Err(Error::internal(at, "a failure with an unnamed schema")),
        Some(ReferenceOr::Reference { reference }) => {
            let codes = response.extensions.get("x-error-codes").and_then(|codes| codes.as_object());
            let mut codes: Vec<(i64, String)> = codes
                .into_iter()
                .flatten()
                .filter_map(|(number, name)| Some((number.parse().ok()?, name.as_str()?.to_owned())))
                .collect();
            codes.sort();
            let optional = response.extensions.get("x-body-optional").is_some_and(|v| v == true);
            Some(FailureBody { optional, codes, ..failure_body(api, at, reference)? })
        }
    };
    Ok(Failure { status, description: response.description.clone(), body })
}

/// A failure whose body is the schema that a reference leads to.
fn failure_body(api: &OpenAPI, at: &str, reference: &str) -> Result<FailureBody, Error> {
    let schema = named_schema(api, at, reference)?;
    Ok(FailureBody {
        type_name: type_name(reference.rsplit('/').next().unwrap_or_default()),
        optional: false,
        code_field: code_field(schema),
        message: message::path(api, schema),
        codes: Vec::new(),
    })
}

fn named_schema<'a>(api: &'a OpenAPI, at: &str, reference: &str) -> Result<&'a Schema, Error> {
    let name = reference.rsplit('/').next().unwrap_or_default();
    let schema = api.components.as_ref().and_then(|components| components.schemas.get(name)?.as_item());
    schema.ok_or_else(|| Error::internal(at, &format!("`{reference}` does not lead to a component")))
}

/// The field with the error code.
fn code_field(schema: &Schema) -> Option<String> {
    let SchemaKind::Type(Type::Object(object)) = &schema.schema_kind else { return None };
    let marked = |property: &ReferenceOr<Box<Schema>>| match property {
        ReferenceOr::Item(property) => is_marked(property, "x-error-code"),
        ReferenceOr::Reference { .. } => false,
    };
    object.properties.iter().find(|(_, property)| marked(property)).map(|(name, _)| value_name(name))
}

fn security_schemes(api: &OpenAPI, plan: &mut Plan) -> Result<(), Error> {
    for (name, scheme) in api.components.iter().flat_map(|components| &components.security_schemes) {
        let ReferenceOr::Item(scheme) = scheme else {
            return Err(Error::internal(name, "a security scheme that is a reference"));
        };
        let (header, word, description) = match scheme {
            SecurityScheme::APIKey { name: header, description, extensions, .. } => {
                let word = extensions.get("x-auth-scheme-word").and_then(|word| word.as_str()).map(str::to_owned);
                (header.clone(), word, description)
            }
            SecurityScheme::HTTP { description, .. } => {
                ("Authorization".to_owned(), Some("Bearer".to_owned()), description)
            }
            _ => return Err(Error::internal(name, "an unsupported security scheme")),
        };
        let description = description.clone().unwrap_or_default();
        plan.schemes.push(Scheme { name: name.clone(), header, word, description });
    }
    Ok(())
}

/// `type` beside `allOf` is what makes `nullable` count by the letter of 3.0.3; the model takes the schema for an untyped
/// one then, in which nobody looks for the reference. One that has nothing to say is the reference itself.
fn references_stand_alone_in_all_of(api: &mut OpenAPI) {
    for (_, schema) in api.components.iter_mut().flat_map(|components| &mut components.schemas) {
        let ReferenceOr::Item(Schema { schema_kind: SchemaKind::Type(Type::Object(object)), .. }) = schema else {
            continue;
        };
        for (_, property) in &mut object.properties {
            if let ReferenceOr::Item(property) = property
                && let SchemaKind::Type(Type::Object(map)) = &mut property.schema_kind
                && let Some(openapiv3::AdditionalProperties::Schema(values)) = &mut map.additional_properties
            {
                stand_alone(&mut **values);
            }
            stand_alone(property);
        }
    }
}

fn stand_alone<S: BorrowMut<Schema>>(schema: &mut ReferenceOr<S>) {
    let ReferenceOr::Item(item) = schema else { return };
    let item: &mut Schema = item.borrow_mut();
    if let SchemaKind::Any(any) = &mut item.schema_kind
        && !any.all_of.is_empty()
    {
        item.schema_kind = SchemaKind::AllOf { all_of: std::mem::take(&mut any.all_of) };
    }
    let says_nothing = item.schema_data.description.is_none() && !item.schema_data.nullable;
    if let SchemaKind::AllOf { all_of } = &item.schema_kind
        && let [ReferenceOr::Reference { reference }] = all_of.as_slice()
        && says_nothing
    {
        *schema = ReferenceOr::Reference { reference: reference.clone() };
    }
}

/// Where a named schema may be null is where it is used: as a property that is an `Option` anyway. On the schema itself,
/// typify would wrap the type.
fn named_schemas_are_not_null(api: &mut OpenAPI) {
    for (_, schema) in api.components.iter_mut().flat_map(|components| &mut components.schemas) {
        let ReferenceOr::Item(schema) = schema else { continue };
        schema.schema_data.nullable = false;
        if let SchemaKind::Type(Type::String(string)) = &mut schema.schema_kind {
            string.enumeration.retain(Option::is_some);
        }
    }
}

/// A named string whose known values the spec lists without limiting it to them is what an open enum is in Rust anyway.
fn known_values_are_enums(api: &mut OpenAPI) {
    for (_, schema) in api.components.iter_mut().flat_map(|components| &mut components.schemas) {
        let ReferenceOr::Item(Schema { schema_kind: SchemaKind::Type(Type::String(string)), schema_data }) = schema
        else {
            continue;
        };
        let known = schema_data.extensions.get("x-known-values").and_then(|values| values.as_array());
        string.enumeration.extend(known.into_iter().flatten().map(|value| value.as_str().map(str::to_owned)));
    }
}

/// An envelope is one schema for successes and failures, and a failure has a type of its own in Rust: what is left says
/// what `x-success` says of the properties, `always` or `never` there.
fn envelopes_are_of_successes(api: &mut OpenAPI) {
    for (_, schema) in api.components.iter_mut().flat_map(|components| &mut components.schemas) {
        let ReferenceOr::Item(Schema { schema_kind: SchemaKind::Type(Type::Object(object)), .. }) = schema else {
            continue;
        };
        object.properties.retain(|_, property| success_mark(property) != Some("never"));
        for (name, property) in &mut object.properties {
            if success_mark(property) == Some("always") {
                is_there(property);
                object.required.push(name.clone());
            }
        }
    }
}

fn success_mark(property: &ReferenceOr<Box<Schema>>) -> Option<&str> {
    property.as_item()?.schema_data.extensions.get("x-success")?.as_str()
}

/// Makes a property one that isn't null.
fn is_there(property: &mut ReferenceOr<Box<Schema>>) {
    let ReferenceOr::Item(schema) = property else { return };
    schema.schema_data.nullable = false;
}

/// Notes what typify can't express, and simplifies every schema.
fn schemas(api: &mut OpenAPI, plan: &mut Plan) {
    for (name, schema) in api.components.iter_mut().flat_map(|components| &mut components.schemas) {
        let ReferenceOr::Item(schema) = schema else { continue };
        let closed = is_marked(schema, "x-closed");
        let statuses = status_map(schema);
        let trimmed = is_marked(schema, "x-trim");
        let listed = !schema.schema_data.extensions.contains_key("x-known-values");
        let number = number::text(schema);
        plan.numbers.extend(number.map(|text| NumberField { type_name: type_name(name), field: None, text }));
        lower_schema(schema);
        match &mut schema.schema_kind {
            // Of a value that is only ever sent, there are no unknown ones.
            SchemaKind::Type(Type::String(string)) if !string.enumeration.is_empty() && !closed => {
                let values = string.enumeration.iter().flatten().cloned().collect();
                plan.enums.push(StringEnum { name: type_name(name), values, listed, trimmed, statuses });
            }
            SchemaKind::Type(Type::Object(object)) => {
                for (property_name, property) in &mut object.properties {
                    let ReferenceOr::Item(property) = property else { continue };
                    let secret = is_marked(property, "x-secret");
                    let required = object.required.contains(property_name);
                    plan.numbers.extend(number::text(property).map(|text| NumberField {
                        type_name: type_name(name),
                        field: Some(value_name(property_name)),
                        text,
                    }));
                    lower_schema(property);
                    match &property.schema_kind {
                        SchemaKind::Type(Type::Array(_) | Type::Object(_)) if !required => {
                            // Null is read as none.
                            property.schema_data.nullable = false;
                            plan.optional_collections.push((type_name(name), value_name(property_name)));
                        }
                        SchemaKind::Type(Type::String(string)) if secret && has_limits(string) => {
                            plan.secret_newtypes.push(type_name(&format!("{name}-{property_name}")));
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
}

fn lower_schema(schema: &mut Schema) {
    let marks = Marks {
        secret: is_marked(schema, "x-secret"),
        local_date_time: schema.schema_data.extensions.contains_key("x-local-date-time"),
        integer_string: is_marked(schema, "x-integer-string"),
    };
    // Typify repeats examples and extensions in what it prints; the spec is the place for them.
    schema.schema_data.extensions.clear();
    schema.schema_data.example = None;
    // A property is read-only for the server's sake; clients in Rust have one type for both directions.
    schema.schema_data.read_only = false;
    match &mut schema.schema_kind {
        SchemaKind::Type(Type::String(string)) => lower_string(string, &marks),
        SchemaKind::Type(Type::Integer(integer)) => lower_integer(integer),
        SchemaKind::Type(Type::Array(array)) => {
            if let Some(ReferenceOr::Item(items)) = &mut array.items {
                lower_schema(items);
            }
        }
        SchemaKind::Type(Type::Object(object)) => {
            if let Some(openapiv3::AdditionalProperties::Schema(values)) = &mut object.additional_properties
                && let ReferenceOr::Item(values) = &mut **values
            {
                lower_schema(values);
            }
        }
        _ => {}
    }
}

/// What extensions say about a string.
struct Marks {
    secret: bool,
    local_date_time: bool,
    integer_string: bool,
}

/// Base64 without limits becomes bytes, whose type implies the pattern; with limits it stays a checked string, as the
/// limits count characters. A secret string without limits gets the secret type, whatever its format is; so do date-times
/// and numbers in a notation of their own.
fn lower_string(string: &mut StringType, marks: &Marks) {
    let byte = matches!(string.format, VariantOrUnknownOrEmpty::Item(StringFormat::Byte));
    let limited = string.min_length.is_some() || string.max_length.is_some();
    let stand_in = |format: &str| VariantOrUnknownOrEmpty::Unknown(format.to_owned());
    if byte && !limited {
        string.pattern = None;
    } else if byte {
        string.format = VariantOrUnknownOrEmpty::Empty;
    } else if marks.local_date_time {
        *string = StringType { format: stand_in(LOCAL_DATE_TIME_FORMAT), ..StringType::default() };
    } else if marks.integer_string {
        *string = StringType { format: stand_in(INTEGER_STRING_FORMAT), ..StringType::default() };
    } else if marks.secret && !has_limits(string) {
        string.format = stand_in(SECRET_FORMAT);
    }
}

fn is_marked(schema: &Schema, extension: &str) -> bool {
    schema.schema_data.extensions.get(extension).is_some_and(|mark| mark == true)
}

/// `x-status-map` of an enum: a value, and the status that it stands for.
fn status_map(schema: &Schema) -> Vec<(String, String)> {
    let map = schema.schema_data.extensions.get("x-status-map").and_then(|map| map.as_object());
    let pairs = map.into_iter().flatten();
    pairs.filter_map(|(value, status)| Some((value.clone(), status.as_str()?.to_owned()))).collect()
}

fn has_limits(string: &StringType) -> bool {
    string.min_length.is_some() || string.max_length.is_some() || string.pattern.is_some()
}

/// Typify turns 1…28 into `NonZeroU32`, which says less than the spec and is awkward to write. The range is checked when
/// a value is built.
fn lower_integer(integer: &mut IntegerType) {
    if !matches!(integer.format, VariantOrUnknownOrEmpty::Item(IntegerFormat::Int32 | IntegerFormat::Int64)) {
        integer.format = VariantOrUnknownOrEmpty::Item(IntegerFormat::Int64);
    }
    (integer.minimum, integer.maximum) = (None, None);
    (integer.exclusive_minimum, integer.exclusive_maximum) = (false, false);
}

fn resolve<'a, T>(
    value: &'a ReferenceOr<T>,
    at: &str,
    component: impl FnOnce(&str) -> Option<&'a ReferenceOr<T>>,
) -> Result<&'a T, Error> {
    match value {
        ReferenceOr::Item(value) => Ok(value),
        ReferenceOr::Reference { reference } => match component(reference.rsplit('/').next().unwrap_or_default()) {
            Some(ReferenceOr::Item(value)) => Ok(value),
            _ => Err(Error::internal(at, &format!("`{reference}` does not lead to a component"))),
        },
    }
}
