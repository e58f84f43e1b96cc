//! The module `types`: the fields and newtypes that typify printed, with everything that it knows no word for.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Item, ItemStruct, parse_quote, visit_mut::VisitMut};

use super::{
    builders,
    docs::{code, doc, of_spec},
    json_schema,
    output::{Output, WithinTypes, of_option},
    tokens::{deprecated, ident, with_items},
    validation,
};
use crate::{
    error::Error,
    interface::{Constrained, Enum, Field, Interface, Kind, Pattern, Record, Shape, Text, Type},
};

pub(super) fn module(interface: &Interface, output: &mut Output) -> Result<Item, Error> {
    let mut items: Vec<Item> = Vec::new();
    let mut of_builders: Vec<Item> = Vec::new();
    for ty in &interface.types {
        match &ty.kind {
            Kind::Record(record) => {
                let names = record.fields.iter().map(|field| &field.name.rust);
                let mut fields = output.take_struct(&ty.name.rust, names)?;
                fields.values_mut().for_each(|of| WithinTypes.visit_type_mut(of));
                items.push(structure(interface, ty, record, &fields));
                if ty.sent {
                    items.push(builders::of(ty));
                    of_builders.append(&mut builders::builder(interface, ty, record, &fields));
                } else {
                    items.extend(constructor(ty, record, &fields));
                }
            }
            Kind::Enum(values) => items.append(&mut enumeration(ty, values)),
            Kind::Choice(records) => {
                items.append(&mut choice(ty, records, output)?);
                if ty.sent {
                    of_builders.extend(records.iter().map(|record| builders::into_choice(ty, record)));
                }
            }
            Kind::Constrained(string) => items.append(&mut constrained(ty, string)),
            Kind::Wrapper(_) => items.append(&mut newtype(interface, ty, output.take_type(&ty.name.rust)?)),
        }
        items.extend(validation::implementation(interface, ty));
    }
    let builders = parse_quote! {
        /// Builders of the types that are sent.
        pub mod builder {
            use std::{collections::BTreeMap, fmt::Display};
            use crate::runtime::{self, BuildError, Given, Optional};
            use super::*;
        }
    };
    items.push(with_items(builders, of_builders));
    let types = parse_quote! {
        /// The schemas of the spec.
        pub mod types {
            use std::collections::BTreeMap;
            use crate::runtime;
        }
    };
    Ok(with_items(types, items))
}

fn structure(interface: &Interface, ty: &Type, record: &Record, types: &BTreeMap<String, syn::Type>) -> Item {
    let (name, text) = (ident(&ty.name.rust), doc(&of_spec(&ty.description)));
    let fields = record.fields.iter().map(|field| {
        let (name, text, of) = (ident(&field.name.rust), doc(&of_spec(&field.description)), &types[&field.name.rust]);
        let (serde, schema) = (serde(interface, field, of), json_schema::of_field(field));
        let deprecated = deprecated(field.deprecated);
        quote!(#text #serde #schema #deprecated pub #name: #of)
    });
    let default = is_default(record).then(|| quote!(Default,));
    let schema = json_schema::of_record(ty, record, types);
    let deprecated = deprecated(ty.deprecated);
    parse_quote! {
        #text
        #[derive(Clone, Debug, #default PartialEq, ::serde::Deserialize, ::serde::Serialize)]
        #schema
        #[non_exhaustive]
        #deprecated
        pub struct #name {
            #(#fields,)*
        }
    }
}

/// Whether a record needs no value at all.
fn is_default(record: &Record) -> bool {
    record.fields.iter().all(|field| !field.required)
}

