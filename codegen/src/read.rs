//! Reads a checked document into the [`Interface`] that it describes. Nothing after this step resolves a reference or
//! knows the name of an extension.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{
    document::{Document, JSON, Located, MULTIPART, OCTETS, ObjectKind, OperationObject, json},
    error::Error,
    interface::{
        Body, Bound, Code, Constrained, Content, Enum, EnumValue, Envelope, Failure, FailureBody, FailureWhen, Field,
        Header, Integer, Interface, Kind, Location, Name, Number, Operation, Parameter, Part, Pattern, Record, Refusal,
        Scheme, Shape, Step, Success, Text, Type, Webhook, position,
    },
    names, pattern,
};

/// The interface called `name`.
pub(crate) fn read(document: &Document<'_>, name: &str) -> Result<Interface, Error> {
    let root = document.root();
    let info = root.get("info");
    let text = |key: &str| info.as_ref().and_then(|info| info.text(key)).unwrap_or_default().trim().to_owned();
    let schemas = document.components("schemas").into_iter().map(|(name, _)| names::type_name(name));
    let mut reader = Reader { document, taken: schemas.collect(), in_schemas: BTreeMap::new(), types: Vec::new() };
    let operations = document.operations.iter().map(|operation| reader.operation(operation));
    let operations = operations.collect::<Result<Vec<_>, Error>>()?;
    for (name, schema) in document.components("schemas") {
        let ty = reader.named_type(name, &schema)?;
        reader.types.push(ty);
    }
    let mut interface = Interface {
        name: name.to_owned(),
        title: text("title"),
        version: text("version"),
        description: text("description"),
        servers: root.items_of("servers").iter().filter_map(|it| it.text("url")).map(str::to_owned).collect(),
        schemes: document.components("securitySchemes").into_iter().map(|(name, at)| scheme(name, &at)).collect(),
        types: reader.types,
        operations,
        webhooks: webhooks(&root),
        properties: property_names(document),
    };
    interface.types.sort_by(|a, b| a.name.rust.cmp(&b.name.rust));
    mark_uses(&mut interface);
    Ok(interface)
}

fn property_names(document: &Document<'_>) -> Vec<String> {
    let schemas = document.all(ObjectKind::Schema);
    let names = schemas.flat_map(|node| node.at.entries_of("properties")).map(|(name, _)| name.to_owned());
    names.collect::<BTreeSet<_>>().into_iter().collect()
}

/// `x-webhooks`, as far as it can be read: no rule says what stands there.
fn webhooks(root: &Located<'_>) -> Vec<Webhook> {
    let mut webhooks = Vec::new();
    for (name, item) in root.entries_of("x-webhooks") {
        for (method, at) in item.entries().into_iter().filter(|(_, at)| at.value.is_object()) {
            let contents = at.get("requestBody").map(|body| body.entries_of("content")).unwrap_or_default();
            let schema = contents.first().and_then(|(_, content)| content.get("schema"));
            let text = ["summary", "description"].into_iter().filter_map(|key| at.text(key)).collect::<Vec<_>>();
            webhooks.push(Webhook {
                name: name.to_owned(),
                method: method.to_uppercase(),
                body: schema.and_then(|schema| schema.reference().map(|reference| component(reference).to_owned())),
                description: text.join("\n").trim().to_owned(),
            });
        }
    }
    webhooks
}

fn scheme(name: &str, at: &Located<'_>) -> Scheme {
    let is_key = at.text("type") == Some("apiKey");
    let header = at.text("name").filter(|_| is_key).unwrap_or("Authorization");
    let word = if is_key { at.text("x-auth-scheme-word") } else { Some("Bearer") };
    Scheme {
        name: name.to_owned(),
        header: header.to_owned(),
        word: word.map(str::to_owned),
        description: description(at),
    }
}

