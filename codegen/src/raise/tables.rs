//! The tables of an interface: its operations and its security schemes, as constants.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Item, parse_quote};

use super::{
    docs::{doc, of_spec, sentence},
    tokens::ident,
};
use crate::{
    interface::{Interface, Operation, Scheme},
    names::const_name,
};

pub(super) fn items(interface: &Interface) -> Vec<Item> {
    let schemes = interface.schemes.iter().map(scheme);
    let operations = interface.operations.iter().map(operation);
    let properties = &interface.properties;
    let names = interface.operations.iter().map(|operation| ident(&operation.constant));
    let mut items: Vec<Item> = vec![
        parse_quote! {
            /// The security schemes of the spec.
            pub mod security {
                use crate::runtime::SecurityScheme;
                #(#schemes)*
            }
        },
        parse_quote! {
            /// The operations of the spec, each by its name.
            pub mod operation {
                use super::security;
                use crate::runtime::Operation;
                #(#operations)*
            }
        },
        parse_quote! {
            /// Every operation of the spec, in its order.
            pub const OPERATIONS: &[crate::runtime::Operation] = &[#(operation::#names),*];
        },
    ];
    // They have all properties, so that there is one list of them.
    if !interface.operations.is_empty() {
        items.push(parse_quote! { const PROPERTIES: &[&str] = &[#(#properties),*]; });
    }
    items
}

fn scheme(scheme: &Scheme) -> TokenStream {
    let Scheme { name, header, word, description } = scheme;
    let constant = ident(&const_name(name));
    let word = match word {
        Some(word) => quote!(Some(#word)),
        None => quote!(None),
    };
    let text = doc(&format!("`{name}`: {}", of_spec(description)));
    quote! { #text pub const #constant: SecurityScheme = SecurityScheme { name: #name, header: #header, word: #word }; }
}

fn operation(operation: &Operation) -> TokenStream {
    let Operation { name, method, path, idempotent, .. } = operation;
    let (constant, id) = (ident(&operation.constant), &name.wire);
    let security = match &operation.scheme {
        Some(scheme) => {
            let scheme = ident(&const_name(scheme));
            quote!(Some(&security::#scheme))
        }
        None => quote!(None),
    };
    let (uploads, downloads) = (operation.uploads(), operation.downloads());
    let text = doc(&format!("`{method} {path}`: {}", sentence(&operation.summary)));
    quote! {
        #text
        pub const #constant: Operation = Operation {
            id: #id,
            method: #method,
            path: #path,
            security: #security,
            idempotent: #idempotent,
            uploads: #uploads,
            downloads: #downloads,
            properties: super::PROPERTIES,
        };
    }
}
