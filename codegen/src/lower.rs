//! Writes an [`Interface`] as the OpenAPI document that progenitor takes: one response per operation, no failures, no
//! multipart, no bounds that become types of their own, no descriptions. All names are those in Rust, so that progenitor
//! renames nothing, and each operation has a path of its own. What is left out here, [`raise`](crate::raise) adds.

use heck::ToSnakeCase;
use openapiv3::{
    AdditionalProperties, ArrayType, BooleanType, Components, Info, IntegerFormat, IntegerType, MediaType,
    NumberFormat, NumberType, ObjectType, OpenAPI, Operation as ApiOperation, Parameter as ApiParameter, ParameterData,
    ParameterSchemaOrContent, PathItem, PathStyle, QueryStyle, ReferenceOr, RequestBody, Response, Schema, SchemaData,
    SchemaKind, StatusCode, StringFormat, StringType, Type as ApiType, VariantOrUnknownOrEmpty,
};

use crate::interface::{Body, Content, Field, Interface, Kind, Location, Operation, Parameter, Shape, Text, Type};

/// The string formats that stand for types of ours.
pub(crate) mod format {
    pub(crate) const SECRET: &str = "x-secret";
    pub(crate) const LOCAL_DATE_TIME: &str = "x-local-date-time";
    pub(crate) const INTEGER: &str = "x-integer-string";
    pub(crate) const DATE: &str = "date";
    pub(crate) const DATE_TIME: &str = "date-time";
    pub(crate) const BYTES: &str = "byte";
}

/// The name of a property or a parameter in what progenitor gets: one that it keeps as it is, and that nothing of its own
/// has.
pub(crate) fn lowered(name: &str) -> String {
    format!("x_{}", name.trim_end_matches('_'))
}

pub(crate) fn lower(interface: &Interface) -> OpenAPI {
    let schemas = interface.types.iter().map(|ty| (ty.name.rust.clone(), ReferenceOr::Item(named(ty)))).collect();
    let mut api = OpenAPI {
        openapi: "3.0.3".to_owned(),
        info: Info { title: interface.title.clone(), version: interface.version.clone(), ..Info::default() },
        components: Some(Components { schemas, ..Components::default() }),
        ..OpenAPI::default()
    };
    for operation in &interface.operations {
        let mut path = format!("/{}", operation.name.rust);
        for parameter in operation.parameters_in(Location::Path) {
            path.push_str(&format!("/{{{}}}", lowered(&parameter.name.rust)));
        }
        let item = PathItem { post: Some(lower_operation(operation)), ..PathItem::default() };
        api.paths.paths.insert(path, ReferenceOr::Item(item));
    }
    api
}

fn lower_operation(operation: &Operation) -> ApiOperation {
    let (success, statuses) = match &operation.success.content {
        Content::Nothing => (None, &operation.success.empty),
        Content::Json(shape) => (Some(body("application/json", schema(shape))), &operation.success.with_body),
        Content::Stream => (Some(octets()), &operation.success.with_body),
    };
    let status = statuses.first().copied().unwrap_or(204);
    let response = Response { content: success.into_iter().collect(), ..Response::default() };
    let sent = match &operation.body {
        Body::Nothing => None,
        Body::Json(ty) => Some(body("application/json", reference(ty))),
        Body::Raw | Body::Parts(_) => Some(octets()),
    };
    let sent = sent.map(|content| {
        ReferenceOr::Item(RequestBody { content: [content].into(), required: true, ..RequestBody::default() })
    });
    let mut lowered = ApiOperation {
        // From it, progenitor makes the name of the builder.
        operation_id: Some(operation.builder.to_snake_case()),
        parameters: operation
            .parameters
            .iter()
            .map(|parameter| ReferenceOr::Item(lower_parameter(parameter)))
            .collect(),
        request_body: sent,
        ..ApiOperation::default()
    };
    lowered.responses.responses.insert(StatusCode::Code(status), ReferenceOr::Item(response));
    lowered
}

fn body(media_type: &str, schema: ReferenceOr<Schema>) -> (String, MediaType) {
    (media_type.to_owned(), MediaType { schema: Some(schema), ..MediaType::default() })
}

fn octets() -> (String, MediaType) {
    let binary = StringType { format: VariantOrUnknownOrEmpty::Item(StringFormat::Binary), ..StringType::default() };
    body("application/octet-stream", item(ApiType::String(binary)))
}

fn lower_parameter(parameter: &Parameter) -> ApiParameter {
    let parameter_data = ParameterData {
        name: lowered(&parameter.name.rust),
        description: None,
        required: parameter.required,
        deprecated: None,
        format: ParameterSchemaOrContent::Schema(schema(&parameter.shape)),
        example: None,
        examples: Default::default(),
        explode: None,
        extensions: Default::default(),
    };
    match parameter.location {
        Location::Path => ApiParameter::Path { parameter_data, style: PathStyle::Simple },
        Location::Query => ApiParameter::Query {
            parameter_data,
            allow_reserved: false,
            style: QueryStyle::Form,
            allow_empty_value: None,
        },
        Location::Header => ApiParameter::Header { parameter_data, style: Default::default() },
    }
}

