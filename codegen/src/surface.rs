//! The public surface of a generated client as a short text: what a reviewer of a changed spec has to read.
//! It is made from the generated source alone, so nothing public can change without a change here.

use std::{collections::BTreeMap, fmt::Write};

use quote::ToTokens;
use syn::{Fields, ImplItem, Item, ItemEnum, ItemStruct, Visibility, punctuated::Punctuated};

use super::Error;

/// The surface of generated `source`.
///
/// One line per method with its setters, result and errors; one line per field with its name on the wire; one block per enum.
///
/// # Errors
/// When `source` is not Rust.
pub fn surface(source: &str) -> Result<String, Error> {
    let file = syn::parse_file(source).map_err(|e| Error::internal("the generated source", &e.to_string()))?;
    let mut out = String::new();
    module(&mut out, "", &file.items);
    Ok(out)
}

fn module(out: &mut String, name: &str, items: &[Item]) {
    let impls = implementations(items);
    let _ = writeln!(out, "## {}\n", if name.is_empty() { "the module" } else { name });
    for item in items {
        match item {
            Item::Struct(item) if is_public(&item.vis) => structure(out, name, item, &impls),
            Item::Enum(item) if is_public(&item.vis) => enumeration(out, item, items, &impls),
            Item::Use(item) if is_public(&item.vis) => {
                let _ = writeln!(out, "use {}", text(&item.tree));
            }
            Item::Const(item) if is_public(&item.vis) => {
                let _ = writeln!(out, "const {} = {}", item.ident, constant(&item.expr));
            }
            Item::Fn(item) if is_public(&item.vis) => {
                let _ = writeln!(out, "fn {}", signature(&item.sig));
            }
            _ => {}
        }
    }
    out.push('\n');
    for item in items {
        if let Item::Mod(item) = item
            && is_public(&item.vis)
            && let Some((_, items)) = &item.content
        {
            let name = if name.is_empty() { item.ident.to_string() } else { format!("{name}::{}", item.ident) };
            module(out, &name, items);
        }
    }
}

/// The value of a constant; of an array, how many it has, since each of them is listed by itself.
fn constant(value: &syn::Expr) -> String {
    match value {
        syn::Expr::Reference(reference) => match &*reference.expr {
            syn::Expr::Array(array) => format!("all {}", array.elems.len()),
            other => short(other),
        },
        other => short(other),
    }
}

/// What is implemented for each type of a module: traits by name, and public functions by signature.
#[derive(Default)]
struct Implementations {
    traits: Vec<String>,
    functions: Vec<String>,
    /// Functions in short: `id(i64)` for one that takes what converts into an `i64`.
    setters: Vec<String>,
}

