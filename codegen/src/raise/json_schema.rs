//! The attributes that give a type its JSON Schema, under the feature `schemars`: the derive of schemars reads the type,
//! and they add what it doesn't tell. The source is the same with and without the feature.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;
use syn::{Attribute, parse_quote};

use super::{docs::of_spec, output::of_option};
use crate::interface::{Enum, Field, Record, Type};

pub(super) fn of_record(ty: &Type, record: &Record, types: &BTreeMap<String, syn::Type>) -> Attribute {
    let mut arguments: Vec<TokenStream> = description(&ty.description).into_iter().collect();
    arguments.extend(extend(&ty.keywords));
    if types.values().any(|of| of_option(of).is_some()) {
        let nullable = record.fields.iter().filter(|field| field.nullable).map(|field| &field.name.wire);
        // A macro, since the derive of schemars doesn't read arrays unless another crate happens to turn that on.
        arguments.push(quote!(transform = crate::runtime::null_only_in!(#(#nullable),*)));
    }
    derive(&arguments)
}

pub(super) fn of_field(field: &Field) -> Option<Attribute> {
    let arguments: Vec<_> = description(&field.description).into_iter().chain(extend(&field.keywords)).collect();
    (!arguments.is_empty()).then(|| parse_quote!(#[cfg_attr(feature = "schemars", schemars(#(#arguments),*))]))
}

/// The documented values alone: what a program writes. That others are read doesn't make them right.
pub(super) fn of_enum(ty: &Type, values: &Enum) -> Attribute {
    let mut arguments = vec![quote!(with = "String")];
    arguments.extend(description(&ty.description));
    arguments.extend(values.limited.then(|| quote!(extend("enum" = Self::DOCUMENTED))));
    arguments.extend(extend(&ty.keywords));
    derive(&arguments)
}

pub(super) fn of_wrapper(ty: &Type) -> Attribute {
    let inline = (!ty.named).then(|| quote!(inline));
    let keywords = description(&ty.description).into_iter().chain(extend(&ty.keywords));
    derive(&inline.into_iter().chain(keywords).collect::<Vec<_>>())
}

fn derive(arguments: &[TokenStream]) -> Attribute {
    let settings = (!arguments.is_empty()).then(|| quote!(, schemars(#(#arguments),*)));
    parse_quote!(#[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema) #settings)])
}

/// What the documentation says is the description, unless it had to be escaped for rustdoc.
fn description(text: &str) -> Option<TokenStream> {
    (of_spec(text) != text).then(|| quote!(description = #text))
}

fn extend(keywords: &[(&'static str, Value)]) -> Option<TokenStream> {
    let keywords: Vec<_> = keywords.iter().filter_map(|(keyword, value)| Some((*keyword, literal(value)?))).collect();
    let (names, values): (Vec<_>, Vec<_>) = keywords.into_iter().unzip();
    (!names.is_empty()).then(|| quote!(extend(#(#names = #values),*)))
}

fn literal(value: &Value) -> Option<TokenStream> {
    match value {
        Value::Bool(flag) => Some(quote!(#flag)),
        // A literal is an `i32` unless it says otherwise.
        Value::Number(number) => match (number.as_i64(), number.is_u64()) {
            (Some(n), _) if i32::try_from(n).is_err() => format!("{n}i64").parse().ok(),
            (None, true) => format!("{number}u64").parse().ok(),
            _ => number.to_string().parse().ok(),
        },
        Value::String(text) => Some(quote!(#text)),
        _ => None,
    }
}