/// Marks the types that occur in requests and in responses, in themselves or in another such type.
fn mark_uses(interface: &mut Interface) {
    let (mut sent, mut received): (Vec<String>, Vec<String>) = Default::default();
    for operation in &interface.operations {
        sent.extend(operation.parameters.iter().filter_map(|parameter| named(&parameter.shape)));
        match &operation.body {
            Body::Json(ty) => sent.push(ty.clone()),
            Body::Parts(parts) => sent.extend(parts.iter().filter_map(|part| part.ty.clone())),
            Body::Nothing | Body::Raw => {}
        }
        if let Content::Json(shape) = &operation.success.content {
            received.extend(named(shape));
        }
        received.extend(operation.failures.iter().filter_map(|failure| Some(failure.body.as_ref()?.ty.clone())));
        received.extend(operation.refusal.iter().map(|refusal| refusal.body.ty.clone()));
    }
    mark(&mut interface.types, sent, |ty| &mut ty.sent);
    mark(&mut interface.types, received, |ty| &mut ty.received);
}

fn mark(types: &mut [Type], mut next: Vec<String>, flag: impl Fn(&mut Type) -> &mut bool) {
    while let Some(name) = next.pop() {
        let Some(ty) = position(types, &name).map(|at| &mut types[at]) else { continue };
        if std::mem::replace(flag(ty), true) {
            continue;
        }
        match &ty.kind {
            Kind::Record(record) => next.extend(record.fields.iter().filter_map(|field| named(&field.shape))),
            Kind::Choice(records) => next.extend(records.iter().cloned()),
            Kind::Wrapper(shape) => next.extend(named(shape)),
            Kind::Enum(_) | Kind::Constrained(_) => {}
        }
    }
}

fn named(shape: &Shape) -> Option<String> {
    match shape.leaf() {
        Shape::Named(name) => Some(name.clone()),
        _ => None,
    }
}

fn description(at: &Located<'_>) -> String {
    at.text("description").unwrap_or_default().trim().to_owned()
}

/// The last segment of a reference, which is the name of a component.
fn component(reference: &str) -> &str {
    reference.rsplit('/').next().unwrap_or_default()
}

fn default(at: &Located<'_>) -> Option<String> {
    at.value.get("default").map(Value::to_string)
}

/// The format of a string, or of the strings in a list or map, that its type in Rust doesn't tell.
fn format(shape: &Shape, at: &Located<'_>) -> Option<String> {
    if matches!(shape.leaf(), Shape::Text(Text::Bytes | Text::Date | Text::DateTime)) {
        return None;
    }
    match at.text("type") {
        Some("string") => at.text("format").map(str::to_owned),
        Some("array") => format(shape.leaf(), &at.get("items")?),
        Some("object") => format(shape.leaf(), &at.get("additionalProperties")?),
        _ => None,
    }
}

fn number(at: &Located<'_>, key: &str) -> Option<f64> {
    at.value.get(key).and_then(Value::as_f64)
}

fn count(at: &Located<'_>, key: &str) -> Option<u64> {
    at.value.get(key).and_then(Value::as_u64)
}

struct Reader<'d, 'a> {
    document: &'d Document<'a>,
    /// The names that types have in Rust.
    taken: BTreeSet<String>,
    /// The types of strings that stand in place in a schema, by their pointers: a result may be a list that a schema is, too.
    in_schemas: BTreeMap<String, String>,
    types: Vec<Type>,
}

