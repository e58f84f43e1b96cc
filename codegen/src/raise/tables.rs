//! The tables of an interface: its operations and its security schemes, as constants.

use quote::quote;
use syn::{Item, parse_quote};

use super::{doc, ident};
use crate::{
    model::{Operation, Plan},
    names::const_name,
};

pub(super) fn items(plan: &Plan) -> Vec<Item> {
    let schemes = plan.schemes.iter().map(|scheme| {
        let (name, header) = (&scheme.name, &scheme.header);
        let constant = ident(&const_name(name));
        let word = match &scheme.word {
            Some(word) => quote!(Some(#word)),
            None => quote!(None),
        };
        let text = doc(&format!("`{name}`: {}", scheme.description));
        quote! { #text pub const #constant: SecurityScheme = SecurityScheme { name: #name, header: #header, word: #word }; }
    });
    let operations = plan.operations.iter().map(operation);
    let properties = &plan.properties;
    let names = plan.operations.iter().map(|operation| ident(&const_name(&operation.id)));
    vec![
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
                const PROPERTIES: &[&str] = &[#(#properties),*];
                #(#operations)*
            }
        },
        parse_quote! {
            /// Every operation of the spec, in its order.
            pub const OPERATIONS: &[crate::runtime::Operation] = &[#(operation::#names),*];
        },
    ]
}

fn operation(operation: &Operation) -> proc_macro2::TokenStream {
    let constant = ident(&const_name(&operation.id));
    let Operation { id, method, path, idempotent, .. } = operation;
    let security = match &operation.scheme {
        Some(scheme) => {
            let scheme = ident(&const_name(scheme));
            quote!(Some(&security::#scheme))
        }
        None => quote!(None),
    };
    let (uploads, downloads) = (operation.uploads(), operation.downloads());
    let text = doc(&format!("`{method} {path}`: {}.", operation.summary.trim_end_matches('.')));
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
            properties: PROPERTIES,
        };
    }
}