fn reference(ty: &str) -> ReferenceOr<Schema> {
    ReferenceOr::Reference { reference: format!("#/components/schemas/{ty}") }
}

fn item(ty: ApiType) -> ReferenceOr<Schema> {
    ReferenceOr::Item(plain(SchemaKind::Type(ty)))
}

fn plain(schema_kind: SchemaKind) -> Schema {
    Schema { schema_data: SchemaData::default(), schema_kind }
}

fn named(ty: &Type) -> Schema {
    match &ty.kind {
        Kind::Choice(records) => {
            plain(SchemaKind::OneOf { one_of: records.iter().map(|record| reference(record)).collect() })
        }
        Kind::Record(record) => {
            let required = record.fields.iter().filter(|field| field.required);
            plain(SchemaKind::Type(ApiType::Object(ObjectType {
                properties: record.fields.iter().map(|field| (lowered(&field.name.rust), property(field))).collect(),
                required: required.map(|field| lowered(&field.name.rust)).collect(),
                ..ObjectType::default()
            })))
        }
        // The generator replaces them by types of ours.
        Kind::Enum(_) | Kind::Constrained(_) => plain(SchemaKind::Type(ApiType::String(StringType::default()))),
        Kind::Wrapper(shape) => match schema(shape) {
            ReferenceOr::Item(schema) => schema,
            reference => plain(SchemaKind::AllOf { all_of: vec![reference] }),
        },
    }
}

/// An optional value may be null anyway.
fn property(field: &Field) -> ReferenceOr<Box<Schema>> {
    let nullable = field.required && field.nullable;
    let mut schema = match schema(&field.shape) {
        ReferenceOr::Item(schema) => schema,
        // What stands next to a reference is ignored.
        reference if nullable => plain(SchemaKind::AllOf { all_of: vec![reference] }),
        ReferenceOr::Reference { reference } => return ReferenceOr::Reference { reference },
    };
    schema.schema_data.nullable = nullable;
    ReferenceOr::Item(Box::new(schema))
}

/// Bounds are left out: typify turns 1…28 into `NonZeroU32`, which says less and is awkward to write.
fn schema(shape: &Shape) -> ReferenceOr<Schema> {
    let boxed = |inner: &Shape| match schema(inner) {
        ReferenceOr::Item(schema) => ReferenceOr::Item(Box::new(schema)),
        ReferenceOr::Reference { reference } => ReferenceOr::Reference { reference },
    };
    let ty = match shape {
        Shape::Named(ty) => return reference(ty),
        Shape::Any => return ReferenceOr::Item(plain(SchemaKind::Any(Default::default()))),
        Shape::Text(text) => {
            let format = match text {
                Text::Plain => VariantOrUnknownOrEmpty::Empty,
                Text::Secret => VariantOrUnknownOrEmpty::Unknown(format::SECRET.to_owned()),
                Text::LocalDateTime => VariantOrUnknownOrEmpty::Unknown(format::LOCAL_DATE_TIME.to_owned()),
                Text::Integer => VariantOrUnknownOrEmpty::Unknown(format::INTEGER.to_owned()),
                Text::Bytes => VariantOrUnknownOrEmpty::Item(StringFormat::Byte),
                Text::Date => VariantOrUnknownOrEmpty::Item(StringFormat::Date),
                Text::DateTime => VariantOrUnknownOrEmpty::Item(StringFormat::DateTime),
            };
            ApiType::String(StringType { format, ..StringType::default() })
        }
        Shape::Integer(integer) => {
            let format = if integer.is_32_bit { IntegerFormat::Int32 } else { IntegerFormat::Int64 };
            ApiType::Integer(IntegerType { format: VariantOrUnknownOrEmpty::Item(format), ..IntegerType::default() })
        }
        Shape::Number(number) => {
            let format = if number.is_32_bit { NumberFormat::Float } else { NumberFormat::Double };
            ApiType::Number(NumberType { format: VariantOrUnknownOrEmpty::Item(format), ..NumberType::default() })
        }
        Shape::Boolean => ApiType::Boolean(BooleanType::default()),
        Shape::List(inner) => ApiType::Array(ArrayType {
            items: Some(boxed(inner)),
            min_items: None,
            max_items: None,
            unique_items: false,
        }),
        Shape::Map(inner) => ApiType::Object(ObjectType {
            additional_properties: Some(match &**inner {
                Shape::Any => AdditionalProperties::Any(true),
                inner => AdditionalProperties::Schema(Box::new(schema(inner))),
            }),
            ..ObjectType::default()
        }),
    };
    item(ty)
}