impl<'a> Reader<'_, 'a> {
    fn resolve(&self, at: &Located<'a>) -> Result<Located<'a>, Error> {
        let resolved = self.document.resolve(at);
        resolved.ok_or_else(|| Error::internal(&at.pointer, "a reference that leads nowhere"))
    }

    fn operation(&mut self, read: &OperationObject<'a>) -> Result<Operation, Error> {
        let at = &read.at;
        let id = at.text("operationId").unwrap_or_default();
        let method = match read.method {
            "get" => "GET",
            "put" => "PUT",
            "post" => "POST",
            "delete" => "DELETE",
            "options" => "OPTIONS",
            "head" => "HEAD",
            "patch" => "PATCH",
            _ => "TRACE",
        };
        // RFC 9110, section 9.2.2.
        let idempotent = !matches!(method, "POST" | "PATCH");
        let mut parameters = Vec::new();
        for item in read.item.items_of("parameters").into_iter().chain(at.items_of("parameters")) {
            let parameter = self.resolve(&item)?;
            parameters.push(self.parameter(id, &parameter)?);
        }
        let builder = names::type_name(id);
        let (success, refusal) = self.success(at)?;
        Ok(Operation {
            name: Name::of_value(id),
            constant: names::const_name(id),
            error: format!("{builder}Error"),
            method,
            path: read.path.to_owned(),
            summary: at.text("summary").unwrap_or_default().trim().to_owned(),
            description: description(at),
            deprecated: at.flag("deprecated"),
            scheme: at.items_of("security").first().and_then(|it| Some(it.entries().first()?.0.to_owned())),
            idempotent: at.value.get("x-idempotent").and_then(Value::as_bool).unwrap_or(idempotent),
            parameters,
            body: self.body(at)?,
            success,
            failures: self.failures(&builder, at)?,
            refusal,
            headers: self.headers(at),
            builder,
        })
    }

    fn headers(&self, operation: &Located<'a>) -> Vec<Header> {
        let mut headers: BTreeMap<&str, Header> = BTreeMap::new();
        for (status, at) in operation.entries_of("responses") {
            let named = self.document.resolve(&at).map(|at| at.entries_of("headers")).unwrap_or_default();
            for (name, at) in named {
                let text = || self.document.resolve(&at).map(|at| description(&at)).unwrap_or_default();
                let header = headers.entry(name).or_insert_with(|| Header {
                    name: name.to_owned(),
                    statuses: Vec::new(),
                    description: text(),
                });
                header.statuses.push(status.to_owned());
            }
        }
        headers.into_values().collect()
    }

    fn parameter(&mut self, operation: &str, at: &Located<'a>) -> Result<Parameter, Error> {
        let wire = at.text("name").unwrap_or_default();
        let location = match at.text("in") {
            Some("path") => Location::Path,
            Some("query") => Location::Query,
            _ => Location::Header,
        };
        let schema = at.get("schema").ok_or_else(|| Error::internal(&at.pointer, "a parameter without a schema"))?;
        let secret = at.flag("x-secret");
        let shape = match self.shape(&format!("{operation}-{wire}"), &schema)? {
            Shape::Text(Text::Plain) if secret => Shape::Text(Text::Secret),
            shape => shape,
        };
        let content_length = at.flag("x-content-length");
        Ok(Parameter {
            name: Name::of_parameter(wire),
            location,
            required: at.flag("required") && !content_length,
            description: description(at),
            deprecated: at.flag("deprecated"),
            default: default(&schema),
            format: format(&shape, &schema),
            shape,
            content_length,
        })
    }

    fn body(&mut self, operation: &Located<'a>) -> Result<Body, Error> {
        let Some(body) = operation.get("requestBody") else { return Ok(Body::Nothing) };
        let body = self.resolve(&body)?;
        let contents = body.entries_of("content");
        let Some((media_type, content)) = contents.first() else { return Ok(Body::Nothing) };
        let schema = content.get("schema").ok_or_else(|| Error::internal(&content.pointer, "no schema"))?;
        match *media_type {
            OCTETS => Ok(Body::Raw),
            MULTIPART => {
                let schema = self.resolve(&schema)?;
                let required = schema.items_of("required");
                let encoding = content.get("encoding");
                // `*/*` says what is true without it.
                let of_part = |name| encoding.as_ref()?.get(name)?.text("contentType").filter(|types| *types != "*/*");
                let parts = schema.entries_of("properties").into_iter().map(|(name, at)| Part {
                    name: Name::of_parameter(name),
                    required: required.iter().any(|item| item.value == name),
                    description: description(&at),
                    content: part_content(&at),
                    ty: at.reference().map(|reference| names::type_name(component(reference))),
                    media_types: of_part(name).map(str::to_owned),
                });
                Ok(Body::Parts(parts.collect()))
            }
            _ => {
                let reference = schema.reference();
                let reference = reference.ok_or_else(|| Error::internal(&schema.pointer, "a body without a name"))?;
                Ok(Body::Json(names::type_name(component(reference))))
            }
        }
    }

    /// The responses under 2xx, and the failure that may come in place of one.
    fn success(&mut self, operation: &Located<'a>) -> Result<(Success, Option<Refusal>), Error> {
        let context = format!("{}-response", operation.text("operationId").unwrap_or_default());
        let mut success = Success {
            content: Content::Nothing,
            with_body: Vec::new(),
            empty: Vec::new(),
            envelope: Envelope::default(),
        };
        let (mut refusal, mut itself) = (None, None);
        for (status, at) in operation.entries_of("responses") {
            let response = self.resolve(&at)?;
            let Ok(status) = status.parse::<u16>() else {
                if status == "default" {
                    let body = self.failure_body(&response)?;
                    refusal = body.map(|body| Refusal { body, under_any_status: true });
                }
                continue;
            };
            if !(200..300).contains(&status) {
                continue;
            }
            let contents = response.entries_of("content");
            let Some((media_type, content)) = contents.first() else {
                success.empty.push(status);
                continue;
            };
            success.with_body.push(status);
            // `check` saw to it that all bodies are the same.
            if success.content != Content::Nothing {
                continue;
            }
            let schema = content.get("schema").ok_or_else(|| Error::internal(&content.pointer, "no schema"))?;
            let reference = schema.reference();
            // An envelope has the marks, or the response where it is a file.
            let marked = if reference.is_some() { self.resolve(&schema)? } else { response };
            success.envelope.failure = marked.get("x-failure").and_then(|mark| Some(failure_when(&mark.get("when")?)));
            if let Some(reference) = reference.filter(|_| success.envelope.failure.is_some()) {
                itself = Some(Refusal { body: self.body_of(reference)?, under_any_status: false });
            }
            success.envelope.data = marked.text("x-unwrap").map(str::to_owned);
            let data = success.envelope.data.as_ref().and_then(|data| marked.get("properties")?.get(data));
            success.content = match *media_type {
                JSON => Content::Json(self.result(&context, data.as_ref().unwrap_or(&schema))?),
                _ => Content::Stream,
            };
        }
        // Without a `default`, the failure in place of a success is the envelope itself.
        Ok((success, refusal.or(itself)))
    }

    /// The shape of a result. A list with a name is a list: it may come as `null`, and without the damaged elements.
    fn result(&mut self, context: &str, at: &Located<'a>) -> Result<Shape, Error> {
        let list = self.document.schema(at).filter(|(schema, _)| schema.text("type") == Some("array"));
        let Some((list, _)) = list else { return self.shape(context, at) };
        // What stands in place there is of the schema, whoever reads it.
        let context = at.reference().map_or(context, component);
        self.shape(context, &list)
    }

    fn failures(&mut self, builder: &str, operation: &Located<'a>) -> Result<Vec<Failure>, Error> {
        let mut failures = Vec::new();
        for (status, at) in operation.entries_of("responses") {
            let Some(status) = status.parse::<u16>().ok().filter(|status| !(200..300).contains(status)) else {
                continue;
            };
            let response = self.resolve(&at)?;
            let variant = names::status_name(status);
            let mut codes: Vec<Code> = response
                .entries_of("x-error-codes")
                .into_iter()
                .filter_map(|(number, name)| {
                    Some(Code { number: number.parse().ok()?, name: Name::of_variant(name.value.as_str()?) })
                })
                .collect();
            codes.sort_by_key(|code| code.number);
            failures.push(Failure {
                status,
                code_enum: format!("{builder}{variant}Code"),
                variant,
                description: description(&response),
                body: self.failure_body(&response)?,
                codes,
            });
        }
        failures.sort_by_key(|failure| failure.status);
        Ok(failures)
    }

    fn failure_body(&self, response: &Located<'a>) -> Result<Option<FailureBody>, Error> {
        let schema = json(response);
        let Some(schema) = schema else { return Ok(None) };
        let reference = schema.reference();
        let reference = reference.ok_or_else(|| Error::internal(&schema.pointer, "a failure without a name"))?;
        self.body_of(reference).map(Some)
    }

    fn body_of(&self, reference: &str) -> Result<FailureBody, Error> {
        let missing = || Error::internal(reference, "a reference that leads nowhere");
        let schema = self.document.target(reference).ok_or_else(missing)?;
        Ok(FailureBody {
            ty: names::type_name(component(reference)),
            code: marked(&schema, "x-error-code"),
            message: self.message(schema),
        })
    }

    /// The way to the property marked `x-error-message`.
    fn message(&self, schema: Located<'a>) -> Option<Vec<Step>> {
        // Steps, each with the one before it, and what is left to look into, each with the step that leads there.
        let mut steps: Vec<(Option<usize>, Step)> = Vec::new();
        let (mut seen, mut left) = (BTreeSet::new(), vec![(schema, None::<usize>)]);
        while let Some((next, before)) = left.pop() {
            let Some((schema, _)) = self.document.schema(&next) else { continue };
            if !seen.insert(schema.pointer.clone()) {
                continue;
            }
            if let Some(last) = marked(&schema, "x-error-message") {
                let earlier = std::iter::successors(before, |at| steps[*at].0).map(|at| steps[at].1.clone());
                let mut way: Vec<_> = [last].into_iter().chain(earlier).collect();
                way.reverse();
                return Some(way);
            }
            for (name, property) in schema.entries_of("properties").into_iter().rev() {
                let nullable = self.document.schema(&property).is_some_and(|(_, nullable)| nullable);
                steps.push((before, step(&schema, name, nullable)));
                left.push((property, Some(steps.len() - 1)));
            }
        }
        None
    }

    fn named_type(&mut self, name: &str, at: &Located<'a>) -> Result<Type, Error> {
        let mut keywords = Vec::new();
        let kind = if !at.items_of("oneOf").is_empty() {
            let references = at.items_of("oneOf").into_iter().filter_map(|choice| choice.reference());
            Kind::Choice(references.map(|reference| names::type_name(component(reference))).collect())
        } else if at.has("enum") || at.has("x-known-values") {
            Kind::Enum(enumeration(at))
        } else if at.text("type") == Some("object") && !at.entries_of("properties").is_empty() {
            let least = count(at, "minProperties");
            keywords.extend(least.map(|least| ("minProperties", Value::from(least))));
            Kind::Record(self.record(name, at, least)?)
        } else if at.text("type") == Some("string") {
            keywords.extend(string_keywords(at));
            match text(at) {
                Ok(text) => Kind::Wrapper(Shape::Text(text)),
                Err(constrained) => Kind::Constrained(constrained),
            }
        } else {
            let shape = self.shape(name, at)?;
            keywords.extend(value_keywords(&shape, at));
            let least = count(at, "minProperties");
            keywords.extend(least.map(|least| ("minProperties", Value::from(least))));
            Kind::Wrapper(shape)
        };
        // Only a string has a format that its type doesn't tell.
        let leaf = match &kind {
            Kind::Wrapper(shape) => shape.leaf().clone(),
            Kind::Constrained(_) | Kind::Enum(_) => Shape::Text(Text::Plain),
            Kind::Record(_) | Kind::Choice(_) => Shape::Any,
        };
        let format = if leaf == Shape::Any { None } else { format(&leaf, at) };
        Ok(Type {
            name: Name::of_type(name),
            description: description(at),
            kind,
            sent: false,
            received: false,
            nullable: at.flag("nullable"),
            named: true,
            deprecated: at.flag("deprecated"),
            default: default(at),
            format,
            keywords,
        })
    }

    fn record(&mut self, name: &str, at: &Located<'a>, least: Option<u64>) -> Result<Record, Error> {
        let required = at.items_of("required");
        let required: BTreeSet<_> = required.iter().filter_map(|item| item.value.as_str()).collect();
        let (mut fields, mut of_failures) = (Vec::new(), Vec::new());
        for (property, schema) in at.entries_of("properties") {
            let shape = self.shape(&format!("{name}-{property}"), &schema)?;
            let own = if schema.reference().is_some() { None } else { Some(&schema) };
            let flag = |key: &str| own.is_some_and(|own| own.flag(key));
            // An envelope is one schema for successes and failures, and its type in Rust that of a success.
            let of_success = own.and_then(|own| own.text("x-success"));
            let always = of_success == Some("always");
            let is_required = required.contains(property);
            let is_nullable = self.document.schema(&schema).is_some_and(|(_, nullable)| nullable);
            let flags = ["readOnly", "writeOnly"].into_iter().filter(|key| flag(key));
            let mut keywords: Vec<_> = flags.map(|key| (key, Value::Bool(true))).collect();
            keywords.extend(value_keywords(&shape, &schema));
            let fields = if of_success == Some("never") { &mut of_failures } else { &mut fields };
            fields.push(Field {
                name: Name::of_value(property),
                description: own.map(description).unwrap_or_default(),
                required: always || is_required,
                by_schema: is_required,
                always,
                may_be_null: is_nullable,
                nullable: !always && (flag("nullable") || (is_required && is_nullable)),
                deprecated: flag("deprecated"),
                default: own.and_then(default),
                format: format(&shape, &schema),
                shape,
                keywords,
            });
        }
        let not_empty = least.is_some_and(|least| least > 0) && required.is_empty();
        Ok(Record { fields, of_failures, not_empty })
    }

    /// A name that no schema has, for a type without one.
    fn free_name(&mut self, context: &str) -> Name {
        let mut name = Name::of_type(context);
        let is_taken =
            |rust: &str| names::is_taken_by_types(rust) || rust.ends_with("Builder") || self.taken.contains(rust);
        while is_taken(&name.rust) {
            name.rust.push_str("Value");
        }
        self.taken.insert(name.rust.clone());
        name
    }

    /// What the value of a schema is. A constrained string that stands in place becomes the type `context`.
    fn shape(&mut self, context: &str, at: &Located<'a>) -> Result<Shape, Error> {
        if let Some(reference) = at.reference() {
            return Ok(Shape::Named(names::type_name(component(reference))));
        }
        // How 3.0 says "this, and nullable".
        if let [only] = at.items_of("allOf").as_slice() {
            return self.shape(context, only);
        }
        Ok(match at.text("type") {
            Some("string") => match text(at) {
                Ok(text) => Shape::Text(text),
                Err(constrained) => {
                    if let Some(name) = self.in_schemas.get(&at.pointer) {
                        return Ok(Shape::Named(name.clone()));
                    }
                    let name = self.free_name(context);
                    if at.pointer.starts_with("/components/schemas/") {
                        self.in_schemas.insert(at.pointer.clone(), name.rust.clone());
                    }
                    let shape = Shape::Named(name.rust.clone());
                    self.types.push(Type {
                        name,
                        description: description(at),
                        kind: Kind::Constrained(constrained),
                        sent: false,
                        received: false,
                        nullable: false,
                        named: false,
                        deprecated: false,
                        default: None,
                        format: None,
                        keywords: string_keywords(at),
                    });
                    shape
                }
            },
            Some("integer") => Shape::Integer(integer(at)),
            Some("number") => Shape::Number(Number {
                is_32_bit: at.text("format") == Some("float"),
                least: bound(at, "minimum", "exclusiveMinimum"),
                most: bound(at, "maximum", "exclusiveMaximum"),
                as_string: at.flag("x-numeric-string"),
            }),
            Some("boolean") => Shape::Boolean,
            Some("array") => {
                let items = at.get("items").ok_or_else(|| Error::internal(&at.pointer, "an array without items"))?;
                Shape::List(Box::new(self.shape(&format!("{context}-item"), &items)?))
            }
            Some("object") => match at.get("additionalProperties") {
                Some(values) if values.value.is_object() => {
                    Shape::Map(Box::new(self.shape(&format!("{context}-value"), &values)?))
                }
                _ => Shape::Map(Box::new(Shape::Any)),
            },
            _ => Shape::Any,
        })
    }
}