fn implementations(items: &[Item]) -> BTreeMap<String, Implementations> {
    let mut found: BTreeMap<String, Implementations> = BTreeMap::new();
    for item in items {
        let Item::Impl(block) = item else { continue };
        let syn::Type::Path(path) = &*block.self_ty else { continue };
        let Some(segment) = path.path.segments.last() else { continue };
        let entry = found.entry(segment.ident.to_string()).or_default();
        match &block.trait_ {
            // A trait of the crate's own, which nobody else can call.
            Some((path, _)) if path.segments.first().is_some_and(|segment| segment.ident == "crate") => {}
            Some((path, _)) => entry.traits.extend(path.segments.last().map(text)),
            None => {
                for item in &block.items {
                    match item {
                        ImplItem::Fn(function) if is_public(&function.vis) => {
                            entry.functions.push(signature(&function.sig));
                            entry.setters.push(setter(&function.sig));
                        }
                        ImplItem::Const(item) if is_public(&item.vis) => {
                            entry.functions.push(format!("const {}", item.ident));
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    found
}

/// A function of a builder in short: the type that its argument converts into, and for `send` what comes back.
fn setter(signature: &syn::Signature) -> String {
    let output = match &signature.output {
        syn::ReturnType::Type(_, ty) if text(ty) != "Self" => {
            let output = short(ty);
            let parts = output
                .strip_prefix("Result<ResponseValue<")
                .and_then(|rest| rest.strip_suffix(">>"))
                .and_then(|rest| rest.split_once(">, Error<"));
            match parts {
                Some((success, failure)) => format!(" -> {success}, or {failure}"),
                None => format!(" -> {output}"),
            }
        }
        _ => String::new(),
    };
    let bounds = signature.generics.where_clause.as_ref().map(short).unwrap_or_default();
    let arguments: Vec<_> = signature
        .inputs
        .iter()
        .filter_map(|input| match input {
            syn::FnArg::Typed(argument) => Some(short(&argument.ty)),
            syn::FnArg::Receiver(_) => None,
        })
        .map(|ty| {
            let bound = bounds.split_once(&format!("{ty}: ")).map(|(_, bound)| bound);
            match bound {
                Some(bound) => short_bound(bound),
                None => ty,
            }
        })
        .collect();
    format!("{}({}){output}", signature.ident, arguments.join(", "))
}

/// `TryInto<T>`, whose error can be shown, is `T`; a change of a builder is `change(B)`; anything else as it stands.
fn short_bound(bound: &str) -> String {
    let bound = bound.trim_end_matches(',');
    if let Some(rest) = bound.strip_prefix("TryInto<") {
        for tail in [">", ",>"] {
            if let Some(target) = rest.strip_suffix(tail)
                && !target.contains(":")
            {
                return target.to_owned();
            }
        }
        for shown in [">,T::Error: Display", ">, T::Error: Display"] {
            if let Some(target) = rest.strip_suffix(shown) {
                return target.to_owned();
            }
        }
        if let Some((target, error)) = rest.split_once(">,<V as TryInto<")
            && error.strip_prefix(target).is_some_and(|error| error == ">>::Error: Display")
        {
            return target.to_owned();
        }
    }
    if let Some((from, to)) = bound.strip_prefix("FnOnce(").and_then(|rest| rest.split_once(",) -> "))
        && from == to
    {
        return format!("change({from})");
    }
    bound.to_owned()
}

/// `get_call() -> builder::GetCall<'_>`, without `self`, bounds as they are.
fn signature(signature: &syn::Signature) -> String {
    let inputs: Vec<_> = signature
        .inputs
        .iter()
        .filter_map(|input| match input {
            syn::FnArg::Typed(argument) => Some(format!("{}: {}", text(&argument.pat), short(&argument.ty))),
            syn::FnArg::Receiver(_) => None,
        })
        .collect();
    let output = match &signature.output {
        syn::ReturnType::Default => String::new(),
        syn::ReturnType::Type(_, ty) if text(ty) == "Self" => String::new(),
        syn::ReturnType::Type(_, ty) => format!(" -> {}", short(ty)),
    };
    let bounds = match &signature.generics.where_clause {
        Some(clause) => format!(" {}", short(clause).trim_end_matches(',')),
        None => String::new(),
    };
    let asyncness = if signature.asyncness.is_some() { "async " } else { "" };
    format!("{asyncness}{}({}){output}{bounds}", signature.ident, inputs.join(", "))
}

fn structure(out: &mut String, module: &str, item: &ItemStruct, impls: &BTreeMap<String, Implementations>) {
    if module == "builder" {
        return request(out, item, impls);
    }
    if module == "types::builder" {
        return type_builder(out, item, impls);
    }
    let wrapped = match &item.fields {
        Fields::Unnamed(fields) => {
            format!("({})", fields.unnamed.iter().map(|field| short(&field.ty)).collect::<Vec<_>>().join(", "))
        }
        _ => String::new(),
    };
    let _ = writeln!(out, "struct {}{wrapped}{}", item.ident, traits(&item.attrs, &item.ident, impls));
    for field in item.fields.iter().filter(|field| is_public(&field.vis)) {
        let Some(name) = &field.ident else { continue };
        let _ = writeln!(out, "  {}", field_line(&name.to_string(), &short(&field.ty), &serde(&field.attrs)));
    }
    functions(out, &item.ident, impls);
}

/// `type_: Option<Kind> = "type"`. What every field of its sort has is left out: an optional value is left out when
/// unset; an optional collection reads from nothing and from null; numbers have a reader. Anything else is shown as it
/// stands.
fn field_line(name: &str, ty: &str, serde: &[String]) -> String {
    let mut wire = name.to_owned();
    let mut as_text = "";
    let mut rest = Vec::new();
    for attribute in serde {
        let value = |key: &str| attribute.strip_prefix(key)?.strip_suffix('"');
        if let Some(rename) = value("rename = \"") {
            wire = rename.to_owned();
        } else if let Some(reader) = value("deserialize_with = \"number::") {
            as_text = if reader.starts_with("lenient") { ", also as text" } else { "" };
            if reader.ends_with("_or_default") {
                rest.push("deserialize_with = \"null_as_default\"");
            } else if ty.starts_with("Option<") {
                rest.retain(|attribute| *attribute != "default");
            }
        } else {
            rest.push(attribute.as_str());
        }
    }
    let usual: &[&str] = if ty.starts_with("Option<") {
        &["skip_serializing_if = \"Option::is_none\""]
    } else if ty.starts_with("Vec<") && !rest.is_empty() {
        &["default", "skip_serializing_if = \"Vec::is_empty\"", "deserialize_with = \"null_as_default\""]
    } else if ty.starts_with("BTreeMap<") && !rest.is_empty() {
        &["default", "skip_serializing_if = \"BTreeMap::is_empty\"", "deserialize_with = \"null_as_default\""]
    } else {
        &[]
    };
    let optional = if !usual.is_empty() && ty.starts_with(['V', 'B']) { ", optional" } else { "" };
    let unusual = if rest == usual { optional.to_owned() } else { format!(", serde({})", rest.join(", ")) };
    format!("{name}: {ty} = {wire}{unusual}{as_text}")
}

/// `GetCall.id(i64).send() -> CallDto, or error::GetCallError`.
fn request(out: &mut String, item: &ItemStruct, impls: &BTreeMap<String, Implementations>) {
    let mut line = item.ident.to_string();
    for function in impls.get(&item.ident.to_string()).into_iter().flat_map(|found| &found.setters) {
        let _ = write!(line, ".{function}");
    }
    let _ = writeln!(out, "{line}");
}

/// `CallDto: id, type_`: one setter a field, each taking what converts into the field's type.
fn type_builder(out: &mut String, item: &ItemStruct, impls: &BTreeMap<String, Implementations>) {
    let setters = impls.get(&item.ident.to_string()).map(|found| found.setters.as_slice()).unwrap_or_default();
    let names = item.fields.iter().filter_map(|field| field.ident.as_ref().map(ToString::to_string));
    let usual: Vec<_> = item
        .fields
        .iter()
        .zip(names)
        .map(|(field, name)| {
            let ty = short(&field.ty).replace("super::", "");
            let ty = ty
                .strip_prefix("Result<")
                .and_then(|ty| ty.strip_suffix(",String>").or_else(|| ty.strip_suffix(", String>")))
                .unwrap_or(&ty)
                .to_owned();
            (format!("{name}({ty})"), name)
        })
        .collect();
    let shown: Vec<String> = setters
        .iter()
        .map(|setter| {
            let plain = setter.replace("super::", "");
            usual.iter().find(|(usual, _)| *usual == plain).map_or(plain.clone(), |(_, name)| name.clone())
        })
        .collect();
    let _ = writeln!(out, "{}: {}", item.ident, shown.join(", "));
}

fn enumeration(out: &mut String, item: &ItemEnum, items: &[Item], impls: &BTreeMap<String, Implementations>) {
    let wire = wire_names(items, &item.ident);
    let _ = writeln!(out, "enum {}{}", item.ident, traits(&item.attrs, &item.ident, impls));
    for variant in &item.variants {
        let fields: Vec<_> = variant
            .fields
            .iter()
            .map(|field| match &field.ident {
                Some(name) => format!("{name}: {}", short(&field.ty)),
                None => short(&field.ty),
            })
            .collect();
        let fields = match &variant.fields {
            Fields::Unit => String::new(),
            Fields::Unnamed(_) => format!("({})", fields.join(", ")),
            Fields::Named(_) => format!(" {{ {} }}", fields.join(", ")),
        };
        let wire = wire.get(&variant.ident.to_string()).map(|wire| format!(" = {wire}")).unwrap_or_default();
        let serde = serde(&variant.attrs);
        let serde = if serde.is_empty() { String::new() } else { format!(", serde({})", serde.join(", ")) };
        let status = status(items, &item.ident, &variant.ident).map(|status| format!("{status} ")).unwrap_or_default();
        let _ = writeln!(out, "  {status}{}{fields}{wire}{serde}", variant.ident);
    }
    functions(out, &item.ident, impls);
}

fn functions(out: &mut String, ident: &syn::Ident, impls: &BTreeMap<String, Implementations>) {
    for function in impls.get(&ident.to_string()).into_iter().flat_map(|found| &found.functions) {
        let _ = writeln!(out, "  fn {function}");
    }
}

/// `: Clone, Debug`, derived and written, in alphabetical order.
fn traits(attrs: &[syn::Attribute], ident: &syn::Ident, impls: &BTreeMap<String, Implementations>) -> String {
    let mut names: Vec<String> =
        impls.get(&ident.to_string()).into_iter().flat_map(|found| found.traits.clone()).collect();
    let mut marks = String::new();
    for attr in attrs {
        if attr.path().is_ident("derive") {
            let _ = attr.parse_nested_meta(|meta| {
                names.extend(meta.path.segments.last().map(text));
                Ok(())
            });
        } else if attr.path().is_ident("cfg_attr") {
            names.extend(under_a_feature(attr));
        } else if attr.path().is_ident("non_exhaustive") {
            marks.push_str(" #[non_exhaustive]");
        }
    }
    names.sort();
    let traits = if names.is_empty() { String::new() } else { format!(": {}", names.join(", ")) };
    let serde = serde(attrs);
    let serde = if serde.is_empty() { String::new() } else { format!(" serde({})", serde.join(", ")) };
    format!("{traits}{marks}{serde}")
}

/// `JsonSchema(schemars)`: what is derived under a feature.
fn under_a_feature(attr: &syn::Attribute) -> Vec<String> {
    let metas = attr.parse_args_with(Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated).unwrap_or_default();
    let mut metas = metas.iter();
    let Some(syn::Meta::NameValue(feature)) = metas.next() else { return Vec::new() };
    let feature = text(&feature.value);
    let derives = metas.filter_map(|meta| match meta {
        syn::Meta::List(list) if list.path.is_ident("derive") => {
            list.parse_args_with(Punctuated::<syn::Path, syn::Token![,]>::parse_terminated).ok()
        }
        _ => None,
    });
    let names = derives.flatten().filter_map(|path| Some(text(path.segments.last()?)));
    names.map(|name| format!("{name}({})", feature.trim_matches('"'))).collect()
}

/// The pairs of an `open_enum!` or `open_code!` for an enum: variant and what it is on the wire.
fn wire_names(items: &[Item], ident: &syn::Ident) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for item in items {
        let Item::Macro(item) = item else { continue };
        let tokens = item.mac.tokens.to_string();
        let Some((name, pairs)) = tokens.split_once('{') else { continue };
        if *ident == name.trim().trim_end_matches("trimmed").trim_end() {
            for pair in pairs.trim_end_matches(['}', ' ', ',']).split(" , ").flat_map(|pair| pair.split_once('=')) {
                names.insert(pair.0.trim().to_owned(), pair.1.trim().to_owned());
            }
        }
    }
    names
}

/// The status of a variant of an error enum, from its `Failure::status`.
fn status(items: &[Item], ident: &syn::Ident, variant: &syn::Ident) -> Option<String> {
    let block = items.iter().find_map(|item| match item {
        Item::Impl(block) if block.trait_.as_ref()?.0.is_ident("Failure") && *ident == text(&block.self_ty) => {
            Some(block)
        }
        _ => None,
    })?;
    let function = block.items.iter().find_map(|item| match item {
        ImplItem::Fn(function) if function.sig.ident == "status" => Some(function),
        _ => None,
    })?;
    let body = text(&function.block);
    let arm = body.split(&format!("Self::{variant} {{ .. }} => Some(")).nth(1)?;
    Some(arm.chars().take_while(char::is_ascii_digit).collect())
}

/// The arguments of the serde attributes, one by one.
fn serde(attrs: &[syn::Attribute]) -> Vec<String> {
    let lists = attrs.iter().filter_map(|attr| match &attr.meta {
        syn::Meta::List(list) if list.path.is_ident("serde") => Some(short_text(&list.tokens.to_string())),
        _ => None,
    });
    lists.flat_map(|list| list.split(", ").map(str::to_owned).collect::<Vec<_>>()).collect()
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn text(tokens: &impl ToTokens) -> String {
    short_spaces(&tokens.to_token_stream().to_string())
}

fn short(tokens: &impl ToTokens) -> String {
    short_text(&text(tokens))
}

/// Without the paths that every type has.
fn short_text(text: &str) -> String {
    let mut text = short_spaces(text);
    for prefix in [
        "::std::option::",
        "::std::vec::",
        "::std::string::",
        "::std::boxed::",
        "::std::collections::",
        "::std::convert::",
        "::std::result::",
        "::std::fmt::",
        "::std::ops::",
        "std::convert::",
        "std::fmt::",
        "std::ops::",
        "crate::runtime::",
        "runtime::",
    ] {
        text = text.replace(prefix, "");
    }
    text
}

/// Token streams print with a blank between all tokens.
fn short_spaces(text: &str) -> String {
    let mut text = text.to_owned();
    for (long, short) in [
        (" ::", "::"),
        (":: ", "::"),
        (" <", "<"),
        ("< ", "<"),
        (" >", ">"),
        (",>", ">"),
        (", >", ">"),
        (" ,", ","),
        ("& ", "&"),
        (" :", ":"),
        (":::", ": ::"),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        (" .", "."),
        ("' ", "'"),
        (",>", ">"),
    ] {
        text = text.replace(long, short);
    }
    text
}
