//! The module `error`: for each operation an enum of its documented failures, one variant a status, and for each status
//! with documented codes an open enum of these.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Item, parse_quote};

use super::{doc, ident, messages};
use crate::{
    Error,
    model::{Envelope, Failure, FailureBody, FailureWhen, Operation, Plan},
    names::{const_name, status_name, type_name, value_name, words},
};

/// `GetCallError`.
pub(super) fn enum_name(operation: &Operation) -> String {
    format!("{}Error", type_name(&operation.id))
}

fn code_enum_name(operation: &Operation, failure: &Failure) -> String {
    format!("{}{}Code", type_name(&operation.id), status_name(failure.status))
}

pub(super) fn module(plan: &Plan) -> Result<Item, Error> {
    let mut items: Vec<Item> = vec![
        parse_quote! { use super::{operation, types}; },
        parse_quote! { use crate::runtime::{ErrorCode, Failure, Operation}; },
    ];
    for operation in &plan.operations {
        items.append(&mut failure_enum(operation));
        for failure in &operation.failures {
            if let Some(body) = &failure.body
                && !body.codes.is_empty()
            {
                if body.code_field.is_none() {
                    let reason = format!("{} has codes, and no property is marked x-error-code", failure.status);
                    return Err(Error::internal(&operation.title(), &reason));
                }
                items.append(&mut code_enum(operation, failure, body));
            }
        }
    }
    Ok(parse_quote! {
        /// The documented failures: one enum an operation, one variant a status.
        pub mod error {
            #(#items)*
        }
    })
}