/// What a part holds.
fn part_content(at: &Located<'_>) -> String {
    match (at.reference(), at.text("type"), at.text("format")) {
        (Some(reference), ..) => format!("`{}`", component(reference)),
        (None, Some("string"), Some("binary")) => "bytes".to_owned(),
        (None, ty, Some(format)) => format!("{} {format}", ty.unwrap_or_default()),
        (None, ty, None) => ty.unwrap_or_default().to_owned(),
    }
}

fn failure_when(when: &Located<'_>) -> FailureWhen {
    let property = when.text("property").unwrap_or_default().to_owned();
    let values = when.items_of("not");
    if values.is_empty() {
        FailureWhen::Present { property, or_false: when.text("orFalse").map(str::to_owned) }
    } else {
        FailureWhen::NotOneOf { property, values: values.iter().filter_map(|value| value.value.as_i64()).collect() }
    }
}

/// The property of a schema that has a mark.
fn marked(schema: &Located<'_>, mark: &str) -> Option<Step> {
    let properties = schema.entries_of("properties");
    let (name, property) = properties.into_iter().find(|(_, property)| property.flag(mark))?;
    Some(step(schema, name, property.flag("nullable")))
}

fn step(schema: &Located<'_>, name: &str, nullable: bool) -> Step {
    Step { name: Name::of_value(name), optional: !schema.requires(name) || nullable }
}

