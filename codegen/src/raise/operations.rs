//! Raises the builders of the operations: how a request is sent, what comes back, and the parts of an upload.
//! Progenitor's way from parameters to URL, query and JSON body is kept as it is.

use quote::{ToTokens, quote};
use syn::{Expr, Fields, ImplItem, ImplItemFn, Item, ItemImpl, ItemMod, ItemStruct, Stmt, parse_quote};

use super::{checks, contents, doc, failures, ident, self_name};
use crate::{
    Error,
    model::{Body, BodyKind, Operation, Parameter, Plan},
    names::{const_name, type_name, value_name},
};

pub(super) fn raise_builders(builder: &mut ItemMod, plan: &Plan) -> Result<(), Error> {
    builder.attrs = vec![parse_quote!(#[doc = "Requests being built, one type an operation."])];
    let items = contents(builder)?;
    super::take(items, "the imports of the builders", 2, |item| matches!(item, Item::Use(_)))?;
    for operation in &plan.operations {
        raise_builder(items, operation).map_err(|reason| Error::internal(&operation.title(), &reason))?;
    }
    let mut raised: Vec<Item> = vec![
        parse_quote! { use super::{error, operation, types}; },
        parse_quote! { use crate::runtime::{self, ByteStream, Error, ResponseValue}; },
    ];
    raised.append(items);
    *items = raised;
    Ok(())
}

/// Writes the documentation of the methods of the client: what the operation does, how it is called, how it fails.
pub(super) fn document_methods(methods: &mut ItemImpl, plan: &Plan) -> Result<(), Error> {
    for operation in &plan.operations {
        let name = value_name(&operation.id);
        let method = methods.items.iter_mut().find_map(|item| match item {
            ImplItem::Fn(method) if method.sig.ident == name => Some(method),
            _ => None,
        });
        let method = method.ok_or_else(|| Error::internal(&operation.title(), "its method is missing"))?;
        let text = method_doc(operation);
        method.attrs = vec![parse_quote!(#[doc = #text])];
    }
    super::expect_count("methods of the client", plan.operations.len(), methods.items.len())
}

fn method_doc(operation: &Operation) -> String {
    let name = value_name(&operation.id);
    let mut setters: Vec<String> = operation.parameters.iter().map(|p| value_name(&p.name)).collect();
    setters.extend(operation.parts.iter().map(|part| value_name(&part.name)));
    setters.extend(operation.body.map(|_| "body".to_owned()));
    let setters: String = setters.iter().map(|setter| format!("\n    .{setter}({setter})")).collect();
    let security = match &operation.scheme {
        Some(scheme) => format!(", as `{scheme}`"),
        None => ", without a credential".to_owned(),
    };
    let mut text = format!(
        "{}.\n\n{}\n\n`{} {}`{security}.\n\n```text\nlet answer = client\n    .{name}(){setters}\n    .send()\n    .await?;\n```",
        operation.summary.trim_end_matches('.'),
        operation.description.trim(),
        operation.method,
        operation.path,
    );
    if !operation.failures.is_empty() {
        text.push_str(&format!(
            "\n\n# Errors\nDocumented failures are in [`error::{}`].",
            failures::enum_name(operation)
        ));
    }
    text
}

fn raise_builder(items: &mut [Item], operation: &Operation) -> Result<(), String> {
    let name = type_name(&operation.id);
    let mut structs = 0;
    let mut impls = 0;
    for item in items {
        match item {
            Item::Struct(found) if found.ident == name => {
                raise_struct(found, operation)?;
                structs += 1;
            }
            Item::Impl(found) if self_name(found).is_some_and(|self_name| self_name == name) => {
                raise_impl(found, operation)?;
                impls += 1;
            }
            _ => {}
        }
    }
    if (structs, impls) != (1, 1) {
        return Err(format!("planned one builder `{name}`, found {structs} types and {impls} implementations"));
    }
    Ok(())
}

/// A raw body becomes something that can be sent again; one that stood in for a multipart body becomes one field a part.
fn raise_struct(item: &mut ItemStruct, operation: &Operation) -> Result<(), String> {
    if !operation.uploads() {
        return Ok(());
    }
    let Fields::Named(fields) = &mut item.fields else { return Err("its builder has no fields".to_owned()) };
    if operation.parts.is_empty() {
        let body = fields.named.iter_mut().find(|f| f.ident.as_ref().is_some_and(|name| name == "body"));
        let body = body.filter(|f| f.ty.to_token_stream().to_string() == "Result < reqwest :: Body , String >");
        body.ok_or("its builder has no raw `body`")?.ty = parse_quote!(Result<runtime::Part, String>);
        return Ok(());
    }
    let before = fields.named.len();
    fields.named =
        fields.named.iter().filter(|f| f.ident.as_ref().is_none_or(|name| name != "body")).cloned().collect();
    if before != fields.named.len() + 1 {
        return Err("its builder has no field `body` to replace by parts".to_owned());
    }
    for part in &operation.parts {
        let name = ident(&value_name(&part.name));
        fields.named.push(parse_quote!(#name: Option<runtime::Part>));
    }
    Ok(())
}

fn raise_impl(item: &mut ItemImpl, operation: &Operation) -> Result<(), String> {
    let mut items = Vec::new();
    let (mut sends, mut constructors, mut bodies) = (0, 0, 0);
    for mut member in item.items.drain(..) {
        if let ImplItem::Fn(function) = &mut member {
            match function.sig.ident.to_string().as_str() {
                "new" => {
                    raise_constructor(function, operation)?;
                    constructors += 1;
                }
                "send" => {
                    raise_send(function, operation)?;
                    sends += 1;
                }
                "body" if operation.uploads() => {
                    bodies += 1;
                    items.extend(operation.parts.iter().map(part_setter));
                    items.extend(operation.parts.is_empty().then(raw_setter));
                    continue;
                }
                _ => document_setter(function, operation),
            }
        }
        items.push(member);
    }
    item.items = items;
    if (constructors, sends, bodies) != (1, 1, usize::from(operation.uploads())) {
        return Err(format!("its builder has {constructors} `new`, {sends} `send` and {bodies} bodies to replace"));
    }
    Ok(())
}

fn part_setter(part: &crate::model::Part) -> ImplItem {
    let name = ident(&value_name(&part.name));
    let text = doc(&format!("The part `{}`. {}", part.name, part.description));
    parse_quote! {
        #text
        pub fn #name(mut self, part: impl Into<runtime::Part>) -> Self {
            self.#name = Some(part.into());
            self
        }
    }
}

fn raw_setter() -> ImplItem {
    parse_quote! {
        /// The body, required: what is uploaded, as it stands.
        pub fn body(mut self, body: impl Into<runtime::Part>) -> Self {
            self.body = Ok(body.into());
            self
        }
    }
}

fn document_setter(function: &mut ImplItemFn, operation: &Operation) {
    let name = function.sig.ident.to_string();
    let parameter = operation.parameters.iter().find(|parameter| value_name(&parameter.name) == name);
    let text = match (parameter, name.as_str()) {
        (Some(parameter), _) => {
            let required = match parameter {
                Parameter { content_length: true, .. } => "which is the length of the body in bytes unless set",
                Parameter { required: true, .. } => "required",
                _ => "optional",
            };
            format!("The {} parameter `{}`, {required}. {}", parameter.location, parameter.name, parameter.description)
        }
        (None, "body") => "The body, required.".to_owned(),
        (None, "body_map") => "Changes the body that is being built.".to_owned(),
        (None, _) => return,
    };
    function.attrs.insert(0, parse_quote!(#[doc = #text]));
}

/// Builders are made by the client's methods only.
fn raise_constructor(function: &mut ImplItemFn, operation: &Operation) -> Result<(), String> {
    function.vis = parse_quote!(pub(super));
    if operation.parts.is_empty() {
        return Ok(());
    }
    let [Stmt::Expr(Expr::Struct(value), None)] = &mut function.block.stmts[..] else {
        return Err("`new` is not a struct expression".to_owned());
    };
    let before = value.fields.len();
    value.fields = value
        .fields
        .iter()
        .filter(|field| !matches!(&field.member, syn::Member::Named(name) if name == "body"))
        .cloned()
        .collect();
    if before != value.fields.len() + 1 {
        return Err("`new` sets no `body` to replace by parts".to_owned());
    }
    for part in &operation.parts {
        let name = ident(&value_name(&part.name));
        value.fields.push(parse_quote!(#name: None));
    }
    Ok(())
}

/// `send` keeps progenitor's statements up to the request, in this order, and gets our own from there on: the session
/// sends it, and the answer is matched against every documented status.
fn raise_send(function: &mut ImplItemFn, operation: &Operation) -> Result<(), String> {
    let mut rest = std::mem::take(&mut function.block.stmts).into_iter();
    let mut next = |what: &str| rest.next().ok_or_else(|| format!("`send` ends before {what}"));
    let constant = ident(&const_name(&operation.id));
    let mut stmts: Vec<Stmt> = vec![
        destructure(next("the builder is taken apart")?, operation)?,
        parse_quote! { let call = client.inner.call(&operation::#constant); },
    ];
    let fields =
        operation.parameters.len() + usize::from(operation.body.is_some()) + usize::from(!operation.parts.is_empty());
    for _ in 0..fields {
        let stmt = next("the parameters are checked")?;
        if binds(&stmt, "body") && !operation.parts.is_empty() {
            stmts.extend(operation.parts.iter().filter(|part| part.required).map(required_part));
        } else {
            let parameter = operation.parameters.iter().find(|parameter| binds(&stmt, &value_name(&parameter.name)));
            stmts.push(check_parameter(stmt)?);
            stmts.extend(parameter.into_iter().flat_map(checks::of_parameter));
        }
    }
    if operation.body_checked {
        stmts.push(checks::of_body());
    }
    if operation.body_not_empty {
        stmts.push(parse_quote! {
            if body.0.is_empty() {
                let reason = "the body needs at least one property".to_string();
                return Err(call.invalid(reason).into());
            }
        });
    }
    stmts.push(url(next("the URL")?, operation)?);

    let headers = operation.parameters.iter().any(|parameter| parameter.location == "header");
    let header_map = expect_binding(next("the headers")?, "header_map")?;
    let version = next("the header api-version")?;
    if !version.to_token_stream().to_string().contains("\"api-version\"") {
        return Err("the header `api-version` is not where it was".to_owned());
    }
    if headers {
        stmts.push(header_map);
    }
    let mut stmt = next("the request")?;
    while headers && !binds(&stmt, "request") {
        stmts.push(header_parameter(stmt, operation)?);
        stmt = next("the request")?;
    }
    stmts.push(request(stmt, operation, headers)?);
    for (what, mark) in [
        ("the operation's name", "OperationInfo"),
        ("the hook `pre`", "pre"),
        ("the request is sent", "exec"),
        ("the hook `post`", "post"),
        ("the answer is taken", "let response = result ?"),
        ("the match over statuses", "match response"),
    ] {
        let stmt = next(what)?;
        if !stmt.to_token_stream().to_string().contains(mark) {
            return Err(format!("expected {what}, found `{}`", stmt.to_token_stream()));
        }
    }
    if rest.next().is_some() {
        return Err("`send` goes on after the match over statuses".to_owned());
    }

    stmts.extend(answer(operation));
    function.block.stmts = stmts;
    raise_signature(function, operation)?;
    let text = format!(
        "Sends the request: `{} {}`.\n\n# Errors\nSee [`Client::{}`](super::Client::{}).",
        operation.method,
        operation.path,
        value_name(&operation.id),
        value_name(&operation.id),
    );
    function.attrs = vec![parse_quote!(#[doc = #text])];
    Ok(())
}

fn destructure(stmt: Stmt, operation: &Operation) -> Result<Stmt, String> {
    let Stmt::Local(local) = stmt else { return Err("`send` does not begin by taking the builder apart".to_owned()) };
    let syn::Pat::Struct(pattern) = &local.pat else {
        return Err("`send` does not begin by taking the builder apart".to_owned());
    };
    if !operation.parts.is_empty() {
        let kept =
            pattern.fields.iter().map(|field| field.to_token_stream()).filter(|field| field.to_string() != "body");
        let parts = operation.parts.iter().map(|part| ident(&value_name(&part.name)).into_token_stream());
        let fields = kept.chain(parts);
        return Ok(parse_quote! { let Self { #(#fields),* } = self; });
    }
    Ok(Stmt::Local(local))
}

/// `let id = id.map_err(Error::InvalidRequest)?` names neither the operation nor, always, the parameter.
fn check_parameter(stmt: Stmt) -> Result<Stmt, String> {
    let Stmt::Local(mut local) = stmt else { return Err("a parameter is not checked where it was".to_owned()) };
    let replaced = local.init.as_mut().and_then(|init| match &mut *init.expr {
        Expr::Try(tried) => match &mut *tried.expr {
            Expr::MethodCall(call) if call.method == "map_err" && call.args.len() == 1 => {
                let old = call.args.to_token_stream().to_string();
                call.args = parse_quote!(|reason| call.invalid(reason));
                Some(old)
            }
            _ => None,
        },
        _ => None,
    });
    match replaced.as_deref() {
        Some("Error :: InvalidRequest") => Ok(Stmt::Local(local)),
        _ => Err(format!("expected the check of a parameter, found `{}`", local.to_token_stream())),
    }
}

/// Progenitor escapes a path parameter, but not so that `..`, `\\` and nothing at all stay data: the URL parser would take
/// them for steps to another resource.
fn url(stmt: Stmt, operation: &Operation) -> Result<Stmt, String> {
    let mut source = expect_binding(stmt, "url")?.to_token_stream().to_string();
    for parameter in operation.parameters.iter().filter(|parameter| parameter.location == "path") {
        let (name, variable) = (&parameter.name, value_name(&parameter.name));
        let escaped = format!("encode_path (& {variable} . to_string ())");
        if source.matches(&escaped).count() != 1 {
            return Err(format!("the path parameter `{name}` is not in `{source}`"));
        }
        let checked = format!("runtime :: path_segment (& call , {name:?} , & {variable} . to_string ()) ?");
        source = source.replace(&escaped, &checked);
    }
    syn::parse_str(&source).map_err(|e| e.to_string())
}

/// `…try_into()?` of a header parameter would lose the operation, and which parameter it is.
fn header_parameter(stmt: Stmt, operation: &Operation) -> Result<Stmt, String> {
    let source = stmt.to_token_stream().to_string();
    let headers = operation.parameters.iter().filter(|parameter| parameter.location == "header");
    let named: Vec<&str> =
        headers.map(|header| header.name.as_str()).filter(|name| source.contains(&format!("{name:?}"))).collect();
    let ([name], 1) = (named.as_slice(), source.matches("try_into () ?").count()) else {
        return Err(format!("expected a header parameter, found `{source}`"));
    };
    let reason = format!("the header parameter {name} has characters that a header can't carry");
    let checked = format!("try_into () . map_err (|_| call.invalid({reason:?}.to_string())) ?");
    syn::parse_str(&source.replace("try_into () ?", &checked)).map_err(|e| e.to_string())
}

fn required_part(part: &crate::model::Part) -> Stmt {
    let name = ident(&value_name(&part.name));
    let missing = format!("the part {} was not given", part.name);
    parse_quote! {
        let #name = #name.ok_or_else(|| call.invalid(#missing.to_string()))?;
    }
}

fn binds(stmt: &Stmt, name: &str) -> bool {
    let Stmt::Local(local) = stmt else { return false };
    matches!(&local.pat, syn::Pat::Ident(pattern) if pattern.ident == name)
}

fn expect_binding(stmt: Stmt, name: &str) -> Result<Stmt, String> {
    if binds(&stmt, name) {
        return Ok(stmt);
    }
    Err(format!("expected `let {name}`, found `{}`", stmt.to_token_stream()))
}

/// The request is handed to the session as a result, which knows the operation. Without header parameters there is no
/// header map; what is uploaded is attached by the session; query parameters come from our re-export.
fn request(stmt: Stmt, operation: &Operation, headers: bool) -> Result<Stmt, String> {
    let Stmt::Local(local) = expect_binding(stmt, "request")? else { return Err("no request".to_owned()) };
    let Some(init) = local.init else { return Err("no request".to_owned()) };
    let Expr::Try(tried) = *init.expr else { return Err("the request is not built with `build()?`".to_owned()) };
    let (multipart, upload) = (!operation.parts.is_empty(), operation.uploads());
    let mut chain = RequestChain { headers, multipart, upload, query: 0, removed: 0 };
    let expr = chain.rewrite(*tried.expr);
    let planned_query = operation.parameters.iter().filter(|parameter| parameter.location == "query").count();
    // `.headers(…)`; `.body(…)` of an upload; `.header(CONTENT_TYPE, …)` of multipart.
    let planned_removed = usize::from(!headers) + usize::from(upload) + usize::from(multipart);
    if (chain.query, chain.removed) != (planned_query, planned_removed) {
        return Err(format!(
            "the request has {} query parameters and {} calls to remove; planned {planned_query} and {planned_removed}",
            chain.query, chain.removed,
        ));
    }
    Ok(parse_quote! { let request = #expr; })
}

struct RequestChain {
    headers: bool,
    multipart: bool,
    upload: bool,
    query: usize,
    removed: usize,
}

impl RequestChain {
    fn rewrite(&mut self, expr: Expr) -> Expr {
        let Expr::MethodCall(mut call) = expr else { return expr };
        let receiver = self.rewrite(*call.receiver);
        let arguments = call.args.to_token_stream().to_string();
        let remove = match call.method.to_string().as_str() {
            "headers" => !self.headers,
            "header" => self.multipart && arguments.contains("CONTENT_TYPE"),
            "body" => self.upload,
            _ => false,
        };
        if remove {
            self.removed += 1;
            return receiver;
        }
        if call.method == "query" {
            self.query += 1;
            let from_runtime = arguments.replace("progenitor_client :: QueryParam", "runtime :: QueryParam");
            if let Ok(argument) = syn::parse_str::<Expr>(&from_runtime) {
                call.args = std::iter::once(argument).collect();
            }
        }
        call.receiver = Box::new(receiver);
        Expr::MethodCall(call)
    }
}

/// From the request to the result.
fn answer(operation: &Operation) -> Vec<Stmt> {
    let content = if operation.body == Some(Body::Raw) {
        let length = operation.parameters.iter().find(|parameter| parameter.content_length);
        let length = length.map_or(quote!(None), |Parameter { name, .. }| {
            let variable = ident(&value_name(name));
            quote!(#variable.is_none().then_some(#name))
        });
        quote!(Some(runtime::Content { multipart: false, parts: vec![("body", body)], length: #length }))
    } else if operation.parts.is_empty() {
        quote!(None)
    } else {
        let parts = operation.parts.iter().map(|part| {
            let (name, field) = (&part.name, ident(&value_name(&part.name)));
            if part.required { quote!(Some((#name, #field))) } else { quote!(#field.map(|part| (#name, part))) }
        });
        let parts = quote!([#(#parts),*].into_iter().flatten().collect());
        quote!(Some(runtime::Content { multipart: true, parts: #parts, length: None }))
    };
    let optional = operation.success.body.is_some() && !operation.success.empty.is_empty();
    let mut arms = Vec::new();
    if let Some((statuses, kind)) = &operation.success.body {
        let status = quote!(#(#statuses)|*);
        let envelope = &operation.success.envelope;
        let number = operation.success.number;
        let wrapped = envelope.failure.is_some() || envelope.data.is_some();
        arms.push(match (kind, optional) {
            (BodyKind::Json, false) if wrapped => {
                let enveloped = failures::enveloped(operation);
                let result = if number { quote!(#enveloped.map(runtime::number::body)) } else { enveloped };
                quote!(#status => #result)
            }
            (BodyKind::Json, false) if number => {
                quote!(#status => Ok(runtime::number::body(answer.json()?)))
            }
            (BodyKind::Json, true) if number => {
                quote!(#status => Ok(runtime::number::body_if_any(answer.json_if_any()?)))
            }
            (BodyKind::Json, false) => quote!(#status => Ok(answer.json()?)),
            (BodyKind::Json, true) => quote!(#status => Ok(answer.json_if_any()?)),
            (BodyKind::Stream, _) if operation.refusal.is_some() => {
                let enveloped = failures::stream_enveloped(operation);
                quote!(#status => #enveloped)
            }
            (BodyKind::Stream, _) => quote!(#status => Ok(answer.stream()?)),
        });
    }
    for status in &operation.success.empty {
        arms.push(quote!(#status => Ok(answer.empty()?)));
    }
    arms.extend(operation.failures.iter().map(|failure| failures::arm(operation, failure)));
    let other = failures::any_other_status(operation);
    vec![
        parse_quote! { let answer = client.inner.execute(&client.client, call, request, #content).await?; },
        Stmt::Expr(
            parse_quote! {
                match answer.status() {
                    #(#arms,)*
                    _ => #other,
                }
            },
            None,
        ),
    ]
}

/// `Error<()>` becomes the operation's own error enum; a success with and without a body becomes an `Option`.
fn raise_signature(function: &mut ImplItemFn, operation: &Operation) -> Result<(), String> {
    let expected = "-> Result < ResponseValue <";
    let returned = function.sig.output.to_token_stream().to_string();
    if !returned.starts_with(expected)
        || !returned.ends_with("Error < () > , >")
            && !returned.ends_with("Error < () >>")
            && !returned.ends_with("Error < () > >")
    {
        return Err(format!("`send` returns `{returned}`"));
    }
    let syn::ReturnType::Type(_, result) = &function.sig.output else {
        return Err("`send` returns nothing".to_owned());
    };
    let success = argument(result, 0).and_then(|value| argument(&value, 0)).ok_or("`send` returns no ResponseValue")?;
    let raw_in_place_of_nothing = operation.success.body.is_none() && success.to_token_stream().to_string() != "()";
    if raw_in_place_of_nothing {
        return Err("`send` returns a body that the spec doesn't have".to_owned());
    }
    let success = if operation.success.body.is_some() && !operation.success.empty.is_empty() {
        quote!(Option<#success>)
    } else {
        quote!(#success)
    };
    let error = ident(&failures::enum_name(operation));
    function.sig.output = parse_quote!(-> Result<ResponseValue<#success>, Error<error::#error>>);
    Ok(())
}

/// The n-th type argument of the last segment of a path: `A` of `Result<A, B>`.
fn argument(ty: &syn::Type, n: usize) -> Option<syn::Type> {
    let syn::Type::Path(path) = ty else { return None };
    let syn::PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else { return None };
    arguments
        .args
        .iter()
        .filter_map(|argument| match argument {
            syn::GenericArgument::Type(ty) => Some(ty.clone()),
            _ => None,
        })
        .nth(n)
}
