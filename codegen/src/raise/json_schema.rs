//! Gives every type of the module `types` its JSON Schema, under the feature `schemars`: the derive of schemars reads
//! the types, and attributes add what they don't tell. The source is the same with and without the feature.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;
use syn::{Attribute, Field, Item, ItemMod, parse_quote};

use super::{contents, expect_count};
use crate::{
    Error,
    model::{Keywords, Plan},
};

pub(super) fn raise(types: &mut ItemMod, plan: &Plan) -> Result<(), Error> {
    let (mut of_types, mut of_fields, mut in_place) = (0, 0, 0);
    for item in contents(types)? {
        let (name, attributes, fields) = match item {
            Item::Struct(item) => (item.ident.to_string(), &mut item.attrs, item.fields.iter_mut().collect()),
            Item::Enum(item) => (item.ident.to_string(), &mut item.attrs, Vec::new()),
            _ => continue,
        };
        let notes: Vec<_> = plan.json_schemas.keywords.iter().filter(|note| note.type_name == name).collect();
        let mut arguments = Vec::new();
        if plan.json_schemas.in_place.contains(&name) {
            arguments.push(quote!(inline));
            in_place += 1;
        }
        if let Some(open) = plan.enums.iter().find(|open| open.name == name) {
            arguments.push(quote!(with = "::std::string::String"));
            if open.listed {
                // The documented values alone: what a program writes. That others are read doesn't make them right.
                arguments.push(quote!(extend("enum" = Self::DOCUMENTED)));
            }
        }
        for note in notes.iter().filter(|note| note.field.is_none()) {
            arguments.push(extend(note)?);
            of_types += 1;
        }
        if fields.iter().any(|field| is_option(field)) {
            let nullable =
                plan.json_schemas.nullable.iter().filter(|(of, _)| *of == name).map(|(_, property)| property);
            // A macro, since the derive of schemars doesn't read arrays unless another crate happens to turn that on.
            arguments.push(quote!(transform = crate::runtime::null_only_in!(#(#nullable),*)));
        }
        for field in fields {
            let field_name = field.ident.as_ref().map(ToString::to_string);
            for note in notes.iter().filter(|note| note.field.is_some() && note.field == field_name) {
                let argument = extend(note)?;
                field.attrs.push(parse_quote!(#[cfg_attr(feature = "schemars", schemars(#argument))]));
                of_fields += 1;
            }
        }
        attributes.insert(behind_derive(attributes), derive(&arguments));
    }
    let planned =
        |of_fields: bool| plan.json_schemas.keywords.iter().filter(|note| note.field.is_some() == of_fields).count();
    expect_count("the types with keywords of JSON Schema", planned(false), of_types)?;
    expect_count("the fields with keywords of JSON Schema", planned(true), of_fields)?;
    expect_count("the types of schemas without a name", plan.json_schemas.in_place.len(), in_place)
}

fn derive(arguments: &[TokenStream]) -> Attribute {
    let settings = (!arguments.is_empty()).then(|| quote!(, schemars(#(#arguments),*)));
    parse_quote!(#[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema) #settings)])
}

/// Right behind the other derives, before the attributes that they read.
fn behind_derive(attributes: &[Attribute]) -> usize {
    attributes.iter().position(|attribute| attribute.path().is_ident("derive")).map_or(attributes.len(), |at| at + 1)
}

fn extend(note: &Keywords) -> Result<TokenStream, Error> {
    let keywords = note.keywords.iter().map(|(keyword, value)| {
        let value = literal(value).ok_or_else(|| {
            Error::internal(&note.type_name, &format!("`{keyword}` of its JSON Schema is no scalar: {value}"))
        })?;
        Ok(quote!(#keyword = #value))
    });
    let keywords = keywords.collect::<Result<Vec<_>, Error>>()?;
    Ok(quote!(extend(#(#keywords),*)))
}

fn literal(value: &Value) -> Option<TokenStream> {
    match value {
        Value::Bool(flag) => Some(quote!(#flag)),
        Value::Number(number) => number.to_string().parse().ok(),
        Value::String(text) => Some(quote!(#text)),
        _ => None,
    }
}

fn is_option(field: &Field) -> bool {
    match &field.ty {
        syn::Type::Path(path) => path.path.segments.last().is_some_and(|segment| segment.ident == "Option"),
        _ => false,
    }
}