fn enumeration(at: &Located<'_>) -> Enum {
    let limited = at.has("enum");
    let values = at.items_of(if limited { "enum" } else { "x-known-values" });
    let values = values.iter().filter_map(|value| value.value.as_str()).map(|value| EnumValue {
        name: Name::of_variant(value),
        status: at.get("x-status-map").and_then(|map| map.text(value)).map(str::to_owned),
    });
    Enum { values: values.collect(), open: !at.flag("x-closed"), trimmed: at.flag("x-trim"), limited }
}

/// What a string is, or its constraints.
fn text(at: &Located<'_>) -> Result<Text, Constrained> {
    let (min_length, max_length) = (count(at, "minLength"), count(at, "maxLength"));
    let (format, pattern, secret) = (at.text("format"), at.text("pattern"), at.flag("x-secret"));
    let counted = min_length.is_some() || max_length.is_some();
    if at.has("x-local-date-time") {
        return Ok(Text::LocalDateTime);
    }
    if at.flag("x-integer-string") {
        return Ok(Text::Integer);
    }
    // The pattern of Base64 says what its type says.
    if format == Some("byte") && !counted {
        return Ok(Text::Bytes);
    }
    if counted || pattern.is_some() {
        let pattern = pattern.map(|of_spec| Pattern {
            of_spec: of_spec.to_owned(),
            // `check` saw to it that it compiles.
            translated: pattern::compile(of_spec)
                .map_or_else(|_| of_spec.to_owned(), |regex| regex.as_str().to_owned()),
        });
        return Err(Constrained { min_length, max_length, pattern, secret });
    }
    Ok(match format {
        _ if secret => Text::Secret,
        Some("date-time") => Text::DateTime,
        Some("date") => Text::Date,
        _ => Text::Plain,
    })
}

