//! The builders of the types that are sent.

use std::collections::BTreeMap;

use quote::quote;
use syn::{Item, parse_quote};

use super::{
    docs::{doc, of_setter},
    output::of_option,
    tokens::{deprecated, ident},
    validation,
};
use crate::{
    interface::{Field, Interface, Record, Type},
    names::setter_name,
};

/// `CallDtoBuilder`.
pub(super) fn builder_name(ty: &str) -> proc_macro2::Ident {
    ident(&format!("{ty}Builder"))
}

/// `X::builder()`.
pub(super) fn of(ty: &Type) -> Item {
    let (name, builder) = (ident(&ty.name.rust), builder_name(&ty.name.rust));
    parse_quote! {
        impl #name {
            /// A builder, which knows what is required.
            #[must_use]
            pub fn builder() -> builder::#builder {
                Default::default()
            }
        }
    }
}

pub(super) fn builder(
    interface: &Interface,
    ty: &Type,
    record: &Record,
    types: &BTreeMap<String, syn::Type>,
) -> Vec<Item> {
    let (name, builder, wire) = (ident(&ty.name.rust), builder_name(&ty.name.rust), &ty.name.wire);
    let text = doc(&format!("Builds a [`{0}`].", ty.name.rust));
    let fields: Vec<_> = record.fields.iter().map(|field| ident(&field.name.rust)).collect();
    // What is given, without the `Option` of what may be missing.
    let given: Vec<_> = record
        .fields
        .iter()
        .map(|field| {
            let of = &types[&field.name.rust];
            of_option(of).unwrap_or_else(|| of.clone())
        })
        .collect();
    let setters = record.fields.iter().zip(&given).map(|(field, of)| setter(field, of));
    let values = record.fields.iter().map(|field| {
        let (name, wire) = (ident(&field.name.rust), &field.name.wire);
        let take = match (of_option(&types[&field.name.rust]).is_some(), field.required) {
            (true, _) => quote!(optional),
            (false, false) => quote!(or_default),
            (false, true) => quote!(required),
        };
        quote!(#name: self.#name.#take(#wire).map_err(invalid)?)
    });
    let built = match validation::is_validated(interface, ty) {
        true => quote! {
            let built = #name { #(#values,)* };
            runtime::Validate::validate(&built).map_err(|reason| invalid(reason.to_owned()))?;
            Ok(built)
        },
        false => quote!(Ok(#name { #(#values,)* })),
    };
    vec![
        parse_quote! {
            #text
            #[derive(Clone, Debug, Default)]
            pub struct #builder {
                #(#fields: Given<#given>,)*
            }
        },
        parse_quote! {
            impl #builder {
                #(#setters)*
                /// The finished value.
                ///
                /// # Errors
                /// When a required property was not given, or a value violates a constraint.
                pub fn build(self) -> Result<#name, BuildError> {
                    let invalid = |reason| BuildError::new(#wire, reason);
                    #built
                }
            }
        },
        parse_quote! {
            impl TryFrom<#builder> for #name {
                type Error = BuildError;
                fn try_from(builder: #builder) -> Result<Self, BuildError> {
                    builder.build()
                }
            }
        },
    ]
}

fn setter(field: &Field, of: &syn::Type) -> proc_macro2::TokenStream {
    let name = ident(&field.name.rust);
    let setter = ident(setter_name(&field.name.rust));
    let text = doc(&of_setter(field));
    let deprecated = deprecated(field.deprecated);
    match field.required && !field.nullable {
        true => quote! {
            #text
            #deprecated
            #[must_use]
            pub fn #setter(mut self, value: impl TryInto<#of, Error: Display>) -> Self {
                self.#name = Given::of(value);
                self
            }
        },
        false => quote! {
            #text
            #deprecated
            #[must_use]
            pub fn #setter<Form>(mut self, value: impl Optional<#of, Form>) -> Self {
                self.#name = Given::if_any(value);
                self
            }
        },
    }
}

/// A builder of one of the records converts into the choice.
pub(super) fn into_choice(choice: &Type, record: &str) -> Item {
    let (choice, builder) = (ident(&choice.name.rust), builder_name(record));
    parse_quote! {
        impl TryFrom<#builder> for #choice {
            type Error = BuildError;
            fn try_from(builder: #builder) -> Result<Self, BuildError> {
                builder.build().map(Into::into)
            }
        }
    }
}