fn failure_enum(operation: &Operation) -> Vec<Item> {
    let name = ident(&enum_name(operation));
    let method = value_name(&operation.id);
    let enum_doc = doc(&format!("Documented failures of [`{method}`](super::Client::{method})."));
    let constant = ident(&const_name(&operation.id));
    let variants = operation.failures.iter().map(|failure| {
        let text = doc(&format!("{}: {}", failure.status, failure.description));
        let variant = ident(&status_name(failure.status));
        let contents = match &failure.body {
            None => quote!(),
            Some(body) if body.codes.is_empty() => {
                let ty = body_type(body);
                quote!((#ty))
            }
            Some(body) => {
                let (ty, code) = (body_type(body), ident(&code_enum_name(operation, failure)));
                let code = if body.optional { quote!(Option<#code>) } else { quote!(#code) };
                quote! {
                    {
                        /// The error code, typed.
                        code: #code,
                        /// The body.
                        body: #ty,
                    }
                }
            }
        };
        quote!(#text #variant #contents)
    });
    let refusal = operation.refusal.iter().map(|body| {
        let body = ident(&body.type_name);
        quote! {
            /// A failure that the body tells, under a success status or one that isn't documented.
            Refused(types::#body)
        }
    });
    let variants = variants.chain(refusal);
    let statuses = operation.failures.iter().map(|failure| {
        let (variant, status) = (ident(&status_name(failure.status)), failure.status);
        quote!(Self::#variant { .. } => Some(#status))
    });
    let any_status = operation.refusal.iter().map(|_| quote!(Self::Refused(_) => None));
    let statuses = statuses.chain(any_status);
    let message = messages::function(operation);
    let refusal_code = operation.refusal.as_ref().and_then(|body| body.code_field.as_deref()).map(|field| {
        let field = ident(field);
        quote!(Self::Refused(body) => Some(ErrorCode { number: i64::from(body.#field), name: None }))
    });
    let codes: Vec<TokenStream> = operation.failures.iter().filter_map(code_arm).chain(refusal_code).collect();
    let all = operation.failures.len() + usize::from(operation.refusal.is_some());
    let wildcard = (codes.is_empty() || codes.len() < all).then(|| quote!(_ => None,));
    vec![
        parse_quote! {
            #enum_doc
            #[derive(Clone, Debug, PartialEq)]
            #[non_exhaustive]
            pub enum #name {
                #(#variants,)*
            }
        },
        parse_quote! {
            impl Failure for #name {
                const OPERATION: &'static Operation = &operation::#constant;

                fn status(&self) -> Option<u16> {
                    match *self {
                        #(#statuses,)*
                    }
                }

                fn code(&self) -> Option<ErrorCode> {
                    match self {
                        #(#codes,)*
                        #wildcard
                    }
                }

                #message
            }
        },
    ]
}

/// How `Failure::code` reads the code of a failure: `None` when its body has none.
fn code_arm(failure: &Failure) -> Option<TokenStream> {
    let body = failure.body.as_ref()?;
    let variant = ident(&status_name(failure.status));
    Some(match (body.codes.is_empty(), body.optional) {
        (false, false) => {
            quote!(Self::#variant { code, .. } => Some(ErrorCode { number: code.number(), name: code.meaning() }))
        }
        (false, true) => {
            quote!(Self::#variant { code, .. } => code.map(|code| ErrorCode { number: code.number(), name: code.meaning() }))
        }
        (true, optional) => {
            let field = ident(body.code_field.as_ref()?);
            if optional {
                quote!(Self::#variant(body) => body.as_ref().map(|body| ErrorCode { number: i64::from(body.#field), name: None }))
            } else {
                quote!(Self::#variant(body) => Some(ErrorCode { number: i64::from(body.#field), name: None }))
            }
        }
    })
}

fn body_type(body: &FailureBody) -> TokenStream {
    let name = ident(&body.type_name);
    if body.optional { quote!(Option<types::#name>) } else { quote!(types::#name) }
}

fn code_enum(operation: &Operation, failure: &Failure, body: &FailureBody) -> Vec<Item> {
    let name = ident(&code_enum_name(operation, failure));
    let method = value_name(&operation.id);
    let text =
        doc(&format!("Error codes that come with a {} of [`{method}`](super::Client::{method}).", failure.status));
    let variants: Vec<_> = body.codes.iter().map(|(_, name)| ident(&type_name(name))).collect();
    let numbers: Vec<_> = body.codes.iter().map(|(number, _)| proc_macro2::Literal::i64_unsuffixed(*number)).collect();
    let meanings: Vec<_> = body.codes.iter().map(|(_, name)| words(name)).collect();
    let docs = body.codes.iter().map(|(number, name)| doc(&format!("{number}: {}.", words(name))));
    vec![
        parse_quote! {
            #text
            #[derive(Clone, Copy, Debug)]
            #[non_exhaustive]
            pub enum #name {
                #(#docs #variants,)*
                /// A code that the document doesn't list.
                Unknown(i64),
            }
        },
        parse_quote! {
            crate::runtime::open_code!(#name { #(#variants = #numbers #meanings,)* });
        },
    ]
}

/// The arm for every status that isn't documented.
pub(super) fn any_other_status(operation: &Operation) -> TokenStream {
    if !operation.refusal_under_any_status {
        return quote!(Err(answer.unexpected()));
    }
    let (name, envelope) = (ident(&enum_name(operation)), envelope(&operation.success.envelope));
    quote!(Err(answer.refusal(#envelope, error::#name::Refused)))
}

/// The body under a success status, which may be a failure.
pub(super) fn enveloped(operation: &Operation) -> TokenStream {
    let (name, envelope) = (ident(&enum_name(operation)), envelope(&operation.success.envelope));
    let refused = match operation.refusal {
        Some(_) => quote!(error::#name::Refused),
        None => quote!(|never| match never {}),
    };
    quote!(answer.enveloped(#envelope, #refused))
}

/// A download under a success status, in place of which a failure may come.
pub(super) fn stream_enveloped(operation: &Operation) -> TokenStream {
    let (name, envelope) = (ident(&enum_name(operation)), envelope(&operation.success.envelope));
    quote!(answer.stream_enveloped(#envelope, error::#name::Refused))
}

fn envelope(envelope: &Envelope) -> TokenStream {
    let failure = match &envelope.failure {
        None => quote!(None),
        Some(FailureWhen::Present { property, or_false }) => {
            let or_false = match or_false {
                Some(other) => quote!(Some(#other)),
                None => quote!(None),
            };
            quote!(Some(runtime::FailureWhen::Present { property: #property, or_false: #or_false }))
        }
        Some(FailureWhen::NotOneOf(property, values)) => {
            let values = values.iter().map(|value| proc_macro2::Literal::i64_unsuffixed(*value));
            quote!(Some(runtime::FailureWhen::NotOneOf(#property, &[#(#values),*])))
        }
    };
    let data = match &envelope.data {
        None => quote!(None),
        Some(property) => quote!(Some(#property)),
    };
    quote!(&runtime::Envelope { failure: #failure, data: #data })
}

/// The arm of the match over statuses that makes the failure.
pub(super) fn arm(operation: &Operation, failure: &Failure) -> TokenStream {
    let (name, variant) = (ident(&enum_name(operation)), ident(&status_name(failure.status)));
    let status = failure.status;
    let variant = quote!(error::#name::#variant);
    let Some(body) = &failure.body else {
        return quote!(#status => Err(answer.failure(#variant)));
    };
    let ty = body_type(body);
    let read = if body.optional { quote!(failure_of_any) } else { quote!(failure_of) };
    match (&body.code_field, body.codes.is_empty(), body.optional) {
        (Some(field), false, optional) => {
            let field = ident(field);
            let code = if optional {
                quote!(body.as_ref().map(|body| i64::from(body.#field).into()))
            } else {
                quote!(i64::from(body.#field).into())
            };
            quote!(#status => Err(answer.#read(|body: #ty| #variant { code: #code, body })))
        }
        _ => quote!(#status => Err(answer.#read(#variant))),
    }
}