fn integer(at: &Located<'_>) -> Integer {
    let bound = |key: &str| at.value.get(key).and_then(Value::as_i64);
    let exclusive = |key: &str| i64::from(at.flag(key));
    Integer {
        is_32_bit: at.text("format") == Some("int32"),
        // Those of the type itself say nothing.
        least: bound("minimum").map(|n| n.saturating_add(exclusive("exclusiveMinimum"))).filter(|n| *n != i64::MIN),
        most: bound("maximum").map(|n| n.saturating_sub(exclusive("exclusiveMaximum"))).filter(|n| *n != i64::MAX),
        as_string: at.flag("x-numeric-string"),
    }
}

fn bound(at: &Located<'_>, key: &str, exclusive: &str) -> Option<Bound> {
    number(at, key).map(|bound| Bound { at: bound, exclusive: at.flag(exclusive) })
}

/// What the JSON Schema of a value says beyond its Rust type. A named one says it itself.
fn value_keywords(shape: &Shape, at: &Located<'_>) -> Vec<(&'static str, Value)> {
    match shape {
        Shape::Text(Text::Date | Text::DateTime | Text::Bytes) => Vec::new(),
        Shape::Text(_) => string_keywords(at),
        Shape::Integer(integer) => {
            let least = integer.least.map(|least| ("minimum", Value::from(least)));
            let most = integer.most.map(|most| ("maximum", Value::from(most)));
            least.into_iter().chain(most).collect()
        }
        Shape::Number(number) => {
            let keyword = |bound: Bound, inclusive, exclusive| {
                (if bound.exclusive { exclusive } else { inclusive }, Value::from(bound.at))
            };
            let least = number.least.map(|least| keyword(least, "minimum", "exclusiveMinimum"));
            let most = number.most.map(|most| keyword(most, "maximum", "exclusiveMaximum"));
            least.into_iter().chain(most).collect()
        }
        _ => Vec::new(),
    }
}

fn string_keywords(at: &Located<'_>) -> Vec<(&'static str, Value)> {
    let keywords = ["format", "minLength", "maxLength", "pattern"];
    keywords.into_iter().filter_map(|keyword| Some((keyword, at.value.get(keyword)?.clone()))).collect()
}