/// How a field is read and written. Absence and null are one; a server writes an integer as `5.0`, too.
fn serde(interface: &Interface, field: &Field, of: &syn::Type) -> Option<Attribute> {
    let mut attributes: Vec<TokenStream> = Vec::new();
    let Field { name, required, .. } = field;
    // `r#` is not part of a name, and ours never have it: a keyword gets an underscore.
    if name.wire != name.rust {
        let wire = &name.wire;
        attributes.push(quote!(rename = #wire));
    }
    let is_option = of_option(of).is_some();
    let is_collection = field.is_optional_collection() && !is_option;
    let is_optional = is_option && !required;
    let reader = match (&field.shape, field.shape.number_reader(), is_collection) {
        (_, Some(false), false) => Some("runtime::number::strict"),
        (_, Some(false), true) => Some("runtime::number::strict_or_default"),
        (_, Some(true), false) => Some("runtime::number::lenient"),
        (_, Some(true), true) => Some("runtime::number::lenient_or_default"),
        (Shape::Text(Text::DateTime), ..) if is_optional => Some("runtime::repair::optional_date_time"),
        (shape, _, false) if interface.is_list_of_received(shape) => Some("runtime::repair::list"),
        (shape, _, true) if interface.is_list_of_received(shape) => Some("runtime::repair::list_or_default"),
        _ => None,
    };
    // With a reader of its own, serde takes a missing `Option` no longer for `None` by itself.
    if is_collection || (is_optional && reader.is_some()) {
        attributes.push(quote!(default));
    }
    if is_collection {
        let kind = match &field.shape {
            Shape::Map(values) if **values == Shape::Any => "::serde_json::Map",
            Shape::Map(_) => "BTreeMap",
            _ => "Vec",
        };
        let is_empty = format!("{kind}::is_empty");
        attributes.push(quote!(skip_serializing_if = #is_empty));
    } else if is_optional {
        attributes.push(quote!(skip_serializing_if = "Option::is_none"));
    }
    let reader = reader.or_else(|| is_collection.then_some("runtime::null_as_default"));
    // Required and null: it has to be there.
    let reader = reader.or_else(|| (is_option && *required).then_some("Option::deserialize"));
    attributes.extend(reader.map(|reader| quote!(deserialize_with = #reader)));
    (!attributes.is_empty()).then(|| parse_quote!(#[serde(#(#attributes),*)]))
}

/// A record that nobody sends has no builder. One with required fields has a constructor, for tests.
fn constructor(ty: &Type, record: &Record, types: &BTreeMap<String, syn::Type>) -> Option<Item> {
    if is_default(record) {
        return None;
    }
    let name = ident(&ty.name.rust);
    let (required, optional): (Vec<_>, Vec<_>) = record.fields.iter().partition(|field| field.required);
    let names: Vec<_> = required.iter().map(|field| ident(&field.name.rust)).collect();
    let of = required.iter().map(|field| &types[&field.name.rust]);
    let others = optional.iter().map(|field| ident(&field.name.rust));
    Some(parse_quote! {
        impl #name {
            /// With its required properties only. For tests: it comes from a server otherwise.
            #[must_use]
            pub fn new(#(#names: #of),*) -> Self {
                Self { #(#names,)* #(#others: Default::default(),)* }
            }
        }
    })
}

/// A server may send a value that the spec doesn't list; typify's enum would refuse the whole body for it.
fn enumeration(ty: &Type, values: &Enum) -> Vec<Item> {
    let (name, text) = (ident(&ty.name.rust), doc(&of_spec(&ty.description)));
    let variants: Vec<_> = values.values.iter().map(|value| ident(&value.name.rust)).collect();
    let wire: Vec<_> = values.values.iter().map(|value| &value.name.wire).collect();
    let variant_docs = wire.iter().map(|value| doc(&code(value)));
    let schema = json_schema::of_enum(ty, values);
    let deprecated = deprecated(ty.deprecated);
    let mut items = Vec::new();
    if values.open {
        let trimmed = values.trimmed.then(|| quote!(trimmed));
        items.push(parse_quote! {
            #text
            #[derive(Clone, Debug)]
            #schema
            #[non_exhaustive]
            #deprecated
            pub enum #name {
                #(#variant_docs #variants,)*
                /// A value that the spec doesn't list, as received. It is written back unchanged.
                Unknown(String),
            }
        });
        items.push(parse_quote! {
            crate::runtime::open_enum!(#name #trimmed { #(#variants = #wire,)* });
        });
    } else {
        items.push(parse_quote! {
            #text
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
            #schema
            #[non_exhaustive]
            #deprecated
            pub enum #name {
                #(#variant_docs #variants,)*
            }
        });
        items.push(parse_quote! {
            crate::runtime::closed_enum!(#name { #(#variants = #wire,)* });
        });
    }
    let known = values.values.iter().filter_map(|value| Some((ident(&value.name.rust), value.status.as_deref()?)));
    let (known, statuses): (Vec<_>, Vec<_>) = known.unzip();
    if !known.is_empty() {
        items.push(parse_quote! {
            impl #name {
                /// The status that this value stands for; `None` when there is none.
                #[must_use]
                pub fn status(&self) -> Option<&'static str> {
                    match self {
                        #(Self::#known => Some(#statuses),)*
                        _ => None,
                    }
                }
            }
        });
    }
    items
}

/// One of several records, which are told apart by their properties. typify says only what is boxed: it takes from the names
/// of the records what they have in common.
fn choice(ty: &Type, records: &[String], output: &mut Output) -> Result<Vec<Item>, Error> {
    let held = output.take_variants(&ty.name.rust, records.len())?.into_iter().map(|mut held| {
        WithinTypes.visit_type_mut(&mut held);
        held
    });
    let (name, text, schema) = (ident(&ty.name.rust), doc(&of_spec(&ty.description)), json_schema::of_wrapper(ty));
    let variants: Vec<_> = records.iter().map(|record| ident(record)).collect();
    let deprecated = deprecated(ty.deprecated);
    let mut items = vec![parse_quote! {
        #text
        #[derive(Clone, Debug, PartialEq, ::serde::Deserialize, ::serde::Serialize)]
        #[serde(untagged)]
        #schema
        #[non_exhaustive]
        #deprecated
        pub enum #name {
            #(#variants(#held),)*
        }
    }];
    items.extend(variants.iter().map(|variant| {
        parse_quote! {
            impl From<#variant> for #name {
                fn from(value: #variant) -> Self {
                    Self::#variant(value.into())
                }
            }
        }
    }));
    Ok(items)
}

/// What typify printed for a type, with the documentation of the spec and a JSON Schema.
fn newtype(interface: &Interface, ty: &Type, items: Vec<Item>) -> Vec<Item> {
    let (text, schema) = (doc(&of_spec(&ty.description)), json_schema::of_wrapper(ty));
    let deprecated = deprecated(ty.deprecated);
    let attributes = |found: Vec<Attribute>| -> Vec<Attribute> {
        let found = found.into_iter().filter(|attribute| !attribute.path().is_ident("doc"));
        let own: ItemStruct = parse_quote!(#text #(#found)* #schema #deprecated struct Item;);
        own.attrs
    };
    let items = items.into_iter().map(|mut item| {
        WithinTypes.visit_item_mut(&mut item);
        if let Item::Struct(item) = &mut item {
            item.attrs = attributes(std::mem::take(&mut item.attrs));
            item.fields.iter_mut().for_each(|field| field.attrs.extend(reader(interface, ty)));
        }
        item
    });
    items.collect()
}

/// How the only field of a newtype is read, if not as it stands.
fn reader(interface: &Interface, ty: &Type) -> Option<Attribute> {
    let Kind::Wrapper(shape) = &ty.kind else { return None };
    let reader = match shape.number_reader() {
        Some(true) => "runtime::number::lenient",
        Some(false) => "runtime::number::strict",
        None if interface.is_list_of_received(shape) => "runtime::repair::list",
        None => return None,
    };
    Some(parse_quote!(#[serde(deserialize_with = #reader)]))
}

/// A string whose values satisfy constraints.
fn constrained(ty: &Type, string: &Constrained) -> Vec<Item> {
    let (name, text, schema) = (ident(&ty.name.rust), doc(&of_spec(&ty.description)), json_schema::of_wrapper(ty));
    let length = |length: Option<u64>| match length {
        Some(length) => {
            let length = proc_macro2::Literal::u64_unsuffixed(length);
            quote!(Some(#length))
        }
        None => quote!(None),
    };
    let (least, most) = (length(string.min_length), length(string.max_length));
    let pattern = match &string.pattern {
        Some(Pattern { of_spec, translated }) => quote!(Some((#of_spec, #translated))),
        None => quote!(None),
    };
    let deprecated = deprecated(ty.deprecated);
    // What is secret is not shown.
    let (debug, secret) = match string.secret {
        true => (None, Some(quote!(secret))),
        false => (Some(quote!(Debug,)), None),
    };
    vec![
        parse_quote! {
            #text
            #[derive(Clone, #debug Eq, Hash, Ord, PartialEq, PartialOrd)]
            #schema
            #deprecated
            pub struct #name(String);
        },
        parse_quote! {
            crate::runtime::constrained!(#secret #name (#least, #most, #pattern));
        },
    ]
}
